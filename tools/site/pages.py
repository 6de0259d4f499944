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
from tools.site.markup import page, table

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


_CONTENTS = (
    ("All findings", "findings/index.md", "what the checks can say, with causes and remedies"),
    ("All causes", "causes.md", "what an error comes from, with the first steps"),
    ("Address blocks", "blocks.md", "the special-purpose registries with every column"),
    ("Port ranges", "ranges.md", "of the registry, and of each operating system"),
    ("Registered services", "services.md", "every assignment of IANA, by port"),
    ("Browser-blocked ports", "browser-blocked.md", "which ports which browser refuses"),
    ("Error messages", "errors.md", "by symbol, number, wording and system"),
    ("Command line", "cli.md", "commands, options, exit codes"),
    ("Python API", "api.md", "functions and records"),
    ("JSON contract", "json.md", "objects, fields, and the schema"),
    ("Glossary", "glossary.md", "the words, and where they are defined"),
    ("What popular articles get wrong", "claims.md", "claims, each with a script that shows it"),
    ("How this site checks itself", "self-check.md", "what is generated, what is run"),
)


def _index() -> str:
    intro = (
        "Tables and lists to look things up. They are made from the code of the program each time"
        " the site is built."
    )
    return page(
        "Reference",
        "Findings, causes, address blocks, port ranges, services, error messages, command line,"
        " Python API, JSON and glossary.",
        f"{intro}\n\n"
        + table(
            ("Page", "What it lists"), ((f"[{t}]({path})", says) for t, path, says in _CONTENTS)
        ),
    )
