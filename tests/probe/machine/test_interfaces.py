"""The addresses of this machine, by the kernel over netlink and by /proc/net."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from checks.model.evidence import Interface
from checks.probe.machine import interfaces

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")


def test_addresses_from_the_routing_tree(tmp_path: Path) -> None:
    """Local leaves are this machine's addresses, each once; networks and broadcasts are not."""
    trie = (
        "Main:\n  +-- 0.0.0.0/0 3 0 5\n     +-- 127.0.0.0/8 2 0 2\n        |-- 127.0.0.0\n"
        "           /8 host LOCAL\n        |-- 127.0.0.1\n           /32 host LOCAL\n"
        "        |-- 127.255.255.255\n           /32 link BROADCAST\n"
        "     |-- 192.0.2.2\n        /32 host LOCAL\nLocal:\n        |-- 127.0.0.1\n"
        "           /32 host LOCAL\n"
    )
    six = "00000000000000000000000000000001 01 80 10 80       lo\nshort line\n"
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "fib_trie").write_text(trie)
    (tmp_path / "net" / "if_inet6").write_text(six)
    assert interfaces.of_procfs(str(tmp_path)) == [
        Interface("", "127.0.0.1", 32),
        Interface("", "192.0.2.2", 32),
        Interface("lo", "::1", 128),
    ]
    assert interfaces.of_procfs(str(tmp_path / "nothing")) == []


def test_addresses_agree_with_procfs() -> None:
    """Both witnesses give the same addresses of this machine."""
    asked = {
        (each.address, each.prefix_length if ":" in each.address else 32)
        for each in interfaces.of_netlink()
    }
    assert asked == {(address, length) for _, address, length in interfaces.of_procfs()}
    assert ("127.0.0.1", 32) in asked


def test_interfaces_without_netlink(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where netlink is forbidden the addresses come from /proc/net."""
    rich = {each.address for each in interfaces.interfaces()}

    def forbidden() -> None:
        raise PermissionError("filtered")

    monkeypatch.setattr(interfaces, "of_netlink", forbidden)
    assert {each.address for each in interfaces.interfaces()} == rich
