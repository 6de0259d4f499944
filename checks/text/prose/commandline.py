"""Endpoints of command lines: a client's options, and tools that are told a port to look at.

What a command makes listen is :mod:`checks.text.settings`.

A person pastes the command that failed as often as what it printed. Programs
differ in the letter of the option (``-p`` is a port to ssh and a password to
mysql), so each is listed with its own.

Every pattern has bounded repeats and starts at a word, as in :mod:`checks.text.prose`.
"""

from __future__ import annotations

import re

from checks.model.patterns import has_any
from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_HOST = r"\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9_.*-]{1,253}"

_SERVERS = re.compile(
    r"(?:\bkill-port\s{1,4}"
    # lsof(8), -i [46][protocol][@host]:service; fuser(1), name spaces
    r"|(?<![\w-])-[A-Za-z]{0,6}i[46]?\s?(?:TCP|UDP|tcp|udp)?:"
    r")(?P<port>\d{1,5})(?![\w.]|:[^\d])",
    re.ASCII,
)
_SLASHED = re.compile(
    r"(?:^|\b(?:fuser|allow|deny|limit)\s{1,4}(?:-[A-Za-z]{1,8}\s{1,4}){0,3}"
    r"|--(?:add|remove|query)-port=)(?P<port>\d{1,5})/(?:tcp|udp)(?!\w)",
    re.ASCII | re.MULTILINE,
)
"""``3000/tcp`` as nmap's table begins, and as fuser, ufw and firewall-cmd are told it."""

_PROGRAMS = (
    "ssh", "scp", "sftp", "psql", "pg_isready", "pg_dump", "pg_restore", "redis-cli", "mysql",
    "mysqladmin", "mysqldump", "mariadb", "dig", "iperf", "iperf3", "mosquitto_pub",
    "mosquitto_sub", "flask", "rails", "next", "hugo", "serve", "ab", "wrk", "memcached",
    "redis-server",
)  # fmt: skip
_CLIENT = re.compile(
    rf"(?<![\w./-])(?P<program>{'|'.join(_PROGRAMS)})\s(?P<rest>[^\n|;&]{{1,300}})",
    re.ASCII,
)
_SERVING = frozenset(("flask", "rails", "next", "hugo", "serve", "memcached", "redis-server"))
"""Those that are told where to listen, in forms that :mod:`checks.text.settings` leaves."""
_LETTERS = {"scp": "P", "sftp": "P", "mysql": "P", "mysqladmin": "P", "mysqldump": "P",
            "mariadb": "P"}  # fmt: skip
"""The option of the port where it is not ``-p``: scp(1), sftp(1), mysql(1)."""

_OPTION = {
    letter: re.compile(rf"(?<!\S)-{letter}\s?(?P<port>\d{{1,5}})(?![\w.:/])", re.ASCII)
    for letter in "pP"
}
_TOLD = re.compile(
    r"(?<!\S)(?:-h\s?|--host(?:name)?[\s=]|(?:[A-Za-z_][\w.-]{0,31})?@)"
    rf"(?P<host>{_HOST})(?!\w|:\d)",
    re.ASCII,
)
_LOGIN = re.compile(
    r"(?<![\w.@/:%+-])(?P<user>[A-Za-z_][\w.-]{0,31})@"
    r"(?:(?P<host>\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9][A-Za-z0-9_.-]{0,252}):(?P<port>\d{1,5})"
    r"(?![\w.:])"
    r"|(?P<local>localhost|127(?:\.\d{1,3}){3})(?![\w.@-]))",
    re.ASCII,
)
"""``user@host``, as ssh, scp and rsync are told it. Without a port it is a mail address,
a package or an instance of a unit as well, so only this machine is taken then."""


_CLIENT_MARKS = ("-p", "-P")
_SERVER_MARKS = ("kill-port", "-")
_SLASHED_MARKS = ("/tcp", "/udp")
MARKS = ("@", *_SERVER_MARKS, *_SLASHED_MARKS)
"""One of them is in every text that names something so."""


class Named(NamedTuple):
    """What a command names.

    Arguments:
        host: as written; None where the command has a port only.
        port: as written; None where it has none.
        span: from the first to the last character of both.
        form: ``keywords``, ``plain`` or ``port``, as of an endpoint.
        role: ``target`` or ``listener``, as of an endpoint; None where the command does not tell.
    """

    host: str | None
    port: str | None
    span: tuple[int, int]
    form: str
    role: str | None = None


def read(text: str) -> Iterator[Named]:
    """Find what the commands of a text connect to or listen on.

    Arguments:
        text: any text, any number of lines.
    """
    if has_any(text, _CLIENT_MARKS):
        yield from _clients(text)
    for pattern, marks in ((_SERVERS, _SERVER_MARKS), (_SLASHED, _SLASHED_MARKS)):
        for match in pattern.finditer(text) if has_any(text, marks) else ():
            yield Named(None, match["port"], match.span("port"), "port")
    for match in _LOGIN.finditer(text) if "@" in text else ():
        part = "local" if match["local"] else "host"
        end = match.end("port") if match["port"] else match.end(part)
        role = "target" if match["port"] else None
        yield Named(match[part], match["port"], (match.start(part), end), "plain", role)


def _clients(text: str) -> Iterator[Named]:
    for match in _CLIENT.finditer(text):
        option = _OPTION[_LETTERS.get(match["program"], "p")]
        port = option.search(text, match.start("rest"), match.end("rest"))
        if port is None:
            continue
        host = _TOLD.search(text, match.start("rest"), match.end("rest"))
        role = "listener" if match["program"] in _SERVING else "target"
        if host is None:
            yield Named(None, port["port"], port.span(), "port", role)
            continue
        first = min(host.start("host"), port.start())
        last = max(host.end("host"), port.end())
        yield Named(host["host"], port["port"], (first, last), "keywords", role)
