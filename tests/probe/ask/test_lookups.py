"""Names of several targets are looked up at once, in bounded time."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import situations
from needs import need_root

import checks
from checks.cli import main
from checks.probe.ask import lookups, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
DEAD = [f"dead{number}.example:80" for number in range(16)]


class Resolver:
    """Stands for getaddrinfo: it takes its time, and counts how many wait for it."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.asked: list[str] = []
        self.now = 0
        self.most = 0
        self.lock = threading.Lock()
        self.over = threading.Event()

    def __call__(self, host: bytes, *_: object, **__: object) -> list[Any]:
        """As socket.getaddrinfo."""
        with self.lock:
            self.asked.append(host.decode())
            self.now += 1
            self.most = max(self.most, self.now)
        self.over.wait(self.seconds)
        with self.lock:
            self.now -= 1
        if host.startswith(b"dead"):
            raise socket.gaierror(socket.EAI_AGAIN, "no")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.7", 0))]


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Resolver]:
    """A resolver that takes 60 seconds for each name."""
    made = Resolver(60)
    monkeypatch.setattr(socket, "getaddrinfo", made)
    yield made
    made.over.set()


def test_dead_names_of_one_text_take_the_time_of_one(slow: Resolver) -> None:
    """Sixteen of them; each has its answer."""
    began = time.monotonic()
    report = checks.diagnose(" ".join(DEAD), timeout=0.5)
    assert time.monotonic() - began < 4
    assert [each.outcome for each in report.probes.values()] == ["not-resolved"] * 16
    assert all(
        each.resolution.error == "ETIMEDOUT" for each in report.probes.values() if each.resolution
    )
    assert slow.most == 16


def test_dead_names_of_several_targets_too(
    slow: Resolver, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the order of the targets; more than sixteen in two goes, so that threads are bounded."""
    targets = [*DEAD, "late1.example:80", "late2.example:80"]
    began = time.monotonic()
    main(["--timeout", "0.4", *targets])
    assert time.monotonic() - began < 5
    said = capsys.readouterr().out
    order = [said.index(each.partition(":")[0]) for each in targets]
    assert order == sorted(order)
    assert slow.most <= 18
    assert sorted(slow.asked) == sorted(each.partition(":")[0] for each in targets)


def test_each_name_is_asked_once_and_anew_the_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was looked up ahead is not kept."""
    quick = Resolver(0)
    monkeypatch.setattr(socket, "getaddrinfo", quick)
    for count in (1, 2):
        checks.diagnose("a.example:80 b.example:80", timeout=5)
        assert sorted(quick.asked) == sorted(["a.example", "b.example"] * count)
    assert lookups._ahead == {}


def test_only_names_that_would_be_asked_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """No query for a link that is only mentioned, nor for an address."""
    quick = Resolver(0)
    monkeypatch.setattr(socket, "getaddrinfo", quick)
    text = "Error: connect ECONNREFUSED 127.0.0.1:9\nsee https://help.example/errors/refused"
    with checks.looking_up([text, "127.0.0.1:9", "[::1]:9", "62893", ""]):
        pass
    assert quick.asked == []


def test_without_threads_they_are_asked_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The resolver's own patience bounds it then."""

    def refuse(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    quick = Resolver(0)
    monkeypatch.setattr(socket, "getaddrinfo", quick)
    monkeypatch.setattr("_thread.start_new_thread", refuse)
    with lookups.Ahead(["a.example", "dead.example"]):
        assert resolve.addresses("a.example", 1)[0].addresses == ("192.0.2.7",)
        assert resolve.addresses("dead.example", 1)[0].error == "EAI_AGAIN"


@pytest.mark.machine
def test_a_silent_name_server_costs_its_time_once() -> None:
    """With the system's own resolver, and names that no hosts file has; Ctrl-C leaves at once."""
    need_root()
    servers = [
        line.split()[1]
        for line in Path("/etc/resolv.conf").read_text().splitlines()
        if line.startswith("nameserver")
    ]
    with situations.silent_name_server(servers[0] if servers else "127.0.0.1"):
        command = [sys.executable, "-m", "checks", "--timeout", "0.5", *DEAD]
        began = time.monotonic()
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
        )
        took = time.monotonic() - began
        assert done.stdout.count("resolver") >= 16
        assert took < 6
        with subprocess.Popen(
            [*command[:4], "30", *DEAD], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as child:
            time.sleep(1.5)
            began = time.monotonic()
            child.send_signal(signal.SIGINT)
            _, said = child.communicate(timeout=20)
            assert time.monotonic() - began < 3
    assert child.returncode == 130, os.fsdecode(said)
    assert b"Traceback" not in said
