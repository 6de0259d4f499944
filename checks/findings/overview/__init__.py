"""Tables and settings summed up: what they say together, in at most two sentences, and what to
do about it.

A table of listeners is answered by who can reach what, not by how many endpoints the text
names; a connection that succeeded is called a success.
"""

from __future__ import annotations

from checks.findings.overview import answers, others, sockets, todo

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from checks.findings.base import Fix
    from checks.text import Classification
    from checks.text.tables import Table

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
}
"""Who tells of the tables that are none of sockets."""


def sentence(classification: Classification) -> str | None:
    """Return what the tables of a text say, in at most two sentences of 25 words.

    Arguments:
        classification: the text as it was read.

    Returns:
        None where the text has no table, and where it names an error that no table answers.
    """
    answer = answers.sentence(classification)
    if answer is not None:
        return answer
    if answers.has_other_errors(classification):
        return None
    told = [_BY_TOOL.get(table.tool, sockets.sentences)(table) for table in classification.tables]
    told = [parts for parts in told if parts]
    if not told:
        return None
    parts = told[0][:2] if len(told) == 1 else [told[0][0], told[1][0]]
    return " ".join(parts)


def steps(classification: Classification) -> tuple[Fix, ...]:
    """Return what to do about the tables of a text, for the system that they show.

    Arguments:
        classification: the text as it was read.

    Returns:
        at most three steps; empty where there is nothing to do.
    """
    found: list[Fix] = []
    for table in classification.tables:
        found += [fix for fix in todo.of(table) if fix not in found]
    return tuple(found[:3])
