"""systemd's socket units, read from their files: which unit listens on a port.

``systemctl list-sockets`` knows it too, at the price of a process and of a bus
that may not be there. The files say the same where they have not been changed
since they were loaded. They may be a user's own, so nothing in them is trusted:
only plain files of bounded size are read.

Sources: systemd.unit(5) for the directories and drop-ins, systemd.socket(5) for
ListenStream=, Accept= and Service=.
"""

from __future__ import annotations

import os
import stat

from checks.address import ipv4, ipv6
from checks.model.records import NamedTuple
from checks.probe import system
from checks.probe.machine import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SYSTEM = (
    "/etc/systemd/system.control",
    "/run/systemd/system.control",
    "/run/systemd/transient",
    "/run/systemd/generator.early",
    "/etc/systemd/system",
    "/etc/systemd/system.attached",
    "/run/systemd/system",
    "/run/systemd/system.attached",
    "/run/systemd/generator",
    "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system",
    "/lib/systemd/system",
    "/run/systemd/generator.late",
)
"""Where the system's units are, the first that has a name counts."""

_USER = (
    "{home}/.config/systemd/user.control",
    "{run}/systemd/user.control",
    "{run}/systemd/transient",
    "{run}/systemd/generator.early",
    "{home}/.config/systemd/user",
    "/etc/systemd/user",
    "{run}/systemd/user",
    "/run/systemd/user",
    "{run}/systemd/generator",
    "{home}/.local/share/systemd/user",
    "/usr/local/share/systemd/user",
    "/usr/share/systemd/user",
    "/usr/local/lib/systemd/user",
    "/usr/lib/systemd/user",
    "{run}/systemd/generator.late",
)
"""The same for the manager of a user."""

_GROUPS = ("/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd")
_MOST_ENTRIES = 10_000  # of one directory
_MOST_UNITS = 1000


class SocketUnit(NamedTuple):
    """One address, or one path, that a socket unit listens on.

    Arguments:
        name: ``cups.socket``.
        address: canonical text; "" for every address of this machine; of a Unix socket its path.
        port: 1 to 65535; 0 for a Unix socket.
        starts: the service that a connection starts, ``cups.service``; with
            Accept=yes the template, ``finger@.service``.
        enabled: whether another unit wants it, or it has a control group.
        accept: whether a connection starts an instance of its own.
    """

    name: str
    address: str
    port: int
    starts: str
    enabled: bool
    accept: bool


def on(units: Sequence[SocketUnit], address: str, port: int) -> SocketUnit | None:
    """Return the unit that listens there, an enabled one first; None where none is known.

    Arguments:
        units: what :func:`read` gave.
        address: the bound address of a listener, canonical text.
        port: its port.
    """
    wanted = ("", address) if address in ("0.0.0.0", "::") else (address,)
    found = [unit for unit in units if unit.port == port and unit.address in wanted]
    return min(found, key=lambda unit: not unit.enabled, default=None)


def read(root: str = "", uid: int | None = None) -> tuple[SocketUnit, ...]:
    """Return the stream sockets of all socket units of the system, or of a user.

    Arguments:
        root: put before each path.
        uid: the user; None for the system's.
    """
    directories = [f"{root}{path}" for path in _directories(uid)]
    known: dict[str, str] = {}
    wanted: set[str] = set()
    for directory in directories:
        for name in _names(directory):
            if name.endswith(".socket"):
                known.setdefault(name, f"{directory}/{name}")
            elif name.endswith((".wants", ".requires")):
                wanted.update(each for each in _names(f"{directory}/{name}") if _is_socket(each))
    found: list[SocketUnit] = []
    for name in sorted({*known, *wanted})[:_MOST_UNITS]:
        path = known.get(name) or known.get(_template(name))
        if path is None or name.partition(".socket")[0].endswith("@"):
            continue
        enabled = name in wanted or _group(name, uid, root) is not None
        found += _sockets(name, path, directories, enabled)
    return tuple(found)


def short(path: str) -> str:
    """Return a path as it is without the link that ``/var/run`` is: file-hierarchy(7)."""
    return path.removeprefix("/var") if path.startswith("/var/run/") else path


def is_running(service: str, uid: int | None, root: str = "") -> bool:
    """Whether the control group of a service has a process."""
    group = _group(service, uid, root)
    if group is None:
        return False
    events = files.read(f"{group}/cgroup.events") or ""
    return "populated 1" in events or bool((files.read(f"{group}/cgroup.procs") or "").strip())


def _directories(uid: int | None) -> Iterator[str]:
    if uid is None:
        yield from _SYSTEM
        return
    home = system.home_of(uid)
    for path in _USER:
        if home is not None or "{home}" not in path:
            yield path.format(home=home, run=f"/run/user/{uid}")


def _names(directory: str) -> list[str]:
    try:
        return os.listdir(directory)[:_MOST_ENTRIES]
    except OSError:
        return []


def _is_socket(name: str) -> bool:
    return name.endswith(".socket")


def _template(name: str) -> str:
    """``web@8080.socket`` is made from ``web@.socket``; "" for a name that is no instance."""
    head, at, _ = name.partition("@")
    return f"{head}@.socket" if at else ""


def _instance(name: str) -> str:
    return name.partition("@")[2].removesuffix(".socket")


def _group(unit: str, uid: int | None, root: str) -> str | None:
    """The control group of a unit that is active; None where none is seen."""
    homes = ["system.slice"]
    if uid is not None:
        manager = f"user.slice/user-{uid}.slice/user@{uid}.service"
        homes = [f"{manager}/app.slice", manager]
    elif "@" in unit:
        homes.append(f"system.slice/system-{unit.partition('@')[0]}.slice")
    for top in _GROUPS:
        for home in homes:
            path = f"{root}{top}/{home}/{unit}"
            if os.path.isdir(path):
                return path
    return None


def _sockets(
    name: str, path: str, directories: Sequence[str], enabled: bool
) -> Iterator[SocketUnit]:
    """What one unit listens on, with its drop-ins."""
    streams: list[str] = []
    accept, service = False, ""
    for text in _texts(name, path, directories):
        for key, value in _settings(text):
            if key == "ListenStream":
                streams = [*streams, value] if value else []
            elif key == "Accept":
                accept = value.lower() in ("1", "yes", "y", "true", "t", "on")
            elif key == "Service":
                service = value
    stem = name.removesuffix(".socket")
    service = service or (f"{stem}@.service" if accept and "@" not in stem else f"{stem}.service")
    for stream in streams:
        place = parse(stream.replace("%i", _instance(name)).replace("%I", _instance(name)))
        if place is not None:
            yield SocketUnit(name, *place, service, enabled, accept)
        elif stream.startswith(("/", "@")):
            yield SocketUnit(name, short(stream), 0, service, enabled, accept)


def _texts(name: str, path: str, directories: Sequence[str]) -> Iterator[str]:
    """The unit's file, then its drop-ins by name; of two with one name the first directory's."""
    yield _text(path)
    parts: dict[str, str] = {}
    for directory in directories:
        for unit in (name, _template(name)):
            for each in _names(f"{directory}/{unit}.d") if unit else ():
                if each.endswith(".conf"):
                    parts.setdefault(each, f"{directory}/{unit}.d/{each}")
    for each in sorted(parts):
        yield _text(parts[each])


def _text(path: str) -> str:
    """A small file that is one; "" for anything else, such as a pipe, which could block."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return ""
    except (OSError, ValueError):
        return ""
    return files.read(path) or ""


def _settings(text: str) -> Iterator[tuple[str, str]]:
    """The settings of the section ``[Socket]``, lines that are continued put together."""
    section = ""
    for line in text.replace("\\\n", " ").splitlines():
        line = line.strip()
        if line.startswith("["):
            section = line
        elif section == "[Socket]" and line[:1] not in ("#", ";", ""):
            key, _, value = line.partition("=")
            yield key.strip(), value.strip()


def parse(stream: str) -> tuple[str, int] | None:
    """Read a ListenStream= value: address ("" for any) and port; None where it is no TCP socket.

    ``631``, ``127.0.0.1:631``, ``[::1]:631``, ``[::1]:631%lo``; no path, no ``@name``,
    no ``vsock:``.
    """
    host, colon, number = stream.partition("%")[0].rpartition(":")
    if not (number.isascii() and number.isdecimal() and len(number) <= 5):
        return None
    port = int(number)
    if not 0 < port < 65536:
        return None
    if not colon:
        return "", port
    if host.startswith("[") and host.endswith("]"):
        six = ipv6.parse(host[1:-1])
        return None if six is None else (ipv6.format(six), port)
    four = ipv4.parse(host)
    return None if four is None else (ipv4.format(four), port)
