"""The one sentence that a person would say, and the first line of a report.

With evidence it answers "can I connect, and if not, why"; without, it says what
the endpoint is. The findings carry the details.
"""

from __future__ import annotations

from checks.findings import catalogue, wording
from checks.findings.address.host import host_of, label
from checks.findings.base import Match, Subject
from checks.findings.features import features_of, subject_of
from checks.findings.port.context import COMMON, expected, port_of
from checks.text.endpoint import identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import ModuleType

    from checks.address.host import Host
    from checks.model.evidence import Probe
    from checks.ports import Port
    from checks.text import Classification
    from checks.text.banners import Banner
    from checks.text.errors import ErrorMessage


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
        return sentence(Subject(classification, None))
    return sentence(subject_of(classification, index, probes))


def sentence(subject: Subject) -> str:
    """Return what :func:`verdict` does, of an endpoint or a text as the rules look at it."""
    if subject.endpoint is None:
        return _of_text(subject.classification)
    if subject.probe is not None:
        told: str | None = _witnessed().sentence(subject, subject.probe)
        if told is not None:
            return told
    told = _of_banner(subject)
    if told is not None:
        return told
    error = _own_error(subject)
    if error is not None:
        return error.says
    path = subject.endpoint.path
    return _of_spelling(subject) if path is None else _of_unix(path)


def _witnessed() -> ModuleType:
    from checks.findings import witnessed  # noqa: PLC0415 - only where a machine was asked

    return witnessed


def _of_unix(path: str) -> str:
    name = wording.clip(path)
    if path.startswith("@"):
        return f"{name} is an abstract Unix socket: programs of one machine connect by the name."
    return f"{name} is a Unix socket: programs of one machine connect by the file, without a port."


def _own_error(subject: Subject) -> ErrorMessage | None:
    """The first error of the text that concerns an endpoint; None where none does.

    What a text only mentions, where another program listens or the client's own end did not
    fail: the error's sentence is none of theirs.
    """
    read, own = subject.classification, subject.endpoint
    if own is None:
        return read.error
    for one in read.errors:
        if one.endpoint is not None and identity(read.endpoints[one.endpoint]) == identity(own):
            return one
    return None


def about(subject: Subject) -> tuple[str, ...]:
    """Return the codes of the findings that :func:`sentence` puts into words."""
    if subject.probe is not None:
        codes: tuple[str, ...] | None = _witnessed().about(subject, subject.probe)
        if codes is not None:
            return codes
    return _SPELLING


def leading(classification: Classification) -> Banner | None:
    """Return the tool's line that a verdict is about; None where an error comes first.

    An error outside of a line that is normal is the matter; one that is part of the line
    is explained by it.

    Arguments:
        classification: the text as it was read.
    """
    banner, error = classification.banner, classification.error
    summed_up = classification.tables or classification.settings
    if banner is not None and banner.key in _GENERAL and summed_up:
        return None
    if banner is None or error is None or not banner.normal or banner.covers(error):
        return banner
    return None


_GENERAL = frozenset(("docker-ps",))
"""Lines that a summary of the whole table says with more detail."""

NORMAL = "This is normal: no error."
"""What is said of a line that only looks like one."""


def _of_banner(subject: Subject) -> str | None:
    """The sentence for the endpoint that a tool's line is about, or for a line without one."""
    banner = leading(subject.classification)
    if banner is None:
        return None
    index, endpoints = banner.endpoint, subject.classification.endpoints
    of = None if index is None else endpoints[index]
    if of is not subject.endpoint:
        return None
    return f"{banner.means} {NORMAL}" if banner.normal else banner.means


def _of_text(classification: Classification) -> str:
    told = _of_banner(Subject(classification, None))
    if told is not None:
        return told
    if classification.error is not None:
        return classification.error.says
    if classification.kind == "empty":
        return "There is nothing to check: the text is empty."
    return "The text holds no address, name or port."


_ADDRESSES = {
    "A102": "is loopback, but not 127.0.0.1",
    "A101": "is loopback: it never leaves this machine",
    "A103": "is for listening on every address, not for connecting",
    "A106": "is for examples in manuals: no machine should have it",
    "A107": "is for many machines at once: no TCP connection is possible",
    "A105": "is link-local: it works on one network link only",
    "A104": "is an address of a private network",
    "A108": "",
}
"""What to say of an address, by the finding that applies; "" for the finding's own message."""


MOST_WORDS = 25
"""Of a sentence that a user reads (ENGLISH.md)."""
_READING = ("A113", "A111", "A110")
_NAMES = ("A114", "A115", "A116")
_NO_PORT = ("P209", "P201")
_SPELLING = (*_READING, *_NAMES, *_ADDRESSES, "A109", *_NO_PORT)
"""What the sentence about a spelling is made from."""


def _of_spelling(subject: Subject) -> str:
    messages = {
        rule.code: match.message
        for rule in catalogue.asked(features_of(subject))
        if rule.code[0] in "AP" and isinstance(match := rule.look(subject), Match)
    }
    host, found = host_of(subject), port_of(subject)
    said = "" if host is None else _of_host(host, messages)
    if found is None or (found.implied and host is not None):
        return _fitting(said, _opening(said))
    short = _of_port(found, messages)
    return _fitting(
        *(
            f"{a} {b}".strip()
            for a, b in (
                (said, f"{short}{_picked(found, messages)}"),
                (said, short),
                (_opening(said), short),
            )
        )
    )


def _fitting(*texts: str) -> str:
    """The first of these that is short enough to be read at once; else the last."""
    return next((text for text in texts if len(text.split()) <= MOST_WORDS), texts[-1])


def _opening(text: str) -> str:
    """The first sentence of several."""
    first, stop, _ = text.partition(". ")
    return f"{first}." if stop else text


def _first(messages: Mapping[str, str], codes: Iterable[str]) -> str | None:
    """The message of the first finding that applies."""
    return next((messages[code] for code in codes if code in messages), None)


def _of_host(host: Host, messages: Mapping[str, str]) -> str:
    first = _first(messages, _READING)
    if first is not None:
        return first
    if host.kind == "name":
        return _of_name(host, messages)
    plain = label(host)
    if host.prefix_length == 0:
        return f"{plain} is every IPv{host.version} address."
    name = f"{wording.clip(host.text)} is {plain}, which" if "A112" in messages else plain
    for code, words in _ADDRESSES.items():
        if code in messages:
            return f"{name} {words}." if words else messages[code]
    return messages.get("A109") or f"{plain} is a network of no special purpose."


def _of_name(host: Host, messages: Mapping[str, str]) -> str:
    first = _first(messages, _NAMES)
    if first is not None:
        return first
    text = wording.clip(host.text)
    says = host.name.says if host.name else "A name."
    article, _, rest = says.partition(" ")
    if article in ("A", "An"):
        return f"{text} is {article.lower()} {rest}"
    return f"{text}: {says}"


def _of_port(found: Port, messages: Mapping[str, str]) -> str:
    first = _first(messages, _NO_PORT)
    if first is not None:
        return first
    phrase = expected(found)
    if phrase is not None:
        return f"Port {found.number} is {phrase}."
    if found.range != "dynamic":
        return f"No service is registered for port {found.number}."
    return f"{found.number} is a dynamic port: no service is registered for it."


def _picked(found: Port, messages: Mapping[str, str]) -> str:
    """Which systems give a dynamic port to outgoing connections, as a further sentence."""
    if found.range != "dynamic" or _first(messages, _NO_PORT) or expected(found):
        return ""
    by = [name for name in COMMON if name in found.ephemeral_on]
    others = [name for name in COMMON if name not in found.ephemeral_on]
    may = f" {wording.systems(by)} may assign it to any outgoing connection"
    return f"{may}, but {wording.systems(others)} does not." if others else f"{may}."
