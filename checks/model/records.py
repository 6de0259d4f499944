"""NamedTuple without the cost of importing typing.

``typing.NamedTuple`` is what every record of this package is, to readers and
type checkers alike. At run time the same classes are made from
``collections.namedtuple``, which is already loaded. The reason is the start of
a command that runs anew for every question. ``python -m checks -q 127.0.0.1:9``
with ``typing.NamedTuple`` instead takes 6.9 ms more on CPython 3.11 (79.7 for
72.8) and 13.5 ms more on 3.13 (82.9 for 69.4): processor time of the whole
process, medians of 25, on 2026-11-30. Only this module knows it; every record
of the package is made with its class, and a test says so.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
else:
    from collections import namedtuple

    class _Record(type):
        """Turns a class with annotations into a namedtuple with its methods."""

        def __new__(mcs, name, bases, namespace):
            if not bases:
                return super().__new__(mcs, name, bases, namespace)
            fields = tuple(namespace.get("__annotations__", ()))
            defaults = [namespace.pop(field) for field in fields if field in namespace]
            made = namedtuple(name, fields, defaults=defaults, module=namespace["__module__"])
            for key, value in namespace.items():
                if key not in ("__module__", "__qualname__"):
                    setattr(made, key, value)
            return made

    class NamedTuple(metaclass=_Record):
        """Base of a record: fields are annotations, defaults their values."""
