"""What this system is."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path

import pytest
import situations

from checks.probe import machine
from checks.probe.machine import linux

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")


def test_facts_are_the_kernels() -> None:
    """Ranges and settings are those of /proc/sys, the user the one that runs this."""
    facts = machine.facts()
    with open("/proc/sys/net/ipv4/ip_local_port_range") as file:
        first, last = (int(word) for word in file.read().split())
    assert facts.system == "linux"
    assert facts.ephemeral == (first, last)
    assert facts.user == getpass.getuser()
    assert facts.privileged is (os.geteuid() == 0)
    assert "127.0.0.1" in [each.address for each in facts.interfaces]


def test_facts_follow_the_network_namespace() -> None:
    """Settings and interfaces are those of where it runs."""
    with (
        situations.own_network(),
        situations.sysctl("net.ipv4.ip_local_port_range", "20001 20100"),
        situations.sysctl("net.ipv4.ip_unprivileged_port_start", "0"),
    ):
        facts = machine.facts()
    assert (facts.ephemeral, facts.unprivileged_start) == ((20001, 20100), 0)
    assert {each.name for each in facts.interfaces} == {"lo"}


def test_loopback_up_and_down() -> None:
    """The interface's own flag is asked."""
    with situations.own_network():
        assert machine.loopback_up() is True
        situations.loopback(up=False)
        assert machine.loopback_up() is False


def test_nobody_is_not_privileged() -> None:
    """Rights are those in force, not those of who started the process."""
    with situations.as_nobody():
        assert linux.privileged() is False
    assert linux.privileged() is True


@pytest.mark.parametrize(
    ("text", "expected"),
    [("32768\t60999\n", (32768, 60999)), ("1 2 3", None), ("", None), (None, None), ("² 3", None)],
)
def test_ranges(text: str | None, expected: tuple[int, int] | None) -> None:
    """Two numbers are a range, anything else is unknown."""
    assert linux.parse_range(text) == expected


class TestSurroundings:
    """What the system runs inside, on trees made up for it."""

    @pytest.mark.parametrize(
        ("release", "expected"),
        [
            ("Linux version 5.15.153.1-microsoft-standard-WSL2 (root@x)", "wsl2"),
            ("Linux version 4.4.0-19041-Microsoft (Microsoft@Microsoft.com)", "wsl1"),
            ("Linux version 6.1.0-18-amd64 (debian-kernel@lists.debian.org)", None),
        ],
    )
    def test_wsl(self, release: str, expected: str | None, tmp_path: Path) -> None:
        """WSL's kernels say so in their version."""
        (tmp_path / "proc").mkdir()
        (tmp_path / "proc" / "version").write_text(release)
        assert linux.surroundings(str(tmp_path)) == ((expected,) if expected else ())

    @pytest.mark.parametrize(
        ("path", "text", "expected"),
        [
            (".dockerenv", "", "container docker"),
            ("run/.containerenv", 'engine="podman-4.3.1"', "container podman"),
            ("run/systemd/container", "systemd-nspawn\n", "container systemd-nspawn"),
            ("proc/1/cgroup", "0::/kubepods/pod1/x\n", "container kubepods"),
            ("proc/1/cgroup", "0::/\n", None),
        ],
    )
    def test_containers(self, path: str, text: str, expected: str | None, tmp_path: Path) -> None:
        """Each container manager leaves its own mark."""
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
        assert linux.surroundings(str(tmp_path)) == ((expected,) if expected else ())

    @pytest.mark.parametrize(
        ("own", "first", "expected"),
        [
            ("net:[4026532178]", "net:[4026531833]", ("network namespace 4026532178",)),
            ("net:[4026531833]", "net:[4026531833]", ()),
            ("net:[4026531833]", None, ()),
        ],
    )
    def test_network_namespace(
        self, own: str, first: str | None, expected: tuple[str, ...], tmp_path: Path
    ) -> None:
        """A network that is not the first process' is named; an unknown one is not guessed."""
        for name, link in (("self", own), ("1", first)):
            (tmp_path / "proc" / name / "ns").mkdir(parents=True)
            if link:
                os.symlink(link, tmp_path / "proc" / name / "ns" / "net")
        assert linux.surroundings(str(tmp_path)) == expected

    def test_nothing_to_read(self, tmp_path: Path) -> None:
        """Where nothing can be read nothing is claimed."""
        assert linux.surroundings(str(tmp_path)) == ()


class TestRouteLocalnet:
    """The setting that opens 127.0.0.0/8 to others."""

    def test_names_the_interface(self) -> None:
        """It is read in the network namespace that is asked about."""
        with situations.network_interface() as (name, _, _):
            assert machine.facts().route_localnet == ()
            assert f"route_localnet on {name}" not in machine.facts().surroundings
            with situations.sysctl(f"net.ipv4.conf.{name}.route_localnet", "1"):
                assert machine.facts().route_localnet == (name,)
                assert f"route_localnet on {name}" in machine.facts().surroundings

    def test_of_all(self) -> None:
        """The setting for all rules over each; the ones for lo and for new ones do not."""
        with situations.own_network():
            for quiet in ("lo", "default"):
                with situations.sysctl(f"net.ipv4.conf.{quiet}.route_localnet", "1"):
                    assert machine.facts().route_localnet == ()
            with situations.sysctl("net.ipv4.conf.all.route_localnet", "1"):
                assert machine.facts().route_localnet == ("all",)
                assert "route_localnet on all" in machine.facts().surroundings
