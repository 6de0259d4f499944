"""The rows of a Unix socket: what it is, its file, the connection, and who listens."""

from __future__ import annotations

from checks.findings.connection import unix
from checks.report.clean import line as clean
from checks.report.row import Row, owner_rows, owner_text
from checks.rules import unix_services
from checks.rules.spared import would_start

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.model.evidence import Probe, UnixListener, UnixSocket

_OUTCOMES = {
    "accepted": "accepted",
    "refused": "refused: no socket listens on it",
    "absent": "no such socket",
    "not-permitted": "not permitted",
    "not-a-socket": "not tried: it is not a socket",
    "too-long": "not possible: the path is too long",
    "queue-full": "not accepted: the queue is full",
    "wrong-type": "not possible: a datagram socket",
    "not-taken": "not accepted: connections wait in the queue",
    "unsupported": "not tried: this Python has no Unix sockets",
    "other-error": "failed",
}


def of_socket(path: str | None, probe: Probe | None) -> Iterator[Row]:
    """Yield what a path is and, with *probe*, what this machine witnessed of it.

    Arguments:
        path: of the socket; ``@name`` for an abstract one. None for a port: then the sockets on
            which its service listens are told.
        probe: the evidence.
    """
    if path is None:
        for number, row in enumerate(probe.unix_listeners if probe else ()):
            yield from _listener("" if number else "Unix socket", row)
        return
    yield Row("Unix socket", clean(path), unix.KIND[path.startswith("@")])
    service = unix_services.of_path(path)
    if service is not None:
        yield Row("", note=f"the name that {service.name} gives its socket")
    if probe is not None and probe.unix is not None:
        yield from _asked(probe, probe.unix)


def _asked(probe: Probe, made: UnixSocket) -> Iterator[Row]:
    if made.file is not None:
        yield Row("File", clean(made.file.mode), clean(f"{made.file.kind}, {_owned(made)}"))
    kept = made.barrier
    if kept is not None and kept != made.file:
        yield Row("Kept out by", clean(kept.path), clean(f"{kept.mode}, {kept.user}:{kept.group}"))
    text = _OUTCOMES.get(made.outcome, made.outcome)
    if made.outcome == "left-alone":
        ends = probe.unix_listeners and not any(map(would_start, probe.unix_listeners))
        text = f"not tried: it would {'end the program' if ends else 'start a service'}"
    text += f" ({made.errno})" if made.errno else ""
    text += "" if made.milliseconds is None else f", {made.milliseconds:.1f} ms"
    yield Row("Connect", note=clean(text))
    for number, row in enumerate(probe.unix_listeners):
        yield from _listener("" if number else "Listener", row)
    if made.peer is not None:
        yield Row(
            "" if probe.unix_listeners else "Listener",
            note=f"by SO_PEERCRED: {owner_text(made.peer)}",
        )
    for number, row in enumerate(made.similar):
        yield Row("" if number else "Others", clean(row.path), clean(unix.holder(row)))


def _owned(made: UnixSocket) -> str:
    return f"{made.file.user}:{made.file.group}" if made.file else ""


def _listener(label: str, row: UnixListener) -> Iterator[Row]:
    waiting = "" if row.queue is None else f", {row.queue} of {row.backlog} wait"
    yield Row(label, note=clean(f"{row.kind} {row.path}{waiting}"))
    yield from owner_rows(row.owners)
    if not row.owners:
        yield Row("", note=clean(f"process not seen: {unix.holder(row)}"))
