"""How messages name things: endpoints, owners, times, and the lines of evidence.

One phrase for one thing, in every finding. Names that come from outside
(processes, units, hosts) go in as they are; the renderers clean them.
"""

from __future__ import annotations

from checks.findings import witness
from checks.model import words
from checks.model.words import at
from checks.rules import owners as rules
from checks.rules import reserved, tables
from checks.rules.connects import ELSEWHERE, ended_elsewhere
from checks.rules.listening import device
from checks.rules.places import place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from checks.model.evidence import (
        Answer,
        Attempt,
        Binding,
        Listener,
        LocalPorts,
        Machine,
        Owner,
        Peer,
    )

_LONGEST = 80  # characters of a pasted spelling that a message repeats
_MANY = 5  # process ids that are spelled out
_MOST = 16  # items of any other list that are spelled out


def bound(listener: Listener) -> str:
    """Where a listener is bound, with its device or zone as ss shows it: ``0.0.0.0%lo:53``."""
    zone = device(listener)
    if zone is None or "%" in listener.address:
        return at(listener.address, listener.port)
    return at(f"{listener.address}%{zone}", listener.port)


def begin(text: str, owner: Owner | None) -> str:
    """A phrase for who holds a socket as the start of a sentence.

    Arguments:
        text: the phrase.
        owner: the process that it begins with. Its name stays as it is.
    """
    return text if owner is not None and owner.name else text[0].upper() + text[1:]


def clip(text: str) -> str:
    """The text, cut where it is too long for a message."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def joined(items: Sequence[str], word: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {word} {items[-1]}"


def some(items: Sequence[str]) -> str:
    """The same for what may be thousands: the first ones, and how many more there are."""
    more = len(items) - _MOST
    return joined(items if more <= 0 else [*items[:_MOST], f"{more} more"])


def systems(names: Iterable[str]) -> str:
    """Systems in one phrase, the common ones first."""
    order = list(words.SYSTEMS)
    ranked = sorted(names, key=lambda n: (order.index(n) if n in order else len(order), n))
    return joined([words.system(name) for name in ranked])


def clock(milliseconds: float | None) -> str:
    """A time as a person reads it; "" where it is unknown."""
    if milliseconds is None:
        return ""
    if milliseconds < 0.1:
        return "under 0.1 ms"
    return f"{milliseconds:.0f} ms" if milliseconds >= 10 else f"{milliseconds:.1f} ms"


def process(owner: Owner) -> str:
    """``python3 (pid 4242)``."""
    return f"{owner.name or 'a process'} (pid {owner.pid})"


def origin(owner: Owner | None) -> str:
    """The project of a process, and what launched it; "" where none is known.

    ``project shop in /home/ann/shop (branch main), started with npm run dev``.
    """
    project = owner.project if owner is not None else None
    if owner is None or project is None or not (project.name.strip() and project.directory.strip()):
        return ""  # a pasted report may have anything
    branch = f"branch {clip(project.branch)}" if project.branch else ""
    branch = branch or (f"commit {project.commit}" if project.commit else "")
    directory = project.directory
    if len(directory) > _LONGEST:
        directory = f"...{directory[3 - _LONGEST :]}"
    text = f"project {clip(project.name)} in {directory}{f' ({branch})' if branch else ''}"
    return f"{text}, started with {clip(owner.launcher)}" if owner.launcher else text


def processes(owners: Sequence[Owner]) -> str:
    """Every process of a shared socket, the main one first."""
    main = rules.main(owners)
    ordered = sorted(owners, key=lambda owner: owner is not main)
    if len({owner.name for owner in ordered}) > 1:
        return some([process(owner) for owner in ordered])
    pids = [str(owner.pid) for owner in ordered]
    if len(pids) > _MANY:
        pids = [*pids[:_MANY], f"{len(pids) - _MANY} more"]
    name = ordered[0].name or "a process"
    return f"{name} (pid{'s' if len(ordered) > 1 else ''} {joined(pids)})"


def mains(rows: Sequence[Listener]) -> str:
    """The main process of each listener: ``node (pid 7) and python3 (pid 9)``."""
    found = [owner for row in rows if (owner := rules.main(row.owners)) is not None]
    return processes([owner._replace(main=False) for owner in found])


def hidden(listener: Listener) -> str:
    """What is known of an owner that is not visible: ``a process of user postgres``."""
    who = f"user {listener.user}" if listener.user else None
    if who is None and listener.uid is not None:
        who = f"uid {listener.uid}"
    words = f"a process of {who}" if who else "a process"
    return f"{words} in {listener.unit}" if listener.unit else words


def holder(listener: Listener) -> str:
    """Who listens, in one phrase; never empty, never "no process"."""
    owner = witness.main_owner(listener)
    if owner is None:
        return f"{hidden(listener)} (its pid is not visible here)"
    others = len(listener.owners) - 1
    if not others:
        return process(owner)
    more = f"{others} more process{'es' if others > 1 else ''}"
    return f"{owner.name or 'a process'} (pid {owner.pid} and {more})"


def held_for(listener: Listener) -> str:
    """For which unit or service it is held: `` for cups.socket``; "" where none is known.

    Also where the phrase for its owner names the unit, as no process is visible.
    """
    found, unit = listener.activation, listener.managed_by
    if found is None or not found.unit:
        return ""
    if not listener.owners and unit is not None and unit.name == found.unit:
        return ""
    return f" for {found.unit}" if found.kind == "systemd" else f" for the service {found.unit}"


def opening(listener: Listener) -> str:
    """The same at the start of a sentence."""
    return begin(holder(listener), witness.main_owner(listener))


def of_ports(found: LocalPorts, machine: Machine) -> int:
    """How many ports connect() chooses from; at least those that are in use."""
    left = reserved.left(machine.ephemeral, machine.reserved_ports) if machine.ephemeral else 0
    return max(left, found.in_use)


def most_ports(found: LocalPorts, machine: Machine) -> str:
    """What has most of the local ports, as a clause; "" where that is not known."""
    total = of_ports(found, machine)
    first = found.holders[0] if found.holders else None
    if first is not None and first.ports >= found.time_wait:
        return f"{process(first.owner)} holds {first.ports} of {total}"
    return f"{found.time_wait} of {total} are in TIME_WAIT" if found.time_wait else ""


def holds_ports(listener: Listener, found: LocalPorts | None) -> bool:
    """Whether the process that listens is the one that has most of the local ports."""
    first = found.holders[0].owner.pid if found is not None and found.holders else None
    return any(owner.pid == first for owner in listener.owners)


def not_read(unread: Sequence[str], *, some: bool = False) -> str:
    """The socket tables that were not seen, as a sentence; "" where all were.

    Arguments:
        unread: their names.
        some: whether some rows were seen, as those of one's own processes.
    """
    names = tables.known(unread)
    if not names:
        return ""
    if names == tables.TABLES:
        return f"The socket table could not be read{' in full' if some else ''}."
    words = joined([f"{name[:3].upper()} over IPv{name[3]}" for name in names])
    return f"The socket table of {words} could not be read."


def elapsed(attempt: Attempt) -> str:
    """`` after 1000 ms, 2 attempts``; "" where no time is known."""
    time = clock(attempt.milliseconds)
    tries = f"{attempt.attempts} attempts" if attempt.attempts > 1 else ""
    return "".join(f", {part}" for part in (time, tries) if part)


def led(attempt: Attempt) -> str:
    """Where a connection went that did not end at its port, as a clause."""
    if attempt.arrived == ELSEWHERE:
        return "a NAT rule leads connections elsewhere, such as into a container"
    return f"a NAT rule leads connections on to {attempt.arrived}"


def attempt_line(attempt: Attempt, port: int) -> str:
    """``connect 127.0.0.1:62893: ECONNREFUSED, 0.1 ms``."""
    what = attempt.outcome if attempt.errno is None else attempt.errno
    if attempt.errno is not None and attempt.outcome == "timed-out":
        what = f"timed out ({attempt.errno})"
    words = [attempt.detail] if attempt.detail else []
    if ended_elsewhere(attempt, port):
        words.append(f"its other end is {attempt.arrived}")
    detail = f" ({'; '.join(words)})" if words else ""
    return f"connect {at(attempt.address, port)}: {what}{elapsed(attempt)}{detail}"


def listener_line(listener: Listener) -> str:
    """``netlink: tcp LISTEN 127.0.0.1:62893, queue 0 of 5, python3 (pid 4242)``."""
    parts = [bound(listener)]
    if listener.v6only is not None and place(listener.address).version == 6:
        parts.append("IPv6 only" if listener.v6only else "IPv4 too")
    if listener.interface is not None and place(listener.address).unspecified:
        parts.append(f"device {listener.interface}")
    if listener.queue is not None and listener.backlog is not None:
        parts.append(f"queue {listener.queue} of {listener.backlog}")
    parts.append(processes(listener.owners) if listener.owners else hidden(listener))
    state = "LISTEN" if listener.protocol == "tcp" else "open"
    return f"{listener.source}: {listener.protocol} {state} {', '.join(parts)}"


def peer_line(peer: Peer) -> str:
    """``socket table: tcp established 127.0.0.1:62893 -> 127.0.0.1:5432, psql (pid 7)``."""
    other = f" -> {peer.remote}" if peer.remote else ""
    who = f", {processes(peer.owners)}" if peer.owners else ""
    return f"socket table: {peer.protocol} {peer.state} {peer.local}{other}{who}"


def binding_line(binding: Binding, system: str) -> str:
    """``bind 127.0.0.1:62893: EADDRINUSE; with SO_REUSEADDR: succeeds``.

    Arguments:
        binding: the trial.
        system: where it was made: on Windows the first is the one with an option.
    """
    plain = binding.errno or ("succeeds" if binding.outcome == "free" else binding.outcome)
    reuse = ""
    if binding.errno is not None:
        other = "without SO_EXCLUSIVEADDRUSE" if system == "windows" else "with SO_REUSEADDR"
        reuse = f"; {other}: {binding.errno_reuse or 'succeeds'}"
    detail = f" ({binding.detail})" if binding.detail else ""
    return f"bind {at(binding.address, binding.port)}: {plain}{reuse}{detail}"


def answer_line(answer: Answer, name: str) -> str:
    """``getaddrinfo localhost: ::1, 127.0.0.1``."""
    what = ", ".join(answer.addresses) or answer.error or "no address"
    return f"{answer.who} {clip(name)}: {what}"


def engaged(row: Listener | None) -> str:
    """What the main thread of a program does instead of accepting, as a clause; "" where unknown.

    Arguments:
        row: the listener whose connections are not taken.
    """
    owner = witness.main_owner(row) if row else None
    return _ENGAGED.get(owner.waits or "", "") if owner else ""


_ENGAGED = {
    "cpu": "its main thread is busy computing",
    "lock": "its main thread waits for a lock",
    "child": "its main thread waits for a child process",
    "pipe": "its main thread waits for data from a pipe",
    "terminal": "its main thread waits for input from the terminal",
    "disk": "its main thread waits for a disk or a network file system",
}


def belongs_to(rows: Sequence[Listener]) -> str:
    """Return what a process belongs to, as a further sentence; "" where that is not one thing."""
    first = rows[0] if rows else None
    alike = rules.sharing(rows) or rows[:1]
    told = {origin(witness.main_owner(row)) for row in alike}
    if first is None or len(told) != 1 or not (text := told.pop()):
        return ""
    return f" {text[0].upper()}{text[1:]}."
