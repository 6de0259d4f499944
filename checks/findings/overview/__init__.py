"""Tables and settings summed up: what they say together, in at most two sentences, and what to
do about it.

A table of listeners is answered by who can reach what, not by how many endpoints the text
names; a connection that succeeded is called a success.
"""

from __future__ import annotations

from checks.findings.overview import answers, others, packets, sockets, todo, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from checks.findings.base import Fix
    from checks.text import Classification
    from checks.text.tables import Table

MOST_STEPS = 4
"""One step, and one more for each of three systems."""

_BY_TOOL: dict[str, Callable[[Table], list[str]]] = {
    "docker ps": others.containers,
    "docker port": others.containers,
    "kubectl get svc": others.services,
    "kubectl describe svc": others.services,
    "portproxy": others.relays,
    "excludedportrange": others.reserved,
    "conntrack": others.tracked,
    "nc": others.tried,
    "ncat": others.tried,
    "netcat": others.tried,
    "curl": others.tried,
    "pg_isready": others.tried,
    "Test-NetConnection": others.tried,
    "nmap": others.scanned,
    "tcpdump": packets.captured,
}
"""Who tells of the tables that are none of sockets."""


def sentence(classification: Classification) -> str | None:
    """Return what the tables and settings of a text say, in at most two sentences of 25 words.

    Arguments:
        classification: the text as it was read.

    Returns:
        None where the text has neither, and where it names an error that no table answers.
    """
    answer = answers.sentence(classification)
    if answer is not None:
        return answer
    if answers.has_other_errors(classification):
        return None
    found = [_BY_TOOL.get(table.tool, sockets.sentences)(table) for table in classification.tables]
    if classification.settings and not _printed(classification):
        found.append(told.sentences(classification.settings))
    found = [parts for parts in found if parts]
    if not found:
        return None
    parts = found[0][:2] if len(found) == 1 else [found[0][0], found[1][0]]
    return " ".join(parts)


def _printed(classification: Classification) -> bool:
    """Whether a text is what a known tool printed: then its line tells more than the command."""
    banner = classification.banner
    return banner is not None and not any(
        one.span[0] < banner.span[1] and banner.span[0] < one.span[1]
        for one in classification.settings
    )


def steps(classification: Classification) -> tuple[Fix, ...]:
    """Return what to do about the tables and settings of a text, for the system that they show.

    Arguments:
        classification: the text as it was read.

    Returns:
        at most three steps; empty where there is nothing to do.
    """
    found: list[Fix] = []
    for table in classification.tables:
        found += [fix for fix in todo.of(table) if fix not in found]
    if classification.settings and not found:
        found += todo.of_settings(classification)
    return tuple(found[:MOST_STEPS])
