"""The system's resolver: its order, its errors, and its silence."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import situations
from needs import need_root

from checks.probe.ask import resolve
from checks.probe.targets import Address

ROOT = Path(__file__).parents[3]


def infos(*addresses: str) -> list[tuple[object, ...]]:
    """What getaddrinfo returns for these addresses."""
    return [
        (
            situations.family(each),
            socket.SOCK_STREAM,
            6,
            "",
            (each, 0, 0, 0)[: 4 if ":" in each else 2],
        )
        for each in addresses
    ]


def answer_with(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Have getaddrinfo give these addresses."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: infos(*addresses))


class TestAnswer:
    """What is made of the resolver's answer."""

    def test_keeps_the_systems_order(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The order decides which address a client tries first; doubles go."""
        answer_with(monkeypatch, "::1", "192.0.2.2", "::1", "fe80::1%eth0")
        answer, addresses = resolve.addresses("host.test", 5.0)
        assert answer == ("getaddrinfo", ("::1", "192.0.2.2", "fe80::1%eth0"), None)
        assert addresses == [
            Address(6, 1),
            Address(4, 0xC0000202),
            Address(6, (0xFE80 << 112) + 1, "eth0"),
        ]

    @pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "localhost.", "app.localhost"])
    def test_localhost_gets_both_loopbacks(
        self, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What the system leaves out is appended and marked."""
        answer_with(monkeypatch, "127.0.0.1")
        answer, addresses = resolve.addresses(name, 5.0)
        assert answer.addresses == ("127.0.0.1",)
        assert [each[:2] for each in addresses] == [(4, 0x7F000001), (6, 1)]
        assert addresses[0].detail is None
        assert addresses[1].detail is not None
        assert name in addresses[1].detail

    @pytest.mark.parametrize("name", ["localhost.test", "mylocalhost", "notlocalhost.", "local"])
    def test_other_names_get_nothing_added(
        self, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Only localhost and what is below it is tied to loopback."""
        answer_with(monkeypatch, "127.0.0.1")
        assert len(resolve.addresses(name, 5.0)[1]) == 1

    def test_the_order_of_a_system_that_prefers_ipv6_stays(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Where the system gives ::1 first it is asked first."""
        answer_with(monkeypatch, "::1", "127.0.0.1")
        assert [each.version for each in resolve.addresses("localhost", 5.0)[1]] == [6, 4]

    @pytest.mark.parametrize(
        ("number", "symbol"), [(socket.EAI_NONAME, "EAI_NONAME"), (socket.EAI_AGAIN, "EAI_AGAIN")]
    )
    def test_errors_are_named(
        self, number: int, symbol: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A failure is the resolver's own symbol; localhost is asked all the same."""

        def fail(*_: object) -> None:
            raise socket.gaierror(number, "no")

        monkeypatch.setattr(socket, "getaddrinfo", fail)
        assert resolve.addresses("host.test", 5.0) == (("getaddrinfo", (), symbol), [])
        answer, addresses = resolve.addresses("x.localhost", 5.0)
        assert answer.error == symbol
        assert [each.version for each in addresses] == [4, 6]

    def test_an_error_without_a_name_is_a_number(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A symbol that Python does not know stays its number."""

        def fail(*_: object) -> None:
            raise socket.gaierror(-987, "?")

        monkeypatch.setattr(socket, "getaddrinfo", fail)
        assert resolve.addresses("host.test", 5.0)[0].error == "EAI_-987"

    @pytest.mark.parametrize("name", ["\0", "a" * 64 + ".test", "ü" * 64, "\ud800", "a..b", ""])
    def test_what_is_no_name_is_not_found(self, name: str) -> None:
        """A name that cannot even be asked has no address."""
        with situations.own_network():
            answer, addresses = resolve.addresses(name, 5.0)
        assert answer.error is not None
        assert addresses == []


class TestSilence:
    """A resolver that does not answer."""

    def test_ends_with_the_timeout(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The look-up is left behind when the time is up."""
        ended = threading.Event()
        started = threading.Event()

        def hang(*_: object) -> list[object]:
            started.set()
            ended.wait(situations.PATIENCE)
            return []

        monkeypatch.setattr(socket, "getaddrinfo", hang)
        try:
            answer, addresses = resolve.addresses("host.test", 0.05)
        finally:
            ended.set()
        assert started.wait(situations.PATIENCE)
        assert (answer.error, addresses) == ("ETIMEDOUT", [])

    def test_of_a_real_name_server(self) -> None:
        """A DNS server that never answers holds up neither the probe nor the end of the program."""
        need_root()
        servers = [
            line.split()[1]
            for line in Path("/etc/resolv.conf").read_text().splitlines()
            if line.startswith("nameserver ")
        ]
        code = (
            "import sys; sys.path.insert(0, sys.argv[1])\n"
            "from checks.probe.ask import resolve\n"
            "print(resolve.addresses('silent.example', 0.2)[0].error)\n"
        )
        with situations.silent_name_server(servers[0] if servers else "127.0.0.1"):
            done = subprocess.run(
                [sys.executable, "-I", "-S", "-c", code, str(ROOT)],
                capture_output=True,
                text=True,
                check=True,
                env={**os.environ, "RES_OPTIONS": "timeout:30"},
                timeout=25.0,  # glibc alone waits 30 s for its first answer
            )
        assert done.stdout.strip() == "ETIMEDOUT"


class TestHostsFile:
    """The file that most systems ask first."""

    TEXT = (
        "# comment 127.0.0.9 commented\n127.0.0.1\tlocalhost app.test # app2.test\n"
        "::1 localhost ip6-localhost\n\n   \n127.0.0.1 LocalHost\n192.0.2.1\nnonsense\n"
    )

    @pytest.mark.parametrize(
        ("name", "addresses"),
        [
            ("localhost", ("127.0.0.1", "::1")),
            ("LOCALHOST.", ("127.0.0.1", "::1")),
            ("app.test", ("127.0.0.1",)),
            ("app2.test", ()),
            ("commented", ()),
            ("192.0.2.1", ()),
        ],
    )
    def test_names(self, name: str, addresses: tuple[str, ...], tmp_path: Path) -> None:
        """Every address with the name, in the file's order, without comments."""
        path = tmp_path / "hosts"
        path.write_text(self.TEXT)
        answer = resolve.hosts_file(name, str(path))
        assert answer == ("hosts file", addresses, None)

    def test_a_missing_file_gives_no_answer(self, tmp_path: Path) -> None:
        """Where the file cannot be read nothing is claimed about it."""
        assert resolve.hosts_file("localhost", str(tmp_path / "hosts")) is None
