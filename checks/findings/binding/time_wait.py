"""B404 time-wait."""

from __future__ import annotations

from checks.findings import commands, wording
from checks.findings.base import Finding, Match, Subject
from checks.findings.binding.trials import lines_of, places, trials_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Probe


class TimeWait(Finding):
    """Only a finished connection in TIME_WAIT is left on the port.

    What it means
    -------------
    The end that closes a TCP connection first keeps it for some time, so that late packets do no
    harm. No process owns it any more. A program that sets SO_REUSEADDR can listen on the port at
    once. One that does not gets EADDRINUSE until the time is over, on Linux after 60 s.

    How it is detected
    ------------------
    bind() fails with EADDRINUSE without SO_REUSEADDR and succeeds with it. The socket table has
    rows of the port in state TIME_WAIT and no listener.

    Why it happens
    --------------
    A server was stopped while clients were connected, and it closed the connections. Now you
    start it again.

    What to do
    ----------
    Wait a minute, or set SO_REUSEADDR on the server's socket before bind(). Most server
    frameworks set it. Do not set it on Windows, where it lets another program use the port at the
    same time. To see the connections:

    - Linux: `ss -tan state time-wait 'sport = :62893'`
    - macOS: `netstat -an -p tcp | grep 62893`
    - Windows: `Get-NetTCPConnection -LocalPort 62893 -State TimeWait`

    Guide
    -----
    troubleshooting/in-use/#no-listener-and-still-in-use

    Sources
    -------
    - RFC 9293, section 3.6.1, TIME-WAIT: https://www.rfc-editor.org/info/rfc9293
    - socket(7), SO_REUSEADDR: https://man7.org/linux/man-pages/man7/socket.7.html
    - Microsoft, using SO_REUSEADDR and SO_EXCLUSIVEADDRUSE:
      https://learn.microsoft.com/windows/win32/winsock/using-so-reuseaddr-and-so-exclusiveaddruse
    """

    code = "B404"
    slug = "time-wait"
    severity = "notice"
    title = "Only TIME_WAIT connections are left"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to the outcome ``time-wait``."""
        trials = trials_of(subject, "time-wait")
        if not trials or subject.probe is None:
            return None
        peers = tuple(peer for peer in subject.probe.others if peer.state == "time-wait")
        only = "later only" if trials[0].errno_reuse is not None else _option(subject.probe)
        text = (
            f"{places(trials)} can be bound {only}: a finished connection is still in TIME_WAIT."
            " No process owns it."
        )
        port = trials[0].port
        fixes = commands.for_machine(
            subject.probe,
            commands.advice(_advice(subject.probe)),
            commands.each(
                "Show the finished connections.",
                f"ss -tan state time-wait 'sport = :{port}'",
                f"netstat -an -p tcp | grep {port}",
                f"Get-NetTCPConnection -LocalPort {port} -State TimeWait",
            ),
        )
        return Match(
            text, fixes, (*lines_of(trials, subject.probe), *map(wording.peer_line, peers[:3]))
        )


def _option(probe: Probe) -> str:
    """With which option of a socket the port can be had."""
    if probe.machine.system == "windows":
        return "without SO_EXCLUSIVEADDRUSE only"
    return "with SO_REUSEADDR only"


def _advice(probe: Probe) -> str:
    """What lets a server have the port. SO_REUSEADDR of Windows would let it take any port."""
    if probe.machine.system == "windows":
        return "Wait some minutes, or remove SO_EXCLUSIVEADDRUSE from the server."
    return "Wait a minute, or set SO_REUSEADDR in the server before bind()."
