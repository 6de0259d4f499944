"""Text beyond ASCII: what needs the tables of Unicode.

Names in other scripts are rare, and :mod:`checks.address.uts46` takes 2 ms to
load with its table and ``unicodedata``. So this module is its one door.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType


def has_letter(text: str) -> bool:
    """Whether there is a letter in the text, of any script that every supported Python knows."""
    if text.isascii():
        return any(c.isalpha() for c in text)
    return any(map(_uts46().is_letter, text))


def to_ascii(domain: str) -> tuple[str | None, str | None]:
    """As :func:`checks.address.uts46.to_ascii`, for a domain that is not plain ASCII."""
    found: tuple[str | None, str | None] = _uts46().to_ascii(domain)
    return found


def _uts46() -> ModuleType:
    from checks.address import uts46  # noqa: PLC0415 - 2 ms, for other scripts only

    return uts46
