"""C304 dropped."""

from __future__ import annotations

from checks.findings import commands, wording
from checks.findings.base import Finding, Match, Subject
from checks.findings.connection.context import ConnectionContext, context_of, no_row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Attempt


class Dropped(Finding):
    """No answer came, because the packets were dropped.

    What it means
    -------------
    The connection attempt got no answer. A machine answers at once if a program listens, and on
    Linux and macOS also if none does. So for an address of this machine, no answer most likely
    means that a firewall dropped the packets, unless the queue of the program is full.

    How it is detected
    ------------------
    connect() did not finish in the given time, more than once, and no listener on the address has
    a full queue (that is backlog-full). The message says whether there is a listener. If the
    system does not show the queue, the message gives both explanations.

    For another machine, no answer may also mean that it is off or that the address is wrong.
    Windows keeps trying for two seconds after a refusal. If that could not be switched off, no
    answer is not a sign of a firewall, and the finding is nothing-listening.

    Why it happens
    --------------
    - A rule with `drop` in nftables, iptables, pf or a security product.
    - A network policy of a container engine or of a cloud.
    - A filter that the program set on its own socket (SO_ATTACH_FILTER).
    - A route or VPN that swallows the packets.

    What to do
    ----------
    Find the rule, then change or delete it:

    - Linux: Show rules that drop: `sudo nft list ruleset | grep -n drop`. If a rule has a
      counter, connect again: the counter of the matching rule grows. With ufw: `sudo ufw status
      numbered`. With older rule sets: `sudo iptables -L -v -n`.
    - macOS: Show the rules of pf: `sudo pfctl -s rules`. A line with `block drop` drops. The
      firewall of System Settings > Network > Firewall works by program, not by port.
    - Windows: Show the blocking rules, in PowerShell: `Get-NetFirewallRule -Enabled True -Action
      Block`. A packaged app from the Store cannot connect to loopback, and gets no answer either.

    For another machine, ask its route first: `ip route get ADDRESS` on Linux, `route -n get
    ADDRESS` on macOS, `Find-NetRoute -RemoteIPAddress ADDRESS` on Windows. A longer time limit
    helps only on a slow network, never on loopback.

    Guide
    -----
    troubleshooting/firewall/#it-times-out-dropped

    Sources
    -------
    - RFC 9293, section 3.5.2, when a reset must be sent: https://www.rfc-editor.org/info/rfc9293
    - connect(2), ETIMEDOUT: https://man7.org/linux/man-pages/man2/connect.2.html
    - nft(8), drop verdict: https://manpages.debian.org/bookworm/nftables/nft.8.en.html
    - pf.conf(5), block drop: https://man.openbsd.org/pf.conf.5
    """

    code = "C304"
    slug = "dropped"
    severity = "error"
    title = "No answer: packets are dropped"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to silence that no queue explains."""
        context = context_of(subject, cls.code)
        if context is None or context.attempt is None:
            return None
        text = f"{context.named} does not answer{_for_long(context.attempt)}"
        if not context.conclusion.local:
            text += ": the other machine is off, or packets are dropped on the way there or back."
            fixes = context.fixes(commands.route(context.attempt.address))
            return Match(text, fixes, context.evidence())
        text += _silence_here(context)
        fixes = context.fixes(commands.filter_rules())
        return Match(text, fixes, (*context.evidence(), *no_row(context)))


def _for_long(attempt: Attempt) -> str:
    time = wording.clock(attempt.milliseconds)
    tries = f", {attempt.attempts} times" if attempt.attempts > 1 else ""
    return f" (waited {time}{tries})" if time else ""


def _silence_here(context: ConnectionContext) -> str:
    """Why an address of this machine is silent."""
    if not context.listeners:
        if not context.absent:
            return (
                ": a firewall drops the packets, or a program listens there and its queue is"
                " full. Which one is not known."
            )
        return (
            ". No program listens there. Without a firewall that drops the packets, the"
            " connection would have been refused at once."
        )
    row = context.listeners[0]
    who = f" although {wording.holder(row)} listens on {wording.bound(row)}"
    if row.queue is None or row.backlog is None:
        return f"{who}: a firewall drops the packets, or the program's queue is full."
    return f"{who} and its queue has room: most likely a firewall drops the packets."
