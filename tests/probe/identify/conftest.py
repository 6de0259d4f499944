"""The servers and the peers that are asked what they are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from servers import Fleet, fleet


@pytest.fixture(scope="session")
def servers() -> Iterator[Fleet]:
    """Real servers, each started when it is first asked for."""
    yield from fleet()
