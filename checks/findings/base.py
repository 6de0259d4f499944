"""What a finding is: a class of the catalogue, and one match of it.

A finding's class is what knows it: code, slug, severity, title, the rule, and
the docstring that becomes its page. ``checks explain``, the report, the JSON and
the site all read it from here; :mod:`checks.findings.catalogue` has its code and
slug once more, to find it before it is loaded.
"""

from __future__ import annotations

from checks._site import SITE
from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import ClassVar

    from checks.findings.connection.conclusion import Conclusion
    from checks.model.evidence import Listener, Probe
    from checks.text import Classification
    from checks.text.endpoint import Endpoint

SECTIONS = (
    "What it means",
    "How it is detected",
    "Why it happens",
    "What to do",
    "Guide",
    "Sources",
)
"""The sections of a finding's docstring, in order, each underlined with ``-``.

``Guide`` is the page of the site that helps, below its root, with an anchor where one
section of it does: ``troubleshooting/in-use/#find-the-owner``. It is written in the docstring,
because docstrings are not loaded where they are not read.
"""


class Fix(NamedTuple):
    """One thing to do about a finding."""

    text: str
    """A short imperative sentence."""
    command: str | None = None
    """One command line that does or shows it; None if there is none."""
    os: str | None = None
    """``linux``, ``macos`` or ``windows``; None if it holds on each."""
    look_for: str | None = None
    """What its output tells, in one or two short sentences; None if that is plain."""

    def to_dict(self) -> dict[str, str | None]:
        """The fix as JSON has it."""
        return {
            "text": self.text,
            "command": self.command,
            "os": self.os,
            "look_for": self.look_for,
        }


class Subject(NamedTuple):
    """What a rule looks at: one endpoint (or none) and its evidence (or none).

    :func:`checks.findings.features.subject_of` makes it where there is evidence.
    """

    classification: Classification
    endpoint: Endpoint | None
    """None when the text as a whole is looked at."""
    probe: Probe | None = None
    """None if nothing was probed: in the browser, in ``classify``."""
    conclusion: Conclusion | None = None
    """What the evidence says of the connection, concluded once; None if none was tried."""


class Match(NamedTuple):
    """What a rule says when it applies."""

    message: str
    """One or two sentences about this very input; plain text."""
    fix: tuple[Fix, ...] = ()
    evidence: tuple[str, ...] = ()
    """The evidence, one line each: ``connect 127.0.0.1:62893: ECONNREFUSED, 0.1 ms``."""
    severity: str | None = None
    """Set where it differs from the class's severity."""
    listeners: tuple[Listener, ...] = ()
    """The rows of the socket table that it is about, the one that tells most first. Sockets
    that share an address and port are all there, though a message may name one."""
    brief: str = ""
    """What a verdict says of it, as sentences; "" if a verdict says it in other words."""


class Found(NamedTuple):
    """A match together with the finding it belongs to; what reports show."""

    finding: type[Finding]
    match: Match
    endpoint: int | None
    """Index of the endpoint in the classification; None for the whole text."""

    @property
    def severity(self) -> str:
        """One of :data:`checks.model.words.SEVERITIES`."""
        return self.match.severity or self.finding.severity

    def to_dict(self, site: str | None = None) -> dict[str, object]:
        """The finding as the JSON contract has it.

        Arguments:
            site: as for :meth:`Finding.url`.
        """
        return {
            "code": self.finding.code,
            "slug": self.finding.slug,
            "severity": self.severity,
            "title": self.finding.title,
            "message": self.match.message,
            "fix": [fix.to_dict() for fix in self.match.fix],
            "evidence": list(self.match.evidence),
            "endpoint": self.endpoint,
            "url": self.finding.url(site),
            "page": self.finding.page(),
        }


class Finding:
    """Base of the catalogue's classes.

    A subclass sets the four class variables, writes the docstring with the
    sections of :data:`SECTIONS`, and implements :meth:`look`. It is never
    instantiated.
    """

    code: ClassVar[str]
    slug: ClassVar[str]
    severity: ClassVar[str]
    title: ClassVar[str]
    example: ClassVar[str | None] = None
    """What to ask to see it: an input that yields it, or where a machine has to be asked, an
    endpoint that may. None if that is what any finding of its group may be seen on."""
    needs_probe: ClassVar[bool] = False
    """True if the rule can say nothing without evidence from a machine."""
    describes: ClassVar[bool] = False
    """True if it tells what an address or a port is: then it advises only where neither an
    error nor a machine has told more."""

    @classmethod
    def look(cls, subject: Subject) -> Match | Iterable[Match] | None:
        """Return what applies to *subject*; None (or nothing) where it does not apply."""
        raise NotImplementedError

    @classmethod
    def page(cls) -> str:
        """Where its page is, below the root of the site."""
        return f"reference/findings/{cls.slug}/"

    @classmethod
    def url(cls, site: str | None = None) -> str | None:
        """The address of its page; None if no site is known.

        Arguments:
            site: the root of the site, ending in a slash; None for that of this build.
        """
        root = SITE if site is None else site
        return root + cls.page() if root else None
