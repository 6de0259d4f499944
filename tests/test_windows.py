"""The program runs on a Python that lacks what Windows lacks.

This is no Windows: it is this system's Python without the modules and names that Python has on
POSIX only, and with the platform's name. It shows that no road leads through them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import situations as real
from needs import need_linux

ROOT = Path(__file__).parent.parent

WITHOUT = """
import argparse, ctypes, gettext, importlib, json, locale, os, random, select, selectors, shutil
import signal, socket, ssl, subprocess, sys, tempfile, threading, time, urllib.request
os.O_BINARY = os.O_NOINHERIT = 0
socket.SO_EXCLUSIVEADDRUSE = socket.SO_KEEPALIVE  # any that does no harm
@property
def absent(self):
    raise AttributeError
for name in "recvmsg recvmsg_into sendmsg sendmsg_afalg".split():
    setattr(socket.socket, name, absent)
LACKING = {
    os: "O_CLOEXEC O_DIRECTORY O_NONBLOCK geteuid getuid getegid getgid setsid sysconf uname",
    select: "epoll poll POLLOUT",
    signal: "SIGKILL SIGPIPE SIGXFSZ",
    socket: "AF_NETLINK AF_UNIX SOCK_CLOEXEC SOCK_NONBLOCK SO_REUSEPORT",
    time: "CLOCK_BOOTTIME CLOCK_REALTIME clock_gettime",
}
for module, names in LACKING.items():
    for name in names.split():
        delattr(module, name)
for name in ("fcntl", "grp", "pty", "pwd", "resource", "termios"):
    sys.modules[name] = None
selectors.DefaultSelector = selectors.SelectSelector
sys.platform = "win32"
from checks.cli import main
sys.exit(main(sys.argv[1:]))
"""
"""What docs.python.org marks "Availability: Unix", as far as a road could lead there."""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line on that Python, without site-packages and so without psutil."""
    return subprocess.run(
        [sys.executable, "-S", "-c", WITHOUT, *arguments], cwd=ROOT, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def linux() -> None:
    """What is taken away is what Linux has."""
    need_linux()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_an_endpoint_is_diagnosed(host: str) -> None:
    """By name and by address: it answers, on a system that is called Windows."""
    with real.listening("127.0.0.1") as port:
        done = run("--json", "--no-identify", f"{host}:{port}")
    assert done.stderr == ""
    document = json.loads(done.stdout)
    probe = document["endpoints"][0]["probe"]
    assert probe["outcome"] == "accepted"
    assert probe["machine"]["system"] == "windows"


def test_an_endpoint_that_refuses_is_diagnosed() -> None:
    """Its socket has no recvmsg() there, though the module has the flags for it."""
    port = real.free_port()
    done = run("--json", f"127.0.0.1:{port}")
    assert (done.returncode, done.stderr) == (1, "")
    assert json.loads(done.stdout)["endpoints"][0]["probe"]["outcome"] == "refused"


def test_a_name_that_the_system_does_not_know_is_a_finding() -> None:
    """The resolver and the hosts file are asked."""
    done = run("nope.invalid:80")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("This system finds no address for nope.invalid.")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["wait", "localhost:PORT", "--timeout", "5"], 0),
        (["wait", "localhost:PORT", "--", sys.executable, "-c", "raise SystemExit(7)"], 7),
        (["free"], 0),
        (["classify", "localhost"], 0),
        (["explain", "C302"], 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_every_command_ends_as_elsewhere(arguments: list[str], code: int) -> None:
    """With its own exit code, and no word of an error."""
    with real.listening("127.0.0.1") as port:
        done = run(*(each.replace("PORT", str(port)) for each in arguments))
    assert (done.returncode, done.stderr) == (code, "")


@pytest.mark.parametrize("arguments", [["listen"], ["scan", "-p", "PORT"]], ids=" ".join)
def test_what_needs_psutil_says_so_in_one_line(arguments: list[str]) -> None:
    """The socket table cannot be read without it; that is no fault."""
    with real.listening("127.0.0.1") as port:
        done = run(*(each.replace("PORT", str(port)) for each in arguments))
    (line,) = done.stderr.splitlines()
    assert line.startswith("checks: Who listens could not be learned: on this system that needs")


def test_commands_are_those_of_windows() -> None:
    """The reader's system is known by the same name."""
    done = run("nope.invalid:80")
    assert "Resolve-DnsName" in done.stdout
    assert "getent" not in done.stdout
