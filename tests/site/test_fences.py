"""Every fenced example of the pages is proved; what is not run says why."""

from __future__ import annotations

import contextlib
import re
import time
from collections import Counter
from pathlib import Path

import fence_run
import fence_shell
import fences
import pytest
from fence_run import DiffersError
from fence_shell import Output, Place, Shell
from fences import Fence, MalformedError, parse

PAGES = fences.pages()


def _of(page: Path) -> list[Fence]:
    """A page's fences; one that cannot be read fails in its own test, not in all."""
    try:
        return fences.of(page)
    except MalformedError:
        return []


FENCES = [fence for page in PAGES for fence in _of(page)]
RUN = [fence for fence in FENCES if fence.runs_here]
ELSEWHERE = [fence for fence in FENCES if not fence.skip and not fence.runs_here]
SKIPPED = [fence for fence in FENCES if fence.skip]


@pytest.mark.parametrize("page", PAGES, ids=fences.name_of)
def test_the_examples_of_a_page_can_be_read(page: Path) -> None:
    """Every fence has its end, every option its meaning."""
    fences.of(page)


@pytest.mark.parametrize("fence", RUN, ids=lambda fence: fence.name)
def test_an_example_is_what_its_page_shows(fence: Fence) -> None:
    """It is run or parsed on the system that it is for."""
    try:
        fence_run.prove(fence)
    except DiffersError as error:
        pytest.fail(f"docs/{fence.page}.md, line {fence.line}\n{error}", pytrace=False)


@pytest.mark.parametrize("fence", ELSEWHERE, ids=lambda fence: fence.name)
def test_an_example_for_another_system_can_be_read(fence: Fence) -> None:
    """That system's run of these tests proves it; here its commands are parsed."""
    assert fence.os in fences.SYSTEMS
    fence_run.read_elsewhere(fence)


def test_what_is_not_run_has_a_reason() -> None:
    """Skipped examples are few, and each says in words why it cannot run."""
    for fence in SKIPPED:
        assert len(fence.skip.split()) >= 3, f"{fence.name}: {fence.skip!r} is no reason"
    systems = Counter(fence.os for fence in ELSEWHERE)
    print(f"{len(RUN)} fences run here, {dict(systems)} for other systems, {len(SKIPPED)} skipped")
    for fence in SKIPPED:
        print(f"  {fence.name}: {fence.skip}")
    assert len(SKIPPED) <= len(RUN) / 3


_TAKEN_BY = {"app.py": "app|flask"}
"""Files that a program takes without being told: ``flask run`` looks for app.py."""


def test_a_file_that_an_example_writes_is_used() -> None:
    """A file= fence proves nothing by itself: a later fence of its page must name the file."""
    for fence in FENCES:
        if name := fence.options.get("file"):
            stem = _TAKEN_BY.get(name, Path(name).name.partition(".")[0])
            assert any(
                later.page == fence.page
                and later.line > fence.line
                and later.language in {"console", "python", "pycon", "powershell", "nginx"}
                and not later.skip
                and re.search(rf"\b(?:{stem})\b", later.text + str(later.options))
                for later in FENCES
            ), f"{fence.name}: no later fence uses {name}"


# The runner itself


PAGE = """---
title: x
---
```console title="a"
$ true
```

=== "Linux"

    <!-- fence: skip="needs a Docker engine" -->
    ```dockerfile
    FROM scratch
      RUN x
    ```

=== "macOS (zsh)"

    !!! note

        ~~~~text
        ```
        ~~~~

=== "By hand"

    ```json
    {}
    ```

<!-- fence: file=app.py -->
```{ .python .annotate }
print(1)
```

```console
$ python3 app.py
```
"""


def test_a_page_is_read_as_it_is_written() -> None:
    """Languages, lines, tabs, indentation, options and files are found."""
    found = parse(PAGE, "p")
    assert [(one.name, one.os) for one in found] == [
        ("p:4-console", "linux"), ("p:11-dockerfile", "linux"), ("p:20-text", "macos"),
        ("p:26-json", "linux"), ("p:31-python", "linux"), ("p:35-console", "linux"),
    ]  # fmt: skip
    assert found[1].text == "FROM scratch\n  RUN x\n"
    assert found[1].skip == "needs a Docker engine"
    assert found[2].text == "```\n"
    assert found[5].files == (("app.py", "print(1)\n"),)
    assert found[3].files == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("```console\n$ true\n", "p:1: the fence has no end"),
        ("<!-- fence: oss=macos -->\n```text\n```", "'oss=macos' is no option"),
        ("<!-- fence: skip -->\n```text\n```", "'skip' is no option"),
        ("<!-- fence: os=macos -->\n\n```text\n```", "p:1: the comment must stand directly"),
        ("<!-- fence: os=macos -->\nwords", "p:1: the comment must stand directly"),
    ],
)
def test_a_page_that_cannot_be_read_names_the_line(text: str, says: str) -> None:
    """A slip in a page is an error, never an example that is silently left out."""
    with pytest.raises(MalformedError, match=re.escape(says)):
        parse(text, "p")


@pytest.mark.parametrize(
    ("shown", "real", "same"),
    [
        ("a b", "a\n  b\n", True),
        ("", "", True),
        ("", "a", False),
        ("...", "", True),
        ("...", "a\nb", True),
        ("a ... c", "a b c", True),
        ("a ...) d", "a 12) d", True),
        ("a ... c", "a c d", False),
        ("a...\n...", "abc\nd\ne", True),
        ("a ... b", "x a b", False),
        ("... a ... a", "a", False),
        ("aa ... aa", "aa", False),
    ],
)
def test_an_ellipsis_stands_for_anything(shown: str, real: str, same: bool) -> None:
    """White space is folded; everything else is compared."""
    assert fence_run.matches(shown, real) is same


@pytest.mark.parametrize(
    ("language", "text", "says"),
    [
        ("console", "$ echo a\nb", "+a"),
        ("console", "$ echo a >&2", "is shown to print nothing, but prints:\na"),
        ("console", "true", "begins with '$ '"),
        ("console", "$ exit 3\n$ true", "the shell ended"),
        ("python", "1 / 0", "ZeroDivisionError"),
        ("pycon", ">>> 1 + 1\n3", "Got:"),
        ("pycon", "1 + 1", ">>>"),
        ("json", "{,}", "JSONDecodeError"),
        ("yaml", "a: [", "ParserError"),
        ("toml", "a = ", "TOML"),
        ("ini", "a b c\n", "is no setting"),
        ("html", "<p><b></p>", "</p> closes nothing"),
        ("nginx", "listen 127.0.0.1:x;", "invalid port"),
        ("javascript", "let = =", "SyntaxError"),
        ("css", "a {}", "is not run; say why"),
        ("check", " ", "nothing in it"),
    ],
)
def test_an_example_that_is_wrong_is_told(language: str, text: str, says: str) -> None:
    """Each kind of proof can fail, and says how."""
    with pytest.raises(DiffersError, match=re.escape(says)):
        fence_run.prove(Fence("p", 1, language, text))


@pytest.mark.parametrize(
    ("language", "text", "options"),
    [
        ("console", "$ cat <<E\n> a\n> E\na\n$ false; echo $?\n1", {}),
        (
            "console",
            "$ socat TCP-LISTEN:80,fork EXEC:date &\n$ socat - TCP:[::1]:80\n...refused",
            {},
        ),
        ("console", "$ nc -l 127.0.0.1 80 &\n$ kill %1\n$ wait", {}),
        ("console", "$ (nc -l 127.0.0.1 80 & sleep 0.3; echo late) &\nlate\n$ true", {}),
        ("console", "$ nosuch\nbash: nosuch: command not found", {}),
        ("console", "$ redis-cli ping\nPONG", {"setup": "redis"}),
        (
            "console",
            "$ curl -s 127.0.0.1:81/a\nb",
            {"before": "echo b >a;; python3 -m http.server 81 &"},
        ),
        ("console", "$ getent ahosts localhost\n::1 STREAM localhost\n...", {}),
        ("python", "import socket; socket.create_server(('127.0.0.1', 80))", {}),
        ("pycon", ">>> 1 + 1\n2", {}),
        ("ini", "[mysqld]\nskip-name-resolve\nbind-address = 127.0.0.1", {}),
        ("nginx", "location / { proxy_pass http://127.0.0.1:3000; }", {}),
        ("nginx", "server { listen 127.0.0.1:80; }", {}),
        ("javascript", "import 'node:net';\nawait 1;", {}),
        ("javascript", "process.exit(0)", {"run": ""}),
        ("html", "<img src=a><p>b<br></p>", {}),
    ],
)
def test_an_example_that_is_right_passes(language: str, text: str, options: dict[str, str]) -> None:
    """Servers, ports below 1024, here-documents, the names of this machine: all as shown."""
    fence_run.prove(Fence("p", 1, language, text, options=options))


def test_a_situation_that_cannot_be_made_is_told() -> None:
    """A command before the transcript that fails is not taken for the example's own output."""
    with pytest.raises(DiffersError, match=r"before=false failed"):
        fence_run.prove(Fence("p", 1, "console", "$ true", options={"before": "false"}))


def test_nothing_is_left_of_an_example() -> None:
    """Processes that detached from the shell end with it, and its directory is gone."""
    with Place({}) as place, Shell(place) as shell:
        shell.run("setsid python3 -m http.server 80 &")
        assert any(row.endswith(":0050") for row in shell.sockets()[0])
        mark = str(place.directory)
        assert _processes_in(mark)
    end = time.monotonic() + fence_shell.READY  # the kernel ends them in its own time
    while (left := _processes_in(mark)) and time.monotonic() < end:
        time.sleep(0.01)
    assert left == []
    assert not place.directory.exists()


def _processes_in(directory: str) -> list[str]:
    found = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            # Also once the directory is removed from under a process.
            if str(link.readlink()).removesuffix(" (deleted)") == directory:
                found.append(link.parent.name)
    return found


def test_an_example_without_an_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has a bound; what hangs is named."""
    run = Shell.run

    def short(shell: Shell, command: str, *, waits: bool = True) -> Output:
        if command == "sleep 100":  # the time until here is that of making a place
            shell._place._deadline = time.monotonic() + 1
        return run(shell, command, waits=waits)

    monkeypatch.setattr(Shell, "run", short)
    with pytest.raises(DiffersError, match=r"not at its end after 180 s: sleep 100"):
        fence_run.prove(Fence("p", 1, "console", "$ sleep 100"))
