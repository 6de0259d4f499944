"""Small files of the kernel."""

from __future__ import annotations

import os
from pathlib import Path

from checks.probe.machine import files


def test_bytes_that_are_no_utf8_become_replacement_characters(tmp_path: Path) -> None:
    """Text from outside never raises when it is decoded."""
    (tmp_path / "comm").write_bytes(b"a\xff\xfeb")
    assert files.read(str(tmp_path / "comm")) == "a\ufffd\ufffdb"


def test_reading_stops_at_the_limit(tmp_path: Path) -> None:
    """A file that is larger than expected is cut, not swallowed."""
    (tmp_path / "big").write_bytes(b"x" * 200_000)
    assert len(files.read_bytes(str(tmp_path / "big"), 70_000) or b"") == 70_000


def test_long_kernel_tables_are_read_whole() -> None:
    """The kernel gives /proc/self/maps a page at a time; all pages arrive."""
    with open("/proc/self/smaps", "rb") as file:
        expected = file.read().count(b"VmFlags")
    found = files.read_bytes("/proc/self/smaps", 1 << 26) or b""
    assert abs(found.count(b"VmFlags") - expected) <= 2


def test_what_cannot_be_read_is_none(tmp_path: Path) -> None:
    """A missing file, a directory, a path with a NUL and a broken link give None."""
    assert files.read(str(tmp_path / "missing")) is None
    assert files.read(str(tmp_path)) is None
    assert files.read("a\0b") is None
    assert files.link(str(tmp_path)) is None
    assert files.link("a\0b") is None


def test_links_are_cleaned_text(tmp_path: Path) -> None:
    """A link's target with bytes that are no UTF-8 is text without surrogates."""
    os.symlink(b"/srv/\xff", bytes(tmp_path / "cwd"))
    assert files.link(str(tmp_path / "cwd")) == "/srv/\ufffd"
