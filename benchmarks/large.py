"""One diagnosis, and the list of all listeners, on a small machine and on a large one.

The large machine is 300 processes with 10,000 listening sockets, the small one
a process with one; both are in a network of their own, so that the numbers of
sockets are exact. What else runs on the computer is there in both.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import situations as real

from benchmarks import measure, tools
from benchmarks.table import markdown

if TYPE_CHECKING:
    from collections.abc import Iterator

PROCESSES, LISTENERS = 300, 10_000
FIRST = 10_000
"""The first port; the others follow."""

# Each child of the keeper waits for the end of the keeper's standard input: when the benchmark
# ends, in whatever way, the pipe closes and all of them go.
_KEEPER = """
import os, select, socket, sys, threading
first, count, children, asked = map(int, sys.argv[1:])
page = b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\nConnection: close\\r\\n\\r\\nok"

def serve(listener):
    while 0 not in select.select([0, listener], [], [])[0]:
        end, _ = listener.accept()
        end.settimeout(2)
        threading.Thread(target=answer, args=(end,), daemon=True).start()

def answer(end):
    with end:
        try:
            if end.recv(4096):
                end.sendall(page)
        except OSError:
            pass

ready, said = os.pipe()
for child in range(children):
    if os.fork():
        continue
    kept = []
    for port in range(first + child, first + count, children):
        address = "0.0.0.0" if port % 10 == 0 else "::" if port % 10 == 1 else "127.0.0.1"
        kind = socket.AF_INET6 if ":" in address else socket.AF_INET
        listener = socket.socket(kind)
        listener.bind((address, port))
        listener.listen(4096)  # nobody accepts, and many will ask
        kept.append(listener)
    os.write(said, b".")
    for listener in kept:
        if listener.getsockname()[1] == asked:
            serve(listener)
    os.read(0, 1)
    os._exit(0)
os.close(said)
seen = 0
while seen < children:
    got = len(os.read(ready, 4096))
    if not got:
        sys.exit("a child did not come up")
    seen += got
print("ready", flush=True)
os.read(0, 1)
for _ in range(children):
    os.wait()
"""


@contextmanager
def machine(processes: int, listeners: int) -> Iterator[int]:
    """A network of its own with so many processes and listeners.

    Yields the port of one that answers HTTP: on 127.0.0.1, in the middle of the table.
    """
    asked = FIRST + (listeners // 20 * 10 + 5) % listeners
    with real.own_network():
        keeper = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _KEEPER, str(FIRST), str(listeners), str(processes),
             str(asked)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert keeper.stdin is not None  # noqa: S101 - for the type
        assert keeper.stdout is not None  # noqa: S101
        try:
            if keeper.stdout.readline() != b"ready\n":
                raise RuntimeError("the listeners did not come up")
            yield asked
        finally:
            keeper.stdin.close()
            keeper.wait(60)
            keeper.stdout.close()


def diagnosis(port: int) -> dict[str, list[str]]:
    """The commands that say who has one port."""
    ours, target = [sys.executable, "-m", "checks"], f"127.0.0.1:{port}"
    commands = {
        "checks --no-identify 127.0.0.1:PORT": [*ours, "--no-identify", target],
        "checks 127.0.0.1:PORT": [*ours, target],
        "checks --json 127.0.0.1:PORT": [*ours, "--json", target],
    }
    others = {
        "portwho": [str(port)],
        "portpeek": [str(port)],
        "ss": ["-tlnp"],
        "lsof": ["-nP", f"-iTCP:{port}", "-sTCP:LISTEN"],
        "witr": ["--port", str(port)],
    }
    return commands | _shown(others, port)


def listing() -> dict[str, list[str]]:
    """The commands that list every listener."""
    others = {"ss": ["-tlnp"], "lsof": ["-nP", "-iTCP", "-sTCP:LISTEN"], "portpeek": []}
    ours = [sys.executable, "-m", "checks", "listen"]
    commands = {"checks listen --tcp": [*ours, "--tcp"], "checks listen --json": [*ours, "--json"]}
    return (commands if measure.has_command("listen") else {}) | _shown(others)


def _shown(others: dict[str, list[str]], port: int = 0) -> dict[str, list[str]]:
    found = {}
    for name, arguments in others.items():
        if not tools.find(name).missing:
            title = " ".join([name, *arguments]).replace(str(port), "PORT" if port else str(port))
            found[title] = [*tools.find(name).command, *arguments]
    return found


def main(*, quick: bool = False) -> None:
    """Print the tables."""
    runs = measure.runs(quick=quick)
    tools.missing()  # looks for each, and installs some: the networks below lead nowhere
    try:
        with machine(1, 1) as port:
            small = [measure.processes(c, runs) for c in (diagnosis(port), listing())]
        with machine(PROCESSES, LISTENERS) as port:
            few = max(3, runs // 3)
            large = [measure.processes(c, few) for c in (diagnosis(port), listing())]
    except pytest.skip.Exception as reason:
        print(f"## The large machine\n\nnot run: {reason}")
        return
    titles = ("One diagnosis", "Every listener")
    for title, one, many in zip(titles, small, large, strict=True):
        print(f"## {title}, milliseconds of the whole process, median of {runs} and {few}\n")
        base = next(iter(one))
        rows = [
            (f"`{name}`", one[name], one[name] / one[base], many[name], many[name] / many[base])
            for name in one
        ]
        header = ("command", "1 listener", "ratio", f"{PROCESSES} × {LISTENERS:,}", "ratio")
        print(markdown(header, rows))
        if title == titles[1] and not measure.has_command("listen"):
            print("\n`checks listen`: not there yet")
        print()
    for line in tools.missing():
        print(f"- {line}")
