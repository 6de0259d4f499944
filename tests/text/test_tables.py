"""Tables of known tools: rows with and without their heading, and whose end is whose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from counting import counted_lines
from hypothesis import given
from hypothesis import strategies as st

from checks import classify
from checks.text import settings, tables

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

CONTAINERS: list[tuple[str, str, list[str]]] = [
    (
        "docker ps: the container's own port is no endpoint",
        """\
CONTAINER ID  IMAGE        COMMAND      STATUS    PORTS                                    NAMES
0a1b2c3d4e5f  nginx:1.27   "/x\u2026"        Up 2 h    0.0.0.0:8085->80/tcp, [::]:8085->80/tcp  web
1a1b2c3d4e5f  postgres:16  "/y z"       Up 2 h    127.0.0.1:5435->5432/tcp                 db
2a1b2c3d4e5f  redis:7      "/x"         Up 2 h    6379/tcp                                 cache
""",
        [
            "docker ps None",
            "LISTEN | tcp | listener 0.0.0.0:8085 | - | web |  | into 80",
            "LISTEN | tcp | listener :::8085 | - | web |  | into 80",
            "LISTEN | tcp | listener 127.0.0.1:5435 | - | db |  | into 5432",
            " |  | - | - | cache",
        ],
    ),
    (
        "a row of docker ps alone, with a range",
        "5a1b2c3d4e5f  kindest/node:v1  \"/x\"  3 days ago  Up 3 days "
        " 127.0.0.1:50218->6443/tcp, :::9001-9003->9001-9003/tcp   kind-1\n",
        [
            "docker ps None",
            "LISTEN | tcp | listener 127.0.0.1:50218 | - | kind-1 |  | into 6443",
            "LISTEN | tcp | listener :::9001 | - | kind-1 | 9001-9003 | into 9001",
        ],
    ),
    (
        "docker compose ps",
        """\
NAME        IMAGE      COMMAND     SERVICE   CREATED       STATUS       PORTS
app-web-1   app-web    "npm run"   web       2 hours ago   Up 2 hours   0.0.0.0:3005->3000/tcp
app-db-1    postgres   "docker"    db        2 hours ago   Up 2 hours   5432/tcp
""",
        [
            "docker ps None",
            "LISTEN | tcp | listener 0.0.0.0:3005 | - | app-web-1 |  | into 3000",
            " |  | - | - | app-db-1",
        ],
    ),
    (
        "docker-compose of version 1 breaks its cells",
        """\
    Name                  Command               State           Ports
------------------------------------------------------------------------------
app_db_1       docker-entrypoint.sh post ...    Up      0.0.0.0:5436->5432/tcp
app_queue_1    docker-entrypoint.sh rabb ...    Up      15672/tcp,
                                                        0.0.0.0:5673->5672/tcp
""",
        [
            "docker ps None",
            "LISTEN | tcp | listener 0.0.0.0:5436 | - | app_db_1 |  | into 5432",
            " |  | - | - | app_queue_1",
            "LISTEN | tcp | listener 0.0.0.0:5673 | - | app_queue_1 |  | into 5672",
        ],
    ),
    (
        "docker ps with a format: a name and the ports",
        "shop\t0.0.0.0:8087->80/tcp\n",
        ["docker ps None", "LISTEN | tcp | listener 0.0.0.0:8087 | - | shop |  | into 80"],
    ),
    (
        "docker port",
        "80/tcp -> 0.0.0.0:8086\n80/tcp -> [::]:8086\n",
        [
            "docker port None",
            "LISTEN | tcp | listener 0.0.0.0:8086 | - |  |  | into 80",
            "LISTEN | tcp | listener :::8086 | - |  |  | into 80",
        ],
    ),
    (
        "kubectl get svc",
        """\
NAME         TYPE           CLUSTER-IP      EXTERNAL-IP   PORT(S)                      AGE
shop         NodePort       10.107.49.115   <none>        9011:32554/TCP               3d
front        LoadBalancer   10.107.49.116   localhost     81:31234/TCP,444:31235/TCP   3d
""",
        [
            "kubectl get svc None",
            "LISTEN | tcp | listener 10.107.49.115:9011 | - | shop",
            "LISTEN | tcp | listener :32554 | - | shop",
            "LISTEN | tcp | listener 10.107.49.116:81 | - | front",
            "LISTEN | tcp | listener localhost:81 | - | front",
            "LISTEN | tcp | listener :31234 | - | front",
            "LISTEN | tcp | listener :444 | - | front",
            "LISTEN | tcp | listener :31235 | - | front",
        ],
    ),
    (
        "kubectl describe svc",
        """\
IP:                       10.107.49.14
Port:                     web  9012/TCP
NodePort:                 web  32555/TCP
""",
        [
            "kubectl describe svc None",
            " |  | listener 10.107.49.14: | -",
            "LISTEN | tcp | listener :9012 | -",
            "LISTEN | tcp | listener :32555 | -",
        ],
    ),
]  # fmt: skip

WINDOWS: list[tuple[str, str, list[str]]] = [
    (
        "Get-NetTCPConnection as a table, one cell empty",
        """\
LocalAddress  LocalPort RemoteAddress  RemotePort State       AppliedSetting OwningProcess
------------  --------- -------------  ---------- -----       -------------- -------------
::            49671     ::             0          Listen                     5121
127.0.0.1     62893     127.0.0.1      62894      Established Internet       4711
""",
        [
            "Get-NetTCPConnection windows",
            "LISTEN | tcp | listener :::49671 | - | /5121",
            "ESTABLISHED | tcp | local 127.0.0.1:62893 | peer 127.0.0.1:62894 | /4711",
        ],
    ),
    (
        "its columns as chosen, numbers to the right",
        """\
OwningProcess LocalPort LocalAddress State
------------- --------- ------------ -----
         4242      8087 127.0.0.1   Listen
           77     50007 0.0.0.0      Bound
""",
        [
            "Get-NetTCPConnection windows",
            "LISTEN | tcp | listener 127.0.0.1:8087 | - | /4242",
            "BOUND | tcp | local 0.0.0.0:50007 | - | /77",
        ],
    ),
    (
        "Get-NetTCPConnection as a list",
        """\
LocalAddress   : ::1
LocalPort      : 8091
RemoteAddress  : ::
RemotePort     : 0
State          : Listen
AppliedSetting :
OwningProcess  : 4243

LocalAddress   : 127.0.0.1
LocalPort      : 50001
RemoteAddress  : 127.0.0.1
RemotePort     : 8092
State          : TimeWait
OwningProcess  : 0
""",
        [
            "Get-NetTCPConnection windows",
            "LISTEN | tcp | listener ::1:8091 | - | /4243",
            "TIME_WAIT | tcp | local 127.0.0.1:50001 | target 127.0.0.1:8092 | /0",
        ],
    ),
    (
        "Test-NetConnection in vain",
        """\
WARNING: TCP connect to (::1 : 8011) failed

ComputerName           : localhost
RemoteAddress          : ::1
RemotePort             : 8011
SourceAddress          : ::1
TcpTestSucceeded       : False
""",
        [
            "Test-NetConnection windows",
            "FAILED | tcp | - | target ::1:8011",
            "FAILED | tcp | - | target ::1:8011",
        ],
    ),
    (
        "Test-NetConnection with success, as a table",
        """\
ComputerName RemoteAddress RemotePort TcpTestSucceeded
------------ ------------- ---------- ----------------
localhost    127.0.0.1           8012             True
""",
        ["Test-NetConnection windows", "OPEN | tcp | - | target 127.0.0.1:8012"],
    ),
    (
        "netsh interface portproxy show all, in another language",
        """\
IPv4 abh\u00f6ren:             Verbinden mit IPv4:

Adresse         Port        Adresse         Port
--------------- ----------  --------------- ----------
127.0.0.1       11235       127.128.0.22    11236
*               5184        localhost       5173
""",
        [
            "portproxy windows",
            "LISTEN | tcp | listener 127.0.0.1:11235 | target 127.128.0.22:11236",
            "LISTEN | tcp | listener *:5184 | target localhost:5173",
        ],
    ),
    (
        "the ports that Windows reserves",
        """\
Protocol udp Port Exclusion Ranges

Start Port    End Port
----------    --------
      5368        5368
     50011       50070     *
""",
        [
            "excludedportrange windows",
            "RESERVED | udp | - | - |  | 5368-5368",
            "RESERVED | udp | - | - |  | 50011-50070",
        ],
    ),
]

OTHERS: list[tuple[str, str, list[str]]] = [
    (
        "/proc/net/tcp and tcp6",
        """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F92 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000 0 12345 1 0
   1: 00000000000000000000000001000000:0278 00000000000000000000000000000000:0000 0A 0:0 0:0 0
   2: 0400000A:C738 0900000A:1539 01 00000000:00000000 00:00000000 00000000  1000 0 12347 1 0
""",
        [
            "/proc/net/tcp linux",
            "LISTEN | tcp | listener 127.0.0.1:8082 | -",
            "LISTEN | tcp | listener ::1:632 | -",
            "ESTABLISHED | tcp | local 10.0.0.4:51000 | target 10.0.0.9:5433",
        ],
    ),
    (
        "conntrack -L: the first half tells who asked",
        "tcp      6 119 SYN_SENT src=172.19.0.2 dst=10.10.10.12 sport=60002 dport=82 [UNREPLIED]"
        " src=10.244.2.4 dst=172.19.0.2 sport=82 dport=45816\n",
        ["conntrack linux", "SYN_SENT | tcp | local 172.19.0.2:60002 | target 10.10.10.12:82"],
    ),
    (
        "nmap",
        """\
Nmap scan report for box.example (192.0.2.9)
PORT      STATE    SERVICE
82/tcp    open     xfer
633/tcp   filtered servstat
""",
        [
            "nmap None",
            "OPEN | tcp | listener :82 | - | xfer",
            "FILTERED | tcp | target :633 | - | servstat",
        ],
    ),
    (
        "nmap's XML",
        '<address addr="192.0.2.8" addrtype="ipv4"/>\n<port protocol="tcp" portid="2122">'
        '<state state="open" reason="syn-ack"/></port>\n',
        ["nmap None", "OPEN | tcp | listener :2122 | -"],
    ),
    (
        "nc of OpenBSD, Linux and macOS",
        """\
Connection to 127.0.0.1 52891 port [tcp/*] succeeded!
Connection to localhost (::1) 8088 port [tcp/radan-http] succeeded!
Connection to localhost port 8081 [tcp/*] succeeded!
""",
        [
            "nc None",
            "OPEN | tcp | - | target 127.0.0.1:52891",
            "OPEN | tcp | - | target ::1:8088",
            "OPEN | tcp | - | target localhost:8081",
        ],
    ),
    (
        "the other netcats",
        "localhost [127.0.0.1] 8089 (?) open\nNcat: Connected to 127.0.0.1:8085.\n",
        [
            "netcat None",
            "OPEN | tcp | - | target 127.0.0.1:8089",
            "ncat None",
            "OPEN | tcp | - | target 127.0.0.1:8085",
        ],
    ),
    (
        "curl -v and pg_isready",
        "* Connected to localhost (127.0.0.1) port 8093 (#0)\nlocalhost:5437 - accepting"
        " connections\n",
        [
            "curl None",
            "OPEN | tcp | - | target 127.0.0.1:8093",
            "pg_isready None",
            "OPEN | tcp | - | target localhost:5437",
        ],
    ),
    (
        "systemctl list-sockets",
        """\
LISTEN                 UNIT             ACTIVATES
/run/x.sock            x.socket         x.service
127.0.0.1:633          cups.socket      cups.service
[::]:2223              ssh.socket       ssh.service
""",
        [
            "list-sockets linux",
            "LISTEN |  | listener 127.0.0.1:633 | - | cups.socket",
            "LISTEN |  | listener :::2223 | - | ssh.socket",
        ],
    ),
    (
        "fuser, short and with -v",
        """\
8094/tcp:            12345 12346
                     USER        PID ACCESS COMMAND
3001/tcp:            me        12347 F.... node
""",
        [
            "fuser linux",
            " | tcp | listener :8094 | - | /12345",
            " | tcp | listener :3001 | - | node/12347",
        ],
    ),
    (
        "tcpdump of a refusal",
        """\
12:01:02.123456 IP 127.0.0.1.51234 > 127.0.0.1.6500: Flags [S], seq 7, win 65495, length 0
12:01:02.123470 IP 127.0.0.1.6500 > 127.0.0.1.51234: Flags [R.], seq 0, ack 8, win 0, length 0
""",
        [
            "tcpdump None",
            "SYN_SENT | tcp | local 127.0.0.1:51234 | target 127.0.0.1:6500",
            "CLOSED | tcp | target 127.0.0.1:6500 | local 127.0.0.1:51234",
        ],
    ),
    (
        "tcpdump of a reset and of packets without an answer",
        """\
IP6 fe80::9.40112 > fe80::4.7400: Flags [S], seq 99, win 64800, length 0
IP6 fe80::4.7400 > fe80::9.40112: Flags [S.], seq 5, ack 100, win 64260, length 0
IP6 fe80::9.40112 > fe80::4.7400: Flags [P.], seq 1:20, ack 1, win 507, length 19
IP6 fe80::4.7400 > fe80::9.40112: Flags [R.], seq 1, ack 20, win 0, length 0
IP 10.2.0.9.40114 > 10.2.0.4.81: Flags [S], seq 3, win 64240, length 0
IP 10.2.0.9.40114 > 10.2.0.4.81: Flags [S], seq 3, win 64240, length 0
""",
        [
            "tcpdump None",
            "SYN_SENT | tcp | local fe80::9:40112 | target fe80::4:7400",
            "SYN_RECV | tcp | listener fe80::4:7400 | peer fe80::9:40112",
            "ESTABLISHED | tcp | local fe80::9:40112 | target fe80::4:7400",
            "RESET | tcp | listener fe80::4:7400 | peer fe80::9:40112",
            "FILTERED | tcp | local 10.2.0.9:40114 | target 10.2.0.4:81",
            "FILTERED | tcp | local 10.2.0.9:40114 | target 10.2.0.4:81",
        ],
    ),
]

ALL = [*SOCKETS, *CONTAINERS, *WINDOWS, *OTHERS]


@pytest.mark.parametrize(("name", "text", "rows"), ALL, ids=[name for name, _, _ in ALL])
def test_a_table_is_read(name: str, text: str, rows: list[str]) -> None:
    """Each row with its state, protocol, ends and process; a wildcard peer is no endpoint."""
    assert read(text) == rows, name


TEXTS = {text: name for name, text, _ in ALL}


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
        "NAME  CLASS  HOSTS  ADDRESS  PORTS  AGE\nweb  nginx  shop.example  192.0.2.5  80  3d",
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


UNITS = [
    "LISTEN 0 0 1:1 *:*\n", "TCP 1.1.1.1:1 *:*\n", "tcp 0 0 ", "LocalPort x\n", "LocalPort : 1\n",
    "NAME  PORTS\n", "CONTAINER ID  PORTS  NAMES\n", "80->80/tcp ", "80->80/tcp\n", "1 1\n",
    "----------  --------\n", "::1 1 ::1 1\n", "src=1 dst=1 sport=1 dport=1\n", "1/tcp open\n",
    "1/tcp: 1 ", "a.socket ", "Connection to a port 1 succeeded! ", "x ClusterIP a b 1/TCP\n",
    "docker run -p 1:1 ", "ssh -L 1:a:2 ", "listen 1;\n", '- "80:80"\n', "published: 1\n",
    "nc -l 1 ", "vite --host\n", "\\\n", "port-forward a 1 ", "TCP-LISTEN:1,", "address=1\n",
    "&&vite ",
]  # fmt: skip
"""Pieces of tables and commands, which a hostile text repeats."""


@pytest.mark.parametrize("unit", UNITS, ids=ascii)
def test_work_grows_no_faster_than_the_text(unit: str) -> None:
    """Four times the text is at most some four times the lines of Python run."""
    for read_text in (tables.read, settings.read):
        read_text(unit * 400)  # fills what is kept
        small = counted_lines(lambda: read_text(unit * 100))  # noqa: B023 - run at once
        large = counted_lines(lambda: read_text(unit * 400))  # noqa: B023 - run at once
        assert large <= 5 * small + 500


def test_rows_of_powershell_without_a_heading_are_read() -> None:
    """As a person copies them out of a long table."""
    text = (
        "127.0.0.1    51000     127.0.0.1     51001      Established Internet       4711\n"
        "0.0.0.0      8089      0.0.0.0       0          Listen                     912\n"
    )
    (found,) = classify(text).tables
    assert (found.tool, [row.pid for row in found.rows]) == ("Get-NetTCPConnection", [4711, 912])
    assert [row.state for row in found.rows] == ["ESTABLISHED", "LISTEN"]


def test_a_port_published_without_its_protocol_is_read() -> None:
    """As the docker of 2014 printed it."""
    text = (
        "ID             IMAGE          COMMAND    CREATED        STATUS        PORTS\n"
        "0f1e2d3c4b5a   me/web:latest  /start.sh  2 minutes ago  Up 2 minutes  49160->81\n"
    )
    (found,) = classify(text).tables
    row = found.rows[0]
    assert row.local is not None
    assert (row.local.text, row.into, row.protocol) == ("49160", 81, "tcp")
