"""A report for a person at a terminal: the verdict first, then how it is known.

Plain lines that fit 80 columns, so that they survive a copy into a chat or a
ticket. Everything that comes from outside goes through :mod:`.clean`.
"""

from __future__ import annotations

from checks.findings import speech, witness, wording
from checks.report.clean import line as clean
from checks.report.fill import fill

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.classify import Endpoint
    from checks.classify.host import Host
    from checks.classify.ports import Port
    from checks.evidence import Attempt, Binding, Identity, Listener, Owner, Probe, Relay
    from checks.findings.base import Finding, Fix, Found
    from checks.report import Report

LABEL = 13
"""Columns of the labels on the left."""

_COLOURS = {"ok": "32", "info": "36", "notice": "34", "warning": "33", "error": "31"}
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


class Style:
    """How lines are drawn.

    Arguments:
        width: columns to fill.
        colour: whether to write colour sequences (SGR, ECMA-48 §8.3.117).
        system: the operating system whose commands are shown: ``linux``,
            ``macos``, ``windows``; None shows all, each with its name.
    """

    def __init__(self, width: int = 80, *, colour: bool = False, system: str | None = None) -> None:
        self.width = max(40, min(width, 100))
        self.colour = colour
        self.system = system

    def paint(self, text: str, code: str) -> str:
        """Colour *text*, which must be clean, where colours are on."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text

    def wrap(self, text: str, indent: int = 0) -> list[str]:
        """Break *text* into lines; continuation lines are indented like the first."""
        room = self.width - indent
        return fill(text, room)

    def row(self, label: str, text: str) -> Iterator[str]:
        """A label and its text; an empty label continues the one above."""
        for number, part in enumerate(self.wrap(text, LABEL + 2)):
            shown = label if number == 0 else ""
            yield f"  {self.paint(shown.ljust(LABEL), '2') if shown else ' ' * LABEL}{part}"


def render(report: Report, style: Style) -> str:
    """Return the report as text, ending in a newline."""
    return "\n".join(_lines(report, style)) + "\n"


def _lines(report: Report, style: Style) -> Iterator[str]:
    for part in style.wrap(clean(report.verdict, 1000)):
        yield style.paint(part, f"1;{_COLOURS[report.severity]}")
    yield from _error(report, style)
    endpoints = report.classification.endpoints
    for index in report.told:
        yield ""
        if len(report.told) > 1:
            yield style.paint(clean(endpoints[index].text), "1")
        yield from _endpoint(endpoints[index], report.probes.get(index), style)
    yield from _findings(report, style)


def _error(report: Report, style: Style) -> Iterator[str]:
    error = report.classification.error
    if error is None:
        return
    yield ""
    codes = ", ".join(
        f"{number} on {_named(system)}" for system, number in error.platform_codes.items()
    )
    yield from style.row("Error", f"{error.name}{f' ({codes})' if codes else ''}")
    if report.verdict != error.says:
        yield from style.row("", error.says)


def _named(system: str) -> str:
    return _SYSTEMS.get(system, system)


def _endpoint(endpoint: Endpoint, probe: Probe | None, style: Style) -> Iterator[str]:
    if endpoint.host is not None:
        yield from _host(endpoint.host, style)
    if endpoint.port is not None:
        yield from _port(endpoint.port, probe, style)
    if probe is not None:
        yield from _probe(probe, style)


def _host(host: Host, style: Style) -> Iterator[str]:
    name = host.name
    if name is not None:
        yield from style.row("Name", f"{clean(host.text)}  {name.says}")
        yield from style.row("Asks", clean(name.asks))
        return
    if host.address is None:
        label = "any address" if host.kind == "wildcard" else "not an address and not a name"
        yield from style.row("Address", f"{clean(host.text)}  {label}")
        return
    yield from style.row("Address", _address(host))
    block = host.block
    if block is not None:
        yield from style.row("", block.says)
    if host.embedded is not None:
        yield from style.row("Embeds", f"{host.embedded.address} ({host.embedded.form})")
    yield from _readings(host, style)


def _address(host: Host) -> str:
    block = host.block
    length = "" if host.prefix_length is None else f"/{host.prefix_length}"
    zone = f" on {clean(host.zone)}" if host.zone else ""
    where = (
        f"{block.name}, {block.prefix} ({', '.join(block.rfcs)})" if block else "ordinary unicast"
    )
    return f"{host.address}{length}{zone}  {where}"


def _readings(host: Host, style: Style) -> Iterator[str]:
    """Shown only where the readers do not agree: otherwise they tell nothing new."""
    readings = host.readings
    if host.version != 4 or readings.strict is not None:
        return
    for label, value in (
        ("as a URL", readings.url),
        ("inet_aton", readings.inet_aton),
        ("strict", readings.strict),
    ):
        yield from style.row(
            "Read " if label == "as a URL" else "",
            f"{label:<10} {clean(value) if value is not None else 'not accepted'}",
        )


def _port(port: Port, probe: Probe | None, style: Style) -> Iterator[str]:
    if port.number is None:
        yield from style.row("Port", f"{clean(port.text)}  not a port number (0-65535)")
        return
    parts = [f"{port.range} port" if port.range else ""]
    if port.implied:
        parts.insert(0, "implied by the scheme")
    services = ", ".join(service.name for service in port.services[:4])
    parts.append(f"registered: {services}" if services else "no registered service")
    yield from style.row("Port", f"{port.number}  {'; '.join(filter(None, parts))}")
    for use in port.uses[:3]:
        yield from style.row("", f"often {use.name}")
    ephemeral = probe.machine.ephemeral if probe else None
    if ephemeral is not None:
        first, last = ephemeral
        inside = "inside" if first <= port.number <= last else "outside"
        yield from style.row("", f"{inside} this system's ephemeral range {first}-{last}")
    elif port.ephemeral_on:
        yield from style.row(
            "", f"ephemeral by default on {', '.join(map(_named, port.ephemeral_on))}"
        )


def _probe(probe: Probe, style: Style) -> Iterator[str]:
    if probe.resolution is not None:
        answer = ", ".join(map(clean, probe.resolution.addresses)) or clean(
            probe.resolution.error or "no answer"
        )
        yield from style.row("Resolves to", answer)
    for number, attempt in enumerate(probe.attempts):
        yield from style.row("" if number else "Connect", _attempt(attempt))
    rows = probe.listeners if witness.asked_here(probe) else ()
    for number, listener in enumerate(rows):
        yield from _listener(listener, probe, style, first=number == 0)
    if probe.relay is not None:
        yield from style.row("Relay", _relay(probe.relay))
    if probe.identity is not None:
        yield from _speaks(probe.identity, style)
    for number, binding in enumerate(probe.bindings):
        yield from style.row("" if number else "Bind", _binding(binding))
    for note in probe.notes:
        yield from style.row("Note", clean(note))


def _attempt(attempt: Attempt) -> str:
    text = f"{clean(attempt.address)}  {_OUTCOMES.get(attempt.outcome, attempt.outcome)}"
    if attempt.errno:
        text += f" ({attempt.errno})"
    if attempt.milliseconds is not None:
        text += f", {attempt.milliseconds:.1f} ms"
    if attempt.attempts > 1:
        text += f", {attempt.attempts} times"
    return f"{text}; {clean(attempt.detail)}" if attempt.detail else text


def _listener(listener: Listener, probe: Probe, style: Style, *, first: bool) -> Iterator[str]:
    text = f"{listener.protocol} {clean(wording.bound(listener))}"
    if listener.address == "::" and listener.v6only is not None:
        text += " (IPv6 only)" if listener.v6only else " (IPv6 and IPv4)"
    yield from style.row("Listener" if first else "", text)
    for owner in listener.owners:
        yield from style.row("", _owner(owner))
    if not listener.owners:
        who = listener.user or (f"uid {listener.uid}" if listener.uid is not None else "unknown")
        unit = f", {clean(listener.unit)}" if listener.unit else ""
        yield from style.row("", f"process not seen; the socket belongs to {clean(who)}{unit}")
    reach = _REACH.get(listener.reach, listener.reach)
    through = witness.lets_in_loopback(probe, listener)
    if through is not None:
        reach += f", and others by route_localnet ({clean(through)})"
    yield from style.row("", f"reach: {reach}")


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


def _speaks(identity: Identity, style: Style) -> Iterator[str]:
    """Protocol, product and title; then the TLS of it."""
    if identity.protocol is None:
        yield from style.row("Speaks", _MUTE.get(identity.behaviour, speech.name(identity)))
        return
    title = dict(identity.details).get("title")
    named = f', title "{speech.one_line(title)}"' if title else ""
    yield from style.row("Speaks", clean(speech.name(identity) + named))
    if identity.tls is not None:
        yield from style.row("", clean(f"TLS: {speech.certificate(identity)}"))


def _binding(binding: Binding) -> str:
    text = f"{binding.address}  {_BINDINGS.get(binding.outcome, binding.outcome)}"
    if binding.errno:
        text += f" ({binding.errno})"
    return f"{text}; {clean(binding.detail)}" if binding.detail else text


def _findings(report: Report, style: Style) -> Iterator[str]:
    several = len(report.told) > 1
    told = [found for found in report.findings if not _told_above(found, report)]
    if report.findings:
        yield ""
    for found in told:
        yield from _finding(found, style, _of(found, report) if several else "")
    rest = [found.finding for found in report.findings if found not in told]
    if rest:
        also = " · ".join(dict.fromkeys(f"{finding.code} {finding.slug}" for finding in rest))
        lines = style.wrap(also, 10)
        yield f"  {style.paint('also    ', '2')}{lines[0]}"
        yield from (f"{'':10}{part}" for part in lines[1:])
    yield from _advice(report, style)


def _told_above(found: Found, report: Report) -> bool:
    """Whether the rows tell what the finding says, so that its code is enough."""
    code = found.finding.code
    if code == "S601":
        return True
    if found.severity != "info":
        return False
    return code[0] == "A" or code in ("P206", "P207") or (bool(report.probes) and code[0] in "BP")


def _advice(report: Report, style: Style) -> Iterator[str]:
    fixes = list(_fixes(report.findings, style))
    if fixes:
        wrong = report.severity in ("notice", "warning", "error")
        yield ""
        yield style.paint("What to do" if wrong else "If you need it", "1")
        yield from fixes
    leads = _leads(report)
    if len(leads) > 1:
        yield ""
        yield style.paint("What it can be", "1")
        for finding in leads:
            yield from fill(
                f"{finding.title} ({finding.slug})", style.width, f"  {finding.code}  ", " " * 8
            )
    worst = leads[0] if leads else report.findings[0].finding if report.findings else None
    if worst is not None:
        yield ""
        yield f"More: python3 -m checks explain {worst.code}"
        yield f"      {worst.url()}"


def _leads(report: Report) -> list[type[Finding]]:
    """The findings that an error message leads to, where no machine was asked."""
    error = report.classification.error
    if error is None or report.probes:
        return []
    from checks.findings import by_key  # noqa: PLC0415 - only for messages

    return [finding for code in error.leads_to if (finding := by_key(code)) is not None]


def _of(found: Found, report: Report) -> str:
    if found.endpoint is None:
        return ""
    return f"{clean(report.classification.endpoints[found.endpoint].text)}: "


def _finding(found: Found, style: Style, prefix: str) -> Iterator[str]:
    mark = style.paint(f"{found.severity:<8}", _COLOURS[found.severity])
    lines = style.wrap(prefix + clean(found.match.message, 1000), 16)
    yield f"  {mark}{found.finding.code}  {lines[0]}"
    for part in lines[1:]:
        yield f"{'':16}{part}"


def _fixes(findings: tuple[Found, ...], style: Style) -> Iterator[str]:
    shown: set[Fix] = set()
    wrong = any(found.severity in ("warning", "error") for found in findings)
    for found in findings:
        if found.severity in ("ok", "info") and wrong:
            continue  # first things first
        for fix in found.match.fix:
            if fix in shown or (style.system and fix.os not in (None, style.system)):
                continue
            shown.add(fix)
            os = f" ({fix.os})" if fix.os and not style.system else ""
            for number, part in enumerate(style.wrap(clean(fix.text) + os, 4)):
                yield f"  {'- ' if number == 0 else '  '}{part}"
            if fix.command:
                yield f"      {style.paint(clean(fix.command), '1')}"


def explain(finding: type[Finding], style: Style) -> str:
    """Return a finding's page for the terminal: its Markdown, wrapped outside of code."""
    from checks.findings import pages  # noqa: PLC0415 - only explain reads docstrings

    head = f"{finding.code} {finding.slug} ({finding.severity})"
    out = [style.paint(head, f"1;{_COLOURS[finding.severity]}"), *style.wrap(finding.title), ""]
    out.extend(style.wrap(pages.summary(finding)))
    for title, body in pages.page(finding).items():
        out.extend(["", style.paint(title, "1"), *_markdown(body, style)])
    out.extend(["", f"This page: {finding.url()}"])
    return "\n".join(out) + "\n"


def _markdown(body: str, style: Style) -> Iterator[str]:
    """Paragraphs and list items filled, fenced code indented and as it is."""
    fenced = False
    paragraph: list[str] = []
    for part in [*body.splitlines(), ""]:
        fence = part.lstrip().startswith("```")
        item = part.lstrip()[:2] in ("- ", "* ")
        if paragraph and (fence or item or not part.strip()) and not fenced:
            yield from _fill(paragraph, style)
            paragraph = []
        if fence:
            fenced = not fenced
        elif fenced:
            yield f"      {part.strip()}"
        elif part.strip():
            paragraph.append(part)


def _fill(lines: list[str], style: Style) -> list[str]:
    item = lines[0].lstrip()[:2] in ("- ", "* ")
    text = " ".join(part.strip() for part in lines).replace("`", "")
    return fill(
        text[2:] if item else text, style.width, "  - " if item else "  ", "    " * item or "  "
    )
