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
    r"|\b(?:listening on|at address:|EXPOSE|DPT=|htons\()\s?(?P<said>\d{2,5})(?!\w|[.:-]\d)"
    r"|(?<![\w-])-p\s?(?P<published>\d{2,5})(?=:\d)",
    re.ASCII | re.IGNORECASE,
)
_DISPLAY = re.compile(r"display[\s:=]{1,3}\Z", re.ASCII | re.IGNORECASE)
"""``:0`` behind it is a display of this machine, and no port."""


def ports_alone(text: str) -> Iterator[Candidate]:
    """Ports that no host comes before."""
    for match in _PORT_ALONE.finditer(text):
        if match["colon"] and _DISPLAY.search(text, max(0, match.start() - 12), match.start()):
            continue
        port = ports.parse(match["colon"] or match["said"] or match["published"])
        if port.number is not None:
            yield Candidate(endpoint_at(text, match.span(), None, port, "port"))
