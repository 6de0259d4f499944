"""Listeners in other network namespaces: found by every user, and told by what proves them."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import situations
from needs import need, need_root
from situations import INSIDE, OUTSIDE

from checks import diagnose, findings
from checks.model.evidence import Interface
from checks.probe.machine import enter, namespaces, spaces
from checks.text import classify

if sys.platform != "linux":
    pytest.skip("needs Linux", allow_module_level=True)

if TYPE_CHECKING:
    from checks.model.evidence import NamespaceListener, Probe

ID = "5f3b" * 16
LOOPBACK = (Interface("lo", "127.0.0.1", 8), Interface("lo", "::1", 128))


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A loaded machine looks into each namespace as well."""
    monkeypatch.setattr(spaces, "_PATIENCE", situations.PATIENCE)


def told(probe: Probe) -> list[NamespaceListener]:
    """The listeners of other namespaces in the evidence."""
    assert probe.namespaces is not None
    return list(probe.namespaces.listeners)


def said(probe: Probe, target: str) -> str:
    """The verdict, and the message of the finding."""
    read = classify(target)
    (found,) = [one for one in findings.judge(read, {0: probe}) if one.finding.code == "N802"]
    return f"{findings.verdict(read, {0: probe})} {found.match.message}"


class TestOnPort:
    """Nothing listens here, and in another namespace something does."""

    def test_a_program_in_a_container(self) -> None:
        """The container is named by its control group, and where it can be reached from here."""
        with (
            situations.control_group(f"docker-{ID}.scope") as group,
            situations.own_network(),
            situations.in_namespace(group=group) as inside,
        ):
            probe = situations.ask("127.0.0.1", inside.port)
            text = said(probe, f"127.0.0.1:{inside.port}")
        assert probe.outcome == "refused"
        (one,) = told(probe)
        assert (one.why, one.addresses, one.pid) == ("port", (INSIDE,), inside.pid)
        assert [owner.pid for owner in one.listener.owners] == [inside.pid]
        assert one.namespace is not None
        assert text.count(f"(pid {inside.pid}) listens on 0.0.0.0:{inside.port}") == 2
        assert f"in the Docker container {ID[:12]}" in text
        assert f"from this machine it is {INSIDE}:{inside.port}" in text

    def test_the_address_that_is_told_answers(self) -> None:
        """What the fix says to connect to is where the program is."""
        with situations.own_network(), situations.in_namespace() as inside:
            probe = situations.ask("127.0.0.1", inside.port)
            assert f"{INSIDE}:{inside.port}" in said(probe, f"127.0.0.1:{inside.port}")
            assert situations.ask(INSIDE, inside.port, remote=True).outcome == "accepted"

    def test_the_shell_of_the_fix_reaches_the_program(self) -> None:
        """The command that is printed opens a shell where the port is the program's."""
        with situations.own_network(), situations.in_namespace("127.0.0.1") as inside:
            probe = situations.ask("127.0.0.1", inside.port)
            read = classify(f"127.0.0.1:{inside.port}")
            (found,) = [
                one for one in findings.judge(read, {0: probe}) if one.finding.code == "N802"
            ]
            (command,) = [fix.command for fix in found.match.fix if fix.command]
            code = f"import socket; socket.create_connection(('127.0.0.1', {inside.port}), 9)"
            typed = f'"{sys.executable}" -c "{code}" && echo reached\n'
            done = subprocess.run(
                ["sh", "-c", command], input=typed, capture_output=True, text=True, timeout=60,
                env={**os.environ, "SHELL": "/bin/sh"}, check=False,
            )  # fmt: skip
        assert done.stdout == "reached\n", done.stderr

    def test_loopback_of_the_namespace_is_for_it_alone(self) -> None:
        """No address is told where the program would not take a connection."""
        with situations.own_network(), situations.in_namespace("127.0.0.1") as inside:
            probe = situations.ask("127.0.0.1", inside.port)
            text = said(probe, f"127.0.0.1:{inside.port}")
        assert "so only programs in there can connect" in text
        assert INSIDE not in text

    def test_a_namespace_without_a_link_is_not_reached(self) -> None:
        """The listener is told, an address is not."""
        with situations.own_network(), situations.in_namespace(linked=False) as inside:
            probe = situations.ask("127.0.0.1", inside.port)
        (one,) = told(probe)
        assert one.addresses == ()

    def test_a_user_sees_the_listener_and_not_its_process(self) -> None:
        """The table is for everyone to read; nothing is said that was not seen."""
        with (
            situations.control_group(f"docker-{ID}.scope") as group,
            situations.own_network(),
            situations.in_namespace(group=group) as inside,
            situations.as_nobody(),
        ):
            probe = situations.ask("127.0.0.1", inside.port)
            text = said(probe, f"127.0.0.1:{inside.port}")
        (one,) = told(probe)
        assert (one.listener.owners, one.listener.no_owner) == ((), "other-user")
        assert one.namespace is None
        assert "a process of user root (its pid is not visible here)" in text.lower()
        assert f"in the Docker container {ID[:12]}" in text

    def test_several_namespaces_are_asked_as_well_by_one_way_as_by_the_other(self) -> None:
        """Root enters them, a user reads their tables: the same listeners."""
        with (
            situations.own_network(),
            situations.in_namespace(linked=False) as first,
            situations.in_namespace("::", first.port, linked=False) as second,
        ):
            entered = namespaces.on_port(first.port)
            with situations.as_nobody():
                read = namespaces.on_port(first.port)
        for found in (entered, read):
            assert sorted(one.pid for one in found.listeners) == sorted((first.pid, second.pid))
            assert {one.listener.address for one in found.listeners} == {"0.0.0.0", "::"}
        assert {one.listener.source for one in entered.listeners} == {"netlink"}
        assert {one.listener.source for one in read.listeners} == {"procfs"}


class TestNear:
    """Situations that are not it."""

    def test_a_listener_here_answers(self) -> None:
        """Where something listens here no other namespace is looked at."""
        with (
            situations.own_network(),
            situations.in_namespace() as inside,
            situations.listening("127.0.0.1", inside.port),
        ):
            probe = situations.ask("127.0.0.1", inside.port)
        assert probe.outcome == "accepted"
        assert probe.namespaces is None

    def test_another_port_of_this_namespace_explains_more(self) -> None:
        """A listener on ::1 is why 127.0.0.1 is refused."""
        with (
            situations.own_network(),
            situations.in_namespace() as inside,
            situations.listening("::1", inside.port),
        ):
            probe = situations.ask("127.0.0.1", inside.port)
        assert probe.namespaces is None

    def test_a_namespace_without_that_port(self) -> None:
        """It was looked at, and nothing is said of it."""
        with situations.own_network(), situations.in_namespace():
            port = situations.free_port()
            probe = situations.ask("127.0.0.1", port)
            codes = [
                one.finding.code
                for one in findings.judge(classify(f"127.0.0.1:{port}"), {0: probe})
            ]
            text = findings.verdict(classify(f"127.0.0.1:{port}"), {0: probe})
        assert probe.namespaces is not None
        assert (probe.namespaces.listeners, probe.namespaces.complete) == ((), True)
        assert probe.namespaces.looked_at >= 1
        assert "N802" not in codes
        assert text == f"127.0.0.1:{port} refused the connection: no program listens there."

    def test_a_connection_with_the_port_is_no_listener(self) -> None:
        """A client in another namespace has the number as its own port."""
        with (
            situations.own_network(),
            situations.in_namespace() as inside,
            socket.create_connection((INSIDE, inside.port)) as client,
        ):
            found = namespaces.on_port(client.getsockname()[1])
        assert found.listeners == ()


class TestConnection:
    """A NAT rule leads the connection into another namespace."""

    @pytest.mark.parametrize("address", ["127.0.0.1", OUTSIDE], ids=["loopback", "outside"])
    def test_its_other_end_is_the_proof(self, address: str) -> None:
        """On another port, and with another source than it was made from (masquerade)."""
        with (
            situations.own_network(),
            situations.in_namespace() as inside,
            situations.led_to(f"{INSIDE}:{inside.port}", published := situations.free_port()),
        ):
            probe = situations.ask(address, published)
            text = said(probe, f"{address}:{published}")
        assert probe.outcome == "accepted"
        (one,) = told(probe)
        assert (one.why, one.arrived) == ("connection", f"{INSIDE}:{inside.port}")
        assert [owner.pid for owner in one.listener.owners] == [inside.pid]
        assert text.count(f"{INSIDE}:{inside.port} in another network namespace") == 2

    def test_a_user_has_the_proof_too(self) -> None:
        """The row is for everyone to read; its process is hidden."""
        with (
            situations.own_network(),
            situations.in_namespace() as inside,
            situations.led_to(f"{INSIDE}:{inside.port}", published := situations.free_port()),
            situations.as_nobody(),
        ):
            (one,) = told(situations.ask("127.0.0.1", published))
        assert one.arrived == f"{INSIDE}:{inside.port}"
        assert one.listener.no_owner == "other-user"

    def test_another_connection_from_the_same_port_is_no_proof(self) -> None:
        """One source port serves many endpoints: the container's row may be another socket's."""
        with (
            situations.own_network(),
            situations.in_namespace() as inside,
            situations.sysctl("net.ipv4.ip_local_port_range", "40000 40000"),
            socket.create_connection((INSIDE, inside.port)) as client,
        ):
            ours = client.getsockname()
            found = namespaces.of_connection((OUTSIDE, ours[1]), ())
        assert found.listeners == ()

    def test_a_connection_inside_of_a_namespace_is_no_proof(self) -> None:
        """Each namespace has a 127.0.0.1; with our port it is another one's."""
        with (
            situations.own_network(),
            situations.in_namespace(talks=True),
        ):
            found = namespaces.of_connection(("127.0.0.1", 40001), LOOPBACK)
            wide = namespaces.of_connection((INSIDE, 40001), LOOPBACK)
        assert (found.listeners, wide.listeners) == ((), ())

    def test_two_rows_that_may_be_it_are_no_proof(self) -> None:
        """The connection is named where there is one row that it can be."""
        with (
            situations.own_network(),
            situations.in_namespace() as inside,
            situations.led_to(f"{INSIDE}:{inside.port}", port := situations.free_port()),
            socket.create_connection((OUTSIDE, port)) as client,
        ):
            ours = client.getsockname()
            one = namespaces.of_connection(ours, ())
            again = spaces.Space((inside.pid,))
            seen = spaces.others()
            twice = seen._replace(spaces=(again, again))
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(namespaces, "others", lambda: twice)
                two = namespaces.of_connection(ours, ())
        assert len(one.listeners) == 1
        assert two.listeners == ()


class TestBehind:
    """What a relay passes connections on to."""

    def test_the_program_listens_on_loopback_in_there(self) -> None:
        """So nothing takes what the relay passes on, and the listener is named."""
        with situations.own_network(), situations.in_namespace("127.0.0.1") as inside:
            found = namespaces.behind(f"{INSIDE}:{inside.port}")
        assert found is not None
        assert found.relay == f"{INSIDE}:{inside.port}"
        (one,) = found.listeners
        assert (one.why, one.listener.address) == ("relay", "127.0.0.1")

    def test_nothing_listens_in_there(self) -> None:
        """The namespace with the address was looked at."""
        with situations.own_network(), situations.in_namespace():
            found = namespaces.behind(f"{INSIDE}:{situations.free_port()}")
        assert found is not None
        assert found.listeners == ()

    def test_an_address_that_two_namespaces_have_tells_nothing(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As 172.17.0.2 of an engine that runs in a container itself."""
        with situations.own_network(), situations.in_namespace("127.0.0.1") as inside:
            seen = spaces.others()
            space = spaces.Space((inside.pid,))
            monkeypatch.setattr(namespaces, "others", lambda: seen._replace(spaces=(space, space)))
            assert namespaces.behind(f"{INSIDE}:{inside.port}") is None

    @pytest.mark.parametrize(
        "target",
        ["192.0.2.9:80", "web:80", "/run/app.sock", f"{INSIDE}:x"],
        ids=["address", "name", "path", "no-port"],
    )
    def test_a_target_that_is_not_of_this_machine(self, target: str) -> None:
        """Nothing is known of it."""
        with situations.own_network(), situations.in_namespace():
            assert namespaces.behind(target) is None


class TestRelay:
    """A relay that accepts first, and is then refused in the container."""

    @pytest.mark.parametrize(
        ("bound", "words"),
        [
            ("127.0.0.1", "listens on 127.0.0.1:{port} only, which the relay does not reach."),
            ("", "There no program listens on port {port}."),
        ],
    )
    def test_what_is_behind_it_is_named(self, bound: str, words: str) -> None:
        """The verdict says why connections are closed at once, by the container's own table."""
        with (
            situations.own_network(),
            situations.in_namespace(bound or "0.0.0.0") as inside,
        ):
            port = inside.port if bound else situations.free_port()
            with situations.docker_proxy(f"{INSIDE}:{port}") as (published, _):
                target = f"127.0.0.1:{published}"
                report = diagnose(target, timeout=5)
        (found,) = [one for one in report.findings if one.finding.code == "C314"]
        expected = words.format(port=port)
        assert expected in report.verdict
        assert expected in found.match.message
        assert ("0.0.0.0" in found.match.fix[0].text) == bool(bound)

    def test_what_answers_is_not_looked_at(self) -> None:
        """A relay that works costs no look into the container."""
        with (
            situations.own_network(),
            situations.in_namespace(closes=True) as inside,
            situations.docker_proxy(f"{INSIDE}:{inside.port}") as (published, _),
        ):
            report = diagnose(f"127.0.0.1:{published}", timeout=5, identify=False)
        assert report.probes[0].namespaces is None


def test_podman_names_a_container_by_its_monitor(tmp_path: Path) -> None:
    """The parent of a container's first process has the name on its command line."""
    script = tmp_path / "conmon"
    script.write_text("#!/bin/sh\nsleep 600 &\necho $!\nread line\nkill $!\n")
    script.chmod(0o700)
    command = [str(script), "--api-version", "1", "-n", "cache", "-u", ID]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as child:
        assert child.stdout is not None
        assert namespaces.of_monitor(int(child.stdout.readline())) == "cache"
        child.communicate("end\n")
    assert namespaces.of_monitor(os.getpid()) is None


_HIDDEN = """
mount -t proc -o hidepid=$1 proc /proc &&
ip link set lo up && ip link add $2 type veth peer name far0 && "$3" -c '
import os, sys
from checks.cli import main
main(["--json", "127.0.0.1:9"])  # loads what a user may not read
os.setegid(65534)
os.seteuid(65534)
sys.exit(main(["--json", "127.0.0.1:9"]))
'
exit $?  # the shell stays: it is process 1
"""


@pytest.mark.parametrize(
    ("hidepid", "interface", "told"),
    [("2", "docker0", ["docker0"]), ("1", "veth0a1b", ["veth0a1b"]), ("2", "eth7", []),
     ("0", "docker0", [])],
)  # fmt: skip
def test_a_user_who_sees_no_processes_is_told_so(
    hidepid: str, interface: str, told: list[str]
) -> None:
    """Where there are networks of containers; an ordinary machine is not troubled with it."""
    need_root()
    need("unshare", "util-linux")
    command = "unshare --net --mount --pid --fork --kill-child sh -c".split()
    done = subprocess.run(
        [*command, _HIDDEN, "sh", hidepid, interface, sys.executable],
        cwd=Path(__file__).parents[3], capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    document = json.loads(done.stdout.splitlines()[-1])
    found = document["endpoints"][0]["probe"]["namespaces"]
    assert found["containers"] == told, done.stderr
    assert found["complete"] == (hidepid == "0")
    assert ("Containers could not be checked" in document["verdict"]) == bool(told)


def test_hidden_processes_are_not_taken_for_none(tmp_path: Path) -> None:
    """Where /proc shows this user's own processes only, there may be more."""
    for pid in ("7", "self", "thread-self"):
        (tmp_path / pid / "net").mkdir(parents=True)
        (tmp_path / pid / "net" / "tcp").write_text("")
    seen = spaces.others(str(tmp_path))
    assert seen.hidden  # process 1 is not there
    (tmp_path / "1" / "net").mkdir(parents=True)
    os.link(tmp_path / "self" / "net" / "tcp", tmp_path / "1" / "net" / "tcp")
    assert not spaces.others(str(tmp_path)).hidden


def test_without_a_table_of_ones_own_no_other_is_told_apart(tmp_path: Path) -> None:
    """Nothing is called another namespace that may be this one."""
    (tmp_path / "7" / "net").mkdir(parents=True)
    (tmp_path / "7" / "net" / "tcp").write_text("")
    seen = spaces.others(str(tmp_path))
    assert (seen.spaces, seen.hidden) == ((), True)


def test_what_cannot_be_entered_is_read() -> None:
    """Without the right to enter there is no answer, not an empty one."""
    with situations.as_nobody():
        assert enter.listening(["/proc/1"], 80, lambda: False) is None
