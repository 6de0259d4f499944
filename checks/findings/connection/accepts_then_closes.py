"""C314 accepts-then-closes."""

from __future__ import annotations

from checks.findings import commands, inside, speech
from checks.findings.base import Finding, Match, Subject
from checks.findings.service.context import mute
from checks.findings.witness import relay_of


class AcceptsThenCloses(Finding):
    """The connection is accepted and ended at once, before a byte was exchanged.

    What it means
    -------------
    The port is open by every simple test, and no service answers on it. Clients show "Connection
    reset by peer", "Empty reply from server", "unexpected EOF" or "server closed the connection
    unexpectedly".

    How it is detected
    ------------------
    Two connections in a row were accepted and then closed or reset by the other side, before this
    side had sent anything. The evidence tells after how many milliseconds.

    Why it happens
    --------------
    - A relay accepts for a service that it cannot reach: docker-proxy, ssh -L, kubectl
      port-forward and the relay of WSL all accept first and try afterwards. In a container the
      program often listens on the container's own 127.0.0.1.
    - The service turns this client away: by its address, or because it has too many clients.
    - The program accepts and fails at once; its log says why.

    What to do
    ----------
    Behind a relay, check the service at its other end. Otherwise read the program's log while
    you connect.

    - Linux: `ss -ltnp 'sport = :62893'` shows who accepts
    - macOS: `lsof -nP -iTCP:62893 -sTCP:LISTEN`
    - Windows: `netstat -ano | findstr :62893`

    For a container: `docker logs NAME`, and let the program in it listen on 0.0.0.0.

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
    title = "The connection is accepted and closed at once"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where connections ended by themselves and nothing was recognised."""
        found = mute(subject, "closed", "reset")
        if found is None:
            return None
        ended = "resets them" if found.identity.behaviour == "reset" else "closes them"
        text = f"{found.who} accepts connections to {found.here} and {ended} at once, unasked."
        relay = relay_of(subject)
        if relay is not None:
            where = f" on {speech.destination(relay)}" if relay.target else " behind it"
            text += f" It is a relay: the service{where} probably does not take the connection."
            text += f" {there}" if (there := inside.behind(found.probe)) else ""
            advice = "Check the service at the other end of the relay."
        else:
            advice = "Read the program's log while you connect: it turns the client away, or fails."
        first = inside.fixes_behind(found.probe) or commands.advice(advice)
        fixes = found.fixes(first, commands.who_listens(found.port))
        return Match(text, fixes, (*found.evidence(), *inside.lines(found.probe)))
