"""LDAP and DNS: directories that answer a question about themselves."""

from __future__ import annotations

from checks.probe.identify import der
from checks.probe.identify.conn import Ask
from checks.probe.identify.found import Found, came, details, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from checks.probe.identify.conn import Conversation

_WAIT = 0.5
_SEARCH_REQUEST = 0x63
_SEARCH_ENTRY = 0x64
_SEARCH_DONE = 0x65
_EXTENDED = 0x78
_PRESENT = 0x87
_INAPPROPRIATE_AUTHENTICATION = (8, 48, 50)
"""strongerAuthRequired, inappropriateAuthentication, insufficientAccessRights (RFC 4511 §4.1.9)."""

_WANTED = (b"objectClass", b"vendorName", b"vendorVersion", b"namingContexts")


def _search() -> bytes:
    """A base search of the root DSE, 4 attributes, at most 1 entry, 1 second."""
    attributes = b"".join(der.encode(der.OCTET_STRING, name) for name in _WANTED)
    body = (
        der.encode(der.OCTET_STRING, b"")
        + der.encode(der.ENUMERATED, b"\0")
        + der.encode(der.ENUMERATED, b"\0")
        + der.encode(der.INTEGER, b"\1")
        + der.encode(der.INTEGER, b"\1")
        + der.encode(der.BOOLEAN, b"\0")
        + der.encode(_PRESENT, b"objectClass")
        + der.encode(der.SEQUENCE, attributes)
    )
    message = der.encode(der.INTEGER, b"\1") + der.encode(_SEARCH_REQUEST, body)
    return der.encode(der.SEQUENCE, message)


def converse_ldap(_: str) -> Conversation:
    """LDAP: a base search of the root DSE, without a bind (RFC 4512 §5.1, RFC 4511 §4.2).

    The root DSE is there for clients to learn what the server can do; a client
    that sends no bind is anonymous.
    """
    reply = yield Ask(_search(), _search_is_done, _WAIT, 3072)
    evidence: tuple[str, ...] = (came("an LDAP search of the root DSE", reply),)
    operations = _operations(reply.data)
    if not operations:
        return Found(None, evidence=evidence)
    entry: dict[str, str] = {}
    for operation in operations:
        if operation.tag == _SEARCH_ENTRY:
            entry = _attributes(operation.content)
    product = entry.get("vendorName")
    if "OpenLDAProotDSE" in entry.get("objectClass", ""):
        product = "OpenLDAP"
    return Found(
        "ldap",
        product,
        entry.get("vendorVersion"),
        details(naming_contexts=entry.get("namingContexts")),
        authentication="required" if _refused(operations[-1]) else None,
        evidence=evidence,
    )


def _operations(data: bytes) -> list[der.Value]:
    """The protocol operations of the LDAPMessages (RFC 4511 §4.1.1) that answer ours."""
    found = []
    for message in der.children(data):
        parts = list(der.children(message.content))
        if message.tag != der.SEQUENCE or len(parts) < 2 or parts[0].tag != der.INTEGER:
            return []
        if parts[1].tag in (_SEARCH_ENTRY, _SEARCH_DONE, _EXTENDED):
            found.append(parts[1])
    return found


def _search_is_done(data: bytes) -> bool:
    if data[:1] != b"\x30":
        return True
    return any(operation.tag != _SEARCH_ENTRY for operation in _operations(data))


def _refused(operation: der.Value) -> bool:
    code = next(der.children(operation.content), None)
    return code is not None and der.integer(code.content) in _INAPPROPRIATE_AUTHENTICATION


def _attributes(content: bytes) -> dict[str, str]:
    """A SearchResultEntry's attributes, several values joined by commas."""
    attributes = der.child(content, der.SEQUENCE)
    found = {}
    for attribute in der.children(attributes.content if attributes else b""):
        parts = list(der.children(attribute.content))
        if len(parts) >= 2:
            values = [text(value.content) for value in der.children(parts[1].content)]
            found[text(parts[0].content, 64)] = text(", ".join(values))
    return found


_IDENTIFIER = 0x6C62  # any number; the answer repeats it
_CHAOS_TXT = b"\x07version\x04bind\x00\x00\x10\x00\x03"


def _query() -> bytes:
    header = _IDENTIFIER.to_bytes(2, "big") + b"\0\0\0\1\0\0\0\0\0\0"
    message = header + _CHAOS_TXT
    return len(message).to_bytes(2, "big") + message


def converse_dns(_: str) -> Conversation:
    """DNS over TCP (RFC 7766): TXT of ``version.bind`` in class CHAOS.

    The name that BIND gave its version (RFC 4892 §1 calls it the de facto
    convention); others answer it too, or refuse. No recursion is asked for.
    """
    reply = yield Ask(_query(), _message_is_whole, _WAIT)
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


PROBES: dict[str, Callable[[str], Conversation]] = {
    "ldap": converse_ldap,
    "dns": converse_dns,
}
"""By the name of the protocol. Each takes the host that was asked for."""
