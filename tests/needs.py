"""What a test needs from the machine; where it is missing the skip says so.

Under ``CI=true`` a missing piece fails the test: a machine that is there to
test must be able to. What another system is, no machine can have.
"""

from __future__ import annotations

import os
import shutil
import socket
import sys
from typing import NoReturn

import pytest


def missing(what: str) -> NoReturn:
    """Skip the test for want of something; fail it in CI."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"needs {what}", pytrace=False)
    pytest.skip(f"needs {what}")


def need(program: str, package: str) -> None:
    """Require a program on the PATH, of a Debian package."""
    if shutil.which(program) is None:
        missing(f"{program} (apt-get install {package})")


def need_linux() -> None:
    """Require Linux: its tables, its namespaces."""
    if sys.platform != "linux":
        pytest.skip("needs Linux")


def need_root() -> None:
    """Require root: other users' processes, network namespaces, firewall rules."""
    need_linux()
    if os.geteuid() != 0:
        missing("root (sudo)")


def need_ipv6() -> None:
    """Require a loopback interface with ::1."""
    try:
        with socket.socket(socket.AF_INET6) as trial:
            trial.bind(("::1", 0))
    except OSError:
        missing("IPv6 on the loopback interface")
