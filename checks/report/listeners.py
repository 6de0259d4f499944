"""The listeners of a machine: what is to say about each, worst first, as a table.

The findings' own rules judge them; a listener is an endpoint whose evidence is
the socket table alone. Nothing is connected to, so only the rules that read
listeners are asked: exposure, and sockets that are shared.
"""

from __future__ import annotations

from checks.findings import binding, exposure, wording
from checks.findings.base import Finding, Found, Match, Subject
from checks.model import words
from checks.model.contract import SCHEMA
from checks.model.evidence import Probe
from checks.model.records import NamedTuple
from checks.ports import Port
from checks.report import plain
from checks.report.clean import line as clean
from checks.report.command import PROGRAM
from checks.rules import owners as rules
from checks.text import Classification
from checks.text.endpoint import Endpoint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from checks.model.evidence import Listener, Machine
    from checks.report.text import Style

RULES: tuple[type[Finding], ...] = (*exposure.FINDINGS, binding.SharedListener)

_COLOURS = {"ok": "32", "info": "36", "notice": "34", "warning": "33", "error": "31"}
_NOTHING = Classification("", "port", (), None)
_SPACE = 2  # columns between two columns
_LEAST = 8  # columns that a cut column keeps
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
        self._found: dict[str, list[Found]] | None = None

    def findings(self, listener: Listener) -> tuple[Found, ...]:
        """The findings that name the listener as evidence, worst first.

        Of the evidence that others on the port share, each entry repeats a part:
        a thousand workers on one port would print a million lines.
        """
        if len(self.listeners) == 1:
            return _judge(self.listeners, self.machine, self.unread)
        if self._found is None:
            self._found = {}
            for one in _judge(self.listeners, self.machine, self.unread):
                for line in dict.fromkeys(one.match.evidence):  # sockets may look alike
                    self._found.setdefault(line, []).append(one)
        own = wording.listener_line(listener)
        return tuple(_shortened(one, own) for one in self._found.get(own, ()))


def _shortened(found: Found, own: str) -> Found:
    """A finding with at most so many lines of evidence, the listener's own among them."""
    lines = found.match.evidence
    more = len(lines) - _MOST_LINES
    if more <= 0:
        return found
    first = lines[:_MOST_LINES]
    shown = first if own in first else (*first[:-1], own)
    return found._replace(
        match=found.match._replace(evidence=(*shown, f"and {more} more sockets on the port"))
    )


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
    from checks.ports import _port_uses, services  # noqa: PLC0415 - large tables

    wanted = set(ports)
    names: dict[int, str] = {}
    for first, last, use in _port_uses.all_uses():
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

    Alone on its port, a listener's findings depend on how it is bound and on
    how many processes it has, not on which. So ten thousand of them are judged
    in the time of a few.
    """
    alone = len(on_port.listeners) == 1
    shape = (
        listener.protocol, listener.address, listener.v6only, listener.interface, listener.reach,
        min(len(listener.owners), 2),
    )  # fmt: skip
    if alone and shape in known:
        return known[shape]
    found = on_port.findings(listener)
    severity = words.worst(one.severity for one in found)
    answer = tuple(dict.fromkeys(one.finding.code for one in found)), severity
    if alone:
        known[shape] = answer
    return answer


def _judge(
    rows: tuple[Listener, ...], machine: Machine, unread: tuple[str, ...]
) -> tuple[Found, ...]:
    """What the rules say of the listeners on one port, worst first."""
    port = rows[0].port
    endpoint = Endpoint(str(port), (0, 0), None, None, Port(str(port), port))
    probe = Probe("not-probed", None, (), rows, (), (), machine, unread=unread)
    subject = Subject(_NOTHING, endpoint, probe)
    found: list[Found] = []
    for rule in RULES:
        match = rule.look(subject)
        if match is not None:
            matches = (match,) if isinstance(match, Match) else match
            found += [Found(rule, one, None) for one in matches]
    found.sort(key=lambda one: (-words.rank(one.severity), one.finding.code))
    return tuple(found)


def _place(listener: Listener) -> tuple[str, str]:
    return listener.protocol, listener.address


def where(listener: Listener) -> str:
    """Return address and port as one text, with the zone of a link-local address."""
    address = listener.address
    if listener.interface and address.startswith(("fe8", "fe9", "fea", "feb")):
        return clean(words.at(f"{address}%{listener.interface}", listener.port))
    return words.at(address, listener.port)


def who(listener: Listener) -> str:
    """Return the owner in a few words: ``python3 (4242)``, ``user postgres``."""
    owners = listener.owners
    if not owners:
        return clean(listener.unit or f"user {listener.user or listener.uid or 'unknown'}")
    if len(owners) == 1:
        return f"{clean(owners[0].name) or '?'} ({owners[0].pid})"
    main = rules.main(owners) or owners[0]
    return f"{clean(main.name) or '?'} ({main.pid}) +{len(owners) - 1}"


HEADER = ("", "address:port", "reach", "owner (pid)", "usually", "findings")


def table(
    found: Sequence[Entry],
    style: Style,
    width: int | None,
    marks: Mapping[tuple[str, str], str] | None = None,
) -> Iterator[str]:
    """Yield a header and a line for each address and port that is listened on.

    Arguments:
        found: worst first.
        style: colours.
        width: columns to fill; None for as many as it takes, as in a pipe.
        marks: a character before a row, by the place of its entry; None
            leaves no room for any.
    """
    if not found:
        return
    groups: dict[tuple[str, str], list[Entry]] = {}
    for entry in found:
        place = entry.place
        if place in groups:
            groups[place].append(entry)
        else:
            groups[place] = [entry]
    names: dict[int, str] = {}
    lines = [_columns(place, group, names) for place, group in groups.items()]
    if width is None and marks is None:
        yield from _whole(lines, style, [group[0].severity for group in groups.values()])
        return
    widths = _widths(lines, None if width is None else width - (2 if marks is not None else 0))
    space = "" if marks is None else "  "
    yield style.paint((space + _line(HEADER, widths)).rstrip(), "2")
    for columns, (place, group) in zip(lines, groups.items(), strict=True):
        mark = "" if marks is None else f"{marks.get(place, ' ')} "
        for text in _fitted(columns, widths):
            yield style.paint(mark + text, _COLOURS[group[0].severity])
            mark = space


def _whole(
    lines: Sequence[tuple[str, ...]], style: Style, severities: Sequence[str]
) -> Iterator[str]:
    """The header and a line a row, each as long as it is: for a pipe, where there may be many."""
    form = "  ".join(f"%-{wide}s" for wide in _widths(lines, None))
    yield style.paint((form % HEADER).rstrip(), "2")
    for columns, severity in zip(lines, severities, strict=True):
        yield style.paint((form % columns).rstrip(), _COLOURS[severity])


def _columns(place: tuple[str, str], group: list[Entry], names: dict[int, str]) -> tuple[str, ...]:
    """The texts of one row; sockets that share an address and port are one.

    Arguments:
        place: protocol, and address with port.
        group: the sockets.
        names: what was said of owners, by the identity of their tuple, which the sockets of a
            process share.
    """
    entry = group[0]
    listener = entry.listener
    if len(group) > 1:
        owners = {owner.pid: owner for each in group for owner in each.listener.owners}
        owner = who(listener._replace(owners=tuple(owners.values())))
    elif not listener.owners:
        owner = who(listener)
    else:
        owner = names.get(id(listener.owners), "")
        if not owner:
            owner = names[id(listener.owners)] = who(listener)
    codes = entry.codes
    said = codes[0] if len(codes) == 1 else " ".join(codes)
    return *place, listener.reach, owner, entry.likely, said


def _widths(lines: Sequence[tuple[str, ...]], width: int | None) -> list[int]:
    """The columns' widths: as wide as their texts, the widest cut until all fit."""
    wide = [max(map(len, column)) for column in zip(HEADER, *lines, strict=True)]
    if width is None:
        return wide
    room = width - _SPACE * (len(wide) - 1)
    while sum(wide) > room:
        cuttable = [at for at in (1, 3, 4, 5) if wide[at] > _LEAST]
        if not cuttable:
            break
        # What is registered tells the least, so it gives way before the others.
        widest = 4 if wide[4] > 12 else max(cuttable, key=lambda at: wide[at])
        wide[widest] -= 1
    return wide


def _fitted(columns: tuple[str, ...], widths: Sequence[int]) -> Iterator[str]:
    """A row that fits; an address that does not gets a line of its own, whole."""
    if len(columns[1]) > widths[1]:
        yield f"{columns[0]:<{widths[0]}}  {columns[1]}"
        columns = ("", "", *columns[2:])
    yield _line(columns, widths).rstrip()


def _line(columns: Sequence[str], widths: Sequence[int]) -> str:
    """The columns side by side, each cut to its width."""
    return "  ".join(
        [
            text.ljust(wide) if len(text) <= wide else f"{text[: wide - 1]}…"
            for text, wide in zip(columns, widths, strict=True)
        ]
    )


def unseen(unread: Sequence[str], notes: Sequence[str]) -> dict[str, object]:
    """What ``--json`` says in place of the listeners that could not be seen.

    Arguments:
        unread: the socket tables that could not be read.
        notes: why, and how to see them.
    """
    says = " ".join(notes) or wording.not_read(unread)
    return {"schema": SCHEMA, "unread": list(unread), "says": says}


def summary(
    found: Sequence[Entry],
    notes: Sequence[str],
    unread: Sequence[str] = (),
    program: str = PROGRAM,
) -> Iterator[str]:
    """Yield what the rows come to, in sentences.

    Arguments:
        found: the listeners that were seen.
        notes: what could not be learned.
        unread: socket tables that could not be read.
        program: how the reader starts this program.
    """
    count = {"host": 0, "network": 0, "any": 0}
    for entry in found:
        count[entry.listener.reach] = count.get(entry.listener.reach, 0) + 1
    parts = [
        f"{count['any']} on every address" if count["any"] else "",
        f"{count['network']} on a network address" if count["network"] else "",
        f"{count['host']} on loopback only" if count["host"] else "",
    ]
    said = wording.joined([part for part in parts if part])
    noun = "listener" if len(found) == 1 else "listeners"
    if unread and not found:
        yield f"{wording.not_read(unread)} What listens is not known."
    else:
        seen = f" {'was' if len(found) == 1 else 'were'} seen" if unread else ""
        yield f"{len(found)} {noun}{seen}{f': {said}' if said else ''}."
    if unread and found:
        yield f"{wording.not_read(unread, some=True)} There may be more."
    hidden = sum(1 for entry in found if not entry.listener.owners)
    if hidden:
        yield (
            f"The process of {hidden} of them cannot be seen from here; the user or unit is shown."
        )
    yield from map(clean, notes)
    codes = dict.fromkeys(entry.codes[0] for entry in found if entry.codes and entry.exposed)
    if codes:
        yield f"More: {program} explain {' '.join(codes)}"
