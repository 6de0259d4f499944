"""What 127.0.0.1:62893 is, what it does on this machine, and what to do about it.

``classify`` and ``readings`` are pure and run anywhere Python runs, also in a
browser. ``diagnose`` asks this machine, and is loaded when it is called.
"""

# Below comes what older Pythons cannot read. This file itself is read by 3.6 and later
# (which is why it has no "from __future__ import annotations"), so they get as far as this.
import sys

if sys.version_info < (3, 10):  # noqa: UP036 - a clone is run without an installer that compares
    FOUND = ".".join(map(str, sys.version_info[:3]))
    TOO_OLD = f"checks: needs Python 3.10 or later; this is Python {FOUND}"
    if sys.argv[0] == "-m" or sys.argv[0].endswith(".pyz"):  # "-m": runpy looks for __main__
        sys.stderr.write(TOO_OLD + "\n")
        raise SystemExit(3)
    raise ImportError(TOO_OLD)

from checks import _start as _start  # before anything else is imported
from checks.address.host import Host
from checks.address.readings import Readings, readings
from checks.model.words import SCHEMA
from checks.ports import Port
from checks.text import Classification, classify
from checks.text.endpoint import Endpoint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import ModuleType

    from checks.probe.ask.lookups import Ahead
    from checks.report import Report

__version__ = "0.1.0"

__all__ = [
    "SCHEMA", "Classification", "Endpoint", "Host", "Port", "Readings", "__version__", "classify",
    "diagnose", "explain", "readings",
]  # fmt: skip

MAX_PROBED = 16
"""So many endpoints of one text are probed; a log may name thousands. The report names the rest."""


def explain(text: str) -> "Report":
    """Classify a text and say what there is to say about it without asking any machine.

    Arguments:
        text: as for :func:`classify`.

    Returns:
        the report, without evidence.
    """
    said: Report = _report().conclude(classify(text))
    return said


def diagnose(
    text: str,
    *,
    timeout: float = 1.0,
    remote: bool = False,
    identify: bool = True,
    activate: bool = False,
) -> "Report":
    """Classify a text and ask this machine about every endpoint in it.

    Arguments:
        text: as for :func:`classify`.
        timeout: seconds that one connection attempt may take.
        remote: also connect to addresses that are not this machine's.
        identify: also ask what speaks on a port of this machine that accepts.
        activate: also connect where that starts a service: a systemd socket unit, inetd.

    Returns:
        the report. Failures to connect, to resolve or to read a kernel table
        are part of it; nothing is raised for them.
    """
    probe = _probe()
    classification = classify(text)
    if classification.errors or classification.kind in ("text", "name", "unix"):
        classification = probe.named_here(classification, timeout)
    wanted = _wanted(classification)
    endpoints = classification.endpoints
    now = wanted[: _most(endpoints)]
    with probe.looking_up(endpoints[index] for index in now):
        probes = {
            index: probe.investigate(
                endpoints[index],
                timeout=timeout,
                remote=remote,
                identify=identify,
                activate=activate,
                watch=len(wanted) == 1,
            )
            for index in now
        }
    asked = probe.asked() if probes else None
    left = tuple(wanted[len(now) :])
    said: Report = _report().conclude(classification, probes, left, asked=asked)
    return said


def looking_up(texts: "Iterable[str]") -> "Ahead":
    """Look up the names of several texts at once: a block for the diagnoses of these texts.

    Without it each dead name of another text costs the time of its own.

    Arguments:
        texts: as for :func:`diagnose`, a few of those that come next.
    """
    read = [classify(text) for text in texts]
    wanted = (one.endpoints[index] for one in read for index in _wanted(one))
    ahead: Ahead = _probe().looking_up(wanted)
    return ahead


def _wanted(classification: Classification) -> list[int]:
    """The endpoints that can be asked, each once."""
    again = _report().repeats(classification)
    return [
        index
        for index, one in enumerate(classification.endpoints)
        if index not in again and _can_be_asked(one)
    ]


def _report() -> "ModuleType":
    from checks import report  # noqa: PLC0415 - the catalogue is large

    return report


def _probe() -> "ModuleType":
    from checks import probe  # noqa: PLC0415 - the browser imports this module and has no sockets

    return probe


def _most(endpoints: "Sequence[Endpoint]") -> int:
    """How many are asked: of a range, which was written to be, all of it."""
    is_range = bool(endpoints) and all(one.form == "range" for one in endpoints)
    return len(endpoints) if is_range else MAX_PROBED


def _can_be_asked(endpoint: Endpoint) -> bool:
    """A port can be connected to, a name can be resolved; a client's own end cannot.

    A link is only mentioned: what answers there is not what the text is about.
    """
    if endpoint.role in ("peer", "local", "link"):
        return False
    if endpoint.path is not None:
        return True
    if endpoint.port is not None:
        return endpoint.port.number is not None
    return endpoint.host is not None and endpoint.host.kind == "name"
