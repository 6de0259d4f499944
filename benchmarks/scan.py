"""A scan of all ports: how long, beside nmap, and whether any of its answers is false.

In a network of its own, so that what listens there is known exactly: some
listeners, on low ports and inside the range that connections take their own
ports from, where a scan can meet itself.
"""

from __future__ import annotations

import json
import re
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
import situations as real

from benchmarks import measure, tools
from benchmarks.table import markdown

if TYPE_CHECKING:
    from collections.abc import Callable

SCANS = 20
OPEN = (22, 80, 443, 1023, 3000, 5432, 8080, 9999, 32768, 32769, 40000, 45678, 50000, 55555, 60999,
        61000, 62893, 65535)  # fmt: skip
OURS = "checks scan"
NMAP = "nmap -n -Pn -sT -p-"


def ours(text: str) -> set[int]:
    """The open ports of ``scan --json``."""
    found = [json.loads(line) for line in text.splitlines()]
    return {one["port"] for one in found if one["outcome"] == "accepted"}


def nmap(text: str) -> set[int]:
    """The open ports of a normal report."""
    return {int(port) for port in re.findall(r"^(\d+)/tcp +open ", text, re.MULTILINE)}


def answers(command: list[str], read: Callable[[str], set[int]], times: int) -> tuple[int, int]:
    """False and missing open ports over so many scans."""
    wrong = lacking = 0
    for _ in range(times):
        seen = read(measure.finished(command, capture=True).stdout.decode())
        wrong += len(seen - {*OPEN})
        lacking += len({*OPEN} - seen)
    return wrong, lacking


def main(*, quick: bool = False) -> int:
    """Print the table; 1 where a scan of ours was wrong."""
    print("## All 65,535 TCP ports of 127.0.0.1\n")
    scans = 3 if quick else SCANS
    commands = {}
    readers: dict[str, Callable[[str], set[int]]] = {OURS: ours, NMAP: nmap}
    if measure.has_command("scan"):
        commands[OURS] = [sys.executable, "-m", "checks", "scan", "--json", "127.0.0.1"]
    else:
        print("`checks scan`: not there yet\n")
    if not tools.find("nmap").missing:
        commands[NMAP] = [*tools.find("nmap").command, *NMAP.split()[1:], "127.0.0.1"]
    try:
        with real.own_network(), ExitStack() as stack:
            for port in OPEN:
                stack.enter_context(real.listening("127.0.0.1", port, backlog=4096))
            times = measure.processes(commands, max(3, measure.runs(quick=quick) // 5))
            found = {name: answers(argv, readers[name], scans) for name, argv in commands.items()}
    except pytest.skip.Exception as reason:
        print(f"not run: {reason}")
        return 0
    base = times.get(NMAP)
    rows = [
        (f"`{name}`", times[name] / 1000, times[name] / base if base else "", scans, *found[name])
        for name in commands
    ]
    header = ("command", "seconds", "to nmap", "scans", "false open", "missed")
    print(f"{len(OPEN)} ports are open.\n")
    print(markdown(header, rows))
    return int(any(found.get(OURS, ())))
