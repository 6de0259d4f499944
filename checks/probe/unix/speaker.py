"""What speaks on a Unix socket, asked on the one connection that is open.

A port of TCP that is unknown is asked for HTTP. A socket file may be anything: an agent for
keys, a bus, a display. So a question is asked only where the file's name or the program
tells which; any other is listened to for a moment.
"""

from __future__ import annotations

from checks.model.evidence import Identity
from checks.probe.ask.connect import Opened
from checks.probe.identify import greeting, loop, plan
from checks.probe.identify.ask import Ask
from checks.probe.identify.budget import Budget
from checks.probe.identify.found import Found
from checks.probe.identify.questions import Questions
from checks.probe.identify.task import Task
from checks.rules import unix_services
from checks.rules.protocols import BY_NAME

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence

    from checks.model.evidence import Owner
    from checks.probe.identify.ask import Conversation

_BUDGET = 0.6
"""Seconds for all of it."""

_WEB = (
    "python", "node", "deno", "bun", "ruby", "puma", "unicorn", "gunicorn", "uvicorn", "hypercorn",
    "nginx", "caddy", "dockerd", "podman", "snapd", "envoy", "java", "dotnet", "php",
)  # fmt: skip
"""Programs that most often speak HTTP on a socket file, by the start of their name."""

_HOST = "localhost"


def protocol_of(path: str, owners: Sequence[Owner]) -> str | None:
    """Return the protocol to ask for; None where nothing tells.

    Arguments:
        path: of the socket.
        owners: the processes that listen.
    """
    service = unix_services.of_path(path)
    if service is not None:
        return service.protocol
    for owner in owners:
        if known := plan.by_owner(owner.name):
            return known[0]
        if owner.name in plan.GREETERS:
            return None
        if owner.name.startswith(_WEB):
            return "http"
    return None


def identify(path: str, opened: socket.socket, owners: Sequence[Owner]) -> Identity:
    """Learn what speaks on a connection that is open, and on no other.

    Arguments:
        path: of the socket.
        opened: the connection; the caller closes it.
        owners: the processes that listen.
    """
    opened.setblocking(False)
    name = protocol_of(path, owners)
    port = 80 if name == "http" else unix_services.port_of(path) or 0
    asked = Questions(_HOST, port)
    budget = Budget(_BUDGET)
    kept = Opened(opened.dup(), (path, 0), None)
    task = Task(name or plan.GREETING, _conversation(name, asked), opened=kept)
    loop.go_on(task, budget, _BUDGET)
    task.stop(None)
    return _identity(task, budget, name)


def _conversation(name: str | None, asked: Questions) -> Conversation:
    """Listen where the server speaks first or nothing tells; else ask."""
    known = BY_NAME.get(name or "")
    if name is None or known is None or known.speaks_first or known.never_asked:
        wait = plan.LONG if known is not None else plan.USUAL
        reply = yield Ask(b"", wait=wait)
        if not reply.data:
            return Found(None)
        return (yield from greeting.converse(reply, asked.port))
    return (yield from asked.conversation(name))


def _identity(task: Task, budget: Budget, name: str | None) -> Identity:
    found = task.found or Found(None)
    behaviour = "silent" if name is not None else "not-asked"
    if task.received:
        behaviour = "answered" if name else "spoke-first"
    elif task.ended:
        behaviour = task.ended
    return Identity(
        protocol=found.protocol,
        product=found.product,
        version=found.version,
        details=found.details,
        tls=found.tls,
        authentication=found.authentication,
        traits=tuple(dict.fromkeys(found.traits)),
        behaviour=behaviour,
        evidence=tuple(found.evidence),
        milliseconds=round(budget.milliseconds, 1),
        connections=1,
        bytes=budget.bytes,
    )
