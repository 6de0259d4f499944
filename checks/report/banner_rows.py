"""What a report shows of the line of a known tool: who printed it, whose end, what to do."""

from __future__ import annotations

from checks.report.clean import line as clean
from checks.report.rows import Row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.report import Report

_ENDS = {
    "listener": "the server's end: the program that was started listens there, or wanted to",
    "target": "the other end: the program that printed the line connects there",
    "peer": "the client's end of one connection: no program listens there",
    "local": "the end of the program that printed the line: no program listens there",
}
_NUMBERS = {
    "random": "picked by the system: it changes at the next start or connection",
    "kept": "picked once by the tool and saved: it stays the same",
    "default": "the tool's default port",
    "set": "set by a person or a configuration",
}


def of_banner(report: Report) -> Iterator[Row]:
    """Yield what the line of a known tool tells beside the verdict; often nothing.

    Arguments:
        report: whose classification may hold such a line.
    """
    banner = report.classification.banner
    if banner is None:
        return
    if banner.tool:
        yield Row("Program", note=clean(banner.tool))
    if not report.verdict.startswith(clean(banner.means, 1000)):
        yield Row("It means", note=clean(banner.means, 1000))
    if banner.role:
        yield Row("Whose end", note=_ENDS[banner.role])
    if banner.port:
        yield Row("Number", note=_NUMBERS[banner.port])
    if banner.reach:
        yield Row("Reach", note=banner.reach)
    elif banner.role == "listener" and banner.endpoint is not None:
        host = report.classification.endpoints[banner.endpoint].host
        if host is not None and host.loopback:
            yield Row("Reach", note="only this machine can connect to it")
