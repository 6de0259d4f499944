"""B407 port-reserved."""

from __future__ import annotations

from checks.findings import commands, wording
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.binding.trials import lines_of, places, trials_of
from checks.findings.witness import asked_here, port_of


class PortReserved(Finding):
    """The system keeps the port aside.

    What it means
    -------------
    A list of the system names ports that are set aside. What follows from it differs:

    - Linux: `ip_local_reserved_ports` keeps a port out of automatic choice only. A program that
      names the port can bind it.
    - Windows: a port in an excluded range may not be bound by other programs, though nothing
      listens. bind() fails with WSAEACCES (10013), and netstat shows no owner.

    How it is detected
    ------------------
    On Linux the port is in the list that the kernel reports. On Windows the trial bind was
    refused, and the port lies in an excluded range.

    Why it happens
    --------------
    - An administrator put the port of a server on the list, so that no client takes it first.
    - On Windows, Hyper-V, WSL and container engines take blocks of ports, which can change at
      each start.

    What to do
    ----------
    On Linux nothing: it is a good place for a server. On Windows choose a port outside the
    ranges.

    - Linux: `sysctl net.ipv4.ip_local_reserved_ports`
    - macOS: there is no such list.
    - Windows: `netsh int ipv4 show excludedportrange protocol=tcp`

    Guide
    -----
    troubleshooting/permission/#windows-10013

    Sources
    -------
    - Linux ip-sysctl, ip_local_reserved_ports:
      https://docs.kernel.org/networking/ip-sysctl.html
    - Microsoft, netsh interface ipv4 show excludedportrange:
      https://learn.microsoft.com/windows-server/administration/windows-commands/netsh-interface
    - Windows Sockets Error Codes, WSAEACCES:
      https://learn.microsoft.com/windows/win32/winsock/windows-sockets-error-codes-2
    """

    code = "B407"
    slug = "port-reserved"
    severity = "notice"
    title = "The system keeps the port aside"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to the outcome ``reserved`` and to ports on the kernel's list."""
        trials = trials_of(subject, "reserved")
        port = port_of(subject)
        if subject.probe is None or port is None:
            return None
        if trials:
            text = (
                f"{places(trials)} cannot be bound: the port lies in a range that the system keeps"
                " for itself."
            )
            fix = Fix(
                "See the ranges, and choose a port outside.",
                "netsh int ipv4 show excludedportrange protocol=tcp",
                commands.WINDOWS,
            )
            return Match(
                text, commands.for_machine(subject.probe, (fix,)), lines_of(trials, subject.probe)
            )
        reserved = subject.probe.machine.reserved_ports
        if not in_ranges(port, reserved) or not asked_here(subject.probe):
            return None
        return Match(
            f"Port {port} is on this system's list of reserved ports: it is never chosen by"
            " itself, and a program that names it can bind it.",
            evidence=(f"ip_local_reserved_ports: {wording.clip(reserved)}",),
        )


def in_ranges(port: int, text: str) -> bool:
    """Whether a kernel's list such as ``8080,9000-9010`` has the port."""
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        ends = (first, last or first)
        if all(end.isascii() and end.isdigit() and len(end) <= 5 for end in ends):
            low, high = map(int, ends)
            if low <= port <= high:
                return True
    return False
