"""The README's examples are run: a transcript that has gone stale is a red test."""

from __future__ import annotations

import doctest
import os
import re
import select
import subprocess
import sys
from pathlib import Path

import pytest
from needs import need_ipv6
from situations import own_network

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE

TRANSCRIPTS = [
    block
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    if "http.server" in block
]


def unwrapped(text: str) -> str:
    """The transcript with an ellipsis wherever one stands for the end of a line."""
    return re.sub(r"\.\.\.$", "...\n", text, flags=re.MULTILINE)


@pytest.mark.parametrize("block", TRANSCRIPTS)
def test_a_transcript_is_what_is_printed(block: str) -> None:
    """The server is started as shown, the question asked, and the answer compared.

    In a network of its own, where every port is free; and the answer is about this very server.
    """
    need_ipv6()
    server, question = re.findall(r"^\$ python3 (.*?)(?: &)?$", block, re.MULTILINE)
    expected = block.partition(f"$ python3 {question}\n")[2]
    python = "/usr/bin/python3" if Path("/usr/bin/python3").exists() else sys.executable
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    command = [python, *server.split()]
    with (
        own_network(),
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
            cwd="/",
        ) as child,
    ):  # fmt: skip
        assert child.stdout is not None
        assert child.stderr is not None
        assert select.select([child.stdout], [], [], 30)[0]
        assert child.stdout.readline().startswith("Serving HTTP on "), child.stderr.read()
        try:
            found = subprocess.run(
                [sys.executable, *question.split()], cwd=ROOT, capture_output=True, text=True,
                timeout=60, check=False,
            )  # fmt: skip
        finally:
            child.terminate()
    checker = doctest.OutputChecker()
    assert f"(pid {child.pid})" in found.stdout
    matches = checker.check_output(unwrapped(expected), found.stdout, OPTIONS)
    assert matches, found.stdout


def test_the_python_examples_give_what_they_show() -> None:
    """Every >>> of the README is run by doctest."""
    examples = "\n".join(re.findall(r"```pycon\n(.*?)```", README, re.DOTALL))
    test = doctest.DocTestParser().get_doctest(examples, {}, "README.md", "README.md", 0)
    results = doctest.DocTestRunner(optionflags=OPTIONS).run(test)
    assert results.attempted >= 5
    assert results.failed == 0


@pytest.mark.parametrize("name", ["test", "check", "bench"])
def test_the_makefile_has_what_the_readme_names(name: str) -> None:
    """A command that the README tells is there."""
    assert re.search(rf"^{name}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert f"make {name}" in README
