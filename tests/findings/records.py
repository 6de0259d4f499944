"""Hand-made evidence for the tests of the findings: builders with quiet defaults."""

from __future__ import annotations

import sentences

from checks.findings import Found, judge
from checks.findings.catalogue import LINES
from checks.model.evidence import (
    Activation,
    Answer,
    Attempt,
    Binding,
    Icmp,
    Identity,
    Interface,
    Listener,
    Machine,
    Owner,
    Peer,
    Probe,
    Relay,
    Tls,
    Unit,
)
from checks.text import classify

PORT = 62893
TARGET = f"127.0.0.1:{PORT}"
PYTHON = Owner(4242, "python3", "python3 -m http.server", "ann", "2026-11-23T21:47:22Z")
NODE = Owner(99, "node", "node server.js", "ann", None)
INTERFACES = (
    Interface("lo", "127.0.0.1", 8),
    Interface("lo", "::1", 128),
    Interface("eth0", "192.168.1.5", 24),
    Interface("eth0", "2001:db8::5", 64),
)

CONCLUDED = tuple(code for code, _, features in LINES if features == code)
"""Findings that explain what became of a connection: of these one speaks."""
BESIDE = tuple(code for code, _, _ in LINES if code[0] == "C" and code not in CONCLUDED)
"""Findings that stand beside it."""

_ERRNO = {
    "accepted": None,
    "self-connected": None,
    "refused": "ECONNREFUSED",
    "timed-out": None,
    "reset": "ECONNRESET",
    "rejected": "EHOSTUNREACH",
    "unreachable": "ENETUNREACH",
    "address-not-available": "EADDRNOTAVAIL",
    "unsupported": "EAFNOSUPPORT",
    "skipped": None,
}


def machine(
    system: str = "linux",
    *,
    user: str = "ann",
    privileged: bool = False,
    ephemeral: tuple[int, int] | None = (32768, 60999),
    unprivileged_start: int | None = 1024,
    reserved_ports: str = "",
    interfaces: tuple[Interface, ...] = INTERFACES,
    surroundings: tuple[str, ...] = (),
    route_localnet: tuple[str, ...] = (),
    tools: tuple[str, ...] | None = None,
) -> Machine:
    """A stock machine, of user ann where no other is named, with one network."""
    return Machine(
        system, user, privileged, ephemeral, unprivileged_start, reserved_ports, interfaces,
        surroundings, route_localnet, tools,
    )  # fmt: skip


def attempt(
    outcome: str,
    address: str = "127.0.0.1",
    errno: str | None = None,
    detail: str | None = None,
    *,
    reason: str | None = None,
    icmp: Icmp | None = None,
) -> Attempt:
    """One connect() with the errno that the outcome mostly has."""
    silent = outcome == "timed-out"
    milliseconds = None if outcome == "skipped" else 1000.0 if silent else 0.2
    return Attempt(
        address, outcome, errno or _ERRNO[outcome], milliseconds, 2 if silent else 1, detail,
        reason=reason, icmp=icmp,
    )  # fmt: skip


def listener(
    address: str = "127.0.0.1",
    *owners: Owner,
    protocol: str = "tcp",
    v6only: bool | None = None,
    queue: int | None = 0,
    backlog: int | None = 5,
    user: str | None = "ann",
    uid: int | None = 1000,
    unit: str | None = None,
    interface: str | None = None,
    port: int = PORT,
    managed_by: Unit | None = None,
    activation: Activation | None = None,
    relay: Relay | None = None,
    no_owner: str | None = None,
) -> Listener:
    """A row of the socket table; its reach follows from the address."""
    wild = address in ("0.0.0.0", "::")
    loopback = address.startswith("127.") or address == "::1"
    if interface == "lo":
        loopback = True
    elif interface:
        wild = False
    reach = "host" if loopback else "any" if wild else "network"
    if protocol == "udp":
        queue = backlog = None
    return Listener(
        protocol, address, port, v6only, queue, backlog, uid, user, 1, unit, owners, reach,
        interface, managed_by=managed_by, activation=activation, relay=relay, no_owner=no_owner,
    )  # fmt: skip


def peer(
    state: str = "established",
    local: str = TARGET,
    remote: str | None = "127.0.0.1:5432",
    *owners: Owner,
) -> Peer:
    """A row of the socket table that is no listener."""
    return Peer("tcp", state, local, remote, owners)


def binding(
    outcome: str,
    address: str = "127.0.0.1",
    errno: str | None = None,
    errno_reuse: str | None = None,
    port: int = PORT,
) -> Binding:
    """A trial bind()."""
    return Binding(address, port, outcome, errno, errno_reuse)


def probe(
    *attempts: Attempt,
    listeners: tuple[Listener, ...] = (),
    others: tuple[Peer, ...] = (),
    bindings: tuple[Binding, ...] = (),
    resolution: Answer | None = None,
    outcome: str | None = None,
    at: Machine | None = None,
    notes: tuple[str, ...] = (),
    relay: Relay | None = None,
    identity: Identity | None = None,
    unread: tuple[str, ...] = (),
) -> Probe:
    """What was witnessed about one endpoint."""
    if outcome is None:
        outcomes = [one.outcome for one in attempts] or ["not-probed"]
        outcome = "accepted" if "accepted" in outcomes else outcomes[0]
    return Probe(
        outcome, resolution, attempts, listeners, others, bindings, at or machine(), notes,
        relay=relay, identity=identity, unread=unread,
    )  # fmt: skip


def speaks(
    protocol: str | None,
    product: str | None = None,
    version: str | None = None,
    *traits: str,
    secured: Tls | None = None,
    authentication: str | None = None,
    behaviour: str = "answered",
    details: tuple[tuple[str, str], ...] = (),
    evidence: tuple[str, ...] = ('sent PING: "+PONG\\r\\n" after 1 ms',),
) -> Identity:
    """What was learned of a service."""
    return Identity(
        protocol, product, version, details, secured, authentication, traits, behaviour, evidence,
        12.0, 2, 345,
    )  # fmt: skip


def certificate(
    problem: str | None = None,
    version: str | None = "TLSv1.3",
    names: tuple[str, ...] = ("localhost",),
    problem_code: str | None = None,
) -> Tls:
    """What a handshake showed: a certificate for localhost, good unless said otherwise."""
    return Tls(
        version, "http/1.1", "CN=localhost", "CN=Local CA", names, "2026-01-01T00:00:00Z",
        "2027-01-01T00:00:00Z", False, False, problem, problem_code,
    )  # fmt: skip


def resolves(*addresses: str, error: str | None = None) -> Answer:
    """What getaddrinfo gives."""
    return Answer("getaddrinfo", addresses, error)


def findings(text: str, evidence: Probe | None = None) -> tuple[Found, ...]:
    """What is found about a text, with evidence for its first endpoint.

    It hangs on no sentence of the evidence: that is held of each that is made.
    """
    classification = classify(text)
    if evidence is None:
        return judge(classification)
    sentences.hold(classification, {0: evidence})
    return judge(classification, {0: evidence})


def codes(text: str, evidence: Probe | None = None, group: str = "") -> list[str]:
    """The codes, of one group where one is named."""
    found = findings(text, evidence)
    return [one.finding.code for one in found if one.finding.code.startswith(group)]


def the(code: str, text: str, evidence: Probe | None = None) -> Found:
    """The one finding of that code."""
    (found,) = [one for one in findings(text, evidence) if one.finding.code == code]
    return found
