"""Group C: the witnesses of each situation and what they add up to, with its near misses."""

from __future__ import annotations

from typing import Any

import pytest
from cases import each
from findings.records import (
    BESIDE,
    CONCLUDED,
    NODE,
    PORT,
    PYTHON,
    TARGET,
    attempt,
    binding,
    codes,
    findings,
    listener,
    machine,
    peer,
    probe,
    resolves,
    the,
)

from checks.findings import verdict
from checks.findings.base import Found
from checks.model.evidence import Icmp, Interface, Probe, Unit, UnixListener
from checks.report import conclude
from checks.text import classify

LOCALHOST = f"localhost:{PORT}"
V6 = f"[::1]:{PORT}"
LAN = f"192.168.1.5:{PORT}"


def verdict_of(text: str, evidence: Probe) -> str:
    """The sentence for the one endpoint of a text."""
    return verdict(classify(text), {0: evidence})


UDP = listener("0.0.0.0", PYTHON, protocol="udp")
SELF = peer("established", TARGET, TARGET, PYTHON)
REFUSED = attempt("refused")
SILENT = attempt("timed-out")
FULL = listener("127.0.0.1", PYTHON, queue=6, backlog=5)
NOT_TAKEN = attempt("accepted")._replace(taken=False, watched=1000.0)
NOT_MADE = attempt("skipped")._replace(taken=False, watched=1000.0)
STOPPED = PYTHON._replace(state="stopped")
TRACED = PYTHON._replace(state="traced")
POSTGRESQL_FILE = UnixListener(
    "/var/run/postgresql/.s.PGSQL.62893", "stream", 0, 244, 0, "postgres", 7,
    (PYTHON._replace(name="postgres"),),
)  # fmt: skip

# Each situation: the text that is asked, the evidence, the verdict.
SITUATIONS: dict[str, tuple[str, Probe, str]] = {
    "a listener answers": (
        TARGET, probe(attempt("accepted"), listeners=(listener("127.0.0.1", PYTHON),)), "C301",
    ),
    "0.0.0.0 answers": (
        TARGET, probe(attempt("accepted"), listeners=(listener("0.0.0.0", PYTHON),)), "C301",
    ),
    "dual stack answers IPv4": (
        TARGET,
        probe(attempt("accepted"), listeners=(listener("::", PYTHON, v6only=False),)),
        "C301",
    ),
    "answer without a row": (TARGET, probe(attempt("accepted")), "C301"),
    "accepted with a full queue": (TARGET, probe(attempt("accepted"), listeners=(FULL,)), "C301"),
    "name, second address answers": (
        LOCALHOST,
        probe(
            attempt("refused", "::1"), attempt("accepted"),
            listeners=(listener("127.0.0.1", PYTHON),), resolution=resolves("::1", "127.0.0.1"),
        ),
        "C301",
    ),
    "accepted and taken": (
        TARGET,
        probe(
            attempt("accepted")._replace(taken=True), listeners=(listener("127.0.0.1", PYTHON),)
        ),
        "C301",
    ),
    "one address is taken, the other not": (
        LOCALHOST,
        probe(
            NOT_TAKEN, attempt("accepted", "::1")._replace(taken=True),
            listeners=(listener("127.0.0.1", PYTHON), listener("::1", NODE)),
            resolution=resolves("127.0.0.1", "::1"),
        ),
        "C301",
    ),
    "accepted and not taken": (
        TARGET, probe(NOT_TAKEN, listeners=(listener("127.0.0.1", PYTHON),)), "C320",
    ),
    "not taken, the process is stopped": (
        TARGET, probe(NOT_TAKEN, listeners=(listener("127.0.0.1", STOPPED, queue=2),)), "C320",
    ),
    "not made, as others wait": (
        TARGET, probe(NOT_MADE, listeners=(listener("127.0.0.1", PYTHON, queue=3),)), "C320",
    ),
    "not made, held by a debugger": (
        TARGET, probe(NOT_MADE, listeners=(listener("127.0.0.1", TRACED, queue=1),)), "C320",
    ),
    "not taken behind a redirection": (TARGET, probe(NOT_TAKEN), "C320"),
    "name, one address refuses and the other does not take": (
        LOCALHOST,
        probe(
            attempt("refused", "::1"), NOT_TAKEN, listeners=(listener("127.0.0.1", PYTHON),),
            resolution=resolves("::1", "127.0.0.1"),
        ),
        "C320",
    ),
    "nothing at all": (TARGET, probe(REFUSED), "C302"),
    "its service on a file": (
        TARGET,
        probe(REFUSED)._replace(unix_listeners=(POSTGRESQL_FILE,)),
        "C328",
    ),
    "only TIME_WAIT": (TARGET, probe(REFUSED, others=(peer("time-wait"),)), "C302"),
    "bound, not listening": (
        TARGET,
        probe(REFUSED, bindings=(binding("bound-not-listening", errno="EADDRINUSE"),)),
        "C302",
    ),
    "listener on a network address": (
        TARGET, probe(REFUSED, listeners=(listener("192.168.1.5", PYTHON),)), "C302",
    ),
    "listener on loopback, network address asked": (
        LAN,
        probe(attempt("refused", "192.168.1.5"), listeners=(listener("127.0.0.1", PYTHON),)),
        "C302",
    ),
    "listener bound to a device": (
        TARGET, probe(REFUSED, listeners=(listener("0.0.0.0", PYTHON, interface="eth0"),)), "C302",
    ),
    "another machine refuses": (
        "192.0.2.9:80",
        probe(attempt("refused", "192.0.2.9"), listeners=(listener("0.0.0.0", PYTHON, port=80),)),
        "C302",
    ),
    "refused over a listener": (
        TARGET, probe(REFUSED, listeners=(listener("127.0.0.1", PYTHON),)), "C303",
    ),
    "refused over a dual-stack listener": (
        TARGET, probe(REFUSED, listeners=(listener("::", PYTHON, v6only=False),)), "C303",
    ),
    "refused on the device's own address": (
        LAN,
        probe(
            attempt("refused", "192.168.1.5"),
            listeners=(listener("0.0.0.0", PYTHON, interface="eth0"),),
        ),
        "C303",
    ),
    "reset": (TARGET, probe(attempt("reset")), "C303"),
    "silence without a listener": (TARGET, probe(SILENT), "C304"),
    "silence over a listener": (
        TARGET, probe(SILENT, listeners=(listener("127.0.0.1", PYTHON),)), "C304",
    ),
    "silence, queue just not full": (
        TARGET, probe(SILENT, listeners=(listener("127.0.0.1", queue=5, backlog=5),)), "C304",
    ),
    "silence, full queue elsewhere": (
        TARGET, probe(SILENT, listeners=(listener("127.0.0.2", queue=6, backlog=5),)), "C304",
    ),
    "silence, queue unknown": (
        TARGET, probe(SILENT, listeners=(listener("127.0.0.1", queue=None, backlog=None),)), "C304",
    ),
    "another machine is silent": (
        "192.0.2.9:80",
        probe(
            attempt("timed-out", "192.0.2.9"),
            listeners=(listener("0.0.0.0", queue=6, backlog=5, port=80),),
        ),
        "C304",
    ),
    "queue full": (TARGET, probe(SILENT, listeners=(FULL,)), "C305"),
    "queue full, backlog 0": (
        TARGET, probe(SILENT, listeners=(listener("127.0.0.1", queue=1, backlog=0),)), "C305",
    ),
    "queue full on ::": (
        V6,
        probe(attempt("timed-out", "::1"), listeners=(listener("::", queue=2, backlog=1),)),
        "C305",
    ),
    "ICMP prohibited": (TARGET, probe(attempt("rejected")), "C306"),
    "ICMP port unreachable": (
        TARGET,
        probe(
            attempt("rejected", errno="ECONNREFUSED", icmp=Icmp(4, 3, 3, "127.0.0.1")),
            listeners=(listener("127.0.0.1", PYTHON),),
        ),
        "C306",
    ),
    "loopback interface down": (
        TARGET, probe(attempt("unreachable", reason="loopback-down")), "C307",
    ),
    "own policy": (TARGET, probe(attempt("rejected", errno="EPERM")), "C306"),
    "no route": (TARGET, probe(attempt("unreachable")), "C307"),
    "no IPv6": (V6, probe(attempt("address-not-available", "::1")), "C307"),
    "no local port": (
        TARGET,
        probe(
            attempt("address-not-available", reason="no-local-port"),
            listeners=(listener("127.0.0.1", PYTHON),),
        ),
        "C321",
    ),
    "no such family": (V6, probe(attempt("unsupported", "::1")), "C307"),
    "name unknown": (
        "nosuch.example:80",
        probe(resolution=resolves(error="EAI_NONAME"), outcome="not-resolved"),
        "C308",
    ),
    "name unknown, loopback answers": (
        "foo.localhost:80",
        probe(attempt("accepted"), resolution=resolves(error="EAI_NONAME")),
        "C308",
    ),
    "IPv4 asked, ::1 listens": (TARGET, probe(REFUSED, listeners=(listener("::1", NODE),)), "C309"),
    "IPv4 asked, IPv6-only :: listens": (
        TARGET, probe(REFUSED, listeners=(listener("::", NODE, v6only=True),)), "C309",
    ),
    "IPv4 refused, :: of unknown kind": (
        TARGET, probe(REFUSED, listeners=(listener("::", NODE, v6only=None),)), "C309",
    ),
    "IPv6 asked, 127.0.0.1 listens": (
        V6, probe(attempt("refused", "::1"), listeners=(listener("127.0.0.1", PYTHON),)), "C309",
    ),
    "IPv6 asked, 0.0.0.0 listens": (
        V6, probe(attempt("refused", "::1"), listeners=(listener("0.0.0.0", PYTHON),)), "C309",
    ),
    "name leads to IPv4 only, ::1 answers": (
        LOCALHOST,
        probe(
            REFUSED, attempt("accepted", "::1"),
            listeners=(listener("::1", NODE),), resolution=resolves("127.0.0.1"),
        ),
        "C309",
    ),
    "other 127 address": (
        TARGET, probe(REFUSED, listeners=(listener("127.0.0.2", PYTHON),)), "C310",
    ),
    "127.0.0.2 asked, 127.0.0.1 listens": (
        f"127.0.0.2:{PORT}",
        probe(attempt("refused", "127.0.0.2"), listeners=(listener("127.0.0.1", PYTHON),)),
        "C310",
    ),
    "localhost, 127.0.0.2 listens": (
        LOCALHOST,
        probe(
            attempt("refused", "::1"), REFUSED,
            listeners=(listener("127.0.0.2", PYTHON),), resolution=resolves("::1", "127.0.0.1"),
        ),
        "C310",
    ),
    "UDP only": (TARGET, probe(REFUSED, listeners=(UDP,)), "C311"),
    "self-connect": (TARGET, probe(attempt("self-connected")), "C312"),
    "another's self-connect": (TARGET, probe(REFUSED, others=(SELF,)), "C312"),
    "a client's local port": (TARGET, probe(REFUSED, others=(peer(),)), "C313"),
    "a client's port of another address": (
        TARGET, probe(REFUSED, others=(peer("syn-sent", f"10.0.0.5:{PORT}"),)), "C313",
    ),
    "another machine, not tried": (
        "192.0.2.9:80", probe(attempt("skipped", "192.0.2.9"), outcome="not-this-machine"), "C316",
    ),
}  # fmt: skip

each_situation = each(("text", "evidence", "code"), SITUATIONS.values(), ids=list(SITUATIONS))


@each_situation
def test_witnesses_add_up_to(text: str, evidence: Probe, code: str) -> None:
    """One verdict, and no other beside it."""
    assert [found for found in codes(text, evidence, "C") if found not in BESIDE] == [code]


@each_situation
def test_evidence_names_each_attempt(text: str, evidence: Probe, code: str) -> None:
    """Every connect() is a line with its address and its errno or outcome."""
    lines = the(code, text, evidence).match.evidence
    for one in evidence.attempts:
        assert any(one.address in line and (one.errno or one.outcome) in line for line in lines)


@each_situation
def test_fixes_are_for_the_system_of_the_evidence(text: str, evidence: Probe, code: str) -> None:
    """A report from Linux prints no command of Windows."""
    assert {fix.os for fix in the(code, text, evidence).match.fix} <= {None, "linux"}


def test_every_code_has_its_situation() -> None:
    """No finding of the group goes without a proof."""
    assert {code for _, _, code in SITUATIONS.values()} | {"C318", "C328"} == set(CONCLUDED)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a listener answers", f"{TARGET} accepts connections: python3 (pid 4242) listens on"),
        ("answer without a row", "no listener in this system's socket table"),
        ("nothing at all", f"{TARGET} refused the connection: no program listens there."),
        (
            "its service on a file",
            f"No program listens on {TARGET}. postgres (pid 4242) listens only",
        ),
        ("only TIME_WAIT", "TIME_WAIT"),
        ("bound, not listening", "A socket is bound to the port"),
        ("listener on a network address", f"python3 (pid 4242) listens on {LAN} instead."),
        ("listener on loopback, network address asked", f"listens on {TARGET} instead."),
        ("listener bound to a device", "bound to the network device eth0"),
        ("another machine refuses", "or a firewall rejects it"),
        ("refused over a listener", "a firewall that rejects"),
        ("silence without a listener", "No program listens there"),
        ("silence over a listener", "its queue has room: most likely a firewall drops"),
        ("silence, queue unknown", "or the program's queue is full"),
        ("another machine is silent", "the other machine is off"),
        ("queue full", "6 connections wait (backlog 5)"),
        ("queue full, backlog 0", "1 connection waits (backlog 0)"),
        (
            "accepted and not taken",
            f"{TARGET} is connected, but python3 (pid 4242) did not accept the connection in 1.0 s",
        ),
        ("not taken, the process is stopped", "2 connections wait there too."),
        ("not taken, the process is stopped", "The process is stopped by a signal (state T)."),
        (
            "not made, as others wait",
            f"3 connections wait on {TARGET}. python3 (pid 4242) accepted none within 1.0 s. No",
        ),
        ("not made, held by a debugger", "1 connection waits on"),
        ("not made, held by a debugger", "The process is held by a debugger (state t)."),
        ("not taken behind a redirection", "but the program did not accept the connection"),
        ("ICMP prohibited", "(EHOSTUNREACH)"),
        ("ICMP port unreachable", "(ECONNREFUSED, ICMP type 3 code 3 from 127.0.0.1)"),
        ("loopback interface down", "the loopback interface lo is down"),
        ("own policy", "This system itself does not allow"),
        ("no route", "no route to the address (ENETUNREACH)"),
        ("no IPv6", "no IPv6 address or port to send from"),
        ("no such family", "has no IPv6"),
        ("name unknown", "nosuch.example (EAI_NONAME)"),
        ("name unknown, loopback answers", "A service answers on 127.0.0.1:80"),
        ("IPv4 asked, ::1 listens", f"node (pid 99) listens on {V6}, which accepts IPv6 only"),
        ("name leads to IPv4 only, ::1 answers", "resolves localhost to 127.0.0.1 only"),
        ("other 127 address", f"listens on 127.0.0.2:{PORT}"),
        ("UDP only", "open for UDP"),
        ("self-connect", f"chose port {PORT} as its source"),
        ("another's self-connect", "connected to itself"),
        ("a client's local port", f"({TARGET} to 127.0.0.1:5432, established)"),
        ("another machine, not tried", "192.0.2.9:80 is not an address of this machine"),
    ],
)
def test_message_tells_what_decided(name: str, words: str) -> None:
    """The sentence carries the fact that made the verdict."""
    text, evidence, code = SITUATIONS[name]
    assert words in the(code, text, evidence).match.message


def test_remote_evidence_does_not_speak_of_this_machines_listeners() -> None:
    """What listens here explains nothing about another machine."""
    for name in ("another machine refuses", "another machine is silent"):
        text, evidence, code = SITUATIONS[name]
        found = the(code, text, evidence).match
        assert "python3" not in found.message
        assert not any("LISTEN" in line for line in found.evidence)


EVERY = ("tcp4", "tcp6", "udp4", "udp6")


@pytest.mark.parametrize("unread", [EVERY, ("tcp4",), ("tcp6",)], ids="+".join)
def test_unread_table_is_not_an_empty_one(unread: tuple[str, ...]) -> None:
    """Where a table that may have the listener was not read, no absence is claimed."""
    blind = probe(SILENT, unread=unread)
    assert "No program listens" not in the("C304", TARGET, blind).match.message
    assert "its queue is full" in the("C304", TARGET, blind).match.message
    assert "is not visible" in verdict_of(TARGET, blind)
    blind = probe(REFUSED, unread=unread)
    found = the("C302", TARGET, blind).match
    assert not any("no TCP listener" in line for line in found.evidence)
    assert "No program listens" not in found.message + verdict_of(TARGET, blind)
    assert verdict_of(TARGET, blind) == (
        f"{TARGET} refused the connection: most likely no program listens there."
    )
    blind = probe(attempt("accepted"), unread=unread)
    assert the("C301", TARGET, blind).match.message == f"{TARGET} accepts connections."
    assert (
        verdict_of(TARGET, blind) == f"{TARGET} answers, but the listening program is not visible."
    )


@pytest.mark.parametrize("unread", [(), ("udp4", "udp6")], ids=["all were read", "UDP was not"])
def test_a_table_that_was_read_shows_an_absence(unread: tuple[str, ...]) -> None:
    """The same evidence beside a table of TCP that was read, whatever is in that of UDP."""
    seen = probe(SILENT, unread=unread)
    assert "No program listens there" in the("C304", TARGET, seen).match.message
    seen = probe(REFUSED, unread=unread)
    assert any("no TCP listener" in x for x in the("C302", TARGET, seen).match.evidence)
    assert verdict_of(TARGET, seen) == f"{TARGET} refused the connection: no program listens there."
    seen = probe(attempt("accepted"), unread=unread)
    assert "a NAT rule" in the("C301", TARGET, seen).match.message


def test_ipv6_alone_hangs_on_its_own_table() -> None:
    """An IPv4 socket takes no IPv6: what is in the table of IPv4 does not matter to ::1."""
    refused = attempt("refused", "::1")
    text = f"[::1]:{PORT}"
    assert (
        verdict_of(text, probe(refused, unread=("tcp4",)))
        == f"{text} refused the connection: no program listens there."
    )
    assert "most likely" in verdict_of(text, probe(refused, unread=("tcp6",)))


@pytest.mark.parametrize(
    ("code", "evidence"),
    [
        ("C311", {"listeners": (listener("127.0.0.1", PYTHON, protocol="udp"),)}),
        ("C312", {"others": (peer("established", TARGET, TARGET, NODE),)}),
        ("C313", {"others": (peer("established", TARGET, "127.0.0.1:5432", NODE),)}),
    ],
)
def test_what_else_has_the_port_explains_nothing_beside_an_unread_table(
    code: str, evidence: dict[str, Any]
) -> None:
    """That only this uses the port is known where every listener would have been seen."""
    assert codes(TARGET, probe(REFUSED, **evidence), "C") == [code]
    assert codes(TARGET, probe(REFUSED, unread=("tcp6",), **evidence), "C") == ["C302"]


@pytest.mark.parametrize(
    ("code", "address"), [("C309", "::1"), ("C310", "127.0.0.2"), ("C302", "192.168.1.5")]
)
def test_a_listener_elsewhere_is_seen_beside_an_unread_table(code: str, address: str) -> None:
    """A row that is there is true; only that nothing else listens is not said."""
    evidence = probe(REFUSED, listeners=(listener(address, PYTHON),), unread=EVERY)
    assert codes(TARGET, evidence, "C") == [code]
    told = verdict_of(TARGET, evidence)
    assert told.startswith(f"{TARGET} refused the connection: python3 (pid 4242) listens on ")


def test_expected_service_is_named() -> None:
    """A refused 5432 is where PostgreSQL should be."""
    evidence = probe(attempt("refused"))
    assert "PostgreSQL" in the("C302", "127.0.0.1:5432", evidence).match.message


def test_most_specific_bind_answers() -> None:
    """Of two listeners the one on the very address is named, and the other told."""
    rows = (listener("0.0.0.0", NODE), listener("127.0.0.1", PYTHON))
    message = the("C301", TARGET, probe(attempt("accepted"), listeners=rows)).match.message
    assert f"python3 (pid 4242) listens on {TARGET}" in message
    assert f"node (pid 99) listens on 0.0.0.0:{PORT} too" in message


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("accepted and not taken", "accepts no connections: it hangs or is busy."),
        ("not taken, the process is stopped", "is stopped (SIGSTOP or Ctrl-Z)."),
        ("not made, held by a debugger", "a debugger holds it."),
    ],
)
def test_the_verdict_on_a_program_that_takes_nothing(name: str, why: str) -> None:
    """Endpoint, program and cause, as far as that is known."""
    text, evidence, _ = SITUATIONS[name]
    said = verdict(classify(text), {0: evidence})
    assert said.startswith(f"python3 (pid 4242) listens on {TARGET} but {why}")


@pytest.mark.parametrize(
    ("waits", "why"),
    [
        ("lock", "its main thread waits for a lock."),
        ("cpu", "its main thread is busy computing."),
        ("\x1b[31m", "it hangs or is busy."),
        (None, "it hangs or is busy."),
    ],
)
def test_what_the_program_does_instead(waits: str | None, why: str) -> None:
    """As a code of the evidence; what a pasted report has beside these is not repeated."""
    row = listener("127.0.0.1", PYTHON._replace(waits=waits))
    evidence = probe(NOT_TAKEN, listeners=(row,))
    assert verdict(classify(TARGET), {0: evidence}).endswith(f"accepts no connections: {why}")


def test_only_a_stopped_process_is_told_to_run_on() -> None:
    """A debugger's is its debugger's business, and one that hangs runs."""
    for name, expected in (
        ("not taken, the process is stopped", True),
        ("not made, held by a debugger", False),
        ("accepted and not taken", False),
    ):
        text, evidence, _ = SITUATIONS[name]
        commands = [fix.command for one in findings(text, evidence) for fix in one.match.fix]
        assert ("kill -CONT 4242" in commands) is expected
    full = probe(SILENT, listeners=(listener("127.0.0.1", STOPPED, queue=6),))
    assert "kill -CONT 4242" in [fix.command for fix in the("O701", TARGET, full).match.fix]
    assert the("C305", TARGET, full).match.fix == ()


def test_an_address_whose_program_takes_nothing_does_not_answer() -> None:
    """Beside one whose program does."""
    text, evidence, _ = SITUATIONS["one address is taken, the other not"]
    message = the("C317", text, evidence).match.message
    assert "answers on ::1 and not on 127.0.0.1" in message


def test_stop_command_is_the_owners() -> None:
    """A full queue comes with the command that ends the process, which is never run."""
    fixes = the("C305", TARGET, probe(SILENT, listeners=(FULL,))).match.fix
    assert "kill 4242" in [fix.command for fix in fixes]


@pytest.mark.parametrize(
    ("kind", "name", "command"),
    [
        ("systemd", "nginx.service", "sudo systemctl stop nginx.service"),
        ("systemd", r"my\x2dapp.service", r"sudo systemctl stop 'my\x2dapp.service'"),
        ("systemd", "app-code-42.scope", None),
        ("docker", "0123456789ab", "docker stop 0123456789ab"),
        ("docker", "$(reboot)", None),
        ("lxc", "web", None),
        ("systemd", "session-2.scope", None),
        ("systemd", "x.service; rm -rf ~", None),
        ("systemd", "x'.service", None),
        ("systemd", "$(reboot).service", None),
        ("systemd", "-x.service", None),
    ],
)
def test_only_a_plain_service_is_stopped_by_its_unit(
    kind: str, name: str, command: str | None
) -> None:
    """A whole session is not, and no foreign text gets into a command."""
    row = listener("127.0.0.1", queue=2, backlog=1, managed_by=Unit(kind, name))
    fixes = the("C305", TARGET, probe(SILENT, listeners=(row,))).match.fix
    stops = [fix.command for fix in fixes if fix.command and " stop " in fix.command]
    assert stops == ([command] if command else [])


def test_hostile_name_is_not_put_into_a_command() -> None:
    """A host text with a meaning to a shell appears in no command line."""
    evidence = probe(resolution=resolves(error="EAI_NONAME"), outcome="not-resolved")
    for found in the("C308", "nosuch_$(id).example:80", evidence).match.fix:
        assert found.command is None or "$(id)" not in found.command


@pytest.mark.parametrize(
    ("system", "words"),
    [("linux", "ss -ltnp"), ("macos", "lsof -nP"), ("windows", "Get-NetTCPConnection")],
)
def test_commands_suit_the_system(system: str, words: str) -> None:
    """Each system gets its own tools and no other's."""
    fixes = the("C302", TARGET, probe(REFUSED, at=machine(system))).match.fix
    assert {fix.os for fix in fixes} == {None, system}
    assert any(fix.command and words in fix.command for fix in fixes)


def test_workers_that_are_stopped_are_named_and_continued() -> None:
    """The process that made the socket runs, and takes no connections itself."""
    master = PYTHON._replace(main=True)
    workers = [STOPPED._replace(pid=pid) for pid in (51, 52)]
    row = listener("127.0.0.1", master, *workers)
    match = the("C320", TARGET, probe(NOT_TAKEN, listeners=(row,))).match
    assert " python3 (pids 51 and 52) are stopped by a signal (state T)." in match.message
    assert match.fix[0].text.startswith("Continue python3 (pids 51 and 52). They were stopped")
    assert (match.fix[0].command or "").endswith("kill -CONT 51 52")


def test_loopback_interface_that_is_down_is_brought_up() -> None:
    """The one command that helps comes first."""
    text, evidence, code = SITUATIONS["loopback interface down"]
    assert the(code, text, evidence).match.fix[0].command == "sudo ip link set lo up"
    assert conclude(classify(text), {0: evidence}).verdict == (
        f"{text} is unreachable: the loopback interface lo is down."
    )


@pytest.mark.parametrize("error", ["ETIMEDOUT", "EAI_AGAIN"])
def test_a_name_server_that_is_silent_is_not_the_fault_of_the_name(error: str) -> None:
    """Nothing is known of the name then."""
    evidence = probe(resolution=resolves(error=error), outcome="not-resolved")
    match = the("C308", "db.example:80", evidence).match
    assert any("DNS servers" in fix.text for fix in match.fix)
    assert ("finds no address" in match.message) is (error == "EAI_AGAIN")
    known = probe(resolution=resolves(error="EAI_NONAME"), outcome="not-resolved")
    assert not any("DNS servers" in fix.text for fix in the("C308", "x:80", known).match.fix)


def test_unknown_system_gets_all_commands() -> None:
    """On a system without commands of its own the reader can pick."""
    fixes = the("C302", TARGET, probe(REFUSED, at=machine("freebsd"))).match.fix
    assert {fix.os for fix in fixes} == {None, "linux", "macos", "windows"}


def test_own_owner_hidden_is_never_no_process() -> None:
    """A row without a pid names its user instead."""
    row = listener("127.0.0.1", user="postgres", uid=105, unit="postgresql.service")
    message = the("C301", TARGET, probe(attempt("accepted"), listeners=(row,))).match.message
    assert "a process of user postgres in postgresql.service" in message


class TestPartialResolution:
    """C317 speaks where clients of one name differ."""

    both = (attempt("refused", "::1"), attempt("accepted", "127.0.0.1"))
    rows = (listener("127.0.0.1", PYTHON),)

    def test_first_address_fails(self) -> None:
        """A client that tries one address only fails: a notice."""
        evidence = probe(*self.both, listeners=self.rows, resolution=resolves("::1", "127.0.0.1"))
        found = the("C317", LOCALHOST, evidence)
        assert found.severity == "notice"
        assert "gives ::1 first" in found.match.message

    def test_first_address_answers(self) -> None:
        """Everyone gets through: for information only."""
        evidence = probe(*self.both, listeners=self.rows, resolution=resolves("127.0.0.1", "::1"))
        assert the("C317", LOCALHOST, evidence).severity == "info"

    def test_resolver_gives_only_the_silent_family(self) -> None:
        """Beside the verdict C309 the difference between clients is told."""
        evidence = probe(
            attempt("refused"),
            attempt("accepted", "::1"),
            listeners=(listener("::1", NODE),),
            resolution=resolves("127.0.0.1"),
        )
        assert codes(LOCALHOST, evidence, "C") == ["C309", "C317"]

    def test_both_answer(self) -> None:
        """Nothing differs, nothing is said."""
        evidence = probe(
            attempt("accepted", "::1"),
            attempt("accepted"),
            resolution=resolves("::1", "127.0.0.1"),
        )
        assert codes(LOCALHOST, evidence, "C") == ["C301"]

    def test_none_answers(self) -> None:
        """Where nothing listens the order does not matter."""
        evidence = probe(
            attempt("refused", "::1"), REFUSED, resolution=resolves("::1", "127.0.0.1")
        )
        assert codes(LOCALHOST, evidence, "C") == ["C302"]

    def test_family_that_is_missing_does_not_count(self) -> None:
        """A machine without IPv6 has no second address to differ."""
        evidence = probe(
            attempt("address-not-available", "::1"),
            attempt("accepted"),
            listeners=self.rows,
            resolution=resolves("127.0.0.1"),
        )
        assert codes(LOCALHOST, evidence, "C") == ["C301"]

    def test_address_has_no_resolution(self) -> None:
        """An address leads to one place."""
        evidence = probe(*self.both, listeners=self.rows)
        assert "C317" not in codes(TARGET, evidence)


@pytest.mark.parametrize("text", ["127.0.0.1", "127.0.0.1:99999"])
def test_without_a_port_number_nothing_is_concluded(text: str) -> None:
    """Evidence about no port explains no connection."""
    assert codes(text, probe(), "C") == []


def test_not_probed_is_no_verdict() -> None:
    """Where nothing was tried, nothing is said about the connection."""
    assert codes(TARGET, probe(attempt("skipped"), outcome="not-probed"), "C") == []


class TestZones:
    """A link-local address is another place on each link."""

    at = machine(interfaces=(Interface("d0", "fe80::77", 64), Interface("d1", "fe80::77", 64)))
    row = listener("fe80::77", PYTHON, interface="d0")

    def test_listener_on_another_link(self) -> None:
        """No filter refuses: nothing listens on that link."""
        refused = attempt("refused", "fe80::77%d1")
        evidence = probe(refused, listeners=(self.row,), at=self.at)
        message = the("C302", f"[fe80::77%d1]:{PORT}", evidence).match.message
        assert f"listens on [fe80::77%d0]:{PORT} instead" in message

    def test_listener_on_the_same_link(self) -> None:
        """Here the listener is the one that was asked."""
        refused = attempt("refused", "fe80::77%d0")
        evidence = probe(refused, listeners=(self.row,), at=self.at)
        assert "C303" in codes(f"[fe80::77%d0]:{PORT}", evidence, "C")

    def test_interface_that_is_not_there(self) -> None:
        """It cannot be asked, and that is an error and not silence."""
        skipped = attempt("skipped", "fe80::77%no", reason="no-interface")
        evidence = probe(skipped, outcome="not-probed", at=self.at)
        found = the("C307", f"[fe80::77%no]:{PORT}", evidence)
        assert found.severity == "error"
        assert "this machine has no interface no" in found.match.message


ARP = Icmp(4, 3, 1, "192.168.1.5")
ROUTER = Icmp(4, 3, 1, "192.168.1.1")


@pytest.mark.parametrize(
    ("address", "errno", "milliseconds", "icmp", "words"),
    [
        ("127.255.255.255", "ENETUNREACH", 0.1, None, "TCP cannot connect to a broadcast or"),
        ("192.168.1.255", "ENETUNREACH", 0.1, None, "TCP cannot connect to a broadcast or"),
        ("224.0.0.1", "ENETUNREACH", 0.1, None, "TCP cannot connect to a broadcast or"),
        ("ff02::1%eth0", "ENETUNREACH", 0.1, None, "TCP cannot connect to a broadcast or"),
        ("192.168.1.254", "ENETUNREACH", 0.1, None, "there is no route to the address"),
        (
            "192.168.1.9",
            "EHOSTUNREACH",
            0.1,
            None,
            "there is no route to it, or a route forbids it",
        ),
        ("192.168.1.9", "EHOSTUNREACH", 3000.0, None, "no machine on the link answers"),
        ("192.168.1.9", "EHOSTUNREACH", 0.1, ARP, "no machine on the link answers"),
        ("198.51.100.9", "EHOSTUNREACH", 0.1, ROUTER, "the router 192.168.1.1 reports"),
        ("198.51.100.9", "EINVAL", 0.1, None, "a route of this system forbids it"),
    ],
)
def test_reason_of_no_way_is_that_of_the_evidence(
    address: str, errno: str, milliseconds: float, icmp: Icmp | None, words: str
) -> None:
    """An errno has several causes; only the one that was witnessed is told."""
    made = attempt("unreachable", address, errno, icmp=icmp)._replace(milliseconds=milliseconds)
    text = f"[{address}]:{PORT}" if ":" in address else f"{address}:{PORT}"
    assert words in the("C307", text, probe(made)).match.message


class TestLocalNetworkOfMacos:
    """macOS 15 keeps a program without the permission from its own network: TN3179."""

    @staticmethod
    def judged(address: str, errno: str = "EHOSTUNREACH", **machine: Any) -> Found:
        """C307 for an address on a Mac."""
        made = attempt("unreachable", address, errno)._replace(milliseconds=0.4)
        evidence = probe(made)
        changed: dict[str, Any] = {"system": "macos", "privileged": False, **machine}
        there = evidence.machine._replace(**changed)
        text = f"[{address}]:{PORT}" if ":" in address else f"{address}:{PORT}"
        return the("C307", text, evidence._replace(machine=there))

    @pytest.mark.parametrize("address", ["192.168.1.9", "10.4.0.2", "169.254.3.3", "fe80::7%en0"])
    def test_it_is_named_for_an_address_of_the_local_network(self, address: str) -> None:
        """The first step tells whether it is that, the second allows it."""
        match = self.judged(address).match
        assert "Local Network permission" in match.message
        assert "Terminal" in match.fix[0].text
        assert "Local Network" in match.fix[1].text

    @pytest.mark.parametrize(
        ("address", "errno", "machine"),
        [
            ("203.0.113.9", "EHOSTUNREACH", {}),
            ("192.168.1.9", "ENETUNREACH", {}),
            ("192.168.1.9", "EHOSTUNREACH", {"privileged": True}),
            ("192.168.1.9", "EHOSTUNREACH", {"system": "linux"}),
        ],
    )
    def test_it_is_not_where_the_rule_does_not_hold(
        self, address: str, errno: str, machine: dict[str, Any]
    ) -> None:
        """The internet, another errno, root, another system."""
        match = self.judged(address, errno, **machine).match
        assert "Local Network" not in f"{match.message} {[each.text for each in match.fix]}"

    def test_a_neighbour_that_was_waited_for_is_none_of_it(self) -> None:
        """The denial comes at once; a machine that is away takes seconds."""
        made = attempt("unreachable", "192.168.1.9", "EHOSTUNREACH")._replace(milliseconds=3000.0)
        evidence = probe(made)
        there = evidence.machine._replace(system="macos", privileged=False)
        found = the("C307", f"192.168.1.9:{PORT}", evidence._replace(machine=there))
        assert "Local Network" not in found.match.message


def test_left_over_connection_is_nobodys_program() -> None:
    """A closed server's connection may have no owner, and then none is claimed."""
    evidence = probe(REFUSED, others=(peer("fin-wait-2"),))
    message = the("C313", TARGET, evidence).match.message
    assert "The port is in use by a connection" in message
    assert "(pid" not in message
    owned = probe(REFUSED, others=(peer("established", TARGET, "127.0.0.1:5432", NODE),))
    assert "node (pid 99) uses the port" in the("C313", TARGET, owned).match.message


def test_name_with_a_dot_at_its_end() -> None:
    """The sentence ends with one full stop."""
    evidence = probe(resolution=resolves(error=None), outcome="not-resolved")
    assert the("C308", f"localhost.:{PORT}", evidence).match.message.endswith("localhost.")
    assert verdict(classify(f"localhost.:{PORT}"), {0: evidence}).endswith("for localhost.")


def test_cmdlets_are_marked_as_powershell() -> None:
    """cmd.exe does not know them, so the words say where to type them."""
    for fix in the("C304", TARGET, probe(SILENT)).match.fix:
        assert ("in PowerShell" in fix.text) is (fix.command or "").startswith("Get-")


def test_windows_and_macos_commands_find_this_port_alone() -> None:
    """:80 does not find :8080; lsof without sudo would not show other users'."""
    evidence = probe(attempt("timed-out"), listeners=(FULL,), at=machine("windows"))
    fixes = the("C305", TARGET, evidence).match.fix
    assert f'netstat -ano | findstr /R /C:":{PORT} "' in [fix.command for fix in fixes]
    evidence = probe(attempt("timed-out"), listeners=(FULL,), at=machine("macos"))
    (fix,) = [f for f in the("C305", TARGET, evidence).match.fix if "lsof" in (f.command or "")]
    assert (fix.command or "").startswith("sudo lsof")
    assert "without sudo" in fix.text
