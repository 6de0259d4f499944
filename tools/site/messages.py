"""The error messages: one table of numbers, and for each error its words by system.

Rows come from :mod:`checks.text.errors.table`, which is what recognises a
pasted message; so what the page lists is what the check knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.findings import by_key
from checks.text.errors.table import CURL, ERRORS, WINERROR
from tools.site import tables
from tools.site.markup import SYSTEMS, code, escape, fence, link, page, sections, slug, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from checks.text.errors.table import ErrorRow

PATH = "reference/errors.md"

_WORDINGS = (
    ("Names", "symbols"),
    ("Any system or program", "wordings"),
    ("Linux", "linux"),
    ("macOS and BSD", "macos"),
    ("Windows", "windows"),
    ("Only together with a word about sockets", "guarded"),
    ("Hints, if the text has nothing else", "hints"),
)
"""Heading and field of each kind of words."""


def pages() -> dict[str, str]:
    """Return the page: path below docs to Markdown."""
    return {PATH: _page()}


def _page() -> str:
    words = sum(len(getattr(row, field)) for row in ERRORS for _, field in _WORDINGS)
    intro = (
        f"This page lists {len(ERRORS)} errors by symbol and number, and {words} names and"
        " wordings that programs print for them. Paste a whole message or log line into the"
        " check to see which error it is."
    )
    example = fence("connect ECONNREFUSED 127.0.0.1:62893", "check")
    body = sections(
        (
            "Numbers by system",
            "macOS and the BSDs use the same numbers here. An empty cell means that no number is"
            " listed for this system.\n\n" + tables.expand("{{ table: errors }}", PATH),
        ),
        ("More numbers", _more()),
        ("Errors, one by one", "\n\n".join(_error(row) for row in ERRORS)),
        ("Sources", _sources()),
    )
    return page(
        "Error messages",
        "Error messages of sockets, resolvers and browsers by symbol, number, wording and"
        " operating system, and what each means.",
        f"{intro}\n\n{example}\n\n{body}",
    )


def _error(row: ErrorRow) -> str:
    """One error as a heading, a sentence and a list: it reads well on a phone."""
    numbers = [f"{SYSTEMS[system]} {code(str(number))}" for system, number in row.codes.items()]
    if row.uv:
        numbers.append(f"Node.js on Windows {code(str(row.uv))}")
    if row.apple:
        numbers.append(f"Apple's NSURLErrorDomain {code(str(row.apple))}")
    entries = [("Numbers", ", ".join(numbers))] if numbers else []
    entries += [
        (title, _words(getattr(row, field))) for title, field in _WORDINGS if getattr(row, field)
    ]
    if row.leads_to:
        entries.append(("Look at", ", ".join(_finding(one) for one in row.leads_to)))
    heading = f"### {code(row.name)} {{ #{slug(row.name)} }}"
    listed = "\n".join(f"- **{title}:** {text}" for title, text in entries)
    return "\n\n".join([heading, escape(row.says), listed])


def _words(words: Sequence[str]) -> str:
    """The words without the marks that say what may stand beside them."""
    return ", ".join(code(one.strip("|@")) for one in words)


def _finding(key: str) -> str:
    finding = by_key(key)
    if finding is None:
        raise ValueError(f"an error leads to {key}, which is no finding")
    return link(f"{finding.code} {finding.slug}", f"findings/{finding.slug}.md")


def _more() -> str:
    """Numbers that a second numbering of the same system gives."""
    rows = [("Windows", str(number), name) for number, name in WINERROR.items()]
    rows += [("curl, exit code", str(number), name) for number, name in CURL.items()]
    return table(
        ("Of", "Number", "Error"),
        ((of, number, link(code(name), f"#{slug(name)}")) for of, number, name in rows),
        "lrl",
    )


def _sources() -> str:
    return "\n".join(
        f"- {link(title, url)}: {says}"
        for title, url, says in (
            (
                "errno(3)",
                "https://man7.org/linux/man-pages/man3/errno.3.html",
                "the symbols; the numbers of Linux are those of asm-generic/errno.h",
            ),
            (
                "getaddrinfo(3)",
                "https://man7.org/linux/man-pages/man3/getaddrinfo.3.html",
                "the EAI errors",
            ),
            (
                "xnu, bsd/sys/errno.h",
                "https://github.com/apple-oss-distributions/xnu/blob/main/bsd/sys/errno.h",
                "the numbers of macOS",
            ),
            (
                "Windows Sockets Error Codes",
                "https://learn.microsoft.com/windows/win32/winsock/windows-sockets-error-codes-2",
                "the numbers of Windows",
            ),
            (
                "Chromium, net/base/net_error_list.h",
                "https://source.chromium.org/chromium/chromium/src/+/main:net/base/"
                "net_error_list.h",
                "the numbers of Chromium",
            ),
            (
                "curl(1), exit codes",
                "https://curl.se/docs/manpage.html",
                "the numbers of curl",
            ),
        )
    )
