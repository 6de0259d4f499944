"""S603 tls-mismatch."""

from __future__ import annotations

from checks.findings import speech
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.expected import Expected, expected
from checks.findings.service.context import ServiceContext, context_of
from checks.rules.protocols import BY_SCHEME, with_tls, without_tls


class TlsMismatch(Finding):
    """One side begins with TLS and the other in plain text.

    What it means
    -------------
    The client and the server do not understand each other's first bytes. A browser that opens
    https on a plain server shows ERR_SSL_PROTOCOL_ERROR, OpenSSL "wrong version number", Go
    "first record does not look like a TLS handshake". A client that opens http on a TLS server
    gets "400 Bad Request", "Empty reply from server" or binary noise.

    How it is detected
    ------------------
    The scheme of the URL says what the client will do; without a URL, the port does where it has
    one clear owner, such as 443 or 993. The service was asked both ways where that was needed,
    and the evidence tells. Databases that change over to TLS within their protocol, as PostgreSQL
    does, are not judged.

    Why it happens
    --------------
    - A development server speaks plain HTTP while the browser insists on https, because the name
      was marked by HSTS or the browser upgrades by itself.
    - TLS ends at a proxy in front, and the service was asked directly.
    - The port of the other kind was taken: 80 for 443, 1883 for 8883.

    What to do
    ----------
    Change the scheme of the URL, or the server's setting. To see both on the same port:

    - Linux: `curl -v http://127.0.0.1:62893/` and `curl -vk https://127.0.0.1:62893/`
    - macOS: the same commands
    - Windows: `curl.exe -v http://127.0.0.1:62893/`

    Guide
    -----
    uses/https/#wrong-version-number-and-other-mix-ups

    Sources
    -------
    - RFC 8446, section 5.1, the record layer: https://www.rfc-editor.org/info/rfc8446
    - RFC 9110, section 4.2, http and https URIs: https://www.rfc-editor.org/info/rfc9110
    - RFC 6797, HSTS: https://www.rfc-editor.org/info/rfc6797
    """

    code = "S603"
    slug = "tls-mismatch"
    severity = "warning"
    title = "TLS meets plain text"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where the first bytes of client and server are of different kinds."""
        found = context_of(subject)
        want = expected(subject.endpoint)
        if found is None or want is None or want.tls is None:
            return None
        if want.protocol != found.identity.protocol and found.identity.protocol != "tls":
            return None  # another protocol altogether: S602
        wrong = _plain_spoken(found) if want.tls else _tls_spoken(found)
        if not wrong:
            return None
        client = "begins with TLS" if want.tls else "begins in plain text"
        whose = f"A client of {want.why}:// {client}" if want.asked else f"On {want.why} a client"
        whose += "" if want.asked else f" {client}"
        text = f"{whose}, but {found.here} {wrong}."
        return Match(text, found.fixes(_other_scheme(want)), found.evidence())


def _plain_spoken(found: ServiceContext) -> str:
    """What shows that TLS is not what is spoken; "" where nothing does."""
    identity = found.identity
    if identity.tls is not None:
        return ""
    told = "; TLS was tried and not spoken" if "plain-only" in identity.traits else ""
    return f"answers plain {speech.name(identity)}{told}"


def _tls_spoken(found: ServiceContext) -> str:
    """What shows that plain text is not what is spoken; "" where nothing does.

    An HTTP server that was not tried in plain text, or that speaks both, is left alone.
    """
    identity = found.identity
    if identity.tls is None or speech.changes_to_tls(identity):
        return ""
    if "tls-only" in identity.traits:
        return "speaks TLS only"
    return "" if identity.protocol in ("http", "tls") else f"speaks {speech.name(identity)}"


def _other_scheme(want: Expected) -> tuple[Fix, ...]:
    protocol = BY_SCHEME.get(want.why) if want.asked else None
    other = protocol and (
        without_tls(protocol, want.why) if want.tls else with_tls(protocol, want.why)
    )
    if other:
        return (Fix(f"Use {other}:// in the URL, or change what the server speaks."),)
    return (Fix("Let client and server agree: TLS on both sides, or on neither."),)
