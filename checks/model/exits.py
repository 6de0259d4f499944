"""The exit codes of the program; a format for a monitor may have its own."""

from __future__ import annotations

OK = 0
"""Nothing is wrong."""
WRONG = 1
"""A finding of severity error, or what was asked for cannot be had."""
USAGE = 2
"""The arguments could not be understood."""
FAILED = 3
"""A fault of the program, of reading or of writing, or what was asked for could not be seen."""
TIMED_OUT = 124
"""A wait ended without an answer, as timeout(1) of GNU coreutils says it."""
NOT_RUN = 126
"""The command to run was found and cannot be run, as shells say it (POSIX.1-2024, XCU §2.8.2)."""
NOT_FOUND = 127
"""The command to run was not found; the source is the same."""
INTERRUPTED = 130
"""128 + SIGINT, as shells count."""
