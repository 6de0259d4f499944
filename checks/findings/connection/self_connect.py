"""C312 self-connect."""

from __future__ import annotations

from checks.findings import commands, wording
from checks.findings.base import Finding, Match, Subject
from checks.findings.connection.context import context_of
from checks.findings.witness import is_self_connected
from checks.rules.owners import main


class SelfConnect(Finding):
    """The connection succeeded, but its two ends are the same socket.

    What it means
    -------------
    A client needs a local port. The system may give it the very port that it connects to, on the
    same address. Then both ends are one socket. TCP allows that: the handshake succeeds without a
    server. A simple test then reports an open port. As long as such a connection lasts, the real
    server cannot bind the port.

    How it is detected
    ------------------
    connect() succeeded, and the socket's own address and port equal those of its peer. Or the
    socket table has an established connection whose two ends are the same, and no listener.

    Why it happens
    --------------
    The port is in the ephemeral range, no program listens, and a client tries again and again, as
    a script does that waits for a server. On Linux connect() prefers ports with the parity of the
    range's lower end, which is even by default. On an even port of the range, one attempt in
    about 14,000 connected to itself (measured on Linux 6.18). On an odd port none of 90,000 did.

    What to do
    ----------
    Start the server. Give it a port outside the ephemeral range, or at least an odd one. In a
    waiting loop, compare getsockname() with getpeername(), close the socket if they are equal,
    and try again. To see the range:

    - Linux: `sysctl net.ipv4.ip_local_port_range`
    - macOS: `sysctl net.inet.ip.portrange.first net.inet.ip.portrange.last`
    - Windows: `netsh int ipv4 show dynamicport tcp`

    Guide
    -----
    troubleshooting/intermittent/#it-connected-to-itself

    Sources
    -------
    - RFC 9293, section 3.5, simultaneous connection attempts:
      https://www.rfc-editor.org/info/rfc9293
    - Linux ip-sysctl, ip_local_port_range: https://docs.kernel.org/networking/ip-sysctl.html
    - getsockname(2): https://man7.org/linux/man-pages/man2/getsockname.2.html
    - Linux net/ipv4/inet_hashtables.c, __inet_hash_connect():
      https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/tree/net/ipv4/inet_hashtables.c
    """

    code = "C312"
    slug = "self-connect"
    severity = "error"
    title = "The connection reached itself; no server listens"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to self-connects of the probe, and of other programs without a listener."""
        context = context_of(subject, cls.code)
        if context is None or context.attempt is None:
            return None
        peers = tuple(peer for peer in context.probe.others if is_self_connected(peer))
        if context.attempt.outcome == "self-connected":
            text = (
                f"The connection to {context.named} reached itself: the system chose port"
                f" {context.number} as its source. No program listens there."
            )
        else:
            who = peers[0].owners
            words = wording.processes(who) if who else "another program"
            holder = wording.begin(words, main(who))
            text = (
                f"No program listens on {context.named}. {holder} is connected to itself on that"
                " port, so no server can bind it."
            )
        fixes = context.fixes(
            commands.advice("Start the server, or give it a port outside the ephemeral range."),
            commands.who_uses(context.number),
        )
        return Match(text, fixes, context.evidence(*peers))
