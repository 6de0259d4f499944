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

_SIOCGIFFLAGS = 0x8913  # netdevice(7)
_IFF_UP = 1

if sys.platform == "win32":
    import ctypes

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
