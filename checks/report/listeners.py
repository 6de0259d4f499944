"""The listeners of a machine, and what there is to say about each, worst first.

The findings' own rules judge them; a listener is an endpoint whose evidence is
the socket table alone. Nothing is connected to, so only the rules that read
listeners are asked: exposure, and sockets that are shared.
"""

from __future__ import annotations

from checks.findings import catalogue, wording
from checks.findings.base import Found, Match, Subject
from checks.findings.features import of_listeners
from checks.model import words
from checks.model.evidence import Probe
from checks.model.records import NamedTuple
from checks.model.words import SCHEMA, TCP, UDP
from checks.ports import Port, services, uses
from checks.report import plain
from checks.report.columns import where
from checks.text import Classification
from checks.text.endpoint import Endpoint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from checks.model.evidence import Listener, Machine

_NOTHING = Classification("", "port", ())
REACHES = ("host", "network", "any")
"""Who can reach a listener, by its bound address; the narrowest first."""

_MOST_LINES = 16  # evidence that one entry repeats
_MANY_PORTS = 400  # from here on one walk over the registry is cheaper than a search for each


class OnPort:
    """The listeners on one port; they are judged together, and only when asked.

    Arguments:
        listeners: every one of them.
        machine: where they were seen.
        unread: the socket tables that could not be read there.
    """

    def __init__(
        self, listeners: tuple[Listener, ...], machine: Machine, unread: tuple[str, ...] = ()
    ) -> None:
        self.listeners = listeners
        self.machine = machine
        self.unread = unread
        self._found: dict[Listener, list[Found]] | None = None

    def findings(self, listener: Listener) -> tuple[Found, ...]:
        """The findings that are about the listener, worst first.

        Of the evidence that others on the port share, each entry repeats a part:
        a thousand workers on one port would print a million lines.
        """
        if len(self.listeners) == 1:
            return _judge(self.listeners, self.machine, self.unread)
        if self._found is None:
            self._found = {}
            for one in _judge(self.listeners, self.machine, self.unread):
                for row in dict.fromkeys(one.match.listeners):  # sockets may look alike
                    self._found.setdefault(row, []).append(one)
        own = wording.listener_line(listener)
        return tuple(_for_one(one, own) for one in self._found.get(listener, ()))


def _for_one(found: Found, own: str) -> Found:
    """A finding with at most so many lines of evidence, the listener's own among them.

    Where sockets share address and port a finding shows the line of the first of them.
    """
    lines = found.match.evidence
    if own not in lines:
        lines = (*lines, own) if len(lines) > 1 else (own,)
    more = len(lines) - _MOST_LINES
    if more > 0:
        first = lines[:_MOST_LINES]
        shown = first if own in first else (*first[:-1], own)
        lines = (*shown, f"and {more} more sockets on the port")
    return found._replace(match=found.match._replace(evidence=lines))


class Entry(NamedTuple):
    """One listener and what is to say about it.

    Arguments:
        listener: the row of the socket table.
        on_port: it and the others on the same port.
        codes: the findings' codes, worst first.
        severity: the worst of the findings'.
        likely: what the port is registered or often used for; "" where unknown.
    """

    listener: Listener
    on_port: OnPort
    codes: tuple[str, ...]
    severity: str
    likely: str

    @property
    def exposed(self) -> bool:
        """Whether it is bound to more than loopback."""
        return self.listener.reach != "host"

    @property
    def place(self) -> tuple[str, str]:
        """What a person takes for one listener: protocol, address and port."""
        return self.listener.protocol, where(self.listener)

    def findings(self) -> tuple[Found, ...]:
        """The findings in full, worst first."""
        return self.on_port.findings(self.listener)

    def to_dict(self, site: str | None = None) -> dict[str, object]:
        """The entry as JSON has it.

        Arguments:
            site: the root of the site that findings link to; None for that of this build.
        """
        number = self.listener.port
        return {
            "schema": SCHEMA,
            "listener": plain(self.listener),
            "port": Port(str(number), number).to_dict(),
            "likely": self.likely or None,
            "severity": self.severity,
            "findings": [found.to_dict(site) for found in self.findings()],
        }


class Listing(NamedTuple):
    """What one look at the socket tables gave.

    Arguments:
        entries: the listeners that were seen and asked for, worst first.
        notes: what could not be learned, and why.
        unread: socket tables that could not be read.
        protocols: those that were asked for.
        reaches: the same.
    """

    entries: tuple[Entry, ...]
    notes: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    protocols: tuple[str, ...] = (TCP, UDP)
    reaches: tuple[str, ...] = REACHES

    def to_dicts(self, site: str | None = None) -> list[dict[str, object]]:
        """The listing as JSON has it: one object a listener, before them what was not seen.

        Arguments:
            site: as for :meth:`Entry.to_dict`.
        """
        unseen = [self.unseen()] if self.unread else []
        return unseen + [entry.to_dict(site) for entry in self.entries]

    def unseen(self) -> dict[str, object]:
        """What JSON has in place of the listeners that could not be seen."""
        says = " ".join(self.notes if self.unread else ()) or wording.not_read(self.unread)
        return {"schema": SCHEMA, "unread": list(self.unread), "says": says}


def entries(
    listeners: Sequence[Listener], machine: Machine, unread: tuple[str, ...] = ()
) -> tuple[Entry, ...]:
    """Judge every listener.

    Arguments:
        listeners: the whole table: who shares a port with whom matters.
        machine: where they were seen.
        unread: the socket tables that could not be read there.

    Returns:
        an entry a listener, worst first, then by port, protocol and address.
    """
    groups: dict[int, list[Listener]] = {}
    for listener in listeners:
        groups.setdefault(listener.port, []).append(listener)
    names = likely(groups)
    known: dict[object, tuple[tuple[str, ...], str]] = {}
    found = []
    for port in sorted(groups):
        rows = groups[port]
        on_port = OnPort(tuple(rows), machine, unread)
        if len(rows) > 1:
            rows.sort(key=_place)
        name = names[port]
        for listener in rows:
            codes, severity = _codes(listener, on_port, known)
            found.append(Entry(listener, on_port, codes, severity, name))
    found.sort(key=lambda entry: -words.rank(entry.severity))
    return tuple(found)


def likely(ports: Iterable[int]) -> dict[int, str]:
    """Return what each port is likely to serve: a development use, else a registered service."""
    wanted = set(ports)
    names: dict[int, str] = {}
    for first, last, use in uses.all_uses():
        for port in range(first, last + 1):
            if port in wanted:
                names.setdefault(port, use.name)
    left = wanted - names.keys()
    if len(left) > _MANY_PORTS:
        names.update(services.names(left))
    else:
        for port in left:
            found = services.on_port(port)
            names[port] = found[0].name if found else ""
    return {port: names.get(port, "") for port in wanted}


def _codes(
    listener: Listener, on_port: OnPort, known: dict[object, tuple[tuple[str, ...], str]]
) -> tuple[tuple[str, ...], str]:
    """Codes and worst severity; judged once for listeners that differ in names only.

    Of 10,000 listeners on 10,000 ports all are judged in 26 ms instead of 349.
    """
    if len(on_port.listeners) > 1:
        return _judged(listener, on_port)
    shape = _shape(listener)
    if shape not in known:
        known[shape] = _judged(listener, on_port)
    return known[shape]


def _shape(listener: Listener) -> object:
    """All that the codes of a listener hang on that is alone on its port.

    That is how it is bound and whether it has no process, one or several, not which. A test
    holds listeners of one shape that differ in all else against each other.
    """
    owners = listener.owners
    return (
        listener.protocol, listener.address, listener.v6only, listener.interface, listener.reach,
        bool(owners), len(owners) > 1 and len({owner.pid for owner in owners}) > 1,
    )  # fmt: skip


def _judged(listener: Listener, on_port: OnPort) -> tuple[tuple[str, ...], str]:
    found = on_port.findings(listener)
    codes = tuple(dict.fromkeys(one.finding.code for one in found))
    return codes, words.worst(one.severity for one in found)


def _judge(
    rows: tuple[Listener, ...], machine: Machine, unread: tuple[str, ...]
) -> tuple[Found, ...]:
    """What the rules say of the listeners on one port, worst first."""
    port = rows[0].port
    endpoint = Endpoint(str(port), (0, 0), None, None, Port(str(port), port))
    probe = Probe(
        outcome="not-probed",
        resolution=None,
        attempts=(),
        listeners=rows,
        others=(),
        bindings=(),
        machine=machine,
        unread=unread,
    )
    subject = Subject(_NOTHING, endpoint, probe)
    found: list[Found] = []
    for rule in catalogue.asked(of_listeners(rows)):
        match = rule.look(subject)
        if match is not None:
            matches = (match,) if isinstance(match, Match) else match
            found += [Found(rule, one, None) for one in matches]
    found.sort(key=lambda one: (-words.rank(one.severity), one.finding.code))
    return tuple(found)


def _place(listener: Listener) -> tuple[str, str]:
    return listener.protocol, listener.address
