"""What the pages say, held against the catalogue, the nav and the rules of the house."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import outside_links
import pytest
import site_sources
from cases import each
from needs import missing
from servers import free_port
from site_sources import ROOT, Source

from checks.findings import CATALOGUE, Finding

TYPED = site_sources.typed()
GUIDES = [page for page in TYPED if page.is_guide]


@cache
def pages() -> list[Source]:
    """Every page. Those that code makes are made by the first test that asks."""
    return [*TYPED, *site_sources.generated()]


@cache
def by_path() -> dict[str, Source]:
    """The pages by their path."""
    return {page.path: page for page in pages()}


def path(page: Source) -> str:
    """A page as a test's name has it."""
    return page.path


# Pages and catalogue


def _page_of(slug: str) -> str:
    return f"reference/findings/{slug}.md"


@each("finding", CATALOGUE, ids=lambda finding: finding.code)
def test_a_finding_has_its_page_and_a_guide_that_leads_there(
    finding: type[Finding],
) -> None:
    """Who reads about a situation finds the finding for it, and the finding is explained."""
    target = _page_of(finding.slug)
    assert target in by_path()
    assert [page.path for page in GUIDES if target in map(page.resolved, _targets(page))]


def _targets(page: Source) -> list[str]:
    return [link.target for link in page.links if "://" not in link.target]


@each("page", TYPED, ids=path)
def test_a_link_to_a_finding_says_which(page: Source) -> None:
    """Code, slug and address of a link belong together."""
    codes = {finding.code: finding.slug for finding in CATALOGUE}
    for link in page.links:
        named = re.match(r"([A-Z]\d{3})\b ?([a-z0-9-]*)", link.words)
        target = page.resolved(link.target)
        if named and target.startswith("reference/findings/"):
            assert codes.get(named[1]), f"{named[1]} is no finding"
            assert target == _page_of(codes[named[1]]), link
            assert named[2] in ("", codes[named[1]]), link


@each("page", TYPED, ids=path)
def test_a_code_in_the_text_is_a_finding(page: Source) -> None:
    """A page names no code that the catalogue does not have, in drawings neither."""
    codes = {finding.code for finding in CATALOGUE}
    text = page.prose + "".join(page.drawings)
    assert set(re.findall(r"\b[APCBESON][1-8]\d\d\b", text)) <= codes


def _leaves(text: str) -> list[str]:
    """The items of a nested list that hold no further items."""
    items = re.split(r"^(?= *- )", text, flags=re.MULTILINE)[1:]
    depth = [len(item) - len(item.lstrip(" ")) for item in items]
    deeper = [*(after > now for now, after in pairwise(depth)), False]
    return [item for item, parent in zip(items, deeper, strict=True) if not parent]


def test_every_leaf_of_the_tree_names_a_finding() -> None:
    """The tree of the first page of troubleshooting ends in findings, in list and drawing alike."""
    page = by_path()["troubleshooting/index.md"]
    tree = dict(page.sections)["The tree"]
    leaves = _leaves(tree)
    assert len(leaves) >= 15
    for leaf in leaves:
        assert "reference/findings/" in leaf, leaf
    drawn = set(re.findall(r"\b[APCBESON]\d{3}\b", "".join(page.drawings)))
    assert drawn
    assert drawn <= set(re.findall(r"\[([APCBESON]\d{3})\b", tree))


@each("page", [page for page in GUIDES if page.path.startswith("troubleshooting/")], ids=path)
def test_a_page_for_trouble_leads_to_findings(page: Source) -> None:
    """Each of them ends in a diagnosis that the checks can make."""
    assert any("reference/findings/" in target for target in _targets(page))


# Nav and front matter


def test_every_page_is_in_the_nav_once() -> None:
    """No page is hidden, no entry leads nowhere."""
    assert sorted(site_sources.nav()) == sorted(by_path())


@each("page", pages, ids=path)
def test_a_page_introduces_itself(page: Source) -> None:
    """Title and description have the length that a search engine shows."""
    assert page.meta, "the front matter is missing, or is not YAML (a colon in unquoted text?)"
    title, description = str(page.meta["title"]), str(page.meta["description"])
    # A finding's title is also its line in the terminal.
    assert 2 <= len(title) <= (66 if page.generated else 60), len(title)
    assert 70 <= len(description) <= 170, len(description)
    assert description.endswith((".", "?")), description
    heading = re.search(r"^# +(.+?)(?: *\{.*\})?$", page.prose, re.MULTILINE)
    assert heading is not None
    assert _plain(heading[1]) == _plain(title)
    assert len(re.findall(r"^# ", page.prose, re.MULTILINE)) == 1


def _plain(text: str) -> str:
    return re.sub(r"[`*_\\]", "", text)


@pytest.mark.parametrize("key", ["title", "description"])
def test_no_two_pages_introduce_themselves_alike(key: str) -> None:
    """A list of results tells them apart."""
    counted = Counter(str(page.meta.get(key)) for page in pages())
    assert [text for text, times in counted.items() if times > 1] == []


# Sources

PRIMARY = frozenset(
    """
    android.googlesource.com attack.mitre.org chromedevtools.github.io chromestatus.com
    chromium.googlesource.com
    curl.se cwe.mitre.org daniel.haxx.se datatracker.ietf.org dev.mysql.com
    developer.android.com developer.apple.com developer.chrome.com developer.mozilla.org
    docs.djangoproject.com docs.docker.com docs.github.com docs.haproxy.org docs.kernel.org
    docs.oracle.com
    docs.podman.io docs.python.org fetch.spec.whatwg.org git.kernel.org github.com
    html.spec.whatwg.org httpd.apache.org json-schema.org kubernetes.io learn.microsoft.com
    man.freebsd.org man.netbsd.org man.openbsd.org man7.org manpages.debian.org mariadb.com
    netfilter.org nginx.org nodejs.org nvd.nist.gov pagefind.app pkg.go.dev pm2.keymetrics.io
    pubs.opengroup.org pyodide.org redis.io searchfox.org source.chromium.org sourceware.org
    skarnet.org smarden.org squidfunk.github.io supervisord.org support.apple.com
    support.microsoft.com support.mozilla.org
    support.microsoft.com www.firefox.com
    support.microsoft.com support.mozilla.org www.chromium.org www.firefox.com
    url.spec.whatwg.org wicg.github.io wiki.mozilla.org www.debian.org www.elastic.co
    www.freebsd.org www.gnu.org www.iana.org www.jenkins.io www.kernel.org www.man7.org
    www.mkdocs.org www.mongodb.com www.qemu.org www.netfilter.org www.openssh.com www.postgresql.org
    www.rfc-editor.org www.unicode.org www.w3.org
    """.split()
)
"""Who makes the thing that the page speaks of: standards, registries, manuals, source code."""

_WITHOUT = frozenset({"uses/index.md", "security/index.md"})
"""Only say what the pages of their section do."""


@each("page", [page for page in GUIDES if page.path not in _WITHOUT], ids=path)
def test_a_page_ends_with_its_sources(page: Source) -> None:
    """The last section lists who says so: links with what each one proves."""
    assert page.sections
    title, text = page.sections[-1]
    assert title == "Sources"
    entries = re.split(r"^- ", text, flags=re.MULTILINE)
    assert not entries[0].strip(), "the section is a list"
    assert len(entries) > 1
    for entry in entries[1:]:
        assert re.match(r"\[[^\]]*(?:\[[^\]]*\][^\]]*)*\]\(https://", entry), f"no link: {entry}"
        around = re.sub(r"\[(?:[^\[\]]|\[[^\]]*\])*\]\([^)]*\)", "", entry)
        assert set(re.findall(r"\w+", around)) - {"and"}, f"proves what? {entry}"


@each("page", pages, ids=path)
def test_a_source_is_a_primary_one(page: Source) -> None:
    """Links that lead out go to who makes the thing, over TLS."""
    for link in page.links:
        if "://" in link.target:
            parts = urlsplit(link.target)
            assert parts.scheme == "https" or parts.hostname in _PLAIN, link
            assert _is_primary(parts.hostname or ""), (
                f"{link.target}: is it a primary source? Then add the host to PRIMARY"
            )


_PLAIN = frozenset({"www.dest-unreach.org"})
"""Where socat lives: it offers no TLS."""


def _is_primary(host: str) -> bool:
    return host in PRIMARY | _PLAIN or host.removeprefix("www.") in MAKERS


MAKERS = frozenset(
    """
    astro.build cloud.google.com code.visualstudio.com containers.dev docs.astral.sh docs.comfy.org
    docs.deno.com docs.flutter.dev docs.ollama.com docs.openwebui.com docs.vllm.ai jan.ai
    docs.asyncapi.com docs.gunicorn.org docs.jupyter.org docs.openssl.org docs.pytest.org docs.rs
    docs.spring.io dotnet.microsoft.com electronjs.org esbuild.github.io
    etcd.io everything.curl.dev expressjs.com fastapi.tiangolo.com flask.palletsprojects.com
    go.dev guides.rubyonrails.org jetbrains.com jupyter-server.readthedocs.io kafka.apache.org
    laravel.com letsencrypt.org lima-vm.io lmstudio.ai microsoft.github.io mosquitto.org nextjs.org
    ngrok.com nip.io nmap.org npcap.com nuxt.com
    openjdk.org owasp.org php.net postgresql.org prometheus.io puma.io rabbitmq.com
    rootlesscontaine.rs sslip.io starlette.io svelte.dev tailscale.com tcpdump.org
    uvicorn.dev uvicorn.org vite.dev vitejs.dev webpack.js.org werkzeug.palletsprojects.com
    wiki.wireshark.org wireshark.org wsl.dev
    xdebug.org
    """.split()
)
"""Makers of single programs, each cited for that program alone."""


def test_links_out_of_the_site_are_listed() -> None:
    """The list for the check that asks other hosts has every address, without fragments."""
    found = outside_links.collect()
    assert len(found) >= 50
    assert all(urlsplit(address).hostname and "#" not in address for address in found)
    assert all(pages for pages in found.values())


def test_a_link_that_is_gone_is_told() -> None:
    """An address that answers is there; one without a listener is not."""
    closed = f"http://127.0.0.1:{free_port()}/"
    assert "refused" in outside_links.gone({closed: ["p"]})[closed]


# Nothing typed that can be computed

_COMPUTED = {
    "a port and its use": r"\|\s*`?\d{1,5}(?:[/-]\w+)?`?\s*\|",
    "an error's name": r"\|\s*`?(?:WSA)?E[A-Z]{4,}`?\s*\|",
    "an address block": r"\|\s*`?[\da-f.:]+/\d+`?\s*\|",
    "a finding": r"\|\s*\[?[APCBESON]\d{3}\b",
}


@each("page", TYPED, ids=path)
def test_no_page_types_what_code_knows(page: Source) -> None:
    """A table of ports, errors, blocks or findings is made by code, by a placeholder."""
    for table in re.findall(r"(?:^ *\|.*\n){2,}", page.prose + "\n", re.MULTILINE):
        rows = table.strip().splitlines()[2:]
        for what, begins in _COMPUTED.items():
            same = [row for row in rows if re.match(begins, row.strip())]
            assert len(same) < 4, f"{len(same)} rows that begin with {what}:\n{table}"


@pytest.mark.parametrize(
    ("says", "unless"),
    [
        (r"RFC 5735", r"replace|obsolete|older|former|wrong"),
        (r"ports? (?:below|under) 1024 (?:always )?(?:need|require)s? root", r"\bnot\b|wrong|half"),
        (r"(?:only root|root privileges?).{0,40}ports? below 1024", r"\bnot\b|wrong"),
        (r"localhost (?:is|means|equals) (?:always |simply |just )?127\.0\.0\.1", r"\bnot\b|wrong"),
        (r"62893 is (?:registered|assigned|reserved)", r"\bnot\b|\bno\b|wrong"),
        (r"49152.{0,12}65535.{0,60}ephemeral", r"\bnot\b|wrong|Windows|macOS|FreeBSD|never"),
        (r"0\.0\.0\.0 (?:is|means|equals) (?:the same as )?localhost", r"\bnot\b|wrong"),
        (r"(?:behaves|works) (?:identically|exactly) (?:to|like|as) 127", r"\bnot\b|wrong"),
        (r"loopback traffic (?:cannot|can not|can't|never) be (?:captured|sniffed|seen)", r"wrong"),
        (r"completely (?:safe|secure)|100 ?% (?:safe|secure)", r"\bnot\b|wrong"),
    ],
)  # fmt: skip
def test_folklore_is_nowhere_asserted(says: str, unless: str) -> None:
    """What popular articles get wrong stands here only as what it is."""
    for page in TYPED:
        for sentence in re.split(r"(?<=[.!?:])\s+|\n\n|\n- ", page.prose):
            flat = " ".join(sentence.split())
            if re.search(says, flat, re.IGNORECASE):
                assert re.search(unless, flat, re.IGNORECASE), f"{page.path}: {flat}"


_OWN = re.compile(
    r"\b(?:as an AI|session|the lead|TODO|FIXME|XXX|lorem ipsum|DESIGN\.md|FACTS\.md|TBD)\b"
)


@each("page", TYPED, ids=path)
def test_a_page_is_finished(page: Source) -> None:
    """No note to oneself is left in it, and no emoji."""
    found = {word for word in _OWN.findall(page.prose) if word != "session"}
    assert not found
    assert not re.findall(r"[\U0001F300-\U0001FAFF\u2600-\u27BF]", page.prose)


@each("page", [page for page in TYPED if page.drawings], ids=path)
def test_a_drawing_can_be_heard(page: Source) -> None:
    """It has a title and a description, and its colours come from the theme alone."""
    for drawing in page.drawings:
        head = drawing.partition(">")[0]
        assert 'class="drawing"' in head
        assert 'role="img"' in head
        assert "viewBox=" in head
        labels = re.search(r'aria-labelledby="([^"]+)"', head)
        assert labels is not None
        named = dict(re.findall(r'<(title|desc) id="([^"]+)"', drawing))
        assert set(labels[1].split()) == {named["title"], named["desc"]}
        assert not re.search(
            r"\bstyle=|<script|<style|\bon\w+=|#[0-9a-f]{3,6}\b|font-size=", drawing
        )
        assert not re.search(r'(?:fill|stroke)="(?!none")', drawing)


_SPELLED = "checks docs mkdocs_pyodide tests tools benchmarks mkdocs.yml Makefile pyproject.toml"
_TABLES = (
    "*/_services.py,*/_uts46*,*/vectors/*,*/tests/probe/*,*.svg,*.png"
    ",*/text/errors/*,*/text/marks/*,*/text/banners/*,*/text/prose/*,*/text/settings/*"
    ",*/text/test_tables.py,*/causes/texts/*"
)
"""Tables that are other people's words, in their languages and with their slips."""
_WORDS = "clos,passt,iif,bu,connexion,iterm,disabl,unter"
"""Taken for slips: code cut off, programs, a keyword of ip(8), part of a domain, French, German."""


def test_words_are_spelled() -> None:
    """Codespell finds no slip in pages, code and files that people read."""
    program = shutil.which("codespell", path=str(Path(sys.executable).parent))
    if program is None:
        missing("codespell (pip install --group site-tests)")
    files = [*_SPELLED.split(), *(path.name for path in ROOT.glob("*.md"))]
    found = subprocess.run(
        [program, "--skip", _TABLES, "--ignore-words-list", _WORDS, *files],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout + found.stderr
