"""C317 localhost-resolves-partially."""

from __future__ import annotations

from checks.findings import wording
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.witness import accepted, port_of
from checks.model import words
from checks.rules.places import place
from checks.rules.queues import is_stuck

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Attempt


class LocalhostResolvesPartially(Finding):
    """The service answers on only some of the addresses of the name.

    What it means
    -------------
    A name such as localhost has an IPv4 and an IPv6 address. The service answers on one of them
    and not on the other. Whether a client connects depends on the address that it tries first,
    and on whether it then tries the next.

    How it is detected
    ------------------
    Every address of the name was tested, for localhost always both IP versions. At least one
    accepted and one did not, or the resolver does not return the one that accepted.

    Why it happens
    --------------
    The server listens on one IP version only. Clients differ:

    - curl (since 7.78) and Chromium use both loopback addresses for localhost, without asking the
      system, and try the second if the first fails.
    - Node 17 and later keeps the order of the resolver. From version 20 it also tries the others.
    - Python's socket.create_connection() tries every address that the resolver returns.
    - Some programs try only the first address.

    What to do
    ----------
    Make the server listen on both addresses, or write the address that answers instead of the
    name. To see the order of the addresses:

    - Linux: `getent ahosts localhost`
    - macOS: `dscacheutil -q host -a name localhost`
    - Windows: `Resolve-DnsName localhost`

    On Linux /etc/hosts and /etc/gai.conf set the order. Vite and similar servers listen on one
    version by default: `--host 127.0.0.1` or `--host ::1` sets it.

    Guide
    -----
    troubleshooting/localhost-or-127/#why-programs-differ

    Sources
    -------
    - RFC 6761, section 6.3: https://www.rfc-editor.org/info/rfc6761
    - RFC 8305, Happy Eyeballs: https://www.rfc-editor.org/info/rfc8305
    - gai.conf(5): https://man7.org/linux/man-pages/man5/gai.conf.5.html
    - Node.js manual, dns.setDefaultResultOrder() and net autoSelectFamily:
      https://nodejs.org/api/net.html
    - curl's author on its localhost:
      https://daniel.haxx.se/blog/2021/05/31/curl-localhost-as-a-local-host/
    """

    code = "C317"
    slug = "localhost-resolves-partially"
    severity = "notice"
    title = "Answers on only some of its addresses"
    example = "localhost:62893"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to names where one address accepted and another did not."""
        probe, number = subject.probe, port_of(subject)
        host = subject.endpoint.host if subject.endpoint else None
        if probe is None or number is None or host is None or host.kind != "name":
            return None
        resolution, answering = probe.resolution, accepted(probe)
        silent = [one for one in probe.attempts if one.outcome in _NO_ANSWER or is_stuck(one)]
        if not answering or not silent or resolution is None or not resolution.addresses:
            return None
        text = (
            f"{wording.clip(host.text)}:{number} answers on"
            f" {wording.joined([one.address for one in answering])} and not on"
            f" {wording.joined([one.address for one in silent])}."
        )
        evidence = (
            wording.answer_line(resolution, host.text),
            *(wording.attempt_line(one, number) for one in probe.attempts),
        )
        return _by_order(Match(text, evidence=evidence), resolution.addresses, answering, number)


def _by_order(
    found: Match, given: tuple[str, ...], answering: tuple[Attempt, ...], number: int
) -> Match:
    """What it comes to for clients, by the order in which the resolver gives the addresses."""
    order = [place(address) for address in given]
    good = {place(one.address) for one in answering}
    if order[0] in good:
        says = f"This system tries {given[0]} first, so clients connect."
        return found._replace(message=f"{found.message} {says}", severity="info")
    if good.isdisjoint(order):  # the fixes are those of C309
        says = "This system's resolver gives only the address that does not answer."
        return found._replace(message=f"{found.message} {says}")
    says = (
        f"This system gives {given[0]} first: clients that try only one address fail, those that"
        " try the next one connect."
    )
    where = words.at(answering[0].address, number)
    fix = Fix(f"Use {where}, or make the program listen on both IP versions.")
    return found._replace(message=f"{found.message} {says}", fix=(fix,))


_NO_ANSWER = frozenset(("refused", "timed-out", "reset", "rejected", "self-connected"))
