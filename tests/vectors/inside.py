"""Run the tests that need only ``checks`` with the pytest of the browser's runtime.

This is a program for ``runtime.mjs``, not a module. Hypothesis has compiled
parts and the runtime has no processes, threads or sockets, so what needs one of
these is skipped there by name; every other test of the files runs as it is.
"""

import os
import socket
import subprocess
import sys
import threading
import types

import pytest

FILES = """

tests/classify
tests/findings/test_address_findings.py
tests/findings/test_port_findings.py
"""
SETTINGS = "[pytest]\nfilterwarnings = error\npythonpath = /repository/tests /repository/tools /repository\n"
NOT_THERE = ("ada_url", "hypothesis", "processes")


def skipping(what):
    """A function that skips the test which calls it."""

    def skip(*_arguments, **_options):
        pytest.skip(f"the runtime has no {what}")

    return skip


class Anything:
    """Stands for the strategies of Hypothesis: whatever is asked of it gives itself."""

    def __getattr__(self, _name):
        return self

    def __call__(self, *_arguments, **_options):
        return self

    def __or__(self, _other):
        return self


def without_hypothesis():
    """Modules by whose decorators a test is skipped."""
    package = types.ModuleType("hypothesis")
    package.strategies = package.st = package.Phase = package.HealthCheck = Anything()

    def given(*_arguments, **_options):
        def decorate(_test):
            def test_skipped(self=None):
                pytest.skip("the runtime has no Hypothesis")

            return test_skipped

        return decorate

    def unchanged(*_arguments, **_options):
        return lambda test: test

    package.given, package.example, package.settings = given, unchanged, unchanged
    return {"hypothesis": package, "hypothesis.strategies": package.strategies}


sys.modules.update(without_hypothesis())
subprocess.Popen = skipping("processes")
socket.socket = skipping("sockets")
threading.Thread.start = skipping("threads")
os.chdir("/repository")
with open("/tmp/pytest.ini", "w") as file:
    file.write(SETTINGS)
int(
    pytest.main(
        ["-q", "-c", "/tmp/pytest.ini", "--rootdir=/repository", "--import-mode=importlib",
         "-p", "no:cacheprovider", "--capture=sys", "--tb=short", "-rs", *FILES.split()]
    )
)
