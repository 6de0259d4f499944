"""The half of the worker that is Python: calls, runs, and the rest of the standard library.

It stands in the package's archive, compiled like everything else there. It imports
only what the runtime imports while it starts: a visitor would download more.
"""

from __future__ import annotations

import linecache
import sys
import time
import traceback
from importlib import import_module
from importlib.machinery import PathFinder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any

REST = "/lib/stdlib-full.zip"
"""Where the whole standard library is put once a module of it is missed."""

LEFT = "_pyodide_left"
"""The module whose ``NAMES`` are those of the modules left out. The build writes it."""

CHUNK = 4096
"""Characters of output that are sent at once."""

PAUSE = 0.05
"""Seconds after which a shorter piece is sent: output appears while code runs."""

LINES = 100
"""So many lines are sent at once: nothing else would send what stands before a long loop."""


class TooMuchOutput(BaseException):
    """The bound on output is reached. Not an Exception, so that code seldom catches it."""


class Rest:
    """Finds modules that were left out of the cut standard library.

    The last of the finders: it is asked only for what nothing else has. The
    archive is fetched at the first such import, which blocks the worker (never
    the page), as an import must.

    Arguments:
        names: the modules left out; other names are none of its business.
        read: gives the bytes of the whole library as a JavaScript buffer.
    """

    def __init__(self, names: Iterable[str], read: Callable[[], Any]) -> None:
        self.names = frozenset(names)
        self.read = read
        self.wanted: list[str] = []

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module from the whole library, or None."""
        if name not in self.names:
            return None
        if not self.wanted:
            with open(REST, "wb") as file:
                file.write(self.read().to_bytes())
        self.wanted.append(name)
        parent = name.rpartition(".")[0].replace(".", "/")
        return PathFinder.find_spec(name, [f"{REST}/{parent}" if parent else REST], target)


def complete(read: Callable[[], Any]) -> Rest:
    """Make the modules that were left out importable; returns the finder."""
    names: str = import_module(LEFT).NAMES
    rest = Rest(names.split(), read)
    sys.meta_path.append(rest)
    return rest


def function(target: str) -> Callable[[str], str]:
    """The function that ``module:name`` names."""
    module, _, name = target.partition(":")
    found: Callable[[str], str] = getattr(import_module(module), name)
    return found


class Output:
    """A text stream that hands pieces on and stops at a bound.

    Arguments:
        emit: takes each piece.
        limit: characters in all.
    """

    encoding = "utf-8"
    errors = "strict"
    closed = False

    def __init__(self, emit: Callable[[str], object], limit: int) -> None:
        self.emit = emit
        self.left = limit
        self.truncated = False
        self.parts: list[str] = []
        self.size = 0
        self.lines = 0
        self.sent = time.monotonic()

    def write(self, text: str) -> int:
        """Take text; raises TooMuchOutput at the bound."""
        kept = text[: self.left]
        self.left -= len(kept)
        if kept:
            self.parts.append(kept)
            self.size += len(kept)
        line = self.lines < LINES and kept.endswith("\n")
        self.lines += line
        if line or self.size >= CHUNK or time.monotonic() - self.sent > PAUSE:
            self.flush()
        if len(kept) < len(text):
            self.truncated = True
            self.flush()
            raise TooMuchOutput
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Take several texts."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Send what has been gathered."""
        if self.parts:
            self.emit("".join(self.parts))
            self.parts.clear()
            self.size = 0
        self.sent = time.monotonic()

    def isatty(self) -> bool:
        """No terminal."""
        return False

    def writable(self) -> bool:
        """It is written to."""
        return True

    def readable(self) -> bool:
        """It is not read."""
        return False

    def seekable(self) -> bool:
        """It only goes on."""
        return False


def settle() -> None:
    """Run the code of every module that was imported and not yet looked into.

    So the library is for a visitor's code what it is anywhere. See ``trim.DEFERRED``.
    """
    for module in list(sys.modules.values()):
        if type(module) is type(sys) and "_deferred" in vars(module):
            getattr(module, "__all__", None)


def run(code: str, emit: Callable[[str], object], limit: int) -> list[bool]:
    """Run Python source in a namespace of its own.

    Arguments:
        code: the source.
        emit: takes each piece of what it prints, to stdout and to stderr.
        limit: characters of output after which it is stopped.

    Returns:
        whether it ran to its end without an error, and whether output was cut.
    """
    settle()
    output = Output(emit, limit)
    before = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = output
    try:
        ok = _execute(code, output)
    except TooMuchOutput:
        ok = False
    finally:
        sys.stdout, sys.stderr = before
    output.flush()
    return [ok, output.truncated]


def _execute(code: str, output: Output) -> bool:
    """Run the source; errors are printed as a terminal would print them."""
    name = "<example>"
    namespace = {"__name__": "__main__", "__builtins__": __builtins__}
    try:
        exec(compile(code, name, "exec", dont_inherit=True), namespace)  # noqa: S102  # its purpose
    except TooMuchOutput:
        raise
    except SystemExit as leave:
        if leave.code is None or leave.code == 0:
            return True
        if not isinstance(leave.code, int):
            output.write(f"{leave.code}\n")
        return False
    except BaseException as error:
        output.write(_traceback(error, code, name))
        return False
    return True


def _traceback(error: BaseException, code: str, name: str) -> str:
    """The traceback without the frames of this module."""
    linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)
    frames = error.__traceback__
    while frames is not None and frames.tb_frame.f_code is _execute.__code__:
        frames = frames.tb_next
    return "".join(traceback.format_exception(type(error), error, frames))
