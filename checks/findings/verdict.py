"""The one sentence that a person would say, and the first line of a report.

With evidence it answers "can I connect, and if not, why"; without, it says what
the endpoint is. The findings carry the details.
"""

from __future__ import annotations

from checks.findings import address, port, wording
from checks.findings.base import Match, Subject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from checks.address.host import Host
    from checks.findings.base import Finding
    from checks.model.evidence import Probe
    from checks.ports import Port
    from checks.text import Classification


def verdict(
    classification: Classification, probes: Mapping[int, Probe] | None = None, index: int = 0
) -> str:
    """Return the sentence for one endpoint, or for a text that has none.

    Arguments:
        classification: the text as it was read.
        probes: evidence by index of the endpoint.
        index: which endpoint; one that does not exist means the text.
    """
    if not 0 <= index < len(classification.endpoints):
        return _of_text(classification)
    probe = probes.get(index) if probes else None
    subject = Subject(classification, classification.endpoints[index], probe)
    if probe is not None:
        from checks.findings import witnessed  # noqa: PLC0415 - only where a machine was asked

        told = witnessed.sentence(subject, probe)
        if told is not None:
            return told
    if classification.error is not None:
        return classification.error.says
    return _of_spelling(subject)


def about(
    classification: Classification, probes: Mapping[int, Probe] | None = None, index: int = 0
) -> tuple[str, ...]:
    """Return the codes of the findings that :func:`verdict` puts into words.

    Arguments:
        classification: the text as it was read.
        probes: evidence by index of the endpoint.
        index: which endpoint; one that does not exist has none.
    """
    probe = probes.get(index) if probes else None
    if probe is not None and index < len(classification.endpoints):
        from checks.findings import witnessed  # noqa: PLC0415 - only where a machine was asked

        subject = Subject(classification, classification.endpoints[index], probe)
        codes = witnessed.about(subject, probe)
        if codes is not None:
            return codes
    return tuple(rule.code for rule in _SPELLING)


def _of_text(classification: Classification) -> str:
    if classification.error is not None:
        return classification.error.says
    if classification.kind == "empty":
        return "There is nothing to check: the text is empty."
    return "The text holds no address, name or port."


_ADDRESSES: tuple[tuple[type[Finding], str], ...] = (
    (
        address.OtherLoopbackAddress,
        "is loopback, but not 127.0.0.1",
    ),
    (address.Loopback, "is loopback: it never leaves this machine"),
    (address.UnspecifiedAddress, "stands for every address of a machine, not for one of them"),
    (address.DocumentationAddress, "is for examples in manuals: no machine should have it"),
    (address.MulticastOrBroadcast, "names many machines at once: no TCP connection is possible"),
    (address.LinkLocalAddress, "is link-local: it works on one network segment only"),
    (address.PrivateAddress, "is an address of a private network"),
    (address.GlobalAddress, ""),
)
"""What to say of an address, by the finding that applies; "" for the finding's own message."""


_READING = (address.InvalidAddress, address.AmbiguousSpelling, address.EmbedsIpv4)
_NAMES = (address.LocalhostName, address.HostAliasName, address.NameCarriesAddress)
_NO_PORT = (port.InvalidPort, port.PortZero)
_SPELLING: tuple[type[Finding], ...] = (
    *_READING, *_NAMES, *(rule for rule, _ in _ADDRESSES), address.SpecialPurposeAddress, *_NO_PORT,
)  # fmt: skip
"""What the sentence about a spelling is made from."""


def _of_spelling(subject: Subject) -> str:
    parts = []
    host, found = address.host_of(subject), port.port_of(subject)
    if host is not None:
        parts.append(_of_host(subject, host))
    if found is not None and not (found.implied and parts):
        parts.append(_of_port(subject, found))
    return " ".join(part for part in parts if part)


def _of_host(subject: Subject, host: Host) -> str:
    first = _first(subject, *_READING)
    if first is not None:
        return first
    if host.kind == "name":
        return _of_name(subject, host)
    plain = address.label(host)
    if host.prefix_length == 0:
        return f"{plain} is every IPv{host.version} address."
    legacy = address.LegacySpelling.look(subject) is not None
    name = f"{wording.clip(host.text)} is {plain}, which" if legacy else plain
    for rule, words in _ADDRESSES:
        match = rule.look(subject)
        if isinstance(match, Match):
            return f"{name} {words}." if words else match.message
    special = _first(subject, address.SpecialPurposeAddress)
    return special or f"{plain} is a network of no special purpose."


def _first(subject: Subject, *rules: type[Finding]) -> str | None:
    """The message of the first rule that applies."""
    for rule in rules:
        match = rule.look(subject)
        if isinstance(match, Match):
            return match.message
    return None


def _of_name(subject: Subject, host: Host) -> str:
    first = _first(subject, *_NAMES)
    if first is not None:
        return first
    text = wording.clip(host.text)
    says = host.name.says if host.name else "A name."
    article, _, rest = says.partition(" ")
    if article in ("A", "An"):
        return f"{text} is {article.lower()} {rest}"
    return f"{text}: {says}"


def _of_port(subject: Subject, found: Port) -> str:
    first = _first(subject, *_NO_PORT)
    if first is not None:
        return first
    phrase = port.expected(found)
    if phrase is not None:
        return f"Port {found.number} is {phrase}."
    if found.range != "dynamic":
        return f"No service is registered for port {found.number}."
    by = [name for name in port.COMMON if name in found.ephemeral_on]
    others = [name for name in port.COMMON if name not in found.ephemeral_on]
    text = f"{found.number} is a dynamic port: no service is registered for it, and"
    may = wording.systems(by)
    if not others:
        return f"{text} {may} may hand it to any program."
    return f"{text} {wording.systems(others)} does not hand it out, while {may} may."
