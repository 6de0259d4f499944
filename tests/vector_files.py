"""The conformance vectors: texts, and the whole document that every engine gives for them.

A vector is one line of a file in ``tests/vectors/``. The file's name is its
family. ``tools/make_vectors.py`` writes what is expected; facts that were typed
by hand (``tests/vectors/test_facts.py``) keep it from writing down a mistake.

Standard library only: this file is read inside every engine, the browser's too.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).with_name("vectors")
OTHER_FILES = frozenset(("error_messages.json",))
"""Files of that folder which are no vectors."""

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
    return [
        vector
        for path in files()
        if family in (None, path.stem)
        for vector in read(path.stem, path.read_text(encoding="ascii"))
    ]


def read(family: str, text: str) -> list[Vector]:
    """Return the vectors of one file's text.

    What is expected is cut out of its line as it stands. Inside a JSON string a
    quotation mark has a backslash before it, so the cut cannot be elsewhere.
    """
    vectors = []
    for line in text.splitlines():
        if line.startswith('{"id":'):
            head, _, expected = line.removesuffix(",").partition(_FIELD)
            known = json.loads(head + "}")
            vectors.append(Vector(known["id"], family, known["input"], expected[:-1]))
    return vectors
