"""The package where any user can import it from: a clone below /root is root's only."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@cache
def importable() -> str:
    """The folders for PYTHONPATH: the clone, and before it a copy if others may not read that."""
    if all(folder.stat().st_mode & 0o5 == 0o5 for folder in (ROOT, *ROOT.parents)):
        return str(ROOT)
    copy = Path(tempfile.mkdtemp(prefix="package-"))
    atexit.register(shutil.rmtree, copy, ignore_errors=True)
    shutil.copytree(ROOT / "checks", copy / "checks")  # with what is compiled already
    copy.chmod(0o755)
    return f"{copy}{os.pathsep}{ROOT}"
