"""Ports that a container publishes: ``docker run -p``, Compose's ports, a Dockerfile's EXPOSE.

Sources: Docker manual, "Port publishing and mapping"; Compose specification, "ports";
Dockerfile reference, "EXPOSE".
"""

from __future__ import annotations

import re

from checks.text.authority import all_digits
from checks.text.settings.record import CONTAINER, EVERY, Setting
from checks.text.settings.words import REST, Word, words
from checks.text.tables import cells

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


_RUN = re.compile(
    rf"(?<![\w./-])(?P<tool>docker|podman|nerdctl)(?: container)? (?:run|create)\s(?P<rest>{REST})",
    re.ASCII,
)
_MAPPING = re.compile(
    r"(?:(?P<host>\[[0-9A-Fa-f:.]{2,45}\]|(?:\d{1,3}\.){3}\d{1,3}|localhost):)?"
    r"(?P<port>\d{1,5})?(?:-\d{1,5})?:(?P<into>\d{1,5})(?:-\d{1,5})?(?:/(?P<protocol>tcp|udp|sctp))?",
    re.ASCII,
)
_INNER = re.compile(r"(?P<into>\d{1,5})(?:/(?P<protocol>tcp|udp|sctp))?", re.ASCII)
_CLOCK = 60
"""``- "12:30"`` in a list is a time more often than two ports."""
_ALONE = re.compile(r"\s{0,40}(?:-p|--publish)[ =](?P<value>\S{1,120})\s{0,40}", re.ASCII)
_LISTED = re.compile(
    r"^[ \t>|]{0,60}-[ \t]{1,8}(?P<quote>[\"']?)(?P<value>[0-9\[][0-9A-Fa-f.:\[\]-]{2,80}"
    r"(?:/(?:tcp|udp))?)(?P=quote)[ \t\r]{0,40}(?:#[^\n]{0,200})?$",
    re.ASCII | re.MULTILINE,
)
_INLINE = re.compile(r"ports:[ \t]{0,8}\[(?P<items>[^\n]{1,400})\]", re.ASCII)
_ITEM = re.compile(r"(?P<value>[0-9\[][0-9A-Fa-f.:\[\]-]{2,80}(?:/(?:tcp|udp))?)", re.ASCII)
_LONG = re.compile(
    r"(?P<keys>(?:^[ \t>|]{0,60}(?:-[ \t])?[ \t]{0,8}"
    r"(?:target|published|host_ip|protocol|mode|name|app_protocol):[ \t]{1,4}[^\n]{1,60}\n?){2,7})",
    re.ASCII | re.MULTILINE,
)
_KEY = re.compile(
    r"(?P<key>target|published|host_ip|protocol):[ \t]{1,4}[\"']?(?P<value>[\w.:-]{1,45})", re.ASCII
)
_EXPOSE = re.compile(
    r"^[ \t>|]{0,60}EXPOSE[ \t]{1,8}(?P<port>\d{1,5})(?:/(?P<protocol>tcp|udp))?(?![\w.:])",
    re.ASCII | re.MULTILINE,
)


def read(text: str) -> Iterator[Setting]:
    """Find ports that a text publishes."""
    for match in _RUN.finditer(text):
        yield from _run(text, match)
    alone = _ALONE.fullmatch(text) if len(text) < 300 else None
    if alone is not None:
        word = Word(alone["value"], alone.span("value"))
        yield from _mapping(text, word, "docker run", alone.span())
    yield from _compose(text)
    for match in _EXPOSE.finditer(text):
        end = cells.port_at(text, match.span("port"))
        if end is not None:
            yield Setting(
                tool="EXPOSE",
                key="docker-expose",
                span=match.span(),
                endpoint=end,
                port=int(match["port"]),
                protocol=match["protocol"] or "tcp",
                at=CONTAINER,
            )


def _compose(text: str) -> Iterator[Setting]:
    """The ports of Compose's services, in each of its three forms."""
    listed = "ports:" in text
    found = [match for match in _LISTED.finditer(text) if listed or _is_quoted_mapping(match)]
    for match in _INLINE.finditer(text):
        found += _ITEM.finditer(text, *match.span("items"))
    for match in found:
        word = Word(match["value"], match.span("value"))
        yield from _mapping(text, word, "Compose", match.span("value"))
    if "published:" in text:
        for match in _LONG.finditer(text):
            yield from _long(text, match)


def _is_quoted_mapping(match: re.Match[str]) -> bool:
    """Whether an item of any list is two ports rather than a time."""
    first = match["value"].partition(":")[0]
    return bool(match["quote"]) and not (all_digits(first) and int(first[:6]) < _CLOCK)


def _run(text: str, match: re.Match[str]) -> Iterator[Setting]:
    """Each -p of a command; it may be given many times."""
    found = words(text, *match.span("rest"))
    for number, word in enumerate(found):
        given = word
        if word.text in ("-p", "--publish"):
            if number + 1 >= len(found):
                return
            given = found[number + 1]
        else:
            name = next((one for one in ("--publish=", "-p") if word.text.startswith(one)), None)
            if name is None:
                continue
            rest = word.text[len(name) :]
            given = Word(rest, (word.span[1] - len(rest), word.span[1]))
        span = (match.start(), given.span[1])
        inner = _INNER.fullmatch(given.text)
        if inner is not None:  # Docker picks the port of this machine
            yield Setting(
                f"{match['tool']} run",
                "docker-publish",
                span,
                None,
                EVERY,
                into=int(inner["into"]),
                protocol=inner["protocol"] or "tcp",
            )
        yield from _mapping(text, given, f"{match['tool']} run", span)


def _mapping(text: str, word: Word, tool: str, span: tuple[int, int]) -> Iterator[Setting]:
    """``8080:80``, ``127.0.0.1:8080:80/udp``; without a port of this machine one is picked."""
    match = _MAPPING.fullmatch(word.text)
    if match is None or (match["port"] is None and match["host"] is None):
        return
    start = word.span[0]
    near = None
    if match["port"]:
        last = start + match.end("port")
        host = match["host"]
        near = cells.end_at(text, (start, last)) if host else cells.port_at(text, (start, last))
    if near is None and match["port"]:
        return
    yield Setting(
        tool=tool,
        key="docker-publish",
        span=span,
        endpoint=near._replace(role="listener") if near else None,
        address=(match["host"] or EVERY).strip("[]"),
        port=int(match["port"]) if match["port"] else None,
        given=match["host"] is not None,
        into=int(match["into"]),
        protocol=match["protocol"] or "tcp",
    )


def _long(text: str, match: re.Match[str]) -> Iterator[Setting]:
    """Compose's long form: target, published, host_ip."""
    start = match.start("keys")
    parts: dict[str, Word] = {}
    for part in _KEY.finditer(match["keys"]):
        place = (start + part.start("value"), start + part.end("value"))
        parts.setdefault(part["key"], Word(part["value"], place))
    if "published" not in parts:
        return
    host, port = parts.get("host_ip"), parts["published"]
    if host is not None:
        near = cells.pair_at(text, host.span, port.span)
    else:
        near = cells.port_at(text, port.span)
    if near is None:
        return
    target = parts.get("target")
    yield Setting(
        tool="Compose",
        key="docker-publish",
        span=(start, start + len(match["keys"].rstrip())),
        endpoint=near._replace(role="listener"),
        address=host.text if host else EVERY,
        port=near.port.number if near.port else None,
        given=host is not None,
        into=int(target.text)
        if target and all_digits(target.text) and len(target.text) < 6
        else None,
        protocol=parts["protocol"].text if "protocol" in parts else "tcp",
    )
