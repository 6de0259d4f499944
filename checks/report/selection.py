"""Which findings and which advice a report shows to a person, and in what order."""

from __future__ import annotations

from checks.findings import about, by_key, commands, compare, leading
from checks.report import in_trouble, is_closed_of_many, same
from checks.text import classify_plain
from checks.text.coloured import bare, uncoloured

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from checks.causes.base import Because, Cause
    from checks.findings.base import Finding, Fix, Found
    from checks.report import Report
    from checks.text import Endpoint


def shown(report: Report) -> Report:
    """Return a report as a person is shown it: of its text without control sequences.

    Arguments:
        report: of a text that may have colours. Its document keeps the text as it was pasted.
    """
    plain = uncoloured(report.classification.input)
    if plain is None:
        return report
    causes = tuple(
        cause._replace(
            because=tuple(
                one._replace(text=bare(one.text), span=plain.inner(one.span))
                for one in cause.because
            )
        )
        for cause in report.causes
    )
    return report._replace(classification=classify_plain(plain.text), causes=causes)


def told(report: Report) -> list[Found]:
    """The findings that are shown with their sentence; of the others the code is enough."""
    shown = (found for found in report.findings if not _told_above(found, report))
    return [_of_range(found, report) for found in shown]


def others(report: Report) -> list[type[Finding]]:
    """The findings that the rows tell already, each once: their codes are shown."""
    return list(dict.fromkeys(f.finding for f in report.findings if _told_above(f, report)))


def together(findings: Iterable[Found]) -> list[list[Found]]:
    """Findings that say the same of several endpoints, which is said once."""
    groups: dict[tuple[str, str], list[Found]] = {}
    for found in findings:
        groups.setdefault((found.finding.code, found.match.message), []).append(found)
    return [*groups.values()]


def _of_range(found: Found, report: Report) -> Found:
    """A finding; of a closed port of a range by words that hold of each such port."""
    closed = found.finding.code == "C302" and found.endpoint is not None
    if not closed or not is_closed_of_many(report.subjects[found.endpoint or 0]):
        return found
    return found._replace(match=found.match._replace(message="No program listens there."))


def _told_above(found: Found, report: Report) -> bool:
    """Whether verdict or rows tell what the finding says, so that its code is enough."""
    code = found.finding.code
    if code == "S601" or (not report.probes and found.match.message in report.verdict):
        return True
    summed_up = report.classification.tables or report.classification.settings
    if summed_up and not report.probes and code[0] in "AP":
        return True  # of rows that a tool printed, the sum is the answer
    if found.severity != "info":
        return False
    if code == "P204" and not report.probes:
        return True
    return code[0] == "A" or code in ("P206", "P207") or (bool(report.probes) and code[0] in "BP")


def worth_telling(report: Report) -> list[Found]:
    """Of the findings that are shown, those that say more than what is merely so."""
    return [found for found in told(report) if not _is_fact(found, report)]


def merely_so(report: Report) -> list[Found]:
    """Of the findings that are shown, those that are facts like the rows."""
    return [found for found in told(report) if _is_fact(found, report)]


def _is_fact(found: Found, report: Report) -> bool:
    """Whether a finding is beside the answer, as a notice is where another answer is given."""
    read = report.classification
    answered = report.causes or leading(read) or compare.pair(read)
    return found.severity == "info" or (
        found.severity == "notice" and bool(answered) and not report.probes
    )


_ONE_WORD = frozenset(("address", "network", "endpoint", "url", "port", "name", "unix"))


def unfolded(report: Report) -> bool:
    """Whether the facts are what was asked for: a bare address, or no other answer."""
    read = report.classification
    if read.kind in _ONE_WORD:
        return True
    return not (report.steps or report.causes or leading(read) or compare.pair(read))


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


def quoted(one: Because, report: Report) -> str:
    """The words that speak for a cause, with the quotation mark before them that they close.

    Arguments:
        one: words of the text.
        report: whose text it is.
    """
    words, first = one.text.rstrip(" ,;:(["), one.span[0]
    before = report.classification.input[first - 1 : first]
    return before + words if before in _QUOTES and words.count(before) % 2 else words


_QUOTES = ("'", '"', "`")


def because(cause: Cause, said: Because | None = None) -> list[Because]:
    """What speaks for a cause, the same words once.

    Arguments:
        cause: of a report.
        said: what is told of it already.
    """
    found: dict[str, Because] = {}
    for one in cause.because[:_MOST_WORDS]:
        before = found.get(one.text)
        if one is not said:
            told = f"{before.says}; {one.says}" if before else one.says
            found[one.text] = one._replace(says=told)
    return [*found.values()]


MOST_CONCERNED = 4
"""So many endpoints are named of which a finding says the same."""
_MOST_WORDS = 2
"""So much is told that speaks for one cause."""


def other_errors(report: Report) -> dict[str, list[Endpoint]]:
    """The errors that the verdict is not about: each name with its endpoints, host and port once.

    Arguments:
        report: of which.
    """
    read = report.classification
    place = report.causes[0].endpoint if report.causes else None
    about = next((one for one in read.errors if one.endpoint == place), read.error)
    first, found = same(read.endpoints), dict[str, list[int]]()
    for error in read.errors:
        if error.endpoint is not None and about is not None:
            indexes = found.setdefault(error.name, [])
            index = first[error.endpoint]
            told = error.name == about.name and about.endpoint in (error.endpoint, index)
            if not told and index not in indexes:
                indexes.append(index)
    return {
        name: [read.endpoints[i] for i in indexes] for name, indexes in found.items() if indexes
    }


def hint(report: Report) -> str:
    """What to paste instead, where a text has nothing to explain; else ""."""
    read = report.classification
    if read.endpoints or read.errors or read.banner or read.tables or read.settings:
        return ""
    if read.kind == "empty":
        return "Paste an address, a URL, a port, an error message or lines of a log."
    return "Paste the whole error message, or an address such as 127.0.0.1:62893."


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
