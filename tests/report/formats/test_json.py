"""--format json: one object a target or listener."""

from __future__ import annotations

import json

import pytest
import situations as real
from cli.terminal import run


@pytest.mark.machine
def test_json_is_json() -> None:
    """--format json is --json, for both commands."""
    with real.listening("127.0.0.1") as port:
        target = f"127.0.0.1:{port}"
        for command in (["--format", "json", target], ["--json", target]):
            assert json.loads(run(*command).stdout)["input"] == target
        assert json.loads(run("listen", "--format", "json", "--port", str(port)).stdout)
