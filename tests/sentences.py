"""Which texts of the evidence are sentences, and the proof that nothing is judged by them.

What the probe writes for people may be reworded at any time. So a finding must not look
for a piece of it: with every sentence replaced the same is found.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from checks import report
from checks.model import evidence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from checks.model.evidence import Probe
    from checks.text import Classification

TOKEN = "x0x"
"""Stands for every sentence. A message that quotes one has it, once or more."""

SENTENCES: dict[str, frozenset[str]] = {
    "Attempt": frozenset({"detail"}),
    "Binding": frozenset({"detail"}),
    "Identity": frozenset({"evidence"}),
    "Listener": frozenset({"unit"}),
    "Machine": frozenset({"surroundings"}),
    "Owner": frozenset({"started_by"}),
    "Probe": frozenset({"notes"}),
    "Relay": frozenset({"description"}),
    "Tls": frozenset({"problem"}),
}
"""The fields that are words for people, by the record."""

VALUES: dict[str, frozenset[str]] = {
    "Activation": frozenset({"kind", "unit", "starts"}),
    "Asked": frozenset({"host", "time", "system"}),
    "Answer": frozenset({"who", "addresses", "error"}),
    "Attempt": frozenset({"address", "outcome", "errno", "arrived", "reason"}),
    "Binding": frozenset({"address", "outcome", "errno", "errno_reuse", "reason"}),
    "FileFacts": frozenset({"path", "kind", "mode", "user", "group"}),
    "Icmp": frozenset({"sender"}),
    "Identity": frozenset(
        {"protocol", "product", "version", "details", "authentication", "traits", "behaviour"}
    ),
    "Interface": frozenset({"name", "address"}),
    "Listener": frozenset(
        {"protocol", "address", "user", "reach", "interface", "source", "no_owner"}
    ),
    "LocalPorts": frozenset({"source", "endpoint"}),
    "Machine": frozenset(
        {"system", "user", "reserved_ports", "route_localnet", "proxies", "tools"}
    ),
    "NamespaceListener": frozenset({"why", "addresses", "container", "arrived"}),
    "Namespaces": frozenset({"containers", "relay"}),
    "Owner": frozenset(
        {
            "name",
            "command",
            "user",
            "started",
            "directory",
            "state",
            "program_was",
            "waits",
            "program_file",
            "directory_was",
            "launcher",
        }
    ),
    "Peer": frozenset({"protocol", "state", "local", "remote"}),
    "Probe": frozenset({"outcome", "unread"}),
    "Project": frozenset({"name", "directory", "branch", "commit"}),
    "Relay": frozenset({"kind", "target", "engine", "container"}),
    "Supervisor": frozenset({"kind", "name", "path", "user"}),
    "Tls": frozenset(
        {"version", "alpn", "subject", "issuer", "names", "not_before", "not_after", "problem_code"}
    ),
    "Unit": frozenset({"kind", "name"}),
    "UnixListener": frozenset({"path", "kind", "user", "no_owner", "source"}),
    "UnixSocket": frozenset({"path", "outcome", "errno", "membership", "parent", "mount"}),
}
"""The fields that are codes, names and numbers, as a program takes them."""


def records() -> dict[str, Any]:
    """Every record of the evidence, by its name."""
    return {
        name: value
        for name, value in vars(evidence).items()
        if isinstance(value, type) and hasattr(value, "_fields")
    }


def without(value: Any) -> Any:
    """A record, or what is in one, with :data:`TOKEN` in place of each of its sentences."""
    if not isinstance(value, tuple):
        return value
    names = getattr(value, "_fields", None)
    if names is None:
        return tuple(without(item) for item in value)
    blank = SENTENCES.get(type(value).__name__, frozenset())
    return type(value)(
        **{
            name: _blank(item) if name in blank else without(item)
            for name, item in zip(names, value, strict=True)
        }
    )


def _blank(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(TOKEN for _ in value)
    return None if value is None else TOKEN


def said(value: Any) -> Iterator[str]:
    """Every sentence of a record, and of the records in it."""
    blank = SENTENCES.get(type(value).__name__, frozenset())
    for name, item in zip(getattr(value, "_fields", [""] * len(value)), value, strict=True):
        if name in blank:
            yield from (item,) if isinstance(item, str) else item or ()
        elif isinstance(item, tuple):
            yield from said(item)


def hold(classification: Classification, probes: Mapping[int, Probe]) -> None:
    """Assert that a text and its evidence are judged alike without a single sentence."""
    before = report.conclude(classification, probes)
    after = report.conclude(classification, {at: without(one) for at, one in probes.items()})
    assert [(f.finding.code, f.severity, f.endpoint) for f in before.findings] == [
        (f.finding.code, f.severity, f.endpoint) for f in after.findings
    ]
    known = " ".join(text for probe in probes.values() for text in said(probe))
    told = [(f.match.message, *(fix.text for fix in f.match.fix)) for f in before.findings]
    blank = [(f.match.message, *(fix.text for fix in f.match.fix)) for f in after.findings]
    commands = [[fix.command for fix in f.match.fix] for f in before.findings]
    assert commands == [[fix.command for fix in f.match.fix] for f in after.findings]
    for texts, others in zip(
        [*told, tuple(map(before.verdict_of, probes)), (before.verdict,)],
        [*blank, tuple(map(after.verdict_of, probes)), (after.verdict,)],
        strict=True,
    ):
        for text, other in zip(texts, others, strict=True):
            assert quotes_only(text, other, known), (text, other)


def quotes_only(text: str, other: str, known: str) -> bool:
    """Whether two messages differ only where the second has tokens for quoted sentences.

    Arguments:
        text: a message.
        other: the same without sentences.
        known: the sentences that may be quoted.
    """
    one = re.sub(f"{TOKEN}( {TOKEN})+", TOKEN, other)
    found = re.fullmatch("(.*)".join(map(re.escape, one.split(TOKEN))), text, re.DOTALL)
    return found is not None and all(_plain(part) in _plain(known) for part in found.groups())


def _plain(text: str) -> str:
    """A sentence without what a message changes of it: case, white space, its end."""
    return " ".join(text.split()).removesuffix("...").rstrip(".").lower()
