"""B407 port-reserved."""

from __future__ import annotations

from checks.findings import commands, wording
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.binding.trials import lines_of, places, trials_of
from checks.findings.witness import asked_here, port_of


class PortReserved(Finding):
    """The system keeps the port in a list of reserved ports.

    What it means
    -------------
    The effect of such a list differs:

    - Linux: `ip_local_reserved_ports` excludes a port from automatic choice only. A program that
      asks for the port gets it.
    - Windows: no other program can bind to a port of an excluded range, although none listens.
      bind() fails with WSAEACCES (10013), "An attempt was made to access a socket in a way
      forbidden by its access permissions". netstat shows no owner.

    How it is detected
    ------------------
    On Linux the port is in the list that the kernel reports. On Windows the bind test was
    refused, and the port is in an excluded range.

    Why it happens
    --------------
    - An administrator put the port of a server on the list, so that no client takes it first.
    - On Windows, Hyper-V, WSL and container engines take blocks of ports. They can change at each
      start. If the dynamic range begins low, the blocks cover ports such as 3000, 5432 and 8080.

    What to do
    ----------
    On Linux nothing: the port is a good choice for a server. On Windows choose a port outside the
    ranges, or free this one.

    - Linux: Show the list: `sysctl net.ipv4.ip_local_reserved_ports`.
    - macOS: There is no such list.
    - Windows: Show the ranges: `netsh int ipv4 show excludedportrange protocol=tcp`. Rows with *
      were set by an administrator, the others come from Hyper-V. Show where the dynamic range
      begins: `netsh int ipv4 show dynamicport tcp`. If it begins below 49152, move it as
      Administrator and restart Windows: `netsh int ipv4 set dynamicport tcp start=49152
      num=16384`.

    To free one port of Windows now, run these as Administrator, one after the other. The first
    stops the network of containers and of WSL for a moment:

    - `net stop winnat`
    - `netsh int ipv4 add excludedportrange protocol=tcp startport=5432 numberofports=1`
    - `net start winnat`

    The second command reserves the port for your own use, so that Hyper-V does not take it again.
    Your program can still bind to it.

    Guide
    -----
    troubleshooting/permission/#windows-excluded-range

    Sources
    -------
    - Linux ip-sysctl, ip_local_reserved_ports:
      https://docs.kernel.org/networking/ip-sysctl.html
    - Microsoft, netsh interface ipv4 show excludedportrange:
      https://learn.microsoft.com/windows-server/administration/windows-commands/netsh-interface
    - Windows Sockets Error Codes, WSAEACCES:
      https://learn.microsoft.com/windows/win32/winsock/windows-sockets-error-codes-2
    - Docker for Windows, issue 3171, ports that Hyper-V excludes:
      https://github.com/docker/for-win/issues/3171
    """

    code = "B407"
    slug = "port-reserved"
    severity = "notice"
    title = "Port is reserved by the system"
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
                f"{places(trials)} cannot be bound: the port is in a range that the system"
                " reserves."
            )
            fix = Fix(
                "Show the ranges, and choose a port outside them.",
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
            f"Port {port} is on this system's list of reserved ports: the system never"
            " assigns it, but a program that asks for it gets it.",
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
