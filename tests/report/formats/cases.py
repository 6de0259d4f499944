"""What the formats are given in tests: targets and listeners, also with hostile text."""

from __future__ import annotations

from checks.findings import judge, verdict
from checks.model.evidence import Listener, Machine, Owner
from checks.report import Report
from checks.report.formats import Case
from checks.report.listeners import Entry, Listing, entries
from checks.text import classify

NASTY = "\x1b[2J<&>\"'|=\\\n\u202e\x00\ud800\ufffe\uffff{}"


def case(text: str) -> Case:
    """A target that no machine was asked about."""
    found = classify(text)
    return Case(Report(found, {}, judge(found), verdict(found)))


def entry(name: str = "python3", reach: str = "any") -> Entry:
    """A listener whose process has the given name."""
    owner = Owner(7, name, name, name, None)
    address = {"any": "0.0.0.0", "host": "127.0.0.1"}[reach]
    row = Listener(
        "tcp", address, 8080, None, 0, 5, 0, name, 1, name, (owner,), reach
    )  # fmt: skip
    (made,) = entries([row], Machine("linux", None, True, None, None, "", ()))
    return made


def listing(*found: Entry) -> Listing:
    """A look that saw these."""
    return Listing(found)
