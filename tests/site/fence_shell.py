"""A place of its own for an example: directory, network, processes, host names.

Inside there is nothing but a loopback interface that is up, so every port is
free, no packet can leave, and what was started ends with the example. A shell
in it takes one command after the other and gives what each printed.
"""

from __future__ import annotations

import contextlib
import os
import select
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from importable import importable
from needs import need, need_root

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BOUND = 180.0
"""Seconds that one example may take: a few, but among other tests initdb or Java take a minute."""
READY = 20.0
"""Seconds that what a line with ``&`` started may take until it listens."""
_SETTLE = 0.05
"""Seconds without a further listener: one program may open several."""

HOSTS = "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n"
"""As Debian's installer writes them, so that an example is the same on every machine."""

_PATH = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]
_ENTER = [
    "unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc",
]  # fmt: skip
_PREPARE = """
ip link set lo up && mount --bind "$FENCE/hosts" /etc/hosts || exit 125
if [ -e /etc/resolv.conf ]; then mount --bind "$FENCE/resolv.conf" /etc/resolv.conf; fi
cd "$FENCE/work" || exit 125
unset FENCE OLDPWD
"""
_DRIVER = """
while IFS= read -r -d '' -u 3 REPLY; do
    exec >"${REPLY%%:*}" 2>&1
    eval "${REPLY#*:}" 3<&- 4>&-
    printf '%s\\0' "$?" >&4
done
"""
"""Commands come over descriptor 3 as ``output file:command``, their exit codes go to 4."""


class OverdueError(Exception):
    """An example that did not come to its end in time."""


class Place:
    """A directory and the namespaces around it, for one example.

    Arguments:
        files: names and texts of the files that are there already.
        isolated: False on systems without namespaces.
    """

    def __init__(self, files: Mapping[str, str], *, isolated: bool = True) -> None:
        if isolated:
            need_root()
            need("unshare", "util-linux")
            need("ip", "iproute2")
        self._isolated = isolated
        self._deadline = time.monotonic() + BOUND
        self._top = Path(tempfile.mkdtemp(prefix="fence-"))
        self._top.chmod(0o755)
        self.directory = self._top / "work"
        for folder in (self.directory, self._top / "home", self._top / "out"):
            folder.mkdir()
        (self._top / "hosts").write_text(HOSTS)
        (self._top / "resolv.conf").write_text("")
        self.add(files)
        self._children: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Place:
        return self

    def __exit__(self, *_: object) -> None:
        for child in self._children:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
        shutil.rmtree(self._top, ignore_errors=True)

    def add(self, files: Mapping[str, str]) -> None:
        """Write files into the directory of the example."""
        for name, text in files.items():
            path = self.directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def outputs(self) -> Iterator[Path]:
        """Paths of new output files."""
        number = 0
        while True:
            number += 1
            yield self._top / "out" / str(number)

    def left(self) -> float:
        """The seconds that the example still has.

        Raises:
            OverdueError: it has none.
        """
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise OverdueError(f"not at its end after {BOUND:g} s")
        return left

    def start(
        self, script: str, output: int, errors: int, *, pass_fds: tuple[int, ...] = ()
    ) -> int:
        """Start a bash script inside; gives its process id as seen from here."""
        bash = ["bash", "--norc", "--noprofile", "-c"]
        if self._isolated:
            command = [*_ENTER, *bash, _PREPARE + script]
        else:
            command = [*bash, 'cd "$FENCE/work"; unset FENCE OLDPWD\n' + script]
        child = subprocess.Popen(
            command, env=self._environment(), pass_fds=pass_fds, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=output, stderr=errors,
        )  # fmt: skip
        self._children.append(child)
        return child.pid

    def _environment(self) -> dict[str, str]:
        beside = str(Path(sys.executable).parent)
        path = [beside, *_PATH, *([] if self._isolated else os.environ["PATH"].split(os.pathsep))]
        return {
            "PATH": os.pathsep.join(path), "FENCE": str(self._top),
            "HOME": str(self._top / "home"), "PYTHONPATH": importable(), "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8", "TERM": "dumb", "COLUMNS": "80",
            "TZ": "UTC", "SHELL": "/bin/bash", "USER": "root", "PAGER": "cat",
        }  # fmt: skip

    def run(self, command: list[str]) -> Ran:
        """Run one program to its end."""
        output = self._top / "out" / "run"
        with output.open("wb") as stream:
            self.start(f"exec {shlex.join(command)}", stream.fileno(), subprocess.STDOUT)
        child = self._children[-1]
        try:
            child.wait(self.left())
        except subprocess.TimeoutExpired:
            raise OverdueError(f"not at its end after {BOUND:g} s: {shlex.join(command)}") from None
        return Ran(child.returncode, output.read_text("utf-8", "replace"))


def _pipe() -> tuple[int, int]:
    """A pipe whose ends have numbers that no command uses."""
    ends = os.pipe()
    moved = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 20) for end in ends]
    for end in ends:
        os.close(end)
    return moved[0], moved[1]


class Ran(NamedTuple):
    """What became of a command: its exit code and what it printed."""

    code: int
    output: str


class Shell:
    """A bash inside a place, which takes commands one by one."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._outputs = place.outputs()
        commands, self._commands = _pipe()
        self._codes, codes = _pipe()
        script = f"exec 3<&{commands} 4>&{codes} {commands}<&- {codes}>&-\n" + _DRIVER
        try:
            self._pid = place.start(
                script, subprocess.DEVNULL, subprocess.DEVNULL, pass_fds=(commands, codes)
            )
        finally:
            os.close(commands)
            os.close(codes)
        self.run(":")  # from here on it is inside

    def __enter__(self) -> Shell:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._commands)
        os.close(self._codes)

    def run(self, command: str, *, waits: bool = True) -> Output:
        """Run one command, and wait until it is done; after ``&``, until something listens.

        Arguments:
            command: a line of shell.
            waits: False where the next line waits by itself for what this one starts.
        """
        background = command.rstrip().endswith("&") and not command.rstrip().endswith("&&")
        before = self.sockets() if background and waits else None
        path = next(self._outputs)
        # A blank after the command keeps a closing backslash from taking the end.
        os.write(self._commands, f"{path}:{command}\n".encode() + b"\0")
        code = self._answer(command)
        if before is not None:
            self._wait_for_listener(before)
        return Output(path, code, background=background)

    def _answer(self, command: str) -> int:
        said = b""
        while not said.endswith(b"\0"):
            if not select.select([self._codes], [], [], self._place.left())[0]:
                raise OverdueError(f"not at its end after {BOUND:g} s: {command}")
            part = os.read(self._codes, 64)
            if not part:
                raise OverdueError(f"the shell ended in: {command}")
            said += part
        return int(said[:-1])

    def sockets(self) -> tuple[frozenset[str], frozenset[str]]:
        """The listeners (of UDP: what is bound) inside, by inode; and the connections."""
        if sys.platform != "linux":
            return _listeners_by_lsof(), frozenset()
        listening, connected = set(), set()
        for table in ("tcp", "tcp6", "udp", "udp6"):
            path = Path(f"/proc/{self._pid}/net/{table}")
            with contextlib.suppress(OSError):
                for row in path.read_text().splitlines()[1:]:
                    _, local, remote, state, *more = row.split()
                    if state == ("0A" if table.startswith("tcp") else "07"):
                        listening.add(f"{table} {more[5]} {local}")  # two may share a port
                    elif state == "01":
                        connected.add(f"{table} {local} {remote}")
        return frozenset(listening), frozenset(connected)

    def _wait_for_listener(self, before: tuple[frozenset[str], frozenset[str]]) -> None:
        """Return when a new listener is there and no further one comes; a client is given longer.

        What opens no socket is not waited for longer than :data:`READY`.
        """
        end = time.monotonic() + min(READY, self._place.left())
        seen, since = before, time.monotonic()
        while time.monotonic() < end:
            now = self.sockets()
            if now != seen:
                seen, since = now, time.monotonic()
            quiet = time.monotonic() - since
            if seen[0] - before[0] and quiet > _SETTLE:
                return
            if seen[1] - before[1] and quiet > 10 * _SETTLE:
                return
            # The tables of the kernel give no event that could be waited for.
            time.sleep(0.01)


def _listeners_by_lsof() -> frozenset[str]:
    command = ["lsof", "-nP", "-iTCP", "-sTCP:LISTEN", "-Fpn"]
    said = subprocess.run(command, capture_output=True, text=True, timeout=READY, check=False)
    return frozenset(said.stdout.split())


class Output(NamedTuple):
    """Where a command's output is; what runs in the background may still add to it."""

    path: Path
    code: int
    background: bool

    def read(self) -> str:
        """What it has printed until now."""
        if not self.path.exists():  # nothing, where the shell was not even to open it
            return ""
        return self.path.read_text("utf-8", "replace")
