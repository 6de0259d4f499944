"""Sites built by real builds: with MkDocs, with its fork, without a runtime, without either."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from needs import need
from toy_site import build, write_site, write_toy

NO_RUNTIME: dict[str, Any] = {"runtime": "nowhere"}
"""A folder that is not there: the runtime cannot be had, and nothing is fetched."""


def test_answers_are_in_the_pages(site: Path) -> None:
    """With addresses relative to each, escaped, and numbered per page."""
    home = (site / "index.html").read_text()
    assert '<form class="pyodide" id="box" data-function="loud" data-base="./">' in home
    assert '<b title="hello &lt;world&gt;">HELLO &lt;WORLD&gt;</b> <a href="./sub/deep/">' in home
    assert '<a class="pyodide-link" href="./sub/#q=a%26b"><code>a&amp;b</code></a>' in home
    deep = (site / "sub/deep/index.html").read_text()
    assert 'id="shout-1" data-function="loud" data-base="../../"' in deep
    assert '<a href="../../sub/deep/">' in deep
    assert "site:" not in home + deep


def test_every_page_loads_the_one_client(site: Path) -> None:
    """By a relative address; the 404 page, which is served anywhere, by an absolute one."""
    client = next(site.glob("assets/pyodide/*/client.mjs")).relative_to(site).as_posix()
    for page, base in {"index": "./", "sub/index": "../", "sub/deep/index": "../../"}.items():
        script = f'<script type="module" async data-pyodide-client src="{base}{client}"></script>'
        assert (site / f"{page}.html").read_text().count(script) == 1
    assert f'src="/base/{client}"' in (site / "404.html").read_text()


def test_no_page_asks_another_host(site: Path) -> None:
    """No page, and no script of ours, names one."""
    ours = [*site.rglob("*.html"), *site.rglob("client.mjs"), *site.rglob("worker.mjs")]
    for path in [*ours, site / "service-worker.js"]:
        assert "://" not in path.read_text(), path


def test_without_the_runtime_answers_are_still_rendered(tmp_path: Path) -> None:
    """One warning says so; strictly it is an error."""
    folder = write_site(tmp_path, **NO_RUNTIME)
    done = build(folder)
    assert done.returncode == 0, done.stderr
    warnings = [line for line in done.stderr.splitlines() if line.startswith("WARNING")]
    assert len(warnings) == 1
    assert "rendered answers only" in warnings[0]
    home = (folder / "site/index.html").read_text()
    assert "HELLO &lt;WORLD&gt;" in home
    assert "data-pyodide-client" not in home
    assert not (folder / "site/assets").exists()
    strict = build(folder, "--strict")
    assert strict.returncode == 1
    assert "rendered answers only" in strict.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"integrity": "sha512-AAAA"}, "integrity is"),
        ({"exclude": ["nothing"], **NO_RUNTIME}, "nothing like nothing to exclude"),
        ({"functions": {"loud": "toy.web:quiet"}, **NO_RUNTIME}, "quiet"),
        ({"functions": {}, **NO_RUNTIME}, "loud"),
        ({"package": "elsewhere", **NO_RUNTIME}, "elsewhere"),
    ],
)
def test_a_wrong_configuration_stops_the_build(
    tmp_path: Path, options: dict[str, Any], message: str
) -> None:
    """And is named; it is no reason for a site without answers."""
    archive = tmp_path / "pyodide.tgz"
    archive.write_bytes(b"another archive")
    done = build(write_site(tmp_path, **{"runtime": str(archive), **options}))
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_an_answer_that_links_nowhere_is_told(tmp_path: Path) -> None:
    """With the page and the address, at the level that the site gives to broken links."""
    folder = write_site(tmp_path, **NO_RUNTIME)
    shutil.rmtree(folder / "docs/sub/deep")
    done = build(folder)
    assert 'index.md: an answer links to "sub/deep/", which is not there' in done.stderr


def test_the_fork_builds_the_same_tree(site: Path, tmp_path: Path) -> None:
    """ProperDocs, same configuration, every file of ours equal."""
    pytest.importorskip("properdocs")
    done = build(write_site(tmp_path, theme="bare"), "--strict", program="properdocs")
    assert done.returncode == 0, done.stderr[-3000:]
    other = tmp_path / "site"
    for path in sorted(site.rglob("*")):
        if path.is_file() and path.suffix not in {".xml", ".gz"}:
            assert (other / path.relative_to(site)).read_bytes() == path.read_bytes(), path


def test_material_builds_it_too(tmp_path: Path) -> None:
    """A theme with an instant navigation and scripts of its own."""
    pytest.importorskip("material")
    folder = write_site(tmp_path, theme="material")
    done = build(folder, "--strict")
    assert done.returncode == 0, done.stderr[-3000:]
    assert "data-pyodide-client" in (folder / "site/sub/index.html").read_text()


def test_a_site_of_another_generator(site: Path, tmp_path: Path) -> None:
    """The same files as the plugin's, a script element a page, and a second run changes nothing."""
    need("node", "nodejs")
    other = tmp_path / "public"
    (other / "sub").mkdir(parents=True)
    (other / "index.html").write_text("<html><head></head><body>x</body></html>")
    (other / "sub/page.html").write_text('<body><a href="site:sub/">y</a></body>')
    package = write_toy(tmp_path)
    command = [
        sys.executable, "-m", "mkdocs_pyodide", str(other), "--package", str(package),
        "--function", "loud=toy.web:loud", "--exclude", "private", "--page", "sub/",
    ]  # fmt: skip
    states = []
    for _ in range(2):
        done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("2 pages, ")
        states.append({p: p.read_bytes() for p in other.rglob("*") if p.is_file()})
    assert states[0] == states[1]
    ours = {path.relative_to(site): path.read_bytes() for path in site.glob("assets/pyodide/*/*")}
    assert {path.relative_to(other) for path in states[0]} >= ours.keys()
    assert all((other / path).read_bytes() == data for path, data in ours.items())
    page = (other / "sub/page.html").read_text()
    assert '<a href="../sub/">' in page
    assert 'src="../assets/pyodide/' in page


def test_a_wrong_command_line_is_told(tmp_path: Path) -> None:
    """Status 2 for arguments, 1 for a runtime that cannot be had."""
    package = write_toy(tmp_path)
    base = [sys.executable, "-m", "mkdocs_pyodide", str(tmp_path), "--package", str(package)]
    runs = {("loud", "."): 2, ("loud=toy.web:loud", "/nowhere"): 1}
    for (function, runtime), status in runs.items():
        done = subprocess.run(
            [*base, "--function", function, "--runtime", runtime],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == status
        assert "Traceback" not in done.stderr


def test_the_service_worker_is_of_this_build(site: Path) -> None:
    """It names the files of the runtime that are always needed, and the frame of the site."""
    text = (site / "service-worker.js").read_text()
    line = next(line for line in text.splitlines() if line.startswith("const SITE"))
    about = json.loads(line.removeprefix("const SITE = ").removesuffix(";"))
    assert about["pages"] == ["", "404.html", "sub/"]
    assert all((site / path).is_file() for path in about["runtime"])
    assert not any(path.endswith("stdlib-full.zip") for path in about["runtime"])
