"""The page's side of the runtime, tested where JavaScript is at home."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from needs import need

import mkdocs_pyodide

HERE = Path(__file__).parent
SCRIPTS = Path(mkdocs_pyodide.__file__).parent / "js"


def test_client() -> None:
    """Starting, calling, running, stopping, failing: client.test.mjs says what each must do."""
    need("node", "nodejs")
    node = shutil.which("node")
    assert node is not None
    done = subprocess.run(
        [node, "--test", "--test-reporter=tap", str(HERE / "client.test.mjs")],
        env={**os.environ, "CLIENT": (SCRIPTS / "client.mjs").as_uri()},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    assert "# pass 10" in done.stdout


@pytest.mark.parametrize("script", sorted(SCRIPTS.iterdir()), ids=lambda path: path.name)
def test_scripts_evaluate_no_text(script: Path) -> None:
    """A policy without ``unsafe-eval`` is enough, and no text becomes markup."""
    text = script.read_text(encoding="utf-8")
    for forbidden in ("eval(", "new Function", "innerHTML", "document.write", "insertAdjacent"):
        assert forbidden not in text
