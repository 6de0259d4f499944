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
    Someone called bind() and not listen(). The port is taken for others, and connections to it
    are refused. Listings that show only listeners show nothing.

    How it is detected
    ------------------
    bind() fails with EADDRINUSE without SO_REUSEADDR and succeeds with it, while the socket table
    has no listener and no connection for the port. Linux lists such sockets over netlink since
    6.8, and then the owner is named; before, the socket is in no list. The finding is left out
    where the table could not be read, and where a connection is accepted.

    Why it happens
    --------------
    - A program crashed or hangs between the two calls.
    - A program reserves the port for later, or for a child process.
    - A program looks for a free port, and the check came at that moment.

    What to do
    ----------
    Try again after a second. If it stays, look at the programs that should listen there, and
    restart the one that hangs.

    - Linux: `sudo lsof -nP | grep 'protocol: TCP'` lists the processes that hold a TCP socket
      which is in no list; the owner is one of them
    - macOS: `lsof -nP -iTCP:62893` shows sockets in state CLOSED as well
    - Windows: `Get-NetTCPConnection -LocalPort 62893 -State Bound`

    Guide
    -----
    troubleshooting/in-use/#no-listener-and-still-in-use

    Sources
    -------
    - bind(2): https://man7.org/linux/man-pages/man2/bind.2.html
    - listen(2): https://man7.org/linux/man-pages/man2/listen.2.html
    - Get-NetTCPConnection: https://learn.microsoft.com/powershell/module/nettcpip/
    """

    code = "B403"
    slug = "bound-not-listening"
    severity = "error"
    title = "A socket is bound to the port but does not listen"
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
