"""The services of inetd and xinetd, by port, from their configuration.

Sources: inetd.conf(5) of OpenBSD and of GNU inetutils, xinetd.conf(5), and the
source of BusyBox' inetd for its default file.
"""

from __future__ import annotations

import os
import socket

from checks.model.records import NamedTuple
from checks.probe.machine import files
from checks.probe.machine.relay import positional, split

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.model.evidence import Owner

_VALUED = frozenset(("-R", "-q", "-p", "-pidfile", "-filelog", "-syslog", "-limit", "-cc"))
"""Options of inetd and xinetd whose value is the next word."""
_MOST_FILES = 1000
_MOST_NESTED = 4
_MOST_FIELDS = 64


class Service(NamedTuple):
    """A service that a client would start.

    Arguments:
        name: as the configuration calls it.
        program: the program that is started; "" where it is answered by inetd itself.
    """

    name: str
    program: str


def of_inetd(owner: Owner, port: int, root: str = "") -> Service | None:
    """Return inetd's service on a TCP port; None where no configuration names it.

    Arguments:
        owner: the process; its command line may name the files.
        port: 1 to 65535.
        root: put before each path.
    """
    words = split(owner.command or "")
    words = words[2:] if words[1:2] == ["inetd"] else words[1:]
    named = positional(words, _VALUED)
    paths = named or ["/etc/inetd.conf", *_listed("/etc/inetd.d", root)]
    for path in paths[:_MOST_FILES]:
        for line in _text(_absolute(path, owner), root).splitlines():
            found = _inetd_line(line, port)
            if found is not None:
                return found
    return None


def of_xinetd(owner: Owner, port: int, root: str = "") -> Service | None:
    """Return xinetd's service on a TCP port; the arguments are those of :func:`of_inetd`."""
    words = split(owner.command or "")
    path = words[words.index("-f") + 1] if "-f" in words[:-1] else "/etc/xinetd.conf"
    for name, settings in _blocks(_absolute(path, owner), root, _MOST_NESTED):
        number = settings.get("port") or name
        if settings.get("disable", "no") == "yes" or _number(number) != port:
            continue
        if settings.get("protocol", "tcp") != "tcp":
            continue
        inside = "INTERNAL" in settings.get("type", "").split()
        return Service(name, "" if inside else settings.get("server", "").partition(" ")[0] or name)
    return None


def _inetd_line(line: str, port: int) -> Service | None:
    """``[address:]service stream tcp nowait user program arguments``."""
    fields = line.split()[:_MOST_FIELDS]
    if len(fields) < 6 or fields[0].startswith("#"):
        return None
    if fields[1] != "stream" or not fields[2].startswith("tcp"):
        return None
    name = fields[0].rpartition(":")[2]
    if _number(name) != port:
        return None
    program = fields[5]
    if program.rpartition("/")[2] == "tcpd" and len(fields) > 6:  # tcpd(8) starts it in turn
        program = fields[6]
    return Service(name, "" if program == "internal" else program)


def _blocks(path: str, root: str, depth: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Every ``service NAME { key = value ... }``, those of included files too."""
    name = ""
    settings: dict[str, str] = {}
    for line in _text(path, root).splitlines():
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words[0] in ("include", "includedir") and len(words) > 1 and depth:
            listed = [words[1]] if words[0] == "include" else _listed(words[1], root)
            for each in listed[:_MOST_FILES]:
                yield from _blocks(each, root, depth - 1)
        elif words[0] == "service" and len(words) > 1:
            name, settings = words[1], {}
        elif words[0] == "}" and name:
            yield name, settings
            name = ""
        elif name and len(words) > 2 and words[1] in ("=", "+="):
            settings[words[0]] = " ".join(words[2:])


def _listed(directory: str, root: str) -> list[str]:
    try:
        return sorted(f"{directory}/{name}" for name in os.listdir(f"{root}{directory}"))
    except OSError:
        return []


def _text(path: str, root: str) -> str:
    whole = f"{root}{path}"
    return (files.read(whole) or "") if os.path.isfile(whole) else ""


def _absolute(path: str, owner: Owner) -> str:
    return path if path.startswith("/") else f"{owner.directory or ''}/{path}"


def _number(name: str) -> int | None:
    """A port by its number or its name in /etc/services."""
    if name.isascii() and name.isdecimal() and len(name) <= 5:
        return int(name)
    try:
        return socket.getservbyname(name, "tcp")
    except (OSError, ValueError):
        return None
