"""The one sentence about an endpoint whose machine was asked: can I connect, and if not, why."""

from __future__ import annotations

from checks.findings import catalogue, inside, intent, speech, witness, wording
from checks.findings.base import Match
from checks.findings.expected import expected
from checks.findings.features import features_of, of_owners
from checks.findings.witness import (
    connections,
    is_self_connected,
    lets_in_loopback,
    port_of,
    relay_of,
)
from checks.model import words
from checks.rules import statuses
from checks.rules.connects import ended_elsewhere, may_be_refusal
from checks.rules.owners import sharing
from checks.rules.places import destination

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from checks.findings.base import Finding, Subject
    from checks.findings.connection.conclusion import Conclusion
    from checks.model.evidence import Listener, Probe


def sentence(subject: Subject, probe: Probe) -> str | None:
    """Return the sentence, or None where the evidence decides nothing.

    Arguments:
        subject: the endpoint with its evidence.
        probe: that evidence.
    """
    if probe.outcome == "failed":
        where = wording.clip(subject.endpoint.text) if subject.endpoint else ""
        return " ".join((f"No verdict on {where}.", *probe.notes))
    if probe.unix is not None:
        return _message(subject, *catalogue.asked(features_of(subject)))
    if intent.wants_to_listen(subject.classification):
        told = _of_binding(subject)
        if told:
            return told
    owners = _owners(subject)
    decisive = owners.decisive(subject) if owners else None
    if decisive is not None:
        return str(decisive[1])
    conclusion = subject.conclusion
    if conclusion is None:
        return None
    told = _WORDS[conclusion.code](_Told(subject, probe, conclusion))
    origin = wording.belongs_to(conclusion.listeners) if conclusion.code in _OF_OWNER else ""
    return (
        told + ((owners.addition(subject) if owners else "") or origin) + _proxied(subject, probe)
    )


def _proxied(subject: Subject, probe: Probe) -> str:
    """Which clients of this shell would ask a proxy instead, as a further sentence; "" for none."""
    return f" {_brief('N801', subject)}".rstrip() if probe.machine.proxies else ""


def _owners(subject: Subject) -> ModuleType | None:
    """What words there are for the programs that listen, where anything is wrong with them."""
    if subject.probe is None or not any(of_owners(subject.probe)):
        return None
    from checks.findings.owner import sentences  # noqa: PLC0415 - 0.3 ms, where that is so

    return sentences


def _brief(code: str, subject: Subject) -> str:
    """What a finding gives a verdict to say; "" where it does not apply."""
    match = catalogue.finding(code).look(subject)
    return match.brief if isinstance(match, Match) else ""


_OF_OWNER = ("C301", "C305", "C309", "C310", "C318", "C320")
"""Explanations whose sentence names the process that listens."""


_MUTE = ("C314", "C315", "S609")
_ACCEPTS = (
    "C301", "E502", "E503", "E505", "S602", "S603", "S605", "S608", "S609", "C319", "B408",
    "N801",
)  # fmt: skip


def about(subject: Subject, probe: Probe) -> tuple[str, ...] | None:
    """Return the codes of the findings that :func:`sentence` puts into words; None as there.

    Arguments:
        subject: the endpoint with its evidence.
        probe: that evidence.
    """
    if probe.unix is not None:
        return _OF_UNIX
    if probe.outcome == "failed":
        return ()
    bound = _binding(subject) if intent.wants_to_listen(subject.classification) else None
    if bound is not None:
        return (bound[0].code,)
    owners = _owners(subject)
    decisive = owners.decisive(subject) if owners else None
    if decisive is not None:
        return (decisive[0],)
    conclusion = subject.conclusion
    if conclusion is not None and conclusion.code == "C320":
        return ("C320", "S610")
    if conclusion is None or conclusion.code != "C301":
        return (conclusion.code,) if conclusion else None
    mute = probe.identity is not None and not speech.answers(probe.identity)
    return _MUTE if mute else (*_ACCEPTS, *(owners.BESIDE if owners else ()))


_OF_UNIX = ("C322", "C323", "C324", "C325", "C326", "C327")


_GONE = " If the message came from this machine, what held it has gone."


def _of_binding(subject: Subject) -> str | None:
    """For someone who wants to listen: whether that can be done now, and what is in the way."""
    bound = _binding(subject)
    if bound is None:
        return None
    finding, message = bound
    held = subject.probe.listeners if subject.probe is not None else ()
    if finding.code == "B402":
        owners, origin = _owners(subject), wording.belongs_to(held) if len(held) == 1 else ""
        return message + ((owners.in_the_way(subject) if owners else "") or origin)
    return message + (_GONE if finding.code == "B401" else "")


def _binding(subject: Subject) -> tuple[type[Finding], str] | None:
    """The finding of a trial bind that decides, and its message."""
    rules = (rule for rule in catalogue.asked(features_of(subject)) if rule.code[0] == "B")
    for finding in sorted(rules, key=lambda rule: (rule.code == "B401", rule.code)):
        match = finding.look(subject) if finding.code != "B408" else None
        if isinstance(match, Match):
            return finding, match.message
    return None


class _Told:
    """The words that the sentences are made of."""

    __slots__ = ("conclusion", "here", "named", "number", "probe", "row", "subject")

    def __init__(self, subject: Subject, probe: Probe, conclusion: Conclusion) -> None:
        self.subject = subject
        self.probe = probe
        self.conclusion = conclusion
        self.number = port_of(subject) or 0
        host = subject.endpoint.host if subject.endpoint else None
        text = wording.clip(host.text) if host else ""
        attempt = conclusion.attempt
        self.here = words.at(attempt.address, self.number) if attempt else f"{text}:{self.number}"
        self.named = f"{text}:{self.number}" if host and host.kind == "name" else self.here
        self.row: Listener | None = conclusion.listeners[0] if conclusion.listeners else None

    @property
    def absent(self) -> bool:
        """Whether the socket table shows that no listener takes connections to the address."""
        return witness.absent(self.probe, self.conclusion.attempt, local=self.conclusion.local)

    def nothing(self, place: str) -> str:
        """That no program listens there, or only that the connection was refused."""
        unseen = self.silent and self.absent
        return f"No program listens on {place}" if unseen else f"{place} refused the connection"

    @property
    def silent(self) -> bool:
        """Whether a refusal shows as silence, as Windows repeats the request."""
        return self.conclusion.attempt is not None and may_be_refusal(self.conclusion.attempt)

    @property
    def who(self) -> str:
        """Who holds the row that counts."""
        return wording.holder(self.row) if self.row else "a program"

    @property
    def shared(self) -> tuple[Listener, ...]:
        """The listeners that share the address, where they are of several programs."""
        return sharing(self.conclusion.listeners)

    @property
    def opening(self) -> str:
        """The same at the start of a sentence."""
        return wording.opening(self.row) if self.row else "A program"

    @property
    def where(self) -> str:
        """Where that row listens."""
        return wording.bound(self.row) if self.row else self.here


def _accepting(told: _Told) -> str:
    two = _brief("C319", told.subject) if len(told.probe.listeners) > 1 else ""
    if two and len(told.probe.attempts) > 1:
        return two
    said = _debugging(told) or _failing(told) or _answering(told)
    return f"{said} {two}" if two else said


def _answering(told: _Told) -> str:
    """That it answers, who listens, what is spoken, and who else can reach it."""
    start, says = _head(told), _says(told)
    row = told.row
    if not told.conclusion.local:
        return f"{start}{says}; its listener is not visible, because it is on another machine."
    if row is None:
        return f"{start}{says}{_behind(told)}"
    where = "on every address of this machine" if row.reach == "any" else "there"
    who = f"{told.who} listens {where}{says}"
    if told.shared:
        who = f"{wording.mains(told.shared)} share the port, and the kernel spreads the connections"
    start = f"{start}: {who}"
    there = inside.behind(told.probe)
    if there:
        return f"{start}. {there}"
    joint = "; " if says or told.shared else ", and "
    opened = lets_in_loopback(told.probe, row)
    if opened:
        return (
            f"{start}{joint}other machines may reach it too, as route_localnet is on for {opened}."
        )
    if row.reach == "host":
        return f"{start}{joint}only this machine can reach it."
    if row.reach == "any":
        return f"{start}, so other machines may reach it too."
    return f"{start}{joint}other machines may reach it through {row.interface or 'its network'}."


def _debugging(told: _Told) -> str:
    """That a debugger is open to others; "" where it is not."""
    identity, row = told.probe.identity, told.row
    if identity is None or row is None or "debug-interface" not in identity.traits:
        return ""
    others = _others_reach(told, row)
    if not others:
        return ""
    return (
        f"{told.named} is {speech.debugger(identity)}, held by {told.who}: any client can run code"
        f" in it, and {others}."
    )


def _others_reach(told: _Told, row: Listener) -> str:
    """How others than this machine may reach the processes of a listener; "" where they may not."""
    opened = lets_in_loopback(told.probe, row)
    if opened:
        return f"other machines may reach it, because route_localnet is on for {opened}"
    own = (each for each in told.probe.listeners if each.owners == row.owners)
    wide = next((each for each in (row, *own) if each.reach != "host"), None)
    if wide is None or (wide is not row and not row.owners):
        return ""
    if wide.reach == "any":
        return "other machines may reach it on every address of this machine"
    return f"other machines may reach it on {wording.bound(wide)}"


def _failing(told: _Told) -> str:
    """That an HTTP server answers with an error, and who is at fault; "" where it does not."""
    identity = told.probe.identity
    is_error = identity is not None and statuses.is_error(identity.status)
    return _brief("S608", told.subject) if is_error else ""


def _head(told: _Told) -> str:
    """That it answers; or how it behaves where it accepts without a word."""
    on = "" if told.named == told.here else f" on {told.here}"
    identity = told.probe.identity
    if identity is not None and speech.is_mute(identity, "closed", "reset"):
        return f"{told.named} accepts connections{on} but closes them at once"
    if identity is not None and speech.is_mute(identity, "hangs-up"):
        return f"{told.named} accepts connections{on} but closes them after any request"
    if identity is not None and identity.unanswered is not None:
        time = f"within {wording.clock(identity.unanswered)}"
        if "slow" in identity.traits:
            return f"{told.named} speaks HTTP{on} but has not answered {time}"
        if speech.is_mute(identity, "silent"):
            silent = f"has not answered an HTTP request {time}"
            return f"{told.named} accepts connections{on} but {silent}"
    if identity is not None and speech.is_mute(identity, "silent"):
        return f"{told.named} accepts connections{on} but sends nothing"
    return f"{told.named} answers{on}"


def _says(told: _Told) -> str:
    """What is spoken, and where that runs, as the part after "listens there"; "" where unknown."""
    identity, relay = told.probe.identity, relay_of(told.subject)
    passes = ""
    if relay is not None and relay.target is not None and told.row is not None:
        passes = f" and passes connections on to {speech.destination(relay)}"
    if identity is None or not speech.answers(identity) or "slow" in identity.traits:
        return passes
    instead = _instead(told.subject)
    name = f"{speech.name(identity)}, not {instead}" if instead else speech.name(identity)
    comma = "," if instead else ""
    says = f"{passes}, where {name}{comma} is spoken" if passes else f" and speaks {name}"
    if "debug-interface" in identity.traits:
        return f"{says}, which lets any client run code"
    if identity.authentication == "none":
        return f"{says}{comma if not passes else ''} without a password"
    if statuses.is_refusal(identity.status):
        return f"{says}{comma} with {statuses.named(identity.status or 0)} on /"
    return says


def _instead(subject: Subject) -> str:
    """What was expected in its place; "" where nothing else was."""
    want = expected(subject.endpoint)
    if want is None:
        return ""
    if catalogue.finding("S602").look(subject) is not None:
        return speech.label(want.protocol)
    if catalogue.finding("S603").look(subject) is not None:
        return "TLS" if want.tls else "plain text"
    return ""


def _behind(told: _Told) -> str:
    """The end of a sentence about a port that answers without a listener."""
    relay = relay_of(told.subject)
    if relay is not None:
        return f": it is {speech.one_line(relay.description, 200)}."
    attempt = told.conclusion.attempt
    if attempt is not None and ended_elsewhere(attempt, told.number):
        spot = destination(attempt.address)
        there = ", but not from the listener there" if witness.covering(told.probe, spot) else ""
        return f"{there}: {inside.led(told.probe, attempt)}."
    if not told.absent:
        return ", but the listening program is not visible."
    return ", but no listener of this machine accepts it: a NAT rule or a relay answers."


def _nothing(told: _Told) -> str:
    if told.row is not None:
        return f"{told.nothing(told.here)}: {told.who} listens on {told.where} instead."
    if not told.conclusion.local:
        return f"{told.named} refused the connection."
    if any(trial.outcome == "bound-not-listening" for trial in told.probe.bindings):
        return f"{told.nothing(told.named)}: a socket is bound to the port but does not listen."
    if not told.absent:
        did = "did not answer" if told.silent else "refused the connection"
        return f"{told.named} {did}: most likely no program listens there."
    found = inside.of(told.probe, inside.PORT)
    if found:
        there = f"{inside.listens(found[0])}{inside.at_there(found[0], told.probe.machine)}"
        return f"No program listens on {told.named} in this network namespace. {there}."
    if told.probe.namespaces is not None and told.probe.namespaces.containers:
        return (
            f"No program listens on {told.named} in this network namespace. Containers could not be"
            " checked."
        )
    start = told.nothing(told.named)
    return f"{start}." if told.silent else f"{start}: no program listens there."


def _refused(told: _Told) -> str:
    attempt = told.conclusion.attempt
    what = "resets" if attempt is not None and attempt.outcome == "reset" else "refuses"
    if told.row is None:
        return f"Something {what} the connection to {told.named} while it is being set up."
    who = wording.opening(told.row)
    return f"{who} listens on {told.where}, but something {what} the connection to it."


def _left_alone(told: _Told) -> str:
    attempt = told.conclusion.attempt
    why = witness.why_left_alone(attempt, told.row) if attempt and told.row else ""
    where = "" if told.where == told.here else f" (on {told.where})"
    held = wording.held_for(told.row) if told.row is not None else ""
    reason = f", because {speech.one_line(why, 200)}" if why else ""
    debugging = _debugging(told)
    if debugging:
        return f"{debugging} No connection was made{reason}."
    return (
        f"{told.named}: {told.who} listens there{where}{held}{_says(told)}. No connection was"
        f" made{reason}."
    )


def _not_taken(told: _Told) -> str:
    start = f"{told.opening} listens on {told.where} but accepts no connections"
    doing = wording.engaged(told.row)
    why = _brief("S610", told.subject) or (f"{doing}." if doing else "it hangs or is busy.")
    return f"{start}: {why}"


def _no_local_port(told: _Told) -> str:
    found = told.probe.local_ports
    held = wording.most_ports(found, told.probe.machine) if found else ""
    text = f"No local port is left for a connection to {told.named}{f': {held}' if held else ''}."
    if told.row is None or wording.holds_ports(told.row, found):
        return text
    return f"{text} The listener, {told.who}, is not the cause."


def _silent(told: _Told) -> str:
    row = told.row
    if not told.conclusion.local:
        return f"{told.named} does not answer."
    if row is None:
        unseen = "" if told.absent else ", or a program that is not visible does not accept"
        return f"{told.named} does not answer: a firewall drops the packets{unseen}."
    start = f"{wording.opening(row)} listens on {told.where}, but nothing answers"
    if row.queue is None or row.backlog is None:
        return f"{start}: a firewall drops the packets, or the program does not accept."
    return f"{start}: most likely a firewall drops the packets."


def _other_family(told: _Told) -> str:
    attempt, resolution = told.conclusion.attempt, told.probe.resolution
    if attempt is not None and attempt.outcome == "accepted" and resolution is not None:
        given = wording.joined(resolution.addresses)
        return (
            f"The service answers on {told.here}, but this system resolves"
            f" {told.named.rpartition(':')[0]} to {given} only."
        )
    return f"{told.nothing(told.here)}: {told.who} listens on the other IP version, {told.where}."


def _udp(told: _Told) -> str:
    return f"{told.named} refused the connection: {told.who} uses the port for UDP only."


def _itself(told: _Told) -> str:
    attempt = told.conclusion.attempt
    if attempt is not None and attempt.outcome == "self-connected":
        return f"No program listens on {told.named}: the connection only reached itself."
    peer = next(peer for peer in told.probe.others if is_self_connected(peer))
    who = wording.processes(peer.owners) if peer.owners else "a program"
    return f"No program listens on {told.named}: {who} is connected to itself on that port."


def _client(told: _Told) -> str:
    owners = connections(told.probe)[0].owners
    if not owners:
        return f"{told.named} refused the connection: only a connection uses the port."
    who = wording.processes(owners)
    return f"{told.named} refused the connection: {who} uses the port as its end of a connection."


def _no_way(told: _Told) -> str:
    attempt = told.conclusion.attempt
    if attempt is not None and attempt.reason == "loopback-down":
        return f"{told.named} is unreachable: the loopback interface lo is down."
    return _message(told.subject, catalogue.finding("C307")) or f"{told.named} is unreachable."


def _unknown_name(told: _Told) -> str:
    name = told.named.rpartition(":")[0].rstrip(".")  # one full stop, also for "localhost."
    resolution = told.probe.resolution
    if resolution is not None and resolution.error == "ETIMEDOUT":
        return f"The resolver did not answer in time, so no address was found for {name}."
    return f"This system finds no address for {name}."


def _on_file_only(told: _Told) -> str:
    return _message(told.subject, catalogue.finding("C328")) or _nothing(told)


def _message(subject: Subject, *findings: type[Finding]) -> str | None:
    """What the first finding says that applies: for some it is the sentence as well."""
    matches = (finding.look(subject) for finding in findings)
    return next((match.message for match in matches if isinstance(match, Match)), None)


_WORDS: dict[str, Callable[[_Told], str]] = {
    "C301": _accepting,
    "C302": _nothing,
    "C303": _refused,
    "C304": _silent,
    "C305": lambda told: (
        f"{told.opening} listens on {told.where} but does not accept: its queue is full."
    ),
    "C306": lambda told: f"A rule forbids the connection to {told.named}.",
    "C307": _no_way,
    "C308": _unknown_name,
    "C309": _other_family,
    "C310": lambda told: f"{told.nothing(told.here)}: {told.who} listens on {told.where}.",
    "C311": _udp,
    "C312": _itself,
    "C313": _client,
    "C318": _left_alone,
    "C320": _not_taken,
    "C321": _no_local_port,
    "C328": _on_file_only,
    "C316": lambda told: (
        f"{told.named} is not an address of this machine, so no connection was tried."
    ),
}
