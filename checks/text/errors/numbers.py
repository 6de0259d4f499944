"""Errors by their numbers: ``[Errno 111]``, ``os error 98``, ``WinError 10061``, ``(111: ...)``."""

from __future__ import annotations

import re
from itertools import islice

from checks.model.patterns import has_any, lazy
from checks.text.errors import index
from checks.text.errors.index import NUMBERED, VAGUE, Hit
from checks.text.errors.table import ELSEWHERE, NUMBER_WORDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from checks.text.errors.folded import FoldedText
    from checks.text.errors.table import ErrorRow

    _Found: TypeAlias = tuple[()] | tuple[Hit]
    """No hit, or the one of a number."""

_PREFIXED = lazy(
    r"\b(?P<prefix>errno|winerror|(?:os|socket|winsock) error(?: #| code)?|socketexception"
    r"|httplistenerexception"
    r"|nsposixerrordomain(?: code| error)?|_?kcfstreamerrorcodekey"
    r"|(?:nsurlerrordomain|kcferrordomaincfnetwork)(?: code| error)?"
    r"|net[ _]error|error(?: code| number)?|errorcode|code|err)"
    r"[\s:=#(\[]{0,4}(?P<number>-?[0-9]{1,5}|0x(?:8007|0000)?2[0-9a-f]{3})(?![0-9a-z_]|\.[0-9])",
    re.ASCII,
)
"""The prefix of an error number, and the number: decimal, or hexadecimal as .NET prints it."""

_MYSQL = lazy(
    r"\bcan't connect to (?:local )?mysql server (?:on|through socket) '[^'\n]{0,255}'"
    r"(?::[0-9]{1,5})? \((?P<number>[0-9]{1,5})\b",
    re.ASCII,
)
"""Can't connect to MySQL server on '127.0.0.1:3306' (111)"""

_SOCKET_CALL = lazy(
    r"\b(?:connect|bind|listen|accept|dial|socket|sendto|recvfrom)\b[^\n]{0,120}$", re.ASCII
)
"""A system call of sockets, in the same line before a number."""

_OTHER_CODES = ("exit ", "exited with ", "status ", "return ", "returned ", "response ", "http ")
"""Words before "code 1" and "error 1" that make it the number of something else."""


_APPLE = lazy(
    r"\b(?:failed to connect |error code: -?[0-9]{1,5} \[|failed ?: error )"
    r"[01]:(?P<number>[0-9]{1,3})\b",
    re.ASCII,
)
"""``failed to connect 1:61``, ``error code: -1004 [1:61]``: CFStream's domain, 1 is POSIX."""

_HTTP_SYS = lazy(r"\b0x800700(?P<number>b7|20|05)\b", re.ASCII)
"""HTTP.sys' numbers as an HRESULT; they count in a text on a URL that is registered."""

_MOST = 50
"""So many numbers of one text count; a log repeats itself."""


def hits(text: FoldedText) -> Iterator[Hit]:
    """The numbers that the text has behind an error prefix."""
    yield from islice(_all(text), _MOST)


def _all(text: FoldedText) -> Iterator[Hit]:
    if "mysql" in text.words:
        for match in _MYSQL.finditer(text.low):
            yield from _mysql_number(int(match["number"]), match.span("number"))
    if " 1:" in text.low or "[1:" in text.low or " 0:" in text.low:
        for match in _APPLE.finditer(text.low):
            yield from _of(index.BY_MACOS.get(int(match["number"])), match.span(), "macos")
    if "0x800700" in text.low and "regist" in text.low:
        for match in _HTTP_SYS.finditer(text.low):
            row = index.BY_HTTP_SYS.get(int(match["number"], 16))
            yield from _of(row, match.span(), "windows")
    if not NUMBER_WORDS.isdisjoint(text.words):
        for match in _PREFIXED.finditer(text.low):
            for hit in _read_number(text, match):
                if not _contradicted(text, match["number"], hit):
                    yield hit


def _read_number(text: FoldedText, match: re.Match[str]) -> _Found:
    """The row that a number behind a prefix stands for."""
    prefix, digits, span = match["prefix"], match["number"], match.span()
    if digits.startswith("0x"):
        return _windows_number(int(digits, 16) & 0xFFFF, span)
    number = int(digits)
    if prefix == "httplistenerexception":
        return _of(index.BY_HTTP_SYS.get(number), span, "windows")
    if prefix == "winerror":
        return _windows_number(number, span)
    if prefix.startswith(("nsurl", "kcferror")):
        return _of(index.BY_APPLE.get(number), span, None)
    if prefix == "errno" and number < 0:
        return _negative_errno(text.low, number, span)
    if prefix.startswith(("net", "err", "code")) and prefix != "errno":
        return _weak_number(text, number, span)
    if number < 10 and "(" in match[0]:  # errno(1), perror(3): pages of the manual
        return ()
    return _plain_number(number, span)


def _of(row: ErrorRow | None, span: tuple[int, int], system: str | None) -> _Found:
    if row is None:
        return ()
    return (Hit(VAGUE if row.name in index.VAGUE_NAMES else NUMBERED, *span, row, system),)


def _windows_number(number: int, span: tuple[int, int]) -> _Found:
    return _of(index.BY_WINSOCK.get(number) or index.BY_WINERROR.get(number), span, "windows")


def _plain_number(number: int, span: tuple[int, int]) -> _Found:
    """A number without sign: Winsock's from 10000 up, else Unix's."""
    if number >= 10000:
        return _windows_number(number, span)
    return _unix_number(number, span)


def _unix_number(number: int, span: tuple[int, int]) -> _Found:
    row, system = index.BY_UNIX.get(number, (None, None))
    return _of(row, span, system)


def _mysql_number(number: int, span: tuple[int, int]) -> _Found:
    """MySQL gives the errno of its connect; 2 where the socket file is missing."""
    if number == 2:
        return _of(index.BY_NAME["ENOENT"], span, None)
    return _plain_number(number, span)


def _negative_errno(low: str, number: int, span: tuple[int, int]) -> _Found:
    """Node's ``errno: -111`` and ``errno: -4078``; Python's ``[Errno -2]`` of getaddrinfo."""
    if low[max(0, span[0] - 1) : span[0]] == "[":
        return _of(index.BY_RESOLVER.get(number), span, "linux")
    if number in index.BY_LIBUV:
        return _of(index.BY_LIBUV[number], span, "windows" if number <= -4000 else None)
    return _unix_number(-number, span)


def _weak_number(text: FoldedText, number: int, span: tuple[int, int]) -> _Found:
    """A number after "error" or "code": Winsock's, Chromium's, a call's, or the whole text."""
    first = span[0]
    if 47 <= number < 200 and text.low.startswith("err", first) and _is_of_call(text.low, first):
        return _plain_number(number, span)
    if text.low.endswith(_OTHER_CODES, max(0, first - 14), first):
        return ()
    if number >= 10000:
        return _windows_number(number, span)
    if number <= -1000:
        return _of(index.BY_APPLE.get(number), span, None)
    if number <= -100 or text.low.startswith("net", first):
        return _of(index.BY_CHROMIUM.get(number), span, None)
    if number >= 47 and text.bare <= span[1] - span[0]:
        return _plain_number(number, span)
    return ()


def _is_of_call(low: str, first: int) -> bool:
    """Whether a system call of sockets stands before a number: ``connect() returned error 111``."""
    return bool(_SOCKET_CALL.search(low[max(0, first - 140) : first]))


def _contradicted(text: FoldedText, number: str, hit: Hit) -> bool:
    """Whether the words after the number belong to another error, or to a file."""
    rest = text.flat[hit.end : hit.end + 48]
    if any(words in rest for words in ELSEWHERE.get(number, ())):
        return True
    return bool(hit.row.guarded) and text.is_about_file(hit.end)


_OF_NO_SYSTEM = ("net", "nsurl", "kcferror")
"""Prefixes of Chromium's numbers and those of Apple's libraries, which name no system."""

_BESIDE = lazy(r"\((?:0x[0-9a-f]{8}/)?(?P<number>[0-9]{1,5})[:)]", re.ASCII)
"""A number beside the words that were recognised: (111: ..., (111), (0x0000274D/10061)."""

_NEAR = ((_BESIDE, 48, ("(",)), (_PREFIXED, 256, ("err", "code", "exception")))
"""Where the number of a system may be: its pattern, how near, and one of what it has."""


def system_of(low: str, hit: Hit) -> str | None:
    """The system whose number for this error is near it; None where several share it."""
    for pattern, around, marks in _NEAR:
        near = low[max(0, hit.start - around) : hit.end + around]
        if not has_any(near, marks):
            continue
        for match in pattern.finditer(near):
            digits = match["number"]
            if (match.groupdict().get("prefix") or "").startswith(_OF_NO_SYSTEM):
                continue
            system = None if "x" in digits else _numbering(int(digits), hit.row)
            if system:
                return system
    return None


def _numbering(number: int, row: ErrorRow) -> str | None:
    """The one system that gives the row this number (Node prints it negative); else None."""
    if (number == row.uv and number <= -4000) or index.BY_WINERROR.get(number) is row:
        return "windows"
    names = ("linux", "macos", "solaris", "windows")
    systems = [name for name in names if row.codes.get(name, 0) in (number, -number) and number]
    return systems[0] if len(systems) == 1 else None
