"""E501 loopback-only."""

from __future__ import annotations

from checks.findings import commands, wording
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.exposure.listeners import endpoint, listeners_of
from checks.findings.witness import lets_in_loopback
from checks.rules.tables import present

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Listener, Probe


class LoopbackOnly(Finding):
    """The programs on the port accept connections from this machine only.

    What it means
    -------------
    Every listener on the port is bound to loopback. No packet from a network reaches it directly:
    systems drop packets for 127.0.0.0/8 that come from outside. Linux accepts them on an
    interface with `route_localnet` on. Then another machine of the same link can send to
    127.0.0.1 of this one, and the finding is a notice that says so.

    Loopback does not protect against programs and users of this machine: all of them can connect.
    On macOS and Windows, containers of Docker Desktop or Podman machine reach it too, by
    host.docker.internal. A web page in a browser of this machine may try to connect. By DNS
    rebinding its requests can look as if they came from the service's own page. So an important
    service should ask for a password and check the Host header even on loopback.

    How it is detected
    ------------------
    All listeners on the port, TCP and UDP, are bound to 127.0.0.0/8 or ::1. On Linux the settings
    `net.ipv4.conf.*.route_localnet` are read. If a socket table could not be read, the finding
    says so and is only an information: another listener may be reachable by others.

    Why it happens
    --------------
    The program was configured to listen there, or does so by default, as most development servers
    and databases do.

    What to do
    ----------
    Nothing. Forwards can still lead to it: `ssh -L` or `-R`, a proxy, an editor that forwards
    ports, or a published port of a container. To see the listener and forwards:

    - Linux: Show the listener: `ss -ltnp 'sport = :62893'`. The last column names the program and
      its pid, with sudo also for programs of other users. Show tunnels of ssh: `ss -ltnp | grep
      ssh`.
    - macOS: Show the listener: `sudo lsof -nP -iTCP:62893 -sTCP:LISTEN`. COMMAND and PID name the
      program. Show tunnels of ssh: `sudo lsof -nP -iTCP -sTCP:LISTEN | grep ssh`.
    - Windows: Show the listener, in PowerShell: `Get-NetTCPConnection -LocalPort 62893 -State
      Listen -ErrorAction SilentlyContinue`. Find its program by OwningProcess: `Get-Process -Id
      PID`. Show port proxies: `netsh interface portproxy show all`.

    Guide
    -----
    security/reach/#what-to-do

    Sources
    -------
    - RFC 1122, section 3.2.1.3 (g): https://www.rfc-editor.org/info/rfc1122
    - RFC 4291, section 2.5.3: https://www.rfc-editor.org/info/rfc4291
    - Linux ip-sysctl, route_localnet: https://docs.kernel.org/networking/ip-sysctl.html
    - CVE-2020-8558, what route_localnet opened: https://nvd.nist.gov/vuln/detail/CVE-2020-8558
    - WICG, Local Network Access, on pages that reach loopback:
      https://wicg.github.io/local-network-access/
    - gvisor-tap-vsock, gvproxy, how a Podman machine reaches the host:
      https://github.com/containers/gvisor-tap-vsock
    - Docker Desktop manual, networking: https://docs.docker.com/desktop/features/networking/
    """

    code = "E501"
    slug = "loopback-only"
    severity = "ok"
    title = "Reachable from this machine only"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where every listener on the port is on loopback."""
        found = listeners_of(subject)
        rows = tuple(alike[0] for alike in found)
        if not rows or not all(row.reach == "host" for row in rows):
            return None
        about = tuple(row for alike in found for row in alike)
        where = wording.some([endpoint(row) for row in rows])
        are = "are" if len(rows) > 1 else "is"
        evidence = tuple(wording.listener_line(row) for row in rows)
        if subject.probe is not None and (opened := _open_loopback(subject.probe, rows)):
            made = _let_in(subject.probe, f"{where} {are} bound to loopback", opened, evidence)
            return made._replace(listeners=about)
        if subject.probe is not None and _unseen(subject.probe):
            text = f"{where} {are} bound to loopback. Other listeners on the port, if any, were not"
            return Match(f"{text} seen.", evidence=evidence, severity="info", listeners=about)
        text = f"{where} {are} bound to loopback: only programs of this machine can connect."
        return Match(text, evidence=evidence, listeners=about)


def _unseen(probe: Probe) -> bool:
    """Whether the port may have listeners that are not in the evidence."""
    return None in [present(False, probe.unread, protocol) for protocol in ("tcp", "udp")]


def _open_loopback(probe: Probe, rows: tuple[Listener, ...]) -> str | None:
    """The interfaces through which 127.0.0.0/8 comes in to one of the listeners."""
    return next((names for row in rows if (names := lets_in_loopback(probe, row))), None)


def _let_in(probe: Probe, bound: str, opened: str, evidence: tuple[str, ...]) -> Match:
    """E501 where the system lets other machines reach loopback."""
    which = "every interface" if "all" in probe.machine.route_localnet else opened
    text = (
        f"{bound}, but route_localnet is on for {which}: machines on the same link can send"
        " packets to 127.0.0.0/8 of this one and connect, unless a firewall stops them."
    )
    fix = Fix(
        "Show where it is on, and switch it off if nothing needs it (kube-proxy may).",
        "sysctl -a -r 'net.ipv4.conf.*.route_localnet'",
        commands.LINUX,
    )
    line = f"sysctl net.ipv4.conf.*.route_localnet = 1: {opened}"
    return Match(text, commands.for_machine(probe, (fix,)), (*evidence, line), severity="notice")
