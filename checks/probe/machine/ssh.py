"""The forwards of an ssh client, read off its command line: ssh(1), -L, -D and -o.

ssh has no other way to tell them, short of its control socket, which belongs
to its user. Forwards of a configuration file (ssh_config(5)) are not here.
"""

from __future__ import annotations

from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class Forward(NamedTuple):
    """What an ssh client does with connections to one port.

    Arguments:
        kind: ``local`` (-L), ``dynamic`` (-D, a SOCKS proxy), or None where
            the command line has no forward of that port.
        destination: the machine that ssh is connected to, as it was typed;
            None where it is not on the command line.
        target: where that machine connects to: ``localhost:5432``, or a path.
    """

    kind: str | None
    destination: str | None
    target: str | None


def forward(words: Sequence[str], port: int) -> Forward:
    """Return what the command line says about a local port.

    Arguments:
        words: the command line, ``ssh`` first.
        port: 1 to 65535.
    """
    forwards, destination = _options(words[1:])
    for kind, value in forwards:
        number, target = _read(value)
        if number == port:
            return Forward(kind, destination, target if kind == "local" else None)
    return Forward(None, destination, None)


_WITH_VALUE = frozenset("BbcDEeFIiJLlmOoPpQRSWw")
"""Options of ssh(1) that take a value; all other letters stand alone."""


def _options(words: Sequence[str]) -> tuple[list[tuple[str, str]], str | None]:
    """The forwards, as (``local`` or ``dynamic``, value), and the destination.

    Options may stand after the destination too, as far as the command.
    """
    forwards = []
    waiting = list(reversed(words))
    destination = None
    while waiting:
        word = waiting.pop()
        if not word.startswith("-") or len(word) < 2:
            if destination is not None:
                break  # the command to run over there
            destination = word
            continue
        letters = word[1:]
        place = next((at for at, letter in enumerate(letters) if letter in _WITH_VALUE), None)
        if place is None:
            continue
        value = letters[place + 1 :] or (waiting.pop() if waiting else "")
        forwards.append(_named(letters[place], value))
    return [forward for forward in forwards if forward is not None], destination


_BY_LETTER = {"L": "local", "D": "dynamic"}
_BY_KEYWORD = {"localforward": "local", "dynamicforward": "dynamic"}


def _named(letter: str, value: str) -> tuple[str, str] | None:
    """A forward by its option; ``-o LocalForward=8080 host:80`` is ``8080:host:80``."""
    if letter in _BY_LETTER:
        return _BY_LETTER[letter], value
    if letter != "o":
        return None
    keyword, _, rest = value.replace("=", " ", 1).strip().partition(" ")
    kind = _BY_KEYWORD.get(keyword.lower())
    return (kind, ":".join(rest.split())) if kind else None


def _read(value: str) -> tuple[int | None, str | None]:
    """Port and target of ``[bind:]port:host:hostport``, ``[bind:]port:/socket`` or ``[bind:]port``.

    An IPv6 address stands in brackets: ssh(1), -L.
    """
    parts = _fields(value)
    if len(parts) > 1 and parts[-1].startswith("/"):
        number, target = parts[-2], parts[-1]
    elif len(parts) > 2:
        number, target = parts[-3], f"{parts[-2]}:{parts[-1]}"
    else:
        number, target = parts[-1], ""
    return (int(number) if _is_port(number) else None), target or None


def _fields(value: str) -> list[str]:
    """Split at the colons that stand outside of brackets."""
    fields, depth = [""], 0
    for letter in value:
        depth += (letter == "[") - (letter == "]")
        if letter == ":" and depth <= 0:
            fields.append("")
        else:
            fields[-1] += letter
    return fields


def _is_port(word: str) -> bool:
    return word.isascii() and word.isdecimal() and len(word) <= 5
