"""C303 refused-despite-listener."""

from __future__ import annotations

from checks.findings import commands, wording
from checks.findings.base import Finding, Match, Subject
from checks.findings.connection.context import context_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.findings.connection.context import ConnectionContext


class RefusedDespiteListener(Finding):
    """The connection was refused although a listener has that address and port.

    What it means
    -------------
    Two witnesses disagree. The socket table has a listener that should take the connection, and
    the connection was refused or reset. So something between the two said no.

    How it is detected
    ------------------
    connect() fails with ECONNREFUSED (or ECONNRESET), and the table has a TCP listener bound to
    that address, or to all addresses of its family.

    Why it happens
    --------------
    - A packet filter rejects with a TCP reset (`reject with tcp reset`). Where it answers by ICMP
      instead, Linux keeps the message, and the finding is rejected-by-policy.
    - The port is redirected by a NAT rule to a place where nothing listens.
    - The program started or stopped listening between the two looks.
    - On Windows a full queue is refused, and on BSD systems it may be. Linux does not answer then.

    What to do
    ----------
    Run the check again. If the answer stays, look for the rule.

    - Linux: `sudo nft list ruleset`, and `sudo iptables -S` for older rule sets
    - macOS: `sudo pfctl -s rules`
    - Windows: `Get-NetFirewallRule -Enabled True -Action Block`

    Guide
    -----
    troubleshooting/firewall/#find-the-rule

    Sources
    -------
    - Windows, listen(), what a client gets where the queue is full:
      https://learn.microsoft.com/windows/win32/api/winsock2/nf-winsock2-listen
    - nft(8), reject statement: https://manpages.debian.org/bookworm/nftables/nft.8.en.html
    - RFC 9293, section 3.5.3, reset processing: https://www.rfc-editor.org/info/rfc9293
    - OpenBSD listen(2), full queue: https://man.openbsd.org/listen.2
    - Microsoft, listen function:
      https://learn.microsoft.com/windows/win32/api/winsock2/nf-winsock2-listen
    """

    code = "C303"
    slug = "refused-despite-listener"
    severity = "error"
    title = "Refused although a program listens there"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where a listener covers a refused address, and to resets."""
        context = context_of(subject, cls.code)
        if context is None or context.attempt is None:
            return None
        what = "reset" if context.attempt.outcome == "reset" else "refused"
        if not context.listeners:
            text = (
                f"The connection to {context.named} was {what} while it was being set up, which an"
                " absent listener does not explain: a packet filter or a relay broke it off."
            )
        else:
            row = context.listeners[0]
            text = (
                f"{wording.opening(row)} listens on {wording.bound(row)}, and yet the connection to"
                f" {context.named} was {what}: {_usual(context)}."
            )
        fixes = context.fixes(
            commands.advice("Run the check again, in case the program has only just started."),
            commands.filter_rules(),
        )
        return Match(text, fixes, context.evidence())


def _usual(context: ConnectionContext) -> str:
    """The usual cause. Windows shows no queue, and refuses where one is full: listen() there."""
    if context.probe.machine.system == "windows":
        return (
            "Windows refuses when the program's queue is full, and a packet filter that rejects"
            " looks the same"
        )
    return "a packet filter that rejects is the usual cause"
