"""The blocks: every registry row, and what follows from the block of an address."""

from __future__ import annotations

import ipaddress
import json
import sys

import pytest
from cases import each
from hypothesis import example, given
from hypothesis import strategies as st

from checks.address import blocks, ipv4, ipv6

# A second transcription of the two registries, taken from the copy of 2026-07-18 apart from
# the table that it guards: prefix, name, RFCs, allocated, terminated, and the flags Source,
# Destination, Forwardable, Globally Reachable, Reserved-by-Protocol ("-": N/A or blank).
REGISTRY = """\
0.0.0.0/8 | This network | RFC 791 §3.2 | 1981-09 | N/A | TFFFT
0.0.0.0/32 | This host on this network | RFC 1122 §3.2.1.3 | 1981-09 | N/A | TFFFT
10.0.0.0/8 | Private-Use | RFC 1918 | 1996-02 | N/A | TTTFF
100.64.0.0/10 | Shared Address Space | RFC 6598 | 2012-04 | N/A | TTTFF
127.0.0.0/8 | Loopback | RFC 1122 §3.2.1.3 | 1981-09 | N/A | FFFFT
169.254.0.0/16 | Link Local | RFC 3927 | 2005-05 | N/A | TTFFT
172.16.0.0/12 | Private-Use | RFC 1918 | 1996-02 | N/A | TTTFF
192.0.0.0/24 | IETF Protocol Assignments | RFC 6890 §2.1 | 2010-01 | N/A | FFFFF
192.0.0.0/29 | IPv4 Service Continuity Prefix | RFC 7335 | 2011-06 | N/A | TTTFF
192.0.0.8/32 | IPv4 dummy address | RFC 7600 | 2015-03 | N/A | TFFFF
192.0.0.9/32 | Port Control Protocol Anycast | RFC 7723 | 2015-10 | N/A | TTTTF
192.0.0.10/32 | Traversal Using Relays around NAT Anycast | RFC 8155 | 2017-02 | N/A | TTTTF
192.0.0.170/32 | NAT64/DNS64 Discovery | RFC 8880; RFC 7050 §2.2 | 2013-02 | N/A | FFFFT
192.0.0.171/32 | NAT64/DNS64 Discovery | RFC 8880; RFC 7050 §2.2 | 2013-02 | N/A | FFFFT
192.0.2.0/24 | Documentation (TEST-NET-1) | RFC 5737 | 2010-01 | N/A | FFFFF
192.31.196.0/24 | AS112-v4 | RFC 7535 | 2014-12 | N/A | TTTTF
192.52.193.0/24 | AMT | RFC 7450 | 2014-12 | N/A | TTTTF
192.88.99.0/24 | Deprecated (6to4 Relay Anycast) | RFC 7526 | 2001-06 | 2015-03 | -----
192.88.99.2/32 | 6a44-relay anycast address | RFC 6751 | 2012-10 | N/A | TTTFF
192.168.0.0/16 | Private-Use | RFC 1918 | 1996-02 | N/A | TTTFF
192.175.48.0/24 | Direct Delegation AS112 Service | RFC 7534 | 1996-01 | N/A | TTTTF
198.18.0.0/15 | Benchmarking | RFC 2544 | 1999-03 | N/A | TTTFF
198.51.100.0/24 | Documentation (TEST-NET-2) | RFC 5737 | 2010-01 | N/A | FFFFF
203.0.113.0/24 | Documentation (TEST-NET-3) | RFC 5737 | 2010-01 | N/A | FFFFF
240.0.0.0/4 | Reserved | RFC 1112 §4 | 1989-08 | N/A | FFFFT
255.255.255.255/32 | Limited Broadcast | RFC 8190; RFC 919 §7 | 1984-10 | N/A | FTFFT
::1/128 | Loopback Address | RFC 4291 | 2006-02 | N/A | FFFFT
::/128 | Unspecified Address | RFC 4291 | 2006-02 | N/A | TFFFT
::ffff:0:0/96 | IPv4-mapped Address | RFC 4291 | 2006-02 | N/A | FFFFT
64:ff9b::/96 | IPv4-IPv6 Translat. | RFC 6052 | 2010-10 | N/A | TTTTF
64:ff9b:1::/48 | IPv4-IPv6 Translat. | RFC 8215 | 2017-06 | N/A | TTTFF
100::/64 | Discard-Only Address Block | RFC 6666 | 2012-06 | N/A | TTTFF
100:0:0:1::/64 | Dummy IPv6 Prefix | RFC 9780 | 2025-04 | N/A | TFFFF
2001::/23 | IETF Protocol Assignments | RFC 2928 | 2000-09 | N/A | FFFFF
2001::/32 | TEREDO | RFC 4380; RFC 8190 | 2006-01 | N/A | TTT-F
2001:1::1/128 | Port Control Protocol Anycast | RFC 7723 | 2015-10 | N/A | TTTTF
2001:1::2/128 | Traversal Using Relays around NAT Anycast | RFC 8155 | 2017-02 | N/A | TTTTF
2001:1::3/128 | DNS-SD Service Registration Protocol Anycast | RFC 9665 | 2024-04 | N/A | TTTTF
2001:2::/48 | Benchmarking | RFC 5180; RFC Errata 1752 | 2008-04 | N/A | TTTFF
2001:3::/32 | AMT | RFC 7450 | 2014-12 | N/A | TTTTF
2001:4:112::/48 | AS112-v6 | RFC 7535 | 2014-12 | N/A | TTTTF
2001:10::/28 | Deprecated (previously ORCHID) | RFC 4843 | 2007-03 | 2014-03 | -----
2001:20::/28 | ORCHIDv2 | RFC 7343 | 2014-07 | N/A | TTTTF
2001:30::/28 | Drone Remote ID Protocol Entity Tags (DETs) Prefix | RFC 9374 | 2022-12 | N/A | TTTTF
2001:db8::/32 | Documentation | RFC 3849 | 2004-07 | N/A | FFFFF
2002::/16 | 6to4 | RFC 3056 | 2001-02 | N/A | TTT-F
2620:4f:8000::/48 | Direct Delegation AS112 Service | RFC 7534 | 2011-05 | N/A | TTTTF
3fff::/20 | Documentation | RFC 9637 | 2024-07 | N/A | FFFFF
5f00::/16 | Segment Routing (SRv6) SIDs | RFC 9602 | 2024-04 | N/A | TTTFF
fc00::/7 | Unique-Local | RFC 4193; RFC 8190 | 2005-10 | N/A | TTTFF
fe80::/10 | Link-Local Unicast | RFC 4291 | 2006-02 | N/A | TTFFT
"""

FLAGS = {True: "T", False: "F", None: "-"}


def number(text: str) -> tuple[int, int]:
    """Version and integer of an address."""
    value = ipv6.parse(text) if ":" in text else ipv4.parse(text)
    assert value is not None
    return (6 if ":" in text else 4), value


def transcribe(block: blocks.Block) -> str:
    """A block as a line of REGISTRY."""
    flags = (
        block.source,
        block.destination,
        block.forwardable,
        block.globally_reachable,
        block.reserved_by_protocol,
    )
    return " | ".join(
        (
            block.prefix,
            block.name,
            "; ".join(block.rfcs),
            block.allocated or "N/A",
            block.terminated or "N/A",
            "".join(FLAGS[flag] for flag in flags),
        )
    )


class TestTable:
    def test_has_every_row_of_both_registries_in_their_order(self) -> None:
        """The special-purpose rows are the registries', value for value."""
        ours = [block for block in blocks.BLOCKS if block.registry.startswith("iana-")]
        assert [transcribe(block) for block in ours] == REGISTRY.splitlines()

    def test_names_the_registry_of_the_right_version(self) -> None:
        """IPv4 rows stand in the IPv4 registry, IPv6 rows in the IPv6 one."""
        for block in blocks.BLOCKS:
            if block.registry.startswith("iana-"):
                assert block.registry == f"iana-ipv{block.version}-special-registry"
            assert block.registry in blocks.REGISTRIES

    @each("block", blocks.BLOCKS, ids=lambda block: block.prefix)
    def test_prefix_is_canonical_and_has_no_host_bits(self, block: blocks.Block) -> None:
        """Each prefix is a network that ipaddress accepts strictly, and spans its bounds."""
        network = ipaddress.ip_network(block.prefix, strict=True)
        first, end = block.bounds()
        assert (first, end - first) == (int(network.network_address), network.num_addresses)
        assert str(network) in (block.prefix, "::ffff:0.0.0.0/96")

    def test_prefixes_are_unique(self) -> None:
        """No prefix stands twice, so the longest match is one row."""
        prefixes = [block.prefix for block in blocks.BLOCKS]
        assert len(set(prefixes)) == len(prefixes) == 51 + 8

    def test_every_sentence_is_one_plain_sentence(self) -> None:
        """A report can print the sentence as it stands."""
        for block in blocks.BLOCKS:
            assert block.says.endswith(".")
            assert ". " not in block.says
            assert block.says[0].isupper() or block.says.startswith("6to4")
            assert len(block.says) <= 130

    @pytest.mark.parametrize(
        ("prefix", "flags"),
        [
            ("224.0.0.0/4", "FT---"),
            ("224.0.0.0/24", "FTFF-"),
            ("232.0.0.0/8", "FT---"),
            ("239.0.0.0/8", "FT-F-"),
            ("ff00::/8", "FT---"),
            ("::/96", "-----"),
            ("::ffff:0:0:0/96", "-----"),
            ("fec0::/10", "-----"),
        ],
    )
    def test_other_blocks_claim_only_what_an_rfc_says(self, prefix: str, flags: str) -> None:
        """A flag outside the special-purpose registries is null unless an RFC settles it."""
        (block,) = [block for block in blocks.BLOCKS if block.prefix == prefix]
        assert transcribe(block).endswith(flags)
        assert not block.registry.startswith("iana-")

    def test_record_is_json_with_null_for_unknown(self) -> None:
        """N/A in the registry is null in the JSON, not false."""
        teredo = blocks.lookup(*number("2001::1"))
        assert teredo is not None
        record = json.loads(json.dumps(teredo.to_dict()))
        assert record["globally_reachable"] is None
        assert record["rfcs"] == ["RFC 4380", "RFC 8190"]
        assert list(record) == [
            "prefix", "name", "rfcs", "allocated", "terminated", "source", "destination",
            "forwardable", "globally_reachable", "reserved_by_protocol", "registry", "says",
            "note",
        ]  # fmt: skip


class TestLookup:
    @pytest.mark.parametrize(
        ("address", "prefix"),
        [
            ("127.0.0.1", "127.0.0.0/8"),
            ("127.255.255.255", "127.0.0.0/8"),
            ("128.0.0.0", None),
            ("126.255.255.255", None),
            ("0.0.0.0", "0.0.0.0/32"),
            ("0.0.0.1", "0.0.0.0/8"),
            ("192.0.0.7", "192.0.0.0/29"),
            ("192.0.0.9", "192.0.0.9/32"),
            ("192.0.0.11", "192.0.0.0/24"),
            ("192.0.0.171", "192.0.0.171/32"),
            ("192.0.0.172", "192.0.0.0/24"),
            ("192.88.99.2", "192.88.99.2/32"),
            ("192.88.99.3", "192.88.99.0/24"),
            ("223.255.255.255", None),
            ("224.0.0.251", "224.0.0.0/24"),
            ("224.0.1.1", "224.0.0.0/4"),
            ("239.255.255.250", "239.0.0.0/8"),
            ("255.255.255.254", "240.0.0.0/4"),
            ("255.255.255.255", "255.255.255.255/32"),
            ("8.8.8.8", None),
            ("::1", "::1/128"),
            ("::", "::/128"),
            ("::2", "::/96"),
            ("::127.0.0.1", "::/96"),
            ("::1:0:0", None),
            ("::ffff:127.0.0.1", "::ffff:0:0/96"),
            ("::ffff:0:127.0.0.1", "::ffff:0:0:0/96"),
            ("64:ff9b::7f00:1", "64:ff9b::/96"),
            ("64:ff9b:1::1", "64:ff9b:1::/48"),
            ("2001::1", "2001::/32"),
            ("2001:1::3", "2001:1::3/128"),
            ("2001:1::4", "2001::/23"),
            ("2001:4:112::1", "2001:4:112::/48"),
            ("2001:4:113::1", "2001::/23"),
            ("2001:200::", None),
            ("fdff::1", "fc00::/7"),
            ("fe80::1", "fe80::/10"),
            ("fec0::1", "fec0::/10"),
            ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ff00::/8"),
            ("2a00:1450::1", None),
        ],
    )
    def test_longest_prefix_wins(self, address: str, prefix: str | None) -> None:
        """RFC 6890 §2.2.1: the more specific row governs; an ordinary address has none."""
        block = blocks.lookup(*number(address))
        assert (block.prefix if block else None) == prefix

    @given(st.data())
    def test_agrees_with_a_search_through_every_row(self, data: st.DataObject) -> None:
        """The flat intervals give what comparing with each prefix gives."""
        version = data.draw(st.sampled_from((4, 6)))
        edges = [edge for block in blocks.BLOCKS if block.version == version
                 for edge in block.bounds()]  # fmt: skip
        top = (1 << (32 if version == 4 else 128)) - 1
        near = st.sampled_from(edges).flatmap(
            lambda edge: st.integers(max(0, edge - 2), min(top, edge + 2))
        )
        value = data.draw(st.integers(0, top) | near)
        holding = [
            block for block in blocks.BLOCKS
            if block.version == version and block.bounds()[0] <= value < block.bounds()[1]
        ]  # fmt: skip
        narrowest = min(holding, key=lambda block: block.bounds()[1] - block.bounds()[0],
                        default=None)  # fmt: skip
        assert blocks.lookup(version, value) is narrowest

    @pytest.mark.parametrize(("version", "value"), [(4, -1), (4, 1 << 32), (6, -1), (6, 1 << 128)])
    def test_integers_outside_the_version_are_in_no_block(self, version: int, value: int) -> None:
        """No wrapping around to the last or the first block."""
        assert blocks.lookup(version, value) is None


class TestScope:
    @pytest.mark.parametrize(
        ("address", "scope"),
        [
            ("127.0.0.1", "host"),
            ("::1", "host"),
            ("::ffff:127.0.0.1", "host"),
            ("169.254.1.1", "link"),
            ("fe80::1", "link"),
            ("255.255.255.255", "link"),
            ("224.0.0.1", "link"),
            ("10.1.2.3", "site"),
            ("100.64.0.1", "site"),
            ("::ffff:192.168.1.1", "site"),
            ("fd00::1", "site"),
            ("fec0::1", "site"),
            ("239.1.2.3", "site"),
            ("198.18.0.1", "site"),
            ("8.8.8.8", "global"),
            ("2a00::1", "global"),
            ("::ffff:8.8.8.8", "global"),
            ("192.0.0.9", "global"),
            ("2002:7f00:1::", "global"),
            ("2001::1", "global"),
            ("64:ff9b::1", "global"),
            ("232.1.2.3", "global"),
            ("0.0.0.0", "none"),
            ("::", "none"),
            ("192.0.2.1", "none"),
            ("2001:db8::1", "none"),
            ("240.0.0.1", "none"),
            ("100::1", "none"),
            ("192.88.99.1", "none"),
            ("192.0.0.8", "none"),
            ("::127.0.0.1", "none"),
        ],
    )
    def test_says_how_far_packets_go(self, address: str, scope: str) -> None:
        """The scope follows the registry's flags; a mapped address follows its IPv4."""
        assert blocks.scope(*number(address)) == scope

    @each(
        ("digit", "scope"),
        [
            *((digit, "site") for digit in "3456789abcd"),
            ("0", "none"), ("1", "host"), ("2", "link"), ("e", "global"), ("f", "global"),
        ],
    )  # fmt: skip
    @each("flags", "0137f")
    def test_reads_the_scope_off_ipv6_multicast(self, flags: str, digit: str, scope: str) -> None:
        """RFC 7346 §2: the fourth digit is the scope, whatever the flags before it."""
        assert blocks.scope(*number(f"ff{flags}{digit}::1")) == scope

    def test_every_block_has_a_scope(self) -> None:
        """No block leaves the five words."""
        for block in blocks.BLOCKS:
            scope = blocks.scope(block.version, block.bounds()[0])
            assert scope in ("host", "link", "site", "global", "none")


# The table "Non-public IP address blocks" of WICG Local Network Access, in its order.
NON_PUBLIC = [
    ("127.0.0.0/8", "loopback"), ("10.0.0.0/8", "local"), ("100.64.0.0/10", "local"),
    ("172.16.0.0/12", "local"), ("192.168.0.0/16", "local"), ("198.18.0.0/15", "loopback"),
    ("169.254.0.0/16", "local"), ("::1/128", "loopback"), ("fc00::/7", "local"),
    ("fe80::/10", "local"), ("fec0::/10", "local"), ("0.0.0.0/32", "loopback"),
    ("0.0.0.0/8", "local"), ("::/128", "loopback"), ("2001:db8::/32", "local"),
    ("3fff::/20", "local"),
]  # fmt: skip


def first_match(version: int, value: int) -> str:
    """The algorithm of the specification, step by step, on ipaddress networks."""
    address = ipaddress.IPv4Address(value) if version == 4 else ipaddress.IPv6Address(value)
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    for prefix, space in NON_PUBLIC:
        network = ipaddress.ip_network(prefix)
        if network.version == address.version and address in network:
            return space
    return "public"


class TestAddressSpace:
    @given(st.sampled_from((4, 6)), st.integers(0, (1 << 128) - 1))
    @example(6, 0xFFFF7F000001)
    @example(6, 0xFFFF0A000001)
    @example(4, 0)
    @example(4, 1)
    def test_agrees_with_the_specification(self, version: int, value: int) -> None:
        """Local Network Access: the first matching row, with IPv4-mapped unwrapped first."""
        value &= (1 << (32 if version == 4 else 128)) - 1
        assert blocks.address_space(version, value) == first_match(version, value)

    @pytest.mark.parametrize("prefix", [prefix for prefix, _ in NON_PUBLIC])
    def test_agrees_at_the_edges_of_every_row(self, prefix: str) -> None:
        """The first and last address of a row, and their neighbours outside."""
        network = ipaddress.ip_network(prefix)
        low, high = int(network.network_address), int(network.broadcast_address)
        for value in (low - 1, low, high, high + 1):
            if 0 <= value < 1 << network.max_prefixlen:
                expected = first_match(network.version, value)
                assert blocks.address_space(network.version, value) == expected

    @pytest.mark.parametrize(
        ("address", "space"),
        [
            ("0.0.0.0", "loopback"),
            ("0.0.0.1", "local"),
            ("198.18.0.1", "loopback"),
            ("::ffff:10.0.0.1", "local"),
            ("::ffff:0.0.0.0", "loopback"),
            ("64:ff9b::7f00:1", "public"),
            ("2002:7f00:1::", "public"),
            ("255.255.255.255", "public"),
        ],
    )
    def test_surprising_cases(self, address: str, space: str) -> None:
        """Cases in which the address space differs from what the registry suggests."""
        assert blocks.address_space(*number(address)) == space


class TestLoopback:
    @pytest.mark.parametrize("address", ["127.0.0.0", "127.0.0.1", "127.255.255.255", "::1"])
    def test_is_loopback_and_a_secure_context(self, address: str) -> None:
        """W3C Secure Contexts §3.1: 127.0.0.0/8 and ::1/128 are potentially trustworthy."""
        assert blocks.is_loopback(*number(address))
        assert blocks.is_secure_context(*number(address))

    @pytest.mark.parametrize(
        "address",
        [
            "126.255.255.255", "128.0.0.0", "0.0.0.0", "::", "::2", "::ffff:127.0.0.1",
            "::127.0.0.1", "64:ff9b::7f00:1", "192.0.2.2", "7f00::1",
        ],
    )  # fmt: skip
    def test_is_neither(self, address: str) -> None:
        """An address that embeds or neighbours loopback is not loopback."""
        assert not blocks.is_loopback(*number(address))
        assert not blocks.is_secure_context(*number(address))

    def test_an_ipv4_value_is_no_ipv6_loopback(self) -> None:
        """The version counts: 0.0.0.1 is not ::1."""
        assert not blocks.is_loopback(4, 1)
        assert not blocks.is_loopback(0, 1)


class TestAgainstIpaddress:
    """What the standard library says of the same addresses, and where it is wrong."""

    BEFORE = frozenset(
        {
            "100:0:0:1::/64", "192.0.0.0/24", "192.0.0.8/32", "192.88.99.2/32", "2001:1::1/128",
            "2001:1::2/128", "2001:1::3/128", "2001:20::/28", "2001:30::/28", "2001:3::/32",
            "2001:4:112::/48", "224.0.0.0/24", "239.0.0.0/8", "3fff::/20", "5f00::/16",
            "64:ff9b:1::/48",
        }
    )  # fmt: skip
    REVISED = frozenset(
        {
            "100:0:0:1::/64", "192.88.99.2/32", "2001:1::3/128", "224.0.0.0/24", "239.0.0.0/8",
            "3fff::/20", "5f00::/16",
        }
    )  # fmt: skip
    # Blocks whose is_global contradicts Globally Reachable, by the release in which that set
    # began. Seen in 3.10.13, 3.11.7, 3.12.1, 3.12.7, 3.13.0, 3.13.2, 3.14.2 and 3.14.10.
    WRONG = (
        ((3, 10), BEFORE),
        ((3, 12, 7), REVISED - {"3fff::/20"}),
        ((3, 13), REVISED),
        ((3, 13, 2), REVISED - {"3fff::/20"}),
    )

    @staticmethod
    def ends(block: blocks.Block) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
        """The first and last address that belong to the block and to no narrower one."""
        make = ipaddress.IPv4Address if block.version == 4 else ipaddress.IPv6Address
        first, end = block.bounds()
        return [
            make(value)
            for value in (first, end - 1)
            if blocks.lookup(block.version, value) is block
        ]

    def test_is_global_is_wrong_exactly_where_known(self) -> None:
        """A release that repairs or breaks a block fails here; then WRONG gets a row.

        Distributions carry the repair of CVE-2024-4032 back: Debian's 3.11.2 has the revised set.
        """
        upstream = [wrong for since, wrong in self.WRONG if since <= sys.version_info[:3]][-1]
        found = {
            block.prefix
            for block in blocks.BLOCKS
            if block.globally_reachable is not None
            for address in self.ends(block)
            if address.is_global != block.globally_reachable
        }
        assert found in (upstream, self.REVISED, self.REVISED - {"3fff::/20"})

    def test_is_private_is_the_opposite_of_is_global_but_for_shared_space(self) -> None:
        """The library calls 100.64.0.0/10 neither private nor global; the registry has one flag."""
        same = {
            block.prefix
            for block in blocks.BLOCKS
            if block.globally_reachable is not None
            for address in self.ends(block)
            if address.is_private == address.is_global
        }
        assert same == {"100.64.0.0/10"}

    def test_mapped_loopback_changed_its_meaning(self) -> None:
        """::ffff:127.0.0.1 is loopback for newer releases only; here it never is."""
        newer = sys.version_info[:3] >= (3, 12, 7)
        assert ipaddress.ip_address("::ffff:127.0.0.1").is_loopback is newer
        assert not blocks.is_loopback(*number("::ffff:127.0.0.1"))

    # Newer releases judge a mapped address by the IPv4 address in it, one flag after the other.
    STABLE = tuple(block for block in blocks.BLOCKS if block.prefix != "::ffff:0:0/96")

    @each("block", STABLE, ids=lambda block: block.prefix)
    def test_the_stable_flags_agree(self, block: blocks.Block) -> None:
        """Loopback, multicast, link-local and unspecified mean the same in every release."""
        for address in self.ends(block):
            assert address.is_loopback == blocks.is_loopback(block.version, int(address))
            assert address.is_multicast == block.name.startswith("Multicast")
            assert address.is_link_local == block.name.lower().startswith("link")
            assert address.is_unspecified == (block.prefix in ("0.0.0.0/32", "::/128"))
