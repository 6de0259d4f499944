"""What holds for every test: no example of Hypothesis is a bet on the machine's speed.

How fast things are is told by the benchmarks, and growth by counted work.
"""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import order
import pytest
from hypothesis import HealthCheck, settings

from checks.model.words import PROXY_VARIABLES

if TYPE_CHECKING:
    from playwright.sync_api import Playwright

settings.register_profile(
    "any machine",
    parent=settings.default,  # on CI that is Hypothesis' own profile for it
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("any machine")

# A report says which clients of its shell would ask a proxy. The tests' shell has none.
for name in PROXY_VARIABLES:
    os.environ.pop(name, None)

# A shell has what it starts in the background ignore Ctrl-C, and so does whatever that starts:
# the programs that tests end with it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest of the marks that tests have."""
    config.addinivalue_line(
        "markers", "machine: needs sockets of this machine or other programs; not in make quick"
    )


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage among what is collected: nearly all of it stays until the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deal the tests out to the workers of this run, where it has several."""
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    items[:] = order.dealt(items, lambda item: item.nodeid.partition("::")[0], workers)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives the browsers: one for all tests of a worker, as a process can have but one."""
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as started:
        yield started
