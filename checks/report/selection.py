"""Which findings and which advice a report shows to a person, and in what order."""

from __future__ import annotations

from checks.findings import about, by_key
from checks.report import in_trouble

TYPE_CHECKING = False
if TYPE_CHECKING:
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
    if found.severity != "info":
        return False
    return code[0] == "A" or code in ("P206", "P207") or (bool(report.probes) and code[0] in "BP")


def heading(report: Report) -> str:
    """What stands above the advice."""
    wrong = report.severity in ("notice", "warning", "error")
    return "What to do" if wrong else "If you need it"


def fixes(report: Report, system: str | None = None) -> list[Fix]:
    """The advice of all findings, each once; where something is wrong, only of that.

    Arguments:
        report: whose findings are asked.
        system: ``linux``, ``macos`` or ``windows``; None gives those of every system.
    """
    wrong = any(found.severity in ("warning", "error") for found in report.findings)
    found = (
        fix
        for each in report.findings
        if not (wrong and each.severity in ("ok", "info"))  # first things first
        for fix in each.match.fix
        if not system or fix.os in (None, system)
    )
    return list(dict.fromkeys(found))


def leads(report: Report) -> list[type[Finding]]:
    """The findings that an error message leads to, where no machine was asked."""
    error = report.classification.error
    if error is None or report.probes:
        return []
    return [finding for code in error.leads_to if (finding := by_key(code)) is not None]


def more(report: Report) -> type[Finding] | None:
    """The finding whose page tells more of the verdict; None where there are no findings."""
    lead = leads(report)
    if lead or not report.findings:
        return lead[0] if lead else None
    index = in_trouble(report.findings) if report.probes else 0
    codes = about(report.subjects[index])
    spoken = (
        found.finding
        for found in report.findings
        if found.endpoint == index and found.finding.code in codes
    )
    return next(spoken, report.findings[0].finding)
