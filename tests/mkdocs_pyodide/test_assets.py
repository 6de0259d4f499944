"""The folder of files: small, the same wherever it is built, named after its contents."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from needs import need
from toy_site import write_toy

from mkdocs_pyodide import assets
from mkdocs_pyodide.package import files
from mkdocs_pyodide.stdlib import cut

if TYPE_CHECKING:
    from mkdocs_pyodide.runtime import Runtime

FUNCTIONS = {"loud": "toy.web:loud"}


def name_of(path: str) -> str:
    """The last part of a path."""
    return path.rpartition("/")[2]


@pytest.fixture
def built(runtime: Runtime, tmp_path: Path) -> dict[str, bytes]:
    """The files for the toy, through the user's cache."""
    need("node", "nodejs")
    options = assets.Options(write_toy(tmp_path), FUNCTIONS, ("private",), version=runtime.version)
    return assets.build(options)


def test_two_builds_are_equal_to_the_byte(
    runtime: Runtime, built: dict[str, bytes], tmp_path: Path
) -> None:
    """In another folder, with another cache, at another time."""
    package = write_toy(tmp_path / "elsewhere")
    parts = cut(runtime, files(package, ["private"]), FUNCTIONS.values(), cache=tmp_path / "cache")
    assert assets.collect(runtime, parts, "toy", FUNCTIONS) == built


def test_everything_is_there_and_nothing_else(runtime: Runtime, built: dict[str, bytes]) -> None:
    """One folder, the runtime unmodified, the licences beside it."""
    folders = {path.rpartition("/")[0] for path in built}
    assert len(folders) == 1
    assert sorted(map(name_of, built)) == [
        "LICENSE", "client.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide.mjs",
        "stdlib-full.zip", "stdlib.zip", "toy.zip", "worker.mjs",
    ]  # fmt: skip
    found = {name_of(path): data for path, data in built.items()}
    for name in ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm"):
        assert found[name] == runtime.files[name]
    assert found["stdlib-full.zip"] == runtime.files["python_stdlib.zip"]
    licence = next(data for path, data in built.items() if name_of(path) == "LICENSE").decode()
    assert "Mozilla Public License Version 2.0" in licence
    assert "PYTHON SOFTWARE FOUNDATION LICENSE" in licence


def test_the_library_is_cut_and_stripped(built: dict[str, bytes]) -> None:
    """About half of the stock one, bytecode only, nothing that the toy does not import."""
    found = {name_of(path): data for path, data in built.items()}
    assert len(found["stdlib.zip"]) < 0.6 * len(found["stdlib-full.zip"])
    names = zipfile.ZipFile(io.BytesIO(found["stdlib.zip"])).namelist()
    assert all(name.endswith(".pyc") for name in names)
    assert "html/__init__.pyc" in names
    assert "ipaddress.pyc" not in names
    assert "json/tool.pyc" not in names


def test_the_package_is_compiled_and_keeps_its_docstrings(built: dict[str, bytes]) -> None:
    """It may read them; the excluded part is not there."""
    found = {name_of(path): data for path, data in built.items()}
    with zipfile.ZipFile(io.BytesIO(found["toy.zip"])) as outer:
        assert outer.namelist() == ["package.zip"]
        inner = outer.read("package.zip")
    with zipfile.ZipFile(io.BytesIO(inner)) as archive:
        assert archive.namelist() == [
            "_pyodide_left.pyc", "_pyodide_live.pyc", "toy/__init__.pyc", "toy/web.pyc",
        ]  # fmt: skip
        assert b"The text in capitals." in archive.read("toy/web.pyc")
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_client_knows_what_the_build_knows(built: dict[str, bytes]) -> None:
    """Sizes for the progress, names of functions, the version."""
    client = built[assets.client_of(built)].decode()
    line = next(line for line in client.splitlines() if line.startswith("export const about"))
    about = json.loads(line.removeprefix("export const about = ").removesuffix(";"))
    assert about["functions"] == FUNCTIONS
    sizes = {name_of(path): len(data) for path, data in built.items()}
    assert about["files"] == {name: sizes[name] for name in about["files"]}
    loaded = [*about["files"], "pyodide.mjs", "pyodide.asm.mjs", "worker.mjs"]
    assert about["bytes"] == sum(sizes[name] for name in loaded)


def test_another_content_is_another_folder(
    runtime: Runtime, built: dict[str, bytes], tmp_path: Path
) -> None:
    """So a browser never mixes two versions."""
    package = tmp_path / "toy"
    parts = cut(runtime, files(package, ["private"]), FUNCTIONS.values())
    other = assets.collect(runtime, parts, "toy", {"other": "toy.web:loud"})
    assert assets.client_of(other) != assets.client_of(built)
    assert {name_of(path) for path in other} == {name_of(path) for path in built}


def test_the_docstrings_of_a_package_can_stay_at_home(runtime: Runtime, tmp_path: Path) -> None:
    """A function that reads none does not need them; its own words stay."""
    need("node", "nodejs")
    options = assets.Options(
        write_toy(tmp_path), FUNCTIONS, ("private",), version=runtime.version, docstrings=False
    )
    found = {name_of(path): data for path, data in assets.build(options).items()}
    with zipfile.ZipFile(io.BytesIO(found["toy.zip"])) as outer:
        inner = outer.read("package.zip")
    with zipfile.ZipFile(io.BytesIO(inner)) as archive:
        assert b"The text in capitals." not in archive.read("toy/web.pyc")
