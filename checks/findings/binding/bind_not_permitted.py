"""B405 bind-not-permitted."""

from __future__ import annotations

from checks.findings import commands
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.binding.trials import lines_of, places, trials_of


class BindNotPermitted(Finding):
    """This user may not listen on the port.

    What it means
    -------------
    A program of this user that binds to the address and port fails with EACCES, "Permission
    denied", WSAEACCES (10013). The port need not be in use.

    How it is detected
    ------------------
    bind() fails with EACCES or EPERM. The limit that the machine reports tells whether the port
    is below it.

    Why it happens
    --------------
    - Linux: the port is below `net.ipv4.ip_unprivileged_port_start`, and the user has no
      CAP_NET_BIND_SERVICE. A security module can refuse as well.
    - macOS: the port is below 1024 and the address is a specific one. On 0.0.0.0 and :: the same
      port needs no privilege.
    - Windows: the port is in an excluded range, or a program bound it for exclusive use.

    What to do
    ----------
    Choose a port from 1024 on, or allow the program to use this one:

    - Linux: Allow one program: `sudo setcap cap_net_bind_service=+ep /path/to/program`. Or lower
      the limit until the next restart: `sudo sysctl net.ipv4.ip_unprivileged_port_start=80`.
    - macOS: Choose another port. Or let launchd start the program, which binds the port for it.
    - Windows: Is the port in an excluded range? `netsh int ipv4 show excludedportrange
      protocol=tcp` lists them. If it is not, another program has it: `netstat -ano | findstr /R
      /C:":62893 "` shows its pid.

    Guide
    -----
    troubleshooting/permission/#which-ports-need-a-privilege

    Sources
    -------
    - bind(2), EACCES: https://man7.org/linux/man-pages/man2/bind.2.html
    - Linux ip-sysctl, ip_unprivileged_port_start:
      https://docs.kernel.org/networking/ip-sysctl.html
    - xnu, bsd/netinet/in_pcb.c, in_pcbbind(): https://github.com/apple-oss-distributions/xnu
    - Windows Sockets Error Codes, WSAEACCES:
      https://learn.microsoft.com/windows/win32/winsock/windows-sockets-error-codes-2
    """

    code = "B405"
    slug = "bind-not-permitted"
    severity = "notice"
    title = "No permission to listen on this port"
    example = "127.0.0.1:80"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to the outcome ``not-permitted``."""
        trials = trials_of(subject, "not-permitted")
        if not trials or subject.probe is None:
            return None
        machine, port = subject.probe.machine, trials[0].port
        user = f"User {machine.user}" if machine.user else "This user"
        text = f"{user} may not listen on {places(trials)} ({trials[0].errno or 'not permitted'})"
        limit = machine.unprivileged_start
        if limit is not None and port < limit:
            text += f": ports below {limit} need a privilege here"
        fixes = (
            *commands.advice("Choose a port from 1024 on."),
            Fix(
                "Show the lowest port that needs no privilege.",
                "sysctl net.ipv4.ip_unprivileged_port_start",
                commands.LINUX,
            ),
            Fix(
                "Show the excluded ranges.",
                "netsh int ipv4 show excludedportrange protocol=tcp",
                commands.WINDOWS,
            ),
        )
        return Match(
            f"{text}.", commands.for_machine(subject.probe, fixes), lines_of(trials, subject.probe)
        )
