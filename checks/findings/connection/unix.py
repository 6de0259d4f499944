"""What is said of a Unix socket that was asked: the sentences, and who is at its other end."""

from __future__ import annotations

from checks.findings import commands, intent, speech, wording
from checks.findings.base import Fix
from checks.model import shell
from checks.model.evidence import Listener
from checks.rules import owners as rules
from checks.rules import spared, unix_services

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from checks.findings.base import Subject
    from checks.model.evidence import FileFacts, Owner, Probe, UnixListener, UnixSocket

KIND = {
    False: "a file by which programs of this machine connect, without address and port",
    True: "an abstract name by which programs of this machine connect; it has no file",
}
"""What a Unix socket is, and what an abstract one is (``@name``)."""

LONGEST = 107
"""Bytes of a path that a Unix socket's address holds on Linux, beside the NUL: unix(7)."""


class UnixContext:
    """What the findings on a Unix socket need at hand.

    Arguments:
        subject: the endpoint with its evidence.
        probe: that evidence.
        unix: of it, what became of the connection.
    """

    __slots__ = ("probe", "subject", "unix")

    def __init__(self, subject: Subject, probe: Probe, unix: UnixSocket) -> None:
        self.subject = subject
        self.probe = probe
        self.unix = unix

    @property
    def path(self) -> str:
        """The socket, as messages name it."""
        return wording.clip(self.unix.path)

    def command(self, program: str) -> str | None:
        """A command on the path; None where no terminal could show that."""
        path = self.unix.path
        return f"{program} {shell.quoted(path)}" if shell.is_typable(path) else None

    @property
    def abstract(self) -> bool:
        """Whether it has a name only, and no file."""
        return self.unix.path.startswith("@")

    @property
    def to_listen(self) -> bool:
        """Whether the text is a server's, which wanted to listen there."""
        return intent.wants_to_listen(self.subject.classification)

    @property
    def row(self) -> UnixListener | None:
        """The row of the socket table."""
        return next(iter(self.probe.unix_listeners), None)

    @property
    def meant(self) -> UnixListener | None:
        """A listening socket that was likely meant: of the same name or service."""
        asked = self.unix.path
        found = (row for row in self.unix.similar if unix_services.is_same(asked, row.path))
        return next(found, None)

    @property
    def owner(self) -> Owner | None:
        """The process that listens, as far as it is seen."""
        return (rules.main(self.row.owners) if self.row else None) or self.unix.peer

    @property
    def who(self) -> str:
        """Who listens, in one phrase."""
        if self.row is not None and (self.row.owners or self.unix.peer is None):
            return holder(self.row)
        return wording.process(self.unix.peer) if self.unix.peer else "a program"

    @property
    def opening(self) -> str:
        """The same at the start of a sentence."""
        return wording.begin(self.who, self.owner)

    def evidence(self) -> tuple[str, ...]:
        """What was seen, one line each."""
        made, lines = self.unix, []
        if made.outcome == "unsupported":
            return ("socket module: no AF_UNIX",)
        if made.errno or made.milliseconds is not None:
            said = made.errno or "accepted"
            lines.append(f"connect {made.path}: {said}, {wording.clock(made.milliseconds)}")
        if made.file is not None:
            lines.append(f"stat {_facts(made.file)}")
        if made.barrier is not None and made.barrier != made.file:
            lines.append(f"stat {_facts(made.barrier)}")
        lines += [row_line(row) for row in (*self.probe.unix_listeners, *made.similar)]
        return tuple(lines)

    def fixes(self, *groups: Sequence[Fix]) -> tuple[Fix, ...]:
        """The fixes for the machine that was asked."""
        return commands.for_machine(self.probe, *groups)


def context_of(subject: Subject, *outcomes: str) -> UnixContext | None:
    """The context where a Unix socket was asked with one of some outcomes; else None."""
    probe = subject.probe
    if probe is None or probe.unix is None or probe.unix.outcome not in outcomes:
        return None
    return UnixContext(subject, probe, probe.unix)


def holder(row: UnixListener) -> str:
    """Who listens on a row, in one phrase."""
    if row.owners:
        return wording.processes(row.owners)
    who = f" of user {row.user}" if row.user else "" if row.uid is None else f" of uid {row.uid}"
    return f"a process{who}"


def as_listener(row: UnixListener) -> Listener:
    """The row as one of TCP, for what is to be done about its owner."""
    return Listener(
        protocol="unix", address=row.path, port=0, v6only=None, queue=row.queue,
        backlog=row.backlog, uid=row.uid, user=row.user, inode=row.inode, unit=None,
        owners=row.owners, reach="host", no_owner=row.no_owner,
    )  # fmt: skip


def row_line(row: UnixListener) -> str:
    """The line of evidence of a row."""
    waiting = "" if row.queue is None else f", queue {row.queue} of {row.backlog}"
    return f"socket table ({row.source}): {row.kind} {row.path} listens{waiting}; {holder(row)}"


def _facts(file: FileFacts) -> str:
    return f"{file.path}: {file.kind}, {file.mode}, {file.user}:{file.group}"


def instead(context: UnixContext) -> str:
    """Where the socket listens that was likely meant, as a further sentence; else ""."""
    row = context.meant
    if row is None and context.probe.listeners:
        port = context.probe.listeners[0]
        return f" {wording.opening(port)} listens on {wording.bound(port)} by TCP."
    if row is None:
        return ""
    return f" {wording.begin(holder(row), rules.main(row.owners))} listens on {row.path}."


def use_instead(context: UnixContext) -> tuple[Fix, ...]:
    """Use a socket that listens, where there is one that was likely meant."""
    if context.meant is None:
        return ()
    path = context.meant.path
    return (Fix(f"Give the client the path {path}.", client(path)),)


def by_port(context: UnixContext) -> tuple[Fix, ...]:
    """Connect by TCP, where the same service listens on its port."""
    service = unix_services.of_path(context.unix.path)
    if service is None or not context.probe.listeners:
        return ()
    row = context.probe.listeners[0]
    bound = row.address
    host = {"0.0.0.0": "127.0.0.1", "::": "127.0.0.1"}.get(bound, bound)
    command = service.by_port.replace("{host}", host).replace("{port}", str(row.port))
    text = f"Make the client use the port: {wording.holder(row)} listens on {wording.bound(row)}."
    return (Fix(text, command or None),)


def client(path: str) -> str | None:
    """The command that connects to a socket of a known service; None for no such."""
    service = unix_services.of_path(path)
    if service is None or not service.client or not shell.is_typable(path):
        return None
    port = unix_services.port_of(path) or 0
    directory = shell.quoted(path.rpartition("/")[0] or "/")
    command = service.client.replace("{port}", str(port))
    return command.replace("{directory}", directory).replace("{path}", shell.quoted(path))


# The sentences


def on_file_only(named: str, probe: Probe) -> str:
    """Return the verdict on a port whose service listens on a file: C328.

    Arguments:
        named: the endpoint, as a person writes it.
        probe: with rows of Unix sockets.
    """
    row = probe.unix_listeners[0]
    service = unix_services.of_path(row.path)
    name = f"{service.name}'s" if service else "its service's"
    who = wording.begin(holder(row), rules.main(row.owners))
    return (
        f"No program listens on {named}. {who} listens only on {name} Unix socket,"
        f" {wording.clip(row.path)}."
    )


def sentence(subject: Subject, probe: Probe, unix: UnixSocket) -> str:
    """Return the verdict on a Unix socket that was asked."""
    return _WORDS.get(unix.outcome, _failed)(UnixContext(subject, probe, unix))


def _accepted(context: UnixContext) -> str:
    if context.to_listen:
        return f"{context.path} is in use: {context.who} listens there."
    identity = context.probe.identity
    says = ""
    if identity is not None and speech.answers(identity):
        says = f" and speaks {speech.name(identity)}"
    if identity is not None and speech.is_mute(identity, "closed", "reset"):
        says = " but closes them at once"
    if context.row is None and context.unix.peer is None:
        return (
            f"{context.path} accepts connections{says}, but the listening program is not visible."
        )
    if says.startswith(" but"):
        return f"{context.path} accepts connections{says}: {context.who} listens there."
    return f"{context.path} accepts connections: {context.who} listens there{says}."


def _left_alone(context: UnixContext) -> str:
    row = context.row
    if row is not None and not spared.would_start(row):
        owner = rules.main(row.owners)
        why = spared.clause(spared.SINGLE_USE, row, owner.name if owner else None)
        return (
            f"{context.path}: {context.who} listens there. No connection was made, because {why}."
        )
    held = row.activation if row is not None else None
    unit = f" for {held.unit}" if held is not None and held.unit else ""
    starts = held.starts if held is not None and held.starts else "its service"
    return (
        f"{context.path}: {context.who} listens there{unit}. No connection was made, because it"
        f" would start {starts}."
    )


def _refused(context: UnixContext) -> str:
    if context.unix.bound:
        return f"A program is bound to {context.path}, but it does not listen."
    if context.row is not None:
        return (
            f"{context.path} was created again, and no program listens on it. {context.opening}"
            f" listens on {_other_file(context.unix)} of that path."
        )
    text = f"No program listens on {context.path}: the socket file is left over."
    return text + instead(context)


def _other_file(unix: UnixSocket) -> str:
    """Which file it is that a process listens on, and a client does not reach."""
    return {"same": "an earlier file", "other": "its container's own file"}.get(
        unix.mount or "", "another file"
    )


def _absent(context: UnixContext) -> str:
    if context.abstract:
        return f"No program listens on the abstract socket {context.path}.{instead(context)}"
    if context.unix.file is not None:
        text = f"{context.path} is a link to a file that does not exist."
    elif context.row is not None:
        why = {
            "same": "it was removed",
            "other": "the program has its own files, as in a container",
        }
        because = why.get(context.unix.mount or "", "it was removed, or is a container's own")
        return (
            f"The socket file {context.path} does not exist, although {context.who} listens on it:"
            f" {because}."
        )
    else:
        text = f"The socket file {context.path} does not exist."
        text += _missing_directory(context.unix)
    return text + instead(context)


def _missing_directory(unix: UnixSocket) -> str:
    directory = unix.path.rpartition("/")[0] or "/"
    if unix.parent is None or unix.parent == directory:
        return ""
    return f" The directory {wording.clip(directory)} does not exist either."


def _not_permitted(context: UnixContext) -> str:
    kept = context.unix.barrier
    if kept is None:
        return (
            f"The system does not let this user connect to {context.path}, although the file"
            " modes do: a policy may forbid it."
        )
    owned = f"{kept.mode}, {kept.user}:{kept.group}"
    if kept.kind == "directory":
        return (
            f"This user may not enter the directory {wording.clip(kept.path)} ({owned}), so"
            f" {context.path} cannot be reached."
        )
    return f"This user may not connect to {context.path}: its mode is {kept.mode}{_allowed(kept)}."


def _allowed(kept: FileFacts) -> str:
    """Whom the mode of a socket file lets in."""
    group = kept.mode[5:6] == "w"
    return f", for {kept.user} and the group {kept.group}" if group else f", for {kept.user} only"


def _kind(context: UnixContext) -> str:
    file = context.unix.file
    kind = {"file": "an ordinary file", "pipe": "a named pipe"}.get(
        file.kind if file else "", f"a {file.kind}" if file else "no socket"
    )
    return f"{context.path} is {kind}, not a Unix socket."


def _too_long(context: UnixContext) -> str:
    length = len(context.unix.path.encode("utf-8", "replace"))
    return (
        f"The path {context.path} has {length} bytes. The address of a Unix socket holds"
        f" {LONGEST} at most."
    )


def _not_taken(context: UnixContext) -> str:
    state = context.owner.state if context.owner else None
    why = {"stopped": "the process is stopped", "traced": "a debugger holds the process"}
    full = context.unix.outcome == "queue-full"
    usual = "its queue is full" if full else "it hangs or is busy"
    return (
        f"{context.opening} listens on {context.path} but accepts no connections:"
        f" {why.get(state or '', usual)}."
    )


def _failed(context: UnixContext) -> str:
    return f"The connection to {context.path} failed: {context.unix.errno or 'unknown error'}."


_WORDS: dict[str, Callable[[UnixContext], str]] = {
    "accepted": _accepted,
    "left-alone": _left_alone,
    "refused": _refused,
    "absent": _absent,
    "not-permitted": _not_permitted,
    "not-a-socket": _kind,
    "too-long": _too_long,
    "wrong-type": lambda context: (
        f"{context.path} is a datagram socket: it is for messages, not for connections."
    ),
    "queue-full": _not_taken,
    "not-taken": _not_taken,
    "unsupported": lambda context: (
        f"{context.path} was not tested: this Python has no Unix sockets"
        f"{' (none on Windows has)' if context.probe.machine.system == 'windows' else ''}."
    ),
}

CODES = ("C322", "C323", "C324", "C325", "C326", "C327")
"""The findings on a Unix socket that was asked."""
