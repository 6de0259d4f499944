"""macOS without root: its own commands, on outputs that owners of Macs published.

Each recording names where it was published. Rows that say nothing new are left out; host
addresses, ports, names of users and some numbers of processes are replaced by others.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from needs import need
from situations import listening

from checks import diagnose
from checks.probe import sockets, system
from checks.probe.machine import elsewhere, tools
from checks.probe.sockets import macos, macos_lsof, macos_netstat, psutil_backend
from checks.report.formats import text as plain_text
from checks.report.style import Style
from checks.rules.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# macOS 10.14, -v without flags and kernel numbers: danielkrainas/node-netstat, issue 26;
# its listener and TIME_WAIT, of an older one without state and options: ly525/blog, issue 45
MOJAVE = """\
Active Internet connections
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)     rhiwat shiwat    pid   epid  state    options
tcp4       0      0  192.168.1.20.52044     192.0.2.35.443         ESTABLISHED 131072 131860   9811      0 0x0102 0x00000008
tcp4      24      0  192.168.1.20.52040     192.0.2.4.443          CLOSE_WAIT  131072 132432   9811      0 0x0122 0x00000008
"""  # noqa: E501 - as printed
OLDER = """\
Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)     rhiwat shiwat    pid   epid
tcp6       0      0  ::1.8081               ::1.54270              ESTABLISHED 407251 146808  88305      0
tcp46      0      0  *.8081                 *.*                    LISTEN      131072 131072  88305      0
tcp6       0      0  ::1.8081               ::1.54294              TIME_WAIT   407182 146808  88305      0
"""  # noqa: E501 - as printed
# macOS 10.12, UDP, which has no state: kevva/pid-from-port, issue 3
UDP = """\
Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)     rhiwat shiwat    pid   epid
udp4       0      0  192.168.1.20.57110     192.0.2.232.443                    1048576  29040    505      0
udp46      0      0  *.5353                 *.*                                 196724   9216    704      0
udp4       0      0  *.*                    *.*                                 196724   9216    401      0
"""  # noqa: E501 - as printed
# macOS 12 to 14, with the kernel's numbers: ddev/ddev, docs/content/users/usage/troubleshooting.md;
# the heading with "(State)" of macOS 14: sindresorhus/pid-port, pull 12
SONOMA = """\
Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (State)      rhiwat  shiwat    pid   epid state  options           gencnt    flags   flags1 usscnt rtncnt fltrs
tcp4       0      0  *.80                   *.*                    LISTEN       131072  131072  10521      0 00100 00000006 000000000000965d 00000000 00000900      1      0 000001
tcp4       0      0  *.443                  *.*                    LISTEN       131072  131072  10521      0 00100 00000006 000000000000965c 00000000 00000900      1      0 000001
"""  # noqa: E501 - as printed
# macOS 15.1, with -l, so that the ends are 45 wide: sebhildebrandt/systeminformation, issue 951;
# the heading of macOS 15: yibn2008/find-process, pull 78
SEQUOIA = """\
Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)        rxbytes    txbytes  rhiwat  shiwat    pid   epid state  options           gencnt    flags   flags1 usecnt rtncnt fltrs
tcp4       0    126  192.168.1.20.52137                            192.0.2.85.443                                ESTABLISHED       9026        316  131072  131600   2903      0 00102 00000000 00000000023c645f 20000081 04000900      2      0 000004
tcp4       0      0  192.168.1.20.52126                            192.0.2.58.443                                ESTABLISHED      17368       1612  262144  131316   5767      0 00102 00000108 00000000023c629c 20000080 04006900      2      0 000004
"""  # noqa: E501 - as printed
# macOS 26, a name with a blank: sindresorhus/pid-port, issue 14; its listeners, IPv4 and IPv6, a
# name cut after 16 characters and one in parentheses: by the printf of network_cmds 741.100.2
TAHOE = """\
Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)          rxbytes      txbytes  rhiwat  shiwat          process:pid    state  options           gencnt    flags   flags1 usecnt rtncnt fltrs
tcp4       0      0  127.0.0.1.49515        127.0.0.1.49472        ESTABLISHED       118268        40208  408008  146988  Autodesk Fusion:22712  00002 00000000 000000000025c5ff 00000081 04000800      3      0 000000
tcp4       0      0  127.0.0.1.49472        *.*                    LISTEN                 0            0  131072  131072  Autodesk Fusion:22712  00100 00000006 000000000025c5f0 00000000 00000800      1      0 000000
tcp46      0      0  *.8000                 *.*                    LISTEN                 0            0  131072  131072           Python:4711   00100 00000006 000000000025c611 00000000 00000800      1      0 000000
tcp6       0      0  *.8001                 *.*                    LISTEN                 0            0  131072  131072 Code Helper (Plu:4712   00100 00000006 000000000025c612 00000000 00000800      1      0 000000
tcp6       0      0  ::1.8000               *.*                    LISTEN                 0            0  131072  131072             node:4713   00100 00000006 000000000025c613 00000000 00000800      1      0 000000
tcp6       0      0  fe80::1%lo0.8000       *.*                    LISTEN                 0            0  131072  131072             node:4713   00100 00000006 000000000025c614 00000000 00000800      1      0 000000
tcp4       0      0  127.0.0.1.9000         *.*                    CLOSED                 0            0  131072  131072             node:4713   00000 00000006 000000000025c615 00000000 00000800      1      0 000000
tcp4       0      0  *.*                    *.*                    CLOSED                 0            0  131072  131072             node:4713   00000 00000000 000000000025c616 00000000 00000800      1      0 000000
"""  # noqa: E501 - as printed
# macOS 12 and 13: miekg/dns, issue 941 (UDP); nextstrain/nextstrain.org, pull 561 (a whole name by
# +c0); tekumara/notes, macos-networking.md (a blank as \\x20). In the form that -F prints: lsof(8),
# "OUTPUT FOR OTHER PROGRAMS"
FIELDS = """\
p687
cControlCenter
f16
tIPv4
PTCP
n*:5000
TST=LISTEN
f17
tIPv6
PTCP
n*:5000
TST=LISTEN
p2866
cCode\\x20Helper
f35
tIPv4
PTCP
n127.0.0.1:6333
TST=LISTEN
f36
tIPv4
PTCP
n127.0.0.1:49515->127.0.0.1:6333
TST=ESTABLISHED
p205
cmDNSResponder
f6
tIPv4
PUDP
n*:5353
f7
tIPv6
PUDP
n[::1]:5353
f8
tREG
n/private/var/log/x
"""
PS = """\
 4711     1 ann              Mon Nov 30 10:00:00 2026     /opt/homebrew/bin/python3 -m http.server 8000
 4712  4711 ann              Mon Nov 30 10:00:01 2026     /Applications/Visual Studio Code.app/Contents/MacOS/Electron --x
10521     1 root             Sun Nov  1 09:05:07 2026     /usr/sbin/httpd -D FOREGROUND
"""  # noqa: E501 - as printed
PROGRAMS = """\
10521 /usr/sbin/httpd
 4713 /Applications/My App.app/Contents/MacOS/My App
"""


def seen(text: str) -> list[tuple[object, ...]]:
    """The rows of a table of netstat, short."""
    found = macos_netstat.read(text)
    assert found is not None
    assert not found.unread
    return [
        (row.protocol, row.state, row.version, row.local, row.local_port, row.v6only, pid, name)
        for row, pid, name in found.entries
    ]


class TestNetstat:
    """The columns of each version, by their headings."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (MOJAVE, [
                ("tcp", "established", 4, "192.168.1.20", 52044, None, 9811, ""),
                ("tcp", "close-wait", 4, "192.168.1.20", 52040, None, 9811, ""),
            ]),
            (OLDER, [
                ("tcp", "established", 6, "::1", 8081, True, 88305, ""),
                ("tcp", "listen", 6, "::", 8081, False, 88305, ""),
                ("tcp", "time-wait", 6, "::1", 8081, True, 0, ""),
            ]),
            (UDP, [
                ("udp", "established", 4, "192.168.1.20", 57110, None, 505, ""),
                ("udp", "closed", 6, "::", 5353, False, 704, ""),
            ]),
            (SONOMA, [
                ("tcp", "listen", 4, "0.0.0.0", 80, None, 10521, ""),
                ("tcp", "listen", 4, "0.0.0.0", 443, None, 10521, ""),
            ]),
            (SEQUOIA, [
                ("tcp", "established", 4, "192.168.1.20", 52137, None, 2903, ""),
                ("tcp", "established", 4, "192.168.1.20", 52126, None, 5767, ""),
            ]),
            (TAHOE, [
                ("tcp", "established", 4, "127.0.0.1", 49515, None, 22712, "Autodesk Fusion"),
                ("tcp", "listen", 4, "127.0.0.1", 49472, None, 22712, "Autodesk Fusion"),
                ("tcp", "listen", 6, "::", 8000, False, 4711, "Python"),
                ("tcp", "listen", 6, "::", 8001, True, 4712, "Code Helper (Plu"),
                ("tcp", "listen", 6, "::1", 8000, True, 4713, "node"),
                ("tcp", "listen", 6, "fe80::1", 8000, True, 4713, "node"),
                ("tcp", "bound", 4, "127.0.0.1", 9000, None, 4713, "node"),
            ]),
        ],
        ids=["10.14", "older", "udp", "14", "15", "26"],
    )  # fmt: skip
    def test_what_macs_printed(self, text: str, expected: list[tuple[object, ...]]) -> None:
        """Rows, families and processes; what has no port is left out."""
        assert seen(text) == expected

    def test_the_queues_are_of_connections_only(self) -> None:
        """Recv-Q of a listener counts bytes here, not clients that wait."""
        rows = [each.row for each in macos_netstat.read(MOJAVE + TAHOE).entries]  # type: ignore[union-attr]
        assert [row.receive for row in rows if row.state == "close-wait"] == [24]
        assert {row.receive for row in rows if row.state == "listen"} == {None}

    def test_localhost_is_read_also_by_name(self) -> None:
        """As without -n."""
        text = SONOMA.replace("  *.80  ", "  localhost.8080  ").replace(
            "*.443 ", "localhost.https "
        )
        found = macos_netstat.read(text)
        assert found is not None
        assert [(each.row.local, each.row.local_port) for each in found.entries] == [
            ("127.0.0.1", 8080)
        ]
        assert found.unread == {"tcp4"}

    @pytest.mark.parametrize(
        "row",
        [
            "tcp6       0      0  2600:4041:4133:0.8000 *.*   LISTEN 0 0 1 1 a:5 0 0 0 0 0 0 0 0",
            "tcp6       0      0  ::1.8000              *.*   14     0 0 1 1 a:5 0 0 0 0 0 0 0 0",
            "tcp6       0      0  ::1.80000             *.*   LISTEN 0 0 1 1 a:5 0 0 0 0 0 0 0 0",
            "tcp6       0      0",
        ],
    )
    def test_a_row_that_cannot_be_read_makes_its_table_unread(self, row: str) -> None:
        """An address that was cut, a state or a form that is new: unknown, not absent."""
        found = macos_netstat.read(TAHOE + row)
        assert found is not None
        assert found.unread == {"tcp6"}
        assert len(found.entries) == 7

    @pytest.mark.parametrize(
        "text",
        ["", "netstat: sysctl: net.inet.tcp.pcblist_n: Operation not permitted\n", "\x1b[31m\n"],
    )
    def test_without_a_heading_nothing_was_read(self, text: str) -> None:
        """Not a machine without sockets."""
        assert macos_netstat.read(text) is None

    @pytest.mark.parametrize(
        ("heading", "pid"),
        [("(state) rhiwat pid epid", 9), ("(state) something else here", 0), ("(state)", 0)],
    )
    def test_columns_of_a_version_to_come(self, heading: str, pid: int) -> None:
        """A heading that is not known gives the socket without a process, not with a wrong one."""
        text = f"Proto Recv-Q Send-Q  Local Address Foreign Address {heading}\n"
        text += "tcp4 0 0 127.0.0.1.80 *.* LISTEN 131072 9 0\n"
        found = macos_netstat.read(text)
        assert found is not None
        assert [(each.row.local_port, each.pid) for each in found.entries] == [(80, pid)]


class TestLsof:
    """Fields of lsof."""

    def test_what_it_prints(self) -> None:
        """Each descriptor with its process; files are passed over."""
        assert [
            (row.protocol, row.state, row.version, row.local, row.local_port, row.remote_port,
             pid, name)
            for row, pid, name in macos_lsof.read(FIELDS)
        ] == [
            ("tcp", "listen", 4, "0.0.0.0", 5000, 0, 687, "ControlCenter"),
            ("tcp", "listen", 6, "::", 5000, 0, 687, "ControlCenter"),
            ("tcp", "listen", 4, "127.0.0.1", 6333, 0, 2866, "Code Helper"),
            ("tcp", "established", 4, "127.0.0.1", 49515, 6333, 2866, "Code Helper"),
            ("udp", "closed", 4, "0.0.0.0", 5353, 0, 205, "mDNSResponder"),
            ("udp", "closed", 6, "::1", 5353, 0, 205, "mDNSResponder"),
        ]  # fmt: skip

    @pytest.mark.parametrize("text", ["", "p\n", "n*:80\n", "px\nf1\nPTCP\n", "\x00\nf\nn[\n"])
    def test_anything_else_is_nothing(self, text: str) -> None:
        """It comes from a program; it is not trusted."""
        assert macos_lsof.read(text) == ()

    def test_it_agrees_with_the_lsof_of_this_machine(self) -> None:
        """The real one prints the same fields."""
        need("lsof", "lsof")
        with listening("127.0.0.1") as port:
            said = tools.output(
                ["lsof", "-nP", "-w", "+c", "0", f"-iTCP:{port}", macos_lsof.FIELDS], 9
            )
        ((row, pid, _),) = macos_lsof.read(said or "")
        assert (row.state, row.local, row.local_port) == ("listen", "127.0.0.1", port)
        assert pid == os.getpid()


class TestPs:
    """Processes."""

    def test_what_it_prints(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The start is local time there, and UTC here; a program's path may have blanks."""
        monkeypatch.setenv("TZ", "America/New_York")
        time.tzset()
        try:
            found = macos.parse_processes(PS, macos.parse_programs(PROGRAMS))
        finally:
            monkeypatch.undo()
            time.tzset()
        assert macos.parse_programs(PROGRAMS) == {10521: "httpd", 4713: "My App"}
        httpd = found[10521]
        assert (httpd.name, httpd.user, httpd.parent) == ("httpd", "root", 1)
        assert httpd.command == "/usr/sbin/httpd -D FOREGROUND"
        assert httpd.started == "2026-11-01T14:05:07Z"
        assert found[4712].name == ""
        assert found[4712].parent == 4711

    @pytest.mark.parametrize("text", ["", "ps: illegal option", "1 2 3", "\x1b 1 a b c d e f g h"])
    def test_anything_else_is_nothing(self, text: str) -> None:
        """No process is made of it."""
        assert macos.parse_processes(text, {}) == {}


class Mac:
    """Stands for the commands of a Mac: what each prints, and what was asked."""

    def __init__(self, **said: str | None) -> None:
        self.said = said
        self.asked: list[tuple[str, ...]] = []

    def outputs(self, commands: Iterable[Sequence[str]], patience: float) -> tuple[str | None, ...]:
        """As :func:`checks.probe.machine.tools.outputs`."""
        assert 0 < patience <= 4
        return tuple(self.output(tuple(command)) for command in commands)

    def output(self, command: tuple[str, ...]) -> str | None:
        """By the program and the protocol or column that it is asked for."""
        self.asked.append(command)
        program = command[0].rpartition("/")[2]
        if program == "netstat":
            program = command[-1]
        elif program == "ps":
            program = "ps" if "user=" in command else "comm"
        return self.said.get(program)


@pytest.fixture
def mac(monkeypatch: pytest.MonkeyPatch) -> Mac:
    """A Mac with two programs on port 8000, and an ordinary user without psutil."""
    made = Mac(tcp=TAHOE, udp=UDP, lsof="", ps=PS, comm=PROGRAMS)
    monkeypatch.setattr(tools, "outputs", made.outputs)
    monkeypatch.setattr(system, "NAME", "macos")
    monkeypatch.setattr(elsewhere, "psutil", None)
    return made


class TestTable:
    """The table that the diagnosis gets."""

    def test_a_port_and_its_owners(self, mac: Mac) -> None:
        """All tables were read; who listens is known, also of other users."""
        found = sockets.on_port(8000)
        assert found.unread == ()
        assert found.notes == ()
        assert found.source == "netstat"
        assert [
            (row.address, row.v6only, row.queue, [owner.pid for owner in row.owners])
            for row in found.listeners
        ] == [
            ("::", False, None, [4711]),
            ("::1", True, None, []),
            ("fe80::1", True, None, []),
        ]
        (python,) = found.listeners[0].owners
        assert (python.name, python.user) == ("Python", "ann")
        assert python.command == "/opt/homebrew/bin/python3 -m http.server 8000"

    def test_a_process_that_ps_does_not_have_is_not_named(self, mac: Mac) -> None:
        """The number is that of the last one that used the socket; it may have ended."""
        row = sockets.on_port(8000).listeners[1]
        assert row.owners == ()
        assert row.reach == "host"

    def test_lsof_adds_those_that_share_the_socket(self, mac: Mac) -> None:
        """netstat names one process of a row."""
        mac.said["lsof"] = (
            "p4711\ncPython\nf3\ntIPv6\nPTCP\nn*:8000\nTST=LISTEN\n"
            "p4712\ncPython\nf3\ntIPv6\nPTCP\nn*:8000\nTST=LISTEN\n"
        )
        row = sockets.on_port(8000).listeners[0]
        assert [owner.pid for owner in row.owners] == [4711, 4712]
        assert row.source == "netstat"

    def test_nothing_on_a_port_is_known_to_be_nothing(self, mac: Mac) -> None:
        """The table was read whole."""
        found = sockets.on_port(8002)
        assert (found.listeners, found.others, found.unread, found.notes) == ((), (), (), ())

    def test_without_netstat_only_ones_own_are_seen(self, mac: Mac) -> None:
        """What lsof does not show may be there."""
        mac.said.update(tcp="", udp=None, lsof=FIELDS)
        found = sockets.on_port(5000)
        assert [row.address for row in found.listeners] == ["0.0.0.0", "::"]
        assert found.unread == TABLES
        assert found.notes == (macos.OWN_ONLY, *found.notes[1:])
        empty = sockets.on_port(8000)
        assert (empty.listeners, empty.unread) == ((), TABLES)

    def test_one_table_alone_may_be_unread(self, mac: Mac) -> None:
        """UDP failed, TCP did not."""
        mac.said["udp"] = None
        assert sockets.on_port(8000).unread == ("udp4", "udp6")

    def test_without_any_of_them_psutil_has_the_word(self, mac: Mac) -> None:
        """It is not installed: the note says how to get it."""
        mac.said.update(tcp=None, udp=None, lsof=None)
        found = sockets.on_port(8000)
        assert (found.listeners, found.unread) == ((), TABLES)
        assert found.notes == (psutil_backend.MISSING,)

    def test_a_slow_lsof_is_told(self, mac: Mac) -> None:
        """The owners of netstat stay."""
        mac.said["lsof"] = None
        found = sockets.on_port(8000)
        assert found.notes == (macos.SLOW,)
        assert found.listeners[0].owners

    def test_without_ps_a_process_has_its_number(self, mac: Mac) -> None:
        """And its name where netstat gives one; a number that is no process has none."""
        here = TAHOE.replace("Python:4711 ", f"Python:{os.getpid()} ").replace("4713", "999999999")
        mac.said.update(tcp=here, ps=None, comm=None)
        found = sockets.on_port(8000)
        assert [(each.pid, each.name) for row in found.listeners for each in row.owners] == [
            (os.getpid(), "Python")
        ]
        assert found.notes == (macos.UNNAMED,)

    def test_a_list_has_listeners_only(self, mac: Mac) -> None:
        """Of both protocols, each socket once."""
        found = sockets.named()
        assert [(row.protocol, row.address, row.port) for row in found.listeners] == [
            ("tcp", "::", 8000), ("tcp", "::1", 8000), ("tcp", "fe80::1", 8000),
            ("tcp", "::", 8001),
            ("tcp", "127.0.0.1", 49472),
            ("udp", "::", 5353),
        ]  # fmt: skip
        assert found.unread == ()
        assert any("-sTCP:LISTEN" in command for command in mac.asked)

    def test_only_what_was_asked_is_run(self, mac: Mac) -> None:
        """By whole paths: a program of the same name in the working directory is not."""
        sockets.every(protocols=("tcp",))
        assert [command[0] for command in mac.asked[:2]] == ["/usr/sbin/netstat", "/usr/sbin/lsof"]
        assert all(command[0].startswith(("/usr/sbin/", "/bin/")) for command in mac.asked)

    def test_root_reads_by_psutil(self, mac: Mac, monkeypatch: pytest.MonkeyPatch) -> None:
        """As before: it sees everything."""
        monkeypatch.setattr(elsewhere, "psutil", psutil)
        monkeypatch.setattr(system, "is_administrator", lambda: True)
        with listening("127.0.0.1") as port:
            found = sockets.on_port(port)
        assert [row.source for row in found.listeners] == ["psutil"]
        assert mac.asked == []

    def test_a_user_with_psutil_reads_by_the_commands(
        self, mac: Mac, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """psutil is denied the table there."""
        monkeypatch.setattr(elsewhere, "psutil", psutil)
        monkeypatch.setattr(system, "is_administrator", lambda: False)
        assert sockets.on_port(8000).source == "netstat"

    def test_the_diagnosis_names_the_owner(self, mac: Mac) -> None:
        """A real server answers here, and the recorded table says who it is."""
        with listening("127.0.0.1") as port:
            mac.said["tcp"] = TAHOE.replace(".8000 ", f".{port} ")
            report = diagnose(f"127.0.0.1:{port}", identify=False)
            shown = plain_text.render(report, Style(100))
        assert "Python (pid 4711)" in shown
        assert "could not" not in shown

    def test_another_users_process_is_not_called_nothing(self, mac: Mac) -> None:
        """Its number is not known to ps; the listener is there all the same."""
        with listening("::1") as port:
            mac.said["tcp"] = TAHOE.replace("  ::1.8000 ", f"  ::1.{port} ")
            report = diagnose(f"[::1]:{port}", identify=False)
        assert "E507" in {found.finding.code for found in report.findings}
        assert "Nothing" not in report.verdict


class TestTools:
    """Commands in bounded time."""

    def test_they_run_side_by_side(self) -> None:
        """Three that sleep take as long as one."""
        nap = (sys.executable, "-c", "import time; time.sleep(0.5); print('x' * 200000)")
        began = time.monotonic()
        assert [len(each or "") for each in tools.outputs((nap, nap, nap), 9)] == [200001] * 3
        assert time.monotonic() - began < 1.45

    def test_one_that_hangs_is_given_up(self) -> None:
        """The others have told what they had; nothing is left running."""
        hang = (sys.executable, "-c", "import time; print(1, flush=True); time.sleep(60)")
        began = time.monotonic()
        assert tools.outputs((hang, ("/bin/echo", "a"), ("/nowhere/x",)), 1.0) == (
            None,
            "a\n",
            None,
        )
        assert time.monotonic() - began < 5

    def test_the_language_is_c(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Names of states and days are read by their words."""
        monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
        assert tools.output(("/bin/sh", "-c", "echo $LC_ALL; exit 3"), 5) == "C\n"


_IFCONFIG = (
    "lo0: flags=1<UP> mtu 1\n\tinet6 ::1 prefixlen 128\n\tinet 127.0.0.1 netmask 0xff000000\n"
)
_RECORDED = (_IFCONFIG, MOJAVE, OLDER, UDP, SONOMA, SEQUOIA, TAHOE, FIELDS, PS, PROGRAMS)
_PIECES = st.sampled_from(
    [
        "0",
        "65536",
        "9" * 5000,
        "*.*",
        ":",
        "pid",
        "process:pid",
        "\n",
        "\x00",
        "\u0663",
        "-1",
        "p",
        "n[",
        "%",
    ]
)


@given(
    st.sampled_from(_RECORDED),
    st.lists(st.tuples(st.integers(0, 4000) | st.integers(0, 90), _PIECES), max_size=6),
)
def test_nothing_is_raised_for_what_a_command_prints(
    text: str, changes: list[tuple[int, str]]
) -> None:
    """Outputs with other pieces in them: rows are read, left out or unread."""
    for at, piece in changes:
        text = text[:at] + piece + text[at + len(piece) :]
    found = macos_netstat.read(text)
    rows = [each.row for each in macos_lsof.read(text)]
    rows += [each.row for each in found.entries] if found else []
    assert all(0 < row.local_port < 65536 for row in rows)
    macos.parse_processes(text, macos.parse_programs(text))
    elsewhere.parse_ifconfig(text)
