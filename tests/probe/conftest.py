"""What every test of the probe shares."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from checks.probe.machine import files

if TYPE_CHECKING:
    from collections.abc import Iterator


def _descriptors() -> set[tuple[str, str | None]]:
    names = os.listdir("/proc/self/fd")
    found = {(name, files.link(f"/proc/self/fd/{name}")) for name in names}
    return {each for each in found if each[1]}  # without that of the listing itself


@pytest.fixture(autouse=True)
def no_descriptor_is_left_open(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test of this folder that leaves a file or a socket open."""
    here = request.path.parent != Path(__file__).parent / "identify"  # which starts servers once
    if not here or not os.path.isdir("/proc/self/fd"):
        yield
        return
    before = _descriptors()
    yield
    assert _descriptors() - before == set()
