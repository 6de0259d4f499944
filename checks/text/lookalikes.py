"""What looks like an endpoint and is none: versions, clock times, file positions, dates, words."""

from __future__ import annotations

from checks.address.host import INVALID, NAME, WILDCARD, name_of
from checks.address.readings import readings
from checks.address.scripts import has_letter
from checks.text.authority import DIGITS, HEX, all_digits, decimal_parts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.address.host import Host
    from checks.ports import Port

_ADDRESS_LIKE = HEX | frozenset("xX.:%")

SOURCE_FILE_ENDINGS = frozenset(
    "astro bat bz2 c cc cfg clj conf cpp cs csproj css cxx dart deb dll erl ex exe exs go gradle gz"
    " h hpp hs html ini jar java jl js json jsx kt less lock log lua m md mdx mjs mod nix php pl"
    " proto ps1 py pyc rb rpm rs rst scala scss sh sql svelte swift tf tgz toml ts tsx txt vue whl"
    " xml xz yaml yml zig".split()
)
"""Endings by which ``main.py:42`` is a place in a file, not a host and a port."""

NOT_HOSTS = frozenset(
    "code col column count dockerfile error exit fixme id level line makefile note page pid rc row"
    " size status step todo version".split()
)
"""Words before a colon and a number that are never a host: ``line:42``."""

_NOT_IN_BAD_NAMES = frozenset("=,;\"'{}\\")
"""Characters of settings and code; with one of them a token is no mistyped name."""


def plausible(host: Host, port: Port | None) -> bool:
    """Whether a token really is meant as this host and port, not as something else.

    Versions, clock times, file positions, dates and words with a colon come
    through here and must not become endpoints.
    """
    text = host.text
    if host.kind == WILDCARD:
        return port is not None and port.number is not None
    if host.kind == INVALID:
        return _address_attempt(text)
    if host.kind == NAME:
        return _plausible_name(text, port)
    if host.version == 6:
        return not (text.count(":") == 7 and _is_mac(text.replace(":", "-")))  # EUI-64
    return _plausible_ipv4(text, port)


def _plausible_ipv4(text: str, port: Port | None) -> bool:
    if all_digits(text):
        return len(text) > 5
    if port is not None or not decimal_parts(text):
        return True
    return text.count(".") >= 3 or text.startswith("127.")


def _plausible_name(text: str, port: Port | None) -> bool:
    if not has_letter(text) or _is_version(text) or _is_mac(text) or is_file(text):
        return False
    return _can_be_name(text) if port is None else _has_port(text, port)


def is_file(text: str) -> bool:
    """``main.py``, ``app.ts``: the name of a source file."""
    stem, _, ending = text.rpartition(".")
    return bool(stem) and ending.lower() in SOURCE_FILE_ENDINGS


def is_code(text: str) -> bool:
    """``shop.Cart.addItem``, ``org.acme.Job``: a name of a program's own, by its letters' case.

    Host names are mostly written in lower case, in upper case, or each label with a capital.
    """
    if text.islower():
        return False
    labels = [label for label in text.split(".") if label]
    last = labels[-1] if labels else ""
    if len(labels) < 2 or last.isupper() or last.lower() in _DOMAINS:
        return False
    camel = any(map(_is_camel, labels)) or any(label[:1].islower() for label in labels)
    return _is_camel(last) or (last[:1].isupper() and camel)


_DOMAINS = frozenset("com corp de edu home lan local net org".split())
"""Ends of names of machines, which people write in any case."""


def _is_camel(label: str) -> bool:
    return any(label[i - 1].islower() and label[i].isupper() for i in range(1, len(label)))


def _has_port(text: str, port: Port) -> bool:
    """Whether a name and a port are meant as such, not as ``line:42`` or ``status:ok``."""
    if text.lower() in NOT_HOSTS:
        return False
    if port.number is None and not all_digits(port.text):
        return text.lower().rstrip(".") == "localhost"
    # a dot and a port say that it is meant as a host, however bad the name is
    return _can_be_name(text) or ("." in text and _NOT_IN_BAD_NAMES.isdisjoint(text))


def _can_be_name(text: str) -> bool:
    """A name, or a spelling that browsers turn into one; ``PORT=3000`` is neither."""
    if name_of(text) is not None:
        return True
    url = readings(text).url
    return url is not None and name_of(url) is not None


def _is_version(text: str) -> bool:
    """``1.2.3-rc1``; a name that carries an address (10.0.0.1.nip.io) goes on after it."""
    labels = text.split(".")
    if len(labels) > 2 and all_digits(labels[0]) and all_digits(labels[1]):
        patch, hyphen, _ = labels[2].partition("-")  # kernels: 4.18.0-477.10.1.el8.x86_64
        if hyphen and all_digits(patch):
            return True
    digits = sum(map(all_digits, labels))
    return 2 <= digits == len(labels) - 1 and len(labels) <= 4


def _is_mac(text: str) -> bool:
    """IEEE 802's own notation has hyphens: 00-1A-2B-3C-4D-5E; Cisco's has dots: 001a.2b3c.4d5e."""
    quads = text.split(".")
    if len(quads) == 3 and all(len(quad) == 4 and HEX.issuperset(quad) for quad in quads):
        return True
    pairs = text.split("-")
    return len(pairs) in (6, 8) and all(len(pair) == 2 and HEX.issuperset(pair) for pair in pairs)


def _address_attempt(text: str) -> bool:
    """An address that went wrong (``256.1.1.1``, ``[::1``), rather than another thing."""
    if text[:1] == "[":
        return ":" in text
    if not text or not _ADDRESS_LIKE.issuperset(text):
        return False
    if ":" in text:
        return "::" in text and not HEX.isdisjoint(text)
    parts = text.split(".")
    return len(parts) == 4 and all(parts) and not DIGITS.isdisjoint(text)
