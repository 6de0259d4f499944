"""PostgreSQL, Redis, memcached and MongoDB: asked what anyone may ask.

No probe logs in, and none writes. What each leaves behind on the server is
said in its docstring.
"""

from __future__ import annotations

from checks.probe.identify.conn import Ask
from checks.probe.identify.found import Found, came, details, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from checks.probe.identify.conn import Conversation

_SSL_REQUEST = bytes.fromhex("0000000804d2162f")  # length 8, code 80877103
_GSS_REQUEST = bytes.fromhex("0000000804d21630")  # length 8, code 80877104
_WAIT = 0.5


def converse_postgresql(host: str) -> Conversation:
    """PostgreSQL: SSLRequest, answered by one byte, and its neighbour GSSENCRequest.

    PostgreSQL manual, "Message Flow", SSL and GSSAPI session encryption: the
    server answers ``S`` or ``N`` (``G`` or ``N``). Neither opens a session; the
    server logs nothing. One byte alone proves little, so after ``N`` the second
    request is made, and after ``S`` the TLS handshake. The version is told only
    to those who log in.
    """
    reply = yield Ask(_SSL_REQUEST, wait=_WAIT)
    evidence: tuple[str, ...] = (came("a PostgreSQL SSLRequest", reply),)
    if reply.data[:1] == b"E" and b"FATAL" in reply.data:
        message = reply.data.partition(b"\0M")[2].partition(b"\0")[0]
        return Found("postgresql", "PostgreSQL", details=details(error=message), evidence=evidence)
    if reply.data == b"S":
        found = yield from _secured(host)
        if found is None or found.tls is None:
            return Found(None, evidence=evidence)
        return Found(
            "postgresql", "PostgreSQL", tls=found.tls, evidence=(*evidence, *found.evidence)
        )
    if reply.data != b"N" or reply.over:
        return Found(None, evidence=evidence)
    second = yield Ask(_GSS_REQUEST, wait=_WAIT)
    evidence = (*evidence, came("a PostgreSQL GSSENCRequest", second))
    if second.data not in (b"N", b"G"):
        return Found(None, evidence=evidence)
    return Found(
        "postgresql", "PostgreSQL", details=details(encryption="not offered"), evidence=evidence
    )


def _secured(host: str) -> Conversation:
    from checks.probe.identify import tls  # noqa: PLC0415 - only where the server offers it

    return (yield from tls.converse(tls.Session(host, ()), None))


def converse_redis(_: str) -> Conversation:
    """Redis and its kin: PING, and INFO server where no password is asked for.

    RESP (redis.io, "Redis serialization protocol"): ``+PONG``, or ``-NOAUTH``,
    or ``-DENIED`` from protected mode. Both commands only read.
    """
    reply = yield Ask(b"*1\r\n$4\r\nPING\r\n", lambda data: b"\r\n" in data, _WAIT)
    said = reply.data
    evidence: tuple[str, ...] = (came("PING", reply),)
    if said.startswith((b"-NOAUTH", b"-DENIED", b"-NOPERM", b"-WRONGPASS")):
        return Found("redis", "Redis", authentication="required", evidence=evidence)
    if said.startswith((b"-LOADING", b"-MASTERDOWN", b"-BUSY", b"-MISCONF")):
        return Found("redis", "Redis", details=details(state=said[1:]), evidence=evidence)
    if not said.startswith(b"+PONG"):
        return Found(None, evidence=evidence)
    info = yield Ask(b"*2\r\n$4\r\nINFO\r\n$6\r\nserver\r\n", _bulk, _WAIT, 3072)
    evidence = (*evidence, came("INFO server", info))
    fields = _info(info.data)
    product, version = _redis_name(fields)
    return Found(
        "redis",
        product,
        version,
        details(mode=fields.get("redis_mode"), system=fields.get("os")),
        authentication="none" if fields else None,
        evidence=evidence,
    )


def _redis_name(fields: dict[str, str]) -> tuple[str, str | None]:
    for name in ("valkey", "dragonfly", "keydb"):
        if f"{name}_version" in fields:
            return name.capitalize(), fields[f"{name}_version"]
    return "Redis", fields.get("redis_version")


def _bulk(data: bytes) -> bool:
    """A whole RESP bulk string, or an error line."""
    head, end, body = data.partition(b"\r\n")
    size = head[1:]
    if not end or data[:1] != b"$" or not size.isdigit() or len(size) > 6:
        return bool(end)
    return len(body) >= int(size)


def _info(data: bytes) -> dict[str, str]:
    """The ``name:value`` lines of an INFO answer."""
    if data[:1] != b"$":
        return {}
    lines = (entry.partition(b":") for entry in data.split(b"\n") if b":" in entry)
    return {text(name, 40): text(value, 80) for name, _, value in lines}


def converse_memcached(_: str) -> Conversation:
    """memcached: ``version`` (memcached's doc/protocol.txt, "General-purpose commands")."""
    reply = yield Ask(b"version\r\n", lambda data: b"\r\n" in data, _WAIT)
    evidence: tuple[str, ...] = (came('"version"', reply),)
    if reply.data.startswith(b"VERSION "):
        return Found(
            "memcached",
            "memcached",
            text(reply.data[8:], 40),
            authentication="none",
            evidence=evidence,
        )
    if reply.data.startswith(b"CLIENT_ERROR unauthenticated"):
        return Found("memcached", "memcached", authentication="required", evidence=evidence)
    return Found(None, evidence=evidence)


_SOCKS = b"\x05\x01\x02"
"""One method, user name and password: Redis reads no line that has a NUL in it, and the method
"none" is one. So whether SOCKS asks for credentials is a question of its own."""
_SOCKS_WAIT = 0.08
_VERSION = b"\r\nversion\r\n"


def converse_text(host: str) -> Conversation:
    """SOCKS 5, Redis and memcached on one connection, for a server that ends it on HTTP.

    The SOCKS greeting (RFC 1928 §3) is no line yet to the other two. They answer the line that
    it begins with an error, and the next line, memcached's ``version``, with a version or with
    Redis' ``-ERR unknown command`` or ``-NOAUTH``; then Redis is asked as ever.
    """
    greeting = yield Ask(_SOCKS, lambda data: len(data) >= 2, _SOCKS_WAIT)
    evidence: tuple[str, ...] = (came("a SOCKS 5 greeting", greeting),)
    if greeting.over or greeting.data:
        suspects = ("socks",) if greeting.data in (b"\x05\x02", b"\x05\xff") else ()
        return Found(None, evidence=evidence, said=greeting.data, suspects=suspects)
    reply = yield Ask(_VERSION, _two_lines, _WAIT)
    evidence = (*evidence, came('"version"', reply))
    if b"VERSION " in reply.data:
        number = text(reply.data.partition(b"VERSION ")[2], 40)
        return Found("memcached", "memcached", number, authentication="none", evidence=evidence)
    if reply.data[:1] in (b"-", b"+") and not reply.over:
        found = yield from converse_redis(host)
        return found and found._replace(evidence=(*evidence, *found.evidence))
    return Found(None, evidence=evidence, said=reply.data)


def _two_lines(data: bytes) -> bool:
    return data.count(b"\r\n") >= 2


def converse_mongodb(_: str) -> Conversation:
    """MongoDB: ``hello``, ``buildInfo``, and ``listDatabases`` by name only.

    MongoDB wire protocol, OP_MSG. The first two are open to clients that have
    not logged in; the third is refused to them where access control is on
    (error 13, Unauthorized), and says so. All three only read.
    """
    from checks.probe.identify import bson  # noqa: PLC0415 - only for this protocol

    reply = yield Ask(bson.message("hello"), bson.whole, _WAIT)
    hello = bson.parse(reply.data)
    evidence: tuple[str, ...] = (came('the command "hello"', reply),)
    if "maxWireVersion" not in hello and "ok" not in hello:
        return Found(None, evidence=evidence)
    build = bson.parse((yield Ask(bson.message("buildInfo"), bson.whole, _WAIT, 3072)).data)
    listed = yield Ask(bson.message("listDatabases", nameOnly=True), bson.whole, _WAIT)
    answer = bson.parse(listed.data)
    evidence = (*evidence, came('the command "listDatabases"', listed))
    access = {1.0: "none", 0.0: "required"}.get(_number(answer.get("ok")))
    version = build.get("version")
    return Found(
        "mongodb",
        "MongoDB",
        version if isinstance(version, str) else None,
        details(wire_version=hello.get("maxWireVersion"), set=hello.get("setName")),
        authentication=access,
        evidence=evidence,
    )


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else -1.0


PROBES: dict[str, Callable[[str], Conversation]] = {
    "postgresql": converse_postgresql,
    "redis": converse_redis,
    "memcached": converse_memcached,
    "text": converse_text,
    "mongodb": converse_mongodb,
}
"""By the name of the protocol. Each takes the host that was asked for."""
