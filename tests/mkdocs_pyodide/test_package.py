"""Which files of a package are shipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from mkdocs_pyodide.package import files


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package with a subpackage, data, and what a working copy has besides."""
    names = [
        "__init__.py", "web.py", "data.json", "py.typed", "__pycache__/web.cpython-311.pyc",
        "sub/__init__.py", "sub/deep.py", "probe/__init__.py", "probe/web.py",
    ]  # fmt: skip
    for name in names:
        path = tmp_path / "pack" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path / "pack"


def test_sources_and_data_are_shipped(package: Path) -> None:
    """What only a working copy or a type checker needs is not."""
    assert list(files(package, ["probe"])) == [
        "pack/__init__.py", "pack/data.json", "pack/sub/__init__.py", "pack/sub/deep.py",
        "pack/web.py",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("exclude", "gone"),
    [
        (["probe/"], {"probe/__init__.py", "probe/web.py"}),
        (["web.py"], {"web.py", "probe/web.py"}),
        (["probe/web.py"], {"probe/web.py"}),
        (["*.json"], {"data.json"}),
        (["sub/*"], {"sub/__init__.py", "sub/deep.py"}),
    ],
)
def test_exclude(package: Path, exclude: list[str], gone: set[str]) -> None:
    """A name stands for every part of a path, a path for itself and what is below."""
    assert set(files(package)) - set(files(package, exclude)) == {f"pack/{name}" for name in gone}


def test_excluding_what_is_not_there_is_an_error(package: Path) -> None:
    """A misspelt name would ship what was meant to stay at home."""
    with pytest.raises(FileNotFoundError, match="nothing like prob to exclude"):
        files(package, ["prob"])


def test_a_folder_that_is_no_package_is_an_error(package: Path) -> None:
    """Said with its path."""
    with pytest.raises(FileNotFoundError, match="is no package"):
        files(package / "__pycache__")
