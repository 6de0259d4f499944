"""The services registry: 6,370 assignments, on pages that stay light, and as one JSON file.

A page of all rows would be a megabyte of markup. So the rows stand on a page for each
thousand ports, a table for each hundred; ``services.json`` holds all of them for a
script that filters while a reader types.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from checks.ports import _services, services
from checks.ports.services import Service
from tools.site.furniture import FILTER
from tools.site.markup import code, escape, link, number, page, sections, table

INDEX = "reference/services.md"
JSON = "reference/services.json"
_SOURCE = "IANA Service Name and Transport Protocol Port Number Registry"


class Part(NamedTuple):
    """The ports of one page."""

    first: int
    last: int

    @property
    def path(self) -> str:
        """Below docs."""
        return f"reference/services/{self.first}-{self.last}.md"

    @property
    def title(self) -> str:
        """As the nav and the H1 have it."""
        return f"Services on ports {self.first}-{self.last}"

    def rows(self) -> list[Service]:
        """Return the assignments whose first port is in the part."""
        return [row for row in _all() if self.first <= row.ports[0] <= self.last]

    def pieces(self) -> list[Part]:
        """Return its sections: a hundred ports each, five thousand where few are assigned."""
        step = 100 if self.last < 10000 else 5000
        begins = [self.first, *range(self.first - self.first % step + step, self.last + 1, step)]
        ends = [*(begin - 1 for begin in begins[1:]), self.last]
        return list(map(Part, begins, ends))


PARTS = (
    Part(0, 1023),
    *(Part(max(1024, first), first + 999) for first in range(1000, 10000, 1000)),
    Part(10000, 49151),
)
"""A page for the system ports, one for each thousand, one for the sparse rest."""


def pages() -> dict[str, str]:
    """Return the pages and the JSON file: path below docs to text."""
    return {
        INDEX: _index(),
        **{part.path: _part(part) for part in PARTS},
        JSON: document(),
    }


_cache: list[Service] = []


def _all() -> list[Service]:
    if not _cache:
        _cache.extend(services.all_services())
    return _cache


def document() -> str:
    """Return every row as compact JSON: columns, then rows in their order.

    ``transports`` is a text of letters: t tcp, u udp, s sctp, d dccp.
    """
    rows = [
        [*row.ports, row.name, "".join(one[0] for one in row.transports), row.description or ""]
        for row in _all()
    ]
    head = {
        "source": _SOURCE,
        "columns": ["first", "last", "name", "transports", "description"],
        "rows": rows,
    }
    return json.dumps(head, ensure_ascii=False, separators=(",", ":")) + "\n"


def _index() -> str:
    counts = [
        (
            link(f"{part.first}-{part.last}", part.path.removeprefix("reference/")),
            number(len(part.rows())),
        )
        for part in PARTS
    ]
    ranges = [
        (f"{first}-{last}", code(name), escape(description))
        for first, last, name, _, description in _services.RANGES
    ]
    rows = _all()
    names = len({row.name.lower() for row in rows})
    intro = (
        f"The registry of IANA assigns {number(len(rows))} services, under {number(names)} names,"
        " to port numbers. It shows which service reserved a number, not what runs there. For that,"
        " see [ports that developers meet](../ports/development.md), or test the machine.\n\n"
        "To look up a port, give it to the check: `127.0.0.1:5432`{check}. Or open the page of its"
        " range, where you can filter the rows."
        "\n{ #services data-source=services.json }"
    )
    body = sections(
        ("By port", table(("Ports", "Services"), counts, "lr")),
        (
            "Services that hold a range",
            table(("Ports", "Service", "Description"), ranges),
        ),
        (
            "All rows as JSON",
            f"{link(code('services.json'), 'services.json')} has every row: first and last port,"
            " name, transports (t tcp, u udp, s sctp, d dccp) and description.",
        ),
        (
            "Sources",
            f"- [{_SOURCE}](https://www.iana.org/assignments/"
            "service-names-port-numbers/service-names-port-numbers.xhtml): the assignments\n"
            "- [RFC 6335](https://www.rfc-editor.org/info/rfc6335): how they are made",
        ),
    )
    return page(
        "Registered services",
        f"All {number(len(rows))} services that IANA assigns to port numbers, by port, with"
        " transports and descriptions.",
        f"{intro}\n\n{body}",
    )


def _part(part: Part) -> str:
    count = number(len(part.rows()))
    intro = (
        f"{count} assignments of the IANA registry, by first port. A name belongs to all"
        f" transports in its row. {link('All ranges', '../services.md')}."
    )
    pieces = ((f"{one.first}-{one.last}", one.rows()) for one in part.pieces())
    body = sections(
        *((title, _table(rows)) for title, rows in pieces if rows),
        (
            "Sources",
            f"- [{_SOURCE}](https://www.iana.org/assignments/service-names-port-numbers/"
            "service-names-port-numbers.xhtml)",
        ),
    )
    return page(
        part.title,
        f"The {count} services that IANA assigns to ports {part.first} to {part.last}, with"
        " transports and descriptions.",
        f"{intro}\n\n{FILTER}\n\n{body}",
        search=False,
    )


def _table(rows: list[Service]) -> str:
    return table(
        ("Port", "Service", "Description"),
        (
            (
                str(row.ports[0])
                if row.ports[0] == row.ports[1]
                else f"{row.ports[0]}-{row.ports[1]}",
                code(row.name),
                _described(row),
            )
            for row in rows
        ),
        "rll",
    )


def _described(row: Service) -> str:
    transports = ", ".join(row.transports)
    text = escape(row.description or "")
    return f"{text} ({transports})" if text and transports else text or transports
