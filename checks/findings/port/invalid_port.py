"""P209 invalid-port."""

from __future__ import annotations

from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.port.context import port_of
from checks.findings.wording import clip


class InvalidPort(Finding):
    """The text after the colon is not a port number.

    What it means
    -------------
    A port is a number from 0 to 65535, because the field in TCP and UDP has 16 bits. The text is
    something else. Programs reject it or read another port out of it.

    How it is detected
    ------------------
    The text has other characters than ASCII digits, is empty where a number is needed, or is over
    65535. As in the WHATWG URL standard, signs, spaces, underscores and digits of other scripts
    are not accepted.

    Why it happens
    --------------
    - A digit too many: 628930.
    - A placeholder was not replaced: `:PORT`, `:$PORT`.
    - Something else follows the colon, such as a line number or a time.

    What to do
    ----------
    Write a number from 1 to 65535. If you do not know the port of your program, look it up:

    - Linux: `ss -ltnp`
    - macOS: `lsof -nP -iTCP -sTCP:LISTEN`
    - Windows: `Get-NetTCPConnection -State Listen`

    Guide
    -----
    ports/#port-0-and-numbers-that-are-none

    Sources
    -------
    - RFC 9293, section 3.1, TCP header: https://www.rfc-editor.org/info/rfc9293
    - RFC 768, UDP header: https://www.rfc-editor.org/info/rfc768
    - WHATWG URL Standard, port state: https://url.spec.whatwg.org/#port-state
    """

    code = "P209"
    slug = "invalid-port"
    severity = "error"
    title = "Not a valid port number"
    example = "127.0.0.1:99999"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where the text of the port is not a number from 0 to 65535."""
        port = port_of(subject)
        if port is None or port.number is not None:
            return None
        text = port.text
        if not text:
            why = "there is no number after the colon"
        elif text.isascii() and text.isdigit():
            why = "the largest port is 65535"
        else:
            why = "only the digits 0 to 9 make a port number"
        return Match(f'"{clip(text)}" is not a port: {why}.', (Fix("Use a port from 1 to 65535."),))
