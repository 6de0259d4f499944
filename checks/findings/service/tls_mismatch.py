"""S603 tls-mismatch."""

from __future__ import annotations

from checks.findings import speech
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.expected import Expected, expected
from checks.findings.service.context import ServiceContext, context_of
from checks.rules.protocols import BY_SCHEME, with_tls, without_tls


class TlsMismatch(Finding):
    """One side begins with TLS and the other with plain text.

    What it means
    -------------
    The client and the server do not understand each other's first bytes. A browser that opens
    https on a plain server shows ERR_SSL_PROTOCOL_ERROR, OpenSSL "wrong version number", Go
    "first record does not look like a TLS handshake". A client that opens http on a TLS server
    gets "400 Bad Request", "Empty reply from server" or binary data.

    How it is detected
    ------------------
    The scheme of the URL tells what the client will do. Without a URL, the port does if it has
    one clear owner, such as 443 or 993. The service was tested both ways if that was needed, and
    the evidence shows it. Databases that change to TLS within their protocol, as PostgreSQL does,
    are not judged.

    Why it happens
    --------------
    - A development server speaks plain HTTP while the browser uses https, because the name is
      marked by HSTS or the browser upgrades the URL.
    - TLS ends at a proxy in front, and the client connects to the service directly.
    - The client uses the port of the other kind: 80 for 443, 1883 for 8883.

    What to do
    ----------
    First see which of the two the server speaks. The command that prints a status line is the
    right one:

    - Linux: Plain: `curl -si http://127.0.0.1:62893/`. TLS: `curl -ski https://127.0.0.1:62893/`.
    - macOS: Plain: `curl -si http://127.0.0.1:62893/`. TLS: `curl -ski https://127.0.0.1:62893/`.
    - Windows: Plain: `curl.exe -si http://127.0.0.1:62893/`. TLS: `curl.exe -ski
      https://127.0.0.1:62893/`.

    If it speaks plain HTTP, write `http://` in the client's URL. If the browser changes it back
    to https:

    - Chrome, Edge: open `chrome://net-internals/#hsts`, enter the host under "Delete domain
      security policies", and press Delete. For localhost this is needed only before version 132.
    - Firefox: open the history, right-click the page and choose "Forget About This Site". That
      also deletes its cookies.
    - All: use 127.0.0.1 instead of localhost. HSTS is stored for names, not for addresses.

    If it speaks TLS, write `https://`. A self-made certificate then gives a warning, which
    certificate-problem explains.

    If the server should speak TLS but does not, give it a certificate. In Vite that is
    `server.https`, in uvicorn `--ssl-keyfile` and `--ssl-certfile`, in nginx `listen 443 ssl`.
    Behind a proxy, use http between the proxy and the service: `proxy_pass
    http://127.0.0.1:8000`.

    Guide
    -----
    uses/https/#wrong-version-number-and-other-mix-ups

    Sources
    -------
    - RFC 8446, section 5.1, the record layer: https://www.rfc-editor.org/info/rfc8446
    - RFC 9110, section 4.2, http and https URIs: https://www.rfc-editor.org/info/rfc9110
    - RFC 6797, HSTS: https://www.rfc-editor.org/info/rfc6797
    - RFC 6797, section 8.3, HSTS does not apply to addresses:
      https://www.rfc-editor.org/info/rfc6797
    - curl manual, -k: https://curl.se/docs/manpage.html
    - nginx manual, configuring HTTPS servers:
      https://nginx.org/en/docs/http/configuring_https_servers.html
    - Uvicorn, settings, HTTPS: https://uvicorn.dev/settings/
    """

    code = "S603"
    slug = "tls-mismatch"
    severity = "warning"
    title = "One side uses TLS, the other not"
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
    told = ", and TLS failed" if "plain-only" in identity.traits else ""
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
    return (Fix("Use TLS on both sides, or on neither."),)
