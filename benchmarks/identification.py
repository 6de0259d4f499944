"""What speaks on a port: ours and ``nmap -sV``, each real server asked by both.

Right is what was started: the protocol, and the product in any of the spellings
written down here; the same spellings for both.
"""

from __future__ import annotations

import importlib.util
import re
import statistics
import subprocess
import time
from typing import NamedTuple

import pytest

from benchmarks import measure, tools
from benchmarks.table import markdown

LONGEST = 200.0
"""Seconds for one run of nmap: it has taken 113 for a silent peer."""


class Expected(NamedTuple):
    """What a recipe of the tests' servers starts."""

    protocol: str
    """A regular expression: names of the protocol."""
    product: str
    """The same for the product; empty where the server names none."""


HTTP = r"https?|ssl/http|http-alt|http-proxy"
SERVERS = {
    "postgresql": Expected("postgres(ql)?", "postgres"),
    "mariadb": Expected("mysql", "mariadb|mysql"),
    "redis": Expected("redis", "redis"),
    "redis_tls": Expected("redis|ssl/redis", "redis"),
    "memcached": Expected("memcached?", "memcached"),
    "nginx": Expected(HTTP, "nginx"),
    "nginx_tls": Expected(HTTP, "nginx"),
    "nginx_http2": Expected(HTTP, ""),
    "lighttpd": Expected(HTTP, "lighttpd"),
    "php": Expected(HTTP, "php"),
    "python_http": Expected(HTTP, "http.server|simplehttp"),
    "flask_debug": Expected(HTTP, "werkzeug|flask"),
    "django_debug": Expected(HTTP, "django|wsgi"),
    "uvicorn": Expected(HTTP, "uvicorn"),
    "jupyter": Expected(HTTP, "jupyter|tornado"),
    "vite": Expected(HTTP, "vite"),
    "webpack": Expected(HTTP, "webpack|express"),
    "node_inspector": Expected(HTTP, "node"),
    "chromium": Expected(HTTP, "chrom"),
    "mosquitto": Expected("mqtt", "mosquitto"),
    "nats": Expected("nats", "nats"),
    "rabbitmq": Expected("amqp", "rabbitmq"),
    "slapd": Expected("ldap", "ldap"),
    "bind": Expected("dns|domain", "bind"),
    "dnsmasq": Expected("dns|domain", "dnsmasq"),
    "exim": Expected("smtp", "exim"),
    "dovecot_imap": Expected("imap", "dovecot"),
    "dovecot_pop3": Expected("pop3", "dovecot"),
    "vsftpd": Expected("ftp", "vsftpd"),
    "sshd": Expected("ssh", "openssh"),
    "rsync": Expected("rsync", ""),
    "socks": Expected("socks5?", ""),
    "vnc": Expected("vnc", ""),
    "rdp": Expected("rdp|ms-wbt-server", ""),
    "debugpy": Expected("dap", "debugpy"),
}
EXPLANATION = """
Right of {}: identify {} protocols and {} products, nmap {} and {}.
nmap -sV takes {:.0f} times as long (median).

ms: identify in a running process, median of 3; nmap: its whole run, of which its start is about
50 ms. "protocol": that is right, and the product is not named, or not rightly."""
QUICK = ("redis", "nginx", "nginx_tls", "python_http", "sshd", "vsftpd")


class Named(NamedTuple):
    """What one of the two said."""

    protocol: str
    product: str
    milliseconds: float

    def marks(self, expected: Expected) -> tuple[bool, bool]:
        """Whether the protocol, and the product, are right."""
        protocol = re.fullmatch(expected.protocol, self.protocol, re.IGNORECASE)
        product = re.search(expected.product, self.product, re.IGNORECASE)
        return bool(protocol), bool(protocol and product)

    def shown(self, expected: Expected) -> str:
        """Right, protocol only, or what was said instead."""
        protocol, product = self.marks(expected)
        if product:
            return "right"
        return "protocol" if protocol else f"no: {self.protocol or 'nothing'}"


def ours(port: int, times: int) -> Named:
    """The first answer of ours (debugpy gives no second one), and the median time of an answer."""
    from checks.probe.identify import identify

    found, spent = None, []
    for _ in range(times):
        begin = time.perf_counter()
        said = identify("127.0.0.1", port)
        spent.append((time.perf_counter() - begin) * 1000)
        found = found or said
    assert found is not None  # noqa: S101 - asked at least once
    return Named(found.protocol or "", found.product or "", statistics.median(spent))


def nmap(port: int) -> Named:
    """The columns SERVICE and VERSION; a question mark after a service is a guess by number."""
    command = [*tools.find("nmap").command, "-n", "-Pn", "-sV", "-p", str(port), "127.0.0.1"]
    begin = time.perf_counter()
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=LONGEST,
            env=measure.environment(),
        )  # fmt: skip
        text = done.stdout
    except subprocess.TimeoutExpired:
        text = ""
    spent = (time.perf_counter() - begin) * 1000
    found = re.search(r"^\d+/tcp +open +(\S+) *(.*)$", text, re.MULTILINE)
    return Named(found[1], found[2], spent) if found else Named("", "", spent)


def main(*, quick: bool = False) -> None:
    """Print the table."""
    print("## What speaks there: identify and nmap -sV\n")
    if importlib.util.find_spec("servers") is None or not _importable():
        print("identification: not there yet")
        return
    import servers

    rows, skipped = [], []
    marks: list[tuple[bool, bool, bool, bool]] = []
    ratios = []
    for name in QUICK if quick else SERVERS:
        recipe, expected = getattr(servers, name), SERVERS[name]
        try:
            server = servers.Server(name, recipe)
        except (pytest.skip.Exception, pytest.fail.Exception, OSError) as reason:
            skipped.append(f"{name}: {str(reason).strip().splitlines()[0]}")
            continue
        try:
            mine = ours(server.port, 1 if quick else 3)
            theirs = nmap(server.port)
        finally:
            server.stop()
        ratios.append(theirs.milliseconds / mine.milliseconds)
        marks.append((*mine.marks(expected), *theirs.marks(expected)))
        rows.append((name.replace("_", " "), mine.shown(expected), theirs.shown(expected),
                     mine.milliseconds, theirs.milliseconds, ratios[-1]))  # fmt: skip
    if rows:
        header = ("server", "identify", "nmap -sV", "ms", "nmap ms", "times")
        print(markdown(header, rows, left=3))
        total = [sum(column) for column in zip(*marks, strict=True)]
        print(EXPLANATION.format(len(rows), *total, statistics.median(ratios)))
    for line in skipped:
        print(f"- not run: {line}")


def _importable() -> bool:
    try:
        return bool(importlib.import_module("checks.probe.identify.inquiry"))
    except ImportError:
        return False
