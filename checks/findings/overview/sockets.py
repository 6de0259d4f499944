"""A table of sockets in one or two sentences: who listens, who can reach it, who is connected."""

from __future__ import annotations

from checks.findings.overview import phrases
from checks.findings.overview.phrases import HOST
from checks.model.words import UDP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from checks.text.endpoint import Endpoint
    from checks.text.tables import Row, Table

FIREWALL = "Other machines can connect unless a firewall stops them."
_DYNAMIC = 32768
"""From here on Linux takes the ports of clients, and 49152 on other systems (RFC 6335 §6)."""
_FEW = 3
"""So many rows of several kinds are told one by one."""
_NAMES = {
    ("netstat", "windows"): "Windows netstat",
    ("netstat", "macos"): "macOS netstat",
    ("netstat", "solaris"): "Solaris netstat",
    ("list-sockets", "linux"): "systemd's list",
    ("fuser", "linux"): "fuser's list",
}
_ENDED = "TIME_WAIT"
_HALF = "CLOSE_WAIT"


def sentences(table: Table) -> list[str]:
    """Return what a table of sockets says, in at most two sentences."""
    listeners = _distinct([row for row in table.rows if _takes(row)])
    connections = [row for row in table.rows if row.peer is not None]
    if not connections:
        return _listeners(listeners, tool(table))
    if not listeners:
        return _connections(connections, table)
    return _both(listeners, connections, table)


def tool(table: Table) -> str:
    """Return how a sentence names the tool."""
    return _NAMES.get((table.tool, table.system or ""), table.tool)


def _takes(row: Row) -> bool:
    return row.peer is None and row.local is not None and row.local.role == "listener"


def _distinct(rows: Sequence[Row]) -> list[Row]:
    """Each listener once: lsof has a row for each process that shares it."""
    seen: dict[tuple[str, str], Row] = {}
    for row in rows:
        if row.local is not None:
            seen.setdefault((phrases.where(row.local), row.protocol), row)
    return list(seen.values())


def _noun(rows: Sequence[Row]) -> tuple[str, str]:
    udp = sum(row.protocol == UDP for row in rows)
    if udp == len(rows):
        return "UDP socket", "UDP sockets"
    return "listener", "listeners"


def _listeners(rows: Sequence[Row], where: str) -> list[str]:
    """What a table of listeners alone says."""
    if not rows:
        return []
    if len(rows) == 1:
        return [_one(rows[0])]
    opened = [row for row in rows if phrases.reach(row.local) not in (HOST, None)]
    kept = [row for row in rows if phrases.reach(row.local) == HOST]
    total = phrases.count(len(rows), *_noun(rows))
    all_of_them = f"Both {_noun(rows)[1]}" if len(rows) == 2 else f"All {total}"
    if len(opened) == len(rows):
        return [_told(opened, f"{all_of_them} in {where} are open to the network:"), FIREWALL]
    if len(kept) == len(rows):
        return [_told(kept, f"{all_of_them} in {where} are for this machine only:")]
    if not opened:
        return [_told(rows, f"{phrases.begin(total)} in {where}:")]
    verb = "is" if len(opened) == 1 else "are"
    head = f"{phrases.begin(total)} in {where}: {len(opened)} of {len(rows)} {verb} open to the"
    told = [_told(opened, f"{head} network:")]
    return [*told, _told(kept, "Only this machine can reach")] if kept else told


def _told(rows: Sequence[Row], head: str) -> str:
    return phrases.fitting(phrases.named(rows), lambda names: f"{head} {names}.")


def _one(row: Row) -> str:
    """A sentence on one listener."""
    if row.local is None:
        return ""
    verb = "receives UDP on" if row.protocol == UDP else "listens on"
    usual = "" if row.program else phrases.service(row.local)
    usual = f" ({usual})" if usual else ""
    said = f"{phrases.begin(phrases.who(row))} {verb} {phrases.where(row.local)}{usual}"
    reach = phrases.reach(row.local)
    if reach is None:
        return f"{said}."
    if reach == HOST:
        return f"{said}, for this machine only."
    return f"{said}, open to the network unless a firewall stops it."


def _both(listeners: Sequence[Row], connections: Sequence[Row], table: Table) -> list[str]:
    """What a table of listeners and connections says."""
    total = phrases.begin(phrases.count(len(table.rows), "row"))
    if len(table.rows) <= _FEW and len(listeners) == 1 and len(connections) <= 2:
        one = _one(listeners[0])
        first = f"{total} of {tool(table)}: {one[0].lower() + one[1:] if _ours(one) else one}"
        return [first, _connections(connections, table)[0]]
    opened = [row for row in listeners if phrases.reach(row.local) not in (HOST, None)]
    split = f"{phrases.count(len(listeners), *_noun(listeners))} and "
    split += phrases.count(len(connections), "connection")
    first = f"{total} of {tool(table)}: {split}{_waiting(connections)}."
    if not opened:
        return [first, _told(listeners, "Only this machine can reach")]
    if len(opened) == len(listeners):
        return [first, _told(opened, "Open to the network:")]
    some = phrases.begin(phrases.count(len(opened), "listener is", "listeners are"))
    return [first, _told(opened, f"{some} open to the network:")]


def _ours(sentence: str) -> bool:
    return sentence.startswith(("A program ", "Process "))


def _waiting(rows: Sequence[Row]) -> str:
    """The state that most of many connections have, where it tells something."""
    for state in (_HALF, _ENDED):
        number = sum(row.state == state for row in rows)
        if number > 1 and number * 2 >= len(rows):
            return f", {number} of them in {state}"
    return ""


def _connections(rows: Sequence[Row], table: Table) -> list[str]:
    """What connections alone say: one in words, more of them by whom and to what."""
    both_ends = len(rows) == 2 and _mirrored(rows[0], rows[1])
    if len(rows) == 1 or both_ends:
        return [_connection(rows[0], table)]
    groups: dict[str, int] = {}
    for row in rows:
        said = _group(row)
        groups[said] = groups.get(said, 0) + 1
    ranked = sorted(groups, key=lambda said: -groups[said])
    items = [f"{groups[said]} {said}" for said in ranked]
    total = phrases.begin(phrases.count(len(rows), "connection"))
    head = f"{total} in {tool(table)}{_waiting(rows)}:"
    return [phrases.fitting(items, lambda names: f"{head} {names}."), *_meaning(rows)]


def _group(row: Row) -> str:
    end = row.local if row.local is not None and row.local.role == "listener" else row.peer
    if end is None:
        return ""
    way = "from clients of" if end is row.local else "to"
    named = f" by {phrases.who(row)}" if row.program or row.pid else ""
    return f"{way} {phrases.where(end)}{named}"


def _meaning(rows: Sequence[Row]) -> list[str]:
    """What a state of most connections means."""
    waiting = _waiting(rows)
    if waiting.endswith(_HALF):
        return ["CLOSE_WAIT means that the other end has closed and this program has not."]
    if waiting.endswith(_ENDED):
        return ["TIME_WAIT is an ended connection that the system keeps for a short time."]
    return []


def _mirrored(one: Row, other: Row) -> bool:
    """Whether two rows are the two ends of one connection."""
    ends = (one.local, one.peer, other.local, other.peer)
    if any(end is None for end in ends):
        return False
    first, second, third, fourth = (phrases.where(end) for end in ends if end is not None)
    return first == fourth and second == third


def _connection(row: Row, table: Table) -> str:
    """A sentence on one connection."""
    local, peer = row.local, row.peer
    if local is None or peer is None:
        return ""
    here, there = phrases.where(local), phrases.where(peer)
    if row.state == _ENDED:
        return f"The connection {here} to {there} has ended: the system keeps it for a short time."
    if row.state == _HALF:
        return (
            f"The other end of {here}, {there}, has closed the connection,"
            f" and {phrases.who(row)} has not."
        )
    who = phrases.begin(phrases.who(row))
    if row.state == "SYN_SENT":
        return f"{who} waits for an answer from {there}: none has come yet."
    if local.role == "listener":
        return f"{who} on {here} has a client, {there}{_partner(row, table)}."
    usual = phrases.service(peer)
    usual = f" ({usual})" if usual else ""
    return f"{who} is connected from {here} to {there}{usual}{_partner(row, table)}."


def _partner(row: Row, table: Table) -> str:
    """Whose the other end is, where that is this machine too."""
    if row.local is None or row.peer is None or not same_machine(row.local, row.peer):
        return ""
    other = next((one for one in table.rows if _mirrored(row, one)), None)
    if other is not None and other.pid is not None and row.pid is not None:
        return ", to itself" if other.pid == row.pid else f" of {phrases.who(other)}"
    if min(phrases.number(end) or 0 for end in (row.local, row.peer)) >= _DYNAMIC:
        return " on this same machine, most often to itself"
    return " on this same machine"


def same_machine(local: Endpoint, peer: Endpoint) -> bool:
    """Whether both ends of a connection are on one machine."""
    if local.host is None or peer.host is None:
        return False
    return peer.host.loopback or (local.host.version != 0 and local.host[2:4] == peer.host[2:4])
