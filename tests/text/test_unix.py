"""Unix sockets and ranges of ports in texts: what is one, what is not, and what it costs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks import page
from checks.text import classify, ranges, unix, unix_running

PATHS = {
    "unix:/run/app": "/run/app",
    "UNIX:/run/app": "/run/app",
    "unix:///run/user/1000/app": "/run/user/1000/app",
    "unix:@name": "@name",
    "unix-abstract:name": "@name",
    "unix:app.sock": "app.sock",
    "unix:./app.sock": "./app.sock",
    "unix:name": "name",
    "unix:/run/back.sock:/uri": "/run/back.sock",
    "http+unix://%2Frun%2Fuser%2Fengine.sock/v1/info": "/run/user/engine.sock",
    "/run/app.sock": "/run/app.sock",
    "/run/snapd.socket": "/run/snapd.socket",
    "~/app.sock": "~/app.sock",
    "./app.sock": "./app.sock",
    "/tmp/.s.PGSQL.5433": "/tmp/.s.PGSQL.5433",  # noqa: S108 - a name only
    "/tmp/.X11-unix/X0": "/tmp/.X11-unix/X0",  # noqa: S108
    "@/tmp/.X11-unix/X0": "@/tmp/.X11-unix/X0",
}


@pytest.mark.parametrize(("word", "path"), PATHS.items())
def test_a_word_is_a_socket(word: str, path: str) -> None:
    """In each spelling that a tool or configuration has; quotes around it are none of it."""
    for text in (word, f"  '{word}'\n"):
        read = classify(text)
        assert read.kind == "unix"
        (one,) = read.endpoints
        assert (one.path, one.form, one.host, one.port) == (path, "unix", None, None)
        assert text[slice(*one.span)] == word


@pytest.mark.parametrize(
    "word",
    ["unix:", "unix://", "unix:8080", "@name", "@types/node", "/etc/passwd", "/.sock", "app.sock",
     "unix.example:80", "user@host", "local", "localhost", "/lib/systemd/system/app.socket",
     "http://example.org/app.sock", "/run/.s.PGSQL.", "https://x/%2Frun.sock", "//host/x.sock"],
)  # fmt: skip
def test_a_word_is_no_socket(word: str) -> None:
    """A name that only a machine can tell, a unit file, a URL, a lock."""
    assert classify(word).kind != "unix"


FOUND = {
    "Error: connect ENOENT /run/a b": ["/run/a"],
    "connect EACCES /run/app.": ["/run/app"],
    "listen EADDRINUSE: address already in use /srv/x/y": ["/srv/x/y"],
    "dial unix /run/engine: connect: connection refused": ["/run/engine"],
    "server on socket \"/tmp/with space/.s.PGSQL.5432\" failed": [
        "/tmp/with space/.s.PGSQL.5432"  # noqa: S108
    ],
    "through socket '/srv/my.sock' (2)": ["/srv/my.sock"],
    "upstream: \"fastcgi://unix:/run/php/php-fpm.sock:\", host": ["/run/php/php-fpm.sock"],
    "Connection to unix:///run/x.sock, unix:///run/y.sock": ["/run/x.sock", "/run/y.sock"],
    "Could not connect to Redis at /run/redis.sock: No such file or directory": ["/run/redis.sock"],
    "see /usr/share/doc/app/README and /var/log/app.log": [],
    "connect ECONNREFUSED 127.0.0.1:5432": [],
    "http://127.0.0.1/run/app.sock": [],
}  # fmt: skip


@pytest.mark.parametrize(("text", "paths"), FOUND.items())
def test_the_sockets_of_running_text(text: str, paths: list[str]) -> None:
    """By the words before a path, or by its name."""
    found = unix_running.find(text)
    assert [one.path for one in found] == paths
    for one in found:
        assert text[slice(*one.span)] == one.text


def test_at_most_some_are_told() -> None:
    """A log may name thousands."""
    text = " ".join(f"connect ENOENT /run/{number}.sock" for number in range(99))
    assert len(unix_running.find(text)) == unix_running.MOST


@given(st.text(alphabet="/@unix:.sock-' \"connect ENOENT%2F019\n", max_size=60))
def test_any_text_is_read(text: str) -> None:
    """Nothing is raised, and what is found stands where it says."""
    for one in (*classify(text).endpoints, *unix_running.find(text)):
        if one.path is not None:
            assert one.path
            assert text[slice(*one.span)] == one.text
    unix.read(text)
    ranges.bounds(text)
    ranges.read(text, 0)


@given(st.integers(0, 70000), st.integers(0, 70000), st.sampled_from(["", ":", "[::1]:", "db:"]))
def test_a_range_has_each_port_once(first: int, last: int, host: str) -> None:
    """Upwards, up to the highest port, and not too many; the host is that of each."""
    word = f"{host}{first}-{last}"
    found = ranges.read(word, 7)
    if first < last <= 65535 and last - first < ranges.MOST:
        assert [one.port.number for one in found if one.port] == [*range(first, last + 1)]
        assert {one.span for one in found} == {(7, 7 + len(word))}
        assert len({one.host for one in found}) == 1
    else:
        assert found == ()
    assert ranges.is_long(word) == (first < last <= 65535 and last - first >= ranges.MOST)


@pytest.mark.parametrize(
    "piece", ["/", "unix:", "unix:/", "connect ENOENT /", "socket '/", "@", "%2F"]
)
def test_time_is_in_proportion(piece: str) -> None:
    """A hundred thousand characters of what patterns begin with are read at once."""
    text = piece * (100_000 // len(piece))
    unix_running.find(text)
    classify(text)


def test_the_page_says_what_it_is_and_how_to_ask() -> None:
    """Without a machine: the sentence, and the command that asks one."""
    shown = page.answer("unix:/run/docker.sock")
    assert "/run/docker.sock is a Unix socket" in shown
    assert page.command("unix:/run/docker.sock") == "python3 -m checks unix:/run/docker.sock"
    assert "the name that Docker gives its socket" in shown
