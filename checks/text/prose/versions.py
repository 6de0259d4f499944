"""Four numbers that are no address: the version of a product, a section, a mask.

An address alone in running text is one only as far as nothing beside it says otherwise:
the word for "version", a product's name, a revision of a package behind it.
"""

from __future__ import annotations

import re

from checks.address import blocks
from checks.text.network import mask_length

_WORDS = (
    "version", "versions", "release", "build", "firmware", "oid", "netmask", "mask", "section",
    "chapter", "clause", "appendix", "abschnitt", "kapitel", "chapitre", "secci\u00f3n",
    "se\u00e7\u00e3o", "sezione",
    # the word for "version" in other languages
    "\u7248\u672c", "\u7248\u672c\u53f7", "\ubc84\uc804", "\u30d0\u30fc\u30b8\u30e7\u30f3",
    "\u0432\u0435\u0440\u0441\u0438\u044f", "\u0432\u0435\u0440\u0441\u0438\u0438",
    "\u0432\u0435\u0440\u0441\u0438\u044e", "\u0432\u0435\u0440\u0441\u0456\u044f", "versi\u00f3n",
    "versi\u00f3", "vers\u00e3o", "versione", "versio", "versie", "wersja", "wersji", "wersj\u0119",
    "verze", "verzia", "verzi\u00f3", "verzija", "versjon", "versiune", "versiunea",
    "s\u00fcr\u00fcm", "s\u00fcr\u00fcm\u00fc", "\u03ad\u03ba\u03b4\u03bf\u03c3\u03b7",
    "phi\u00ean b\u1ea3n", "versi", "\u0625\u0635\u062f\u0627\u0631", "\u05d2\u05e8\u05e1\u05d4",
)  # fmt: skip
"""Words before numbers that are no address, in lower case."""

_WHOLE_WORDS = frozenset(("v", "ver", "sect"))
"""The same, where no letter is before them."""

_RELATIONS = ("==", ">=", "<=", "~=", "\u00a7")
_BESIDE = " \t\xa0.:\uff1a=\"'>("
_LOGINS = ("root@", "user@", "admin@", "ubuntu@")
"""As ssh is told them; pkg@1.2.3.4 is a version."""

_PRODUCT_BEFORE = re.compile(r"[A-Za-z]/$")
_REVISION = re.compile(
    r"-(?!\d{1,3}\.\d{1,3}\.\d)(?P<number>\d{1,6})(?P<more>[A-Za-z.~+_]?)|[+~][A-Za-z0-9]", re.ASCII
)
"""Behind a package's version: Debian policy §5.6.12, and rpm's release."""

_WORD_BEFORE = re.compile(
    r"(?P<one>[A-Za-z][\w.+#-]{0,60})?[ \t]{1,4}(?P<word>[A-Za-z][\w.+#-]{1,60})"
    r"(?P<gap>[ \t]{1,40}|\t)$",
    re.ASCII,
)
_SAME_BEFORE = re.compile(r"(?<![\w.])(?P<quad>\d{1,3}(?:\.\d{1,3}){3})[ \t]{1,40}$", re.ASCII)
_SAME_BEHIND = re.compile(r"[ \t]{1,40}(?P<quad>\d{1,3}(?:\.\d{1,3}){3})(?![\w.])", re.ASCII)

_PRODUCT_WORDS = frozenset(
    "add-on addon agent app application assembly component driver drivers editor engine extension"
    " feature framework kernel library loaded module package patch plugin plugins product runtime"
    " sdk setup software tool toolkit update upgrade"
    # products whose versions have four numbers
    " chrome chromium clang cmake doxygen edge electron g++ gcc glibc jdk jre xfree86 zlib".split()
)
"""Words for a thing that has versions."""

_CHANGELOG = re.compile(r"(?:-[\w.+~]{1,40})?\) [\w-]{3,30}; urgency=", re.ASCII)
"""Behind the version of a Debian changelog (Debian policy §4.4)."""
_BUMPED = re.compile(
    r"\b(?:bump|upgrade|update|downgrade)[sd]?\s(?:to\s)?(?P<what>[\w@./+-]{2,80})\s"
    r"(?:from\s(?:v?[\d.]{3,20}\sto\s)?|to\s)?\Z",
    re.ASCII | re.IGNORECASE,
)

_ADDRESS_WORDS = frozenset(
    "address addr allow and ban banned block blocked box broadcast by client clients container"
    " default deny destination device dns endpoint for from gateway gw host hosts in inet interface"
    " ip ipaddress ipv4 is local machine master me my neighbor nameserver network node on or peer"
    " ping pod proxy rdp remote resolver route router server servers site slave source ssh subnet"
    " telnet the to unblock user via vip was with worker".split()
)
"""Words that come before an address, whatever case they have."""


def is_version(text: str, first: int, last: int, value: int) -> bool:
    """Whether four numbers without a port are something else than an address.

    Arguments:
        text: the whole.
        first: where they begin.
        last: where they end.
        value: as an IPv4 address.
    """
    before = text[max(0, first - 100) : first]
    before = before[before.rfind("\n") + 1 :]
    if before[-1:] == "@":
        name = before[-2:-1]  # of a package, ASCII: letters are not the same in every Unicode
        login = before.endswith(_LOGINS) or not (name.isascii() and name.isalnum())
        return not login and _is_public(value)
    if _is_worded(before[-40:].lower()) or before.endswith(",v "):  # $Id: main.c,v 1.2.2.1 $
        return True
    if _PRODUCT_BEFORE.search(before[-2:]):
        return not before.endswith("localhost/")
    if value >> 24 == 0 and value >> 16:  # 0.9.21.1: no machine has such an address
        return True
    if _CHANGELOG.match(text, last) or _is_bumped(before):
        return True
    if value >> 24 in (0, 127) or _all_equal(value):
        return False
    if value >> 24 == 255:
        return mask_length(text[first:last]) not in (None, 32)
    return (
        _has_revision(text, last, value)
        or _is_of_product(before, value)
        or _is_twice(text, before, first, last)
    )


def _is_worded(before: str) -> bool:
    """Whether a word for "version" is before, or a relation as packages have it."""
    if before.rstrip(" \xa0").endswith(_RELATIONS):
        return True
    word = before.rstrip(_BESIDE)
    if len(word) == len(before) and word[-1:] != "v":
        return False
    return word.endswith(_WORDS) or word[-5:].strip(" \t([\"'-,;:>") in _WHOLE_WORDS


def _is_bumped(before: str) -> bool:
    """``Bump Acme.Json from 13.0.3.1 to 13.0.3.2``, ``Standards-Version to 3.9.3.0``."""
    if before[-12:].lower().endswith("version to "):
        return True
    match = _BUMPED.search(before)
    return match is not None and match["what"].lower() not in _ADDRESS_WORDS


def _all_equal(value: int) -> bool:
    """1.1.1.1 and 8.8.8.8 are name servers that many texts name."""
    return value % 0x01010101 == 0


def _has_revision(text: str, last: int, value: int) -> bool:
    """``1.3.4.5-1ubuntu2``; in ``10.0.0.5-20`` the hyphen makes a range."""
    match = _REVISION.match(text, last)
    if match is None:
        return False
    if match["number"] is None or match["more"]:
        return True
    return int(match["number"]) <= value & 255 or (_is_public(value) and int(match["number"]) < 10)


def _is_public(value: int) -> bool:
    return blocks.scope(4, value) not in ("host", "link", "site")


def _is_of_product(before: str, value: int) -> bool:
    """``Film Base 10.8.1.0``: behind a name with capitals, or a word for what has versions."""
    match = _WORD_BEFORE.search(f" {before}")
    if match is None:
        return False
    word, one = match["word"], match["one"] or ""
    lower = word.lower()
    if lower in _ADDRESS_WORDS or lower.endswith(("ing", "ed")):
        return False
    if lower in _PRODUCT_WORDS:
        return True
    named = word[0].isupper() and any(character.islower() for character in word)
    if not named:
        return False
    words = [each.strip(":,;()[]") for each in before.lower().split()]
    if not _PRODUCT_WORDS.isdisjoint(words):
        return True
    two = one[:1].isupper() and one.lower() not in _ADDRESS_WORDS
    sure = two if _is_public(value) else two and value & 255 == 0
    return sure or (one == "" and _is_public(value) and value & 255 == 0)


def _is_twice(text: str, before: str, first: int, last: int) -> bool:
    """The same numbers in two columns, asked for and resolved, as NuGet lists packages."""
    quad = text[first:last]
    left, right = _SAME_BEFORE.search(before), _SAME_BEHIND.match(text, last)
    return (left is not None and left["quad"] == quad) or (
        right is not None and right["quad"] == quad and before.strip(" \t>*-|") != ""
    )
