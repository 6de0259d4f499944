"""Real programs that listen in place of a service, each a context manager that cleans up.

systemd-socket-activate and inetd run in the test's own network; systemd runs as
process 1 of namespaces of its own, with nothing but the test's units, and with
the file system read-only.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import situations as real
from importable import importable
from needs import missing, need, need_root

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


SERVER = (
    "import os, socket\n"
    "listener = socket.socket(fileno=3)\n"
    "while True:\n"
    "    listener.accept()[0].close()\n"
)
"""A service that takes the listener it was started with, as sd_listen_fds(3) has it."""


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Return once a condition holds; where it never does, the error says what was waited for."""
    clock = select.poll()
    for _ in range(int(real.PATIENCE * 100)):
        if condition():
            return
        clock.poll(10)
    raise TimeoutError(what)


def wait_for_listener(port: int, address: str = "127.0.0.1") -> None:
    """Return once the socket table shows a listener; nothing is connected to."""
    wanted = f"{socket.inet_aton(address)[::-1].hex().upper()}:{port:04X} 00000000:0000 0A"
    table = Path("/proc/thread-self/net/tcp")
    wait_for(lambda: wanted in table.read_text(), f"a listener on {address}:{port}")


@contextmanager
def ended(command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is killed in the end, with all that it has started."""
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as child:  # fmt: skip
        try:
            yield child
        finally:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)


@contextmanager
def socket_activate(started: Path, *options: str) -> Iterator[tuple[int, int]]:
    """systemd-socket-activate for a service that writes a file first; yields port and pid."""
    need("systemd-socket-activate", "systemd")
    port = real.free_port()
    code = f"open({str(started)!r}, 'w').close()\n{SERVER}"
    command = [
        "systemd-socket-activate", *options, "-l", f"127.0.0.1:{port}", sys.executable, "-c", code,
    ]  # fmt: skip
    with ended(command) as child:
        wait_for_listener(port)
        yield port, child.pid


@contextmanager
def inetd(started: Path, home: Path) -> Iterator[tuple[int, int]]:
    """inetd with a service that writes a file, and with echo; yields their ports.

    For a network of the test's own, where the port of echo is free.
    """
    need("inetd", "openbsd-inetd")
    need_root()
    port, echo = real.free_port(), 7
    config = home / "inetd.conf"
    config.write_text(
        f"127.0.0.1:{port} stream tcp nowait root /bin/sh sh -c :>{started}\n"
        "127.0.0.1:echo stream tcp nowait root internal\n"
    )
    with ended(["inetd", "-i", str(config)]):
        wait_for_listener(port)
        wait_for_listener(echo)
        yield port, echo


@contextmanager
def control_group() -> Iterator[str]:
    """A new control group of version 2, removed in the end; yields its directory."""
    need_root()
    tops = ("/sys/fs/cgroup", "/sys/fs/cgroup/unified")
    top = next((each for each in tops if os.path.exists(f"{each}/cgroup.controllers")), None)
    if top is None or not os.access(f"{top}/cgroup.procs", os.W_OK):
        missing("control groups of version 2, mounted writable")
    home = f"{top}/checks-test-{os.getpid()}"
    os.mkdir(home)
    try:
        yield home
    finally:
        for directory, _, _ in os.walk(home, topdown=False):
            _remove(directory)


def _remove(group: str) -> None:
    """Remove a control group, once the kernel has buried the last process in it."""
    clock = select.poll()
    for _ in range(int(real.PATIENCE * 100)):
        with suppress(OSError):
            os.rmdir(group)
        if not os.path.exists(group):
            return
        clock.poll(10)


_BOOT = """
set -e
echo $$ > "$1/cgroup.procs"
exec unshare -n -m -u -i -p -C --fork --kill-child=KILL --mount-proc sh -c '
set -e
ip link set lo up
mount -t tmpfs tmpfs /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system
cp "$0"/* /run/systemd/system
mount -o bind,ro /proc/sys /proc/sys
mount -o remount,bind,ro /
export SYSTEMD_UNIT_PATH=/run/systemd/system container=other
exec /lib/systemd/systemd --system --unit=default.target --log-target=null --show-status=no
' "$2"
"""


class Booted:
    """A system of its own whose process 1 is systemd."""

    def __init__(self, first: int) -> None:
        self.first = first

    def run(
        self, *command: str, user: int | None = None, check: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in it, as root or as another user."""
        enter = ["nsenter", "-t", str(self.first), "-n", "-m", "-p", "-C"]
        if user is not None:
            enter += ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]
        return subprocess.run(
            [*enter, "env", f"PYTHONPATH={importable()}", "PYTHONDONTWRITEBYTECODE=1", *command],
            capture_output=True, text=True, check=check, timeout=real.PATIENCE,
        )  # fmt: skip

    def checks(self, *arguments: str, user: int | None = None) -> str:
        """What this program prints there. Another user gets the system's interpreter."""
        python = sys.executable if user is None else "/usr/bin/python3"
        return self.run(python, "-m", "checks", *arguments, user=user).stdout

    def is_active(self, unit: str) -> str:
        """What systemctl calls the state of a unit."""
        return self.run("systemctl", "is-active", unit).stdout.strip()


@contextmanager
def booted(units: dict[str, str], home: Path) -> Iterator[Booted]:
    """systemd as process 1 with these units; default.target wants those called NAME.socket.

    Arguments:
        units: file name and text.
        home: a directory of the test's own.
    """
    need("systemctl", "systemd-sysv")
    need("nsenter", "util-linux")
    need("ip", "iproute2")
    if not os.path.exists("/lib/systemd/systemd"):
        missing("/lib/systemd/systemd (apt-get install systemd)")
    files, fifo = home / "units", home / "up"
    files.mkdir()
    os.mkfifo(fifo)
    sockets = " ".join(name for name in units if name.endswith(".socket"))
    alone = "[Unit]\nDefaultDependencies=no\n"
    texts = {name: alone + text for name, text in units.items()}
    texts["up.service"] = (
        f"{alone}After={sockets}\n[Service]\nType=oneshot\n"
        f"ExecStart=/bin/sh -c 'echo up > {fifo}'\n"
    )
    texts["default.target"] = f"[Unit]\nWants={sockets} up.service\n"
    for name, text in texts.items():
        (files / name).write_text(text)
    with (
        control_group() as group,
        open(os.open(fifo, os.O_RDWR), "rb", 0) as up,
        ended(["sh", "-c", _BOOT, "sh", group, str(files)]) as child,
    ):
        if not select.select([up], [], [], 20)[0]:
            missing("namespaces in which systemd can be process 1")
        children = Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text()
        yield Booted(int(children.split()[0]))
