"""What ours says and how fast, beside other tools, measured in one run on one machine."""

from __future__ import annotations

import sys
from pathlib import Path

_TESTS = str(Path(__file__).parent.parent / "tests")
if _TESTS not in sys.path:
    sys.path.append(_TESTS)  # the situations and servers of the tests are those measured here
