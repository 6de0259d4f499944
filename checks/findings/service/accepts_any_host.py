"""S606 accepts-any-host."""

from __future__ import annotations

from checks.findings import settings, speech
from checks.findings.base import Finding, Match, Subject
from checks.findings.service.context import context_of


class AcceptsAnyHost(Finding):
    """The HTTP server answers requests for any host name.

    What it means
    -------------
    A web page can reach the server by DNS rebinding. The page's own host name first leads to its
    server, then to 127.0.0.1, and the browser takes the local server for the page's site. Then
    the page's scripts can read its answers and send it requests, without permission by CORS. A
    server that checks the Host header rejects such requests.

    How it is detected
    ------------------
    The same page was requested twice, once with the right Host header and once with
    `rebind.invalid`, a name that cannot exist. Both times the same page came, with a status of
    success. Over TLS there is no finding, because a browser would reject the certificate for the
    page's name.

    Why it happens
    --------------
    Most servers answer to any name unless you configure their names. For a public site that is
    harmless, because it shows everyone the same. It matters for a server that trusts every
    client, as those on loopback do. Chrome 142 and later ask before a page of the internet may
    connect to loopback (Local Network Access, checked 2026-11). Other browsers may not ask.

    What to do
    ----------
    Configure the server's own names, such as localhost and 127.0.0.1, or require a password. Each
    server has its setting:

    - Vite: `server.allowedHosts`
    - webpack-dev-server: `devServer.allowedHosts`
    - Django: `ALLOWED_HOSTS`
    - Flask 3.1 and later: `TRUSTED_HOSTS`
    - nginx: a default server with `return 444`

    Then test it. The server should reject this request:

    - Linux: `curl -i -H "Host: rebind.invalid" http://127.0.0.1:62893/`
    - macOS: the same command
    - Windows: `curl.exe -i -H "Host: rebind.invalid" http://127.0.0.1:62893/`

    Guide
    -----
    security/web-pages/#dns-rebinding

    Sources
    -------
    - RFC 9110, section 7.2, Host: https://www.rfc-editor.org/info/rfc9110
    - RFC 6761, section 6.4, names under invalid: https://www.rfc-editor.org/info/rfc6761
    - WICG, Local Network Access: https://wicg.github.io/local-network-access/
    - Vite, server.allowedHosts: https://vite.dev/config/server-options
    - Django, settings, ALLOWED_HOSTS:
      https://docs.djangoproject.com/en/stable/ref/settings/#allowed-hosts
    - Chrome for Developers, Local Network Access:
      https://developer.chrome.com/blog/local-network-access
    - Flask, configuration, TRUSTED_HOSTS: https://flask.palletsprojects.com/en/stable/config/
    - nginx manual, server names: https://nginx.org/en/docs/http/server_names.html
    """

    code = "S606"
    slug = "accepts-any-host"
    severity = "warning"
    title = "Any Host header is accepted (DNS rebinding)"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to plain HTTP that gave its page for a foreign Host header."""
        found = context_of(subject)
        if found is None or "accepts-any-host" not in found.identity.traits:
            return None
        if found.identity.tls is not None:
            return None
        text = (
            f"{speech.who(found.identity)} on {found.here} accepts any Host header, so a web page"
            " can read it by DNS rebinding."
        )
        fixes = settings.fix("HOSTS", found.identity)
        return Match(text, found.fixes(fixes), found.evidence())
