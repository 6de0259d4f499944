"""NamedTuple without the cost of importing typing.

``typing.NamedTuple`` is what every record of this package is, to readers and
type checkers alike. At run time the same classes are made from
``collections.namedtuple``, which is already loaded: importing typing and
compiling each annotation costs a command that starts anew for every question
about a third of the interpreter's own start.
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
