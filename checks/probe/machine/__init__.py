"""What this machine is and how it treats ports; a file for each thing that tells it.

Read anew for each call: a sysctl, an interface or a network namespace may
change between two diagnoses of a program that runs for long.
"""

from __future__ import annotations

from checks.probe import system
from checks.probe.machine import linux, proxies

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Machine


def facts() -> Machine:
    """Return the facts about this system that verdicts depend on."""
    return _facts()._replace(proxies=proxies.variables())


def _facts() -> Machine:
    """What this system itself tells."""
    if system.NAME == "linux":
        return linux.facts()
    from checks.probe.machine import elsewhere  # noqa: PLC0415 - another system's, with subprocess

    return elsewhere.facts(system.NAME)


def loopback_up() -> bool:
    """Whether the loopback interface is up; True where that cannot be learned.

    In a new network namespace of Linux it is down, and 127.0.0.1 then does not
    answer at all: a connect times out as if a firewall dropped it.
    """
    return system.NAME != "linux" or system.interface_is_up("lo") is not False
