"""The benchmark of the box: its peers load nothing from elsewhere, its figures are what it says."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from benchmarks import page, page_peers, paste, pastes
from checks.text import classify

RENDERED = """<p>
<script type="text/javascript" src="https://a.example/x/1.0/ace.js"></script>
<script type="text/javascript" src="https://b.example/v1/full/pyodide.js"></script>
<link title="dark" rel="alternate stylesheet" href="https://c.example/tomorrow-night-blue.min.css">
<svg xmlns="http://www.w3.org/2000/svg"></svg>
<pre id="exec-1--editor">print("https://d.example/")</pre></p>"""


def test_a_peers_page_has_local_copies_only() -> None:
    """Whatever host they were on; what is no address of a file stays as it is."""
    made = page_peers.fenced_page(RENDERED)
    sources = re.findall(r'(?:src|href)="([^"]*)"', made)
    assert sources == [
        "fence-pyodide.css", "ace/ace.js", "pyodide.js", "stub.js", "tomorrow-night.min.css",
        "fence-pyodide.js",
    ]  # fmt: skip
    assert 'xmlns="http://www.w3.org/2000/svg"' in made
    assert 'print("https://d.example/")' in made


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([3.0, 1.0, 2.0], 0.5, 2.0), ([1.0], 0.95, 1.0), ([float(n) for n in range(100)], 0.95, 94.0)],
)
def test_a_percentile_is_one_of_the_values(
    values: list[float], share: float, expected: float
) -> None:
    """The smallest that so many do not exceed."""
    assert page.percentile(values, share) == expected


def test_bytes_are_those_of_the_packed_files(tmp_path: Path) -> None:
    """A folder stands for its page; what is not there costs nothing."""
    (tmp_path / "index.html").write_bytes(b"x" * 1000)
    assert page.packed(tmp_path) == len(gzip.compress(b"x" * 1000, 9))
    assert page.packed(tmp_path / "none") == 0


def test_an_aim_is_met_or_missed_by_medians() -> None:
    """One run that is far off decides nothing."""

    def seen(cold: float, warm: float, keys: list[float]) -> page.Seen:
        return page.Seen(page.Visit(cold, 0.0, 80), page.Visit(warm, 60.0, 0), keys, 0.0)

    ours = [seen(30.0, 40.0, [15.0] * 19 + [90.0]), seen(30.0, 40.0, []), seen(900.0, 40.0, [])]
    stock = [page.Seen(page.Visit(100.0, 0.0, 100), page.Visit(100.0, 0.0, 0), [1.0], 0.0)]
    found = page.aims(page.summary({"ours": ours, "stock": stock}))
    assert [mark for *_, mark in found] == ["met", "missed", "met", "met", "met"]
    assert [name for name, *_ in found] == [name for name, _ in page.AIMS]


def test_processor_time_is_that_of_the_busiest_thread_of_its_kind() -> None:
    """Tasks of other threads, other processes and other events do not count."""

    def thread(pid: int, tid: int, name: str) -> dict[str, object]:
        return {"name": "thread_name", "pid": pid, "tid": tid, "args": {"name": name}}

    def task(pid: int, tid: int, spent: int, name: str = "RunTask") -> dict[str, object]:
        return {"name": f"ThreadControllerImpl::{name}", "pid": pid, "tid": tid, "tdur": spent}

    events = [
        thread(1, 1, "CrRendererMain"), thread(1, 2, "DedicatedWorker thread"),
        thread(2, 2, "DedicatedWorker thread"), task(1, 1, 9000), task(1, 2, 2000),
        task(1, 2, 3000), task(2, 2, 4000), task(1, 2, 7000, "Else"),
    ]  # fmt: skip
    assert paste.spent(events, "DedicatedWorker") == 5.0
    assert paste.spent(iter(events), "CrRendererMain") == 9.0
    assert paste.spent(events, "Compositor") == 0.0


@pytest.mark.parametrize("kind", pastes.LINES)
def test_a_long_paste_is_read_as_what_it_stands_for(kind: str) -> None:
    """Rows as rows of their tool, a log as lines with errors; each line has its endpoint."""
    read = classify(pastes.pasted(kind, 60))
    tables = [(one.tool, len(one.rows)) for one in read.tables]
    expected = {"netstat": [("netstat", 60)], "ss": [("ss", 60)], "docker ps": [("docker ps", 80)]}
    assert tables == expected.get(kind, [])
    assert bool(read.errors) == (kind in ("log", "errors"))
    assert len(read.endpoints) >= 48
