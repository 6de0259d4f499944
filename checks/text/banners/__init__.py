"""Who printed a line: the wordings of tools that print a loopback address.

Most people meet ``127.0.0.1:62893`` in a line that is no error: a debugger that has
connected, the caller in a server's log, the address of a tunnel. The line tells whose
end the address is, whether all is well, and what to do first.
"""

from __future__ import annotations

from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.text.endpoint import Endpoint


class Banner(NamedTuple):
    """A line of a known tool.

    Arguments:
        key: of the row of the table, stable: ``jetbrains-disconnected``.
        tool: its name, as people know it.
        span: where the wording is in the text: first index, index after the last.
        endpoint: index of the endpoint that the line is about; None where it has none.
        normal: True where the line is no error.
        means: what it says, in one or two sentences.
        step: what to do first, in one sentence; "" where there is nothing to do.
        reach: who may connect and what that gives, where it matters; else "".
    """

    key: str
    tool: str
    span: tuple[int, int]
    endpoint: int | None
    normal: bool
    means: str
    step: str = ""
    reach: str = ""

    def to_dict(self) -> dict[str, object]:
        """The line as the JSON contract has it."""
        return {
            "key": self.key,
            "tool": self.tool,
            "span": list(self.span),
            "endpoint": self.endpoint,
            "normal": self.normal,
            "means": self.means,
            "step": self.step,
            "reach": self.reach,
        }


def find(text: str, endpoints: tuple[Endpoint, ...]) -> Banner | None:
    """Return the line of a known tool that a text is or contains; None where there is none.

    Arguments:
        text: any text.
        endpoints: of the text, in its order.
    """
    return None
