"""Which findings and which advice a report shows to a person, and in what order."""

from __future__ import annotations

from checks.findings import about, by_key, commands
from checks.report import in_trouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from checks.causes.base import Cause
    from checks.findings.base import Finding, Fix, Found
    from checks.report import Report


def told(report: Report) -> list[Found]:
    """The findings that are shown with their sentence; of the others the code is enough."""
    return [found for found in report.findings if not _told_above(found, report)]


def others(report: Report) -> list[type[Finding]]:
    """The findings that the rows tell already, each once: their codes are shown."""
    return list(dict.fromkeys(f.finding for f in report.findings if _told_above(f, report)))


def _told_above(found: Found, report: Report) -> bool:
    """Whether the rows tell what the finding says, so that its code is enough."""
    code = found.finding.code
    if code == "S601":
        return True
    summed_up = report.classification.tables or report.classification.settings
    if summed_up and not report.probes and code[0] in "AP":
        return True  # of rows that a tool printed, the sum is the answer
    if found.severity != "info":
        return False
    return code[0] == "A" or code in ("P206", "P207") or (bool(report.probes) and code[0] in "BP")


def worth_telling(report: Report) -> list[Found]:
    """Of the findings that are shown, those that say more than what is merely so."""
    return [found for found in told(report) if found.severity != "info"]


def merely_so(report: Report) -> list[Found]:
    """Of the findings that are shown, those that are facts like the rows."""
    return [found for found in told(report) if found.severity == "info"]


_ONE_WORD = frozenset(("address", "network", "endpoint", "url", "port", "name"))


def unfolded(report: Report) -> bool:
    """Whether the facts are what was asked for: a bare address, or nothing to do first."""
    return report.classification.kind in _ONE_WORD or not report.steps


def system(report: Report) -> str | None:
    """The system that a report is about: of the machine that was asked, or that the text shows.

    Arguments:
        report: of which.

    Returns:
        a key of :data:`checks.model.words.SYSTEMS`; None where nothing tells.
    """
    return report.system if report.asked is None else report.asked.system


def heading(report: Report) -> str:
    """What stands above the steps."""
    wrong = report.severity in ("notice", "warning", "error")
    return "Do this first" if wrong or report.classification.errors else "If you need it"


def steps(report: Report, system: str | None = None) -> list[list[Fix]]:
    """The steps, each with its commands: one a system, or one for all.

    Arguments:
        report: whose steps they are.
        system: ``linux``, ``macos`` or ``windows``; None gives those of every system.
    """
    grouped = commands.numbered(report.steps)
    wanted = report.system or system
    if not wanted:
        return grouped
    return [[fix for fix in step if fix.os in (None, wanted)] or step for step in grouped]


MOST_CAUSES = 3
"""So many causes are told to a person; the JSON has all."""


def causes(report: Report) -> Sequence[Cause]:
    """The causes that are told, the likeliest first."""
    return report.causes[:MOST_CAUSES]


def more(report: Report) -> type[Finding] | None:
    """The finding whose page tells more of the verdict; None where there are no findings."""
    if not report.probes and report.causes:
        return by_key(report.causes[0].finding or "")
    classification = report.classification
    if not report.findings or (
        not report.probes and (classification.banner or classification.tables)
    ):
        return None
    index = in_trouble(report.findings) if report.probes else 0
    codes = about(report.subjects[index])
    spoken = (
        found.finding
        for found in report.findings
        if found.endpoint == index and found.finding.code in codes
    )
    return next(spoken, report.findings[0].finding)
