"""C314 accepts-then-closes."""

from __future__ import annotations

from checks.findings import commands, inside, speech
from checks.findings.base import Finding, Match, Subject
from checks.findings.service.context import mute
from checks.findings.witness import relay_of


class AcceptsThenCloses(Finding):
    """The connection was accepted and closed at once, before any data.

    What it means
    -------------
    A simple test finds an open port, but no service answers on it. Clients show "Connection reset
    by peer", "Empty reply from server", "unexpected EOF" or "server closed the connection
    unexpectedly".

    How it is detected
    ------------------
    Two connections in a row were accepted and then closed or reset by the other end, before the
    check had sent anything. The evidence says after how many milliseconds.

    Why it happens
    --------------
    - A relay accepts for a service that it cannot reach. docker-proxy, ssh -L, kubectl
      port-forward and the relay of WSL accept first and connect afterwards. In a container, the
      program often listens on the container's own 127.0.0.1.
    - The service rejects this client: by its address, or because it has too many clients.
    - The program accepts and fails at once. Its log says why.

    What to do
    ----------
    Behind a relay, test the service at its other end. Otherwise read the program's log while you
    connect. To see who accepts:

    - Linux: Show the listener: `ss -ltnp 'sport = :62893'`. The last column names the program and
      its pid, with sudo also for programs of other users.
    - macOS: Show the listener: `sudo lsof -nP -iTCP:62893 -sTCP:LISTEN`. COMMAND and PID name the
      program.
    - Windows: Show the listener, in PowerShell: `Get-NetTCPConnection -LocalPort 62893 -State
      Listen -ErrorAction SilentlyContinue`. Find its program by OwningProcess: `Get-Process -Id
      PID`.

    If it is docker-proxy, rootlessport or com.docker.backend, read the container's log: `docker
    logs NAME`. Make the program in the container listen on 0.0.0.0, because its own 127.0.0.1 is
    not reachable from outside.

    Guide
    -----
    troubleshooting/not-responding/#it-answers-and-hangs-up

    Sources
    -------
    - RFC 9293, section 3.6, closing a connection: https://www.rfc-editor.org/info/rfc9293
    - ssh(1), -L: https://man7.org/linux/man-pages/man1/ssh.1.html
    - Docker manual, port publishing and mapping:
      https://docs.docker.com/engine/network/port-publishing/
    """

    code = "C314"
    slug = "accepts-then-closes"
    severity = "warning"
    title = "Accepted, then closed at once"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where connections ended by themselves and nothing was recognised."""
        found = mute(subject, "closed", "reset")
        if found is None:
            return None
        ended = "resets them" if found.identity.behaviour == "reset" else "closes them"
        text = f"{found.who} accepts connections to {found.here} but {ended} before any request."
        relay = relay_of(subject)
        if relay is not None:
            where = f" on {speech.destination(relay)}" if relay.target else " behind it"
            text += f" It is a relay: the service{where} probably does not accept the connection."
            text += f" {there}" if (there := inside.behind(found.probe)) else ""
            advice = "Check the service at the other end of the relay."
        else:
            advice = "Read the program's log while you connect: it rejects the client, or fails."
        first = inside.fixes_behind(found.probe) or commands.advice(advice)
        fixes = found.fixes(first, commands.who_listens(found.port))
        return Match(text, fixes, (*found.evidence(), *inside.lines(found.probe)))
