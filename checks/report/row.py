"""One row of a report, and a process as a row names it."""

from __future__ import annotations

from checks.findings import wording
from checks.model.records import NamedTuple
from checks.report.clean import line as clean
from checks.rules.owners import is_out_of_descriptors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from checks.model.evidence import Owner


class Row(NamedTuple):
    """One row of a report.

    Arguments:
        label: what it is about; "" continues the row above.
        value: an address, a number or a spelling, as it is; "" where there is only a note.
        note: what is said of the value, or a sentence without one.
        reader: which program makes the value of a spelling; "" where that is not the matter.
    """

    label: str
    value: str = ""
    note: str = ""
    reader: str = ""


_WAS = ("deleted", "replaced")


def _condition(owner: Owner) -> list[str]:
    """What is wrong with a process, one phrase each."""
    found = [owner.state] if owner.state in ("stopped", "traced") else []
    if is_out_of_descriptors(owner):
        found.append(f"{owner.descriptors} of {owner.descriptor_limit} file descriptors in use")
    if owner.program_was in _WAS:
        found.append(f"program file {owner.program_was}")
    if owner.directory_was in _WAS:
        found.append(f"working directory {owner.directory_was}")
    return found


_MOST_OWNERS = 4


def owner_rows(owners: Sequence[Owner]) -> Iterator[Row]:
    """The processes that hold one socket: of many workers the parent and the first."""
    ordered = sorted(owners, key=lambda owner: not owner.main)
    for owner in ordered[:_MOST_OWNERS]:
        yield Row("", note=owner_text(owner))
    more = len(ordered) - _MOST_OWNERS
    if more > 0:
        yield Row("", note=f"and {more} more process{'es' if more > 1 else ''}")


def owner_text(owner: Owner) -> str:
    """Return a process as a row names it: number, user, start and command."""
    parts = [f"{clean(owner.name)} (pid {owner.pid})"]
    if owner.main:
        parts[0] += ", the parent of the others"
    if owner.user:
        parts.append(f"user {clean(owner.user)}")
    if owner.started:
        parts.append(f"since {owner.started}")
    origin = wording.origin(owner)
    if origin:
        parts.append(clean(origin, 240))
    parts += _condition(owner)
    if owner.started_by and not (origin and owner.launcher):
        parts.append(f"started from {clean(owner.started_by)}")
    text = ", ".join(parts)
    return f"{text}: {clean(owner.command, 160)}" if owner.command else text
