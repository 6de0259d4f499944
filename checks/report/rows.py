"""What is known of an endpoint, row by row: a label, a value and what is said of it.

The terminal and the page show the same rows; each draws them in its way. All
text from outside has gone through :mod:`.clean` here.
"""

from __future__ import annotations

from checks.findings import compare, speech, witness, wording
from checks.model import words
from checks.report import same
from checks.report.clean import line as clean
from checks.report.row import Row as Row
from checks.report.row import owner_rows
from checks.rules import statuses

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.address.host import Host
    from checks.model.evidence import (
        Answer,
        Attempt,
        Binding,
        Identity,
        Listener,
        Probe,
        Relay,
    )
    from checks.ports import Port
    from checks.report import Report
    from checks.text import Endpoint


_REACH = {
    "host": "this machine only",
    "network": "machines that reach this address",
    "any": "every machine that can reach this one",
}
_OUTCOMES = {
    "accepted": "accepted",
    "self-connected": "connected to itself: no program listens",
    "refused": "refused",
    "timed-out": "no answer",
    "reset": "reset",
    "rejected": "rejected",
    "unreachable": "unreachable",
    "address-not-available": "address not available",
    "unsupported": "this system does not support this IP version",
    "skipped": "not tried",
}
_BINDINGS = {
    "free": "free: a server could bind it now",
    "in-use": "in use",
    "bound-not-listening": "in use by a socket that does not listen",
    "time-wait": "only finished connections (TIME_WAIT) are left",
    "client-port": "in use by a connection",
    "not-permitted": "not permitted for this user",
    "address-not-available": "the address is not this machine's",
    "reserved": "free, and never assigned automatically",
    "unsupported": "this system does not support this IP version",
    "not-tried": "not tried",
}


def of_error(report: Report) -> Iterator[Row]:
    """The errors that the text names, each once, with their numbers; often none."""
    named = {error.name: error for error in reversed(report.classification.errors)}
    for error in reversed(named.values()):
        yield Row("Error", error.name, error.says)
        systems: dict[int, list[str]] = {}
        for system, number in error.platform_codes.items():
            systems.setdefault(number, []).append(words.system(system))
        codes = ", ".join(f"{number} on {wording.joined(on)}" for number, on in systems.items())
        if codes:
            yield Row("", note=f"its number: {codes}")


def of_comparison(report: Report) -> Iterator[Row]:
    """What follows from two URLs side by side; nothing where the text is no comparison."""
    two = compare.pair(report.classification)
    for number, sentence in enumerate(compare.sentences(*two)[1:] if two else ()):
        yield Row("" if number else "Compared", note=sentence)


def of_asked(report: Report) -> Iterator[Row]:
    """Which machine a report is from, for a reader who sits at another one."""
    if report.asked is not None:
        host, time, system = map(clean, report.asked)
        yield Row("Asked", host, f"{words.system(system)}, {time.replace('T', ' ')}")


_OF_SEVERAL = ("range", "program")
"""Forms of endpoints that share one word of the text."""


def heading(endpoint: Endpoint) -> str:
    """How an endpoint is named above its rows: host and port, not the characters around them."""
    host = endpoint.host.text.strip("[]") if endpoint.host else ""
    port = endpoint.port
    if not host and port and endpoint.form in _OF_SEVERAL:
        return f"port {port.text}"
    if not host or endpoint.form in ("plain", "bsd"):
        return endpoint.text
    return words.at(host, port.text) if port else host


ROLES = {
    "target": "asked by the client",
    "listener": "where a program listens",
    "local": "the client's own end",
    "peer": "the caller's end",
    "proxy": "a proxy",
    "resolver": "a DNS resolver",
    "origin": "where a web page is from",
    "link": "only mentioned",
}
"""What an endpoint is in the text, by its role."""


def of_text(report: Report, index: int) -> str:
    """What an endpoint is in its text: its role, and the errors that are its own.

    Arguments:
        report: of a text that no machine was asked about.
        index: of the endpoint, the first with its host and port.

    Returns:
        a sentence; "" where the text tells nothing but that it is asked.
    """
    read = report.classification
    placed = [(error, error.endpoint) for error in read.errors if error.endpoint is not None]
    # Of the endpoint and those of the errors: of all in a long log it took 0.5 ms each time.
    _, *first = same(read.endpoints[at] for at in (index, *(at for _, at in placed)))
    errors = dict.fromkeys(
        f"{error.name} ({error.operation})" if error.operation else error.name
        for (error, _), one in zip(placed, first, strict=True)
        if one == 0
    )
    role = read.endpoints[index].role or ""
    named = "" if role == "target" and not errors else ROLES.get(role, "")
    said = ": ".join(filter(None, (named, ", ".join(errors))))
    return f"{said[0].upper()}{said[1:]}." if said else ""


UNASKED = Row("Connect", note="not tested: the text names too many endpoints")
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
    """What the endpoint is and, with *probe*, what this machine witnessed of it."""
    if endpoint.path is not None or (probe is not None and probe.unix_listeners):
        from checks.report import unix_rows  # noqa: PLC0415 - for Unix sockets only

        yield from unix_rows.of_socket(endpoint.path, probe)
    if endpoint.host is not None:
        yield from _host(endpoint.host)
    if endpoint.port is not None:
        yield from _port(endpoint.port, probe)
    if probe is not None:
        yield from _probe(probe)


def _host(host: Host) -> Iterator[Row]:
    name = host.name
    if name is not None:
        yield Row("Name", clean(host.text), name.says)
        yield Row("Asks", note=clean(name.asks))
        return
    if host.address is None:
        label = "any address" if host.kind == "wildcard" else "not an address and not a name"
        yield Row("Address", clean(host.text), label)
        return
    yield _address(host)
    block = host.block
    if block is not None:
        yield Row("", note=block.says)
    if host.embedded is not None:
        yield Row("Embeds", note=f"{host.embedded.address} ({host.embedded.form})")
    yield from _readings(host)


def _address(host: Host) -> Row:
    block = host.block
    length = "" if host.prefix_length is None else f"/{host.prefix_length}"
    zone = f" on {clean(host.zone)}" if host.zone else ""
    where = (
        f"{block.name}, {block.prefix} ({', '.join(block.rfcs)})" if block else "ordinary unicast"
    )
    return Row("Address", f"{host.address}{length}{zone}", where)


def _readings(host: Host) -> Iterator[Row]:
    """Shown only where the readers do not agree: otherwise they tell nothing new."""
    readings = host.readings
    if host.version != 4 or readings.strict is not None:
        return
    for label, reader, value in (
        ("Read", "as a URL", readings.url),
        ("", "inet_aton", readings.inet_aton),
        ("", "strict", readings.strict),
    ):
        if value is None:
            yield Row(label, note="not accepted", reader=reader)
        else:
            yield Row(label, clean(value), reader=reader)


def _port(port: Port, probe: Probe | None) -> Iterator[Row]:
    if port.number is None:
        yield Row("Port", clean(port.text), "not a port number (0-65535)")
        return
    parts = [f"{port.range} port" if port.range else ""]
    if port.implied:
        parts.insert(0, "implied by the scheme")
    services = ", ".join(service.name for service in port.services[:4])
    parts.append(f"registered: {services}" if services else "no registered service")
    yield Row("Port", str(port.number), "; ".join(filter(None, parts)))
    uses = [use.name for use in port.uses[:_MOST_USES]]
    if uses:
        more = ["others"] if len(port.uses) > _MOST_USES else []
        yield Row("", note=f"often {wording.joined([*uses, *more])}")
    ephemeral = probe.machine.ephemeral if probe else None
    if ephemeral is not None:
        first, last = ephemeral
        inside = "inside" if first <= port.number <= last else "outside"
        yield Row("", note=f"{inside} this system's ephemeral range {first}-{last}")
    elif port.ephemeral_on:
        systems = ", ".join(map(words.system, port.ephemeral_on))
        yield Row("", note=f"ephemeral by default on {systems}")


_MOST_USES = 4
"""So many programs are named that use a port by default."""

_BY_THEMSELVES = {
    "node": "Node.js takes",
    "curl": "curl takes",
    "browsers": "browsers take",
}
"""Clients whose answer for localhost is shown where it is not the system's."""


def _probe(probe: Probe) -> Iterator[Row]:
    if probe.resolution is not None:
        yield from _resolution(probe.resolution, probe.answers)
    for number, attempt in enumerate(probe.attempts):
        yield _attempt("" if number else "Connect", attempt)
    if witness.asked_here(probe):
        yield from _listeners(probe)
    if probe.relay is not None:
        yield _relay(probe.relay)
    if probe.identity is not None:
        yield from _speaks(probe.identity)
    for number, binding in enumerate(probe.bindings):
        yield _binding("" if number else "Bind", binding)
    for note in probe.notes:
        yield Row("Note", note=clean(note))


def _resolution(resolution: Answer, answers: tuple[Answer, ...]) -> Iterator[Row]:
    """What the system gives for the name, and what clients take instead of it."""
    given = ", ".join(map(clean, resolution.addresses))
    yield Row("Resolves to", note=given or clean(resolution.error or "no answer"))
    for other in answers:
        if other.who in _BY_THEMSELVES and other.addresses != resolution.addresses:
            taken = ", then ".join(map(clean, other.addresses))
            yield Row("", note=f"{_BY_THEMSELVES[other.who]} {taken}")


def _attempt(label: str, attempt: Attempt) -> Row:
    text = _OUTCOMES.get(attempt.outcome, attempt.outcome)
    if attempt.errno:
        text += f" ({attempt.errno})"
    if attempt.milliseconds is not None:
        text += f", {attempt.milliseconds:.1f} ms"
    if attempt.attempts > 1:
        text += f", {attempt.attempts} times"
    if attempt.detail:
        text += f"; {clean(attempt.detail)}"
    return Row(label, clean(attempt.address), text)


_MOST_LISTENERS = 8
"""So many listeners of a port are shown: a server may have a socket for each of its workers."""


def _listeners(probe: Probe) -> Iterator[Row]:
    """The listeners of the port: of many the first, beginning with those that were asked."""
    listeners = probe.listeners
    if len(listeners) > _MOST_LISTENERS:
        asked = {attempt.address for attempt in probe.attempts}
        listeners = tuple(sorted(listeners, key=lambda each: each.address not in asked))
    for number, listener in enumerate(listeners[:_MOST_LISTENERS]):
        yield from _listener("" if number else "Listener", listener, probe)
    if len(listeners) > _MOST_LISTENERS:
        yield Row("", note=f"and {len(listeners) - _MOST_LISTENERS} more on this port")


def _listener(label: str, listener: Listener, probe: Probe) -> Iterator[Row]:
    text = f"{listener.protocol} {clean(wording.bound(listener))}"
    if listener.address == "::" and listener.v6only is not None:
        text += " (IPv6 only)" if listener.v6only else " (IPv6 and IPv4)"
    yield Row(label, note=text)
    yield from owner_rows(listener.owners)
    if not listener.owners:
        who = listener.user or (f"uid {listener.uid}" if listener.uid is not None else "")
        belongs = f"; the socket belongs to {clean(who)}" if who else ""
        unit = f", {clean(listener.unit)}" if listener.unit else ""
        yield Row("", note=f"process not seen{belongs}{unit}")
    reach = _REACH.get(listener.reach, listener.reach)
    through = witness.lets_in_loopback(probe, listener)
    if through is not None:
        reach += f", and others by route_localnet ({clean(through)})"
    yield Row("", note=f"reach: {reach}")


_MUTE = {
    "silent": "nothing: no byte came back",
    "closed": "nothing: connections are closed at once",
    "reset": "nothing: connections are reset at once",
    "refused": "not tested: no further connection was made",
    "not-asked": "not tested: no question was sent",
}


_LEAST_BAD = 400
"""The first status that is no success and leads to no other page (RFC 9110 §15.5)."""


def _relay(relay: Relay) -> Row:
    text = clean(relay.description, 200)
    return Row("Relay", note=f"{text}, on to {clean(relay.target, 120)}" if relay.target else text)


def _speaks(identity: Identity) -> Iterator[Row]:
    """Protocol, product and title; then the TLS of it."""
    if identity.protocol is None:
        yield Row("Speaks", note=_MUTE.get(identity.behaviour, speech.name(identity)))
        return
    title = dict(identity.details).get("title")
    named = f', title "{speech.one_line(title)}"' if title else ""
    bad = identity.status is not None and identity.status >= _LEAST_BAD
    status = f", {statuses.named(identity.status or 0)} on /" if bad else ""
    yield Row("Speaks", note=clean(speech.name(identity) + status + named))
    if identity.tls is not None:
        yield Row("", note=clean(f"TLS: {speech.certificate(identity)}"))


def _binding(label: str, binding: Binding) -> Row:
    text = _BINDINGS.get(binding.outcome, binding.outcome)
    if binding.errno:
        text += f" ({binding.errno})"
    if binding.detail:
        text += f"; {clean(binding.detail)}"
    return Row(label, binding.address, text)
