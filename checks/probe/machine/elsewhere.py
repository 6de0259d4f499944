"""The facts about another system than Linux, by psutil and the system's own commands.

psutil is optional. The parsers are separate from the commands, so that they can be
tested on recorded outputs anywhere.
"""

from __future__ import annotations

import itertools
import os
import re
import socket

from checks.model.evidence import Interface, Machine
from checks.probe import system
from checks.probe.machine import tools

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

psutil: ModuleType | None
"""The library, where it is installed."""
try:
    import psutil as _psutil
except ImportError:
    psutil = None
else:
    psutil = _psutil

_PATIENCE = 2.0  # seconds for a command
_BSD_RANGE = ("net.inet.ip.portrange.first", "net.inet.ip.portrange.last")


def facts(name: str) -> Machine:
    """Return how a system treats ports.

    Arguments:
        name: the system, as :data:`checks.probe.system.NAME` has it.
    """
    return Machine(
        system=name,
        user=system.user(),
        privileged=system.is_administrator(),
        ephemeral=ephemeral_range(name),
        unprivileged_start=unprivileged_start(name),
        reserved_ports=reserved_ports(name),
        interfaces=interfaces(),
    )


def interfaces() -> tuple[Interface, ...]:
    """Return every address of this machine, by ``ifconfig`` without psutil; empty without both."""
    if psutil is None:
        return parse_ifconfig(_run("ifconfig", "-a")) if system.NAME != "windows" else ()
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


def parse_ifconfig(text: str) -> tuple[Interface, ...]:
    """Read ``ifconfig -a`` of macOS and the BSDs: a name at the margin, its addresses below.

    The mask is hexadecimal (ifconfig(8)); a far end behind ``-->`` is another machine's.
    """
    found = []
    name = ""
    for line in text.splitlines():
        match = _INTERFACE.match(line)
        if match is not None:
            name = match[1]
            continue
        words = line.split()
        kind, address = words[:2] if len(words) > 1 else ("", "")
        length = _mask_of(words)
        if name and kind in ("inet", "inet6") and length is not None:
            found.append(Interface(name, address.partition("%")[0], length))
    return tuple(found)


_INTERFACE = re.compile(r"([A-Za-z][\w.-]{0,31}): flags=", re.ASCII)
_MASK = re.compile(r"0x[0-9a-f]{8}", re.ASCII)
_LENGTH = re.compile(r"[0-9]{1,3}", re.ASCII)


def _mask_of(words: list[str]) -> int | None:
    """The prefix length of a line of addresses; None where it has none that can be read."""
    for word, value in itertools.pairwise(words):
        if word == "netmask" and _MASK.fullmatch(value):
            return bin(int(value, 16)).count("1")
        if word == "prefixlen" and _LENGTH.fullmatch(value) and int(value) <= 128:
            return int(value)
    return None


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


def _prefix_length(netmask: str) -> int:
    """Read ``255.255.255.0`` or ``ffff:ffff::`` as the number of its one bits."""
    try:
        family = socket.AF_INET6 if ":" in netmask else socket.AF_INET
        return bin(int.from_bytes(socket.inet_pton(family, netmask), "big")).count("1")
    except (OSError, ValueError):
        return 0


def _run(program: str, *arguments: str) -> str:
    """Return what a command of the system prints; "" where it cannot be run or takes too long.

    By its whole path: Windows looks in the working directory before its own (CreateProcess).
    """
    path = next((each for each in _paths(program) if os.path.exists(each)), None)
    return (path and tools.output((path, *arguments), _PATIENCE)) or ""


def _paths(program: str) -> tuple[str, ...]:
    """Where a system has its own programs."""
    if system.NAME == "windows":
        root = os.environ.get("SYSTEMROOT", r"C:\Windows")
        return (rf"{root}\System32\{program}.exe",)
    return tuple(f"{folder}/{program}" for folder in ("/usr/sbin", "/sbin", "/usr/bin", "/bin"))
