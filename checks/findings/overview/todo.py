"""What to do about a table: name the programs of the processes, test what failed.

Sources: ps(1) of procps, FreeBSD and macOS; PowerShell, Get-Process, Get-NetTCPConnection,
Test-NetConnection; Docker CLI reference, "docker container port"; kubectl reference,
"port-forward"; Windows, "Netsh interface portproxy commands".
"""

from __future__ import annotations

import re

from checks.findings import commands
from checks.findings.base import Fix
from checks.findings.overview import phrases, told
from checks.findings.overview.phrases import HOST, reach
from checks.model.words import UDP
from checks.text.settings.record import EVERY, HERE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from checks.text import Classification
    from checks.text.settings import Setting
    from checks.text.tables import Row, Table

_MOST = 8
"""Processes or ports in one command."""
_SYSTEMS = ("linux", "macos", "windows")


def of(table: Table) -> list[Fix]:
    """Return the steps for one table, the most useful first."""
    return list(_BY_TOOL.get(table.tool, _sockets)(table))


def of_settings(classification: Classification) -> list[Fix]:
    """Return the steps for what a text makes listen: close it, then see what listens.

    Arguments:
        classification: a text with settings.
    """
    found: list[Fix] = []
    opened = [
        one
        for one in classification.settings
        if one.key == "docker-publish" and told.is_open(one) and one.endpoint
    ]
    found += _published_here(classification.input, opened)
    here = (one.port for one in classification.settings if one.at == HERE and one.port)
    port = next(here, None)
    return [*found, *commands.who_listens(port)] if port else found


def _published_here(text: str, opened: Sequence[Setting]) -> Iterator[Fix]:
    """The same command with 127.0.0.1 before each port, or what to write in a file."""
    step = "Publish it for this machine only, if no other machine needs it:"
    files = [one for one in opened if one.tool == "Compose" and one.port and one.into]
    if files:
        yield Fix(f'{step[:-1]}, as "127.0.0.1:{files[0].port}:{files[0].into}".')
        return
    places = [one.endpoint.span[0] for one in opened if one.endpoint and one.address == EVERY]
    line = text.strip()
    if not places or line.split(" ")[0] not in ("docker", "podman", "nerdctl"):
        return
    if len(line) <= _LONGEST and line.isprintable() and _is_one_command(line):
        made, end = "", 0
        for place in sorted(places):
            made += f"{text[end:place]}127.0.0.1:"
            end = place
        yield Fix(step, (made + text[end:]).strip())


_LONGEST = 200
"""Characters of a command that is repeated."""
_VARIABLE = re.compile(r"\$(?:\(pwd\)|\{[A-Za-z_]\w{0,40}\}|[A-Za-z_]\w{0,40})", re.ASCII)


def _is_one_command(line: str) -> bool:
    """Whether a shell runs one command and no other: a step repeats no more than that."""
    return not _OPERATORS.intersection(_VARIABLE.sub("", line)) and not line.endswith("\\")


_OPERATORS = frozenset(";|&<>()`$#!")
"""What begins another command, redirects one or substitutes its output (POSIX XCU §2)."""


def _sockets(table: Table) -> Iterator[Fix]:
    """Name the programs: by their pids, or by a command that shows the pids."""
    yield from _behind(table.rows)
    pids = [str(pid) for pid in dict.fromkeys(row.pid for row in _told(table.rows)) if pid]
    if pids:
        yield _processes(pids[:_MOST], table)
    else:
        yield from _unnamed([row for row in _told(table.rows) if row.peer is None], table.system)


def _processes(pids: Sequence[str], table: Table) -> Fix:
    """Name processes by their pids."""
    listed = ",".join(pids)
    command = f"ps -o pid,user,args -p {listed}"
    if table.system == "windows":
        command = f"Get-Process -Id {listed} | Select-Object Id, Name, Path"
    text = "Name the programs:"
    if len(pids) == 1:
        known = any(row.program for row in table.rows)
        text = "Show the program and its command line:" if known else "Name the program:"
    return Fix(text, command, table.system if table.system in _SYSTEMS else None)


def _behind(rows: Sequence[Row]) -> Iterator[Fix]:
    """Where a program only passes connections on, the one behind it."""
    for row in rows:
        number = phrases.number(row.local) if row.peer is None else None
        if number and row.program.startswith(_OF_DOCKER):
            yield Fix(
                "Name the container that publishes the port:",
                f"docker ps --filter publish={number}",
            )
            return
        if number and row.pid == _WINDOWS_ITSELF:
            yield Fix(
                "Name the program that uses the port by HTTP.sys:",
                "netsh http show servicestate view=requestq",
                "windows",
            )
            return
        if number in (5000, 7000) and row.program.startswith("ControlCe"):
            yield Fix(
                "To free the port, switch AirPlay Receiver off in System Settings, General, AirDrop"
                " & Handoff.",
                None,
                "macos",
            )
            return


_OF_DOCKER = ("docker-pr", "com.docke", "rootlessp", "rootlessk")
"""docker-proxy, com.docker.backend and their like; lsof shows nine characters of a name."""
_WINDOWS_ITSELF = 4


def _told(rows: Sequence[Row]) -> list[Row]:
    """The rows that others can reach first, then the rest."""
    return sorted(rows, key=lambda row: row.peer is not None or reach(row.local) in (HOST, None))


def _unnamed(rows: Sequence[Row], system: str | None) -> Iterator[Fix]:
    """The command that shows the processes of some ports, on the system of the table."""
    numbers = dict.fromkeys(phrases.number(row.local) for row in rows)
    found = [str(number) for number in numbers if number][:_MOST]
    text = "Show which programs these are:" if len(found) > 1 else "Show which program it is:"
    command = _SHOW.get(system or "")
    if found and command is not None:
        yield Fix(text, command(found, all(row.protocol == UDP for row in rows)), system)


def _on_windows(ports: list[str], udp: bool) -> str:
    kind = "UDPEndpoint" if udp else "TCPConnection"
    shown = "Select-Object LocalAddress, LocalPort, OwningProcess"
    return f"Get-Net{kind} -LocalPort {','.join(ports)} | {shown}"


def _on_macos(ports: list[str], udp: bool) -> str:
    kind, listening = ("UDP", "") if udp else ("TCP", " -sTCP:LISTEN")
    return f"sudo lsof -nP -i{kind}:{','.join(ports)}{listening}"


def _on_linux(ports: list[str], udp: bool) -> str:
    terms = " or ".join(f"sport = :{number}" for number in ports)
    terms = f"( {terms} )" if len(ports) > 1 else terms
    return f"sudo ss -{'lunp' if udp else 'ltnp'} '{terms}'"


_SHOW: dict[str, Callable[[list[str], bool], str]] = {
    "windows": _on_windows,
    "macos": _on_macos,
    "linux": _on_linux,
}


def _containers(table: Table) -> Iterator[Fix]:
    if not table.rows:
        yield Fix(
            "Show the stopped containers too:",
            "docker ps -a",
            look_for="STATUS has the exit code; docker logs NAME has the reason.",
        )
    named = [row for row in _told(table.rows) if commands.is_safe(row.program)]
    for row in named[:1]:
        yield Fix("Show all ports that the container publishes:", f"docker port {row.program}")
        number = phrases.number(row.local)
        if number and row.into and reach(row.local) != HOST:
            yield Fix(
                "To keep it to this machine, publish the port as"
                f" 127.0.0.1:{number}:{row.into}. A rule of ufw does not stop it."
            )


def _services(table: Table) -> Iterator[Fix]:
    for row in table.rows:
        number = phrases.number(row.local)
        known = row.program != "kubernetes"  # the API server, which kubectl reaches anyway
        if known and row.local and row.local.host and number and commands.is_safe(row.program):
            near = number if number >= 1024 else 8000 + number
            yield Fix(
                f"Reach the service from this machine, at 127.0.0.1:{near}, as long as this runs:",
                f"kubectl port-forward svc/{row.program} {near}:{number}",
            )
            return


def _relays(table: Table) -> Iterator[Fix]:
    for row in table.rows[:1]:
        if row.local and row.peer and row.peer.host and row.peer.port:
            host = row.peer.host.address or row.peer.host.text
            if commands.is_safe(host):
                yield Fix(
                    "Test the far end of the relay:",
                    f"Test-NetConnection {host} -Port {row.peer.port.number}",
                    "windows",
                )


def _reserved(table: Table) -> Iterator[Fix]:
    protocol = table.rows[0].protocol or "tcp"
    yield Fix("Make the program listen on a port outside these ranges.")
    yield Fix(
        "Show from which ports Windows takes such ranges:",
        f"netsh interface ipv4 show dynamicport {protocol}",
        "windows",
    )


def _tried(table: Table) -> Iterator[Fix]:
    for row in table.rows:
        if row.state != "FAILED" or row.peer is None or row.peer.port is None:
            continue
        number, host = row.peer.port.number, row.peer.host
        if host is not None and host.loopback and host.address != "127.0.0.1":
            yield Fix(
                "Test the IPv4 address too:",
                f"Test-NetConnection 127.0.0.1 -Port {number}",
                "windows",
            )
        yield Fix(
            "Show what listens on the port, and on which address:",
            f"Get-NetTCPConnection -LocalPort {number} -State Listen",
            "windows",
        )
        return


def _nothing(table: Table) -> Iterator[Fix]:
    return iter(())


_BY_TOOL: dict[str, Callable[[Table], Iterator[Fix]]] = {
    "docker ps": _containers,
    "docker port": _containers,
    "kubectl get svc": _services,
    "portproxy": _relays,
    "excludedportrange": _reserved,
    "Test-NetConnection": _tried,
    **dict.fromkeys(
        (
            "kubectl describe svc",
            "conntrack",
            "nc",
            "ncat",
            "netcat",
            "curl",
            "pg_isready",
            "nmap",
            "tcpdump",
        ),
        _nothing,
    ),
}
