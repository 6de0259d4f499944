"""DNS over TCP: asked for the version of the server."""

from __future__ import annotations

from checks.probe.identify.ask import WAIT, Ask
from checks.probe.identify.found import Found, came, details, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.probe.identify.ask import Conversation

_IDENTIFIER = 0x6C62  # any number; the answer repeats it
_CHAOS_TXT = b"\x07version\x04bind\x00\x00\x10\x00\x03"


def _query() -> bytes:
    header = _IDENTIFIER.to_bytes(2, "big") + b"\0\0\0\1\0\0\0\0\0\0"
    message = header + _CHAOS_TXT
    return len(message).to_bytes(2, "big") + message


def converse(_: str) -> Conversation:
    """DNS over TCP (RFC 7766): TXT of ``version.bind`` in class CHAOS.

    The name that BIND gave its version (RFC 4892 §1 calls it the de facto
    convention); others answer it too, or refuse. No recursion is asked for.
    """
    reply = yield Ask(_query(), _message_is_whole, WAIT)
    said = reply.data
    evidence: tuple[str, ...] = (came("a DNS query for version.bind", reply),)
    if len(said) < 14 or said[2:4] != _IDENTIFIER.to_bytes(2, "big") or not said[4] & 0x80:
        return Found(None, evidence=evidence)
    answer = _version(said[2:])
    product, version = _server(answer)
    code = said[5] & 0x0F
    return Found(
        "dns",
        product,
        version,
        details(answer=answer, response_code=code if code and not answer else None),
        evidence=evidence,
    )


def _message_is_whole(data: bytes) -> bool:
    return len(data) >= 2 and len(data) >= 2 + int.from_bytes(data[:2], "big")


def _version(message: bytes) -> str:
    """The first TXT string of the answer section (RFC 1035 §4.1.3, §3.3.14)."""
    if int.from_bytes(message[6:8], "big") == 0:
        return ""
    at = 12
    if int.from_bytes(message[4:6], "big"):
        at = _skip_name(message, at) + 4
    at = _skip_name(message, at)
    if message[at : at + 4] != b"\x00\x10\x00\x03":
        return ""
    at += 10
    return text(message[at + 1 : at + 1 + message[at]]) if at < len(message) else ""


def _skip_name(message: bytes, at: int) -> int:
    """Where a domain name ends: at a root label, or after a pointer (RFC 1035 §4.1.4)."""
    while at < len(message):
        length = message[at]
        if length >= 0xC0:
            return at + 2
        at += 1 + length
        if not length:
            break
    return at


def _server(answer: str) -> tuple[str | None, str | None]:
    for mark, product in (("dnsmasq-", "dnsmasq"), ("unbound ", "Unbound"), ("NSD ", "NSD")):
        if answer.startswith(mark):
            return product, answer[len(mark) :]
    if answer[:2] in ("9.", "8.") and "." in answer[2:]:
        return "BIND", answer.partition("-")[0]
    return None, None
