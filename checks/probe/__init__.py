"""What this machine itself says about an endpoint.

Five witnesses are heard, in an order in which none disturbs the next: the
resolver, the kernel's socket table, live connects, a trial bind, and what the
peer says of itself.

Never imported by the browser's half of the package.
"""

from __future__ import annotations

import socket
import time

from checks.model.evidence import Asked, Machine, Probe
from checks.probe import investigation, system
from checks.probe.ask.lookups import Ahead

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from checks.text import Classification
    from checks.text.endpoint import Endpoint

__all__ = ["asked", "investigate", "looking_up", "named_here"]

_LONGEST = 60.0  # seconds; what a caller's timeout is cut to
_SHORTEST = 0.001


def investigate(
    endpoint: Endpoint,
    *,
    timeout: float = 1.0,
    remote: bool = False,
    identify: bool = True,
    activate: bool = False,
    watch: bool = False,
) -> Probe:
    """Gather the evidence of this machine about one endpoint.

    Arguments:
        endpoint: what was pasted. Without a host, both loopback addresses are asked.
        timeout: seconds for one connect and for the resolver. A connect that
            times out is tried twice; all addresses are asked at once. The
            whole takes at most five timeouts and the reading of the tables.
        remote: whether other machines' addresses may be connected to.
        identify: whether to ask what speaks on a port of this machine that
            accepts; at most a second more, and a few connections.
        activate: whether to connect also where that starts a service.
        watch: whether to look at the port for a while where a supervisor may start its program
            again and again; at most four timeouts, and four seconds, more.

    Returns:
        the evidence; for an endpoint that cannot be asked, with the outcome
        ``not-probed`` and a note that says why. Nothing is raised: a fault of
        the probe itself is the outcome ``failed``, with a note on it.
    """
    try:
        return investigation.run(
            endpoint,
            _bounded(timeout),
            remote=remote,
            identify=identify,
            activate=activate,
            watch=watch,
        )
    except Exception as error:  # a diagnosis must not fail on what it diagnoses
        note = f"The probe failed and is at fault itself: {type(error).__name__}: {error}"
        return Probe(
            outcome="failed",
            resolution=None,
            attempts=(),
            listeners=(),
            others=(),
            bindings=(),
            machine=_unknown(),
            notes=(note,),
        )


def named_here(read: Classification, timeout: float) -> Classification:
    """Return a classification with the sockets and programs of this machine that a text names.

    Arguments:
        read: the text as it was read.
        timeout: seconds for the resolver.
    """
    from checks.probe import named  # noqa: PLC0415 - for messages and names, not for an address

    try:
        return named.more(read, _bounded(timeout))
    except Exception:  # what it reads is the system's; the text is diagnosed as it is
        return read


def looking_up(endpoints: Iterable[Endpoint]) -> Ahead:
    """Look up the names of endpoints at once, for the investigations inside of the block.

    Arguments:
        endpoints: those that will be investigated, in that order.
    """
    hosts = [endpoint.host for endpoint in endpoints]
    return Ahead(host.text for host in hosts if host is not None and host.kind == "name")


def asked() -> Asked:
    """Return the name and the system of this machine, and the time."""
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return Asked(socket.gethostname(), now, system.NAME)


def _unknown() -> Machine:
    return Machine(
        system=system.NAME,
        user=None,
        privileged=False,
        ephemeral=None,
        unprivileged_start=None,
        reserved_ports="",
        interfaces=(),
    )


def _bounded(timeout: float) -> float:
    """A NaN compares false with everything and ends as the default."""
    if timeout != timeout:
        return 1.0
    return min(max(float(timeout), _SHORTEST), _LONGEST)
