"""A114 localhost-name."""

from __future__ import annotations

from checks.findings.address.name import name_of
from checks.findings.base import Finding, Match, Subject


class LocalhostName(Finding):
    """The host is localhost or a similar name.

    What it means
    -------------
    RFC 6761 lets you assume that localhost, and every name that ends in .localhost, leads to
    loopback. It does not say to which address. localhost may give 127.0.0.1, ::1, or both in
    either order. A service often listens on one of them only.

    How it is detected
    ------------------
    By the name. No DNS query is made until the endpoint is tested.

    Why it happens
    --------------
    Most programs ask the system, which uses its hosts file and resolver. Others do not ask:

    - curl (since 7.78) uses 127.0.0.1 and ::1 for localhost.
    - Chromium and Firefox resolve every name under .localhost to loopback. Safari asks the
      system, which resolves such names from macOS 26 on (checked 2026-11).
    - The C library of Linux may find no address for a name under .localhost. systemd-resolved
      answers for all of them, and for localhost.localdomain.

    localhost.localdomain and ip6-localhost are not in the RFC. Elsewhere they work only if the
    hosts file has them.

    What to do
    ----------
    If it matters which address is used, write 127.0.0.1 or ::1. To see what this system returns
    for the name:

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
    - systemd-resolved(8), synthetic records:
      https://man7.org/linux/man-pages/man8/systemd-resolved.service.8.html
    """

    code = "A114"
    slug = "localhost-name"
    severity = "info"
    title = "This name means this machine"
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
