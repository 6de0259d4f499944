"""Which clients use a proxy: the rules beside the clients themselves."""

from __future__ import annotations

import itertools
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib.util import find_spec

import pytest
import situations as real
from hypothesis import given
from hypothesis import strategies as st
from needs import missing, need, need_ipv6

from checks.model.words import PROXY_VARIABLES
from checks.probe.machine.proxies import without_credentials
from checks.rules.proxies import Request, misled

PROXY = "http://proxy.example:3128"
LOCAL = Request("http", "127.0.0.1", 8000, loopback=True)
ALL = {"curl", "Wget", "Python's urllib", "requests"}

CASES = {
    "lower case": ({"http_proxy": PROXY}, ALL),
    "upper case": ({"HTTP_PROXY": PROXY}, ALL - {"curl", "Wget"}),
    "all": ({"all_proxy": PROXY}, {"curl", "requests"}),
    "https only": ({"https_proxy": PROXY}, set()),
    "none": ({"NO_PROXY": "x"}, set()),
    "empty": ({"http_proxy": ""}, set()),
    "excluded": ({"http_proxy": PROXY, "no_proxy": "localhost,127.0.0.1"}, set()),
    "excluded in upper case": ({"http_proxy": PROXY, "NO_PROXY": "127.0.0.1"}, {"Wget"}),
    "the name only": ({"http_proxy": PROXY, "no_proxy": "localhost"}, ALL),
    "a network": (
        {"http_proxy": PROXY, "no_proxy": "127.0.0.0/8"},
        {"Wget", "Python's urllib"},
    ),
    "a star": ({"http_proxy": PROXY, "no_proxy": "*"}, {"Wget"}),
    "Node.js": ({"HTTP_PROXY": PROXY, "NODE_USE_ENV_PROXY": "1"},
                {"Python's urllib", "requests", "Node.js"}),
}  # fmt: skip


@pytest.mark.parametrize(("variables", "clients"), CASES.values(), ids=list(CASES))
def test_each_client_has_its_rule(variables: dict[str, str], clients: set[str]) -> None:
    """By the names that it reads, and by its way to read the list."""
    assert set(misled(variables, LOCAL)) == clients


def test_go_uses_a_proxy_for_other_hosts_only() -> None:
    """Also a private one, where no network excludes it."""
    private = Request("http", "10.1.2.3", 8000, loopback=False)
    assert "Go" in misled({"HTTP_PROXY": PROXY}, private)
    assert "Go" not in misled({"HTTP_PROXY": PROXY, "NO_PROXY": "10.0.0.0/8"}, private)
    assert "Go" not in misled({"HTTP_PROXY": PROXY}, LOCAL)
    assert "Go" not in misled({"HTTP_PROXY": PROXY}, LOCAL._replace(host="localhost"))
    assert "Go" in misled({"HTTP_PROXY": PROXY}, LOCAL._replace(host="app.localhost"))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("http://ann:s3cret@proxy.example:3128/x?y", "http://proxy.example:3128"),
        ("ann:s3/c@ret@proxy.example:3128", "proxy.example:3128"),
        ("socks5h://s3cret@[::1]:1080", "socks5h://[::1]:1080"),
        ("http://proxy.example", "http://proxy.example"),
        ("http://user:s3cret", "http://user"),
        ("http://s3 cret", "?"),
        ("  ", ""),
        ("\x1b[31m", "?"),
    ],
)
def test_no_password_is_shown(value: str, shown: str) -> None:
    """Host and port alone, whatever stands before them."""
    assert without_credentials(value) == shown


@given(st.text())
def test_what_stands_before_the_last_at_sign_is_never_shown(credentials: str) -> None:
    """A user, a password, or anything."""
    shown = without_credentials(f"http://{credentials}@proxy.example:3128/x")
    assert shown in ("http://proxy.example:3128", "proxy.example:3128")


@given(
    st.dictionaries(st.sampled_from(PROXY_VARIABLES), st.text()),
    st.sampled_from(["http", "https"]),
    st.text(min_size=1),
    st.booleans(),
)
def test_any_values_are_read(
    variables: dict[str, str], scheme: str, host: str, local: bool
) -> None:
    """No environment and no host makes the rules fail."""
    misled(variables, Request(scheme, host, 80, loopback=local))


# The clients themselves

_URLLIB = (
    "import urllib.request as u, sys\ntry: u.urlopen(sys.argv[1], timeout=9)\nexcept OSError: 0"
)
_REQUESTS = "import requests as r, sys\ntry: r.get(sys.argv[1], timeout=9)\nexcept OSError: 0"
COMMANDS = {
    "curl": ["curl", "-s", "-m", "9"],
    "Wget": ["wget", "-q", "-O", "/dev/null", "-t", "1", "-T", "9"],
    "Python's urllib": [sys.executable, "-I", "-S", "-c", _URLLIB],
    "requests": [sys.executable, "-c", _REQUESTS],
}

LISTS = (
    "", "*", "localhost", "127.0.0.1", "localhost,127.0.0.1,::1", "127.0.0.0/8", "::1", "[::1]",
    ".localhost", "0.0.1", "localhost 127.0.0.1", "LOCALHOST", "*.localhost", "host",
    "x, 127.0.0.1", "127.0.0.1 ,x", " 127.0.0.1",
)  # fmt: skip
HOSTS = ("127.0.0.1", "localhost", "[::1]", "app.localhost")


@pytest.fixture(scope="module")
def proxy() -> Iterator[tuple[str, list[bytes]]]:
    """A proxy that answers everything, and what it was asked."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:

        def serve() -> None:
            while True:
                try:
                    peer, _ = server.accept()
                except OSError:
                    return
                with peer:
                    asked.append(peer.recv(4096))
                    peer.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", asked
        server.shutdown(socket.SHUT_RDWR)
        thread.join(real.PATIENCE)


@pytest.mark.machine
@pytest.mark.parametrize("client", list(COMMANDS))
def test_the_client_does_as_its_rule_says(client: str, proxy: tuple[str, list[bytes]]) -> None:
    """The request arrives at the proxy, or it does not. Nothing listens at the host itself."""
    need_ipv6()
    if client == "requests":
        if find_spec("requests") is None:
            missing("the Python package requests (pip install requests)")
    else:
        need(COMMANDS[client][0], client.lower())
    address, asked = proxy
    port = real.free_port()
    some = [{"http_proxy": address}, {"HTTP_PROXY": address}, {"all_proxy": address},
            {"http_proxy": "", "HTTP_PROXY": address}, {"http_proxy": "", "ALL_PROXY": address},
            {"http_proxy": address, "no_proxy": "", "NO_PROXY": "127.0.0.1"}]  # fmt: skip
    cases = [(variables, "127.0.0.1") for variables in some]
    names = itertools.cycle(("no_proxy", "NO_PROXY"))
    cases += [
        ({"http_proxy": address, next(names): listed}, host) for listed in LISTS for host in HOSTS
    ]
    for variables, host in cases:
        asked.clear()
        url = f"http://{host}:{port}/"
        home = {"HOME": "/nonexistent", "PATH": os.environ["PATH"]}
        subprocess.run([*COMMANDS[client], url], env={**home, **variables}, check=False,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        expected = misled(variables, Request("http", host.strip("[]"), port, loopback=True))
        assert bool(asked) == (client in expected), (variables, host)
