"""What differs from system to system."""

from __future__ import annotations

import getpass
import os
import pwd
import re
import sys
from pathlib import Path

import pytest

from checks.probe import system


def test_unknown_users_are_numbers() -> None:
    """A uid without a name, as in containers, is its number."""
    assert system.user_name(3_999_999_999) == "3999999999"
    assert system.user_name(0) == "root"


def test_the_user_and_its_home_are_those_of_the_process() -> None:
    """The name that programs act as, and where its files are."""
    assert system.user() == getpass.getuser()
    assert system.is_administrator() is (os.geteuid() == 0)
    assert system.home_of(os.geteuid()) == pwd.getpwuid(os.geteuid()).pw_dir
    assert system.home_of(3_999_999_999) is None


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
def test_an_interface_that_is_not_there_is_neither_up_nor_down() -> None:
    """The kernel tells of those that it has."""
    assert system.interface_is_up("lo") in (True, False)
    assert system.interface_is_up("nosuch0") is None


def test_one_file_of_the_probe_looks_at_the_platform() -> None:
    """The others ask it what system this is."""
    looks = re.compile(r"sys\.platform|os\.name|platform\.system")
    root = Path(system.__file__).parent
    found = [path for path in root.rglob("*.py") if looks.search(path.read_text(encoding="utf-8"))]
    assert [path.name for path in found] == ["system.py"]
