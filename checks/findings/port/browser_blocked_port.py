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
    A browser does not even try to connect. It shows an error instead: ERR_UNSAFE_PORT in
    Chromium, "This address is restricted" in Firefox. Node's fetch() fails with "bad port". Other
    programs, such as curl, are not affected.

    How it is detected
    ------------------
    The number is on the list of bad ports of the Fetch standard, or on the list of a program that
    differs from it. The message says whose. The finding is a warning for http, https, ws and wss
    URLs and a notice where no scheme is given; other schemes are not concerned.

    Why it happens
    --------------
    The ports belong to services such as mail that could be fooled by the text of an HTTP request.
    The list has grown over the years; SIP (5060, 5061) came in 2020, 10080 in 2021. Chromium 156
    lacks 4190 and 6679 of the standard's list.

    What to do
    ----------
    Move the web service to another port. That works for every visitor; a setting in one browser
    does not.

    To see what the service answers meanwhile, on Linux, macOS and Windows alike:
    `curl -v http://127.0.0.1:6000/`

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
    title = "Browsers refuse to open this port"
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
            f"Port {port.number} is a bad port for {names}: http and https URLs with it are refused"
            " without being tried."
        )
        fix = (Fix("If a browser has to open it, use another port."),)
        return Match(text, fix, severity="notice" if endpoint.scheme is None else None)
