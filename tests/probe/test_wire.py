"""What goes onto the wire is ASCII, as a browser sends it: names, paths, certificates."""

from __future__ import annotations

import socketserver
import ssl
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from servers import certificate

from checks import diagnose
from checks.address import whatwg
from checks.cli import main
from checks.cli import wait as wait_command
from checks.probe.ask import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE = b"HTTP/1.1 200 OK\r\nServer: own\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


class Recorder(socketserver.ThreadingTCPServer):
    """An HTTP server that keeps what it was sent, and the names of TLS handshakes."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.requests: list[bytes] = []
        self.names: list[str | None] = []
        self.context = context
        if context is not None:
            context.sni_callback = lambda _, name, __: self.names.append(name)
        super().__init__(("127.0.0.1", 0), Answer)

    def handle_error(self, *_: object) -> None:
        """A client that leaves is no matter."""


class Answer(socketserver.BaseRequestHandler):
    """Keeps the first bytes and answers them with a page."""

    server: Recorder

    def handle(self) -> None:
        """Serve one connection."""
        connection = self.request
        if self.server.context is not None:
            connection = self.server.context.wrap_socket(connection, server_side=True)
        said = connection.recv(4096)
        if said:
            self.server.requests.append(said)
            connection.sendall(PAGE)
        connection.close()


@contextmanager
def recording(context: ssl.SSLContext | None = None) -> Iterator[Recorder]:
    """A server that runs; its port is ``server_address[1]``."""
    with Recorder(context) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(5)


def hosts(server: Recorder) -> set[str]:
    """The Host headers that came, without those of questions about other names."""
    found = {
        line.partition(b":")[2].strip().decode("ascii")
        for request in server.requests
        for line in request.split(b"\r\n")
        if line.lower().startswith(b"host:")
    }
    return {each for each in found if "invalid" not in each}


NAMES = [
    ("localhost", "localhost"),
    ("\u24dbocalhost", "localhost"),  # a letter in a circle
    ("\uff2cocalhost", "localhost"),  # a full-width letter
    ("b\xfccher.localhost", "xn--bcher-kva.localhost"),
    ("fa\xdf.localhost", "xn--fa-hia.localhost"),  # the idna codec of Python makes "fass" of it
    ("\u65e5\u672c.localhost", "xn--wgv71a.localhost"),
    ("xn--bcher-kva.localhost", "xn--bcher-kva.localhost"),
]


@pytest.mark.machine
class TestNames:
    """Names of this machine in other scripts."""

    @pytest.mark.parametrize(("typed", "sent"), NAMES)
    def test_the_host_header_has_the_ascii_form(self, typed: str, sent: str) -> None:
        """No question mark and no byte beyond ASCII."""
        with recording() as server:
            port = server.server_address[1]
            report = diagnose(f"{typed}:{port}")
        assert report.probes[0].outcome == "accepted"
        assert hosts(server) == {f"{sent}:{port}"}
        assert all(request.isascii() for request in server.requests)

    @pytest.mark.parametrize(("typed", "sent"), NAMES)
    def test_waiting_sends_the_same(self, typed: str, sent: str) -> None:
        """Host and path of a URL; the address is asked for where the resolver has no such name."""
        with recording() as server:
            port = server.server_address[1]
            url = f"http://{typed}:{port}/\xfcber?q=\u65e5"
            code = main(["wait", "-q", "--timeout", "0.5", "--for", "http", url])
        if code == 0:  # names below localhost are not known to every resolver
            assert hosts(server) == {f"{sent}:{port}"}
            assert server.requests[0].startswith(b"GET /%C3%BCber?q=%E6%97%A5 HTTP/1.1\r\n")
        else:
            assert typed not in ("localhost", "\u24dbocalhost", "\uff2cocalhost")
            assert server.requests == []

    @pytest.mark.parametrize(
        ("typed", "sent"),
        [
            ("b\xfccher.localhost", "xn--bcher-kva.localhost"),
            ("\u24dbocalhost", "localhost"),
            ("localhost.", "localhost"),
        ],
    )
    def test_tls_is_asked_for_the_ascii_form(self, typed: str, sent: str, tmp_path: Path) -> None:
        """SNI has it, without a full stop at the end, and the certificate is held against it."""
        chain, key = certificate(tmp_path, names=f"DNS:{sent}")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain, key)
        with recording(context) as server:
            report = diagnose(f"https://{typed}:{server.server_address[1]}/")
        assert set(server.names) == {sent}
        identity = report.probes[0].identity
        assert identity is not None
        assert identity.tls is not None
        assert identity.tls.problem_code == "self-signed"


class TestForm:
    """The form itself, without sockets."""

    @pytest.mark.parametrize(("typed", "sent"), [*NAMES, ("LocalHost.", "LocalHost.")])
    def test_a_name(self, typed: str, sent: str) -> None:
        """What is ASCII already stays as it was typed."""
        assert whatwg.to_wire(typed) == sent

    @pytest.mark.parametrize(
        "typed", ["\u202eabc", "\xad", "a\u200bb c", "\uff11\uff12\uff17.1", "x\ud800", "%", "a%2"]
    )
    def test_what_is_no_name_has_none(self, typed: str) -> None:
        """Then the address stands in the Host header."""
        assert whatwg.to_wire(typed) is None

    def test_the_escapes_of_a_url_are_read(self) -> None:
        """As the URL Standard does."""
        assert whatwg.to_wire("b%C3%BCcher.localhost") == "xn--bcher-kva.localhost"

    def test_the_hosts_file_is_searched_for_it(self, tmp_path: Path) -> None:
        """The file has ASCII."""
        (tmp_path / "hosts").write_text("127.0.0.9 xn--bcher-kva.example\n")
        found = resolve.hosts_file("B\xfccher.example.", str(tmp_path / "hosts"))
        assert found is not None
        assert found.addresses == ("127.0.0.9",)

    def test_localhost_in_other_letters_is_localhost(self) -> None:
        """A browser goes there."""
        assert resolve.is_localhost("\u24dbocalhost")
        assert not resolve.is_localhost("\u24dbocalhosts")

    def test_a_path_beyond_ascii_is_escaped(self) -> None:
        """And so is a lone surrogate, which has no UTF-8."""
        assert wait_command._path("http://h/\ud800<") == "/%3F%3C"
