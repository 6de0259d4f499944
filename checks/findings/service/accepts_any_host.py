"""S606 accepts-any-host."""

from __future__ import annotations

from checks.findings import settings, speech
from checks.findings.base import Finding, Match, Subject
from checks.findings.service.context import context_of


class AcceptsAnyHost(Finding):
    """An HTTP server answers to a host name that is not its own.

    What it means
    -------------
    A web page can reach the server by DNS rebinding: the page's own host name is made to lead to
    127.0.0.1, and the browser then takes the server for the page's own site. The page's scripts
    can read what it answers and send it requests, without any leave by CORS. A server that checks
    the Host header turns such requests away.

    How it is detected
    ------------------
    The same page was asked for twice, once with the right Host header and once with
    `rebind.invalid`, a name that cannot exist. Both times the same page came, with a status of
    success. Over TLS the finding is left out: a browser would not accept the certificate for the
    page's name.

    Why it happens
    --------------
    Most servers answer to any name unless they are told theirs. For a public site that is harmless,
    because it shows everyone the same. It matters for a server that trusts whoever can connect,
    as those on loopback do. Browsers have begun to ask before a page from the internet may
    connect to loopback or a local network (Local Network Access); not all do.

    What to do
    ----------
    Give the server a list of its names, such as localhost and 127.0.0.1, or ask for a password.
    Vite: `server.allowedHosts`. webpack-dev-server: `allowedHosts`. Django: `ALLOWED_HOSTS`. Then
    try it, on Linux, macOS and Windows alike; it should be refused:
    `curl -i -H "Host: rebind.invalid" http://127.0.0.1:62893/`

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
    """

    code = "S606"
    slug = "accepts-any-host"
    severity = "warning"
    title = "The server answers to any host name: DNS rebinding reaches it"
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
            f"{speech.who(found.identity)} on {found.here} gives its page for the Host header"
            " rebind.invalid too: a web page whose name is made to lead here (DNS rebinding) can"
            " read it through a browser."
        )
        fixes = settings.fix("HOSTS", found.identity)
        return Match(text, found.fixes(fixes), found.evidence())
