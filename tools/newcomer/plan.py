"""What a newcomer types, who types it, and what must come of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from tools.newcomer.system import Done

_FIRST = (
    "tests/cli/test_cli.py tests/probe/sockets/test_table.py tests/probe/identify/test_servers.py"
    " tests/mkdocs_pyodide/test_client.py"
)
"""Sockets, every server and Node: a program that the set-up forgot is missing here first."""
_SERVER = "python3 -u -m http.server 62893 --bind 127.0.0.1"
_CHECKS = "python3 -m checks 127.0.0.1:62893"


@dataclass(frozen=True)
class Step:
    """One command and its outcome.

    Arguments:
        command: for sh, in the clone.
        name: how it is printed; the command where empty.
        codes: exit codes that are right.
        says: a pattern that its output has.
        most: lines that its output may have, beside make's own; None for any number.
        network: the host's is needed for downloads. Where it is not, the port
            is the step's own: whatever else this machine runs does not meet it.
        variables: of its environment.
        minutes: after which it has failed.
    """

    command: str
    name: str = ""
    codes: Collection[int] = (0,)
    says: str = ""
    most: int | None = None
    network: bool = True
    variables: Mapping[str, str] = field(default_factory=dict)
    minutes: float = 15

    def fault(self, done: Done) -> str:
        """What is wrong with an outcome, or nothing."""
        if done.code not in self.codes:
            return "out of time" if done.code is None else f"exit code {done.code}"
        if not re.search(self.says, done.output, re.MULTILINE):
            return f"does not say {self.says!r}"
        lines = [line for line in done.output.splitlines() if not line.startswith("make: ***")]
        if self.most is not None and len(lines) > self.most:
            return f"{len(lines)} lines, where {self.most} are enough"
        return ""


_TELL_FREE = Step(_CHECKS, codes=[1], says=r"127\.0\.0\.1:62893", network=False, minutes=2)
_TELL_SERVED = Step(
    f"{_SERVER} >/tmp/served & server=$!; until grep -q Serving /tmp/served; do sleep 0.1; done;"
    f" {_CHECKS}; code=$?; kill $server; exit $code",
    name=f"{_CHECKS} (http.server)", says=r"python3 \(pid \d+\)", network=False, minutes=2,
)  # fmt: skip
_HELP = Step("make", says=r"^  make serve +\S", most=20)
_CHECK = Step("make check", says=r"^Success: no issues found")
_QUICK = Step("make quick", says=r" passed")
_SITE = Step("make site")
_SERVE = Step("python3 tools/newcomer/serving.py make serve", "make serve, Ctrl-C", network=False)
_FIRST_TESTS = Step(f"make test PYTEST_ARGS='{_FIRST}'", "make test (first tests)", minutes=30)
_TESTS = Step("make test", minutes=60)
_REFUSED = Step(
    "make test", "make test (says what is missing)", codes=[2], most=1,
    says=r"^setup-system: missing: \d+ packages .*run as root: .*tools/setup-system",
)  # fmt: skip
_IN_CI: Mapping[str, str] = {"CI": "true"}
"""Where everything can be installed no test may be skipped."""


def _certain(step: Step) -> Step:
    """A step in which a test that lacks something fails."""
    return replace(step, variables=_IN_CI)


FIRST_LOOK = (_TELL_FREE, _TELL_SERVED, _HELP)
SHORT = (
    ("newcomer", (*FIRST_LOOK, _REFUSED, _CHECK)),
    ("root", (*FIRST_LOOK, _certain(_FIRST_TESTS))),
)
"""Who does what, in this order, in one tree: nothing is installed for the first."""
WHOLE = (
    ("newcomer", (*FIRST_LOOK, _REFUSED, _CHECK, _QUICK, _SITE, _SERVE)),
    ("root", (*FIRST_LOOK, _CHECK, _SITE, _SERVE, _certain(_TESTS))),
    ("newcomer", (*FIRST_LOOK, _CHECK, _SITE, _SERVE, _TESTS)),
)
"""The same with the site and every test; at the end without rights where root has installed all."""
