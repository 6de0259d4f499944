"""The IPv4 address inside an IPv6 address, form by form."""

from __future__ import annotations

import ipaddress
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.address import ipv4, ipv6
from checks.address.embedded import Embedded, embedded

FORMS = {"ipv4-mapped", "ipv4-compatible", "siit", "nat64", "6to4", "teredo", "isatap"}


def find(text: str) -> Embedded | None:
    """What is embedded in an address given as text."""
    value = ipv6.parse(text)
    assert value is not None
    return embedded(value)


def sure(text: str) -> Embedded:
    """As find(), where something must be found."""
    found = find(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "form", "address", "prefix"),
    [
        ("::ffff:127.0.0.1", "ipv4-mapped", "127.0.0.1", "::ffff:0:0/96"),
        ("::ffff:0:0", "ipv4-mapped", "0.0.0.0", "::ffff:0:0/96"),
        ("::127.0.0.1", "ipv4-compatible", "127.0.0.1", "::/96"),
        ("::1.0.0.0", "ipv4-compatible", "1.0.0.0", "::/96"),
        ("::ffff:0:127.0.0.1", "siit", "127.0.0.1", "::ffff:0:0:0/96"),
        ("64:ff9b::7f00:1", "nat64", "127.0.0.1", "64:ff9b::/96"),
        ("64:ff9b::192.0.2.33", "nat64", "192.0.2.33", "64:ff9b::/96"),
        ("2002:7f00:1::", "6to4", "127.0.0.1", "2002::/16"),
        ("2002:c001:203::1", "6to4", "192.1.2.3", "2002::/16"),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", "teredo", "192.0.2.45", "2001::/32"),
        ("fe80::5efe:10.0.0.1", "isatap", "10.0.0.1", "fe80::/64"),
        ("fe80::200:5efe:8.8.8.8", "isatap", "8.8.8.8", "fe80::/64"),
        ("2a00:1:2:3:0:5efe:a00:1", "isatap", "10.0.0.1", "2a00:1:2:3::/64"),
    ],
)
def test_finds_the_address_by_the_layout_of_its_form(
    text: str, form: str, address: str, prefix: str
) -> None:
    """Each form puts the IPv4 address where its RFC says."""
    found = sure(text)
    assert (found.form, found.address, found.prefix) == (form, address, prefix)
    assert found.value == ipv4.parse(address)
    assert found.certain
    assert found.alternatives == ()


@pytest.mark.parametrize(
    "text",
    [
        "::",
        "::1",
        "::2",
        "::ff:ffff",  # 0.255.255.255: no IPv4-compatible address, RFC 4291 §2.5.5.1
        "::1:7f00:1",
        "::fffe:7f00:1",
        "64:ff9a::7f00:1",
        "64:ff9b:0:1::7f00:1",
        "64:ff9b:2::7f00:1",
        "2001:db8::7f00:1",
        "2001:1::7f00:1",
        "2003:7f00:1::",
        "fe80::5eff:10.0.0.1",
        "fe80::100:5efe:10.0.0.1",  # the group bit, not the universal one
        "ff02::5efe:10.0.0.1",  # multicast has no interface identifier
        "fe80::1",
    ],
)
def test_finds_nothing_beside_the_forms(text: str) -> None:
    """One bit off, and it is an address like any other."""
    assert find(text) is None


class TestTeredo:
    """RFC 4380 §4."""

    def test_example_has_server_port_and_client(self) -> None:
        """The port and the client are stored with every bit inverted."""
        found = sure("2001:0:4136:e378:8000:63bf:3fff:fdd2")
        assert (found.server, found.port) == ("65.54.227.120", 40000)

    @given(st.integers(0, (1 << 96) - 1))
    def test_agrees_with_ipaddress(self, rest: int) -> None:
        """The standard library reads server and client of every Teredo address alike."""
        value = 0x20010000 << 96 | rest
        teredo = ipaddress.IPv6Address(value).teredo
        found = embedded(value)
        assert found is not None
        assert teredo is not None
        assert (found.server, found.address) == (str(teredo[0]), str(teredo[1]))
        assert found.port == 0xFFFF - (rest >> 32 & 0xFFFF)
        assert found.alternatives == ()


@given(st.integers(0, (1 << 112) - 1))
def test_6to4_agrees_with_ipaddress(rest: int) -> None:
    """The standard library finds the same address in every 6to4 address."""
    value = 0x2002 << 112 | rest
    found = embedded(value)
    assert found is not None
    assert found.address == str(ipaddress.IPv6Address(value).sixtofour)


@given(st.integers(0, (1 << 32) - 1))
def test_mapped_agrees_with_ipaddress(value: int) -> None:
    """The standard library finds the same address in every IPv4-mapped address."""
    found = embedded(0xFFFF << 32 | value)
    assert found is not None
    assert found.address == str(ipaddress.IPv6Address(0xFFFF << 32 | value).ipv4_mapped)


def test_6to4_address_may_hold_an_isatap_one_too() -> None:
    """The prefix decides; the interface identifier is reported beside it."""
    found = sure("2002:7f00:1::5efe:10.0.0.1")
    assert (found.form, found.address) == ("6to4", "127.0.0.1")
    assert [(other.form, other.address) for other in found.alternatives] == [("isatap", "10.0.0.1")]


def compose(prefix: int, length: int, address: int) -> int:
    """An IPv4-embedded address as RFC 6052 §2.3 builds it, octet by octet."""
    octets = bytearray(prefix.to_bytes(16, "big")[: length // 8])
    for octet in address.to_bytes(4, "big"):
        if len(octets) == 8:
            octets.append(0)  # "u"
        octets.append(octet)
    if len(octets) == 8:
        octets.append(0)
    return int.from_bytes(octets.ljust(16, b"\0"), "big")


LOCAL = 0x0064FF9B0001 << 80


class TestLocalNat64:
    """64:ff9b:1::/48 (RFC 8215), laid out by RFC 6052 §2.2."""

    @pytest.mark.parametrize(
        ("text", "address", "prefix"),
        [
            ("64:ff9b:1::192.0.2.33", "192.0.2.33", "64:ff9b:1::/96"),
            ("64:ff9b:1:fffe::192.0.2.33", "192.0.2.33", "64:ff9b:1:fffe::/96"),
            ("64:ff9b:1:abcd:0:5431:192.0.2.33", "192.0.2.33", "64:ff9b:1:abcd:0:5431::/96"),
            ("64:ff9b:1:c000:2:2100::", "192.0.2.33", "64:ff9b:1::/48"),
            ("64:ff9b:1:ac0:0:221::", "192.0.2.33", "64:ff9b:1:a00::/56"),
            ("64:ff9b:1:abcd:c0:2:2100:0", "192.0.2.33", "64:ff9b:1:abcd::/64"),
        ],
    )
    def test_reads_each_length_that_fits_into_the_prefix(
        self, text: str, address: str, prefix: str
    ) -> None:
        """The zeros of octet "u" and of the suffix tell the layout; it stays a guess."""
        found = sure(text)
        assert (found.form, found.address, found.prefix) == ("nat64", address, prefix)
        assert not found.certain

    @given(
        st.sampled_from((48, 56, 64, 96)),
        st.integers(0, 0xFFFF),
        st.integers(0x01000000, 0xFFFFFFFF),
    )
    def test_true_address_is_always_among_the_readings(
        self, length: int, subnet: int, address: int
    ) -> None:
        """Whatever the operator chose, the address is the answer or an alternative."""
        prefix = (LOCAL | subnet << 64) >> (128 - length) << (128 - length)
        found = embedded(compose(prefix, length, address))
        assert found is not None
        readings = {(reading.prefix, reading.value) for reading in (found, *found.alternatives)}
        assert (f"{ipv6.format_url(prefix)}/{length}", address) in readings

    @given(st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFFF))
    def test_96_bit_prefix_is_the_only_reading_of_a_full_last_word(
        self, subnet: int, address: int
    ) -> None:
        """Any of the last 24 bits set rules every shorter prefix out: no zero suffix."""
        found = embedded(LOCAL | subnet << 64 | address | 1)
        assert found is not None
        assert found.prefix.endswith("/96")
        assert found.alternatives == ()

    def test_lists_the_other_readings(self) -> None:
        """127.0.0.1 under a /48 could also be another address under a longer prefix."""
        found = sure("64:ff9b:1:7f01:2:300::")
        assert (found.address, found.prefix) == ("127.1.2.3", "64:ff9b:1::/48")
        assert [(other.address, other.prefix) for other in found.alternatives] == [
            ("1.2.3.0", "64:ff9b:1:7f00::/56"),
            ("2.3.0.0", "64:ff9b:1:7f01::/64"),
        ]

    def test_octet_u_must_be_zero(self) -> None:
        """RFC 6052 §2.2: bits 64 to 71 MUST be zero, so this follows none of the layouts."""
        assert find("64:ff9b:1:7f00:100:100::") is None

    def test_nothing_but_zeros_is_read_with_96_bits(self) -> None:
        """Where no reading is a usable address, the one without a suffix stands."""
        assert (sure("64:ff9b:1::").address, sure("64:ff9b:1::").prefix) == (
            "0.0.0.0",
            "64:ff9b:1::/96",
        )


class TestRecord:
    def test_is_json_with_null_where_a_key_does_not_apply(self) -> None:
        """Server and port are Teredo's, alternatives only where there are some."""
        assert json.loads(json.dumps(sure("::ffff:127.0.0.1").to_dict())) == {
            "form": "ipv4-mapped",
            "address": "127.0.0.1",
            "prefix": "::ffff:0:0/96",
            "certain": True,
            "server": None,
            "port": None,
            "alternatives": None,
        }

    def test_alternatives_carry_form_address_and_prefix(self) -> None:
        """A reader can tell the readings apart."""
        record = sure("2002:7f00:1::5efe:10.0.0.1").to_dict()
        assert record["alternatives"] == [
            {"form": "isatap", "address": "10.0.0.1", "prefix": "2002:7f00:1::/64"}
        ]


@given(st.integers(0, (1 << 128) - 1))
def test_every_address_gets_an_answer(value: int) -> None:
    """Nothing raises, the forms are the seven known, the integer is the text."""
    found = embedded(value)
    if found is not None:
        assert found.form in FORMS
        assert ipv4.parse(found.address) == found.value
