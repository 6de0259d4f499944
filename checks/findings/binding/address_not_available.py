"""B406 address-not-available."""

from __future__ import annotations

from checks.findings import commands, wording
from checks.findings.base import Finding, Match, Subject
from checks.findings.binding.trials import lines_of, trials_of
from checks.findings.witness import accepted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Binding


class AddressNotAvailable(Finding):
    """This machine does not have the address, so no program can listen on it.

    What it means
    -------------
    A program can bind only to addresses of the machine that it runs on. On any other address it
    fails with EADDRNOTAVAIL, "Cannot assign requested address", WSAEADDRNOTAVAIL (10049).

    How it is detected
    ------------------
    bind() on that address fails with EADDRNOTAVAIL. For a bare port and for a name, it is not
    reported if another address can be used: ::1 is missing wherever IPv6 is off.

    Why it happens
    --------------
    - It is the address of another machine, or of a proxy or load balancer in front of this one.
    - The program runs in a container, and the address belongs to the host.
    - The interface is down, or its address has changed.
    - macOS has no loopback address but 127.0.0.1 until you add an alias.
    - ::1 is missing because IPv6 is off.

    What to do
    ----------
    Bind to 127.0.0.1 for this machine only, or to an address that this machine has. In a
    container, bind to 0.0.0.0 and publish the port. To see or add addresses:

    - Linux: Show them: `ip address`. Add one to loopback until the next restart: `sudo ip address
      add 192.0.2.5/32 dev lo`.
    - macOS: Show them: `ifconfig`. Add a loopback address until the next restart: `sudo ifconfig
      lo0 alias 127.0.0.2`.
    - Windows: Show them: `ipconfig`.

    Guide
    -----
    troubleshooting/in-use/#cannot-assign-requested-address

    Sources
    -------
    - bind(2), EADDRNOTAVAIL: https://man7.org/linux/man-pages/man2/bind.2.html
    - ip(7), ip_nonlocal_bind: https://man7.org/linux/man-pages/man7/ip.7.html
    - Windows Sockets Error Codes, WSAEADDRNOTAVAIL:
      https://learn.microsoft.com/windows/win32/winsock/windows-sockets-error-codes-2
    """

    code = "B406"
    slug = "address-not-available"
    severity = "error"
    title = "This machine does not have the address"
    example = "192.0.2.1:62893"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to the outcome ``address-not-available``."""
        trials = trials_of(subject, "address-not-available")
        if not trials or subject.probe is None or _came_by_itself(subject, trials):
            return None
        names = wording.joined([trial.address for trial in trials])
        text = f"No program can listen on {names}: this machine does not have that address."
        fixes = commands.for_machine(
            subject.probe,
            commands.each(
                "Show the addresses of this machine.", "ip address", "ifconfig", "ipconfig"
            ),
            () if any(trial.address == "127.0.0.1" for trial in trials) else _LOOPBACK,
        )
        return Match(text, fixes, lines_of(trials, subject.probe))


_LOOPBACK = commands.advice("Bind to 127.0.0.1 if only this machine should connect.")


def _came_by_itself(subject: Subject, trials: tuple[Binding, ...]) -> bool:
    """Whether nobody asked for the addresses by name and the port is to be had without them.

    A bare port and localhost stand for both loopback addresses. Where IPv6 is
    off, ::1 is missing, and 127.0.0.1 serves all the same.
    """
    host = subject.endpoint.host if subject.endpoint else None
    if subject.probe is None or (host is not None and host.version):
        return False
    return accepted(subject.probe) != () or len(trials) < len(subject.probe.bindings)
