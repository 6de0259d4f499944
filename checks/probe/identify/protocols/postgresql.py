"""PostgreSQL: asked whether it offers TLS, which anyone may ask."""

from __future__ import annotations

from checks.probe.identify import protocols
from checks.probe.identify.ask import WAIT, Ask
from checks.probe.identify.found import Found, came, details

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.probe.identify.ask import Conversation

_SSL_REQUEST = bytes.fromhex("0000000804d2162f")  # length 8, code 80877103
_GSS_REQUEST = bytes.fromhex("0000000804d21630")  # length 8, code 80877104


def converse(host: str) -> Conversation:
    """PostgreSQL: SSLRequest, answered by one byte, and its neighbour GSSENCRequest.

    PostgreSQL manual, "Message Flow", SSL and GSSAPI session encryption: the
    server answers ``S`` or ``N`` (``G`` or ``N``). Neither opens a session; the
    server logs nothing. One byte alone proves little, so after ``N`` the second
    request is made, and after ``S`` the TLS handshake. The version is told only
    to those who log in.
    """
    reply = yield Ask(_SSL_REQUEST, wait=WAIT)
    evidence: tuple[str, ...] = (came("a PostgreSQL SSLRequest", reply),)
    if reply.data[:1] == b"E" and b"FATAL" in reply.data:
        message = reply.data.partition(b"\0M")[2].partition(b"\0")[0]
        return Found("postgresql", "PostgreSQL", details=details(error=message), evidence=evidence)
    if reply.data == b"S":
        found = yield from protocols.session(host).converse(None)
        if found is None or found.tls is None:
            return Found(None, evidence=evidence)
        return Found(
            "postgresql", "PostgreSQL", tls=found.tls, evidence=(*evidence, *found.evidence)
        )
    if reply.data != b"N" or reply.over:
        return Found(None, evidence=evidence)
    second = yield Ask(_GSS_REQUEST, wait=WAIT)
    evidence = (*evidence, came("a PostgreSQL GSSENCRequest", second))
    if second.data not in (b"N", b"G"):
        return Found(None, evidence=evidence)
    return Found(
        "postgresql", "PostgreSQL", details=details(encryption="not offered"), evidence=evidence
    )
