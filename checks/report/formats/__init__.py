"""The formats of a report: the list of them, and what each is given and gives back.

A format is a module of this package with the functions of :class:`Renderer`, and a line of
:data:`FORMATS`. The command line takes its choices, its help and its completion from the
list. A module is loaded when its format is asked for: a person at a terminal needs one.
"""

from __future__ import annotations

from importlib import import_module

from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Protocol

    from checks.report import Report
    from checks.report.listeners import Listing
    from checks.report.style import Style

    class Renderer(Protocol):
        """What the module of a format has."""

        def diagnosis(self, cases: Sequence[Case], style: Style, /) -> Written:
            """Write what there is to say about some targets."""

        def listeners(self, listing: Listing, style: Style, /) -> Written:
            """Write the listeners of a machine."""


class Format(NamedTuple):
    """One way to write a report.

    Arguments:
        name: as ``--format`` takes it; its module has the same name.
        at_once: whether each target is written as soon as it is known, and a text that cannot
            be read is told on standard error. Otherwise all targets are one document that
            says it, and a socket table that could not be read is a failure.
        gap: what is written between two targets.
        exits: the words of its own exit codes, from 0 on; empty where they are the program's.
        is_option: whether ``--format`` offers it; the page asks for its own.
        is_utf8: whether it is UTF-8 wherever it is written to, as it says or its reader holds.
    """

    name: str
    at_once: bool = False
    gap: str = ""
    exits: tuple[str, ...] = ()
    is_option: bool = True
    is_utf8: bool = False


FORMATS = (
    Format("text", at_once=True, gap="\n"),
    Format("json", at_once=True),
    Format("junit", is_utf8=True),
    Format("nagios", exits=("OK", "WARNING", "CRITICAL", "UNKNOWN")),
    Format("prometheus", is_utf8=True),
    Format("html", is_option=False),
)
"""Every format. What ``--format`` offers stands in its order."""

NAMES = tuple(each.name for each in FORMATS if each.is_option)
"""The choices of ``--format``."""


class Case(NamedTuple):
    """One target of a diagnosis.

    Arguments:
        report: what there is to say about it.
        problem: why it could not be read or asked, in one line; None where it could.
        asked: whether a machine was to be asked about it.
    """

    report: Report
    problem: str | None = None
    asked: bool = True


class Written(NamedTuple):
    """What a format has made.

    Arguments:
        text: for standard output, with its line end.
        code: the exit code, where the format has its own; None leaves it to the command.
    """

    text: str
    code: int | None = None


def of(name: str) -> Format:
    """Return a format by its name.

    Raises:
        LookupError: where there is none of that name.
    """
    for each in FORMATS:
        if each.name == name:
            return each
    raise LookupError(name)


def load(name: str) -> Renderer:
    """Return the module of a format, by its name."""
    module: Any = import_module(f"{__name__}.{of(name).name}")
    renderer: Renderer = module
    return renderer
