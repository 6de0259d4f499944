"""The facts about this system that verdicts depend on.

Read anew for each call: a sysctl, an interface or a network namespace may
change between two diagnoses of a program that runs for long.
"""

from __future__ import annotations

import os
import sys

from checks.model.evidence import Interface, Machine
from checks.model.words import system_of
from checks.probe.machine import files

_NET = "/proc/sys/net/ipv4/"
_CAP_NET_BIND_SERVICE = 10  # capabilities(7)
_CAP_SYS_PTRACE = 19
_SIOCGIFFLAGS = 0x8913  # netdevice(7)
_IFF_UP = 1


def facts() -> Machine:
    """Return what this system is and how it treats ports."""
    name = system()
    if name == "linux":
        return Machine(
            name,
            user(),
            privileged(),
            parse_range(files.read(_NET + "ip_local_port_range")),
            _number(files.read(_NET + "ip_unprivileged_port_start")),
            (files.read(_NET + "ip_local_reserved_ports") or "").strip(),
            interfaces(),
            surroundings(),
            route_localnet(),
        )
    from checks.probe.sockets import psutil_backend  # noqa: PLC0415 - other systems than Linux

    return Machine(
        name,
        user(),
        privileged(),
        psutil_backend.ephemeral_range(name),
        psutil_backend.unprivileged_start(name),
        psutil_backend.reserved_ports(name),
        psutil_backend.interfaces(),
    )


def system() -> str:
    """Return ``linux``, ``macos``, ``windows``, ``freebsd``, ... in lower case."""
    return system_of(sys.platform)


def user() -> str | None:
    """Return the name of the user this process acts as; None where unknown."""
    if hasattr(os, "geteuid"):
        from checks.probe.machine.processes import user_name  # noqa: PLC0415 - not on Windows

        return user_name(os.geteuid())
    return os.environ.get("USERNAME")


def privileged() -> bool:
    """Whether this process may see every process and bind every port."""
    if not hasattr(os, "geteuid"):
        return _is_administrator()
    if os.geteuid() == 0:
        return True
    for line in (files.read("/proc/self/status") or "").splitlines():
        if line.startswith("CapEff:"):
            held = int(line.split()[1], 16)
            return bool(held >> _CAP_NET_BIND_SERVICE & held >> _CAP_SYS_PTRACE & 1)
    return False


def loopback_up() -> bool:
    """Whether the loopback interface is up; True where that cannot be learned.

    In a new network namespace it is down, and 127.0.0.1 then does not answer
    at all: a connect times out as if a firewall dropped it.
    """
    if sys.platform != "linux":
        return True
    import fcntl  # noqa: PLC0415 - asked only after a timeout
    import socket  # noqa: PLC0415 - beside fcntl
    import struct  # noqa: PLC0415 - beside fcntl

    request = struct.pack("16sH14x", b"lo", 0)  # struct ifreq: name, flags
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
            answer = fcntl.ioctl(control, _SIOCGIFFLAGS, request)
    except OSError:
        return True
    return bool(struct.unpack("16sH14x", answer)[1] & _IFF_UP)


def interfaces() -> tuple[Interface, ...]:
    """Return every address of this machine; empty where they cannot be learned."""
    from checks.probe.sockets import netlink  # noqa: PLC0415 - Linux only

    try:
        return tuple(netlink.addresses())
    except (OSError, ValueError, AttributeError):
        from checks.probe.sockets import procfs  # noqa: PLC0415 - where netlink is not to be had

        return tuple(Interface(*address) for address in procfs.addresses())


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


def _is_administrator() -> bool:
    try:
        import ctypes  # noqa: PLC0415 - Windows only

        return bool(ctypes.windll.shell32.IsUserAnAdmin())  # type: ignore[attr-defined,unused-ignore]
    except (AttributeError, OSError, ImportError):
        return False
