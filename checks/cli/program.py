"""What the command line says of itself: how it was started, and where its pages are.

The pure half knows neither: it names the documented form, ``python3 -m checks``, and the site
that the build was stamped with. Here both are read from the process.
"""

from __future__ import annotations

import os
import sys

from checks.model.shell import quoted
from checks.model.words import system_of
from checks.report.clean import line as clean
from checks.report.style import PROGRAM

_ENDINGS = (".exe", "-script.py", ".py")
"""What an installed script may end in on Windows."""


_WITH_COMMANDS = ("linux", "macos", "windows")


class SettingError(ValueError):
    """An environment variable holds what cannot be used; says which, and what was expected."""


def system() -> str | None:
    """Return the system whose commands a reader can type here; None where we know none."""
    found = system_of(sys.platform)
    return found if found in _WITH_COMMANDS else None


def name() -> str:
    """Return this program as a reader can type it again: as it was started, where that is known.

    Called by other code, and where the path cannot be typed, it is the documented form.
    """
    module = getattr(sys.modules.get("__main__"), "__spec__", None)
    started = sys.argv[0] if sys.argv else ""
    if module is None:
        return _script(started) or PROGRAM
    if module.name == "checks.__main__":
        python = _python()
        return f"{python} {_safely()}-m checks" if python else PROGRAM
    if module.name == "__main__":  # a zip file or folder with this package in it
        python, archive = _python(), _word(started)
        return f"{python} {archive}" if python and archive else PROGRAM
    return PROGRAM


def _safely() -> str:
    """The option that kept the working directory off the path, where one did."""
    if sys.flags.isolated:
        return "-I "
    safe = getattr(sys.flags, "safe_path", False) and not os.environ.get("PYTHONSAFEPATH")
    return "-P " if safe else ""


def _script(path: str) -> str | None:
    """The name of the installed script; None where another script runs."""
    base = os.path.basename(path)
    for ending in _ENDINGS:
        base = base.removesuffix(ending)
    if base != "checks":
        return None
    return base if system() == "windows" else _found(path)


def _python() -> str | None:
    """The interpreter as it was typed. ``py`` of Windows leaves no trace but a whole path."""
    typed = sys.orig_argv[0] if sys.orig_argv else ""
    if system() == "windows":
        return typed if typed.isascii() and typed.isalnum() else "py"
    return _found(typed)


def _found(path: str) -> str | None:
    """The name alone where a shell would find the same file by it; otherwise the path."""
    base = os.path.basename(path)
    return _word(base if _is_first(base, path) else path)


def _is_first(base: str, path: str) -> bool:
    """Whether the file is the first of that name on the PATH.

    Links are not followed: the interpreter of a virtual environment is a link to another one.
    """
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        there = os.path.join(folder, base)
        if os.access(there, os.X_OK) and not os.path.isdir(there):
            try:
                return os.path.samestat(os.lstat(there), os.lstat(path))
            except OSError:  # the path is a bare name, or its folder has been left
                return False
    return False


def _word(path: str) -> str | None:
    """One word of a command line; None where it cannot be typed."""
    if not path or not path.isprintable() or "%" in path:  # argparse expands %
        return None
    if system() != "windows":
        return quoted(path)
    if any(mark in path for mark in "\"$`%!&^'"):  # PowerShell and cmd do not quote alike
        return None
    return f'"{path}"' if " " in path else path


def site() -> str | None:
    """Return the root of the site that ``CHECKS_SITE`` names; None leaves it to the build.

    Raises:
        SettingError: where that is no address of a site.
    """
    given = os.environ.get("CHECKS_SITE")
    if not given:
        return None
    if not is_site(given):
        raise SettingError(
            f"CHECKS_SITE is '{clean(given, 60)}'; expected a URL such as https://example.org/docs/"
        )
    return given if given.endswith("/") else f"{given}/"


def is_site(text: str) -> bool:
    """Whether pages can be named below it: http or https, a host, a path and nothing more."""
    from urllib.parse import urlsplit  # noqa: PLC0415 - only where the variable is set

    if not text.isascii() or not text.isprintable() or any(mark in text for mark in " \\\"'<>?#@"):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a bad port or bracket
        return False
