"""Which addresses are asked."""

from __future__ import annotations

import sys
from contextlib import ExitStack

import pytest
import situations as real

from checks.address import ipv4, ipv6
from checks.model.evidence import Interface
from checks.probe import targets
from checks.probe.targets import Address, Target
from checks.rules import places

HERE = (
    Interface("lo", "127.0.0.1", 8),
    Interface("lo", "::1", 128),
    Interface("eth0", "192.0.2.2", 24),
    Interface("lo", "fe80::2", 64),
    Interface("eth0", "2001:db8::2", 64),
)


def address(text: str) -> Address:
    """An address with its zone."""
    text, _, zone = text.partition("%")
    value = ipv6.parse(text) if ":" in text else ipv4.parse(text)
    assert value is not None
    return Address(6 if ":" in text else 4, value, zone or None)


def choose(text: str, *, remote: bool = False) -> Target:
    """The target of one address."""
    (target,) = targets.choose([address(text)], 80, HERE, remote)
    return target


@pytest.mark.parametrize(
    "text",
    ["127.0.0.1", "127.255.255.254", "::1", "192.0.2.2", "2001:db8::2", "::ffff:127.0.0.1",
     "::ffff:192.0.2.2", "0.0.0.0", "::"],
)  # fmt: skip
def test_this_machines_addresses_are_asked(text: str) -> None:
    """Loopback, wildcards and the interfaces' addresses, also IPv4-mapped."""
    target = choose(text)
    assert (target.local, target.skip) == (True, None)


@pytest.mark.parametrize(
    "text",
    ["192.0.2.3", "192.0.2.255", "0.0.0.1", "255.255.255.255", "128.0.0.1", "::2",
     "::127.0.0.1", "::ffff:192.0.2.3", "2001:db8::3", "ff02::1", "224.0.0.1"],
)  # fmt: skip
def test_other_addresses_are_asked_only_with_remote(text: str) -> None:
    """A neighbour, a broadcast, a multicast group: not this machine."""
    assert choose(text).reason == "other-machine"
    assert choose(text).skip == "not an address of this machine; --remote asks other machines"
    assert choose(text, remote=True).skip is None
    assert choose(text, remote=True).local is False


def test_wildcards_stand_for_loopback() -> None:
    """What is connected to is loopback; what is bound is the wildcard itself."""
    target = choose("0.0.0.0")
    assert (target.text, target.bind) == ("127.0.0.1", "0.0.0.0")
    target = choose("::")
    assert (target.text, target.bind) == ("::1", "::")


def test_each_address_is_asked_once() -> None:
    """0.0.0.0 and 127.0.0.1 connect to the same; so do two spellings of one."""
    chosen = targets.choose([Address(4, 0x7F000001), Address(4, 0), Address(6, 1)], 80, HERE, False)
    assert [each.text for each in chosen] == ["127.0.0.1", "::1"]


def test_a_name_with_very_many_addresses_is_cut() -> None:
    """A name may have thousands of addresses; the first few are asked."""
    many = [Address(4, 0x7F000001 + index) for index in range(1000)]
    assert len(targets.choose(many, 80, HERE, False)) == targets.MOST


@pytest.mark.skipif(sys.platform != "linux", reason="needs an interface named lo")
class TestZones:
    """Link-local addresses and their interface."""

    def test_by_name_and_by_number(self) -> None:
        """Both spellings of a zone find the interface."""
        assert choose("fe80::2%lo").scope == choose("fe80::2%1").scope == 1
        assert choose("fe80::2%lo").text == choose("fe80::2%1").text == "fe80::2%lo"
        assert choose("fe80::2%lo").bare == "fe80::2"

    def test_filled_in_for_this_machine(self) -> None:
        """Without a zone the interface that has the address is taken."""
        assert (choose("fe80::2").text, choose("fe80::2").scope) == ("fe80::2%lo", 1)

    def test_of_another_interface_it_is_not_this_machines(self) -> None:
        """An address of one link may be another machine's on the next."""
        here = (Interface("eth0", "fe80::2", 64),)
        (target,) = targets.choose([address("fe80::2%lo")], 80, here, False)
        assert (target.local, target.reason) == (False, targets.OTHER_MACHINE)

    @pytest.mark.parametrize("zone", ["nosuch0", "4000000000", "999999", "0", "²"])
    def test_of_no_interface(self, zone: str) -> None:
        """A zone that is none is the reason not to ask."""
        target = choose(f"fe80::2%{zone}")
        assert (target.reason, target.skip) == (
            "no-interface", f"this machine has no interface {zone}"
        )  # fmt: skip

    def test_missing_for_another_machine(self) -> None:
        """Another machine's link-local address cannot be asked without one."""
        skip = choose("fe80::3", remote=True).skip
        assert skip is not None
        assert choose("fe80::3", remote=True).reason == "needs-zone"
        assert skip.startswith("a link-local address needs its interface")


OWN = ("127.0.0.1", "127.9.9.9", "::1", "192.0.2.2", "192.0.2.77", "::ffff:192.0.2.77",
       "2001:db8::2", "2001:db8::77")  # fmt: skip
FOREIGN = (
    "192.0.2.9", "192.0.2.255", "192.0.2.0", "203.0.113.7", "0.0.0.5", "224.0.0.1", "239.1.2.3",
    "255.255.255.255", "::ffff:224.0.0.1", "2001:db8::9", "2001:db8:1::1", "ff02::1", "ff0e::1",
)  # fmt: skip


@pytest.mark.parametrize(("text", "local"), [("127.0.0.1", True), ("203.0.113.7", False)])
def test_without_a_list_of_interfaces_the_route_decides(text: str, local: bool) -> None:
    """What would be sent to one's own address comes from that address."""
    each = address(text)
    assert targets.is_local(places.of(each.version, each.value), ()) is local


@pytest.mark.skipif(sys.platform != "linux", reason="needs network namespaces")
@pytest.mark.parametrize("nonlocal_bind", ["0", "1"])
def test_what_can_be_bound_is_not_yet_ones_own(nonlocal_bind: str) -> None:
    """Groups and broadcast can be bound, with ip_nonlocal_bind any address; none is local.

    The default routes lead every other address somewhere, so none fails for lack of a way.
    """
    with ExitStack() as stack:
        name, _, _ = stack.enter_context(real.network_interface())
        for prefix in ("192.0.2.77/24", "2001:db8::2/64 nodad", "2001:db8::77/64 nodad"):
            real.ip("address", "add", *prefix.split(), "dev", name)
        real.ip("route", "add", "default", "via", "192.0.2.1")
        real.ip("-6", "route", "add", "default", "via", "2001:db8::1")
        for family in ("ipv4", "ipv6"):
            setting = f"net.{family}.ip_nonlocal_bind"
            stack.enter_context(real.sysctl(setting, nonlocal_bind))
        found = {text: targets.is_local(places.place(text), ()) for text in (*OWN, *FOREIGN)}
    assert found == {**dict.fromkeys(OWN, True), **dict.fromkeys(FOREIGN, False)}
