"""S602 unexpected-service."""

from __future__ import annotations

from checks.findings import speech
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.expected import Expected, expected
from checks.findings.service.context import context_of


def _asks(want: Expected) -> str:
    """Who wants the protocol: the URL, or the port's custom."""
    return f"the URL says {want.why}" if want.asked else f"{want.why} is for it"


class UnexpectedService(Finding):
    """The service speaks another protocol than the one that was asked for.

    What it means
    -------------
    A client of the expected protocol reaches a program that does not understand it. It fails with
    a message about the protocol and not about the connection: "invalid response", "bad packet",
    "wrong version number", or it hangs.

    How it is detected
    ------------------
    The protocol that was recognised is compared with the scheme of the URL. Without a URL it is
    compared with the port, where that has one clear owner: its registered service, and no product
    that is known to use the port for something else. Ports such as 8080 are never judged. Whether
    TLS is spoken is the matter of tls-mismatch.

    With a URL it is a warning, because the client of that URL will fail; without one a notice.

    Why it happens
    --------------
    - Another program took the port first, often an older copy or another project's service.
    - A forward, or a published port of a container, leads to the wrong place.
    - The port was chosen because it passes a firewall, such as SSH on 443.

    What to do
    ----------
    Find out which program it is, and move one of the two.

    - Linux: `ss -ltnp 'sport = :5432'`
    - macOS: `lsof -nP -iTCP:5432 -sTCP:LISTEN`
    - Windows: `netstat -ano | findstr :5432`

    Guide
    -----
    troubleshooting/not-responding/#it-answers-in-another-language

    Sources
    -------
    - IANA, service names and port numbers:
      https://www.iana.org/assignments/service-names-port-numbers/
    - RFC 6335, section 8, what a registration means: https://www.rfc-editor.org/info/rfc6335
    - RFC 3986, section 3.1, schemes: https://www.rfc-editor.org/info/rfc3986
    """

    code = "S602"
    slug = "unexpected-service"
    severity = "notice"
    title = "Another protocol is spoken than expected"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where a recognised protocol is not the expected one; plain TLS hides it."""
        found = context_of(subject)
        want = expected(subject.endpoint)
        if found is None or want is None or found.identity.protocol in (None, "tls"):
            return None
        if found.identity.protocol == want.protocol:
            return None
        text = (
            f"{found.here} speaks {speech.name(found.identity)}, not"
            f" {speech.label(want.protocol)}, although {_asks(want)}."
        )
        fixes = (Fix(f"Find out who uses port {found.port}: {found.who} accepts there."),)
        severity = "warning" if want.asked else None
        return Match(text, found.fixes(fixes), found.evidence(), severity)
