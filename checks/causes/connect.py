"""Causes of a connection that failed: whether anything listens there, and on which port."""

from __future__ import annotations

import re
from itertools import islice

from checks.causes import announced, nearby, servers
from checks.causes.base import Clue, Rule
from checks.causes.bind import denied_bare
from checks.causes.situation import because_of
from checks.causes.steps import connect as steps
from checks.causes.steps import elsewhere

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.causes.situation import Situation
    from checks.text.endpoint import Endpoint

REFUSED = ("ECONNREFUSED", "ERR_CONNECTION_FAILED", "CORSDidNotSucceed")
"""Errors of a connection that no program took; the second may be any failure."""
SILENT = ("ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN")
"""Errors of a connection that got no answer, or no way."""
CONNECT = ("connect", "send", "receive", "tls", "http", "socket")
"""Operations of a client, after the name was resolved."""

_WEB = (80, 443)
_OWN_SITES = "test|local|localhost|dev|loc|lan|localdomain|docker|vm|wip|site|internal|home"
"""Last labels of such names: RFC 6761 and RFC 6762 have two, the others are habits."""
_KUBERNETES = (8080, 80, None)
_PROXIED = (
    r"\bproxy error\b|\bto proxy\b|\bnot proxy request\b|\bwhile proxying\b|\berror proxying\b"
)
"""Words of a dev server that asks a back end for the page: Vite, webpack, Next.js, Angular."""
_ROOTED = ("0.0.0.0", "::")


def _not_running(situation: Situation) -> Iterator[Clue]:
    yield Clue(26, situation.at_error("most often because no program listens there"))
    if _both_refused(situation):
        yield Clue(40, situation.at_endpoint("both 127.0.0.1 and ::1 refused the connection"))
    elif tried_every(situation):
        says = "Go tries every address of localhost and prints the first error"
        yield Clue(40, situation.at_endpoint(says))
    aggregate = situation.words(
        r"aggregateerror\b", "every address of the name refused the connection"
    )
    if aggregate:
        yield Clue(30, aggregate)
    if servers.is_backing(situation) and situation.may_be_loopback:
        yield Clue(14, situation.at_endpoint("such a server must be installed and started"))
    yield from situation.marked({"docker": 40, "nginx": 24, "tunnel-origin": 24})
    if situation.has("kubectl") and situation.port not in _KUBERNETES:
        yield Clue(
            40, situation.at_endpoint("the cluster in kubectl's settings may not be running")
        )
    if situation.is_wildcard:
        yield Clue(10, situation.at_endpoint("on Linux and macOS it leads to this machine"))
    served = any(port == situation.port for port, _ in announced.served(situation))
    if served or announced.listens(situation):
        yield Clue(-20)
    elif announced.said_to_run(situation):
        yield Clue(-14)


def _both_refused(situation: Situation) -> bool:
    if not situation.is_loopback or situation.named("EADDRNOTAVAIL"):
        return False
    other = situation.failed_beside(4 if situation.address == "::1" else 6)
    return other is not None and bool(situation.address)


def tried_every(situation: Situation) -> bool:
    """Whether a refused ::1 is one of all addresses of a name, which were all refused.

    Go's Dial goes on to 127.0.0.1 and returns the first error of a name's addresses. Source:
    golang/go, src/net/dial.go (``dialSerial``: "The error from the first address is most
    relevant"; ``dialParallel``: the primary's error).
    """
    if situation.address != "::1" or situation.client != "go":
        return False
    ends = situation.classification.endpoints
    return not any(one.scheme and one.host and one.host.address == "::1" for one in ends)


def _no_socket(situation: Situation) -> Iterator[Clue]:
    mark = situation.marks.get("unix-socket")
    if mark is not None:
        is_mysql = "mysql" in situation.low or "hy000" in situation.low
        yield from situation.marked({"unix-socket": 30 if is_mysql else 70})


def _running(situation: Situation) -> Iterator[Clue]:
    if situation.error.name in REFUSED:
        yield from _not_running(situation)
    elif situation.error.name in SILENT and situation.is_private:
        yield from situation.marked({"kubectl": 42})
    yield from _no_socket(situation)


def _wrong_port(situation: Situation) -> Iterator[Clue]:
    port = situation.port
    if not situation.may_be_loopback:
        yield from _site_port(situation)
        return
    runs = announced.said_to_run(situation)
    if runs and situation.error.name in REFUSED:
        yield Clue(18, runs)
    if port is None or announced.listens(situation):
        return
    yield Clue(10, situation.at_endpoint("the server may use another port"))
    told = dict(announced.served(situation))
    if port not in told and not fell_back(situation):
        its = (one for n, one in told.items() if _may_be_its(situation, n, situation.line(one)))
        yield from (Clue(64, one) for one in islice(its, 1))
    endpoint = situation.endpoint
    if endpoint is None or endpoint.port is None or port not in _WEB:
        return
    if situation.client == "node":
        yield Clue(24, situation.at_endpoint("Node uses this port if a URL has none"))
    elif endpoint.port.implied or situation.has("browser"):
        yield Clue(16, situation.at_endpoint("the URL has no port, so the client used this one"))


def fell_back(situation: Situation) -> bool:
    """Return whether Node asked its default host and port, which no URL of the text has.

    Source: Node.js, ``http.request``: host ``localhost`` and port 80 by default.
    """
    if situation.client != "node" or situation.port not in _WEB or not situation.is_loopback:
        return False
    ends = situation.classification.endpoints
    return not any(
        one.scheme in ("http", "https", "ws", "wss")
        and one.host is not None
        and one.port is not None
        and one.port.number == situation.port
        and one.role != "link"
        for one in ends
    )


def _site_port(situation: Situation) -> Iterator[Clue]:
    """The web port of a development site's name: its server often has another."""
    if situation.port in _WEB and situation.error.name in REFUSED and is_own_site(situation):
        yield Clue(24, situation.at_endpoint("the URL has no port, and development servers usually"
                                             " use another"))  # fmt: skip


def is_own_site(situation: Situation) -> bool:
    """Whether a name is one that people give their own machine: ``shop.test``, ``shop.local``."""
    return re.search(rf"\.(?:{_OWN_SITES})$", situation.host.lower(), re.ASCII) is not None


def _may_be_its(situation: Situation, number: int, line: str) -> bool:
    """Whether a line that a server printed may be of the server that was asked.

    A program that says where it listens often asks a database next, and a development server
    passes requests on: neither line tells where the other server is.

    Arguments:
        situation: with the port that was asked.
        number: the port that the line has.
        line: in lower case.
    """
    if situation.words(_PROXIED, ""):
        own = situation.words(r"\bfrom \S{1,60}:\d{2,5} to\b", "")
        if own is None or f":{number} " in own.text:
            return False
    if servers.is_backing(situation):
        near = abs(number - (situation.port or 0)) < _NEAR
        return near or servers.is_named(situation, line)
    return True


_NEAR = 10
"""A second database of a machine, or one that was moved, mostly has one of the next ports."""


def _not_ready(situation: Situation) -> Iterator[Clue]:
    starting = situation.words(r"database system is starting up", "the server says so")
    if starting:
        yield Clue(90, starting)
    waited = situation.words(
        r"\bruntime process, timeout after \d{3,6} ms", "the client waited this long"
    )
    if waited:
        yield Clue(24, waited)
    named = situation.name_kind == "single-label" or situation.is_bridge
    if situation.is_private and "probe failed" in situation.low:
        yield Clue(
            40,
            situation.words(
                r"\w{3,12} probe failed", "Kubernetes probes a container that is still starting"
            ),
        )
    if situation.is_loopback or not (named or situation.endpoint is None):
        return
    yield from situation.marked({"compose": 62, "compose-name": 25, "starting-up": 15})
    if servers.may_be_container(situation) and not situation.address.endswith(".1"):
        yield Clue(36, situation.at_endpoint("the name or address of another container"))
        yield from situation.marked({"pid-1": 20, "container-path": 15, "docker-exec": 15})


def _on_other_address(situation: Situation) -> Iterator[Clue]:
    if not situation.may_be_loopback or situation.port is None:
        return
    for other in situation.others("listener", None):
        if _listens_elsewhere(situation, other):
            yield Clue(50, because_of(other, "the server listens on this address"))
            return
    told = situation.words(
        r"(?:^|\s)(?:-l|--listen|--bind|--host|-b|-h)[ =](?!127\."
        r"|0\.0\.0\.0)\d{1,3}(?:\.\d{1,3}){3}\b",
        "the server's option sets this address",
    )
    if told:
        yield Clue(60, told)
    elif situation.is_wildcard:
        yield Clue(12, situation.at_endpoint("the server may listen on one address only"))


def _listens_elsewhere(situation: Situation, other: Endpoint) -> bool:
    host, port = other.host, other.port
    return (
        host is not None
        and port is not None
        and port.number == situation.port
        and bool(host.version)
        and not host.loopback
        and host.address not in _ROOTED
    )


def _loopback_only(situation: Situation) -> Iterator[Clue]:
    if situation.is_loopback or situation.endpoint is None or situation.is_wildcard:
        return
    elsewhere_told = situation.asks_device or situation.is_bridge or situation.has("pod")
    if situation.is_private and not elsewhere_told:
        yield Clue(40, situation.at_endpoint("an address of the local network"))
    for other in situation.others("listener", None):
        host, port = other.host, other.port
        if host and host.loopback and port and port.number == situation.port:
            yield Clue(45, because_of(other, "the server listens on a loopback address"))
            break
    hint = situation.words(r"use --host to expose|--host to expose", "the server says so")
    if hint:
        yield Clue(60, hint)


def _firewall(situation: Situation) -> Iterator[Clue]:
    name = situation.error.name
    remote = not situation.may_be_loopback and not situation.asks_itself
    if name == "ETIMEDOUT" and not remote and announced.listens(situation):
        yield Clue(6)
    elif name == "ETIMEDOUT":
        yield Clue(
            44 if remote else 30,
            situation.at_error("a client gets no answer when packets are dropped"),
        )
    elif name == "EHOSTUNREACH" and remote:
        yield Clue(28, situation.at_error("a firewall that rejects causes this error"))
    elif name in ("EPERM", "ERR_NETWORK_ACCESS_DENIED", "UFW_BLOCK", "JAVA_LOOPBACK_PAIR"):
        yield Clue(60, situation.at_error("a firewall of this machine causes this error"))
    elif name == "EACCES" and situation.system == "windows" and not denied_bare(situation):
        yield Clue(
            50, situation.at_error("a firewall or security program causes this error on Windows")
        )
    elif name in REFUSED and remote:
        yield Clue(
            20, situation.at_endpoint("a firewall of the other machine may reject connections")
        )
    if name in SILENT and (situation.name_kind == "host-alias" or situation.is_bridge):
        says = "firewalls on Linux hosts often drop packets from containers"
        yield Clue(30, situation.at_endpoint(says))
    told = situation.words(r"\b(?:ufw|firewalld?|iptables|nftables)\b", "the text names it")
    if told and (remote or name != "ECONNREFUSED"):
        yield Clue(30, told)


def _exhausted(situation: Situation) -> Iterator[Clue]:
    name = situation.error.name
    if name in ("EADDRINUSE", "EADDRNOTAVAIL"):
        yield from _no_local_port(situation)
    elif name == "ENOBUFS":
        yield Clue(70, situation.at_error("no local port or buffer space is left"))
    elif situation.error.operation in (None, *CONNECT):
        yield from situation.marked({"load-tester": 30})
    full = situation.words(
        r"wsaenobufs|\b10055\b|lacked sufficient buffer", "no local port is left"
    )
    if full:
        yield Clue(80, full)


def _no_local_port(situation: Situation) -> Iterator[Clue]:
    """EADDRINUSE and EADDRNOTAVAIL are errors of a connection where no local port is left."""
    if situation.words(r"\bconnect(?:async|helper)", "the program was connecting"):
        yield Clue(72, situation.at_error("the client, not a server, found no free local port"))
        return
    named = situation.is_loopback and not situation.address.startswith("127.")
    if named or situation.words(r"\b(?:listen|bind)\w{0,3}\b", ""):
        return
    operation = situation.error.operation
    if operation in CONNECT or (not operation and "connect" in situation.low):
        yield Clue(70, situation.at_error("the client, not a server, found no free local port"))
    yield from situation.marked({"load-tester": 70})


def _selinux(situation: Situation) -> Iterator[Clue]:
    yield from situation.marked({"selinux": 80})
    if situation.error.name == "EACCES" and situation.system not in ("windows", "macos"):
        is_client = situation.error.operation in CONNECT or situation.words(
            r"\bconnect(?:\(\)|ing| to|:)", ""
        )
        if is_client and situation.endpoint is not None and not situation.has("android", "dart"):
            yield Clue(35, situation.at_error("the system denied a connection, not a listener"))


def _asks_unspecified(situation: Situation) -> Iterator[Clue]:
    if situation.endpoint is None:
        yield from _names_unspecified(situation)
    elif situation.is_wildcard:
        hard = situation.error.name not in REFUSED
        yield Clue(
            85 if hard else 40,
            situation.at_endpoint("a wildcard address, which is only for listening"),
        )


def _names_unspecified(situation: Situation) -> Iterator[Clue]:
    for one in situation.classification.endpoints:
        if one.host is not None and one.host.address in _ROOTED and one.scheme:
            yield Clue(70, because_of(one, "a wildcard address, which is only for listening"))
            return


_ADDED: tuple[str, ...] = ("C301", "C315", "C314")

RULES: tuple[Rule, ...] = (
    Rule(
        key="server-not-running",
        says="{server} is not running, or it uses another port.",
        page="troubleshooting/not-responding/",
        steps=steps.not_running,
        errors=(*REFUSED, *SILENT, "ENOENT", ""),
        operations=CONNECT,
        look=_running,
        finding="C302",
        confirmed_by=("C302", "C323"),
        ruled_out_by=(*_ADDED, "C303", "C309", "C310", "C322", "C324", "C327", "C328"),
    ),
    Rule(
        key="wrong-port",
        says="{server} listens on a different port than the client uses.",
        page="troubleshooting/not-responding/#another-port",
        steps=steps.other_port,
        errors=(*REFUSED, "ERR_EMPTY_RESPONSE", "ECONNRESET"),
        operations=CONNECT,
        look=_wrong_port,
        finding="C302",
        ruled_out_by=("C301", "C309"),
    ),
    Rule(
        key="server-not-ready",
        says="{server} was still starting when {client} connected.",
        page="uses/services/#start-order",
        steps=elsewhere.wait_until_ready,
        errors=(*REFUSED, "", "ECONNRESET", "ERR_CONNECTION_CLOSED"),
        operations=CONNECT,
        look=_not_ready,
        finding="C302",
    ),
    Rule(
        key="server-on-other-address",
        says="{server} listens only on another address of the machine.",
        page="troubleshooting/not-responding/#is-there-a-listener-and-on-which-address",
        steps=steps.other_address,
        errors=REFUSED,
        operations=CONNECT,
        look=_on_other_address,
        finding="C310",
        confirmed_by=("C310",),
        ruled_out_by=_ADDED,
    ),
    Rule(
        key="server-loopback-only",
        says="{server} listens only on loopback, so other machines cannot connect.",
        page="troubleshooting/elsewhere/#from-a-phone-or-another-computer",
        steps=steps.listen_on_network,
        errors=REFUSED,
        operations=CONNECT,
        look=_loopback_only,
        finding="E501",
        ruled_out_by=_ADDED,
    ),
    Rule(
        key="firewall-rejects",
        says="A firewall drops or rejects the connection to {at}.",
        page="troubleshooting/firewall/",
        steps=steps.firewall,
        errors=(
            *REFUSED, *SILENT, "EPERM", "EACCES", "ERR_NETWORK_ACCESS_DENIED", "UFW_BLOCK",
            "JAVA_LOOPBACK_PAIR",
        ),
        operations=CONNECT,
        look=_firewall,
        finding="C304",
        confirmed_by=("C303", "C304", "C306"),
        ruled_out_by=(*_ADDED, "C305", "C320"),
    ),
    Rule(
        key="vpn-route",
        says="A VPN has taken over the route to {host}.",
        page="troubleshooting/elsewhere/#a-vpn-takes-the-route",
        steps=steps.route,
        errors=SILENT,
        operations=CONNECT,
        look=nearby.vpn,
        finding="C304",
        ruled_out_by=_ADDED,
    ),
    Rule(
        key="macos-local-network-privacy",
        says="The program does not have the Local Network permission of macOS.",
        page="troubleshooting/permission/#macos-local-network",
        steps=steps.local_network,
        errors=("EHOSTUNREACH", "EHOSTDOWN", "ENETUNREACH", "EPERM"),
        operations=CONNECT,
        look=nearby.macos_privacy,
        finding="C307",
    ),
    Rule(
        key="ephemeral-exhaustion",
        says="The client has used up its local ports.",
        page="ports/ephemeral/#when-the-ports-run-out",
        steps=steps.keep_alive,
        errors=(
            "EADDRINUSE", "EADDRNOTAVAIL", "ETIMEDOUT", "ECONNREFUSED", "ECONNRESET", "EMFILE",
            "ENOBUFS", "",
        ),
        look=_exhausted,
        finding="C321",
        confirmed_by=("C321",),
    ),
    Rule(
        key="selinux",
        says="SELinux does not allow this program to connect to {at}.",
        page="troubleshooting/permission/#denied-on-connect",
        steps=steps.selinux,
        errors=("EACCES", "EPERM"),
        operations=CONNECT,
        look=_selinux,
        finding="C306",
        confirmed_by=("C306",),
        ruled_out_by=_ADDED,
    ),
    Rule(
        key="android-internet-permission",
        says="The Android app does not have the INTERNET permission.",
        page="uses/devices/#android-permission",
        steps=steps.android_internet,
        errors=("EACCES", "EPERM"),
        operations=CONNECT,
        marks={"android": 70, "dart": 60},
    ),
    Rule(
        key="asks-unspecified-address",
        says="The client connects to 0.0.0.0 (or ::), which is only for listening.",
        page="loopback/unspecified/#as-the-address-to-connect-to",
        steps=steps.ask_loopback,
        errors=(*REFUSED, *SILENT, "EADDRNOTAVAIL", "ERR_ADDRESS_INVALID", "EINVAL"),
        operations=CONNECT,
        look=_asks_unspecified,
        finding="A103",
    ),
)  # fmt: skip
