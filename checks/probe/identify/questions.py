"""The questions that one port may be asked, by name, in plain text and inside TLS."""

from __future__ import annotations

from checks.model.words import at, bracketed
from checks.probe.identify import greeting, lines, plan, protocols
from checks.probe.identify.ask import Ask
from checks.probe.identify.budget import MOST_SECONDS
from checks.probe.identify.found import Found, came
from checks.probe.identify.protocols import http

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.probe.identify.ask import Conversation
    from checks.probe.identify.protocols.tls import Session

UNNAMED = "tls-unnamed"
"""TLS that offers no protocol, for a server that refused those of HTTP: it may greet."""


class Questions:
    """What is asked of one endpoint.

    Arguments:
        host: a name or an address without its zone, for the Host header and for SNI.
        port: for the Host header, and for what it suggests.
        owner: the name of the listener's process.
    """

    def __init__(self, host: str, port: int, owner: str | None = None) -> None:
        self.host = host
        self.port = port
        self.owner = owner
        self.secured: Session | None = None
        """What is kept of TLS, once that was asked for."""
        self._own = {
            "http": self._http,
            "echo": self._http,
            "http2": http.converse_http2,
            "lines": lambda: lines.converse(host),
            "tls": self._tls,
            UNNAMED: self._tls_unnamed,
            plan.GREETING: self._greeting,
        }
        """The questions that are not one module's; all others are."""

    @property
    def authority(self) -> str:
        """Host and port as a URL has them (RFC 3986 §3.2)."""
        if self.port == (443 if self.is_secured else 80):
            return bracketed(self.host)
        return at(self.host, self.port)

    @property
    def is_secured(self) -> bool:
        """Whether a TLS handshake has told something."""
        return self.secured is not None and self.secured.tls is not None

    @property
    def inside(self) -> str:
        """What is asked inside TLS first."""
        return plan.inside_tls(self.port, self.owner)

    def conversation(self, name: str) -> Conversation:
        """The question of a name: of a protocol, or one of those of this module.

        What answers it may be a greeting that comes late.
        """
        own = self._own.get(name)
        asked = protocols.ask(name, self.host) if own is None else own()
        return asked if name == plan.GREETING else greeting.or_late(asked, self.port)

    def request(self, wish: http.Wish) -> Conversation:
        """One further page, inside TLS where the first was."""
        if self.secured is None or not self.is_secured:
            return _page(wish)
        self.secured.offer(http.ALPN_OLD)
        return self.secured.converse(lambda _: _page(wish))

    def inside_unknown(self, name: str) -> Conversation:
        """Ask inside TLS for something else than HTTP, which was not understood there."""
        assert self.secured is not None  # noqa: S101 - as called
        self.secured.offer(())
        return (yield from self.secured.converse(lambda _: self.conversation(name)))

    def _http(self) -> Conversation:
        return http.converse(http.Wish(self.authority))

    def _greeting(self) -> Conversation:
        """Only listen, inside TLS where that is spoken, as long as there is time."""
        listening = listen(self.port, MOST_SECONDS)
        if self.secured is None or not self.is_secured:
            return listening
        return self.secured.converse(lambda _: listening)

    def _tls(self) -> Conversation:
        self.secured = protocols.session(self.host, http.ALPN if self.inside == "http" else ())
        return (yield from self.secured.converse(self._inside))

    def _tls_unnamed(self) -> Conversation:
        self.secured = protocols.session(self.host)
        return (yield from self.secured.converse(lambda _: listen(self.port)))

    def _inside(self, session: Session) -> Conversation:
        """What is spoken inside TLS."""
        if session.tls is not None and session.tls.alpn == "h2":
            return http.converse_http2()
        return listen(self.port) if self.inside == plan.GREETING else self.conversation(self.inside)


def listen(port: int, seconds: float = plan.LONG) -> Conversation:
    """Ask nothing: read the greeting that comes in some time."""
    reply = yield Ask(b"", wait=seconds)
    if not reply.data:
        return None
    return (yield from greeting.converse(reply, port))


def _page(wish: http.Wish) -> Conversation:
    """One further request."""
    page, reply = yield from http.ask(wish, http.FOLLOWING)
    return Found("http" if page else None, evidence=(came(str(wish), reply),), page=page)
