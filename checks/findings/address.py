"""Group A: what the host of an endpoint is, told from its spelling alone.

Nothing is asked of a network or a resolver. The facts come from the tables of
:mod:`checks.text`; here they become sentences and advice.
"""

from __future__ import annotations

from checks.address import blocks, ipv4, ipv6
from checks.findings import commands
from checks.findings.base import Finding, Fix, Match
from checks.findings.wording import clip, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.address.blocks import Block
    from checks.address.embedded import Embedded
    from checks.address.host import Host
    from checks.address.names import Name
    from checks.findings.base import Subject

_PRIVATE = frozenset(("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"))
_LINK_LOCAL = frozenset(("169.254.0.0/16", "fe80::/10"))
_DOCUMENTATION = frozenset(
    ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20")
)
_LOOPBACK = frozenset(("127.0.0.0/8", "::1/128"))
_UNSPECIFIED = frozenset(("0.0.0.0/32", "::/128"))
_BROADCAST = "255.255.255.255/32"
_MANY_VALUE = 0x7FFFFFFF  # 127.255.255.255
_FIRST_VALUE = 0x7F000001  # 127.0.0.1


def host_of(subject: Subject) -> Host | None:
    """The host that is looked at; None where the endpoint has none."""
    return subject.endpoint.host if subject.endpoint else None


def is_network(host: Host) -> bool:
    """Whether a CIDR spelling names a network rather than an address in one."""
    length = host.prefix_length
    if length is None or not host.version:
        return False
    rest = (32 if host.version == 4 else 128) - length
    return rest > 0 and not host.value & ((1 << rest) - 1)


def label(host: Host) -> str:
    """The host as messages name it: canonical address, with zone or prefix length."""
    address = host.address
    if address is None:
        return clip(host.text)
    if host.zone is not None:
        address += f"%{clip(host.zone)}"
    return f"{address}/{host.prefix_length}" if is_network(host) else address


def block_of(host: Host) -> Block | None:
    """The registry row that holds the whole host: the address, or all of the network."""
    if not is_network(host):
        return host.block
    best: Block | None = None
    width = 1 << ((32 if host.version == 4 else 128) - (host.prefix_length or 0))
    for block in blocks.BLOCKS:
        if block.version != host.version:
            continue
        first, end = block.bounds()
        if first <= host.value and host.value + width <= end:
            best = block if best is None or end - first < _size(best) else best
    return best


def _size(block: Block) -> int:
    first, end = block.bounds()
    return end - first


def _in(subject: Subject, prefixes: frozenset[str]) -> tuple[Host, Block] | None:
    """The host and its block where that is one of *prefixes*."""
    host = host_of(subject)
    if host is None or not host.version:
        return None
    block = block_of(host)
    return (host, block) if block is not None and block.prefix in prefixes else None


def _row(block: Block) -> tuple[str]:
    """The registry row as a line of evidence."""
    title = blocks.REGISTRIES.get(block.registry, block.registry)
    return (f"{title}: {block.prefix} {block.name} ({joined(block.rfcs)})",)


def _is_multicast(block: Block) -> bool:
    return block.prefix == "ff00::/8" or (
        block.version == 4 and 224 <= block.bounds()[0] >> 24 < 240
    )


class Loopback(Finding):
    """The address is 127.0.0.1 or ::1, or the loopback block itself.

    What it means
    -------------
    127.0.0.1 and ::1 are loopback. The system hands packets for them straight back to itself.
    They never reach a cable, a radio or another machine.

    Loopback is not a lock. Every user and program of this machine can connect to it. A web page
    that is open in a browser of this machine runs here too; browsers have begun to ask before a
    page of the public internet may connect to loopback (Local Network Access).

    How it is detected
    ------------------
    The host is read as an address, in whatever spelling, and compared with the two addresses.
    A network in CIDR notation counts when all of it lies in 127.0.0.0/8.

    Why it happens
    --------------
    A program that should be reached from this machine only listens on loopback: development
    servers, databases, debuggers, the callback of a login in the browser.

    127.0.0.1 and ::1 are two addresses. A listener on one does not answer on the other. The name
    localhost may lead to either.

    What to do
    ----------
    Nothing, if this machine is the one that you mean. In a container, a virtual machine or a
    remote shell, "this machine" is that one: use the other side's address or a port forward.

    To see the loopback addresses that the machine has:

    - Linux: `ip address show dev lo`
    - macOS: `ifconfig lo0`
    - Windows: `netsh interface ipv4 show addresses`

    Sources
    -------
    - RFC 1122, section 3.2.1.3 (g): https://www.rfc-editor.org/info/rfc1122
    - RFC 4291, section 2.5.3, the IPv6 loopback address: https://www.rfc-editor.org/info/rfc4291
    - IANA IPv4 Special-Purpose Address Registry:
      https://www.iana.org/assignments/iana-ipv4-special-registry/
    - WICG, Local Network Access: https://wicg.github.io/local-network-access/
    """

    code = "A101"
    slug = "loopback"
    severity = "info"
    title = "The address is loopback: it stays on this machine"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to 127.0.0.1, ::1 and networks within 127.0.0.0/8."""
        found = _in(subject, _LOOPBACK)
        if found is None:
            return None
        host, block = found
        if is_network(host):
            text = f"{label(host)} is loopback: packets to any address in it stay on the machine."
        elif host.value in (1, _FIRST_VALUE):
            text = (
                f"{label(host)} is loopback: packets to it never leave this machine. Programs and"
                " users of this machine can all reach it."
            )
        else:
            return None
        return Match(text, evidence=_row(block))


class OtherLoopbackAddress(Finding):
    """The address is in 127.0.0.0/8, but it is not 127.0.0.1.

    What it means
    -------------
    All of 127.0.0.0/8 is loopback: packets stay on the machine. The addresses are not the same
    place, though. A listener on 127.0.0.1 does not answer on 127.0.0.2, and the reverse.

    How it is detected
    ------------------
    The host is read as an IPv4 address whose first part is 127, and it is not 127.0.0.1.

    Systems differ in which of these addresses exist:

    - Linux has all of them without any set-up. 127.255.255.255 is the exception: it is the
      broadcast address of the block, and a connection to it fails with ENETUNREACH.
    - macOS has 127.0.0.1 only, until an alias is added.

    IPv6 has nothing like it: ::1 is the only loopback address.

    Why it happens
    --------------
    - systemd-resolved answers DNS on 127.0.0.53 and 127.0.0.54.
    - Debian writes 127.0.1.1 for the machine's own name into /etc/hosts.
    - Several copies of a service are kept apart by address, each on the same port.
    - A digit was mistyped.

    What to do
    ----------
    If you meant 127.0.0.1, use that. If a program should be reached on both, let it listen on
    both.

    - Linux: `ss -ltn` shows on which address each program listens.
    - macOS: `sudo ifconfig lo0 alias 127.0.0.2` adds an address until the next start.
    - Windows: `netstat -ano` shows on which address each program listens.

    Sources
    -------
    - RFC 1122, section 3.2.1.3 (g): https://www.rfc-editor.org/info/rfc1122
    - Linux route type "local" and "broadcast", ip-route(8):
      https://man7.org/linux/man-pages/man8/ip-route.8.html
    - systemd-resolved(8): https://man7.org/linux/man-pages/man8/systemd-resolved.service.8.html
    - ifconfig(8) of macOS, "alias"
    """

    code = "A102"
    slug = "other-loopback-address"
    severity = "notice"
    title = "The address is loopback, but not 127.0.0.1"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to every single address of 127.0.0.0/8 but 127.0.0.1."""
        host = host_of(subject)
        if host is None or host.version != 4 or host.value >> 24 != 127:
            return None
        if host.value == _FIRST_VALUE or is_network(host):
            return None
        name = label(host)
        if host.value == _MANY_VALUE:
            text = (
                f"{name} is the broadcast address of the loopback block: on Linux a connection to"
                " it fails with ENETUNREACH."
            )
            return Match(text, (Fix("Use 127.0.0.1."),))
        text = (
            f"{name} is loopback, but it is not 127.0.0.1: a listener on 127.0.0.1 does not answer"
            " here. Linux has all of 127.0.0.0/8; macOS has 127.0.0.1 only until an alias is added."
        )
        fixes = (
            Fix("Use 127.0.0.1 if you meant that."),
            Fix(
                f"Give the loopback interface {name} where it is missing.",
                f"sudo ifconfig lo0 alias {name}",
                commands.MACOS,
            ),
        )
        return Match(text, commands.for_machine(subject.probe, fixes))


class UnspecifiedAddress(Finding):
    """The address is 0.0.0.0 or ::, or the * that listings print for them.

    What it means
    -------------
    0.0.0.0 and :: are unspecified: they name no machine. What they do depends on the side.

    - A program that listens on 0.0.0.0 takes IPv4 connections on every address of the machine,
      those of its networks included. On :: it takes IPv6, and on Linux and macOS IPv4 too unless
      the socket is set to IPv6 only (IPV6_V6ONLY). On Windows and OpenBSD it takes IPv6 only,
      which a program can change on Windows.
    - As the target of a connection they should not be used. Linux and macOS connect to the
      machine itself; Windows fails with WSAEADDRNOTAVAIL (10049).

    How it is detected
    ------------------
    The host is read as an address whose bits are all zero, or it is the lone `*` that ss, lsof
    and netstat print in that place.

    Why it happens
    --------------
    Programs print the address that they listen on: "Listening on http://0.0.0.0:8000". The line
    is pasted into a browser, where it works on one system and fails on another. A page at
    http://0.0.0.0 is not a secure context either, unlike one at http://127.0.0.1.

    What to do
    ----------
    To connect, use 127.0.0.1 or [::1] from this machine, and the machine's own address from
    elsewhere. To listen for this machine only, bind to 127.0.0.1 or ::1 instead.

    See who listens on every address:

    - Linux: `ss -ltnp`
    - macOS: `lsof -nP -iTCP -sTCP:LISTEN`
    - Windows: `Get-NetTCPConnection -State Listen`

    Sources
    -------
    - RFC 1122, section 3.2.1.3 (a): https://www.rfc-editor.org/info/rfc1122
    - RFC 4291, section 2.5.2: https://www.rfc-editor.org/info/rfc4291
    - ip(7), INADDR_ANY: https://man7.org/linux/man-pages/man7/ip.7.html
    - Windows Sockets Error Codes, WSAEADDRNOTAVAIL:
      https://learn.microsoft.com/windows/win32/winsock/windows-sockets-error-codes-2
    - W3C Secure Contexts, section 3.1: https://www.w3.org/TR/secure-contexts/
    """

    code = "A103"
    slug = "unspecified-address"
    severity = "warning"
    title = "The address stands for every address, not for one machine"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to 0.0.0.0, :: and the wildcard."""
        host = host_of(subject)
        if host is None:
            return None
        if host.kind == "wildcard":
            text = (
                f"{clip(host.text)} is how listings write the unspecified address: a program that"
                " listens there takes connections on every address of the machine."
            )
            return Match(text, _here_instead(subject, "127.0.0.1"))
        if not host.version or host.value or is_network(host):
            return None
        family, instead = ("IPv4", "127.0.0.1") if host.version == 4 else ("IPv6", "[::1]")
        too = "" if host.version == 4 else _DUAL_STACK
        text = (
            f"{label(host)} names no machine: a program that listens on it takes connections on"
            f" every {family} address{too}. As a target it reaches this machine on Linux and macOS"
            " and fails on Windows."
        )
        return Match(text, _here_instead(subject, instead))


_DUAL_STACK = (
    ", and by default on Linux and macOS on every IPv4 address too, unless it sets IPV6_V6ONLY"
)


def _here_instead(subject: Subject, address: str) -> tuple[Fix, ...]:
    """What to use instead; how to keep others out only where no listener was seen.

    What holds one may be a relay or a socket unit, and its own finding has the advice for that.
    """
    here = Fix(f"To connect from this machine, use {address}.")
    if subject.probe is not None and subject.probe.listeners:
        return (here,)
    alone = "To let only this machine connect, make the program listen on 127.0.0.1 or ::1."
    return (here, Fix(alone))


class PrivateAddress(Finding):
    """The address belongs to a private network: RFC 1918, or IPv6 unique local.

    What it means
    -------------
    The address is meant for use inside one network: a home, an office, a data centre, the
    virtual network of containers. Routers of the internet do not carry packets for it. The same
    address exists in countless networks, each time for another machine.

    How it is detected
    ------------------
    It lies in 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or fc00::/7. Other blocks that are not
    reachable from the internet, such as 100.64.0.0/10, have a different purpose and are reported
    as special-purpose-address.

    Why it happens
    --------------
    It is the ordinary address of a machine behind a router. Container engines and hypervisors
    take their networks from the same blocks.

    What to do
    ----------
    Everyone in the same network may be able to connect. Treat a listener on it as reachable by
    others. To see whether it is an address of this machine:

    - Linux: `ip address`
    - macOS: `ifconfig`
    - Windows: `ipconfig`

    Sources
    -------
    - RFC 1918, section 3: https://www.rfc-editor.org/info/rfc1918
    - RFC 4193, unique local IPv6 addresses: https://www.rfc-editor.org/info/rfc4193
    - IANA IPv4 Special-Purpose Address Registry:
      https://www.iana.org/assignments/iana-ipv4-special-registry/
    """

    code = "A104"
    slug = "private-address"
    severity = "info"
    title = "The address belongs to a private network"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to RFC 1918 and unique local addresses and networks."""
        found = _in(subject, _PRIVATE)
        if found is None:
            return None
        host, block = found
        text = (
            f"{label(host)} is private ({joined(block.rfcs)}): it has a meaning inside one network"
            " only, and machines of that network may reach it."
        )
        return Match(text, evidence=_row(block))


class LinkLocalAddress(Finding):
    """The address is valid on one network segment only: 169.254.0.0/16 or fe80::/10.

    What it means
    -------------
    A link-local address works between machines on the same segment: the same switch, the same
    radio network. Routers do not forward it. On a machine with several interfaces it is not
    complete without the interface, because each of them has a link of its own.

    How it is detected
    ------------------
    The address lies in 169.254.0.0/16 or fe80::/10.

    Why it happens
    --------------
    - IPv6 gives every interface an fe80:: address.
    - A machine that gets no answer from a DHCP server may take an IPv4 address in
      169.254.0.0/16 by itself.
    - Clouds serve instance metadata on 169.254.169.254.

    What to do
    ----------
    For fe80:: name the interface behind a percent sign: `fe80::1%eth0` on Linux, `fe80::1%en0`
    on macOS, `fe80::1%12` (the index) on Windows. Browsers do not accept a zone in a URL.

    For an unexpected 169.254 address, find out why DHCP did not answer. See the interfaces and
    their addresses:

    - Linux: `ip address`
    - macOS: `ifconfig`
    - Windows: `ipconfig /all`

    Sources
    -------
    - RFC 3927, dynamic configuration of IPv4 link-local addresses:
      https://www.rfc-editor.org/info/rfc3927
    - RFC 4291, section 2.5.6: https://www.rfc-editor.org/info/rfc4291
    - RFC 4007, section 11, zones in text: https://www.rfc-editor.org/info/rfc4007
    - RFC 9844, zone identifiers in user interfaces: https://www.rfc-editor.org/info/rfc9844
    """

    code = "A105"
    slug = "link-local-address"
    severity = "info"
    title = "The address is valid on one network segment only"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to 169.254.0.0/16 and fe80::/10."""
        found = _in(subject, _LINK_LOCAL)
        if found is None:
            return None
        host, block = found
        text = f"{label(host)} is link-local: it works on one network segment, routers drop it."
        if host.version == 4 or host.zone is not None or is_network(host):
            return Match(text, evidence=_row(block))
        text += " It names no interface, and each interface has a link of its own."
        fix = commands.each(
            "Add the interface after a percent sign; the interfaces are shown by:",
            "ip -6 address",
            "ifconfig",
            "Get-NetIPAddress -AddressFamily IPv6",
        )
        return Match(text, commands.for_machine(subject.probe, fix), _row(block))


class DocumentationAddress(Finding):
    """The address is reserved for examples in manuals.

    What it means
    -------------
    No machine has this address. The block was set aside so that manuals can show addresses
    without pointing at someone. A connection to it leads nowhere.

    How it is detected
    ------------------
    The address lies in 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24, 2001:db8::/32 or
    3fff::/20.

    Why it happens
    --------------
    An example was copied from a manual or an answer and its address was not replaced. Some tests
    use these blocks on purpose, as addresses where nobody answers.

    What to do
    ----------
    Replace it by the address that you mean. The addresses of this machine are shown by:

    - Linux: `ip address`
    - macOS: `ifconfig`
    - Windows: `ipconfig`

    Sources
    -------
    - RFC 5737, IPv4 blocks for documentation: https://www.rfc-editor.org/info/rfc5737
    - RFC 3849, 2001:db8::/32: https://www.rfc-editor.org/info/rfc3849
    - RFC 9637, 3fff::/20: https://www.rfc-editor.org/info/rfc9637
    """

    code = "A106"
    slug = "documentation-address"
    severity = "warning"
    title = "The address is for examples only"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to the five documentation blocks."""
        found = _in(subject, _DOCUMENTATION)
        if found is None:
            return None
        host, block = found
        text = f"{label(host)} is for examples ({joined(block.rfcs)}): no machine should have it."
        return Match(text, (Fix("Put the address that you mean in its place."),), _row(block))


class MulticastOrBroadcast(Finding):
    """The address names many machines at once.

    What it means
    -------------
    A multicast address names a group of machines, a broadcast address every machine of a
    segment. TCP connects exactly two ends, so no TCP connection to such an address can exist.
    UDP can send to it.

    How it is detected
    ------------------
    The address lies in 224.0.0.0/4 or ff00::/8, or it is 255.255.255.255. The broadcast address
    of a particular network, such as 192.168.1.255 in 192.168.1.0/24, cannot be told from its
    spelling and is not reported.

    Why it happens
    --------------
    Discovery protocols use such addresses: mDNS sends to 224.0.0.251 and ff02::fb, SSDP to
    239.255.255.250. They show up in listings beside the UDP sockets that joined the group.

    What to do
    ----------
    To connect, use the address of one machine. To see which groups this machine has joined:

    - Linux: `ip maddress`
    - macOS: `netstat -gn`
    - Windows: `netsh interface ipv4 show joins`

    Sources
    -------
    - RFC 5771, IPv4 multicast: https://www.rfc-editor.org/info/rfc5771
    - RFC 4291, section 2.7, IPv6 multicast: https://www.rfc-editor.org/info/rfc4291
    - RFC 919, section 7, limited broadcast: https://www.rfc-editor.org/info/rfc919
    - RFC 1122, section 4.2.3.10: TCP ignores segments for such addresses:
      https://www.rfc-editor.org/info/rfc1122
    - RFC 6762, section 3, mDNS: https://www.rfc-editor.org/info/rfc6762
    """

    code = "A107"
    slug = "multicast-or-broadcast"
    severity = "warning"
    title = "The address names many machines at once"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to multicast of both families and the limited broadcast address."""
        host = host_of(subject)
        block = block_of(host) if host is not None and host.version else None
        if host is None or block is None:
            return None
        if block.prefix == _BROADCAST:
            what = "is broadcast: it means every machine of the segment"
        elif _is_multicast(block):
            what = "is multicast: it means a group of machines"
        else:
            return None
        text = f"{label(host)} {what}. No TCP connection to it is possible."
        return Match(text, (Fix("Use the address of one machine."),), _row(block))


class GlobalAddress(Finding):
    """The address is an ordinary one of the internet.

    What it means
    -------------
    The address is unicast and not set aside for a special purpose. Routers of the internet may
    carry packets for it. Whether a machine has it, and whether a firewall lets anyone reach it,
    the address does not tell.

    How it is detected
    ------------------
    It lies in none of the special-purpose blocks of IANA, and it is not multicast. For IPv6,
    IANA has so far given out addresses of 2000::/3 only; others are said to be outside.

    Why it happens
    --------------
    It is the address of a server, of a router's outer side, or of a machine with IPv6.

    What to do
    ----------
    If you meant a service on this machine, use 127.0.0.1 or ::1. If the address is this
    machine's, treat every listener on it as open to the internet until a firewall says otherwise.
    To see whether it is this machine's:

    - Linux: `ip address`
    - macOS: `ifconfig`
    - Windows: `ipconfig`

    Sources
    -------
    - RFC 4291, section 2.4, address types: https://www.rfc-editor.org/info/rfc4291
    - RFC 6890, special-purpose registries: https://www.rfc-editor.org/info/rfc6890
    - IANA IPv6 Global Unicast Address Assignments:
      https://www.iana.org/assignments/ipv6-unicast-address-assignments/
    """

    code = "A108"
    slug = "global-address"
    severity = "info"
    title = "The address is an ordinary one of the internet"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to unicast addresses in no registry row."""
        host = host_of(subject)
        if host is None or not host.version or host.block is not None or is_network(host):
            return None
        if host.version == 6 and host.value >> 125 != 1:
            text = (
                f"{label(host)} is an IPv6 address outside 2000::/3, and IANA has given out"
                " unicast addresses of 2000::/3 only."
            )
            return Match(text)
        return Match(f"{label(host)} is an ordinary address of the internet, not of loopback.")


class SpecialPurposeAddress(Finding):
    """The address lies in a block that a registry keeps for a special purpose.

    What it means
    -------------
    IANA keeps two registries of blocks with rules of their own: may such an address be the
    source or the target of a packet, may a router forward it, is it reachable from the whole
    internet. The message names the row and what it is for.

    How it is detected
    ------------------
    The address, or the whole network, lies in a row that no other finding of this group is
    about. Where rows lie within each other, the longest prefix counts: 192.0.0.9 is reachable
    from everywhere inside 192.0.0.0/24, which is not.

    Why it happens
    --------------
    Frequent ones are 100.64.0.0/10 (between a provider's shared NAT and its customers, and in
    some private overlay networks), 198.18.0.0/15 (measurements), 240.0.0.0/4 (reserved since
    1989) and the rest of 0.0.0.0/8.

    What to do
    ----------
    Check that the address is meant. Where it is this machine's, its interface tells more:

    - Linux: `ip address`
    - macOS: `ifconfig`
    - Windows: `ipconfig /all`

    Sources
    -------
    - IANA IPv4 Special-Purpose Address Registry:
      https://www.iana.org/assignments/iana-ipv4-special-registry/
    - IANA IPv6 Special-Purpose Address Registry:
      https://www.iana.org/assignments/iana-ipv6-special-registry/
    - RFC 6890 and RFC 8190, what the registries record: https://www.rfc-editor.org/info/rfc6890
    """

    code = "A109"
    slug = "special-purpose-address"
    severity = "info"
    title = "The address is kept for a special purpose"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to registry rows that no other address finding is about."""
        host = host_of(subject)
        block = block_of(host) if host is not None and host.version else None
        if host is None or block is None or block.prefix in _ELSEWHERE or _is_multicast(block):
            return None
        inside = None if is_network(host) else host.embedded
        if inside is not None and inside.form != "isatap":
            return None
        text = f"{label(host)} lies in {block.prefix}, {block.name}. {block.says}"
        return Match(text, evidence=_row(block))


_ELSEWHERE = _PRIVATE | _LINK_LOCAL | _DOCUMENTATION | _LOOPBACK | _UNSPECIFIED | {_BROADCAST}

_FORMS = {
    "ipv4-mapped": "an IPv4-mapped address",
    "ipv4-compatible": "an IPv4-compatible address (a deprecated form)",
    "siit": "an IPv4-translated address",
    "nat64": "a NAT64 address",
    "6to4": "a 6to4 address",
    "teredo": "a Teredo address",
    "isatap": "an ISATAP address",
}
_KINDS = {"host": "loopback", "link": "link-local", "site": "private"}


class EmbedsIpv4(Finding):
    """An IPv6 address carries an IPv4 address inside.

    What it means
    -------------
    Some forms of IPv6 address hold an IPv4 address in a part of their bits. To carry an address
    is not to be it: ::ffff:127.0.0.1 embeds loopback and is not loopback, and a page that is
    served from it is not a secure context.

    The IPv4-mapped form is special. A program that connects to ::ffff:127.0.0.1 sends IPv4 to
    127.0.0.1. A filter that compares only with 127.0.0.0/8 and ::1 lets it pass. Translators and
    tunnels may turn the other forms into IPv4 later on.

    How it is detected
    ------------------
    By the bits: IPv4-mapped (::ffff:0:0/96), IPv4-compatible (::/96), IPv4-translated
    (::ffff:0:0:0/96), NAT64 (64:ff9b::/96 and 64:ff9b:1::/48), 6to4 (2002::/16), Teredo
    (2001::/32, client and server) and ISATAP (interface identifier 0:5efe or 200:5efe). NAT64
    with a prefix of an operator's own cannot be seen. The finding is a warning where the IPv4
    address is loopback, link-local or private.

    Why it happens
    --------------
    Programs with one IPv6 socket for both families print IPv4 peers in the mapped form. NAT64 and
    the tunnels make their addresses by rule. In a request to a server, such an address can also
    be an attempt to get past a filter.

    What to do
    ----------
    Where the mapped form is only how a program prints an IPv4 peer, read the IPv4 address. In a
    filter, take the IPv4 address out first and judge that one as well. To reach this machine, use
    127.0.0.1 or ::1.

    Linux, macOS and Windows alike: `curl -v "http://[::ffff:127.0.0.1]:62893/"` shows what a
    client makes of it.

    Sources
    -------
    - RFC 4291, section 2.5.5: https://www.rfc-editor.org/info/rfc4291
    - RFC 3493, section 3.7, mapped addresses on sockets: https://www.rfc-editor.org/info/rfc3493
    - RFC 6052, NAT64 prefixes, and RFC 8215: https://www.rfc-editor.org/info/rfc6052
    - RFC 3056 (6to4), RFC 4380 (Teredo), RFC 5214 (ISATAP):
      https://www.rfc-editor.org/info/rfc4380
    - W3C Secure Contexts, section 3.1: https://www.w3.org/TR/secure-contexts/
    """

    code = "A110"
    slug = "embeds-ipv4"
    severity = "notice"
    title = "The IPv6 address carries an IPv4 address inside"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to IPv6 addresses in one of the seven forms."""
        host = host_of(subject)
        if host is None or host.version != 6 or is_network(host):
            return None
        inside = host.embedded
        if inside is None:
            return None
        block = blocks.lookup(4, inside.value)
        kind = _KINDS.get(blocks.scope(4, inside.value))
        if kind == "private" and block is not None and block.prefix not in _PRIVATE:
            kind = "non-public"
        text = _embeds(label(host), inside, kind)
        fix = (
            (Fix(f"In a filter, judge {inside.address} as well as the IPv6 address."),)
            if kind
            else ()
        )
        return Match(text, fix, severity="warning" if kind else None)


def _embeds(name: str, inside: Embedded, kind: str | None) -> str:
    """The sentences of A110."""
    form = _FORMS.get(inside.form, f"an {inside.form} address")
    what = inside.address + (f" ({kind})" if kind else "")
    server = f" and names the server {inside.server}" if inside.server else ""
    maybe = "" if inside.certain else "perhaps "
    text = f"{name} is {maybe}{form} that embeds {what}{server}."
    if kind == "loopback":
        text = text[:-1] + "; it is not loopback itself."
    if inside.form == "ipv4-mapped":
        text += f" A socket that connects to it sends IPv4 to {inside.address}."
    return text


class AmbiguousSpelling(Finding):
    """Programs read the spelling as different hosts.

    What it means
    -------------
    The text names one host to one program and another host to the next. What a filter checks is
    then not what the connection uses.

    How it is detected
    ------------------
    The spelling is read three ways: as browsers do (WHATWG URL), as the C library's inet_aton
    does, and strictly (four decimal parts, or RFC 4291). The finding applies when two of them
    give different hosts. It also applies when a part has a leading zero and octal and decimal
    give different addresses: browsers, curl and inet_aton read 010.0.0.1 as octal, 8.0.0.1; Java
    reads it as decimal, 10.0.0.1.

    Why it happens
    --------------
    inet_aton of 1983 takes octal and hexadecimal parts and fewer than four of them, and it stops
    at white space. Browsers kept some of that, and the strict readers none. Leading zeros come
    from padding, as in 127.000.000.010.

    What to do
    ----------
    Write the address in plain form: four decimal parts without leading zeros. In a program that
    checks addresses, parse once, refuse what the strict reader refuses, and connect to the parsed
    value, not to the text.

    Linux and macOS: `curl -v http://010.0.0.1/` shows the address that curl takes.
    Windows: `ping 010.0.0.1` shows the address that the system takes.

    Sources
    -------
    - RFC 6943, section 3.1.1, strict and loose readers: https://www.rfc-editor.org/info/rfc6943
    - WHATWG URL Standard, IPv4 parser: https://url.spec.whatwg.org/#concept-ipv4-parser
    - inet(3), inet_aton: https://man7.org/linux/man-pages/man3/inet.3.html
    - Java InetAddress, textual representation of IP addresses:
      https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/net/InetAddress.html
    """

    code = "A111"
    slug = "ambiguous-spelling"
    severity = "warning"
    title = "Programs read this spelling as different hosts"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where two readings, or octal and decimal, name different hosts."""
        host = host_of(subject)
        if host is None or _is_plain(host):
            return None
        read = _distinct(host)
        if len(read) < 2:
            return None
        parts = [
            f"{joined(who)} {'read' if len(who) > 1 else 'reads'} {what}"
            for what, who in read.items()
        ]
        fix = (Fix("Write the address in plain decimal, without leading zeros."),)
        return Match(f"{clip(host.text)} is ambiguous: {'; '.join(parts)}.", fix)


class LegacySpelling(Finding):
    """Only lenient readers accept the spelling as an address.

    What it means
    -------------
    The text is an address to some programs and no address to others. Those that accept it agree
    on which one. Examples: 127.1, 0x7f.0.0.1, 2130706433, 127.0.0.1. with a dot at the end, and
    full-width digits.

    How it is detected
    ------------------
    The strict reader (RFC 6943: four decimal parts, no leading zero) refuses the text; the reader
    of browsers (WHATWG URL), that of inet_aton, or both give an address. Where they give
    different ones the finding is ambiguous-spelling instead.

    Why it happens
    --------------
    127.1 is short to type. Numbers come out of databases and logs. In input from strangers such
    spellings are also used to get past filters that look for the text "127.0.0.1".

    What to do
    ----------
    Write the plain form that the message gives. In a filter, do not compare text: parse, then
    compare the address.

    - Linux: `ping -c 1 127.1` shows the address that the C library takes.
    - macOS: `ping -c 1 127.1`
    - Windows: `ping -n 1 127.1`

    Sources
    -------
    - RFC 6943, section 3.1.1: https://www.rfc-editor.org/info/rfc6943
    - WHATWG URL Standard, host parsing: https://url.spec.whatwg.org/#host-parsing
    - inet(3): https://man7.org/linux/man-pages/man3/inet.3.html
    """

    code = "A112"
    slug = "legacy-spelling"
    severity = "notice"
    title = "Only lenient programs accept this spelling"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where no strict reader accepts the text and the lenient ones agree."""
        host = host_of(subject)
        if host is None or not host.version or _is_plain(host):
            return None
        if host.readings.strict is not None:
            return None
        read = _distinct(host)
        if len(read) != 1:
            return None
        plain, who = next(iter(read.items()))
        accept = "accept" if len(who) > 1 else "accepts"
        text = (
            f"{clip(host.text)} is {plain} in a spelling that only {joined(who)} {accept};"
            " strict programs refuse it."
        )
        return Match(text, (Fix(f"Write {plain}."),))


def _is_plain(host: Host) -> bool:
    """A strict literal, on which every reader that accepts it agrees; no name, no nonsense."""
    if host.version == 4:
        return ipv4.parse(host.text) is not None
    return host.kind in ("wildcard", "invalid")


def _distinct(host: Host) -> dict[str, tuple[str, ...]]:
    """Each different host that a reader makes of the spelling, and which readers do."""
    found: dict[str, tuple[str, ...]] = {}
    readings = host.readings
    for who, text in (
        ("browsers", readings.url),
        ("inet_aton", readings.inet_aton),
        ("strict programs", readings.strict),
    ):
        if text is not None:
            key = _canonical(text)
            found[key] = (*found.get(key, ()), who)
    decimal = _padded_decimal(host.text)
    if decimal is not None and found and decimal not in found:
        found[decimal] = ("Java",)
    return found


def _canonical(reading: str) -> str:
    """One text per host: brackets off, IPv6 as RFC 5952 writes it."""
    if ":" not in reading:
        return reading
    bare = reading[1:-1] if reading[:1] == "[" else reading
    value = ipv6.parse(bare)
    return bare if value is None else ipv6.format(value)


def _padded_decimal(text: str) -> str | None:
    """The address of four decimal parts with leading zeros, as Java reads it; else None."""
    if len(text) > 64 or not text.isascii():
        return None
    parts = text.split(".")
    if len(parts) != 4 or not all(part.isdigit() for part in parts):
        return None
    numbers = [int(part) for part in parts]
    return ".".join(map(str, numbers)) if max(numbers) < 256 else None


class InvalidAddress(Finding):
    """The text stands where a host should, and no reader accepts it.

    What it means
    -------------
    It is not an address in any spelling, and it cannot be a host name. Every program will refuse
    it, or take it for something else.

    How it is detected
    ------------------
    The readers of browsers (WHATWG URL), of inet_aton and the strict one all refuse the text, and
    it breaks the rules for names: characters that no name has, a part over 63 characters, more
    than 253 in all, or a number at the end, which marks an address to a browser.

    Why it happens
    --------------
    - A part is over 255: 127.0.0.256.
    - There are too many or too few parts, or two `::`.
    - A leading zero makes a part octal, and 8 and 9 are no octal digits: 127.0.0.08.
    - A character was lost or added in copying.

    What to do
    ----------
    Correct the text. IPv4: four numbers from 0 to 255 with dots between them. IPv6: groups of up
    to four hexadecimal digits with colons between them, `::` at most once, in brackets where a
    port follows.

    The addresses of this machine are shown by `ip address` (Linux), `ifconfig` (macOS) and
    `ipconfig` (Windows).

    Sources
    -------
    - RFC 6943, section 3.1.1, IPv4 text: https://www.rfc-editor.org/info/rfc6943
    - RFC 4291, section 2.2, IPv6 text: https://www.rfc-editor.org/info/rfc4291
    - RFC 1123, section 2.1, and RFC 1035, section 2.3.4, names:
      https://www.rfc-editor.org/info/rfc1123
    - WHATWG URL Standard, "ends in a number": https://url.spec.whatwg.org/#ends-in-a-number-checker
    """

    code = "A113"
    slug = "invalid-address"
    severity = "error"
    title = "The host is neither an address nor a name"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to hosts that no reader accepts."""
        host = host_of(subject)
        if host is None or host.kind != "invalid":
            return None
        text = f'"{clip(host.text)}" is neither an address nor a host name.'
        from checks.text import authority  # noqa: PLC0415 - only where something is wrong

        right = authority.bracketed(subject.endpoint) if subject.endpoint else ""
        if right:
            text = f'"{clip(host.text)}" has no brackets; in a URL an IPv6 address needs them.'
            return Match(text, (Fix(f"Write {right}."),))
        why = _why_invalid(host.text)
        return Match(f"{text} {why}" if why else text, (Fix("Correct the host."),))


def _why_invalid(text: str) -> str:
    """The most likely slip, where one is plain to see; "" otherwise."""
    if not text:
        return "It is empty."
    parts = text.split(".") if len(text) <= 64 and text.isascii() else []
    if len(parts) < 2 or not all(part.isdigit() for part in parts):
        return ""
    if len(parts) > 4:
        return f"It has {len(parts)} parts, and an IPv4 address has four."
    if any(part[0] == "0" and not set(part) <= set("01234567") for part in parts):
        return "A leading zero makes a part octal, and 8 and 9 are no octal digits."
    if any(len(part) > 3 or int(part) > 255 for part in parts):
        return "A part is over 255."
    return ""


def _name_of(subject: Subject, kind: str | None = None) -> tuple[str, Name] | None:
    """The spelling and what is known of it, where the host is a name (of that kind)."""
    host = host_of(subject)
    name = host.name if host is not None and host.kind == "name" else None
    if host is None or name is None or kind not in (None, name.kind):
        return None
    return clip(host.text), name


class LocalhostName(Finding):
    """The host is localhost, or a name of its family.

    What it means
    -------------
    RFC 6761 lets users assume that localhost, and every name that ends in .localhost, leads to
    loopback. It does not say to which address. localhost may give 127.0.0.1, ::1, or both in
    either order, and a service often listens on one of them only.

    How it is detected
    ------------------
    By the name. No resolver is asked until the endpoint is probed.

    Why it happens
    --------------
    Programs that ask the system go by its hosts file and resolver. Others answer by themselves:
    curl (since 7.78) takes 127.0.0.1 and ::1 for localhost without asking. Chromium answers for
    everything under .localhost, where the C library of Linux may know no address.
    localhost.localdomain and ip6-localhost are not in the RFC; they work where the hosts file
    has them.

    What to do
    ----------
    Where it matters which address is used, write 127.0.0.1 or ::1. To see what this system makes
    of the name:

    - Linux: `getent ahosts localhost`
    - macOS: `dscacheutil -q host -a name localhost`
    - Windows: `Resolve-DnsName localhost`

    Sources
    -------
    - RFC 6761, section 6.3: https://www.rfc-editor.org/info/rfc6761
    - hosts(5): https://man7.org/linux/man-pages/man5/hosts.5.html
    - curl's author on its localhost:
      https://daniel.haxx.se/blog/2021/05/31/curl-localhost-as-a-local-host/
    - W3C Secure Contexts, section 3.1, on localhost: https://www.w3.org/TR/secure-contexts/
    """

    code = "A114"
    slug = "localhost-name"
    severity = "info"
    title = "The name stands for this machine"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to names of the localhost family."""
        found = _name_of(subject, "localhost")
        if found is None:
            return None
        text, name = found
        if name.certain and name.text == "localhost":
            return Match(
                f"{text} stands for this machine: it leads to 127.0.0.1, ::1 or both, whichever"
                " the resolver gives first."
            )
        return Match(f"{text} stands for this machine. {name.says}")


class HostAliasName(Finding):
    """The name is how a container or a virtual machine calls the machine it runs on.

    What it means
    -------------
    Inside a container, 127.0.0.1 is the container itself. Names such as host.docker.internal lead
    from there to the machine outside. The address behind the name is that of a gateway or of a
    relay, not loopback: a service that listens on 127.0.0.1 of the host may not be reached by it.

    How it is detected
    ------------------
    By the name. No resolver is asked.

    Why it happens
    --------------
    - Docker Desktop sets host.docker.internal by itself. On Linux, Docker Engine (20.10 and
      later) does so only when the container is started with `--add-host`.
    - Podman, Lima and other engines have names of their own.
    - Outside a container the name is usually unknown.

    What to do
    ----------
    Use the name inside the container, and 127.0.0.1 outside. Let the service on the host listen
    on an address that the container can reach, not on 127.0.0.1 alone.

    - Linux: `docker run --add-host=host.docker.internal:host-gateway IMAGE`
    - macOS and Windows: nothing to set with Docker Desktop.

    Sources
    -------
    - Docker manual, container networking and `--add-host`:
      https://docs.docker.com/reference/cli/docker/container/run/
    - Docker Desktop manual, networking: https://docs.docker.com/desktop/features/networking/
    - Podman manual, `--add-host`: https://docs.podman.io/en/latest/markdown/podman-run.1.html
    """

    code = "A115"
    slug = "host-alias-name"
    severity = "info"
    title = "The name means the machine outside a container or virtual machine"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to the names that engines give to their host."""
        found = _name_of(subject, "host-alias")
        if found is None:
            return None
        text, name = found
        return Match(
            f"{text} is a name for the machine outside a container or virtual machine. {name.says}"
        )


class NameCarriesAddress(Finding):
    """The name has an address written into it.

    What it means
    -------------
    Some public DNS services answer with the address that the name itself contains:
    127.0.0.1.nip.io leads to 127.0.0.1. The answer comes from someone else's name server.
    Reverse names (1.0.0.127.in-addr.arpa) and the ipv6-literal.net form of Windows hold an
    address too.

    How it is detected
    ------------------
    By the name: a known service's domain and an address in front of it, or one of the reverse and
    literal forms. No resolver is asked, so whether the service answers is not known.

    Why it happens
    --------------
    Developers use such names for virtual hosts and certificates without a DNS zone of their own.
    In input from strangers they are also used to get past a filter: the name looks public, the
    address behind it is not.

    What to do
    ----------
    In a filter, resolve first and judge the address, at the time of the connection. For work on
    one machine, a name under .localhost needs no outside service. Some resolvers refuse public
    names that lead to loopback or private addresses.

    - Linux: `getent ahosts 127.0.0.1.nip.io`
    - macOS: `dscacheutil -q host -a name 127.0.0.1.nip.io`
    - Windows: `Resolve-DnsName 127.0.0.1.nip.io`

    Sources
    -------
    - nip.io: https://nip.io/ and sslip.io: https://sslip.io/
    - RFC 1035, section 3.5, in-addr.arpa: https://www.rfc-editor.org/info/rfc1035
    - RFC 3596, section 2.5, ip6.arpa: https://www.rfc-editor.org/info/rfc3596
    - RFC 6761, section 6.3, .localhost: https://www.rfc-editor.org/info/rfc6761
    """

    code = "A116"
    slug = "name-carries-address"
    severity = "notice"
    title = "The name carries an address"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to names that hold an address, whoever turns them into one."""
        found = _name_of(subject)
        if found is None:
            return None
        text, name = found
        if name.carries is None or name.kind not in _CARRIERS:
            return None
        severity = None if name.kind == "carries-address" else "info"
        return Match(f"{text} carries {clip(name.carries)}. {name.says}", severity=severity)


_CARRIERS = frozenset(("carries-address", "reverse", "ipv6-literal"))


FINDINGS: tuple[type[Finding], ...] = (
    Loopback,
    OtherLoopbackAddress,
    UnspecifiedAddress,
    PrivateAddress,
    LinkLocalAddress,
    DocumentationAddress,
    MulticastOrBroadcast,
    GlobalAddress,
    SpecialPurposeAddress,
    EmbedsIpv4,
    AmbiguousSpelling,
    LegacySpelling,
    InvalidAddress,
    LocalhostName,
    HostAliasName,
    NameCarriesAddress,
)

_PLAIN = FINDINGS[:9]
FOR_KIND: dict[str, tuple[type[Finding], ...]] = {
    "ipv4": (*_PLAIN, AmbiguousSpelling, LegacySpelling),
    "ipv6": (*_PLAIN, EmbedsIpv4, AmbiguousSpelling, LegacySpelling),
    "name": (LocalhostName, HostAliasName, NameCarriesAddress),
    "wildcard": (UnspecifiedAddress,),
    "invalid": (InvalidAddress,),
}
"""The rules that can apply to a host of each kind; a stream asks no others."""
