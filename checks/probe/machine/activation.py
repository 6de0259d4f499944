"""Listeners that are held for a service which a connection would start.

systemd's socket units, systemd-socket-activate, inetd, xinetd, rlinetd and launchd
listen in place of a service. To connect and leave again is then no harmless
question: it starts the service. So these are known before anything is
connected to, by the process that holds the socket. A name alone is not believed:
any process may call itself ``systemd``, so it has to be process 1, or to run
the very program, from a file that is root's.

An ordinary user may not see process 1's descriptors. Then the socket's control
group tells, or a unit file that has the port and is in use.

Not among them are tcpsvd, tcpserver, and socat or ncat that run a program for
each client: those are the server itself, started for this one service, and they
fork for a client as sshd does.
"""

from __future__ import annotations

import os

from checks.model.evidence import Activation
from checks.model.records import NamedTuple
from checks.model.words import TCP
from checks.probe.machine import cgroups, files
from checks.probe.machine.relay import positional, split

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from checks.model.evidence import Listener, Owner
    from checks.probe.machine.inetd import Service
    from checks.probe.machine.socket_units import SocketUnit

_INETDS = {
    "inetd": "inetd",
    "openbsd-inetd": "inetd",
    "inetutils-inetd": "inetd",
    "busybox": "inetd",
    "xinetd": "xinetd",
    "rlinetd": "rlinetd",
}
"""What each super-server is, by the file name of its program."""

_ACTIVATE = ("systemd-socket-activate", "systemd-activate")
_ACTIVATE_VALUES = frozenset(("-l", "-E", "--listen", "--setenv", "--fdname"))
_SYSTEMD = "/systemd/systemd"  # /usr/lib/systemd/systemd, and below /nix/store on NixOS
_NAMES = frozenset(("systemd", "launchd", "systemd-socket-", *_ACTIVATE, *_INETDS))
"""Names worth a look; the kernel cuts a process' name to 15 characters."""


def mark(listeners: Sequence[Listener], root: str = "") -> tuple[Listener, ...]:
    """The listeners, with :class:`checks.model.evidence.Activation` at those that have one.

    Arguments:
        listeners: rows of the socket table. Unit files are read once for all of them, and
            only where one is held by systemd, or by a process that is not visible.
        root: put before each path that is looked at.
    """
    book = _Book(root)
    return tuple(
        row if (found := _find(row, book)) is None else row._replace(activation=found)
        for row in listeners
    )


class _Book:
    """The unit files of the system and of each user, read when they are first asked for."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._units: dict[int | None, tuple[SocketUnit, ...]] = {}
        self._booted: bool | None = None

    @property
    def booted(self) -> bool:
        """Whether systemd runs this system: sd_booted(3)."""
        if self._booted is None:
            self._booted = os.path.isdir(f"{self.root}/run/systemd/system")
        return self._booted

    def unit(self, row: Listener, uid: int | None) -> SocketUnit | None:
        """The socket unit that listens where a row does."""
        if uid not in self._units:
            self._units[uid] = self._files().read(self.root, uid)
        unit: SocketUnit | None = self._files().on(self._units[uid], row.address, row.port)
        return unit

    def runs(self, unit: SocketUnit, uid: int | None) -> bool:
        """Whether the service of a unit runs; one instance a connection is never "the" service."""
        return not unit.accept and self._files().is_running(unit.starts, uid, self.root)

    @staticmethod
    def _files() -> ModuleType:
        from checks.probe.machine import socket_units  # noqa: PLC0415 - where systemd may listen

        return socket_units


class _Super(NamedTuple):
    """A process that listens for others: what it is, and itself."""

    kind: str
    owner: Owner


def _find(row: Listener, book: _Book) -> Activation | None:
    if row.protocol != TCP:
        return None
    if not row.owners:
        return _of_hidden(row, book)
    if not any(owner.name in _NAMES for owner in row.owners):  # ten thousand rows may be asked
        return None
    supers = [found for owner in row.owners if (found := _super(owner, book.root)) is not None]
    if not supers:
        return None
    kind, owner = supers[0]
    # A service that has been started holds the socket as well (Accept=no, inetd's wait).
    running = len(supers) < len(row.owners)
    if kind == "systemd":
        return _of_systemd(row, None if owner.pid == 1 else row.uid, book, running=running)
    if kind == "systemd-socket-activate":
        return Activation(kind, None, _activated(_words(owner.command)), None, running)
    if kind == "launchd":
        return Activation(kind, None, None, None, running)
    service = _service(kind, owner, row.port, book.root)
    if service is None:
        return Activation(kind, None, None, None, running)
    if not service.program:  # inetd itself answers: echo, daytime
        return None
    return Activation(kind, service.name, service.program, None, running)


def _of_systemd(
    row: Listener, uid: int | None, book: _Book, *, running: bool | None = None
) -> Activation:
    """A socket of a manager: its unit by the socket's control group, else by the unit files.

    Arguments:
        row: the listener.
        uid: the user whose manager it is; None for the system's.
        book: the unit files.
        running: whether the service is known to run; None where its control group decides.
    """
    unit = book.unit(row, uid)
    group = row.managed_by.name if row.managed_by is not None else ""
    if group.endswith(".socket") and (unit is None or unit.name != group):
        return Activation("systemd", group, None, uid, running or False)
    if unit is None:
        return Activation("systemd", None, None, uid, running or False)
    if running is None:
        running = book.runs(unit, uid)
    return Activation("systemd", unit.name, unit.starts, uid, running)


def _of_hidden(row: Listener, book: _Book) -> Activation | None:
    """What the socket's control group and the unit files tell of a holder that is not visible."""
    group = row.managed_by
    if group is not None:
        held = group.name.endswith(".socket") or cgroups.is_manager(group)
        return _of_systemd(row, group.uid, book) if group.kind == "systemd" and held else None
    if row.uid not in (0, None) or not book.booted:
        return None
    unit = book.unit(row, None)
    return _of_systemd(row, None, book) if unit is not None and unit.enabled else None


def _super(owner: Owner, root: str) -> _Super | None:
    """The process, where it is one that starts services."""
    if owner.name not in _NAMES:
        return None
    exe = (files.link(f"{root}/proc/{owner.pid}/exe") or "").removesuffix(" (deleted)")
    if owner.name == "systemd":
        is_one = owner.pid == 1 and (not exe or exe.endswith(_SYSTEMD))
        return _Super("systemd", owner) if is_one or _is_manager(owner.pid, exe, root) else None
    if owner.name == "launchd":
        return _Super("launchd", owner) if owner.pid == 1 else None
    words = _words(owner.command)
    program = (exe or (words[0] if words else owner.name)).rpartition("/")[2]
    if program in _ACTIVATE:
        return _Super("systemd-socket-activate", owner)
    if program == "busybox" and "inetd" not in (_base(word) for word in words[:2]):
        return None
    return _Super(_INETDS[program], owner) if program in _INETDS else None


def _is_manager(pid: int, exe: str, root: str) -> bool:
    """Whether a process is ``systemd --user``: it runs systemd's own program, which is root's."""
    if not exe.endswith(_SYSTEMD):
        return False
    try:
        return os.stat(f"{root}/proc/{pid}/exe").st_uid == 0
    except OSError:  # it has ended
        return False


def _words(command: str | None) -> list[str]:
    return split(command or "")


def _base(word: str) -> str:
    return word.rpartition("/")[2]


def _activated(words: Sequence[str]) -> str | None:
    """The program that systemd-socket-activate starts: the first word that is no option."""
    plain = positional(words[1:], _ACTIVATE_VALUES)
    return _base(plain[0]) if plain else None


def _service(kind: str, owner: Owner, port: int, root: str) -> Service | None:
    from checks.probe.machine import inetd  # noqa: PLC0415 - 0.3 ms, for its processes only

    if kind == "inetd":
        return inetd.of_inetd(owner, port, root)
    return inetd.of_xinetd(owner, port, root) if kind == "xinetd" else None
