"""An endpoint, a host and a port, and the token of the text that it is read from."""

from __future__ import annotations

from checks.address.host import Host
from checks.model.records import NamedTuple
from checks.ports import Port

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    WordReading: TypeAlias = tuple[str, "tuple[Endpoint, ...]"]
    """The kind of a word (``address``, ``url``, ``port``, ...) and its endpoints."""


class Endpoint(NamedTuple):
    """One endpoint of a text.

    Arguments:
        text: the characters that were read as this endpoint.
        span: where they are in the input: first index, index after the last.
        scheme: the URL scheme in lower case, or None.
        host: the host, or None if only a port was given (``:8080``, ``62893``).
        port: the port, or None if none is given or implied by the scheme.
        form: how it was written: ``plain``, ``url``, ``cidr``, ``bsd`` (the
            dot before the port in netstat), ``java``, ``tuple``, ``keywords``,
            ``defanged``, ``words``, ``node``, ``port``, ``hex`` (of /proc/net/tcp),
            ``unix`` (a Unix socket), ``range`` (one of several ports that are written as a range),
            ``program`` (a port of the program that a word names on this machine).
        role: what it is in the text: ``target`` (asked), ``listener``, ``local`` (the
            client's own end), ``peer`` (the other end, in a server's log), ``proxy``,
            ``resolver``, ``origin`` (of a web page), ``link`` (only mentioned); None
            where the text does not tell.
        path: of a Unix socket; ``@name`` for an abstract one. Not there for any other endpoint.
    """

    text: str
    span: tuple[int, int]
    scheme: str | None
    host: Host | None
    port: Port | None
    form: str = "plain"
    role: str | None = None
    path: str | None = None

    def to_dict(self) -> dict[str, object]:
        """The endpoint as the JSON contract has it."""
        return {
            "text": self.text,
            "span": list(self.span),
            "scheme": self.scheme,
            "form": self.form,
            "role": self.role,
            "host": self.host.to_dict() if self.host else None,
            "port": self.port.to_dict() if self.port else None,
            **({} if self.path is None else {"path": self.path}),
        }


def identity(endpoint: Endpoint) -> tuple[object, int | None]:
    """What two mentions of one endpoint share: the address or name, and the port; or the path."""
    if endpoint.path is not None:
        return ("unix", endpoint.path), None
    host, port = endpoint.host, endpoint.port
    written = host and ((host.version, host.value) if host.version else host.text.lower())
    return written, port.number if port else None


def endpoint_at(
    text: str, span: tuple[int, int], host: Host | None, port: Port | None, form: str = "plain"
) -> Endpoint:
    """The endpoint that is written between two places of a text."""
    first, last = span
    return Endpoint(text=text[first:last], span=span, scheme=None, host=host, port=port, form=form)


class Token(NamedTuple):
    """A token, as it is written and as it is meant.

    Arguments:
        text: as written.
        start: its index in the input.
        plain: the same, refanged; what is read.
        form: ``plain`` or ``defanged``.
    """

    text: str
    start: int
    plain: str
    form: str = "plain"

    def endpoint(
        self, host: Host | None, port: Port | None, form: str, scheme: str | None = None
    ) -> Endpoint:
        """The endpoint that the whole of the token is."""
        span = (self.start, self.start + len(self.text))
        return Endpoint(text=self.text, span=span, scheme=scheme, host=host, port=port, form=form)


def token_at(text: str, start: int) -> Token:
    """The token of these characters, refanged where they are defanged."""
    plain = _refang(text)
    return Token(text, start, plain, "plain" if plain == text else "defanged")


def _refang(text: str) -> str:
    """Undo the defanging of threat reports: ``hxxp://127[.]0[.]0[.]1`` and spellings like it."""
    if "[" not in text and "(" not in text and text[:2].lower() != "hx":
        return text
    for fanged, plain in (
        ("[.]", "."),
        ("(.)", "."),
        ("[dot]", "."),
        ("(dot)", "."),
        ("[:]", ":"),
        ("[://]", "://"),
        ("[/]", "/"),
    ):
        text = text.replace(fanged, plain)
    return "http" + text[4:] if text[:4].lower() == "hxxp" else text
