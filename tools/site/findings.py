"""A page for each finding, from the docstring of its class, and the index of all.

The class in :mod:`checks.findings` is the only place that knows a finding. What is
added here is what a page can do and a docstring cannot: an input to try, tabs for
the systems, the way from an error message, the neighbours.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from checks.findings import CATALOGUE
from checks.findings.pages import GROUPS, apart, page, summary
from checks.text.errors.table import ERRORS
from tools.site import tables
from tools.site.guides import guide
from tools.site.markup import code, escape, fence, indent, link, prose, sections, slug
from tools.site.markup import page as whole_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.findings import Finding

_SEE = {
    "C": ("Only a test on the machine shows what happens to a connection", "127.0.0.1:62893"),
    "B": ("Only a test on the machine shows whether a port is free", "127.0.0.1:62893"),
    "E": ("Only the machine itself shows which programs listen, and where", "listen"),
    "S": ("Only a test on the machine shows which service answers", "127.0.0.1:62893"),
    "O": ("Only the machine itself shows the state of its programs", "127.0.0.1:62893"),
    "N": ("Only the machine itself shows its variables and networks", "127.0.0.1:62893"),
}
"""Why the page shows no example, and the arguments of the command that looks."""

GROUP_SAYS = {
    "A": "what the address or the name is",
    "P": "what the port number is",
    "C": "what happened to the connection, and why",
    "B": "whether a program can listen there",
    "E": "who can reach the listener",
    "S": "which service answers, and how it is protected",
    "O": "whether the program works",
    "N": "what changes where a request goes",
}
"""What each group answers, as half a sentence."""

_ANCHORS = {
    "A": "address-what-the-address-or-the-name-is",
    "P": "port-what-the-port-number-is-and-who-treats-it-specially",
    "C": "connection-what-became-of-the-connection-and-why",
    "B": "binding-whether-a-program-could-listen-there",
    "E": "exposure-who-can-reach-what-listens",
    "S": "service-what-speaks-there-and-how-it-guards-itself",
    "O": "owner-whether-the-program-that-listens-can-do-its-work",
    "N": "surroundings-what-surrounds-the-endpoint-and-you-and-changes-where-a-request-goes",
}
"""Where each group is on the index. The words above may change, these may not."""


def pages() -> dict[str, str]:
    """Return the pages of the catalogue, the index first: path below docs to Markdown."""
    found = {"reference/findings/index.md": _index()}
    for finding in CATALOGUE:
        found[path(finding)] = _page(finding)
    return found


def path(finding: type[Finding]) -> str:
    """Return the path of a finding's page below docs."""
    return f"reference/findings/{finding.slug}.md"


def _index() -> str:
    intro = (
        f"There are {len(CATALOGUE)} findings about an address, a port or a service. The"
        " code of a finding never changes its meaning, so you can search for it, filter by it and"
        " link to it.\n\n"
        "Severities: **error** means that it does not work, **warning** that it works but is"
        " probably not what you want, **notice** that it is worth knowing. **info** says what"
        " something is, **ok** that nothing is wrong. In some cases a finding has another"
        " severity. Then the answer shows that one.\n\n"
        "In a terminal, `python3 -m checks explain C302` prints the same page."
    )
    parts = [
        (
            f"{title}: {GROUP_SAYS[letter]} {{ #{_ANCHORS[letter]} }}",
            tables.finding_table([letter], "reference/findings/index.md"),
        )
        for letter, title in GROUPS.items()
    ]
    body = "\n\n".join([intro, sections(*parts)])
    return whole_page(
        "All findings",
        "Every finding of the checks by group, with code and severity: what each means, how it"
        " is detected and what to do.",
        body,
    )


def _page(finding: type[Finding]) -> str:
    told = page(finding)
    body = "\n\n".join(
        [
            _line(finding),
            prose(summary(finding)),
            sections(
                ("What it means", prose(told["What it means"])),
                ("How it is detected", prose(told["How it is detected"])),
                ("Why it happens", prose(told["Why it happens"])),
                ("What to do", _what_to_do(finding)),
                *_example(finding),
                ("Messages that lead here", _messages(finding)),
                ("Related findings", _related(finding)),
                ("Sources", sources(told["Sources"])),
            ),
        ]
    )
    return whole_page(finding.title, _description(finding), body)


def _line(finding: type[Finding]) -> str:
    """Code, severity, slug and group: the line below the title."""
    letter = finding.code[0]
    severity = f"**{finding.severity}**{{ .severity .{finding.severity} }}"
    parts = (
        code(finding.code),
        severity,
        code(finding.slug),
        f"[{GROUPS[letter]}](index.md#{_ANCHORS[letter]})",
    )
    return " · ".join(parts) + "\n{ .finding-line }"


def _description(finding: type[Finding]) -> str:
    """One sentence for search results: the code, the title, and what the page has."""
    text = f"{finding.code} {finding.slug}: {finding.title}."
    more = " What it means, why it happens, and what to do on Linux, macOS and Windows."
    shorter = " What it means, why, and what to do."
    return text + (more if len(text) + len(more) <= 170 else shorter)


# --- what to do, per system ----------------------------------------------------------

_SYSTEMS = ("Linux", "macOS", "Windows")
_LABEL = re.compile(
    r"(?:- )?(?P<names>(?:Linux|macOS|Windows)(?:(?:, | and )(?:macOS|Windows))*): "
)


class Item(NamedTuple):
    """What a docstring tells for one or more systems."""

    systems: tuple[str, ...]
    text: str


def _what_to_do(finding: type[Finding]) -> str:
    """The guide first, then the steps: who needs more than these finds it before them."""
    told = page(finding)
    leads = f"Guide: {guide(told['Guide'], path(finding))}\n{{ .finding-guide }}"
    return f"{leads}\n\n{what_to_do(told['What to do'])}"


def what_to_do(text: str) -> str:
    """Turn the lists by system of a section into linked tabs; the rest stays prose."""
    parts = []
    for block in text.split("\n\n"):
        items = list(_items(block))
        if items:
            parts.append(_tabs(items))
        elif block.startswith("- "):
            parts.append(prose(block))
        else:
            parts.append(_command(" ".join(block.split())))
    return "\n\n".join(parts)


def _items(block: str) -> Iterator[Item]:
    """Yield the entries of a block that speaks of one system after the other, else nothing."""
    lines = block.split("\n")
    if not _LABEL.match(lines[0]):
        return
    starts = [at for at, line in enumerate(lines) if _LABEL.match(line)]
    if len(starts) < 2:
        return
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        match = _LABEL.match(lines[start])
        if match is None:
            raise ValueError(lines[start])
        first = lines[start][match.end() :]
        rest = [line.strip() for line in lines[start + 1 : end]]
        systems = tuple(re.split(r", | and ", match["names"]))
        yield Item(systems, " ".join([first, *rest]))


def _tabs(items: list[Item]) -> str:
    told = {system: item.text for item in items for system in item.systems}
    same = ("the same command", "the same commands")
    tabs = []
    for system in _SYSTEMS:
        text = told.get(system)
        if text in same:
            text = told["Linux"]
        if text is not None:
            tabs.append(f'=== "{system}"\n\n{indent(_command(text, system))}')
    return "\n\n".join(tabs)


def _command(text: str, system: str = "") -> str:
    """A command that stands alone becomes a block that can be copied; a sentence stays one."""
    language = "powershell" if system == "Windows" else "sh"
    whole = re.fullmatch(r"`([^`]+)`\.?", text)
    parts = [(whole[1], True)] if whole else apart(text)
    return "\n\n".join(fence(part, language) if alone else _sentence(part) for part, alone in parts)


def _sentence(text: str) -> str:
    text = text[0].upper() + text[1:]
    return prose(text if text.endswith((".", ":")) else f"{text}.")


# --- what the docstring does not have ------------------------------------------------


def _example(finding: type[Finding]) -> tuple[tuple[str, str], ...]:
    if not finding.needs_probe and finding.example is not None:
        return (("Example", fence(finding.example, "check")),)
    why, argument = _SEE[finding.code[0]]
    command = f"python3 -m checks {finding.example or argument}"
    text = f"{why}. Run the check on it:\n\n{fence(command, 'sh')}"
    return (("See it on a machine", text),)


def _messages(finding: type[Finding]) -> str:
    """The error messages that this finding explains, where there are any."""
    rows = [row for row in ERRORS if finding.code in row.leads_to]
    return "\n".join(
        f"- {link(code(row.name), f'../errors.md#{slug(row.name)}')}: {escape(row.says)}"
        for row in rows
    )


def related(finding: type[Finding]) -> list[type[Finding]]:
    """Return the findings to read next, in the order of the catalogue.

    Those that the same error messages lead to, those that the text mentions, and
    the nearest of the same group.
    """
    text = "\n".join(page(finding).values())
    codes = {one for row in ERRORS if finding.code in row.leads_to for one in row.leads_to[:5]}
    near = int(finding.code[1:])
    return [
        one
        for one in CATALOGUE
        if one is not finding
        and (
            one.code in codes
            or one.code in text
            or ("-" in one.slug and one.slug in text)
            or (one.code[0] == finding.code[0] and abs(int(one.code[1:]) - near) <= 2)
        )
    ]


def _related(finding: type[Finding]) -> str:
    return "\n".join(
        f"- {link(f'{one.code} {one.slug}', f'{one.slug}.md')}: {escape(one.title)}"
        for one in related(finding)
    )


def sources(text: str) -> str:
    """Turn ``- title: address`` into a list of links; an entry without address stays text."""
    found = []
    for item in re.split(r"^- ", text, flags=re.MULTILINE)[1:]:
        flat = " ".join(item.split())
        match = re.fullmatch(r"(?P<title>.+?): (?P<address>https?://\S+)", flat)
        found.append(
            f"- {link(escape(match['title']), match['address']) if match else escape(flat)}"
        )
    return "\n".join(found)
