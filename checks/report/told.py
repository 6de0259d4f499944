"""The endpoints of a report that its text alone does not tell: sockets, and ports of a program.

The machine that was asked knew that a path is a socket and which program a word names. Both
are in the document, and are taken from it where its text has them.
"""

from __future__ import annotations

from checks import ports
from checks.address import host as hosts
from checks.text import unix, unix_running

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from checks.text import Classification
    from checks.text.endpoint import Endpoint

_LONGEST = 4096
_MOST = 64


def as_asked(read: Classification, told: Sequence[object]) -> Classification | None:
    """Return a classification with the endpoints of a document; None where it cannot have them.

    Arguments:
        read: the text as it is read here.
        told: the endpoints of the document.
    """
    forms = [one.get("form") if isinstance(one, dict) else None for one in told]
    if "program" in forms and read.kind == "name" and len(told) <= _MOST:
        made = [_of_program(read.endpoints[0], one) for one in told]
        known = tuple(one for one in made if one is not None)
        return read._replace(kind="text", endpoints=known) if len(known) == len(told) else None
    more = told[len(read.endpoints) :]
    if not more or len(more) > _MOST:
        return read if len(told) == len(read.endpoints) else None
    sockets = tuple(one for each in more if (one := _socket(read.input, each)) is not None)
    if len(sockets) != len(more):
        return None
    kind = read.kind if read.errors or read.endpoints else "unix"
    return unix_running.attached(read._replace(kind=kind), sockets)


def _socket(text: str, told: object) -> Endpoint | None:
    if not isinstance(told, dict) or told.get("form") != unix.FORM:
        return None
    path, written, span = told.get("path"), told.get("text"), told.get("span")
    if not isinstance(path, str) or not isinstance(written, str) or not isinstance(span, list):
        return None
    start = span[0] if span and isinstance(span[0], int) else -1
    if not written or len(path) > _LONGEST or text[start : start + len(written)] != written:
        return None
    return unix.endpoint(written, start, path) if start >= 0 else None


def _of_program(word: Endpoint, told: object) -> Endpoint | None:
    port, host = (told.get("port"), told.get("host")) if isinstance(told, dict) else (None, None)
    number = port.get("number") if isinstance(port, dict) else None
    if not isinstance(number, int) or not 0 < number < 65536:
        return None
    text = host.get("text") if isinstance(host, dict) else None
    address = hosts.read(text) if isinstance(text, str) and len(text) <= _LONGEST else None
    return word._replace(host=address, port=ports.parse(str(number)), form="program")
