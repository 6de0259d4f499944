"""Reports as JUnit XML, for a continuous-integration server: a test a target.

By hand and not by ``xml.etree``: this half of the package also runs in a
browser, and what is written is a few elements. There is no standard; the
elements and attributes are those that Jenkins, GitLab and the like read.
"""

from __future__ import annotations

from checks.findings import wording
from checks.report.clean import line as clean
from checks.report.columns import who
from checks.report.formats import Written
from checks.report.rows import left_out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from checks.findings.base import Found
    from checks.report.formats import Case
    from checks.report.listeners import Entry, Listing
    from checks.report.style import Style

_TEXT = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}
_ATTRIBUTE = {**_TEXT, ord('"'): "&quot;", ord("\n"): "&#10;"}
_LONGEST = 2000  # characters of a message


def diagnosis(cases: Sequence[Case], _: Style) -> Written:
    """Write one suite; a finding of severity error fails its target's test.

    Where the socket table could not be read a test that does not fail is in error.

    Arguments:
        cases: the targets.
    """
    return Written(_suite("checks", [_target(case) for case in cases]))


def listeners(listing: Listing, _: Style) -> Written:
    """Write one suite; a listener that others may reach fails its test.

    Arguments:
        listing: what was seen; the socket tables that could not be read are a test in error.
    """
    tests = [_listener(entry) for entry in listing.entries]
    unseen = wording.not_read(listing.unread, some=bool(listing.entries))
    if unseen:
        tests.insert(0, ("socket table", "error", _unread(unseen)))
    return Written(_suite("checks.listen", tests))


def _listener(entry: Entry) -> tuple[str, str, str]:
    name = f"{' '.join(entry.place)} {who(entry.listener)}"
    found = entry.findings()
    body = _details(found)
    if entry.severity not in ("warning", "error"):
        return name, "", _element("system-out", body)
    message = found[0].match.message
    return name, "failure", _element("failure", body, type=entry.codes[0], message=message)


def _target(case: Case) -> tuple[str, str, str]:
    report = case.report
    name = report.classification.input
    if case.problem is not None:
        return name, "error", _element("error", "", type="input", message=case.problem)
    body = _details(report.findings)
    if report.severity != "error" and (unseen := wording.not_read(report.unread)):
        return name, "error", _unread(unseen, f"{_escape(report.verdict)}\n{body}")
    if report.unasked and report.severity != "error":  # what was not tested has not passed
        return name, "error", _element("error", body, type="untested", message=left_out(report))
    if report.severity != "error":
        return name, "", _element("system-out", f"{_escape(report.verdict)}\n{body}")
    worst = report.findings[0].finding.code
    return name, "failure", _element("failure", body, type=worst, message=report.verdict)


def _unread(says: str, body: str = "") -> str:
    """The element of a test that could not be made, as the socket table was not seen."""
    return _element("error", body, type="socket-table-unread", message=says)


def _details(found: Iterable[Found]) -> str:
    """A line a finding, and a line a witness; escaped."""
    lines = []
    for one in found:
        lines.append(f"{one.severity} {one.finding.code} {one.finding.slug}: {one.match.message}")
        lines += [f"  {witness}" for witness in one.match.evidence]
    return "\n".join(map(_escape, lines))


def _suite(name: str, cases: Sequence[tuple[str, str, str]]) -> str:
    """The document. A case is its name, ``failure``, ``error`` or "", and its escaped body."""
    failures = sum(1 for case in cases if case[1] == "failure")
    errors = sum(1 for case in cases if case[1] == "error")
    body = "\n".join(_element("testcase", case[2], classname=name, name=case[0]) for case in cases)
    counts = {"tests": str(len(cases)), "failures": str(failures), "errors": str(errors)}
    suite = _element("testsuite", f"\n{body}\n" if body else "", name=name, **counts)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_element("testsuites", suite, **counts)}\n'


def _element(tag: str, body: str, **attributes: str) -> str:
    """One element; *body* is escaped already, the attributes are not."""
    shown = "".join(f' {name}="{_escape(value, _ATTRIBUTE)}"' for name, value in attributes.items())
    return f"<{tag}{shown}>{body}</{tag}>" if body else f"<{tag}{shown}/>"


def _escape(text: str, table: dict[int, str] = _TEXT) -> str:
    """Text that XML 1.0 allows: without controls (§2.2), FFFE and FFFF, and lone surrogates."""
    shown = clean(text, _LONGEST).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
    return shown.translate(table)
