"""The glossary: the words of this site and of its field, each in a sentence or two.

The text below is the table; a test holds it to its form: sorted, a source for each term
that is not this project's own word, links that lead somewhere.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from tools.site.markup import code, link, page, prose, rfc, slug

PATH = "reference/glossary.md"

OWN = "this project"
"""The source of words that the checks themselves give a meaning to."""


class Term(NamedTuple):
    """One entry."""

    name: str
    meaning: str
    """One or two sentences; code between backticks."""
    source: str
    """An RFC with section, a manual page as ``bind(2)``, a title with an address, or
    :data:`OWN`."""
    see: str = ""
    """Path of the page that says more, relative to the glossary; "" for none."""


_TERMS = """
accept | To take a finished connection from a listener's accept queue. The client's connect() has already succeeded by then.
    accept(2) | findings/backlog-full.md
accept queue | The finished connections of a listener that its program has not accepted yet. Its length is limited by the backlog.
    listen(2) | findings/backlog-full.md
address | A number that identifies an interface of a machine: 32 bits in IPv4, 128 in IPv6. One machine can have many addresses.
    RFC 791 §2.3 | ../loopback/index.md
address space | The class that a browser gives to an address before a page may reach it: loopback, local or public.
    Local Network Access https://wicg.github.io/local-network-access/ | ../security/web-pages.md
anycast | One address that many machines have. A packet to it arrives at the nearest of them.
    RFC 4786 §2
backlog | The number of connections that may wait in the accept queue. A program passes it to listen(), and the kernel may lower it.
    listen(2) | findings/backlog-full.md
bind | To give a socket a local address and port. Only one socket can have them, unless all sockets set an option to share.
    bind(2) | findings/port-in-use.md
block | A range of addresses with one meaning in a registry. It is written with a prefix: `127.0.0.0/8`.
    RFC 6890 §2.2 | blocks.md
broadcast | Sending to every machine of a network at once. IPv4 only.
    RFC 919
CIDR | The notation of a block: an address, a slash, and how many of its first bits are fixed.
    RFC 4632 §3.1 | blocks.md
connect | To ask another socket for a connection. It is accepted, refused, or times out.
    connect(2) | ../troubleshooting/not-responding.md
connection | Two sockets that exchange data. The four-tuple tells them apart from all others.
    RFC 9293 §3.3.1 | ../ports/index.md
CORS | The headers by which a server lets pages of other origins read its answers.
    Fetch standard https://fetch.spec.whatwg.org/#http-cors-protocol | findings/open-cors.md
DNS rebinding | An attack: the name of a web page is made to resolve to a local address, so that the page can read what is served there. A server that checks the Host header is safe from it.
    RFC 9110 §7.2 | findings/accepts-any-host.md
dual-stack | A socket on `::` that accepts IPv4 connections as well, or a machine with both protocols.
    RFC 3493 §5.3 | findings/dual-stack-listener.md
dynamic port | A port from 49152 to 65535. IANA never assigns these. Which ports a system picks for connections is another question.
    RFC 6335 §6 | ranges.md
endpoint | A host and a port together: what a client connects to.
    this project
ephemeral port | A port that the system picks for a socket that does not name one. Each system has its own range.
    RFC 6056 §2.1 | ../ports/ephemeral.md
errno | The number that says why a system call failed, and its symbol, such as ECONNREFUSED. The numbers differ between systems.
    errno(3) | errors.md
finding | One result of the checks, with a code, a severity and a page.
    this project | findings/index.md
firewall | A set of rules by which a system or device allows, drops or rejects packets.
    RFC 2979 | ../security/firewalls.md
four-tuple | The two addresses and the two ports of a connection. Two connections may have three of them in common, never all four.
    RFC 9293 §3.3.1 | ../ports/index.md
getaddrinfo | The function with which programs turn a name into addresses, in the order to try them.
    getaddrinfo(3) | ../loopback/localhost.md
globally reachable | Whether packets to a block may cross the borders of networks: a column of the registry.
    RFC 8190 §2.1 | blocks.md
half-open | A connection that only one end still knows, because the other end crashed or was cut off.
    RFC 9293 §3.5.1
handshake | The three segments that open a TCP connection: SYN, SYN and ACK, ACK.
    RFC 9293 §3.5
Happy Eyeballs | To try IPv6 and IPv4 nearly at once and use the first that answers, as browsers and curl do.
    RFC 8305 | ../loopback/localhost.md
host | A machine on the network. In a URL: its name or address.
    RFC 1122 §1.1.1
hosts file | The file that maps names to addresses without a DNS query. Most systems read it first.
    hosts(5) | ../loopback/localhost.md
IANA | The authority that maintains the registries of addresses, ports and protocol numbers.
    RFC 6335 §8 | services.md
ICMP | The protocol for error messages about packets: no route, no such port, forbidden.
    RFC 792 | findings/rejected-by-policy.md
inet_aton | The function of the C library that parses IPv4 addresses. It accepts one to four parts, decimal, octal or hexadecimal.
    inet(3) | ../loopback/spellings.md
interface | Where packets leave and enter a system: a network card, a tunnel, or the loopback interface.
    netdevice(7)
IPv4-mapped address | An IPv6 address that contains an IPv4 one: `::ffff:127.0.0.1`. A dual-stack socket shows its IPv4 peers this way.
    RFC 4291 §2.5.5.2 | findings/embeds-ipv4.md
IPV6_V6ONLY | The option of an IPv6 socket that keeps IPv4 connections out of it.
    RFC 3493 §5.3 | findings/dual-stack-listener.md
link-local address | An address that is valid on one link only, `169.254.0.0/16` or `fe80::/10`. Routers do not forward it.
    RFC 3927 | findings/link-local-address.md
listener | A socket that accepts connections on an address and port. For UDP: one that receives datagrams from any peer.
    listen(2) | cli.md#listen
Local Network Access | A rule of browsers: a public page may reach local and loopback addresses only after the user allows it.
    Local Network Access https://wicg.github.io/local-network-access/ | ../security/web-pages.md
localhost | The name for this machine. It resolves to a loopback address, 127.0.0.1 or ::1 or both.
    RFC 6761 §6.3 | ../loopback/localhost.md
loopback | Sending to the same machine without a network: `127.0.0.0/8` in IPv4, only `::1` in IPv6.
    RFC 1122 §3.2.1.3 | ../loopback/index.md
loopback interface | The interface without hardware that returns every packet sent to it: `lo` on Linux, `lo0` on macOS.
    netdevice(7) | ../loopback/index.md
multicast | Sending to all machines that have joined a group: `224.0.0.0/4` and `ff00::/8`.
    RFC 5771 | findings/multicast-or-broadcast.md
NAT | Rewriting addresses and ports of forwarded packets, so that many machines share one address.
    RFC 3022
NAT64 | A translator that connects IPv6-only machines to IPv4. It puts the IPv4 address behind a prefix such as `64:ff9b::/96`.
    RFC 6052 | findings/embeds-ipv4.md
network namespace | A separate network for some processes of a Linux system, with its own interfaces, loopback, ports and rules. Containers are built on it.
    network_namespaces(7) | ../uses/containers.md
origin | Scheme, host and port of a URL together. Pages of different origins are kept apart.
    RFC 6454 §4 | ../security/web-pages.md
outcome | The result of a connect() or bind(): accepted, refused, timed out, free, in use.
    this project | api.md
owner | The process that holds a socket.
    this project | findings/owner-hidden.md
port | A number from 0 to 65535 that tells the sockets of one machine apart. TCP and UDP each have their own.
    RFC 6335 §1 | ../ports/index.md
private address | An address that anyone may use inside a network and that is not used on the internet: `10.0.0.0/8`, `172.16.0.0/12`, `192.168.0.0/16`.
    RFC 1918 §3 | findings/private-address.md
privileged port | A port that only programs with a privilege may bind to. Which ports these are differs between systems.
    capabilities(7) | findings/privileged-port.md
probe | All tests of one endpoint on a machine: connection test, socket table, bind test, resolver.
    this project | api.md
published port | A port of the host that a container engine passes on to a container, with `docker run -p`.
    Docker, Port publishing https://docs.docker.com/engine/network/port-publishing/ | ../uses/containers.md
reach | Which machines can connect to a listener: only this one, the local network, or any.
    this project | ../security/reach.md
reading | What a parser makes of a spelling. The checks compare three parsers: that of browsers, inet_aton, and a strict one.
    this project | ../loopback/spellings.md
registered service | A name and its port in the registry of IANA. It does not say what runs on that port.
    RFC 6335 §8 | services.md
resolver | The part of a system that turns names into addresses, by the hosts file, DNS and rules such as that for localhost.
    getaddrinfo(3) | ../loopback/localhost.md
RST | The TCP segment that refuses or ends a connection: no program listens, or the connection was reset.
    RFC 9293 §3.5.2 | findings/nothing-listening.md
scope | How far packets to an address go: the host, the link, the site, or everywhere.
    RFC 4007 §4 | blocks.md
secure context | A page that may use features which browsers block on plain http. Pages of loopback addresses and localhost are secure contexts.
    Secure Contexts https://www.w3.org/TR/secure-contexts/ | ../uses/https.md
self-connect | A TCP connection whose two ends are the same socket. It needs no listener.
    RFC 9293 §3.5 | findings/self-connect.md
SO_REUSEADDR | The option that lets a server bind while connections of its port are in TIME_WAIT. On Windows it also lets two programs share the port.
    socket(7) | findings/time-wait.md
SO_REUSEPORT | The option that lets several sockets of one user share an address and port.
    socket(7) | findings/shared-listener.md
socket | One end of a connection in a program. A new socket has no connection yet.
    socket(7)
socket table | The kernel's list of all sockets. ss, netstat and lsof print it.
    sock_diag(7) | ../uses/diagnostics.md
source port | The port of the client's end of a connection, nearly always an ephemeral port.
    RFC 9293 §3.1 | ../ports/ephemeral.md
special-purpose address | An address of a block that IANA's registries list, such as loopback, documentation or benchmarking.
    RFC 6890 §2.2 | blocks.md
spelling | How an address is written: `127.0.0.1`, `127.1` and `0x7f.1` are three spellings of one address.
    this project | ../loopback/spellings.md
SSRF | An attack: a server is made to send requests to addresses that the attacker cannot reach, such as loopback.
    CWE-918 https://cwe.mitre.org/data/definitions/918.html | ../security/ssrf.md
system port | A port from 0 to 1023. IANA assigns these by stricter rules.
    RFC 6335 §6 | ranges.md
TCP | The protocol that carries bytes between two sockets, in order and without loss.
    RFC 9293 | ../ports/index.md
TIME_WAIT | The state in which the side that closed first keeps a connection for a while, so that late segments cannot disturb a new one.
    RFC 9293 §3.3.2 | findings/time-wait.md
TLS | The protocol that encrypts a connection and proves the identity of the server.
    RFC 8446 | ../uses/https.md
UDP | The protocol that carries single datagrams without a guarantee. No answer does not mean that no program listens.
    RFC 768 | findings/udp-only.md
unspecified address | `0.0.0.0` and `::`, in the words of the RFCs. In listening it is the wildcard address. Do not use it as a destination.
    RFC 4291 §2.5.2 | ../loopback/unspecified.md
URL | The address of a resource: scheme, host, port, path. Browsers parse it by the WHATWG standard.
    WHATWG URL https://url.spec.whatwg.org/ | ../loopback/spellings.md
user port | A port from 1024 to 49151. IANA assigns these on request.
    RFC 6335 §6 | ranges.md
wildcard address | `0.0.0.0` or `::` in listening: the program accepts connections on every address of the machine.
    ip(7) | ../loopback/unspecified.md
zone | The part of a scoped IPv6 address that names the interface: `eth0` in `fe80::1%eth0`. It has no place in a URL.
    RFC 4007 §11 | findings/link-local-address.md
"""  # noqa: E501 - a row is a term, and its source below it

_MANUAL = re.compile(r"(?P<name>[\w.-]+)\((?P<section>\d)\)")


def terms() -> list[Term]:
    """Return the entries, sorted as a reader looks for them."""
    lines = _TERMS.strip("\n").split("\n")
    found = []
    for first, second in zip(lines[::2], lines[1::2], strict=True):
        name, meaning = first.split(" | ", 1)
        source, _, see = second.strip().partition(" | ")
        found.append(Term(name, meaning, source, see))
    return sorted(found, key=lambda term: term.name.lower())


def pages() -> dict[str, str]:
    """Return the page: path below docs to Markdown."""
    return {PATH: _page()}


def _page() -> str:
    entries = terms()
    letters: dict[str, list[Term]] = {}
    for term in entries:
        letters.setdefault(term.name[0].upper(), []).append(term)
    parts = [
        f"## {letter}\n\n" + "\n\n".join(_entry(term) for term in group)
        for letter, group in letters.items()
    ]
    intro = (
        f"{len(entries)} terms of addresses, ports and sockets, each with the document that defines"
        " it. A term without a document is defined by this project."
    )
    return page(
        "Glossary",
        "Terms of addresses, ports and sockets in one or two sentences each, with the RFC or"
        " manual that defines them.",
        "\n\n".join([intro, *parts]),
    )


def _entry(term: Term) -> str:
    """A heading, so that the term has an anchor and the search finds it."""
    tail = [] if term.source == OWN else [source(term.source)]
    if term.see:
        tail.append(link("more", term.see))
    text = prose(term.meaning) + (f" ({', '.join(tail)})" if tail else "")
    name = code(term.name) if "_" in term.name else term.name
    return f"### {name} {{ #{anchor(term)} }}\n\n{text}"


def anchor(term: Term) -> str:
    """Return the anchor of a term on the page."""
    return slug(term.name)


def source(text: str) -> str:
    """Write a source as a link: an RFC, a manual page, or a title with its address."""
    match = _MANUAL.fullmatch(text)
    if match:
        name, section = match["name"], match["section"]
        address = f"https://man7.org/linux/man-pages/man{section}/{name}.{section}.html"
        return link(text, address)
    title, _, address = text.rpartition(" ")
    if address.startswith("https://"):
        return link(title, address)
    return rfc(text)
