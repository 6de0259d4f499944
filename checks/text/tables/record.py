"""What a table is read into: its rows, each with two ends, a state and a process."""

from __future__ import annotations

from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.text.endpoint import Endpoint

LISTEN = "LISTEN"
ESTABLISHED = "ESTABLISHED"
OPEN = "OPEN"
"""A connection was tried, and accepted: of nc, nmap and Test-NetConnection."""
CLOSED = "CLOSED"
FILTERED = "FILTERED"
FAILED = "FAILED"
"""It was tried in vain, and the tool does not tell why."""
RESET = "RESET"
"""A connection that a packet with RST ended: of tcpdump."""
RESERVED = "RESERVED"
"""Ports that the system keeps back."""


class Row(NamedTuple):
    """One row of a table.

    Arguments:
        span: where the row is in the text.
        local: the end that listens, or this machine's end of a connection; of a packet the
            sender.
        peer: the other end; None where there is none.
        state: ``LISTEN``, ``ESTABLISHED``, ``TIME_WAIT`` ... as POSIX tools write it; ``OPEN``,
            ``CLOSED``, ``FILTERED`` or ``FAILED`` of a connection that the tool tried;
            ``RESET`` of one that a packet ended; ``RESERVED`` of ports that the system keeps
            back; "" where the table has none.
        protocol: ``tcp`` or ``udp``; "" where the table does not tell.
        pid: of the process; None where the table does not tell.
        program: its name, or that of the container or service; "" where the table does
            not tell.
        ports: first and last port, where the row has a range; else None.
        into: the port behind a published one, as Docker's and kubectl's tables have it.
    """

    span: tuple[int, int]
    local: Endpoint | None
    peer: Endpoint | None = None
    state: str = ""
    protocol: str = ""
    pid: int | None = None
    program: str = ""
    ports: tuple[int, int] | None = None
    into: int | None = None

    def to_dict(self) -> dict[str, object]:
        """The row as the JSON contract has it; its ends by their text."""
        return {
            "span": list(self.span),
            "local": self.local.text if self.local else None,
            "peer": self.peer.text if self.peer else None,
            "state": self.state,
            "protocol": self.protocol,
            "pid": self.pid,
            "program": self.program,
            "ports": list(self.ports) if self.ports else None,
            "into": self.into,
        }


class Table(NamedTuple):
    """A table of a known tool.

    Arguments:
        tool: ``ss``, ``netstat``, ``lsof`` ...
        system: ``linux``, ``macos``, ``windows``, ``freebsd`` or ``solaris``; None where the
            table does not tell.
        span: from the heading, or the first row, to the last row.
        rows: in the order of the text.
        about: the machine that the tool asked, as nmap names it; None for most tools.
    """

    tool: str
    system: str | None
    span: tuple[int, int]
    rows: tuple[Row, ...]
    about: Endpoint | None = None

    def to_dict(self) -> dict[str, object]:
        """The table as the JSON contract has it; the machine by its text."""
        return {
            "tool": self.tool,
            "system": self.system,
            "span": list(self.span),
            "rows": [row.to_dict() for row in self.rows],
            "about": self.about.text if self.about else None,
        }


def table(tool: str, system: str | None, rows: list[Row], first: int | None = None) -> Table:
    """Return the table of some rows.

    Arguments:
        tool: its name.
        system: as of :class:`Table`.
        rows: at least one, in the order of the text.
        first: where its heading begins; None where it has none.
    """
    start = rows[0].span[0] if first is None else min(first, rows[0].span[0])
    return Table(tool, system, (start, rows[-1].span[1]), tuple(rows))
