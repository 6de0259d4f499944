"""Whether a tool's answer is right, explained, or false: rules, written down as data.

The question is a person's: does HOST:PORT answer, and if not, why? The same
rules hold for every tool, ours among them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from checks.rules.listening import Bind, takes
from checks.rules.places import place

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scenes import Truth

    from benchmarks.saying import Row, Said

MARKS = {
    "why": "says rightly whether it answers, and prints the fact that explains it",
    "yes": "says rightly whether it answers, and not why",
    "-": "nothing false, but it leaves open, or misses, whether it answers",
    "FALSE": "a sentence of its answer is untrue",
    "HARM": "its question ended the server, or filled the queue of one that hangs",
    "error": "no answer: it failed, or took longer than it was given",
}


class Rule(NamedTuple):
    """What makes an answer false."""

    tools: tuple[str, ...]
    """Empty: all."""
    says: str
    """The rule, for the reader of the table."""
    broken: Callable[[Said, Truth], bool]


RULES = (
    Rule(
        (),
        "a process is named that has nothing to do with the port",
        lambda said, truth: has_wrong(said.pids, truth),
    ),
    Rule(
        (),
        "open, where no connection can be made",
        lambda said, truth: said.verdict == "open" and truth.answers is False,
    ),
    Rule(
        ("nmap",),
        "'closed' (its manual: no application is listening), where one listens on that address",
        lambda said, truth: said.verdict == "closed" and truth.listener,
    ),
    Rule(
        ("nmap",),
        "'filtered' (its manual: packet filtering prevents its probes), where there is no filter",
        lambda said, truth: said.verdict == "filtered" and not truth.filter,
    ),
    Rule(
        ("portwho",),
        "'No processes found bound to this port', where a process holds it",
        lambda said, truth: said.verdict == "none" and bool(truth.holders),
    ),
    Rule(
        ("portpeek",),
        "'not in use (or not listening)', where something listens on it",
        lambda said, truth: said.verdict == "none" and (truth.listener or truth.elsewhere),
    ),
    Rule(
        ("kport",),
        "'No processes or containers are bound to this port', where a process holds it",
        lambda said, truth: said.verdict == "none" and bool(truth.holders),
    ),
    Rule(
        ("witr",),
        "no process, where one holds the port",
        lambda said, truth: said.verdict == "none" and bool(truth.holders),
    ),
    Rule(
        ("checks",),
        "'nothing listens' (C302), where one listens on that address",
        lambda said, truth: "C302" in said.findings and truth.listener,
    ),
    Rule(
        ("checks",),
        "'dropped', 'rejected' (C304, C306), where there is no filter",
        lambda said, truth: bool({"C304", "C306"} & {*said.findings}) and not truth.filter,
    ),
    Rule(
        ("checks",),
        "the port is free (B401), where something listens on that address",
        lambda said, truth: "B401" in said.findings and truth.listener,
    ),
    Rule(
        ("checks",),
        "a pid in its text of a process that has nothing to do with the port",
        lambda said, truth: has_wrong(named(said.text), truth),
    ),
)


def has_wrong(pids: frozenset[int], truth: Truth) -> bool:
    """Whether a process is named that has nothing to do with the port."""
    return truth.also is not None and bool(pids - truth.holders - truth.also)


def named(text: str) -> frozenset[int]:
    """The processes that a text names as ``pid 4242``."""
    return frozenset(int(pid) for pid in re.findall(r"\bpid (\d+)", text))


class Judgement(NamedTuple):
    """One tool in one situation."""

    mark: str
    broken: int | None = None
    """The number of the rule that makes the answer false, from 1."""


def judge(tool: str, said: Said, truth: Truth, host: str) -> Judgement:
    """Hold an answer against the truth.

    Arguments:
        tool: its name.
        said: its answer.
        truth: of the situation.
        host: the address that was asked, as a literal.
    """
    for number, rule in enumerate(RULES, 1):
        if (not rule.tools or tool in rule.tools) and rule.broken(said, truth):
            return Judgement("FALSE", number)
    if said.verdict == "error":
        return Judgement("error")
    explained = all(re.search(fact, said.text, re.IGNORECASE) for fact in truth.because)
    if truth.answers is None:
        return Judgement("why" if explained else "-")
    if answers(said, host) is not truth.answers:
        return Judgement("-")
    return Judgement("why" if explained and truth.because else "yes")


def is_best(mark: str, others: Sequence[str]) -> bool:
    """Whether no other tool's answer is better; one that helps nobody is not equal to such."""
    return mark in HELPFUL and all([*MARKS].index(mark) <= [*MARKS].index(one) for one in others)


HELPFUL = ("why", "yes")


def answers(said: Said, host: str) -> bool | None:
    """What an answer means for a connection to the address asked; None where it is left open.

    A listed TCP listener means yes where its address, as printed, takes the
    traffic of the address asked; a list without one means no.
    """
    if said.verdict not in ("listener", "other", "none"):
        return said.verdict == "open"
    takes = [
        _takes(row, host) for row in said.rows if (row.protocol, row.state) == ("tcp", "listen")
    ]
    return True if True in takes else None if None in takes else False


def _takes(row: Row, host: str) -> bool | None:
    """Whether a listener takes the traffic of an address; None where the row does not tell."""
    return takes(_bind(row), place(host))


def _bind(row: Row) -> Bind:
    """Where a socket is bound, as far as the tool printed it."""
    if row.address not in ("*", ""):
        # Where both versions are meant, the readers have an asterisk.
        return Bind(row.protocol, row.address, v6only=True)
    if row.version == 4:
        return Bind(row.protocol, "0.0.0.0")
    return Bind(row.protocol, "::", v6only=None if row.version == 6 else False)
