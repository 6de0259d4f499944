"""The rows behind :mod:`checks.address.blocks`: special-purpose address blocks.

The first two tables are the IANA IPv4 and IPv6 Special-Purpose Address
Registries (RFC 6890 §2.2, as updated by RFC 8190), every row, in the order of
the registry, copy of 2026-07-18. IANA publishes them under CC0 1.0. The third
holds blocks that carry a special meaning but stand in other registries, or in
an RFC alone. Names and flags are the registry's, without the quotation marks around
two of the names; the sentences and the notes are not.

Columns: prefix; name; RFCs; month of allocation; month of termination; flags; a
sentence that says what the block is for; a note where a footnote changes how the
flags are read. "" stands for none.

The five flags are, in the registry's order, Source, Destination, Forwardable,
Globally Reachable, Reserved-by-Protocol: ``T``, ``F``, or ``-`` where the
registry says N/A or leaves the cell blank.
"""

from __future__ import annotations

SPECIAL_IPV4 = "iana-ipv4-special-registry"
SPECIAL_IPV6 = "iana-ipv6-special-registry"
MULTICAST_IPV4 = "multicast-addresses"
MULTICAST_IPV6 = "ipv6-multicast-addresses"
SPACE_IPV6 = "ipv6-address-space"
RFC_ONLY = "rfc"

REGISTRIES: dict[str, str] = {
    SPECIAL_IPV4: "IANA IPv4 Special-Purpose Address Registry",
    SPECIAL_IPV6: "IANA IPv6 Special-Purpose Address Registry",
    MULTICAST_IPV4: "IANA IPv4 Multicast Address Space Registry",
    MULTICAST_IPV6: "IANA IPv6 Multicast Address Space Registry",
    SPACE_IPV6: "IANA Internet Protocol Version 6 Address Space",
    RFC_ONLY: "no registry; defined by RFC alone",
}
"""Title of each registry by the name that IANA gives it in its addresses."""

SPECIAL_DATE = "2026-07-18"
"""Day of the copy of the two special-purpose registries, ISO 8601."""

BlockRow = tuple[str, str, tuple[str, ...], str, str, str, str, str]

_EXCEPTIONS = "Some protocols have an exception; RFC 8029 and RFC 5884 are two of them."
_MORE_SPECIFIC = "The flags hold unless a more specific row inside this block says otherwise."

# A row is one line of facts, its sentence and its note; one value a line would hide the table.
# fmt: off
IPV4: tuple[BlockRow, ...] = (
    (
        "0.0.0.0/8", "This network", ("RFC 791 §3.2",), "1981-09", "", "TFFFT",
        "Addresses on this very network, for a machine that does not know its network number yet.",
        "",
    ),
    (
        "0.0.0.0/32", "This host on this network", ("RFC 1122 §3.2.1.3",), "1981-09", "", "TFFFT",
        "Wildcard address: a program that listens on it accepts connections on every IPv4 address; "
        "it is no address to connect to.",
        "",
    ),
    (
        "10.0.0.0/8", "Private-Use", ("RFC 1918",), "1996-02", "", "TTTFF",
        "A private network: anyone may use it, but it is not reachable from the internet.",
        "",
    ),
    (
        "100.64.0.0/10", "Shared Address Space", ("RFC 6598",), "2012-04", "", "TTTFF",
        "Between a provider's shared NAT and its customers' routers; not reachable from the "
        "internet.",
        "",
    ),
    (
        "127.0.0.0/8", "Loopback", ("RFC 1122 §3.2.1.3",), "1981-09", "", "FFFFT",
        "Loopback: packets to it never leave this machine.",
        _EXCEPTIONS,
    ),
    (
        "169.254.0.0/16", "Link Local", ("RFC 3927",), "2005-05", "", "TTFFT",
        "Link-local: a machine gives itself such an address when DHCP gives it none; routers do "
        "not forward it.",
        "",
    ),
    (
        "172.16.0.0/12", "Private-Use", ("RFC 1918",), "1996-02", "", "TTTFF",
        "A private network: anyone may use it, but it is not reachable from the internet.",
        "",
    ),
    (
        "192.0.0.0/24", "IETF Protocol Assignments", ("RFC 6890 §2.1",), "2010-01", "", "FFFFF",
        "Kept for internet protocols that need a fixed address; not for machines.",
        "Not usable except through a more specific row inside this block.",
    ),
    (
        "192.0.0.0/29", "IPv4 Service Continuity Prefix", ("RFC 7335",), "2011-06", "", "TTTFF",
        "The inner side of IPv4 that is carried over an IPv6-only network (464XLAT, DS-Lite).",
        "",
    ),
    (
        "192.0.0.8/32", "IPv4 dummy address", ("RFC 7600",), "2015-03", "", "TFFFF",
        "A stand-in sender for error messages that come from a router without an IPv4 address.",
        "",
    ),
    (
        "192.0.0.9/32", "Port Control Protocol Anycast", ("RFC 7723",), "2015-10", "", "TTTTF",
        "The nearest Port Control Protocol server: where a program asks a router to open a port.",
        "",
    ),
    (
        "192.0.0.10/32", "Traversal Using Relays around NAT Anycast", ("RFC 8155",), "2017-02", "",
        "TTTTF",
        "The nearest TURN server: a relay for two machines that cannot reach each other directly.",
        "",
    ),
    (
        "192.0.0.170/32", "NAT64/DNS64 Discovery", ("RFC 8880", "RFC 7050 §2.2"), "2013-02", "",
        "FFFFT",
        "The answer for the name ipv4only.arpa, by which a machine finds out its NAT64 prefix; "
        "nothing is sent to it.",
        "",
    ),
    (
        "192.0.0.171/32", "NAT64/DNS64 Discovery", ("RFC 8880", "RFC 7050 §2.2"), "2013-02", "",
        "FFFFT",
        "The answer for the name ipv4only.arpa, by which a machine finds out its NAT64 prefix; "
        "nothing is sent to it.",
        "",
    ),
    (
        "192.0.2.0/24", "Documentation (TEST-NET-1)", ("RFC 5737",), "2010-01", "", "FFFFF",
        "For examples in manuals and books; no machine should have it.",
        "",
    ),
    (
        "192.31.196.0/24", "AS112-v4", ("RFC 7535",), "2014-12", "", "TTTTF",
        "Public name servers that absorb reverse look-ups of private addresses (by DNS "
        "redirection).",
        "",
    ),
    (
        "192.52.193.0/24", "AMT", ("RFC 7450",), "2014-12", "", "TTTTF",
        "The nearest relay that carries multicast through networks without multicast.",
        "",
    ),
    (
        "192.88.99.0/24", "Deprecated (6to4 Relay Anycast)", ("RFC 7526",), "2001-06", "2015-03",
        "-----",
        "Once the nearest relay between IPv4 and 6to4; withdrawn in 2015.",
        "The registry leaves the five flags of this row blank.",
    ),
    (
        "192.88.99.2/32", "6a44-relay anycast address", ("RFC 6751",), "2012-10", "", "TTTFF",
        "A provider's relay that gives customers behind IPv4 NAT an IPv6 address (6a44, an "
        "experiment).",
        "",
    ),
    (
        "192.168.0.0/16", "Private-Use", ("RFC 1918",), "1996-02", "", "TTTFF",
        "A private network, the usual one at home, which is not reachable from the internet.",
        "",
    ),
    (
        "192.175.48.0/24", "Direct Delegation AS112 Service", ("RFC 7534",), "1996-01", "",
        "TTTTF",
        "Public name servers that absorb reverse look-ups of private addresses.",
        "",
    ),
    (
        "198.18.0.0/15", "Benchmarking", ("RFC 2544",), "1999-03", "", "TTTFF",
        "For measuring network equipment in a laboratory; not reachable from the internet.",
        "",
    ),
    (
        "198.51.100.0/24", "Documentation (TEST-NET-2)", ("RFC 5737",), "2010-01", "", "FFFFF",
        "For examples in manuals and books; no machine should have it.",
        "",
    ),
    (
        "203.0.113.0/24", "Documentation (TEST-NET-3)", ("RFC 5737",), "2010-01", "", "FFFFF",
        "For examples in manuals and books; no machine should have it.",
        "",
    ),
    (
        "240.0.0.0/4", "Reserved", ("RFC 1112 §4",), "1989-08", "", "FFFFT",
        "Reserved in 1989 for a use that never came; most systems refuse to send to it.",
        "",
    ),
    (
        "255.255.255.255/32", "Limited Broadcast", ("RFC 8190", "RFC 919 §7"), "1984-10", "",
        "FTFFT",
        "Broadcast: every machine on the local network segment; routers do not forward it.",
        "",
    ),
)

IPV6: tuple[BlockRow, ...] = (
    (
        "::1/128", "Loopback Address", ("RFC 4291",), "2006-02", "", "FFFFT",
        "Loopback, the only one of IPv6: packets to it never leave this machine.",
        "",
    ),
    (
        "::/128", "Unspecified Address", ("RFC 4291",), "2006-02", "", "TFFFT",
        "Wildcard address: a program that listens on it accepts connections on every address; it "
        "is no address to connect to.",
        "",
    ),
    (
        "::ffff:0:0/96", "IPv4-mapped Address", ("RFC 4291",), "2006-02", "", "FFFFT",
        "An IPv4 address in the form that IPv6 programs use for it; on the wire it is IPv4.",
        "",
    ),
    (
        "64:ff9b::/96", "IPv4-IPv6 Translat.", ("RFC 6052",), "2010-10", "", "TTTTF",
        "An IPv4 address as seen through a NAT64 translator, under the well-known prefix.",
        "",
    ),
    (
        "64:ff9b:1::/48", "IPv4-IPv6 Translat.", ("RFC 8215",), "2017-06", "", "TTTFF",
        "An IPv4 address as seen through a translator of the local network.",
        "",
    ),
    (
        "100::/64", "Discard-Only Address Block", ("RFC 6666",), "2012-06", "", "TTTFF",
        "A black hole: routers drop what is sent to it, to fend off attacks.",
        "",
    ),
    (
        "100:0:0:1::/64", "Dummy IPv6 Prefix", ("RFC 9780",), "2025-04", "", "TFFFF",
        "Belongs to no machine: it fills the address field of test packets inside MPLS networks.",
        "",
    ),
    (
        "2001::/23", "IETF Protocol Assignments", ("RFC 2928",), "2000-09", "", "FFFFF",
        "Kept for internet protocols that need a fixed address; not for machines.",
        _MORE_SPECIFIC,
    ),
    (
        "2001::/32", "TEREDO", ("RFC 4380", "RFC 8190"), "2006-01", "", "TTT-F",
        "Teredo: IPv6 tunnelled through an IPv4 NAT; the address holds the server and the client.",
        "Whether it is globally reachable is not a yes or no; see RFC 4380 §5.",
    ),
    (
        "2001:1::1/128", "Port Control Protocol Anycast", ("RFC 7723",), "2015-10", "", "TTTTF",
        "The nearest Port Control Protocol server: where a program asks a router to open a port.",
        "",
    ),
    (
        "2001:1::2/128", "Traversal Using Relays around NAT Anycast", ("RFC 8155",), "2017-02", "",
        "TTTTF",
        "The nearest TURN server: a relay for two machines that cannot reach each other directly.",
        "",
    ),
    (
        "2001:1::3/128", "DNS-SD Service Registration Protocol Anycast", ("RFC 9665",), "2024-04",
        "", "TTTTF",
        "The nearest server at which devices register the services they offer.",
        "",
    ),
    (
        "2001:2::/48", "Benchmarking", ("RFC 5180", "RFC Errata 1752"), "2008-04", "", "TTTFF",
        "For measuring network equipment in a laboratory; not reachable from the internet.",
        "",
    ),
    (
        "2001:3::/32", "AMT", ("RFC 7450",), "2014-12", "", "TTTTF",
        "The nearest relay that carries multicast through networks without multicast.",
        "",
    ),
    (
        "2001:4:112::/48", "AS112-v6", ("RFC 7535",), "2014-12", "", "TTTTF",
        "Public name servers that absorb reverse look-ups of private addresses (by DNS "
        "redirection).",
        "",
    ),
    (
        "2001:10::/28", "Deprecated (previously ORCHID)", ("RFC 4843",), "2007-03", "2014-03",
        "-----",
        "Once identifiers made from cryptographic keys (ORCHID); given back in 2014.",
        "The registry leaves the five flags of this row blank.",
    ),
    (
        "2001:20::/28", "ORCHIDv2", ("RFC 7343",), "2014-07", "", "TTTTF",
        "Identifiers made from cryptographic keys; they look like addresses but name a peer, not "
        "a place in the network.",
        "",
    ),
    (
        "2001:30::/28", "Drone Remote ID Protocol Entity Tags (DETs) Prefix", ("RFC 9374",),
        "2022-12", "", "TTTTF",
        "Identifiers by which drones name themselves; they look like addresses.",
        "",
    ),
    (
        "2001:db8::/32", "Documentation", ("RFC 3849",), "2004-07", "", "FFFFF",
        "For examples in manuals and books; no machine should have it.",
        "",
    ),
    (
        "2002::/16", "6to4", ("RFC 3056",), "2001-02", "", "TTT-F",
        "6to4: IPv6 tunnelled through IPv4; the address holds the IPv4 address of the tunnel's "
        "end.",
        "Whether it is globally reachable is not a yes or no; see RFC 3056.",
    ),
    (
        "2620:4f:8000::/48", "Direct Delegation AS112 Service", ("RFC 7534",), "2011-05", "",
        "TTTTF",
        "Public name servers that absorb reverse look-ups of private addresses.",
        "",
    ),
    (
        "3fff::/20", "Documentation", ("RFC 9637",), "2024-07", "", "FFFFF",
        "For examples in manuals and books; no machine should have it.",
        "",
    ),
    (
        "5f00::/16", "Segment Routing (SRv6) SIDs", ("RFC 9602",), "2024-04", "", "TTTFF",
        "Steps of a path through a provider's network (segment routing), not machines.",
        "",
    ),
    (
        "fc00::/7", "Unique-Local", ("RFC 4193", "RFC 8190"), "2005-10", "", "TTTFF",
        "A private network: for use inside a site, not routed on the internet.",
        "RFC 4193 says how far such addresses may be routed.",
    ),
    (
        "fe80::/10", "Link-Local Unicast", ("RFC 4291",), "2006-02", "", "TTFFT",
        "Link-local: every IPv6 interface has one; it needs a zone such as %eth0, and routers do "
        "not forward it.",
        "",
    ),
)

# Flags only where an RFC gives them: multicast is never a source (RFC 1112 §6.2, RFC 4291
# §2.7), 224.0.0.0/24 is not forwarded (RFC 5771 §4), 239.0.0.0/8 not let out (RFC 2365 §5).
# The month of termination is that of the RFC that deprecated the block.
OTHERS: tuple[tuple[str, BlockRow], ...] = (
    (
        MULTICAST_IPV4,
        (
            "224.0.0.0/4", "Multicast", ("RFC 5771",), "", "", "FT---",
            "Multicast: a group of receivers, not one machine.",
            "",
        ),
    ),
    (
        MULTICAST_IPV4,
        (
            "224.0.0.0/24", "Multicast, Local Network Control Block", ("RFC 5771 §4",), "", "",
            "FTFF-",
            "Multicast on the local network segment only: routing protocols, mDNS and the like.",
            "",
        ),
    ),
    (
        MULTICAST_IPV4,
        (
            "232.0.0.0/8", "Multicast, Source-Specific Multicast Block",
            ("RFC 5771 §8", "RFC 4607"), "", "", "FT---",
            "Multicast from one named sender to its subscribers.",
            "",
        ),
    ),
    (
        MULTICAST_IPV4,
        (
            "239.0.0.0/8", "Multicast, Administratively Scoped Block",
            ("RFC 5771 §10", "RFC 2365"), "", "", "FT-F-",
            "Multicast inside one organisation; its border routers do not let it out.",
            "",
        ),
    ),
    (
        MULTICAST_IPV6,
        (
            "ff00::/8", "Multicast", ("RFC 4291 §2.7", "RFC 7346"), "", "", "FT---",
            "Multicast: a group of receivers; the fourth hexadecimal digit says how far it goes.",
            "",
        ),
    ),
    (
        SPACE_IPV6,
        (
            "::/96", "IPv4-Compatible IPv6 Address (deprecated)", ("RFC 4291 §2.5.5.1",), "",
            "2006-02", "-----",
            "An old way to put an IPv4 address into IPv6; deprecated in 2006, and systems need "
            "not support it.",
            "",
        ),
    ),
    (
        RFC_ONLY,
        (
            "::ffff:0:0:0/96", "IPv4-translated Address (SIIT)", ("RFC 2765 §2.1",), "", "",
            "-----",
            "An IPv4 address in the form of the first IPv4/IPv6 translator (SIIT); its successors "
            "use other prefixes.",
            "",
        ),
    ),
    (
        SPACE_IPV6,
        (
            "fec0::/10", "Site-Local Unicast (deprecated)", ("RFC 3879", "RFC 4291 §2.5.7"), "",
            "2004-09", "-----",
            "Once the private addresses of IPv6; deprecated in 2004 in favour of fc00::/7.",
            "",
        ),
    ),
)
# fmt: on
