"""The records are named tuples as typing makes them, without importing typing."""

from __future__ import annotations

import ast
import copy
import pickle
import typing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cases import each

from checks.model.evidence import Attempt
from checks.model.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

PACKAGE = Path(__file__).parent.parent.parent / "checks"


class Ours(NamedTuple):
    """A record of this package."""

    first: int
    second: str = "x"

    @property
    def both(self) -> str:
        """Methods stay."""
        return f"{self.first}{self.second}"


class Theirs(typing.NamedTuple):
    """The same as typing makes it."""

    first: int
    second: str = "x"

    @property
    def both(self) -> str:
        """Methods stay."""
        return f"{self.first}{self.second}"


def test_a_record_is_what_typing_would_make() -> None:
    """Fields, defaults, methods, docstring, equality and order are the same."""
    assert Ours._fields == Theirs._fields
    assert Ours._field_defaults == Theirs._field_defaults
    assert Ours.__module__ == Theirs.__module__
    assert Ours.__doc__ == "A record of this package."
    assert tuple(Ours(1)) == tuple(Theirs(1))
    assert Ours(1, "y").both == Theirs(1, "y").both
    assert Ours(1)._asdict() == Theirs(1)._asdict()
    assert Ours(1)._replace(second="z") == Ours(1, "z")
    assert repr(Ours(1)) == "Ours(first=1, second='x')"


@pytest.mark.parametrize(
    "make",
    [
        lambda kind: kind(),
        lambda kind: kind(1, "x", 3),
        lambda kind: kind(1, third=3),
        lambda kind: kind(1, first=1),
        lambda kind: kind(1)._replace(third=3),
        lambda kind: kind._make([]),
        lambda kind: kind(1)[2],
        lambda kind: setattr(kind(1), "third", 3),
    ],
)
def test_what_typing_refuses_a_record_refuses(make: Callable[[Any], object]) -> None:
    """Too few, too many and unknown arguments, and fields that are not there."""
    with pytest.raises(Exception) as theirs:  # noqa: PT011 - which one is the question
        make(Theirs)
    expected = (TypeError, ValueError) if theirs.type is ValueError else theirs.type
    with pytest.raises(expected):
        make(Ours)


def test_a_record_is_a_tuple_to_the_language() -> None:
    """It is taken apart, matched by place, hashed and made again of its values."""
    first, second = Ours(1, "y")
    assert (first, second) == (1, "y")
    assert Ours._make([1, "y"]) == Ours(1, "y") == (1, "y")
    assert hash(Ours(1)) == hash(Theirs(1))
    assert copy.copy(Ours(1)) == copy.deepcopy(Ours(1)) == Ours(1)
    match Ours(1, "y"):
        case Ours(1, found):
            assert found == "y"
        case _:
            pytest.fail("no match")


def test_a_record_cannot_be_changed() -> None:
    """Assigning to a field raises."""
    record = Ours(1)
    with pytest.raises(AttributeError):
        record.first = 2  # type: ignore[misc]


def test_a_record_travels() -> None:
    """Pickling needs the class where its name says it is."""
    attempt = Attempt("127.0.0.1", "refused", "ECONNREFUSED", 0.1)
    assert pickle.loads(pickle.dumps(attempt)) == attempt  # noqa: S301 - our own bytes


@each("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_imports_typing_when_it_runs(path: Path) -> None:
    """Records come from checks.model.records; typing is there for type checkers alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    for node in ast.walk(tree):
        assert not (isinstance(node, ast.ImportFrom) and node.module == "typing")
        assert not (isinstance(node, ast.Import) and "typing" in {a.name for a in node.names})
