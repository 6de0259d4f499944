"""The Python half of the worker, which is plain Python and runs here too."""

from __future__ import annotations

import importlib.util
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest


def run(live: ModuleType, code: str, limit: int = 10_000) -> tuple[bool, bool, str]:
    """Run code: whether it ended well, whether output was cut, and the output."""
    pieces: list[str] = []
    ok, truncated = live.run(code, pieces.append, limit)
    return ok, truncated, "".join(pieces)


def test_output_of_both_streams_in_order(live: ModuleType) -> None:
    """As a terminal shows it."""
    code = "import sys\nprint('a')\nprint('b', file=sys.stderr)\nsys.stdout.writelines(['c', 'd'])"
    assert run(live, code) == (True, False, "a\nb\ncd")


def test_streams_are_given_back(live: ModuleType) -> None:
    """Also after an error."""
    before = sys.stdout, sys.stderr
    run(live, "1/0")
    run(live, "print('x' * 100)", 5)
    assert (sys.stdout, sys.stderr) == before


def test_an_error_shows_the_traceback_of_the_code_alone(live: ModuleType) -> None:
    """With its source line and none of the machinery's frames."""
    ok, truncated, output = run(live, "def f():\n    return 1 / 0\n\nf()\n")
    assert (ok, truncated) == (False, False)
    assert output.startswith('Traceback (most recent call last):\n  File "<example>", line 4')
    assert "return 1 / 0" in output
    assert output.endswith("ZeroDivisionError: division by zero\n")
    assert "_execute" not in output


def test_a_syntax_error_is_told(live: ModuleType) -> None:
    """It is an error like any other."""
    ok, _, output = run(live, "if")
    assert not ok
    assert "SyntaxError" in output


@pytest.mark.parametrize(
    ("code", "ok", "output"),
    [
        ("raise SystemExit", True, ""),
        ("import sys; sys.exit(0)", True, ""),
        ("raise SystemExit(3)", False, ""),
        ("raise SystemExit('over')", False, "over\n"),
    ],
)
def test_leaving_early(live: ModuleType, code: str, ok: bool, output: str) -> None:
    """Status 0 is success, a text is printed."""
    assert run(live, code) == (ok, False, output)


def test_every_run_has_a_namespace_of_its_own(live: ModuleType) -> None:
    """Names do not leak from one example into the next."""
    assert run(live, "x = 1; print(__name__)") == (True, False, "__main__\n")
    assert not run(live, "x")[0]


def test_output_is_cut_at_its_bound(live: ModuleType) -> None:
    """To the character; code that prints for ever ends."""
    assert run(live, "while True: print('abc')", 10) == (False, True, "abc\nabc\nab")
    assert run(live, "print('abc')", 4) == (True, False, "abc\n")


def test_catching_everything_does_not_lift_the_bound(live: ModuleType) -> None:
    """An ``except Exception`` does not see it, a bare one gets it again."""
    code = "for _ in range(99):\n    try: print('abc')\n    except Exception: pass"
    assert run(live, code, 6) == (False, True, "abc\nab")
    code = "for _ in range(99):\n    try: print('abc')\n    except: pass"
    assert run(live, code, 6)[1:] == (True, "abc\nab")


def test_output_is_sent_in_pieces(live: ModuleType) -> None:
    """The first lines at once, then few messages for many small writes, each soon enough."""
    pieces: list[str] = []
    live.run("for _ in range(10_000): print('x')", pieces.append, 100_000)
    assert pieces[: live.LINES] == ["x\n"] * live.LINES
    assert 20_000 / len(pieces[live.LINES :]) > 1000
    assert all(len(piece) <= live.CHUNK + 1 for piece in pieces)


class Buffer:
    """A JavaScript buffer, as far as it is used."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.reads = 0

    def __call__(self) -> Buffer:
        """What the fetching function does."""
        self.reads += 1
        return self

    def to_bytes(self) -> bytes:
        """The bytes."""
        return self.data


def test_missing_modules_come_from_the_whole_library(
    live: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is read once, at the first import of a module that was left out, and for no other name."""
    archive = tmp_path / "whole.zip"
    with zipfile.ZipFile(archive, "w") as target:
        for name in ("zz_one.py", "zz_pack/__init__.py", "zz_pack/deep.py"):
            target.writestr(name, f"NAME = {name!r}")
    buffer = Buffer(archive.read_bytes())
    monkeypatch.setattr(live, "REST", str(tmp_path / "rest.zip"))
    finder = live.Rest(["zz_one", "zz_pack", "zz_pack.deep"], buffer)
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, finder])
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("zz_other")
    assert buffer.reads == 0
    try:
        assert importlib.import_module("zz_pack.deep").NAME == "zz_pack/deep.py"
        assert importlib.import_module("zz_one").NAME == "zz_one.py"
    finally:
        for name in ("zz_one", "zz_pack", "zz_pack.deep"):
            sys.modules.pop(name, None)
    assert buffer.reads == 1
    assert finder.wanted == ["zz_pack", "zz_one"]
