"""The doors of the tables and the settings: which readers a text needs.

Some twenty modules with their patterns take 60 ms to load, and most texts hold neither a
table nor a command. So each is loaded when the text has words that it needs.
"""

from __future__ import annotations

from importlib import import_module

from checks.model.patterns import has_any, sought
from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any


class Family(NamedTuple):
    """A family of tools with a reader of its own; one with several signs has several rows.

    Arguments:
        module: its module below ``checks.text``, which has ``read(text)``.
        words: one of them is in every text of the family.
        pattern: so is something that it finds; "" where the words are enough.
    """

    module: str
    words: tuple[str, ...]
    pattern: str = ""


def readers(text: str, families: tuple[Family, ...]) -> Iterator[Callable[[str], Any]]:
    """Yield the readers that a text needs, in the order of the families.

    Arguments:
        text: any text.
        families: what there is.
    """
    begun: list[str] = []
    for family in families:
        if family.module in begun or not has_any(text, family.words):
            continue
        if family.pattern and not sought(family.pattern).search(text):
            continue
        begun.append(family.module)
        reader: Callable[[str], Any] = import_module(f"checks.text.{family.module}").read
        yield reader
