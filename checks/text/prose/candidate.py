"""What a reader of running text finds, before overlaps are settled."""

from __future__ import annotations

from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from checks.text.endpoint import Endpoint


class Candidate(NamedTuple):
    """An endpoint that a pattern found, before overlaps are settled."""

    endpoint: Endpoint
    weak: bool = False
    """Dropped where the text has any endpoint that is not weak."""


if TYPE_CHECKING:
    Reader: TypeAlias = Callable[[str], Iterator[Candidate]]
