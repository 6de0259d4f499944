"""Print one line a step: ``python3 -m tools.newcomer [--short] [SUITE...]``."""

from __future__ import annotations

import argparse
import os
import re
import signal
import sys
import time
from types import FrameType

from tools.newcomer import plan, system
from tools.newcomer.system import CACHE, ROOT, System, UnableError

if sys.platform == "win32":
    raise ImportError("minimal Debian systems need Linux")

LOGS = CACHE / "logs"
TAIL = 30
"""Lines of a failed step's log that are printed."""


def main(argv: list[str] | None = None) -> int:
    """Run the plan in each system; exit code 0 all passed, 1 not, 2 cannot run here."""
    parser = argparse.ArgumentParser("python3 -m tools.newcomer", description=__doc__)
    parser.add_argument("--short", action="store_true", help="set-up, make check, first tests")
    parser.add_argument("--keep", action="store_true", help="leave the trees, to look at them")
    parser.add_argument(
        "suites", nargs="*", metavar="SUITE", help=f"default: {' '.join(system.SUITES)}"
    )
    options = parser.parse_args(argv)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        system.require()
        # Each system in turn, and all of them even if one fails.
        passed = [
            _visit(suite, short=options.short, keep=options.keep)
            for suite in options.suites or system.SUITES
        ]
    except UnableError as error:
        print(f"newcomer: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("newcomer: interrupted", file=sys.stderr)
        return 130
    finally:
        _give_back()
    return 0 if all(passed) else 1


def _interrupt(number: int, frame: FrameType | None) -> None:
    """End as Ctrl-C does, so that what was made is removed."""
    raise KeyboardInterrupt


def _visit(suite: str, *, short: bool, keep: bool) -> bool:
    """Make one system, do the plan in it, remove it; whether all steps passed."""
    LOGS.mkdir(parents=True, exist_ok=True)
    for old in LOGS.glob(f"{suite}-*"):
        old.unlink()
    one = System(suite)
    start = time.monotonic()
    try:
        archive = system.make_base(suite, LOGS / f"{suite}-base.log")
        one.unpack(archive, LOGS / f"{suite}-unpack.log")
        _tell(suite, "", "minimal system", time.monotonic() - start, "")
        # Where one user fails the next is still worth knowing.
        passed = [
            _follow(one, number, user, steps)
            for number, (user, steps) in enumerate(plan.SHORT if short else plan.WHOLE, 1)
        ]
    finally:
        if not keep:
            system.remove(one.folder)
    return all(passed)


def _follow(one: System, number: int, user: str, steps: tuple[plan.Step, ...]) -> bool:
    """What one user does, until something fails."""
    one.clone(user, LOGS / f"{one.suite}-{number}-clone.log")
    return all(_take(one, number, user, step) for step in steps)


def _take(one: System, number: int, user: str, step: plan.Step) -> bool:
    """One step, its line, and where it failed the end of its log."""
    name = step.name or step.command
    log = LOGS / f"{one.suite}-{number}-{user}-{re.sub(r'[^a-z0-9]+', '-', name.lower())}.log"
    done = one.run(
        user, step.command, log, timeout=step.minutes * 60, network=step.network,
        variables=step.variables,
    )  # fmt: skip
    fault = step.fault(done)
    _tell(one.suite, user, name, done.seconds, fault)
    if fault:
        lines = done.output.splitlines()[-TAIL:]
        print("\n".join(f"    {line}" for line in lines), f"    the whole of it: {log}", sep="\n")
    return not fault


def _tell(suite: str, user: str, name: str, seconds: float, fault: str) -> None:
    """One line: where, who, what, how long, and how it went."""
    outcome = f"FAIL: {fault}" if fault else "PASS"
    print(f"{suite:<9} {user:<9} {name:<48} {seconds:>5.0f} s  {outcome}", flush=True)


def _give_back() -> None:
    """Under sudo the cache belongs to whose tree it is in, who can then remove it."""
    owner = ROOT.stat()
    if owner.st_uid != os.geteuid() == 0 and CACHE.is_relative_to(ROOT) and CACHE.exists():
        system.own(CACHE.parent, owner.st_uid, owner.st_gid)


if __name__ == "__main__":
    sys.exit(main())
