"""What this system makes of a host name.

``getaddrinfo`` is asked as a client would ask it, in the system's own order,
because that order decides which address is tried first. It may hang on a dead
DNS server and cannot be cancelled, so it runs in a thread that is left behind
when the time is up.
"""

from __future__ import annotations

import os
import socket

from checks.address import ipv4, ipv6, readings
from checks.model.evidence import Answer
from checks.probe import system
from checks.probe.ask import lookups
from checks.probe.machine import files
from checks.probe.targets import LOOPBACKS, Address

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from checks.probe.ask.lookups import Infos

SYSTEM = "getaddrinfo"
HOSTS_FILE = "hosts file"
NO_ANSWER = "ETIMEDOUT"
"""Stands where no EAI_ symbol does: the resolver did not answer in time."""

_NOT_IN_ANSWER = "this system doesn't return it for {}; tested because browsers and curl use it"
_HOSTS_LARGEST = 1 << 20


def addresses(name: str, timeout: float) -> tuple[Answer, list[Address]]:
    """Return the resolver's answer and the addresses to ask, in order.

    Arguments:
        name: a host name.
        timeout: seconds to wait for the resolver.

    For ``localhost`` and names below it both loopback addresses are always
    asked, the missing ones last: RFC 6761 §6.3 lets clients answer these names
    by themselves, and browsers and curl do.
    """
    answer, found = _ask(name, timeout)
    if is_localhost(name):
        known = {(each.version, each.value) for each in found}
        found += [
            each._replace(detail=_NOT_IN_ANSWER.format(name), beside=True)
            for each in LOOPBACKS
            if each[:2] not in known
        ]
    return answer, found


def is_localhost(name: str) -> bool:
    """Whether RFC 6761 §6.3 ties the name to loopback."""
    bare = (readings.to_wire(name) or name).lower().rstrip(".")
    return bare == "localhost" or bare.endswith(".localhost")


def hosts_file(name: str, path: str | None = None) -> Answer | None:
    """Return what the hosts file says about a name; None where it cannot be read.

    Arguments:
        name: a host name.
        path: the file; by default this system's.
    """
    text = files.read(path or _hosts_path(), _HOSTS_LARGEST)
    if text is None:
        return None
    wanted = (readings.to_wire(name) or name).lower().rstrip(".")
    found: dict[str, None] = {}
    for line in text.splitlines():
        address, *names = line.partition("#")[0].split() or [""]
        if any(each.lower().rstrip(".") == wanted for each in names):
            found[address] = None
    return Answer(HOSTS_FILE, tuple(found))


def _ask(name: str, timeout: float) -> tuple[Answer, list[Address]]:
    try:
        infos = lookups.ask(name, timeout)
    except socket.gaierror as error:
        return Answer(SYSTEM, (), _symbol(error)), []
    except (OSError, ValueError):  # a label too long, a NUL, text that IDNA refuses
        return Answer(SYSTEM, (), "EAI_NONAME"), []
    if infos is None:
        return Answer(SYSTEM, (), NO_ANSWER), []
    found = list(dict.fromkeys(_read(infos)))
    texts = tuple(
        (ipv4.format(each.value) if each.version == 4 else ipv6.format(each.value))
        + (f"%{each.zone}" if each.zone else "")
        for each in found
    )
    return Answer(SYSTEM, texts), found


def _read(infos: Infos) -> Iterable[Address]:
    for family, _, _, _, sockaddr in infos:
        text, _, zone = str(sockaddr[0]).partition("%")
        value = (ipv4 if family == socket.AF_INET else ipv6).parse(text)
        if value is not None:
            yield Address(4 if family == socket.AF_INET else 6, value, zone or None)


def _symbol(error: socket.gaierror) -> str:
    for name in dir(socket):
        if name.startswith("EAI_") and getattr(socket, name) == error.errno:
            return name
    return f"EAI_{error.errno}"


def _hosts_path() -> str:
    if system.NAME == "windows":
        return os.path.expandvars(r"%SystemRoot%\System32\drivers\etc\hosts")
    return "/etc/hosts"
