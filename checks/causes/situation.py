"""One error of a text with all that may speak for a cause: its endpoint, marks and neighbours."""

from __future__ import annotations

import re

from checks.causes.base import Because, Clue
from checks.model.patterns import sought
from checks.model.records import NamedTuple
from checks.model.words import at
from checks.text.marks import trimmed
from checks.text.marks.clients import NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from checks.text import Classification
    from checks.text.endpoint import Endpoint
    from checks.text.errors import ErrorMessage
    from checks.text.marks import Mark

_SYSTEMS = ("windows", "macos", "linux")
"""Systems that marks of the same name tell, the plainest first."""

ASKED = (None, "target")
"""Roles of an endpoint that somebody connects to."""


_NOT_ASKED = ("local", "peer", "resolver", "origin", "proxy")
_OFF = (
    r"(?:disabl(?:e[ds]?|ing)|deactivat\w{1,3}|uninstall\w{0,3}|remov\w{1,3}|turn\w{0,3} off"
    r"|switch\w{0,3} off|stop(?:s|ped|ping)?)"
)
_OFF_BEFORE = re.compile(
    rf"\b(?:{_OFF}|without|no|not|never|isn't|neither)\b[^\n.;:]{{0,24}}$", re.ASCII
)
_OFF_AFTER = re.compile(
    r"[^\n.;:]{0,48}\b(?:(?:is|was|are|were|been|all|already|it|turned|switched)"
    r" (?:off|disabled|deactivated|uninstalled|removed|stopped|not)\b|no success|\w{2,5}n't\b)",
    re.ASCII,
)
_HELPED = re.compile(
    r"(?<!not )(?<!n't )\b(?:helped|works|worked|solved|fixed|resolved)\b", re.ASCII
)
_OWN_CALL = r"\bcall from ([a-z0-9_.-]{1,80})/[0-9a-f.:]{2,39} to \1:\d"
_AROUND = 40
"""So many characters around a mark may say that it is not so."""
_LINE = 400
_FEW = 8
"""So many endpoints are looked through for the one of an error that names none."""


class Situation(NamedTuple):
    """What the rules of causes look at; :func:`situation_of` makes it.

    Arguments:
        classification: of the whole text.
        error: that is explained.
        marks: of the text, by key.
        low: the text in lower case, of the same length.
        searched: what patterns found in it, shared by the situations of a text.
        endpoint: that the error concerns; None where the text names none.
        port: its port's number; None where there is none, or where it is the client's own.
        host: its host as the text writes it, without brackets; "" where it has none.
        address: the address that was asked; "" where the text has a name only.
        is_loopback: whether it is asked on this machine: a loopback address or localhost.
    """

    classification: Classification
    error: ErrorMessage
    marks: Mapping[str, Mark]
    low: str
    searched: dict[str, list[re.Match[str]]]
    endpoint: Endpoint | None = None
    port: int | None = None
    host: str = ""
    address: str = ""
    is_loopback: bool = False

    @property
    def asked(self) -> Endpoint | None:
        """The endpoint of the error, with its port where another mention of the host has it.

        Where the error has none, the only one of the text that is asked.
        """
        own = self.endpoint
        if own is not None and own.port is not None:
            return own
        ends = [one for one in self.classification.endpoints[:_FEW] if one.role not in _NOT_ASKED]
        hosts = {one.host.text.lower() for one in (own, *ends) if one and one.host}
        if len(hosts) != 1:
            return own
        return next((one for one in ends if one.port), own or ends[0])

    @property
    def asked_port(self) -> int | None:
        """The port of :attr:`asked`; None where there is none."""
        end = self.asked
        return end.port.number if end and end.port else None

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
    def asks_itself(self) -> bool:
        """Whether the caller's name is the one that it asks: both ends are one machine.

        Source: apache/hadoop, NetUtils.java (``wrapException``): "Call From LOCAL/IP to
        HOST:PORT failed on connection exception".
        """
        own = self.words(_OWN_CALL, "")
        return (
            own is not None
            and bool(self.host)
            and f" to {self.host.lower()}:" in (own.text.lower())
        )

    @property
    def asks_device(self) -> bool:
        """Whether adb asks a device at its address in the local network."""
        line = self.classification.banner
        return line is not None and line.key == "adb-network" and self.is_private

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

    def is_excluded(self, key: str) -> bool:
        """Whether the words around a mark say that it is not so: "I disabled the antivirus".

        Arguments:
            key: of a mark that the text has.
        """
        first = self.marks[key].span[0]
        after = self.low[first : first + 2 * _AROUND]
        return (
            _OFF_BEFORE.search(self.low[max(0, first - _AROUND) : first]) is not None
            or _OFF_AFTER.match(after) is not None
        ) and _HELPED.search(after) is None

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
        if pattern not in self.searched:
            match = sought(pattern).search(self.low)
            self.searched[pattern] = [match] if match else []
        found = self.searched[pattern]
        return self.between(found[0].span(), says) if found else None

    def every(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        """All places of the text in lower case that a pattern finds.

        Arguments:
            pattern: its repeats are bounded; none that :meth:`words` is asked about.
        """
        return self.once(pattern.pattern, pattern.finditer)

    def once(self, key: str, find: Callable[[str], Iterable[re.Match[str]]]) -> list[re.Match[str]]:
        """What is found in the text in lower case, sought once for all errors of the text.

        Arguments:
            key: of what is sought; no pattern of another search.
            find: seeks it.
        """
        if key not in self.searched:
            self.searched[key] = list(find(self.low))
        return self.searched[key]

    def between(self, span: tuple[int, int], says: str) -> Because:
        """Words of the text between two places, as what speaks for a cause."""
        return Because(*trimmed(self.classification.input, span), says)

    def line(self, because: Because) -> str:
        """The line in which some words begin, in lower case; its first characters if it is long."""
        first = self.low.rfind("\n", 0, because.span[0]) + 1
        return self.low[first : first + _LINE].partition("\n")[0]

    def beside(self, version: int) -> Endpoint | None:
        """Another endpoint of the same port on the loopback address of an IP version.

        Arguments:
            version: 4 or 6.
        """
        asked = self.endpoint
        for other in self.classification.endpoints:
            host = other.host
            if (
                other.role in ASKED
                and host is not None
                and host.version == version
                and host.loopback
                and (asked is None or _port(other) == _port(asked))
            ):
                return other
        return None

    def failed_beside(self, version: int) -> Endpoint | None:
        """The same as :meth:`beside`, where an error of the text is about it too."""
        other = self.beside(version)
        ends = self.classification.endpoints
        failed = (one.endpoint for one in self.classification.errors if one.endpoint is not None)
        return other if other is not None and any(ends[i] == other for i in failed) else None

    def others(self, *roles: str | None) -> Iterator[Endpoint]:
        """The endpoints of the text with one of these roles, without its own."""
        own = self.endpoint
        return (
            one for one in self.classification.endpoints if one.role in roles and one is not own
        )


def situation_of(
    classification: Classification,
    error: ErrorMessage,
    marks: Mapping[str, Mark],
    low: str,
    searched: dict[str, list[re.Match[str]]],
) -> Situation:
    """Return an error with its endpoint and what is known of it.

    Arguments:
        classification: of the whole text.
        error: that is to be explained.
        marks: of the text, by key.
        low: the text in lower case, of the same length.
        searched: empty for the first error of a text, the same for the others: a log has
            several, and each pattern goes through it once.
    """
    if error.endpoint is None:
        return Situation(classification, error, marks, low, searched)
    endpoint = classification.endpoints[error.endpoint]
    host = endpoint.host
    own = endpoint.role == "local" or ("dart" in marks and "port = " in endpoint.text)
    return Situation(
        classification,
        error,
        marks,
        low,
        searched,
        endpoint=endpoint,
        port=None if own else _port(endpoint),
        host=host.text.strip("[]") if host else "",
        address=(host.address or "") if host else "",
        is_loopback=bool(host and host.loopback),
    )


def because_of(endpoint: Endpoint, says: str) -> Because:
    """The words of an endpoint, as what speaks for a cause."""
    return Because(endpoint.text, endpoint.span, says)


def _port(endpoint: Endpoint) -> int | None:
    return endpoint.port.number if endpoint.port else None
