"""Situations that a person meets: what is set up, what is asked, what is true, what is found.

One set for tests and benchmarks. The truth is known by construction: it is what
the situation sets up. A maker is a context manager; what it needs and the
machine has not skips the test.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import situations as real
from needs import need, need_ipv6, need_root

from checks.probe.sockets import netlink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager


class Truth(NamedTuple):
    """What is so, by construction of the situation."""

    answers: bool | None
    """Whether connect() to the address and port that were asked succeeds; None where the kernel
    accepts and no program takes the connection, so that either word may be said."""
    because: tuple[str, ...] = ()
    """Regular expressions; an answer that matches all of them explains."""
    listener: bool = False
    """A TCP listener holds the address that was asked."""
    elsewhere: bool = False
    """A TCP listener or a UDP socket holds the port, but not for this question."""
    holders: frozenset[int] = frozenset()
    """The processes that hold any socket with this local port."""
    filter: bool = False
    """A packet filter stands in front of the port."""
    also: frozenset[int] | None = frozenset()
    """Processes that are rightly named beside those; None where holders come and go."""


class Scene(NamedTuple):
    """A situation that stands."""

    port: int
    truth: Truth
    host: str = "127.0.0.1"
    """An address or a name, as it is asked."""
    user: int | None = None
    """Who asks; None is the user that runs the benchmark or test."""
    timeout: float = 5.0
    """Seconds that one connection is given; short where it is known to time out."""
    harmed: Callable[[], str | None] = lambda: None
    """What a question has done to the server, in words; None for nothing."""

    path: str | None = None
    """Of a Unix socket, which has no host and port."""

    @property
    def target(self) -> str:
        """What is asked: ``127.0.0.1:62893``, ``[::1]:62893``, ``unix:/run/app.sock``."""
        if self.path is not None:
            return f"unix:{self.path}"
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Scenario(NamedTuple):
    """A line of the table."""

    name: str
    """At most 24 characters: nine tools stand beside it."""
    expected: tuple[str, ...]
    """The findings that must be among those given."""
    make: Callable[[], AbstractContextManager[Scene]]


def _pids(*pids: int) -> tuple[str, ...]:
    return tuple(rf"\b{pid}\b" for pid in pids)


def _ours() -> frozenset[int]:
    return frozenset({os.getpid()})


@contextmanager
def listener(bound: str, asked: str, *facts: str, v6only: bool = False) -> Iterator[Scene]:
    """A listener that takes what is asked; explained by naming its process, and the facts."""
    if ":" in bound:
        need_ipv6()
    with real.listening_process(bound) if not v6only else _v6only(bound) as (port, pid):
        truth = Truth(True, (*_pids(pid), *facts), listener=True, holders=frozenset({pid}))
        yield Scene(port, truth, asked)


@contextmanager
def elsewhere(bound: str, asked: str, fact: str, *, v6only: bool = False) -> Iterator[Scene]:
    """A listener on another address than the one that is asked."""
    if ":" in bound or ":" in asked:
        need_ipv6()
    with real.listening(bound, v6only=v6only) as port:
        yield Scene(port, Truth(False, (fact,), elsewhere=True, holders=_ours()), asked)


@contextmanager
def _v6only(bound: str) -> Iterator[tuple[int, int]]:
    with real.listening(bound, v6only=True) as port:
        yield port, os.getpid()


@contextmanager
def network() -> Iterator[Scene]:
    """A listener on an address of a network, in a namespace of its own."""
    with real.own_network():
        real.address("192.0.2.77/24")
        with real.listening_process("192.0.2.77") as (port, pid):
            truth = Truth(True, _pids(pid), listener=True, holders=frozenset({pid}))
            yield Scene(port, truth, "192.0.2.77")


@contextmanager
def udp() -> Iterator[Scene]:
    """Only UDP has the number."""
    with real.udp_bound("127.0.0.1") as port:
        yield Scene(port, Truth(False, ("udp",), elsewhere=True, holders=_ours()))


@contextmanager
def bound() -> Iterator[Scene]:
    """A TCP socket that was bound and does not listen."""
    facts = (r"\bbound\b|\bbind\b|holds", r"not listen|without listening|does not|never")
    with real.bound_only("127.0.0.1") as port:
        yield Scene(port, Truth(False, facts, holders=_ours()))


@contextmanager
def full(address: str) -> Iterator[Scene]:
    """A listener whose queue has no room."""
    if ":" in address:
        need_ipv6()
    with real.backlog_full(address) as port:
        truth = Truth(False, (r"backlog|queue",), listener=True, holders=_ours())
        yield Scene(port, truth, address, timeout=real.SHORT)


@contextmanager
def lingering() -> Iterator[Scene]:
    """Only TIME_WAIT remembers the port."""
    with real.time_wait("127.0.0.1") as port:
        yield Scene(port, Truth(False, (r"time.wait",)))


@contextmanager
def free() -> Iterator[Scene]:
    """A port that nothing uses."""
    facts = (r"\bfree\b|no program listens|no process|not in use|\bclosed\b",)
    yield Scene(real.free_port(), Truth(False, facts))


@contextmanager
def filtered(rule: str, fact: str, *, listens: bool) -> Iterator[Scene]:
    """A packet filter in front of the port."""
    port = real.free_port()
    with ExitStack() as stack:
        stack.enter_context(real.firewall(rule.format(port=port)))
        holders: frozenset[int] = frozenset()
        if listens:
            _, pid = stack.enter_context(real.listening_process("127.0.0.1", port))
            holders = frozenset({pid})
        truth = Truth(False, (fact,), listener=listens, holders=holders, filter=True)
        yield Scene(port, truth, timeout=real.SHORT)


@contextmanager
def no_route() -> Iterator[Scene]:
    """The loopback interface is down."""
    with real.own_network():
        real.loopback(up=False)
        yield Scene(8080, Truth(False, (r"route|unreach|interface|is down",)), timeout=real.SHORT)


@contextmanager
def pair() -> Iterator[Scene]:
    """Two processes, each with a listener (SO_REUSEPORT)."""
    with real.reuse_port_pair("127.0.0.1") as (port, pids):
        yield Scene(port, Truth(True, _pids(*pids), listener=True, holders=frozenset(pids)))


@contextmanager
def forked() -> Iterator[Scene]:
    """A master and three workers, all of which hold one listener."""
    with real.prefork("127.0.0.1") as (port, master, workers):
        pids = (master, *workers)
        yield Scene(port, Truth(True, _pids(*pids), listener=True, holders=frozenset(pids)))


@contextmanager
def seen() -> Iterator[Scene]:
    """Nobody's listener, asked about by root."""
    with real.other_users_listener("127.0.0.1") as (port, pid):
        facts = (*_pids(pid), "nobody")
        yield Scene(port, Truth(True, facts, listener=True, holders=frozenset({pid})))


@contextmanager
def hidden() -> Iterator[Scene]:
    """Root's listener, asked about by nobody: its uid is no secret."""
    need_root()
    with real.listening_process("127.0.0.1") as (port, pid):
        truth = Truth(True, (r"\broot\b|uid\W*0\b",), listener=True, holders=frozenset({pid}))
        yield Scene(port, truth, user=real.NOBODY)


@contextmanager
def client() -> Iterator[Scene]:
    """The local port of an outgoing connection."""
    facts = (r"estab|outgoing|client|connection",)
    with real.client_port("127.0.0.1") as port:
        yield Scene(port, Truth(False, (*facts, *_pids(os.getpid())), holders=_ours()))


@contextmanager
def looped() -> Iterator[Scene]:
    """A socket that is connected to itself."""
    with real.self_connected("127.0.0.1") as port:
        facts = (rf"itself|self.connect|estab.*:{port}\b.*:{port}\b",)
        yield Scene(port, Truth(False, facts, holders=_ours()))


@contextmanager
def serving(behave: Callable[[socket.socket], None], *facts: str) -> Iterator[Scene]:
    """A server of this process that treats each connection in one way."""
    port = real.free_port()
    kept: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", port), backlog=64) as server:

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    kept.append(connection)
                    behave(connection)

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield Scene(port, Truth(True, facts, listener=True, holders=_ours()))
        server.shutdown(socket.SHUT_RDWR)  # wakes accept()
        thread.join(real.PATIENCE)
    for connection in kept:
        connection.close()


def closing(connection: socket.socket) -> None:
    """Close at once, in order."""
    connection.close()


def silent(_: socket.socket) -> None:
    """Keep it open and say nothing."""


def resetting(connection: socket.socket) -> None:
    """Close at once, with a RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@contextmanager
def relay() -> Iterator[Scene]:
    """The near end of ``ssh -L``; explained by where it leads."""
    need("sshd", "openssh-server")
    need("ssh", "openssh-client")
    need_root()  # a server that is not root lets only its own user in
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="relay-")))
        server, near, far = real.free_port(), real.free_port(), real.free_port()
        stack.enter_context(real.listening("127.0.0.1", far))
        for name in ("host", "user"):
            make = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
            subprocess.run(make, check=True, timeout=real.PATIENCE)
        Path("/run/sshd").mkdir(exist_ok=True)
        options = ["UsePAM=no", "StrictModes=no", "PermitRootLogin=yes", "PidFile=none",
                   "ListenAddress=127.0.0.1", f"AuthorizedKeysFile={folder}/user.pub"]  # fmt: skip
        given = [part for option in options for part in ("-o", option)]
        sshd = [shutil.which("sshd") or "", "-D", "-f", "/dev/null", "-h", str(folder / "host"),
                "-p", str(server), *given]  # fmt: skip
        _start(stack, sshd, server)
        ssh = ["ssh", "-N", "-F", "none", "-i", str(folder / "user"), "-p", str(server), "-o",
               "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o",
               "ExitOnForwardFailure=yes", "-o", "BatchMode=yes",
               "-L", f"127.0.0.1:{near}:127.0.0.1:{far}", "root@127.0.0.1"]  # fmt: skip
        pid = _start(stack, ssh, near)
        facts = (*_pids(pid), rf"\b{far}\b")
        yield Scene(near, Truth(True, facts, listener=True, holders=frozenset({pid})))


def _start(stack: ExitStack, command: list[str], port: int) -> int:
    """Start a program that ends with the stack; return its pid when the port is listened on."""
    quiet = subprocess.DEVNULL
    child = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet)
    stack.callback(child.wait)
    stack.callback(child.kill)
    deadline = time.monotonic() + real.PATIENCE
    while child.poll() is None and time.monotonic() < deadline:
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return child.pid
        time.sleep(0.02)
    raise OSError(f"{command[0]} did not start")


@contextmanager
def two() -> Iterator[Scene]:
    """127.0.0.1 and 0.0.0.0 on one port, with different owners; the nearer one answers."""
    with (
        real.listening_process("127.0.0.1", reuse_port=True) as (port, near),
        real.listening_process("0.0.0.0", port, reuse_port=True) as (_, far),
    ):
        holders = frozenset({near, far})
        yield Scene(port, Truth(True, _pids(near, far), listener=True, holders=holders))


@contextmanager
def both_loopbacks(*, processes: int) -> Iterator[Scene]:
    """127.0.0.1 and ::1 on one port, of one process or of two, asked by the name for both."""
    need_ipv6()
    with ExitStack() as stack:
        if processes == 1:
            port = stack.enter_context(real.listening("127.0.0.1"))
            stack.enter_context(real.listening("::1", port))
            holders = _ours()
        else:
            port, four = stack.enter_context(real.listening_process("127.0.0.1"))
            _, six = stack.enter_context(real.listening_process("::1", port))
            holders = frozenset({four, six})
        truth = Truth(True, _pids(*holders), listener=True, holders=holders)
        yield Scene(port, truth, "localhost")


@contextmanager
def stopped() -> Iterator[Scene]:
    """A listener of a process that a signal has stopped."""
    with real.hung("127.0.0.1") as (port, pid):
        truth = Truth(None, ("stopped",), listener=True, holders=frozenset({pid}))
        yield Scene(port, truth, timeout=real.SHORT, harmed=lambda: filled(port))


def filled(port: int) -> str | None:
    """Whether questions have taken more than one place of a queue that nobody empties."""
    waiting = real.queued(port)
    return f"{waiting} connections stay in its queue" if waiting > 1 else None


@contextmanager
def inside(*, here: bool = False, port: bool = True, user: int | None = None) -> Iterator[Scene]:
    """A listener in another network namespace, as in a container that publishes nothing.

    Arguments:
        here: whether a process listens on the port in this namespace, too.
        port: whether the port that is asked is the one in there.
        user: who asks.
    """
    with real.own_network(), real.in_namespace() as found, ExitStack() as stack:
        asked = found.port if port else real.free_port()
        if here:
            stack.enter_context(real.listening("127.0.0.1", asked))
        facts = (rf"{found.address}|namespace|container", *_pids(found.pid)) if port else ()
        truth = Truth(here, () if here else facts, listener=here, also=frozenset({found.pid}))
        yield Scene(asked, truth, user=user)


@contextmanager
def led_inside() -> Iterator[Scene]:
    """A port that a NAT rule leads to a listener in another network namespace."""
    with real.own_network(), real.in_namespace() as found:
        asked = real.free_port()
        with real.led_to(f"{found.address}:{found.port}", asked):
            facts = (rf"{found.address}:{found.port}\b", *_pids(found.pid))
            yield Scene(asked, Truth(True, facts, also=frozenset({found.pid})))


@contextmanager
def few_ports(*, left: int = 0) -> Iterator[Scene]:
    """A listener that all local ports are connected to, but some."""
    with real.few_local_ports(left=left) as (port, pid):
        facts = (r"no .{0,20}port .{0,20}left|used up|ip_local_port_range", *_pids(pid))
        truth = Truth(
            True if left else None,
            () if left else facts,
            listener=True,
            holders=_ours(),
            also=frozenset({pid}),
        )
        yield Scene(port, truth)


@contextmanager
def inherited(*, alive: bool = False) -> Iterator[Scene]:
    """A listener that sleep got from a server; which is there still, or is not."""
    with real.inherited("127.0.0.1", alive=alive) as (port, pid):
        holders = frozenset({pid, os.getpid()} if alive else {pid})
        facts = ("inherit", *_pids(pid))
        truth = Truth(True if alive else None, facts, listener=True, holders=holders)
        yield Scene(port, truth, timeout=real.SHORT, harmed=lambda: None if alive else filled(port))


@contextmanager
def leaking(files: int) -> Iterator[Scene]:
    """A server that may have 16 descriptors open, of which it has some."""
    with real.leaking("127.0.0.1", files) as (port, pid):
        answers, facts = True if files < 12 else None, (r"16 of 16|descriptor",)
        truth = Truth(answers, facts, listener=True, holders=frozenset({pid}))
        yield Scene(port, truth, timeout=real.SHORT)


@contextmanager
def unclosed(count: int) -> Iterator[Scene]:
    """A server that keeps connections that their clients have closed."""
    with real.unclosed("127.0.0.1", count) as (port, pid):
        truth = Truth(
            True, (r"CLOSE.WAIT|clients have closed", *_pids(pid)), True, holders=frozenset({pid})
        )
        yield Scene(port, truth)


@contextmanager
def restarted(seconds: float) -> Iterator[Scene]:
    """A program of supervisord that listens for some seconds, and is started again."""
    with real.restarted(seconds) as (port, _):
        yield Scene(port, Truth(None, ("supervisor", "again|restart"), also=None))


@contextmanager
def changed(*, program: bool = False, directory: bool = False, again: bool = False) -> Iterator[
    Scene
]:  # fmt: skip
    """A server that answers, whose program or directory went away."""
    with real.changed(program=program, directory=directory, again=again) as (port, pid, _):
        truth = Truth(True, ("replaced|deleted",), listener=True, holders=frozenset({pid}))
        yield Scene(port, truth)


@contextmanager
def in_memory() -> Iterator[Scene]:
    """A server whose program never was a file."""
    with real.in_memory() as (port, pid):
        yield Scene(port, Truth(True, _pids(pid), listener=True, holders=frozenset({pid})))


@contextmanager
def answering(status: int = 200, *facts: str, seconds: float = 0.0) -> Iterator[Scene]:
    """An HTTP server that gives a status, or its first answer late; explained by the facts."""
    with real.http_server(status, seconds=seconds) as (port, pid):
        truth = Truth(True, (*_pids(pid), *facts), listener=True, holders=frozenset({pid}))
        yield Scene(port, truth)


@contextmanager
def busy() -> Iterator[Scene]:
    """A server for one client at a time, which has one."""
    with (
        real.http_server(threads=False) as (port, pid),
        real.connected_client(port) as (_, client),
    ):
        truth = Truth(None, _pids(pid, client), listener=True, holders=frozenset({pid, client}))
        yield Scene(port, truth, timeout=real.SHORT, harmed=lambda: filled(port))


@contextmanager
def on_file_only() -> Iterator[Scene]:
    """A service that listens on its Unix socket, whose port is asked."""
    port = real.free_port()
    with (
        tempfile.TemporaryDirectory(prefix="unix-") as folder,
        socket.socket(socket.AF_UNIX) as server,
    ):
        path = f"{folder}/.s.PGSQL.{port}"
        server.bind(path)
        server.listen(8)
        yield Scene(port, Truth(False, (re.escape(path),), also=_ours()))


@contextmanager
def low_port() -> Iterator[Scene]:
    """A system port, asked about by nobody."""
    need_root()
    with real.own_network():
        yield Scene(81, Truth(False, ("root|privilege",)), user=real.NOBODY)


@contextmanager
def reserved() -> Iterator[Scene]:
    """A port that the administrator keeps out of automatic choice."""
    with real.own_network(), real.sysctl("net.ipv4.ip_local_reserved_ports", "62893"):
        yield Scene(62893, Truth(False, ("reserved",)))


@contextmanager
def fixed(host: str, port: int) -> Iterator[Scene]:
    """An endpoint that needs no preparation, and does not answer."""
    yield Scene(port, Truth(False), host)


@contextmanager
def netcat(*options: str) -> Iterator[Scene]:
    """A program that by default takes one client and is done."""
    with real.netcat("127.0.0.1", *options) as (port, pid):
        truth = Truth(True, _pids(pid), listener=True, holders=frozenset({pid}))
        yield Scene(port, truth, harmed=lambda: None if listens(port) else "it has ended")


def listens(port: int) -> bool:
    """Whether a TCP listener has the port."""
    return bool(list(netlink.sockets("tcp", 4, port, taking=True)))


def of(
    make: Callable[..., AbstractContextManager[Scene]], *args: object, **more: object
) -> Callable[[], AbstractContextManager[Scene]]:
    """A maker with its arguments, to be called when the situation is wanted."""
    return lambda: make(*args, **more)


LOOPBACK = "127.0.0.1"
ANY_FACT = r"0\.0\.0\.0|\*:\d|all interfaces|every address"
DUAL_FACT = r"\*:\d+ +\*:|LISTENING .* \*|dual|both families|IPv4 too|IPv4 as well|IPv4 and IPv6"
"""Not the asterisk of lsof, which stands for both kinds."""
STATUS = r"(?:answers|with|status:?) {0}\b"
DROP_FACT = r"drop|filter|firewall"

SCENARIOS = (
    Scenario("on 127.0.0.1", ("C301", "E501"), of(listener, LOOPBACK, LOOPBACK)),
    Scenario("on 0.0.0.0", ("C301", "E502"), of(listener, "0.0.0.0", LOOPBACK, ANY_FACT)),
    Scenario("on ::1", ("C301", "E501"), of(listener, "::1", "::1")),
    Scenario("on ::1, asked by IPv4", ("C309",), of(elsewhere, "::1", LOOPBACK, "::1")),
    Scenario("on :: dual, by IPv4", ("C301", "E504"), of(listener, "::", LOOPBACK, DUAL_FACT)),
    Scenario(
        "on :: v6only, by IPv4",
        ("C309",),
        of(elsewhere, "::", LOOPBACK, r"\[::\]|v6only|IPv6 only|IPv6", v6only=True),
    ),
    Scenario("on a network address", ("C301", "E503"), network),
    Scenario("on 127.0.0.2 only", ("C310",), of(elsewhere, "127.0.0.2", LOOPBACK, "127.0.0.2")),
    Scenario("UDP only", ("C311",), udp),
    Scenario("bound, not listening", ("B403",), bound),
    Scenario("backlog full, IPv4", ("C305",), of(full, LOOPBACK)),
    Scenario("backlog full, IPv6", ("C305",), of(full, "::1")),
    Scenario("TIME_WAIT only", ("B404",), lingering),
    Scenario("free", ("C302", "B401"), free),
    Scenario(
        "DROP over a listener",
        ("C304",),
        of(filtered, "tcp dport {port} drop", DROP_FACT, listens=True),
    ),
    Scenario(
        "DROP, no listener",
        ("C304",),
        of(filtered, "tcp dport {port} drop", DROP_FACT, listens=False),
    ),
    Scenario(
        "RST over a listener",
        ("C303",),
        of(filtered, "tcp dport {port} reject with tcp reset", "reject|filter|firewall",
            listens=True),
    ),
    Scenario(
        "admin-prohibited",
        ("C306",),
        of(filtered, "tcp dport {port} reject with icmp type admin-prohibited",
            "prohibit|policy|firewall|filter", listens=True),
    ),
    Scenario("no route", ("C307",), no_route),
    Scenario("local ports used up", ("C321",), few_ports),
    Scenario("only in a container", ("C302", "N802"), inside),
    Scenario("NAT into a container", ("C301", "N802"), led_inside),
    Scenario("SO_REUSEPORT pair", ("B408",), pair),
    Scenario("prefork of three", ("B408",), forked),
    Scenario("nobody's, seen by root", ("C301",), seen),
    Scenario("root's, seen by nobody", ("E507",), hidden),
    Scenario("a client's local port", ("C313",), client),
    Scenario("self-connect", ("C312",), looped),
    Scenario("accepts and closes", ("C314",), of(serving, closing, "clos")),
    Scenario("accepts and is silent", ("C315",), of(serving, silent, "silent|no byte")),
    Scenario("a relay (ssh -L)", ("E506",), relay),
    Scenario("two listeners", ("C301",), two),
    Scenario("localhost, two programs", ("C319",), of(both_loopbacks, processes=2)),
    Scenario("stopped (Ctrl-Z)", ("C320", "O701"), stopped),
    Scenario("no descriptor left", ("O703",), of(leaking, 12)),
    Scenario("held by an orphan", ("O704",), inherited),
    Scenario("clients gone, not closed", ("O705",), of(unclosed, 12)),
    Scenario("program file replaced", ("O702",), of(changed, program=True, again=True)),
    Scenario("directory deleted", ("O707",), of(changed, directory=True)),
    Scenario("nc for one client", ("C318",), netcat),
    Scenario("HTTP 502", ("C301", "S608"), of(answering, 502, STATUS.format(502))),
    Scenario("HTTP 500", ("C301", "S608"), of(answering, 500, STATUS.format(500))),
    Scenario("HTTP 403", ("C301",), of(answering, 403, STATUS.format(403))),
    Scenario("answers after 3 s", ("S609",), of(answering, 200, "no.{0,12} answer", seconds=3.0)),
    Scenario("busy with one client", ("C320", "S610"), busy),
    Scenario("on a Unix socket only", ("C328",), on_file_only),
    Scenario("restarted each second", ("O706",), of(restarted, 0.3)),
)  # fmt: skip
"""One line for each situation that a person meets."""
