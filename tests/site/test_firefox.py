"""The main flows in Firefox, through WebDriver BiDi: ``firefox.mjs`` drives, this file judges.

Firefox cannot be told that one address means another port, as Chromium can. The
site's server is its proxy instead, and so sees every request that it makes.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import npm_packages
import pytest
import site_server
import vector_files
from needs import missing
from site_build import URL, Site
from site_server import Server

from checks import page as web

PUPPETEER = "24.43.1"
"""The last that Node 20 can run; 25 asks for Node 22.12."""

TEXTS = {
    "address": "0x7f.1:62893",
    "message": "Error: connect ECONNREFUSED ::1:5432\n    at <b>x</b>",
    "log": "GET http://127.0.0.1:3000/ 200\nredis 127.0.0.1:6379 lost\n10:22:01 nothing here",
    "markup": "<img src=x onerror=alert(1)>127.0.0.1:80",
}
EVERY = 6
"""One vector of so many is asked: about a hundred of all families."""


def puppeteer() -> Path:
    """The folder with puppeteer-core, without the browser that its script would fetch."""
    wanted = {"puppeteer-core": PUPPETEER}
    return npm_packages.installed("puppeteer-core", wanted, "--ignore-scripts")


def vectors() -> list[vector_files.Vector]:
    """Some of each family, without what no browser can be sent."""
    sent = [
        v for v in vector_files.load() if v.input == v.input.encode("utf-8", "replace").decode()
    ]
    return sent[::EVERY]


@pytest.fixture(scope="module")
def proxy(site: Site) -> Iterator[Server]:
    """The site on a server that Firefox has as its proxy."""
    with site_server.serving(site.root) as server:
        yield server


@pytest.fixture(scope="module")
def seen(proxy: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """All that Firefox saw, in one session."""
    firefox = shutil.which("firefox-esr") or missing("firefox-esr (apt-get install firefox-esr)")
    node = shutil.which("node") or missing("node (apt-get install nodejs)")
    job = {
        "modules": str(puppeteer()), "firefox": firefox, "proxy": proxy.port, "url": URL,
        "texts": TEXTS, "vectors": [vector.input for vector in vectors()],
    }  # fmt: skip
    home = tmp_path_factory.mktemp("firefox")
    done = subprocess.run(
        [node, str(Path(__file__).with_name("firefox.mjs"))], input=json.dumps(job), timeout=240,
        env={**os.environ, "HOME": str(home), "MOZ_CRASHREPORTER_DISABLE": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def flow(seen: dict[str, Any], name: str) -> dict[str, Any]:
    """What one flow saw; fails where it came to no end."""
    got: dict[str, Any] = seen[name]
    assert "error" not in got, got["error"]
    return got


def expected(text: str, base: str) -> str:
    """The answer that the build makes, for a page at some depth."""
    return web.answer(text).replace('href="site:', f'href="{base}')


def plain(html: str) -> str:
    """HTML in the one spelling that this Python and the browser's serialiser share."""
    return (
        html.replace("&#x27;", "'")
        .replace("&#39;", "'")
        .replace("&quot;", '"')
        .replace("&gt;", ">")
    )


def test_the_first_answer_is_rendered(seen: dict[str, Any]) -> None:
    """It is in the page when it opens."""
    first = flow(seen, "rendered")
    assert first["state"] == "rendered"
    assert "never leaves this machine" in first["html"]
    assert first["value"] == "127.0.0.1:62893"


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_pasted_is_answered_live(seen: dict[str, Any], name: str) -> None:
    """An address, an error, a log, markup: each with the build's own answer."""
    got = flow(seen, "pasted")[name]
    assert got["state"] == "live"
    assert got["value"] == TEXTS[name]
    assert plain(got["html"]) == plain(expected(TEXTS[name], got["base"]))


def test_a_log_has_its_pieces_marked(seen: dict[str, Any]) -> None:
    """A scheme, two hosts with their ports, a time."""
    assert flow(seen, "pasted")["log"]["html"].count("<mark") == 6


def test_the_keyboard(seen: dict[str, Any]) -> None:
    """A slash leads to the field, Escape empties it, Enter makes a step, Tab goes on."""
    got = flow(seen, "keyboard")
    assert got["focused"] == "classifier-input"
    assert got["emptied"] == ""
    assert got["next"] == "Copy command"
    for name, text in (("answer", "10.0.0.2:80"), ("back", "10.0.0.1:80")):
        assert got[name]["value"] == text
        assert plain(got[name]["html"]) == plain(expected(text, got[name]["base"]))


def test_the_documents_are_those_of_every_other_engine(seen: dict[str, Any]) -> None:
    """About a hundred vectors, to the byte."""
    asked = vectors()
    assert len(asked) >= 80
    assert {vector.family for vector in asked} == {vector.family for vector in vector_files.load()}
    got = seen["documents"]
    assert [v.id for v, one in zip(asked, got, strict=True) if one != v.expected_json] == []


def test_pages_change_in_place(seen: dict[str, Any], proxy: Server) -> None:
    """Three of them, with the same Python at the end: its runtime came once."""
    got = flow(seen, "navigation")
    assert got["same"] is True
    assert len(set(got["titles"])) == 4
    assert got["answer"]["state"] == "live"
    assert got["answer"]["base"] == "../"
    loads = [one for one in proxy.requests if one.path.endswith("stdlib.zip") and one.status == 200]
    assert len(loads) == 1


def test_the_search_finds_and_leads(seen: dict[str, Any]) -> None:
    """By keys alone; the address has nothing of what was searched."""
    got = flow(seen, "search")
    assert got["title"].startswith("C305 ")
    assert got["address"].endswith("/reference/findings/backlog-full/")


def test_an_address_that_asks_is_answered_on_load(seen: dict[str, Any]) -> None:
    """Opened in another tab."""
    got = flow(seen, "permalink")
    assert got["value"] == "0x7f.1:80"
    assert plain(got["html"]) == plain(expected("0x7f.1:80", got["base"]))


def test_nothing_goes_wrong_and_nobody_else_is_asked(seen: dict[str, Any]) -> None:
    """No error in the console, no failed request, no other host."""
    assert seen["console"] == []
    assert seen["failed"] == []
    hosts = {urlsplit(url).hostname for url in seen["requests"] if not url.startswith("data:")}
    assert hosts == {"127.0.0.1"}
