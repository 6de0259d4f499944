"""The port of a subject, and the machine that was asked about it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.findings.base import Subject
    from checks.model.evidence import Machine
    from checks.ports import Port


COMMON = ("linux", "macos", "windows")


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
