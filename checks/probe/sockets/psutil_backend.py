"""Other systems than Linux: psutil for the tables, the system's own commands for the rest.

psutil is optional. Without it the diagnosis still connects and binds, and
says which line it could not fill. The parsers are separate from the commands,
so that they can be tested on recorded outputs anywhere.
"""

from __future__ import annotations

import socket

from checks.model import shell
from checks.model.evidence import TCP, UDP, Interface, Owner
from checks.model.records import NamedTuple
from checks.probe.sockets.row import BOUND, LISTEN, Row, plain
from checks.rules.tables import TABLES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

SOURCE = "psutil"
MISSING = (
    "Who listens could not be learned: on this system that needs psutil"
    " (python3 -m pip install psutil)."
)
DENIED = (
    "Who listens could not be learned in full: this system shows only the sockets of your own"
    " processes to you. Run it with sudo to see the others."
)

_PATIENCE = 2.0  # seconds for a command
_BSD_RANGE = ("net.inet.ip.portrange.first", "net.inet.ip.portrange.last")

_STATES = {
    "LISTEN": LISTEN,
    "ESTABLISHED": "established",
    "SYN_SENT": "syn-sent",
    "SYN_RECV": "syn-received",
    "FIN_WAIT1": "fin-wait-1",
    "FIN_WAIT2": "fin-wait-2",
    "TIME_WAIT": "time-wait",
    "CLOSE_WAIT": "close-wait",
    "LAST_ACK": "last-ack",
    "CLOSING": "closing",
    "BOUND": BOUND,
    "CLOSE": BOUND,
}
"""psutil's names of states; for UDP it has NONE."""


class Sockets(NamedTuple):
    """What psutil tells of the socket table.

    Arguments:
        rows: each row once.
        owners: of each row, the processes that hold it.
        unread: the tables that were not read, or not whole.
        note: why not, and how to see them; None where all was read.
    """

    rows: list[Row]
    owners: dict[Row, tuple[Owner, ...]]
    unread: tuple[str, ...]
    note: str | None


def sockets(port: int = 0, *, taking: bool = False) -> Sockets:
    """Return the rows on a local port and their owners.

    Arguments:
        port: 1 to 65535; 0 for every row.
        taking: only sockets that take traffic (:attr:`Row.takes_traffic`).
    """
    psutil = _psutil()
    if psutil is None:
        return Sockets([], {}, TABLES, MISSING)
    note = None
    try:
        connections = [(each, each.pid) for each in psutil.net_connections(kind="inet")]
    except psutil.AccessDenied:
        connections, note = _own(psutil), DENIED
    except (psutil.Error, OSError, RuntimeError) as error:
        failed = f"Who listens could not be learned: psutil failed ({type(error).__name__})."
        return Sockets([], {}, TABLES, failed)
    pids: dict[Row, set[int]] = {}
    for each, pid in connections:
        if each.laddr and port in (0, each.laddr.port):
            row = _row(each)
            if row.takes_traffic or not taking:
                pids.setdefault(row, set()).update({pid} if pid else ())
    known = {pid: _owner(psutil, pid) for group in pids.values() for pid in group}
    owners = {
        row: tuple(owner for pid in sorted(group) if (owner := known[pid]) is not None)
        for row, group in pids.items()
    }
    return Sockets(list(pids), owners, TABLES if note else (), note)


def _own(psutil: ModuleType) -> list[tuple[Any, int]]:
    """The sockets of the processes that this user may look at, each with its process.

    macOS shows the whole table to root only, and to others that of their own processes.
    """
    found = []
    for process in psutil.process_iter():
        # Named connections() before psutil 6.
        ask = getattr(process, "net_connections", None) or process.connections
        try:
            found += [(each, process.pid) for each in ask(kind="inet")]
        except (psutil.Error, OSError, RuntimeError):
            continue
    return found


def interfaces() -> tuple[Interface, ...]:
    """Return every address of this machine; empty without psutil."""
    psutil = _psutil()
    if psutil is None:
        return ()
    found = []
    for name, addresses in psutil.net_if_addrs().items():
        for each in addresses:
            if each.family in (socket.AF_INET, socket.AF_INET6):
                text = each.address.partition("%")[0]
                found.append(Interface(name, text, _prefix_length(each.netmask or "")))
    return tuple(found)


def ephemeral_range(system: str) -> tuple[int, int] | None:
    """Return the ports that *system* chooses from, as it is set now; None where unknown."""
    if system == "windows":
        return parse_dynamic_port(_run("netsh", "int", "ipv4", "show", "dynamicport", "tcp"))
    if system in ("macos", "freebsd", "dragonfly"):
        return parse_sysctl_range(_run("sysctl", "-n", *_BSD_RANGE))
    return None


def unprivileged_start(system: str) -> int | None:
    """Return the first port that needs no privilege; None where unknown.

    Windows has no privileged ports. macOS asks for root below 1024 unless the
    address is a wildcard: xnu bsd/netinet/in_pcb.c.
    """
    return 0 if system == "windows" else 1024


def reserved_ports(system: str) -> str:
    """Return the ports set aside, as ``80,50000-50059``; "" where none."""
    if system != "windows":
        return ""
    return parse_excluded_ports(
        _run("netsh", "int", "ipv4", "show", "excludedportrange", "protocol=tcp")
    )


def parse_sysctl_range(text: str) -> tuple[int, int] | None:
    """Read two lines of ``sysctl -n``: first and last port."""
    numbers = [int(word) for word in text.split() if word.isascii() and word.isdecimal()]
    return (numbers[0], numbers[1]) if len(numbers) == 2 else None


def parse_dynamic_port(text: str) -> tuple[int, int] | None:
    """Read ``netsh int ipv4 show dynamicport tcp``: start and count, in any language."""
    values = [line.rpartition(":")[2].strip() for line in text.splitlines() if ":" in line]
    numbers = [int(value) for value in values if value.isascii() and value.isdecimal()]
    if len(numbers) != 2 or not numbers[1]:
        return None
    return numbers[0], numbers[0] + numbers[1] - 1


def parse_excluded_ports(text: str) -> str:
    """Read ``netsh int ipv4 show excludedportrange``: lines of a first and a last port."""
    ranges = []
    for line in text.splitlines():
        words = line.split()
        if len(words) >= 2 and all(word.isascii() and word.isdecimal() for word in words[:2]):
            first, last = words[:2]
            ranges.append(first if first == last else f"{first}-{last}")
    return ",".join(ranges)


def _psutil() -> ModuleType | None:
    try:
        import psutil  # noqa: PLC0415 - optional, and 21 ms to import
    except ImportError:
        return None
    module: ModuleType = psutil
    return module


def _row(connection: object) -> Row:
    local, remote = connection.laddr, connection.raddr  # type: ignore[attr-defined]
    udp = connection.type == socket.SOCK_DGRAM  # type: ignore[attr-defined]
    state = _STATES.get(connection.status, "established")  # type: ignore[attr-defined]
    if udp:
        state = "established" if remote else "closed"
    version = 4 if connection.family == socket.AF_INET else 6  # type: ignore[attr-defined]
    nowhere = "0.0.0.0" if version == 4 else "::"
    return Row(
        UDP if udp else TCP,
        state,
        version,
        plain(local.ip),
        local.port,
        plain(remote.ip) if remote else nowhere,
        remote.port if remote else 0,
        None,
        None,
        None,
        None,
        None,
        None,
        0,
        SOURCE,
    )


def _owner(psutil: ModuleType, pid: int) -> Owner | None:
    from time import gmtime, strftime  # noqa: PLC0415 - beside psutil

    try:
        process = psutil.Process(pid)
        facts = process.as_dict(["name", "cmdline", "username", "create_time", "cwd", "ppid"])
    except (psutil.Error, OSError):
        return None
    created = facts["create_time"]
    return Owner(
        pid,
        facts["name"] or "",
        shell.joined(facts["cmdline"]) if facts["cmdline"] else None,
        facts["username"],
        strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(created)) if created else None,
        None,
        facts["cwd"],
        facts["ppid"],
    )


def _prefix_length(netmask: str) -> int:
    """Read ``255.255.255.0`` or ``ffff:ffff::`` as the number of its one bits."""
    try:
        family = socket.AF_INET6 if ":" in netmask else socket.AF_INET
        return bin(int.from_bytes(socket.inet_pton(family, netmask), "big")).count("1")
    except (OSError, ValueError):
        return 0


def _run(*command: str) -> str:
    """Return what a command prints; "" where it fails or takes too long."""
    import os  # noqa: PLC0415 - beside subprocess
    import subprocess  # noqa: PLC0415 - 10 ms, other systems only

    try:
        done = subprocess.run(  # noqa: S603 - fixed commands of the system
            command,
            capture_output=True,
            timeout=_PATIENCE,
            env={**os.environ, "LC_ALL": "C"},
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode("utf-8", "replace")
