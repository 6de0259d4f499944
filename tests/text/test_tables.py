"""Tables of known tools: rows with and without their heading, and whose end is whose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks import classify

if TYPE_CHECKING:
    from checks.text.endpoint import Endpoint
    from checks.text.tables import Row


def shown(end: Endpoint | None) -> str:
    """An end as ``role host:port``; "-" where there is none."""
    if end is None:
        return "-"
    host = "" if end.host is None else end.host.address or end.host.text
    zone = f"%{end.host.zone}" if end.host and end.host.zone else ""
    return f"{end.role} {host}{zone}:{end.port.number if end.port else ''}"


def line(row: Row) -> str:
    """A row with what it has, in one line."""
    owner = f"{row.program}/{row.pid}" if row.pid is not None else row.program
    words = [row.state, row.protocol, shown(row.local), shown(row.peer), owner]
    words += [f"{row.ports[0]}-{row.ports[1]}" if row.ports else ""]
    words += [f"into {row.into}" if row.into is not None else ""]
    return " | ".join(words).rstrip(" |")


def read(text: str) -> list[str]:
    """Every row of every table, each table after its tool."""
    found: list[str] = []
    for table in classify(text).tables:
        found.append(f"{table.tool} {table.system}")
        found += [line(row) for row in table.rows]
    return found


SOCKETS: list[tuple[str, str, list[str]]] = [
    (
        "ss -tlnp with its heading",
        """\
State    Recv-Q   Send-Q     Local Address:Port      Peer Address:Port  Process
LISTEN   0        128              0.0.0.0:22             0.0.0.0:*   users:(("sshd",pid=812,fd=3))
LISTEN   0        511            127.0.0.1:6380           0.0.0.0:*   users:(("redis",pid=9,fd=6))
LISTEN   0        128                 [::]:22                [::]:*   users:(("sshd",pid=812,fd=4))
""",
        [
            "ss linux",
            "LISTEN | tcp | listener 0.0.0.0:22 | - | sshd/812",
            "LISTEN | tcp | listener 127.0.0.1:6380 | - | redis/9",
            "LISTEN | tcp | listener :::22 | - | sshd/812",
        ],
    ),
    (
        "ss -tan, rows alone",
        """\
ESTAB     0 0 10.0.0.4:2222  10.0.0.9:51000
ESTAB     0 0 10.0.0.4:51022 10.0.0.9:5433
LISTEN    0 5 *:2222         *:*
TIME-WAIT 0 0 [fe80::1]%eth0:443 [fe80::2]%eth0:60000
SYN-SENT  0 1 10.0.0.4:40000 10.0.0.8:45000
""",
        [
            "ss linux",
            "ESTABLISHED | tcp | listener 10.0.0.4:2222 | peer 10.0.0.9:51000",
            "ESTABLISHED | tcp | local 10.0.0.4:51022 | target 10.0.0.9:5433",
            "LISTEN | tcp | listener *:2222 | -",
            "TIME_WAIT | tcp | listener fe80::1%eth0:443 | peer fe80::2%eth0:60000",
            "SYN_SENT | tcp | local 10.0.0.4:40000 | target 10.0.0.8:45000",
        ],
    ),
    (
        "ss state listening has no column of states",
        """\
Netid Recv-Q Send-Q Local Address:Port Peer Address:Port
tcp   0      128    127.0.0.53%lo:53   0.0.0.0:*
udp   0      0      127.0.0.1:323      0.0.0.0:*
""",
        [
            "ss linux",
            "LISTEN | tcp | listener 127.0.0.53%lo:53 | -",
            " | udp | listener 127.0.0.1:323 | -",
        ],
    ),
    (
        "an old ss names services and writes its users without pid=",
        'LISTEN 0 128 :::http-alt :::* users:(("java",4321,45))\n',
        ["ss linux", "LISTEN | tcp | listener :::8080 | - | java/4321"],
    ),
    (
        "netstat of Linux, with a translated state",
        """\
tcp6       0      0 :::62893                :::*                    LISTEN      4242/node
tcp        0      0 127.0.0.1:5434          0.0.0.0:*               LISTEN      -
tcp        0      0 10.0.0.4:22             10.0.0.9:51000          VERBUNDEN   77/sshd: me
udp6       0      0 ::1:323                 :::*                                812/chronyd
""",
        [
            "netstat linux",
            "LISTEN | tcp | listener :::62893 | - | node/4242",
            "LISTEN | tcp | listener 127.0.0.1:5434 | -",
            "ESTABLISHED | tcp | listener 10.0.0.4:22 | peer 10.0.0.9:51000 | sshd/77",
            " | udp | listener ::1:323 | - | chronyd/812",
        ],
    ),
    (
        "netstat -tlnpe has columns for the user",
        "tcp 0 0 0.0.0.0:8001 0.0.0.0:* LISTEN 1000 123456 4243/python3\n",
        ["netstat linux", "LISTEN | tcp | listener 0.0.0.0:8001 | - | python3/4243"],
    ),
    (
        "netstat of macOS: a dot before the port",
        """\
Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)
tcp4       0      0  127.0.0.1.62893        *.*                    LISTEN
tcp46      0      0  *.5001                 *.*                    LISTEN
tcp6       0      0  fe80::1%lo0.1026       *.*                    LISTEN
tcp4       0      0  192.168.1.4.53111      198.51.100.2.https     ESTABLISHED
udp46      0      0  *.5353                 *.*
""",
        [
            "netstat macos",
            "LISTEN | tcp | listener 127.0.0.1:62893 | -",
            "LISTEN | tcp | listener *:5001 | -",
            "LISTEN | tcp | listener fe80::1%lo0:1026 | -",
            "ESTABLISHED | tcp | local 192.168.1.4:53111 | target 198.51.100.2:443",
            " | udp | listener *:5353 | -",
        ],
    ),
    (
        "netstat -anv of macOS, before and since version 26",
        """\
tcp46 0 0 *.5001         *.*              LISTEN      131072 131072 4242 0 00100 00000006
tcp4  0 0 127.0.0.1.3001 127.0.0.1.51111  ESTABLISHED 12 13 131072 131072 node:4243 00102 00000106
""",
        [
            "netstat macos",
            "LISTEN | tcp | listener *:5001 | - | /4242",
            "ESTABLISHED | tcp | listener 127.0.0.1:3001 | peer 127.0.0.1:51111 | node/4243",
        ],
    ),
    (
        "netstat of Solaris",
        "      127.0.0.1.52990            *.*                0      0  128000      0 LISTEN\n",
        ["netstat solaris", "LISTEN | tcp | listener 127.0.0.1:52990 | -"],
    ),
    (
        "netstat -anob of a German Windows, one state in a broken code page",
        """\
Aktive Verbindungen

  Proto  Lokale Adresse         Remoteadresse          Status           PID
  TCP    0.0.0.0:135            0.0.0.0:0              ABHÖREN         1044
 RpcSs
 [svchost.exe]
  TCP    127.0.0.1:62893        127.0.0.1:62894        HERGESTELLT     4711
 [code.exe]
  TCP    [::]:445               [::]:0                 ABH\u2122REN         4
  UDP    127.0.0.1:1902         *:*                                    7013
  UDP    [fe80::1c2a:3b4d%12]:5353  *:*                                1235
""",
        [
            "netstat windows",
            "LISTEN | tcp | listener 0.0.0.0:135 | - | svchost.exe/1044",
            "ESTABLISHED | tcp | local 127.0.0.1:62893 | peer 127.0.0.1:62894 | code.exe/4711",
            "LISTEN | tcp | listener :::445 | - | /4",
            " | udp | listener 127.0.0.1:1902 | - | /7013",
            " | udp | listener fe80::1c2a:3b4d%12:5353 | - | /1235",
        ],
    ),
    (
        "netstat of Windows without -n and -o names the machine",
        """\
> TCP    127.0.0.1:8082         MYPC:0                 LISTENING
> TCP    127.0.0.1:55000        kubernetes:https       TIME_WAIT
""",
        [
            "netstat windows",
            "LISTEN | tcp | listener 127.0.0.1:8082 | -",
            "TIME_WAIT | tcp | local 127.0.0.1:55000 | target kubernetes:443",
        ],
    ),
    (
        "lsof -i on macOS, with names for ports and an escaped space",
        """\
COMMAND   PID USER   FD   TYPE             DEVICE SIZE/OFF NODE NAME
node    12345   me   23u  IPv6 0x1a2b3c4d5e6f7890      0t0  TCP *:commplex-main (LISTEN)
Code\\x20H  777 me 23u IPv4 0x1a2b 0t0 TCP localhost:50001->localhost:postgresql (ESTABLISHED)
mDNSRespo  99 _mdns   5u  IPv4 0x1a 0t0  UDP *:mdns
""",
        [
            "lsof macos",
            "LISTEN | tcp | listener *:5000 | - | node/12345",
            "ESTABLISHED | tcp | local localhost:50001 | target localhost:5432 | Code H/777",
            " | udp | listener *:5353 | - | mDNSRespo/99",
        ],
    ),
    (
        "the last column of lsof alone",
        "TCP localhost:8083->localhost:50000 (ESTABLISHED)\n",
        ["lsof None", "ESTABLISHED | tcp | listener localhost:8083 | peer localhost:50000"],
    ),
    (
        "sockstat of FreeBSD",
        """\
USER     COMMAND    PID   FD PROTO  LOCAL ADDRESS         FOREIGN ADDRESS
www      nginx      812   6  tcp4   *:81                  *:*
root     sshd       777   4  tcp4   10.0.0.4:22           10.0.0.9:50111
?        ?          ?     ?  tcp4   127.0.0.1:8084        127.0.0.1:50112
""",
        [
            "sockstat freebsd",
            "LISTEN | tcp | listener *:81 | - | nginx/812",
            " | tcp | listener 10.0.0.4:22 | peer 10.0.0.9:50111 | sshd/777",
            " | tcp | listener 127.0.0.1:8084 | peer 127.0.0.1:50112",
        ],
    ),
]  # fmt: skip
"""What it is, the text, and its rows."""


@pytest.mark.parametrize(("name", "text", "rows"), SOCKETS, ids=[name for name, _, _ in SOCKETS])
def test_a_table_of_sockets_is_read(name: str, text: str, rows: list[str]) -> None:
    """Each row with its state, protocol, ends and process; a wildcard peer is no endpoint."""
    assert read(text) == rows, name


TEXTS = {text: name for name, text, _ in SOCKETS}


@pytest.mark.parametrize("text", TEXTS, ids=list(TEXTS.values()))
def test_every_end_stands_where_it_says(text: str) -> None:
    """Spans cut the ends out of the text, in order; no other endpoint is read in a row."""
    found = classify(text)
    ends = [end for table in found.tables for row in table.rows for end in (row.local, row.peer)]
    ends += [table.about for table in found.tables]
    assert [end for end in found.endpoints if end not in ends] == []
    last = 0
    for end in found.endpoints:
        assert last <= end.span[0] < end.span[1]
        assert text[slice(*end.span)] == end.text
        last = end.span[1]


@pytest.mark.parametrize("text", TEXTS, ids=list(TEXTS.values()))
def test_a_table_is_read_with_the_line_ends_of_windows(text: str) -> None:
    """CRLF is no part of the last cell."""
    assert read(text.replace("\n", "\r\n")) == read(text)


@pytest.mark.parametrize(
    "text",
    [
        "LISTEN 0 5 minutes to music",
        "TCP connect to nowhere failed",
        "udp 0 0 errors counted",
        "the process 4242 has TCP sockets in state LISTEN",
        "TCP 1 2",
    ],
)
def test_words_of_tables_make_no_row(text: str) -> None:
    """A row needs its addresses in their columns."""
    assert read(text) == []


@given(
    st.integers(1, 65535),
    st.integers(1, 99999),
    st.sampled_from(["LISTENING", "OBSERVANDO", "侦听"]),
)
def test_a_row_of_windows_listens_in_every_language(port: int, pid: int, state: str) -> None:
    """The form of the row decides, not the word for its state."""
    text = f"  TCP    0.0.0.0:{port}    0.0.0.0:0    {state}    {pid}"
    assert read(text) == [
        "netstat windows", f"LISTEN | tcp | listener 0.0.0.0:{port} | - | /{pid}",
    ]  # fmt: skip


def test_a_thousand_rows_are_read() -> None:
    """Each row is there; the endpoints have the bound of every text."""
    text = "".join(f"tcp 0 0 127.0.0.1:{1000 + i} 0.0.0.0:* LISTEN {i}/py\n" for i in range(1500))
    found = classify(text)
    assert len(found.tables[0].rows) == 1500
    assert len(found.endpoints) == 1000
