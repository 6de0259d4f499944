"""checks wait: until something answers, or no longer does; then run a command."""

from __future__ import annotations

import os
import sys
from errno import ENOENT
from time import monotonic, sleep

from checks import classify, findings
from checks.cli import commands, terminal
from checks.cli.parser import add_activate, add_output
from checks.model.contract import SCHEMA
from checks.probe import machine
from checks.probe import wait as probe
from checks.report.clean import line as clean
from checks.rules import protocols

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from typing import NoReturn

    from checks.probe.wait import Look, Wanted
    from checks.text import Classification

DESCRIPTION = """\
Wait until TARGET is open (or what --for says), then run COMMAND, if one is
given. On a terminal it says why it is still waiting.
"""

EPILOG = """\
--for open     a program accepts a TCP connection (the default); of a name only
               the addresses count that this system gives for it
      closed   every address refuses
      http     a request is answered by HTTP, whatever the status
               (the default where TARGET is an http or https URL)
      tls      a TLS handshake is completed; the certificate is not verified
      NAME     the protocol that is recognised: postgresql, redis, ssh, ...
               Only this one is asked for.

A server that accepts and says nothing is asked once: the connection stays open
until it answers. One that ends connections is asked again after 0.1 to 2 s.

examples:
  python3 -m checks wait localhost:5432 --for postgresql -- ./migrate
  python3 -m checks wait http://127.0.0.1:8080/health --timeout 60
  python3 -m checks wait 3000 --for closed

exit codes: 0 it held · 124 it did not in time · 2 usage · with a COMMAND its
own, 127 where it is not found, 126 where it cannot be run
"""

TIMEOUT = 30.0
FIRST_PAUSE, LONGEST_PAUSE, GROWTH = 0.02, 0.5, 1.5
"""Seconds between two looks: at first, at most, and by how much they grow."""

FIRST_APART, LONGEST_APART = 0.1, 2.0
"""The same where a connection came about and ended: each look is one more then."""

_ONE_LOOK = 1.0  # seconds that one connection may take
_SHORT_LOOK = 0.25  # seconds in which a peer may fail to say what it is: an earlier look knows more
_NOT_FOUND, _NOT_RUN = 127, 126  # as shells have it: POSIX.1-2024, 2.8.2


def split(argv: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the arguments before ``--`` and the command after it."""
    arguments = list(argv)
    if "--" not in arguments:
        return arguments, []
    at = arguments.index("--")
    return arguments[:at], arguments[at + 1 :]


def parser() -> argparse.ArgumentParser:
    """Return the parser of the arguments."""
    made = commands.new_parser("wait", "[OPTION...] TARGET [-- COMMAND...]", DESCRIPTION, EPILOG)
    made.add_argument("target", metavar="TARGET", help="host:port, a URL or a port")
    add_output(made, "at the end")
    made.add_argument(
        "--for",
        dest="condition",
        metavar="WHAT",
        type=str.lower,
        help="open, closed, http, tls or a protocol's name",
    )
    made.add_argument(
        "--timeout",
        type=commands.seconds(0, 86400),
        default=TIMEOUT,
        metavar="S",
        help=f"seconds to wait at most (default {TIMEOUT:g}; 0 for ever)",
    )
    made.add_argument(
        "--remote", action="store_true", help="also an address that is not this machine's"
    )
    add_activate(made)
    made.set_defaults(rest=[])
    return made


def run(options: argparse.Namespace) -> int:
    """Wait, say how it ended, and become the command."""
    found = classify(options.target)
    problem = _problem(found) or _unknown(options.condition)
    if problem:
        commands.complain(problem)
        return commands.USAGE
    wanted = _wanted(found, options.condition)
    began = monotonic()
    last = _wait(found, wanted, options)
    seconds = monotonic() - began
    if last.elsewhere:
        name = terminal.quote(options.target)
        commands.complain(f"{name} is not this machine; --remote waits for other machines")
        return commands.USAGE
    _tell(found, wanted, last, seconds, options)
    if not last.held:
        return commands.TIMED_OUT
    if options.rest:
        _become(options.rest)
    return commands.OK


def _problem(found: Classification) -> str | None:
    """Why the target cannot be waited for; None where it can."""
    text = terminal.quote(found.input)
    if len(found.endpoints) != 1:
        return f"{text} is not one endpoint; expected one such as 127.0.0.1:5432"
    endpoint = found.endpoints[0]
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
    """Path and query of a URL; "/" where they hold what no request line may (RFC 9112 §3)."""
    rest = url.partition("://")[2].partition("#")[0]
    at = min((rest.find(mark) for mark in "/?" if mark in rest), default=len(rest))
    path = rest[at:]
    if not path.isascii() or not path.isprintable() or " " in path:
        return "/"
    return path if path.startswith("/") else f"/{path}"


def _wait(found: Classification, wanted: Wanted, options: argparse.Namespace) -> Look:
    """Look until it holds or the time is up; return the last look that had time to see why."""
    began = monotonic()
    deadline = began + options.timeout if options.timeout else None
    watch = probe.Watch(
        found.endpoints[0],
        wanted,
        machine.facts(),
        remote=options.remote,
        activate=options.activate,
    )
    pauses, said = _Pauses(), ""
    before: Look | None = None
    name = clean(found.input, 40)
    try:
        with commands.Progress(quiet=options.quiet or options.json) as progress:
            while True:
                left = _ONE_LOOK if deadline is None else deadline - monotonic()
                patience = min(_ONE_LOOK, max(left, 0.01))
                last = watch.look(patience)
                if last.held or last.elsewhere:
                    return last
                now = monotonic()
                if deadline is not None and now >= deadline:
                    return before if before and patience < _SHORT_LOOK else last
                before = last
                why = _why(found, last)
                if why != said:  # each cause once, whole; the line below it counts
                    progress.note(why)
                    said = why
                progress.say(f"waiting for {name} ({wanted.condition}), {now - began:.0f} s")
                pause = pauses.after(last)
                sleep(pause if deadline is None else min(pause, max(deadline - now, 0)))
    finally:
        watch.close()


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
    found: Classification, wanted: Wanted, last: Look, seconds: float, options: argparse.Namespace
) -> None:
    """Say how it ended; before a command only what went wrong is said."""
    if options.quiet:
        return
    why = _why(found, last)
    if options.json:
        from checks.report import json, plain  # noqa: PLC0415 - only here

        document = {
            "schema": SCHEMA,
            "input": found.input,
            "for": wanted.condition,
            "held": last.held,
            "seconds": round(seconds, 3),
            "why": None if last.held and not last.why else why,
            "verdict": findings.verdict(found, {0: last.probe}),
            "probe": plain(last.probe),
        }
        print(json.line(document), flush=True)
    elif not last.held:
        commands.complain(f"gave up after {seconds:.1f} s waiting for {wanted.condition}: {why}")
    elif not options.rest:
        print(f"{wanted.condition} after {seconds:.1f} s: {why}", flush=True)


def _become(command: Sequence[str]) -> NoReturn:
    """Run the command in this process' place, so that signals reach it; never returns."""
    sys.stdout.flush()
    sys.stderr.flush()
    try:
        if not command[0]:  # exec would raise ValueError
            raise FileNotFoundError(ENOENT, os.strerror(ENOENT))
        if sys.platform == "win32":  # exec there returns to the shell at once
            import subprocess  # noqa: PLC0415 - Windows only

            sys.exit(subprocess.call(list(command)))  # noqa: S603 - the command that was typed
        _restore_signals()
        os.execvp(command[0], list(command))  # noqa: S606 - the command that was typed
    except OSError as error:
        name = terminal.quote(command[0])
        commands.complain(f"{name} cannot be run: {error.strerror or error}")
        sys.exit(_NOT_FOUND if isinstance(error, FileNotFoundError) else _NOT_RUN)


def _restore_signals() -> None:
    """Python ignores these, and what is ignored stays so across exec."""
    import signal  # noqa: PLC0415 - not before

    for name in ("SIGPIPE", "SIGXFSZ"):
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, signal.SIG_DFL)
