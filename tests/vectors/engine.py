"""Run every vector in this interpreter and print one line of JSON on what differs.

The interpreter may be any that the package supports, with nothing installed:
``python3.10 tests/vectors/engine.py``. In the browser's runtime the same file
is imported and :func:`report` called.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
for folder in (ROOT / "tests", ROOT):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from vector_files import Vector, load  # noqa: E402 - the path comes first

from checks import classify  # noqa: E402
from checks.report import classified  # noqa: E402
from checks.report.json import line  # noqa: E402

SHOWN = 5
"""So many differences are given in full."""


def differences(vectors: list[Vector]) -> list[dict[str, str]]:
    """The vectors whose document is not what is expected, byte for byte."""
    found = []
    for vector in vectors:
        answer = line(classified(classify(vector.input)))
        if answer != vector.expected_json:
            found.append({"id": vector.id, **_first_difference(vector.expected_json, answer)})
    return found


def _first_difference(expected: str, answer: str) -> dict[str, str]:
    """Both texts around the first place where they part."""
    at = next(
        (i for i, pair in enumerate(zip(expected, answer, strict=False)) if pair[0] != pair[1]),
        min(len(expected), len(answer)),
    )
    around = slice(max(0, at - 40), at + 80)
    return {"expected": expected[around], "answer": answer[around]}


def report() -> dict[str, object]:
    """What this interpreter is and how it did.

    ``imported`` names the modules that the vectors need and ``tools/site/warm.py``
    does not: the page would miss them. ``control`` counts the differences of a few
    vectors that were altered here on purpose; where it is not ``altered``, the
    comparison compares nothing.
    """
    vectors = load()
    warm = compile((ROOT / "tools/site/warm.py").read_text(encoding="utf-8"), "warm.py", "exec")
    exec(warm, {"__name__": "__main__"})  # noqa: S102 - as the build of the site does
    before = set(sys.modules)
    found = differences(vectors)
    imported = sorted(set(sys.modules) - before)
    altered = [v._replace(expected_json=v.expected_json + " ") for v in vectors[:3]]
    return {
        "engine": f"{sys.implementation.name} {sys.version.split()[0]} {sys.platform}",
        "unicode": unicodedata.unidata_version,
        "vectors": len(vectors),
        "differences": len(found),
        "shown": found[:SHOWN],
        "imported": imported,
        "altered": len(altered),
        "control": len(differences(altered)),
    }


if __name__ == "__main__":
    print(json.dumps(report()))
