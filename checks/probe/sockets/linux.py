"""Linux' socket tables, each from the best witness there is, and which of them were not read.

netlink first, ``/proc/net`` where that is not to be had. A sandbox may close
both; then the table is unknown, and a note says what closes it.
"""

from __future__ import annotations

import errno
import socket

from checks.model.words import TCP, UDP
from checks.probe.sockets import netlink
from checks.probe.sockets.row import Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from checks.probe.sockets.row import Row

_VERSIONS = (4, 6)


def read(protocols: Sequence[str] = (TCP, UDP), port: int = 0, *, taking: bool = False) -> Reading:
    """Return the rows of some protocols, in IPv4 and IPv6.

    Arguments:
        protocols: ``tcp``, ``udp`` or both.
        port: the local port; 0 for every row.
        taking: only sockets that take traffic (:attr:`Row.takes_traffic`).
    """
    rows: list[Row] = []
    missing: dict[str, str] = {}
    for protocol in protocols:
        for version in _VERSIONS:
            found = _table(protocol, version, port, taking)
            if isinstance(found, str):
                missing[f"{protocol}{version}"] = found
            else:
                rows += found
    if missing and not _has_ipv6():
        # A kernel without IPv6 has no such table. Where that of IPv4 is closed as well, a
        # sandbox may be what keeps IPv6 from this process, and not from others.
        missing = {
            name: why
            for name, why in missing.items()
            if name[-1] == "4" or f"{name[:-1]}4" in missing
        }
    return Reading(rows, tuple(missing), _notes(missing, len(protocols) * len(_VERSIONS)))


def _table(protocol: str, version: int, port: int, taking: bool) -> list[Row] | str:
    """One table from the best witness; why netlink has none where neither has it."""
    options = {"taking": True} if taking else {}
    try:
        rows = netlink.sockets(protocol, version, port, **options)
    except (OSError, ValueError, AttributeError) as error:
        from checks.probe.sockets import procfs  # noqa: PLC0415 - 0.3 ms, without netlink only

        try:
            rows = procfs.sockets(protocol, version, port)
        except OSError:
            return errno.errorcode.get(getattr(error, "errno", 0) or 0) or type(error).__name__
    return [row for row in rows if row.takes_traffic] if taking else rows


def _has_ipv6() -> bool:
    """Whether this process can have IPv6 sockets."""
    try:
        socket.socket(socket.AF_INET6, socket.SOCK_STREAM).close()
    except OSError as error:
        return error.errno != errno.EAFNOSUPPORT
    return True


def _notes(missing: dict[str, str], asked: int) -> tuple[str, ...]:
    """What closes the tables and how to see them, in one note."""
    if not missing:
        return ()
    names = list(missing)
    which = "socket tables"
    if len(names) < asked:
        which = f"table{'s' if len(names) > 1 else ''} of {' and '.join(names)} sockets"
    reasons = " or ".join(dict.fromkeys(missing.values()))
    return (
        f"The kernel's {which} could not be read: netlink gives {reasons}, and /proc/net has none"
        " that this process may read. A sandbox does that, such as a container's seccomp filter,"
        " or RestrictAddressFamilies= or ProcSubset= of a systemd unit. Run this outside of it to"
        " see what listens.",
    )
