"""URLs in running text."""

from __future__ import annotations

import re

from checks.address import host as hosts
from checks.address import ipv6
from checks.text.endpoint import token_at
from checks.text.prose.candidate import Candidate
from checks.text.url import read_urls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_URL = re.compile(
    r"(?<![A-Za-z0-9+.-])([A-Za-z][A-Za-z0-9+.-]{0,31})(?:://|\[://\]|\[:\]//)"
    r"[^\s<>\"'`|\\^{}\x00-\x1f]{1,2048}",
    re.ASCII,
)


_INNER = re.compile(r"(?<=/)[A-Za-z][A-Za-z0-9+.-]{0,31}://(?!/)", re.ASCII)


def urls(text: str) -> Iterator[Candidate]:
    """URLs with a host that can be one."""
    for match in _URL.finditer(text):
        written, start = match.group(), match.start()
        # service:jmx:rmi:///jndi/rmi://localhost:9010/x has its host in the second one
        inner = _INNER.search(written) if ":///" in written else None
        if inner is not None:
            written, start = written[inner.start() :], start + inner.start()
        for endpoint in read_urls(token_at(_trim_url(written), start)):
            host = endpoint.host
            if host is None or host.kind != hosts.INVALID or _bare_ipv6(host.text):
                yield Candidate(endpoint)


def _bare_ipv6(text: str) -> bool:
    """An IPv6 address that should have brackets, as a URL has it: ``::1:3000``."""
    return text[:1] != "[" and ipv6.parse(text) is not None


def _trim_url(token: str) -> str:
    """Punctuation after a URL belongs to the sentence; so does an unopened bracket."""
    token = token.rstrip(".,;:!?*")
    for opening, closing in ("()", "[]"):
        while token.endswith(closing) and token.count(closing) > token.count(opening):
            token = token[:-1].rstrip(".,;:!?*")
    return token
