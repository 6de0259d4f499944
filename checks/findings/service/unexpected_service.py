"""S602 unexpected-service."""

from __future__ import annotations

from checks.findings import speech
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.expected import Expected, expected
from checks.findings.service.context import context_of


def _asks(want: Expected) -> str:
    """Who wants the protocol: the URL, or the port's custom."""
    return f"the URL has {want.why}" if want.asked else f"{want.why} is for it"


class UnexpectedService(Finding):
    """The service speaks another protocol than the client expects.

    What it means
    -------------
    A client of the expected protocol reaches a program that does not understand it. Its message
    is about the protocol and not about the connection: "invalid response", "bad packet", "wrong
    version number". Or it hangs.

    How it is detected
    ------------------
    The recognised protocol is compared with the scheme of the URL. Without a URL it is compared
    with the port, if that has one clear owner: its registered service, and no product that is
    known to use the port for something else. Ports such as 8080 are never judged. For TLS or
    plain text there is tls-mismatch.

    With a URL it is a warning, because the client of that URL will fail. Without one it is a
    notice.

    Why it happens
    --------------
    - Another program got the port first, often an older copy or another project's service.
    - A forward, or a published port of a container, leads to the wrong place.
    - The port was chosen because it passes a firewall, such as SSH on 443.

    What to do
    ----------
    Either connect to the right port, or move one of the two programs. First see which program
    answers:

    - Linux: Show the listener: `ss -ltnp 'sport = :5432'`. The last column names the program and
      its pid, with sudo also for programs of other users. If it is docker-proxy, name its
      container: `docker ps --filter publish=5432`. If it is ssh, its command line has the target:
      `ps -o args= -p PID`.
    - macOS: Show the listener: `sudo lsof -nP -iTCP:5432 -sTCP:LISTEN`. COMMAND and PID name the
      program. If it is com.docker.backend, name its container: `docker ps --filter publish=5432`.
      If it is ssh, its command line has the target: `ps -o args= -p PID`.
    - Windows: Show the listener, in PowerShell: `Get-NetTCPConnection -LocalPort 5432 -State
      Listen -ErrorAction SilentlyContinue`. Find its program by OwningProcess: `Get-Process -Id
      PID`. If it is com.docker.backend, name its container: `docker ps --filter publish=5432`. If
      it is wslrelay, the program runs in WSL: `wsl -- ss -ltnp`.

    If that program should not be there, stop it, then start yours again and read which port it
    prints. Many servers take the next free port when theirs is in use: Vite 5174 instead of 5173.

    If both should run, give one of them another port. Change the client's URL to match. A
    published port of a container changes on its left side: `docker run -p 127.0.0.1:5433:5432
    postgres`.

    Then test again with the URL of your client: `python3 -m checks postgresql://127.0.0.1:5433/`.
    No warning means that the protocol is the expected one.

    Guide
    -----
    troubleshooting/not-responding/#it-answers-in-another-language

    Sources
    -------
    - IANA, service names and port numbers:
      https://www.iana.org/assignments/service-names-port-numbers/
    - RFC 6335, section 8, what a registration means: https://www.rfc-editor.org/info/rfc6335
    - RFC 3986, section 3.1, schemes: https://www.rfc-editor.org/info/rfc3986
    - Docker manual, port publishing: https://docs.docker.com/engine/network/port-publishing/
    - Vite, server.port and server.strictPort: https://vite.dev/config/server-options.html
    """

    code = "S602"
    slug = "unexpected-service"
    severity = "notice"
    title = "Another protocol than expected"
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
        fixes = (
            Fix(f"Find the program on port {found.port}: {found.who} accepts connections there."),
        )
        severity = "warning" if want.asked else None
        return Match(text, found.fixes(fixes), found.evidence(), severity)
