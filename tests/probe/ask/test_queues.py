"""What a diagnosis leaves in the accept queue of a program that does not take its connections."""

from __future__ import annotations

import os
import socket
import sys
import threading
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import pytest
import situations
from needs import missing, need_ipv6
from peers import Behave, closing, peer, saying, silent
from situations import PATIENCE, SHORT, ask, queued

from checks import diagnose
from checks.model.evidence import Attempt
from checks.probe import investigate, machine, sockets, wait
from checks.probe.ask import connect, queues
from checks.probe.identify import plan
from checks.probe.sockets import netlink
from checks.probe.targets import Target
from checks.rules.queues import Queue, drains, is_stuck, taken

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")


_ONE_AT_A_TIME = """
import select
port = int(sys.argv[1])
both = [socket.create_server(("127.0.0.1", port)),
        socket.create_server(("::1", port), family=socket.AF_INET6)]
print("ready", flush=True)
while True:
    ready = select.select([0, *both], [], [])[0]
    if 0 in ready:
        break
    with ready[0].accept()[0] as taken:
        select.select([0, taken], [], [])
"""
_HUNG = """
listener = socket.create_server(("::1", int(sys.argv[1])), family=socket.AF_INET6)
print("ready")
wait()
"""


@pytest.fixture(autouse=True)
def _alone() -> Iterator[None]:
    """A network of its own: another test may scan every port of this machine."""
    with situations.own_network():
        yield


def target(address: str, port: int) -> Target:
    """A target as the probe makes it."""
    version = 6 if ":" in address else 4
    return Target(address, version, port, 0, True, address, None, None)


def connects(port: int, *addresses: str, timeout: float = SHORT) -> queues.Result:
    """Polite connects to a port, closed again."""
    found = sockets.on_port(port)
    result = queues.attempt([target(address, port) for address in addresses], found, timeout)
    result.close()
    return result


@contextmanager
def clients(port: int, count: int) -> Iterator[list[socket.socket]]:
    """Connections of others that wait."""
    made = [socket.create_connection(("127.0.0.1", port), PATIENCE) for _ in range(count)]
    try:
        yield made
    finally:
        for each in made:
            each.close()


class TestHungProgram:
    """One slot at most, whatever was asked and how often, and the same answer."""

    @pytest.mark.parametrize("identify", [True, False])
    def test_three_diagnoses_take_one_slot_and_agree(self, identify: bool) -> None:
        """The first run makes the one connection, the others find it; a client gets in after."""
        with situations.hung("127.0.0.1", backlog=5) as (port, _):
            found, lengths = [], []
            for _ in range(3):
                report = diagnose(f"127.0.0.1:{port}", timeout=SHORT, identify=identify)
                found.append([each.finding.code for each in report.findings])
                lengths.append(queued(port))
            socket.create_connection(("127.0.0.1", port), PATIENCE).close()
        assert lengths == [1, 1, 1]
        assert "C320" in found[0]
        assert found == [found[0]] * 3

    @pytest.mark.parametrize("text", ["localhost:{0} 127.0.0.1:{0}", "{0}", "*:{0} [::1]:{0}"])
    def test_several_targets_share_the_slot(self, text: str) -> None:
        """A listener on both families has one queue."""
        need_ipv6()
        with situations.hung("::", backlog=5) as (port, _):
            diagnose(text.format(port), timeout=SHORT)
            assert queued(port) == 1

    def test_a_backlog_of_none_is_not_called_full_by_our_own(self) -> None:
        """What the first run left is the whole queue; the second run does not blame it."""
        with situations.hung("127.0.0.1", backlog=0) as (port, _):
            found = [ask("127.0.0.1", port, timeout=SHORT) for _ in range(2)]
            assert queued(port) == 1
        assert [each.attempts[0].outcome for each in found] == ["accepted", "skipped"]
        assert [each.attempts[0].taken for each in found] == [False, False]

    def test_others_that_wait_are_counted_without_ours(self) -> None:
        """No connection is made where others wait in vain."""
        with situations.hung("127.0.0.1") as (port, pid), clients(port, 3):
            report = diagnose(f"127.0.0.1:{port}", timeout=SHORT)
            assert queued(port) == 3
        (found,) = [each for each in report.findings if each.finding.code == "C320"]
        assert "3 connections wait" in found.match.message
        assert "stopped by a signal" in found.match.message
        assert f"kill -CONT {pid}" in [fix.command for fix in report.steps]
        assert report.probes[0].listeners[0].owners[0].state == "stopped"

    def test_connections_that_were_reset_wait_too(self) -> None:
        """They have no row any more, and still their place in the queue."""
        with situations.hung("127.0.0.1") as (port, _):
            with clients(port, 1) as (client,):
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            result = connects(port, "127.0.0.1")
            assert queued(port) == 1
        assert (result.attempts[0].outcome, result.attempts[0].taken) == ("skipped", False)

    @pytest.mark.parametrize("order", ["hung first", "hung last"])
    def test_of_two_that_share_the_port_the_hung_one_is_named(self, order: str) -> None:
        """The other one serves: it must be neither blamed nor stopped."""
        port = situations.free_port()

        def lengths() -> dict[int | None, int | None]:
            rows = netlink.sockets("tcp", 4, port, taking=True)
            return {row.inode: row.receive for row in rows}

        with ExitStack() as stack:
            if order == "hung last":
                stack.enter_context(situations.listening("127.0.0.1", port, reuse_port=True))
            others = set(lengths())
            _, pid = stack.enter_context(situations.hung("127.0.0.1", port, reuse_port=True))
            (inode,) = set(lengths()) - others
            if order == "hung first":
                stack.enter_context(situations.listening("127.0.0.1", port, reuse_port=True))
            for _ in range(200):  # the kernel chooses one of the two by the source port
                client = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
                if lengths()[inode]:
                    break
                client.close()
            report = diagnose(f"127.0.0.1:{port}", timeout=SHORT)
            waited = wait.look(
                situations.endpoint("127.0.0.1", port), wait.Wanted("open"), SHORT,
                machine.facts(), remote=False,
            )  # fmt: skip
            assert lengths()[inode] == 1
        (found,) = [each for each in report.findings if each.finding.code == "C320"]
        assert f"(pid {pid}) accepted none" in found.match.message
        assert "Another socket listens on the same address." in found.match.message
        (halted,) = [each for each in report.findings if each.finding.code == "O701"]
        commands = [fix.command for fix in halted.match.fix]
        assert f"kill {pid} && kill -CONT {pid}" in commands
        assert f"kill {os.getpid()}" not in commands
        assert waited.probe.listeners[0].owners[0].pid == pid

    def test_a_full_queue_is_asked_as_ever(self) -> None:
        """A connect adds nothing to it, and its silence is the proof."""
        with situations.backlog_full("127.0.0.1") as port:
            result = connects(port, "127.0.0.1")
        assert (result.attempts[0].outcome, result.attempts[0].taken) == ("timed-out", None)

    def test_a_listener_that_waits_for_data_is_asked(self) -> None:
        """With TCP_DEFER_ACCEPT a connection joins the queue with its first byte."""
        if sys.platform != "linux":
            missing("Linux")
        with situations.accepting("127.0.0.1") as (port, listener):
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 5)
            result = connects(port, "127.0.0.1")
            assert (result.attempts[0].outcome, result.attempts[0].taken) == ("accepted", None)
            hung = ask("127.0.0.1", port, timeout=SHORT)
            assert is_stuck(hung.attempts[0])  # the end of the first one has made it join


class TestHealthyProgram:
    """Its connections are taken, and it is asked as ever."""

    def test_its_connection_is_taken(self) -> None:
        """The row of the other end has a holder."""
        with situations.listening("127.0.0.1") as port:
            (attempt,) = connects(port, "127.0.0.1", timeout=PATIENCE).attempts
        assert (attempt.outcome, attempt.taken, attempt.watched) == ("accepted", True, None)

    def test_it_is_waited_for(self) -> None:
        """A program that is busy for a while takes the connection after it."""
        with situations.accepting("127.0.0.1") as (port, listener):
            seen = threading.Event()
            look = queues.taken
            taken_ = []

            def watched(opened: connect.Opened) -> bool | None:
                told = look(opened)
                if told is False:
                    seen.set()
                return told

            def late() -> None:
                assert seen.wait(PATIENCE)
                taken_.append(listener.accept()[0])

            thread = threading.Thread(target=late)
            thread.start()
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(queues, "taken", watched)
                (attempt,) = connects(port, "127.0.0.1", timeout=PATIENCE).attempts
            thread.join(PATIENCE)
            taken_[0].close()
        assert (attempt.outcome, attempt.taken) == ("accepted", True)

    def test_a_queue_that_drains_is_joined(self) -> None:
        """Others wait, and one of them is taken while that is watched."""
        with situations.accepting("127.0.0.1") as (port, listener), clients(port, 2):
            taking = threading.Event()
            held: list[socket.socket] = []

            def take() -> None:
                assert taking.wait(PATIENCE)
                held.extend(listener.accept()[0] for _ in range(3))

            thread = threading.Thread(target=take)
            thread.start()
            look = queues._queues

            def seen(*arguments: object) -> dict[str, Queue]:
                taking.set()
                return look(*arguments)  # type: ignore[arg-type]

            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(queues, "_queues", seen)
                (attempt,) = connects(port, "127.0.0.1", timeout=PATIENCE).attempts
            thread.join(PATIENCE)
            for each in held:
                each.close()
        assert (attempt.outcome, attempt.taken) == ("accepted", True)

    def test_both_addresses_of_one_listener_are_asked(self) -> None:
        """One after the other."""
        need_ipv6()
        with situations.listening("::") as port:
            result = connects(port, "127.0.0.1", "::1", timeout=PATIENCE)
        assert [each.taken for each in result.attempts] == [True, True]

    def test_a_server_that_one_of_ours_keeps_is_not_said_to_hang(self) -> None:
        """A process on both addresses takes one connection at a time; another does hang."""
        need_ipv6()
        port = situations.free_port()
        with situations.process(_ONE_AT_A_TIME, str(port)):
            result = connects(port, "127.0.0.1", "::1")
        assert sorted(each.taken is True for each in result.attempts) == [False, True]
        assert not any(each.taken is False for each in result.attempts)
        with situations.listening("127.0.0.1", port), situations.process(_HUNG, str(port)):
            result = connects(port, "127.0.0.1", "::1")
        assert [each.taken for each in result.attempts] == [True, False]

    def test_what_is_redirected_is_watched_at_its_other_end(self) -> None:
        """The program behind the redirection takes it, or does not."""
        port, to = situations.free_port(), situations.free_port()
        with situations.redirected(port, to), situations.listening("127.0.0.1", to):
            assert connects(port, "127.0.0.1", timeout=PATIENCE).attempts[0].taken is True

    def test_what_is_redirected_to_a_hung_program_has_one_slot_taken(self) -> None:
        """The port that was asked for has no listener: the former connection shows where it led."""
        port, to = situations.free_port(), situations.free_port()
        with situations.redirected(port, to), situations.hung("127.0.0.1", to):
            found = [ask("127.0.0.1", port, timeout=SHORT) for _ in range(3)]
            assert situations.queued(to) == 1
        assert [each.attempts[0].outcome for each in found] == ["accepted", "skipped", "skipped"]
        assert [each.attempts[0].taken for each in found] == [False] * 3


def redis(connection: socket.socket) -> None:
    """Answer as a Redis that wants a password."""
    while connection.recv(4096):
        connection.sendall(b"-NOAUTH Authentication required.\r\n")


def hang_up(connection: socket.socket) -> None:
    """Read what is asked, and close."""
    connection.recv(4096)


class TestPeers:
    """What a peer sees of one diagnosis, the connect test included."""

    @pytest.mark.parametrize(
        ("behave", "identify", "most", "behaviour"),
        [
            (silent, True, 3, "silent"),
            (hang_up, True, 6, "hangs-up"),
            (closing, True, 2, "closed"),
            (silent, False, 1, None),
            (hang_up, False, 1, None),
        ],
    )
    def test_the_connections_of_a_diagnosis_are_few(
        self,
        behave: Behave,
        identify: bool,
        most: int,
        behaviour: str | None,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """One that is silent, one that hangs up on every question, one that closes unasked."""
        if behave is closing:  # on a busy machine it closes late, and would be asked before
            monkeypatch.setattr(plan, "patience", lambda *_: 60.0)
        with peer(behave) as other:
            probe = investigate(situations.endpoint("127.0.0.1", other.port), identify=identify)
            seen = other.connections
        assert seen <= most
        assert (probe.identity.behaviour if probe.identity else None) == behaviour
        assert probe.attempts[0].outcome == "accepted"

    def test_one_connection_carries_test_greeting_and_question(self) -> None:
        """Also where the server speaks first."""
        for behave in (saying(b"SSH-2.0-x\r\n"), redis):
            with peer(behave) as other:
                endpoint = situations.endpoint("127.0.0.1", other.port)
                with pytest.MonkeyPatch.context() as patch:
                    patch.setitem(plan.SUGGESTED, other.port, "redis")
                    found = investigate(endpoint).identity
                assert other.connections == 1
            assert found is not None
            assert found.protocol in ("ssh", "redis")


QUEUES = [
    (Queue(1, frozenset("a")), Queue(1, frozenset("a")), False),
    (Queue(1, frozenset("a")), Queue(0, frozenset()), True),
    (Queue(1, frozenset("a")), Queue(1, frozenset("b")), True),
    (Queue(1, frozenset("a")), Queue(2, frozenset("ab")), False),
    (Queue(1, frozenset("a")), Queue(1, frozenset()), False),  # its client has reset it
    (Queue(2, frozenset("ab")), Queue(2, frozenset("b")), False),
    (Queue(2, frozenset("b")), Queue(1, frozenset("b")), True),  # one without a row was taken
    (Queue(2, frozenset("ab")), Queue(2, frozenset("c")), True),
]


@pytest.mark.parametrize(("before", "after", "expected"), QUEUES)
def test_a_queue_drains_where_something_was_taken(
    before: Queue, after: Queue, expected: bool
) -> None:
    """A connection that its client has reset loses its row, and not its place."""
    assert drains(before, after) is expected


@pytest.mark.parametrize(
    ("state", "inode", "expected"),
    [
        ("established", None, False),
        ("close-wait", None, False),
        ("established", 7, True),
        ("close-wait", 7, True),
        ("fin-wait-2", None, True),
        ("time-wait", None, True),
        ("syn-received", None, None),
    ],
)
def test_a_connection_is_taken_when_its_end_is_held(
    state: str, inode: int | None, expected: bool | None
) -> None:
    """Or when it was closed, which takes an accept() before."""
    assert taken(state, inode) is expected


def test_unknown_is_not_stuck() -> None:
    """Only what was watched is called so."""
    made = Attempt("127.0.0.1", "accepted", None, 1.0)
    assert not is_stuck(made)
    assert not is_stuck(made._replace(taken=True))
    assert is_stuck(made._replace(taken=False))
