"""Causes of a handshake or a certificate that failed."""

from __future__ import annotations

from checks.causes.base import Clue, Rule
from checks.causes.situation import because_of
from checks.causes.steps import tls as steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.causes.situation import Situation

_HANDSHAKE = ("ERR_SSL_PROTOCOL_ERROR", "SSL_ERROR_RX_RECORD_TOO_LONG", "PR_END_OF_FILE_ERROR")
_UNTRUSTED = ("ERR_CERT_AUTHORITY_INVALID", "SEC_ERROR_UNKNOWN_ISSUER")
_DROPPED = (
    "ERR_EMPTY_RESPONSE",
    "ECONNRESET",
    "ERR_CONNECTION_CLOSED",
    "ERR_INVALID_HTTP_RESPONSE",
)
_BROWSERS_WORDS = ("err_ssl", "sent an invalid response", "ssl_error_rx", "pr_end_of_file")

_TLS_PORTS = frozenset(
    int(port) for port in "443 2376 5001 5986 6443 8006 8443 8834 9200 9443 10250".split()
)
"""Ports whose default service speaks TLS: Kubernetes, Elasticsearch 8, Docker, Proxmox, ..."""
_IIS_EXPRESS = range(44300, 44400)
"""Ports that IIS Express keeps for https: Microsoft Learn, "Handling URL binding failures"."""

HTTPS_DOMAINS = frozenset(
    "android app bank boo channel chrome dad day dev esq fly foo gle gmail google hangout how ing"
    " insurance meet meme mov new nexus page phd play prof rsvp search soy youtube zip".split()
)
"""Top-level domains that browsers open by https only. Sources: Chromium,
net/http/transport_security_state_static.json; Google Registry, "HSTS preload"."""


def _is_browser(situation: Situation) -> bool:
    """Whether a browser said it; other clients have no HSTS."""
    return situation.error.text.lower().startswith(_BROWSERS_WORDS)


def _scheme(situation: Situation) -> str:
    """The scheme that was asked: ``http`` or ``https``; "" where the text does not tell."""
    endpoint = situation.asked
    if endpoint and endpoint.scheme in ("http", "https", "ws", "wss"):
        return {"ws": "http", "wss": "https"}.get(endpoint.scheme, endpoint.scheme)
    seen = [scheme for scheme in ("http", "https") if f"{scheme}-url" in situation.marks]
    return seen[0] if len(seen) == 1 else ""


def _host(situation: Situation) -> str:
    """The host that was asked, in lower case; "" where the text does not tell."""
    endpoint = situation.asked
    return endpoint.host.text.lower() if endpoint and endpoint.host else ""


def _wants_https(situation: Situation) -> bool:
    before, dot, domain = _host(situation).rpartition(".")
    return bool(before and dot) and domain in HTTPS_DOMAINS


def _is_name(situation: Situation) -> bool:
    """Whether a name was asked, for which a browser can remember https."""
    host = _host(situation)
    return host == "localhost" or any("a" <= char <= "z" for char in host.rpartition(".")[2][:1])


def _https_to_http(situation: Situation) -> Iterator[Clue]:
    if situation.error.name not in _HANDSHAKE:
        return
    says = "the answer to the handshake was not TLS"
    yield Clue(35, None if situation.has("tls-to-plain") else situation.at_error(says))
    scheme = _scheme(situation)
    if scheme == "https":
        yield from situation.marked({"https-url": 30})
    elif scheme == "http" and _is_browser(situation):
        yield Clue(-40)


def _http_to_https(situation: Situation) -> Iterator[Clue]:
    if situation.error.name == "NGX_HTTP_TO_HTTPS" and not situation.has("plain-to-tls"):
        yield Clue(95, situation.at_error("a TLS server prints this"))
    dropped = situation.error.name in _DROPPED and not situation.has("proxy", "proxy-answered")
    if not dropped or _scheme(situation) == "https":
        return
    end, port = situation.asked, situation.asked_port
    if end and (port in _TLS_PORTS or port in _IIS_EXPRESS):
        yield Clue(75, because_of(end, "the service on this port usually speaks TLS"))


def _hsts(situation: Situation) -> Iterator[Clue]:
    if situation.error.name not in _HANDSHAKE or not _is_browser(situation):
        return
    if _wants_https(situation) or not (_is_name(situation) or not _host(situation)):
        return
    scheme = _scheme(situation)
    if scheme == "http":
        firefox = situation.error.name == "SSL_ERROR_RX_RECORD_TOO_LONG"
        yield from situation.marked({"http-url": 60 if firefox else 75})
    elif not scheme:
        yield Clue(25, situation.at_error("the browser used https"))


def _redirected(situation: Situation) -> Iterator[Clue]:
    if situation.error.name not in _HANDSHAKE or not _is_browser(situation):
        return
    if _scheme(situation) == "http" and not _wants_https(situation):
        firefox = situation.error.name == "SSL_ERROR_RX_RECORD_TOO_LONG"
        named = _is_name(situation) and not firefox
        yield from situation.marked({"http-url": 50 if named else 75})


def _preloaded(situation: Situation) -> Iterator[Clue]:
    if not _wants_https(situation):
        return
    end, name = situation.asked, situation.error.name
    if end and name in (*_HANDSHAKE, *_UNTRUSTED):
        says = "browsers use only https for this top-level domain"
        yield Clue(95 if name in _HANDSHAKE else 25, because_of(end, says))
    elif end and name == "ECONNREFUSED" and {"http-url", "https-url"} <= situation.marks.keys():
        yield Clue(60, because_of(end, "you typed http, and the browser used https"))


def _untrusted(situation: Situation) -> Iterator[Clue]:
    if situation.error.name not in _UNTRUSTED:
        yield Clue(45 if situation.has("untrusted-said") else 0)
        return
    told = situation.has("node-certificate", "security-program")
    says = "the client does not trust the signer of the certificate"
    yield Clue(35 if told else 65, situation.at_error(says))


def _misnamed(situation: Situation) -> Iterator[Clue]:
    if situation.error.name == "ERR_CERT_COMMON_NAME_INVALID":
        yield Clue(90, situation.at_error("the certificate does not list the name"))
    elif situation.has("name-said"):
        yield Clue(35)


def _expired(situation: Situation) -> Iterator[Clue]:
    if situation.error.name != "ERR_CERT_DATE_INVALID" or situation.has("not-yet-valid"):
        return
    yield Clue(50, situation.at_error("today is outside the certificate's dates"))
    if "not yet valid" not in situation.low:
        yield Clue(20)


def _clock(situation: Situation) -> Iterator[Clue]:
    if situation.error.name != "ERR_CERT_DATE_INVALID":
        return
    both = "not yet valid" in situation.low
    yield Clue(
        55 if both else 30, situation.at_error("the client compares the dates with its clock")
    )
    if situation.has("wsl"):
        yield from situation.marked({"wsl": 30})


_HTTPS = "uses/https/"

RULES: tuple[Rule, ...] = (
    Rule(
        key="https-to-http-port",
        says="The client uses TLS, but the server on this port speaks plain HTTP.",
        page=f"{_HTTPS}#wrong-version-number-and-other-mix-ups",
        steps=steps.plain,
        marks={"tls-to-plain": 60},
        look=_https_to_http,
        finding="S603",
        confirmed_by=("S603",),
    ),
    Rule(
        key="http-to-https-port",
        says="The client uses plain HTTP, but the server on this port expects TLS.",
        page=f"{_HTTPS}#wrong-version-number-and-other-mix-ups",
        steps=steps.encrypted,
        marks={"plain-to-tls": 100},
        look=_http_to_https,
        finding="S603",
    ),
    Rule(
        key="hsts-localhost",
        says="The browser remembers to use https for this name, on every port (HSTS).",
        page=f"{_HTTPS}#the-browser-changes-http-to-https",
        steps=steps.forget_hsts,
        marks={"hsts-redirect": 100},
        look=_hsts,
    ),
    Rule(
        key="forced-https-redirect",
        says="The program redirects http to https, and no server offers https here.",
        page=f"{_HTTPS}#the-browser-changes-http-to-https",
        steps=steps.stop_redirect,
        marks={"https-redirect": 70},
        look=_redirected,
    ),
    Rule(
        key="hsts-preloaded-tld",
        says="The browser uses only https for this top-level domain.",
        page=f"{_HTTPS}#the-browser-changes-http-to-https",
        steps=steps.other_name,
        look=_preloaded,
    ),
    Rule(
        key="node-ignores-system-ca",
        says="Node uses its own list of certificate authorities, not the system's.",
        page=f"{_HTTPS}#trust-it-where-the-client-looks",
        steps=steps.node_ca,
        marks={"node-certificate": 80},
        finding="S604",
    ),
    Rule(
        key="certificate-not-trusted",
        says="The certificate is self-signed, or the client does not trust its authority.",
        page=f"{_HTTPS}#trust-it-where-the-client-looks",
        steps=steps.trust,
        marks={"client-distrusts": 80, "untrusted-said": 20},
        look=_untrusted,
        finding="S604",
        confirmed_by=("S604",),
    ),
    Rule(
        key="certificate-name-mismatch",
        says="The certificate does not list the name or address that the client uses.",
        page=f"{_HTTPS}#the-certificate-is-for-another-name",
        steps=steps.names,
        marks={"name-said": 40},
        look=_misnamed,
        finding="S604",
        confirmed_by=("S604",),
    ),
    Rule(
        key="clock-wrong",
        says="This machine's clock is wrong, so the certificate seems invalid.",
        page=f"{_HTTPS}#expired-or-not-yet-valid",
        steps=steps.clock,
        errors=("ERR_CERT_DATE_INVALID", ""),
        marks={"not-yet-valid": 60},
        look=_clock,
        finding="S604",
    ),
    Rule(
        key="certificate-expired",
        says="The server's certificate has expired.",
        page=f"{_HTTPS}#expired-or-not-yet-valid",
        steps=steps.renew,
        errors=("ERR_CERT_DATE_INVALID",),
        look=_expired,
        finding="S604",
        confirmed_by=("S604",),
    ),
    Rule(
        key="tls-versions-differ",
        says="One end is too old for the TLS versions of the other.",
        page=f"{_HTTPS}#wrong-version-number-and-other-mix-ups",
        steps=steps.versions,
        marks={"tls-versions": 80},
    ),
    Rule(
        key="tls-no-certificate-for-name",
        says="The server has no certificate for this name.",
        page=f"{_HTTPS}#the-certificate-is-for-another-name",
        steps=steps.certificate_for_name,
        marks={"no-name-certificate": 70},
    ),
    Rule(
        key="client-certificate-required",
        says="The server requires a client certificate.",
        page=f"{_HTTPS}#the-server-asks-for-a-certificate",
        steps=steps.client_certificate,
        marks={"client-certificate": 75},
    ),
    Rule(
        key="database-without-tls",
        says="The client requires TLS, but the database server does not offer it.",
        page="uses/databases/#tls-that-the-server-does-not-have",
        steps=steps.no_tls_database,
        marks={"no-tls-database": 95},
    ),
)
