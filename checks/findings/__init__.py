"""The findings: what there is to say about an endpoint, and the pages that explain it.

Pure: a finding looks at a classification and, where a machine was probed, at
recorded evidence. Nothing here opens a socket or asks the platform.
"""

from __future__ import annotations

from checks.findings import catalogue, intent
from checks.findings.base import Finding, Fix, Found, Match, Subject
from checks.findings.catalogue import by_key
from checks.findings.features import features_of, of_host, of_port, subjects_of
from checks.findings.verdict import about, leading, sentence, verdict
from checks.model.words import READING_ORDER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from checks.address.host import Host
    from checks.model.evidence import Probe
    from checks.text import Classification

__all__ = [
    "CATALOGUE",
    "Finding",
    "Fix",
    "Found",
    "Match",
    "Subject",
    "about",
    "by_key",
    "judge",
    "judged",
    "leading",
    "sentence",
    "subjects_of",
    "verdict",
]

# Of findings alike what is wrong with the program, then the answer to "can I connect" and what
# surrounds it, then who can, then the rest.
_GROUPS = "OCNEBAPS"

if TYPE_CHECKING:
    CATALOGUE: tuple[type[Finding], ...]


def __getattr__(name: str) -> tuple[type[Finding], ...]:
    """``CATALOGUE``, every finding, made when it is first asked for."""
    if name != "CATALOGUE":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return catalogue.every()


def judge(
    classification: Classification, probes: Mapping[int, Probe] | None = None
) -> tuple[Found, ...]:
    """Return what there is to say about every endpoint of a text.

    Arguments:
        classification: the text as it was read.
        probes: evidence by index of the endpoint; without it only the findings
            that need none apply.

    Returns:
        the findings, worst severity first (error, warning, notice, ok, info),
        then by group (connection, exposure, binding, address, port, service) and code,
        then in the order of the endpoints. Of group C at most one of severity
        error or ok for an endpoint; what an accepted connection met stands beside it
        (C314, C315). A text without endpoints has no findings:
        its error message leads to their pages instead.
    """
    return judged(subjects_of(classification, probes))


def judged(subjects: Iterable[Subject], informed: int | None = None) -> tuple[Found, ...]:
    """Return what :func:`judge` does, of the endpoints of a text as the rules look at them.

    Arguments:
        subjects: in the order of the text.
        informed: of so many endpoints the findings of severity info are given, of the others
            what is worse; None gives all.
    """
    known: _Known = {}
    found = [
        one
        for index, subject in enumerate(subjects)
        for one in _judge(subject, index, known, whole=informed is None or index < informed)
    ]
    if len(found) > 1:
        found.sort(key=_rank)
    return tuple(found)


_Known = dict[tuple["Host", "str | None", bool], tuple[Found, ...]]


def _judge(subject: Subject, index: int, known: _Known, *, whole: bool) -> Iterator[Found]:
    """The findings of one endpoint; those of a host that is written again are known.

    What a text alone tells of a host hangs on it and its role. Where it cannot be read, the text
    around it counts too. 1,000 rows of docker ps: 14 instead of 26 ms.
    """
    endpoint = subject.endpoint
    host = endpoint.host if endpoint is not None and subject.probe is None else None
    if endpoint is None or host is None or host.kind == "invalid":
        yield from _look(subject, index, features_of(subject), whole=whole)
        return
    key = (host, endpoint.role, whole)
    if key not in known:
        known[key] = tuple(_look(subject, index, of_host(host), whole=whole))
    for finding, match, _ in known[key]:
        yield Found(finding, match, index)
    if endpoint.port is not None:
        yield from _look(subject, index, of_port(endpoint.port), whole=whole)


def _look(subject: Subject, index: int, features: Iterable[str], *, whole: bool) -> Iterator[Found]:
    wants_to_listen = False
    if subject.probe is not None:
        wants_to_listen = intent.wants_to_listen(subject.classification)
    for finding in catalogue.asked(features):
        if finding.severity == "info" and not whole:
            continue
        match = finding.look(subject)
        if match is None:
            continue
        advises = intent.advises(finding, subject.classification, asked=subject.probe is not None)
        for one in (match,) if isinstance(match, Match) else match:
            if one.fix and not advises:
                one = one._replace(fix=())
            found = Found(finding, _with_listeners(finding, one, subject), index)
            if wants_to_listen:
                changed = intent.severity(finding.code, found.severity)
                found = found._replace(match=found.match._replace(severity=changed))
            yield found


def _with_listeners(finding: type[Finding], match: Match, subject: Subject) -> Match:
    """What is said of a connection is about the rows that its explanation rests on."""
    conclusion = subject.conclusion
    if conclusion is None or match.listeners or not finding.code.startswith(_OF_CONNECTION):
        return match
    return match._replace(listeners=conclusion.listeners)


_OF_CONNECTION = ("C", "S", "E505")


def _rank(found: Found) -> tuple[int, int, str, int]:
    code = found.finding.code
    endpoint = -1 if found.endpoint is None else found.endpoint
    return READING_ORDER.index(found.severity), _GROUPS.index(code[0]), code, endpoint
