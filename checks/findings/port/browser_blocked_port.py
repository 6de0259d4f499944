"""P203 browser-blocked-port."""

from __future__ import annotations

from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.port.context import port_of
from checks.findings.wording import joined

_BROWSED = frozenset(("http", "https", "ws", "wss"))
_BLOCKERS = {
    "fetch": "the Fetch standard",
    "chromium": "Chromium",
    "firefox": "Firefox",
    "node": "Node's fetch",
}


class BrowserBlockedPort(Finding):
    """Browsers refuse to open http and https URLs with this port.

    What it means
    -------------
    The browser does not try to connect. It shows an error instead: ERR_UNSAFE_PORT in Chromium,
    "This address is restricted" in Firefox. Node's fetch() fails with "bad port". Other programs,
    such as curl, are not affected.

    How it is detected
    ------------------
    The number is in the list of bad ports of the Fetch standard, or in the list of a program that
    differs from it. The message says whose list. It is a warning for http, https, ws and wss
    URLs, and a notice if there is no scheme. It does not apply to other schemes.

    Why it happens
    --------------
    The ports belong to services, such as mail, that the text of an HTTP request could fool. The
    list has grown over the years. SIP (5060, 5061) came in 2020, 10080 in 2021. Chromium 156
    lacks 4190 and 6679 of the standard's list (checked 2026-11).

    What to do
    ----------
    Move the web service to another port, such as 8080. That works for every visitor. A setting in
    one browser does not.

    To test the service until then, use a client that does not block the port:

    - Linux: `curl -v http://127.0.0.1:6000/`
    - macOS: `curl -v http://127.0.0.1:6000/`
    - Windows: `curl.exe -v http://127.0.0.1:6000/`

    Guide
    -----
    ports/browser-blocked/#if-the-port-cannot-be-changed

    Sources
    -------
    - Fetch standard, port blocking: https://fetch.spec.whatwg.org/#port-blocking
    - Chromium, net/base/port_util.cc:
      https://source.chromium.org/chromium/chromium/src/+/main:net/base/port_util.cc
    - Firefox, netwerk/base/nsIOService.cpp, gBadPortList:
      https://searchfox.org/mozilla-central/source/netwerk/base/nsIOService.cpp
    """

    code = "P203"
    slug = "browser-blocked-port"
    severity = "warning"
    title = "Browsers block this port"
    example = "http://127.0.0.1:6000/"
    describes = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where a list has the port and the scheme, if any, is one of a browser."""
        endpoint = subject.endpoint
        port = port_of(subject)
        if endpoint is None or port is None or port.number is None:
            return None
        if endpoint.scheme is not None and endpoint.scheme not in _BROWSED:
            return None
        blockers = port.blocked_by if port.number else ()
        if not blockers:
            return None
        names = joined([_BLOCKERS.get(who, who) for who in blockers])
        text = (
            f"Port {port.number} is a bad port for {names}: browsers block http and https URLs"
            " with it."
        )
        fix = (Fix("If browsers should open it, use another port."),)
        return Match(text, fix, severity="notice" if endpoint.scheme is None else None)
