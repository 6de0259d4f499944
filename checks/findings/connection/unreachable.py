"""C307 unreachable."""

from __future__ import annotations

from checks.address import blocks
from checks.findings import commands, witness
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.connection.context import context_of
from checks.rules import connects
from checks.rules.places import is_local, place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Attempt, Machine


class Unreachable(Finding):
    """This machine cannot send packets to the address.

    What it means
    -------------
    The connection failed before a packet reached the other end. There is no route to the address,
    no address of the same IP version to send from, or that IP version is off.

    How it is detected
    ------------------
    connect() fails with ENETUNREACH, EHOSTUNREACH, EHOSTDOWN, EADDRNOTAVAIL, EAFNOSUPPORT or
    EINVAL. The message says what the error means. "No machine on the link answers" is said only
    after a wait, or after an ICMP "host unreachable" of this machine itself. If the address names
    an interface that this machine does not have, no connection is tried.

    Why it happens
    --------------
    - IPv6 is off, and the address is an IPv6 one. On Linux ::1 then fails with EADDRNOTAVAIL.
    - The loopback interface is down, as in a new network namespace.
    - The address is a broadcast or multicast address. TCP connects to one machine, so Linux gives
      ENETUNREACH for 127.255.255.255 and 224.0.0.1, although a route exists.
    - A route of this system forbids the connection: type unreachable gives EHOSTUNREACH at once,
      type blackhole EINVAL.
    - A link-local IPv6 address was given without an interface, or with a wrong one.
    - macOS 15 and later blocks programs without the Local Network permission from addresses of
      the local network: EHOSTUNREACH at once, though the other machine is there. Programs in
      Terminal, over ssh and of root are exempt. Loopback and the internet are not affected.
    - A VPN takes the route, or the other machine is off.
    - All local ports are in use (EADDRNOTAVAIL). On Linux that is no-local-port.

    What to do
    ----------
    Find the case by the route, then repair it:

    - Linux: Show the route: `ip route get ADDRESS`. `unreachable`, `prohibit` or no output means
      that no route exists. Is the loopback interface down in a namespace? Bring it up: `sudo ip
      link set lo up`. Is IPv6 off? 1 means yes: `sysctl net.ipv6.conf.all.disable_ipv6`. Turn it
      on: `sudo sysctl -w net.ipv6.conf.all.disable_ipv6=0`.
    - macOS: Show the route: `route -n get ADDRESS`. Run the same command in Terminal. If it works
      there, allow the other program in System Settings > Privacy & Security > Local Network, and
      restart it.
    - Windows: Show the route, in PowerShell: `Find-NetRoute -RemoteIPAddress ADDRESS`. Show the
      addresses of this machine: `ipconfig /all`. If a VPN interface takes the route, disconnect
      it for a test.

    For the other machine on your network, check that it is on and has this address. For a service
    on this machine, use 127.0.0.1.

    Guide
    -----
    troubleshooting/browser-errors/#it-found-no-address-or-no-way

    Sources
    -------
    - connect(2), ENETUNREACH, EADDRNOTAVAIL: https://man7.org/linux/man-pages/man2/connect.2.html
    - ip(7), errors: https://man7.org/linux/man-pages/man7/ip.7.html
    - RFC 1122, section 4.2.3.10, TCP and broadcast or multicast:
      https://www.rfc-editor.org/info/rfc1122
    - ip-route(8), types unreachable and blackhole:
      https://man7.org/linux/man-pages/man8/ip-route.8.html
    - RFC 4007, section 6, zones of link-local addresses: https://www.rfc-editor.org/info/rfc4007
    - Apple, TN3179, Understanding local network privacy:
      https://developer.apple.com/documentation/technotes/tn3179-understanding-local-network-privacy
    - Linux ip-sysctl, disable_ipv6: https://docs.kernel.org/networking/ip-sysctl.html
    - Find-NetRoute: https://learn.microsoft.com/powershell/module/nettcpip/find-netroute
    """

    code = "C307"
    slug = "unreachable"
    severity = "error"
    title = "No route to the address"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where no packet could get there."""
        context = context_of(subject, cls.code)
        if context is None or context.attempt is None:
            return None
        attempt = context.attempt
        why = _no_way(attempt, context.probe.machine)
        text = f"{context.named} is unreachable: {why}."
        first: tuple[Fix, ...] = ()
        if attempt.reason == _LOOPBACK_DOWN:
            first = (_LOOPBACK_UP,)
        elif _may_be_denied(attempt, context.probe.machine):
            first = commands.local_network()
        fixes = context.fixes(first, commands.route(attempt.address.partition("%")[0]))
        return Match(text, fixes, context.evidence())


_LOOPBACK_DOWN = "loopback-down"
_LOOPBACK_UP = Fix("Bring the loopback interface up.", "sudo ip link set lo up", commands.LINUX)
_LONG = 500  # milliseconds; a neighbour that is asked for and does not answer takes longer


def _no_way(attempt: Attempt, machine: Machine) -> str:
    """What stopped the attempt before it got an answer."""
    family = "IPv6" if place(attempt.address).version == 6 else "IPv4"
    if attempt.outcome == "skipped":
        return f"this machine has no interface {attempt.address.partition('%')[2] or 'for it'}"
    icmp = connects.words(attempt.icmp) if attempt.icmp else None
    down = "the loopback interface lo is down" if attempt.reason == _LOOPBACK_DOWN else None
    known = [part for part in (attempt.errno, icmp, down) if part]
    errno = f" ({'; '.join(known)})" if known else ""
    if attempt.outcome == "unsupported":
        return f"this system has no {family}{errno}"
    if attempt.outcome == "address-not-available":
        return f"there is no {family} address or port to send from{errno}"
    if witness.names_many(place(attempt.address), machine):
        return f"TCP cannot connect to a broadcast or multicast address{errno}"
    if attempt.errno in ("EHOSTUNREACH", "EHOSTDOWN"):
        return _no_host(attempt, machine) + errno
    if attempt.errno == "EINVAL":
        return f"a route of this system forbids it{errno}"
    return f"there is no route to the address{errno}"


def _no_host(attempt: Attempt, machine: Machine) -> str:
    """What EHOSTUNREACH means: a machine that is silent, a router's answer, or a route."""
    icmp = attempt.icmp
    told = icmp is not None and connects.says_no_host(icmp)
    if icmp is not None and told and not witness.is_local(place(icmp.sender or ""), machine):
        return f"the router {icmp.sender or 'on the way'} reports it as unreachable"
    if told or (attempt.milliseconds or 0) >= _LONG:
        return "no machine on the link answers for the address"
    if _may_be_denied(attempt, machine):
        return "there is no route, or this program lacks macOS' Local Network permission"
    return "there is no route to it, or a route forbids it"


def _may_be_denied(attempt: Attempt, machine: Machine) -> bool:
    """Whether macOS may keep this program from the local network; root is exempt (TN3179)."""
    at = place(attempt.address)
    return (
        machine.system == "macos"
        and not machine.privileged
        and attempt.errno == "EHOSTUNREACH"
        and attempt.icmp is None
        and (attempt.milliseconds or 0) < _LONG
        and at.version != 0
        and is_local(at, machine.interfaces) is not True
        and blocks.scope(at.version, at.value) in ("site", "link")
    )
