"""How the site checks itself: what is made from what, what is run, and how many of each."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from checks import ports
from checks.address import blocks
from checks.findings import CATALOGUE
from checks.ports import services, uses
from checks.text.errors.table import ERRORS
from tools import make_schema
from tools.site import claims, commands, glossary
from tools.site.markup import number, page, sections, table

if TYPE_CHECKING:
    from collections.abc import Iterator

PATH = "reference/self-check.md"
ROOT = Path(__file__).parents[2]


def pages() -> dict[str, str]:
    """Return the page: path below docs to Markdown."""
    return {PATH: _page()}


def vectors() -> int:
    """Return how many conformance vectors stand in tests/vectors."""
    return sum(_size(json.loads(file.read_text("utf-8"))) for file in _vector_files())


def _vector_files() -> list[Path]:
    return sorted((ROOT / "tests" / "vectors").glob("*.json"))


def _size(document: object) -> int:
    """How many cases a file of vectors has: a list, or the lists of an object."""
    if isinstance(document, list):
        return len(document)
    if isinstance(document, dict):
        return sum(len(part) for part in document.values() if isinstance(part, list))
    return 0


def tests() -> int:
    """Return how many test functions there are; many run with many inputs."""
    found = (ROOT / "tests").rglob("test_*.py")
    text = (file.read_text("utf-8") for file in found)
    return sum(len(re.findall(r"^\s*(?:async )?def test_", one, re.MULTILINE)) for one in text)


def counts() -> Iterator[tuple[str, int]]:
    """Yield what there is, and how many."""
    options = sum(
        bool(action.option_strings)
        for command in commands.all_commands()
        for action in command.parser._actions
    )
    yield "findings, each with a page", len(CATALOGUE)
    yield "address blocks", len(blocks.BLOCKS)
    yield "registered services", sum(1 for _ in services.all_services())
    yield "ports that developers meet", len(uses.all_uses())
    yield "operating systems with their ephemeral range", len(ports.EPHEMERAL)
    yield "ports that the Fetch standard blocks", len(ports.BAD_PORTS)
    yield "default ports of URL schemes", len(ports.SCHEMES)
    yield "error messages", len(ERRORS)
    yield "objects of the JSON contract", sum(1 for _ in make_schema.objects(make_schema.schema()))
    yield "options of the command line", options
    yield "terms of the glossary", len(glossary.terms())
    yield "popular claims with a proof", len(claims.all_claims())
    yield "conformance vectors", vectors()
    yield "test functions", tests()


def _page() -> str:
    intro = (
        "The tables of this site are made from the data that the program uses, so the two cannot"
        " disagree. Its Linux transcripts are run by a test: a table or a Linux transcript that is"
        " wrong breaks the test. Commands for macOS and Windows are only parsed here, and"
        " sentences are checked by people against the sources that each page names. The numbers"
        " were counted when this page was made."
    )
    made = table(
        ("What", "Is made from"),
        (
            ("Pages of the findings, `checks explain`", "the docstring of each finding's class"),
            ("Tables in guides and in the reference", "the tables that the program decides by"),
            ("Command line", "the argument parsers"),
            ("Python API", "signatures and docstrings"),
            ("JSON contract", "the JSON Schema, joined with the docstrings"),
            ("Answers on the pages", "the classification, run when the site is built"),
            ("The answer as you type", "the same Python files, run in the browser"),
            ("Registered services", "the registry of IANA, by a script that a test repeats"),
            ("Search", "the text of the pages, by Pagefind, when the site is built"),
        ),
    )
    run = (
        "- Every fenced example of a guide for Linux: shell transcripts are run and their output is"
        " compared, Python is executed, configuration is parsed. An example that cannot run here"
        " has its reason in the source of the page. Examples for other systems are only parsed.\n"
        "- Every [claim](claims.md): its script is run, in a new network namespace if it opens"
        " sockets.\n"
        "- Every finding twice: with a real situation or input that leads to it, and with a similar"
        " one that does not. Listeners, full queues, firewalls and name servers are real. macOS and"
        " Windows are played through on Linux, and a Python for Windows runs under Wine.\n"
        "- Every page in Chromium: no request to another host, no violation of the"
        " Content-Security-Policy, no accessibility violation in light and dark.\n"
        "- The search in a real browser: queries that people type, each with the pages of which one"
        " must be among the first three results.\n"
        "- Every link and anchor inside the site, when it is built."
    )
    how = (
        "You need a clone of the repository, and Debian or Ubuntu. Each command sets up what it"
        " needs.\n\n"
        "```sh\n"
        "make serve   # this site, on http://127.0.0.1:62893/\n"
        "make site    # the same as files, in site/\n"
        "make test    # every test\n"
        "make check   # lint and types\n"
        "make bench   # speed and size, beside other tools\n"
        "```\n\n"
        "While `make serve` runs, `python3 -m checks 127.0.0.1:62893` diagnoses the site itself."
    )
    body = sections(
        ("How many", table(("What", "Count"), ((what, number(n)) for what, n in counts()), "lr")),
        ("What is made from what", made),
        ("What is run", run),
        ("Run it yourself", how),
        (
            "Sources",
            "- [MkDocs](https://www.mkdocs.org/) and"
            " [Material for MkDocs](https://squidfunk.github.io/mkdocs-material/): the generator"
            " and the theme of this site\n"
            "- [Pyodide](https://pyodide.org/): the Python that runs in the browser\n"
            "- [Pagefind](https://pagefind.app/): the search",
        ),
    )
    return page(
        "How this site checks itself",
        "What is generated from what, which examples and claims are run, the numbers, and how to"
        " run all of it yourself.",
        f"{intro}\n\n{body}",
    )
