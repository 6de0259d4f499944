"""Group O: the program that listens, and its near misses."""

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
    probe,
    speaks,
    the,
)

from checks.findings import verdict
from checks.model.evidence import (
    Activation,
    Attempt,
    Listener,
    Owner,
    Probe,
    Restarts,
    Supervisor,
    Unit,
)
from checks.report import conclude
from checks.report.selection import more
from checks.text import classify

STOPPED = PYTHON._replace(state="stopped")
TAKEN = attempt("accepted")._replace(taken=True)
NOT_TAKEN = attempt("accepted")._replace(taken=False, watched=1000.0)
SLEEP = Owner(7, "sleep", "sleep 60", "ann", None)
SERVICE = SLEEP._replace(parent=1, managed_by=Unit("systemd", "app.service"))
INETD = Activation("systemd", "app.socket", "app.service")


def gone(how: str) -> Owner:
    """A server whose working directory went away."""
    return PYTHON._replace(directory="/srv/site (deleted)", directory_was=how)


def holding(descriptors: int) -> Owner:
    """A server that may have 16 descriptors."""
    return PYTHON._replace(descriptors=descriptors, descriptor_limit=16)


def said(evidence: Probe, text: str = TARGET) -> str:
    """The verdict on what was asked."""
    return verdict(classify(text), {0: evidence})


def page(evidence: Probe, text: str = TARGET) -> str:
    """The code of the finding that "More" leads to."""
    finding = more(conclude(classify(text), {0: evidence}))
    return finding.code if finding else ""


def on(*rows: Listener, met: Attempt = NOT_TAKEN) -> Probe:
    """What became of a connection, with the listeners of the port."""
    return probe(met, listeners=rows)


def test_every_verdict_of_the_group_has_short_sentences() -> None:
    """A reader in a hurry takes at most 25 words at once."""
    for evidence in EVIDENCE.values():
        for sentence in said(evidence).split(". "):
            assert len(sentence.split()) <= 25, sentence


class TestStopped:
    """O701: a process that runs no code."""

    def test_is_the_verdict_with_what_wakes_it(self) -> None:
        """Also where its queue has room; and "More" leads to its page."""
        evidence = on(listener("127.0.0.1", STOPPED))
        assert "is stopped (SIGSTOP or Ctrl-Z)" in said(evidence)
        assert page(evidence) == "O701"
        report = conclude(classify(TARGET), {0: evidence})
        assert report.severity == "error"
        assert next(step.command for step in report.steps) == "kill -CONT 4242"

    def test_is_said_where_no_connection_was_made(self) -> None:
        """A listener that a connection would use up has its owner's state all the same."""
        spared = attempt("skipped", reason="single-use")
        assert "O701" in codes(TARGET, on(listener("127.0.0.1", STOPPED), met=spared))

    @pytest.mark.parametrize(
        ("owners", "met"),
        [
            ((STOPPED,), TAKEN),  # what took it is not seen
            ((STOPPED._replace(main=True), NODE), TAKEN),  # a worker takes them
            ((STOPPED._replace(main=True), NODE), NOT_TAKEN),  # a worker hangs
            ((PYTHON,), NOT_TAKEN),
        ],
    )
    def test_is_not_where_another_process_runs(
        self, owners: tuple[Owner, ...], met: Attempt
    ) -> None:
        """Every process that holds the listener has to be stopped."""
        assert "O701" not in codes(TARGET, on(listener("127.0.0.1", *owners), met=met))

    def test_one_of_two_sockets_on_an_address(self) -> None:
        """The system gives each connection to one of them, so some of them hang."""
        rows = (listener("127.0.0.1", NODE), listener("127.0.0.1", STOPPED))
        evidence = on(*rows, met=TAKEN)
        assert said(evidence).startswith("python3 (pid 4242) listens on")
        assert "Another socket listens on the same address" in said(evidence)

    def test_a_listener_on_another_address_is_another_matter(self) -> None:
        """The more specific one answers; the stopped one gets none of these."""
        rows = (listener("0.0.0.0", STOPPED), listener("127.0.0.1", NODE))
        assert "O701" not in codes(TARGET, on(*rows, met=TAKEN))
        refused = on(listener("::1", STOPPED), met=attempt("refused"))
        assert "O701" not in codes(TARGET, refused)

    def test_a_debugger_has_to_let_it_run_on(self) -> None:
        """SIGCONT does not end a breakpoint."""
        traced = on(listener("127.0.0.1", PYTHON._replace(state="traced")))
        assert "a debugger holds it" in said(traced)
        assert "kill -CONT 4242" not in [f.command for f in the("O701", TARGET, traced).match.fix]

    def test_a_moment_in_strace_is_no_stop(self) -> None:
        """Each system call stops a traced process; it takes connections all the same."""
        traced = listener("127.0.0.1", PYTHON._replace(state="traced"))
        assert "O701" not in codes(TARGET, on(traced, met=TAKEN))
        assert "O701" not in codes(TARGET, on(traced, listener("127.0.0.1", NODE), met=TAKEN))

    def test_connections_that_wait_are_counted(self) -> None:
        """Those that were there before this one."""
        message = the("O701", TARGET, on(listener("127.0.0.1", STOPPED, queue=2))).match.message
        assert "2 connections wait for it." in message

    def test_who_wants_the_port_is_told_to_stop_it_first(self) -> None:
        """As after Ctrl-Z and a second start: the verdict is about the port."""
        text = f"OSError: [Errno 98] Address already in use: ('127.0.0.1', {PORT})"
        evidence = on(listener("127.0.0.1", STOPPED))._replace(
            bindings=(binding("in-use", errno="EADDRINUSE"),)
        )
        assert said(evidence, text) == (
            f"{TARGET} is in use: python3 (pid 4242) listens there. The process is stopped."
        )
        commands = [step.command for step in conclude(classify(text), {0: evidence}).steps]
        assert commands[:2] == ["kill 4242 && kill -CONT 4242", "kill -CONT 4242"]


EVIDENCE = {
    "stopped": on(listener("127.0.0.1", STOPPED, queue=12)),
    "one of two": on(listener("127.0.0.1", STOPPED), listener("127.0.0.1", NODE)),
    "traced": on(listener("::1", PYTHON._replace(state="traced")), met=attempt("accepted", "::1")),
}


class TestProgram:
    """O702: the file of the program went away."""

    def test_the_new_version_needs_a_new_start(self) -> None:
        """It answers, so this is no more than a notice beside it."""
        owner = NODE._replace(program_was="replaced", program_file="/usr/bin/node")
        found = the("O702", TARGET, on(listener("127.0.0.1", owner), met=TAKEN))
        assert "The file of node (pid 99), /usr/bin/node, was replaced" in found.match.message
        assert found.severity == "notice"
        assert [fix.text for fix in found.match.fix] == ["Restart it to run the new version."]

    def test_what_was_deleted_has_no_new_version(self) -> None:
        """A restart would fail."""
        owner = NODE._replace(program_was="deleted", program_file="/opt/app/node")
        said = the("O702", TARGET, on(listener("127.0.0.1", owner), met=TAKEN)).match.message
        assert said == (
            "The file of node (pid 99), /opt/app/node, was deleted."
            " It runs on, but cannot be started again from there."
        )

    @pytest.mark.parametrize("was", [None, "renamed", ""])
    def test_what_is_not_known_is_not_said(self, was: str | None) -> None:
        """Nor what only a pasted report has."""
        owner = NODE._replace(program_was=was)
        assert "O702" not in codes(TARGET, on(listener("127.0.0.1", owner), met=TAKEN))


class TestDirectory:
    """O707: the working directory went away."""

    @pytest.mark.parametrize(
        ("was", "words"),
        [("deleted", "was deleted."), ("replaced", "was deleted and created again.")],
    )
    def test_stands_after_the_verdict(self, was: str, words: str) -> None:
        """The server answers, and has no files."""
        evidence = on(listener("127.0.0.1", gone(was)), met=TAKEN)
        assert said(evidence).endswith(
            f"only this machine can reach it. The working directory of python3 (pid 4242),"
            f" /srv/site, {words}"
        )
        assert page(evidence) == "O707"

    def test_is_not_said_of_another_owner(self) -> None:
        """Nor of a directory that is there."""
        rows = (listener("0.0.0.0", gone("deleted")), listener("127.0.0.1", NODE))
        assert "O707" not in codes(TARGET, on(*rows, met=TAKEN))
        assert "O707" not in codes(TARGET, on(listener("127.0.0.1", PYTHON), met=TAKEN))


class TestDescriptors:
    """O703: accept() fails with EMFILE."""

    def test_is_the_verdict_where_nothing_is_taken(self) -> None:
        """With both numbers, before the queue that follows from it."""
        evidence = on(listener("127.0.0.1", holding(16)))
        assert said(evidence) == (
            f"python3 (pid 4242) listens on {TARGET} but accepts no connections: it uses 16 of 16"
            " file descriptors."
        )
        assert page(evidence) == "O703"

    def test_is_the_verdict_where_each_connection_is_closed(self) -> None:
        """Node keeps one descriptor, to take a connection with and to close it."""
        evidence = probe(
            TAKEN,
            listeners=(listener("127.0.0.1", holding(16)),),
            identity=speaks(None, behaviour="closed"),
        )
        assert "but closes connections at once: it uses 16 of 16" in said(evidence)

    @pytest.mark.parametrize(
        ("used", "limit", "met"),
        [(16, 16, TAKEN), (15, 16, NOT_TAKEN), (None, 16, NOT_TAKEN), (16, None, NOT_TAKEN),
         (0, 0, NOT_TAKEN)],
    )  # fmt: skip
    def test_is_not_where_one_is_left_or_nothing_is_wrong(
        self, used: int | None, limit: int | None, met: Attempt
    ) -> None:
        """A full table alone is no fault, and what was not read is not known."""
        owner = PYTHON._replace(descriptors=used, descriptor_limit=limit)
        assert "O703" not in codes(TARGET, on(listener("127.0.0.1", owner), met=met))

    def test_the_worker_that_is_full_is_named(self) -> None:
        """Not the master, which takes no connections."""
        owners = (NODE._replace(main=True), holding(16))
        assert "python3 (pid 4242) listens" in said(on(listener("127.0.0.1", *owners)))

    def test_another_users_descriptors_are_roots_to_list(self) -> None:
        """The directory is closed to others: proc_pid_fd(5)."""
        row = listener("127.0.0.1", holding(16)._replace(user="root"))
        commands = [fix.command for fix in the("O703", TARGET, on(row)).match.fix]
        assert "sudo ls -l /proc/4242/fd" in commands


class TestInherited:
    """O704: what holds the listener cannot have made it."""

    def test_is_the_verdict(self) -> None:
        """Endpoint, program and cause; and the process that is to be ended."""
        evidence = on(listener("127.0.0.1", SLEEP))
        assert f"sleep (pid 7) holds the listener on {TARGET} but sleep is no" in said(evidence)
        assert page(evidence) == "O704"
        assert "kill 7" in [fix.command for fix in the("O704", TARGET, evidence).match.fix]

    def test_goes_before_a_stopped_process(self) -> None:
        """To let sleep run on would help nobody."""
        evidence = on(listener("127.0.0.1", SLEEP._replace(state="stopped")))
        assert "is not a server" in said(evidence)

    def test_who_wants_the_port_is_told_so(self) -> None:
        """It is what is left of an earlier run."""
        text = f"Error: listen EADDRINUSE: address already in use {TARGET}"
        evidence = on(listener("127.0.0.1", SLEEP))._replace(
            bindings=(binding("in-use", errno="EADDRINUSE"),)
        )
        assert said(evidence, text).endswith(
            "sleep (pid 7) listens there. It inherited the socket from a server that has ended."
        )
        first = conclude(classify(text), {0: evidence}).causes[0]
        assert (first.key, first.state) == ("stale-process", "confirmed")

    @pytest.mark.parametrize(
        ("row", "met"),
        [
            (listener("127.0.0.1", SLEEP, PYTHON), NOT_TAKEN),  # the server is there
            (listener("127.0.0.1", SLEEP), TAKEN),  # a process that is not seen serves
            (listener("127.0.0.1", SLEEP._replace(name="sleepd")), NOT_TAKEN),
            (listener("127.0.0.1", SLEEP._replace(name="zsh")), NOT_TAKEN),  # ztcp -l
            (listener("127.0.0.1", SLEEP, activation=INETD), NOT_TAKEN),
            (listener("127.0.0.1", SERVICE), NOT_TAKEN),  # systemd's own is not visible
        ],
    )
    def test_is_not_where_a_server_may_be(self, row: Listener, met: Attempt) -> None:
        """It is said only where nothing else can be."""
        assert "O704" not in codes(TARGET, on(row, met=met))


EVIDENCE |= {
    "descriptors": on(listener("127.0.0.1", holding(16))),
    "inherited": on(listener("127.0.0.1", SLEEP)),
    "directory": on(listener("127.0.0.1", gone("replaced")), met=TAKEN),
}


class TestUnclosed:
    """O705: connections in CLOSE-WAIT."""

    @pytest.mark.parametrize(
        ("count", "limit", "severity"),
        [(10, 1024, "notice"), (100, 1024, "warning"), (10, 20, "warning"), (10, None, "notice")],
    )
    def test_is_worse_by_number(self, count: int, limit: int | None, severity: str) -> None:
        """A hundred, or half of what the process may have open."""
        owner = PYTHON._replace(descriptor_limit=limit)
        evidence = on(listener("127.0.0.1", owner), met=TAKEN)._replace(unclosed=count)
        assert the("O705", TARGET, evidence).severity == severity
        in_verdict = f"keeps {count} connections on port {PORT} open that their clients" in said(
            evidence
        )
        assert in_verdict is (severity == "warning")

    def test_a_few_are_about_to_be_closed(self) -> None:
        """A server needs a moment to see the end of a connection."""
        evidence = on(listener("127.0.0.1", PYTHON), met=TAKEN)._replace(unclosed=9)
        assert "O705" not in codes(TARGET, evidence)


EVIDENCE["unclosed"] = on(listener("127.0.0.1", PYTHON), met=TAKEN)._replace(unclosed=120)


SUPERVISED = PYTHON._replace(
    supervisor=Supervisor("supervisord", 5, "web", "/srv/some.conf", "ann")
)
SECOND = SUPERVISED._replace(pid=4243)


def seen(*owners: Owner, met: Attempt = TAKEN) -> Probe:
    """A port whose listener these had one after the other."""
    return on(listener("127.0.0.1", owners[0]), met=met)._replace(
        restarts=Restarts(len(owners), 3200.0, owners)
    )


class TestRestarted:
    """O706: a program that is started each time it ends."""

    @pytest.mark.parametrize("met", [TAKEN, NOT_TAKEN, attempt("refused")])
    def test_is_the_verdict_whatever_one_connection_met(self, met: Attempt) -> None:
        """With how often, and by whom."""
        evidence = seen(SUPERVISED, SECOND, SUPERVISED._replace(pid=4244), met=met)
        assert said(evidence) == (
            f"{TARGET} is open only at times: python3 started 3 times in 3.2 s."
            " supervisord starts web again each time it ends."
        )
        assert page(evidence) == "O706"

    def test_its_log_and_its_end_are_the_supervisors(self) -> None:
        """A kill would start the next one."""
        commands = [fix.command for fix in the("O706", TARGET, seen(SUPERVISED, SECOND)).match.fix]
        assert commands == [
            "supervisorctl -c /srv/some.conf tail web stderr",
            "supervisorctl -c /srv/some.conf stop web",
        ]

    def test_a_unit_of_systemd_has_a_journal(self) -> None:
        """Restart= in the unit."""
        unit = PYTHON._replace(managed_by=Unit("systemd", "web.service"))
        evidence = seen(unit, unit._replace(pid=4243))
        assert "systemd starts web.service again" in said(evidence)
        (fix,) = the("O706", TARGET, evidence).match.fix
        assert fix.command == "journalctl -n 50 -u web.service"

    @pytest.mark.parametrize("owners", [(SUPERVISED,), (SUPERVISED, SUPERVISED)])
    def test_one_process_was_not_restarted(self, owners: tuple[Owner, ...]) -> None:
        """It has closed its listener and opened another one, or came up once."""
        assert "O706" not in codes(TARGET, seen(*owners))


EVIDENCE["restarted"] = seen(SUPERVISED, SECOND)
