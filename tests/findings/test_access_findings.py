"""E505, E506, C314 and C315: no password, relays, and connections without a word."""

from __future__ import annotations

import pytest
from findings.records import (
    NODE,
    PORT,
    PYTHON,
    TARGET,
    attempt,
    codes,
    listener,
    machine,
    probe,
    speaks,
    the,
)

from checks.findings import verdict
from checks.model.evidence import Identity, Listener, Owner, Probe, Relay
from checks.text import classify

ACCEPTED = attempt("accepted")
LOOPBACK = (listener("127.0.0.1", PYTHON),)
OPEN = speaks("redis", "Redis", "7.0.15", authentication="none")
PROXY = Owner(7, "docker-proxy", "/usr/bin/docker-proxy -proto tcp", "root", None)
DOCKER = Relay("docker-proxy", "a published port of a Docker container", "172.17.0.2:80", 7)


def met(identity: Identity | None, *rows: Listener, relay: Relay | None = None) -> Probe:
    """An endpoint that accepted, and what spoke there."""
    return probe(ACCEPTED, listeners=rows, identity=identity, relay=relay)


class TestWithoutPassword:
    """E505 applies where something was read without credentials."""

    @pytest.mark.parametrize("authentication", ["required", None])
    def test_where_a_login_is_asked_for_or_unknown(self, authentication: str | None) -> None:
        """Not knowing is no accusation."""
        identity = speaks("redis", "Redis", authentication=authentication)
        assert "E505" not in codes(TARGET, met(identity, *LOOPBACK))

    REACH: tuple[tuple[str, tuple[Listener, ...], str], ...] = (
        ("loopback", LOOPBACK, "notice"),
        ("all", (listener("0.0.0.0", PYTHON),), "error"),
        ("network too", (*LOOPBACK, listener("192.168.1.5", PYTHON)), "error"),
        ("another program outside", (*LOOPBACK, listener("192.168.1.5", NODE)), "notice"),
        ("UDP outside", (*LOOPBACK, listener("0.0.0.0", PYTHON, protocol="udp")), "notice"),
        ("hidden owners", (listener("127.0.0.1"), listener("192.168.1.5")), "notice"),
        ("no row", (), "notice"),
    )

    @pytest.mark.parametrize(("_", "rows", "severity"), REACH, ids=[one[0] for one in REACH])
    def test_severity_follows_reach(
        self, _: str, rows: tuple[Listener, ...], severity: str
    ) -> None:
        """A notice for this machine's own, an error for what others reach."""
        assert the("E505", TARGET, met(OPEN, *rows)).severity == severity

    def test_network_address_without_a_row_is_open(self) -> None:
        """A NAT rule answers on an address of the network."""
        evidence = probe(attempt("accepted", "192.168.1.5"), identity=OPEN)
        assert the("E505", f"192.168.1.5:{PORT}", evidence).severity == "error"

    def test_other_machine_is_open(self) -> None:
        """It was reached over the network."""
        evidence = probe(attempt("accepted", "192.0.2.9"), identity=OPEN)
        found = the("E505", f"192.0.2.9:{PORT}", evidence)
        assert found.severity == "error"
        assert "another machine" in found.match.message

    def test_rules_that_cannot_be_seen_are_not_claimed_away(self) -> None:
        """The question was asked from here."""
        message = the("E505", TARGET, met(OPEN, listener("0.0.0.0", PYTHON))).match.message
        assert message == (
            f"Redis 7.0.15 on {TARGET} answers without a password. It listens on every"
            " address of this machine: other machines can connect too, unless a firewall or a rule"
            " of the service stops them."
        )

    def test_debuggers_are_left_to_their_own_finding(self) -> None:
        """One fact, one finding."""
        identity = speaks("http", "Chrome DevTools", "1", "debug-interface", authentication="none")
        found = codes(TARGET, met(identity, *LOOPBACK))
        assert "S605" in found
        assert "E505" not in found

    @pytest.mark.parametrize(
        ("identity", "word"),
        [
            (OPEN, "requirepass"),
            (speaks("mongodb", "MongoDB", authentication="none"), "security.authorization"),
            (speaks("http", "Elasticsearch", authentication="none"), "xpack.security.enabled"),
            (speaks("http", "Docker", authentication="none"), "--tlsverify"),
            (speaks("mqtt", None, authentication="none"), "allow_anonymous"),
            (speaks("http", "mystery", authentication="none"), "own configuration"),
        ],
    )
    def test_advice_names_the_setting(self, identity: Identity, word: str) -> None:
        """By product, else by protocol, else in general."""
        assert word in the("E505", TARGET, met(identity, *LOOPBACK)).match.fix[0].text


class TestRelay:
    """E506 applies where the probe recognised a relay."""

    def test_relay_is_named_with_its_target(self) -> None:
        """The owner of the port is not the service."""
        evidence = met(None, listener("0.0.0.0", PROXY), relay=DOCKER)
        assert the("E506", TARGET, evidence).match.message == (
            f"Port {PORT} is a published port of a Docker container: docker-proxy (pid 7) passes"
            " connections on to 172.17.0.2:80."
        )

    def test_target_of_ssh_is_seen_from_its_other_end(self) -> None:
        """localhost over there is not localhost here."""
        relay = Relay("ssh", "an ssh forward (-L) through db", "localhost:5432", PYTHON.pid)
        message = the("E506", TARGET, met(None, *LOOPBACK, relay=relay)).match.message
        assert message.endswith("to localhost:5432 as the other end of ssh sees it.")

    def test_nothing_is_invented_without_a_target(self) -> None:
        """A forward whose target is not known has none."""
        relay = Relay("other", "a relay of socat", None, None)
        message = the("E506", TARGET, met(None, *LOOPBACK, relay=relay)).match.message
        assert message == f"Port {PORT} is a relay of socat."

    def test_relay_on_another_address_is_none_here(self) -> None:
        """The port has a relay on the network and a service of its own on loopback."""
        rows = (listener("127.0.0.1", PYTHON), listener("192.168.1.5", PROXY))
        evidence = met(CLOSED, *rows, relay=DOCKER)
        assert "E506" not in codes(TARGET, evidence)
        assert "relay" not in the("C314", TARGET, evidence).match.message
        assert "passes" not in verdict(classify(TARGET), {0: evidence})

    def test_ordinary_listener_is_no_relay(self) -> None:
        """A service of its own has no such finding."""
        assert "E506" not in codes(TARGET, met(OPEN, *LOOPBACK))

    @pytest.mark.parametrize(
        ("identity", "rows", "words"),
        [
            (
                speaks("http", "nginx", "1.25"),
                (listener("127.0.0.1", PROXY),),
                f"{TARGET} answers: docker-proxy (pid 7) listens there and passes connections on to"
                " 172.17.0.2:80, where HTTP (nginx 1.25) is spoken; only this machine can reach"
                " it.",
            ),
            (
                None,
                (listener("127.0.0.1", PROXY),),
                f"{TARGET} answers: docker-proxy (pid 7) listens there and passes connections on to"
                " 172.17.0.2:80; only this machine can reach it.",
            ),
            (
                speaks("http", "nginx", "1.25"),
                (),
                f"{TARGET} answers and speaks HTTP (nginx 1.25): it is a published port of a Docker"
                " container.",
            ),
        ],
    )
    def test_verdict_goes_on_to_the_target(
        self, identity: Identity | None, rows: tuple[Listener, ...], words: str
    ) -> None:
        """The sentence follows the connection to where it ends."""
        assert verdict(classify(TARGET), {0: met(identity, *rows, relay=DOCKER)}) == words


CLOSED = speaks(None, behaviour="closed")
SILENT = speaks(None, behaviour="silent")
ENDS = speaks(None, behaviour="hangs-up")


class TestWithoutAWord:
    """C314 and C315 stand beside C301, which stays."""

    @pytest.mark.parametrize(
        ("behaviour", "expected"),
        [
            ("closed", ["C314", "C301"]),
            ("reset", ["C314", "C301"]),
            ("silent", ["C301", "C315"]),
            ("hangs-up", ["C301", "C315"]),
            ("answered", ["C301"]),
            ("spoke-first", ["C301"]),
            ("refused", ["C301"]),
        ],
    )
    def test_behaviour_of_the_unrecognised(self, behaviour: str, expected: list[str]) -> None:
        """Only what was met is said, and the endpoint stays open."""
        evidence = met(speaks(None, behaviour=behaviour), *LOOPBACK)
        assert codes(TARGET, evidence, "C") == expected

    @pytest.mark.parametrize("behaviour", ["closed", "silent"])
    def test_recognised_service_is_neither(self, behaviour: str) -> None:
        """A service that closed on one question and answered another is a service."""
        evidence = met(speaks("redis", behaviour=behaviour), *LOOPBACK)
        assert codes(TARGET, evidence, "C") == ["C301"]

    def test_relay_that_closes_points_behind_it(self) -> None:
        """docker-proxy accepts before it knows whether the container does."""
        evidence = met(CLOSED, listener("127.0.0.1", PROXY), relay=DOCKER)
        message = the("C314", TARGET, evidence).match.message
        assert "the service on 172.17.0.2:80 probably does not accept the connection" in message

    @pytest.mark.parametrize(("queue", "words"), [(0, False), (1, True), (None, False)])
    def test_waiting_connections_hint_at_a_program_that_hangs(
        self, queue: int | None, words: bool
    ) -> None:
        """The kernel accepts for a program that does not."""
        row = listener("127.0.0.1", PYTHON, queue=queue)
        message = the("C315", TARGET, met(SILENT, row)).match.message
        assert ("it may hang" in message) == words

    @pytest.mark.parametrize(
        ("identity", "words"),
        [
            (
                CLOSED,
                f"{TARGET} accepts connections but closes them at once: python3 (pid 4242) listens"
                " there, and only this machine can reach it.",
            ),
            (
                ENDS,
                f"{TARGET} accepts connections but closes them after any request: python3"
                " (pid 4242) listens there, and only this machine can reach it.",
            ),
            (
                SILENT,
                f"{TARGET} accepts connections but sends nothing: python3 (pid 4242) listens there,"
                " and only this machine can reach it.",
            ),
        ],
    )
    def test_verdict_does_not_call_it_an_answer(self, identity: Identity, words: str) -> None:
        """To accept is not to answer."""
        assert verdict(classify(TARGET), {0: met(identity, *LOOPBACK)}) == words

    def test_a_peer_that_hangs_up_is_not_called_silent(self) -> None:
        """It ended each connection, and it is said on how many."""
        message = the("C315", TARGET, met(ENDS, *LOOPBACK)).match.message
        assert "but closes them after any request, without an answer" in message

    def test_severity_for_who_wants_to_listen(self) -> None:
        """For "address in use" it does not matter what the holder says."""
        found = the("C314", f"bind to {TARGET}: EADDRINUSE", met(CLOSED, *LOOPBACK))
        assert found.severity == "info"


def test_advice_is_for_the_machine_that_was_asked() -> None:
    """No macOS command on Linux."""
    evidence = probe(
        ACCEPTED, listeners=LOOPBACK, identity=CLOSED, at=machine("linux", privileged=True)
    )
    assert {fix.os for fix in the("C314", TARGET, evidence).match.fix} <= {None, "linux"}
