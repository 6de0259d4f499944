"""Services of Kubernetes: ``kubectl get svc`` and ``kubectl describe svc``.

A service's own address and ports are inside the cluster; a node port is open on each node.

Source: kubectl reference, "get", "describe"; Kubernetes documentation, "Service".
"""

from __future__ import annotations

import re

from checks.text.tables import cells
from checks.text.tables.cells import GAP, INDENT
from checks.text.tables.record import LISTEN, Row, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.text.endpoint import Endpoint
    from checks.text.tables.record import Table


_SERVICE = re.compile(
    rf"{INDENT}(?:[a-z0-9-]{{1,63}}{GAP})?(?P<name>(?:service/|svc/)?[a-z0-9.-]{{1,63}}){GAP}"
    rf"(?P<type>ClusterIP|NodePort|LoadBalancer){GAP}(?P<ip>\S{{1,60}}){GAP}"
    rf"(?P<outside>\S{{1,253}}){GAP}(?P<ports>\d{{1,5}}(?::\d{{1,5}})?/(?:TCP|UDP|SCTP)\S{{0,1000}})"
    r"(?:[ \t][^\n]{0,300})?$",
    re.ASCII | re.MULTILINE,
)
_PORT = re.compile(r"(?P<port>\d{1,5})(?::(?P<node>\d{1,5}))?/(?P<protocol>TCP|UDP|SCTP)", re.ASCII)
_HEADING = re.compile(rf"{INDENT}(?:NAMESPACE{GAP})?NAME{GAP}TYPE{GAP}CLUSTER-IP", re.MULTILINE)
_DESCRIBED = re.compile(
    rf"{INDENT}(?P<key>IPs?|LoadBalancer Ingress|Port|NodePort):[ \t]{{1,60}}"
    r"(?P<name>(?:<unset>|[a-z0-9-]{1,63})[ \t]{1,20})?(?P<value>[0-9A-Za-z.:_-]{1,253})"
    r"(?:/(?P<protocol>TCP|UDP|SCTP))?[^\n]{0,200}$",
    re.ASCII | re.MULTILINE,
)


def read(text: str) -> Iterator[Table]:
    """Find the services of a cluster in a text."""
    heading = _HEADING.search(text)
    rows = [row for match in _SERVICE.finditer(text) for row in _service(text, match)]
    if rows:
        yield table("kubectl get svc", None, rows, heading.start() if heading else None)
    if "NodePort:" in text or "<unset>" in text:
        rows = [row for match in _DESCRIBED.finditer(text) if (row := _described(text, match))]
        if rows:
            yield table("kubectl describe svc", None, rows)


def _service(text: str, match: re.Match[str]) -> Iterator[Row]:
    """A row for each port of a service, and for each node port.

    The first port is that of the service's own address, or of the address outside; the others
    stand for themselves.
    """
    span, name = cells.row_span(match), match["name"].rpartition("/")[2]
    for number, port in enumerate(_PORT.finditer(text, *match.span("ports"))):
        protocol = port["protocol"].lower()
        state = LISTEN if protocol == "tcp" else ""
        ends = [cells.port_at(text, port.span("port"))] if number else []
        if not number:
            places = (match.span("ip"), match.span("outside"))
            ends = [cells.pair_at(text, place, port.span("port")) for place in places]
            ends = [end and _without_port_cell(text, end) for end in ends]
        if port["node"]:
            ends.append(cells.port_at(text, port.span("node")))
        for end in ends:
            if end is not None:
                yield Row(span, end._replace(role="listener"), None, state, protocol, program=name)


def _without_port_cell(text: str, end: Endpoint) -> Endpoint:
    """The span of the address alone: two addresses have the one port."""
    host = end.host.text if end.host else ""
    span = (end.span[0], end.span[0] + len(host))
    return end._replace(text=text[slice(*span)], span=span)


def _described(text: str, match: re.Match[str]) -> Row | None:
    span, place = cells.row_span(match), match.span("value")
    ported = match["key"] in ("Port", "NodePort")
    end = cells.port_at(text, place) if ported else cells.pair_at(text, place, None)
    if end is None or (end.host is not None and not end.host.version):
        return None
    protocol = (match["protocol"] or "").lower()
    state = LISTEN if protocol == "tcp" else ""
    return Row(span, end._replace(role="listener"), None, state, protocol)
