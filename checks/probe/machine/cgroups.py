"""What started a process, read off its control group.

The path of a control group names the systemd unit or the container. The
kernel also tells the group of a *socket*, to everyone: so the unit behind a
port is known even where the process is hidden.
"""

from __future__ import annotations

import os

from checks.model.evidence import Unit
from checks.probe.machine import files

_HEXADECIMAL = frozenset("0123456789abcdef")

_RUNTIMES = {
    "docker": "docker",
    "libpod": "podman",
    "libpod-payload": "podman",
    "cri-containerd": "kubernetes",
    "containerd": "containerd",
    "crio": "kubernetes",
}
"""The kind of a container, by the word before its identifier."""

_WORDS = {
    "systemd": "systemd unit",
    "docker": "Docker container",
    "podman": "Podman container",
    "kubernetes": "Kubernetes container",
    "containerd": "containerd container",
    "container": "container",
    "lxc": "LXC container",
    "machine": "systemd machine",
}
"""How each kind of :class:`checks.model.evidence.Unit` is called."""

MANAGER = "init.scope"
"""The unit of a manager's own process; systemd makes the sockets of its socket units there."""

_MOST_GROUPS = 4096
"""Directories looked at before the search for a group's number is given up."""

_ROOTS = ("/sys/fs/cgroup", "/sys/fs/cgroup/unified")
"""Where version 2 is mounted: alone, and beside version 1."""


def parse(path: str) -> Unit | None:
    """Return what a control group's path says about who started its processes.

    Arguments:
        path: as in ``/proc/PID/cgroup``: ``/system.slice/nginx.service``.

    Returns:
        the unit or container; None where the path names neither. A login
        session's scope is no unit: it says nothing about a service.

    As systemd reads it (cg_path_get_unit), the first component that is no slice is
    the unit. What is below a unit may have been made by anyone to whom the unit was
    delegated, with names such as ``ssh.service``, so it is not looked at. Below
    ``user@UID.service`` all belongs to that user's manager, and is read anew.
    """
    uid: int | None = None
    before = ""
    for part in path.split("/"):
        manager = _user_manager(part)
        if manager is not None and uid is None:
            uid, before = manager, part
            continue
        found = _container(part, before, path) or _system_container(part, before)
        if found is not None:
            return found._replace(uid=uid)
        if part.endswith((".service", ".scope", ".socket")):
            return None if _is_login(part) else Unit("systemd", _plain(part), uid)
        before = part
    return None


def _is_login(part: str) -> bool:
    """A session's scope and a user's manager: neither says anything about a service."""
    return part.startswith("user@") or (part.startswith("session-") and part.endswith(".scope"))


def text(unit: Unit | None) -> str | None:
    """Return a unit as reports show it: ``systemd unit nginx.service``.

    A user's own is called so; None for a manager's own process, which is no service.
    """
    if unit is None or is_manager(unit):
        return None
    words = _WORDS[unit.kind]
    if unit.uid is not None:
        words = "systemd user unit" if unit.kind == "systemd" else f"rootless {words}"
    return f"{words} {_unescape(unit.name)}"


def is_manager(unit: Unit | None) -> bool:
    """Whether it is the unit of systemd's own process, the system's or a user's."""
    return unit is not None and unit.kind == "systemd" and unit.name == MANAGER


def describe(path: str) -> str | None:
    """Return what a control group's path says, as :func:`text` has it."""
    return text(parse(path))


def _user_manager(part: str) -> int | None:
    """The user whose manager a component is: ``user@1000.service``; None for any other."""
    number = part.removeprefix("user@").removesuffix(".service")
    if f"user@{number}.service" != part or not (number.isascii() and number.isdecimal()):
        return None
    return int(number)


def _plain(part: str) -> str:
    """The name of a unit: systemd puts ``_`` before one that the kernel could take for its own."""
    return part[1:] if part.startswith("_") else part


def _container(part: str, before: str, path: str) -> Unit | None:
    """A container's 64 hexadecimal digits: ``docker-ID.scope``, or ``ID`` below ``docker``."""
    runtime, _, identity = part.removesuffix(".scope").rpartition("-")
    if len(identity) != 64 or not _HEXADECIMAL.issuperset(identity):
        return None
    runtime = runtime or before
    if runtime not in _RUNTIMES and "kubepods" in path:
        runtime = "crio"
    return Unit(_RUNTIMES.get(runtime, "container"), identity[:12])


def _system_container(part: str, before: str) -> Unit | None:
    """A whole system in a container: LXC's ``lxc.payload.NAME``, systemd's ``machine-NAME``."""
    if part.startswith("lxc.payload.") or (before == "lxc" and part):
        return Unit("lxc", part.removeprefix("lxc.payload."))
    if part.startswith("machine-") and part.endswith(".scope"):
        return Unit("machine", part[8:-6])
    return None


def of_process(pid: int | str, root: str = "/proc") -> str | None:
    """Return :func:`text` of a process' unit; None where hidden or unknown."""
    return text(unit_of_process(pid, root))


def unit_of_process(pid: int | str, root: str = "/proc") -> Unit | None:
    """Return :func:`parse` of a process' control group; None where hidden or unknown."""
    content = files.read(f"{root}/{pid}/cgroup") or ""
    paths = [line.split(":", 2)[-1] for line in content.splitlines()]
    # Version 2 ("0::/...") stands last; with version 1 systemd's own hierarchy names the unit.
    known = [unit for path in dict.fromkeys(reversed(paths)) if (unit := parse(path)) is not None]
    return next((unit for unit in known if text(unit)), known[0] if known else None)


def unit_of_number(number: int, roots: tuple[str, ...] = _ROOTS) -> Unit | None:
    """Return :func:`parse` of the control group with this number.

    The number is the inode of the group's directory. Turning it into a path
    directly (open_by_handle_at) needs privileges, so the tree is walked: at
    most :data:`_MOST_GROUPS` directories, breadth first.
    """
    for root in roots:
        # Only version 2 has this file, and only version 2 numbers sockets' groups.
        if os.path.exists(f"{root}/cgroup.controllers"):
            path = _find(root, number)
            return parse(path) if path else None
    return None


def _find(root: str, number: int) -> str | None:
    queue = [root]
    for directory in queue:  # grows while it is walked
        try:
            with os.scandir(directory) as entries:
                for entry in entries:
                    if not entry.is_dir(follow_symlinks=False):
                        continue
                    if entry.inode() == number:
                        return entry.path[len(root) :]
                    if len(queue) < _MOST_GROUPS:
                        queue.append(entry.path)
        except OSError:
            continue
    return None


def _unescape(name: str) -> str:
    r"""Undo systemd's ``\x2d`` for characters that a unit name cannot hold."""
    first, *rest = name.split("\\x")
    for each in rest:
        code = each[:2]
        if len(code) == 2 and _HEXADECIMAL.issuperset(code):
            first += chr(int(code, 16)) + each[2:]
        else:
            first += "\\x" + each
    return first
