"""How glibc's ``inet_aton`` reads an IPv4 address.

ping, telnet, ssh, curl and all that calls ``getaddrinfo`` on Linux inherit this
reader, or most of it: one to four parts, each decimal, octal or hexadecimal.
``socket.inet_aton`` is not called because it asks the C library of the machine
that runs, and musl, macOS, Windows and the browser's Python read differently.

Source: glibc, resolv/inet_addr.c (``inet_aton_end``), measured on glibc 2.36.
"""

from __future__ import annotations

_ALPHABET = "0123456789abcdefABCDEFxX."
_SPACE = " \t\n\v\f\r"  # isspace() of ASCII; glibc asks isascii() first
_LAST_LIMIT = (0xFFFFFFFF, 0xFFFFFF, 0xFFFF, 0xFF)  # the last part fills what is left

_DIGITS = {10: "0123456789", 8: "01234567", 16: "0123456789abcdefABCDEF"}
_LONGEST = 11  # digits of 2**32 in octal, the longest of the three notations


def parse(text: str) -> int | None:
    """Read an address as glibc does.

    Arguments:
        text: any text. What follows the first ASCII white space is not looked
            at: ``127.0.0.1 foo`` is an address to glibc.

    Returns:
        the address as an integer, 0 to 2**32 - 1, or None where glibc rejects
        the text. Text that no C caller could hand over as UTF-8, with a NUL or
        a lone surrogate in it, gives None. Never raises.
    """
    rest = text.lstrip(_ALPHABET)
    if rest and (rest[0] not in _SPACE or not _is_c_string(rest)):
        return None
    parts = text[: len(text) - len(rest)].split(".", 4)
    if len(parts) > 4:
        return None
    value = 0
    for part in parts[:-1]:
        number = _number(part)
        if number is None or number > 0xFF:
            return None
        value = value << 8 | number
    last = _number(parts[-1])
    if last is None or last > _LAST_LIMIT[len(parts) - 1]:
        return None
    return value << 8 * (5 - len(parts)) | last


def _number(part: str) -> int | None:
    """One part as strtoul() with base 0 reads it; None where it is no number up to 2**32 - 1.

    Unlike a browser, strtoul() wants a digit after ``0x``, and any number of
    zeros may lead.
    """
    base = 10
    if part[:2] in ("0x", "0X"):
        base, part = 16, part[2:]
    elif part[:1] == "0":
        base = 8
    if not part or part.strip(_DIGITS[base]):
        return None
    part = part.lstrip("0")
    if len(part) > _LONGEST:  # also keeps int() away from its limit of 4300 digits
        return None
    number = int(part or "0", base)
    return number if number <= 0xFFFFFFFF else None


def _is_c_string(text: str) -> bool:
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False
