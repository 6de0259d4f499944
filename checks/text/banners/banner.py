"""The line of a tool, as a classification has it."""

from __future__ import annotations

from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.text.errors import ErrorMessage


class Banner(NamedTuple):
    """A line of a known tool.

    Arguments:
        key: of the row of the table, stable: ``jetbrains-disconnected``.
        tool: its name, as people know it; "" if the line does not tell.
        span: where the wording is in the text: first index, index after the last.
        endpoint: index of the endpoint that the line is about; None if it has none.
        normal: True if the line is no error.
        means: what it says; one sentence where the line is normal, else one or two.
        step: what to do first, in one sentence; "" if there is nothing to do.
        reach: who may connect and what that gives, where it matters; else "".
        role: of the endpoint: ``listener``, ``target``, ``peer``, ``local``, or "" for none.
        port: how its number came about: ``random`` (new at each start), ``kept`` (random once,
            then kept), ``default``, ``set``; "" if that does not matter.
    """

    key: str
    tool: str
    span: tuple[int, int]
    endpoint: int | None
    normal: bool
    means: str
    step: str = ""
    reach: str = ""
    role: str = ""
    port: str = ""

    def covers(self, error: ErrorMessage) -> bool:
        """Whether the words of an error are part of the line, which then explains them."""
        return self.span[0] <= error.span[0] and error.span[1] <= self.span[1]

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
            "role": self.role,
            "port": self.port,
        }
