"""Of several binds the most specific one takes what comes in; the kernel is asked, too."""

from __future__ import annotations

import select
import socket
from contextlib import ExitStack

import pytest
import situations as real
from needs import need_ipv6, need_linux

from checks.rules.binds import breadth, taking


@pytest.mark.parametrize(
    ("address", "version", "order"),
    [("127.0.0.1", 4, ("127.0.0.1", "0.0.0.0", "::")), ("::1", 6, ("::1", "::"))],
)
def test_the_order_and_the_rank_agree(address: str, version: int, order: tuple[str, ...]) -> None:
    """The address itself, then its version, then both."""
    assert taking(address) == order
    assert [breadth(bound, version) for bound in order] == list(range(len(order)))


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_linux_has_that_order(address: str) -> None:
    """Listeners on one port, closed one after the other: each time the next accepts."""
    need_linux()
    need_ipv6()
    port = real.free_port()
    with ExitStack() as opened:
        listeners = [opened.enter_context(_listening(bound, port)) for bound in taking(address)]
        for number, listener in enumerate(listeners):
            with socket.create_connection((address, port), timeout=real.PATIENCE):
                ready, _, _ = select.select(listeners[number:], [], [], real.PATIENCE)
                assert ready == [listener]
            listener.close()


def _listening(address: str, port: int) -> socket.socket:
    """A listener beside others: all have SO_REUSEPORT, and :: takes IPv4 as well."""
    listener = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if ":" in address:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    listener.bind((address, port))
    listener.listen(8)
    return listener
