"""Unix sockets in a text: a socket file or an abstract name, and no address and port.

``unix:PATH`` is how nginx and gRPC write it, ``unix:///PATH`` how Docker and curl do, ``@name``
how ss and /proc/net/unix show an abstract one. A bare path is one where its name says so. In
running text a path counts where the words before it say what it is, or its name does.

Sources: unix(7); gRPC name resolution; nginx, ngx_http_upstream_module, server; libpq,
.s.PGSQL.nnnn.
"""

from __future__ import annotations

from checks.text.endpoint import Endpoint

FORM = "unix"
"""As :attr:`checks.text.endpoint.Endpoint.form` has it."""

_SCHEMES = ("http+unix://", "https+unix://", "unix://", "unix-connect:", "unix:", "local:")
_ABSTRACT = ("unix-abstract:", "abstract-connect:")
_ENDINGS = (".sock", ".socket", ".ctl")
_UNITS = ("/systemd/system/", "/systemd/user/")
"""Where a file that ends in .socket is a unit, and no socket."""
_LONGEST = 4096
_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.+@%/:,=~#")


def read(word: str) -> str | None:
    """Return the path of a word that is a Unix socket and nothing else; None for any other.

    Arguments:
        word: the whole of what was pasted.

    Returns:
        the path, or ``@name`` for an abstract socket.
    """
    if not word or word[0] not in "uUhHlLaA/@~." or len(word) > _LONGEST:
        return None
    if word[0] in "hH" and "+unix" not in word[:10].lower():
        return None  # most URLs
    named = of_scheme(word) or _bare(word)
    if named is not None:
        return named
    if word[0] == "@":
        return word if word[1:2] == "/" and _NAME.issuperset(word[1:]) else None
    if word[0] not in "/~." or "/" not in word or word[:2] == "//":
        return None  # //host/name is a URL without its scheme
    return word if is_named_so(word) else None


def read_name(word: str) -> str | None:
    """Return the name of an abstract socket, also one that only a machine can tell: ``@name``."""
    return word if word[:1] == "@" and len(word) > 1 and _NAME.issuperset(word[1:]) else None


def whole(text: str) -> str | None:
    """Return all that stands behind a scheme as a path; None where there is no such.

    A name of a file may have spaces and colons. Only a machine can tell whether such a file is.
    """
    for scheme in ("unix://", "unix:"):
        if text[: len(scheme)].lower() == scheme and len(text) <= _LONGEST:
            return text[len(scheme) :] or None
    return None


def _bare(word: str) -> str | None:
    """The name behind ``unix:`` alone, such as ``unix:app``; no number, which would be a port."""
    name = word[5:] if word[:5].lower() == "unix:" else ""
    is_name = name.strip("/") and not name.isdecimal() and _NAME.issuperset(name)
    return name if is_name else None


def is_named_so(path: str) -> bool:
    """Whether the name of a file alone says that it is a socket."""
    name = path.rpartition("/")[2]
    if name.endswith(_ENDINGS) and not any(folder in path for folder in _UNITS):
        return name.partition(".")[0] != "" or len(name) > len(".socket")
    digits = name.removeprefix(".s.PGSQL.")
    if digits != name:
        return 0 < len(digits) <= 5 and digits.isascii() and digits.isdecimal()
    return path.rpartition("/")[0].endswith("/.X11-unix")


def endpoint(word: str, start: int, path: str) -> Endpoint:
    """Return the endpoint of a word.

    Arguments:
        word: as it is written.
        start: its index in the text.
        path: what :func:`read` gave.
    """
    span = (start, start + len(word))
    return Endpoint(word, span, None, None, None, form=FORM, path=path)


def of_scheme(word: str) -> str | None:
    """Return the path behind a scheme, such as ``unix:``; None where there is no such."""
    lower = word[:20].lower()
    for scheme in _ABSTRACT:
        if lower.startswith(scheme):
            return f"@{word[len(scheme) :]}"
    for scheme in _SCHEMES:
        if lower.startswith(scheme):
            rest = word[len(scheme) :]
            return _path(_decoded(rest) if scheme.startswith("http") else rest)
    return None


def _path(rest: str) -> str | None:
    """The path behind a scheme: absolute, abstract, or relative as nginx takes it."""
    if rest[:1] in ("/", "@"):
        path = rest.partition(":")[0]  # nginx writes unix:/run/x.sock:/uri
        return path if len(path) > 1 else None
    name = rest.partition("/")[0]
    return rest if "." in name or "/" in rest else None


def _decoded(rest: str) -> str:
    """``%2Frun%2Fdocker.sock/v1/info``: the path is the host of the URL, as requests-unixsocket
    writes it.
    """
    return rest.partition("/")[0].replace("%2F", "/").replace("%2f", "/").replace("%2E", ".")
