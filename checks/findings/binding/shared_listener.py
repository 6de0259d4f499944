"""B408 shared-listener."""

from __future__ import annotations

from checks.findings import wording
from checks.findings.base import Finding, Match, Subject
from checks.findings.witness import asked_here, port_of
from checks.rules.owners import ancestor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Listener


class SharedListener(Finding):
    """Several processes or sockets take connections on the same address and port.

    What it means
    -------------
    More than one process can take the next connection. Either they share one listening socket,
    or each has its own and the system spreads connections over them (SO_REUSEPORT). To stop the
    service, stop the main process; it stops the others.

    How it is detected
    ------------------
    The socket table has several listeners on the very same address and port, or one listener is
    held by several processes. Every owner that this user may see is named; where they have a
    common ancestor among them, that one is marked as main.

    Why it happens
    --------------
    - A server forks workers after it has begun to listen: nginx, Apache, PostgreSQL, gunicorn.
    - A server sets SO_REUSEPORT so that each worker has its own queue.
    - A parent left the socket open in a child process by mistake: then the port stays taken when
      the parent ends.

    What to do
    ----------
    Nothing, if the processes belong together. If an old child holds the port, stop it.

    - Linux: `ss -ltnp 'sport = :62893'` shows every process
    - macOS: `lsof -nP -iTCP:62893 -sTCP:LISTEN`
    - Windows: `netstat -ano | findstr /R /C:":62893 "`

    Sources
    -------
    - socket(7), SO_REUSEPORT: https://man7.org/linux/man-pages/man7/socket.7.html
    - fork(2), open descriptors are inherited: https://man7.org/linux/man-pages/man2/fork.2.html
    """

    code = "B408"
    slug = "shared-listener"
    severity = "info"
    title = "Several processes or sockets share the listener"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> list[Match]:
        """Apply to each address with several sockets or owners."""
        if subject.probe is None or port_of(subject) is None or not asked_here(subject.probe):
            return []
        groups: dict[tuple[str, str, str | None], list[Listener]] = {}
        for row in subject.probe.listeners:
            groups.setdefault((row.protocol, row.address, row.interface), []).append(row)
        return [match for rows in groups.values() if (match := _shared(rows)) is not None]


def _shared(rows: list[Listener]) -> Match | None:
    """The sentence for one address; None where one process has it alone."""
    owners = {owner.pid: owner for row in rows for owner in row.owners}
    if len(rows) < 2 and len(owners) < 2:
        return None
    first = rows[0]
    where = f"{first.protocol.upper()} {wording.bound(first)}"
    who = wording.processes(list(owners.values())) if owners else wording.hidden(first)
    sockets = f"{len(rows)} sockets" if len(rows) > 1 else "one socket"
    main = ancestor(tuple(owners.values()))
    text = f"{where} has {sockets}, held by {who}"
    text += f"; the main process is {main.pid}." if main and len(owners) > 1 else "."
    lines = tuple(wording.listener_line(row) for row in rows)
    return Match(text, evidence=lines, listeners=tuple(rows))
