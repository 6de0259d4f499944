"""One test for a whole table: pytest's own work for an item is paid once, and each case is told.

An item of pytest takes some four milliseconds among three workers, which all collect it. A table
of hundreds of cases that take less than that each is one test, by :func:`each` in the place of
``pytest.mark.parametrize``. It goes through all cases and names every one that fails.
"""

from __future__ import annotations

import functools
import inspect
import traceback
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest

Test = Callable[..., None]
Ids = Callable[[Any], object] | Sequence[object] | None

SHOWN = 10
"""So many cases are told with what is wrong in them; of the rest the names."""
LONGEST = 60
"""Characters of a case's name."""


def each(
    names: str | Sequence[str],
    values: Iterable[Any] | Callable[[], Iterable[Any]],
    ids: Ids = None,
) -> Callable[[Test], Test]:
    """Have one test go through all cases, in the place of an item for each.

    What the test has beside them, such as a fixture, all of them share: use it where they leave
    nothing in it.

    Arguments:
        names: of the test's arguments, as ``pytest.mark.parametrize`` takes them.
        values: the cases; or a function that makes them when the test begins, so that what takes
            long is not made by each worker that only collects it.
        ids: how to name a value of a case, or a name for each case; without it they are shown.

    Returns:
        a decorator. Its test raises AssertionError with all cases that failed, and one where
        there is none.
    """
    named = [name.strip() for name in names.split(",")] if isinstance(names, str) else [*names]

    def decorate(test: Test) -> Test:
        @functools.wraps(test)
        def whole(*given: Any, **fixtures: Any) -> None:
            made = [*(values() if callable(values) else values)]
            assert made, "there is no case"
            failed = []
            for at, value in enumerate(made):
                case = dict(zip(named, (value,) if len(named) == 1 else value, strict=True))
                try:
                    test(*given, **fixtures, **case)
                except (Exception, pytest.fail.Exception) as error:
                    failed.append((_name(ids, at, case), error))
            if failed:
                raise AssertionError(_told(failed, len(made))) from failed[0][1]

        signature = inspect.signature(test)
        kept = [one for name, one in signature.parameters.items() if name not in named]
        assert len(signature.parameters) - len(kept) == len(named), "an argument is missing"
        whole.__signature__ = signature.replace(parameters=kept)  # type: ignore[attr-defined]
        return whole

    return decorate


def _name(ids: Ids, at: int, case: dict[str, Any]) -> str:
    """What a case is called."""
    if ids is None:
        said = ", ".join(map(ascii, case.values()))
    else:
        said = "-".join(str(ids(one)) for one in case.values()) if callable(ids) else str(ids[at])
    return said if len(said) <= LONGEST else f"{said[:LONGEST]}..."


def _told(failed: Sequence[tuple[str, BaseException]], of: int) -> str:
    """The cases that failed, and why."""
    lines = [f"{len(failed)} of {of} cases:"]
    for name, error in failed[:SHOWN]:
        *_, place = traceback.extract_tb(error.__traceback__)
        why = "".join(traceback.format_exception_only(type(error), error)).strip()
        lines.append(f"- {name} (line {place.lineno}): {why}")
    lines += [f"- {name}" for name, _ in failed[SHOWN:]]
    return "\n".join(lines)
