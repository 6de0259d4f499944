"""C303 refused-despite-listener."""

from __future__ import annotations

from checks.findings import commands, wording
from checks.findings.base import Finding, Match, Subject
from checks.findings.connection.context import context_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.findings.connection.context import ConnectionContext


class RefusedDespiteListener(Finding):
    """The connection was refused although a program listens on that address and port.

    What it means
    -------------
    The socket table and the connection test disagree. The table has a listener that should accept
    the connection, but the connection was refused or reset. Something between the client and the
    listener refused it.

    How it is detected
    ------------------
    connect() fails with ECONNREFUSED (or ECONNRESET), and the table has a TCP listener on that
    address, or on the wildcard address of its IP version.

    Why it happens
    --------------
    - A firewall rule rejects with a TCP reset (`reject with tcp reset`). If a rule answers by
      ICMP instead, Linux keeps the message, and the finding is rejected-by-policy.
    - A NAT rule redirects the port to a place where no program listens.
    - The program started or stopped listening between the two tests.
    - On Windows a connection is refused if the queue is full, and on BSD systems it may be. Linux
      does not answer then.

    What to do
    ----------
    Run the check again. If the connection is now accepted, the program was just starting. If it
    is refused again, find the rule that rejects or redirects the port:

    - Linux: Show rules that reject or redirect: `sudo nft list ruleset | grep -nE
      'reject|dnat|redirect'`. Look for the port. A ufw rule is removed with `sudo ufw delete
      reject 62893/tcp`. A firewalld rule is listed by `sudo firewall-cmd --list-rich-rules`.
      Older rule sets: `sudo iptables -S`.
    - macOS: Show the rules of pf: `sudo pfctl -s rules`. A line with `block return` rejects. Show
      redirections: `sudo pfctl -s nat`. Security programs have their own rules: pause them for a
      test.
    - Windows: Show the blocking rules, in PowerShell: `Get-NetFirewallRule -Enabled True -Action
      Block | Get-NetFirewallPortFilter`. Show port proxies: `netsh interface portproxy show all`.
      If there is none, the queue may be full: restart the program.

    Then change or delete that rule, and connect again. A redirection that a container engine made
    goes away when you stop the container that publishes the port.

    Guide
    -----
    troubleshooting/firewall/#it-is-refused-reset

    Sources
    -------
    - Windows, listen(), what a client gets where the queue is full:
      https://learn.microsoft.com/windows/win32/api/winsock2/nf-winsock2-listen
    - nft(8), reject statement: https://manpages.debian.org/bookworm/nftables/nft.8.en.html
    - RFC 9293, section 3.5.3, reset processing: https://www.rfc-editor.org/info/rfc9293
    - OpenBSD listen(2), full queue: https://man.openbsd.org/listen.2
    - Microsoft, listen function:
      https://learn.microsoft.com/windows/win32/api/winsock2/nf-winsock2-listen
    - ufw(8): https://manpages.debian.org/bookworm/ufw/ufw.8.en.html
    - pf.conf(5), block return: https://man.openbsd.org/pf.conf.5
    - Get-NetFirewallPortFilter:
      https://learn.microsoft.com/powershell/module/netsecurity/get-netfirewallportfilter
    """

    code = "C303"
    slug = "refused-despite-listener"
    severity = "error"
    title = "Refused although a program listens"
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
                f"The connection to {context.named} was {what} while it was being set up:"
                " a firewall or a relay ended it."
            )
        else:
            row = context.listeners[0]
            text = (
                f"{wording.opening(row)} listens on {wording.bound(row)}, but the connection to"
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
            "Windows refuses when the program's queue is full, and a firewall that rejects"
            " looks the same"
        )
    return "a firewall that rejects is the usual cause"
