"""What each tool said about a port: its output, read into a few plain words.

Only what was printed (and the exit code, where that is a tool's whole answer)
is read; nothing is filled in that the tool did not say.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class Row(NamedTuple):
    """One socket that a tool listed."""

    protocol: str
    """``tcp`` or ``udp``."""
    state: str
    """``listen``, ``bound`` (UDP), or the tool's word in lower case."""
    address: str
    """As printed, without brackets and zone; ``*`` where the tool prints that."""
    version: int
    """4, 6, or 0 for a row that stands for both, or whose family is not told."""
    pids: frozenset[int]
    port: int = 0
    """Its own; 0 where the tool lists only those of the port that was asked."""


class Said(NamedTuple):
    """What a tool said."""

    verdict: str
    """Of a tool that connects: ``open``, ``closed`` (it says that nothing
    listens), ``refused``, ``filtered``, ``timeout``, ``unreachable``. Of one
    that lists: ``listener``, ``other`` (rows, none of them a TCP listener) or
    ``none``. ``error`` where it said none of these."""
    rows: tuple[Row, ...] = ()
    text: str = ""
    """Everything it printed."""
    findings: tuple[str, ...] = ()
    """Codes; only ours has them."""

    @property
    def pids(self) -> frozenset[int]:
        """Every process that was named."""
        return frozenset().union(*(row.pids for row in self.rows))

    def shown(self) -> str:
        """The class of the answer, in a word or two."""
        if self.verdict not in ("listener", "other"):
            return self.verdict
        pids = f" pid {', '.join(map(str, sorted(self.pids)))}" if self.pids else " without pid"
        word = "listener" if self.verdict == "listener" else f"{self.rows[0].state}"
        return f"{word}{pids}"


def nmap(text: str, code: int) -> Said:
    """The word in the column STATE."""
    found = re.search(r"^\d+/tcp\s+(\S+)", text, re.MULTILINE)
    if found is None and "failed to determine route" in text:
        return Said("unreachable", (), text)
    word = found[1] if found and code == 0 else "error"
    return Said(word if word in ("open", "closed", "filtered") else "error", (), text)


NCAT = (
    ("Connected to", "open"),
    ("Connection refused", "refused"),
    ("timed out", "timeout"),
    ("TIMEOUT", "timeout"),
    ("No route to host", "unreachable"),
    ("Network is unreachable", "unreachable"),
)


def ncat(text: str, code: int) -> Said:
    """The line on standard error."""
    return Said(next((word for part, word in NCAT if part in text), "error"), (), text)


def wait_on(text: str, code: int) -> Said:
    """The exit code says that the port is open; the text, that the time was over."""
    verdict = "open" if code == 0 else "timeout" if "Timed out" in text else "error"
    return Said(verdict, (), text)


def _listed(rows: list[Row], text: str) -> Said:
    if not rows:
        return Said("none", (), text)
    listens = any(row.protocol == "tcp" and row.state == "listen" for row in rows)
    return Said("listener" if listens else "other", tuple(rows), text)


_STATES = {"LISTEN": "listen", "LISTENING": "listen", "UNCONN": "bound"}


def _state(word: str, protocol: str) -> str:
    return "bound" if protocol == "udp" else _STATES.get(word, word.lower())


def _bare(local: str) -> tuple[str, int]:
    """Address and version of ``[::1]:80``, ``127.0.0.1%lo:80``, ``*:80``."""
    address = local.rpartition(":")[0].partition("%")[0].strip("[]")
    return address, 0 if address == "*" else 6 if ":" in address else 4


def ss(text: str, code: int) -> Said:
    """The rows; ``*`` is a socket of both families, ``[::]`` one of IPv6 only."""
    rows = []
    for line in text.splitlines():
        parts = line.split()
        if len(parts) < 6 or parts[0] not in ("tcp", "udp"):
            continue
        address, version = _bare(parts[4])
        pids = frozenset(int(pid) for pid in re.findall(r"pid=(\d+)", line))
        rows.append(Row(parts[0], _state(parts[1], parts[0]), address, version, pids))
    return _listed(rows, text) if code == 0 else Said("error", (), text)


def lsof(text: str, code: int) -> Said:
    """The rows, one for each process and descriptor."""
    rows = []
    for line in text.splitlines():
        found = re.search(
            r" (\d+) +\S+ +\S+ +IPv([46]) .* (TCP|UDP) (\S+?)(?:->\S+)?(?: \((\S+)\))?\s*$", line
        )
        if found:
            protocol = found[3].lower()
            address, version = _bare(found[4])[0], int(found[2])
            state = _state(found[5] or "", protocol)
            rows.append(Row(protocol, state, address, version, frozenset({int(found[1])})))
    return _listed(rows, text)


def portwho(text: str, code: int) -> Said:
    """The processes, and under each what it is bound to.

    Its library does not tell a ``::`` of both families from one of IPv6 only.
    """
    rows, pid = [], 0
    for line in text.splitlines():
        if found := re.match(r"\s+PID:\s+(\d+)", line):
            pid = int(found[1])
        elif found := re.match(r"\s+(tcp|udp)V([46]) - (\S+)$", line):
            state = "bound" if found[1] == "udp" else "listen"
            address = "*" if _bare(found[3])[0] == "::" else _bare(found[3])[0]
            rows.append(Row(found[1], state, address, int(found[2]), frozenset({pid} - {0})))
    if not rows and "No processes found" not in text:
        return Said("error", (), text)
    return _listed(rows, text)


def portpeek(text: str, code: int) -> Said:
    """The rows of its table."""
    rows = []
    for line in text.splitlines():
        parts = line.split()
        if len(parts) >= 6 and parts[0] in ("TCP", "UDP") and parts[2].isdecimal():
            protocol = parts[0].lower()
            address, version = _bare(f"{parts[-1]}:0")
            pids = frozenset({int(parts[2])} - {0})
            rows.append(Row(protocol, _state(parts[3], protocol), address, version, pids))
    if not rows and "not in use" not in text:
        return Said("error", (), text)
    return _listed(rows, text)


def kport(text: str, code: int) -> Said:
    """The processes under OBSERVATION, and under each what it is bound to.

    Of a ``::`` it says that it may take IPv4 or not.
    """
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    rows, pid, protocol = [], 0, "tcp"
    for line in text.splitlines():
        if found := re.match(r"\s+- PID (\d+) .*\[(TCP|UDP)\]", line):
            pid, protocol = int(found[1]), found[2].lower()
        elif found := re.match(r"\s+Bind:\s+(\S+)", line):
            address, version = _bare(found[1])
            state = "bound" if protocol == "udp" else "listen"
            address = "*" if address == "::" else address
            rows.append(Row(protocol, state, address, version, frozenset({pid} - {0})))
    if not rows and "Status: FREE" not in text:
        return Said("error", (), text)
    return _listed(rows, text)


def witr(text: str, code: int) -> Said:
    """The process of ``witr --port`` with its sockets, or several; exit code 3 is "no process".

    The processes that started it stand under "Why It Exists", and are none that it names for
    the port. Of several it gives no sockets.
    """
    pids = frozenset(
        int(pid) for pid in re.findall(r"(?m)^(?:Process\s*: |\[\d+\] ).*?\(pid (\d+)\)", text)
    )
    found = re.findall(r"(?m)(\S+):(\d+) \((TCP|UDP)6? \| (\w+)\)", text)
    rows = [
        Row(kind.lower(), _state(state, kind.lower()), *_bare(f"{address}:0"), pids, int(port))
        for address, port, kind, state in found
    ]
    if pids:
        return _listed(rows or [Row("tcp", "listen", "", 0, pids)], text)
    return Said("none" if code == 3 or "no process listening" in text else "error", (), text)


OUTCOMES = {"accepted": "open", "refused": "refused", "timed-out": "timeout"}


def checks(text: str, code: int) -> Said:
    """The JSON: the outcome, the sentences of verdict and findings, the listeners and owners.

    Of a listener that was left alone it says that it listens, as a list does.
    """
    try:
        report = json.loads(text)
        probe = report["endpoints"][0]["probe"]
        outcome = probe["outcome"]
        listeners = [
            f"{one['protocol']} {one['address']} {owner['name']} pid {owner['pid']} {owner['user']}"
            f" {owner['command']}"
            for one in probe["listeners"]
            for owner in one["owners"]
        ]
    except (ValueError, LookupError, TypeError):
        return Said("error", (), text)
    found = [finding for finding in report["findings"] if finding["code"][0] not in "AP"]
    said = "\n".join([report["verdict"], *(one["message"] for one in found), *listeners])
    codes = tuple(finding["code"] for finding in found)
    if outcome == "left-alone":
        rows = [
            Row(one["protocol"], "listen", one["address"], 6 if ":" in one["address"] else 4,
                frozenset(owner["pid"] for owner in one["owners"]))
            for one in probe["listeners"] if one["protocol"] == "tcp"
        ]  # fmt: skip
        return Said("listener", tuple(rows), said, codes)
    return Said(OUTCOMES.get(outcome, "unreachable"), (), said, codes)


READERS: dict[str, Callable[[str, int], Said]] = {
    "checks": checks,
    "nmap": nmap,
    "ncat": ncat,
    "wait-on": wait_on,
    "ss": ss,
    "lsof": lsof,
    "portwho": portwho,
    "portpeek": portpeek,
    "kport": kport,
    "witr": witr,
}
