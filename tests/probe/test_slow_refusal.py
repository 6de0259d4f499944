"""Refusals that take seconds, as on Windows: they are waited for, and are not taken for silence.

Windows is played here, on sockets of this machine: that it repeats its SYN cannot be switched
off, and what the kernel answers is not looked at before a while has passed.
"""

from __future__ import annotations

import selectors
import socket
import sys
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

import pytest
import situations
from findings.records import findings
from situations import free_port

from checks import classify
from checks.findings import verdict
from checks.model.evidence import Attempt, Binding, Listener, Machine, Probe
from checks.probe import scan, system, wait
from checks.probe.ask import connect
from checks.probe.targets import Target
from checks.rules.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")

REFUSES_AFTER, WAITS = 0.3, 0.6
"""Seconds; on Windows 2 and 3."""
SHORT = 0.05
WINDOWS = Machine("windows", "me", False, (49152, 65535), 0, "", ())


def target(port: int) -> Target:
    """A target on this machine."""
    return Target("127.0.0.1", 4, port, 0, True, "127.0.0.1", None, None)


def late(real: Callable[..., Any]) -> Callable[..., Any]:
    """A wait for sockets that are ready, of which none is before the time."""
    began = monotonic()

    def ready(*arguments: object) -> Any:
        seconds = arguments[-1]
        assert isinstance(seconds, float)
        if (left := began + REFUSES_AFTER - monotonic()) > 0:
            sleep(max(0.0, min(left, seconds)))
            return []
        return real(*arguments)

    return ready


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this system be one that refuses slowly, and go on with it when it is told not to."""
    monkeypatch.setattr(system, "NAME", "windows")
    monkeypatch.setattr(system, "SLOW_REFUSAL", WAITS)
    monkeypatch.setattr(system, "refuse_at_once", lambda _: False)
    monkeypatch.setattr(connect, "_wait", late(connect._wait))


@pytest.mark.usefixtures("windows")
class TestSlow:
    """What is asked where the repeats cannot be switched off."""

    def test_a_refusal_is_waited_for(self) -> None:
        """Beyond the time that was given, which is shorter."""
        (made,) = connect.attempt([target(free_port())], SHORT).attempts
        assert (made.outcome, made.errno, made.reason) == ("refused", "ECONNREFUSED", None)

    def test_silence_says_why_it_tells_less(self) -> None:
        """And is asked for once: the system has asked several times."""
        with situations.backlog_full("127.0.0.1") as port:
            (made,) = connect.attempt([target(port)], SHORT).attempts
        assert (made.outcome, made.reason, made.attempts) == ("timed-out", "repeats", 1)
        assert (made.milliseconds or 0) >= WAITS * 1000

    def test_what_closes_is_closed(self) -> None:
        """A wait for it ends, though one look is given less time than a refusal takes."""
        endpoint = classify(f"127.0.0.1:{free_port()}").endpoints[0]
        made = wait.look(endpoint, wait.Wanted("closed"), SHORT, WINDOWS, remote=False)
        assert made.held

    def test_a_scan_takes_it_for_closed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """And says for how long it has waited for what is silent."""

        class Late(selectors.SelectSelector):
            def __init__(self) -> None:
                super().__init__()
                self.ready = late(super().select)

            def select(self, timeout: float | None = None) -> Any:
                return self.ready(timeout)

        monkeypatch.setattr(scan, "_REUSES", False)
        monkeypatch.setattr(selectors, "DefaultSelector", Late)
        made = scan.scan(target(1), [free_port()], SHORT)
        assert (made.refused, made.answers, made.timeout) == (1, (), WAITS)


def test_where_they_are_switched_off_silence_is_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked for twice, each time as long as was said."""
    monkeypatch.setattr(system, "SLOW_REFUSAL", WAITS)
    with situations.backlog_full("127.0.0.1") as port:
        (made,) = connect.attempt([target(port)], SHORT).attempts
    assert (made.outcome, made.reason, made.attempts) == ("timed-out", None, 2)
    assert (made.milliseconds or 0) < WAITS * 1000


ROW = Listener(
    "tcp", "127.0.0.1", 8123, None, None, None, None, None, None, None, (), "host", source="psutil"
)
OTHER = ROW._replace(address="192.0.2.7")
HELD = Binding("127.0.0.1", 8123, "in-use", "EADDRINUSE", "EADDRINUSE", None, "unseen")


@pytest.mark.parametrize(
    ("reason", "listeners", "unread", "bindings", "code"),
    [
        ("repeats", (), (), (), "C302"),
        ("repeats", (OTHER,), (), (), "C302"),
        ("repeats", (), TABLES, (), "C302"),
        ("repeats", (), TABLES, (HELD,), "C304"),
        ("repeats", (ROW,), (), (), "C304"),
        (None, (), (), (), "C304"),
        (None, (), TABLES, (), "C304"),
    ],
)
def test_time_alone_is_no_packet_filter(
    reason: str | None,
    listeners: tuple[Listener, ...],
    unread: tuple[str, ...],
    bindings: tuple[Binding, ...],
    code: str,
) -> None:
    """Where a refusal may look like silence, another witness has to speak for a filter."""
    attempt = Attempt("127.0.0.1", "timed-out", None, 3000.0, 1, reason=reason)
    probe = Probe(
        "timed-out", None, (attempt,), listeners, (), bindings, WINDOWS, (), unread=unread
    )
    found = findings("127.0.0.1:8123", probe)
    (one,) = [each for each in found if each.finding.code in ("C302", "C304")]
    assert one.finding.code == code
    assert "the connection was refused" not in one.match.message
    assert ("no answer in 3000 ms" in one.match.message) is (code == "C302")
    said = verdict(classify("127.0.0.1:8123"), {0: probe})
    assert "refused" not in said
    assert ("a firewall" in said) is (code == "C304")


def test_the_system_of_this_machine_is_not_slow() -> None:
    """Nothing is waited for where a refusal comes at once."""
    with socket.socket() as opened:
        assert system.refuse_at_once(opened)
    assert system.SLOW_REFUSAL == 0
