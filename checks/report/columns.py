"""A table of listeners for a person: a row each, and what the rows come to."""

from __future__ import annotations

from checks.findings import wording
from checks.model import words
from checks.report.clean import line as clean
from checks.report.style import COLOURS, PROGRAM
from checks.rules import owners as rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from checks.model.evidence import Listener
    from checks.report.listeners import Entry, Listing
    from checks.report.style import Style

_ON = {
    "any": "on every address",
    "network": "on a network address",
    "host": "on loopback only",
}
_SPACE = 2  # columns between two columns
_LEAST = 8  # columns that a cut column keeps


def where(listener: Listener) -> str:
    """Return address and port as one text, with the zone of a link-local address."""
    address = listener.address
    if listener.interface and address.startswith(("fe8", "fe9", "fea", "feb")):
        return clean(words.at(f"{address}%{listener.interface}", listener.port))
    return words.at(address, listener.port)


def who(listener: Listener) -> str:
    """Return the owner in a few words: ``python3 (4242)``, ``user postgres``."""
    owners, main = listener.owners, rules.main(listener.owners)
    if main is None:
        user = listener.user or listener.uid
        return clean(listener.unit or ("not seen" if user is None else f"user {user}"))
    if len(owners) == 1:
        return f"{clean(main.name) or '?'} ({main.pid})"
    return f"{clean(main.name) or '?'} ({main.pid}) +{len(owners) - 1}"


def told(listener: Listener) -> str:
    """Return the owner, with its project and branch and what launched it, where they are known."""
    owner = rules.main(listener.owners)
    project = owner.project if owner is not None else None
    if owner is None or project is None:
        return who(listener)
    branch = project.branch or project.commit
    parts = (f"{project.name} on {branch}" if branch else project.name, owner.launcher)
    return ", ".join((who(listener), *(clean(part, 60) for part in parts if part)))


HEADER = ("", "address:port", "reach", "owner (pid)", "usually", "findings")


def draw(
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
            yield style.paint(mark + text, COLOURS[group[0].severity])
            mark = space


def _whole(
    lines: Sequence[tuple[str, ...]], style: Style, severities: Sequence[str]
) -> Iterator[str]:
    """The header and a line a row, each as long as it is: for a pipe, where there may be many."""
    form = "  ".join(f"%-{wide}s" for wide in _widths(lines, None))
    yield style.paint((form % HEADER).rstrip(), "2")
    for columns, severity in zip(lines, severities, strict=True):
        yield style.paint((form % columns).rstrip(), COLOURS[severity])


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
        owner = told(listener._replace(owners=tuple(owners.values())))
    elif not listener.owners:
        owner = who(listener)
    else:
        owner = names.get(id(listener.owners), "")
        if not owner:
            owner = names[id(listener.owners)] = told(listener)
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


def below(listing: Listing, style: Style) -> list[str]:
    """Return what the rows come to, as lines."""
    return [part for said in summary(listing, style.program) for part in style.wrap(said)]


def summary(listing: Listing, program: str = PROGRAM) -> Iterator[str]:
    """Yield what the rows come to, in sentences.

    Arguments:
        listing: what was seen.
        program: how the reader starts this program.
    """
    entries = listing.entries
    yield from _counted(listing)
    hidden = sum(1 for entry in entries if not entry.listener.owners)
    if hidden:
        yield (f"The process of {hidden} of them is not visible; the user or unit is shown.")
    yield from map(clean, listing.notes)
    codes = dict.fromkeys(entry.codes[0] for entry in entries if entry.codes and entry.exposed)
    if codes:
        yield f"More: {program} explain {' '.join(codes)}"


def _counted(listing: Listing) -> Iterator[str]:
    """How many listeners there are, by reach; where not all were seen, that there may be more."""
    entries, unread = listing.entries, listing.unread
    if unread and not entries:
        yield f"{wording.not_read(unread)} What listens is not known."
        return
    one = len(entries) == 1
    seen = f" {'was' if one else 'were'} seen" if unread else ""
    by_reach = _by_reach(entries)
    said = f": {by_reach}" if by_reach else ""
    yield f"{len(entries)} {'listener' if one else 'listeners'}{seen}{said}."
    if unread:
        yield f"{wording.not_read(unread, some=True)} There may be more."


def _by_reach(entries: Sequence[Entry]) -> str:
    """``2 on every address and 1 on loopback only``."""
    reaches = [entry.listener.reach for entry in entries]
    counts = ((reaches.count(reach), where) for reach, where in _ON.items())
    return wording.joined([f"{count} {where}" for count, where in counts if count])
