"""One error of a text with all that may speak for a cause: its endpoint, marks and neighbours."""

from __future__ import annotations

import re

from checks.causes.base import Because, Clue
from checks.model.records import NamedTuple
from checks.model.words import at
from checks.text.marks.clients import NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from checks.text import Classification
    from checks.text.endpoint import Endpoint
    from checks.text.errors import ErrorMessage
    from checks.text.marks import Mark

_SYSTEMS = ("windows", "macos", "linux")
"""Systems that marks of the same name tell, the plainest first."""

ASKED = (None, "target")
"""Roles of an endpoint that somebody connects to."""


class Situation(NamedTuple):
    """What the rules of causes look at.

    Arguments:
        classification: of the whole text.
        error: that is explained.
        marks: of the text, by key.
        low: the text in lower case, of the same length.
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
    def may_be_loopback(self) -> bool:
        """The same, or the text does not tell which host was asked."""
        endpoint = self.endpoint
        return endpoint is None or endpoint.host is None or self.is_loopback or self.is_wildcard

    @property
    def is_wildcard(self) -> bool:
        """Whether it is the address of no machine: 0.0.0.0 or ::."""
        return self.address in ("0.0.0.0", "::")

    @property
    def name_kind(self) -> str:
        """What its name is (:class:`checks.address.names.Name`); "" where it has none."""
        endpoint = self.endpoint
        name = endpoint.host.name if endpoint and endpoint.host else None
        return name.kind if name else ""

    @property
    def is_private(self) -> bool:
        """Whether it is an address of a local network, and not of this machine."""
        endpoint = self.endpoint
        host = endpoint.host if endpoint else None
        return bool(host and not host.loopback and host.scope in ("site", "link"))

    @property
    def is_bridge(self) -> bool:
        """Whether it is an address that Docker gives by default (172.16.0.0/12)."""
        return re.match(r"172\.(?:1[6-9]|2\d|3[01])\.", self.address, re.ASCII) is not None

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
    def client(self) -> str:
        """The key of the client that printed the message; "" where the text does not tell."""
        return next((key for key in NAMES if key in self.marks), "")

    @property
    def says_localhost(self) -> bool:
        """Whether the text has the name localhost."""
        return "localhost" in self.low

    def has(self, *keys: str) -> bool:
        """Whether the text has one of these marks."""
        return any(key in self.marks for key in keys)

    def named(self, *others: str) -> bool:
        """Whether another error of one of these names is in the text, of any endpoint."""
        return any(one.name in others for one in self.classification.errors)

    def marked(self, points: Mapping[str, int]) -> Iterator[Clue]:
        """A clue for each of these marks that the text has.

        Arguments:
            points: by the key of a mark.
        """
        for key, worth in points.items():
            mark = self.marks.get(key)
            if mark is not None:
                yield Clue(worth, Because(mark.text, mark.span, mark.says))

    def at_endpoint(self, says: str) -> Because | None:
        """The words of the endpoint, as what speaks for a cause."""
        endpoint = self.endpoint
        return because_of(endpoint, says) if endpoint else None

    def at_error(self, says: str) -> Because | None:
        """The words of the error, as what speaks for a cause."""
        error = self.error
        return Because(error.text, error.span, says) if error.text else None

    def words(self, pattern: str, says: str) -> Because | None:
        """Words of the text that a pattern finds, as what speaks for a cause.

        Arguments:
            pattern: of the text in lower case; its repeats are bounded.
            says: what the words tell.
        """
        match = re.search(pattern, self.low, re.ASCII | re.MULTILINE)
        if match is None:
            return None
        first, last = match.span()
        return Because(self.classification.input[first:last], (first, last), says)

    def beside(self, version: int) -> Endpoint | None:
        """Another endpoint of the same port on the loopback address of an IP version.

        Arguments:
            version: 4 or 6.
        """
        asked = self.endpoint
        for other in self.classification.endpoints:
            host = other.host
            if (
                host is not None
                and other.role in ASKED
                and host.version == version
                and host.loopback
                and (asked is None or _port(other) == _port(asked))
            ):
                return other
        return None

    def others(self, *roles: str | None) -> Iterator[Endpoint]:
        """The endpoints of the text with one of these roles, without its own."""
        own = self.endpoint
        return (
            one for one in self.classification.endpoints if one.role in roles and one is not own
        )


def because_of(endpoint: Endpoint, says: str) -> Because:
    """The words of an endpoint, as what speaks for a cause."""
    return Because(endpoint.text, endpoint.span, says)


def _port(endpoint: Endpoint) -> int | None:
    return endpoint.port.number if endpoint.port else None
