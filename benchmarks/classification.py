"""How fast texts are classified, and that the time grows with the length and no faster."""

from __future__ import annotations

import ipaddress
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from benchmarks import measure
from benchmarks.table import markdown
from benchmarks.tools import ROOT
from checks import classify
from checks import page as web
from checks.report import classified, conclude
from checks.report.formats.text import render
from checks.report.style import Style

if TYPE_CHECKING:
    from collections.abc import Callable

ADDRESSES = [
    "127.0.0.1", "127.0.0.2", "0.0.0.0", "10.1.2.3", "172.16.0.9", "192.168.1.10", "169.254.7.7",
    "100.64.0.1", "192.0.2.1", "198.51.100.7", "224.0.0.251", "255.255.255.255", "8.8.8.8",
    "93.184.216.34", "::1", "::", "fe80::1", "fd00::1234", "2001:db8::1", "ff02::fb",
    "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1", "2606:4700:4700::1111",
]  # fmt: skip
REPEAT = 200


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
        classified(classify(text))
    return len(ADDRESSES)


def read_stream() -> int:
    """Lines through ``classify -``, the start of the process included."""
    lines = [f"{text}\n" for text in ADDRESSES] * 100
    subprocess.run([sys.executable, "-m", "checks", "classify", "-"], input="".join(lines),
                   text=True, stdout=subprocess.DEVNULL, check=True, cwd=ROOT)  # fmt: skip
    return len(lines)


def rates(runs: int) -> None:
    """Classifications per second."""
    found = measure.rates(
        {
            "ipaddress.ip_address and its seven flags": read_ipaddress,
            "classify; loopback, block, scope, port range": read_checks,
            "the JSON document": read_dict,
            "lines of 'classify -' (whole process)": read_stream,
        },
        runs,
    )
    base = found["ipaddress.ip_address and its seven flags"]
    print(f"## Classification, median of {runs}\n")
    rows = [(name, value, value / base) for name, value in found.items()]
    print(markdown(("what", "per second", "to ipaddress"), rows))


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
    """Time for a megabyte, as a ratio to the time for a quarter of one."""
    print("\n## One megabyte of one unit, and its ratio to a quarter: 4 where growth is linear\n")
    rows = []
    for name, unit in GROWTH.items():
        small = min(seconds(unit * (250_000 // len(unit))) for _ in range(3))
        large = min(seconds(unit * (1_000_000 // len(unit))) for _ in range(3))
        rows.append((name, large, large / small))
    print(markdown(("unit", "seconds", "ratio"), rows))


def seconds(text: str) -> float:
    """How long one classification takes."""
    begin = time.perf_counter()
    classify(text)
    return time.perf_counter() - begin


LINES = {
    "addresses": lambda i: f"10.0.{i >> 8}.{i & 255}",
    "endpoints": lambda i: f"127.0.0.1:{1000 + i}",
    "ports": lambda i: f"{1024 + i}",
    "0x7f000001": lambda i: f"0x{0x7F000000 + i:x}",
    "IPv6": lambda i: f"2001:db8::{i:x}",
    "URLs": lambda i: f"http://10.0.{i >> 8}.{i & 255}:{1000 + i}/",
    "names": lambda i: f"host{i}.example.com:80",
    "rows of ss": lambda i: f"LISTEN 0 5 127.0.0.1:{1000 + i} 0.0.0.0:*",
    "messages": lambda i: f"connect ECONNREFUSED 127.0.0.1:{1000 + i}",
}
MANY = 4000

SHOWN = {
    "terminal": lambda pasted: render(conclude(classify(pasted)), Style()),
    "page": web.answer,
    "JSON": web.document,
}


def lists() -> None:
    """Time for a list of lines, classified and shown, and its ratio to a quarter of the lines."""
    print(f"\n## {MANY:,} lines: CPU seconds, and the ratio to a quarter: 4 where it is linear\n")
    rows = []
    for name, line in LINES.items():
        small, large = ("\n".join(map(line, range(count))) for count in (MANY // 4, MANY))
        row: list[str | float] = [name]
        for show in SHOWN.values():
            show(small)  # imports, compiles
            before = min(spent(lambda: show(small)) for _ in range(3))  # noqa: B023 - run at once
            after = min(spent(lambda: show(large)) for _ in range(2))  # noqa: B023
            row += [after, after / before]
        rows.append(tuple(row))
    print(markdown(("line", *(h for name in SHOWN for h in (f"{name}, s", "ratio"))), rows))


def spent(action: Callable[[], object]) -> float:
    """The processor time of one call."""
    begin = time.process_time()
    action()
    return time.process_time() - begin


def main(*, quick: bool = False) -> None:
    """Print the tables."""
    rates(max(5, measure.runs(quick=quick) // 3))
    growth()
    lists()
