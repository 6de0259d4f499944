"""Reports as a monitoring plugin gives them: one line, and a code of its own.

Monitoring Plugins Development Guidelines: 0 OK, 1 WARNING, 2 CRITICAL,
3 UNKNOWN; after ``|`` come the performance data.
"""

from __future__ import annotations

from checks.findings import wording
from checks.report.clean import line as clean
from checks.report.columns import who
from checks.report.formats import Written, of
from checks.report.rows import left_out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from checks.report import Report
    from checks.report.formats import Case
    from checks.report.listeners import Listing
    from checks.report.style import Style

OK, WARNING, CRITICAL, UNKNOWN = 0, 1, 2, 3
WORDS = of("nagios").exits
STATES = {"error": CRITICAL, "warning": WARNING}
"""Of a severity; any other is OK."""

_WORST = (OK, WARNING, UNKNOWN, CRITICAL)  # each worse than the one before
_MOST = 5  # listeners that the line names


def diagnosis(cases: Sequence[Case], _: Style) -> Written:
    """Write the line for one or several targets, with its exit code.

    Where the socket table could not be read the state is at least UNKNOWN: who can reach
    the target was not seen.

    Arguments:
        cases: the targets.
    """
    states, said, data = [], [], []
    for report, problem, _asked in cases:
        unseen = " ".join(filter(None, (wording.not_read(report.unread), left_out(report))))
        state = UNKNOWN if problem else STATES.get(report.severity, OK)
        states.append(max(state, UNKNOWN if unseen else OK, key=_WORST.index))
        said.append((states[-1], problem or " ".join(filter(None, (report.verdict, unseen)))))
        data += [] if problem else _times(report)
    state = max(states, key=_WORST.index, default=UNKNOWN)
    said.sort(key=lambda each: -_WORST.index(each[0]))  # what is wrong comes first
    return Written(_line(state, " ".join(text for _, text in said), data), state)


def listeners(listing: Listing, _: Style) -> Written:
    """Write the line, with its exit code: what others may reach is a WARNING.

    Arguments:
        listing: what was seen; with a socket table that could not be read the state is
            UNKNOWN, as what was not seen may be open to others, and nothing is counted.
    """
    entries = listing.entries
    state = max((STATES.get(e.severity, OK) for e in entries), key=_WORST.index, default=OK)
    exposed = [entry for entry in entries if entry.exposed]
    unseen = wording.not_read(listing.unread, some=bool(entries))
    seen = f"{len(entries)} listeners{' that were seen' if unseen else ''}"
    text = f"{len(exposed)} of {seen} may be reached from other machines"
    names = [f"{' '.join(entry.place)} {who(entry.listener)}" for entry in exposed[:_MOST]]
    if names:
        text += f": {', '.join(names)}"
    if len(exposed) > _MOST:
        text += f" and {len(exposed) - _MOST} more"
    data = [f"listeners={len(entries)}", f"exposed={len(exposed)}"]
    if unseen:
        state = max(state, UNKNOWN, key=_WORST.index)
        return Written(_line(state, f"{unseen} {text}" if entries else unseen, ()), state)
    return Written(_line(state, text, data), state)


def _times(report: Report) -> list[str]:
    """The time of each connect that was answered, labelled by its endpoint."""
    data = []
    for index, probe in report.probes.items():
        port = report.classification.endpoints[index].port
        for attempt in probe.attempts:
            if attempt.outcome == "accepted" and attempt.milliseconds is not None and port:
                label = f"{attempt.address} {port.number}"
                data.append(f"'{_label(label)}'={attempt.milliseconds:.3f}ms")
    return data


def _label(text: str) -> str:
    """A label between quotes: no equals sign, a quote doubled."""
    return clean(text).replace("=", "_").replace("'", "''").replace("|", "_")


def _line(state: int, text: str, data: Sequence[str]) -> str:
    # The first "|" ends the text, and the guidelines know no escape for it.
    shown = clean(text, 2000).replace("|", "/")
    return f"CHECKS {WORDS[state]} - {shown}{' | ' if data else ''}{' '.join(data)}\n"
