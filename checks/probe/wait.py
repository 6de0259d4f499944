"""Whether a condition holds on an endpoint now, and if not, why.

Made to be asked again and again while a server starts. So unlike a diagnosis
it never tries to bind: for the moment of the trial the server's own bind()
would fail, and the wait would cause what it waits out. A listener that a
connection would harm is open by the word of the socket table alone.
"""

from __future__ import annotations

import socket
from time import monotonic
from typing import NamedTuple

from checks.evidence import Answer, Attempt, Machine, Probe
from checks.probe import connect, fragile, resolve, table, targets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from checks.classify.endpoint import Endpoint
    from checks.probe.targets import Address, Target

OPEN, CLOSED, HTTP, TLS = "open", "closed", "http", "tls"

_NO_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE")
"""What OpenSSL says, before and since version 3.4, of an answer that is no TLS record."""

_LONGEST_LINE = 4096  # bytes of an answer that are looked at
_REFUSALS = frozenset(("refused", "self-connected", "unsupported", "address-not-available"))
"""Outcomes that prove that nobody accepts; silence and a reset prove nothing."""


class Look(NamedTuple):
    """What one look gave.

    Arguments:
        held: whether the condition held.
        why: what stood in its way, a few words; "" where the evidence tells it.
        probe: the evidence.
        elsewhere: whether every address is another machine's, and was not asked.
    """

    held: bool
    why: str
    probe: Probe
    elsewhere: bool = False


class Wanted(NamedTuple):
    """What is waited for.

    Arguments:
        condition: ``open``, ``closed``, ``http``, ``tls`` or the name of a protocol.
        path: of the HTTP request.
        secure: whether HTTP is spoken inside TLS.
    """

    condition: str
    path: str = "/"
    secure: bool = False


def look(
    endpoint: Endpoint, wanted: Wanted, timeout: float, machine: Machine, *, remote: bool
) -> Look:
    """Ask once.

    Arguments:
        endpoint: with a port from 1 to 65535.
        wanted: the condition.
        timeout: seconds that one connection may take.
        machine: this machine.
        remote: whether other machines' addresses may be connected to.
    """
    port = (endpoint.port.number if endpoint.port else None) or 0
    answers, addresses = _addresses(endpoint, timeout)
    chosen = targets.choose(addresses, port, machine.interfaces, remote)
    found = table.sockets(port, machine.interfaces)
    spared = [fragile.find(target, found.listeners) for target in chosen]
    chosen = tuple(
        target._replace(skip=f"{fragile.LEFT_ALONE}{each.reason}") if each else target
        for target, each in zip(chosen, spared, strict=True)
    )
    result = connect.attempt(chosen, timeout)
    if result.sources and not found.listeners:  # it has come up in between
        found = table.sockets(port, machine.interfaces, result.sources)
    outcome = next((a.outcome for a in result.attempts if a.outcome == "accepted"), None)
    outcome = outcome or next((a.outcome for a in result.attempts), "not-resolved")
    probe = Probe(
        outcome, answers[0] if answers else None, result.attempts, found.listeners, found.others,
        (), machine, found.notes, answers[1:], unread=found.unread,
    )  # fmt: skip
    elsewhere = bool(chosen) and all(target.skip == targets.OTHER_MACHINE for target in chosen)
    if any(spared) and not any(each.outcome == "accepted" for each in result.attempts):
        held, why = _holds_by_table(wanted, next(each for each in spared if each), port)
        return Look(held, why, probe._replace(outcome="left-alone"), elsewhere)
    held, why = _holds(endpoint, wanted, chosen, result.attempts, timeout)
    return Look(held, why, probe, elsewhere)


def _holds_by_table(wanted: Wanted, spared: fragile.Spared, port: int) -> tuple[bool, str]:
    """What can be said of a listener that is not to be connected to."""
    if wanted.condition == OPEN:
        return True, ""
    if wanted.condition == CLOSED:
        return False, "it still listens"
    from checks.probe.identify import debuggers  # noqa: PLC0415 - seldom

    known = debuggers.from_command(spared.owner.command, port)
    if known is not None and known.protocol == wanted.condition:
        return True, ""
    return False, f"it is not asked what it speaks: {spared.reason}"


def _addresses(endpoint: Endpoint, timeout: float) -> tuple[tuple[Answer, ...], Sequence[Address]]:
    host = endpoint.host
    if host is None:
        return (), targets.LOOPBACKS
    if host.kind == "wildcard":
        return (), targets.WILDCARDS
    if host.kind == "name":
        answer, found = resolve.addresses(host.text, timeout)
        return (answer,), found
    return (), [targets.Address(host.version, host.value, host.zone)]


def _holds(
    endpoint: Endpoint,
    wanted: Wanted,
    chosen: Sequence[Target],
    attempts: Sequence[Attempt],
    timeout: float,
) -> tuple[bool, str]:
    accepting = [
        target
        for target, attempt in zip(chosen, attempts, strict=True)
        if attempt.outcome == "accepted"
    ]
    if wanted.condition == CLOSED:
        tried = [attempt for attempt in attempts if attempt.outcome != "skipped"]
        closed = bool(tried) and all(attempt.outcome in _REFUSALS for attempt in tried)
        return closed, "it still answers" if accepting else ""
    # A loopback address that the system does not give for the name is asked for the evidence
    # only: a program that asks the system does not get there.
    accepting = [target for target in accepting if target.detail is None]
    if not accepting:
        return False, ""
    if wanted.condition == OPEN:
        return True, ""
    why = ""
    for target in accepting:
        why = _speaks(endpoint, wanted, target, timeout)
        if not why:
            return True, ""
    return False, why


def _speaks(endpoint: Endpoint, wanted: Wanted, target: Target, timeout: float) -> str:
    """Whether the peer speaks what is waited for: "" if so, else what it does instead."""
    host = endpoint.host.text if endpoint.host and endpoint.host.kind == "name" else target.text
    if wanted.condition not in (HTTP, TLS):
        from checks.probe.identify import identify  # noqa: PLC0415 - only for protocols

        spoken = identify(target.text, target.port, budget=max(timeout, 1.0), host=host).protocol
        if spoken == wanted.condition:
            return ""
        return f"it speaks {spoken}" if spoken else "what it speaks is not known yet"
    try:
        return _converse(wanted, target, host, timeout)
    except TimeoutError:
        return f"it accepts, and does not answer within {timeout:g} s"
    except (OSError, ValueError) as error:  # ValueError: a name that TLS cannot carry
        if getattr(error, "reason", None) in _NO_TLS:
            return "it answers, but not with TLS"
        text = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
        return f"it accepts, then: {text}"


def _converse(wanted: Wanted, target: Target, host: str, timeout: float) -> str:
    """One connection: a handshake, a request, the first line of an answer."""
    deadline = monotonic() + timeout
    bare = target.text.partition("%")[0]
    family = socket.AF_INET if target.version == 4 else socket.AF_INET6
    opened: socket.socket = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.settimeout(timeout)
        place = (bare, target.port)
        opened.connect(place if target.version == 4 else (*place, 0, target.scope))
        if wanted.condition == TLS or wanted.secure:
            opened.settimeout(_left(deadline))
            opened = _handshake(opened, host)
            if wanted.condition == TLS:
                return ""
        opened.settimeout(_left(deadline))
        opened.sendall(_request(wanted.path, host, target.port))
        return _read(opened, deadline)
    finally:
        opened.close()


def _handshake(opened: socket.socket, host: str) -> socket.socket:
    import ssl  # noqa: PLC0415 - 15 ms, only for TLS

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Whether the server is up is asked, not whether it is to be trusted.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(opened, server_hostname=host.partition("%")[0])


def _request(path: str, host: str, port: int) -> bytes:
    """A GET that any server answers: RFC 9112 §3.2, RFC 9110 §7.2."""
    shown = f"[{host.partition('%')[0]}]" if ":" in host else host
    lines = (
        f"GET {path} HTTP/1.1",
        f"Host: {shown}:{port}",
        "User-Agent: checks",
        "Accept: */*",
        "Connection: close",
    )
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode("ascii", "replace")


def _read(opened: socket.socket, deadline: float) -> str:
    """Read until the answer has a first line; "" where that is HTTP's."""
    data = b""
    while b"\n" not in data and len(data) < _LONGEST_LINE:
        opened.settimeout(_left(deadline))
        part = opened.recv(_LONGEST_LINE)
        if not part:
            break
        data += part
    if data.startswith(b"HTTP/"):
        return ""
    return "it answers, but not with HTTP" if data else "it accepts, then closes without an answer"


def _left(deadline: float) -> float:
    left = deadline - monotonic()
    if left <= 0:
        raise TimeoutError
    return left
