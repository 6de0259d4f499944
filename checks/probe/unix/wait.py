"""Whether a condition holds on a Unix socket now, and if not, why; made to be asked again.

As :mod:`checks.probe.wait` for a port: a server that accepts and says nothing is not asked
again, and one that does not take a connection gets no other.
"""

from __future__ import annotations

from checks.probe import exchange, wait
from checks.probe.ask.connect import Opened
from checks.probe.unix import investigation, paths, table
from checks.probe.wait import Look
from checks.rules import unix_services
from checks.rules.spared import would_start

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Machine, Probe
    from checks.probe.exchange import Exchange
    from checks.probe.unix.investigation import Examined
    from checks.probe.wait import Wanted

_GONE = frozenset(("refused", "absent", "not-a-socket"))
"""Outcomes that prove that no program accepts there."""

_HOST, _HTTP_PORT = "localhost", 80


class UnixWatch:
    """One Unix socket that is looked at until a condition holds.

    Arguments:
        path: as it was asked; ``@name`` for an abstract socket.
        wanted: the condition.
        machine: this machine.
        activate: whether to connect also where that starts a service.
    """

    def __init__(self, path: str, wanted: Wanted, machine: Machine, *, activate: bool) -> None:
        self.path = paths.absolute(path)
        self.wanted = wanted
        self.machine = machine
        self.activate = activate
        self._exchange: Exchange | None = None
        self._seen: int | None = None  # inode of a listener that has accepted
        self._last: Probe | None = None

    def close(self) -> None:
        """Close what is open."""
        if self._exchange is not None:
            self._exchange.close()
            self._exchange = None

    def look(self, timeout: float) -> Look:
        """Look once.

        Arguments:
            timeout: seconds that one connection may take.
        """
        if self._exchange is not None and self._last is not None:
            return self._ask(self._exchange, self._last, timeout)
        if self._still_listens() and self._last is not None:
            return Look(False, wait.STILL, self._last)
        met = investigation.examine(self.path, self.machine, timeout, activate=self.activate)
        made = met.unix
        if met.opened is not None:
            made = investigation.taken(made, met)
        met = met._replace(unix=made)
        self._last = probe = investigation.probe_of(made, met.listeners, self.machine, met.notes)
        try:
            return self._judge(met, probe, timeout)
        finally:
            if met.opened is not None and met.opened.socket is not None:
                met.opened.socket.close()

    def _still_listens(self) -> bool:
        """Of what is to close: whether the listener is there that has accepted before."""
        if self._seen is None or self.wanted.condition != wait.CLOSED:
            return False
        return any(row.inode == self._seen for row in table.rows(listening=True) or ())

    def _judge(self, met: Examined, probe: Probe, timeout: float) -> Look:
        outcome, condition = met.unix.outcome, self.wanted.condition
        self._seen = met.row.inode if met.row is not None and outcome == "accepted" else None
        if condition == wait.CLOSED:
            why = "" if outcome in _GONE else "it still answers"
            there = outcome in ("accepted", "not-taken", "queue-full", "left-alone")
            return Look(outcome in _GONE, why if there else "", probe, ended=outcome == "accepted")
        if outcome == "left-alone" and condition == wait.OPEN:
            return Look(True, "", probe)
        if outcome == "left-alone":
            why = "its protocol is not tested, because that would"
            if any(map(would_start, met.listeners)):
                return Look(False, f"{why} start a service (--activate allows it)", probe)
            return Look(False, f"{why} end the program", probe)
        if outcome != "accepted":
            return Look(False, "", probe, waits=outcome == "not-taken")
        if condition == wait.OPEN:
            return Look(True, "", probe)
        self._exchange = self._begin(met)
        return self._ask(self._exchange, probe, timeout)

    def _begin(self, met: Examined) -> Exchange:
        assert met.opened is not None  # noqa: S101 - as called
        assert met.opened.socket is not None  # noqa: S101 - it was accepted
        kept = met.opened.socket.dup()
        kept.setblocking(False)
        condition = self.wanted.condition
        port = unix_services.port_of(self.path) or _HTTP_PORT
        return exchange.Exchange(
            Opened(kept, (self.path, 0), None), condition,
            _HTTP_PORT if condition == wait.HTTP else port, _HOST, self.wanted.path, secure=False,
        )  # fmt: skip

    def _ask(self, asked: Exchange, probe: Probe, timeout: float) -> Look:
        if not asked.go_on(timeout):
            return Look(False, wait.SILENT, probe, waits=True)
        self._exchange = None
        why = asked.why()
        return Look(why == "", why, probe, ended=why != "")
