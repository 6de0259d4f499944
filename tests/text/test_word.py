"""One word: every form in which a person writes an endpoint alone, and what is none."""

from __future__ import annotations

import pytest
from brief import brief

from checks import classify

WORDS = [
    ("127.0.0.1", "address", "127.0.0.1"),
    ("  127.0.0.1\n", "address", "127.0.0.1"),
    ('"127.0.0.1:62893",', "endpoint", "127.0.0.1 port 62893"),
    ("<http://localhost>", "url", "localhost port 80"),
    ("fe80::1%eth0", "address", "fe80::1%eth0"),
    ("[::1]", "address", "::1"),
    ("127.0.0.0/8", "network", "127.0.0.0/8"),
    ("::1/128", "network", "::1/128"),
    ("127.0.0.1:62893", "endpoint", "127.0.0.1 port 62893"),
    ("[::1]:8080", "endpoint", "::1 port 8080"),
    ("::1:5432", "endpoint", "::1 port 5432"),
    (":::3000", "endpoint", ":: port 3000"),
    ("1:2:3:4:5:6:7:8:80", "endpoint", "1:2:3:4:5:6:7:8 port 80"),
    ("::ffff:127.0.0.1:8080", "endpoint", "::ffff:127.0.0.1 port 8080"),
    ("::ffff:127.0.0.1", "address", "::ffff:127.0.0.1"),
    ("127.0.0.1.62893", "endpoint", "127.0.0.1 port 62893"),
    ("::1.5432", "endpoint", "::1 port 5432"),
    ("fe80::1%lo0.62893", "endpoint", "fe80::1%lo0 port 62893"),
    ("fe80::1%eth0.100", "address", "fe80::1%eth0.100"),
    ("*.8080", "endpoint", "* port 8080"),
    ("*:8080", "endpoint", "* port 8080"),
    ("127.0.0.53%lo:53", "endpoint", "127.0.0.53%lo port 53"),
    ("[fe80::1]%eth0:68", "endpoint", "fe80::1%eth0 port 68"),
    ("localhost/127.0.0.1:62893", "endpoint", "127.0.0.1 port 62893"),
    ("/127.0.0.1:62893", "endpoint", "127.0.0.1 port 62893"),
    ("localhost/[0:0:0:0:0:0:0:1]:62893", "endpoint", "::1 port 62893"),
    ("http://127.0.0.1:62893/x?y#z", "url", "127.0.0.1 port 62893"),
    ("HTTPS://[::1]", "url", "::1 port 443"),
    ("postgres://me:secret@localhost/db", "url", "localhost port 5432"),
    ("jdbc:postgresql://localhost:5433/db", "url", "localhost port 5433"),
    ("http://127.1.1.1:80\\@127.2.2.2:80/", "url", "127.1.1.1 port 80"),
    ("http://user@127.2.2.2:80/", "url", "127.2.2.2 port 80"),
    ("tcp://127.0.0.1:5000", "url", "127.0.0.1 port 5000"),
    ("hxxp://127[.]0[.]0[.]1", "url", "127.0.0.1 port 80"),
    ("hxxps[:]//localhost[:]8443/x", "url", "localhost port 8443"),
    ("127[.]0[.]0[.]1:80", "endpoint", "127.0.0.1 port 80"),
    ("localhost:3000/api", "endpoint", "localhost port 3000"),
    ("localhost", "name", "localhost"),
    ("localhost.", "name", "localhost."),
    ("db:5432", "endpoint", "db port 5432"),
    (":8080", "port", "port 8080"),
    ("62893", "port", "port 62893"),
    ("99999", "port", "port 99999"),
    ("2130706433", "address", "127.0.0.1"),
    ("0x7f000001", "address", "127.0.0.1"),
    ("0x7f.1:62893", "endpoint", "127.0.0.1 port 62893"),
    ("127.1", "address", "127.0.0.1"),
    ("0177.0.0.1", "address", "127.0.0.1"),
    ("１２７．０．０．１", "address", "127.0.0.1"),
    ("127.0.0.1:99999", "endpoint", "127.0.0.1 port 99999"),
    ("127.0.0.1:abc", "endpoint", "127.0.0.1 port abc"),
    ("256.1.1.1", "address", "256.1.1.1"),
    ("[::1", "address", "[::1"),
    # Punctuation of the sentence around it.
    ("127.0.0.1:62893.", "endpoint", "127.0.0.1 port 62893"),
    ("127.0.0.1:62893?", "endpoint", "127.0.0.1 port 62893"),
    ("127.0.0.1:62893!", "endpoint", "127.0.0.1 port 62893"),
    ("localhost:3000.", "endpoint", "localhost port 3000"),
    ("http://localhost:3000.", "url", "localhost port 3000"),
    ("http://127.0.0.1:8080)", "url", "127.0.0.1 port 8080"),
    ("[2001:db8::1]:443:", "endpoint", "2001:db8::1 port 443"),
    ("127.0.0.1.", "address", "127.0.0.1"),
    ("2001:1::", "address", "2001:1::"),
    # Networks with zeros left out, and masks.
    ("10/8", "network", "10.0.0.0/8"),
    ("172.16/12", "network", "172.16.0.0/12"),
    ("192.168/16", "network", "192.168.0.0/16"),
    ("127/8", "network", "127.0.0.0/8"),
    ("169.254/16", "network", "169.254.0.0/16"),
    ("224/4", "network", "224.0.0.0/4"),
    ("127.0.0.1/255.0.0.0", "network", "127.0.0.1/8"),
    ("192.168.1.0/255.255.255.0", "network", "192.168.1.0/24"),
    ("192.168.1.0/255.0.255.0", "url", "192.168.1.0"),
    # Brackets that are not IPv6's, and IPv6 without them.
    ("[127.0.0.1]:8080", "endpoint", "127.0.0.1 port 8080"),
    ("[localhost]:8080", "endpoint", "localhost port 8080"),
    ("http://[fe80::1%25eth0]:8080/", "url", "fe80::1%eth0 port 8080"),
    ("http://::1:3000/", "url", "::1:3000"),
    ("http://::1/", "url", "::1"),
    ("http:/localhost:3000", "url", "localhost port 3000"),
    ("http:localhost:3000", "url", "localhost port 3000"),
    ("https:example.com", "url", "example.com port 443"),
    ("http:8080", "endpoint", "http port 8080"),
    ("https", "name", "https"),
    # Paths, products, services.
    ("example.com/path", "url", "example.com"),
    ("localhost/path", "url", "localhost"),
    ("db:5432/name", "endpoint", "db port 5432"),
    ("8080/tcp", "port", "port 8080"),
    ("http://localhost:3000-3005/", "url", "localhost port 3000"),
    ("http://localhost:abc/", "url", "localhost port abc"),
    ("loc%61lhost", "name", "loc%61lhost"),
    ("fe80::1%en0.8080", "endpoint", "fe80::1%en0 port 8080"),
    ("fe80::1%enp3s0.100", "address", "fe80::1%enp3s0.100"),
    ("10.0.0.1.nip.io", "name", "10.0.0.1.nip.io"),
]


@pytest.mark.parametrize(("text", "kind", "endpoint"), WORDS)
def test_a_single_word_is_read_whole(text: str, kind: str, endpoint: str) -> None:
    """One word that was pasted alone yields its kind and one endpoint."""
    found = classify(text)
    assert (found.kind, brief(found)) == (kind, [endpoint])


@pytest.mark.parametrize(("text", "kind", "endpoint"), WORDS)
def test_the_span_is_where_the_endpoint_stands(text: str, kind: str, endpoint: str) -> None:
    """The endpoint's text is the input between the two ends of its span."""
    (found,) = classify(text).endpoints
    assert text[slice(*found.span)] == found.text


NO_ENDPOINT = [
    "3.11", "3.11.7", "v20.20.2", "1.2.3", "1.2.3-rc1", "Python 3.11.7", "12:34", "12:34:56",
    "12:34:56.789", "at 10:30 today", "aa:bb:cc:dd:ee:ff", "00-1A-2B-3C-4D-5E",
    "link/ether 02:42:ac:11:00:02 brd ff:ff:ff:ff:ff:ff", "00:11:22:33:44:55:66:77 EUI-64",
    "std::vector", "std::vector<int> v", "use std::net::TcpListener;", "2026-11-23",
    "2026-11-23T10:00:00Z", "2026/11/23", "23.11.2026", "62900-62893", "main.py:42", "main.py",
    '  File "/app/main.py", line 42, in <module>', "server.go:120: panic", "error:5", "line:42",
    "ratio 16:9", "Chrome/120.0.0.0 Safari/537.36", "version 1.2.3.4 of the firmware",
    "the quick brown fox", "a = b ? c : d", "{}", "[]", "()", "%", "::::", "...", "-", "mailto:x@y",
    "data:text/plain,x", "SHA256:abc", "1,234,567", "50%", "C:\\Windows\\System32",
    "foo==1.2.3.4", "pkg@1.2.3.4", '"version": "1.2.3.4"', "<version>1.2.3.4</version>",
    "firmware 2.4.0.1", "OID 1.3.6.1", "see \u00a74.2.3.10", 'AssemblyVersion("1.0.0.0")',
    "OpenSSL/1.1.1.1", "nginx/1.25.3", "Chrome/120.0.6099.109", "application/json", "TCP/IP",
    "user/repo", "D:/foo/bar", "src/main.rs:10:5", "main.py:10-20", "DEBUG=true",
    "SECRET_KEY=abc:123", "1/2", "23/11", "0.0.0.0:*", "[::]:*", "001a.2b3c.4d5e",
    "52:54:00:12:34:56:78:9a", "4.18.0-477.10.1.el8.x86_64", "foo-1.2.3.4.tar.gz",
    "node:internal/modules/cjs/loader:1080", "at internal/main/run_main:28:49",
    "at org.example.internal.Loader.run()", "Makefile:10", "build.gradle:10", "TODO:12",
    "Could not resolve module path", "mkdir -p 2024", "ps -p 4242", "listening on 2 sockets",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_ENDPOINT)
def test_what_is_no_endpoint_yields_none(text: str) -> None:
    """Versions, times, dates, MAC addresses, scopes and file positions are left alone."""
    assert brief(classify(text)) == []


@pytest.mark.parametrize("letter", ["\ua7c0", "\ua7dc"])
@pytest.mark.parametrize("form", ["{}:80", "{}", "{}.{}", "{} broken pipe"])
def test_a_letter_that_only_some_pythons_know_is_none(form: str, letter: str) -> None:
    """What a text is does not hang on the interpreter's version of Unicode."""
    found, unassigned = classify(form.format(letter, letter)), form.format("\u0378", "\u0378")
    assert (found.kind, brief(found)) == ("text", [])
    assert bool(found.error) == bool(classify(unassigned).error)


@pytest.mark.parametrize(
    ("text", "reading"),
    [("\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3:80", "localhost"), ("\ua7f2", "c")],
)
def test_what_a_browser_turns_into_letters_is_a_name(text: str, reading: str) -> None:
    """Circled letters, and one of Unicode 14 that becomes ASCII, on every interpreter."""
    (endpoint,) = classify(text).endpoints
    assert endpoint.host is not None
    assert (endpoint.host.kind, endpoint.host.readings.url) == ("name", reading)


@pytest.mark.parametrize("text", ["127.0.0.1%20", "127.0.0.1%00", "127.0.0.1%2f"])
def test_an_escape_behind_ipv4_is_no_interface(text: str) -> None:
    """An interface has a name; two digits there are an escape, which browsers refuse."""
    assert [e.host.kind for e in classify(text).endpoints if e.host] == ["invalid"]
    assert brief(classify("127.0.0.1%lo")) == ["127.0.0.1%lo"]
