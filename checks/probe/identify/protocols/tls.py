"""A TLS handshake in memory, wrapped around any other conversation.

OpenSSL does the cryptography, through the standard library's ssl on memory
buffers, so that the bytes stay counted and the socket stays ours. Nothing is
verified: the aim is to see the certificate, above all one that would not
verify.
"""

from __future__ import annotations

import ssl
from time import gmtime, strftime

from checks.model.evidence import Tls
from checks.model.records import NamedTuple
from checks.probe.identify import certificate
from checks.probe.identify.ask import Ask, Reply
from checks.probe.identify.found import Found, came, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from checks.probe.identify.ask import Conversation

_HANDSHAKE = 10 * 1024
"""Bytes of a server's flight that are taken; certificate chains are 1 to 6 KiB."""


class Session:
    """What is kept from one handshake to the next on the same port.

    Arguments:
        host: the name or address asked for.
        alpn: protocols to offer (RFC 7301).
    """

    def __init__(self, host: str, alpn: tuple[str, ...]) -> None:
        self.host = host.removesuffix(".")  # neither SNI (RFC 6066 §3) nor a certificate has it
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.context.check_hostname = False
        self.context.verify_mode = ssl.CERT_NONE
        # Old servers are what a diagnosis is for; nothing secret is sent to them.
        self.context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        self.context.set_ciphers("ALL:@SECLEVEL=0")
        self.offer(alpn)
        self.resumed: ssl.SSLSession | None = None
        self.tls: Tls | None = None

    def offer(self, alpn: tuple[str, ...]) -> None:
        """Offer these protocols from now on; none sends no extension."""
        self.context.set_alpn_protocols(list(alpn))

    def wrap(self) -> tuple[ssl.SSLObject, ssl.MemoryBIO, ssl.MemoryBIO]:
        """A client on memory buffers; with SNI (RFC 6066 §3) where the host is a name."""
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        name = self.host if _is_name(self.host) else None
        wrapped = self.context.wrap_bio(
            incoming, outgoing, server_hostname=name, session=self.resumed
        )
        return wrapped, incoming, outgoing

    def converse(self, inner: Callable[[Session], Conversation] | None) -> Conversation:
        """Shake hands, then hold the conversation that *inner* gives inside TLS.

        RFC 8446 §4: the handshake reads the server's certificate and sends no
        secret. Servers log a handshake that ends without a request, no more.

        Arguments:
            inner: None closes after the handshake.
        """
        wrapped, incoming, outgoing = self.wrap()
        ended = yield from _shake(wrapped, incoming, outgoing)
        if ended is not None:
            return _refused(self, ended)
        record = _record(wrapped, self.host)
        self.tls = self.tls or record
        said = f"sent a TLS ClientHello: {record.version}, certificate for {record.subject}"
        found = None
        if inner is not None:
            found = yield from _inside(wrapped, incoming, outgoing, inner(self))
            self.resumed = self.resumed or wrapped.session
        else:
            yield Ask(_goodbye(wrapped, outgoing), wait=0.0)
        if found is None:
            return Found("tls", tls=self.tls, evidence=(said,))
        return found._replace(
            protocol=found.protocol or "tls", tls=self.tls, evidence=(said, *found.evidence)
        )


def _is_name(host: str) -> bool:
    return (
        ":" not in host
        and 0 < len(host) < 254
        and host.isascii()
        and not host.rpartition(".")[2].isdigit()
        and not host.startswith(".")
    )


class _Ended(NamedTuple):
    """How a handshake ended without success."""

    said: bytes
    reply: Reply
    error: str


def _shake(
    wrapped: ssl.SSLObject, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO
) -> Generator[Ask, Reply, _Ended | None]:
    taken = b""
    while True:
        try:
            wrapped.do_handshake()
        except ssl.SSLWantReadError:
            pass
        except (ssl.SSLError, ValueError, OSError) as error:
            reply = yield Ask(outgoing.read(), wait=0.0)
            return _Ended(taken, Reply(taken, reply.end, reply.milliseconds), _reason(error))
        else:
            return None
        reply = yield Ask(outgoing.read(), limit=_HANDSHAKE)
        taken += reply.data
        if not reply.data or len(taken) > _HANDSHAKE:
            return _Ended(taken, reply._replace(data=taken), "")
        incoming.write(reply.data)


def _goodbye(wrapped: ssl.SSLObject, outgoing: ssl.MemoryBIO) -> bytes:
    """The end of the handshake and a close_notify (RFC 8446 §6.1): no broken session in a log."""
    try:
        wrapped.unwrap()
    except (ssl.SSLError, ValueError):  # the peer's own is not waited for
        return outgoing.read()
    return outgoing.read()


def _reason(error: Exception) -> str:
    return text(str(getattr(error, "reason", None) or type(error).__name__))


def _refused(session: Session, ended: _Ended) -> Found:
    """A handshake that failed: still TLS where records came back."""
    evidence = (came("a TLS ClientHello", ended.reply),)
    if not _is_record(ended.said):
        return Found(None, evidence=evidence)
    problem = f"The handshake failed: {ended.error or 'it was not finished'}"
    tls = _unread(None, None, problem, "handshake")
    session.tls = session.tls or tls
    if _names_no_protocol(ended.said):
        suspects = ("tls-unnamed", "postgresql")
        return Found("tls", tls=tls, traits=("tls-only",), evidence=evidence, suspects=suspects)
    wants = "CERTIFICATE_REQUIRED" in ended.error
    return Found("tls", tls=tls, authentication="required" if wants else None, evidence=evidence)


def _names_no_protocol(said: bytes) -> bool:
    """The alert no_application_protocol (RFC 7301 §3.2): what is spoken inside is not HTTP.

    Dovecot 2.4 then takes a handshake that offers nothing. PostgreSQL 17 takes only one that
    offers "postgresql", or its own request for TLS before.
    """
    return said[:1] == b"\x15" and said[5:7] == b"\x02\x78"


def _is_record(said: bytes) -> bool:
    """Begins as a server's TLS record does: alert or handshake, version 3.x (RFC 8446 §5.1).

    A handshake that begins with a ClientHello (§4) is this client's own, given back.
    """
    is_record = len(said) >= 5 and said[0] in (0x15, 0x16) and said[1] == 3 and said[2] < 5
    return is_record and not (said[0] == 0x16 and said[5:6] == b"\x01")


def _record(wrapped: ssl.SSLObject, host: str) -> Tls:
    found = certificate.parse(wrapped.getpeercert(binary_form=True) or b"")
    version, alpn = wrapped.version(), wrapped.selected_alpn_protocol()
    if found is None:
        return _unread(version, alpn, "The certificate could not be read.", "unreadable")
    now = strftime("%Y-%m-%dT%H:%M:%SZ", gmtime())
    expired = None if found.not_after is None else found.not_after < now
    problem, flaw = _problem(found, now, host)
    return Tls(
        version=version,
        alpn=alpn,
        subject=found.subject,
        issuer=found.issuer,
        names=found.names,
        not_before=found.not_before,
        not_after=found.not_after,
        self_signed=found.self_signed,
        expired=expired,
        problem=problem,
        problem_code=flaw,
    )


def _unread(version: str | None, alpn: str | None, problem: str, flaw: str) -> Tls:
    """The record where no certificate was read."""
    return Tls(
        version=version, alpn=alpn, subject=None, issuer=None, names=(), not_before=None,
        not_after=None, self_signed=None, expired=None, problem=problem, problem_code=flaw,
    )  # fmt: skip


def _problem(
    found: certificate.Certificate, now: str, host: str
) -> tuple[str, str] | tuple[None, None]:
    """What a client that verifies would stumble over first, in words and as a code.

    Its trust is not known here.
    """
    if found.not_after is not None and found.not_after < now:
        return f"The certificate expired on {found.not_after}.", "expired"
    if found.not_before is not None and found.not_before > now:
        return f"The certificate is not valid before {found.not_before}.", "not-yet-valid"
    if not certificate.covers(found, host):
        return f"The certificate does not name {text(host)}.", "other-name"
    if found.self_signed:
        return "The certificate is self-signed.", "self-signed"
    return None, None


def _inside(
    wrapped: ssl.SSLObject,
    incoming: ssl.MemoryBIO,
    outgoing: ssl.MemoryBIO,
    inner: Conversation,
) -> Conversation:
    """Hold a conversation inside TLS: its bytes are encrypted, its answers decrypted."""
    try:
        ask = next(inner)
        while True:
            if ask.send:
                wrapped.write(ask.send)
            plain, end, spent = b"", "", 0.0
            while not end:
                raw = yield Ask(outgoing.read(), wait=max(0.0, ask.wait - spent / 1000))
                spent += raw.milliseconds
                incoming.write(raw.data)
                plain, closed = _decrypt(wrapped, plain, ask.limit)
                end = _end(ask, plain, raw, closed)
            ask = inner.send(Reply(plain, end, spent))
    except StopIteration as result:
        found: Found | None = result.value
        return found
    except (ssl.SSLError, ValueError, OSError) as error:
        wants = "CERTIFICATE_REQUIRED" in _reason(error)
        return Found(
            None,
            authentication="required" if wants else None,
            evidence=(f"inside TLS: {_reason(error)}",),
        )
    finally:
        inner.close()


def _decrypt(wrapped: ssl.SSLObject, plain: bytes, limit: int) -> tuple[bytes, bool]:
    """What can be read by now, and whether the peer has ended its side."""
    try:
        while len(plain) < limit:
            data = wrapped.read(limit - len(plain))
            if not data:
                return plain, True
            plain += data
    except ssl.SSLWantReadError:
        return plain, False
    except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
        return plain, True
    return plain, False


def _end(ask: Ask, plain: bytes, raw: Reply, closed: bool) -> str:
    if plain and ask.enough(plain):
        return "enough"
    if len(plain) >= ask.limit:
        return "limit"
    if closed:
        return "closed"
    if raw.end == "limit" and raw.data:
        return ""  # one raw piece was full, more may come
    return "" if raw.end == "enough" else raw.end
