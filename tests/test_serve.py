"""The server of the built site: this machine's own names only, the right types, nothing outside."""

from __future__ import annotations

import gzip
import http.client
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import serve

PAGE = "<!doctype html><title>x</title>" + "text " * 200


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A small site, served."""
    root = tmp_path_factory.mktemp("site")
    (root / "a").mkdir()
    (root / "index.html").write_text(PAGE)
    (root / "a/index.html").write_text("a")
    (root / "404.html").write_text("nothing here")
    (root / "s.mjs").write_text("export {}")
    (root / "r.wasm").write_bytes(b"\0asm")
    (root.parent / "secret.txt").write_text("secret")
    server = serve.serve(root, port=0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def ask(port: int, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    """One request, sent as it is written."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.putrequest("GET", path, skip_host=True, skip_accept_encoding=True)
        for name, value in {"Host": f"127.0.0.1:{port}", **headers}.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def test_a_page_comes_as_it_is_or_compressed(port: int) -> None:
    """As the client asks; with its length, and no sniffing."""
    plain, body = ask(port, "/")
    assert (plain.status, body.decode()) == (200, PAGE)
    assert plain.headers["Content-Type"] == "text/html; charset=utf-8"
    assert plain.headers["X-Content-Type-Options"] == "nosniff"
    packed, body = ask(port, "/", Accept_Encoding="br, gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body).decode() == PAGE


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/s.mjs", "text/javascript; charset=utf-8"), ("/r.wasm", "application/wasm")],
)
def test_types_do_not_depend_on_the_system(port: int, path: str, kind: str) -> None:
    """Scripts of type module and streaming compilation need the exact ones."""
    assert ask(port, path)[0].headers["Content-Type"] == kind


@pytest.mark.parametrize(
    "host", ["rebind.invalid:80", "example.com", "", "127.0.0.1.evil.invalid:1"]
)
def test_a_foreign_host_is_refused(port: int, host: str) -> None:
    """DNS rebinding reaches nothing."""
    response, body = ask(port, "/", Host=host)
    assert response.status == 421
    assert b"text text" not in body


def test_what_is_not_there_is_the_sites_own_page(port: int) -> None:
    """With the status that says so."""
    response, body = ask(port, "/nowhere/")
    assert (response.status, body) == (404, b"nothing here")


@pytest.mark.parametrize("path", ["/../secret.txt", "/%2e%2e/secret.txt", "//../secret.txt"])
def test_nothing_outside_the_folder_is_served(port: int, path: str) -> None:
    """However the way up is written."""
    assert b"secret" not in ask(port, path)[1]


def test_a_folder_without_its_slash_leads_to_it_and_to_no_other_host(port: int) -> None:
    """A relative link would start from the wrong place otherwise."""
    assert ask(port, "/a")[0].headers["Location"] == "/a/"
    assert ask(port, "//a")[0].headers["Location"] == "/a/"


def test_the_command_line_says_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No site yet: how to make it; the port is taken: what to ask."""
    with pytest.raises(SystemExit):
        serve.main([str(tmp_path)])
    assert "make site" in capsys.readouterr().err
    (tmp_path / "index.html").write_text("x")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        assert serve.main([str(tmp_path), "--port", str(number)]) == 1
    assert f"python3 -m checks 127.0.0.1:{number}" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["70000", "-1", "x", "٣", "1" * 5000])
def test_a_number_that_is_no_port_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], port: str
) -> None:
    """bind() would raise what is no OSError."""
    (tmp_path / "index.html").write_text("x")
    with pytest.raises(SystemExit) as ended:
        serve.main([str(tmp_path), f"--port={port}"])
    assert ended.value.code == 2
    assert "is no port; expected 0 to 65535" in capsys.readouterr().err.splitlines()[-1]


def test_a_host_that_cannot_be_one_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A label that is too long, in letters that the resolver has to encode first."""
    (tmp_path / "index.html").write_text("x")
    assert serve.main([str(tmp_path), "--host", "ä" * 80, "--port", "0"]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_browser_that_leaves_is_no_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Any other error is still told."""
    with serve.serve(tmp_path, port=0) as server:
        said = [_said(server, error, capsys) for error in (ConnectionResetError(), ValueError())]
    assert said[0] == ""
    assert "ValueError" in said[1]


def _said(server: serve.Server, error: Exception, capsys: pytest.CaptureFixture[str]) -> str:
    """What is printed of an error in a request."""
    try:
        raise error
    except type(error):
        server.handle_error(None, ("127.0.0.1", 1))
    return capsys.readouterr().err
