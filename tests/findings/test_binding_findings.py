"""Group B: what a trial bind and the socket table tell together."""

from __future__ import annotations

import pytest
from findings.records import (
    NODE,
    PORT,
    PYTHON,
    TARGET,
    attempt,
    binding,
    codes,
    listener,
    machine,
    peer,
    probe,
    resolves,
    the,
)

from checks.findings.binding.port_reserved import in_ranges
from checks.model.evidence import Activation, Binding, Owner, Probe

REFUSED = attempt("refused")
IN_USE = binding("in-use", errno="EADDRINUSE", errno_reuse="EADDRINUSE")
LINGERS = binding("time-wait", errno="EADDRINUSE")
ROW = listener("127.0.0.1", PYTHON)

# Outcome of the trial bind, and the finding that says it.
OUTCOMES: list[tuple[Binding, str]] = [
    (binding("free"), "B401"),
    (IN_USE, "B402"),
    (binding("client-port", errno="EADDRINUSE", errno_reuse="EADDRINUSE"), "B402"),
    (binding("bound-not-listening", errno="EADDRINUSE"), "B403"),
    (LINGERS, "B404"),
    (binding("not-permitted", errno="EACCES", errno_reuse="EACCES"), "B405"),
    (binding("address-not-available", errno="EADDRNOTAVAIL"), "B406"),
    (binding("reserved", errno="EACCES"), "B407"),
]


@pytest.mark.parametrize(("trial", "code"), OUTCOMES, ids=[trial.outcome for trial, _ in OUTCOMES])
def test_outcome_yields_one_finding(trial: Binding, code: str) -> None:
    """Each outcome of bind() has its finding, and no second one."""
    found = codes(TARGET, probe(REFUSED, bindings=(trial,)), "B")
    assert found == [code]


@pytest.mark.parametrize("outcome", ["unsupported", "not-tried"])
def test_no_trial_no_finding(outcome: str) -> None:
    """Where bind() was not tried nothing is claimed."""
    assert codes(TARGET, probe(REFUSED, bindings=(binding(outcome),)), "B") == []


def test_both_addresses_in_one_sentence() -> None:
    """Localhost has two trials; alike they are told once."""
    trials = (binding("free"), binding("free", "::1"))
    message = the("B401", TARGET, probe(REFUSED, bindings=trials)).match.message
    assert message.startswith(f"{TARGET} and [::1]:{PORT} are free")


def test_trials_that_differ_are_two_findings() -> None:
    """Free on one family and taken on the other is what the reader must know."""
    trials = (IN_USE, binding("free", "::1"))
    found = codes(TARGET, probe(attempt("accepted"), listeners=(ROW,), bindings=trials), "B")
    assert found == ["B401", "B402"]


class TestInUse:
    """B402 names who has the port."""

    def test_names_the_listener_and_how_to_stop_it(self) -> None:
        """The owner, where it listens, and the command that ends it."""
        evidence = probe(attempt("accepted"), listeners=(ROW,), bindings=(IN_USE,))
        found = the("B402", TARGET, evidence).match
        assert f"{TARGET} is in use: python3 (pid 4242) listens there." in found.message
        assert "kill 4242" in [fix.command for fix in found.fix]
        assert f"bind {TARGET}: EADDRINUSE; with SO_REUSEADDR: EADDRINUSE" in found.evidence

    def test_wildcard_collides_with_any_of_its_family(self) -> None:
        """0.0.0.0 cannot be bound while 127.0.0.1 is taken."""
        evidence = probe(
            REFUSED,
            listeners=(ROW,),
            bindings=(binding("in-use", "0.0.0.0", "EADDRINUSE", "EADDRINUSE"),),
        )
        assert "python3" in the("B402", f"0.0.0.0:{PORT}", evidence).match.message

    def test_unseen_holder_is_said_to_be_unseen(self) -> None:
        """Not "nobody", when bind() says otherwise."""
        message = the("B402", TARGET, probe(REFUSED, bindings=(IN_USE,))).match.message
        assert "but the socket is not visible" in message

    def test_connection_holds_the_port(self) -> None:
        """An outgoing connection blocks it, and is named with both ends."""
        trial = binding("client-port", errno="EADDRINUSE", errno_reuse="EADDRINUSE")
        row = peer("established", TARGET, "127.0.0.1:5432", NODE)
        evidence = probe(REFUSED, others=(row,), bindings=(trial,))
        message = the("B402", TARGET, evidence).match.message
        assert f"({TARGET} to 127.0.0.1:5432) of node (pid 99)" in message


def test_bound_not_listening_names_the_owner_where_known() -> None:
    """Some systems show it, most do not."""
    trial = binding("bound-not-listening", errno="EADDRINUSE")
    seen = probe(REFUSED, others=(peer("bound", TARGET, None, PYTHON),), bindings=(trial,))
    assert the("B403", TARGET, seen).match.message.startswith("python3 (pid 4242) has bound")
    unseen = probe(REFUSED, bindings=(trial,))
    assert the("B403", TARGET, unseen).match.message.startswith("Some program has bound")


def test_what_accepts_does_listen() -> None:
    """Beside an accepted connection no report says that connections are refused."""
    trial = binding("bound-not-listening", errno="EADDRINUSE")
    assert codes(TARGET, probe(attempt("accepted"), bindings=(trial,)), "B") == []
    other = probe(attempt("accepted", "::1"), attempt("refused"), bindings=(trial,))
    assert codes(str(PORT), other, "B") == ["B403"]


def test_time_wait_is_no_process() -> None:
    """The row has no owner, and the remedy is an option, not a kill."""
    evidence = probe(REFUSED, others=(peer("time-wait"),), bindings=(LINGERS,))
    found = the("B404", TARGET, evidence).match
    assert "No process owns it" in found.message
    assert "with SO_REUSEADDR: succeeds" in found.evidence[0]
    assert not any("kill" in (fix.command or "") for fix in found.fix)


def test_not_permitted_names_the_limit_of_the_machine() -> None:
    """The kernel's limit is given where the port is below it."""
    low = binding("not-permitted", errno="EACCES", port=80)
    found = the("B405", "127.0.0.1:80", probe(REFUSED, bindings=(low,))).match
    assert "User ann may not listen on 127.0.0.1:80 (EACCES): ports below 1024" in found.message
    high = binding("not-permitted", errno="EACCES")
    assert "below" not in the("B405", TARGET, probe(REFUSED, bindings=(high,))).match.message


class TestReserved:
    """B407 means one thing on Linux and another on Windows."""

    def test_list_of_the_kernel(self) -> None:
        """On Linux the port stays free for those who name it."""
        at = machine(reserved_ports="8080,62890-62899")
        evidence = probe(REFUSED, bindings=(binding("free"),), at=at)
        assert codes(TARGET, evidence, "B") == ["B407", "B401"]
        assert "asks for it gets it" in the("B407", TARGET, evidence).match.message

    def test_excluded_range(self) -> None:
        """On Windows it cannot be bound at all."""
        at = machine("windows", ephemeral=(49152, 65535), unprivileged_start=None)
        evidence = probe(REFUSED, bindings=(binding("reserved", errno="EACCES"),), at=at)
        found = the("B407", TARGET, evidence).match
        assert "cannot be bound" in found.message
        assert [fix.os for fix in found.fix] == ["windows"]

    @pytest.mark.parametrize("text", ["", "62892", "62894-62899", "x", "62893-", "-", "9-99999999"])
    def test_other_ports_are_not_on_the_list(self, text: str) -> None:
        """Only a whole entry of the list counts, and no text breaks the reader."""
        expected = text == "62893-"
        assert in_ranges(PORT, text) is expected


class TestShared:
    """B408 names all who can take a connection."""

    workers = (
        Owner(10, "nginx", None, "root", None, main=True),
        Owner(11, "nginx", None, "www", None),
        Owner(12, "nginx", None, "www", None),
    )

    def test_prefork(self) -> None:
        """One socket, several processes, the main one marked."""
        row = listener("127.0.0.1", self.workers[1], self.workers[2], self.workers[0])
        found = the("B408", TARGET, probe(attempt("accepted"), listeners=(row,))).match
        assert "one socket, held by nginx (pids 10, 11 and 12); the main process is 10" in (
            found.message
        )

    def test_reuseport(self) -> None:
        """Several sockets on one address."""
        rows = (listener("127.0.0.1", PYTHON), listener("127.0.0.1", NODE))
        found = the("B408", TARGET, probe(attempt("accepted"), listeners=rows)).match
        assert "2 sockets, held by python3 (pid 4242) and node (pid 99)" in found.message

    def test_the_one_that_serves_is_not_stopped_beside_one_that_hangs(self) -> None:
        """Which of two programs takes no connections is told elsewhere."""
        rows = (listener("127.0.0.1", PYTHON), listener("127.0.0.1", NODE))
        waits = attempt("accepted")._replace(taken=False, watched=1000.0)
        for met, stops in ((attempt("accepted"), 2), (waits, 0)):
            found = the("B408", TARGET, probe(met, listeners=rows)).match
            assert sum((fix.command or "").startswith("kill ") for fix in found.fix) == stops

    def test_many_workers_are_counted(self) -> None:
        """A hundred pids do not fill the screen."""
        owners = tuple(Owner(pid, "uwsgi", None, None, None) for pid in range(1, 101))
        found = the("B408", TARGET, probe(listeners=(listener("127.0.0.1", *owners),))).match
        assert "1, 2, 3, 4, 5 and 95 more" in found.message

    @pytest.mark.parametrize(
        "evidence",
        [
            probe(attempt("accepted"), listeners=(ROW,)),
            probe(listeners=(ROW, listener("::1", PYTHON))),
            probe(listeners=(ROW, listener("127.0.0.1", PYTHON, protocol="udp"))),
            probe(attempt("accepted"), listeners=(listener("127.0.0.1"),)),
        ],
        ids=["one owner", "two addresses", "two protocols", "hidden owner"],
    )
    def test_near_misses(self, evidence: Probe) -> None:
        """One socket for each address is not shared."""
        assert "B408" not in codes(TARGET, evidence)


class TestAddressNotAvailable:
    """B406 is for an address that was asked for, not for one that came along."""

    gone = binding("address-not-available", "::1", "EADDRNOTAVAIL", "EADDRNOTAVAIL")
    answering = (attempt("accepted"), attempt("address-not-available", "::1"))

    @pytest.mark.parametrize("text", [f"localhost:{PORT}", str(PORT), f"*:{PORT}"])
    def test_missing_ipv6_is_no_fault_of_a_service_that_answers(self, text: str) -> None:
        """Where IPv6 is off, ::1 is missing, and the service on 127.0.0.1 is well."""
        evidence = probe(
            *self.answering,
            listeners=(ROW,),
            bindings=(IN_USE, self.gone),
            resolution=resolves("127.0.0.1") if "l" in text else None,
        )
        assert codes(text, evidence, "B") == ["B402"]

    def test_missing_ipv6_is_not_in_the_way_of_a_free_port(self) -> None:
        """A program can listen on 127.0.0.1, and that is what is told."""
        evidence = probe(
            REFUSED,
            attempt("address-not-available", "::1"),
            bindings=(binding("free"), self.gone),
        )
        assert codes(str(PORT), evidence, "B") == ["B401"]

    def test_the_very_address_that_was_written(self) -> None:
        """Who writes [::1] learns that it is not there."""
        evidence = probe(attempt("address-not-available", "::1"), bindings=(self.gone,))
        assert the("B406", f"[::1]:{PORT}", evidence).severity == "error"


def test_process_1_is_never_killed() -> None:
    """Where systemd listens for a socket unit there is something better to do."""
    row = listener("127.0.0.1", Owner(1, "systemd", None, "root", None))
    evidence = probe(attempt("accepted"), listeners=(row,), bindings=(IN_USE,))
    commands = [fix.command for fix in the("B402", TARGET, evidence).match.fix]
    assert "kill 1" not in commands
    assert "systemctl list-sockets" in commands
    named = row._replace(activation=Activation("systemd", "ssh.socket", "ssh@.service"))
    evidence = probe(attempt("accepted"), listeners=(named,), bindings=(IN_USE,))
    commands = [fix.command for fix in the("B402", TARGET, evidence).match.fix]
    assert "sudo systemctl stop ssh.socket" in commands
    assert "kill 1" not in commands


def test_holder_elsewhere_is_told_with_its_place() -> None:
    """Where the bound address is another than the one asked, both are said."""
    row = listener("0.0.0.0", PYTHON, NODE)
    evidence = probe(attempt("accepted"), listeners=(row,), bindings=(IN_USE,))
    message = the("B402", TARGET, evidence).match.message
    assert f"python3 (pid 4242 and 1 more process) listens on 0.0.0.0:{PORT}." in message


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ("exclusive", "in use by a socket with exclusive use of it"),
        ("denied", "or Windows reserves the port."),
        ("unseen", "but the socket is not visible."),
    ],
)
def test_a_holder_without_a_row_is_told_by_how_the_bind_failed(reason: str, says: str) -> None:
    """B402 on Windows: WSAEACCES is an exclusive socket, where no excluded range has the port."""
    trial = binding("in-use", errno="EACCES", errno_reuse="EACCES")._replace(reason=reason)
    evidence = probe(REFUSED, bindings=(trial,), at=machine("windows"))
    assert says in the("B402", TARGET, evidence).match.message


def test_time_wait_on_windows_is_not_cured_by_an_option_that_takes_ports() -> None:
    """B404: SO_REUSEADDR there lets a program take a port that another one has."""
    evidence = probe(
        REFUSED, others=(peer("time-wait"),), bindings=(LINGERS,), at=machine("windows")
    )
    found = the("B404", TARGET, evidence).match
    assert "without SO_EXCLUSIVEADDRUSE only" in found.message
    assert not any("SO_REUSEADDR" in fix.text for fix in found.fix)


def test_two_programs_share_a_port_of_windows() -> None:
    """B408: its table has one row for both, and no rule which of them gets a connection."""
    row = listener("0.0.0.0", NODE, PYTHON)
    for system, says in (("windows", "does not define which of them"), ("linux", "one socket")):
        evidence = probe(attempt("accepted"), listeners=(row,), at=machine(system))
        assert says in the("B408", TARGET, evidence).match.message
