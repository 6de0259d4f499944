"""Write what is expected into ``tests/vectors/*.json``: the document of each text.

The texts and their notes are typed by people; everything behind ``"expected"``
is computed. To add a vector, add a line to the file of its family, anywhere in
the list::

    {"input": "0x7f.1", "note": "hexadecimal, two parts"},

and run this. The vector gets the next free number of its family and keeps it.
A message of ``error_messages.json`` that is no vector yet becomes one of ``error.json``.
Read the difference before you commit it: it is the change that users see.

``--check`` writes nothing and exits with 1 where a file is out of date.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from vector_files import FOLDER, files  # noqa: E402 - the path comes first

from checks import classify  # noqa: E402
from checks.report import classified  # noqa: E402
from checks.report import json as report_json  # noqa: E402


def render(family: str, text: str, more: Sequence[dict[str, str]] = ()) -> str:
    """Return a file's text with numbers and documents filled in.

    Arguments:
        family: name of the file without its ending.
        text: the file as it is; a vector may have no ``id`` and no ``expected``.
        more: vectors to add at its end.

    Returns:
        the file as it should be: ASCII, one vector a line.
    """
    document: dict[str, Any] = json.loads(text)
    vectors: list[dict[str, str]] = [*document["vectors"], *more]
    free = 1 + max((int(v["id"].rpartition("-")[2]) for v in vectors if "id" in v), default=0)
    lines = []
    for vector in vectors:
        if "id" not in vector:
            vector["id"] = f"{family}-{free}"
            free += 1
        lines.append(report_json.line(_complete(vector)))
    about = report_json.line(document["about"])
    return f'{{"about":{about},"vectors":[\n' + ",\n".join(lines) + "\n]}\n"


def collected() -> list[dict[str, str]]:
    """Return a vector for each message and near miss that no file has yet."""
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in files()]
    known = {vector["input"] for document in documents for vector in document["vectors"]}
    found = json.loads((FOLDER / "error_messages.json").read_text(encoding="utf-8"))
    notes = {message["text"]: message["from"] for message in found["messages"]}
    notes |= {miss["text"]: "near miss" for miss in found["near_misses"]}
    return [{"input": text, "note": note} for text, note in notes.items() if text not in known]


def _complete(vector: dict[str, str]) -> dict[str, object]:
    return {
        "id": vector["id"],
        "note": vector["note"],
        "input": vector["input"],
        "expected": classified(classify(vector["input"])),
    }


def main(arguments: list[str]) -> int:
    """Write the files, or with ``--check`` say which are out of date."""
    stale = []
    for path in files():
        old = path.read_text(encoding="utf-8")
        new = render(path.stem, old, collected() if path.stem == "error" else ())
        if new != old:
            stale.append(path)
            if "--check" not in arguments:
                path.write_text(new, encoding="ascii")
    for path in stale:
        print(
            f"{path.relative_to(ROOT)} {'is out of date' if '--check' in arguments else 'written'}"
        )
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
