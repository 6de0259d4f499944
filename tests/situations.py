"""Real situations on real sockets, each a context manager that cleans up.

Used by the tests of the probe and of the findings. Nothing here is a mock: a
full backlog is a queue that is full, a hidden process is another user's.
"""

from __future__ import annotations

import ctypes
import itertools
import os
import random
import select
import selectors
import shlex
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, NamedTuple

from needs import missing, need, need_root

from checks import ports
from checks.address import host as hosts
from checks.probe import investigate
from checks.probe.sockets import netlink
from checks.text.endpoint import Endpoint

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from checks.model.evidence import Probe

PATIENCE = 60.0
"""Seconds after which a situation that does not come about is an error."""

_FIRST, _LAST = 11000, 31999
"""Outside Linux' ephemeral range, so that no connection takes the port meanwhile."""

_ports = itertools.count(random.SystemRandom().randrange(_FIRST, _LAST))

NOBODY = 65534
"""Debian's uid and gid of the user that owns nothing."""


class Process(NamedTuple):
    """A child that has done what it was started for, and waits."""

    pid: int
    said: str
    """The line it printed when it was ready."""


def endpoint(host: str | None, port: int | str | None) -> Endpoint:
    """An endpoint as the classifier makes it from a host and a port."""
    read = None if host is None else hosts.read(host)
    return Endpoint(
        f"{host}:{port}", (0, 1), None, read, None if port is None else ports.parse(str(port))
    )


def ask(
    host: str | None,
    port: int | str | None,
    *,
    timeout: float = 5.0,
    remote: bool = False,
    activate: bool = False,
) -> Probe:
    """Investigate a host and a port; a silent one is to be given a short timeout.

    What speaks there is not asked: the listeners of most situations say nothing.
    """
    return investigate(
        endpoint(host, port), timeout=timeout, remote=remote, identify=False, activate=activate
    )


SO_BINDTODEVICE = 25
"""Linux, include/uapi/asm-generic/socket.h; other systems have no such option."""

SHORT = 0.2
"""Seconds, the timeout for what is known to stay silent."""


def family(address: str) -> socket.AddressFamily:
    """The family of a numeric address."""
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def free_port() -> int:
    """A port that nothing uses, on any address, TCP or UDP."""
    while True:
        port = _FIRST + next(_ports) % (_LAST - _FIRST + 1)
        if all(
            _is_free(kind, address, port)
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM)
            for address in ("0.0.0.0", "::")
        ):
            return port


def unused() -> str:
    """An endpoint of this machine that nothing uses: ``127.0.0.1:20202``."""
    return f"127.0.0.1:{free_port()}"


def _is_free(kind: socket.SocketKind, address: str, port: int) -> bool:
    try:
        with socket.socket(family(address), kind) as trial:
            trial.bind((address, port))
    except OSError as error:
        return error.errno != 98  # a machine without IPv6 has all its IPv6 ports free
    return True


def _bound(
    address: str,
    port: int,
    *,
    kind: socket.SocketKind = socket.SOCK_STREAM,
    v6only: bool = True,
    reuse_address: bool = False,
    reuse_port: bool = False,
    scope: str | None = None,
    device: str | None = None,
) -> socket.socket:
    opened = socket.socket(family(address), kind)
    try:
        if family(address) == socket.AF_INET6:
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(v6only))
        if reuse_address:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if reuse_port:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if device:
            opened.setsockopt(socket.SOL_SOCKET, SO_BINDTODEVICE, device.encode() + b"\0")
        zone = (0, socket.if_nametoindex(scope)) if scope else ()
        opened.bind((address, port, *zone))
    except OSError:
        opened.close()
        raise
    return opened


@contextmanager
def listening(
    address: str,
    port: int | None = None,
    *,
    v6only: bool = False,
    backlog: int = 64,
    reuse_port: bool = False,
    scope: str | None = None,
    device: str | None = None,
) -> Iterator[int]:
    """A TCP listener of this process; yields its port. It accepts, reads and says nothing.

    Arguments:
        address: the numeric address to bind.
        port: the port; a free one where none is given.
        v6only: whether an IPv6 listener refuses IPv4.
        backlog: connections that may wait, less one.
        reuse_port: whether others may listen beside it (SO_REUSEPORT).
        scope: the interface of a link-local address.
        device: the network device that the socket is bound to. Needs root.
    """
    port = port or free_port()
    with _bound(
        address, port, v6only=v6only, reuse_port=reuse_port, scope=scope, device=device
    ) as listener:
        listener.listen(backlog)
        serving = threading.Thread(target=_take, args=(listener,))
        serving.start()
        try:
            yield port
        finally:
            listener.shutdown(socket.SHUT_RDWR)  # wakes the thread
            serving.join(PATIENCE)


def _take(listener: socket.socket) -> None:
    """Accept and read until the listener is shut down."""
    with selectors.DefaultSelector() as selector:
        selector.register(listener, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                ready = key.fileobj
                assert isinstance(ready, socket.socket)
                try:
                    if ready is listener:
                        selector.register(listener.accept()[0], selectors.EVENT_READ)
                        continue
                    if ready.recv(65536):
                        continue
                except OSError:
                    if ready is listener:
                        for other in [*selector.get_map().values()]:
                            assert isinstance(other.fileobj, socket.socket)
                            if other.fileobj is not listener:
                                other.fileobj.close()
                        return
                selector.unregister(ready)
                ready.close()


@contextmanager
def hung(
    address: str, port: int | None = None, *, backlog: int = 5, reuse_port: bool = False
) -> Iterator[tuple[int, int]]:
    """A listener of a process that was stopped by a signal; yields its port and the pid."""
    port = port or free_port()
    code = _LISTEN + "print('ready')\nwait()\n"
    arguments = (address, str(port), str(int(reuse_port)), str(backlog))
    with process(code, *arguments) as child:
        os.kill(child.pid, signal.SIGSTOP)
        try:
            os.waitpid(child.pid, os.WUNTRACED)
            yield port, child.pid
        finally:
            os.kill(child.pid, signal.SIGCONT)


def queued(port: int) -> int:
    """How many connections wait for the listeners of a port, as the kernel has it."""
    return sum(
        row.receive or 0
        for version in (4, 6)
        for row in netlink.sockets("tcp", version, port, taking=True)
    )


@contextmanager
def accepting(address: str, *, device: str | None = None) -> Iterator[tuple[int, socket.socket]]:
    """A TCP listener of this process; yields its port and the socket to accept on."""
    port = free_port()
    with _bound(address, port, device=device) as listener:
        listener.listen(64)
        listener.settimeout(PATIENCE)
        yield port, listener


@contextmanager
def udp_bound(address: str, port: int | None = None) -> Iterator[int]:
    """An unconnected UDP socket; yields its port."""
    port = port or free_port()
    with _bound(address, port, kind=socket.SOCK_DGRAM, v6only=False):
        yield port


@contextmanager
def bound_only(address: str, port: int | None = None) -> Iterator[int]:
    """A TCP socket that has a port and does not listen; yields the port."""
    port = port or free_port()
    with _bound(address, port):
        yield port


@contextmanager
def backlog_full(address: str, listeners: list[socket.socket] | None = None) -> Iterator[int]:
    """A listener whose queue of one is taken; further connects get no answer.

    Arguments:
        address: the numeric address to listen on.
        listeners: gets the listening socket, for a test that makes room again.
    """
    port = free_port()
    with ExitStack() as stack:
        listener = stack.enter_context(_bound(address, port))
        listener.listen(0)  # Linux queues one more than the backlog says
        waiting = stack.enter_context(socket.create_connection((address, port), PATIENCE))
        assert waiting.getpeername()[1] == port
        # The handshake is complete for us; the queue's entry is seen by select().
        assert select.select([listener], [], [], PATIENCE)[0]
        if listeners is not None:
            listeners.append(listener)
        yield port


@contextmanager
def time_wait(address: str, *, reuse_address: bool = True) -> Iterator[int]:
    """A port that only a finished connection in TIME_WAIT remembers."""
    port = free_port()
    with _bound(address, port, reuse_address=reuse_address) as listener:
        listener.listen(1)
        with socket.create_connection((address, port), PATIENCE) as client:
            server, _ = listener.accept()
            server.close()  # the side that closes first waits
            assert client.recv(1) == b""
    yield port


@contextmanager
def self_connected(address: str) -> Iterator[int]:
    """A socket that is connected to itself (RFC 9293 §3.5); yields its port."""
    port = free_port()
    with _bound(address, port, reuse_address=True) as opened:
        opened.settimeout(PATIENCE)
        opened.connect((address, port))
        assert opened.getsockname() == opened.getpeername()
        # A RST, so that no TIME_WAIT keeps the port.
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        yield port


@contextmanager
def client_port(address: str) -> Iterator[int]:
    """The local port of an outgoing connection; yields that port."""
    server_port, port = free_port(), free_port()
    with ExitStack() as stack:
        listener = stack.enter_context(_bound(address, server_port))
        listener.listen(1)
        client = stack.enter_context(_bound(address, port))
        client.settimeout(PATIENCE)
        client.connect((address, server_port))
        server, _ = listener.accept()
        stack.enter_context(server)
        yield port
        # The far side ends the connection, so that the port is free at once.
        server.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@contextmanager
def process(
    code: str, *arguments: str, user: int | None = None, python: str = sys.executable
) -> Iterator[Process]:
    """Run Python code that prints one line when ready and ends when stdin does.

    Arguments:
        code: the program; ``wait()`` in it blocks until the situation is over.
        arguments: ``sys.argv[1:]`` of the program.
        user: uid and gid to run as; needs root.
        python: the interpreter; another user may not reach this one's.
    """
    prelude = "import os, sys, socket\ndef wait():\n    sys.stdout.flush()\n    os.read(0, 1)\n"
    child = subprocess.Popen(
        [python, "-I", "-S", "-c", prelude + code, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd="/",
        user=user,
        group=user,
        extra_groups=None if user is None else [],
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        if not select.select([child.stdout], [], [], PATIENCE)[0]:
            raise TimeoutError("the child was not ready in time")
        said = child.stdout.readline().strip()
        assert said, "the child ended before it was ready"
        yield Process(child.pid, said)
    finally:
        child.stdin.close()
        try:
            child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        child.stdout.close()


_LISTEN = """
address, port, reuse = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
family = socket.AF_INET6 if ":" in address else socket.AF_INET
listener = socket.socket(family)
if reuse:
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
listener.bind((address, port))
listener.listen(int(sys.argv[4]) if len(sys.argv) > 4 else 64)

def serve():
    import select
    sys.stdout.flush()
    taken = [listener]
    while True:
        for ready in select.select([0, *taken], [], [])[0]:
            if ready == 0:
                return
            if ready is listener:
                taken.append(listener.accept()[0])
            else:
                try:
                    said = ready.recv(65536)
                except OSError:
                    said = b""
                if not said:
                    taken.remove(ready)
                    ready.close()
"""

_PREFORK = (
    _LISTEN
    + """
workers = []
for _ in range(int(sys.argv[5])):
    pid = os.fork()
    if not pid:
        os.read(0, 1)
        os._exit(0)
    workers.append(pid)
print(*workers)
serve()
for pid in workers:
    os.waitpid(pid, 0)
"""
)


@contextmanager
def listening_process(
    address: str,
    port: int | None = None,
    *,
    reuse_port: bool = False,
    user: int | None = None,
    python: str = sys.executable,
    label: str | None = None,
) -> Iterator[tuple[int, int]]:
    """A listener of another process; yields its port and the process' pid.

    Arguments:
        address: the numeric address to bind.
        port: the port; a free one where none is given.
        reuse_port: whether others may listen beside it (SO_REUSEPORT).
        user: uid and gid to run as; needs root.
        python: the interpreter.
        label: a word of its command line, which makes it another program than its sibling.
    """
    port = port or free_port()
    arguments: tuple[str, ...] = (address, str(port), str(int(reuse_port)))
    arguments += ("64", label) if label else ()
    code = _LISTEN + "print('ready')\nserve()\n"
    with process(code, *arguments, user=user, python=python) as child:
        yield port, child.pid


@contextmanager
def renamed_listener(
    name: str, *arguments: str, address: str = "127.0.0.1", reuse_port: bool = False
) -> Iterator[tuple[int, int]]:
    """A listener whose process has another name and command line; yields port and pid.

    Arguments:
        name: what the process is called: a script's name is the kernel's name of its shell.
        arguments: its command line after the name; ``{port}`` is the port.
        address: the numeric address to bind.
        reuse_port: whether others may listen beside it (SO_REUSEPORT).
    """
    port = free_port()
    with (
        tempfile.TemporaryDirectory() as home,
        _bound(address, port, reuse_port=reuse_port) as listener,
    ):
        path = os.path.join(home, name)
        with open(path, "w") as script:
            script.write("#!/bin/sh\nread line\n")
        os.chmod(path, 0o700)
        listener.listen(64)
        words = [path, *(each.format(port=port) for each in arguments)]
        with subprocess.Popen(words, stdin=subprocess.PIPE, pass_fds=(listener.fileno(),)) as child:
            listener.close()
            try:
                yield port, child.pid
            finally:
                child.kill()


@contextmanager
def netcat(address: str, *options: str) -> Iterator[tuple[int, int]]:
    """ncat listening; without ``--keep-open`` it ends with its first client. Port and pid."""
    need("ncat", "ncat")
    port = free_port()
    command = ["ncat", "-v", *options, "-l", address, str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True) as child:  # fmt: skip
        assert child.stderr is not None
        try:
            while "Listening on" not in (line := child.stderr.readline()):
                assert line, "ncat ended before it listened"
            yield port, child.pid
        finally:
            child.kill()


@contextmanager
def socat(*options: str) -> Iterator[tuple[int, int]]:
    """socat listening for one client, to which it says nothing. Port and pid.

    Arguments:
        options: of its address: ``so-bindtodevice=eth0``.
    """
    need("socat", "socat")
    port = free_port()
    command = ["socat", "-d", "-d", ",".join((f"TCP-LISTEN:{port}", *options)), "STDOUT"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True) as child:  # fmt: skip
        assert child.stderr is not None
        try:
            while "listening on" not in (line := child.stderr.readline()):
                assert line, "socat ended before it listened"
            yield port, child.pid
        finally:
            child.kill()


@contextmanager
def reuse_port_pair(address: str) -> Iterator[tuple[int, tuple[int, int]]]:
    """Two processes that share a port through SO_REUSEPORT; yields port and pids."""
    port = free_port()
    with (
        listening_process(address, port, reuse_port=True) as (_, first),
        listening_process(address, port, reuse_port=True) as (_, second),
    ):
        yield port, (first, second)


@contextmanager
def prefork(address: str, workers: int = 3) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """A master and workers that share one listener; yields port, master, workers."""
    port = free_port()
    with process(_PREFORK, address, str(port), "0", "64", str(workers)) as master:
        yield port, master.pid, tuple(int(pid) for pid in master.said.split())


@contextmanager
def inherited(address: str, *, alive: bool = False) -> Iterator[tuple[int, int]]:
    """A listener that ``sleep`` got from the program that made it; yields port and pid of sleep.

    Arguments:
        address: the numeric address to bind.
        alive: whether that program is there still, and takes the connections.
    """
    need("sleep", "coreutils")
    port = free_port()
    with ExitStack() as stack:
        made = stack.enter_context(_bound(address, port))
        made.listen(64)
        child = stack.enter_context(
            subprocess.Popen(["sleep", str(PATIENCE)], pass_fds=(made.fileno(),))
        )
        stack.callback(child.kill)
        if alive:
            serving = threading.Thread(target=_take, args=(made,))
            serving.start()
            stack.callback(serving.join, PATIENCE)
            stack.callback(made.shutdown, socket.SHUT_RDWR)
        else:
            made.close()
        yield port, child.pid


_LEAK = (
    _LISTEN
    + """
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, (16, 64))
held = [open("/dev/null") for _ in range(int(sys.argv[5]))]
print("ready")
sys.stdout.flush()
import select
while 0 not in select.select([0, listener], [], [])[0]:
    try:
        held.append(listener.accept()[0])
    except OSError:
        if select.select([0], [], [], 0.01)[0]:
            break
"""
)


@contextmanager
def leaking(address: str, files: int) -> Iterator[tuple[int, int]]:
    """A server that may have 16 descriptors and keeps every connection; yields port and pid.

    Arguments:
        address: the numeric address to bind.
        files: descriptors that it has open, beside four: 12 are as many as it may have.
    """
    port = free_port()
    with process(_LEAK, address, str(port), "0", "64", str(files)) as child:
        yield port, child.pid


@contextmanager
def unclosed(address: str, count: int) -> Iterator[tuple[int, int]]:
    """A server that does not close connections that their clients have closed; port and pid.

    Arguments:
        address: the numeric address to bind.
        count: how many there are.
    """
    port = free_port()
    code = (
        _LISTEN + "held = []\nprint('ready')\nsys.stdout.flush()\nimport select\n"
        "while 0 not in select.select([0, listener], [], [])[0]: held.append(listener.accept())\n"
    )
    with process(code, address, str(port), "0", "64") as child:
        for _ in range(count):
            socket.create_connection((address, port), PATIENCE).close()
        deadline = time.monotonic() + PATIENCE
        while _taken_and_left(port) < count:
            assert time.monotonic() < deadline, "the server has not taken the connections"
            time.sleep(0.01)
        yield port, child.pid


def _taken_and_left(port: int) -> int:
    """How many connections of a port are in CLOSE-WAIT and held by a process."""
    rows = (row for version in (4, 6) for row in netlink.sockets("tcp", version, port))
    return sum(bool(row.inode) and row.state == "close-wait" for row in rows)


_SHORT_LIVED = """
import select, socket, sys, time
seconds = float(sys.argv[2])
with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as listener:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if select.select([listener], [], [], max(0.0, ends - time.monotonic()))[0]:
            listener.accept()[0].close()
sys.exit("no database")
"""


@contextmanager
def restarted(seconds: float) -> Iterator[tuple[int, str]]:
    """A program that supervisord starts each time it ends.

    Arguments:
        seconds: for which it listens.

    Yields:
        its port, while it listens, and the configuration of supervisord.
    """
    need("supervisord", "supervisor")
    port = free_port()
    with tempfile.TemporaryDirectory() as home, ExitStack() as stack:
        script, configuration = os.path.join(home, "web.py"), os.path.join(home, "some.conf")
        with open(script, "w") as file:
            file.write(_SHORT_LIVED)
        with open(configuration, "w") as file:
            file.write(
                "[supervisord]\nnodaemon=true\nlogfile=/dev/null\nlogfile_maxbytes=0\n"
                f"pidfile={home}/pid\n[unix_http_server]\nfile={home}/s\n"
                "[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory ="
                " supervisor.rpcinterface:make_main_rpcinterface\n"
                f"[supervisorctl]\nserverurl=unix://{home}/s\n[program:web]\n"
                f"command={sys.executable} -I -S {script} {port} {seconds}\n"
                "startsecs=0\nautorestart=true\n"
            )
        child = stack.enter_context(
            subprocess.Popen(["supervisord", "-c", configuration], stdout=subprocess.DEVNULL)
        )
        stack.callback(child.terminate)
        deadline = time.monotonic() + PATIENCE
        while not netlink.sockets("tcp", 4, port, taking=True):
            assert child.poll() is None, "supervisord ended"
            assert time.monotonic() < deadline, "the program does not listen"
            time.sleep(0.01)
        yield port, configuration


@contextmanager
def changed(*, program: bool = False, directory: bool = False, again: bool = False) -> Iterator[
    tuple[int, int, str]
]:  # fmt: skip
    """A server whose program's file or working directory went away while it runs.

    Arguments:
        program: whether its file was deleted.
        directory: whether its working directory was.
        again: whether there is another by that name now.

    Yields:
        its port, its pid, and the directory in which both were.
    """
    need("ncat", "ncat")
    port = free_port()
    with tempfile.TemporaryDirectory() as home:
        path, site = os.path.join(home, "webserver"), os.path.join(home, "site")
        shutil.copy(shutil.which("ncat") or "", path)
        os.mkdir(site)
        command = [path, "-v", "--keep-open", "-l", "127.0.0.1", str(port)]
        with subprocess.Popen(command, cwd=site, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True) as child:  # fmt: skip
            assert child.stderr is not None
            try:
                while "Listening on" not in (line := child.stderr.readline()):
                    assert line, "the server ended before it listened"
                if program:
                    os.remove(path)
                if directory:
                    os.rmdir(site)
                if again and program:
                    shutil.copy(shutil.which("ncat") or "", path)
                if again and directory:
                    os.mkdir(site)
                yield port, child.pid, home
            finally:
                child.kill()


def memory_file(name: str) -> int:
    """A file that has no path, by memfd_create(2), which Linux alone has; its descriptor."""
    if sys.platform != "linux":
        raise OSError("no memfd_create()")
    return os.memfd_create(name)


@contextmanager
def in_memory() -> Iterator[tuple[int, int]]:
    """A server whose program never was a file: memfd_create(). Yields port and pid."""
    need("ncat", "ncat")
    port = free_port()
    with open(memory_file("server"), "wb") as memory:
        with open(shutil.which("ncat") or "", "rb") as file:
            shutil.copyfileobj(file, memory)
        memory.flush()
        path = f"/proc/self/fd/{memory.fileno()}"
        command = [path, "-v", "--keep-open", "-l", "127.0.0.1", str(port)]
        with subprocess.Popen(command, pass_fds=(memory.fileno(),), stdin=subprocess.PIPE,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              text=True) as child:  # fmt: skip
            assert child.stderr is not None
            try:
                while "Listening on" not in (line := child.stderr.readline()):
                    assert line, "the server ended before it listened"
                yield port, child.pid
            finally:
                child.kill()


@contextmanager
def other_users_listener(address: str, port: int | None = None) -> Iterator[tuple[int, int]]:
    """A listener of the user nobody; yields port and pid. Needs root."""
    need_root()
    need("/usr/bin/python3", "python3")  # the tests' own may lie in a closed home directory
    with listening_process(address, port, user=NOBODY, python="/usr/bin/python3") as found:
        yield found


@contextmanager
def as_nobody() -> Iterator[None]:
    """This process without its privileges, as the user nobody. Needs root."""
    need_root()
    group, user = os.getegid(), os.geteuid()
    os.setegid(NOBODY)
    os.seteuid(NOBODY)  # drops the effective capabilities too
    try:
        yield
    finally:
        os.seteuid(user)
        os.setegid(group)


_CLONE_NEWNET = 0x40000000
_SIOCGIFFLAGS = 0x8913
_SIOCSIFFLAGS = 0x8914
_IFF_UP = 1


@contextmanager
def own_network() -> Iterator[None]:
    """A network namespace with nothing but loopback. Needs root.

    This thread moves into it and back out; children started inside inherit it.
    """
    need_root()
    libc = ctypes.CDLL(None, use_errno=True)
    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        _check(libc.unshare(_CLONE_NEWNET))
        try:
            loopback(up=True)
            yield
        finally:
            _check(libc.setns(home, _CLONE_NEWNET))
    finally:
        os.close(home)


def _check(result: int) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def loopback(*, up: bool) -> None:
    """Bring the loopback interface of this network namespace up or down."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sH14x", b"lo", 0)  # struct ifreq: name, flags
        flags = struct.unpack("16sH14x", fcntl.ioctl(control, _SIOCGIFFLAGS, request))[1]
        flags = flags | _IFF_UP if up else flags & ~_IFF_UP
        fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags))


@contextmanager
def silent_name_server(address: str) -> Iterator[None]:
    """An own network in which a DNS server takes queries and never answers.

    Arguments:
        address: where this system's resolver looks for it.
    """
    need("ip", "iproute2")
    with own_network():
        if not address.startswith("127."):
            subprocess.run(["ip", "address", "add", address, "dev", "lo"], check=True)
        with _bound(address, 53, kind=socket.SOCK_DGRAM):
            yield


@contextmanager
def held_by_the_kernel() -> Iterator[int]:
    """A listener whose only descriptor is on its way through a Unix socket; yields its port.

    A socket in flight is held by no process' table: as a kernel's own is, or
    one of a process that cannot be seen.
    """
    port = free_port()
    left, right = socket.socketpair(socket.AF_UNIX)
    with left, right:
        with _bound("127.0.0.1", port) as listener:
            listener.listen(64)
            socket.send_fds(left, [b"x"], [listener.fileno()])
        yield port


def route(kind: str, prefix: str) -> None:
    """Add a route to this network namespace: ``unreachable``, ``prohibit``, ``blackhole``."""
    need("ip", "iproute2")
    subprocess.run(["ip", "route", "add", kind, prefix], check=True, timeout=PATIENCE)


def ip(*arguments: str) -> None:
    """Run iproute2's tool in this network namespace."""
    need("ip", "iproute2")
    subprocess.run(["ip", *arguments], check=True, timeout=PATIENCE)


def address(prefix: str, interface: str = "lo") -> None:
    """Give an interface of this network namespace an address: ``192.0.2.77/24``."""
    need("ip", "iproute2")
    subprocess.run(["ip", "addr", "add", prefix, "dev", interface], check=True, timeout=PATIENCE)


@contextmanager
def network_interface() -> Iterator[tuple[str, str, str]]:
    """An own network with one interface; yields its name, IPv4 and link-local address."""
    need("ip", "iproute2")
    name, ipv4, link_local = "net0", "192.0.2.2", "fe80::2"
    commands = (
        f"link add {name} type veth peer name net1",
        f"link set {name} up",
        "link set net1 up",
        f"address add {ipv4}/24 dev {name}",
        f"address add {link_local}/64 dev {name} nodad",
    )
    with own_network():
        for command in commands:
            subprocess.run(["ip", *command.split()], check=True, timeout=PATIENCE)
        yield name, ipv4, link_local


@contextmanager
def firewall(*rules: str) -> Iterator[None]:
    """An own network with nftables rules on what comes in.

    Arguments:
        rules: as nft writes them: ``tcp dport 8080 drop``.
    """
    need("nft", "nftables")
    with own_network():
        chain = "\n".join(("type filter hook input priority 0; policy accept;", *rules))
        program = f"table inet situation {{\nchain input {{\n{chain}\n}}\n}}\n"
        subprocess.run(["nft", "-f", "-"], input=program, text=True, check=True, timeout=PATIENCE)
        yield


@contextmanager
def redirected(port: int, to: int) -> Iterator[None]:
    """An own network where connects to one port arrive at another, without a listener on it."""
    need("nft", "nftables")
    program = f"""
    table ip situation {{
        chain output {{
            type nat hook output priority -100; policy accept;
            tcp dport {port} redirect to :{to}
        }}
    }}
    """
    with own_network():
        subprocess.run(["nft", "-f", "-"], input=program, text=True, check=True, timeout=PATIENCE)
        yield


@contextmanager
def one_source_port(*closed: str) -> Iterator[str]:
    """A port that every connect comes from, some to other listeners already; yields our end.

    For a network namespace that was made by :func:`own_network` or one of its kind.

    Arguments:
        closed: the ends of those connections that are closed, ``client`` and ``server``,
            in this order; the first one has a TIME_WAIT where both are.
    """
    with sysctl("net.ipv4.ip_local_port_range", "40000 40000"), ExitStack() as stack:
        for _ in range(8):  # a table has no order, and each may be found before ours
            port, listener = stack.enter_context(accepting("127.0.0.1"))
            client = socket.create_connection(("127.0.0.1", port), PATIENCE)
            server, _ = listener.accept()
            ends = {"client": client, "server": server}
            for one in closed:
                ends.pop(one).close()
            for end in ends.values():
                stack.enter_context(end)
        yield "127.0.0.1:40000"


@contextmanager
def docker_proxy(target: str) -> Iterator[tuple[int, int]]:
    """A relay of that name and command line, which accepts first; yields port and pid.

    Arguments:
        target: ``172.30.0.2:8000``.
    """
    port = free_port()
    host, _, inside = target.rpartition(":")
    with tempfile.TemporaryDirectory() as home:
        path = os.path.join(home, "docker-proxy")
        with open(path, "w") as script:
            script.write(f"#!{sys.executable} -IS\n{_PROXY}")
        os.chmod(path, 0o700)
        words = "-proto tcp -host-ip 127.0.0.1 -host-port".split()
        command = [path, *words, str(port), "-container-ip", host, "-container-port", inside]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as child:
            try:
                assert child.stdout is not None
                assert child.stdout.readline() == "ready\n"
                yield port, child.pid
            finally:
                child.kill()


_PROXY = """
import socket, sys
options = dict(zip(sys.argv[1::2], sys.argv[2::2]))
server = socket.create_server((options["-host-ip"], int(options["-host-port"])))
print("ready", flush=True)
while True:
    client, _ = server.accept()
    try:
        place = options["-container-ip"], int(options["-container-port"])
        with socket.create_connection(place) as there:
            client.sendall(there.recv(1024))
    except OSError:
        pass
    client.close()
"""


class Inside(NamedTuple):
    """A listener in a network namespace of its own."""

    port: int
    pid: int
    """The process that listens, which is alone in that namespace."""
    address: str
    """Of that namespace; this one has :data:`OUTSIDE` on the link between them."""


_LINK = random.SystemRandom().randrange(256)
OUTSIDE, INSIDE = f"172.30.{_LINK}.1", f"172.30.{_LINK}.2"
"""Of each run its own: one address in two namespaces of a machine is no proof."""


@contextmanager
def in_namespace(
    bound: str = "0.0.0.0",
    port: int | None = None,
    *,
    group: str = "",
    linked: bool = True,
    user: int | None = None,
    closes: bool = False,
    talks: bool = False,
) -> Iterator[Inside]:
    """A listener in a network namespace of its own, as a container's program. Needs root.

    It is to be entered inside of :func:`own_network` where it is linked.

    Arguments:
        bound: the address in there.
        port: which one; a free one by default.
        group: path of a control group that the process moves into.
        linked: whether a link with addresses leads there, as that of Docker's bridge.
        user: uid of the process, after it was set up.
        closes: whether it closes every connection at once.
        talks: whether it has a connection to itself on 127.0.0.1, from port 40001.
    """
    need_root()
    need("ip", "iproute2")
    need("nsenter", "util-linux")
    port = port or free_port()
    arguments = (bound, str(port), group, str(int(closes)), str(user or 0), str(int(talks)))
    with process(_INSIDE, *arguments) as child:
        if linked:
            ip(*f"link add out0 type veth peer name in0 netns {child.pid}".split())
            ip(*f"address add {OUTSIDE}/24 dev out0".split())
            ip(*"link set out0 up".split())
            for command in (f"address add {INSIDE}/24 dev in0", "link set in0 up"):
                enter = ["nsenter", "-t", str(child.pid), "-n", "ip", *command.split()]
                subprocess.run(enter, check=True, timeout=PATIENCE)
        yield Inside(port, child.pid, INSIDE)


_INSIDE = """
import ctypes, subprocess, threading
bound, port, group, closes, user, talks = sys.argv[1:]
if group:
    open(group + "/cgroup.procs", "w").write(str(os.getpid()))
assert ctypes.CDLL(None).unshare(0x40000000) == 0  # CLONE_NEWNET
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
family = socket.AF_INET6 if ":" in bound else socket.AF_INET
listener = socket.socket(family)
listener.bind((bound, int(port)))
listener.listen(64)
taken = []
def serve():
    while True:
        taken.append(listener.accept()[0])
        if int(closes):
            taken.pop().close()
threading.Thread(target=serve, daemon=True).start()
if int(talks):
    client = socket.create_connection(("127.0.0.1", int(port)), source_address=("127.0.0.1", 40001))
if int(user):
    os.setgid(int(user))
    os.setuid(int(user))
print("ready")
wait()
"""


@contextmanager
def control_group(name: str) -> Iterator[str]:
    """A control group of version 2, as an engine makes one for a container; yields its path."""
    need_root()
    tops = ("/sys/fs/cgroup", "/sys/fs/cgroup/unified")
    top = next((each for each in tops if os.path.exists(f"{each}/cgroup.controllers")), None)
    if top is None or not os.access(f"{top}/cgroup.procs", os.W_OK):
        missing("control groups of version 2, mounted writable")
    path = f"{top}/{name}"
    os.mkdir(path)
    try:
        yield path
    finally:
        os.rmdir(path)


@contextmanager
def led_to(target: str, *ports: int) -> Iterator[None]:
    """NAT rules that lead connections to some ports of this machine elsewhere, as Docker's do.

    For a network namespace that was made by :func:`own_network`, with a link ``out0``.

    Arguments:
        target: ``172.30.0.2:8000``.
        ports: of any address of this machine, 127.0.0.1 too.
    """
    need("nft", "nftables")
    listed = ", ".join(map(str, ports))
    program = f"""
    table ip situation {{
        chain output {{
            type nat hook output priority -100; policy accept;
            fib daddr type local tcp dport {{ {listed} }} dnat to {target}
        }}
        chain postrouting {{
            type nat hook postrouting priority 100; policy accept;
            oifname "out0" masquerade
        }}
    }}
    """
    with sysctl("net.ipv4.conf.out0.route_localnet", "1"):
        subprocess.run(["nft", "-f", "-"], input=program, text=True, check=True, timeout=PATIENCE)
        yield


@contextmanager
def few_local_ports(
    at: str = "127.0.0.1", *, closed: str = "", left: int = 0, reuse: int = 2
) -> Iterator[tuple[int, int]]:
    """An own network of ten local ports, with a connection from each of them to one listener.

    Yields the port of the listener and the process that has the connections.

    Arguments:
        at: the address of the listener.
        closed: who has closed the connections: "server" leaves the client with CLOSE_WAIT,
            "client" leaves it with FIN_WAIT_2, "both" (the client first) with TIME_WAIT.
        left: how many of the ports are left.
        reuse: of net.ipv4.tcp_tw_reuse.
    """
    number = 10 - left
    with (
        own_network(),
        sysctl("net.ipv4.tcp_tw_reuse", str(reuse)),
        sysctl("net.ipv4.ip_local_port_range", "40000 40009"),
        accepting(at) as (port, listener),
        process(_CONNECTS, at, str(port), str(number), closed) as child,
        ExitStack() as stack,
    ):
        for _ in range(number):
            server, _ = listener.accept()
            if closed in ("server", "both"):
                server.close()
            else:
                stack.enter_context(server)
        yield port, child.pid


_CONNECTS = """
address, port, number, closed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
held = [socket.create_connection((address, port)) for _ in range(number)]
if closed in ("client", "both"):
    for one in held:
        one.close()
print("ready")
wait()
"""


@contextmanager
def sysctl(name: str, value: str) -> Iterator[None]:
    """A kernel setting of the network namespace: ``net.ipv4.ip_local_port_range``."""
    path = "/proc/sys/" + name.replace(".", "/")
    with open(path) as file:
        before = file.read()
    with open(path, "w") as file:
        file.write(value)
    try:
        yield
    finally:
        with open(path, "w") as file:
            file.write(before)


_HTTP = """
import http.server, socketserver, time
address, port, status, seconds, kind = sys.argv[1:6]

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        time.sleep(float(seconds))
        self.send_response(int(status))
        self.send_header("Content-Length", "0")
        if status.startswith("3"):
            self.send_header("Location", "https://localhost/")
        self.end_headers()
        self.close_connection = True

    def log_message(self, *_):
        pass

threads = (socketserver.ThreadingMixIn,) if kind == "threads" else ()
Server = type("Server", (*threads, http.server.HTTPServer), {"daemon_threads": True})
Server.handle_error = lambda *_: None
server = Server((address, int(port)), Handler)
import threading
threading.Thread(target=server.serve_forever, daemon=True).start()
print("ready")
wait()
os._exit(0)
"""


@contextmanager
def http_server(
    status: int = 200, *, seconds: float = 0.0, threads: bool = True, address: str = "127.0.0.1"
) -> Iterator[tuple[int, int]]:
    """Python's HTTP server in a process; yields its port and pid.

    Arguments:
        status: of every answer.
        seconds: that pass before each answer.
        threads: whether it serves several clients at once.
        address: the numeric address to bind.
    """
    port = free_port()
    kind = "threads" if threads else "one"
    with process(_HTTP, address, str(port), str(status), str(seconds), kind) as child:
        yield port, child.pid


@contextmanager
def connected_client(
    port: int, count: int = 1, address: str = "127.0.0.1"
) -> Iterator[tuple[int, int]]:
    """A process whose connections to a port are open and say nothing; its first port and pid.

    The program that listens has taken the first one.
    """
    code = """
address, port = sys.argv[1], int(sys.argv[2])
opened = [socket.create_connection((address, port)) for _ in range(int(sys.argv[3]))]
print(opened[0].getsockname()[1])
wait()
"""
    with process(code, address, str(port), str(count)) as child:
        mine = int(child.said)
        until(lambda: _is_taken(port, mine))
        yield mine, child.pid


def _is_taken(port: int, remote: int) -> bool:
    """Whether a process holds the server's end of a connection."""
    return any(
        row.inode
        for version in (4, 6)
        for row in netlink.sockets("tcp", version, port, remote_port=remote)
    )


def until(true: Callable[[], bool]) -> None:
    """Wait until something is so; an error where that takes too long."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "the situation did not come about"
        time.sleep(0.005)


@contextmanager
def hung_with_clients(count: int) -> Iterator[int]:
    """A listener that took a connection of each of some processes and takes no more; its port."""
    code = """
opened = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
print("ready")
wait()
"""
    with accepting("127.0.0.1") as (port, listener), ExitStack() as stack:
        for _ in range(count):
            stack.enter_context(process(code, str(port)))
            stack.enter_context(listener.accept()[0])
        yield port


@contextmanager
def named_program(name: str, script: str, *arguments: str, address: str) -> Iterator[int]:
    """A listener of a process whose command line is another program's; yields its port.

    Arguments:
        name: of the program: what the command line begins with.
        script: its first argument.
        arguments: the others; ``{port}`` is the port.
        address: the numeric address to bind.
    """
    port = free_port()
    words = [name, script, *(each.format(port=port) for each in arguments)]
    code = _LISTEN.replace("sys.argv[1], int(sys.argv[2]), int(sys.argv[3])",
                           f"{address!r}, {port}, 0").partition("listener.listen")[0]  # fmt: skip
    with tempfile.TemporaryDirectory() as home:
        with open(os.path.join(home, script), "w") as file:
            file.write("import os, sys, socket\n" + code)
            file.write(f'open("/proc/self/comm", "w").write({name!r})\n')
            file.write('listener.listen(64)\nprint("ready", flush=True)\nos.read(0, 1)\n')
        with subprocess.Popen(words, executable=sys.executable, stdin=subprocess.PIPE, cwd=home,
                              stdout=subprocess.PIPE, text=True) as child:  # fmt: skip
            assert child.stdout is not None
            try:
                assert child.stdout.readline() == "ready\n"
                yield port
            finally:
                child.kill()


@contextmanager
def launched(directory: str, *launchers: str) -> Iterator[tuple[int, int]]:
    """A listener on 127.0.0.1 that works in a directory, below launchers; its port and pid.

    Arguments:
        directory: where it works.
        launchers: command lines, the outermost first. Each is that of a script which waits.
    """
    port = free_port()
    code = f"""
import os, select, socket
listener = socket.create_server(("127.0.0.1", {port}))
print(os.getpid(), flush=True)
while 0 not in select.select([0, listener], [], [])[0]:
    listener.accept()[0].close()
"""
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-I", "-S", "-c", code]
        for at, launcher in enumerate(reversed(launchers)):
            name, *rest = launcher.split()
            path = os.path.join(folder, str(at), name)
            os.mkdir(os.path.dirname(path))
            with open(path, "w") as script:
                script.write(f"#!/bin/sh\n{shlex.join(words)}\nexit $?\n")
            os.chmod(path, 0o700)
            words = [path, *rest]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              text=True, cwd=directory) as child:  # fmt: skip
            assert child.stdin is not None
            assert child.stdout is not None
            yield port, int(child.stdout.readline())
            child.stdin.close()
            child.wait(PATIENCE)


def listens(port: int) -> bool:
    """Whether a TCP listener is on a port."""
    return any(netlink.sockets("tcp", version, port, taking=True) for version in (4, 6))


def end_group(leader: int) -> None:
    """End a process and those that it started, which are of its group."""
    os.killpg(leader, signal.SIGTERM)


@contextmanager
def greeting(said: bytes) -> Iterator[int]:
    """A server of another process that says the same to every client; yields its port."""
    port = free_port()
    code = """
import select
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("ready", flush=True)
while 0 not in select.select([0, listener], [], [])[0]:
    peer, _ = listener.accept()
    peer.sendall(bytes.fromhex(sys.argv[2]))
    peer.settimeout(1)
    try:
        peer.recv(4096)
    except OSError:
        pass
    peer.close()
"""
    with process(code, str(port), said.hex()):
        yield port
