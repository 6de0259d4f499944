"""checks wait: until something answers, or no longer does; then run a command."""

from __future__ import annotations

import os
import signal
import socket
import sys
from errno import ENOENT
from math import inf
from time import monotonic, sleep

from checks import classify, findings
from checks.cli import answers, program, terminal
from checks.cli.parser import Parser, add_activate, add_output, seconds
from checks.model.exits import NOT_FOUND, NOT_RUN, OK, TIMED_OUT, USAGE
from checks.model.records import NamedTuple
from checks.model.words import SCHEMA
from checks.probe import machine
from checks.probe import wait as probe
from checks.report import plain
from checks.report.clean import line as clean
from checks.rules import protocols
from checks.text import unix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import NoReturn

    from checks.probe.unix.wait import UnixWatch
    from checks.probe.wait import Look, Wanted
    from checks.text import Classification
    from checks.text.endpoint import Endpoint

    Watch = probe.Watch | UnixWatch

DESCRIPTION = """\
Wait until TARGET is open, or until what --for says. Then run COMMAND if one is
given. On a terminal it shows what it is waiting for.
"""

EPILOG = """\
--for open     a program accepts a connection (the default); for a name, only
               the addresses count to which this system resolves it
      closed   every address refuses
      http     the server answers an HTTP request, with any status
               (the default where TARGET is an http or https URL)
      tls      a TLS handshake succeeds; the certificate is not verified
      NAME     this protocol is recognised: postgresql, redis, ssh, ...
               Only this one is tried.

If a server accepts and sends nothing, the connection stays open until it does.
If it ends connections, the next attempt follows after 0.1 to 2 s.

examples:
  python3 -m checks wait localhost:5432 --for postgresql -- ./migrate
  python3 -m checks wait http://127.0.0.1:8080/health --timeout 60
  python3 -m checks wait 3000 --for closed
  python3 -m checks wait unix:/run/app.sock --for http

exit codes: 0 done · 124 timed out · 2 usage · with a COMMAND its exit code, 127
if it is not found, 126 if it cannot be run
"""

TIMEOUT = 30.0
FIRST_PAUSE, LONGEST_PAUSE, GROWTH = 0.02, 0.5, 1.5
"""Seconds between two looks: at first, at most, and by how much they grow."""

FIRST_APART, LONGEST_APART = 0.1, 2.0
"""The same where a connection came about and ended: each look is one more then."""

_ONE_LOOK = 1.0  # seconds that one connection may take
_SHORT_LOOK = 0.25  # seconds in which a peer may fail to say what it is: an earlier look knows more


class Options(NamedTuple):
    """The arguments, by the names that the parser gives them, and the command behind ``--``."""

    target: str
    format: str
    quiet: bool
    no_color: bool
    condition: str | None
    timeout: float
    remote: bool
    activate: bool
    command: tuple[str, ...]


def parser() -> Parser:
    """Return the parser of the arguments."""
    made = Parser("wait", "[OPTION...] TARGET [-- COMMAND...]", DESCRIPTION, EPILOG)
    made.add_argument("target", metavar="TARGET", help="host:port, a URL, a port or unix:PATH")
    add_output(made, "one JSON object at the end")
    made.add_argument(
        "--for",
        dest="condition",
        metavar="WHAT",
        type=str.lower,
        help="open, closed, http, tls or a protocol's name",
    )
    made.add_argument(
        "--timeout",
        type=seconds(0, 86400),
        default=TIMEOUT,
        metavar="S",
        help=f"seconds to wait at most (default {TIMEOUT:g}; 0 for ever)",
    )
    made.add_argument(
        "--remote", action="store_true", help="also an address that is not this machine's"
    )
    add_activate(made)
    return made


def read(argv: Sequence[str]) -> Options:
    """Read the arguments before ``--``; what is behind it is the command."""
    at = argv.index("--") if "--" in argv else len(argv)
    return Options(**parser().read(argv[:at]), command=tuple(argv[at + 1 :]))


def run(options: Options) -> int:
    """Wait, say how it ended, and become the command."""
    found = _read(options.target)
    problem = _problem(found) or _unknown(options.condition)
    if problem:
        terminal.complain(problem)
        return USAGE
    wanted = _wanted(found, options.condition)
    began = monotonic()
    last = _wait(found, wanted, options)
    taken = monotonic() - began
    if last.elsewhere:
        name = terminal.quote(options.target)
        terminal.complain(f"{name} is not this machine; --remote waits for other machines")
        return USAGE
    _tell(found, wanted, last, taken, options)
    if not last.held:
        return TIMED_OUT
    if options.command:
        _become(options.command)
    return OK


def _read(target: str) -> Classification:
    """The target as it was typed; a path and ``@name`` are Unix sockets, whatever their name."""
    found = classify(target)
    path = unix.read_name(target) or (target if target[:1] == "/" else None)
    if found.endpoints or found.errors or path is None:
        return found
    return found._replace(kind="unix", endpoints=(unix.endpoint(target, 0, path),))


def _problem(found: Classification) -> str | None:
    """Why the target cannot be waited for; None where it can."""
    text = terminal.quote(found.input)
    if len(found.endpoints) != 1:
        return f"{text} is not one endpoint; expected one such as 127.0.0.1:5432"
    endpoint = found.endpoints[0]
    if endpoint.path is not None:
        return None if hasattr(socket, "AF_UNIX") else f"{text}: this Python has no Unix sockets"
    if endpoint.host is not None and endpoint.host.kind == "invalid":
        return f"{text} has neither an address nor a name as its host"
    if endpoint.port is None or not endpoint.port.number:
        return f"{text} has no port to wait for; expected one such as 127.0.0.1:5432"
    return None


def _unknown(condition: str | None) -> str | None:
    if condition is None or condition in (probe.OPEN, probe.CLOSED, probe.HTTP, probe.TLS):
        return None
    if not condition.replace("-", "").replace("/", "").isalnum():
        return f"{terminal.quote(condition)} is no protocol's name"
    if condition in protocols.BY_NAME:
        return None
    known = ", ".join(sorted(protocols.BY_NAME.keys() - {probe.HTTP, probe.TLS}))
    meant = protocols.similar(condition)
    hint = f" Did you mean {meant}?" if meant else ""
    return (
        f"{terminal.quote(condition)} is none of open, closed, http, tls and the protocols"
        f" that are recognised: {known}.{hint}"
    )


def _wanted(found: Classification, condition: str | None) -> Wanted:
    """The condition, with what a URL adds to it."""
    scheme = found.endpoints[0].scheme
    web = scheme in ("http", "https")
    condition = condition or (probe.HTTP if web else probe.OPEN)
    path = _path(found.endpoints[0].text) if web else "/"
    return probe.Wanted(condition, path, scheme == "https")


def _path(url: str) -> str:
    """Path and query of a URL, with escapes where a request line needs them (RFC 9112 §3)."""
    rest = url.partition("://")[2].partition("#")[0]
    at = min((rest.find(mark) for mark in "/?" if mark in rest), default=len(rest))
    path = "".join(map(_escaped, rest[at:]))
    return path if path.startswith("/") else f"/{path}"


def _escaped(character: str) -> str:
    """A character of a path as a browser sends it: UTF-8, and escapes beyond printable ASCII."""
    if "!" <= character <= "~" and character not in '"<>`':
        return character
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "replace"))


def _wait(found: Classification, wanted: Wanted, options: Options) -> Look:
    """Look until it holds or the time is up."""
    watch = _watch(found.endpoints[0], wanted, options)
    try:
        with terminal.Progress(quiet=options.quiet or options.format == "json") as progress:
            return _last_look(watch, _Time(options.timeout), _Note(found, wanted, progress))
    finally:
        watch.close()


def _watch(endpoint: Endpoint, wanted: Wanted, options: Options) -> Watch:
    """What is looked at: a port, or a Unix socket."""
    facts = machine.facts()
    if endpoint.path is not None:
        from checks.probe.unix.wait import UnixWatch  # noqa: PLC0415 - for a Unix socket only

        return UnixWatch(endpoint.path, wanted, facts, activate=options.activate)
    return probe.Watch(endpoint, wanted, facts, remote=options.remote, activate=options.activate)


def _last_look(watch: Watch, time: _Time, note: Callable[[Look, float], None]) -> Look:
    """The look at which it held; else the last one that had time to see why it does not."""
    pauses = _Pauses()
    before: Look | None = None
    while True:
        patience = time.patience()
        last = watch.look(patience)
        if last.held or last.elsewhere:
            return last
        if time.left() <= 0:
            return before if before and patience < _SHORT_LOOK else last
        before = last
        note(last, time.taken())
        sleep(min(pauses.after(last), max(time.left(), 0)))


class _Time:
    """The time that a wait has.

    Arguments:
        seconds: from now on; 0 for ever.
    """

    def __init__(self, seconds: float) -> None:
        self.began = monotonic()
        self.deadline = self.began + (seconds or inf)

    def taken(self) -> float:
        """Seconds so far."""
        return monotonic() - self.began

    def left(self) -> float:
        """Seconds until the time is up."""
        return self.deadline - monotonic()

    def patience(self) -> float:
        """Seconds that the next look may take; the last one has a moment at least."""
        return min(_ONE_LOOK, max(self.left(), 0.01))


class _Note:
    """Says on a terminal why it is still waiting: each cause once, whole, and a line that counts.

    Arguments:
        found: the target.
        wanted: the condition.
        progress: the line.
    """

    def __init__(self, found: Classification, wanted: Wanted, progress: terminal.Progress) -> None:
        self.found = found
        self.name = clean(found.input, 40)
        self.condition = wanted.condition
        self.progress = progress
        self.said = ""

    def __call__(self, last: Look, taken: float) -> None:
        if not self.progress.on:
            return
        why = _why(self.found, last)
        if why != self.said:
            self.progress.note(why)
            self.said = why
        self.progress.say(f"waiting for {self.name} ({self.condition}), {taken:.0f} s")


class _Pauses:
    """How long to wait before the next look: longer each time, and longest for a server that
    ends connections, as it has to take another.
    """

    def __init__(self) -> None:
        self.plain = FIRST_PAUSE
        self.apart = FIRST_APART

    def after(self, look: Look) -> float:
        """Seconds after a look; none where it goes on with a connection that is open."""
        if look.waits:
            return 0.0
        if look.ended:
            pause = self.apart
            self.apart = min(pause * GROWTH, LONGEST_APART)
            return pause
        pause = self.plain
        self.plain = min(pause * GROWTH, LONGEST_PAUSE)
        return pause


def _why(found: Classification, last: Look) -> str:
    """Why it does not hold: what the peer does, else what a diagnosis would say."""
    return clean(last.why or findings.verdict(found, {0: last.probe}), 300)


def _tell(
    found: Classification, wanted: Wanted, last: Look, taken: float, options: Options
) -> None:
    """Say how it ended; before a command only what went wrong is said."""
    if options.quiet:
        return
    if options.format == "json":
        print(answers.json_line(_document(found, wanted, last, taken)), flush=True)
    elif not last.held:
        why = _why(found, last)
        terminal.complain(f"gave up after {taken:.1f} s waiting for {wanted.condition}: {why}")
    elif not options.command:
        why = _why(found, last)
        print(f"{wanted.condition} after {taken:.1f} s: {why}", flush=True)


def _document(found: Classification, wanted: Wanted, last: Look, taken: float) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "input": found.input,
        "for": wanted.condition,
        "held": last.held,
        "seconds": round(taken, 3),
        "why": None if last.held and not last.why else _why(found, last),
        "verdict": findings.verdict(found, {0: last.probe}),
        "probe": plain(last.probe),
    }


def _become(command: Sequence[str]) -> NoReturn:
    """Run the command in this process' place, so that signals reach it; never returns."""
    sys.stdout.flush()
    sys.stderr.flush()
    try:
        if not command[0]:  # exec would raise ValueError
            raise FileNotFoundError(ENOENT, os.strerror(ENOENT))
        if program.system() == "windows":  # exec there returns to the shell at once
            import subprocess  # noqa: PLC0415 - Windows only

            sys.exit(subprocess.call(list(command)))  # noqa: S603 - the command that was typed
        _restore_signals()
        os.execvp(command[0], list(command))  # noqa: S606 - the command that was typed
    except OSError as error:
        name = terminal.quote(command[0])
        terminal.complain(f"{name} cannot be run: {error.strerror or error}")
        sys.exit(NOT_FOUND if isinstance(error, FileNotFoundError) else NOT_RUN)


def _restore_signals() -> None:
    """Python ignores these, and what is ignored stays so across exec."""
    for name in ("SIGPIPE", "SIGXFSZ"):
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, signal.SIG_DFL)
