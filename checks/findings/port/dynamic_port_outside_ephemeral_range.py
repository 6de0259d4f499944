"""P205 dynamic-port-outside-ephemeral-range."""

from __future__ import annotations

from checks import ports
from checks.findings.base import Finding, Match, Subject
from checks.findings.port.context import COMMON, machine_of, port_of
from checks.findings.wording import joined
from checks.model.words import system


class DynamicPortOutsideEphemeralRange(Finding):
    """IANA calls the port dynamic, but the system does not assign it.

    What it means
    -------------
    IANA registers no service for the ports 49152-65535. They are for private and dynamic use.
    Many texts say that every system takes its ephemeral ports from there. That is not so: on
    Linux the default range is 32768-60999. A program on port 61000 or above uses a configured
    number, or it chose a random port itself.

    How it is detected
    ------------------
    The number is 49152 or above, and outside the range of the tested machine. Without a machine,
    it is outside the default range of Linux, macOS or Windows. In practice that is 61000-65535 on
    Linux.

    Why it happens
    --------------
    - The number was chosen for a server, because no registered service uses it.
    - A program picks random ports without asking the system.
    - The range of the machine was changed.

    What to do
    ----------
    Nothing. On a system with that range, it is a good choice for a fixed port. The number does
    not tell which program uses it. To see the program:

    - Linux: Show the listener: `ss -ltnp 'sport = :62893'`. The last column names the program and
      its pid, with sudo also for programs of other users.
    - macOS: Show the listener: `sudo lsof -nP -iTCP:62893 -sTCP:LISTEN`. COMMAND and PID name the
      program.
    - Windows: Show the listener, in PowerShell: `Get-NetTCPConnection -LocalPort 62893 -State
      Listen -ErrorAction SilentlyContinue`. Find its program by OwningProcess: `Get-Process -Id
      PID`.

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
    title = "Dynamic port outside the ephemeral range"
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
                f"{port.number} is a dynamic port (never registered), but this system does not"
                f" assign it: its ephemeral range is {first}-{last}.",
                evidence=(f"ephemeral range of this system: {first}-{last}",),
            )
        outside = [name for name in COMMON if name not in port.ephemeral_on]
        if not outside:
            return None
        ranges = joined([_default(name) for name in outside])
        return Match(
            f"{port.number} is a dynamic port (never registered), but outside the default"
            f" ephemeral range of {ranges}, where the system does not assign it."
        )


def _default(name: str) -> str:
    row = ports.EPHEMERAL[name]
    return f"{system(name)} ({row.first}-{row.last})"
