"""The port of a subject: the machine that was asked about it, and what it is used for."""

from __future__ import annotations

from checks.findings.wording import joined, systems

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.findings.base import Subject
    from checks.model.evidence import Machine
    from checks.ports import Port
    from checks.ports.uses import Use

COMMON = ("linux", "macos", "windows")

_NAMED = 3  # services or uses that a message spells out


def port_of(subject: Subject) -> Port | None:
    """The port that is looked at; None where the endpoint has none."""
    return subject.endpoint.port if subject.endpoint else None


def number_of(subject: Subject) -> int | None:
    """The number of that port, where it is one."""
    port = port_of(subject)
    return port.number if port else None


def machine_of(subject: Subject) -> Machine | None:
    """The machine that was asked; None where none was."""
    return subject.probe.machine if subject.probe else None


def some(names: list[str]) -> str:
    """The first names, and how many more there are."""
    more = len(names) - _NAMED
    return joined([*names[:_NAMED], f"{more} more"] if more > 0 else names)


def expected(port: Port, machine: Machine | None = None) -> str | None:
    """What mostly listens on the port, as a phrase after "is"; None where no table knows.

    A use that is limited to some systems counts on a probed machine of that
    system only.
    """
    if not port.number:
        return None
    here = machine.system if machine else None
    uses = [use for use in port.uses if not use.systems or here in use.systems]
    if uses:
        more = " and others" if len(uses) > 1 else ""
        return f"a default of {uses[0].name}{more}"
    services = port.services if port.number < 49152 else ()
    return f"registered for {services[0].name}" if services else None


def named(use: Use) -> str:
    """One use of a port, with the systems that it is limited to."""
    where = f" on {systems(use.systems)}" if use.systems else ""
    return f"{use.name}{where}"
