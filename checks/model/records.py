"""NamedTuple without the cost of typing and of compiling a constructor for each class.

``typing.NamedTuple`` is what every record of this package is, to readers and
type checkers alike. At run time the same classes are made here: tuples with
named fields, and the methods that :func:`collections.namedtuple` documents. The
reason is the start of a command that runs anew for every question, and makes
sixty classes each time: ``collections.namedtuple`` compiles a constructor for
each one. A diagnosis takes 60.6 ms so, 66.3 with ``collections.namedtuple`` and
82.6 with ``typing.NamedTuple``: processor time of ``python -S -m checks
127.0.0.1:9`` on CPython 3.11, medians of 60 taken in turns, on 2026-11-30. Here
a constructor is compiled once for each number of fields, and a class gets it
with the names of its own. Only this module knows it; a test compares the two.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
else:
    # What namedtuple() makes its fields of, on every interpreter: 68 instead of 135 ns an access.
    from collections import _tuplegetter
    from types import FunctionType

    _new = tuple.__new__
    _compiled = {}

    def _constructor(fields, defaults):
        """Return ``__new__`` for the fields; the last of them have the defaults."""
        count = len(fields)
        if count not in _compiled:
            values = "".join(f"_{number}, " for number in range(count))
            _compiled[count] = eval(f"lambda _cls, {values}: _new(_cls, ({values}))").__code__  # noqa: S307 - our own words
        code = _compiled[count].replace(co_name="__new__", co_varnames=("_cls", *fields))
        return FunctionType(code, {"_new": _new, "__builtins__": {}}, "__new__", defaults)

    class _Fields(tuple):
        """What the records have in common, as namedtuple() documents it."""

        __slots__ = ()

        @classmethod
        def _make(cls, values):
            return cls(*values)

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def _replace(self, /, **changed):
            made = _new(type(self), map(changed.pop, self._fields, self))
            if changed:
                raise TypeError(f"{type(self).__name__} has no field {next(iter(changed))!r}")
            return made

        def __repr__(self):
            said = ", ".join([f"{name}={value!r}" for name, value in self._asdict().items()])
            return f"{type(self).__name__}({said})"

        def __getnewargs__(self):
            return tuple(self)

    class _Record(type):
        """Turns a class with annotations into a tuple with named fields."""

        def __new__(mcs, name, bases, namespace):
            if not bases:
                return super().__new__(mcs, name, bases, namespace)
            fields = tuple(namespace.get("__annotations__", ()))
            defaults = {field: namespace[field] for field in fields if field in namespace}
            made = {
                **namespace,
                **{field: _tuplegetter(at, None) for at, field in enumerate(fields)},
                "__new__": _constructor(fields, tuple(defaults.values())),
                "__slots__": (),
                "__match_args__": fields,
                "_fields": fields,
                "_field_defaults": defaults,
            }
            return type(name, (_Fields,), made)

    class NamedTuple(metaclass=_Record):
        """Base of a record: fields are annotations, defaults their values."""
