"""What 127.0.0.1:62893 is, what it does on this machine, and what to do about it.

``classify`` and ``readings`` are pure and run anywhere Python runs, also in a
browser. ``diagnose`` asks this machine, and is loaded when it is called.
"""

from __future__ import annotations

from checks.classify import SCHEMA, Classification, classify, readings
from checks.classify.endpoint import Endpoint
from checks.classify.host import Host
from checks.classify.ports import Port
from checks.classify.readings import Readings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.report import Report

__version__ = "0.1.0"

__all__ = [
    "SCHEMA", "Classification", "Endpoint", "Host", "Port", "Readings", "__version__", "classify",
    "diagnose", "readings",
]  # fmt: skip

MAX_PROBED = 16
"""So many endpoints of one text are probed; a log may name thousands."""


def diagnose(text: str, *, timeout: float = 1.0, remote: bool = False) -> Report:
    """Classify a text and ask this machine about every endpoint in it.

    Arguments:
        text: as for :func:`classify`.
        timeout: seconds that one connection attempt may take.
        remote: also connect to addresses that are not this machine's.

    Returns:
        the report. Failures to connect, to resolve or to read a kernel table
        are part of it; nothing is raised for them.
    """
    # Here and not above: the browser imports this module and has no sockets.
    from checks import findings, probe  # noqa: PLC0415
    from checks.report import Report  # noqa: PLC0415

    classification = classify(text)
    probes = {}
    for index, endpoint in enumerate(classification.endpoints[:MAX_PROBED]):
        if endpoint.port is not None and endpoint.port.number is not None:
            probes[index] = probe.investigate(endpoint, timeout=timeout, remote=remote)
    found = findings.judge(classification, probes)
    return Report(classification, probes, found, findings.verdict(classification, probes))
