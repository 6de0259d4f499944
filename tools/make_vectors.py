"""Write what is expected into ``tests/vectors/*.json``: the document of each text.

The texts and their notes are typed by people; everything behind ``"expected"``
is computed. To add a vector, add a line to the file of its family, anywhere in
the list::

    {"input": "0x7f.1", "note": "hexadecimal, two parts"},

and run this. The vector gets the next free number of its family and keeps it.
Some families follow tables that have their texts already: a message of
``error_messages.json`` becomes a vector of ``error.json``; the first text for a cause and
the first near one of ``tests/causes/texts`` become vectors of ``cause.json``; the first line
of a kind of ``tests/text/test_banners.py``, and what ``test_tables.py`` and
``test_settings.py`` there have, vectors of ``banner.json``, ``table.json``, ``setting.json``.
Read the difference before you commit it: it is the change that users see.

What several documents share is written once, into ``parts.json``.

``--check`` writes nothing and exits with 1 where a file is out of date.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from vector_files import FOLDER, PARTS, files  # noqa: E402 - the path comes first

from checks import classify  # noqa: E402
from checks.report import classified  # noqa: E402
from checks.report import json as report_json  # noqa: E402

SHORT = 40
"""Characters of JSON up to which nothing is made a part."""
_DIGITS = 8

CAUSES = ROOT / "tests/causes/texts"
SIGNS = {"===": "first cause", "=/=": "not first"}
"""What begins a text of those tables, and the note that it becomes."""


def render(family: str, text: str, more: Sequence[dict[str, str]] = ()) -> str:
    """Return a file's text with numbers and documents filled in, the documents in full.

    Arguments:
        family: name of the file without its ending.
        text: the file as it is; a vector may have no ``id`` and no ``expected``.
        more: vectors to add at its end.

    Returns:
        the file as it should be before :func:`shared`: ASCII, one vector a line.
    """
    document: dict[str, Any] = json.loads(text)
    return _written(document["about"], _numbered(family, [*document["vectors"], *more]))


def rendered() -> dict[Path, str]:
    """Return what each file should be: its path and its text, that of the parts too."""
    documents = {path: json.loads(path.read_text(encoding="ascii")) for path in files()}
    vectors = {path: document["vectors"] for path, document in documents.items()}
    known = {one["input"] for kept in vectors.values() for one in kept}
    for path, kept in vectors.items():
        new = {one["input"]: one for one in collected(path.stem) if one["input"] not in known}
        vectors[path] = _numbered(path.stem, [*kept, *new.values()])
        known |= set(new)
    parts = shared([one["expected"] for numbered in vectors.values() for one in numbered])
    texts = {
        path: _written(
            documents[path]["about"],
            [{**one, "expected": named(one["expected"], parts)} for one in numbered],
        )
        for path, numbered in vectors.items()
    }
    lines = (f'"{name}":{report_json.line(part)}' for name, part in parts.values())
    about = report_json.line("What stands in several documents, by the name that stands for it.")
    texts[FOLDER / PARTS] = f'{{"about":{about},"parts":{{\n' + ",\n".join(lines) + "\n}}\n"
    return texts


def collected(family: str) -> Iterator[dict[str, str]]:
    """Yield a vector for each text of the tables that a family follows."""
    if family == "error":
        found = json.loads((FOLDER / "error_messages.json").read_text(encoding="utf-8"))
        for message in found["messages"]:
            yield {"input": message["text"], "note": message["from"]}
        for miss in found["near_misses"]:
            yield {"input": miss["text"], "note": "near miss"}
    elif family == "cause":
        yield from _first((f"{SIGNS[sign]}: {key}", text) for sign, key, text in cause_texts())
    elif family == "banner":
        lines = _test_module("text/test_banners.py").LINES
        yield from _first((key, text) for key, *_, text in lines)
    elif family == "table":
        for name, text, _ in _test_module("text/test_tables.py").ALL:
            yield {"input": text, "note": name}
    elif family == "setting":
        for text, says in _test_module("text/test_settings.py").SETTINGS:
            yield {"input": text, "note": "; ".join(says) or "no setting"}


def _first(texts: Iterable[tuple[str, str]]) -> Iterator[dict[str, str]]:
    """Yield a vector for the first text of each note."""
    notes: set[str] = set()
    for note, text in texts:
        if note not in notes:
            notes.add(note)
            yield {"input": text, "note": note}


def cause_texts() -> Iterator[tuple[str, str, str]]:
    """Yield the texts of the causes: ``===`` or ``=/=``, the cause's key, the text."""
    for table in sorted(CAUSES.glob("*.txt")):
        blocks = re.split(r"^(=[=/]=) (\S+)\n", table.read_text(encoding="utf-8"), flags=re.M)[1:]
        for sign, key, text in zip(blocks[::3], blocks[1::3], blocks[2::3], strict=True):
            yield sign, key, text.rstrip("\n")


def _test_module(name: str) -> Any:
    """The module of a test, for a table that it has.

    Raises:
        FileNotFoundError: where there is none of that name.
    """
    spec = importlib.util.spec_from_file_location(Path(name).stem, ROOT / "tests" / name)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _numbered(family: str, vectors: list[dict[str, str]]) -> list[dict[str, Any]]:
    """The vectors of a family with their numbers and documents."""
    free = 1 + max((int(v["id"].rpartition("-")[2]) for v in vectors if "id" in v), default=0)
    made = []
    for vector in vectors:
        name = vector.get("id")
        if name is None:
            name, free = f"{family}-{free}", free + 1
        made.append(
            {
                "id": name,
                "note": vector["note"],
                "input": vector["input"],
                "expected": classified(classify(vector["input"])),
            }
        )
    return made


def _written(about: str, vectors: list[dict[str, Any]]) -> str:
    """A file's text: what it is about, and one vector a line."""
    lines = ",\n".join(map(report_json.line, vectors))
    return f'{{"about":{report_json.line(about)},"vectors":[\n{lines}\n]}}\n'


def shared(documents: list[dict[str, Any]]) -> dict[str, tuple[str, object]]:
    """Return what stands in several places of documents.

    Arguments:
        documents: in full.

    Returns:
        by the JSON of each part its name, made of that JSON, and the part with the names of its
        own parts in it. A part stands behind those that it has.

    Raises:
        ValueError: where two names are the same.
    """
    times: Counter[str] = Counter()
    for document in documents:
        _count(document, times)
    found: dict[str, tuple[str, object]] = {}
    for document in documents:
        _gather(document, times, found)
    if len({name for name, _ in found.values()}) < len(found):
        raise ValueError("two parts have one name: it needs more digits")
    return found


def _below(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _count(value: object, times: Counter[str]) -> None:
    """Count the places of what stands below a value; below a thing that is repeated, once."""
    for one in _below(value):
        text = report_json.line(one)
        if len(text) > SHORT:
            times[text] += 1
            if times[text] == 1:
                _count(one, times)


def _gather(value: object, times: Counter[str], found: dict[str, tuple[str, object]]) -> None:
    """Add the parts below a value, the smallest first."""
    for one in _below(value):
        text = report_json.line(one)
        if len(text) > SHORT and text not in found:
            _gather(one, times, found)
            if times[text] > 1:
                name = hashlib.sha256(text.encode("ascii")).hexdigest()[:_DIGITS]
                found[text] = (name, _inner(one, found))


def named(value: object, parts: dict[str, tuple[str, object]]) -> object:
    """Return a value with names for its parts, or the name of the part that it is.

    Arguments:
        value: of JSON.
        parts: as :func:`shared` returns them.
    """
    text = report_json.line(value)
    part = parts.get(text) if len(text) > SHORT else None
    return _inner(value, parts) if part is None else {"$": part[0]}


def _inner(value: object, parts: dict[str, tuple[str, object]]) -> object:
    """A value with names for the parts below it."""
    if isinstance(value, dict):
        return {key: named(one, parts) for key, one in value.items()}
    if isinstance(value, list):
        return [named(one, parts) for one in value]
    return value


def main(arguments: list[str]) -> int:
    """Write the files, or with ``--check`` say which are out of date."""
    stale = 0
    for path, new in rendered().items():
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        if new != old:
            stale += 1
            if "--check" not in arguments:
                path.write_text(new, encoding="ascii")
            state = "is out of date" if "--check" in arguments else "written"
            print(f"{path.relative_to(ROOT)} {state}")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
