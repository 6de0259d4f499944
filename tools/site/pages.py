"""The reference section: every page that is made, and its place in the nav.

Nothing of it is typed: a page comes from the tables, the docstrings, the parsers and
the schema of the checks, each time the site is built.
"""

from __future__ import annotations

from checks.findings import CATALOGUE
from checks.findings.pages import GROUPS
from tools.site import (
    api,
    causes,
    claims,
    commands,
    contract,
    findings,
    glossary,
    messages,
    registries,
    selfcheck,
    services,
)
from tools.site.markup import cards, page, sections

Nav = list["str | dict[str, str | Nav]"]
"""What MkDocs takes as ``nav``: paths, or titles to a path or to more of the same."""

INDEX = "reference/index.md"

_MAKERS = (
    findings,
    causes,
    registries,
    services,
    messages,
    commands,
    api,
    contract,
    glossary,
    claims,
    selfcheck,
)


def generated() -> dict[str, str]:
    """Return every file of the section.

    Returns:
        path below docs to content: Markdown with front matter where the path ends in
        ``.md``, data for the reader's programs where it ends in ``.json``. The same
        on every call.
    """
    found: dict[str, str] = {INDEX: _index()}
    for maker in _MAKERS:
        found.update(maker.pages())
    return found


def nav() -> Nav:
    """Return the entries of the section, in the order of the menu."""
    ports: Nav = [services.INDEX]
    ports += [{f"Ports {part.first}-{part.last}": part.path} for part in services.PARTS]
    return [
        INDEX,
        {"Findings": _findings()},
        {"Causes": causes.PATH},
        {"Address blocks": "reference/blocks.md"},
        {"Port ranges": "reference/ranges.md"},
        {"Services": ports},
        {"Browser-blocked ports": "reference/browser-blocked.md"},
        {"Error messages": messages.PATH},
        {"Command line": commands.PATH},
        {"Python API": api.PATH},
        {"JSON contract": contract.PATH},
        {"Glossary": glossary.PATH},
        {"What articles get wrong": claims.PATH},
        {"How this site checks itself": selfcheck.PATH},
    ]


def _findings() -> Nav:
    groups: Nav = ["reference/findings/index.md"]
    for letter, title in GROUPS.items():
        entries: Nav = [
            {f"{finding.code} {finding.slug}": findings.path(finding)}
            for finding in CATALOGUE
            if finding.code[0] == letter
        ]
        groups.append({title: entries})
    return groups


_CONTENTS = {
    "Errors": (
        ("Findings", "findings/index.md", "What the program reports, with causes and fixes."),
        ("Causes", "causes.md", "What an error comes from, with the first steps."),
        ("Error messages", "errors.md", "By name, number, wording and system."),
    ),
    "Addresses and ports": (
        ("Address blocks", "blocks.md", "The special-purpose registries, every column."),
        ("Port ranges", "ranges.md", "By the registry, and by each operating system."),
        ("Services", "services.md", "Every port that IANA has assigned."),
        ("Browser-blocked ports", "browser-blocked.md", "Which browser refuses which ports."),
        ("Glossary", "glossary.md", "The words, and where each is defined."),
    ),
    "The program": (
        ("Command line", "cli.md", "Download, commands, options, exit codes."),
        ("Python API", "api.md", "Functions and records."),
        ("JSON contract", "json.md", "Objects, fields and the schema."),
    ),
    "This site": (
        ("What articles get wrong", "claims.md", "Claims, each with a script that tests it."),
        ("How this site checks itself", "self-check.md", "What is generated and what is run."),
    ),
}


def _index() -> str:
    intro = (
        "Tables and lists to look things up. They are made from the code of the program each time"
        " the site is built."
    )
    return page(
        "Reference",
        "Findings, causes, address blocks, port ranges, services, error messages, command line,"
        " Python API, JSON and glossary.",
        f"{intro}\n\n" + sections(*((title, cards(each)) for title, each in _CONTENTS.items())),
    )
