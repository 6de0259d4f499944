"""CPython for Windows under wine: made once, kept outside of the checkout, run as a program.

There is no installer to run: it needs a screen. The parts come from where a test may get them:

- ``pythonXY.dll`` and the modules beside it from the wheel of panda3d for Windows, which carries
  python.org's build of the version, for programs that are packed with it;
- the standard library from the Python that runs this, of the same version;
- ``python.exe``, some lines of C that call ``Py_Main``, and ``python3.dll``, the stable ABI that
  psutil's wheel wants, by MinGW's compiler;
- what the tests import from the wheels for Windows.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    raise ImportError("this is Windows already")

import fcntl

ROOT = Path(__file__).resolve().parents[2]
CACHE = Path(
    os.environ.get("WINDOWS_CACHE")
    or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "loopback-checks/windows"
)
"""Wine's folder and Python's, 0.8 GB: made again where what they are made by has changed."""
PACKAGES = ("wine", "wine64", "gcc-mingw-w64-x86-64-win32")
"""Debian's names. No wine32: everything here has 64 bits."""
PANDA3D = "panda3d==1.10.16"
TOOLS = (
    "colorama", "ada-url", "hypothesis", "idna", "jsonschema", "markdown", "psutil", "pytest",
    "pytest-timeout", "pytest-xdist",
)  # fmt: skip
"""What the tests import, in the versions of the project; pytest wants colorama on Windows."""

_VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
_DLL = f"python{sys.version_info.major}{sys.version_info.minor}"
_MINGW = "x86_64-w64-mingw32-"
_LEFT_OUT = (
    "site-packages", "dist-packages", "lib-dynload", "__pycache__", "config-*", "test",
    "idlelib", "tkinter", "turtledemo", "ensurepip", "lib2to3",
)  # fmt: skip
_NOT_WITH_WINE = ("_wmi.pyd",)
"""The module platform asks it where it is there, and wine 8 then ends the program."""
_MAIN = """#include <wchar.h>
int Py_Main(int, wchar_t **);
int wmain(int count, wchar_t **words) { return Py_Main(count, words); }
"""
_RANDOM = """unsigned char __stdcall SystemFunction036(void *to, unsigned long size);
int __stdcall ProcessPrng(void *to, unsigned long long size) { return SystemFunction036(to, size); }
"""
"""What modules written in Rust start with, and wine 8 lacks: bcryptprimitives.dll."""
_EMPTY = "int __stdcall DllMain(void *a, unsigned b, void *c) { return 1; }\n"


class UnableError(Exception):
    """Windows' Python cannot be had here; the text is one line that says why."""


def make() -> float:
    """Make what is missing of it.

    Returns:
        the seconds that took; 0 where all was there.

    Raises:
        UnableError: something cannot be had.
    """
    _require()
    CACHE.mkdir(parents=True, exist_ok=True)
    with _locked():
        stamp = CACHE / f"{_DLL}.stamp"
        recipe = _recipe()
        if stamp.exists() and stamp.read_text() == recipe:
            return 0.0
        began = time.monotonic()
        stamp.unlink(missing_ok=True)
        _make_python()
        _make_prefix()
        stamp.write_text(recipe)
        return time.monotonic() - began


def run(arguments: Sequence[str], variables: Mapping[str, str | None], timeout: float) -> int:
    """Run Windows' Python in the checkout; what it prints goes to our standard output.

    Arguments:
        arguments: for ``python.exe``.
        variables: of its environment; None takes one away.
        timeout: seconds after which it is ended.

    Returns:
        its exit code; 124 where the time was up.
    """
    command = ["timeout", "--kill-after=5", str(timeout), "wine", str(_home() / "python.exe")]
    environment = {**_environment(), **_variables(), **variables}
    # Python finds no stream where it is neither a console of Windows nor a pipe.
    with subprocess.Popen(
        [*command, *arguments],
        cwd=ROOT,
        env={name: value for name, value in environment.items() if value is not None},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as child:
        assert child.stdout is not None  # noqa: S101 - for the type checker
        encoding = "utf-8" if "PYTHONIOENCODING" in variables else "cp1252"
        for line in child.stdout:
            text = line.decode(encoding, "replace").replace("\r\n", "\n")
            if "wine32" not in text:  # Debian's word of what is not installed
                print(text, end="", flush=True)
    return child.returncode


def end() -> None:
    """End the programs of wine that stay when its last program has ended."""
    subprocess.run(["wineserver", "-k"], env=_environment(), check=False, capture_output=True)


def _require() -> None:
    """Look for the programs, and install them where that can be done.

    Raises:
        UnableError: something is missing.
    """
    programs = ("wine", f"{_MINGW}gcc-win32", f"{_MINGW}dlltool")
    if any(shutil.which(program) is None for program in programs):
        subprocess.run([ROOT / "tools/setup-system", *PACKAGES], check=False)
    for program in programs:
        if shutil.which(program) is None:
            raise UnableError(f"needs {program}; install {' '.join(PACKAGES)}")


@contextmanager
def _locked() -> Iterator[None]:
    """One at a time makes it."""
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _recipe() -> str:
    """What it is made by: another text makes it anew."""
    wine = subprocess.run(
        ["wine", "--version"], capture_output=True, env=_environment(), check=False
    )
    parts = (
        Path(__file__).read_bytes(),
        wine.stdout,
        sys.version.encode(),
        *map(str.encode, _wheels()),
    )
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _home() -> Path:
    return CACHE / _DLL


def _make_python() -> None:
    home, new = _home(), CACHE / f"{_DLL}.new"
    for folder in (home, new):
        shutil.rmtree(folder, ignore_errors=True)
    new.mkdir()
    _unpack_dlls(new)
    shutil.copytree(
        sysconfig.get_path("stdlib"), new / "Lib", ignore=shutil.ignore_patterns(*_LEFT_OUT)
    )
    _pip("install", "--no-compile", "--target", str(new / "Lib/site-packages"), *_wheels())
    _compile(new)
    new.rename(home)


def _unpack_dlls(folder: Path) -> None:
    """The interpreter and its modules; the wheel has much more, and is removed.

    Raises:
        UnableError: there is no wheel for this version.
    """
    _pip("download", "--no-deps", "--dest", str(folder), PANDA3D)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        for name in packed.namelist():
            base = name.removeprefix("deploy_libs/")
            if base and base not in (name, *_NOT_WITH_WINE):
                (folder / base).write_bytes(packed.read(name))
    wheel.unlink()
    if not (folder / f"{_DLL}.dll").exists():
        raise UnableError(f"{PANDA3D} has no {_DLL}.dll")


def _wheels() -> list[str]:
    """The tools in the first version that the project names of each."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    pinned = re.findall(r'^ +"(([a-z-]+)==[\w.]+)', text, re.MULTILINE)
    versions = {name: line for line, name in reversed(pinned)}
    return [versions.get(name, name) for name in TOOLS]


def _pip(command: str, *arguments: str) -> None:
    done = subprocess.run(
        [
            sys.executable, "-m", "pip", command, "--quiet", "--disable-pip-version-check",
            "--only-binary=:all:", "--platform=win_amd64", f"--python-version={_VERSION}",
            *arguments,
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise UnableError(f"pip {command} failed: {(lines or ['no word why'])[0]}")


def _compile(folder: Path) -> None:
    """Make ``python.exe`` and ``python3.dll``, whose names lead to those of the versioned one."""
    (folder / "main.def").write_text(f"LIBRARY {_DLL}.dll\nEXPORTS\nPy_Main\n")
    (folder / "main.c").write_text(_MAIN)
    (folder / "empty.c").write_text(_EMPTY)
    (folder / "random.c").write_text(_RANDOM)
    lines = "".join(f"{name} = {_DLL}.{name}\n" for name in _exports(folder))
    (folder / "stable.def").write_text(f"LIBRARY python3.dll\nEXPORTS\n{lines}")
    compiler = f"{_MINGW}gcc-win32"
    _build(folder, f"{_MINGW}dlltool", "-d", "main.def", "-l", "libmain.a")
    _build(folder, compiler, "-municode", "main.c", "-o", "python.exe", "-L.", "-lmain")
    random = "bcryptprimitives.dll"
    _build(folder, compiler, "-shared", "random.c", "-ladvapi32", "-o", random)
    _build(folder, compiler, "-shared", "empty.c", "stable.def", "-o", "python3.dll")


def _exports(folder: Path) -> list[str]:
    listed = _build(folder, f"{_MINGW}objdump", "-p", f"{_DLL}.dll")
    table = listed.partition("[Ordinal/Name Pointer] Table")[2].partition("\n\n")[0]
    return [line.split()[-1] for line in table.splitlines()[1:] if line.strip()]


def _build(folder: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise UnableError(f"{command[0]} failed: {done.stderr.strip().splitlines()[-1:]}")
    return done.stdout


def _make_prefix() -> None:
    """Wine's own folder; without the variables of Python, which wine's programs need not see."""
    if not (CACHE / "prefix/system.reg").exists():
        subprocess.run(
            ["wine", "wineboot", "--update"], env=_environment(), capture_output=True,
            stdin=subprocess.DEVNULL, timeout=300, check=False,
        )  # fmt: skip
        subprocess.run(["wineserver", "--wait"], env=_environment(), check=False, timeout=300)
    if not (CACHE / "prefix/system.reg").exists():
        raise UnableError("wineboot made no folder of wine")


def _environment() -> dict[str, str]:
    """For wine: no screen, no sound, nothing asked."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
        "WINEPREFIX": str(CACHE / "prefix"),
        "WINEARCH": "win64",
        "WINEDEBUG": "-all",
        "WINEDLLOVERRIDES": "mscoree=;mshtml=;winemenubuilder.exe=",
        "DISPLAY": "",
        "HOME": str(CACHE),
    }


def _variables() -> dict[str, str]:
    """For Python: its parts and the checkout, as paths of Windows."""
    home = _home()
    folders = (home, home / "Lib", home / "Lib/site-packages", ROOT)
    return {
        "PYTHONHOME": _path(home),
        "PYTHONPATH": ";".join(map(_path, folders)),
        "PYTHONPYCACHEPREFIX": _path(CACHE / "bytecode"),
    }


def _path(path: Path) -> str:
    """Drive Z: of wine is the root of this system."""
    return "Z:" + str(path).replace("/", "\\")
