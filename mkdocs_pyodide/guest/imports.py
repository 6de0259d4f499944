"""Uses all that a page will use, and tells which modules that took; runs inside the runtime.

It imports only what the interpreter has imported by itself: every visitor would download more.
"""

from __future__ import annotations

import sys
from importlib import import_module

EXAMPLE = "print('text')\nraise ValueError('an error, with its traceback')\n"
"""Run while warming up, so that running an example misses nothing."""


def warm(functions: list[str], source: str) -> None:
    """Import and use everything that will be used in the page.

    Arguments:
        functions: ``module:name`` of each function; called with an empty text.
        source: Python source that calls them in earnest, or nothing.
    """
    live = import_module("_pyodide_live")

    for target in functions:
        live.function(target)("")
    live.run(EXAMPLE, len, 1000)
    if source:
        space = {"__name__": "__main__", "__file__": "<warm>"}
        exec(compile(source, "<warm>", "exec", dont_inherit=True), space)  # noqa: S102


def imported() -> list[str]:
    """Names of the modules read from the library's archive, before this file imports more.

    Those that are frozen into the interpreter are not: their files are never read.
    """
    found = set()
    for module in list(sys.modules.values()):
        spec = getattr(module, "__spec__", None)
        if spec is not None and (spec.origin or "").startswith("/lib/python"):
            found.add(spec.name)
    return sorted(found)
