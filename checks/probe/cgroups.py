"""What started a process, read off its control group.

The path of a control group names the systemd unit or the container. The
kernel also tells the group of a *socket*, to everyone: so the unit behind a
port is known even where the process is hidden.
"""

from __future__ import annotations

import os

from checks.probe import files

_HEXADECIMAL = frozenset("0123456789abcdef")

_RUNTIMES = {
    "docker": "Docker container",
    "libpod": "Podman container",
    "cri-containerd": "Kubernetes container",
    "containerd": "containerd container",
    "crio": "Kubernetes container",
}

_MOST_GROUPS = 4096
"""Directories looked at before the search for a group's number is given up."""

_ROOTS = ("/sys/fs/cgroup", "/sys/fs/cgroup/unified")
"""Where version 2 is mounted: alone, and beside version 1."""


def describe(path: str) -> str | None:
    """Return what a control group's path says about who started its processes.

    Arguments:
        path: as in ``/proc/PID/cgroup``: ``/system.slice/nginx.service``.

    Returns:
        ``systemd unit nginx.service``, ``Docker container 0123456789ab``, ...;
        None where the path names neither a unit nor a container. A login
        session's scope is no unit: it says nothing about a service.
    """
    parts = path.split("/")
    for at, part in enumerate(parts):
        before = parts[at - 1] if at else ""
        said = _container(part, before, path) or _system_container(part, before)
        if said:
            return said
    return _unit(parts)


def _container(part: str, before: str, path: str) -> str | None:
    """A container's 64 hexadecimal digits: ``docker-ID.scope``, or ``ID`` below ``docker``."""
    runtime, _, identity = part.removesuffix(".scope").rpartition("-")
    if len(identity) != 64 or not _HEXADECIMAL.issuperset(identity):
        return None
    runtime = runtime or before
    if runtime not in _RUNTIMES and "kubepods" in path:
        runtime = "crio"
    return f"{_RUNTIMES.get(runtime, 'container')} {identity[:12]}"


def _system_container(part: str, before: str) -> str | None:
    """A whole system in a container: LXC's ``lxc.payload.NAME``, systemd's ``machine-NAME``."""
    if part.startswith("lxc.payload.") or (before == "lxc" and part):
        return f"LXC container {part.removeprefix('lxc.payload.')}"
    if part.startswith("machine-") and part.endswith(".scope"):
        return f"systemd machine {_unescape(part[8:-6])}"
    return None


def of_process(pid: int | str, root: str = "/proc") -> str | None:
    """Return :func:`describe` of a process' control group; None where hidden or unknown."""
    text = files.read(f"{root}/{pid}/cgroup") or ""
    paths = [line.split(":", 2)[-1] for line in text.splitlines()]
    # Version 2 ("0::/...") stands last; with version 1 systemd's own hierarchy names the unit.
    for path in dict.fromkeys(reversed(paths)):
        said = describe(path)
        if said:
            return said
    return None


def of_number(number: int, roots: tuple[str, ...] = _ROOTS) -> str | None:
    """Return :func:`describe` of the control group with this number.

    The number is the inode of the group's directory. Turning it into a path
    directly (open_by_handle_at) needs privileges, so the tree is walked: at
    most :data:`_MOST_GROUPS` directories, breadth first.
    """
    for root in roots:
        # Only version 2 has this file, and only version 2 numbers sockets' groups.
        if os.path.exists(f"{root}/cgroup.controllers"):
            path = _find(root, number)
            return describe(path) if path else None
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


def _unit(parts: list[str]) -> str | None:
    """The innermost service, socket or application scope; user managers are not it."""
    for part in reversed(parts):
        name = _unescape(part)
        if name.endswith(".service") and not name.startswith("user@"):
            return f"systemd unit {name}"
        if name.endswith(".scope") and not name.startswith(("session-", "init.")):
            return f"systemd unit {name}"
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
