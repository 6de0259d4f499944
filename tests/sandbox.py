"""A program that may not see the socket tables: its sandbox is the kernel's own.

Run as a script it closes what is named, then becomes the command:

    python tests/sandbox.py netlink proc -- python -m checks listen

``netlink``
    socket(AF_NETLINK) gives EAFNOSUPPORT by a seccomp filter, as RestrictAddressFamilies=
    of systemd.exec(5) has it.
``inet6``
    socket(AF_INET6) does: a system without IPv6, for this program.
``proc``
    nothing is in /proc, as where it is not mounted. Needs root.
``proc-net``
    nothing is in /proc/net, as with ProcSubset=pid. Needs root.
``hosts=FILE``
    that file is /etc/hosts. Needs root.
``tcp6``
    nothing is in /proc/net/tcp6, and the other tables are there. Needs root.
"""

from __future__ import annotations

import ctypes
import os
import platform
import socket
import struct
import subprocess
import sys
from errno import EAFNOSUPPORT
from pathlib import Path

_CLONE_NEWNS = 0x20000
_MS_BIND, _MS_REC, _MS_PRIVATE = 0x1000, 0x4000, 0x40000
_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 22, 38
_SECCOMP_MODE_FILTER = 2
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000  # include/uapi/linux/seccomp.h
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06  # include/uapi/linux/bpf_common.h
_SOCKET = {"x86_64": 41, "aarch64": 198}
"""The number of socket() in the system call table."""

ROOT = Path(__file__).parent.parent
PROGRAM = [sys.executable, "-S", "-m", "checks"]


def command(closed: str, *arguments: str) -> list[str]:
    """Return the command line of *checks* in a sandbox.

    Arguments:
        closed: what to close, words between spaces.
        arguments: those of checks.
    """
    # Here, as the script has no use for it: it brings pytest along, ten times its own start.
    from needs import missing, need_linux, need_root

    need_linux()
    if platform.machine() not in _SOCKET:
        missing("a machine whose system call numbers are known")
    if {"proc", "proc-net", "tcp6"}.intersection(closed.split()):
        need_root()
    return [sys.executable, "-S", __file__, *closed.split(), "--", *PROGRAM, *arguments]


def run(closed: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run *checks* in a sandbox, in a pipe."""
    return subprocess.run(
        command(closed, *arguments), cwd=ROOT, capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip


def run_with_hosts(hosts: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run *checks* with a hosts file of its own, in a pipe. Needs root."""
    from needs import need_root

    need_root()
    return run(f"hosts={hosts}", *arguments)


def _forbid(libc: ctypes.CDLL, family: int) -> None:
    """Have socket() of one address family fail from here on."""

    def line(code: int, yes: int, no: int, value: int) -> bytes:
        return struct.pack("HBBI", code, yes, no, value)

    program = b"".join(
        (
            line(_LOAD, 0, 0, 0),  # seccomp_data.nr
            line(_EQUAL, 0, 3, _SOCKET[platform.machine()]),
            line(_LOAD, 0, 0, 16),  # seccomp_data.args[0]
            line(_EQUAL, 0, 1, family),
            line(_RETURN, 0, 0, _ERRNO | EAFNOSUPPORT),
            line(_RETURN, 0, 0, _ALLOW),
        )
    )

    class Filter(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("program", ctypes.c_char_p))

    made = ctypes.byref(Filter(len(program) // 8, program))
    _check(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    _check(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, made, 0, 0))


def _mount(libc: ctypes.CDLL, source: str, target: str, kind: str, flags: int) -> None:
    _check(libc.mount(source.encode(), target.encode(), kind.encode(), flags, None))


def _check(result: int) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def main(closed: list[str], program: list[str]) -> None:
    """Close it, and become the program."""
    libc = ctypes.CDLL(None, use_errno=True)
    _check(libc.unshare(_CLONE_NEWNS) if os.geteuid() == 0 else 0)
    if os.geteuid() == 0:
        _mount(libc, "none", "/", "", _MS_REC | _MS_PRIVATE)
    home = f"/proc/{os.getpid()}/net"
    for each in closed:
        if each.startswith("hosts="):
            _mount(libc, each.removeprefix("hosts="), "/etc/hosts", "", _MS_BIND)
    if "tcp6" in closed:  # in procfs itself a single file of net cannot be mounted over
        _mount(libc, home, "/mnt", "", _MS_BIND)
        _mount(libc, "none", home, "tmpfs", 0)
        for name in ("tcp", "udp", "udp6", "fib_trie", "if_inet6"):
            os.symlink(f"/mnt/{name}", f"{home}/{name}")
    if "proc-net" in closed:
        _mount(libc, "none", home, "tmpfs", 0)
    if "proc" in closed:
        _mount(libc, "none", "/proc", "tmpfs", 0)
    if "inet6" in closed:
        _forbid(libc, socket.AF_INET6)
    if sys.platform == "linux" and "netlink" in closed:
        _forbid(libc, socket.AF_NETLINK)
    os.execvp(program[0], program)  # noqa: S606 - the command that was given


if __name__ == "__main__":
    at = sys.argv.index("--")
    main(sys.argv[1:at], sys.argv[at + 1 :])
