"""Other systems: psutil as it answers here, and parsers on outputs in their documented form."""

from __future__ import annotations

import os
import time
from pathlib import Path

import psutil
import pytest
import situations
from needs import need_ipv6, need_linux, need_root
from situations import ask, free_port

from checks import diagnose
from checks.model.evidence import Probe
from checks.probe import sockets, system
from checks.probe.ask import bind
from checks.probe.machine import elsewhere as other_systems
from checks.probe.machine.interfaces import interfaces
from checks.probe.sockets import psutil_backend
from checks.report import listeners as lists
from checks.report.formats import nagios, text
from checks.report.style import Style
from checks.rules.tables import TABLES

NETSH_DYNAMIC = """
Protocol tcp Dynamic Port Range
---------------------------------
Start Port      : 49152
Number of Ports : 16384

"""
NETSH_DYNAMIC_GERMAN = """
Protokoll tcp Dynamischer Portbereich
---------------------------------
Startport       : 1025
Anzahl von Ports : 64510
"""
NETSH_EXCLUDED = """
Protocol tcp Port Exclusion Ranges

Start Port    End Port
----------    --------
      5357        5357
     50000       50059     *
     61902       62001

* - Administered port exclusions.

"""


# What machines printed, as their owners reported it; the address after each says where.

RECORDED_DYNAMIC = {
    # a runner of GitHub before and after an installation: actions/runner-images, pull 1442
    """
    vhd: Protocol tcp Dynamic Port Range
    vhd: ---------------------------------
    vhd: Start Port      : 49152
    vhd: Number of Ports : 16384
""".replace("    vhd: ", ""): (49152, 65535),
    """
    vhd: Protocol tcp Dynamic Port Range
    vhd: ---------------------------------
    vhd: Start Port      : 1024
    vhd: Number of Ports : 64511
""".replace("    vhd: ", ""): (1024, 65534),
}
RECORDED_EXCLUDED = {
    # a Windows runner: open-telemetry/opentelemetry-collector, pull 10839
    "Protocol tcp Port Exclusion Ranges\r\n\r\n"
    "Start Port    End Port      \r\n----------    --------      \r\n"
    "        80          80      \r\n      5986        5986      \r\n"
    "     47001       47001      \r\n     56638       56737      \r\n"
    "     56738       56837      \r\n\r\n* - Administered port exclusions.\r\n\r\nOk.\r\n":
    "80,5986,47001,56638-56737,56738-56837",
    # the same one, later, with a range that an administrator has made
    "     47001       47001      \r\n     55679       55679     *\r\n": "47001,55679",
    # ranges side by side: open-telemetry/opentelemetry-collector-contrib, pull 10872
    "             51417       51516      \r\n             51517       51616      \r\n":
    "51417-51516,51517-51616",
    # a Spanish Windows with Hyper-V: microsoft/WSL, issue 5306
    "Puerto de inicio    Puerto final\r\n----------          --------\r\n"
    "      1025        1124\r\n      5357        5357\r\n     50000       50059\r\n":
    "1025-1124,5357,50000-50059",
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), RECORDED_DYNAMIC.items())
def test_dynamic_ports_that_windows_printed(text: str, expected: tuple[int, int]) -> None:
    """Recorded outputs."""
    assert other_systems.parse_dynamic_port(text) == expected


@pytest.mark.parametrize(("text", "expected"), RECORDED_EXCLUDED.items())
def test_excluded_ports_that_windows_printed(text: str, expected: str) -> None:
    """Recorded outputs, in two languages."""
    assert other_systems.parse_excluded_ports(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (NETSH_DYNAMIC, (49152, 65535)),
        (NETSH_DYNAMIC_GERMAN, (1025, 65534)),
        ("", None),
        ("The following command was not found.", None),
        ("a : 1\nb : 0", None),
        ("a : ²\nb : 1", None),
    ],
)
def test_windows_dynamic_ports(text: str, expected: tuple[int, int] | None) -> None:
    """Start and count, whatever the words before them."""
    assert other_systems.parse_dynamic_port(text) == expected


def test_windows_excluded_ports() -> None:
    """Lines of two numbers are ranges, with or without the administrator's mark."""
    assert other_systems.parse_excluded_ports(NETSH_EXCLUDED) == "5357,50000-50059,61902-62001"
    assert other_systems.parse_excluded_ports("") == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [("49152\n65535\n", (49152, 65535)), ("10000\n", None), ("", None), ("unknown oid", None)],
)
def test_bsd_ranges(text: str, expected: tuple[int, int] | None) -> None:
    """Two lines, first and last."""
    assert other_systems.parse_sysctl_range(text) == expected


RECORDED_IFCONFIG = {
    # macOS with a second loopback address: libnet/libnet, issue 105; a network address of it: other
    # hosts, and the end of a tunnel: openziti/zrok, issue 599
    """\
lo0: flags=8049<UP,LOOPBACK,RUNNING,MULTICAST> mtu 16384
        options=1203<RXCSUM,TXCSUM,TXSTATUS,SW_TIMESTAMP>
        inet 127.0.0.1 netmask 0xff000000 \n\
        inet6 ::1 prefixlen 128 \n\
        inet6 fe80::1%lo0 prefixlen 64 scopeid 0x1 \n\
        inet 127.0.0.2 netmask 0xffffffff \n\
        nd6 options=201<PERFORMNUD,DAD>
gif0: flags=8010<POINTOPOINT,MULTICAST> mtu 1280
en6: flags=8863<UP,BROADCAST,SMART,RUNNING,SIMPLEX,MULTICAST> mtu 9000
        ether 02:00:00:00:00:01 \n\
        inet6 fe80::49f:3b00:e28c:cf00%en6 prefixlen 64 secured scopeid 0x9 \n\
        inet 192.168.0.13 netmask 0xffffff00 broadcast 192.168.0.255
        media: autoselect (none)
utun5: flags=8051<UP,POINTOPOINT,RUNNING,MULTICAST> mtu 1500
\tinet 10.122.0.1 --> 10.122.0.2 netmask 0xff000000
""": [
        ("lo0", "127.0.0.1", 8), ("lo0", "::1", 128), ("lo0", "fe80::1", 64),
        ("lo0", "127.0.0.2", 32), ("en6", "fe80::49f:3b00:e28c:cf00", 64),
        ("en6", "192.168.0.13", 24), ("utun5", "10.122.0.1", 8),
    ],
    # macOS 13, a long list of properties: brona/iproute2mac, issue 56
    """\
utun4: flags=8051<UP,POINTOPOINT,RUNNING,MULTICAST> mtu 1000 index 18
\teflags=1002080<TXSTART,NOAUTOIPV6LL,ECN_ENABLE>
\tinet6 fe80::ce81:b1c:bd2c:69e%utun4 prefixlen 64 scopeid 0x12
\tagent domain:ids501 type:transport flags:0x4c3 desc:"IDSTransportAgent ids501 : transport"
\tlow power mode: disabled
""": [("utun4", "fe80::ce81:b1c:bd2c:69e", 64)],
    # Linux: its masks are of another form, and it has another witness
    "lo: flags=73<UP,LOOPBACK,RUNNING>  mtu 65536\n        inet 127.0.0.1  netmask 255.0.0.0\n": [],
    "": [],
    "inet 10.0.0.1 netmask 0xff000000\n": [],
    "en0: flags=1<UP>\n inet6 ::1 prefixlen 999\n inet\n inet 10.0.0.1 netmask 0xff\n": [],
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), RECORDED_IFCONFIG.items())
def test_addresses_that_macs_printed(text: str, expected: list[tuple[str, str, int]]) -> None:
    """Recorded outputs: without psutil the machine's addresses are known too."""
    assert list(other_systems.parse_ifconfig(text)) == expected


def test_unknown_systems_have_no_known_range() -> None:
    """What nobody looked up is unknown, not guessed."""
    assert other_systems.ephemeral_range("plan9") is None
    assert other_systems.reserved_ports("plan9") == ""


def test_a_missing_command_gives_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system's command is not to be had the fact is unknown."""
    monkeypatch.setattr(other_systems, "_paths", lambda program: (f"/nowhere/{program}",))
    assert other_systems.ephemeral_range("macos") is None
    assert other_systems.ephemeral_range("windows") is None
    assert other_systems.reserved_ports("windows") == ""


def test_a_hanging_command_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command has its time, and no more."""
    monkeypatch.setattr(other_systems, "_PATIENCE", 0.05)
    began = time.monotonic()
    assert other_systems._run("sleep", "60") == ""
    assert 0.05 <= time.monotonic() - began < 5


def test_commands_are_not_looked_for_in_the_working_directory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Windows looks there first for a bare name; a program of the same name there is not run."""
    for name in ("sysctl", "netsh", "netsh.exe", "ifconfig"):
        (tmp_path / name).write_text("#!/bin/sh\necho 1; echo 2\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f".:{tmp_path}")
    assert other_systems.ephemeral_range("macos") is None
    assert all(os.path.isabs(each) for each in other_systems._paths("sysctl"))
    monkeypatch.setattr(system, "NAME", "windows")
    monkeypatch.setenv("SYSTEMROOT", r"D:\Windows")
    assert other_systems._paths("netsh") == (r"D:\Windows\System32\netsh.exe",)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the probe believe that it runs on a system it has no tables of."""
    monkeypatch.setattr(system, "NAME", "plan9")


class TestPsutil:
    """The table through psutil, compared with the kernel's own here."""

    @pytest.fixture(autouse=True)
    def here(self) -> None:
        """The comparison needs both."""
        need_linux()

    @staticmethod
    def comparable(found: Probe) -> tuple[object, ...]:
        """What both tell."""
        listeners = [
            (*each[:3], each.reach, [owner.pid for owner in each.owners])
            for each in found.listeners
        ]
        return (
            found.outcome,
            listeners,
            [(each.protocol, each.state, each.local, each.remote) for each in found.others],
            [each.outcome for each in found.bindings],
        )  # fmt: skip

    @pytest.mark.parametrize("bound", ["127.0.0.1", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1"])
    def test_agrees_on_listeners(self, bound: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """Address, reach, owner and binding are the same by both witnesses."""
        need_ipv6()
        asked = "127.0.0.1" if bound != "::1" else "::1"
        with situations.listening(bound) as port:
            own = ask(asked, port)
            monkeypatch.setattr(system, "NAME", "plan9")
            other = ask(asked, port)
        assert other.listeners[0].source == "psutil"
        assert self.comparable(own._replace(others=())) == self.comparable(
            other._replace(others=())
        )

    def test_agrees_on_udp(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """An unconnected UDP socket is a listener by both."""
        with situations.udp_bound("127.0.0.1") as port:
            own = ask("127.0.0.1", port)
            monkeypatch.setattr(system, "NAME", "plan9")
            assert self.comparable(own) == self.comparable(ask("127.0.0.1", port))

    def test_agrees_on_leftovers(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """TIME_WAIT and a client's port are rows, not listeners, by both."""
        for situation in (situations.time_wait, situations.client_port):
            with situation("127.0.0.1") as port, pytest.MonkeyPatch.context() as patch:
                own = ask("127.0.0.1", port)
                patch.setattr(system, "NAME", "plan9")
                assert self.comparable(own) == self.comparable(ask("127.0.0.1", port))

    def test_facts_of_the_owner(self, elsewhere: None) -> None:
        """The owner's facts are filled as they are from /proc."""
        with situations.listening("127.0.0.1") as port:
            (owner,) = ask("127.0.0.1", port).listeners[0].owners
        assert (owner.pid, owner.parent) == (os.getpid(), os.getppid())
        assert owner.started is not None
        assert owner.directory == os.getcwd()

    def test_interfaces_agree(self) -> None:
        """Names, addresses and prefix lengths are the kernel's."""
        assert set(other_systems.interfaces()) == set(interfaces())

    @pytest.mark.parametrize(
        "error", [psutil.AccessDenied(), psutil.Error(), OSError(), RuntimeError()]
    )
    def test_failures_are_notes(
        self, error: Exception, elsewhere: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Where psutil fails, or needs root as on macOS, the rest of the answer stands."""

        def fail(**_: object) -> None:
            raise error

        monkeypatch.setattr(psutil, "net_connections", fail)
        found = ask("127.0.0.1", free_port())
        assert found.outcome == "refused"
        assert found.listeners == ()
        assert found.notes[0].startswith("Who listens could not be learned")
        assert found.unread == TABLES

    def test_of_a_table_for_root_only_the_own_part_is_read(self) -> None:
        """As on macOS: one's own listener is named, another user's is not taken for absent."""
        need_root()

        def deny(**_: object) -> None:
            raise psutil.AccessDenied

        with (
            situations.listening_process("127.0.0.1") as (theirs, _),
            situations.other_users_listener("127.0.0.1") as (mine, pid),
            situations.as_nobody(),
            pytest.MonkeyPatch.context() as patch,
        ):
            patch.setattr(psutil, "net_connections", deny)
            patch.setattr(system, "NAME", "plan9")
            seen, unseen, free = (
                sockets.on_port(mine),
                sockets.on_port(theirs),
                ask(None, free_port()),
            )
            listed = sockets.every()
            own = ask("127.0.0.1", mine)
            other = ask("127.0.0.1", theirs)
        assert [owner.pid for owner in seen.listeners[0].owners] == [pid]
        assert unseen.listeners == ()
        assert seen.unread == unseen.unread == free.unread == listed.unread == TABLES
        assert seen.notes == listed.notes == (psutil_backend.DENIED,)
        assert "sudo" in psutil_backend.DENIED
        entries = lists.entries(listed.listeners, own.machine, listed.unread)
        listing = lists.Listing(entries, unread=listed.unread)
        line, state = nagios.listeners(listing, Style())
        assert state == nagios.UNKNOWN
        assert "The socket table could not be read in full." in line
        ports = {row.port for row in listed.listeners}
        assert mine in ports
        assert theirs not in ports
        assert [each.outcome for each in (*own.bindings, *other.bindings)] == ["in-use", "in-use"]
        assert other.bindings[0].detail == bind.UNSEEN


def test_without_psutil_the_note_says_how_to_get_it(
    elsewhere: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line that could not be filled is named, with the command that fills it."""
    monkeypatch.setattr(other_systems, "psutil", None)
    with situations.listening("127.0.0.1") as port:
        found = ask("127.0.0.1", port)
    assert found.outcome == "accepted"
    assert found.listeners == ()
    assert found.bindings[0].errno == "EADDRINUSE"
    assert found.notes == (psutil_backend.MISSING,)
    assert "pip install psutil" in psutil_backend.MISSING
    assert found.unread == TABLES
    assert (found.bindings[0].outcome, found.bindings[0].detail) == ("in-use", bind.UNSEEN)
    assert sockets.every(protocols=("udp",)).unread == ("udp4", "udp6")


def test_a_served_port_without_psutil_is_not_called_unserved(
    elsewhere: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report of a server that answers has no error in it, and says once what was not seen."""
    monkeypatch.setattr(other_systems, "psutil", None)
    with situations.listening("127.0.0.1") as port:
        report = diagnose(f"127.0.0.1:{port}", identify=False)
    assert report.severity in ("ok", "info")
    assert {"C301", "B402"} <= {found.finding.code for found in report.findings}
    assert report.verdict == f"127.0.0.1:{port} answers, but the listening program is not visible."
    shown = " ".join(text.render(report, Style(100)).split())
    assert shown.count(psutil_backend.MISSING) == shown.count("could not be learned") == 1


@pytest.mark.parametrize(
    ("netmask", "length"),
    [("255.255.255.0", 24), ("ffff:ffff::", 32), ("", 0), ("nonsense", 0), ("255.255.255.255", 32)],
)
def test_netmasks(netmask: str, length: int) -> None:
    """A mask is the number of its bits; what is none is 0."""
    assert other_systems._prefix_length(netmask) == length
