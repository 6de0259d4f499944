"""The conformance vectors: texts, and the whole document that every engine gives for them.

A vector is one line of a file in ``tests/vectors/``. The file's name is its
family. ``tools/make_vectors.py`` writes what is expected; facts that were typed
by hand (``tests/vectors/test_facts.py``) keep it from writing down a mistake.

Documents have much in common: a block, a service, a cause with its steps. What
stands in several is kept once, in ``parts.json``, and ``{"$":"1f0c"}`` stands for it.

Standard library only: this file is read inside every engine, the browser's too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).with_name("vectors")
PARTS = "parts.json"
OTHER_FILES = frozenset(("error_messages.json", PARTS))
"""Files of that folder which are no vectors."""

_PART = re.compile(r'\{"\$":"([0-9a-f]{4,64})"\}')
"""What stands for a part; in a text of a document its quotation marks have backslashes."""

_FIELD = ',"expected":'


class Vector(NamedTuple):
    """One text and what is expected for it."""

    id: str
    """Family and number, such as ``url-12``; it never changes."""
    family: str
    input: str
    expected_json: str
    """The line that ``checks classify --json`` prints, byte for byte."""


def files() -> list[Path]:
    """The files of vectors, by name."""
    return sorted(path for path in FOLDER.glob("*.json") if path.name not in OTHER_FILES)


def load(family: str | None = None) -> list[Vector]:
    """Return every vector, or those of one family, in the order of the files."""
    return [vector for path in files() if family in (None, path.stem) for vector in _of(path)]


@cache
def _of(path: Path) -> list[Vector]:
    """The vectors of a file, which is read once."""
    return read(path.stem, path.read_text(encoding="ascii"), parts())


class Documents(Mapping[str, Any]):
    """What is expected for each text, parsed when somebody asks and not sooner."""

    def __init__(self) -> None:
        self._lines = {vector.input: vector.expected_json for vector in load()}
        self._parsed: dict[str, Any] = {}

    def __getitem__(self, text: str) -> Any:
        """The document for a vector's input."""
        if text not in self._parsed:
            self._parsed[text] = json.loads(self._lines[text])
        return self._parsed[text]

    def __iter__(self) -> Iterator[str]:
        """The inputs, in the order of the files."""
        return iter(self._lines)

    def __len__(self) -> int:
        """How many vectors there are."""
        return len(self._lines)


@cache
def documents() -> Documents:
    """Return the documents, the same for all tests of a process; they change nothing in them."""
    return Documents()


@cache
def parts() -> dict[str, str]:
    """Return what stands in several documents: its JSON by the name that stands for it."""
    text = (FOLDER / PARTS).read_text(encoding="ascii")
    lines = (line.removesuffix(",") for line in text.splitlines() if line.startswith('"'))
    written = {line[1 : line.index('":')]: line[line.index('":') + 2 :] for line in lines}
    known: dict[str, str] = {}
    for name in written:  # a part of a part stands before it
        known[name] = whole(written[name], known)
    return known


def whole(text: str, known: Mapping[str, str]) -> str:
    """Return JSON with its parts in the places of their names, byte for byte."""
    return _PART.sub(lambda found: known[found[1]], text)


def read(family: str, text: str, known: Mapping[str, str]) -> list[Vector]:
    """Return the vectors of one file's text.

    What is expected is cut out of its line as it stands. Inside a JSON string a
    quotation mark has a backslash before it, so the cut cannot be elsewhere.

    Arguments:
        family: name of the file without its ending.
        text: of the file.
        known: the parts that may stand in it.
    """
    vectors = []
    for line in text.splitlines():
        if line.startswith('{"id":'):
            head, _, expected = line.removesuffix(",").partition(_FIELD)
            vector = json.loads(head + "}")
            document = whole(expected[:-1], known)
            vectors.append(Vector(vector["id"], family, vector["input"], document))
    return vectors
