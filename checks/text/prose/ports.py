"""Ports in running text without a host: ``:8080``, ``port 80``, ``listening on 3000``."""

from __future__ import annotations

import re

from checks import ports
from checks.text.endpoint import endpoint_at
from checks.text.prose.candidate import Candidate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_PORT_ALONE = re.compile(
    r"(?:(?<![^\s(=\"'`])|(?<=->)):(?P<colon>\d{1,5})(?!\w|[:.]\d)"
    r"|(?<!\w)(?<![A-Za-z0-9]-)port(?:s|\(s\))?(?:\snumber)?[\s=:#]{1,3}(?P<word>\d{1,6})"
    r"(?![\w.:]{0,64}\d)"
    r"|\b(?:listening on|at address:|EXPOSE|DPT=|htons\()\s?(?P<said>\d{2,5})(?!\w|[.:-]\d)"
    r"|(?<![\w-])-p\s?(?P<published>\d{2,5})(?=:\d)",
    re.ASCII | re.IGNORECASE,
)
_MORE_PORTS = re.compile(
    r"(?:,\s?(?:and\s|or\s)?|\s(?:and|or)\s)(?P<port>[1-9]\d{1,4})"
    # "port 80, 20 times" has one port
    r"(?=$|[,.;)\n](?!\d)|\s(?:(?:and|or)\s\d|are|is|were|be|in|on|to)\b)",
    re.ASCII,
)
"""``ports 80, 443 and 8080``."""


def ports_alone(text: str) -> Iterator[Candidate]:
    """Ports that no host comes before."""
    for match in _PORT_ALONE.finditer(text):
        written = match["colon"] or match["word"] or match["said"] or match["published"]
        port = ports.parse(written)
        if port.number is not None:
            yield Candidate(endpoint_at(text, match.span(), None, port, "port"))
        elif match["word"]:  # "port 70000" is a slip that should be told, unless there is more
            yield Candidate(endpoint_at(text, match.span(), None, port, "port"), weak=True)
        more = _MORE_PORTS.match(text, match.end()) if match["word"] else None
        while more is not None:
            port = ports.parse(more["port"])
            yield Candidate(endpoint_at(text, more.span("port"), None, port, "port"))
            more = _MORE_PORTS.match(text, more.end())
