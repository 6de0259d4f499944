"""What to do about a table: name the programs of the processes, test what failed.

Sources: ps(1) of procps, FreeBSD and macOS; PowerShell, Get-Process, Get-NetTCPConnection,
Test-NetConnection; Docker CLI reference, "docker container port"; kubectl reference,
"port-forward"; Windows, "Netsh interface portproxy commands".
"""

from __future__ import annotations

from checks.findings import commands
from checks.findings.base import Fix
from checks.findings.overview import told
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
    of_engine = line.split(" ")[0] in ("docker", "podman", "nerdctl")
    if places and of_engine and len(line) <= _LONGEST and line.isprintable():
        made, end = "", 0
        for place in sorted(places):
            made += f"{text[end:place]}127.0.0.1:"
            end = place
        yield Fix(step, (made + text[end:]).strip())


_LONGEST = 200
"""Characters of a command that is repeated."""


def _sockets(table: Table) -> Iterator[Fix]:
    """Name the programs: by their pids, or by a command that shows the pids."""
    yield from _behind(table.rows)
    system = table.system if table.system in _SYSTEMS else None
    pids = [str(pid) for pid in dict.fromkeys(row.pid for row in _told(table.rows)) if pid]
    if pids:
        listed = ",".join(pids[:_MOST])
        if table.system == "windows":
            command = f"Get-Process -Id {listed} | Select-Object Id, Name, Path"
        else:
            command = f"ps -o pid,user,args -p {listed}"
        text = "Name the programs:" if len(pids) > 1 else "Name the program:"
        if len(pids) == 1 and any(row.program for row in table.rows):
            text = "Show the program and its command line:"
        yield Fix(text, command, system)
    hidden = [row for row in _told(table.rows) if row.pid is None and row.peer is None]
    if not pids and hidden:
        yield from _unnamed(hidden, table.system)


def _behind(rows: Sequence[Row]) -> Iterator[Fix]:
    """Where a program only passes connections on, the one behind it."""
    for row in rows:
        number = row.local.port.number if row.peer is None and row.local and row.local.port else 0
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
    return sorted(rows, key=lambda row: row.peer is not None or reach(row.local) == HOST)


def _unnamed(rows: Sequence[Row], system: str | None) -> Iterator[Fix]:
    udp = all(row.protocol == UDP for row in rows)
    numbers = [row.local.port.number for row in rows if row.local and row.local.port]
    found = [str(number) for number in dict.fromkeys(numbers) if number][:_MOST]
    text = "Show which programs these are:" if len(found) > 1 else "Show which program it is:"
    if not found:
        return
    if system == "windows":
        kind = "UDPEndpoint" if udp else "TCPConnection"
        yield Fix(
            text,
            f"Get-Net{kind} -LocalPort {','.join(found)} |"
            " Select-Object LocalAddress, LocalPort, OwningProcess",
            "windows",
        )
    elif system == "macos":
        listening = "" if udp else " -sTCP:LISTEN"
        protocol = "UDP" if udp else "TCP"
        yield Fix(text, f"sudo lsof -nP -i{protocol}:{','.join(found)}{listening}", "macos")
    elif system == "linux":
        terms = " or ".join(f"sport = :{number}" for number in found)
        terms = f"( {terms} )" if len(found) > 1 else terms
        yield Fix(text, f"sudo ss -{'lunp' if udp else 'ltnp'} '{terms}'", "linux")


def _containers(table: Table) -> Iterator[Fix]:
    if not table.rows:
        yield Fix(
            "Show the stopped containers too:",
            "docker ps -a",
            look_for="STATUS has the exit code; docker logs NAME has the reason.",
        )
    opened = [row for row in table.rows if row.local and reach(row.local) != HOST and row.program]
    for row in [*opened, *(row for row in table.rows if row.program)][:1]:
        if commands.is_safe(row.program):
            yield Fix("Show all ports that the container publishes:", f"docker port {row.program}")
    for row in opened[:1]:
        number = row.local.port.number if row.local and row.local.port else None
        if number and row.into:
            yield Fix(
                "To keep it to this machine, publish the port as"
                f" 127.0.0.1:{number}:{row.into}. A rule of ufw does not stop it."
            )


def _services(table: Table) -> Iterator[Fix]:
    for row in table.rows:
        number = row.local.port.number if row.local and row.local.port else None
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
    yield Fix("Let the program listen on a port outside of these ranges.")
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
        ("kubectl describe svc", "conntrack", "nc", "ncat", "netcat", "curl", "pg_isready", "nmap"),
        _nothing,
    ),
}
