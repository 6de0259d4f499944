"""Which protocol belongs on a port, or was asked for by a URL.

Only what is beyond doubt is expected: a URL's scheme, or a port whose registered
service and whose every product in the table of uses are of one protocol. 8080
belongs to nobody; 5432 is PostgreSQL's.
"""

from __future__ import annotations

from checks.model.records import NamedTuple
from checks.rules.protocols import BY_SCHEME, PROTOCOLS, with_tls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.ports import Port
    from checks.rules.protocols import Protocol
    from checks.text.endpoint import Endpoint


class Expected(NamedTuple):
    """What a client would speak.

    Arguments:
        protocol: as in :class:`checks.model.evidence.Identity`.
        tls: True where it begins with TLS, False where it begins in plain
            text, None where both are usual.
        why: what says so, as a message has it: ``the URL says https``.
        asked: whether a person asked for it, rather than the port's custom.
    """

    protocol: str
    tls: bool | None
    why: str
    asked: bool


_OTHERWISE_REGISTERED = frozenset(("sftp",))
"""Schemes whose name in the registry is another protocol's: 115 is RFC 913's."""


def expected(endpoint: Endpoint | None) -> Expected | None:
    """What a client of the endpoint would speak; None where that is open."""
    if endpoint is None:
        return None
    if endpoint.scheme is not None:
        scheme = endpoint.scheme.lower()
        protocol = BY_SCHEME.get(scheme)
        return protocol and _of(protocol, scheme, scheme, asked=True)
    return by_port(endpoint.port) if endpoint.port is not None else None


def by_port(port: Port) -> Expected | None:
    """What belongs on a port; None where nobody, or more than one, may claim it."""
    if not port.number:
        return None
    name = next((one.name.lower() for one in port.services if "tcp" in one.transports), "")
    protocol = _registered(name) if name else _widespread(port)
    if protocol is None or any(use.name not in protocol.products for use in port.uses):
        return None
    return _of(protocol, name, f"port {port.number}", asked=False)


def _registered(name: str) -> Protocol | None:
    return BY_SCHEME.get(name) if name not in _OTHERWISE_REGISTERED else None


def _widespread(port: Port) -> Protocol | None:
    """The protocol of a port that the registry does not know, and one widespread product has."""
    found = (each for each in PROTOCOLS if port.number in each.ports)
    return next(found, None) if port.uses else None


def _of(protocol: Protocol, name: str, why: str, *, asked: bool) -> Expected:
    """Plain text or TLS as the name has it; open where both are usual under it.

    A scheme that a person wrote means plain text beside its own with an "s".
    """
    tls: bool | None = name in protocol.tls_schemes
    if not tls and protocol.tls and not (asked and with_tls(protocol, name)):
        tls = None
    return Expected(protocol.name, tls, why, asked)
