"""ssh that forwards ports, through an sshd of the test's own; and other programs that listen."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import situations as real
from needs import need, need_root

from checks.probe import sockets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until a program listens; it gives no sign of that but the socket table."""
    deadline = time.monotonic() + real.PATIENCE
    while not sockets.on_port(port, ()).listeners:
        assert process.poll() is None, f"{process.args!r} ended with {process.returncode}"
        assert time.monotonic() < deadline, f"{process.args!r} does not listen on {port}"
        time.sleep(0.01)


@contextmanager
def running(*command: str, ports: tuple[int, ...]) -> Iterator[int]:
    """A program that listens on these ports, until the end of the block."""
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:  # fmt: skip
        try:
            for port in ports:
                wait_for(port, process)
            yield process.pid
        finally:
            process.terminate()


@contextmanager
def gate(home: Path) -> Iterator[list[str]]:
    """An sshd; yields the ssh command line that reaches it.

    Arguments:
        home: a directory of the test's own.
    """
    need_root()
    need("sshd", "openssh-server")
    need("ssh-keygen", "openssh-client")
    for name in ("host", "user"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", home / name], check=True
        )
    shutil.copy(home / "user.pub", home / "authorized_keys")
    os.makedirs("/run/sshd", exist_ok=True)
    port = real.free_port()
    options = {
        "Port": port, "ListenAddress": "127.0.0.1", "HostKey": home / "host",
        "AuthorizedKeysFile": home / "authorized_keys", "StrictModes": "no", "UsePAM": "no",
        "PidFile": "none", "PermitRootLogin": "prohibit-password",
    }  # fmt: skip
    words = [f"-o{name}={value}" for name, value in options.items()]
    sshd = shutil.which("sshd") or "sshd"
    with running(sshd, "-D", "-f", "/dev/null", *words, ports=(port,)):
        yield [
            "ssh", "-N", "-F", "/dev/null", "-i", str(home / "user"), "-p", str(port),
            "-o", "StrictHostKeyChecking=no", "-o", f"UserKnownHostsFile={home / 'known'}",
            "-o", "ExitOnForwardFailure=yes", "-o", "BatchMode=yes",
        ]  # fmt: skip


@contextmanager
def forward(home: Path) -> Iterator[int]:
    """ssh -L to the discard port; yields its port."""
    port = real.free_port()
    with (
        gate(home) as ssh,
        running(*ssh, "-L", f"127.0.0.1:{port}:localhost:9", "127.0.0.1", ports=(port,)),
    ):
        yield port
