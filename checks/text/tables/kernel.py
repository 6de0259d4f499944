"""What Linux itself prints: ``/proc/net/tcp`` in hexadecimal, and ``conntrack -L``.

Sources: proc(5), /proc/net/tcp; Linux, net/ipv4/tcp_ipv4.c (get_tcp4_sock), include/net/
tcp_states.h; conntrack(8).
"""

from __future__ import annotations

import re

from checks.address import host as hosts
from checks.address import ipv4, ipv6
from checks.address.host import Host
from checks.ports import Port
from checks.text.endpoint import Endpoint
from checks.text.tables import cells
from checks.text.tables.cells import GAP, INDENT
from checks.text.tables.record import Row, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.text.tables.record import Table


_HEX = r"(?:[0-9A-F]{8}|[0-9A-F]{32}):[0-9A-F]{4}"
_PROC = re.compile(
    rf"{INDENT}\d{{1,6}}:{GAP}(?P<local>{_HEX}){GAP}(?P<peer>{_HEX}){GAP}(?P<state>[0-9A-F]{{2}})"
    r"(?:[ \t][^\n]{0,200})?$",
    re.ASCII | re.MULTILINE,
)
_HEADING = re.compile(rf"{INDENT}sl{GAP}local_address{GAP}rem(?:ote)?_address", re.MULTILINE)
_STATES = {
    1: "ESTABLISHED",
    2: "SYN_SENT",
    3: "SYN_RECV",
    4: "FIN_WAIT_1",
    5: "FIN_WAIT_2",
    6: "TIME_WAIT",
    7: "CLOSED",
    8: "CLOSE_WAIT",
    9: "LAST_ACK",
    10: "LISTEN",
    11: "CLOSING",
    12: "SYN_RECV",
}
_CONNTRACK = re.compile(
    r"^[^\n]{0,120}?(?P<protocol>\btcp|\budp)[ \t]{1,20}(?:\d{1,8}[ \t]{1,20}){1,3}"
    r"(?P<state>[A-Z_]{4,12}[ \t]{1,8})?src=(?P<src>\S{2,45})[ ]dst=(?P<dst>\S{2,45})[ ]"
    r"sport=(?P<sport>\d{1,5})[ ]dport=(?P<dport>\d{1,5})[^\n]{0,400}$",
    re.ASCII | re.MULTILINE,
)


def read(text: str) -> Iterator[Table]:
    """Find rows of the kernel's own tables in a text."""
    heading = _HEADING.search(text)
    rows = [row for match in _PROC.finditer(text) if (row := _proc(match))]
    if rows:
        yield table("/proc/net/tcp", "linux", rows, heading.start() if heading else None)
    rows = [row for match in _CONNTRACK.finditer(text) if (row := _conntrack(text, match))]
    if rows:
        yield table("conntrack", "linux", rows)


def hexadecimal(written: str, span: tuple[int, int]) -> Endpoint | None:
    """Read ``0100007F:1F91``, as /proc/net/tcp has it on machines that store the low byte first.

    Arguments:
        written: eight or thirty-two hexadecimal digits, a colon, four digits.
        span: where it is in the text.

    Returns:
        the endpoint, its host in the usual spelling; None where it is no such word.
    """
    address, _, port = written.partition(":")
    try:
        groups = [int(address[at : at + 8], 16) for at in range(0, len(address), 8)]
        number = int(port, 16)
    except ValueError:
        return None
    value = 0
    for group in groups:
        value = value << 32 | int.from_bytes(group.to_bytes(4, "little"), "big")
    four = len(groups) == 1
    name = ipv4.format(value) if four else ipv6.format(value)
    host = Host(name, hosts.IPV4 if four else hosts.IPV6, 4 if four else 6, value)
    return Endpoint(written, span, None, host, Port(port, number), "hex")


def _proc(match: re.Match[str]) -> Row | None:
    local = hexadecimal(match["local"], match.span("local"))
    peer = hexadecimal(match["peer"], match.span("peer"))
    state = _STATES.get(int(match["state"], 16), "")
    if local is None:
        return None
    if peer is None or peer.port is None or peer.port.number == 0:
        peer = None
    udp = state == "CLOSED" and peer is None  # what a UDP socket without a peer has
    return Row(
        span=cells.row_span(match),
        local=local,
        peer=peer,
        state="" if udp else state,
        protocol="udp" if udp else "tcp",
    )


def _conntrack(text: str, match: re.Match[str]) -> Row | None:
    """The first half of a row tells who asked whom; the second one is the answer's way."""
    local = cells.pair_at(text, match.span("src"), match.span("sport"))
    peer = cells.pair_at(text, match.span("dst"), match.span("dport"))
    if local is None or peer is None:
        return None
    return Row(
        span=cells.row_span(match),
        local=local._replace(role="local"),
        peer=peer._replace(role="target"),
        state=cells.state_of((match["state"] or "").strip()),
        protocol=match["protocol"],
    )
