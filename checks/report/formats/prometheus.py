"""Reports in the text format that Prometheus scrapes, version 0.0.4.

Also for the textfile collector of its node exporter: the times are of this
very run, and a gauge is 1 or 0.
"""

from __future__ import annotations

from checks.report.clean import line as clean
from checks.report.formats import Written
from checks.rules import owners

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from checks.model.evidence import Listener
    from checks.report import Report
    from checks.report.formats import Case
    from checks.report.listeners import Entry, Listing
    from checks.report.style import Style

_LABEL = {ord("\\"): "\\\\", ord('"'): '\\"', ord("\n"): "\\n"}


class _Family:
    """One metric: its name, its help, its samples."""

    def __init__(self, name: str, help_text: str) -> None:
        self.name = name
        self.help_text = help_text
        self.samples: dict[str, str] = {}

    def add(self, value: float, **labels: object) -> None:
        """Add a sample; of two with the same labels the larger is kept, as one may be given."""
        pairs = ",".join(f'{name}="{_value(text)}"' for name, text in labels.items())
        key = f"{self.name}{{{pairs}}}" if pairs else self.name
        shown = f"{value:.6f}".rstrip("0").rstrip(".")
        if key not in self.samples or float(self.samples[key]) < value:
            self.samples[key] = shown

    def lines(self) -> Iterable[str]:
        """The metric as text."""
        if self.samples:
            yield f"# HELP {self.name} {self.help_text}"
            yield f"# TYPE {self.name} gauge"
        for key, value in self.samples.items():
            yield f"{key} {value}"


def _readable() -> _Family:
    return _Family("checks_table_readable", "1 where the socket table could be read, else 0.")


def diagnosis(cases: Sequence[Case], _: Style) -> Written:
    """Write the metrics of a diagnosis.

    Where the socket table could not be read and nothing is wrong, whether the target is well
    is not known: ``checks_target_ok`` is left out, and ``checks_table_readable`` is 0.

    Arguments:
        cases: the targets.
    """
    ok = _Family("checks_target_ok", "1 where nothing of severity error was found, else 0.")
    took = _Family("checks_connect_seconds", "Time until a connect had an outcome.")
    found = _Family("checks_finding", "1 for each finding about a target.")
    table = _readable()
    untested = _Family("checks_endpoints_untested", "Endpoints of a target that were left out.")
    for case in cases:
        report, target = case.report, case.report.classification.input
        wrong = case.problem is not None or report.severity == "error"
        if wrong or not report.unread:
            ok.add(0 if wrong else 1, target=target)
        if report.probes and case.problem is None:
            table.add(0 if report.unread else 1, target=target)
        _add_times(took, report)
        if report.unasked:
            untested.add(len(report.unasked), target=target)
        for finding, severity in dict.fromkeys((f.finding, f.severity) for f in report.findings):
            found.add(1, target=target, code=finding.code, slug=finding.slug, severity=severity)
    return _document(ok, table, took, untested, found)


def _add_times(family: _Family, report: Report) -> None:
    for index, probe in report.probes.items():
        port = report.classification.endpoints[index].port
        for attempt in probe.attempts:
            if attempt.milliseconds is not None:
                family.add(
                    attempt.milliseconds / 1000,
                    target=report.classification.input,
                    address=attempt.address,
                    port=port.number if port else "",
                    outcome=attempt.outcome,
                )


def listeners(listing: Listing, _: Style) -> Written:
    """Write the metrics of the listeners of a machine.

    Arguments:
        listing: what was seen. What was not asked for is not counted, nor what is in a
            socket table that could not be read.
    """
    table = _readable()
    table.add(0 if listing.unread else 1)
    number = _Family("checks_listeners", "Sockets that take traffic, by protocol and reach.")
    info = _Family("checks_listener_info", "1 for each address and port that is listened on.")
    queue = _Family("checks_listener_queue", "Connections that wait to be accepted.")
    backlog = _Family("checks_listener_backlog", "The largest number that may wait.")
    count = {(p, r): 0 for p in listing.protocols for r in listing.reaches}
    for entry in listing.entries:
        listener = entry.listener
        count[listener.protocol, listener.reach] += 1
        place = _place(listener)
        info.add(1, **place, **_owner(entry))
        if listener.queue is not None:
            queue.add(listener.queue, **place)
        if listener.backlog is not None:
            backlog.add(listener.backlog, **place)
    for (protocol, reach), value in count.items():
        if not any(name.startswith(protocol) for name in listing.unread):
            number.add(value, protocol=protocol, reach=reach)
    return _document(table, number, info, queue, backlog)


def _place(listener: Listener) -> dict[str, object]:
    return {
        "protocol": listener.protocol,
        "address": listener.address,
        "port": listener.port,
        "interface": listener.interface or "",
    }


def _owner(entry: Entry) -> dict[str, object]:
    listener = entry.listener
    main = owners.main(listener.owners)
    return {
        "reach": listener.reach,
        "process": main.name if main else "",
        "user": listener.user or "",
        "unit": listener.unit or "",
        "severity": entry.severity,
    }


def _document(*families: _Family) -> Written:
    return Written("".join(f"{line}\n" for family in families for line in family.lines()))


def _value(value: object) -> str:
    """A label's value: backslash, quote and line feed are escaped, and nothing else."""
    return clean(str(value)).translate(_LABEL)
