"""Redis and its kin: asked for the server's own description."""

from __future__ import annotations

from checks.probe.identify.ask import WAIT, Ask
from checks.probe.identify.found import Found, came, details, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.probe.identify.ask import Conversation


def converse(_: str) -> Conversation:
    """Redis and its kin: PING, and INFO server where no password is asked for.

    RESP (redis.io, "Redis serialization protocol"): ``+PONG``, or ``-NOAUTH``,
    or ``-DENIED`` from protected mode. Both commands only read.
    """
    reply = yield Ask(b"*1\r\n$4\r\nPING\r\n", lambda data: b"\r\n" in data, WAIT)
    said = reply.data
    evidence: tuple[str, ...] = (came("PING", reply),)
    if said.startswith((b"-NOAUTH", b"-DENIED", b"-NOPERM", b"-WRONGPASS")):
        return Found("redis", "Redis", authentication="required", evidence=evidence)
    if said.startswith((b"-LOADING", b"-MASTERDOWN", b"-BUSY", b"-MISCONF")):
        return Found("redis", "Redis", details=details(state=said[1:]), evidence=evidence)
    if not said.startswith(b"+PONG"):
        return Found(None, evidence=evidence)
    info = yield Ask(b"*2\r\n$4\r\nINFO\r\n$6\r\nserver\r\n", _bulk, WAIT, 3072)
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
