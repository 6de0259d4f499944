"""C318 left-alone."""

from __future__ import annotations

from checks.findings import owners, speech, wording
from checks.findings.base import Finding, Match, Subject
from checks.findings.connection.context import context_of
from checks.findings.witness import why_left_alone


class LeftAlone(Finding):
    """It listens. A connection would harm it or start a service, so none was made.

    What it means
    -------------
    The socket table shows a listener, and its owner says that a connection changes something. It
    serves one client only: to connect and leave again, which is how an open port is recognised,
    would end it or make it useless. Or it listens in place of a service, which the first
    connection starts (socket activation). The table is proof enough that it listens. Whether a
    packet filter drops connections to it was not tested.

    How it is detected
    ------------------
    By the process that holds the listener, before anything is connected to.

    - One client only, by the command line: the adapter of debugpy; nc and ncat with -l and without
      -k or --keep-open; socat with a listening address and without fork; gdbserver with --once.
    - Socket activation: systemd (process 1, or a user's own `systemd --user`) while the service
      does not hold the same socket; systemd-socket-activate; inetd, xinetd, rlinetd; launchd. The
      unit is found in the unit files by ListenStream=, the service of inetd in its configuration.
      Another user's process 1 is not visible. Then the control group of the socket tells, or an
      enabled socket unit with that port whose service does not run. On macOS only root sees that
      launchd listens.

    A server that forks for each client (tcpsvd, socat with fork) is connected to, as sshd is: it
    runs already, for this one service.

    Why it happens
    --------------
    - A socket unit, inetd or launchd starts a service only when it is needed.
    - netcat and socat take one connection and end with it, unless they are told otherwise.
    - debugpy waits for the one editor that debugs. The thread that takes its clients ends when one
      leaves while it is being greeted; after that no editor gets in (seen with version 1.8.22).

    What to do
    ----------
    Connect with the client that it is meant for. Where a connection would start a service,
    `--activate` allows the check to connect. To see for which unit systemd listens:
    `systemctl list-sockets`, for a user's own `systemctl --user list-sockets`. launchd has no such
    list: the ports are in the property lists below /Library/LaunchDaemons, under Sockets.

    To have a listener of the first kind serve many clients:

    - Linux: `ncat --keep-open -l 127.0.0.1 62893`
    - macOS: `nc -k -l 127.0.0.1 62893`
    - Windows: `ncat --keep-open -l 127.0.0.1 62893`

    Guide
    -----
    uses/diagnostics/#a-connection-may-start-a-service

    Sources
    -------
    - nc(1), "-k": https://man.openbsd.org/nc.1
    - ncat(1), "--keep-open":
      https://man7.org/linux/man-pages/man1/ncat.1.html
    - socat(1), "fork": http://www.dest-unreach.org/socat/doc/socat.html
    - debugpy, common/sockets.py: https://github.com/microsoft/debugpy
    - systemd.socket(5): https://man7.org/linux/man-pages/man5/systemd.socket.5.html
    - systemd-socket-activate(1):
      https://man7.org/linux/man-pages/man1/systemd-socket-activate.1.html
    - inetd(8): https://man.openbsd.org/inetd.8
    - Apple, creating launch daemons and agents, Sockets:
      https://developer.apple.com/library/archive/documentation/MacOSX/Conceptual/BPSystemStartup/
    """

    code = "C318"
    slug = "left-alone"
    severity = "info"
    title = "Not tested: a connection would change something"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where the probe kept away from a listener for its own sake."""
        context = context_of(subject, cls.code)
        if context is None or context.attempt is None:
            return None
        if not context.listeners:  # as in a report that somebody has cut
            text = f"No connection to {context.named} was made, so as not to change what listens."
            return Match(text, evidence=context.evidence())
        first = context.listeners[0]
        why = speech.one_line(why_left_alone(context.attempt, first), 200)
        text = (
            f"{wording.opening(first)} listens on {wording.bound(first)}"
            f"{wording.held_for(first)}. No connection was made{f': {why}' if why else ''}."
        )
        fixes = (
            context.fixes(owners.of_activation(first, context.probe)) if first.activation else ()
        )
        return Match(text, fixes, context.evidence())
