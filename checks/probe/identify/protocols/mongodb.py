"""MongoDB: asked what it is, and whether it lists its databases to anyone."""

from __future__ import annotations

from checks.probe.identify import bson
from checks.probe.identify.ask import WAIT, Ask
from checks.probe.identify.found import Found, came, details

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.probe.identify.ask import Conversation


def converse(_: str) -> Conversation:
    """MongoDB: ``hello``, ``buildInfo``, and ``listDatabases`` by name only.

    MongoDB wire protocol, OP_MSG. The first two are open to clients that have
    not logged in; the third is refused to them where access control is on
    (error 13, Unauthorized), and says so. All three only read.
    """
    reply = yield Ask(bson.message("hello"), bson.whole, WAIT)
    hello = bson.parse(reply.data)
    evidence: tuple[str, ...] = (came('the command "hello"', reply),)
    if "maxWireVersion" not in hello and "ok" not in hello:
        return Found(None, evidence=evidence)
    build = bson.parse((yield Ask(bson.message("buildInfo"), bson.whole, WAIT, 3072)).data)
    listed = yield Ask(bson.message("listDatabases", nameOnly=True), bson.whole, WAIT)
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
