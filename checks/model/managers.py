"""What starts, stops and restarts a program: its unit, its supervisor, its socket unit.

Part of :mod:`checks.model.evidence`, which has these records under its own name too.
"""

from __future__ import annotations

from checks.model.records import NamedTuple


class Unit(NamedTuple):
    """What manages a process or socket, as its control group says."""

    kind: str
    """``systemd`` (a unit of a system's or a user's manager), ``docker``, ``podman``,
    ``kubernetes``, ``containerd``, ``container``, ``lxc`` or ``machine``."""
    name: str
    """The unit as systemctl takes it, or the start of the container's identifier."""
    uid: int | None = None
    """The user whose own manager has it; None for the system's. Below ``user@UID.service``
    that user may make groups of any name, so such a name proves nothing."""


class Supervisor(NamedTuple):
    """A program that starts another again when that ends, so that it is told to stop it."""

    kind: str
    """``supervisord``, ``pm2``, ``s6`` or ``runit``."""
    pid: int
    """Its process; of s6 and runit the one that belongs to the service alone."""
    name: str | None
    """As its command takes it: ``program`` or ``group:program`` of supervisord, the name or
    number of pm2. None if it could not be read, and for s6 and runit."""
    path: str | None
    """What its command needs beside the name: the configuration of supervisord (or the URL of its
    server, where the file is not known) and PM2_HOME, where they are not those that the command
    finds by itself; the service's directory of s6 and runit. None if none is needed or if
    it could not be read."""
    user: str | None
    """Whose it is, so whose rights its command needs."""


class Activation(NamedTuple):
    """Who listens in place of a service, and starts it when a client connects."""

    kind: str
    """``systemd``, ``systemd-socket-activate``, ``inetd``, ``xinetd``, ``rlinetd`` or
    ``launchd``."""
    unit: str | None
    """The socket unit, or the service's name in inetd's configuration; None if unknown."""
    starts: str | None
    """The service unit or the program that a connection starts; None if unknown."""
    uid: int | None = None
    """The user whose own manager listens; None for the system's."""
    running: bool = False
    """True if the service runs already, so that a connection starts nothing."""
