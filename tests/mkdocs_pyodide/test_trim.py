"""What the build does inside the runtime is plain Python, and is held to it here."""

from __future__ import annotations

import importlib.util
import marshal
import sys
import traceback
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType


def test_bytecode_is_never_compared_with_a_source(trim: ModuleType) -> None:
    """An unchecked hash (PEP 552): no time of the build, and none is looked at."""
    data = trim.bytecode(b"x = 1\n", "x.py", 0)
    assert data[:4] == importlib.util.MAGIC_NUMBER
    assert int.from_bytes(data[4:8], "little") == 0b01
    assert marshal.loads(data[16:]).co_filename == "x.py"  # noqa: S302  # written a line above
    assert data == trim.bytecode(b"x = 1\n", "x.py", 0)


def test_archives_depend_on_their_contents_alone(trim: ModuleType, tmp_path: Path) -> None:
    """Whatever the order or the time."""
    trim.archive({"b": b"2", "a": b"1"}, str(tmp_path / "one.zip"))
    trim.archive({"a": b"1", "b": b"2"}, str(tmp_path / "two.zip"))
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


SOURCE = """
def outer(value):
    def inner(one):
        assert one
        return [1 / each for each in (one,)]
    return inner(value)

answer = outer
"""


@pytest.mark.skipif(sys.version_info < (3, 11), reason="another location table before CPython 3.11")
def test_a_traceback_names_the_functions_with_their_first_lines(trim: ModuleType) -> None:
    """The code does the same, and an exception still tells where it was raised."""
    code = trim.without_lines(compile(SOURCE, "one.py", "exec", optimize=2))
    space: dict[str, object] = {}
    exec(code, space)  # noqa: S102 - written above
    answer = space["answer"]
    assert callable(answer)
    assert answer(2) == [0.5]
    with pytest.raises(ZeroDivisionError) as raised:
        answer(0)
    told = [(frame.name, frame.lineno) for frame in traceback.extract_tb(raised.tb)[1:]]
    assert told[:2] == [("outer", 2), ("inner", 3)]
    full = compile(SOURCE, "one.py", "exec", optimize=2)
    assert len(marshal.dumps(code)) < len(marshal.dumps(full))
