"""Tables of known tools, read by their heading or by the form of their rows.

``ss``, ``netstat``, ``lsof``, ``docker ps`` and others print columns: a row tells a state,
a process and two ends, which running text does not. One module a family of tools; people
paste single rows as often as whole tables, so most rows are known by their form alone.
"""

from __future__ import annotations

from checks.text import families
from checks.text.families import Family
from checks.text.tables.record import Row, Table
from checks.text.tables.roles import settled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.text.endpoint import Endpoint

__all__ = ["Row", "Table", "endpoints", "masked", "read"]

FAMILIES: tuple[Family, ...] = (
    Family("tables.ss", ("LISTEN", "ESTAB", "UNCONN", "-WAIT", "SYN-", "Recv-Q", "LAST-ACK")),
    Family(
        "tables.netstat",
        ("tcp", "udp"),
        r"(?:tcp|udp)[46]{0,2}(?:lite)?6?[ \t]{1,120}\d{1,10}[ \t]{1,120}\d",
    ),
    Family(
        "tables.netstat",
        ("TCP", "UDP"),
        r"(?:TCP|UDP)(?:v6)?[ \t]{1,120}\S{1,120}:\S{1,120}[ \t]",
    ),
    Family("tables.netstat", ("LISTEN", "ESTABLISHED", "IDLE"), r"(?:[ \t]{1,40}\d{1,10}){4}[ \t]"),
    Family(
        "tables.lsof",
        ("TCP", "UDP", "tcp", "udp"),
        r"IPv[46][ \t]|\([A-Z][A-Z_0-9]{2,14}\)|\d[ \t]{1,120}(?:tcp|udp)[46]{0,2}[ \t]",
    ),
    Family(
        "tables.powershell",
        (
            "LocalPort",
            "RemotePort",
            "TcpTestSucceeded",
            "TCP connect to",
            "Listen",
            "Established",
            "TimeWait",
            "CloseWait",
            "Bound",
        ),
        r"LocalPort|RemotePort|TcpTestSucceeded|TCP connect to"
        r"|(?:[ \t]{1,120}[\w.:%]{2,60}[ \t]{1,120}|^[\w.:%]{2,60}[ \t]{1,120})\d{1,5}[ \t]{1,120}"
        r"(?:Listen|Established|TimeWait|CloseWait|Bound)\b",
    ),
    Family(
        "tables.netsh",
        ("excludedportrange", "Port", "--------"),
        r"excludedportrange|Start ?-?Port|-{8}[ \t]{2}",
    ),
    Family(
        "tables.netsh",
        (" ", "\t"),
        r"[ \t](?<=[\w.:*][ \t])[ \t]{0,119}\d{1,5}[ \t]{1,120}[\w.:-]{2,253}[ \t]{1,120}\d{1,5}"
        r"[ \t\r]{0,200}$",
    ),
    Family(
        "tables.docker",
        ("->", " -> ", "PORTS", "Ports"),
        r"->[ ]?\d{1,5}(?:-\d{1,5})?(?:/|[ \t])|\d(?:/[a-z]{3,4})? -> [\d\[:]|\bP(?:ORTS|orts)\b",
    ),
    Family("tables.kubernetes", ("ClusterIP", "NodePort", "LoadBalancer", "<unset>")),
    Family(
        "tables.kernel",
        ("dport=", ":0", ": "),
        r"sport=\d{1,5} dport=|\d: {1,20}(?:[0-9A-F]{8}){1,4}:[0-9A-F]{4} ",
    ),
    Family("tables.tcpdump", ("Flags [",)),
    Family("tables.systemd", (".socket", "/tcp:", "/udp:")),
    Family(
        "tables.tried",
        ("ucceeded!", "onnected to", "open", "accepting", "closed", "filtered", "portid="),
        r"ucceeded!|onnected to|accepting connections|\) open\b|portid="
        r"|/(?:tcp|udp|sctp)[ \t]{1,120}(?:open|closed|filtered|unfiltered)",
    ),
)
"""The families of tools, and what is in every table of each."""


def read(text: str) -> tuple[Table, ...]:
    """Find the tables of a text.

    Arguments:
        text: any text, any number of lines.

    Returns:
        the tables in the order of the text, their ends with roles. A row is taken once.
    """
    found: list[Table] = []
    taken: set[int] = set()
    for reader in families.readers(text, FAMILIES):
        for table in reader(text):
            rows = tuple(row for row in table.rows if row.span[0] not in taken)
            if rows or not table.rows:
                taken.update(row.span[0] for row in rows)
                found.append(settled(table._replace(rows=rows)))
    return tuple(sorted(found, key=lambda table: table.span))


def endpoints(found: tuple[Table, ...]) -> tuple[Endpoint, ...]:
    """Return the endpoints of tables in the order of the text, with their roles."""
    ends = [end for table in found for row in table.rows for end in (row.local, row.peer)]
    ends += [table.about for table in found]
    known = {end.span: end for end in ends if end is not None}
    return tuple(known[span] for span in sorted(known))


def masked(text: str, found: tuple[Table, ...]) -> str:
    """Return the text with spaces for what tables hold, as long as it was: it has been read.

    Arguments:
        text: as it was pasted.
        found: its tables.
    """
    parts: list[str] = []
    end = 0
    for first, last in sorted({row.span for table in found for row in table.rows}):
        if first >= end:
            parts += (text[end:first], " " * (last - first))
            end = last
    return "".join((*parts, text[end:])) if parts else text
