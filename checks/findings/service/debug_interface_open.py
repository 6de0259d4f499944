"""S605 debug-interface-open."""

from __future__ import annotations

from checks.findings import settings, speech
from checks.findings.base import Finding, Match, Subject
from checks.findings.exposure.access import is_open, who_can
from checks.findings.service.context import context_of


class DebugInterfaceOpen(Finding):
    """A debugger, or an application in debug mode, answers whoever connects.

    What it means
    -------------
    A debugger runs code in the program that it belongs to. Whoever connects can do what the
    program's user can: read files, start programs. On loopback that is every program and every
    user of this machine; for those that speak HTTP or WebSocket a web page may be among them.

    Pages that an application shows in debug mode tell settings, source code and paths. That is
    less, and the finding is a notice, or a warning where others can connect.

    How it is detected
    ------------------
    The interface says what it is: `/json/version` of the Node inspector and of Chrome DevTools,
    the kernels of Jupyter without a token, the resources of the Werkzeug debugger, the debug
    pages of Django, a greeting of the Debug Adapter Protocol. A Java debugger (JDWP), debugpy and
    Delve are recognised by the command line of their process and are not asked, because a handshake
    would attach to them, or use up the one client that they take. No code is run. The finding is
    an error where others than this machine can connect.

    Why it happens
    --------------
    - Somebody is debugging, or has been and forgot.
    - A container opens the debugger on all addresses so that an editor outside can reach it.
    - A setting for development was carried over to a server.

    What to do
    ----------
    Close it when it is not needed, and keep it on 127.0.0.1. Reach a remote one through ssh:
    `ssh -L 9229:127.0.0.1:9229 server`. To find who has it open:

    - Linux: `ss -ltnp 'sport = :9229'`
    - macOS: `lsof -nP -iTCP:9229 -sTCP:LISTEN`
    - Windows: `netstat -ano | findstr :9229`

    Guide
    -----
    security/debug-ports/#keep-it-closed

    Sources
    -------
    - Node.js, security implications of the inspector:
      https://nodejs.org/learn/getting-started/debugging
    - Chrome DevTools Protocol, HTTP endpoints: https://chromedevtools.github.io/devtools-protocol/
    - Java Platform Debugger Architecture, connection and invocation:
      https://docs.oracle.com/en/java/javase/21/docs/specs/jpda/conninv.html
    - Werkzeug, debugging applications: https://werkzeug.palletsprojects.com/en/stable/debug/
    - Delve, dlv, option --accept-multiclient:
      https://github.com/go-delve/delve/blob/master/Documentation/usage/dlv.md
    - Django, settings, DEBUG: https://docs.djangoproject.com/en/stable/ref/settings/#debug
    """

    code = "S605"
    slug = "debug-interface-open"
    severity = "warning"
    title = "A debugger or debug mode answers whoever connects"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to open debuggers, and more mildly to debug pages."""
        found = context_of(subject)
        if found is None:
            return None
        exposed = is_open(found)
        if "debug-interface" in found.identity.traits:
            what = speech.debugger(found.identity)
            text = f"{found.here} is {what}: who connects can run code in it."
            severity = "error" if exposed else None
        elif "debug-pages" in found.identity.traits:
            who = speech.who(found.identity)
            text = f"{who} on {found.here} runs in debug mode: its error pages show how it is set."
            severity = None if exposed else "notice"
        else:
            return None
        movable = exposed and not found.published
        fixes = settings.fix("DEBUG", found.identity, port=found.port, movable=movable)
        return Match(f"{text} {who_can(found)}", found.fixes(fixes), found.evidence(), severity)
