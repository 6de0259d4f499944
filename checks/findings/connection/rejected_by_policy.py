"""C306 rejected-by-policy."""

from __future__ import annotations

from checks.findings import commands, wording
from checks.findings.base import Finding, Match, Subject
from checks.findings.connection.context import context_of
from checks.rules import connects


class RejectedByPolicy(Finding):
    """A rule forbids the connection, and its answer says so.

    What it means
    -------------
    The connection was neither dropped nor refused for lack of a listener. The answer says that it
    is not allowed. It comes from a firewall, by an ICMP message, or from this system before any
    packet was sent.

    How it is detected
    ------------------
    connect() fails at once with one of these:

    - EHOSTUNREACH ("No route to host") or ECONNREFUSED, with an ICMP message that only a rule
      sends: "administratively prohibited", or "port unreachable", for which TCP itself uses a
      reset. Linux keeps the message for the socket (IP_RECVERR).
    - EACCES or EPERM: a rule of this system, such as a route of type prohibit, a security module,
      or a filter on the control group of the process.

    Why it happens
    --------------
    - A `reject` rule with an ICMP answer. nftables and iptables answer so unless the rule says
      otherwise.
    - SELinux, AppArmor, a sandbox, or a security product restricts the program.

    What to do
    ----------
    Find the rule that answers, then change or delete it:

    - Linux: Show rules that reject: `sudo nft list ruleset | grep -n reject`. Show the route,
      where `prohibit` is such a rule: `ip route get 127.0.0.1`. With SELinux, show the last
      denials: `sudo ausearch -m avc -ts recent`. If SELinux stops nginx or Apache, allow them to
      connect: `sudo setsebool -P httpd_can_network_connect 1`.
    - macOS: Show the rules of pf: `sudo pfctl -s rules`. If only one program fails, look at its
      sandbox and its permissions in System Settings > Privacy & Security.
    - Windows: Show the blocking rules, in PowerShell: `Get-NetFirewallRule -Enabled True -Action
      Block`. Security products have their own rules.

    Guide
    -----
    troubleshooting/firewall/#no-route-to-host-rejected-by-icmp

    Sources
    -------
    - connect(2), EACCES, EPERM: https://man7.org/linux/man-pages/man2/connect.2.html
    - RFC 1812, section 5.2.7.1, ICMP "communication administratively prohibited":
      https://www.rfc-editor.org/info/rfc1812
    - nft(8), reject statement: https://manpages.debian.org/bookworm/nftables/nft.8.en.html
    - ip(7), IP_RECVERR: https://man7.org/linux/man-pages/man7/ip.7.html
    - ip-route(8), type prohibit: https://man7.org/linux/man-pages/man8/ip-route.8.html
    - ausearch(8): https://man7.org/linux/man-pages/man8/ausearch.8.html
    """

    code = "C306"
    slug = "rejected-by-policy"
    severity = "error"
    title = "A rule forbids the connection"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to the outcome ``rejected``."""
        context = context_of(subject, cls.code)
        if context is None or context.attempt is None:
            return None
        errno = context.attempt.errno
        if errno in ("EACCES", "EPERM"):
            text = f"This system itself does not allow the connection to {context.named} ({errno})."
        else:
            icmp = connects.words(context.attempt.icmp) if context.attempt.icmp else ""
            shown = ", ".join(part for part in (errno, icmp) if part)
            text = f"A firewall rejected the connection to {context.named}"
            text += f" ({shown})." if shown else "."
        if context.listeners:
            row = context.listeners[0]
            where = wording.bound(row)
            text += f" {wording.opening(row)} does listen on {where}."
        return Match(text, context.fixes(commands.filter_rules()), context.evidence())
