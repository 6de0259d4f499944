"""Getting the runtime: verified, from where it was said, and clear about what fails."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from needs import need
from situations import own_network

from mkdocs_pyodide.runtime import (
    FILES,
    INTEGRITY,
    IntegrityError,
    Runtime,
    RuntimeMissingError,
    execute,
    obtain,
    verify,
)  # fmt: skip

EMPTY = "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="  # noqa: E501
"""Of nothing at all."""


def test_the_real_runtime(runtime: Runtime) -> None:
    """What npm gives has the pinned integrity and all files."""
    assert set(runtime.files) == set(FILES)
    assert runtime.package["name"] == "pyodide"
    assert str(runtime.lock["python"]).startswith("3.")


def test_an_archive_that_differs_is_refused(tmp_path: Path) -> None:
    """One byte is enough, wherever it comes from."""
    verify(b"", EMPTY)
    with pytest.raises(IntegrityError, match="sha512-"):
        verify(b"x", EMPTY)
    (tmp_path / "pyodide-314.0.7.tgz").write_bytes(b"x")
    with pytest.raises(IntegrityError):
        obtain(cache=tmp_path)
    with pytest.raises(IntegrityError):
        obtain(local=str(tmp_path / "pyodide-314.0.7.tgz"))


@pytest.mark.parametrize(
    "integrity", ["", "sha512-", "sha256-" + EMPTY[7:], EMPTY[:-4], "sha512-!"]
)
def test_only_a_whole_sha512_counts(integrity: str) -> None:
    """A weaker or broken one is an error, never a pass."""
    with pytest.raises(IntegrityError, match="integrity is"):
        verify(b"", integrity)


def test_what_npm_gives_is_verified_before_it_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A registry that answers with something else leaves nothing behind."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "npm").write_text("#!/bin/sh\necho other > pyodide-314.0.7.tgz\n")
    (programs / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    cache = tmp_path / "cache"
    with pytest.raises(IntegrityError):
        obtain(cache=cache)
    assert list(cache.iterdir()) == []


def test_without_a_network_npm_gives_up_in_seconds(tmp_path: Path) -> None:
    """In a network without an interface, with nothing kept, and well before npm's own two minutes.

    The message has npm's reason.
    """
    need("npm", "npm")
    environment = {**os.environ, "npm_config_cache": str(tmp_path / "npm")}
    code = f"from mkdocs_pyodide.runtime import obtain; obtain(cache=Path({str(tmp_path)!r}))"
    with own_network():
        done = subprocess.run(
            [sys.executable, "-c", f"from pathlib import Path; {code}"], env=environment,
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert "RuntimeMissingError: npm pack pyodide@" in done.stderr
    assert "getaddrinfo" in done.stderr


def test_without_npm_it_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to install."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(RuntimeMissingError, match=r"npm is not on the PATH; install Node\.js"):
        obtain(cache=tmp_path)


def test_a_program_that_fails_or_hangs_is_named() -> None:
    """With what it said last, and within its time."""
    with pytest.raises(RuntimeMissingError, match=r"sh -c .* failed: the reason"):
        execute(["/bin/sh", "-c", "echo the reason >&2; exit 3"], 10)
    with pytest.raises(RuntimeMissingError, match="took more than 1 s"):
        execute(["/bin/sleep", "30"], 1)


def test_a_local_folder_serves_without_npm(
    runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It must be whole, and of the version that is configured."""
    for name, data in runtime.files.items():
        (tmp_path / name).write_bytes(data)
    monkeypatch.setenv("PATH", "")
    assert obtain(local=str(tmp_path)) == runtime
    with pytest.raises(IntegrityError, match=r"pyodide 1\.0 is configured"):
        obtain("1.0", local=str(tmp_path))
    (tmp_path / "pyodide.mjs").unlink()
    with pytest.raises(RuntimeMissingError, match=r"incomplete.*pyodide\.mjs"):
        obtain(local=str(tmp_path))


def test_an_archive_is_read_not_unpacked(tmp_path: Path) -> None:
    """Its other members, links and paths do nothing."""
    archive = tmp_path / "a.tgz"
    with tarfile.open(archive, "w:gz") as target:
        for name in (*(f"package/{each}" for each in FILES), "package/../../outside", "/outside"):
            data = json.dumps({"version": "1.0"}).encode()
            info = tarfile.TarInfo(name)
            info.size = len(data)
            target.addfile(info, io.BytesIO(data))
    with pytest.raises(IntegrityError) as error:
        obtain("1.0", INTEGRITY, local=str(archive))
    actual = str(error.value).split(" has ")[1].split(",")[0]
    assert obtain("1.0", actual, local=str(archive)).version == "1.0"
    assert not (tmp_path / "outside").exists()
    assert not (tmp_path.parent / "outside").exists()
