"""The step of Hatchling that stamps what is built with ``SITE_URL``; see ``tools/stamp.py``."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # Hatchling loads this by its path

from tools import stamp


class StampHook(BuildHookInterface[Any]):
    """Puts the stamped module in place of the checkout's; the checkout stays as it is."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the module beside the build, where an address is given."""
        address = os.environ.get("SITE_URL")
        if not address or version == "editable":
            return
        self.folder = tempfile.TemporaryDirectory()
        made = Path(self.folder.name) / stamp.MODULE.name
        made.write_text(stamp.stamped(address), encoding="utf-8")
        build_data["force_include"][str(made)] = "checks/_site.py"

    def finalize(self, *_: object) -> None:
        """Remove what was written."""
        if hasattr(self, "folder"):
            self.folder.cleanup()
