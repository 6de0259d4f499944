"""O706 restarted-again."""

from __future__ import annotations

from checks.findings import commands, supervisors, wording
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.commands import LINUX
from checks.findings.connection.context import ConnectionContext
from checks.findings.witness import port_of
from checks.model.shell import is_typable, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from checks.model.evidence import Machine, Owner, Restarts

_TWICE = 2


class RestartedAgain(Finding):
    """The program ends again and again, and a supervisor restarts it each time.

    What it means
    -------------
    The port is open only for short times. A client that connects then is served or cut off, and
    the next one is refused. A single test finds the port open or closed by chance.

    How it is detected
    ------------------
    The socket table is read every 40 ms, and two different processes held the listener one after
    the other. That takes up to four seconds, so it is done only if it is likely, on Linux. Either
    no program listens, and supervisord, pm2, s6 or runit runs on this machine. Or one of them or
    systemd started the process less than three seconds ago. A text with several endpoints is not
    watched. A program that runs longer before it ends is not detected.

    Why it happens
    --------------
    - The program crashes at its first request, or some time after the start: a missing file, a
      database that does not answer, too little memory.
    - It goes to the background, and its supervisor takes that for its end.
    - A health check fails and restarts it.

    What to do
    ----------
    Read in its log why it ends. Stop it by its supervisor until you have fixed that. After a
    `kill` the supervisor starts it again.

    - Linux: With systemd, read the log: `journalctl -u UNIT -e`. Stop it: `sudo systemctl stop
      UNIT`. With supervisord: `supervisorctl tail NAME stderr`. Stop it: `supervisorctl stop
      NAME`. With pm2: `pm2 logs NAME`. Stop it: `pm2 stop NAME`. With s6 or runit, stop it by
      `s6-svc -d DIRECTORY` or `sv down DIRECTORY`.
    - macOS: Show the runs and the last exit code: `launchctl print gui/UID/LABEL`. The check does
      not watch for it on macOS.
    - Windows: Open the Event Viewer, where System has the starts of a service: `eventvwr`. The
      check does not watch for it on Windows.

    Guide
    -----
    troubleshooting/intermittent/#the-service-itself-comes-and-goes

    Sources
    -------
    - supervisord, subprocesses, process states: https://supervisord.org/subprocess.html
    - systemd.service(5), Restart=: https://man7.org/linux/man-pages/man5/systemd.service.5.html
    - pm2, restart strategies: https://pm2.keymetrics.io/docs/usage/restart-strategies/
    """

    code = "O706"
    slug = "restarted-again"
    severity = "error"
    title = "The program keeps restarting"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where two processes had the listener one after the other."""
        probe, number = subject.probe, port_of(subject)
        seen = probe.restarts if probe else None
        if probe is None or number is None or seen is None or subject.conclusion is None:
            return None
        if seen.opened < _TWICE or len({owner.pid for owner in seen.owners}) < _TWICE:
            return None
        context = ConnectionContext(subject, probe, number, subject.conclusion)
        last = seen.owners[-1]
        time = f"{seen.milliseconds / 1000:.1f} s"
        text = (
            f"{context.named} is open only at times: {last.name or 'its program'} started"
            f" {seen.opened} times in {time}. {_who(last)}."
        )
        fixes = context.fixes(_fixes(last, probe.machine))
        return Match(text, fixes, (*context.evidence(), _line(seen, time)))


def _who(owner: Owner) -> str:
    """What starts a program again, as a sentence without its stop."""
    found, unit = owner.supervisor, owner.managed_by
    if found is not None:
        name = f" {found.name}" if found.name else " it"
        return f"{found.kind} starts{name} again each time it ends"
    if unit is not None and unit.kind == "systemd":
        return f"systemd starts {unit.name} again each time it ends"
    return "Something starts it again each time it ends"


def _fixes(owner: Owner, machine: Machine) -> tuple[Fix, ...]:
    """Its log, and how to stop it for good."""
    found, unit = owner.supervisor, owner.managed_by
    if found is not None:
        log = supervisors.log(found, machine)
        owner = owner._replace(parent=found.pid)  # its number is another one each time
        return (
            *(log or commands.advice("See in the program's log why it ends.")),
            *supervisors.stop((owner,), owner, machine),
        )
    if unit is not None and unit.kind == "systemd" and is_typable(unit.name):
        user = "--user " if unit.uid is not None else ""
        text = "Show what it wrote before it ended."
        return (Fix(text, f"journalctl {user}-n 50 -u {quoted(unit.name)}", LINUX),)
    return commands.advice("See in the program's log why it ends.")


def _line(seen: Restarts, time: str) -> str:
    """``socket table: a listener 3 times in 3.2 s, python3 (pids 7, 9 and 12)``."""
    owners: Sequence[Owner] = seen.owners
    return f"socket table: a listener {seen.opened} times in {time}, {wording.processes(owners)}"
