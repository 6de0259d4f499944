"""Facts about the vectors that no program wrote: typed by hand, or from the standard library.

``tools/make_vectors.py`` would write down a mistake as readily as the truth.
These tests are what it cannot move. They need nothing but ``checks``, and run
in the browser's runtime too.
"""

from __future__ import annotations

import errno
import ipaddress
import sys
from contextlib import suppress
from typing import Any

import pytest
from vector_files import documents, load

DOCUMENTS = documents()
FAMILY = {v.input: v.family for v in load()}

SILENT: tuple[None, None, None] = (None, None, None)


def hosts() -> list[dict[str, Any]]:
    """The host of every endpoint of every vector."""
    ends = [end for document in DOCUMENTS.values() for end in document["endpoints"]]
    return [end["host"] for end in ends if end["host"]]


# input: kind; address; port; the readings url, inet_aton, strict (IPv4 only).
ENDPOINTS: dict[str, tuple[str, str | None, int | None]] = {
    # spelling
    "0x7f.1:62893": ("endpoint", "127.0.0.1", 62893),
    "127.1": ("address", "127.0.0.1", None),
    "2130706433": ("address", "127.0.0.1", None),
    "017700000001": ("address", "127.0.0.1", None),
    "010.0.0.1": ("address", "8.0.0.1", None),
    "0127.0.0.1": ("address", "87.0.0.1", None),
    "127.0.0.1.": ("address", "127.0.0.1", None),
    "127.": ("address", "0.0.0.127", None),
    "4294967295": ("address", "255.255.255.255", None),
    "127.0.0.08": ("address", None, None),
    # ipv6
    "0:0:0:0:0:0:0:1": ("address", "::1", None),
    "2001:DB8::ABCD": ("address", "2001:db8::abcd", None),
    "2001:db8:0:0:1:0:0:1": ("address", "2001:db8::1:0:0:1", None),
    "1:2:3:4:5:6:7::": ("address", "1:2:3:4:5:6:7:0", None),
    "::ffff:7f00:1": ("address", "::ffff:127.0.0.1", None),
    "[::1]:65535": ("endpoint", "::1", 65535),
    ":::3000": ("endpoint", "::", 3000),
    "::1:5432": ("endpoint", "::1", 5432),
    "fe80::1%en0.8080": ("endpoint", "fe80::1", 8080),
    "1::2::3": ("address", None, None),
    # network
    "10/8": ("network", "10.0.0.0", None),
    "172.16/12": ("network", "172.16.0.0", None),
    "192.168.1.0/255.255.255.0": ("network", "192.168.1.0", None),
    # endpoint
    "127.0.0.1.62893": ("endpoint", "127.0.0.1", 62893),
    "localhost/127.0.0.1:62893": ("endpoint", "127.0.0.1", 62893),
    "127.0.0.1:00080": ("endpoint", "127.0.0.1", 80),
    "127.0.0.1:65536": ("endpoint", "127.0.0.1", None),
    "127[.]0[.]0[.]1:80": ("endpoint", "127.0.0.1", 80),
    # url
    "http://127.0.0.1": ("url", "127.0.0.1", 80),
    "https:///localhost": ("url", None, 443),
    "http://0x7f.1/": ("url", "127.0.0.1", 80),
    "http://010.0.0.1/": ("url", "8.0.0.1", 80),
    "http://127.1.1.1:80\\@127.2.2.2:80/": ("url", "127.1.1.1", 80),
    "http://user@127.1.1.1@127.2.2.2/": ("url", "127.2.2.2", 80),
    "http://[fe80::1%25eth0]:8080/": ("url", "fe80::1", 8080),
    "redis://db/": ("url", None, 6379),
    "postgres://db/": ("url", None, 5432),
    "mongodb://db/": ("url", None, 27017),
    "ssh://db/": ("url", None, 22),
    "wss://127.0.0.1/": ("url", "127.0.0.1", 443),
    # port, line, hostile
    ":62893": ("port", None, 62893),
    "99999": ("port", None, None),
    "dial tcp [::1]:5432: connect: connection refused": ("text", "::1", 5432),
    "\ud800127.0.0.1": ("text", "127.0.0.1", None),
    "127.0.0.1%20": ("address", None, None),
    "0x" + "0" * 4000 + "7f.1": ("address", "127.0.0.1", None),
}


@pytest.mark.parametrize("text", ENDPOINTS, ids=lambda text: ascii(text)[:40])
def test_kind_address_and_port(text: str) -> None:
    """What the text is, which address it means and which port."""
    document = DOCUMENTS[text]
    end = document["endpoints"][0] if document["endpoints"] else {"host": None, "port": None}
    address = end["host"]["address"] if end["host"] else None
    port = end["port"]["number"] if end["port"] else None
    assert (document["kind"], address, port) == ENDPOINTS[text]


READINGS: dict[str, tuple[str | None, str | None, str | None]] = {
    "127.0.0.1": ("127.0.0.1", "127.0.0.1", "127.0.0.1"),
    "0x7f.1": ("127.0.0.1", "127.0.0.1", None),
    "010.0.0.1": ("8.0.0.1", "8.0.0.1", None),
    "127.0.0.1.": ("127.0.0.1", None, None),
    "0x": ("0.0.0.0", None, None),
    "127.0.0.256": SILENT,
    "127.0.0.08": SILENT,
    "127.0.0.1%20": SILENT,
    "127%2E0%2e0%2E1": ("127.0.0.1", None, None),
    "\uff11\uff12\uff17\uff0e\uff10\uff0e\uff10\uff0e\uff11": ("127.0.0.1", None, None),
    "::1": (None, None, "::1"),
    "[::1]": ("[::1]", None, "::1"),
    "[::ffff:127.0.0.1]:80": ("[::ffff:7f00:1]", None, "::ffff:127.0.0.1"),
    "fe80::1%eth0": (None, None, "fe80::1"),
    "LOCALHOST": ("localhost", None, None),
    "loc%61lhost": ("localhost", None, None),
    "fa\u00df.de": ("xn--fa-hia.de", None, None),
    "1\u05d0": SILENT,
}


@pytest.mark.parametrize("text", READINGS, ids=ascii)
def test_readings(text: str) -> None:
    """What a browser, glibc's inet_aton and a strict reader make of the host."""
    readings = DOCUMENTS[text]["endpoints"][0]["host"]["readings"]
    assert (readings["url"], readings["inet_aton"], readings["strict"]) == READINGS[text]


@pytest.mark.parametrize(
    "text", ["1.2.3-rc1", "3.11.7", "12:34:56", "aa:bb:cc:dd:ee:ff", "main.py:42", "std::vector",
             "\ua7dc:80", "\ua7c0:80", "1,2,3,4", "127\u20240\u20240\u20241", "\u2488.2.3.4"],
    ids=ascii,
)  # fmt: skip
def test_no_endpoint(text: str) -> None:
    """These look like an endpoint to some reader and are none."""
    assert (DOCUMENTS[text]["kind"], DOCUMENTS[text]["endpoints"]) == ("text", [])


EMBEDDED = {
    "::ffff:127.0.0.1": ("ipv4-mapped", "127.0.0.1"),
    "::127.0.0.1": ("ipv4-compatible", "127.0.0.1"),
    "::ffff:0:127.0.0.1": ("siit", "127.0.0.1"),
    "64:ff9b::7f00:1": ("nat64", "127.0.0.1"),
    "64:ff9b:1:7f00:0:100::": ("nat64", "127.0.0.1"),
    "2002:7f00:1::1": ("6to4", "127.0.0.1"),
    "2001:0:4136:e378:8000:63bf:3fff:fdd2": ("teredo", "192.0.2.45"),
    "fe80::5efe:127.0.0.1": ("isatap", "127.0.0.1"),
    "fe80::200:5efe:8.8.8.8": ("isatap", "8.8.8.8"),
    "2003:7f00:1::": None,
    "::2": None,
    "ff02::5efe:10.0.0.1": None,
}


@pytest.mark.parametrize("text", EMBEDDED)
def test_embedded_ipv4(text: str) -> None:
    """Which IPv4 address is inside, and in which form."""
    found = DOCUMENTS[text]["endpoints"][0]["host"]["embedded"]
    assert (found and (found["form"], found["address"])) == EMBEDDED[text]


# The registries of IANA, typed anew: prefix and whether it is globally reachable.
REACHABLE: dict[str, bool | None] = {
    "0.0.0.0/8": False, "0.0.0.0/32": False, "10.0.0.0/8": False, "100.64.0.0/10": False,
    "127.0.0.0/8": False, "169.254.0.0/16": False, "172.16.0.0/12": False, "192.0.0.0/24": False,
    "192.0.0.0/29": False, "192.0.0.8/32": False, "192.0.0.9/32": True, "192.0.0.10/32": True,
    "192.0.0.170/32": False, "192.0.0.171/32": False, "192.0.2.0/24": False,
    "192.31.196.0/24": True, "192.52.193.0/24": True, "192.88.99.0/24": None,
    "192.88.99.2/32": False, "192.168.0.0/16": False, "192.175.48.0/24": True,
    "198.18.0.0/15": False, "198.51.100.0/24": False, "203.0.113.0/24": False,
    "240.0.0.0/4": False, "255.255.255.255/32": False,
    "::1/128": False, "::/128": False, "::ffff:0:0/96": False, "64:ff9b::/96": True,
    "64:ff9b:1::/48": False, "100::/64": False, "100:0:0:1::/64": False, "2001::/23": False,
    "2001::/32": None, "2001:1::1/128": True, "2001:1::2/128": True, "2001:1::3/128": True,
    "2001:2::/48": False, "2001:3::/32": True, "2001:4:112::/48": True, "2001:10::/28": None,
    "2001:20::/28": True, "2001:30::/28": True, "2001:db8::/32": False, "2002::/16": None,
    "2620:4f:8000::/48": True, "3fff::/20": False, "5f00::/16": False, "fc00::/7": False,
    "fe80::/10": False,
    # Multicast and what other registries and RFCs alone set aside.
    "224.0.0.0/4": None, "224.0.0.0/24": False, "232.0.0.0/8": None, "239.0.0.0/8": False,
    "ff00::/8": None, "::/96": None, "::ffff:0:0:0/96": None, "fec0::/10": None,
}  # fmt: skip
NETWORKS = {ipaddress.ip_network(prefix): flag for prefix, flag in REACHABLE.items()}


def test_every_row_of_the_registries_is_met_at_its_edges() -> None:
    """First, last, the address before and the one after, of each row."""
    present = set()
    for text in DOCUMENTS:
        with suppress(ValueError):
            present.add(ipaddress.ip_address(text))
    for network in NETWORKS:
        kind = type(network[0])
        first, last, highest = int(network[0]), int(network[-1]), 2**network.max_prefixlen - 1
        edges = {first - 1, first, last, last + 1}
        assert {kind(edge) for edge in edges if 0 <= edge <= highest} <= present, network


@pytest.mark.parametrize("text", [v.input for v in load("block")])
def test_block(text: str) -> None:
    """The narrowest row that holds the address, with that row's reachability."""
    address = ipaddress.ip_address(text)
    holding = [network for network in NETWORKS if address in network]
    narrowest = max(holding, key=lambda network: network.prefixlen, default=None)
    block = DOCUMENTS[text]["endpoints"][0]["host"]["block"]
    if narrowest is None:
        assert block is None
    else:
        assert ipaddress.ip_network(block["prefix"]) == narrowest
        assert block["globally_reachable"] == NETWORKS[narrowest]


def test_a_strict_reading_is_the_standard_library_s() -> None:
    """ipaddress reads what a strict reader reads, and nothing that such a reader refuses."""
    for host in hosts():
        strict = host["readings"]["strict"]
        if host["kind"] == "invalid":  # http://::1/: the address needs brackets there
            continue
        text = host["text"].removeprefix("[").removesuffix("]").partition("%")[0]
        try:
            oracle = ipaddress.ip_address(text)
        except ValueError:
            assert strict is None, host
        else:
            assert strict is not None, host
            assert oracle == ipaddress.ip_address(strict), host


def test_loopback_is_what_two_rfcs_say() -> None:
    """127.0.0.0/8 (RFC 1122) and ::1 (RFC 4291); a page there is a secure context."""
    for host in hosts():
        if host["address"] is not None:
            address = ipaddress.ip_address(host["address"])
            within = address == ipaddress.ip_address("::1") or (
                address.version == 4 and str(address).startswith("127.")
            )
            assert (host["loopback"], host["secure_context"]) == (within, within), host


def test_a_span_cuts_the_endpoint_out_of_the_text() -> None:
    """Indexes are characters of the input, in order; only ports of one range have one text."""
    for text, document in DOCUMENTS.items():
        assert document["input"] == text
        behind, before = 0, None
        for end in document["endpoints"]:
            first, last = end["span"]
            again = end["form"] == "range" and end["span"] == before
            assert again or behind <= first < last
            assert text[first:last] == end["text"]
            behind, before = last, end["span"]


# Port: range, systems that may hand it out, who refuses it, whether binding is privileged.
PORTS = {
    ":0": ("system", 0, 2, False),
    ":1": ("system", 0, 3, True),
    ":1023": ("system", 0, 0, True),
    ":1024": ("user", 1, 0, False),
    ":9999": ("user", 1, 0, False),
    ":10000": ("user", 2, 0, False),
    ":32767": ("user", 2, 0, False),
    ":32768": ("user", 4, 0, False),
    ":49151": ("user", 4, 0, False),
    ":49152": ("dynamic", 6, 0, False),
    ":60999": ("dynamic", 6, 0, False),
    ":61000": ("dynamic", 5, 0, False),
    ":65535": ("dynamic", 5, 0, False),
    ":4190": ("user", 1, 2, False),
    ":6000": ("user", 1, 3, False),
    ":6679": ("user", 1, 2, False),
    ":6670": ("user", 1, 0, False),
    ":10080": ("user", 2, 3, False),
    ":65536": (None, 0, 0, False),
}


@pytest.mark.parametrize("text", PORTS)
def test_port(text: str) -> None:
    """Ranges of RFC 6335, defaults of seven systems, bad ports of Fetch, Chromium and Node."""
    port = DOCUMENTS[text]["endpoints"][0]["port"]
    assert PORTS[text] == (
        port["range"], len(port["ephemeral_on"]), len(port["blocked_by"]),
        bool(port["privileged_on"]),
    )  # fmt: skip


NAMES = {
    "localhost": ("localhost", None),
    "a.b.localhost": ("localhost", None),
    "ip6-loopback": ("localhost", None),
    "localhost.example.com": ("special-use", None),
    "host.docker.internal": ("host-alias", None),
    "127.0.0.1.nip.io": ("carries-address", "127.0.0.1"),
    "7f000001.nip.io": ("carries-address", "127.0.0.1"),
    "lvh.me": ("carries-address", "127.0.0.1"),
    "1.0.0.127.in-addr.arpa": ("reverse", "127.0.0.1"),
    "8.b.d.0.1.0.0.2.ip6.arpa": ("reverse", "2001:db8::/32"),
    "fe80--1s4.ipv6-literal.net": ("ipv6-literal", "fe80::1%4"),
    "metadata.google.internal": ("special-use", "169.254.169.254"),
    "printer.local": ("special-use", None),
    "db": ("single-label", None),
    "a.b": ("domain", None),
}


@pytest.mark.parametrize("text", NAMES)
def test_name(text: str) -> None:
    """The kind of name, and the address that it carries."""
    name = DOCUMENTS[text]["endpoints"][0]["host"]["name"]
    assert (name["kind"], name["carries"]) == NAMES[text]


ERRORS = {
    "[Errno 111]": ("ECONNREFUSED", "linux"),
    "[Errno 61]": ("ECONNREFUSED", "macos"),
    "[Errno 146]": None,  # Solaris has its own numbers; they count beside words only
    "(146: Connection refused)": ("ECONNREFUSED", "solaris"),
    "[WinError 10061]": ("ECONNREFUSED", "windows"),
    "[Errno 98]": ("EADDRINUSE", "linux"),
    "[Errno 48]": ("EADDRINUSE", "macos"),
    "[WinError 10048]": ("EADDRINUSE", "windows"),
    "errno: -4078": ("ECONNREFUSED", "windows"),
    "net error -102": ("ECONNREFUSED", None),
    "NSURLErrorDomain Code=-1001": ("ETIMEDOUT", None),
    "curl: (28) timeout": ("ETIMEDOUT", None),
    "111": None,
    "http error 404": None,
    "errno 0": None,
}


@pytest.mark.parametrize("text", ERRORS)
def test_error(text: str) -> None:
    """The error that a number in its clothes names, and whose number it is."""
    error = DOCUMENTS[text]["error"]
    assert (error and (error["name"], error["system"])) == ERRORS[text]


@pytest.mark.skipif(sys.platform != "linux", reason="the numbers are those of Linux")
def test_errno_is_the_system_s() -> None:
    """A number of Linux has the name that this Linux gives it."""
    found = 0
    for text, document in DOCUMENTS.items():
        digits = text.removeprefix("[Errno ").removesuffix("]")
        if document["error"] and document["error"]["system"] == "linux" and digits.isdigit():
            found += 1
            assert document["error"]["name"] == errno.errorcode[int(digits)]
    assert found >= 10


# Texts of several endpoints: how many, and who of them is the peer.
MANY = {
    "mongodb://a:1,b:2/x": (2, 0),
    "mongodb://u:p@a,b,c/x": (3, 0),
    "PLAINTEXT://localhost:9092,EXTERNAL://0.0.0.0:29092": (2, 0),
    "0.0.0.0:8080->80/tcp, [::]:8080->80/tcp": (2, 0),
    "127.0.0.1:1\n127.0.0.1:2\n127.0.0.1:3\n": (3, 0),
    'INFO:     127.0.0.1:53422 - "GET / HTTP/1.1" 200 OK': (1, 1),
    "write tcp 127.0.0.1:8080->127.0.0.1:53422: broken pipe": (2, 1),
}


@pytest.mark.parametrize("text", MANY, ids=ascii)
def test_many(text: str) -> None:
    """Every endpoint of a text, and the sides that are only the caller's."""
    ends = DOCUMENTS[text]["endpoints"]
    assert (len(ends), sum(end["role"] == "peer" for end in ends)) == MANY[text]


FINDINGS = {
    "A101": ("127.0.0.1", "127.0.0.2"), "A102": ("127.0.0.2", "127.0.0.1"),
    "A103": ("0.0.0.0", "0.0.0.1"), "A104": ("10.0.0.1", "11.0.0.1"),
    "A105": ("fe80::1", "fec0::1"), "A106": ("192.0.2.1", "192.0.3.1"),
    "A107": ("ff02::fb", "223.255.255.255"), "A108": ("8.8.8.8", "10.0.0.1"),
    "A109": ("100.64.0.1", "10.0.0.1"), "A110": ("::ffff:127.0.0.1", "::1"),
    "A111": ("010.0.0.1", "127.1"), "A112": ("127.1", "010.0.0.1"),
    "A113": ("127.0.0.256", "127.0.0.255"), "A114": ("localhost", "notlocalhost"),
    "A115": ("host.docker.internal", "localhost"), "A116": ("127.0.0.1.nip.io", "nip.io"),
    "P201": (":0", ":1"), "P202": (":80", ":1024"), "P203": ("http://127.0.0.1:6000/", ":8080"),
    "P204": (":62893", ":9999"), "P205": (":62893", ":60999"), "P206": (":5432", ":62893"),
    "P207": (":5173", ":62893"), "P208": (":5000", ":5001"), "P209": ("127.0.0.1:65536", ":65535"),
}  # fmt: skip


@pytest.mark.parametrize("code", FINDINGS)
def test_finding(code: str) -> None:
    """Each finding of the groups A and P is met, and its near miss beside it."""
    with_it, without = ({f["code"] for f in DOCUMENTS[t]["findings"]} for t in FINDINGS[code])
    assert code in with_it
    assert code not in without
