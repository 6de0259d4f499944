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
accept | To take a finished connection off a listener's queue. The client's connect() has succeeded before that.
    accept(2) | findings/backlog-full.md
address | A number that names an interface of a machine on the internet protocol: 32 bits in IPv4, 128 in IPv6. It is not a machine, and not a place.
    RFC 791 §2.3 | ../loopback/index.md
address space | How a browser divides addresses before it lets a page reach one: loopback, local and public.
    Local Network Access https://wicg.github.io/local-network-access/ | ../security/web-pages.md
anycast | One address that many machines have; a packet to it arrives at the nearest.
    RFC 4786 §2
backlog | The number of connections that may wait to be accepted, as a program asks for it with listen(). The kernel may lower it.
    listen(2) | findings/backlog-full.md
bind | To give a socket an address and a port of this machine. Only one socket can have them, unless the sockets agree to share.
    bind(2) | findings/port-in-use.md
block | A range of addresses that a registry gives one meaning, written with a prefix: `127.0.0.0/8`.
    RFC 6890 §2.2 | blocks.md
broadcast | Sending to every machine of a network at once. IPv4 only.
    RFC 919
CIDR | The notation of a block: an address, a slash, and how many of its first bits count.
    RFC 4632 §3.1 | blocks.md
connect | To ask another socket for a connection. It ends in acceptance, refusal, or silence.
    connect(2) | ../troubleshooting/not-responding.md
connection | Two sockets that know each other, told apart from all others by the four-tuple.
    RFC 9293 §3.3.1 | ../ports/index.md
CORS | The headers by which a server lets pages of other origins read its answers.
    Fetch standard https://fetch.spec.whatwg.org/#http-cors-protocol | findings/open-cors.md
DNS rebinding | A page's own name is made to lead to an address inside, so that the page can read what is served there. A server that answers only to its own names is safe from it.
    RFC 9110 §7.2 | findings/accepts-any-host.md
dual-stack | A socket on `::` that takes IPv4 connections as well, or a machine with both protocols.
    RFC 3493 §5.3 | findings/dual-stack-listener.md
dynamic port | A port from 49152 to 65535, which IANA assigns to nobody. It says nothing about which ports a system hands out.
    RFC 6335 §6 | ranges.md
endpoint | A host and a port together: what a client connects to.
    this project
ephemeral port | A port that the system picks for a socket that does not name one. Each system has a range of its own.
    RFC 6056 §2.1 | ../ports/ephemeral.md
errno | The number by which a system call says why it failed, and its symbol, such as ECONNREFUSED. The numbers differ from system to system.
    errno(3) | errors.md
finding | One thing that the checks have to say, with a code, a severity and a page.
    this project | findings/index.md
firewall | A set of rules by which a system or a device lets packets through, drops them, or refuses them.
    RFC 2979 | ../security/firewalls.md
four-tuple | The two addresses and the two ports of a connection. Two connections may have any three of them in common.
    RFC 9293 §3.3.1 | ../ports/index.md
getaddrinfo | The function by which programs turn a name and a service into addresses, in the order in which they are to be tried.
    getaddrinfo(3) | ../loopback/localhost.md
globally reachable | Whether packets to a block may cross the borders of networks: a column of the registry.
    RFC 8190 §2.1 | blocks.md
half-open | A connection of which one end knows nothing any more, because it has crashed or was cut off.
    RFC 9293 §3.5.1
handshake | The three segments that open a TCP connection: SYN, SYN and ACK, ACK.
    RFC 9293 §3.5
Happy Eyeballs | To try IPv6 and IPv4 nearly at once and to take what answers first, as browsers and curl do.
    RFC 8305 | ../loopback/localhost.md
host | A machine on the network, and in a URL the name or address that stands for it.
    RFC 1122 §1.1.1
hosts file | The file that gives names to addresses without asking DNS. Most systems read it first.
    hosts(5) | ../loopback/localhost.md
IANA | The authority that keeps the registries of addresses, ports and protocol numbers.
    RFC 6335 §8 | services.md
ICMP | The protocol for error messages about packets: no route, no such port, forbidden.
    RFC 792 | findings/rejected-by-policy.md
inet_aton | The C library's reader of IPv4 addresses. It takes one to four parts, decimal, octal or hexadecimal.
    inet(3) | ../loopback/spellings.md
interface | Where packets leave and enter a system: a network card, a tunnel, or the loopback interface.
    netdevice(7)
IPv4-mapped address | An IPv6 address that stands for an IPv4 one: `::ffff:127.0.0.1`. A dual-stack socket sees its IPv4 peers so.
    RFC 4291 §2.5.5.2 | findings/embeds-ipv4.md
IPV6_V6ONLY | The option of an IPv6 socket that keeps IPv4 connections out of it.
    RFC 3493 §5.3 | findings/dual-stack-listener.md
link-local address | An address that is valid on one link only, `169.254.0.0/16` or `fe80::/10`. Routers do not forward it.
    RFC 3927 | findings/link-local-address.md
listener | A socket that waits for connections on an address and a port, or for UDP one that takes datagrams from anyone.
    listen(2) | cli.md#listen
Local Network Access | The rule by which browsers ask before a public page may reach local and loopback addresses.
    Local Network Access https://wicg.github.io/local-network-access/ | ../security/web-pages.md
localhost | The name for this machine. It stands for a loopback address of either family, and which one is for the resolver to say.
    RFC 6761 §6.3 | ../loopback/localhost.md
loopback | Sending to oneself without a network: `127.0.0.0/8` in IPv4, `::1` alone in IPv6.
    RFC 1122 §3.2.1.3 | ../loopback/index.md
loopback interface | The interface without hardware that gives back every packet it is given; `lo` on Linux, `lo0` on macOS.
    netdevice(7) | ../loopback/index.md
multicast | Sending to all machines that have joined a group: `224.0.0.0/4` and `ff00::/8`.
    RFC 5771 | findings/multicast-or-broadcast.md
NAT | A device that rewrites addresses and ports of the packets it forwards, so that many machines share one address.
    RFC 3022
NAT64 | A translator by which machines with IPv6 only reach IPv4. It puts the IPv4 address behind a prefix such as `64:ff9b::/96`.
    RFC 6052 | findings/embeds-ipv4.md
network namespace | A network of its own for some processes of a Linux system: interfaces, loopback, ports and rules. Containers are built on it.
    network_namespaces(7) | ../uses/containers.md
origin | Scheme, host and port of a URL together. Pages of different origins are kept apart.
    RFC 6454 §4 | ../security/web-pages.md
outcome | What became of a connect() or a bind(): accepted, refused, timed out, free, in use.
    this project | api.md
owner | The process that holds a socket.
    this project | findings/owner-hidden.md
port | A number from 0 to 65535 by which one machine's sockets are told apart. TCP and UDP each have their own.
    RFC 6335 §1 | ../ports/index.md
private address | An address that anyone may use inside a network, and nobody on the internet: `10.0.0.0/8`, `172.16.0.0/12`, `192.168.0.0/16`.
    RFC 1918 §3 | findings/private-address.md
privileged port | A port that only some programs may bind to. Which ones, and by what right, differs from system to system.
    capabilities(7) | findings/privileged-port.md
probe | What a machine witnessed about one endpoint: connect, socket table, trial bind, resolver.
    this project | api.md
reach | Who can connect to a listener: this machine's programs, the network, anyone.
    this project | ../security/reach.md
reading | What one parser makes of a spelling. Three are told apart: that of browsers, of inet_aton, and the strict one.
    this project | ../loopback/spellings.md
registered service | A name and its port in the registry of IANA. It says who asked for the number, not what runs there.
    RFC 6335 §8 | services.md
resolver | What turns names into addresses: the hosts file, DNS, and rules such as that for localhost.
    getaddrinfo(3) | ../loopback/localhost.md
RST | The segment by which TCP says no: nothing listens, or the connection is over.
    RFC 9293 §3.5.2 | findings/nothing-listening.md
scope | How far packets to an address go: the host, the link, the site, everywhere.
    RFC 4007 §4 | blocks.md
secure context | A page to which browsers give what they keep from plain http. Loopback addresses and localhost names count as such.
    Secure Contexts https://www.w3.org/TR/secure-contexts/ | ../uses/https.md
self-connect | A TCP connection whose two ends are one socket. It needs no listener.
    RFC 9293 §3.5 | findings/self-connect.md
SO_REUSEADDR | The option that lets a server bind while connections of its port are still in TIME_WAIT. On Windows it does more, and lets others take the port.
    socket(7) | findings/time-wait.md
SO_REUSEPORT | The option by which several sockets of one user share an address and a port.
    socket(7) | findings/shared-listener.md
socket | One end of a connection, or of none yet, as a program holds it.
    socket(7)
socket table | The kernel's list of all sockets, which ss, netstat and lsof print.
    sock_diag(7) | ../uses/diagnostics.md
special-purpose address | An address of a block that IANA's registries list, such as loopback, documentation or benchmarking.
    RFC 6890 §2.2 | blocks.md
spelling | A way in which an address is written: `127.0.0.1`, `127.1`, `0x7f.1`.
    this project | ../loopback/spellings.md
SSRF | To make a server send requests to places that the attacker cannot reach, loopback among them.
    CWE-918 https://cwe.mitre.org/data/definitions/918.html | ../security/ssrf.md
system port | A port from 0 to 1023, assigned by the stricter rules of the registry.
    RFC 6335 §6 | ranges.md
TCP | The protocol that carries a stream of bytes between two sockets, in order and with nothing lost.
    RFC 9293 | ../ports/index.md
TIME_WAIT | The state in which the side that closed first keeps a connection for a while, so that late segments do no harm.
    RFC 9293 §3.3.2 | findings/time-wait.md
TLS | The protocol that encrypts a connection and shows who the server is.
    RFC 8446 | ../uses/https.md
UDP | The protocol that carries single datagrams and promises nothing. Silence proves nothing either.
    RFC 768 | findings/udp-only.md
unspecified address | `0.0.0.0` and `::`. A program that binds to it listens on all addresses of the machine; as a destination it is not to be used.
    RFC 4291 §2.5.2 | ../loopback/unspecified.md
URL | The address of a thing on the web: scheme, host, port, path. Browsers read it by the WHATWG standard.
    WHATWG URL https://url.spec.whatwg.org/ | ../loopback/spellings.md
user port | A port from 1024 to 49151, which IANA assigns on request.
    RFC 6335 §6 | ranges.md
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
        f"{len(entries)} words of this site and of its field, in one or two sentences each, with"
        " the document that defines them. Words without one are this project's own."
    )
    return page(
        "Glossary",
        "The words of addresses, ports and sockets in one or two sentences each, with the RFC or"
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
