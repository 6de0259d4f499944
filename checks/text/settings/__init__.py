"""Command lines and configuration as such: what will listen where, by the text or by default.

A person pastes the command that is to be run, or the line of a configuration, as often as
what a program printed. Programs differ in the letter of an option and in what they do
without it, so each is listed with its own, and with its manual as the source.
"""

from __future__ import annotations

from checks.text.settings import containers, files, servers, tunnels
from checks.text.settings.record import Setting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from checks.text.endpoint import Endpoint

    Family: TypeAlias = tuple[tuple[str, ...], Callable[[str], Iterator[Setting]]]

__all__ = ["Setting", "endpoints", "read"]

MOST = 200
"""Settings of one text that are told."""

_FAMILIES: tuple[Family, ...] = (
    (containers.SIGNS, containers.read),
    (tunnels.SIGNS, tunnels.read),
    (files.SIGNS, files.read),
    (servers.SIGNS, servers.read),
)


def read(text: str) -> tuple[Setting, ...]:
    """Find the settings of a text, in its order, each place of it in one.

    Arguments:
        text: any text, any number of lines; what was read already is blank in it.
    """
    if "\x1b[" in text:
        return ()
    found: list[Setting] = []
    taken = bytearray(len(text))
    for signs, reader in _FAMILIES:
        if not any(sign in text for sign in signs):
            continue
        for setting in reader(text):
            spans = [end.span for end in (setting.endpoint, setting.far) if end is not None]
            spans = spans or [setting.span]
            if any(any(taken[first:last]) for first, last in spans):
                continue
            for first, last in spans:
                taken[first:last] = b"\x01" * (last - first)
            found.append(setting)
            if len(found) >= MOST:
                return _in_order(found)
    return _in_order(found)


def _in_order(found: list[Setting]) -> tuple[Setting, ...]:
    return tuple(sorted(found, key=lambda setting: _place(setting)))


def _place(setting: Setting) -> tuple[int, int]:
    return setting.endpoint.span if setting.endpoint else setting.span


def endpoints(found: tuple[Setting, ...]) -> tuple[Endpoint, ...]:
    """Return the endpoints of settings with their roles, in the order of the text."""
    ends = [end for setting in found for end in (setting.endpoint, setting.far) if end is not None]
    return tuple(sorted(ends, key=lambda end: end.span))
