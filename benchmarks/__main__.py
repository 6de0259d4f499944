"""Print the tables: ``python -m benchmarks [--quick] [NAME...]``."""

from __future__ import annotations

import argparse
import compileall
import importlib
import os
import platform
import sys
from datetime import datetime, timezone

from benchmarks import measure
from benchmarks.tools import ROOT

NAMES = {
    "start": "one question, from the start of the process to its exit",
    "classification": "texts per second, and linear growth",
    "scenarios": "every situation: findings, and what other tools say of it",
    "large": "one diagnosis and the list of listeners, among 1 and 10,000",
    "scan": "all 65,535 ports, and no false open",
    "identification": "what real servers are taken for, and how soon",
    "site": "seconds of a build, Lighthouse, bytes of a first visit beside the stock theme",
    "page": "the box: time to the first live answer, beside other Pythons in a page",
    "paste": "1,000 lines pasted into the box: the answer, beside the same call in CPython",
    "soak": "20,000 diagnoses in ten minutes; only where it is named",
}
GROUPS = {"speed": ("large", "scan", "identification")}


def main() -> int:
    """Print what was asked for; everything but the soak, where nothing was."""
    epilog = "\n".join(f"  {name:<16}{what}" for name, what in NAMES.items())
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", epilog=f"names:\n{epilog}\n  speed           large, scan and"
        " identification", formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--quick", action="store_true", help="fewer runs, a first impression")
    parser.add_argument("names", nargs="*", metavar="NAME", help="which; all but soak if none")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in NAMES and name not in GROUPS]
    if unknown:
        parser.error(f"{unknown[0]!r} is no benchmark; expected one of {', '.join(NAMES)}")
    os.chdir(ROOT)
    compileall.compile_dir("checks", quiet=1)  # as an installation does
    wanted = options.names or [name for name in NAMES if name != "soak"]
    wanted = [one for name in wanted for one in GROUPS.get(name, (name,))]
    print(
        f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC,"
        f" {platform.python_implementation()} {platform.python_version()},"
        f" {platform.system()} {platform.release()}, {os.cpu_count()} cores,"
        f" load {os.getloadavg()[0]:.1f},"
        f" {measure.runs(quick=options.quick)} runs of what is short\n"
    )
    failed = 0
    for name in wanted:
        result = importlib.import_module(f"benchmarks.{name}").main(quick=options.quick)
        failed |= bool(result)
        print(f"\n(load {os.getloadavg()[0]:.1f})\n", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
