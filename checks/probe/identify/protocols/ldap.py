"""LDAP: asked for the root DSE, by which a directory describes itself."""

from __future__ import annotations

from checks.probe.identify import der
from checks.probe.identify.ask import WAIT, Ask
from checks.probe.identify.found import Found, came, details, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.probe.identify.ask import Conversation

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


def converse(_: str) -> Conversation:
    """LDAP: a base search of the root DSE, without a bind (RFC 4512 §5.1, RFC 4511 §4.2).

    The root DSE is there for clients to learn what the server can do; a client
    that sends no bind is anonymous.
    """
    reply = yield Ask(_search(), _search_is_done, WAIT, 3072)
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
