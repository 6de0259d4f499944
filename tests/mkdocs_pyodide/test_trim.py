"""What the build does inside the runtime is plain Python, and is held to it here."""

from __future__ import annotations

import importlib.util
import marshal
from typing import TYPE_CHECKING

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
