"""S608 http-error-status."""

from __future__ import annotations

from checks.findings import commands, speech, witness, wording
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.service.context import ServiceContext, context_of
from checks.rules import statuses
from checks.rules.owners import sharing


class HttpErrorStatus(Finding):
    r"""The HTTP server answers with an error status from 500 on.

    What it means
    -------------
    The connection works, but the answer is an error. Its number tells where the fault is:

    - 502 and 504: the server is a proxy. The server behind it refused the connection, sent no
      valid answer, or did not answer in time.
    - 500: the program itself failed, or one that it passes requests to.
    - 503: the server is overloaded, is starting or is in maintenance. A load balancer sends 503
      if no server behind it is up.

    How it is detected
    ------------------
    `GET /` was answered with a status from 500 to 599, but not 501 or 505, which are about the
    request. 401, 403 and 404 are named in the verdict and are no error: many programs have no
    page at `/`. Only `/` is requested, so another path may give another status.

    Why it happens
    --------------
    - The application behind nginx, Apache, Traefik or a development proxy is not running, listens
      on another port, or on an address that the proxy does not use.
    - It is starting: a proxy is often up some seconds before the application.
    - The program has a bug, or a database that it needs does not answer.

    What to do
    ----------
    502, 503 and 504: read in the proxy's error log which address it uses, and test that address
    with this program. 500: read the program's own log. To see the status again:

    - Linux: Show the status: `curl -si http://127.0.0.1:62893/ | head -n 1`. nginx logs in
      `/var/log/nginx/error.log`.
    - macOS: Show the status: `curl -si http://127.0.0.1:62893/ | head -n 1`. nginx of Homebrew
      logs in `$(brew --prefix)/var/log/nginx/error.log`.
    - Windows: Show the status: `curl.exe -si http://127.0.0.1:62893/`. nginx logs in
      `logs\error.log` of its directory.

    Guide
    -----
    troubleshooting/not-responding/#it-answers-with-500-502-503-or-504

    Sources
    -------
    - RFC 9110, section 15.6, server error 5xx: https://www.rfc-editor.org/info/rfc9110
    - IANA, HTTP status code registry:
      https://www.iana.org/assignments/http-status-codes/http-status-codes.xhtml
    - nginx manual, ngx_http_proxy_module: https://nginx.org/en/docs/http/ngx_http_proxy_module.html
    - HAProxy configuration manual, section 1.3.1, response status:
      https://docs.haproxy.org/3.2/configuration.html#1.3.1
    """

    code = "S608"
    slug = "http-error-status"
    severity = "warning"
    title = "The server answers with an error"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to an answer from 500 on that tells of the server."""
        found = context_of(subject)
        status = found.identity.status if found else None
        if found is None or status is None:
            return None
        at_fault = _fault(found)
        if at_fault is None:
            return None
        who = speech.who(found.identity)
        text = (
            f"GET / on {found.here} is answered with {statuses.named(status)}:"
            f" {_SAYS[at_fault].format(who=who)}"
        )
        fixes = found.fixes(_steps(at_fault, found))
        return Match(text, fixes, found.evidence(), brief=_brief(subject, found, status, at_fault))


def _fault(found: ServiceContext) -> str | None:
    """Who is at fault, as :func:`checks.rules.statuses.fault` has it."""
    owner = witness.main_owner(found.row) if found.row is not None else None
    identity = found.identity
    return statuses.fault(identity.status, identity.product, owner.name if owner else None)


def _brief(subject: Subject, found: ServiceContext, status: int, at_fault: str) -> str:
    """The verdict: the endpoint, the status, the process, and who is at fault."""
    host = subject.endpoint.host if subject.endpoint is not None else None
    named = (
        f"{wording.clip(host.text)}:{found.port}" if host and host.kind == "name" else found.here
    )
    says = _VERDICTS[at_fault].format(who=_server(subject, found))
    others = found.row is not None and found.row.reach != "host"
    reach = " Other machines may reach it." if others else ""
    return f"{named} answers {statuses.named(status)}: {says}.{reach}"


def _server(subject: Subject, found: ServiceContext) -> str:
    """Who answered, as far as that is known."""
    rows = subject.conclusion.listeners if subject.conclusion is not None else ()
    shared = sharing(rows) if found.row is not None else ()
    if shared:
        return f"one of {wording.mains(shared)}"
    if found.row is None:
        return speech.who(found.identity)
    relayed = witness.relay_of(subject) is not None
    return f"the server that {found.who} passes connections to" if relayed else found.who


_SAYS = {
    "behind": (
        "{who} works, but the server behind it refused the connection or gave no valid answer."
    ),
    "behind-late": "{who} works, but the server behind it did not answer in time.",
    "behind-none": "{who} works, but no server behind it is up.",
    "busy": "{who} is overloaded, is starting or is in maintenance.",
    "program": "{who}, or a program behind it, failed.",
}

_VERDICTS = {
    "behind": "{who} works, but the server behind it does not",
    "behind-late": "{who} works, but the server behind it did not answer in time",
    "behind-none": "{who} works, but no server behind it is up",
    "busy": "{who} is overloaded, is starting or is in maintenance",
    "program": "{who}, or a program behind it, failed",
}
"""The end of a verdict, by who is at fault."""


def _steps(at_fault: str, found: ServiceContext) -> tuple[Fix, ...]:
    if at_fault in ("program", "busy"):
        text = "Read in the program's log, or in its terminal, why it failed."
        if at_fault == "busy":
            text = "Read in the program's log whether it starts, is overloaded or is paused."
        return commands.advice(text)
    product = (found.identity.product or "").lower()
    log = _LOGS.get(product)
    if log is None:
        return commands.advice(
            "Read in the proxy's error log which address it uses, and test that address."
        )
    text = f"Read in the error log of {found.identity.product} which address it uses."
    look_for = "Test the address of the server behind it, which the last line names."
    return (Fix(text, f"sudo tail -n 5 {log}", commands.LINUX, look_for),)


_LOGS = {"nginx": "/var/log/nginx/error.log", "apache": "/var/log/apache2/error.log"}
"""Where Debian's packages write errors, by the product in lower case."""
