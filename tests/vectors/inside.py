"""Run tests that need only ``checks`` with pytest inside the browser's runtime.

A program for ``runtime.mjs``; the runtime has pytest, and Hypothesis is not
there because it has compiled parts. What needs it, or a process, is skipped by
name; every other test of the files runs as it is, warnings as errors.
"""

from __future__ import annotations

import os
import subprocess
import sys
import types
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

FILES = """
tests/vectors/test_facts.py
tests/text/test_paste.py
tests/text/test_word.py
tests/text/test_url.py
tests/text/test_prose.py
tests/address/test_uts46.py
tests/address/test_whatwg.py
tests/address/test_names.py
tests/address/test_embedded.py
tests/findings/test_address_findings.py
tests/findings/test_port_findings.py
"""
REPOSITORY = Path("/repository")
SETTINGS = f"""[pytest]
filterwarnings = error
pythonpath = {REPOSITORY}/tests {REPOSITORY}/tools {REPOSITORY}
"""


class Anything:
    """Stands for Hypothesis' strategies: whatever is asked of it, it gives itself."""

    def __getattr__(self, _name: str) -> Anything:
        return self

    def __call__(self, *_arguments: object, **_options: object) -> Anything:
        """The same, called."""
        return self

    def __or__(self, _other: object) -> Anything:
        return self


def given(*_arguments: object, **_options: object) -> Callable[[object], Callable[..., None]]:
    """In place of Hypothesis' decorator: the test is skipped."""

    def decorate(_test: object) -> Callable[..., None]:
        def skipped(self: object = None) -> None:
            pytest.skip("no Hypothesis in the runtime")

        return skipped

    return decorate


def example(*_arguments: object, **_options: object) -> Callable[[object], object]:
    """A decorator that does nothing."""
    return lambda test: test


class Settings:
    """In place of Hypothesis' settings: a decorator that does nothing, and no profiles."""

    default = None

    def __init__(self, *_arguments: object, **_options: object) -> None:
        pass

    def __call__(self, test: object) -> object:
        """The test as it is."""
        return test

    @staticmethod
    def register_profile(*_arguments: object, **_options: object) -> None:
        """No profile is kept."""

    @staticmethod
    def load_profile(_name: str) -> None:
        """None is loaded."""


def no_process(*_arguments: object, **_options: object) -> None:
    """In place of subprocess.Popen."""
    pytest.skip("no processes in the runtime")


def main() -> int:
    """Run the files; pytest's exit code."""
    hypothesis: Any = types.ModuleType("hypothesis")
    hypothesis.strategies = hypothesis.HealthCheck = hypothesis.Phase = Anything()
    hypothesis.given, hypothesis.example, hypothesis.settings = given, example, Settings
    sys.modules["hypothesis"] = hypothesis
    setattr(subprocess, "Popen", no_process)  # noqa: B010 - it is a class to the type checker
    os.chdir(REPOSITORY)
    settings = Path("/tmp/pytest.ini")  # noqa: S108 - of the runtime's own file system
    settings.write_text(SETTINGS, encoding="ascii")
    return int(
        pytest.main(
            ["-q", "-c", str(settings), f"--rootdir={REPOSITORY}", "--import-mode=importlib",
             "-p", "no:cacheprovider", "--capture=sys", "--tb=short", *FILES.split()]
        )
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
