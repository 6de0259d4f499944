"""What system this is, and the few calls that only some systems have.

The probe looks at ``sys.platform`` here and nowhere else. What differs more than by
a call has a file for each system: the readers of the socket table in
:mod:`checks.probe.sockets`, the facts in :mod:`checks.probe.machine`.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
import time

from checks.model.words import system_of

NAME = system_of(sys.platform)
"""``linux``, ``macos``, ``windows``, ``freebsd``, ... as evidence has it."""

RESET_ON_CLOSE = struct.pack("HH" if NAME == "windows" else "ii", 1, 0)
"""A value of SO_LINGER: close() sends a RST, and no TIME_WAIT is left on the port."""

SLOW_REFUSAL = 3.0 if NAME == "windows" else 0.0
"""Seconds after which a refusal has come.

The TCP of Windows sends the SYN again, three times, after a RST has answered it: Microsoft's
KB 175523. On loopback that takes 2 s: libuv's pull request 2896, curl's issue 14144.
"""

_SIOCGIFFLAGS = 0x8913  # netdevice(7)
_IFF_UP = 1

if sys.platform == "win32":
    import ctypes

    _SIO_TCP_INITIAL_RTO = 0x98000011  # mstcpip.h; without repeats from Windows 10 1709 on
    _NO_REPEATS = struct.pack("=HBx", 0xFFFF, 0xFE)
    """TCP_INITIAL_RTO_PARAMETERS: Rtt unspecified, MaxSynRetransmissions none."""

    def refuse_at_once(connection: socket.socket) -> bool:
        """Have the next connect() of a socket send its SYN once, so that a refusal ends it.

        Returns:
            whether that could be done; where not, it takes up to :data:`SLOW_REFUSAL` seconds.
        """
        sent = ctypes.c_ulong()
        handle = ctypes.c_void_p(connection.fileno())
        control = _NO_REPEATS, len(_NO_REPEATS), None, 0, ctypes.byref(sent), None, None
        try:
            failed = ctypes.windll.ws2_32.WSAIoctl(handle, _SIO_TCP_INITIAL_RTO, *control)
        except (AttributeError, OSError, ValueError):
            return False
        return not failed

    def exclusively(connection: socket.socket) -> None:
        """Have bind() fail where any other socket has the port.

        Without it a specific address can be bound beside a listener on the wildcard address:
        "Using SO_REUSEADDR and SO_EXCLUSIVEADDRUSE" of Microsoft's documentation.
        """
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)

    def user() -> str | None:
        """Return the name of the user this process acts as; None where unknown."""
        return os.environ.get("USERNAME")

    def is_administrator() -> bool:
        """Return whether this process acts as root, or as Administrator of Windows."""
        try:
            return bool(ctypes.windll.shell32.IsUserAnAdmin())
        except (AttributeError, OSError):
            return False

    def user_name(uid: int) -> str:
        """Return the login name of a user, or the number as text where it has none."""
        return str(uid)

    def home_of(uid: int) -> str | None:
        """Return the home directory of a user; None where it is not known."""
        del uid
        return None

else:
    import pwd

    def refuse_at_once(connection: socket.socket) -> bool:
        """Do what only Windows needs; elsewhere a refusal comes at once."""
        del connection
        return True

    def exclusively(connection: socket.socket) -> None:
        """Do what only Windows needs; elsewhere bind() fails where a listener has the port."""
        del connection

    def user() -> str | None:
        """Return the name of the user this process acts as; None where unknown."""
        return user_name(os.geteuid())

    def is_administrator() -> bool:
        """Return whether this process acts as root, or as Administrator of Windows."""
        return os.geteuid() == 0

    def user_name(uid: int) -> str:
        """Return the login name of a user, or the number as text where it has none."""
        try:
            return pwd.getpwuid(uid).pw_name
        except (KeyError, OverflowError, OSError):
            return str(uid)

    def home_of(uid: int) -> str | None:
        """Return the home directory of a user; None where it is not known."""
        try:
            return pwd.getpwuid(uid).pw_dir
        except (KeyError, OverflowError):
            return None


if sys.platform == "linux":
    import fcntl

    def interface_is_up(name: str) -> bool | None:
        """Return whether a network interface is up; None where that cannot be learned."""
        request = struct.pack("16sH14x", name.encode(), 0)  # struct ifreq: name, flags
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
                answer = fcntl.ioctl(control, _SIOCGIFFLAGS, request)
        except OSError:
            return None
        return bool(struct.unpack("16sH14x", answer)[1] & _IFF_UP)

    def time_of(ticks: int) -> float | None:
        """Return the time of a number of clock ticks since boot, in seconds since 1970.

        Not by ``btime`` of ``/proc/stat``: that file lists every interrupt and
        takes milliseconds on a large machine.
        """
        booted = time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)
        return booted + ticks / os.sysconf("SC_CLK_TCK")

else:

    def interface_is_up(name: str) -> bool | None:
        """Return whether a network interface is up; None where that cannot be learned."""
        del name
        return None

    def time_of(ticks: int) -> float | None:
        """Return the time of a number of clock ticks since boot; None where unknown."""
        del ticks
        return None


def most_descriptors() -> int:
    """Return how many descriptors this process may have; -1 where that is not known."""
    return os.sysconf("SC_OPEN_MAX") if hasattr(os, "sysconf") else -1
