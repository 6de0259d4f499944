"""checks completion: scripts that the shells themselves read and obey."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from cli.terminal import run
from needs import need

from checks.cli import commands, completion

if TYPE_CHECKING:
    from pathlib import Path

_BASH = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_checks
printf '%s\\n' "${COMPREPLY[@]}"
"""

CASES = [
    (["checks", ""], {"classify", "explain", "listen", "scan", "free", "wait", "completion"}),
    (["checks", "li"], {"listen"}),
    (["checks", "listen", "--ex"], {"--exposed"}),
    (["checks", "listen", "--format", "n"], {"nagios"}),
    (["checks", "--format", "j"], {"json", "junit"}),
    (["checks", "completion", ""], {"bash", "zsh", "fish"}),
    (["checks", "wait", "--rem"], {"--remote"}),
]


@pytest.fixture(params=completion.SHELLS)
def script(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """A shell and the file with its script."""
    path = tmp_path / "script"
    path.write_text(run("completion", request.param).stdout, encoding="utf-8")
    return request.param, str(path)


@pytest.mark.parametrize(("words", "expected"), CASES)
def test_bash_offers(words: list[str], expected: set[str], tmp_path: Path) -> None:
    """What bash would show after Tab."""
    need("bash", "bash")
    path = tmp_path / "script"
    path.write_text(run("completion", "bash").stdout, encoding="utf-8")
    found = subprocess.run(
        ["bash", "--norc", "-c", _BASH, "bash", str(path), *words], capture_output=True,
        text=True, check=True, timeout=60,
    )  # fmt: skip
    assert set(found.stdout.split()) == expected
    assert found.stderr == ""


@pytest.mark.parametrize("words", [["checks", "wait", "x", "--", "ls", "-"]])
def test_bash_leaves_the_command_after_wait_alone(words: list[str], tmp_path: Path) -> None:
    """After -- nothing of ours is offered."""
    need("bash", "bash")
    path = tmp_path / "script"
    path.write_text(run("completion", "bash").stdout, encoding="utf-8")
    found = subprocess.run(
        ["bash", "--norc", "-c", _BASH, "bash", str(path), *words], capture_output=True,
        text=True, check=True, timeout=60,
    )  # fmt: skip
    assert found.stdout.strip() == ""


@pytest.mark.parametrize(("words", "expected"), CASES)
def test_fish_offers(words: list[str], expected: set[str], tmp_path: Path) -> None:
    """What fish would show after Tab."""
    need("fish", "fish")
    path = tmp_path / "script"
    path.write_text(run("completion", "fish").stdout, encoding="utf-8")
    found = subprocess.run(
        ["fish", "--no-config", "-c", f'source {path}; complete -C "{" ".join(words)}"'],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert {line.partition("\t")[0] for line in found.stdout.splitlines()} == expected


def test_each_shell_reads_its_script(script: tuple[str, str]) -> None:
    """No shell finds an error in it."""
    shell, path = script
    need(shell, shell)
    subprocess.run([shell, "-n", path], check=True, capture_output=True, timeout=60)


def test_zsh_takes_it_for_checks() -> None:
    """The script registers a function for the program."""
    need("zsh", "zsh")
    text = run("completion", "zsh").stdout
    found = subprocess.run(
        ["zsh", "-fc", 'autoload -U compinit; compinit -u -D; eval "$1"; print $_comps[checks]',
         "zsh", text], capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert found.stdout.strip() == "_checks"


def test_every_command_and_option_is_in_it(script: tuple[str, str]) -> None:
    """What the parsers know is what is completed."""
    _, path = script
    with open(path, encoding="utf-8") as file:
        text = file.read()
    found = completion.everything()
    assert [each.name for each in found] == [each.name for each in commands.COMMANDS]
    for each in found:
        assert each.name in text
        for option in each.options:
            for name in option.names:
                assert name.lstrip("-") in text


@pytest.mark.parametrize("name", [each.name for each in commands.COMMANDS if each.name])
def test_help_fits_a_terminal(name: str) -> None:
    """At most 80 columns, with exit codes or examples."""
    found = run(name, "--help", COLUMNS="80")
    assert found.returncode == 0
    assert max(map(len, found.stdout.splitlines())) <= 80


@pytest.mark.parametrize("arguments", [[], ["tcsh"], ["bash", "zsh"]])
def test_bad_usage_is_two(arguments: list[str]) -> None:
    """With a reason on standard error."""
    found = run("completion", *arguments)
    assert (found.returncode, found.stdout) == (2, "")
