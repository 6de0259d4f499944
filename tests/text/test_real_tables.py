"""The tables of the programs of this machine, of a listener that the test holds."""

from __future__ import annotations

import os
import shlex
import socket
import subprocess
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from needs import need, need_linux

from checks import classify
from checks.findings import overview

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def listener() -> Iterator[int]:
    """A port of 127.0.0.1 on which this process listens, with one connection to it."""
    need_linux()
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
        with closing(socket.create_connection(("127.0.0.1", port))):
            yield port


def output(command: str) -> str:
    """What a command prints; it must succeed."""
    words = shlex.split(command.removeprefix("sudo "))
    return subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.mark.parametrize(
    ("command", "package"),
    [
        ("ss -tanp", "iproute2"),
        ("ss -Htlnp", "iproute2"),
        ("ss -tulpn", "iproute2"),
        ("ss -tlnp state listening", "iproute2"),
        ("lsof -nP -iTCP", "lsof"),
    ],
)
def test_a_real_table_has_the_listener(listener: int, command: str, package: str) -> None:
    """Its row has the address, the port, the state and this process."""
    need(command.split()[0], package)
    (table,) = classify(output(command)).tables
    rows = [
        row
        for row in table.rows
        if row.state == "LISTEN" and row.local and row.local.port
        and row.local.port.number == listener
    ]  # fmt: skip
    assert len(rows) == 1
    assert rows[0].local is not None
    assert rows[0].local.host is not None
    assert rows[0].local.host.address == "127.0.0.1"
    assert rows[0].pid == os.getpid()


def test_the_kernels_table_has_the_listener_and_the_connection(listener: int) -> None:
    """/proc/net/tcp, in hexadecimal."""
    (table,) = classify(Path("/proc/net/tcp").read_text(encoding="ascii")).tables
    states = {
        row.state for row in table.rows if row.local and row.local.port
        and row.local.port.number == listener
    }  # fmt: skip
    assert states == {"LISTEN", "ESTABLISHED"}


def test_the_steps_of_a_real_table_work(listener: int) -> None:
    """The processes are named, and where no pid is shown the command shows it."""
    need("ss", "iproute2")
    need("ps", "procps")
    with_pids = overview.steps(classify(output(f"ss -ltnp 'sport = :{listener}'")))
    assert str(os.getpid()) in output(with_pids[0].command or "")
    without = overview.steps(classify(output(f"ss -ltn 'sport = :{listener}'")))
    assert f"pid={os.getpid()}" in output(without[0].command or "")
