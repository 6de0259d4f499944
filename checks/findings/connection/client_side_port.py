"""C313 client-side-port."""

from __future__ import annotations

from checks.findings import commands, wording
from checks.findings.base import Finding, Match, Subject
from checks.findings.connection.context import context_of
from checks.findings.witness import connections
from checks.rules.owners import main


class ClientSidePort(Finding):
    """Only one end of a connection uses the port, and no program listens on it.

    What it means
    -------------
    The port is the local end of an existing connection of this machine. That is not a listener:
    the port accepts no other connection. Tools that show "the process on the port" often show
    this one.

    How it is detected
    ------------------
    The connection was refused, the socket table has no listener on the port, and it has a
    connection whose local port this is.

    Why it happens
    --------------
    - A client got the number from the ephemeral range, and a log printed it as the address of its
      peer.
    - A server stopped listening while one of its connections is still open. The table alone
      cannot tell these two apart.

    What to do
    ----------
    If the number comes from a log, it is the client's port. Look for the server's address
    instead. To start a server on the port, wait until the connection ends, or choose a port
    outside the ephemeral range. To see the connection:

    - Linux: Show the connection: `ss -tanp 'sport = :62893'`.
    - macOS: Show the connection: `sudo lsof -nP -iTCP:62893`.
    - Windows: Show the connection, in PowerShell: `Get-NetTCPConnection -LocalPort 62893`. Find
      its program by OwningProcess: `Get-Process -Id PID`.

    Guide
    -----
    troubleshooting/in-use/#no-listener-and-still-in-use

    Sources
    -------
    - RFC 9293, section 3.3.2, states of a connection: https://www.rfc-editor.org/info/rfc9293
    - RFC 6056, port selection by clients: https://www.rfc-editor.org/info/rfc6056
    - ss(8): https://man7.org/linux/man-pages/man8/ss.8.html
    """

    code = "C313"
    slug = "client-side-port"
    severity = "error"
    title = "A client uses this port; no server listens"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where connections use the port and nothing listens on it."""
        context = context_of(subject, cls.code)
        if context is None:
            return None
        peers = connections(context.probe)
        peer = peers[0]
        ends = f"{peer.local} to {peer.remote}" if peer.remote else peer.local
        connection = f"a connection ({ends}, {peer.state})"
        text = f"No program listens on {context.named}. "
        if peer.owners:
            who = wording.begin(wording.processes(peer.owners), main(peer.owners))
            text += f"{who} uses the port only as its end of {connection}."
        else:
            text += f"The port is in use by {connection}; no process was seen that holds it."
        fixes = context.fixes(
            commands.advice("Look for the server's own port. This one accepts no connection."),
            commands.who_uses(context.number),
        )
        return Match(text, fixes, context.evidence(*peers[:3]))
