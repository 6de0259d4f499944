"""The other tables in one or two sentences: containers, services, relays, reserved ports, and
connections that a tool tried.
"""

from __future__ import annotations

from checks.findings.overview import phrases
from checks.findings.overview.phrases import HOST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from checks.text.tables import Row, Table

DOCKER_AND_UFW = "On Linux, ufw does not stop what Docker publishes."
"""Docker manual, "Packet filtering and firewalls", "Docker and ufw"."""


def containers(table: Table) -> list[str]:
    """``docker ps`` and ``docker port``: what is published, and to whom."""
    if not table.rows:
        return ["No container is running: the list is empty."]
    published = [row for row in table.rows if row.local is not None]
    closed = [row.program or "a container" for row in table.rows if row.local is None]
    if len(_published(published)) == 1 and not closed:
        told = _one_port(published)
        if told:
            return told
    opened = [row for row in published if phrases.reach(row.local) != HOST]
    kept = [row for row in published if phrases.reach(row.local) == HOST]
    return [
        *phrases.listed(_published(opened), "Open to the network: {}."),
        *phrases.listed(_published(kept), "Only this machine: {}."),
        *phrases.listed(list(dict.fromkeys(closed)), "No port of {} is published."),
        *([DOCKER_AND_UFW] if opened else []),
    ][:2]


def _one_port(rows: Sequence[Row]) -> list[str]:
    """A single published port, with where it leads to."""
    row = rows[0]
    if row.local is None or row.into is None or row.ports:
        return []
    of = f"the container {row.program[:60]}" if row.program else "the container"
    head = f"Docker publishes port {row.into} of {of} at {phrases.where(row.local)}"
    if phrases.reach(row.local) == HOST:
        return [f"{head}, for this machine only."]
    return [f"{head}, open to the network.", DOCKER_AND_UFW]


def _published(rows: Sequence[Row]) -> list[str]:
    """``web at 0.0.0.0:8080``, each container once, with the first of its addresses."""
    first: dict[tuple[str, int | None], Row] = {}
    for row in rows:
        number = row.local.port.number if row.local and row.local.port else None
        first.setdefault((row.program, number), row)
    said = []
    for (name, _), row in first.items():
        if row.local is not None:
            range_ = f"-{row.ports[1]}" if row.ports else ""
            at = f"{phrases.where(row.local)}{range_}"
            said.append(f"{name[:60]} at {at}" if name else at)
    return said


def services(table: Table) -> list[str]:
    """Services of Kubernetes: which port is open where."""
    ends = [(row, row.local) for row in table.rows if row.local is not None]
    inside = [_named(row) for row, end in ends if end.host is not None and end.host.version]
    nodes = [
        _named(row)
        for row, end in ends
        if end.host is None and (phrases.number(end) or 0) >= _FIRST_NODE_PORT
    ]
    return [
        *phrases.listed(inside, "Only inside the cluster: {}."),
        *phrases.listed(nodes, "Open on every node: {}."),
    ]


_FIRST_NODE_PORT = 30000
"""Kubernetes documentation, "Service", --service-node-port-range."""


def _named(row: Row) -> str:
    at = phrases.where(row.local) if row.local else ""
    return f"{row.program[:60]} at {at}" if row.program else at


def relays(table: Table) -> list[str]:
    """netsh's portproxy: from where to where."""
    ways = [
        f"{phrases.where(row.local)} to {phrases.where(row.peer)}"
        for row in table.rows
        if row.local and row.peer
    ]
    opened = [
        phrases.where(row.local)
        for row in table.rows
        if row.local and phrases.reach(row.local) not in (HOST, None)
    ]
    told = [phrases.fitting(ways, lambda said: f"Windows relays {said}.")]
    if opened:
        verb = "is" if len(opened) == 1 else "are"
        told.append(
            phrases.fitting(
                opened,
                lambda said: f"{said} {verb} open to the network, unless a firewall stops it.",
            )
        )
    return told


def reserved(table: Table) -> list[str]:
    """Windows' reserved ranges."""
    ranges = [row.ports for row in table.rows if row.ports]
    ports = [str(first) if first == last else f"{first}-{last}" for first, last in ranges]
    protocol = (table.rows[0].protocol or "tcp").upper()
    total = sum(last - first + 1 for first, last in ranges)
    what = f"{total} {protocol} ports" if total > 1 else f"one {protocol} port"
    return [
        phrases.fitting(ports, lambda said: f"Windows reserves {what}: {said}."),
        "No program can listen on a port in these ranges, although it looks free.",
    ]


def tracked(table: Table) -> list[str]:
    """conntrack: who asked whom, and whether an answer came."""
    items = [
        f"{phrases.where(row.local)} to {phrases.where(row.peer)}{_unanswered(row)}"
        for row in table.rows
        if row.local and row.peer
    ]
    total = phrases.begin(phrases.count(len(items), "connection"))
    return [phrases.fitting(items, lambda said: f"{total} in conntrack: {said}.")]


def _unanswered(row: Row) -> str:
    return " without an answer" if row.state == "SYN_SENT" else ""


def tried(table: Table) -> list[str]:
    """nc, Test-NetConnection and others: whether the connection was accepted."""
    good = _targets(table, "OPEN")
    bad = [end for end in _targets(table, "FAILED") if end not in good]
    told = []
    if good:
        them = "each of them" if len(good) > 1 else "it"
        told.append(
            phrases.fitting(
                good,
                lambda said: f"The connection to {said} succeeded: a program listens on {them}.",
            )
        )
        if any(row.protocol == "udp" for row in table.rows):
            return ["The packet to " + good[0] + " was sent: for UDP, that proves no listener."]
    if bad:
        told.append(phrases.fitting(bad, lambda said: f"No TCP connection to {said} was possible."))
    return told[:2]


def _targets(table: Table, state: str) -> list[str]:
    ends = [phrases.where(row.peer) for row in table.rows if row.peer and row.state == state]
    return list(dict.fromkeys(ends))


def scanned(table: Table) -> list[str]:
    """nmap: which ports accepted, which did not answer."""
    about = f" on {phrases.where(table.about)}" if table.about else ""
    opened = [_port(row) for row in table.rows if row.state == "OPEN"]
    silent = [_port(row) for row in table.rows if row.state == "FILTERED"]
    closed = [_port(row) for row in table.rows if row.state == "CLOSED"]
    told = []
    if opened:
        noun = phrases.count(len(opened), "open port")
        told.append(phrases.fitting(opened, lambda said: f"nmap found {noun}{about}: {said}."))
    if silent:
        told.append(
            phrases.fitting(
                silent, lambda said: f"No answer{about} from {said}: a firewall drops packets."
            )
        )
    if closed and len(told) < 2:
        told.append(phrases.fitting(closed, lambda said: f"No program listens{about} on {said}."))
    return told


def _port(row: Row) -> str:
    number = row.local.port.number if row.local and row.local.port else ""
    return f"{number} ({row.program})" if row.program else f"{number}"
