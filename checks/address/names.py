"""Host names: what is known about one before anybody looks it up.

Some names are tied to an address by a standard (``localhost``), some carry one
in their spelling (``10.0.0.1.nip.io``, ``1.0.0.127.in-addr.arpa``), some mean
something only inside a container. A resolver would hide that, and its answer
depends on the machine; so nothing is looked up here, and each answer says what
a resolver would be asked. No library of the field knows these names.
"""

from __future__ import annotations

from checks.address import carriers
from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

LOCALHOST = "localhost"
HOST_ALIAS = "host-alias"
CARRIES_ADDRESS = "carries-address"
REVERSE = "reverse"
IPV6_LITERAL = "ipv6-literal"
SPECIAL_USE = "special-use"
SINGLE_LABEL = "single-label"
DOMAIN = "domain"

MAX_NAME = 253
"""Longest name in characters without the dot at its end: RFC 1035 §2.3.4 allows
255 octets on the wire, two of which are the first length and the root."""
MAX_LABEL = 63
"""Longest label in characters (RFC 1035 §2.3.4)."""


class Name(NamedTuple):
    """What the spelling of a host name tells.

    Arguments:
        text: the name in lower case (ASCII letters only), without a dot at the end.
        kind: ``localhost``, ``host-alias``, ``carries-address``, ``reverse``,
            ``ipv6-literal``, ``special-use``, ``single-label`` or ``domain``.
        says: what the name is, in one plain sentence.
        carries: the address or prefix that the name stands for, as text, where
            that follows from the name; an IPv6 address with its zone, if any.
        asks: what a resolver would be asked.
        rule: the source: RFC, manual or the product's own documents.
        certain: True where a standard settles what is said; False where it
            rests on a hosts file, a product or the owner of a domain.
        note: what else is remarkable about the spelling, a sentence for each, or None.
    """

    text: str
    kind: str
    says: str
    carries: str | None
    asks: str
    rule: str
    certain: bool = True
    note: str | None = None

    def to_dict(self) -> dict[str, object]:
        """The record as the JSON contract has it."""
        return self._asdict()


def lookup(text: str) -> Name | None:
    """Say what is known about a host name from its spelling.

    Arguments:
        text: the name alone, in any case, with or without the dot at the end.

    Returns:
        the record; None where the text cannot be a host name: too long, an
        empty label, a character that names do not have, or a last label that
        is a number, which makes it an address or an error (WHATWG URL, "ends
        in a number"; RFC 1123 §2.1). Never raises.
    """
    labels = _labels(text)
    if labels is None:
        return None
    name = ".".join(labels)
    if not name.isascii():
        return _internationalised(name)
    found = _known(name, labels) or _ordinary(name, labels)
    notes = [*_notes(name), *filter(None, [found.note])]
    return found._replace(asks=found.asks or _asks(labels, text), note=" ".join(notes) or None)


def _known(name: str, labels: list[str]) -> Name | None:
    """The record of a name that a standard, a product or a hosts file knows."""
    return (
        _localhost(name, labels)
        or _alias(name)
        or _reverse(name, labels)
        or _ipv6_literal(name, labels)
        or _wildcard(name, labels)
        or _special_use(name, labels)
    )


# Letters, digits and hyphen (RFC 952, RFC 1123 §2.1); the underscore is let through
# because DNS has such names (RFC 2181 §11) and resolvers look them up.
_ASCII = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")
_DIGITS = frozenset("0123456789")
_HEX = frozenset("0123456789abcdef")
_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}

# Beyond ASCII only what no name has in any version of Unicode is refused: controls,
# spaces, bidirectional controls, surrogates. The rest is for UTS-46 to judge.
_NOT_IN_NAMES = frozenset(
    [
        *map(chr, range(0x80, 0xA1)),
        *map(chr, range(0x2000, 0x200B)),
        *"\u1680\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u202f\u205f",
        *"\u2066\u2067\u2068\u2069\u3000\ufeff\ufffe\uffff",
    ]
)


def _labels(text: str) -> list[str] | None:
    """The labels in lower case, or None where this is no host name."""
    if len(text) > MAX_NAME + 1:
        return None
    name = text.translate(_LOWER)
    name = name[:-1] if name[-1:] == "." else name
    labels = name.split(".")
    if len(name) > MAX_NAME or not all(
        0 < len(label) <= MAX_LABEL and _may_be_label(label) for label in labels
    ):
        return None
    if _is_number(labels[-1]) or (len(labels) == 1 and "-" in (name[0], name[-1])):
        return None
    return labels


def _may_be_label(label: str) -> bool:
    return _ASCII.issuperset(label) or all(map(_may_be_in_label, label))


def _may_be_in_label(char: str) -> bool:
    if char.isascii():
        return char in _ASCII
    return char not in _NOT_IN_NAMES and not "\ud800" <= char <= "\udfff"


def _is_number(label: str) -> bool:
    """WHATWG URL, "ends in a number": decimal digits, or 0x with hexadecimal ones."""
    return _DIGITS.issuperset(label) or (label[:2] == "0x" and _HEX.issuperset(label[2:]))


def _asks(labels: list[str], text: str) -> str:
    """The usual course: hosts file, then DNS, with the search list of resolv.conf(5)."""
    question = f'A and AAAA for "{".".join(labels)}."'
    if text[-1:] == ".":
        return f"The hosts file, then {question}; the dot at the end rules the search list out."
    if len(labels) == 1:
        return (
            f"The hosts file, then A and AAAA with each domain of the search list added, as the "
            f"name has no dot (resolv.conf, ndots:1), and last {question}."
        )
    return f"The hosts file, then {question}, and last with the search list added."


def _notes(name: str) -> Iterator[str]:
    """What RFC 1123 §2.1 does not allow in host names but is met; a name may have several."""
    if name[0] == "-":
        yield "glibc refuses to look up a name that begins with a hyphen."  # seen in 2.36
    if "_" in name:
        yield "Host names have no underscore (RFC 1123 §2.1), though DNS carries such names."
    if "-." in name or ".-" in name or name[-1] == "-":
        yield "A label of a host name neither begins nor ends with a hyphen (RFC 1123 §2.1)."


# --- localhost -------------------------------------------------------------------------

_RULE_LOCALHOST = "RFC 6761 §6.3"

# Names that a system's /etc/hosts gives to the loopback address; no standard knows them.
_FEDORA = "Fedora and Red Hat"
_DEBIAN = "Debian and Ubuntu"
_IN_HOSTS_FILES = {
    "localhost.localdomain": (_FEDORA, "127.0.0.1 and ::1"),
    "localhost4": (_FEDORA, "127.0.0.1"),
    "localhost4.localdomain4": (_FEDORA, "127.0.0.1"),
    "localhost6": (_FEDORA, "::1"),
    "localhost6.localdomain6": (_FEDORA, "::1"),
    "ip6-localhost": (_DEBIAN, "::1"),
    "ip6-loopback": (_DEBIAN, "::1"),
}
_ELSEWHERE = (
    "Elsewhere it is unknown.",
    "systemd-resolved answers it too; elsewhere it is unknown.",
)
"""Who else knows a name of hosts files: no one, or systemd-resolved(8), "Synthetic Records"."""
_OLD_DOCKER = ("docker.for.mac.localhost", "docker.for.win.localhost")


def _localhost(name: str, labels: list[str]) -> Name | None:
    if labels[-1] == "localhost":
        asks = (
            f'The hosts file or the resolver\'s own rule for "{name}.". Some resolvers ask DNS too '
            "(A and AAAA), although they should not."
        )
        return Name(
            text=name,
            kind=LOCALHOST,
            says=_says_localhost(name),
            carries=None,
            asks=asks,
            rule=_RULE_LOCALHOST,
        )
    if name not in _IN_HOSTS_FILES:
        return None
    who, addresses = _IN_HOSTS_FILES[name]
    known = name == "localhost.localdomain"
    says = f"{who} write it into the hosts file for {addresses}. {_ELSEWHERE[known]}"
    return Name(
        text=name,
        kind=LOCALHOST,
        says=says,
        carries=None,
        asks="",
        rule=f"/etc/hosts of {who}",
        certain=False,
    )


def _says_localhost(name: str) -> str:
    if name == "localhost":
        return "This machine: 127.0.0.1, ::1 or both, in the order of the resolver."
    if name in _OLD_DOCKER:
        return (
            "By its ending this machine. In containers it was once Docker Desktop's name for the "
            "host, now host.docker.internal."
        )
    return (
        "By its ending this machine. Chromium and Firefox resolve it so. Some resolvers resolve "
        "only localhost, and Safari asks them (before macOS 26)."
    )


# --- names of the host inside containers and virtual machines --------------------------

_GATEWAY = (
    "In containers of {}, the machine they run on. On Linux it leads to another address of that "
    "machine than loopback."
)
_DOCKER = "Docker documents, Explore networking features on Docker Desktop"
_RANCHER = "Rancher Desktop, source (wsl.ts)"
_ALIASES = {
    "host.docker.internal": (
        "In containers of Docker Desktop, the machine they run on, its loopback included. With "
        "Docker Engine on Linux only with --add-host=host.docker.internal:host-gateway, and then "
        "it is a gateway, not loopback.",
        _DOCKER,
    ),
    "gateway.docker.internal": (
        "In containers of Docker Desktop, the gateway of their network.",
        _DOCKER,
    ),
    "kubernetes.docker.internal": (
        "Docker Desktop writes it into the hosts file as 127.0.0.1, for its Kubernetes.",
        "hosts file as Docker Desktop writes it",
    ),
    "host.containers.internal": (_GATEWAY.format("Podman"), "podman-run(1), --add-host"),
    "host.minikube.internal": (_GATEWAY.format("minikube"), "minikube documents, Host access"),
    "host.k3d.internal": (_GATEWAY.format("k3d"), "k3d release notes, v3.1.0"),
    "host.lima.internal": (
        "In virtual machines of Lima, the machine they run on, its loopback included.",
        "Lima documents, Default user-mode network",
    ),
    "host.rancher-desktop.internal": (_GATEWAY.format("Rancher Desktop"), _RANCHER),
    "gateway.rancher-desktop.internal": (
        "In the virtual machine of Rancher Desktop, the gateway of its network.",
        _RANCHER,
    ),
    "host.orb.internal": (
        "In Linux machines of OrbStack, the Mac they run on.",
        "OrbStack documents, Connecting to servers on Mac",
    ),
}


def _alias(name: str) -> Name | None:
    if name not in _ALIASES:
        return None
    says, rule = _ALIASES[name]
    asks = (
        f'The hosts file or the product\'s own resolver, for A and AAAA of "{name}."; public DNS '
        f"has no .internal."
    )
    return Name(
        text=name, kind=HOST_ALIAS, says=says, carries=None, asks=asks, rule=rule, certain=False
    )


# --- reverse names ---------------------------------------------------------------------


def _reverse(name: str, labels: list[str]) -> Name | None:
    if labels[-2:] == ["in-addr", "arpa"]:
        carries, rule = carriers.octets(labels[:-2]), "RFC 1035 §3.5"
    elif labels[-2:] == ["ip6", "arpa"]:
        carries, rule = carriers.nibbles(labels[:-2]), "RFC 3596 §2.5"
    else:
        return None
    if carries is None:
        says = "A name in the tree for reverse look-ups that contains no address."
    elif "/" in carries:
        says = f"The part of the reverse tree for {carries}."
    else:
        says = (
            f"The reverse name of {carries}: a DNS query for it returns the name of that address."
        )
    asks = f'PTR for "{name}."'
    return Name(text=name, kind=REVERSE, says=says, carries=carries, asks=asks, rule=rule)


# --- IPv6 literals for Windows paths ---------------------------------------------------


def _ipv6_literal(name: str, labels: list[str]) -> Name | None:
    carries = carriers.ipv6_literal(labels)
    if carries is None:
        return None
    return Name(
        text=name,
        kind=IPV6_LITERAL,
        says=f"The spelling of {carries} for Windows network paths, which cannot hold colons.",
        carries=carries,
        asks=f"Nothing on Windows, which takes the address from the name; elsewhere A and AAAA for "
        f'"{name}.".',
        rule="MS-DTYP, UNC",
    )


# --- public domains that answer with an address of the caller's choice -----------------

_REBINDING = "Some routers and resolvers drop answers with private or loopback addresses."


def _wildcard(name: str, labels: list[str]) -> Name | None:
    found = carriers.wildcard(labels)
    if found is None:
        return None
    domain, carries, rule = found
    says = (
        f"The public DNS servers of {domain} answer it with {carries}. Their operator could "
        f"answer otherwise."
    )
    if domain == "xip.io":
        says = f"It contains {carries} for xip.io, a service that ended in 2021."
    return Name(
        text=name,
        kind=CARRIES_ADDRESS,
        says=says,
        carries=carries,
        asks=f'The hosts file, then A and AAAA for "{name}.".',
        rule=rule,
        certain=False,
        note=_note(domain, carriers.ipv6_too(labels, carries)),
    )


def _note(domain: str, ipv6_too: str | None) -> str | None:
    """What else is to know of a domain; xip.io answers no more."""
    if domain == "xip.io":
        return None
    if ipv6_too is None:
        return _REBINDING
    return f"For IPv6, the same servers answer {ipv6_too}. {_REBINDING}"


# --- special-use domains ---------------------------------------------------------------

_NO_DNS = 'Nothing that DNS could answer for "{}.".'
_MULTICAST_DNS = 'A and AAAA for "{}." by multicast DNS: 224.0.0.251 and ff02::fb, UDP port 5353.'
_EXAMPLE = ("Reserved for examples in documents. It cannot be registered.", "", "RFC 6761 §6.5")

# Ending: what it is; what is asked, "" for the usual course; source.
_SPECIAL_USE = {
    "local": (
        "A name on the local network segment, found by multicast DNS (Bonjour, Avahi).",
        _MULTICAST_DNS,
        "RFC 6762 §3",
    ),
    "internal": (
        "A name inside a private network. Public DNS does not have it.",
        "",
        "ICANN Board resolution of 2024-07-29",
    ),
    "test": ("Reserved for tests. Public DNS does not have it.", "", "RFC 6761 §6.2"),
    "invalid": ("Reserved for names that must not exist.", _NO_DNS, "RFC 6761 §6.4"),
    "example": _EXAMPLE,
    "example.com": _EXAMPLE,
    "example.net": _EXAMPLE,
    "example.org": _EXAMPLE,
    "onion": (
        "A service inside the Tor network. Only Tor software reaches it.",
        _NO_DNS,
        "RFC 7686 §2",
    ),
    "home.arpa": ("A name inside a home network. Each home has its own.", "", "RFC 8375 §1"),
    "alt": ("A name for systems other than DNS.", _NO_DNS, "RFC 9476 §2"),
}

# Whole names with a fixed address behind them.
_FIXED = {
    "metadata.google.internal": (
        "The metadata server of Google Cloud, for machines that run there.",
        "169.254.169.254",
        "Google Cloud documents, VM metadata",
    ),
    "broadcasthost": (
        "macOS writes it into the hosts file for the broadcast address.",
        "255.255.255.255",
        "/etc/hosts of macOS",
    ),
}


def _special_use(name: str, labels: list[str]) -> Name | None:
    if name in _FIXED:
        says, carries, rule = _FIXED[name]
        return Name(
            text=name, kind=SPECIAL_USE, says=says, carries=carries, asks="", rule=rule,
            certain=False,
        )  # fmt: skip
    for ending in (labels[-1], ".".join(labels[-2:])):
        if ending in _SPECIAL_USE:
            says, asks, rule = _SPECIAL_USE[ending]
            asks = asks.format(name)
            return Name(text=name, kind=SPECIAL_USE, says=says, carries=None, asks=asks, rule=rule)
    return None


# --- everything else -------------------------------------------------------------------

_SAYS_IDN = "An internationalised name. Browsers and resolvers turn it into ASCII (xn--) first."
_RULE_IDN = "RFC 5890 §2.3.2; Unicode UTS #46"
_SAYS_SINGLE = "A name without a domain, as machines on a local network have."
_SAYS_DOMAIN = "A host name. Only a resolver can tell its addresses."


def _internationalised(name: str) -> Name:
    asks = f'The hosts file, then A and AAAA for the ASCII form of "{name}.".'
    return Name(text=name, kind=DOMAIN, says=_SAYS_IDN, carries=None, asks=asks, rule=_RULE_IDN)


def _ordinary(name: str, labels: list[str]) -> Name:
    kind, says = (SINGLE_LABEL, _SAYS_SINGLE) if len(labels) == 1 else (DOMAIN, _SAYS_DOMAIN)
    return Name(text=name, kind=kind, says=says, carries=None, asks="", rule="RFC 1123 §2.1")
