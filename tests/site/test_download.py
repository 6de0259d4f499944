"""The program is offered where it is shown, and what is offered runs."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import site_build
from needs import need
from site_build import Site
from site_server import Server

from checks import __version__
from tools import pyz
from tools.site import download

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file as somebody has it who downloaded it: alone in a folder."""
    path = tmp_path_factory.mktemp("downloads") / pyz.NAME
    path.write_bytes(pyz.content("https://example.org/docs/"))
    return path


def run(archive: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the file with a Python that has no packages and does not see this checkout."""
    return subprocess.run(
        [sys.executable, "-I", "-S", pyz.NAME, *words],
        cwd=archive.parent, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--version"], 0, f"checks {__version__}"),
        (["--help"], 0, f" {pyz.NAME} [OPTION...] TARGET..."),
        (["classify", "127.0.0.1:62893"], 0, "62893 is a dynamic port"),
        (["explain", "C302"], 0, "C302 nothing-listening"),
        (["--json", "127.0.0.1:1"], 1, '"endpoint"'),
        (["listen"], 0, ""),
        (["free"], 0, ""),
        (["completion", "bash"], 0, "complete"),
        (["127.0.0.1:99999"], 2, "99999"),
    ],
)
def test_each_command_runs_from_the_one_file(
    archive: Path, words: list[str], code: int, says: str
) -> None:
    """Nothing that a command needs lies beside it."""
    done = run(archive, *words)
    assert done.returncode == code, done.stdout + done.stderr
    assert says in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_it_leads_to_the_site_that_it_was_built_for(archive: Path) -> None:
    """The address is in the file and not in the checkout."""
    assert "https://example.org/docs/" in run(archive, "--json", "classify", "127.0.0.1").stdout


def test_the_same_tree_makes_the_same_bytes(archive: Path) -> None:
    """No entry has a time, an owner or an order of its own; nothing compiled is in it."""
    assert pyz.content("https://example.org/docs/") == archive.read_bytes()
    with zipfile.ZipFile(archive) as opened:
        entries = opened.infolist()
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {Path(entry.filename).suffix for entry in entries} == {"", ".json", ".py", ".typed"}


def test_the_site_has_the_file_and_its_checksum(site: Site, served: Server, tmp_path: Path) -> None:
    """The commands of the page for Linux, typed as they are, against the served site."""
    need("curl", "curl")
    data = (site.root / pyz.NAME).read_bytes()
    page = site.by_address["reference/cli/"].text
    assert f"<code>{hashlib.sha256(data).hexdigest()}</code>" in page
    box = next(
        one for one in site.by_address["reference/cli/"].all("pre") if "sha256sum" in one.raw
    )
    commands = re.findall(r"^\$ (.*)$", box.raw, re.MULTILINE)
    assert len(commands) == 3
    place = f"http://127.0.0.1:{served.port}/project/"
    script = "set -e -o pipefail\n" + "\n".join(commands[:2]).replace(site_build.URL, place)
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{pyz.NAME}: OK\n"
    assert (tmp_path / pyz.NAME).read_bytes() == data


def test_each_page_that_shows_the_program_says_where_it_is(site: Site) -> None:
    """Once a page, and its link leads to the file."""
    missing = []
    for page in site.pages:
        shows = any(
            "-m checks" in one.raw and one.raw.lstrip().startswith("$") for one in page.all("pre")
        )
        lines = [one for one in page.all("p") if "lb-get-line" in one.classes]
        boxes = [one for one in page.all("div") if "lb-get" in one.classes]
        assert len(lines) + len(boxes) <= 1, page.address
        if shows and not lines and not boxes:
            missing.append(page.address)
        for link in page.all("a"):
            if link.get("href").endswith(pyz.NAME):
                assert site.resolve(page, link.get("href")) == (site.root / pyz.NAME, "")
    assert missing == []


def test_a_fence_in_a_list_or_tab_keeps_its_indentation() -> None:
    """The line belongs to the tab that its transcript is in."""
    markdown = '=== "Linux"\n\n    ```console\n    $ python3 -m checks 80\n    ```\n\nmore\n'
    made = download.offered(markdown, "uses/web.md", "http://127.0.0.1:62893/")
    assert "\n    [Get checks.pyz](../checks.pyz)" in made
    assert "\n    { .lb-get-line }\n" in made
    assert download.offered("```console\n$ ss -ltn\n```\n", "a.md", "") == (
        "```console\n$ ss -ltn\n```\n"
    )


def test_a_build_that_knows_its_repository_leads_to_it(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the head, in the foot, and to edit a page that has a source; without one, nowhere."""
    repository = "https://git.example/someone/checks"
    assert not any("rel=edit" in page.text or 'rel="edit"' in page.text for page in site.pages)
    monkeypatch.setenv("REPO_URL", repository)
    site_build.build(tmp_path)
    told = Site(tmp_path).by_address
    links = [one.get("href") for one in told["loopback/block/"].all("a")]
    assert links.count(repository) >= 2
    assert f"{repository}/edit/main/docs/loopback/block.md" in links
    assert not any("/edit/" in one.get("href") for one in told["reference/cli/"].all("a"))
    # The theme's script would ask the repository's host for its stars.
    assert 'data-md-component="source"' not in told[""].text
