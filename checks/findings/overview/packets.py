"""A capture in one or two sentences: who was refused, not answered, reset or accepted."""

from __future__ import annotations

from checks.findings.overview import phrases
from checks.text.tables.record import CLOSED, ESTABLISHED, FILTERED, RESET

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.text.tables import Table


def captured(table: Table) -> list[str]:
    """The packets of tcpdump: what is wrong with a connection, else that it was accepted."""
    said: dict[str, dict[str, None]] = {}
    for row in table.rows:
        if row.local is None or row.peer is None or row.state not in _SENTENCES:
            continue
        place = phrases.where(row.peer if row.state in _ASKED else row.local)
        said.setdefault(row.state, {}).setdefault(place)
    return [*_told(said)][:2]


def _told(said: dict[str, dict[str, None]]) -> Iterator[str]:
    for state, sentence in _SENTENCES.items():
        if state in _ALONE and len(said) > 1:
            continue  # the other packets tell more
        told = phrases.listed([*said.get(state, ())], sentence)
        yield from told
        if told and state in _MEANINGS:
            yield _MEANINGS[state]


_SENTENCES = {
    CLOSED: "{} refused the connection: it answered the first packet (SYN) with RST.",
    FILTERED: "{} did not answer the first packet (SYN), though it was sent again.",
    RESET: "{} ended a connection with RST, at once and without FIN.",
    "SYN_RECV": "{} accepted the connection: it answered the first packet (SYN) with SYN and ACK.",
    "FIN_WAIT_1": "{} closed the connection with FIN, as usual.",
    "SYN_SENT": "A client asks {} for a connection: the capture has no answer.",
    ESTABLISHED: "{} is in an open connection: its packet has no SYN, FIN or RST.",
}
"""What a state says, the worst first."""

_MEANINGS = {
    CLOSED: "Most often no program listens there; a firewall that rejects looks the same.",
    FILTERED: "A firewall drops the packets, or no machine has the address.",
}

_ALONE = ("SYN_SENT", ESTABLISHED)
"""States that are told where the capture has no other."""

_ASKED = (FILTERED, "SYN_SENT")
"""States whose sentence names the receiver of the packet; the others name the sender."""
