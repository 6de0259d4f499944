"""The reference section: every page that is made, and its place in the nav.

Nothing of it is typed: a page comes from the tables, the docstrings, the parsers and
the schema of the checks, each time the site is built.
"""

from __future__ import annotations

from checks.findings import CATALOGUE
from checks.findings.pages import GROUPS
from tools.site import findings, messages, registries, services

Nav = list["str | dict[str, str | Nav]"]
"""What MkDocs takes as ``nav``: paths, or titles to a path or to more of the same."""

_MAKERS = (findings, registries, services, messages)


def generated() -> dict[str, str]:
    """Return every file of the section.

    Returns:
        path below docs to content: Markdown with front matter where the path ends in
        ``.md``, data for the reader's programs where it ends in ``.json``. The same
        on every call.
    """
    found: dict[str, str] = {}
    for maker in _MAKERS:
        found.update(maker.pages())
    return found


def nav() -> Nav:
    """Return the entries of the section, in the order of the menu."""
    ports: Nav = [services.INDEX]
    ports += [{f"Ports {part.first}-{part.last}": part.path} for part in services.PARTS]
    return [
        {"Findings": _findings()},
        {"Address blocks": "reference/blocks.md"},
        {"Port ranges": "reference/ranges.md"},
        {"Services": ports},
        {"Browser-blocked ports": "reference/browser-blocked.md"},
        {"Error messages": messages.PATH},
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
