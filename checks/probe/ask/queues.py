"""Connects that leave at most one connection in the accept queue of a program that hangs.

A connection stays in the queue until the program calls accept(), also when we
have closed it: a RST takes it out no more than a FIN does. So the queue is
looked at before each connect and after it. Where connections wait and none is
taken, none is added. Where ours is not taken, no other is made. The table shows
both: a connection that waits has a row without an inode.

A NAT rule may lead to another port of this machine. Then the other end is known
once a connection came about, and the next run finds that one by its client's end.

Where the other end is no socket of this network namespace (a container, another
system than Linux), it is not known whether it was taken.
"""

from __future__ import annotations

import select
from time import monotonic, sleep

from checks.model import words
from checks.model.evidence import Attempt
from checks.model.records import NamedTuple
from checks.model.words import TCP
from checks.probe import system
from checks.probe.ask import connect
from checks.probe.ask.connect import Opened
from checks.probe.sockets import linux, netlink
from checks.probe.sockets.bound import bind_of, joined
from checks.probe.sockets.row import LISTEN, Table
from checks.probe.targets import takers
from checks.rules import queues as rules
from checks.rules.listening import Bind, device

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from checks.model.evidence import Listener
    from checks.probe.sockets.row import Row
    from checks.probe.targets import Target

WAITS = "connections wait there already and are not accepted, so none was made"
"""Why an attempt was skipped, for people; programs read ``taken``."""

_FIRST, _LONGEST, _GROWTH = 0.0005, 0.05, 1.6
"""Seconds between two looks at a queue: at first, at most, and by how much they grow."""

_HANDSHAKE = 0.005
"""Seconds in which the last packet of a handshake may be under way to the listener."""


class Result(NamedTuple):
    """What polite connects gave.

    Arguments:
        attempts: one a target, in order.
        sources: our own ends of the connections made.
        opened: the connections that came about, open, by the index of the target.
    """

    attempts: tuple[Attempt, ...]
    sources: frozenset[str]
    opened: dict[int, Opened]

    def close(self, *but: int) -> None:
        """Close the connections, except those with these indexes."""
        for index in [index for index in self.opened if index not in but]:
            self.opened.pop(index).socket.close()


def attempt(
    targets: Sequence[Target],
    found: Table,
    timeout: float,
    explained: Callable[[Target], bool] = lambda _: False,
) -> Result:
    """Connect to every target, one at a time where they lead to one queue.

    Arguments:
        targets: the addresses; one with a ``skip`` reason is not asked.
        found: the sockets on their port, as they were just now.
        timeout: seconds for one connect, and for the program to take a connection.
        explained: as for :func:`checks.probe.ask.connect.attempt`.

    Returns:
        the attempts, with ``taken`` where it is known. The caller closes what is open.
    """
    names = [_queue_of(target, found) for target in targets]
    made = {
        index: _not_made(targets[index], watched)
        for index, watched in waiting(targets, found, timeout).items()
    }
    opened: dict[int, Opened] = {}
    sources: set[str] = set()
    for asked in _rounds(names):
        stuck = {names[at]: each.watched for at, each in made.items() if rules.is_stuck(each)}
        for index in asked:  # one of ours waits there
            if names[index] and names[index] in stuck:
                made[index] = _not_made(targets[index], stuck[names[index]])
        now = [index for index in asked if index not in made]
        keep: dict[int, Opened] = {}
        result = connect.attempt([targets[index] for index in now], timeout, explained, keep)
        sources |= result.sources
        opened |= {now[at]: each for at, each in keep.items()}
        told = watch([keep.get(at) for at in range(len(now))], timeout)
        for index, each, verdict in zip(now, result.attempts, told, strict=True):
            made[index] = each._replace(taken=verdict.taken, watched=verdict.watched)
    made |= _behind_ours(made, targets, found)
    attempts = tuple(made[index] for index in range(len(targets)))
    return Result(attempts, frozenset(sources), opened)


def _behind_ours(
    made: Mapping[int, Attempt], targets: Sequence[Target], found: Table
) -> dict[int, Attempt]:
    """The attempts of which it is not known after all whether they would have been taken.

    A program that serves one connection at a time, and has taken another one of ours on its
    other address, is kept by that one.
    """
    held = {
        index: {owner.pid for row in takers(target, found.listeners) for owner in row.owners}
        for index, target in enumerate(targets)
    }
    serving = {pid for index, each in made.items() if each.taken for pid in held[index]}
    return {
        index: each._replace(taken=None, watched=None)
        for index, each in made.items()
        if each.taken is False and each.outcome == "accepted" and serving & held[index]
    }


def _rounds(names: Sequence[str]) -> list[list[int]]:
    """Indexes to be asked at once, in order: those that lead to one queue, one after the other."""
    rounds: list[list[int]] = []
    for index, name in enumerate(names):
        turn = names[:index].count(name) if name else 0
        while turn >= len(rounds):
            rounds.append([])
        rounds[turn].append(index)
    return rounds


def _not_made(target: Target, watched: float | None) -> Attempt:
    """The attempt that stands for one that would only have made the queue longer."""
    detail = "; ".join(each for each in (target.detail, WAITS) if each)
    return Attempt(
        address=target.text, outcome="skipped", errno=None, milliseconds=None, attempts=0,
        detail=detail, taken=False, watched=watched, reason="not-taken",
    )  # fmt: skip


class Verdict(NamedTuple):
    """Whether one connection was taken.

    Arguments:
        taken: as :attr:`checks.model.evidence.Attempt.taken` has it.
        watched: milliseconds for which it was not; None for any other.
    """

    taken: bool | None
    watched: float | None = None


def watch(connections: Sequence[Opened | None], timeout: float) -> list[Verdict]:
    """Wait until the programs have taken the connections, or the time is up.

    Arguments:
        connections: open ones; None for those that did not come about.
        timeout: seconds.
    """
    began = monotonic()
    found: dict[int, Verdict] = {}
    pause = _FIRST
    while True:
        elapsed = monotonic() - began
        for index, each in enumerate(connections):
            if index not in found:
                told = None if each is None else taken(each)
                if told or each is None or each.far is None or (
                    told is None and elapsed > _HANDSHAKE
                ):  # fmt: skip
                    found[index] = Verdict(told)
        late = [each for at, each in enumerate(connections) if at not in found and each]
        if not late:
            break
        if elapsed >= timeout:
            break
        _wait(late, min(pause, timeout - elapsed))
        pause = min(pause * _GROWTH, _LONGEST)
    milliseconds = (monotonic() - began) * 1000
    return [found.get(at) or Verdict(False, milliseconds) for at in range(len(connections))]


def taken(opened: Opened) -> bool | None:
    """Whether the program has taken a connection, now; None where that cannot be seen.

    What has arrived on it was sent by the program, or by the kernel when its end was closed.
    """
    if opened.far is None:
        return None
    if _has_something(opened):
        return True
    row = _row(opened)
    return None if row is None else rules.taken(row.state, row.inode)


def _has_something(opened: Opened) -> bool:
    try:
        return bool(select.select([opened.socket], [], [], 0)[0])
    except (OSError, ValueError):  # closed, or a descriptor too high for select()
        return False


def _wait(late: Sequence[Opened], seconds: float) -> None:
    """Pause, no longer than until something arrives."""
    try:
        select.select([each.socket for each in late], [], [], seconds)
    except (OSError, ValueError):
        sleep(seconds)


def _row(opened: Opened) -> Row | None:
    """The row of the other end."""
    assert opened.far is not None  # noqa: S101 - as called
    host, port = opened.far
    for row in _between(port, opened.ours[1]):
        if (row.local, row.remote) == (host, opened.ours[0]):
            return row
    return None


def _between(port: int, remote_port: int) -> list[Row]:
    """The TCP rows of a local and a remote port; none where they cannot be read."""
    if system.NAME != "linux":
        return []
    try:  # the kernel picks them: a busy server has thousands on the local port
        return [
            row
            for version in (4, 6)  # an IPv6 socket may take IPv4
            for row in netlink.sockets(TCP, version, port, remote_port=remote_port)
        ]
    except (OSError, ValueError, AttributeError):
        return [row for row in _rows(port) if row.remote_port == remote_port]


def _rows(port: int, *, taking: bool = False) -> list[Row]:
    """The TCP rows of a local port, 0 for any; none where they cannot be read."""
    if system.NAME != "linux":
        return []
    return linux.read((TCP,), port, taking=taking).rows


def stuck_first(listeners: Sequence[Listener]) -> tuple[Listener, ...]:
    """The listeners of one port, those first in whose queue connections wait.

    Where several share an address (SO_REUSEPORT) the kernel gives each connection to one of
    them, and one may hang while the others serve. So the one to name is found by its queue.
    """
    places = [_name(row) for row in listeners if row.protocol == TCP]
    if len(set(places)) == len(places):
        return tuple(listeners)
    waits = {row.inode for row in _rows(listeners[0].port, taking=True) if row.receive}
    return tuple(sorted(listeners, key=lambda row: row.protocol == TCP and row.inode not in waits))


def in_order(listeners: tuple[Listener, ...], attempts: Sequence[Attempt]) -> tuple[Listener, ...]:
    """The listeners of one port, those first that hang where a program takes no connections."""
    stuck = any(rules.is_stuck(attempt) for attempt in attempts)
    return stuck_first(listeners) if stuck else listeners


# What waits already


def waiting(targets: Sequence[Target], found: Table, timeout: float) -> dict[int, float]:
    """The targets whose program takes none of the connections that wait for it.

    Arguments:
        targets: the addresses; one with a ``skip`` reason is left out.
        found: the sockets on their port, as they were just now.
        timeout: seconds for which a queue is watched.

    Returns:
        by the index of the target, the milliseconds for which nothing was taken. A queue
        that is full is not among them: a connect tells that, and adds nothing to it.
    """
    wanted: dict[str, list[int]] = {}
    ports: set[int] = set()
    for index, target in enumerate(targets):
        name, port = _queue_of(target, found), target.port
        if target.skip is not None or not target.local:
            continue
        if not name:
            name, port = _led_to(target)
        elif not any(row.queue for row in takers(target, found.listeners)):
            continue
        if name:
            wanted.setdefault(name, []).append(index)
            ports.add(port)
    if not wanted:
        return {}

    def look() -> dict[str, rules.Queue]:
        return {name: each for port in ports for name, each in _queues(port).items()}

    first = look()
    suspects = {
        name
        for name in wanted
        if first.get(name) and first[name].length and not _is_full(name, found, first[name])
    }
    stuck = undrained({name: first[name] for name in suspects}, look, timeout)
    return {index: stuck[name] for name, group in wanted.items() if name in stuck
            for index in group}  # fmt: skip


def stuck(
    target: Target,
    listeners: Mapping[int, Sequence[Listener]],
    timeout: float,
    others: Collection[int] = (),
) -> frozenset[int]:
    """The ports of one address whose programs take none of the connections that wait for them.

    Arguments:
        target: the address; its port is not looked at.
        listeners: by port, those that take connections to the address.
        timeout: seconds for which all queues together are watched.
        others: ports without a listener; a NAT rule may lead from them to another port.
    """
    names: dict[str, set[int]] = {}
    first: dict[str, rules.Queue] = {}
    ports: set[int] = set()  # that are listened on
    for port in _with_queues() & listeners.keys():
        found = Table(tuple(listeners[port]), (), "")
        name = _queue_of(target._replace(port=port), found)
        queue = _queues(port).get(name)
        if queue is not None and queue.length and not _is_full(name, found, queue):
            names.setdefault(name, set()).add(port)
            first[name] = queue
            ports.add(port)
    for port, row in (_led(target, _rows(0)) if others else {}).items():
        queues = _queues(row.local_port)
        led = _joined_by(row, _listening(_rows(row.local_port)))
        if port in others and led is not None:
            names.setdefault(led, set()).add(port)
            first.setdefault(led, queues[led])
            ports.add(row.local_port)

    def look() -> dict[str, rules.Queue]:
        return {name: each for port in ports for name, each in _queues(port).items()}

    return frozenset(port for name in undrained(first, look, timeout) for port in names[name])


def _with_queues() -> set[int]:
    """The ports on which connections wait."""
    return {row.local_port for row in _rows(0, taking=True) if row.receive}


def undrained(
    first: Mapping[str, rules.Queue], look: Callable[[], Mapping[str, rules.Queue]], timeout: float
) -> dict[str, float]:
    """The queues out of which nothing is taken, and the milliseconds for which they were watched.

    Arguments:
        first: queues that are not empty.
        look: reads them again.
        timeout: seconds after which those that have not changed are believed to be stuck.
    """
    began = monotonic()
    left = dict(first)
    pause = _FIRST
    while left and (elapsed := monotonic() - began) < timeout:
        sleep(min(pause, timeout - elapsed))
        pause = min(pause * _GROWTH, _LONGEST)
        now = look()
        left = {name: queue for name, queue in left.items()
                if name in now and not rules.drains(queue, now[name])}  # fmt: skip
    return dict.fromkeys(left, (monotonic() - began) * 1000)


def _is_full(name: str, found: Table, queue: rules.Queue) -> bool:
    rows = [row for row in found.listeners if _name(row) == name]
    return any(rules.is_full(row) for row in rows) and not rules.is_leftover(queue)


def _queue_of(target: Target, found: Table) -> str:
    """What names the queue that a connection to a target would join; "" where it is not known."""
    rows = takers(target, found.listeners)
    return _name(rows[0]) if rows else ""


def _led_to(target: Target) -> tuple[str, int]:
    """The queue in which a connection to a target without a listener waits, and its port."""
    clients = [row for row in _between(0, target.port) if row.remote == target.bare]
    ends = [row for client in clients for row in _between(0, client.local_port)]
    row = _led(target, [*clients, *ends]).get(target.port)
    name = None if row is None else _joined_by(row, _listening(_rows(row.local_port)))
    return ("", 0) if row is None or name is None else (name, row.local_port)


def _led(target: Target, rows: Sequence[Row]) -> dict[int, Row]:
    """By port of an address, the waiting connection that was made to it and led to another port.

    A NAT rule leads it there. The client's end still has the port that was asked for as its far
    end, for a minute after it was closed.
    """
    waiting = {
        (row.remote, row.remote_port): row
        for row in rows
        if rules.taken(row.state, row.inode) is False
    }
    found = {}
    for client in rows:
        row = waiting.get((client.local, client.local_port))
        if row and client.remote == target.bare and client.remote_port != row.local_port:
            found[client.remote_port] = row
    return found


def _name(row: Listener) -> str:
    return _place(row, row.port)


def _place(bound: Listener | Bind, port: int) -> str:
    """Where a queue is: address and port, and the device that the socket is bound to."""
    tied = device(bound)
    return words.at(f"{bound.address}%{tied}" if tied else bound.address, port)


def _listening(rows: Sequence[Row]) -> dict[Bind, list[Row]]:
    """The listening rows, by where they are bound: several may share that (SO_REUSEPORT)."""
    found: dict[Bind, list[Row]] = {}
    for row in rows:
        if row.state == LISTEN:
            found.setdefault(bind_of(row), []).append(row)
    return found


def _queues(port: int) -> dict[str, rules.Queue]:
    """The queues of a port, by where their listeners are bound.

    Of several listeners that are bound alike a row does not tell whose it is.
    """
    rows = _rows(port)
    listening = _listening(rows)
    lengths = {
        _place(bound, port): sum(row.receive or 0 for row in group)
        for bound, group in listening.items()
    }
    held: dict[str, list[Row]] = {name: [] for name in lengths}
    for row in rows:
        if row.state != LISTEN and rules.taken(row.state, row.inode) is False:
            name = _joined_by(row, listening)
            if name is not None:
                held[name].append(row)
    return {
        name: rules.Queue(
            length,
            frozenset(words.at(row.remote, row.remote_port) for row in held[name]),
            frozenset(
                words.at(row.remote, row.remote_port)
                for row in held[name]
                if row.state == rules.GONE
            ),
        )
        for name, length in lengths.items()
    }


def _joined_by(row: Row, listening: Collection[Bind]) -> str | None:
    """The queue that a connection waits in."""
    bound = joined(row, listening)
    return None if bound is None else _place(bound, row.local_port)
