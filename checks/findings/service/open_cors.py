"""S607 open-cors."""

from __future__ import annotations

from checks.findings import settings, speech
from checks.findings.base import Finding, Match, Subject
from checks.findings.service.context import context_of


class OpenCors(Finding):
    """Any web site may read what the server answers to its visitors.

    What it means
    -------------
    Browsers keep a site's scripts from reading other servers' answers, unless the server allows
    it by CORS headers. This one allows it to everybody. Where it allows credentials as well, a
    script reads what the visitor sees when logged in. Where it does not, a script reads what
    anyone sees; for a server on loopback or in a private network that is more than anyone should.

    How it is detected
    ------------------
    A page was asked for with the header `Origin: https://origin.invalid`, a site that cannot
    exist. With credentials: the answer names that origin in Access-Control-Allow-Origin and has
    Access-Control-Allow-Credentials: true. Without: it names the origin, or has a star. Browsers
    refuse a star together with credentials, so that counts as a star.

    It is a warning with credentials, and where the service asks for none anyway; a star alone is
    a notice, as it is right for data that is public.

    Why it happens
    --------------
    - A development server allows all origins, so that a front end on another port can ask it.
    - The server echoes whatever origin it is sent.

    What to do
    ----------
    Name the origins that need it. To see what is allowed, on Linux, macOS and Windows alike:
    `curl -i -H "Origin: https://origin.invalid" http://127.0.0.1:62893/`

    Guide
    -----
    security/web-pages/#reading-cors

    Sources
    -------
    - Fetch standard, CORS protocol: https://fetch.spec.whatwg.org/#http-cors-protocol
    - Fetch standard, CORS protocol and credentials:
      https://fetch.spec.whatwg.org/#cors-protocol-and-credentials
    - RFC 6454, the web origin concept: https://www.rfc-editor.org/info/rfc6454
    """

    code = "S607"
    slug = "open-cors"
    severity = "warning"
    title = "Any web site may read the server's answers"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where CORS headers let a foreign origin read."""
        found = context_of(subject)
        if found is None:
            return None
        identity = found.identity
        severity = None
        if "open-cors" in identity.traits:
            what = "with the visitor's credentials"
        elif "any-origin" in identity.traits:
            what = "as anyone without a login sees them"
            severity = None if identity.authentication == "none" else "notice"
        else:
            return None
        text = (
            f"{speech.who(identity)} on {found.here} lets the scripts of every web site read its"
            f" answers, {what} (CORS)."
        )
        fixes = settings.fix("CORS", found.identity)
        return Match(text, found.fixes(fixes), found.evidence(), severity)
