"""Windows' own relays and reserved ports: ``netsh interface portproxy show``, ``netsh interface
ipv4 show excludedportrange``. Headings are translated, so the rows are known by their form.

Source: Windows, "Netsh interface portproxy commands", "netsh interface ipv4".
"""

from __future__ import annotations

import re

from checks.text.tables import cells
from checks.text.tables.cells import END, GAP, INDENT
from checks.text.tables.record import LISTEN, RESERVED, Row, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.text.tables.record import Table


_PROXY = re.compile(
    rf"{INDENT}(?P<host>\*|[0-9A-Fa-f:.]{{3,45}}|localhost){GAP}(?P<port>\d{{1,5}}){GAP}"
    rf"(?P<far>[0-9A-Za-z:._-]{{2,253}}){GAP}(?P<far_port>\d{{1,5}}){END}",
    re.ASCII | re.MULTILINE,
)
_RANGES = re.compile(
    r"excludedportrange|Start ?-?Port\s{1,20}End ?-?Port|^[ \t]{0,20}-{8,12}[ \t]{2,10}-{8,12}"
    r"[ \t\r]{0,20}$",
    re.ASCII | re.IGNORECASE | re.MULTILINE,
)
_RANGE = re.compile(
    rf"{INDENT}(?P<first>\d{{1,5}}){GAP}(?P<last>\d{{1,5}})(?:{GAP}\*)?{END}",
    re.ASCII | re.MULTILINE,
)
_UDP = re.compile(r"\budp\b", re.ASCII | re.IGNORECASE)


def read(text: str) -> Iterator[Table]:
    """Find relays and reserved ranges in a text."""
    relays = [row for match in _PROXY.finditer(text) if (row := _relay(text, match))]
    if relays:
        yield table("portproxy", "windows", relays)
    heading = _RANGES.search(text)
    if heading is None:
        return
    protocol = "udp" if _UDP.search(text, max(0, heading.start() - 400), heading.end()) else "tcp"
    ranges = [
        row for match in _RANGE.finditer(text, heading.end()) if (row := _range(match, protocol))
    ]
    if ranges:
        yield table("excludedportrange", "windows", ranges, heading.start())


def _relay(text: str, match: re.Match[str]) -> Row | None:
    local = cells.pair_at(text, match.span("host"), match.span("port"))
    peer = cells.pair_at(text, match.span("far"), match.span("far_port"))
    if local is None or peer is None or local.port is None or peer.port is None:
        return None
    return Row(cells.row_span(match), local, peer, LISTEN, "tcp")


def _range(match: re.Match[str], protocol: str) -> Row | None:
    first, last = int(match["first"]), int(match["last"])
    if not 0 < first <= last < 65536:
        return None
    span = cells.row_span(match)
    return Row(span, None, state=RESERVED, protocol=protocol, ports=(first, last))
