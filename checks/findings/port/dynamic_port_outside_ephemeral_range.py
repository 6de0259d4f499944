"""P205 dynamic-port-outside-ephemeral-range."""

from __future__ import annotations

from checks import ports
from checks.findings.base import Finding, Match, Subject
from checks.findings.port.context import COMMON, machine_of, port_of
from checks.findings.wording import joined
from checks.model.words import system


class DynamicPortOutsideEphemeralRange(Finding):
    """The port is dynamic by IANA, and yet the system does not hand it out.

    What it means
    -------------
    IANA never registers the ports 49152-65535; they are for private and dynamic use. It is often
    said that every system takes its ephemeral ports from there, so that such a port is a passing
    one. On a stock Linux the range is 32768-60999. A program on 61000 or above chose its number
    on purpose, or something other than the kernel chose it.

    How it is detected
    ------------------
    The number is 49152 or above and outside the range that the probed machine uses. Without a
    machine: outside the default range of Linux, macOS or Windows. With these defaults that means
    61000-65535, outside that of Linux.

    Why it happens
    --------------
    - The number was chosen for a server because nothing registered can collide with it.
    - A program picks random ports by itself.
    - The range of the machine was changed.

    What to do
    ----------
    Nothing: on a system with that range it is a good place for a fixed port. Do not conclude from
    the number that the program is a passing one; look who listens.

    - Linux: `ss -ltnp 'sport = :62893'`
    - macOS: `lsof -nP -iTCP:62893 -sTCP:LISTEN`
    - Windows: `netstat -ano | findstr /R /C:":62893 "`

    Guide
    -----
    ports/62893/#should-i-use-62893-for-my-own-server

    Sources
    -------
    - RFC 6335, section 6: https://www.rfc-editor.org/info/rfc6335
    - Linux net/ipv4/af_inet.c, inet_init_net(): 32768 to 60999 since 4.2:
      https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/tree/net/ipv4/af_inet.c
    - Linux ip-sysctl: https://docs.kernel.org/networking/ip-sysctl.html
    """

    code = "P205"
    slug = "dynamic-port-outside-ephemeral-range"
    severity = "info"
    title = "A dynamic port that the system does not hand out by itself"
    example = "127.0.0.1:62893"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to 49152 and above, outside the machine's range or a common default."""
        port, machine = port_of(subject), machine_of(subject)
        if port is None or port.number is None or port.number < 49152:
            return None
        if machine is not None:
            if machine.ephemeral is None:
                return None
            first, last = machine.ephemeral
            if first <= port.number <= last:
                return None
            return Match(
                f"{port.number} is a dynamic port (never registered), and this system does not"
                f" hand it out by itself: its ephemeral range is {first}-{last}.",
                evidence=(f"ephemeral range of this system: {first}-{last}",),
            )
        outside = [name for name in COMMON if name not in port.ephemeral_on]
        if not outside:
            return None
        ranges = joined([_default(name) for name in outside])
        return Match(
            f"{port.number} is a dynamic port (never registered), but outside the default"
            f" ephemeral range of {ranges}: there a program chose the number itself."
        )


def _default(name: str) -> str:
    row = ports.EPHEMERAL[name]
    return f"{system(name)} ({row.first}-{row.last})"
