"""Connects on real sockets, and the reading of what came back."""

from __future__ import annotations

import errno
import os
import resource
import select
import socket
import struct
import sys

import pytest
import situations
from hypothesis import given
from hypothesis import strategies as st
from needs import need_ipv6
from situations import SHORT, free_port

from checks.model.evidence import Attempt, Icmp
from checks.probe.ask import connect, icmp
from checks.probe.targets import Target
from checks.rules import connects

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")


def target(address: str, port: int, *, local: bool = True, skip: str | None = None) -> Target:
    """A target as the probe makes it."""
    version = 6 if ":" in address else 4
    return Target(address, version, port, 0, local, address, None, skip)


class TestAttempt:
    """What one call gives."""

    def test_keeps_the_order_of_the_targets(self) -> None:
        """Attempts come in the targets' order, whichever answered first."""
        with (
            situations.listening("127.0.0.1") as port,
            situations.backlog_full("127.0.0.1") as full,
        ):
            found = connect.attempt(
                [
                    target("127.0.0.1", full),
                    target("127.0.0.1", port),
                    target("127.0.0.1", 9, skip="because"),
                    target("127.0.0.1", free_port()),
                ],
                SHORT,
            )
        outcomes = [each.outcome for each in found.attempts]
        assert outcomes == ["timed-out", "accepted", "skipped", "refused"]
        assert [each.attempts for each in found.attempts] == [2, 1, 0, 1]
        assert found.attempts[2].detail == "because"
        assert len(found.sources) == 1

    def test_believes_no_first_timeout(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where the queue has room again at the second attempt, the answer is that one."""
        real = connect._round
        keep: list[socket.socket] = []
        with situations.backlog_full("127.0.0.1", keep) as port:

            def drain(targets: list[Target], timeout: float) -> list[connect._Connection]:
                done = real(targets, timeout)
                if keep:
                    keep.pop().accept()[0].close()
                return done

            monkeypatch.setattr(connect, "_round", drain)
            (attempt,) = connect.attempt([target("127.0.0.1", port)], SHORT).attempts
        assert (attempt.outcome, attempt.attempts) == ("accepted", 2)

    def test_ends_its_connection_politely(self) -> None:
        """The server reads the end of the stream, no reset."""
        with situations.accepting("127.0.0.1") as (port, listener):
            connect.attempt([target("127.0.0.1", port)], 5.0)
            server, _ = listener.accept()
            with server:
                assert server.recv(1) == b""
                assert server.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0

    def test_reports_its_own_end(self) -> None:
        """The source that is reported is the one that the server sees."""
        with situations.accepting("127.0.0.1") as (port, listener):
            found = connect.attempt([target("127.0.0.1", port)], 5.0)
            server, (address, source) = listener.accept()
            server.close()
        assert found.sources == {f"{address}:{source}"}

    def test_an_ipv4_mapped_source_is_written_as_ipv4(self) -> None:
        """Our own end is written as the socket table writes it."""
        with situations.listening("127.0.0.1") as port:
            found = connect.attempt([target("::ffff:127.0.0.1", port)], 5.0)
        assert next(iter(found.sources)).startswith("127.0.0.1:")

    def test_without_descriptors_nothing_is_asked(self) -> None:
        """Where no socket can be opened the attempt says that, not "refused"."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        lowest = os.open("/dev/null", os.O_RDONLY)
        os.close(lowest)
        resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, hard))
        try:
            (attempt,) = connect.attempt([target("127.0.0.1", 9)], 5.0).attempts
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        assert (attempt.outcome, attempt.errno) == ("skipped", "EMFILE")

    def test_without_targets_there_is_no_attempt(self) -> None:
        """Nothing asked, nothing answered."""
        assert connect.attempt([], 1.0) == ((), frozenset())

    def test_waits_with_select_where_there_is_no_poll(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Windows has no poll(); the outcomes are the same."""
        monkeypatch.delattr(select, "poll")
        with (
            situations.listening("127.0.0.1") as port,
            situations.backlog_full("127.0.0.1") as full,
        ):
            ports = (port, free_port(), full)
            found = connect.attempt([target("127.0.0.1", each) for each in ports], SHORT)
        assert [each.outcome for each in found.attempts] == ["accepted", "refused", "timed-out"]


class TestErrno:
    """Outcomes of errnos that a test machine does not give."""

    @pytest.mark.parametrize(
        ("code", "outcome"),
        [
            (errno.ECONNREFUSED, "refused"),
            (errno.ECONNRESET, "reset"),
            (errno.ECONNABORTED, "reset"),
            (errno.ETIMEDOUT, "timed-out"),
            (errno.EACCES, "rejected"),
            (errno.EPERM, "rejected"),
            (errno.EHOSTUNREACH, "unreachable"),
            (errno.ENETUNREACH, "unreachable"),
            (errno.EHOSTDOWN, "unreachable"),
            (errno.ENETDOWN, "unreachable"),
            (errno.EINVAL, "unreachable"),
            (errno.EADDRNOTAVAIL, "address-not-available"),
            (errno.EAFNOSUPPORT, "unsupported"),
            (errno.EMFILE, "skipped"),
        ],
    )
    def test_outcomes(self, code: int, outcome: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """Each errno of connect() has its outcome, and is named."""
        monkeypatch.setattr(socket.socket, "connect_ex", lambda *_: code)
        (attempt,) = connect.attempt([target("127.0.0.1", 9)], SHORT).attempts
        assert (attempt.outcome, attempt.errno) == (outcome, errno.errorcode[code])

    def test_symbols_are_the_same_on_windows(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """WSAECONNREFUSED is written as ECONNREFUSED; an unknown number stays one."""
        monkeypatch.setitem(errno.errorcode, 10061, "WSAECONNREFUSED")
        assert connect.symbol_of(10061) == "ECONNREFUSED"
        assert connect.symbol_of(99999) == "E99999"


class TestRoutes:
    """The routing table's own word."""

    @pytest.mark.parametrize(
        ("kind", "outcome", "symbol"),
        [
            ("prohibit", "rejected", "EACCES"),
            ("unreachable", "unreachable", "EHOSTUNREACH"),
            ("blackhole", "unreachable", "EINVAL"),
        ],
    )
    def test_kinds(self, kind: str, outcome: str, symbol: str) -> None:
        """A prohibited route is a rule, an unreachable one is none."""
        with situations.own_network():
            situations.route(kind, "192.0.2.7/32")
            (attempt,) = connect.attempt([target("192.0.2.7", 9, local=False)], 5.0).attempts
        assert (attempt.outcome, attempt.errno) == (outcome, symbol)


class TestIcmp:
    """The error behind the errno."""

    @staticmethod
    def error(origin: int, kind: int, code: int, sender: bytes = b"") -> bytes:
        """A sock_extended_err with the sender's address."""
        return struct.pack("=IBBBxII", errno.EHOSTUNREACH, origin, kind, code, 0, 0) + sender

    @pytest.mark.parametrize(
        ("origin", "kind", "code", "by_rule", "text"),
        [
            (2, 3, 13, True, "ICMP type 3 code 13"),
            (2, 3, 3, True, "ICMP type 3 code 3"),
            (2, 3, 1, False, "ICMP type 3 code 1"),
            (2, 11, 0, False, "ICMP type 11 code 0"),
            (3, 1, 1, True, "ICMPv6 type 1 code 1"),
            (3, 1, 0, False, "ICMPv6 type 1 code 0"),
            (3, 3, 0, False, "ICMPv6 type 3 code 0"),
        ],
    )
    def test_a_rule_is_told_from_a_route(
        self, origin: int, kind: int, code: int, by_rule: bool, text: str
    ) -> None:
        """Only "prohibited" and TCP's "port unreachable" are a rule's words."""
        heard = icmp.parse(self.error(origin, kind, code))
        assert heard is not None
        assert heard.errno == errno.EHOSTUNREACH
        assert (connects.is_by_rule(heard.icmp), connects.words(heard.icmp)) == (by_rule, text)

    def test_names_its_sender(self) -> None:
        """The router or host that sent it is part of the evidence."""
        four = struct.pack("=H2x4s8x", socket.AF_INET, bytes([192, 0, 2, 1]))
        six = struct.pack("=H6x16s4x", socket.AF_INET6, bytes(15) + b"\1")
        assert icmp.parse(self.error(2, 3, 1, four)) == (
            errno.EHOSTUNREACH, Icmp(4, 3, 1, "192.0.2.1")
        )  # fmt: skip
        assert icmp.parse(self.error(3, 1, 0, six)) == (
            errno.EHOSTUNREACH, Icmp(6, 1, 0, "::1")
        )  # fmt: skip
        assert connects.words(Icmp(6, 1, 0, "::1")) == "ICMPv6 type 1 code 0 from ::1"

    def test_other_origins_are_not_icmp(self) -> None:
        """An error that this machine raised itself is no ICMP message."""
        assert icmp.parse(self.error(1, 3, 1)) is None

    @given(st.binary(max_size=64))
    def test_garbage_is_none_or_an_error(self, data: bytes) -> None:
        """No bytes raise."""
        found = icmp.parse(data)
        assert found is None or found.icmp.version in (4, 6)

    def test_a_plain_refusal_has_none(self) -> None:
        """A RST leaves no ICMP error behind."""
        with socket.socket() as client:
            icmp.ask(client, 4)
            with pytest.raises(ConnectionRefusedError):
                client.connect(("127.0.0.1", free_port()))
            assert icmp.taken(client) is None


ASKED = 32001
"""A port after those of other listeners, as the table has them on many kernels."""

CLOSED = [(), ("client",), ("server",), ("client", "server"), ("server", "client")]
"""Ends of another connection, as they are closed one after the other."""


class TestArrival:
    """Where a connection ends, by the kernel's table, while it is open."""

    def one(self, address: str, port: int) -> Attempt:
        """The attempt on one address."""
        (made,) = connect.attempt([target(address, port)], 5.0).attempts
        return made

    @pytest.mark.parametrize("bound", ["127.0.0.1", "0.0.0.0", "::"])
    def test_at_the_port_that_was_asked(self, bound: str) -> None:
        """Also where the listener is an IPv6 socket that takes IPv4, and has not accepted yet."""
        if bound == "::":
            need_ipv6()
        with situations.listening(bound) as port:
            made = self.one("127.0.0.1", port)
        assert (made.outcome, made.arrived) == ("accepted", f"127.0.0.1:{port}")

    def test_by_ipv6(self) -> None:
        """The same on ::1."""
        need_ipv6()
        with situations.listening("::1") as port:
            assert self.one("::1", port).arrived == f"[::1]:{port}"

    def test_at_another_port_by_a_nat_rule(self) -> None:
        """Redirected past the listener."""
        with (
            situations.redirected(2001, 2002),
            situations.listening("127.0.0.1", 2001),
            situations.listening("127.0.0.1", 2002),
        ):
            assert self.one("127.0.0.1", 2001).arrived == "127.0.0.1:2002"

    @pytest.mark.parametrize("closed", CLOSED)
    def test_another_connection_from_our_port_is_not_ours(self, closed: tuple[str, ...]) -> None:
        """One source port serves connections to many ports, and a TIME_WAIT outlives its own."""
        with (
            situations.own_network(),
            situations.one_source_port(*closed) as ours,
            situations.listening("127.0.0.1", ASKED),
        ):
            made = connect.attempt([target("127.0.0.1", ASKED)], 5.0)
        assert made.sources == {ours}
        assert made.attempts[0].arrived == f"127.0.0.1:{ASKED}"

    @pytest.mark.parametrize("closed", CLOSED)
    def test_nor_is_it_taken_for_what_a_nat_rule_leads_to(self, closed: tuple[str, ...]) -> None:
        """Nobody's other end is at the port that was asked for, here."""
        with (
            situations.redirected(ASKED, ASKED + 1),
            situations.one_source_port(*closed) as ours,
            situations.listening("127.0.0.1", ASKED + 1),
        ):
            made = connect.attempt([target("127.0.0.1", ASKED)], 5.0)
        assert made.sources == {ours}
        assert made.attempts[0].arrived == f"127.0.0.1:{ASKED + 1}"

    def test_a_refused_one_arrives_nowhere(self) -> None:
        """There is no other end."""
        assert self.one("127.0.0.1", situations.free_port()).arrived is None
