"""How the summary of a table names things: an end, who holds it, who can reach it.

Names that come from the table go in as they are; the renderers clean them.
"""

from __future__ import annotations

from checks.address import host as hosts
from checks.findings import wording
from checks.model import words
from checks.rules.places import of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from checks.text.endpoint import Endpoint
    from checks.text.tables import Row

HOST = "host"
"""Only this machine can connect."""
NETWORK = "network"
ANY = "any"
MOST_WORDS = 25
"""Of a sentence that a user reads."""

_NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
)  # fmt: skip
_WINDOWS = {135: "RPC", 139: "NetBIOS", 445: "SMB", 3389: "Remote Desktop", 5985: "WinRM"}
"""What Windows itself listens on: "Service overview and network port requirements"."""
_CLIPPED = 60


def where(end: Endpoint) -> str:
    """``0.0.0.0:5432``, ``[::]:22``, ``*:3000``; ``port 8080`` where there is no host."""
    host, port = end.host, end.port
    number = str(port.number) if port is not None and port.number is not None else ""
    if host is None:
        return f"port {number}"
    name = host.address or host.text
    name = f"{name}%{host.zone}" if host.zone else name
    return wording.clip(words.at(name, number) if number else name)


def number(end: Endpoint | None) -> int | None:
    """The port of an end as a number; None where it has none."""
    return end.port.number if end is not None and end.port is not None else None


def who(row: Row) -> str:
    """``postgres (pid 812)``, ``process 812``, ``a program``."""
    program = _called(row)
    if program and row.pid is not None:
        return f"{program} (pid {row.pid})"
    if program:
        return program
    return f"process {row.pid}" if row.pid else "a program"


def _called(row: Row) -> str:
    """The program's name, or what people know it by."""
    if row.pid == _SYSTEM and row.program in ("", "System"):
        return "Windows itself"
    if number(row.local) in _AIRPLAY and row.program.startswith("ControlCe"):
        return "macOS's AirPlay Receiver"
    return row.program[:_CLIPPED]


_SYSTEM = 4
"""The process of the Windows kernel and its drivers, HTTP.sys among them."""
_AIRPLAY = (5000, 7000)
"""Apple, "Use AirPlay": ControlCenter has these ports since macOS 12."""


def owner(row: Row) -> str:
    """The same behind an endpoint, in parentheses; the port's usual service if no name is known."""
    program = _called(row)
    if program:
        return f" ({program}, pid {row.pid})" if row.pid is not None else f" ({program})"
    usual = service(row.local)
    parts = [usual] if usual else []
    parts += [f"pid {row.pid}"] if row.pid else []
    return f" ({', '.join(parts)})" if parts else ""


def service(end: Endpoint | None) -> str:
    """What a port is for by default, in a word or two; "" where nothing is known."""
    port = end.port if end is not None else None
    if port is None or not port.number or port.number >= 49152:
        return ""
    if port.number in _WINDOWS:
        return _WINDOWS[port.number]
    if len(port.uses) == 1:
        return port.uses[0].name
    known = port.number < 1024 and not port.uses and port.services
    return port.services[0].name if known else ""


def reach(end: Endpoint | None) -> str | None:
    """Who can reach what is bound there: ``host``, ``network`` or ``any``; None where unknown."""
    host = end.host if end is not None else None
    if host is None:
        return None
    if host.zone in ("lo", "lo0"):
        return HOST
    if host.kind == hosts.WILDCARD:
        return ANY
    if host.kind == hosts.NAME:
        return HOST if host.loopback else None
    spot = of(host.version, host.value)
    if spot.loopback:
        return HOST
    return ANY if spot.unspecified else NETWORK


def count(number: int, noun: str, plural: str = "") -> str:
    """``three listeners``, ``31 listeners``, ``one listener``."""
    word = _NUMBERS[number] if number < len(_NUMBERS) else str(number)
    return f"{word} {noun if number == 1 else plural or noun + 's'}"


def begin(text: str) -> str:
    """A phrase as the start of a sentence, where it begins with one of our own words."""
    ours = ("a ", "an ", "the ", "process ", "all ", "both ", *(f"{name} " for name in _NUMBERS))
    return text[0].upper() + text[1:] if text.startswith(ours) else text


def fitting(items: Sequence[str], sentence: Callable[[str], str]) -> str:
    """The sentence with as many of the items as it has room for, and how many more there are.

    Arguments:
        items: what is to be named, the most important first.
        sentence: makes the sentence of the phrase for them.
    """
    made = ""
    for shown in range(min(len(items), 8), 0, -1):
        more = len(items) - shown
        kept = [*items[:shown], f"{more} more"] if more else list(items)
        made = sentence(wording.joined(kept))
        if len(made.split()) <= MOST_WORDS:
            return made
    return made


def listed(items: Sequence[str], sentence: str) -> list[str]:
    """A sentence with the items at its braces; none where there are no items."""
    head, _, tail = sentence.partition("{}")
    return [fitting(items, lambda said: f"{head}{said}{tail}")] if items else []


def named(rows: Sequence[Row]) -> list[str]:
    """The listeners of some rows, those of one owner together: ``*:22 and [::]:22 (sshd)``."""
    groups: dict[str, dict[str, None]] = {}
    for row in rows:
        if row.local is not None:
            groups.setdefault(owner(row), {})[where(row.local)] = None
    return [
        wording.joined(ends if len(ends) <= 3 else [*ends[:2], f"{len(ends) - 2} more"]) + said
        if said
        else end
        for said, ends in ((said, [*ends]) for said, ends in groups.items())
        for end in ([ends[0]] if said else ends)
    ]
