"""S601 service-identified."""

from __future__ import annotations

from checks.findings import speech
from checks.findings.base import Finding, Match, Subject
from checks.findings.service.context import context_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Identity


class ServiceIdentified(Finding):
    """The service was recognised.

    What it means
    -------------
    The message names the protocol on the port, and product and version as the server gives them.
    A server can give any name, and many hide their version. A recognised protocol does not prove
    that the service works well.

    How it is detected
    ------------------
    The check waits for a greeting, then sends what the port suggests, then a short list of
    protocols. It takes a second and 16 KiB at most, only reads, and tries no password. Each
    question and its answer is in the evidence. Debuggers that a connection would disturb are
    recognised by the listener's command line, and nothing is sent to them.

    Why it happens
    --------------
    Most protocols begin with a greeting, or answer a harmless request from any client. SSH, mail
    and MySQL greet first, HTTP answers GET, PostgreSQL answers a request for encryption.

    What to do
    ----------
    Nothing. To skip protocol detection, add `--no-identify`. To ask the service yourself:

    - Linux: As HTTP: `curl -v http://127.0.0.1:62893/`. As TLS: `openssl s_client -connect
      127.0.0.1:62893`. To see its greeting: `nc 127.0.0.1 62893`.
    - macOS: As HTTP: `curl -v http://127.0.0.1:62893/`. As TLS: `openssl s_client -connect
      127.0.0.1:62893`. To see its greeting: `nc 127.0.0.1 62893`.
    - Windows: As HTTP: `curl.exe -v http://127.0.0.1:62893/`.

    Guide
    -----
    troubleshooting/not-responding/#it-answers-in-another-language

    Sources
    -------
    - RFC 9110, HTTP semantics, safe methods: https://www.rfc-editor.org/info/rfc9110
    - RFC 8446, TLS 1.3: https://www.rfc-editor.org/info/rfc8446
    - RFC 4253, section 4.2, the greeting of SSH: https://www.rfc-editor.org/info/rfc4253
    - RFC 5321, section 4.2, replies of SMTP: https://www.rfc-editor.org/info/rfc5321
    - PostgreSQL manual, message flow: https://www.postgresql.org/docs/current/protocol-flow.html
    """

    code = "S601"
    slug = "service-identified"
    severity = "ok"
    title = "Service recognised"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where a protocol was recognised."""
        found = context_of(subject)
        if found is None or found.identity.protocol is None:
            return None
        identity = found.identity
        text = f"{found.here} speaks {speech.name(identity)}"
        title = dict(identity.details).get("title")
        text += f', title "{speech.one_line(title)}"' if title else ""
        if identity.behaviour == "not-asked":
            text += ", by the command line of its process. Nothing was sent to it"
        return Match(f"{text}.{_inside(identity)}", evidence=found.evidence())


def _inside(identity: Identity) -> str:
    """A sentence on TLS behind which nothing was recognised."""
    if identity.protocol != "tls" or identity.tls is None:
        return ""
    if identity.tls.version is None and identity.tls.problem:
        return f" {speech.one_line(identity.tls.problem, 200).rstrip('.')}."
    return " The protocol inside TLS was not recognised."
