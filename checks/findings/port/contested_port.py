"""P208 contested-port."""

from __future__ import annotations

from checks.findings import commands
from checks.findings.base import Finding, Match, Subject
from checks.findings.port.context import machine_of, named, port_of
from checks.findings.wording import joined


class ContestedPort(Finding):
    """A part of the operating system, or another common program, also uses this port.

    What it means
    -------------
    Several widely used programs have the same default port, or a part of the system uses the port
    from the start. Then your server fails with "address already in use", or a request reaches the
    wrong program.

    How it is detected
    ------------------
    By the table of default ports, where an entry is marked as contested. If a machine was tested,
    only entries for its system count.

    Why it happens
    --------------
    On macOS (12 and later) the AirPlay Receiver listens on 5000 and 7000, and 5000 is the default
    of Flask and others. A request for your server then gets an answer from AirPlay.

    What to do
    ----------
    Give your program another port, or stop the other program. To see which one listens:

    - Linux: Show the listener: `ss -ltnp 'sport = :5000'`. The last column names the program and
      its pid, with sudo also for programs of other users.
    - macOS: Show the listener: `sudo lsof -nP -iTCP:5000 -sTCP:LISTEN`. COMMAND and PID name the
      program. If it is ControlCe, turn off AirPlay Receiver in System Settings > General >
      AirDrop & Handoff.
    - Windows: Show the listener, in PowerShell: `Get-NetTCPConnection -LocalPort 5000 -State
      Listen -ErrorAction SilentlyContinue`. Find its program by OwningProcess: `Get-Process -Id
      PID`.

    Guide
    -----
    ports/development/#ports-that-several-want

    Sources
    -------
    - Werkzeug, src/werkzeug/serving.py, what it says on macOS when port 5000 is in use:
      https://github.com/pallets/werkzeug/pull/2776
    - Flask, "Address already in use": https://flask.palletsprojects.com/en/stable/server/
    - IANA Service Name and Transport Protocol Port Number Registry:
      https://www.iana.org/assignments/service-names-port-numbers/
    """

    code = "P208"
    slug = "contested-port"
    severity = "notice"
    title = "Several common programs use this port"
    example = "127.0.0.1:5000"
    describes = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where a use is contested, on the probed machine's system if there is one."""
        port, machine = port_of(subject), machine_of(subject)
        if port is None or not port.number:
            return None
        uses = [
            use
            for use in port.uses
            if use.contested
            and (machine is None or not use.systems or machine.system in use.systems)
        ]
        if not uses:
            return None
        names = joined([named(use) for use in uses])
        many = "the default of several programs" if len(uses) > 1 else "often taken already"
        text = f"Port {port.number} is {many}: {names}."
        who = commands.who_listens(port.number)
        return Match(text, commands.for_machine(subject.probe, who))
