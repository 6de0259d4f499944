"""What the page asks: text in, HTML or one line of text out.

The site's build and the worker in the visitor's browser call the same
functions, so the answer that is rendered into a page and the one that is given
live are the same to the byte. Pure, like all that the browser gets.
"""

from __future__ import annotations

from checks.model.shell import quoted
from checks.report import classified, conclude, json
from checks.report.formats import html
from checks.report.style import PROGRAM
from checks.text import classify

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_COMMAND = 200
"""Characters of a text that is repeated in a command; of a longer one only its endpoints are."""
MAX_TARGETS = 4


def answer(text: str) -> str:
    """Say what a text is.

    Arguments:
        text: anything a person pastes; also what ``python3 -m checks --json``
            printed, which is explained with its evidence.

    Returns:
        one HTML element, ``<div class="answer">``. Links to pages of the site
        begin with ``site:`` instead of the way to its root.
    """
    if text.lstrip().startswith("{"):
        from checks.report import load  # noqa: PLC0415 - only a pasted report needs the records

        try:
            reports = load.load(text)
        except load.ReportError as problem:
            return html.complaint(f"This is no report that can be explained: {problem}.")
        if reports:
            return html.render(reports)
    return html.render((conclude(classify(text)),))


def document(text: str) -> str:
    """Return what ``python3 -m checks classify --json`` prints for a text, without the newline."""
    return json.line(classified(classify(text)))


def command(text: str) -> str:
    """Return the command line that asks a machine about a text.

    Arguments:
        text: what was pasted. Where it has several lines, control characters
            or great length, its endpoints stand for it.

    Returns:
        one line for a POSIX shell, safe to paste; without anything to ask, the
        command with an example.
    """
    targets: Iterable[str] = (text.strip(),)
    if not _is_plain(text.strip()):
        found = (endpoint.text for endpoint in classify(text).endpoints)
        targets = [one for one in dict.fromkeys(found) if _is_plain(one)][:MAX_TARGETS]
    words = [quoted(target) for target in targets] or ["127.0.0.1:62893"]
    dashes = ["--"] if words[0].lstrip("'").startswith("-") else []
    return " ".join([PROGRAM, *dashes, *words])


def _is_plain(text: str) -> bool:
    return 0 < len(text) <= MAX_COMMAND and text.isprintable()
