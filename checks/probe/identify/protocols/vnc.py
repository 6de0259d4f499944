"""VNC (RFB, RFC 6143): the server greets with its version, and says how to log in."""

from __future__ import annotations

from checks.probe.identify.ask import WAIT, Ask
from checks.probe.identify.found import Found, came, details, text
from checks.probe.identify.greeting import Greeting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator

    from checks.probe.identify.ask import Reply

_SECURITY = {1: "None", 2: "VNC Authentication", 16: "Tight", 18: "TLS", 19: "VeNCrypt"}
"""RFC 6143 §7.1.2 and the IANA registry of RFB security types."""


def _begins(said: bytes) -> bool:
    return said.startswith(b"RFB ")


def recognise(said: bytes, _: int) -> Found | None:
    """``RFB 003.008`` (§7.1.1)."""
    if len(said) < 12 or said[11:12] != b"\n":
        return None
    return Found("vnc", details=details(protocol_version=said[4:11]))


def _ask(greeting: Reply, _: int) -> Generator[Ask, Reply, Found]:
    """The version is answered, the security types are read (§7.1.1, §7.1.2).

    No type is chosen. Some servers count connections that do not log in, and make a host
    wait after several (TigerVNC after five): so this is on the connection that was greeted.
    """
    version = text(greeting.data[4:11])
    if greeting.over:
        return Found("vnc", details=details(protocol_version=version))
    offer = b"RFB 003.008\n" if greeting.data[4:11] >= b"003.008" else greeting.data[:12]
    reply = yield Ask(offer, _types_are_whole, WAIT)
    types = _types(reply.data, offer)
    authentication = None
    if types:
        authentication = "none" if 1 in types else "required"
    names = ", ".join(_SECURITY.get(kind, str(kind)) for kind in types)
    return Found(
        "vnc",
        details=details(protocol_version=version, security_types=names),
        authentication=authentication,
        evidence=(came("the same version", reply),),
    )


def _types_are_whole(data: bytes) -> bool:
    return bool(data) and len(data) >= 1 + data[0]


def _types(data: bytes, version: bytes) -> list[int]:
    if version < b"RFB 003.007":  # one 32-bit number, chosen by the server
        return [data[3]] if len(data) >= 4 and data[3] else []
    return list(data[1 : 1 + data[0]]) if data else []


GREETING = Greeting(_begins, recognise, ask=_ask)
