"""Which listener takes a connection: as a table, and as the kernel has it."""

from __future__ import annotations

import select
import socket
from contextlib import ExitStack

import pytest
import situations as real
from needs import need_ipv6, need_root

from checks.model.evidence import Interface
from checks.model.words import TCP, UDP
from checks.rules.listening import (
    Bind,
    device,
    excludes,
    most_specific,
    rank,
    takes,
    taking,
)  # fmt: skip
from checks.rules.places import interfaces_of, place

YES, NO, UNKNOWN = True, False, None
ADDRESSES = ("127.0.0.1", "127.0.0.2", "192.0.2.2", "::1", "2001:db8::2", "fe80::2%net0")
INTERFACES = (
    Interface("lo", "127.0.0.1", 8),
    Interface("lo", "::1", 128),
    Interface("net0", "192.0.2.2", 24),
    Interface("net0", "2001:db8::2", 64),
    Interface("net0", "fe80::2", 64),
)


def bind(
    address: str, *, v6only: bool | None = None, at: str | None = None, protocol: str = TCP
) -> Bind:
    """Where a TCP socket is bound; *at* is the device."""
    return Bind(protocol, address, v6only, at)


TABLE = {
    #                                  127.0.0.1 .2   net0 ::1  db8 fe80
    bind("127.0.0.1"):                  (YES, NO,  NO,  NO,  NO,  NO),
    bind("::ffff:127.0.0.1"):           (YES, NO,  NO,  NO,  NO,  NO),
    bind("192.0.2.2", at="net0"):       (NO,  NO,  YES, NO,  NO,  NO),
    bind("192.0.2.2", at="lo"):         (NO,  NO,  NO,  NO,  NO,  NO),
    bind("127.0.0.1", at="net0"):       (NO,  NO,  NO,  NO,  NO,  NO),
    bind("0.0.0.0"):                    (YES, YES, YES, NO,  NO,  NO),
    bind("::ffff:0.0.0.0"):             (YES, YES, YES, NO,  NO,  NO),
    bind("0.0.0.0", at="lo"):           (YES, YES, NO,  NO,  NO,  NO),
    bind("0.0.0.0", at="net0"):         (NO,  NO,  YES, NO,  NO,  NO),
    bind("::", v6only=False):           (YES, YES, YES, YES, YES, YES),
    bind("::", v6only=True):            (NO,  NO,  NO,  YES, YES, YES),
    bind("::"):                         (UNKNOWN, UNKNOWN, UNKNOWN, YES, YES, YES),
    bind("::", v6only=False, at="lo"):  (YES, YES, NO,  YES, NO,  NO),
    bind("::", v6only=False, at="net0"): (NO, NO,  YES, NO,  YES, YES),
    bind("::", at="net0"):              (NO,  NO,  UNKNOWN, NO, YES, YES),
    bind("::1"):                        (NO,  NO,  NO,  YES, NO,  NO),
    bind("fe80::2", at="net0"):         (NO,  NO,  NO,  NO,  NO,  YES),
    bind("fe80::2", at="net1"):         (NO,  NO,  NO,  NO,  NO,  NO),
    bind("fe80::2%net0"):               (NO,  NO,  NO,  NO,  NO,  YES),
    bind("0.0.0.0", protocol=UDP):      (NO,  NO,  NO,  NO,  NO,  NO),
    bind("nonsense"):                   (NO,  NO,  NO,  NO,  NO,  NO),
}  # fmt: skip
"""Whether a listener takes what is sent to each of :data:`ADDRESSES`."""


@pytest.mark.parametrize("listener", TABLE, ids=str)
def test_yes_no_and_unknown(listener: Bind) -> None:
    """Every listener with every address."""
    found = tuple(
        takes(listener, place(text), interfaces_of(place(text), INTERFACES)) for text in ADDRESSES
    )
    assert found == TABLE[listener]


@pytest.mark.parametrize(
    ("listener", "address", "on", "expected"),
    [
        (bind("0.0.0.0", at="net0"), "127.0.0.1", (), NO),  # loopback is on lo, listed or not
        (bind("0.0.0.0", at="lo"), "127.9.9.9", (), YES),
        (bind("::", at="net0", v6only=True), "::1", (), NO),
        (bind("0.0.0.0", at="net0"), "192.0.2.2", (), UNKNOWN),  # on which interface it is
        (bind("0.0.0.0", at="net0"), "192.0.2.2", ("net0", "net1"), UNKNOWN),  # which has it
        (bind("0.0.0.0", at="net2"), "192.0.2.2", ("net0", "net1"), NO),
        (bind("::", at="net0"), "192.0.2.2", (), UNKNOWN),
        (bind("::", at="net0", v6only=True), "192.0.2.2", (), NO),  # one no is enough
        (bind("fe80::2"), "fe80::2%net0", ("net0",), YES),
        (bind("fe80::2", at="net0"), "fe80::2", ("net0", "net1"), UNKNOWN),
        (bind("127.0.0.1", at="lo"), "127.0.0.1", (), YES),
        (bind("0.0.0.0"), "nonsense", (), NO),
        (bind("nonsense"), "nonsense", (), NO),
    ],
)
def test_what_is_not_known_is_unknown(
    listener: Bind, address: str, on: tuple[str, ...], expected: bool | None
) -> None:
    """Where the interface of the address was not seen, or is not the only one."""
    assert takes(listener, place(address), on) is expected


def test_the_protocol_counts() -> None:
    """A UDP socket takes no connection, and a TCP listener no datagram."""
    spot = place("127.0.0.1")
    assert takes(bind("0.0.0.0", protocol=UDP), spot, protocol=UDP) is True
    assert takes(bind("0.0.0.0"), spot, protocol=UDP) is False


def test_linux_has_that_table() -> None:
    """Each listener alone on its port: a connection to each address is taken, or is refused."""
    need_root()
    need_ipv6()
    with real.network_interface() as (name, _, _):
        real.ip("address", "add", "2001:db8::2/64", "dev", name, "nodad")
        for listener, answers in TABLE.items():
            if listener in _NOT_MADE or None in answers:
                continue
            with _listening(listener, port := real.free_port()):
                found = tuple(_accepts(address, port) for address in ADDRESSES)
            assert found == answers, listener


_NOT_MADE = (bind("fe80::2", at="net1"), bind("0.0.0.0", protocol=UDP), bind("nonsense"))


def _listening(bound: Bind, port: int, *, shared: bool = False) -> socket.socket:
    """A listener that is bound so."""
    address, _, zone = bound.address.partition("%")
    listener = socket.socket(real.family(address))
    if bound.interface:
        name = bound.interface.encode() + b"\0"
        listener.setsockopt(socket.SOL_SOCKET, real.SO_BINDTODEVICE, name)
    if shared:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if ":" in address:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(bool(bound.v6only)))
        scope = zone or bound.interface if address.startswith("fe80") else None
        index = socket.if_nametoindex(scope) if scope else 0
        listener.bind((address, port, 0, index))
    else:
        listener.bind((address, port))
    listener.listen(8)
    return listener


def _accepts(address: str, port: int) -> bool:
    """Whether a connection to an address is accepted."""
    bare, _, zone = address.partition("%")
    with socket.socket(real.family(bare)) as client:
        client.settimeout(real.PATIENCE)
        where = (bare, port, 0, socket.if_nametoindex(zone) if zone else 0)
        return client.connect_ex(where if ":" in bare else where[:2]) == 0


ORDERS = {
    "127.0.0.1": (
        [bind("127.0.0.1")],
        [bind("0.0.0.0", at="lo"), bind("0.0.0.0")],
        [bind("::", v6only=False, at="lo"), bind("::", v6only=False)],
    ),
    "::1": ([bind("::1")], [bind("::", v6only=False, at="lo"), bind("::", v6only=False)]),
}
"""Listeners by how specific they are for an address; which of two alike accepts is not known."""


@pytest.mark.parametrize("address", ORDERS)
def test_the_most_specific_one_comes_first(address: str) -> None:
    """The address itself, then the wildcard of its version, then that of both versions."""
    spot = place(address)
    groups = [*ORDERS[address]]
    listeners = [each for group in reversed(groups) for each in group]
    listeners.append(bind("127.0.0.9"))
    assert [*map(len, groups)] == [
        sum(rank(each, spot) == number for each in taking(listeners, spot, ("lo",)))
        for number in sorted({rank(each, spot) for each in listeners[:-1]})
    ]
    while groups:
        assert set(most_specific(listeners, spot, ("lo",))) == {*groups[0]}
        for each in groups.pop(0):
            listeners.remove(each)
    assert most_specific(listeners, spot) == ()


@pytest.mark.parametrize("address", ORDERS)
def test_linux_has_that_order(address: str) -> None:
    """Listeners on one port, closed one after the other: each time one of the next accepts."""
    need_root()
    need_ipv6()
    with real.own_network(), ExitStack() as opened:
        port = real.free_port()
        groups = [
            [opened.enter_context(_listening(bound, port, shared=True)) for bound in group]
            for group in ORDERS[address]
        ]
        while groups:
            every = [each for group in groups for each in group]
            with socket.create_connection((address, port), timeout=real.PATIENCE):
                ready, _, _ = select.select(every, [], [], real.PATIENCE)
                assert len(ready) == 1
                assert ready[0] in groups[0]
            for each in groups.pop(0):
                each.close()


def test_an_unsure_one_counts_where_it_is_asked_for() -> None:
    """Of an IPv6 wildcard it may not be known whether it takes IPv4."""
    rows = (bind("::"), bind("0.0.0.0"))
    spot = place("127.0.0.1")
    assert taking(rows, spot) == (bind("0.0.0.0"), bind("::"))
    assert taking(rows, spot, unsure=False) == (bind("0.0.0.0"),)
    assert most_specific(rows[:1], spot) == rows[:1]


def test_a_report_from_outside_may_hold_anything() -> None:
    """An address that is none has a rank, too."""
    assert rank(bind("0.0.0.0"), place("<script>")) == 0
    assert rank(bind("<script>"), place("127.0.0.1")) == 0


@pytest.mark.parametrize(
    ("listener", "expected"),
    [
        (bind("0.0.0.0"), None),
        (bind("0.0.0.0", at="net0"), "net0"),
        (bind("127.0.0.1", at="lo"), None),  # the interface that has the address
        (bind("fe80::2", at="net0"), "net0"),
        (bind("fe80::2%net0"), "net0"),
    ],
)
def test_the_device_is_part_of_where_some_are_bound(listener: Bind, expected: str | None) -> None:
    """Of a wildcard and of a link-local address, not of another one."""
    assert device(listener) == expected


BINDS = ("0.0.0.0", "127.0.0.1", "127.0.0.2", "::", "::1", "::ffff:127.0.0.1")


def test_linux_keeps_out_what_is_said_to_be_kept_out() -> None:
    """Every listener with every address that another program may want, in a network of its own."""
    need_root()
    need_ipv6()
    with real.own_network():
        for listener in (*map(bind, BINDS), bind("::", v6only=True), bind("0.0.0.0", at="lo")):
            with _listening(listener, port := real.free_port()):
                told = listener._replace(v6only=bool(listener.v6only))
                found = {address: _is_kept_out(address, port) for address in BINDS}
            assert found == {address: excludes(told, address) for address in BINDS}, listener


def _is_kept_out(address: str, port: int) -> bool:
    """Whether a dual-stack bind to an address fails."""
    with socket.socket(real.family(address)) as trial:
        if ":" in address:
            trial.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        try:
            trial.bind((address, port))
        except OSError:
            return True
    return False


def test_whether_a_bind_is_kept_out_may_be_unknown() -> None:
    """An IPv6 wildcard that may be for IPv6 alone; and a datagram socket is in nobody's way."""
    assert excludes(bind("::"), "127.0.0.1") is None
    assert excludes(bind("::"), "::1") is True
    assert excludes(bind("0.0.0.0", protocol=UDP), "127.0.0.1") is False
