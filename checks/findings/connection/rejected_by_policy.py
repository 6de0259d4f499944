"""C306 rejected-by-policy."""

from __future__ import annotations

from checks.findings import commands, wording
from checks.findings.base import Finding, Match, Subject
from checks.findings.connection.context import context_of
from checks.rules import connects


class RejectedByPolicy(Finding):
    """A rule forbids the connection, and says so.

    What it means
    -------------
    The attempt was neither refused by an absent listener nor dropped. Something answered that it
    is not allowed: a packet filter by an ICMP message, or this system itself before any packet
    was sent.

    How it is detected
    ------------------
    connect() fails at once with one of these:

    - EHOSTUNREACH ("No route to host") or ECONNREFUSED, together with an ICMP message that only a
      rule sends: "administratively prohibited", or "port unreachable", which TCP itself answers
      with a reset. Linux keeps the message for the socket (IP_RECVERR).
    - EACCES or EPERM: a rule of this system, such as a route of type prohibit, a security module
      or a filter on the process's control group.

    Why it happens
    --------------
    - A `reject` rule with an ICMP answer, which is what nftables and iptables send unless told
      otherwise.
    - SELinux, AppArmor, a sandbox, or a security product restricts the program.

    What to do
    ----------
    Look for the rule that answers.

    - Linux: `sudo nft list ruleset`; `ip route get 127.0.0.1` for the route;
      `sudo ausearch -m avc -ts recent` where SELinux is in use
    - macOS: `sudo pfctl -s rules`
    - Windows: `Get-NetFirewallRule -Enabled True -Action Block`

    Guide
    -----
    troubleshooting/firewall/#find-the-rule

    Sources
    -------
    - connect(2), EACCES, EPERM: https://man7.org/linux/man-pages/man2/connect.2.html
    - RFC 1812, section 5.2.7.1, ICMP "communication administratively prohibited":
      https://www.rfc-editor.org/info/rfc1812
    - nft(8), reject statement: https://manpages.debian.org/bookworm/nftables/nft.8.en.html
    - ip(7), IP_RECVERR: https://man7.org/linux/man-pages/man7/ip.7.html
    - ip-route(8), type prohibit: https://man7.org/linux/man-pages/man8/ip-route.8.html
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
            text = f"A packet filter rejected the connection to {context.named}"
            text += f" ({shown})." if shown else "."
        if context.listeners:
            row = context.listeners[0]
            where = wording.bound(row)
            text += f" {wording.opening(row)} does listen on {where}."
        return Match(text, context.fixes(commands.filter_rules()), context.evidence())
