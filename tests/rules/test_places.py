"""Where an address is, and whose."""

from __future__ import annotations

import pytest

from checks.model.evidence import Interface
from checks.rules.places import Place, destination, interfaces_of, is_local, of, place

HERE = (
    Interface("lo", "127.0.0.1", 8),
    Interface("lo", "::1", 128),
    Interface("eth0", "192.0.2.2", 24),
    Interface("eth0", "fe80::2", 64),
    Interface("eth1", "fe80::2", 64),
    Interface("dummy0", "127.0.0.53", 32),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.0.0.1", (4, 0x7F000001, None)),
        ("::ffff:127.0.0.1", (4, 0x7F000001, None)),
        ("fe80::2%eth0", (6, 0xFE80 << 112 | 2, "eth0")),
        ("::1%", (6, 1, None)),
        ("<script>", (0, -1, None)),
        ("1:2:x", (0, -1, None)),
    ],
)
def test_an_address_is_read_as_a_number(text: str, expected: Place) -> None:
    """With its zone; an IPv4-mapped one is the IPv4 address in it."""
    assert place(text) == expected
    if expected[0]:
        assert of(*expected) == expected


@pytest.mark.parametrize(
    ("text", "goes"), [("0.0.0.0", "127.0.0.1"), ("::", "::1"), ("192.0.2.2", "192.0.2.2")]
)
def test_the_unspecified_address_leads_to_this_machine(text: str, goes: str) -> None:
    """Linux connects 0.0.0.0 and :: to loopback."""
    assert destination(text) == place(goes)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("127.0.0.1", ("lo",)),
        ("127.8.8.8", ("lo",)),
        ("127.0.0.53", ("dummy0",)),
        ("192.0.2.2", ("eth0",)),
        ("192.0.2.3", ()),
        ("fe80::2", ("eth0", "eth1")),
        ("fe80::2%eth1", ("eth1",)),
        ("fe80::2%eth9", ()),
        ("<script>", ()),
    ],
)
def test_the_interfaces_of_an_address(text: str, names: tuple[str, ...]) -> None:
    """All of 127.0.0.0/8 is where 127.0.0.1 is, unless it is listed itself."""
    assert interfaces_of(place(text), HERE) == names
    assert interfaces_of(place(text), ()) == ()


@pytest.mark.parametrize(
    ("text", "listed", "unlisted"),
    [
        ("127.0.0.1", True, True),
        ("127.255.255.254", True, True),
        ("::1", True, True),
        ("0.0.0.0", True, True),
        ("::", True, True),
        ("192.0.2.2", True, None),
        ("::ffff:192.0.2.2", True, None),
        ("192.0.2.3", False, None),
        ("fe80::2%eth1", True, None),
        ("fe80::2%eth9", False, None),
    ],
)
def test_whose_an_address_is(text: str, listed: bool, unlisted: bool | None) -> None:
    """Without a list of interfaces only loopback is known to be this machine's."""
    assert is_local(place(text), HERE) is listed
    assert is_local(place(text), ()) is unlisted
