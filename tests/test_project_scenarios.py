"""A development server says which project it is: in the verdict, in the facts and in the list."""

from __future__ import annotations

import json
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import sentences
import situations as real
from needs import need

from checks import cli, diagnose

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest

    from checks.report import Report


def ask(target: str) -> Report:
    """The report on a target; it hangs on no sentence of the evidence."""
    found = diagnose(target, identify=False)
    sentences.hold(found.classification, found.probes)
    return found


def shop(directory: Path) -> Path:
    """A repository with a manifest."""
    (directory / ".git").mkdir()
    (directory / ".git" / "HEAD").write_text("ref: refs/heads/feature/cart\n")
    (directory / "package.json").write_text(
        json.dumps({"name": "shop", "scripts": {"dev": "node server.js"}})
    )
    return directory


def test_project_branch_directory_and_launcher_are_told(tmp_path: Path) -> None:
    """In the verdict, after who listens."""
    shop(tmp_path)
    with real.launched(str(tmp_path), "make serve", "npm run dev", "nodemon") as (port, pid):
        found = ask(f"127.0.0.1:{port}")
        taken = ask(f"bind EADDRINUSE 127.0.0.1:{port}")
    said = f"Project shop in {tmp_path} (branch feature/cart), started with npm run dev."
    assert f"(pid {pid}) listens there" in found.verdict
    assert found.verdict.endswith(said)
    assert taken.verdict.endswith(said)


def test_the_list_has_them_in_the_column_of_the_owner(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Beside the process, as the program's text; JSON has the fields."""
    shop(tmp_path)
    with real.launched(str(tmp_path), "npm run dev") as (port, pid):
        cli.main(["listen", "--port", str(port)])
        shown = capsys.readouterr().out
        cli.main(["listen", "--port", str(port), "--json"])
        (row,) = capsys.readouterr().out.splitlines()
    assert f"({pid}), shop on feature/cart, npm run dev" in shown
    (owner,) = json.loads(row)["listener"]["owners"]
    assert owner["project"]["name"] == "shop"
    assert owner["launcher"] == "npm run dev"


def test_a_server_in_no_project_has_none(tmp_path: Path) -> None:
    """The same launcher in a directory without a manifest and a repository."""
    with real.launched(str(tmp_path), "npm run dev") as (port, _):
        found = ask(f"127.0.0.1:{port}")
    assert "roject" not in found.verdict
    assert "npm" not in found.verdict


def test_no_text_of_a_file_reaches_the_terminal_as_control(tmp_path: Path) -> None:
    """A name and a branch with escapes are left out; the report is clean."""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/\x1b]0;x\x07\n")
    (tmp_path / "package.json").write_text('{"name": "\x1b[2J"}')
    with real.launched(str(tmp_path), "npm run dev") as (port, _):
        found = ask(f"127.0.0.1:{port}")
    assert "\x1b" not in found.verdict


@contextmanager
def npm(directory: Path, port: int) -> Iterator[None]:
    """The real npm, which runs Node.js."""
    need("npm", "npm")
    script = f"require('http').createServer((a, b) => b.end('x')).listen({port}, '127.0.0.1')\n"
    (directory / "server.js").write_text(script)
    with subprocess.Popen(["npm", "run", "dev"], cwd=directory, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, start_new_session=True) as child:  # fmt: skip
        try:
            real.until(lambda: real.listens(port))
            yield
        finally:
            real.end_group(child.pid)


def test_the_real_npm_is_the_launcher(tmp_path: Path) -> None:
    """npm, then a shell, then Node.js."""
    port = real.free_port()
    with npm(shop(tmp_path), port):
        found = ask(f"127.0.0.1:{port}")
    assert found.verdict.endswith("(branch feature/cart), started with npm run dev.")
