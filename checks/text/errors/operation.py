"""Which operation failed: ``connect``, ``bind``, ``resolve`` ...

One error means different things under different operations: EADDRNOTAVAIL of a
bind is an address that this machine does not have, of a connect most often a
local port that could not be had. The operation is read from the words nearest
to the error (``connect ECONNREFUSED``, ``bind: address already in use``, ``read:
connection reset``), else from ``syscall: '...'`` and the frames of a stack that
follow, else the error itself tells (:attr:`.table.ErrorRow.operations`).

``listen`` and the error of an address is ``bind``: Node.js says ``listen`` for
both calls (libuv keeps the error of bind(2) until listen(2)), and Go names the
function, ``listen tcp``, before the call.
"""

from __future__ import annotations

from checks.model.patterns import lazy
from checks.text.errors.folded import fold
from checks.text.errors.index import BY_NAME

_WORDS = lazy(
    r"(?a)\b(?:(?P<resolve>getaddrinfo|gethostbyname|lookup|resolv(?:e|ing)|name resolution)"
    r"|(?P<listen>listen(?=\())"
    r"|(?P<bind>bind(?:ing|exception)?|bound|listen(?:ing|er)?|jvm_bind|make_sock|create_server"
    r"|start_server|exposing port)"
    r"|(?P<accept>accept4?|accepting)"
    r"|(?P<send>send(?:to|msg|ing)?|writev?|writing)"
    r"|(?P<receive>recv(?:from|msg)?|readv?|read_?timeout(?:error)?|headers_timeout|reading|receiv(?:e|ing))"
    r"|(?P<tls>tls|ssl|ssl_connect|(?<!websocket )handshake|ssl_do_handshake)"
    r"|(?P<socket>socket\(\)|socket(?=:)|create \w{1,8} socket|creating (?:a )?socket)"
    r"|(?P<connect>connect(?:ex|x|_ex|ing|overcdp|exception|timeout(?:error|exception)?)?"
    r"|dial(?:ing)?|connection to))\b"
)
"""Words of an operation. Of several the one nearest to the error counts."""

_LOOKUP = lazy(r"(?a)\blookup \S{1,255} on ")
"""Go asks a name server; what follows is that question's connection."""

_SYSCALL = lazy(
    r"(?a)\bsyscall['\"]?\s?[:=]\s?['\"]?(?P<call>[a-z0-9_]{3,16})"
    r"|\bat [\w.$/]{1,120}\.(?P<frame>(?:socket)?(?:bind|listen|connect|accept)0?)\("
    r"|\b[a-z_]\w{0,30}\.(?P<method>bind|listen|connect|accept)\("
)
"""Node.js' name of the call, the method of Java's that made it, and a line of the program."""

_CALLS = {
    "getaddrinfo": "resolve",
    "listen": "bind",
    "read": "receive",
    "recv": "receive",
    "write": "send",
}
_BEFORE, _AFTER, _FOLLOWING, _LONG_BEFORE = 100, 40, 400, 300


def operation_of(text: str, name: str, span: tuple[int, int]) -> str | None:
    """Return the operation that failed, or None where neither text nor error tells.

    Arguments:
        text: as it was pasted.
        name: of the error.
        span: of the error in the text.
    """
    operations = BY_NAME[name].operations
    if len(operations) < 2:
        return operations[0] if operations else None
    first, last = span
    start = max(text.rfind("\n", 0, first) + 1, first - _BEFORE)
    line_end = text.find("\n", last)
    end = min(line_end if line_end >= 0 else len(text), last + _AFTER)
    low = fold(text[start : max(end, last)])
    told = None
    if "resolve" in operations and _LOOKUP.search(low[: first - start]):
        told = "resolve"
    told = told or _nearest(low, (first - start, last - start), operations)
    told = told or _of_call(fold(text[last : last + _FOLLOWING]), operations) or operations[0]
    if told is None:  # the error alone does not tell: what the message began with may
        low = fold(text[max(0, first - _LONG_BEFORE) : first])
        told = _nearest(low, (len(low), len(low)), operations)
    return told


def _nearest(low: str, span: tuple[int, int], operations: tuple[str | None, ...]) -> str | None:
    """The operation whose word is nearest to the error, before rather than behind it."""
    first, last = span
    found: list[tuple[int, str]] = []
    for match in _WORDS.finditer(low):
        operation = _allowed(match.lastgroup or "", operations)
        if operation:
            behind = match.start() - last
            distance = 2 * behind + 1 if behind > 0 else 2 * max(0, first - match.end())
            found.append((distance, operation))
    return min(found, key=lambda one: one[0])[1] if found else None


def _of_call(low: str, operations: tuple[str | None, ...]) -> str | None:
    """The operation of a system call that the lines behind the error name."""
    match = _SYSCALL.search(low)
    if not match:
        return None
    name = match["call"] or match["frame"] or match["method"]
    call = name.removeprefix("socket").rstrip("0")
    return _allowed(_CALLS.get(call, call), operations)


def _allowed(operation: str, operations: tuple[str | None, ...]) -> str | None:
    """The operation where the error can come from it; ``bind`` for a listen that cannot."""
    if operation == "listen" and operation not in operations:
        operation = "bind"
    return operation if operation in operations else None
