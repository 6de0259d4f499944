"""A102 other-loopback-address."""

from __future__ import annotations

from checks.findings import commands
from checks.findings.address.host import FIRST_VALUE, host_of, is_network, label
from checks.findings.base import Finding, Fix, Match, Subject

_MANY_VALUE = 0x7FFFFFFF  # 127.255.255.255


class OtherLoopbackAddress(Finding):
    """The address is in 127.0.0.0/8, but it is not 127.0.0.1.

    What it means
    -------------
    All of 127.0.0.0/8 is loopback: packets stay on the machine. But each address is separate. A
    listener on 127.0.0.1 does not accept connections to 127.0.0.2, and the reverse.

    How it is detected
    ------------------
    The host is read as an IPv4 address whose first part is 127, and it is not 127.0.0.1.

    Systems differ in which of these addresses you can use:

    - Linux: all of them, without any set-up. 127.255.255.255 is the exception. It is the
      broadcast address of the block, and a TCP connection to it fails with ENETUNREACH.
    - macOS: only 127.0.0.1, until you add an alias.
    - Windows: all of them, without any set-up.

    IPv6 has nothing like it: ::1 is the only loopback address.

    Why it happens
    --------------
    - systemd-resolved answers DNS queries on 127.0.0.53 and 127.0.0.54.
    - Debian writes 127.0.1.1 for the machine's own name into /etc/hosts.
    - Several copies of a service use the same port, each on its own address.
    - A digit was mistyped.

    What to do
    ----------
    If you meant 127.0.0.1, use it. If a program should be reachable on both addresses, make it
    listen on both.

    - Linux: Show on which address each program listens: `ss -ltnp`. The column Local Address has
      it.
    - macOS: Add the address until the next restart: `sudo ifconfig lo0 alias 127.0.0.2`. Without
      it, a program cannot listen on the address, and connections to it fail.
    - Windows: Show on which address each program listens, in PowerShell: `Get-NetTCPConnection
      -State Listen`. The column LocalAddress has it.

    Guide
    -----
    loopback/block/#which-addresses-work

    Sources
    -------
    - RFC 1122, section 3.2.1.3 (g): https://www.rfc-editor.org/info/rfc1122
    - Linux route type "local" and "broadcast", ip-route(8):
      https://man7.org/linux/man-pages/man8/ip-route.8.html
    - systemd-resolved(8): https://man7.org/linux/man-pages/man8/systemd-resolved.service.8.html
    - ifconfig(8) of macOS, "alias"
    - OpenJDK, JDK-8255264, the loopback block on Windows:
      https://github.com/openjdk/jdk/pull/1523
    """

    code = "A102"
    slug = "other-loopback-address"
    severity = "notice"
    title = "Loopback address, but not 127.0.0.1"
    example = "127.0.0.2"
    describes = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to every single address of 127.0.0.0/8 but 127.0.0.1."""
        host = host_of(subject)
        if host is None or host.version != 4 or host.value >> 24 != 127:
            return None
        if host.value == FIRST_VALUE or is_network(host):
            return None
        name = label(host)
        if host.value == _MANY_VALUE:
            text = (
                f"{name} is the broadcast address of the loopback block: on Linux a connection to"
                " it fails with ENETUNREACH."
            )
            return Match(text, (Fix("Use 127.0.0.1."),))
        text = (
            f"{name} is loopback, but not 127.0.0.1: a listener on 127.0.0.1 does not answer here."
            " Linux and Windows have all of 127.0.0.0/8. macOS has only 127.0.0.1 until you add an"
            " alias."
        )
        fixes = (
            Fix("Use 127.0.0.1 if you meant that."),
            Fix(
                f"Add {name} to the loopback interface.",
                f"sudo ifconfig lo0 alias {name}",
                commands.MACOS,
            ),
        )
        return Match(text, commands.for_machine(subject.probe, fixes))
