"""Long pastes for the benchmarks: each of so many lines, as a tool or a log writes them.

Pure, and without a module of the project: the browser's runtime runs this file too.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def netstat(number: int) -> str:
    """A row of Windows' netstat -ano."""
    here = f"{('0.0.0.0', '127.0.0.1', '192.168.1.20')[number % 3]}:{1024 + number}"
    if number % 4 == 0:
        return f"  TCP    {here:<22} 0.0.0.0:0              LISTENING       {1000 + number % 50}"
    there = f"{'127.0.0.1' if number % 2 else f'10.0.3.{number % 250}'}:{20000 + number}"
    return f"  TCP    {here:<22} {there:<22} ESTABLISHED     {1000 + number % 50}"


def sockets(number: int) -> str:
    """A row of Linux' ss -tanp."""
    here = f"{('127.0.0.1', '[::1]', '10.1.2.3', '0.0.0.0')[number % 4]}:{1024 + number}"
    owner = f'users:(("worker{number % 30}",pid={2000 + number % 90},fd={number % 40}))'
    if number % 4 == 3:
        return f"LISTEN 0      128    {here:<22} 0.0.0.0:*        {owner}"
    there = f"{('127.0.0.1', '[::1]', '10.9.8.7')[number % 4]}:{40000 + number}"
    return f"ESTAB  0      0      {here:<22} {there:<16} {owner}"


def log(number: int) -> str:
    """A line of a server's log; every third one is an error of the same few targets."""
    time = f"2026-11-30T10:{number // 60 % 60:02}:{number % 60:02}Z"
    if number % 3:
        asked = f'127.0.0.1:{50000 + number} - "GET /items/{number} HTTP/1.1" 200 12ms'
        return f"{time} INFO {asked}"
    return f"{time} ERROR connect ECONNREFUSED 127.0.0.1:{8000 + number % 20}"


def errors(number: int) -> str:
    """A line of a log in which each line is an error of its own, of several programs."""
    time = f"2026/11/30 11:{number // 60 % 60:02}:{number % 60:02}"
    port = 3000 + number % 700
    return (
        f"{time} Error: connect ECONNREFUSED ::1:{port}",
        f"{time} dial tcp 10.4.0.{number % 200}:{port}: connect: connection refused",
        f"{time} listen tcp :{port}: bind: address already in use",
        f"{time} getaddrinfo ENOTFOUND db{number % 90}.example.test",
        f"{time} curl: (28) Failed to connect to 192.0.2.{number % 250} port {port}: timed out",
    )[number % 5]


def containers(number: int) -> str:
    """A row of docker ps."""
    port = 8000 + number
    published = (
        f"0.0.0.0:{port}->80/tcp, [::]:{port}->80/tcp", f"127.0.0.1:{port}->5432/tcp", "6379/tcp",
    )[number % 3]  # fmt: skip
    hours = f"{number % 9 + 2} hours"
    return (
        f'{0xA1B2C3D4E5 + number:012x}   shop/service:{number % 9}   "/entrypoint.sh"'
        f"   {hours} ago   Up {hours}   {published:<44}   web-{number}"
    )


HEADS = {
    "netstat": "  Proto  Local Address          Foreign Address        State           PID\n",
    "ss": "State  Recv-Q Send-Q Local Address:Port      Peer Address:Port Process\n",
    "docker ps": (
        "CONTAINER ID   IMAGE            COMMAND            CREATED       STATUS"
        "       PORTS                                          NAMES\n"
    ),
}
LINES: dict[str, Callable[[int], str]] = {
    "netstat": netstat,
    "ss": sockets,
    "log": log,
    "errors": errors,
    "docker ps": containers,
}
"""A line of each kind of paste, by its number."""


def pasted(kind: str, count: int) -> str:
    """A paste of so many lines of one kind, below the head that the tool prints."""
    return HEADS.get(kind, "") + "".join(f"{LINES[kind](number)}\n" for number in range(count))
