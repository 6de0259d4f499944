"""Error messages: the one error that a pasted message, log line or code names.

``connect ECONNREFUSED 127.0.0.1:62893``, ``[WinError 10048] Only one usage of
each socket address``, ``bind() to 0.0.0.0:80 failed (13: Permission denied)``
and ``127.0.0.1 refused to connect.`` each name one error, in the words of
another program. The standard library's ``errno`` knows the numbers of the
system it runs on only; the message may come from any.

Which error is taken when a text has several:

1. names and wordings that stand for one error (``ECONNREFUSED``, "connection
   refused");
2. numbers that are dressed as error numbers (``[Errno 111]``, ``os error 98``);
3. hints, such as "context deadline exceeded";
4. words that only say that there is no connection ("Failed to establish a new
   connection"), named ``ERR_CONNECTION_FAILED``.

Within one rank the first in the text wins, as programs put the cause before
what followed from it; at one place the longer.

A number alone (``10061``) is a port here, never an error: the same digits are
a valid port, and that is what people paste. It has to be dressed. After
``errno`` and its like any number of the table counts; after ``error`` or
``code`` only Windows', Chromium's and Apple's, unless the pair is the whole
text (``error 111``).

Words that files share with sockets ("permission denied") count only beside a
word of sockets or in a number's clothes, and never where a file or a log-in
follows (``permission denied, open '/etc/shadow'``).

The text is read once for its words; only wordings whose longest word is in
the text are looked for, each in one pass, and every pattern is bounded, so the
time is linear. A text without letters is done after the first step.
"""

from __future__ import annotations

import re

from checks.model.records import NamedTuple
from checks.text import single
from checks.text.errors.ranks import EXACT, NUMBERED, VAGUE, words_of

TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.text.errors.table import ERRORS, Index, Row, Wording


class ErrorMessage(NamedTuple):
    """An error that was recognised in a text.

    Arguments:
        name: ``ECONNREFUSED``, ``EAI_NONAME``, ``ERR_UNSAFE_PORT`` ...
        platform_codes: its number by system: ``{"linux": 111, "macos": 61}``.
        says: what happened, in one sentence.
        text: the characters that gave it away, as they were written.
        span: where they stand in the text: first index, index after the last.
        leads_to: codes of the findings to look at, most likely first.
        system: the system whose number or wording it is: ``linux``, ``macos``
            (the BSDs share its numbers), ``windows`` or ``solaris``; None
            where the message does not tell.
    """

    name: str
    platform_codes: dict[str, int]
    says: str
    text: str
    span: tuple[int, int]
    leads_to: tuple[str, ...]
    system: str | None = None

    def to_dict(self) -> dict[str, object]:
        """The error as the JSON contract has it."""
        return {
            "name": self.name,
            "platform_codes": dict(self.platform_codes),
            "says": self.says,
            "text": self.text,
            "span": list(self.span),
            "leads_to": list(self.leads_to),
            "system": self.system,
        }


class _Hit(NamedTuple):
    """One place where a row matched."""

    rank: int
    start: int
    end: int
    row: Row
    system: str | None

    def order(self) -> tuple[int, int, int]:
        return (-self.rank, self.start, -self.end)


def find(text: str) -> ErrorMessage | None:
    """Return the most telling error of a text.

    Arguments:
        text: anything a person pastes: a message, a stack trace, a log line,
            a symbol, a number in its clothes.

    Returns:
        the error, by the ranks of the module's docstring; None where the text
        names none. Never raises.
    """
    low = _fold(text)
    words = set(words_of(low))
    if not words and low.isascii():
        return None
    index = _load()
    if low.isascii() and index.anchors.isdisjoint(words):
        return None
    looked = _Text(low, words, index)
    hits = [*_worded(looked, index), *_patterned(looked, index), *_numbered(looked, index)]
    hits = [hit for hit in hits if hit.row.name not in looked.filed]
    if not hits:
        return None
    return _message(text, low, min(hits, key=_Hit.order), index)


class _Text:
    """A text as it is looked at: folded, cut into words; what holds for all of it, once."""

    def __init__(self, low: str, words: set[str], index: Index) -> None:
        self.low = low
        self.words = words
        self.flat = low.replace("\n", " ")  # terminals wrap lines
        self.bare = len(low.strip(" \t\r\n.:;,()[]\"'"))
        """Its length without the punctuation around it."""
        self.on_file = "syscall" in words and bool(re.search(index.file_syscall, low, re.ASCII))
        """Whether Node says that the call was one on a file."""
        self.filed: set[str] = set()
        """Names of rows that the text gives to a file or a log-in, not to a socket."""


_PLAIN = {"\u2019": "'", "\xa0": " ", "\u202f": " "}


def _fold(text: str) -> str:
    """Lower case and plain apostrophes and spaces, every index kept."""
    if text.isascii():
        return text.lower()
    return text.translate({ord(char): _fold_one(char) for char in set(text)})


def _fold_one(char: str) -> str:
    """A character in lower case, where that is one character and every Python knows it."""
    low = _PLAIN.get(char) or char.lower()
    if low == char or len(low) != 1:  # U+0130 becomes two characters
        return char
    return low if low in " '" or single.has_letter(char) else char


def _message(text: str, low: str, hit: _Hit, index: Index) -> ErrorMessage:
    row = hit.row
    return ErrorMessage(
        row.name,
        dict(row.codes),
        row.says,
        text[hit.start : hit.end],
        (hit.start, hit.end),
        row.leads_to,
        hit.system or _system(low, hit, index),
    )


# --- words ---------------------------------------------------------------------------


def _worded(text: _Text, index: Index) -> Iterator[_Hit]:
    """Every name and wording of the table, at its first place in the text."""
    social = not index.socket_words.isdisjoint(text.words)
    for wording in _candidates(text, index):
        start = _place(text, wording.words)
        if start < 0:
            continue
        end = start + len(wording.words.strip("|@"))
        if wording.row.guarded and _filed(text, end, index):
            text.filed.add(wording.row.name)
        elif social or not wording.guarded:
            yield _Hit(wording.rank, start, end, wording.row, wording.system)


def _candidates(text: _Text, index: Index) -> Iterator[Wording]:
    for word in text.words & index.by_word.keys():
        yield from index.by_word[word]
    if not text.low.isascii():
        yield from index.wordless


def _filed(text: _Text, end: int, index: Index) -> bool:
    """Whether what follows shows that a file or a log-in was refused, not a socket."""
    return text.on_file or bool(re.compile(index.file_signs, re.ASCII).match(text.flat, end))


def _place(text: _Text, wording: str) -> int:
    """First index of the wording as whole words, what its mark asks for before it; or -1."""
    flat, needle = text.flat, wording.strip("|@")
    start = flat.find(needle)
    while start >= 0:
        end = start + len(needle)
        if (
            not (_glued(flat, start) or _glued(flat, end))
            and _allowed(text.low, start, wording[0])
            and not (wording[-1] == "|" and _followed(text.low, end))
        ):
            return start
        start = flat.find(needle, start + 1)
    return -1


def _allowed(low: str, start: int, mark: str) -> bool:
    """Whether what stands before is what the mark asks for."""
    if mark == "|":
        before = low[max(0, start - 2) : start]
        return not (before[-1:] == " " and (_in_word(before[0]) or before[0] in "'\"`)"))
    if mark == "@":
        words = low[max(0, start - 260) : start].split()  # a name has 253 characters at most
        return bool(words) and (words[-1] == "localhost" or bool(re.search(_HOST, words[-1])))
    return True


# A dot or colon inside a word, as a host has it: a name of any script, or an address.
_HOST = "[0-9a-z_\x80-\U0010ffff][.:]\\S"


def _followed(low: str, end: int) -> bool:
    """Whether a space and a word stand after this index."""
    return low[end : end + 1] == " " and _in_word(low[end + 1 : end + 2])


def _glued(flat: str, index: int) -> bool:
    """Whether a word runs on across this index."""
    if not 0 < index < len(flat):
        return False
    return _wordy(flat[index - 1]) and _wordy(flat[index])


def _in_word(char: str) -> bool:
    """Whether a character, or none, is a letter or a digit; the same on every interpreter."""
    return char.isalnum() if char.isascii() else single.has_letter(char)


def _wordy(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char == "_")


def _patterned(text: _Text, index: Index) -> Iterator[_Hit]:
    """Wordings with a hole in them, and curl's exit codes."""
    for word, pattern, row in index.patterns:
        if word in text.words:
            match = re.search(pattern, text.low, re.ASCII)  # compiled on first need, kept by re
            if match:
                rank = VAGUE if row is index.unnamed else EXACT
                yield _Hit(rank, *match.span(), row, None)
    if "curl" in text.words:
        match = re.search(r"\bcurl(?:: \(| error )([0-9]{1,2})\b\)?", text.low, re.ASCII)
        found = index.curl.get(int(match[1])) if match else None
        if match and found:
            rank = VAGUE if found is index.unnamed else NUMBERED
            yield _Hit(rank, *match.span(), found, None)


# --- numbers -------------------------------------------------------------------------

# The clothes of a number, and the number: decimal, or hexadecimal as .NET prints it.
_DRESSED = (
    r"\b(?P<dress>errno|winerror|(?:os|socket|winsock) error(?: #| code)?|socketexception"
    r"|nsposixerrordomain(?: code| error)?|_?kcfstreamerrorcodekey"
    r"|(?:nsurlerrordomain|kcferrordomaincfnetwork)(?: code| error)?"
    r"|net[ _]error|error(?: code| number)?|errorcode|code|err)"
    r"[\s:=#(\[]{0,4}(?P<number>-?[0-9]{1,5}|0x(?:8007|0000)?2[0-9a-f]{3})(?![0-9a-z_]|\.[0-9])"
)

# Can't connect to MySQL server on '127.0.0.1:3306' (111)
_MYSQL = (
    r"\bcan't connect to (?:local )?mysql server (?:on|through socket) '[^'\n]{0,255}'"
    r"(?::[0-9]{1,5})? \((?P<number>[0-9]{1,5})\b"
)

# Words before "code 1" and "error 1" that make it something else's number.
_OTHER_CODES = ("exit ", "exited with ", "status ", "return ", "returned ", "response ", "http ")


def _numbered(text: _Text, index: Index) -> Iterator[_Hit]:
    """The first number in its clothes that is in the table."""
    if index.number_words.isdisjoint(text.words):
        return
    if "mysql" in text.words:
        for match in re.finditer(_MYSQL, text.low, re.ASCII):
            hit = _mysql_number(int(match["number"]), match.span("number"), index)
            if hit:
                yield hit
    for match in re.finditer(_DRESSED, text.low, re.ASCII):
        hit = _read_number(text, match, index)
        if hit and not _contradicted(text, match["number"], hit, index):
            if hit.row is not index.unnamed:
                yield hit
                return
            yield hit._replace(rank=VAGUE)


def _read_number(text: _Text, match: re.Match[str], index: Index) -> _Hit | None:
    """The row that a dressed number names."""
    dress, digits, span = match["dress"], match["number"], match.span()
    if digits.startswith("0x"):
        return _windows_number(int(digits, 16) & 0xFFFF, span, index)
    number = int(digits)
    if dress == "winerror":
        return _windows_number(number, span, index)
    if dress.startswith(("nsurl", "kcferror")):
        return _of(index.apple.get(number), span, None)
    if dress == "errno" and number < 0:
        return _negative_errno(text.low, number, span, index)
    if dress.startswith(("net", "err", "code")) and dress != "errno":
        return _weak_number(text, number, span, index)
    if number < 10 and "(" in match[0]:  # errno(1), perror(3): pages of the manual
        return None
    return _plain_number(number, span, index)


def _of(row: Row | None, span: tuple[int, int], system: str | None) -> _Hit | None:
    return _Hit(NUMBERED, *span, row, system) if row else None


def _windows_number(number: int, span: tuple[int, int], index: Index) -> _Hit | None:
    return _of(index.windows.get(number) or index.winerror.get(number), span, "windows")


def _plain_number(number: int, span: tuple[int, int], index: Index) -> _Hit | None:
    """A number without sign: Winsock's from 10000 up, else Unix's."""
    if number >= 10000:
        return _windows_number(number, span, index)
    return _unix_number(number, span, index)


def _unix_number(number: int, span: tuple[int, int], index: Index) -> _Hit | None:
    row, system = index.unix.get(number, (None, None))
    return _of(row, span, system)


def _mysql_number(number: int, span: tuple[int, int], index: Index) -> _Hit | None:
    """MySQL gives the errno of its connect; 2 where the socket file is missing."""
    if number == 2:
        return _of(index.by_name["ENOENT"], span, None)
    return _plain_number(number, span, index)


def _negative_errno(low: str, number: int, span: tuple[int, int], index: Index) -> _Hit | None:
    """Node's ``errno: -111`` and ``errno: -4078``; Python's ``[Errno -2]`` of getaddrinfo."""
    if low[max(0, span[0] - 1) : span[0]] == "[":
        return _of(index.resolver.get(number), span, "linux")
    if number in index.uv:
        return _of(index.uv[number], span, "windows" if number <= -4000 else None)
    return _unix_number(-number, span, index)


def _weak_number(text: _Text, number: int, span: tuple[int, int], index: Index) -> _Hit | None:
    """A number after "error" or "code": Winsock's, Chromium's, or the whole text."""
    if text.low.endswith(_OTHER_CODES, max(0, span[0] - 14), span[0]):
        return None
    if number >= 10000:
        return _windows_number(number, span, index)
    if number <= -1000:
        return _of(index.apple.get(number), span, None)
    if number <= -100 or text.low.startswith("net", span[0]):
        return _of(index.chromium.get(number), span, None)
    if number >= 47 and text.bare <= span[1] - span[0]:
        return _plain_number(number, span, index)
    return None


def _contradicted(text: _Text, number: str, hit: _Hit, index: Index) -> bool:
    """Whether the words after the number belong to another error, or to a file."""
    rest = text.flat[hit.end : hit.end + 48]
    if any(words in rest for words in index.elsewhere.get(number, ())):
        return True
    return bool(hit.row.guarded) and _filed(text, hit.end, index)


# Clothes of numbers that are Chromium's or those of Apple's libraries, not a system's.
_NO_SYSTEM_S = ("net", "nsurl", "kcferror")
# A number beside the words that were recognised: (111: ..., (111), (0x0000274D/10061).
_BESIDE = r"\((?:0x[0-9a-f]{8}/)?(?P<number>[0-9]{1,5})[:)]"


def _system(low: str, hit: _Hit, index: Index) -> str | None:
    """The system whose number for this error stands near it; None where several share it."""
    for pattern, around in ((_BESIDE, 48), (_DRESSED, 256)):
        near = low[max(0, hit.start - around) : hit.end + around]
        for match in re.finditer(pattern, near, re.ASCII):
            digits = match["number"]
            if (match.groupdict().get("dress") or "").startswith(_NO_SYSTEM_S):
                continue
            system = None if "x" in digits else _numbering(int(digits), hit.row, index)
            if system:
                return system
    return None


def _numbering(number: int, row: Row, index: Index) -> str | None:
    """The one system that gives the row this number (Node prints it negative); else None."""
    if (number == row.uv and number <= -4000) or index.winerror.get(number) is row:
        return "windows"
    names = ("linux", "macos", "solaris", "windows")
    systems = [name for name in names if row.codes.get(name, 0) in (number, -number) and number]
    return systems[0] if len(systems) == 1 else None


def _load() -> Index:
    """The table, turned for look-up; kept."""
    from checks.text.errors import table  # noqa: PLC0415 - most inputs never need it

    return table.index()


def __getattr__(name: str) -> object:
    """``ERRORS``: the rows of the table, for the reference page."""
    if name == "ERRORS":
        from checks.text.errors import table  # noqa: PLC0415 - as above

        return table.ERRORS
    raise AttributeError(name)


__all__ = ["ERRORS", "ErrorMessage", "find"]
