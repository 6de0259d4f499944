"""What the formats are given in tests: targets and listeners, also with hostile text."""

from __future__ import annotations

from findings.records import machine

from checks.model.evidence import Listener, Owner
from checks.report import conclude
from checks.report.formats import Case
from checks.report.listeners import Entry, Listing, entries
from checks.text import classify

NASTY = "\x1b[2J<&>\"'|=\\\n\u202e\x00\ud800\ufffe\uffff{}"


def case(text: str) -> Case:
    """A target that no machine was asked about."""
    return Case(conclude(classify(text)))


def entry(name: str = "python3", reach: str = "any") -> Entry:
    """A listener whose process has the given name."""
    owner = Owner(7, name, name, name, None)
    address = {"any": "0.0.0.0", "host": "127.0.0.1"}[reach]
    row = Listener(
        protocol="tcp",
        address=address,
        port=8080,
        v6only=None,
        queue=0,
        backlog=5,
        uid=0,
        user=name,
        inode=1,
        unit=name,
        owners=(owner,),
        reach=reach,
    )
    (made,) = entries([row], machine())
    return made


def listing(*found: Entry) -> Listing:
    """A look that saw these."""
    return Listing(found)
