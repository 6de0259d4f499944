"""Host names in other scripts: Unicode ToASCII as browsers call it.

A browser maps a name before it looks at it: full-width, circled and superscript
digits become digits, the ideographic full stop becomes a dot, soft hyphens
vanish. So ``①②⑦．０．０．１`` is 127.0.0.1. The standard library's ``idna`` codec
follows the standard of 2003 with its Unicode 3.2 and gives other answers.

Every mapping that ends in ASCII, and every rejection of a character, comes from
a table (:mod:`checks.address._uts46`) and is the same on every interpreter.
What else is in a name needs ``unicodedata``, whose Unicode version is the
interpreter's; characters that the oldest supported Python does not know are
therefore not decided, and the answer says so.

Both, and ``unicodedata`` with them, load when the first such name is read: a
host in plain ASCII never needs this module.

Source: UTS #46, "Unicode IDNA Compatibility Processing", §4; RFC 5893 §2
(right-to-left names); RFC 5892 appendix A.1 and A.2 (joiners).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise
from unicodedata import bidirectional, category, combining, normalize

from checks.address import _uts46
from checks.model.records import NamedTuple

ASCII = "m"  # mapped to ASCII, which the table gives
FOLDED = "v"  # valid, or mapped to what fold() gives
IGNORED = "i"  # mapped to nothing
DISALLOWED = "x"  # not in a host name
NEWER = "n"  # valid or mapped, but not known alike to all supported Pythons
SPACE = "S"  # stands for a space in the table; no mapping has a capital letter

MAX_LENGTH = 253
"""The longest name, in characters, that is worked out; DNS carries none longer (RFC 1035 §2.3.4).

Browsers have no such limit, but ordering combining marks and encoding Punycode
take time in proportion to the square of the length.
"""

LONG = "the name is longer than the 253 characters of DNS"
NEW = "the name has a character newer than Unicode 13"
JOINER = "the name has a zero-width non-joiner outside ASCII"

_FIRST = _uts46.FIRST

# Where the table departs from the formula of fold(): letters that the standard
# of 2003 mapped away and UTS #46, nontransitional, keeps.
_DEVIATIONS = {"ß": "ß", "ẞ": "ß", "ς": "ς"}

_NON_JOINER = "\u200c"
_JOINERS = _NON_JOINER + "\u200d"
_VIRAMA = 9  # canonical combining class
_RTL = frozenset(("R", "AL", "AN"))
_IN_RTL = frozenset(("R", "AL", "AN", "EN", "ES", "CS", "ET", "ON", "BN", "NSM"))
_IN_LTR = frozenset(("L", "EN", "ES", "CS", "ET", "ON", "BN", "NSM"))
_RTL_END = frozenset(("R", "AL", "EN", "AN"))
_LTR_END = frozenset(("L", "EN"))


class MappingTable(NamedTuple):
    """The mapping table, ready for use.

    Arguments:
        starts: the first code point of each run.
        kinds: the class letter of each run.
        mappings: the ASCII text by code point of class ``m``.
    """

    starts: list[int]
    kinds: str
    mappings: dict[int, str]

    def kind(self, codepoint: int) -> str:
        """The class letter of a code point from U+0080 on."""
        return self.kinds[bisect_right(self.starts, codepoint) - 1]


def _unpack() -> MappingTable:
    texts = iter(_uts46.MAPPINGS.replace(SPACE, "\x00").split(" "))
    starts, kinds, mappings, start = [], [], {}, _uts46.FIRST
    for length, kind in re.findall("([0-9a-f]+)([g-z])", _uts46.RUNS):
        starts.append(start)
        kinds.append(kind)
        end = start + int(length, 16)
        if kind == ASCII:
            for codepoint in range(start, end):
                mappings[codepoint] = next(texts).replace("\x00", " ")
        start = end
    return MappingTable(starts, "".join(kinds), mappings)


TABLE = _unpack()
"""The table of this package; :data:`checks.address._uts46.UNICODE` is its version."""


def fold(character: str) -> str:
    """What the mapping table has for a character of class ``v``, by formula."""
    if character in _DEVIATIONS:
        return _DEVIATIONS[character]
    return normalize("NFKC", normalize("NFKC", character).casefold())


def is_letter(character: str) -> bool:
    """Whether a character is a letter, or becomes letters, in a host name.

    ``str.isalpha()`` alone goes by the interpreter's version of Unicode: a letter
    that only some of the supported Pythons know is none here.
    """
    if character.isascii():
        return character.isalpha()
    kind = TABLE.kind(ord(character))
    if kind == ASCII:
        return TABLE.mappings[ord(character)].isalpha()
    return kind == FOLDED and character.isalpha()


def to_ascii(domain: str) -> tuple[str | None, str | None]:
    """Turn a domain that is not plain ASCII into what DNS is asked.

    Arguments:
        domain: percent-decoded text with a character beyond ASCII.

    Returns:
        the ASCII text and None; or None twice for a failure; or, where a name
        is not decided, a text and what is open about it as a short phrase.
        That text may hold characters beyond ASCII, and a browser may reject
        the name, but it never takes it for an address. Never raises.
    """
    mapping, newer = _mapping(domain)
    if mapping is None:
        return None, None
    mapped = domain.translate(mapping)
    if mapped.isascii() and not _has_encoded(mapped):
        return mapped, None
    if newer:
        return mapped, NEW
    if len(mapped) > MAX_LENGTH:
        return mapped, LONG
    return _encode(mapped)


def _mapping(domain: str) -> tuple[dict[int, str] | None, bool]:
    """What each character of the domain becomes, and whether one is too new to say.

    None in place of the mapping where a character is not allowed.
    """
    mapping = {}
    newer = False
    for character in set(domain):
        codepoint = ord(character)
        kind = TABLE.kind(codepoint) if codepoint >= _FIRST else ASCII
        if kind == DISALLOWED:
            return None, False
        newer = newer or kind == NEWER
        mapping[codepoint] = _mapped(character, kind)
    return mapping, newer


def _mapped(character: str, kind: str) -> str:
    if kind == ASCII:
        return TABLE.mappings.get(ord(character)) or character.lower()
    if kind == FOLDED:
        return fold(character)
    return "" if kind == IGNORED else character


def _has_encoded(domain: str) -> bool:
    return domain.startswith("xn--") or ".xn--" in domain


def _encode(mapped: str) -> tuple[str | None, str | None]:
    """Steps 2 to 4 of the processing and the encoding, for a bounded length."""
    labels = []
    newer = False
    for label in normalize("NFC", mapped).split("."):
        decoded = _decode(label) if label.startswith("xn--") else label
        if decoded is None:
            return None, None
        if any(map(_is_newer, decoded)):
            newer = True
        elif not _is_valid(decoded):
            return None, None
        labels.append(decoded)
    if newer:
        return mapped, NEW
    if _is_bidi(labels) and not all(map(_obeys_bidi_rule, filter(None, labels))):
        return None, None
    return ".".join(map(_to_a_label, labels)), _open_joiner(labels)


def _decode(label: str) -> str | None:
    """The U-label of an A-label; None where it is not the one spelling of a valid one."""
    try:
        decoded = label[4:].encode("ascii").decode("punycode")
        # Some decoders take what no encoder writes, such as a leading hyphen.
        return decoded if not decoded.isascii() and _to_a_label(decoded) == label else None
    except (UnicodeError, ValueError, OverflowError):
        return None


def _to_a_label(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")


def _is_valid(label: str) -> bool:
    """The validity criteria of UTS #46 §4.1, without those on bidirectional text."""
    if not label:
        return True
    return (
        normalize("NFC", label) == label
        and not label.startswith("xn--")
        and "." not in label
        and category(label[0])[0] != "M"
        and all(map(_is_valid_character, label))
        and all(_joiner_may_stand(label, i) for i, c in enumerate(label) if c in _JOINERS)
    )


def _is_valid_character(character: str) -> bool:
    """Whether a character stays as it is in the mapping."""
    if ord(character) < _FIRST:
        return character == character.lower()
    return TABLE.kind(ord(character)) == FOLDED and fold(character) == character


def _is_newer(character: str) -> bool:
    return ord(character) >= _FIRST and TABLE.kind(ord(character)) == NEWER


def _joiner_may_stand(label: str, index: int) -> bool:
    """RFC 5892 A.1 and A.2, as far as decided without a table of joining types.

    Both joiners may follow a virama; the non-joiner may also stand between
    letters that join, which no ASCII character does.
    """
    before, after = label[index - 1 : index], label[index + 1 : index + 2]
    if before and combining(before) == _VIRAMA:
        return True
    between = bool(before and after) and not before.isascii() and not after.isascii()
    return between and label[index] == _NON_JOINER


def _open_joiner(labels: list[str]) -> str | None:
    for label in labels:
        for before, character in pairwise(label):
            if character == _NON_JOINER and combining(before) != _VIRAMA:
                return JOINER
    return None


def _is_bidi(labels: list[str]) -> bool:
    """Whether this is a Bidi domain name (RFC 5893 §1.4)."""
    return any(bidirectional(c) in _RTL for label in labels for c in label)


def _obeys_bidi_rule(label: str) -> bool:
    """The six conditions of RFC 5893 §2 for one label of a Bidi domain name."""
    kinds = [bidirectional(c) for c in label]
    end = next((kind for kind in reversed(kinds) if kind != "NSM"), "NSM")
    if kinds[0] == "L":
        return _IN_LTR.issuperset(kinds) and end in _LTR_END
    if kinds[0] not in ("R", "AL"):
        return False
    both = "EN" in kinds and "AN" in kinds
    return _IN_RTL.issuperset(kinds) and end in _RTL_END and not both
