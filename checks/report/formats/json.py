"""Reports as the JSON contract has them: one object a target or listener, each on one line."""

from __future__ import annotations

from checks.report import classified, json
from checks.report.formats import Written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from checks.report.formats import Case
    from checks.report.listeners import Listing
    from checks.report.style import Style


def diagnosis(cases: Sequence[Case], style: Style) -> Written:
    """Write one object a target; of a text alone it has neither verdict nor evidence.

    Arguments:
        cases: the targets, also those that could not be read.
        style: the site that findings link to.
    """
    documents = (
        case.report.to_dict(style.site)
        if case.asked
        else classified(case.report.classification, style.site)
        for case in cases
    )
    return Written("".join([f"{json.line(document)}\n" for document in documents]))


def listeners(listing: Listing, style: Style) -> Written:
    """Write one object a listener, and one before them where a table could not be read.

    Arguments:
        listing: what was seen.
        style: the site that findings link to.
    """
    return Written(
        "".join([f"{json.line(document)}\n" for document in listing.to_dicts(style.site)])
    )
