"""Two URLs side by side: the same host, the same origin, the same site, and for whom not.

A browser compares hosts after parsing, so ``0x7f.1`` and ``127.0.0.1`` are one host, while
``localhost`` and ``127.0.0.1`` are two, though both lead to this machine. What a server
keeps by host (cookies) and what by origin (storage, CORS) follows from that.

Sources: WHATWG HTML, "Origin" and "Sites"; WHATWG URL, "host equality"; RFC 6265 §8.5, by
which cookies are not isolated by port.
"""

from __future__ import annotations

from checks.model.records import NamedTuple
from checks.text.coloured import bare

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.text import Classification
    from checks.text.endpoint import Endpoint

_BETWEEN = frozenset(("", "and", "vs", "vs.", "versus", "or", ",", "|", "=", "==", "!=", "<>"))
"""What people write between two things that they compare, in lower case."""


class Comparison(NamedTuple):
    """What two endpoints have in common.

    Arguments:
        host: whether a browser holds their hosts to be the same.
        port: whether their ports are the same.
        origin: whether scheme, host and port are the same; None where a scheme is missing.
        site: whether scheme and registrable domain are the same; None where the list of
            public suffixes would have to decide, or a scheme is missing.
        machine: whether both mean this machine, by loopback addresses or names of it.
        follows: what follows for a web page, as codes, in the order of importance.
    """

    host: bool
    port: bool
    origin: bool | None
    site: bool | None
    machine: bool
    follows: tuple[str, ...]


MEANING = {
    "one-machine": "Both mean this machine, but a browser compares names, not addresses.",
    "needs-cors": ("A page of one needs CORS to read the other, and their storage is separate."),
    "shared-cookies": "They share cookies: cookies belong to a host, not to a port.",
    "separate-cookies": ("They do not share cookies, unless a Domain attribute of both allows it."),
    "same-site": "They are the same site, so SameSite cookies are sent between them.",
    "other-site": "They are different sites: SameSite=Lax and Strict cookies are not sent.",
}
"""What follows from a comparison: its code, and the sentence for a person."""


def pair(classification: Classification) -> tuple[Endpoint, Endpoint] | None:
    """Return the two endpoints that a text asks to compare; None where it does not.

    Arguments:
        classification: of a text that is two endpoints and no more than a word between them.
    """
    if classification.kind != "text" or len(classification.endpoints) != 2:
        return None
    left, right = classification.endpoints
    text = classification.input
    if left.host is None or right.host is None or left.span == right.span:
        return None  # of one word there is nothing to compare
    before, between, after = (
        bare(text[: left.span[0]]),
        bare(text[left.span[1] : right.span[0]]),
        bare(text[right.span[1] :]),
    )
    alone = not before.strip(" \t\r\n\"'") and not after.strip(" \t\r\n\"'.?")
    return (left, right) if alone and between.strip(" \t\r\n\"'").lower() in _BETWEEN else None


def compare(left: Endpoint, right: Endpoint) -> Comparison:
    """Compare two endpoints as a browser would.

    Arguments:
        left, right: each with a host.
    """
    hosts = _host(left), _host(right)
    same_host = hosts[0] == hosts[1] and hosts[0] is not None
    ports = _number(left), _number(right)
    schemes = left.scheme, right.scheme
    machine = all(one.host is not None and one.host.loopback for one in (left, right))
    origin = site = None
    if None not in schemes:
        origin = same_host and ports[0] == ports[1] and schemes[0] == schemes[1]
        site = _same_site(left, right, same_host=same_host)
    follows = tuple(_follows(same_host, origin, site, machine=machine))
    return Comparison(same_host, ports[0] == ports[1], origin, site, machine, follows)


def _follows(host: bool, origin: bool | None, site: bool | None, *, machine: bool) -> Iterator[str]:
    """The codes, in the order in which they are told."""
    if machine and not host:
        yield "one-machine"
    if origin is False:
        yield "needs-cors"
    if host:
        yield "shared-cookies"
    elif origin is not None:
        yield "separate-cookies"
    if site is not None:
        yield "same-site" if site else "other-site"


def to_dict(classification: Classification) -> dict[str, object] | None:
    """Return the comparison that a text asks for, as JSON has it; None where it asks for none."""
    two = pair(classification)
    return {**compare(*two)._asdict(), "follows": list(compare(*two).follows)} if two else None


def _same_site(left: Endpoint, right: Endpoint, *, same_host: bool) -> bool | None:
    """Hosts that are addresses, or single labels, have no registrable domain above them."""
    if left.scheme != right.scheme:
        return False
    if same_host:
        return True
    hosts = [one.host for one in (left, right) if one.host is not None]
    if any(host.version or _labels(host.text) < 2 or host.loopback for host in hosts):
        return False
    return None


def _labels(name: str) -> int:
    return len(name.rstrip(".").split("."))


def _host(endpoint: Endpoint) -> str | None:
    """The host as a browser's URL parser gives it; None where it takes it for none."""
    host = endpoint.host
    if host is None:
        return None
    if host.version == 6:
        return f"[{host.address}]"
    return host.readings.url


def _number(endpoint: Endpoint) -> int | None:
    return endpoint.port.number if endpoint.port else None


def sentences(left: Endpoint, right: Endpoint) -> tuple[str, ...]:
    """Return what a comparison means, the answer first; each at most 25 words.

    Arguments:
        left, right: each with a host.
    """
    found = compare(left, right)
    return (_answer(left, right, found), *(MEANING[code] for code in found.follows))


def _answer(left: Endpoint, right: Endpoint, found: Comparison) -> str:
    named = f"{_named(left)} and {_named(right)}"
    if found.origin:
        return f"{named} are the same origin."
    if found.origin is None:
        how = "the same host" if found.host else "different hosts"
        ports = "the same port" if found.port else "different ports"
        return f"{named} have {how} and {ports}."
    parts = [
        word
        for word, same in (
            ("scheme", left.scheme == right.scheme), ("host", found.host), ("port", found.port),
        )
        if not same
    ]  # fmt: skip
    return f"{named} are different origins: the {_joined(parts)} differ{'s' * (len(parts) == 1)}."


def _named(endpoint: Endpoint) -> str:
    return bare(endpoint.text).rstrip("/")[:80]


def _joined(parts: list[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
