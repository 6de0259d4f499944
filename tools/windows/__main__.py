"""Run the tests under Windows' Python, or that Python: ``python3 -m tools.windows [ARGUMENT...]``.

Without arguments it runs the tests; with some it is Python: ``-m checks 127.0.0.1:62893``.
"""

from __future__ import annotations

import sys

from tools.windows import python

if sys.platform == "win32":
    raise ImportError("this is Windows already")

DIAGNOSES = "tests/windows"
PURE = (
    "tests/model tests/address tests/ports tests/text tests/rules tests/findings tests/causes"
    " tests/report tests/test_page.py"
).split()
LONG = (
    "tests/address/test_readings.py",
    "tests/address/test_readings_differential.py",
    "tests/address/test_uts46.py",
    "tests/causes/test_connect_commands.py",
    "tests/causes/test_rules.py",
    "tests/findings/test_judge.py::test_any_evidence_is_judged",
    "tests/report/test_hostile_reports.py",
    "tests/report/test_listeners.py",
    "tests/text/test_paste.py",
)
"""Tests of the pure half that take half of its time; nothing in them depends on the system."""
TIMED = (
    "tests/text/test_banners.py::test_time_grows_with_the_text_only",
    "tests/text/test_coloured.py::test_the_time_is_linear",
)
"""Tests that compare times of milliseconds: the clock of a process ticks each 15 there."""
TIMEOUT = 1800.0
_PYTEST = (
    "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not machine",
    "-n", "logical", "--dist", "worksteal",
)  # fmt: skip


def main(arguments: list[str]) -> int:
    """Make Python, and run what is asked for.

    Returns:
        the exit code of the run; 2 where Windows' Python cannot be had.
    """
    try:
        made = python.make()
    except python.UnableError as error:
        print(f"windows: {error}", file=sys.stderr)
        return 2
    if made:
        print(f"windows: made {python.CACHE} in {made:.0f} s", flush=True)
    try:
        return python.run(arguments, {}, TIMEOUT) if arguments else _test()
    finally:
        python.end()


def _test() -> int:
    """The tests; what they need of Linux is skipped, and pytest says so at the end."""
    left_out = [f"--deselect={name}" for name in (*LONG, *TIMED)]
    variables = {"PYTHONIOENCODING": "utf-8", "CI": None}
    return python.run([*_PYTEST, *left_out, DIAGNOSES, *PURE], variables, TIMEOUT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
