"""One error of a text with all that may speak for a cause: its endpoint, marks and neighbours."""

from __future__ import annotations

from checks.causes.base import Because
from checks.model.records import NamedTuple
from checks.model.words import at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from checks.text import Classification
    from checks.text.endpoint import Endpoint
    from checks.text.errors import ErrorMessage
    from checks.text.marks import Mark

_SYSTEMS = ("windows", "macos", "linux")
"""Systems that marks of the same name tell, the plainest first."""


class Situation(NamedTuple):
    """What the rules of causes look at.

    Arguments:
        classification: of the whole text.
        error: that is explained.
        marks: of the text, by key.
        low: the text in lower case.
    """

    classification: Classification
    error: ErrorMessage
    marks: Mapping[str, Mark]
    low: str

    @property
    def endpoint(self) -> Endpoint | None:
        """The endpoint that the error concerns; None where the text names none."""
        index = self.error.endpoint
        return None if index is None else self.classification.endpoints[index]

    @property
    def port(self) -> int | None:
        """Its port's number; None where there is none."""
        endpoint = self.endpoint
        return endpoint.port.number if endpoint and endpoint.port else None

    @property
    def host(self) -> str:
        """Its host as the text writes it, without brackets; "" where it has none."""
        endpoint = self.endpoint
        return endpoint.host.text.strip("[]") if endpoint and endpoint.host else ""

    @property
    def address(self) -> str:
        """The address that was asked; "" where the text has a name only."""
        endpoint = self.endpoint
        return (endpoint.host.address or "") if endpoint and endpoint.host else ""

    @property
    def is_loopback(self) -> bool:
        """Whether it is asked on this machine: a loopback address or localhost."""
        endpoint = self.endpoint
        return bool(endpoint and endpoint.host and endpoint.host.loopback)

    @property
    def at(self) -> str:
        """The endpoint as the answer names it: ``127.0.0.1:5432``; "" where there is none."""
        host, port = self.address or self.host, self.port
        if not host:
            return f"port {port}" if port is not None else ""
        return host if port is None else at(host, port)

    @property
    def system(self) -> str | None:
        """The system that the message shows: ``linux``, ``macos`` or ``windows``; None for none."""
        if self.error.system in _SYSTEMS:
            return self.error.system
        return next((system for system in _SYSTEMS if system in self.marks), None)

    @property
    def says_localhost(self) -> bool:
        """Whether the text has the name localhost."""
        return "localhost" in self.low

    def named(self, other: str) -> bool:
        """Whether another error of this name is in the text, of any endpoint."""
        return any(one.name == other for one in self.classification.errors)

    def at_endpoint(self, says: str) -> Because | None:
        """The words of the endpoint, as what speaks for a cause."""
        endpoint = self.endpoint
        return Because(endpoint.text, endpoint.span, says) if endpoint else None
