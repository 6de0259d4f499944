"""The benchmarks themselves: what tools say is read rightly, and judged by rules; a short soak."""

from __future__ import annotations

import json

import pytest
import scenes
from needs import need_linux
from scenes import Truth

from benchmarks import judge, saying, scan, soak, table

HERE = frozenset({4242})
SS = 'tcp LISTEN 0 128 {}:8080 0.0.0.0:* users:(("python3",pid=4242,fd=3))\n'
LSOF = "python3  4242 root    3u  IPv{} 2048757      0t0  TCP {}:8080 (LISTEN)\n"
PORTWHO = "Listeners:\n  PID:      4242\n  Name:     python3\n  Binds:\n    tcpV{} - {}:8080\n"
PORTPEEK = """Port 8080 is in use:

PROTO  PORT  PID   STATE      PROCESS     ADDRESS
-----  ----  ----  ---------  ----------  -------
{}     8080  4242  LISTENING  python3.11  {}

1 record(s)
"""
KPORT = """\x1b[96m=== DIAGNOSTICS FOR PORT 8080 ===\x1b[0m

OBSERVATION
  Status: OCCUPIED
  - PID 4242 (python3) [\x1b[94mTCP\x1b[0m]
    Parent:     bash (PID 4241)
    Bind:       {}:8080 (Loopback only)
"""
WITR = """Target      : python3

Process     : python3 (pid 4242) {{forked}}

Why It Exists :
  init (pid 1) → bash (pid 4241) → python3 (pid 4242)

Sockets     : {}:8080 (TCP | LISTENING)
"""
NMAP = "PORT     STATE SERVICE REASON\n8080/tcp {} http-proxy {}\n"


@pytest.mark.parametrize(
    ("tool", "text", "code", "verdict"),
    [
        ("nmap", NMAP.format("open", "syn-ack"), 0, "open"),
        ("nmap", NMAP.format("filtered", "no-response"), 0, "filtered"),
        ("nmap", NMAP.format("closed", "reset"), 0, "closed"),
        ("nmap", "nexthost: failed to determine route to 127.0.0.1\nQUITTING!", 1, "unreachable"),
        ("nmap", "", 1, "error"),
        ("ncat", "Ncat: Connected to 127.0.0.1:8080.", 0, "open"),
        ("ncat", "Ncat: Connection refused.", 1, "refused"),
        ("ncat", "Ncat: TIMEOUT.", 1, "timeout"),
        ("ncat", "Ncat: No route to host.", 1, "unreachable"),
        ("wait-on", "", 0, "open"),
        ("wait-on", "Error: Timed out waiting for: tcp:127.0.0.1:8080", 1, "timeout"),
        ("wait-on", "Error: Cannot find module", 1, "error"),
        ("ss", SS.format("127.0.0.1"), 0, "listener"),
        ("ss", "udp UNCONN 0 0 127.0.0.1:8080 0.0.0.0:* users:((\"x\",pid=1,fd=5))", 0, "other"),
        ("ss", "tcp TIME-WAIT 0 0 127.0.0.1:8080 127.0.0.1:33000", 0, "other"),
        ("ss", "", 0, "none"),
        ("lsof", LSOF.format(4, "127.0.0.1"), 0, "listener"),
        ("lsof", "x 9 root 5u IPv4 2 0t0 UDP 127.0.0.1:8080 \n", 0, "other"),
        ("lsof", "x 9 a 5u IPv4 2 0t0 TCP 127.0.0.1:8080->127.0.0.1:9 (ESTABLISHED)", 0, "other"),
        ("lsof", "", 1, "none"),
        ("portwho", PORTWHO.format(4, "127.0.0.1"), 0, "listener"),
        ("portwho", "No processes found bound to this port\n\nNothing to kill", 0, "none"),
        ("portwho", "Traceback", 1, "error"),
        ("portpeek", PORTPEEK.format("TCP", "127.0.0.1"), 0, "listener"),
        ("portpeek", PORTPEEK.format("UDP", "127.0.0.1"), 0, "other"),
        ("portpeek", "Port 8080 is not in use (or not listening).", 1, "none"),
        ("kport", KPORT.format("127.0.0.1"), 0, "listener"),
        ("kport", "OBSERVATION\n  Status: FREE\n", 0, "none"),
        ("kport", "Traceback", 1, "error"),
        ("witr", WITR.format("127.0.0.1"), 1, "listener"),
        ("witr", "Multiple matching processes found:\n[1] x (pid 4242)\n", 4, "listener"),
        ("witr", "no process listening on port 8080\n", 3, "none"),
        ("checks", "no JSON", 1, "error"),
    ],
)  # fmt: skip
def test_what_a_tool_prints_is_read(tool: str, text: str, code: int, verdict: str) -> None:
    """Recorded outputs give the class of the answer that a person would read in them."""
    assert saying.READERS[tool](text, code).verdict == verdict


@pytest.mark.parametrize(
    ("tool", "text"),
    [
        ("ss", SS.format("127.0.0.1")),
        ("lsof", LSOF.format(4, "127.0.0.1")),
        ("portwho", PORTWHO.format(4, "127.0.0.1")),
        ("portpeek", PORTPEEK.format("TCP", "127.0.0.1")),
        ("kport", KPORT.format("127.0.0.1")),
        ("witr", WITR.format("127.0.0.1")),
    ],
)
def test_the_processes_that_a_tool_names_are_read(tool: str, text: str) -> None:
    """Each list names the process, and the answer means yes for that address only."""
    said = saying.READERS[tool](text, 0)
    assert said.pids == HERE
    assert judge.answers(said, "127.0.0.1") is True
    assert judge.answers(said, "127.0.0.2") is False
    assert judge.answers(said, "::1") is False


@pytest.mark.parametrize(
    ("tool", "text", "by_ipv4"),
    [
        ("ss", SS.format("*"), True),
        ("ss", SS.format("[::]"), False),
        ("lsof", LSOF.format(6, "*"), None),
        ("lsof", LSOF.format(4, "*"), True),
        ("portwho", PORTWHO.format(6, "[::]"), None),
        ("portpeek", PORTPEEK.format("TCP", "*"), True),
        ("portpeek", PORTPEEK.format("TCP", "[::]"), False),
        ("kport", KPORT.format("[::]"), None),
    ],
)
def test_a_wildcard_is_taken_for_no_more_than_the_tool_says(
    tool: str, text: str, by_ipv4: bool | None
) -> None:
    """Where a list does not tell whether an IPv6 listener takes IPv4, that is left open."""
    assert judge.answers(saying.READERS[tool](text, 0), "127.0.0.1") is by_ipv4


def test_the_json_of_ours_is_read() -> None:
    """Outcome, codes, sentences and owners come from the document."""
    listener = {"protocol": "tcp", "address": "127.0.0.1",
                "owners": [{"name": "x", "pid": 4242, "user": "root", "command": "x"}]}  # fmt: skip
    document = {
        "verdict": "It answers.",
        "endpoints": [{"probe": {"outcome": "accepted", "listeners": [listener]}}],
        "findings": [{"code": "C301", "message": "m"}, {"code": "A101", "message": "n"}],
    }
    said = saying.checks(json.dumps(document), 0)
    assert (said.verdict, said.findings) == ("open", ("C301",))
    assert judge.named(said.text) == HERE


OPEN = Truth(True, (r"\b4242\b",), listener=True, holders=HERE)
FULL = Truth(False, ("queue",), listener=True, holders=HERE)
CLOSED = Truth(False, ("free",))


@pytest.mark.parametrize(
    ("tool", "text", "code", "truth", "mark"),
    [
        ("ss", SS.format("127.0.0.1"), 0, OPEN, "why"),
        ("nmap", NMAP.format("open", "syn-ack"), 0, OPEN, "yes"),
        ("ss", "", 0, OPEN, "-"),
        ("ss", SS.format("127.0.0.1"), 0, FULL, "-"),
        ("ss", SS.format("127.0.0.1").replace("4242", "4243"), 0, OPEN, "FALSE"),
        ("nmap", NMAP.format("filtered", "no-response"), 0, FULL, "FALSE"),
        ("nmap", NMAP.format("filtered", "no-response"), 0, FULL._replace(filter=True), "yes"),
        ("nmap", NMAP.format("closed", "reset"), 0, FULL, "FALSE"),
        ("nmap", NMAP.format("closed", "reset"), 0, CLOSED, "yes"),
        ("ncat", "Ncat: TIMEOUT.", 1, FULL, "yes"),
        ("ncat", "Ncat: Connected to 127.0.0.1:8080.", 0, FULL, "FALSE"),
        ("portwho", "No processes found bound to this port", 0, FULL, "FALSE"),
        ("portwho", "No processes found bound to this port", 0, CLOSED, "yes"),
        ("portpeek", "Port 8080 is not in use (or not listening).", 1, FULL, "FALSE"),
        ("portpeek", "Port 8080 is not in use (or not listening).", 1,
         Truth(False, ("bound",), holders=HERE), "yes"),
        ("kport", "Status: FREE", 0, CLOSED, "why"),
        ("kport", "Status: FREE", 0, FULL, "FALSE"),
        ("portwho", "Traceback", 1, OPEN, "error"),
    ],
)  # fmt: skip
def test_an_answer_is_judged_by_the_truth(
    tool: str, text: str, code: int, truth: Truth, mark: str
) -> None:
    """The same answer is right in one situation and false in another."""
    said = saying.READERS[tool](text, code)
    assert judge.judge(tool, said, truth, "127.0.0.1").mark == mark


@pytest.mark.parametrize(
    ("findings", "text", "truth"),
    [
        (("C302",), "", FULL),
        (("C304",), "", FULL),
        (("B401",), "", FULL),
        (("C305",), "x (pid 4243) listens", FULL),
    ],
)
def test_ours_is_held_to_the_same(findings: tuple[str, ...], text: str, truth: Truth) -> None:
    """A finding or a pid that the situation contradicts makes our answer false."""
    said = saying.Said("timeout", (), text, findings)
    assert judge.judge("checks", said, truth, "127.0.0.1").mark == "FALSE"


def test_every_mark_is_explained_under_the_table() -> None:
    """The marks that can be given are those of the legend."""
    assert set(judge.MARKS) == {"why", "yes", "-", "FALSE", "HARM", "error"}


def test_the_names_of_scenarios_leave_room_for_the_tools() -> None:
    """Nine columns stand beside a name; no name comes twice."""
    names = [scenario.name for scenario in scenes.SCENARIOS]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 24


def test_a_table_is_aligned_and_has_one_width() -> None:
    """Every line of a table is as long as the others, also where a cell has a bar in it."""
    made = table.markdown(("name", "ms"), [("a|b", 1.234), ("c", 1234.5)]).splitlines()
    assert len({len(line) for line in made}) == 1
    assert made[1].endswith("-: |")
    assert r"a\|b" in made[2]


def test_a_table_without_rows_is_a_header() -> None:
    """Nothing to show is no error."""
    assert len(table.markdown(("name", "ms"), []).splitlines()) == 2


def test_open_ports_are_read_from_both_scans() -> None:
    """Of ours those that accepted; of nmap the lines that say open."""
    line = json.dumps({"port": 22, "outcome": "accepted"})
    silent = json.dumps({"port": 23, "outcome": "timed-out"})
    assert scan.ours(f"{line}\n{silent}\n") == {22}
    assert scan.nmap("PORT STATE\n22/tcp  open  ssh\n23/tcp closed telnet\n") == {22}


def test_a_growing_process_is_seen() -> None:
    """A soak in which descriptors, threads or memory grow has problems, each named."""
    samples = tuple(
        soak.Sample(n, 9 + n // 1000, 1 + n // 1000, 1000.0 + n) for n in range(0, 9001, 500)
    )
    grown = soak.Result(9000, 9000, 1.0, samples, {}, (), {})
    steady = grown._replace(samples=tuple(soak.Sample(s.number, 9, 1, 1000.0) for s in samples))
    assert len(grown.problems) == 3
    assert steady.problems == ()
    assert len(steady._replace(done=8000, wrong=("x: hung",)).problems) == 2


def test_two_hundred_diagnoses_leave_nothing_behind() -> None:
    """Against good and hostile peers nothing grows, nothing hangs and nothing raises."""
    need_linux()
    result = soak.run(200, 200.0)
    assert result.problems == ()
    assert {name for name, spent in result.spent.items() if spent.times} == {*soak.MIX}
