"""The rows of the table of tools' wordings, made of its text when running text is first read."""

from __future__ import annotations

from checks.model.records import NamedTuple
from checks.text.banners.kinds import KINDS, SENTENCES, Kind
from checks.text.banners.table import TABLE


class BannerRow(NamedTuple):
    """One line of a tool.

    Arguments:
        key: stable.
        tool: its name in a sentence; "" where any program may print the line, which then
            counts only where nothing else on it speaks of a failure (:data:`GUARD`).
        kind: what holds for such lines.
        words: without a pattern the wording itself, in lower case; with one, words of which
            at least one is in the text.
        pattern: in lower case; ``<at>`` is the endpoint of the line, ``<to>`` and ``<any>``
            are others, ``<port>`` is the number of a port or an endpoint; with ``<raw>`` first
            the text is searched with its addresses in it. Named groups may be used in the
            sentences; ``{other}`` is ``<to>`` as written.
        means, step, reach, role, port: where they differ from the kind's.
        where: ``own`` where the host must be this machine, ``peer`` where the words
            around it say that it is a caller's end, ``caller`` where its port is one that
            clients get, ``calls`` where it is also none that was asked, ``ends`` where it is
            higher than that of ``<to>``, and neither is a URL, ``client`` and ``server`` by
            its role, ``proxy`` where it is another host than the one that was wanted.
    """

    key: str
    tool: str
    kind: Kind
    words: str
    pattern: str = ""
    means: str = ""
    step: str = ""
    reach: str = ""
    role: str = ""
    port: str = ""
    where: str = ""


GUARD = (
    r"fail|error|use of|request url|referr?er|origin|refus|\bnot\b|n't\b|\bno\b|nothing|cannot"
    r"|unable|denied|in use|timed? ?out|exception|\bbut\b|\bwhy\b|\bhow\b|\bwhen\b|\bif\b|\?$"
    r"|\? |already|invalid|unreach|blocked|reset|\btry"
)
"""What a line must not have that is read by its form alone."""


_FIELDS = ("means", "step", "reach", "role", "port", "where")


def _made(key: str, tool: str, kind: str, words: str, *rest: str) -> BannerRow:
    """The row that a tuple of the table stands for."""
    named = {}
    pattern = ""
    for text in rest:
        field, colon, value = text.partition(": ")
        if colon and field in _FIELDS:
            named[field] = SENTENCES.get(value, value)
        else:
            pattern = text
    return BannerRow(key, tool, KINDS[kind], words, pattern, **named)


ROWS = tuple(_made(*row) for row in TABLE)
"""Every row, in the order of the table: what failed and what tells most first."""
