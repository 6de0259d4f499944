"""What is known of an endpoint, row by row: a label and a sentence.

The terminal and the page show the same rows; each draws them in its way. All
text from outside has gone through :mod:`.clean` here.
"""

from __future__ import annotations

from checks.findings import speech, witness, wording
from checks.report.clean import line as clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from checks.address.host import Host
    from checks.model.evidence import Attempt, Binding, Identity, Listener, Owner, Probe, Relay
    from checks.ports import Port
    from checks.report import Report
    from checks.text import Endpoint

    Row: TypeAlias = tuple[str, str]
    """A label, and what stands there; an empty label continues the row above."""

_REACH = {
    "host": "this machine only",
    "network": "machines that reach this address",
    "any": "every machine that reaches any address of this one",
}
_SYSTEMS = {
    "chromium": "Chromium",
    "freebsd": "FreeBSD",
    "linux": "Linux",
    "macos": "macOS",
    "netbsd": "NetBSD",
    "openbsd": "OpenBSD",
    "solaris": "Solaris",
    "windows": "Windows",
}
_OUTCOMES = {
    "accepted": "accepted",
    "self-connected": "connected to itself: nobody listens",
    "refused": "refused",
    "timed-out": "no answer",
    "reset": "reset",
    "rejected": "rejected",
    "unreachable": "unreachable",
    "address-not-available": "address not available",
    "unsupported": "this system has no such address family",
    "skipped": "not tried",
}
_BINDINGS = {
    "free": "free: a server could bind it now",
    "in-use": "in use",
    "bound-not-listening": "held by a socket that does not listen",
    "time-wait": "only closing connections (TIME_WAIT) hold it",
    "client-port": "in use by a connection",
    "not-permitted": "not permitted for this user",
    "address-not-available": "the address is not this machine's",
    "reserved": "free, and kept out of automatic choice",
    "unsupported": "this system has no such address family",
    "not-tried": "not tried",
}


def of_error(report: Report) -> Iterator[Row]:
    """The error message that the text is or contains, with its numbers; often none."""
    error = report.classification.error
    if error is None:
        return
    codes = ", ".join(
        f"{number} on {_named(system)}" for system, number in error.platform_codes.items()
    )
    yield "Error", f"{error.name}{f' ({codes})' if codes else ''}"
    if report.verdict != error.says:
        yield "", error.says


def _named(system: str) -> str:
    return _SYSTEMS.get(system, system)


UNASKED: Row = ("Connect", "not tested: the text names too many endpoints")
"""The row that an endpoint has in place of evidence where it was left out."""


def left_out(report: Report) -> str:
    """The sentence on the endpoints that were left out; "" where none was."""
    count, tested = len(report.unasked), len(report.probes)
    if not count:
        return ""
    return (
        f"{count} of {count + tested} endpoints were not tested, only the first {tested}."
        " Test the others in a second run."
    )


def of_endpoint(endpoint: Endpoint, probe: Probe | None) -> Iterator[Row]:
    """What the endpoint is and, with *probe*, what this machine witnessed of it.

    Two spaces in a row's text part a value from what is said of it.
    """
    if endpoint.host is not None:
        yield from _host(endpoint.host)
    if endpoint.port is not None:
        yield from _port(endpoint.port, probe)
    if probe is not None:
        yield from _probe(probe)


def _host(host: Host) -> Iterator[Row]:
    name = host.name
    if name is not None:
        yield "Name", f"{clean(host.text)}  {name.says}"
        yield "Asks", clean(name.asks)
        return
    if host.address is None:
        label = "any address" if host.kind == "wildcard" else "not an address and not a name"
        yield "Address", f"{clean(host.text)}  {label}"
        return
    yield "Address", _address(host)
    block = host.block
    if block is not None:
        yield "", block.says
    if host.embedded is not None:
        yield "Embeds", f"{host.embedded.address} ({host.embedded.form})"
    yield from _readings(host)


def _address(host: Host) -> str:
    block = host.block
    length = "" if host.prefix_length is None else f"/{host.prefix_length}"
    zone = f" on {clean(host.zone)}" if host.zone else ""
    where = (
        f"{block.name}, {block.prefix} ({', '.join(block.rfcs)})" if block else "ordinary unicast"
    )
    return f"{host.address}{length}{zone}  {where}"


def _readings(host: Host) -> Iterator[Row]:
    """Shown only where the readers do not agree: otherwise they tell nothing new."""
    readings = host.readings
    if host.version != 4 or readings.strict is not None:
        return
    for label, value in (
        ("as a URL", readings.url),
        ("inet_aton", readings.inet_aton),
        ("strict", readings.strict),
    ):
        yield (
            "Read" if label == "as a URL" else "",
            f"{label:<10} {clean(value) if value is not None else 'not accepted'}",
        )


def _port(port: Port, probe: Probe | None) -> Iterator[Row]:
    if port.number is None:
        yield "Port", f"{clean(port.text)}  not a port number (0-65535)"
        return
    parts = [f"{port.range} port" if port.range else ""]
    if port.implied:
        parts.insert(0, "implied by the scheme")
    services = ", ".join(service.name for service in port.services[:4])
    parts.append(f"registered: {services}" if services else "no registered service")
    yield "Port", f"{port.number}  {'; '.join(filter(None, parts))}"
    for use in port.uses[:3]:
        yield "", f"often {use.name}"
    ephemeral = probe.machine.ephemeral if probe else None
    if ephemeral is not None:
        first, last = ephemeral
        inside = "inside" if first <= port.number <= last else "outside"
        yield "", f"{inside} this system's ephemeral range {first}-{last}"
    elif port.ephemeral_on:
        yield "", f"ephemeral by default on {', '.join(map(_named, port.ephemeral_on))}"


_BY_THEMSELVES = {
    "node": "Node.js takes",
    "curl": "curl by itself takes",
    "browsers": "browsers by themselves take",
}
"""Clients whose answer for localhost is shown where it is not the system's."""


def _probe(probe: Probe) -> Iterator[Row]:
    if probe.resolution is not None:
        answer = ", ".join(map(clean, probe.resolution.addresses)) or clean(
            probe.resolution.error or "no answer"
        )
        yield "Resolves to", answer
        for other in probe.answers:
            if other.who in _BY_THEMSELVES and other.addresses != probe.resolution.addresses:
                yield (
                    "",
                    f"{_BY_THEMSELVES[other.who]} {', then '.join(map(clean, other.addresses))}",
                )
    for number, attempt in enumerate(probe.attempts):
        yield "" if number else "Connect", _attempt(attempt)
    rows = probe.listeners if witness.asked_here(probe) else ()
    for number, listener in enumerate(rows):
        yield from _listener(listener, probe, first=number == 0)
    if probe.relay is not None:
        yield "Relay", _relay(probe.relay)
    if probe.identity is not None:
        yield from _speaks(probe.identity)
    for number, binding in enumerate(probe.bindings):
        yield "" if number else "Bind", _binding(binding)
    for note in probe.notes:
        yield "Note", clean(note)


def _attempt(attempt: Attempt) -> str:
    text = f"{clean(attempt.address)}  {_OUTCOMES.get(attempt.outcome, attempt.outcome)}"
    if attempt.errno:
        text += f" ({attempt.errno})"
    if attempt.milliseconds is not None:
        text += f", {attempt.milliseconds:.1f} ms"
    if attempt.attempts > 1:
        text += f", {attempt.attempts} times"
    return f"{text}; {clean(attempt.detail)}" if attempt.detail else text


def _listener(listener: Listener, probe: Probe, *, first: bool) -> Iterator[Row]:
    text = f"{listener.protocol} {clean(wording.bound(listener))}"
    if listener.address == "::" and listener.v6only is not None:
        text += " (IPv6 only)" if listener.v6only else " (IPv6 and IPv4)"
    yield "Listener" if first else "", text
    for owner in listener.owners:
        yield "", _owner(owner)
    if not listener.owners:
        who = listener.user or (f"uid {listener.uid}" if listener.uid is not None else "unknown")
        unit = f", {clean(listener.unit)}" if listener.unit else ""
        yield "", f"process not seen; the socket belongs to {clean(who)}{unit}"
    reach = _REACH.get(listener.reach, listener.reach)
    through = witness.lets_in_loopback(probe, listener)
    if through is not None:
        reach += f", and others by route_localnet ({clean(through)})"
    yield "", f"reach: {reach}"


def _owner(owner: Owner) -> str:
    parts = [f"{clean(owner.name)} (pid {owner.pid})"]
    if owner.main:
        parts[0] += ", the parent of the others"
    if owner.user:
        parts.append(f"user {clean(owner.user)}")
    if owner.started:
        parts.append(f"since {owner.started}")
    if owner.started_by:
        parts.append(f"started from {clean(owner.started_by)}")
    text = ", ".join(parts)
    return f"{text}: {clean(owner.command, 160)}" if owner.command else text


_MUTE = {
    "silent": "nothing: no byte came back",
    "closed": "nothing: connections are closed at once",
    "reset": "nothing: connections are reset at once",
    "refused": "not asked: no further connection came about",
}


def _relay(relay: Relay) -> str:
    text = clean(relay.description, 200)
    return f"{text}, on to {clean(relay.target, 120)}" if relay.target else text


def _speaks(identity: Identity) -> Iterator[Row]:
    """Protocol, product and title; then the TLS of it."""
    if identity.protocol is None:
        yield "Speaks", _MUTE.get(identity.behaviour, speech.name(identity))
        return
    title = dict(identity.details).get("title")
    named = f', title "{speech.one_line(title)}"' if title else ""
    yield "Speaks", clean(speech.name(identity) + named)
    if identity.tls is not None:
        yield "", clean(f"TLS: {speech.certificate(identity)}")


def _binding(binding: Binding) -> str:
    text = f"{binding.address}  {_BINDINGS.get(binding.outcome, binding.outcome)}"
    if binding.errno:
        text += f" ({binding.errno})"
    return f"{text}; {clean(binding.detail)}" if binding.detail else text
