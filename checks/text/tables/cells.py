"""The cells of a row: an address with its port as each tool writes it, a state, a protocol.

In a column of addresses the last part is the port, always: ``fe80::1:22`` is an address
in running text and port 22 of fe80::1 in netstat. So the split is another one than that
of :mod:`checks.text.authority`.
"""

from __future__ import annotations

import re

from checks import ports
from checks.address import host as hosts
from checks.address import ipv4
from checks.address.host import Host
from checks.text.authority import all_digits
from checks.text.endpoint import Endpoint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.ports import Port

INDENT = r"^[>|# \t]{0,60}"
"""What may come before a row: white space, or the mark of a quotation."""
GAP = r"[ \t]{1,120}"
CELL = r"[^\s,;\"'()<>{}=|]{3,120}"
"""An address with a port, or a port alone; no other token holds so little punctuation."""
END = r"[ \t\r|]{0,200}$"

_STATES = {
    "ESTAB": "ESTABLISHED",
    "LISTENING": "LISTEN",
    "FIN_WAIT1": "FIN_WAIT_1",
    "FIN_WAIT2": "FIN_WAIT_2",
    "SYN_RCVD": "SYN_RECV",
    "SYN_RECEIVED": "SYN_RECV",
    "CLOSE": "CLOSED",
    "TIMEWAIT": "TIME_WAIT",
    "CLOSEWAIT": "CLOSE_WAIT",
    "FINWAIT1": "FIN_WAIT_1",
    "FINWAIT2": "FIN_WAIT_2",
    "SYNSENT": "SYN_SENT",
    "SYNRECEIVED": "SYN_RECV",
    "LASTACK": "LAST_ACK",
    "DELETETCB": "CLOSED",
    "DELETE_TCB": "CLOSED",
    "UNCONN": "",
    "IDLE": "",
    # netstat of a German Windows
    "ABHÖREN": "LISTEN",
    "HERGESTELLT": "ESTABLISHED",
    "WARTEND": "TIME_WAIT",
    "SCHLIESSEN_WARTEN": "CLOSE_WAIT",
    "SYN_GESENDET": "SYN_SENT",
    "SYN_EMPFANGEN": "SYN_RECV",
    "FIN_WARTEN_1": "FIN_WAIT_1",
    "FIN_WARTEN_2": "FIN_WAIT_2",
    "LETZTE_BESTÄTIGUNG": "LAST_ACK",
    # net-tools' translations: po/de.po, po/fr.po, po/pt_BR.po, po/et_EE.po
    "VERBUNDEN": "ESTABLISHED",
    "ESTABELECIDA": "ESTABLISHED",
    "OUÇA": "LISTEN",
    "ESPERANDO": "TIME_WAIT",
    # netstat of Windows in other languages
    "ESCUCHANDO": "LISTEN",
    "ESTABLECIDO": "ESTABLISHED",
    "ESTABELECIDO": "ESTABLISHED",
    "NASŁUCHIWANIE": "LISTEN",
    "USTANOWIONO": "ESTABLISHED",
    "CZAS_OCZEKIWANIA": "TIME_WAIT",
}
"""How tools and translations write a state, to the word that POSIX tools have for it."""

_KNOWN = frozenset(
    ("LISTEN ESTABLISHED SYN_SENT SYN_RECV FIN_WAIT_1 FIN_WAIT_2 CLOSE_WAIT CLOSING LAST_ACK"
     " TIME_WAIT CLOSED BOUND").split()
)  # fmt: skip


def state_of(word: str) -> str:
    """Return the state that a table's word means; "" where it is none, or an unknown language's.

    Arguments:
        word: ``TIME-WAIT``, ``TimeWait``, ``ABHÖREN``.
    """
    upper = word.upper().replace("-", "_")
    found = _STATES.get(upper, upper)
    return found if found in _KNOWN else ""


def protocol_of(word: str) -> str:
    """Return ``tcp`` or ``udp`` for ``tcp4``, ``udp46``, ``TCP``; "" for others."""
    start = word[:3].lower()
    return start if start in ("tcp", "udp") else ""


def end_at(text: str, span: tuple[int, int], protocol: str = "") -> Endpoint | None:
    """Read a cell that holds a host and its port.

    Arguments:
        text: the whole text.
        span: of the cell.
        protocol: ``tcp`` or ``udp``, for the names of services.

    Returns:
        the endpoint, without a role; its port is None where the cell has ``*``. None where
        the cell holds no host.
    """
    first, last = span
    written = text[first:last]
    name, port, form = _split(written)
    host = host_of(name)
    if host is None:
        return None
    return Endpoint(written, span, None, host, port_of(port, protocol), form)


def peer_at(text: str, span: tuple[int, int], protocol: str = "") -> Endpoint | None:
    """Read the cell of the other end; None for ``*:*``, ``0.0.0.0:0`` and their like, too."""
    found = end_at(text, span, protocol)
    if found is None or found.host is None or found.port is None or found.port.number == 0:
        return None
    return None if is_wildcard(found.host) else found


def pair_at(
    text: str, host: tuple[int, int], port: tuple[int, int] | None, protocol: str = ""
) -> Endpoint | None:
    """Read a host and a port that have a cell each.

    Arguments:
        text: the whole text.
        host: span of the host's cell.
        port: span of the port's cell; None where there is none.
        protocol: ``tcp`` or ``udp``.

    Returns:
        the endpoint, from the host to the port where nothing stands between them, else
        where the host is.
    """
    found = host_of(text[slice(*host)])
    if found is None:
        return None
    number = port_of(text[slice(*port)], protocol) if port else None
    beside = port is not None and host[1] <= port[0] and not text[host[1] : port[0]].strip(" \t")
    span = (host[0], port[1]) if port and beside else host
    return Endpoint(text[slice(*span)], span, None, found, number, "keywords" if port else "plain")


def port_at(text: str, span: tuple[int, int], protocol: str = "") -> Endpoint | None:
    """Read a cell that holds a port alone; None where it holds none."""
    port = port_of(text[slice(*span)], protocol)
    if port is None or not port.number:
        return None
    return Endpoint(text[slice(*span)], span, None, None, port, "port")


def is_wildcard(host: Host) -> bool:
    """``*``, 0.0.0.0 and ``::``: every address of the machine."""
    return host.kind == hosts.WILDCARD or (host.version != 0 and host.value == 0)


def _split(written: str) -> tuple[str, str, str]:
    """Host, port and form of a cell; BSD has a dot before the port."""
    head, colon, tail = written.rpartition(":")
    if colon and "." not in tail:
        return head, tail, "plain" if "]" in head or ":" not in head else "node"
    head, _, tail = written.rpartition(".")
    return head, tail, "bsd"


def host_of(written: str) -> Host | None:
    """Return the host of a cell, as a table writes it: no lenient spelling; None for no host."""
    name, percent, zone = written.partition("%")
    if percent and ":" not in name:  # 0.0.0.0%eth0, as ss shows a device
        value = ipv4.parse(name)
        if value is not None:
            return Host(name, hosts.IPV4, 4, value, zone)
        return Host("*", hosts.WILDCARD, 0, -1, zone) if name == "*" else None
    if "]%" in written:  # [fe80::1]%eth0
        written = f"{name[:-1]}%{zone}]"
    host = hosts.read(written)
    if host.version:
        return None if host.readings.strict is None else host
    return host if host.kind in (hosts.NAME, hosts.WILDCARD) else None


def port_of(written: str, protocol: str = "") -> Port | None:
    """Return the port of a cell, by its number or its service's name; None for ``*`` and others."""
    if all_digits(written):
        port = ports.parse(written)
        return port if port.number is not None else None
    return ports.named(written, protocol or "tcp") if _has_letter(written) else None


def _has_letter(text: str) -> bool:
    return text.isascii() and any(character.isalpha() for character in text)


def row_span(match: re.Match[str]) -> tuple[int, int]:
    """Where a row is, without the white space around it."""
    found = match.group()
    first = match.start() + len(found) - len(found.lstrip(" \t>|#"))
    return first, match.start() + len(found.rstrip())
