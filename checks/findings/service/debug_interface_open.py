"""S605 debug-interface-open."""

from __future__ import annotations

from checks.findings import settings, speech
from checks.findings.base import Finding, Match, Subject
from checks.findings.exposure.access import is_open, who_can
from checks.findings.service.context import context_of


class DebugInterfaceOpen(Finding):
    """A debugger, or an application in debug mode, answers any client.

    What it means
    -------------
    A debugger runs code in its program. Anyone who can connect can do what the program's user can
    do: read files, start programs. On loopback that is every program and every user of this
    machine. If the debugger uses HTTP or WebSocket, a web page may be among them.

    The debug pages of an application show settings, source code and paths. That is less. The
    finding is then a notice, or a warning if others can connect.

    How it is detected
    ------------------
    The interface identifies itself:

    - the Node inspector and Chrome DevTools by `/json/version`,
    - Jupyter by its kernels, which it shows without a token,
    - the Werkzeug debugger by its resources, Django by its debug pages,
    - the Debug Adapter Protocol by its greeting.

    A Java debugger (JDWP), debugpy and
    Delve are recognised by the command line of their process. Nothing is sent to them, because a
    handshake would attach to them, or use up the one client that they accept. No code is run. The
    finding is an error if others than this machine can connect.

    Why it happens
    --------------
    - You are debugging now, or forgot to stop.
    - A container opens the debugger on all addresses, so that an editor outside can reach it.
    - A development setting was copied to a server.

    What to do
    ----------
    Close it if you do not need it, and keep it on 127.0.0.1. Reach a remote one through ssh: `ssh
    -L 9229:127.0.0.1:9229 server`. To find the program:

    - Linux: Show the listener: `ss -ltnp 'sport = :9229'`. The last column names the program and
      its pid, with sudo also for programs of other users.
    - macOS: Show the listener: `sudo lsof -nP -iTCP:9229 -sTCP:LISTEN`. COMMAND and PID name the
      program.
    - Windows: Show the listener, in PowerShell: `Get-NetTCPConnection -LocalPort 9229 -State
      Listen -ErrorAction SilentlyContinue`. Find its program by OwningProcess: `Get-Process -Id
      PID`.

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
    - ssh(1), -L: https://man7.org/linux/man-pages/man1/ssh.1.html
    """

    code = "S605"
    slug = "debug-interface-open"
    severity = "warning"
    title = "Debugger or debug mode is open"
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
            text = f"{found.here} is {what}: any client can run code in it."
            severity = "error" if exposed else None
        elif "debug-pages" in found.identity.traits:
            who = speech.who(found.identity)
            text = f"{who} on {found.here} runs in debug mode: its error pages show its settings."
            severity = None if exposed else "notice"
        else:
            return None
        movable = exposed and not found.published
        fixes = settings.fix("DEBUG", found.identity, port=found.port, movable=movable)
        return Match(f"{text} {who_can(found)}", found.fixes(fixes), found.evidence(), severity)
