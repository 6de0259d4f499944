"""C318 left-alone."""

from __future__ import annotations

from checks.findings import owners, speech, wording
from checks.findings.base import Finding, Match, Subject
from checks.findings.connection.context import context_of
from checks.findings.witness import why_left_alone


class LeftAlone(Finding):
    """A connection would use up the listener or start a service, so none was made.

    What it means
    -------------
    The socket table shows a listener for which a connection changes something. Either it serves
    one client only: to connect and close, as a port test does, would end it or make it useless.
    Or it listens for a service that the first connection starts (socket activation). The table
    proves that it listens. Whether a firewall drops connections to it was not tested.

    How it is detected
    ------------------
    By the process that holds the listener, before any connection is made.

    - One client only, by the command line: the adapter of debugpy; nc and ncat with -l and
      without -k or --keep-open; socat with a listening address and without fork; gdbserver with
      --once.
    - Socket activation: systemd (process 1, or a user's `systemd --user`) while the service does
      not hold the same socket; systemd-socket-activate; inetd, xinetd, rlinetd; launchd. The unit
      is found by ListenStream= in the unit files, the service of inetd in its configuration.
    - Another user's process 1 is not visible. Then the control group of the socket counts, or an
      enabled socket unit with that port whose service does not run. On macOS only root sees that
      launchd listens.

    A server that forks for each client (tcpsvd, socat with fork, sshd) is tested: it runs
    already.

    Why it happens
    --------------
    - A socket unit, inetd or launchd starts a service only when it is needed.
    - netcat and socat accept one connection and then end, unless an option says otherwise.
    - debugpy waits for one editor. If a client leaves during the greeting, no editor can connect
      any more (seen with version 1.8.22).

    What to do
    ----------
    Connect with the client that the listener is for. To let the check connect, and so start the
    service, add `--activate`.

    - Linux: Show for which unit systemd listens: `systemctl list-sockets`, or `systemctl --user
      list-sockets` for your own units. Serve many clients: `ncat --keep-open -l 127.0.0.1 62893`.
    - macOS: launchd has no such list. Look for Sockets in the property lists: `grep -l Sockets
      /Library/LaunchDaemons/*.plist`. Serve many clients: `nc -k -l 127.0.0.1 62893`.
    - Windows: Serve many clients: `ncat --keep-open -l 127.0.0.1 62893`.

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
    title = "Not tested: connecting would affect this service"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where the probe kept away from a listener for its own sake."""
        context = context_of(subject, cls.code)
        if context is None or context.attempt is None:
            return None
        if not context.listeners:  # as in a report that somebody has cut
            text = (
                f"No connection to {context.named} was made, because it would affect the listener."
            )
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
