"""An HTTP/1 answer, read from its first few kilobytes.

http.client reads from a socket until the message is complete; a probe has to
stop at any byte, and make sense of what it has.
"""

from __future__ import annotations

from checks.model.records import NamedTuple
from checks.probe.identify import json_text
from checks.probe.identify.found import text

HEAD_END = b"\r\n\r\n"
_MOST_HEADERS = 64


class Page(NamedTuple):
    """Status, headers and the beginning of the body (RFC 9112).

    Arguments:
        version: ``1.0`` or ``1.1``, as sent.
        status: three digits.
        reason: the text after them.
        headers: names in lower case, values, in order.
        body: what had come, with any chunked coding undone.
    """

    version: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """The first value of a header; *name* in lower case."""
        for key, value in self.headers:
            if key == name:
                return value
        return None

    @property
    def good(self) -> bool:
        """A 2xx answer."""
        return 200 <= self.status < 300

    @property
    def title(self) -> str | None:
        """The HTML title; None where there is none in the part that was read."""
        lower = self.body.lower()
        start = lower.find(b"<title")
        opened = lower.find(b">", start) + 1
        end = lower.find(b"</title", opened)
        if start < 0 or opened <= 0 or end < 0:
            return None
        title = " ".join(text(self.body[opened:end], 400).split())
        if "&" in title:
            from html import unescape  # noqa: PLC0415 - 2,000 entities, for the few that need them

            title = unescape(title)
        return text(title) or None

    def json(self) -> dict[str, object]:
        """The body as a JSON object; empty where it is none, or was cut."""
        return json_text.parse(self.body)


def parse(data: bytes) -> Page | None:
    """Read an answer as far as it has come.

    Arguments:
        data: what the peer sent; may end anywhere.

    Returns:
        the page; None where it does not begin with an HTTP/1 status line. Before the final
        answer interim ones may come, which are passed over (RFC 9110 §15.2).
    """
    page = _parse(data)
    for _ in range(_MOST_INTERIM):
        if page is None or not 100 <= page.status < 200 or page.status == _SWITCHING:
            break
        final = _parse(page.body)
        if final is None:
            break
        page = final
    return page


_MOST_INTERIM, _SWITCHING = 4, 101


def _parse(data: bytes) -> Page | None:
    """The first answer of what a peer sent."""
    if data[:7] != b"HTTP/1.":
        return None
    head, _, body = data.partition(HEAD_END)
    if b"\n\n" in head:  # bare line feeds (RFC 9112 §2.2)
        head, _, body = data.partition(b"\n\n")
    lines = head.split(b"\n")
    parts = lines[0].strip().split(b" ", 2)
    code = parts[1] if len(parts) > 1 else b""
    if len(code) != 3 or any(digit not in b"0123456789" for digit in code):
        return None
    headers = tuple(_header(entry) for entry in lines[1 : _MOST_HEADERS + 1] if b":" in entry)
    page = Page(
        text(parts[0][5:], 8), int(code), text(parts[2] if len(parts) > 2 else b""), headers, body
    )
    if "chunked" in (page.header("transfer-encoding") or "").lower():
        page = page._replace(body=unchunk(body))
    return page


def _header(entry: bytes) -> tuple[str, str]:
    name, _, value = entry.partition(b":")
    return text(name, 64).lower(), text(value)


def unchunk(body: bytes) -> bytes:
    """Undo the chunked coding (RFC 9112 §7.1) of a body that may be cut anywhere."""
    parts = []
    at = 0
    while True:
        end = body.find(b"\r\n", at, at + 24)
        if end < 0:
            break
        size = _hexadecimal(body[at:end].partition(b";")[0].strip())
        if not size:
            break
        parts.append(body[end + 2 : end + 2 + size])
        at = end + 2 + size + 2
    return b"".join(parts)


def _hexadecimal(digits: bytes) -> int | None:
    """The number; None for anything but one to seven hexadecimal digits."""
    if not 0 < len(digits) < 8 or any(digit not in b"0123456789abcdefABCDEF" for digit in digits):
        return None
    return int(digits, 16)


def complete(data: bytes) -> bool:
    """Whether the answer has come to its end, or to the end of its title."""
    _, end, body = data.partition(HEAD_END)
    if not data.startswith(b"HTTP/1."[: len(data)]):
        return True  # not HTTP: whatever it is, there may be no more
    if not end:
        return False
    page = parse(data)
    if page is None or page.status in (204, 304):
        return True
    length = page.header("content-length")
    if length is not None and length.isascii() and length.isdigit() and len(length) < 9:
        return len(page.body) >= int(length) or _enough_html(page)
    if "chunked" in (page.header("transfer-encoding") or "").lower():
        return body.endswith(b"0\r\n\r\n") or _enough_html(page)
    return _enough_html(page)


def _enough_html(page: Page) -> bool:
    """An HTML page has its marks (scripts, debugger) early: one kilobyte past the title will do."""
    at = page.body.lower().find(b"</title")
    return at >= 0 and len(page.body) > at + 1024
