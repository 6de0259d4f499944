"""The Unix sockets that running text says were asked; loaded where a machine can be asked."""

from __future__ import annotations

import re

from checks.text import unix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.text import Classification
    from checks.text.endpoint import Endpoint

MOST = 4
"""So many sockets of one text are told."""

_REST = r"[^\s'\"`<>|;,()\[\]{}]{1,400}"

_sockets = re.compile(
    # connect ENOENT /run/app.sock: the errno's name, the address as the call had it (Node.js)
    rf"\b(?:connect|listen|bind) E[A-Z]{{2,15}} (?P<call>[/@]{_REST})"
    # address already in use /tmp/app: the same of a server
    rf"|\baddress already in use:? (?P<used>[/@]{_REST})"
    # dial unix /var/run/docker.sock: connect: permission denied (Go)
    rf"|\b(?:dial|listen|bind) unix (?P<go>[/@]{_REST})"
    # connection to server on socket "/tmp/.s.PGSQL.5432", through socket '/run/mysqld/my.sock'
    r"|\bsocket[: ]{1,2}(?P<quote>['\"])(?P<quoted>[/@][^'\"\n]{1,400})(?P=quote)"
    rf"|(?P<scheme>\b(?:https?\+)?unix:(?://)?(?:[/@]|%2[Ff]){_REST})"
    # Could not connect to Redis at /run/redis.sock: No such file
    rf"|(?<![\w/.:@%-])(?P<path>/{_REST})"
).finditer
"""Iterates over the sockets of a text; the name of the group that matched tells how it is
written, and a ``path`` counts only where its name says what it is."""


def find(text: str, *, by_name: bool = True) -> tuple[Endpoint, ...]:
    """Return the Unix sockets that a running text says were asked, each once.

    Arguments:
        text: a message or log lines.
        by_name: whether a path counts of which only the name says that it is a socket.
    """
    found: dict[str, Endpoint] = {}
    for one in _found(text):
        if one.path is not None and (by_name or one.path != one.text):
            found.setdefault(one.path, one)
        if len(found) == MOST:
            break
    return tuple(found.values())


def attached(read: Classification, found: tuple[Endpoint, ...]) -> Classification:
    """Return a classification with sockets added; errors without an endpoint are the first's.

    Arguments:
        read: the text as it was read.
        found: what :func:`find` gave.
    """
    first = len(read.endpoints)
    errors = tuple(
        error._replace(endpoint=first) if error.endpoint is None else error for error in read.errors
    )
    return read._replace(endpoints=(*read.endpoints, *found), errors=errors)


def _found(text: str) -> Iterator[Endpoint]:
    for match in _sockets(text):
        group = match.lastgroup or "path"
        written = match.group(group)
        bare = written if group == "quoted" else written.rstrip(".,;:)]}")
        path = unix.of_scheme(bare) or bare
        if _is_socket(path, group):
            yield unix.endpoint(bare, match.start(group), path)


def _is_socket(path: str, group: str) -> bool:
    if path[:1] not in ("/", "@") or len(path) < 2:
        return False
    return group != "path" or unix.is_named_so(path)
