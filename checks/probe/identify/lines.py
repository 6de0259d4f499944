"""SOCKS 5, Redis and memcached asked on one connection.

All three end the connection on an HTTP request, to stop a browser from writing to them. So
they are asked after one, and the connections that such a peer is asked on are few.
"""

from __future__ import annotations

from checks.probe.identify import protocols
from checks.probe.identify.ask import WAIT, Ask
from checks.probe.identify.found import Found, came, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.probe.identify.ask import Conversation

_SOCKS = b"\x05\x01\x02"
"""One method, user name and password: Redis reads no line that has a NUL in it, and the method
"none" is one. So whether SOCKS asks for credentials is a question of its own."""
_SOCKS_WAIT = 0.08
_VERSION = b"\r\nversion\r\n"


def converse(host: str) -> Conversation:
    """SOCKS 5, Redis and memcached on one connection, for a server that ends it on HTTP.

    The SOCKS greeting (RFC 1928 §3) is no line yet to the other two. They answer the line that
    it begins with an error, and the next line, memcached's ``version``, with a version or with
    Redis' ``-ERR unknown command`` or ``-NOAUTH``; then Redis is asked as ever.
    """
    greeting = yield Ask(_SOCKS, lambda data: len(data) >= 2, _SOCKS_WAIT)
    evidence: tuple[str, ...] = (came("a SOCKS 5 greeting", greeting),)
    if greeting.over or greeting.data:
        suspects = ("socks",) if greeting.data in (b"\x05\x02", b"\x05\xff") else ()
        return Found(None, evidence=evidence, suspects=suspects)
    reply = yield Ask(_VERSION, _two_lines, WAIT)
    evidence = (*evidence, came('"version"', reply))
    if b"VERSION " in reply.data:
        number = text(reply.data.partition(b"VERSION ")[2], 40)
        return Found("memcached", "memcached", number, authentication="none", evidence=evidence)
    if reply.data[:1] in (b"-", b"+") and not reply.over:
        found = yield from protocols.ask("redis", host)
        return found and found._replace(evidence=(*evidence, *found.evidence))
    return Found(None, evidence=evidence)


def _two_lines(data: bytes) -> bool:
    return data.count(b"\r\n") >= 2
