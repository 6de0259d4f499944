"""Tables of known tools, read by their heading or by the form of their rows.

``ss``, ``netstat``, ``lsof``, ``docker ps`` and others print columns: a row tells a state,
a process and two ends, which running text does not.
"""

from __future__ import annotations

from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.text.endpoint import Endpoint


class Row(NamedTuple):
    """One row of a table.

    Arguments:
        span: where the row is in the text.
        local: the end that listens, or this machine's end of a connection.
        peer: the other end; None where there is none.
        state: ``LISTEN``, ``ESTABLISHED``, ``TIME_WAIT`` ... as POSIX tools write it; "" where
            the table has none.
        protocol: ``tcp`` or ``udp``; "" where the table does not tell.
        pid: of the process; None where the table does not tell.
        program: its name; "" where the table does not tell.
    """

    span: tuple[int, int]
    local: Endpoint | None
    peer: Endpoint | None = None
    state: str = ""
    protocol: str = ""
    pid: int | None = None
    program: str = ""

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
        }


class Table(NamedTuple):
    """A table of a known tool.

    Arguments:
        tool: ``ss``, ``netstat``, ``lsof`` ...
        system: ``linux``, ``macos`` or ``windows``; None where the table does not tell.
        span: from the heading, or the first row, to the last row.
        rows: in the order of the text.
    """

    tool: str
    system: str | None
    span: tuple[int, int]
    rows: tuple[Row, ...]

    def to_dict(self) -> dict[str, object]:
        """The table as the JSON contract has it."""
        return {
            "tool": self.tool,
            "system": self.system,
            "span": list(self.span),
            "rows": [row.to_dict() for row in self.rows],
        }


def read(text: str) -> tuple[Table, ...]:
    """Find the tables of a text.

    Arguments:
        text: any text, any number of lines.
    """
    return ()


def endpoints(found: tuple[Table, ...]) -> tuple[Endpoint, ...]:
    """Return the endpoints of tables in the order of the text, with their roles."""
    ends = (end for table in found for row in table.rows for end in (row.local, row.peer))
    return tuple(end for end in ends if end is not None)
