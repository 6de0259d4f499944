"""S609 slow-answer."""

from __future__ import annotations

from checks.findings import commands, witness, wording
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.expected import expected
from checks.findings.service.context import ServiceContext, context_of
from checks.rules.protocols import BY_NAME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Owner


class SlowAnswer(Finding):
    """The server accepted an HTTP request and has not answered yet.

    What it means
    -------------
    The server keeps the connection open and sends nothing within the time of the check. A client
    that waits longer may get its answer: the program may be slow. Browsers wait for minutes,
    health checks often only for one second.

    How it is detected
    ------------------
    `GET /` was sent, and no byte came until the end of the check, about a second later. It is
    certainly HTTP if the server called another question a bad request. Otherwise the URL, the
    port or the name of the program tells, and the finding is a notice. If nothing tells that it
    is HTTP, the finding is accepts-silently.

    Why it happens
    --------------
    - The first request starts work: a development server compiles, a program connects to its
      database, a worker starts.
    - The page takes long, because it waits for another service that does not answer.
    - All workers are busy. A server that serves one client at a time is busy with another one.

    What to do
    ----------
    Wait for the answer once, and see how long it takes:

    - Linux: `curl -so /dev/null -w '%{http_code} after %{time_starttransfer} s '
      http://127.0.0.1:62893/`
    - macOS: the same command
    - Windows: `curl.exe -so NUL -w "%{http_code} after %{time_starttransfer} s"
      http://127.0.0.1:62893/`

    If the second request is fast, the first one only started the program: give your client or
    health check more time. If every request is slow, read the program's log, and test the
    services that it needs.

    Guide
    -----
    troubleshooting/not-responding/#the-first-answer-takes-long

    Sources
    -------
    - RFC 9110, section 9.2.1, safe methods: https://www.rfc-editor.org/info/rfc9110
    - curl manual, time_starttransfer: https://curl.se/docs/manpage.html
    """

    code = "S609"
    slug = "slow-answer"
    severity = "warning"
    title = "No HTTP answer yet"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to a request without an answer where the server speaks HTTP, surely or likely."""
        found = context_of(subject)
        if found is None or found.identity.unanswered is None:
            return None
        sure = "slow" in found.identity.traits
        if not sure and (found.identity.protocol is not None or not _is_http(subject, found)):
            return None
        time = wording.clock(found.identity.unanswered)
        text = f"GET / was sent to {found.here}, and no answer came in {time}."
        if sure:
            text += " The server speaks HTTP: it called other questions bad requests."
        url = f"http://{found.here}/"
        written = "'%{http_code} after %{time_starttransfer} s\\n'"
        fixes = commands.each(
            "Wait for the answer, and see how long it takes.",
            f"curl -so /dev/null -w {written} '{url}'",
            f"curl -so /dev/null -w {written} '{url}'",
            f'curl.exe -so NUL -w "%{{http_code}} after %{{time_starttransfer}} s" "{url}"',
        )
        severity = None if sure else "notice"
        return Match(text, found.fixes(_look_for(fixes)), found.evidence(), severity)


def _look_for(fixes: tuple[Fix, ...]) -> tuple[Fix, ...]:
    said = "A status: the server is slow. Nothing for a minute: it hangs, see its log."
    return tuple(fix._replace(look_for=said) for fix in fixes)


def _is_http(subject: Subject, found: ServiceContext) -> bool:
    """Whether HTTP in plain text is what belongs there: by the URL, the port or the program."""
    want = expected(subject.endpoint)
    if want is not None:
        return want.protocol == "http" and not want.tls
    if found.port in BY_NAME["http"].ports:
        return True
    owner = witness.main_owner(found.row) if found.row is not None else None
    return owner is not None and not _SERVERS.isdisjoint(_names(owner))


_SERVERS = frozenset(
    (
        "nginx", "apache2", "httpd", "caddy", "traefik", "haproxy", "lighttpd", "gunicorn",
        "uvicorn", "hypercorn", "daphne", "waitress-serve", "flask", "runserver", "http.server",
        "puma", "unicorn", "rails", "vite", "next", "next-server", "nuxt", "webpack", "http-server",
    )
)  # fmt: skip
"""Web servers, by the name of the process, of its program, or of a word of the command line."""

_MOST_WORDS = 8


def _names(owner: Owner) -> set[str]:
    """What a process is called: its name, and the first words of its command without folders."""
    words = (owner.command or "").split()[:_MOST_WORDS]
    return {owner.name, *(word.rpartition("/")[2].removesuffix(".js") for word in words)}
