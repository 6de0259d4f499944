"""The facts about a Linux system that verdicts depend on, from procfs and netlink."""

from __future__ import annotations

import os

from checks.model.evidence import Machine
from checks.model.words import TOOLS
from checks.probe import system
from checks.probe.machine import files
from checks.probe.machine.interfaces import interfaces

_NET = "/proc/sys/net/ipv4/"
_CAP_NET_BIND_SERVICE = 10  # capabilities(7)
_CAP_SYS_PTRACE = 19


def facts() -> Machine:
    """Return how this system treats ports, and what it runs inside."""
    return Machine(
        system="linux",
        user=system.user(),
        privileged=privileged(),
        ephemeral=parse_range(files.read(_NET + "ip_local_port_range")),
        unprivileged_start=_number(files.read(_NET + "ip_unprivileged_port_start")),
        reserved_ports=(files.read(_NET + "ip_local_reserved_ports") or "").strip(),
        interfaces=interfaces(),
        surroundings=surroundings(),
        route_localnet=route_localnet(),
        tools=tools(os.environ.get("PATH", os.defpath)),
    )


def tools(path: str) -> tuple[str, ...]:
    """Return which programs a reader can run here, of those that a small system lacks.

    Where systemd does not run, as in most containers, systemctl has no one to ask: sd_booted(3).

    Arguments:
        path: the folders, as PATH has them.
    """
    folders = path.split(os.pathsep)
    return tuple(
        name
        for name in TOOLS
        if any(os.access(f"{folder or '.'}/{name}", os.X_OK) for folder in folders)
        and (name != "systemctl" or os.path.isdir(_BOOTED))
    )


_BOOTED = "/run/systemd/system"


def privileged() -> bool:
    """Whether this process may see every process and bind every port."""
    if system.is_administrator():
        return True
    for line in (files.read("/proc/self/status") or "").splitlines():
        if line.startswith("CapEff:"):
            held = int(line.split()[1], 16)
            return bool(held >> _CAP_NET_BIND_SERVICE & held >> _CAP_SYS_PTRACE & 1)
    return False


def parse_range(text: str | None) -> tuple[int, int] | None:
    """Read two numbers, first and last port; None where the text is not that."""
    words = (text or "").split()
    if len(words) != 2 or not all(word.isascii() and word.isdecimal() for word in words):
        return None
    return int(words[0]), int(words[1])


def surroundings(root: str = "") -> tuple[str, ...]:
    """Return what this Linux runs inside: WSL, a container, its own network namespace.

    Also in words where :func:`route_localnet` is on, since loopback is then no border.

    Arguments:
        root: put before each path that is looked at.
    """
    seen = (_wsl(root), _container(root), _network_namespace(root))
    opened = [f"route_localnet on {name}" for name in route_localnet(root)]
    return (*(each for each in seen if each is not None), *opened)


def _wsl(root: str) -> str | None:
    """WSL's kernels carry their maker's name in the version."""
    version = (files.read(f"{root}/proc/version") or "").lower()
    if "microsoft" not in version:
        return None
    return "wsl2" if "wsl2" in version or "microsoft-standard" in version else "wsl1"


def _container(root: str) -> str | None:
    if os.path.exists(f"{root}/.dockerenv"):
        return "container docker"
    if os.path.exists(f"{root}/run/.containerenv"):
        return "container podman"
    manager = files.read(f"{root}/run/systemd/container")  # os-release(5), systemd.exec(5)
    if manager and manager.strip():
        return f"container {manager.strip()[:32]}"
    groups = files.read(f"{root}/proc/1/cgroup") or ""
    for mark in ("docker", "kubepods", "libpod", "lxc"):
        if f"/{mark}" in groups:
            return f"container {mark}"
    return None


def _network_namespace(root: str) -> str | None:
    """Named only where it is not the first process' own, and that may be read."""
    own = files.link(f"{root}/proc/self/ns/net")
    first = files.link(f"{root}/proc/1/ns/net")
    if own is None or first is None or own == first:
        return None
    return f"network namespace {own.strip('net:[]')}"


def route_localnet(root: str = "") -> tuple[str, ...]:
    """Return the interfaces on which packets for 127.0.0.0/8 may come in.

    ``all`` rules over each (ip-sysctl), ``default`` over none yet. lo is left out: what it
    carries comes from this machine.

    Arguments:
        root: put before each path that is looked at.
    """
    home = f"{root}/proc/sys/net/ipv4/conf"
    try:
        names = os.listdir(home)
    except OSError:
        return ()
    on = [
        name
        for name in sorted(names)
        if name not in ("lo", "default")
        and (files.read_bytes(f"{home}/{name}/route_localnet", 4) or b"0").strip() != b"0"
    ]
    return ("all",) if "all" in on else tuple(on)


def _number(text: str | None) -> int | None:
    word = (text or "").strip()
    return int(word) if word.isascii() and word.isdecimal() and len(word) < 8 else None
