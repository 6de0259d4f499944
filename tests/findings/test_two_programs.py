"""C319 on made evidence: who is told apart, what is said, and where nothing is said."""

from __future__ import annotations

import pytest
from findings.records import (
    NODE,
    PORT,
    PYTHON,
    attempt,
    codes,
    listener,
    probe,
    resolves,
    the,
)

from checks.model.evidence import Activation, Answer, Attempt, Listener, Owner, Probe, Relay

LOCALHOST = f"localhost:{PORT}"
FOUR = listener("127.0.0.1", PYTHON)
SIX = listener("::1", NODE)
MASTER = Owner(7, "nginx", "nginx: master", "ann", None)
WORKERS = [Owner(pid, "nginx", "nginx: worker", "ann", None, parent=7) for pid in (8, 9)]
COPIES = [
    Owner(pid, "python3", f"python3 -m http.server --bind {address}", "ann", None, parent=5)
    for pid, address in ((21, "127.0.0.1"), (22, "::1"))
]


FIRST, SECOND = "172.17.0.2:80", "172.17.0.3:80"


def published(address: str, target: str | None, pid: int) -> Listener:
    """A port that Docker publishes on an address, by a proxy of its own."""
    relay = Relay("docker-proxy", "a published port", target, pid, "docker")
    owner = Owner(pid, "docker-proxy", f"-host-ip {address}", "root", None, parent=3)
    return listener(address, owner, relay=relay)


def both(*rows: Listener) -> Probe:
    """Both loopback addresses accepted, and these listen."""
    return probe(
        attempt("accepted"), attempt("accepted", "::1"), listeners=rows,
        resolution=resolves("127.0.0.1", "::1"),
    )  # fmt: skip


APART = {
    "one process each": (FOUR, SIX),
    "0.0.0.0 and ::1": (listener("0.0.0.0", PYTHON), SIX),
    "two wildcards": (listener("0.0.0.0", PYTHON), listener("::", NODE, v6only=True)),
    ":: for both and 127.0.0.1": (listener("::", NODE, v6only=False), FOUR),
    "containers": (published("127.0.0.1", FIRST, 5), published("::1", SECOND, 6)),
    "a container and a program": (published("127.0.0.1", FIRST, 5), SIX),
}  # fmt: skip
TOGETHER = {
    "one process, two sockets": (FOUR, listener("::1", PYTHON)),
    "one socket": (listener("::", NODE, v6only=False),),
    "parent and child": (listener("127.0.0.1", MASTER), listener("::1", WORKERS[0])),
    "workers": (listener("127.0.0.1", WORKERS[0]), listener("::1", WORKERS[1])),
    "shared with a worker": (listener("127.0.0.1", MASTER, WORKERS[0]), listener("::1", MASTER)),
    "one container": (published("127.0.0.1", FIRST, 5), published("::1", FIRST, 6)),
    "one container, an address each": (
        published("127.0.0.1", FIRST, 5), published("::1", "[fd00::2]:80", 6),
    ),
    "containers that are not known": (published("127.0.0.1", None, 5), published("::1", None, 6)),
    "an owner that is hidden": (FOUR, listener("::1")),
    "a listener that is hidden": (FOUR,),
    "held for a service": (
        FOUR, listener("::1", NODE, activation=Activation("systemd", "x.socket", "x.service")),
    ),
    "perhaps one socket for both": (listener("::", NODE),),
    "perhaps shared": (FOUR, SIX, listener("::1")),
}  # fmt: skip


@pytest.mark.parametrize("rows", APART.values(), ids=list(APART))
def test_two_programs_are_told(rows: tuple[Listener, ...]) -> None:
    """Their processes have nothing to do with each other."""
    assert codes(LOCALHOST, both(*rows), "C") == ["C319", "C301"]


@pytest.mark.parametrize("rows", TOGETHER.values(), ids=list(TOGETHER))
def test_one_program_is_not_two(rows: tuple[Listener, ...]) -> None:
    """One program on two addresses, or what is not known to be two."""
    assert codes(LOCALHOST, both(*rows), "C") == ["C301"]


def test_the_message_names_both_and_who_reaches_which() -> None:
    """Programs with their addresses, clients by the address that they take first."""
    answers = (
        Answer("node", ("127.0.0.1", "::1")),
        Answer("curl", ("127.0.0.1", "::1")),
        Answer("browsers", ("::1", "127.0.0.1")),
        Answer("hosts file", ("::1",)),
    )
    found = the("C319", LOCALHOST, both(FOUR, SIX)._replace(answers=answers))
    assert found.severity == "warning"
    assert found.match.message == (
        f"{LOCALHOST} reaches two programs: python3 (pid 4242) on 127.0.0.1:{PORT} and node (pid"
        f" 99) on [::1]:{PORT}. By that name, Node.js, curl and programs that ask the system try"
        " python3 (pid 4242) first, browsers try node (pid 99) first."
    )
    assert found.match.listeners == (FOUR, SIX)


def test_the_steps_stop_either() -> None:
    """Which one is not wanted is for the reader to say."""
    commands = [fix.command for fix in the("C319", LOCALHOST, both(FOUR, SIX)).match.fix]
    assert commands == [None, f"ss -ltnp 'sport = :{PORT}'", "kill 4242", "kill 99"]


def test_copies_are_a_notice() -> None:
    """The same command for each address may be meant so."""
    evidence = both(*map(listener, ("127.0.0.1", "::1"), COPIES))
    assert the("C319", LOCALHOST, evidence).severity == "notice"


def test_a_port_alone_stands_for_both_addresses() -> None:
    """No name is asked, so no client is spoken of."""
    evidence = both(FOUR, SIX)._replace(resolution=None)
    found = the("C319", f":{PORT}", evidence)
    assert found.match.message.startswith(f"Port {PORT} reaches two programs: python3")
    assert "first" not in found.match.message


@pytest.mark.parametrize(
    "second",
    [
        attempt("refused", "::1"),
        attempt("accepted", "::1")._replace(arrived="elsewhere"),
        attempt("accepted", "::1")._replace(taken=False),
        attempt("accepted", "2001:db8::5"),
    ],
)
def test_both_have_to_be_reached(second: Attempt) -> None:
    """What refuses, is led away by NAT, does not answer or is not loopback is no second program."""
    evidence = both(FOUR, SIX)._replace(attempts=(attempt("accepted"), second))
    assert "C319" not in codes(LOCALHOST, evidence)
