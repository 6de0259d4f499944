"""One report, and what it is made of; the renderers are the modules beside this."""

from __future__ import annotations

from checks.findings import (
    compare,
    judge,
    judged,
    leading,
    sentence,
    subjects_of,
    verdict,
)
from checks.findings.tools import fitting
from checks.findings.witness import asked_here
from checks.model.records import NamedTuple
from checks.model.words import worst
from checks.report.first import steps_of
from checks.rules import tables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from types import ModuleType

    from checks.causes import Answer
    from checks.causes.base import Cause
    from checks.findings.base import Fix, Found, Subject
    from checks.model.evidence import Asked, Probe
    from checks.text import Classification, Endpoint


INFORMED = 64
"""Of so many endpoints of a text a report has what is merely so; it tells of fewer."""


class Report(NamedTuple):
    """A classification, the evidence of this machine, and what follows.

    Arguments:
        classification: of the text that was asked about.
        probes: the evidence, by index of the endpoint; empty where nothing
            was probed.
        findings: worst first.
        verdict: one sentence, the answer.
        unasked: indexes of endpoints that could have been probed and were
            not, because the text names too many.
        subjects: the endpoints as the rules looked at them, each concluded once.
        causes: of the errors that the text names, the most likely first.
        steps: what to do first, at most three things; those of one step differ in their
            system only.
        asked: which machine was asked, and when; None where none was.
        system: that the text shows, ``linux``, ``macos`` or ``windows``; None for none, or where
            a machine was asked.
    """

    classification: Classification
    probes: Mapping[int, Probe]
    findings: tuple[Found, ...]
    verdict: str
    unasked: tuple[int, ...] = ()
    subjects: tuple[Subject, ...] = ()
    causes: tuple[Cause, ...] = ()
    steps: tuple[Fix, ...] = ()
    asked: Asked | None = None
    system: str | None = None

    @property
    def told(self) -> tuple[int, ...]:
        """Indexes of the endpoints to tell about: each host and port once.

        Of a range of ports, one of which has a listener, those on which nothing was found have
        no more to tell.
        """
        again = repeats(self.classification)
        known = tuple(i for i in range(len(self.classification.endpoints)) if i not in again)
        left = tuple(i for i in known if not is_closed_of_many(self.subjects[i]))
        return left or known[:1] if len(left) < len(known) and self.probes else known

    def verdict_of(self, index: int) -> str:
        """Return the sentence for one endpoint alone.

        Arguments:
            index: of the endpoint in the classification.
        """
        return sentence(self.subjects[index])

    @property
    def severity(self) -> str:
        """The worst severity among the findings; ``ok`` where there are none."""
        return worst(found.severity for found in self.findings)

    @property
    def unread(self) -> tuple[str, ...]:
        """Socket tables of this machine that could not be read, and that the answer hangs on."""
        return tables.known(
            name for probe in self.probes.values() if asked_here(probe) for name in probe.unread
        )

    def to_dict(self, site: str | None = None) -> dict[str, object]:
        """The report as the JSON contract has it: the classification, with ``probe`` added.

        ``unasked`` is there only where an endpoint was left out, ``asked`` only where a
        machine was asked, ``comparison`` only where two URLs are compared.

        Arguments:
            site: the root of the site that findings link to; None for that of this build.
        """
        endpoints = [endpoint.to_dict() for endpoint in self.classification.endpoints]
        for index, probe in self.probes.items():
            endpoints[index]["probe"] = plain(probe)
        document: dict[str, object] = {
            **self.classification.to_dict(),
            "verdict": self.verdict,
            "endpoints": endpoints,
            "causes": [cause.to_dict() for cause in self.causes],
            "steps": [step.to_dict() for step in self.steps],
            "findings": [found.to_dict(site) for found in self.findings],
            **_compared(self.classification),
        }
        if self.unasked:
            document["unasked"] = list(self.unasked)
        if self.asked is not None:
            document["asked"] = plain(self.asked)
        return document


def classified(classification: Classification, site: str | None = None) -> dict[str, object]:
    """Return the document of a text of which no machine was asked, as the JSON contract has it.

    Arguments:
        classification: the text as it was read.
        site: the root of the site that findings link to; None for that of this build.
    """
    found = judge(classification)
    because = _explained(classification, ())
    causes = because.causes if because else ()
    _, summed_up = _summed_up(classification)
    steps = steps_of(classification, causes, found, asked=False, summed_up=summed_up)
    return {
        **classification.to_dict(),
        "causes": [cause.to_dict() for cause in causes],
        "steps": [step.to_dict() for step in steps],
        "findings": [one.to_dict(site) for one in found],
        **_compared(classification),
    }


def _compared(classification: Classification) -> dict[str, object]:
    """The comparison of two URLs, where a text is that and no more."""
    found = compare.to_dict(classification)
    return {} if found is None else {"comparison": found}


def _explained(classification: Classification, found: Sequence[Found]) -> Answer | None:
    """What a text says of its errors, or of what goes wrong without one; None for nothing.

    An error whose words are part of a line that is normal has no cause.

    Arguments:
        classification: the text as it was read.
        found: the findings of a machine that was asked; none where none was.
    """
    line = leading(classification)
    if (not classification.errors and classification.kind != "text") or (line and line.normal):
        return None
    from checks import causes  # noqa: PLC0415 - 5 ms, which a single word does without

    return causes.answer(classification, found)


def _summed_up(classification: Classification) -> tuple[str | None, tuple[Fix, ...]]:
    """The sentence on the tables and commands of a text, and what to do about them."""
    if not classification.tables and not classification.settings:
        return None, ()
    from checks.findings import overview  # noqa: PLC0415 - 2 ms, for tables and commands

    return overview.sentence(classification), overview.steps(classification)


def conclude(
    classification: Classification,
    probes: Mapping[int, Probe] | None = None,
    unasked: tuple[int, ...] = (),
    asked: Asked | None = None,
) -> Report:
    """Judge a classification and, where a machine was asked, its evidence.

    Arguments:
        classification: the text as it was read.
        probes: evidence by index of the endpoint.
        unasked: as in :class:`Report`.
        asked: the same.

    Returns:
        the report; each host and port is told once.
    """
    known = probes or {}
    again = repeats(classification)
    subjects = subjects_of(classification, known)
    informed = None if known else INFORMED
    told = tuple(one for one in judged(subjects, informed) if one.endpoint not in again)
    if known and _is_one_of_many(subjects[:1]):
        told = _many_ports().in_place(told, subjects)
    because = _explained(classification, told if known else ())
    causes, says = (because.causes, because.says) if because else ((), "")
    machine = next((probe.machine for probe in known.values()), None)
    if machine is not None:
        causes = tuple(one._replace(steps=fitting(one.steps, machine)) for one in causes)
    several = len(subjects) - len(again)
    sum_of_it, summed_up = (None, ()) if known else _summed_up(classification)
    return Report(
        classification=classification,
        probes=known,
        findings=told,
        verdict=_verdict(classification, subjects, told, sum_of_it or says, several=several),
        unasked=unasked,
        subjects=subjects,
        causes=causes,
        steps=steps_of(classification, causes, told, asked=bool(known), summed_up=summed_up),
        asked=asked,
        system=None if known else _system(classification, because.system if because else None),
    )


def _system(classification: Classification, of_error: str | None) -> str | None:
    """The system that a text shows: by the tool that printed its table, else by its error."""
    printed = (table.system for table in classification.tables)
    told = (error.system for error in classification.errors)
    return next((one for one in (*printed, *told, of_error) if one in _WITH_COMMANDS), None)


_WITH_COMMANDS = ("linux", "macos", "windows")


def _verdict(
    classification: Classification,
    subjects: Sequence[Subject],
    told: Sequence[Found],
    because: str,
    *,
    several: int,
) -> str:
    """The answer in one or two sentences: of what was asked, else of what the text tells."""
    if any(subject.probe is not None for subject in subjects):
        return _of_asked(subjects, told)
    line = leading(classification)
    if line is not None:
        return verdict(classification, index=-1 if line.endpoint is None else line.endpoint)
    if because:
        return because
    if not subjects:
        return verdict(classification)
    if two := compare.pair(classification):
        return compare.sentences(*two)[0]
    said = sentence(subjects[0])
    if several > 1 and classification.banner is None:
        return f"{said} The text names {several - 1} more."
    return said


def _of_asked(subjects: Sequence[Subject], told: Sequence[Found]) -> str:
    """What a machine said: of ports that one word stands for all, and the first in trouble."""
    first = subjects[in_trouble(told)]
    summed_up = _many_ports().sentence(subjects) if _is_one_of_many(subjects[:1]) else None
    if summed_up is None or is_closed_of_many(first):
        return summed_up or sentence(first)
    wrong = any(one.severity == "error" for one in told)
    return f"{summed_up} {sentence(first)}" if wrong else summed_up


def is_closed_of_many(subject: Subject) -> bool:
    """Whether it is a port of a range on which nothing was found."""
    return _is_one_of_many((subject,)) and bool(_many_ports().is_closed(subject))


def _is_one_of_many(subjects: Sequence[Subject]) -> bool:
    """Whether an endpoint may be one of those that a word stands for: as it is written, none is."""
    return any(one.endpoint is not None and one.endpoint.form in _OF_MANY for one in subjects)


_OF_MANY = ("range", "program")
"""As :attr:`checks.text.endpoint.Endpoint.form` has them."""


def _many_ports() -> ModuleType:
    from checks.findings import many_ports  # noqa: PLC0415 - for ranges and names of programs

    return many_ports


def in_trouble(found: Sequence[Found]) -> int:
    """The index of the endpoint that a verdict on several is about: the first with an error."""
    wrong = (one.endpoint for one in found if one.severity == "error" and one.endpoint is not None)
    return next(wrong, 0)


def repeats(classification: Classification) -> frozenset[int]:
    """Indexes of endpoints that name the host and port of an earlier one.

    Messages often say the same endpoint twice; it is asked and told once.
    """
    first = same(classification.endpoints)
    return frozenset(index for index, one in enumerate(first) if one != index)


def same(endpoints: Iterable[Endpoint]) -> list[int]:
    """Return, for each endpoint, the index of the first with its host and port.

    Arguments:
        endpoints: of one text, in its order.
    """
    first: dict[tuple[int, int | str, int | None], int] = {}
    found = []
    for index, endpoint in enumerate(endpoints):
        host, port = endpoint.host, endpoint.port
        number = port.number if port else None
        if endpoint.path is not None:
            key: tuple[int, int | str, int | None] = (-2, endpoint.path, None)
        elif host is None:
            key = (-1, "", number)
        else:
            key = (host.version, host.value if host.version else host.text, number)
        found.append(first.setdefault(key, index))
    return found


def plain(value: object) -> object:
    """Named tuples to dicts, tuples to lists, all the way down; the rest as it is."""
    fields = getattr(value, "_fields", None)
    if fields is not None and isinstance(value, tuple):
        return {
            name: plain(item) if isinstance(item, tuple) else item
            for name, item in zip(fields, value, strict=True)
        }
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value
