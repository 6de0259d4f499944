"""The project of a process: by its manifest and its repository, with files only."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from needs import need_root

from checks.model.evidence import Project
from checks.probe.machine.projects import Projects

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A directory to work in, outside of any repository."""
    return tmp_path


def of(directory: Path) -> Project | None:
    """The project of a process that works in a directory: this one, for a moment."""
    before = os.getcwd()
    os.chdir(directory)
    try:
        return Projects().of(os.getpid())
    finally:
        os.chdir(before)


def repository(directory: Path, head: str) -> Path:
    """The part of a repository that is read."""
    (directory / ".git").mkdir(parents=True)
    (directory / ".git" / "HEAD").write_text(head)
    return directory


MANIFESTS = {
    "package.json": ('{"scripts": {"name": "no"}, "files": ["name"], "name": "cart"}', "cart"),
    "package.json, scoped": ('{\n  "name" : "@shop/cart",\n "x": 1}', "@shop/cart"),
    "pyproject.toml": ('[build-system]\nname = "no"\n[project]\nname = "cart"\n', "cart"),
    "pyproject.toml, Poetry": ("[tool.poetry]\nname = 'cart'  # old\n", "cart"),
    "Cargo.toml": ('[dependencies]\nname = "no"\n[package]\nname = "cart"', "cart"),
    "go.mod": ("module example.com/shop/cart // x\n\ngo 1.23\n", "example.com/shop/cart"),
}


@pytest.mark.parametrize(("file", "case"), MANIFESTS.items(), ids=list(MANIFESTS))
def test_a_manifest_names_the_project(work: Path, file: str, case: tuple[str, str]) -> None:
    """The key of the outermost object, or of the table that has it."""
    text, name = case
    (work / file.partition(",")[0]).write_text(text)
    assert of(work) == Project(name, str(work))


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"names": "x"}', '{"author": {"name": "ann"}}', '{"name": 5}',
     '{"name": 5, "main": "x"}', '{"name": null, "files": ["y"], "a": "b"}',
     '{"name": "\\u001b[31m"}', '{"name": "\\ud800"}', '{"name": "\\q"}', '{"name": "t\\u00eate"}',
     '{"name": "a\tb"}',
     '{"name": "\x1b[31mred"}', '"name": "x"', '{"name"', '{"name": "', "{" * 20000],
)  # fmt: skip
def test_a_manifest_without_a_name_names_none(work: Path, text: str) -> None:
    """Also one that is cut, or whose name no terminal should get."""
    (work / "package.json").write_text(text)
    found = of(work)
    assert found is None or found.name == ""


def test_the_nearest_manifest_counts_and_the_branch_is_that_of_the_repository(work: Path) -> None:
    """A workspace of several packages."""
    repository(work, "ref: refs/heads/feature/cart\n")
    (work / "package.json").write_text('{"name": "shop"}')
    inner = work / "packages" / "web" / "src"
    inner.mkdir(parents=True)
    (work / "packages" / "web" / "package.json").write_text('{"name": "web"}')
    assert of(inner) == Project("web", str(work / "packages" / "web"), "feature/cart")
    assert of(work / "packages") == Project("shop", str(work), "feature/cart")


def test_a_repository_without_a_manifest_has_the_name_of_its_directory(work: Path) -> None:
    """And a commit where no branch is checked out."""
    inner = repository(work / "shop", f"{COMMIT}\n") / "src"
    inner.mkdir()
    assert of(inner) == Project("shop", str(work / "shop"), None, COMMIT[:10])


def test_a_repository_that_keeps_its_branch_elsewhere_has_none_here(work: Path) -> None:
    """With reftable HEAD names a branch that cannot be."""
    (repository(work / "shop", "ref: refs/heads/.invalid\n")).touch()
    assert of(work / "shop") == Project("shop", str(work / "shop"), None, None)


def test_nothing_is_looked_for_above_the_repository(work: Path) -> None:
    """A manifest of the directory above belongs to something else."""
    (work / "package.json").write_text('{"name": "outside"}')
    inner = repository(work / "shop", "ref: refs/heads/main\n")
    assert of(inner) == Project("shop", str(inner), "main")


def test_without_a_repository_only_the_directory_counts(work: Path) -> None:
    """A file in a folder above may be anything's."""
    (work / "package.json").write_text('{"name": "outside"}')
    (work / "inner").mkdir()
    assert of(work / "inner") is None


def test_a_worktree_leads_to_its_own_head(work: Path) -> None:
    """The file .git of a worktree names its part of the repository."""
    repository(work / "shop", "ref: refs/heads/main\n")
    own = work / "shop" / ".git" / "worktrees" / "fix"
    own.mkdir(parents=True)
    (own / "HEAD").write_text("ref: refs/heads/fix\n")
    tree = work / "fix"
    tree.mkdir()
    (tree / ".git").write_text(f"gitdir: {own}\n")
    assert of(tree) == Project("fix", str(tree), "fix")


def test_no_file_leads_outside(work: Path) -> None:
    """A path that is no part of a repository, a link, a pipe: nothing of them is read."""
    secret = work / "secret"
    repository(secret, "ref: refs/heads/secret\n")
    (secret / "HEAD").write_text("ref: refs/heads/secret\n")
    (secret / "package.json").write_text('{"name": "secret"}')
    tree = work / "tree"
    tree.mkdir()
    (tree / ".git").write_text(f"gitdir: {secret}\n")
    (tree / "package.json").symlink_to(secret / "package.json")
    os.mkfifo(tree / "pyproject.toml")
    assert of(tree) == Project("tree", str(tree))
    (tree / ".git").unlink()
    (tree / ".git").symlink_to(secret / ".git")
    assert "secret" not in str(of(tree))


@pytest.mark.parametrize("head", ["", "ref: refs/heads/\x1b[31m", "ref: refs/tags/x", "abc", "\0"])
def test_a_head_that_names_no_branch_gives_none(work: Path, head: str) -> None:
    """Whatever stands there, no control character comes out."""
    repository(work / "shop", head)
    assert of(work / "shop") == Project("shop", str(work / "shop"))


@pytest.mark.parametrize("directory", ["/", "/usr/lib", "/proc/self"])
def test_the_system_is_no_project(directory: str) -> None:
    """Services work there."""
    assert of(Path(directory)) is None


def test_what_cannot_be_seen_is_unknown() -> None:
    """A process that is gone."""
    assert Projects().of(2**22 + 1) is None


def test_a_network_file_system_is_left_alone(work: Path) -> None:
    """Its server may be away, and each look at it would hang."""
    repository(work / "shop", "ref: refs/heads/main\n")
    home = work / "proc" / "7"
    (home / "ns").mkdir(parents=True)
    (home / "cwd").symlink_to(work / "shop")
    mount = f"31 1 0:9 / {work} rw - {{}} server:/x rw\n"
    for kind, seen in (("nfs4", False), ("ext4", True)):
        (home / "mountinfo").write_text(mount.format(kind))
        found = Projects(str(work / "proc")).of(7)
        assert (found is not None) == seen, kind


def test_another_users_process_gives_nothing(work: Path) -> None:
    """Its working directory cannot be read."""
    need_root()
    import situations as real

    with real.as_nobody():
        assert Projects().of(1) is None
