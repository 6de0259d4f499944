"""A host beside a port in running text: a strict literal or a name, and no other spelling."""

from __future__ import annotations

from checks.address import host as hosts
from checks.address import ipv6
from checks.address.scripts import has_letter
from checks.text import authority

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.address.host import Host


def literal_or_name(text: str) -> Host | None:
    """Return a strict literal or a name; None for a lenient spelling of an address."""
    if ":" in text and text[:1] != "[" and ipv6.parse(text.partition("%")[0]) is None:
        text, _, _ = authority.split(text)
    host = hosts.read(text)
    if host.version and host.readings.strict is None:
        return None
    return host


def is_host_before_port(name: str, *, quoted: bool) -> bool:
    """Say whether a name is a host: in "localhost port 80" it is, in "the server port 80" not.

    Arguments:
        name: what is before the word "port".
        quoted: whether it is in quotes or brackets.
    """
    if name.lower() == "local":  # "Local port 80" is this side's
        return False
    known = hosts.name_of(name)
    return (
        quoted
        or (known is not None and known.kind not in ("single-label", "domain"))
        or ("." in name.rstrip(".") and has_letter(name))
    )


_OWN_NAMES = ("localhost", "host-alias", "carries-address")


def is_own_name(host: Host) -> bool:
    """Say whether a name means this machine, its host, or an address that it is made of."""
    known = hosts.name_of(host.text) if host.kind == hosts.NAME else None
    return known is not None and known.kind in _OWN_NAMES
