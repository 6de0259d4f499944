"""B403 bound-not-listening."""

from __future__ import annotations

from checks.findings import commands, owners, wording
from checks.findings.base import Finding, Match, Subject
from checks.findings.binding.trials import lines_of, places, trials_of
from checks.findings.witness import accepted
from checks.model.evidence import Listener
from checks.rules.places import place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Binding, Owner, Peer


class BoundNotListening(Finding):
    """A socket is bound to the port, but it does not listen.

    What it means
    -------------
    A program called bind() and not listen(). No other program can use the port, and connections
    to it are refused. Listings of listeners do not show it.

    How it is detected
    ------------------
    bind() fails with EADDRINUSE without SO_REUSEADDR and succeeds with it, and the socket table
    has no listener and no connection for the port. Linux lists such sockets over netlink since
    6.8, and then the owner is named. Before, the socket is in no list. There is no finding if the
    table could not be read, or if a connection is accepted.

    Why it happens
    --------------
    - A program crashed or hangs between the two calls.
    - A program reserves the port for later, or for a child process.
    - A program looks for a free port, and the check ran at that moment.

    What to do
    ----------
    Try again after a second. If it is still there, find the program that should listen and
    restart it:

    - Linux: Show the socket, with Linux 6.8 and iproute2 6.8 or later: `sudo ss -tBnp 'sport =
      :62893'`. On older systems, list the processes with a TCP socket that is in no list: `sudo
      lsof -nP | grep 'protocol: TCP'`. The owner is one of them.
    - macOS: Show the socket, in state CLOSED: `sudo lsof -nP -iTCP:62893`.
    - Windows: Show the socket, in PowerShell: `Get-NetTCPConnection -LocalPort 62893 -State Bound
      -ErrorAction SilentlyContinue`. Find its program by OwningProcess: `Get-Process -Id PID`.

    Guide
    -----
    troubleshooting/in-use/#no-listener-and-still-in-use

    Sources
    -------
    - bind(2): https://man7.org/linux/man-pages/man2/bind.2.html
    - listen(2): https://man7.org/linux/man-pages/man2/listen.2.html
    - Get-NetTCPConnection: https://learn.microsoft.com/powershell/module/nettcpip/
    - ss(8), --bound-inactive: https://man7.org/linux/man-pages/man8/ss.8.html
    """

    code = "B403"
    slug = "bound-not-listening"
    severity = "error"
    title = "Port taken, but no program listens"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to the outcome ``bound-not-listening``."""
        trials = _not_answering(subject, trials_of(subject, "bound-not-listening"))
        if not trials or subject.probe is None:
            return None
        peers: tuple[Peer, ...] = tuple(
            peer for peer in subject.probe.others if peer.state == "bound"
        )
        seen = next((peer for peer in peers if peer.owners), None)
        holders: tuple[Owner, ...] = seen.owners if seen else ()
        who = wording.processes(holders) if holders else "Some program"
        text = f"{who} has bound {places(trials)} but does not listen, so connections are refused."
        fixes = commands.for_machine(
            subject.probe,
            commands.advice("Check again in a moment, then restart the program."),
            owners.stop(_as_listener(seen), subject.probe)
            if seen
            else commands.who_is_bound(trials[0].port),
        )
        return Match(
            text, fixes, (*lines_of(trials, subject.probe), *map(wording.peer_line, peers))
        )


def _not_answering(subject: Subject, trials: tuple[Binding, ...]) -> tuple[Binding, ...]:
    """The trials of addresses that accepted no connection: what accepts does listen."""
    answering = {
        place(attempt.address)[:2] for attempt in (accepted(subject.probe) if subject.probe else ())
    }
    return tuple(trial for trial in trials if place(trial.address)[:2] not in answering)


def _as_listener(peer: Peer) -> Listener:
    """A socket that does not listen, so that it is stopped as a listener's owner is."""
    main = peer.owners[0]
    unit = main.managed_by
    address, _, port = peer.local.rpartition(":")
    return Listener(
        protocol=peer.protocol, address=address, port=int(port) if port.isdecimal() else 0,
        v6only=None, queue=None, backlog=None, uid=unit.uid if unit else None, user=main.user,
        inode=None, unit=None, owners=peer.owners, reach="host", managed_by=unit,
    )  # fmt: skip
