"""A114 localhost-name."""

from __future__ import annotations

from checks.findings.address.name import name_of
from checks.findings.base import Finding, Match, Subject


class LocalhostName(Finding):
    """The host is localhost, or a name of its family.

    What it means
    -------------
    RFC 6761 lets users assume that localhost, and every name that ends in .localhost, leads to
    loopback. It does not say to which address. localhost may give 127.0.0.1, ::1, or both in
    either order, and a service often listens on one of them only.

    How it is detected
    ------------------
    By the name. No resolver is asked until the endpoint is probed.

    Why it happens
    --------------
    Programs that ask the system go by its hosts file and resolver. Others answer by themselves:
    curl (since 7.78) takes 127.0.0.1 and ::1 for localhost without asking. Chromium answers for
    everything under .localhost, where the C library of Linux may know no address.
    localhost.localdomain and ip6-localhost are not in the RFC; they work where the hosts file
    has them.

    What to do
    ----------
    Where it matters which address is used, write 127.0.0.1 or ::1. To see what this system makes
    of the name:

    - Linux: `getent ahosts localhost`
    - macOS: `dscacheutil -q host -a name localhost`
    - Windows: `Resolve-DnsName localhost`

    Guide
    -----
    loopback/localhost/#which-one-should-i-write

    Sources
    -------
    - RFC 6761, section 6.3: https://www.rfc-editor.org/info/rfc6761
    - hosts(5): https://man7.org/linux/man-pages/man5/hosts.5.html
    - curl's author on its localhost:
      https://daniel.haxx.se/blog/2021/05/31/curl-localhost-as-a-local-host/
    - W3C Secure Contexts, section 3.1, on localhost: https://www.w3.org/TR/secure-contexts/
    """

    code = "A114"
    slug = "localhost-name"
    severity = "info"
    title = "The name stands for this machine"
    example = "localhost"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to names of the localhost family."""
        found = name_of(subject, "localhost")
        if found is None:
            return None
        text, name = found
        if name.certain and name.text == "localhost":
            return Match(f"{text} is this machine: it resolves to 127.0.0.1, ::1 or both.")
        return Match(f"{text} is a name of this machine. {name.says}")
