"""Listeners that a connection would harm: known by their command, and left alone."""

from __future__ import annotations

import pytest
import situations as real

from checks.model.evidence import Listener, Owner
from checks.probe import fragile, machine, targets
from checks.probe import wait as waiting

HARMED = (
    "nc -l 62893",
    "nc -lvnp 62893",
    "/bin/nc.openbsd -l 127.0.0.1 62893",
    "ncat --listen 62893",
    "socat TCP-LISTEN:62893,reuseaddr STDOUT",
    "socat -d TCP4-LISTEN:62893 EXEC:'/bin/cat'",
    "/usr/bin/socat tcp-l:62893 -",
    "gdbserver --once :62893 ./app",
    "/home/ann/go/bin/dlv dap --listen=127.0.0.1:62893 --log-dest=3",
    "dlv debug ./cmd/web --headless --listen :62893 --api-version=2 -- --accept-multiclient",
    "python3 -m debugpy --listen 0.0.0.0:62893 app.py",
    "/usr/bin/python /x/debugpy/adapter --for-server 4 --host 127.0.0.1 --port 62893",
)

NOT_HARMED = (
    None,
    "",
    "nc 127.0.0.1 62893",
    "nc -lk 62893",
    "nc -k -l 62893",
    "ncat --keep-open --listen 62893",
    "ncat -l --broker 62893",
    "socat TCP-LISTEN:62893,reuseaddr,fork STDOUT",
    "socat TCP-LISTEN:62893,fork=1 STDOUT",
    "socat TCP-LISTEN:1,fork TCP:127.0.0.1:62893",
    "gdbserver --multi :62893",
    "dlv exec ./web --headless --listen=:62893 --accept-multiclient --continue",
    "dlv connect 127.0.0.1:62893",
    "./web dap --headless 62893",
    "python3 -m debugpy --listen 5678 app.py",
    "python3 app.py --listen 62893",
    "python3 -m http.server 62893",
    "vim nc -l 62893",
    "node server.js --port 62893 --with debugpy",
)


@pytest.mark.parametrize("line", HARMED)
def test_a_command_that_serves_one_client_is_known(line: str) -> None:
    """The reason is a clause about the program."""
    assert fragile.why(line, 62893)


@pytest.mark.parametrize("line", NOT_HARMED)
def test_others_are_connected_to(line: str | None) -> None:
    """What serves many, or listens elsewhere, or only names such a program."""
    assert fragile.why(line, 62893) is None


def row(address: str, line: str) -> Listener:
    """A listener whose owner was started by this command line."""
    owner = Owner(7, "x", line, "root", None)
    return Listener(
        "tcp", address, 62893, False, 0, 5, 0, "root", 1, None, (owner,), "host",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "spared"),
    [
        ((row("127.0.0.1", "nc -l 62893"),), True),
        ((row("0.0.0.0", "nc -l 62893"),), True),
        ((row("::", "nc -l 62893"),), True),
        ((row("0.0.0.0", "nginx"), row("127.0.0.1", "nc -l 62893")), True),
        ((row("0.0.0.0", "nc -l 62893"), row("127.0.0.1", "nginx")), False),
        ((row("127.0.0.2", "nc -l 62893"),), False),
        ((row("::1", "nc -l 62893"),), False),
        ((), False),
    ],
)
def test_only_the_one_that_would_answer_counts(rows: tuple[Listener, ...], spared: bool) -> None:
    """The most specific bind takes the connection; the others are not met."""
    (target,) = targets.choose([targets.LOOPBACKS[0]], 62893, (), False)
    assert (fragile.find(target, rows) is not None) is spared


def test_a_diagnosis_does_not_end_what_it_looks_at() -> None:
    """Asked three times, netcat still waits for its one client."""
    with real.netcat("127.0.0.1") as (port, pid):
        found = [real.ask("127.0.0.1", port) for _ in range(3)]
        alive = real.ask("127.0.0.1", port).listeners
    assert {each.outcome for each in found} == {"left-alone"}
    assert [each.attempts[0].outcome for each in found] == ["skipped"] * 3
    assert found[0].attempts[0].reason == "single-use"
    assert (found[0].attempts[0].detail or "").startswith("skipped: nc")
    assert [owner.pid for owner in alive[0].owners] == [pid]


def test_one_that_serves_many_is_asked() -> None:
    """With --keep-open a connection is made, and harms nothing."""
    with real.netcat("127.0.0.1", "--keep-open") as (port, _):
        found = [real.ask("127.0.0.1", port) for _ in range(2)]
    assert [each.outcome for each in found] == ["accepted"] * 2


def test_the_other_family_is_still_asked() -> None:
    """A port without an address: 127.0.0.1 is left alone, ::1 is not."""
    with real.netcat("127.0.0.1") as (port, _):
        found = real.ask(None, port)
    assert found.outcome == "left-alone"
    assert found.attempts[0].outcome == "skipped"
    assert found.attempts[1].outcome in ("refused", "unsupported", "address-not-available")


@pytest.mark.parametrize(
    ("condition", "held"), [("open", True), ("closed", False), ("http", False), ("ssh", False)]
)
def test_to_wait_is_not_to_be_its_client(condition: str, held: bool) -> None:
    """Open is known by the table; what would take a conversation is not asked."""
    facts = machine.facts()
    with real.netcat("127.0.0.1") as (port, _):
        looks = [
            waiting.look(real.endpoint("127.0.0.1", port), waiting.Wanted(condition), 1.0, facts,
                         remote=False)
            for _ in range(2)
        ]  # fmt: skip
    assert [each.held for each in looks] == [held] * 2
    assert held or looks[1].why
