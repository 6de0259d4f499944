"""The programs that are measured beside ours, and where they are found.

Debian's are taken from the PATH. Those of the package indexes are installed by
name, in the versions pinned here, into ``.cache``: each in an environment of
its own, so that nothing of theirs is imported by ours.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
CACHE = ROOT / ".cache"
ENVIRONMENT = CACHE / "bench-venv"

PYPI = {"portwho": "1.0", "portpeek": "0.5.0", "kport": "5.3.0"}
"""As ``pip index versions`` gave them on 2026-11-30."""

NPM = {"wait-on": "9.5.1"}
"""As ``npm view`` gave it on 2026-11-23."""

DEBIAN = {"nmap": "nmap", "ss": "iproute2", "lsof": "lsof", "ncat": "ncat"}
"""Program and package."""

NAMES = ("nmap", "ncat", "wait-on", "ss", "lsof", "portwho", "portpeek", "kport", "witr")
INSTALL = 180.0  # seconds


class Tool(NamedTuple):
    """One program, or why it is not there."""

    name: str
    command: tuple[str, ...]
    """What to put before the arguments; empty where it is missing."""
    missing: str | None = None


def system_python() -> str:
    """An interpreter that every user of this machine can run, where there is one."""
    return "/usr/bin/python3" if Path("/usr/bin/python3").exists() else sys.executable


@functools.cache
def find(name: str) -> Tool:
    """A tool by name: from the PATH, else from the cache, where it is put if need be."""
    if name in PYPI:
        return _from_pypi(name)
    if name in NPM:
        return _from_npm(name)
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found:
        return Tool(name, (found,))
    package = DEBIAN.get(name)
    hint = f"apt-get install {package}" if package else "not on the PATH, and in no index used here"
    return Tool(name, (), hint)


def _from_pypi(name: str) -> Tool:
    program = ENVIRONMENT / "bin" / name
    if not program.exists():
        if not ENVIRONMENT.exists():
            failed = _run([system_python(), "-m", "venv", str(ENVIRONMENT)])
            if failed:
                return Tool(name, (), failed)
        pip = [str(ENVIRONMENT / "bin/python"), "-m", "pip", "install", "--quiet",
               "--disable-pip-version-check", f"{name}=={PYPI[name]}"]  # fmt: skip
        failed = _run(pip)
        if failed or not program.exists():
            return Tool(name, (), failed or "the package has no such program")
    return Tool(name, (str(program),))


def _from_npm(name: str) -> Tool:
    folder = CACHE / "npm" / name / NPM[name]
    program = folder / "node_modules" / ".bin" / name
    if not program.exists():
        npm = shutil.which("npm") or str(ROOT / ".venv/bin/npm")
        if not Path(npm).exists():
            return Tool(name, (), "npm is not installed")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}')
        failed = _run([npm, "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts",
                       "--no-package-lock", f"{name}@{NPM[name]}"], folder)  # fmt: skip
        if failed or not program.exists():
            return Tool(name, (), failed or "the package has no such program")
    return Tool(name, (str(program),))


def _run(command: list[str], folder: Path = ROOT) -> str | None:
    """Run an installer; the last line of what it said where it failed."""
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=INSTALL, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    said = (done.stderr or done.stdout).strip().splitlines()
    return None if done.returncode == 0 else said[-1] if said else f"exit code {done.returncode}"


def missing() -> list[str]:
    """A line for each tool that is not here, with the reason."""
    return [f"{name}: not installed: {find(name).missing}" for name in NAMES if find(name).missing]
