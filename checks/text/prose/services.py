"""Names of one label with a port: ``redis:6379``, ``connecting to cache:6380``.

In a network of containers a service is called by one word, and a word with a number
behind a colon is mostly something else: ``line:42``, ``step:3``. So the text must say that
something is reached there, or the port must be the one that such a service has.
"""

from __future__ import annotations

import re

from checks import ports
from checks.text.lookalikes import NOT_HOSTS, is_file

_SHORT = 4
"""Letters by which a product is known: less may begin many words."""
_SMALLEST = 20
"""Below it, a number behind a word is a count or a line."""

_PLACES = frozenset(
    "address addr as backend broker brokers connect connected connecting dial dialing endpoint"
    " host into leader master member node peer pod proxy replica seed server servers service svc"
    " tcp to udp upstream via".split()
)
"""Words right before the name of a host."""

_BEFORE = re.compile(r"(?P<word>[A-Za-z_]{2,24})[\s=:\"'`\[(@]{1,4}\Z", re.ASCII)
_WAITED = re.compile(r"\bwait(?:ing|ed|s)?\b[^\n]{0,40}\bfor\s\Z", re.ASCII | re.IGNORECASE)
_BEHIND = re.compile(
    r"[\"'`\])]{0,2}:?\s{0,2}(?:-\s)?(?:[Cc]onnect|connection |refused|timed out|time-?out"
    r"|unreachable|not reachable|(?:did|does|could) not |no route|[Nn]ame or service|dial "
    r"|(?:is|was|are) (?:not )?(?:available|reachable|ready|unavailable|unreachable|up)\b)",
    re.ASCII,
)
_OF_STORES = frozenset(("db", "database", "sql", "store", "data"))
_STORES = frozenset((1433, 1521, 3306, 5432, 6379, 9042, 27017))
_OF_WEB = frozenset("api app backend frontend gateway nginx proxy ui web webapp".split())
_PARTS = re.compile(r"[a-z]{2,32}")


def is_service(text: str, name: str, span: tuple[int, int], port: int) -> bool:
    """Whether a name of one label and a number are a service and its port.

    Arguments:
        text: the whole.
        name: the label.
        span: of the name with its port.
        port: the number.
    """
    lower = name.lower()
    if not _SMALLEST <= port <= ports.LAST or lower in NOT_HOSTS or is_file(f"x.{lower}"):
        return False
    return is_reached(text, span) or _is_usual(lower, port)


def is_reached(text: str, span: tuple[int, int]) -> bool:
    """Whether the words beside a name and a number say that something is reached there."""
    first, last = span
    start = max(0, first - 80)
    before = _BEFORE.search(text, max(start, first - 30), first)
    if before is not None and before["word"].lower() in _PLACES:
        return True
    return bool(_BEHIND.match(text, last) or _WAITED.search(text, start, first))


def _is_usual(name: str, port: int) -> bool:
    """Whether a service with such a name has this port by default."""
    parts = set(_PARTS.findall(name))
    if parts & _OF_STORES:
        return port in _STORES
    uses = ports.Port(str(port), port).uses
    if parts & _OF_WEB:
        return bool(uses) or port in (80, 443)
    known = {word for use in uses for word in _PARTS.findall(use.name.lower())}
    known.update(scheme for scheme, default in ports.SCHEMES.items() if default == port)
    return any(word == part or _is_short(part, word) for part in parts for word in known)


def _is_short(part: str, word: str) -> bool:
    """``mongo`` of MongoDB, ``rabbit`` of RabbitMQ."""
    return len(part) >= _SHORT and word.startswith(part)
