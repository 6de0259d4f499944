"""E504 dual-stack-listener."""

from __future__ import annotations

from checks.findings import wording
from checks.findings.base import Finding, Match, Subject
from checks.findings.exposure.listeners import endpoint, listeners_of
from checks.rules.places import place


class DualStackListener(Finding):
    """One IPv6 socket on :: also accepts IPv4 connections.

    What it means
    -------------
    A listing shows only `:::62893` or `[::]:62893`, but the program also answers on 127.0.0.1 and
    on every other IPv4 address. It sees such clients as ::ffff:192.0.2.7. A rule or test that
    looks for an IPv4 listener finds none.

    How it is detected
    ------------------
    The socket table has a listener on :: whose option IPV6_V6ONLY is off. Linux reports the
    option over netlink. If a system does not report it, there is no finding.

    Why it happens
    --------------
    On Linux and macOS the option is off by default, so a program that binds to :: accepts both IP
    versions. On Windows and OpenBSD it is on. On Linux `net.ipv6.bindv6only` changes the default.

    What to do
    ----------
    Nothing, if you want both IP versions. Otherwise set IPV6_V6ONLY, or bind to a specific
    address. To see the difference:

    - Linux: Show the listener: `ss -ltn 'sport = :62893'`. `*` accepts both IP versions, `[::]`
      IPv6 only.
    - macOS: Show the listener: `netstat -an -p tcp | grep 62893`. tcp46 accepts both, tcp6 IPv6
      only.
    - Windows: Show the listener: `netstat -ano | findstr /R /C:":62893 "`. Each IP version has
      its own row.

    Guide
    -----
    loopback/ipv6/#when-one-socket-takes-both

    Sources
    -------
    - RFC 3493, section 5.3, IPV6_V6ONLY: https://www.rfc-editor.org/info/rfc3493
    - IPV6_V6ONLY(2const): https://man7.org/linux/man-pages/man2/IPV6_V6ONLY.2const.html
    - Microsoft, IPPROTO_IPV6 socket options:
      https://learn.microsoft.com/windows/win32/winsock/ipproto-ipv6-socket-options
    - OpenBSD inet6(4): https://man.openbsd.org/inet6.4
    """

    code = "E504"
    slug = "dual-stack-listener"
    severity = "info"
    title = "One IPv6 socket also accepts IPv4"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> list[Match]:
        """Apply to each listener on :: that is known to take IPv4."""
        return [
            Match(
                f"{endpoint(row)} also accepts IPv4: a connection to 127.0.0.1:{row.port} reaches"
                " it unless a more specific listener is there.",
                evidence=(wording.listener_line(row),),
                listeners=alike,
            )
            for alike in listeners_of(subject)
            for row in alike[:1]
            if row.v6only is False and place(row.address)[:2] == (6, 0)
        ]
