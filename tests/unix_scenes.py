"""Situations of Unix sockets: what is set up, and what is asked."""

from __future__ import annotations

import os
import signal
import socket
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import situations as real
from needs import need_root
from scenes import Scene, Truth

if TYPE_CHECKING:
    from collections.abc import Iterator

if not hasattr(socket, "AF_UNIX"):
    pytest.skip("no AF_UNIX in this Python", allow_module_level=True)

ANSWERS, REFUSES = Truth(True), Truth(False)


def scene(path: str, truth: Truth = REFUSES, user: int | None = None) -> Scene:
    """The situation in which a path is asked."""
    return Scene(0, truth, path=path, user=user)


@contextmanager
def folder(mode: int = 0o755) -> Iterator[Path]:
    """A short directory of its own, which every user may enter."""
    with tempfile.TemporaryDirectory(prefix="unix", dir="/tmp") as name:
        Path(name).chmod(mode)
        yield Path(name)


@contextmanager
def bound(path: str, kind: int = socket.SOCK_STREAM) -> Iterator[socket.socket]:
    """A socket that is bound to a path, or to an abstract name, and does not listen."""
    with socket.socket(socket.AF_UNIX, kind) as made:
        made.bind("\0" + path[1:] if path.startswith("@") else path)
        yield made


@contextmanager
def taking(path: str, backlog: int = 8, kind: int = socket.SOCK_STREAM) -> Iterator[None]:
    """A listener that takes each connection and keeps it."""
    with bound(path, kind) as listener:
        listener.listen(backlog)
        kept: list[socket.socket] = []

        def take() -> None:
            try:
                while True:
                    kept.append(listener.accept()[0])
            except OSError:
                return

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        try:
            yield
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(real.PATIENCE)
            for each in kept:
                each.close()


def leave(path: str) -> None:
    """Make a socket file and end the socket: the file stays."""
    with bound(path) as made:
        made.listen()


@contextmanager
def listener(name: str = "app.sock", mode: int = 0o666) -> Iterator[Scene]:
    """A program that listens on a file."""
    with folder() as home, taking(str(home / name)):
        (home / name).chmod(mode)
        yield scene(str(home / name), ANSWERS)


@contextmanager
def other_process() -> Iterator[tuple[Scene, int]]:
    """A listener of another process, which every user may connect to; and its number."""
    code = (
        "import select\nlistener = socket.socket(socket.AF_UNIX)\nlistener.bind(sys.argv[1])\n"
        "listener.listen()\nos.chmod(sys.argv[1], 0o666)\nprint('ready', flush=True)\nkept = []\n"
        "while 0 not in select.select([0, listener], [], [])[0]:\n"
        "    kept.append(listener.accept()[0])\n"
    )
    with folder() as home, real.process(code, path := str(home / "app.sock")) as child:
        yield scene(path, ANSWERS), child.pid


@contextmanager
def abstract() -> Iterator[Scene]:
    """The same on a name without a file."""
    name = f"@checks-{os.getpid()}-{real.free_port()}"
    with taking(name):
        yield scene(name, ANSWERS)


@contextmanager
def stale() -> Iterator[Scene]:
    """A file whose program has ended, of a name that no other test has: such would be similar."""
    with folder() as home:
        leave(path := str(home / f"left-{real.free_port()}.sock"))
        yield scene(path)


@contextmanager
def only_bound() -> Iterator[Scene]:
    """A file that a program is bound to, which does not listen."""
    with folder() as home, bound(str(home / "app.sock")):
        yield scene(str(home / "app.sock"))


@contextmanager
def closed_file(mode: int = 0o600) -> Iterator[Scene]:
    """A listener's file that only its owner may write to, asked by another user."""
    need_root()
    with listener(mode=mode) as made:
        yield made._replace(user=real.NOBODY)


@contextmanager
def closed_directory(mode: int = 0o700) -> Iterator[Scene]:
    """A listener's file in a directory that only its owner may enter."""
    need_root()
    with folder() as home:
        (home / "inner").mkdir(mode=mode)
        with taking(str(home / "inner" / "app.sock")):
            (home / "inner" / "app.sock").chmod(0o666)
            yield scene(str(home / "inner" / "app.sock"), user=real.NOBODY)


@contextmanager
def absent(asked: str = "app.sock", *others: str) -> Iterator[Scene]:
    """No file of that name; programs listen on others."""
    with folder() as home, _several(home, *others):
        yield scene(str(home / asked))


@contextmanager
def removed(*, made_anew: bool = False) -> Iterator[Scene]:
    """A listener whose file was removed, and maybe made anew by another program that ended."""
    with listener() as made:
        os.unlink(str(made.path))
        if made_anew:
            leave(str(made.path))
        yield made._replace(truth=REFUSES)


@contextmanager
def _several(home: Path, *names: str) -> Iterator[None]:
    if not names:
        yield
        return
    (home / names[0]).parent.mkdir(exist_ok=True)
    with taking(str(home / names[0])), _several(home, *names[1:]):
        yield


@contextmanager
def of_kind(kind: str) -> Iterator[Scene]:
    """A path that leads to something else than a listening stream socket."""
    with folder() as home:
        path = home / "app.sock"
        if kind == "directory":
            path.mkdir()
        elif kind == "file":
            path.touch()
        elif kind == "datagram":
            with bound(str(path), socket.SOCK_DGRAM):
                yield scene(str(path))
            return
        elif kind == "long":
            path = home / ("x" * 120)
        yield scene(str(path))


@contextmanager
def full() -> Iterator[Scene]:
    """A queue that has no room left."""
    with folder() as home, bound(path := str(home / "app.sock")) as made:
        made.listen(1)
        waiting = [_connected(path), _connected(path)]
        yield scene(path)
        for each in waiting:
            each.close()


@contextmanager
def waiting() -> Iterator[Scene]:
    """A queue with room, in which one connection waits that no program takes."""
    with folder() as home, bound(path := str(home / "app.sock")) as made:
        made.listen(8)
        with _connected(path):
            yield scene(path)


@contextmanager
def stopped() -> Iterator[Scene]:
    """A listener whose process is stopped."""
    code = (
        "listener = socket.socket(socket.AF_UNIX)\nlistener.bind(sys.argv[1])\nlistener.listen()\n"
        "print('ready')\nwait()\n"
    )
    with folder() as home, real.process(code, path := str(home / "app.sock")) as child:
        os.kill(child.pid, signal.SIGSTOP)
        try:
            yield scene(path)
        finally:
            os.kill(child.pid, signal.SIGCONT)


def _connected(path: str) -> socket.socket:
    made = socket.socket(socket.AF_UNIX)
    made.connect(path)
    return made


@contextmanager
def file_of_port(name: str = ".s.PGSQL.{port}", more: int = 0) -> Iterator[Scene]:
    """A free port, and a listener on the socket file of the service that has it.

    Arguments:
        name: of the file.
        more: added to the number in the name.
    """
    port = real.free_port()
    with folder() as home, taking(str(home / name.format(port=port + more))):
        yield Scene(port, REFUSES)


@contextmanager
def file_and_port() -> Iterator[Scene]:
    """The same, and the port is listened on, too."""
    with (
        folder() as home,
        real.listening_process("127.0.0.1") as (port, _),
        taking(str(home / f".s.PGSQL.{port}")),
    ):
        yield Scene(port, ANSWERS)
