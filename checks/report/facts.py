"""The facts of a report: its rows in groups, each with the key of the pieces it explains."""

from __future__ import annotations

from checks.model.records import NamedTuple
from checks.report import pieces, rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from checks.ports import Port
    from checks.report import Report
    from checks.report.pieces import Pieces
    from checks.text.errors import ErrorMessage


class Group(NamedTuple):
    """Rows below one label.

    Arguments:
        key: as in :attr:`checks.report.tokens.Token.row`; "" where no piece leads there.
        rows: the first has the label.
    """

    key: str
    rows: list[rows.Row]


class Block(NamedTuple):
    """Groups below one heading.

    Arguments:
        title: an endpoint; "" for what concerns the whole text, or where there is one only.
        verdict: the sentence on that endpoint alone, of a text what it is there; "" likewise.
        groups: its rows.
    """

    title: str
    verdict: str
    groups: list[Group]


def blocks_of(report: Report, found: Pieces, told: Sequence[int], *, several: bool) -> list[Block]:
    """Return the facts of a report: a block for each endpoint, and one for the text.

    Arguments:
        report: of which.
        found: the pieces of its text.
        told: indexes of the endpoints that are told.
        several: whether the text names more than one, so that each needs its heading.
    """
    text = [*grouped(rows.of_error(report)), *(Group(*one) for one in pieces.rows_of(found))]
    blocks = [_endpoint(report, index, several=several) for index in told]
    if len(blocks) == 1:
        blocks[0].groups.extend(text)
    elif text:
        blocks.append(Block("", "", text))
    return blocks


def _endpoint(report: Report, index: int, *, several: bool) -> Block:
    endpoint = report.classification.endpoints[index]
    known = [*rows.of_endpoint(endpoint, report.probes.get(index))]
    if index in report.unasked:
        known.append(rows.UNASKED)
    groups = [*grouped(known, index)]
    if not several:
        return Block("", "", groups)
    said = report.verdict_of(index) if report.probes else rows.of_text(report, index)
    return Block(rows.heading(endpoint), said, groups)


_KINDS = {"Name": "host", "Address": "host", "Port": "port", "Error": "error"}
"""The kind of the pieces that a group explains, by its label."""


def grouped(known: Iterable[rows.Row], index: int = 0) -> Iterator[Group]:
    """Yield rows under their labels; rows without one belong to the label above.

    Arguments:
        known: in their order.
        index: of the endpoint that they are about; of errors, of the first.
    """
    group: Group | None = None
    for row in known:
        if group is None or row.label:
            if group is not None:
                yield group
                index += group.key[:5] == row.label.lower() == "error"
            kind = _KINDS.get(row.label)
            group = Group(f"{kind}-{index}" if kind else "", [])
        group.rows.append(row)
    if group is not None:
        yield group


def says(blocks: Sequence[Block]) -> dict[str, str]:
    """Return what each group says first, by its key: what is told of a piece that leads there."""
    said: dict[str, str] = {}
    for block in blocks:
        for key, known in block.groups:
            note = next((row.note for row in known if row.note), "")
            if key and note:
                said.setdefault(key, note)
    return said


def brief(report: Report, told: Sequence[int]) -> str:
    """Return the facts in one line: of one endpoint what it is, of several how many.

    Arguments:
        report: of which.
        told: indexes of its endpoints, each host and port once.
    """
    names = list(dict.fromkeys(map(_error, report.classification.errors)))
    if len(told) == 1:
        parts = [*_brief(report, told[0])]
    else:
        parts = [f"{len(told)} endpoints"] if told else []
    if len(names) > _MOST_NAMES:
        names = [*names[:_MOST_NAMES], f"{len(names) - _MOST_NAMES} more errors"]
    return " · ".join([*parts, *names])


def _error(error: ErrorMessage) -> str:
    """Its name and the numbers that people search for."""
    codes = [str(error.platform_codes.get(system)) for system in ("linux", "macos", "windows")]
    return error.name if "None" in codes else f"{error.name} ({', '.join(codes)})"


_MOST_NAMES = 3


def _brief(report: Report, index: int) -> Iterator[str]:
    endpoint = report.classification.endpoints[index]
    host, port = endpoint.host, endpoint.port
    if host is not None:
        block = host.block
        kind = block.name if block else "a name" if host.name else "a public address"
        if host.address or host.name:
            yield f"{host.text.strip('[]')} ({kind})"
    if port is not None and port.number is not None:
        yield f"{port.number} ({_port(port)})"


def _port(port: Port) -> str:
    names = [use.name for use in port.uses[:1]] or [one.name for one in port.services[:1]]
    return names[0] if names else f"{port.range} port"
