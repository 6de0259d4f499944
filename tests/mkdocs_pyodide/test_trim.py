"""What the build does inside the runtime is plain Python, and is held to it here."""

from __future__ import annotations

import importlib.util
import marshal
from types import CodeType
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

SOURCE = b'''"""Of the module."""
class A:
    """Of a class."""
    def f(self):
        """Of a function."""
async def g():
    "Of a coroutine."
    assert g is None
    return "not a docstring"
'''


def constants(code: CodeType) -> list[object]:
    """All constants of the code and of the code inside."""
    found: list[object] = []
    for each in code.co_consts:
        found += constants(each) if isinstance(each, CodeType) else [each]
    return found


def test_bytecode_is_never_compared_with_a_source(trim: ModuleType) -> None:
    """An unchecked hash (PEP 552): no time of the build, and none is looked at."""
    data = trim.bytecode(b"x = 1\n", "x.py", 0)
    assert data[:4] == importlib.util.MAGIC_NUMBER
    assert int.from_bytes(data[4:8], "little") == 0b01
    assert marshal.loads(data[16:]).co_filename == "x.py"  # noqa: S302  # written a line above
    assert data == trim.bytecode(b"x = 1\n", "x.py", 0)


def test_docstrings_go_and_everything_else_stays(trim: ModuleType) -> None:
    """Assertions, other strings and line numbers too; an empty body gets a statement."""
    tree = trim.undocumented(SOURCE)
    found = constants(compile(tree, "x.py", "exec"))
    assert not [each for each in found if isinstance(each, str) and each.startswith("Of ")]
    assert "not a docstring" in found
    space: dict[str, object] = {}
    exec(compile(tree, "x.py", "exec"), space)  # noqa: S102  # the source above
    with pytest.raises(AssertionError):
        space["g"]().send(None)  # type: ignore[operator]


def test_archives_depend_on_their_contents_alone(trim: ModuleType, tmp_path: Path) -> None:
    """Whatever the order or the time."""
    trim.archive({"b": b"2", "a": b"1"}, str(tmp_path / "one.zip"))
    trim.archive({"a": b"1", "b": b"2"}, str(tmp_path / "two.zip"))
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
