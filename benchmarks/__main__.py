"""Print the benchmark tables: ``python -m benchmarks``."""

from __future__ import annotations

import ipaddress
import os
import platform
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from benchmarks import measure
from checks import classify

ROOT = Path(__file__).parent.parent

ADDRESSES = [
    "127.0.0.1", "127.0.0.2", "0.0.0.0", "10.1.2.3", "172.16.0.9", "192.168.1.10", "169.254.7.7",
    "100.64.0.1", "192.0.2.1", "198.51.100.7", "224.0.0.251", "255.255.255.255", "8.8.8.8",
    "93.184.216.34", "::1", "::", "fe80::1", "fd00::1234", "2001:db8::1", "ff02::fb",
    "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1", "2606:4700:4700::1111",
]  # fmt: skip
REPEAT = 200


def accepting() -> tuple[socket.socket, int]:
    """A listener that accepts and closes, on a port of its own."""
    server = socket.create_server(("127.0.0.1", 0), backlog=128)

    def serve() -> None:
        while True:
            try:
                peer, _ = server.accept()
            except OSError:
                return
            peer.close()

    threading.Thread(target=serve, daemon=True).start()
    return server, server.getsockname()[1]


def whole_process(runs: int) -> None:
    """(a) One question from start to exit."""
    server, port = accepting()
    interpreter = sys.executable
    commands = {
        "python3 -c pass": [interpreter, "-c", "pass"],
        "python3 -m checks 127.0.0.1:PORT": [interpreter, "-m", "checks", f"127.0.0.1:{port}"],
        "python3 -m checks --json 127.0.0.1:PORT":
            [interpreter, "-m", "checks", "--json", f"127.0.0.1:{port}"],
        "nmap -n -Pn -p PORT 127.0.0.1": ["nmap", "-n", "-Pn", "-p", str(port), "127.0.0.1"],
        "lsof -nP -iTCP:PORT": ["lsof", "-nP", f"-iTCP:{port}"],
    }  # fmt: skip
    commands = {name: argv for name, argv in commands.items() if shutil.which(argv[0])}
    times = measure.processes(commands, runs)
    server.close()
    bare = times["python3 -c pass"]
    print("Whole process on an accepting port, milliseconds (median), ratio to the interpreter\n")
    for name, value in times.items():
        print(f"  {name:<42} {value:8.1f}  {value / bare:6.2f}")


def read_ipaddress() -> int:
    """ipaddress: parse, then its seven flags."""
    for _ in range(REPEAT):
        for text in ADDRESSES:
            address = ipaddress.ip_address(text)
            _ = (address.is_loopback, address.is_private, address.is_global,
                 address.is_link_local, address.is_multicast, address.is_reserved,
                 address.is_unspecified)  # fmt: skip
    return REPEAT * len(ADDRESSES)


def read_checks() -> int:
    """Classify, then loopback, block, scope and port range."""
    for _ in range(REPEAT):
        for text in ADDRESSES:
            endpoint = classify(text).endpoints[0]
            host = endpoint.host
            assert host is not None  # noqa: S101
            _ = host.loopback, host.block, host.scope
            _ = endpoint.port.range if endpoint.port else None
    return REPEAT * len(ADDRESSES)


def read_dict() -> int:
    """The whole JSON document of each address."""
    for text in ADDRESSES:
        classify(text).to_dict()
    return len(ADDRESSES)


def read_stream() -> int:
    """Lines through ``classify -``, the start of the process included."""
    lines = [f"{text}\n" for text in ADDRESSES] * 100
    subprocess.run([sys.executable, "-m", "checks", "classify", "-"], input="".join(lines),
                   text=True, stdout=subprocess.DEVNULL, check=True, cwd=ROOT)  # fmt: skip
    return len(lines)


def classification(runs: int) -> None:
    """(b) Classifications per second."""
    rates = measure.rates(
        {
            "ipaddress.ip_address and its seven flags": read_ipaddress,
            "classify; loopback, block, scope, port range": read_checks,
            "classify(...).to_dict()": read_dict,
            "lines of 'classify -' (whole process)": read_stream,
        },
        runs,
    )
    base = rates["ipaddress.ip_address and its seven flags"]
    print("\nClassification, per second (median), ratio to ipaddress\n")
    for name, value in rates.items():
        print(f"  {name:<46} {value:10.0f}  {value / base:6.2f}")


GROWTH = {
    "digits": "1",
    "dots": ".",
    "brackets": "[",
    "colons": ":",
    "quotes": '"',
    "words": "refused ",
    "addresses": "127.0.0.1:62893 ",
    "combining marks": "\u0301",
    "percent signs": "%41",
}


def growth() -> None:
    """(c) Time for a megabyte, as a ratio to the time for a quarter of one."""
    print("\nOne megabyte of one unit: seconds, ratio to a quarter of it (4 is linear)\n")
    for name, unit in GROWTH.items():
        small = min(seconds(unit * (250_000 // len(unit))) for _ in range(3))
        large = min(seconds(unit * (1_000_000 // len(unit))) for _ in range(3))
        print(f"  {name:<46} {large:10.2f}  {large / small:6.2f}")


def seconds(text: str) -> float:
    """How long one classification takes."""
    begin = time.perf_counter()
    classify(text)
    return time.perf_counter() - begin


def main() -> None:
    """Print the tables."""
    os.chdir(ROOT)
    runs = int(os.environ.get("BENCH_RUNS", "25"))
    print(f"{platform.python_implementation()} {platform.python_version()},"
          f" {platform.system()} {platform.release()}, {os.cpu_count()} cores,"
          f" {runs} runs each\n")  # fmt: skip
    whole_process(runs)
    classification(max(5, runs // 3))
    growth()


if __name__ == "__main__":
    main()
