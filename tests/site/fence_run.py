"""Prove one fence: run it, or parse it, as its language asks.

:func:`prove` raises :class:`DiffersError` with what a writer needs to mend the page.
"""

from __future__ import annotations

import ast
import configparser
import difflib
import doctest
import json
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import fence_shell
import pytest
import servers
import yaml
from fence_shell import Output, OverdueError, Place, Shell
from needs import need

if TYPE_CHECKING:
    from collections.abc import Callable

    from fences import Fence

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover
    import tomlkit as tomllib


class DiffersError(AssertionError):
    """A fence that is not as the page shows it."""


# Transcripts


class Step(NamedTuple):
    """One command of a transcript, and what is shown under it."""

    command: str
    shown: str


def steps(text: str) -> list[Step]:
    """The commands of a transcript.

    A line that begins with ``$ `` is a command; lines directly below that
    begin with ``> `` continue it; the rest is what it prints.

    Raises:
        DiffersError: output before the first command, or no command at all.
    """
    found: list[tuple[list[str], list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append(([line[2:]], []))
        elif not found:
            if line.strip():
                raise DiffersError(f"a transcript begins with '$ ', not with {line!r}")
        elif (line.startswith("> ") or line == ">") and not found[-1][1]:
            found[-1][0].append(line[2:])
        else:
            found[-1][1].append(line)
    if not found:
        raise DiffersError("a transcript without a command ('$ ')")
    return [Step("\n".join(command), "\n".join(shown)) for command, shown in found]


_NOTICE = re.compile(
    r"^\S*bash: (?:line \d+: +\d+|\[\d+\]\S*) +(?:Terminated|Killed|Hangup|Interrupt)\b.*\n?",
    re.MULTILINE,
)
"""What bash says of a job that was ended, at a moment of its own."""
_LINE = re.compile(r"^\S*bash: (?:eval: )?line \d+: ", re.MULTILINE)
"""A bash that is not at a terminal counts the lines of its input."""


_SAID_OTHERWISE = tuple(
    (re.compile(pattern, re.MULTILINE), shown)
    for pattern, shown in (
        # ss of iproute2 6.15, where the output is no terminal
        (r"(Peer Address:Port)[ \t]*(?:Process)?[ \t]*$", r"\1Process"),
        # curl 8.14
        (r"Could not connect to server$", "Couldn't connect to server"),
        (r"target hostname '", "target host name '"),
        (r"^curl: \(35\) TLS connect error:", "curl: (35) OpenSSL/3:"),
        # OpenSSH 9.8
        (r'\("sshd-session"', '("sshd"'),
        # MariaDB's client 11.8, without a password
        (r"^WARNING: option --ssl-verify-server-cert is disabled.*\n", ""),
        # Node.js 24
        (r"(?<=https://nodejs\.org/)learn/getting-started/debugging", "en/docs/inspector"),
    )
)
"""What programs of Debian 13 say, and how the pages show it, which is as in Debian 12."""


def as_at_a_terminal(output: str) -> str:
    """Output as the pages show it: of a bash at a terminal, and in the words of one version."""
    output = _LINE.sub("bash: ", _NOTICE.sub("", output))
    for pattern, shown in _SAID_OTHERWISE:
        output = pattern.sub(shown, output)
    return output


def folded(text: str) -> str:
    """Text with each run of white space as one blank."""
    return " ".join(text.split())


def matches(shown: str, real: str) -> bool:
    """Whether output is as shown: white space is folded, ``...`` stands for anything."""
    pieces = [folded(piece) for piece in re.split(r"\.\.\.|…", shown)]
    rest = folded(real)
    if len(pieces) == 1:
        return rest == pieces[0]
    if not rest.startswith(pieces[0]):
        return False
    rest = rest[len(pieces[0]) :]
    for piece in pieces[1:-1]:
        at = rest.find(piece)
        if at < 0:
            return False
        rest = rest[at + len(piece) :]
    return rest.endswith(pieces[-1])


def _difference(step: Step, real: str, code: int) -> str:
    lines = difflib.unified_diff(
        step.shown.splitlines(), real.splitlines(), "shown", "real", lineterm="", n=99
    )
    return (
        f"$ {step.command}\n(exit code {code}) prints:\n{real}\n" + "\n".join(lines)
        if step.shown.strip()
        else f"$ {step.command}\n(exit code {code}) is shown to print nothing, but prints:\n{real}"
    )


def _prepare(place: Place, shell: Shell, fence: Fence) -> None:
    """Make the situation that a fence is about, which its reader meets and does not type.

    ``setup=`` names servers: ``postgres``, ``redis:6380``, two with a comma. ``before=`` is a
    command in the shell of the transcript, or several with ``;;`` between them; one that ends
    in ``&`` is waited for until it listens.
    """
    for word in filter(None, fence.options.get("setup", "").split(",")):
        name, _, port = word.partition(":")
        if name not in SERVERS:
            expected = ", ".join(sorted(SERVERS))
            raise DiffersError(f"setup={name} is unknown; expected one of {expected}")
        recipe, usual = SERVERS[name]
        directory = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=place.directory.parent))
        directory.chmod(0o755)
        plan = recipe(directory, int(port or usual))
        for file, text in fence.files:
            if file.startswith(f"{name}.config"):  # then options would overrule what the page shows
                (directory / file).write_text(text, encoding="utf-8")
                plan = plan._replace(command=plan.command[: plan.command.index(str(directory)) + 1])
        words = [f"{key}={value}" for key, value in plan.environment.items()]
        command = shlex.join(["env", "-C", str(directory), *words, *plan.command])
        started = shell.run(f"{command} &")
        if not _comes_up(place, shell, started, int(port or usual), plan.says):
            raise DiffersError(f"setup={word} did not come up:\n{started.read()}")
    for command in filter(str.strip, fence.options.get("before", "").split(";;")):
        done = shell.run(command.strip())
        if done.code:
            raise DiffersError(f"before={command} failed:\n{done.read()}")


def _comes_up(place: Place, shell: Shell, started: Output, port: int, says: str) -> bool:
    """Whether a server listens in time, and has said that it is ready where it has words for it."""

    def up() -> bool:
        listens = any(row.endswith(f":{port:04X}") for row in shell.sockets()[0])
        return listens and says in started.read()

    return _in_time(place, up)


def _in_time(place: Place, holds: Callable[[], bool]) -> bool:
    """Whether something holds before the time for it is over; it is asked again and again."""
    end = time.monotonic() + min(fence_shell.READY, place.left())
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


SERVERS: dict[str, tuple[Callable[[Path, int], servers.Plan], int]] = {
    "postgres": (servers.postgresql, 5432),
    "mariadb": (servers.mariadb, 3306),
    "redis": (servers.redis, 6379),
    "memcached": (servers.memcached, 11211),
    "nginx": (servers.nginx, 8080),
    "http": (servers.python_http, 8000),
    "flask": (servers.flask, 5000),
    "django": (servers.django, 8000),
    "vite": (servers.vite, 5173),
    "jupyter": (servers.jupyter, 8888),
    "sshd": (servers.sshd, 22),
    "mosquitto": (servers.mosquitto, 1883),
    "rabbitmq": (servers.rabbitmq, 5672),
    "node-inspector": (servers.node_inspector, 9229),
    "chromium": (servers.chromium, 9222),
    "java-debug": (servers.java, 5005),
}
"""What ``setup=`` can start, and on which port of 127.0.0.1."""


def console(fence: Fence) -> None:
    """Run a transcript's commands in order, and compare what each prints."""
    todo = steps(fence.text)
    with _place(fence) as place, Shell(place) as shell:
        _prepare(place, shell, fence)
        following = [step.command.startswith("until ") for step in (*todo[1:], Step("", ""))]
        done = [
            (step, shell.run(step.command, waits=not loops))
            for step, loops in zip(todo, following, strict=True)
        ]
        wrong = []
        for step, output in done:
            # What runs in the background speaks when it likes: unshown, it is not compared.
            if output.background and not step.shown.strip():
                continue
            real = _said(output, step.shown, place)
            if not matches(step.shown, real):
                wrong.append(_difference(step, real, output.code))
    if wrong:
        raise DiffersError("\n\n".join(wrong))


def _said(output: Output, shown: str, place: Place) -> str:
    """What a command printed; one in the background may say it a little later than it listens."""
    if output.background:
        _in_time(place, lambda: matches(shown, as_at_a_terminal(output.read())))
    return as_at_a_terminal(output.read())


def spoken_elsewhere(fence: Fence) -> None:
    """A transcript of another system: its commands are at least read by bash."""
    for step in steps(fence.text):
        command = ["bash", "-n", "-c", step.command]
        read = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
        if read.returncode:
            raise DiffersError(read.stderr)


def powershell(fence: Fence) -> None:
    """Windows: run the commands as one script; a line that begins with ``PS> `` is one."""
    lines = fence.text.splitlines()
    prompted = [match[1] for line in lines if (match := re.match(r"PS[^>]*> ?(.*)", line))]
    with _place(fence) as place:
        place.add({"example.ps1": "\n".join(prompted or lines)})
        script = str(place.directory / "example.ps1")
        command = ["powershell", "-NoProfile", "-ExecutionPolicy", "Bypass", "-File", script]
        _succeeds(subprocess.run(command, capture_output=True, text=True, check=False,
                                 timeout=fence_shell.BOUND, cwd=place.directory))  # fmt: skip


def _succeeds(ran: subprocess.CompletedProcess[str]) -> None:
    if ran.returncode:
        raise DiffersError(f"exit code {ran.returncode}:\n{ran.stdout}{ran.stderr}")


def _place(fence: Fence, **more: str) -> Place:
    return Place({**dict(fence.files), **more}, isolated=sys.platform == "linux")


def _run(fence: Fence, name: str, *command: str) -> None:
    with _place(fence, **{name: fence.text}) as place:
        if {"setup", "before"} & fence.options.keys():
            with Shell(place) as shell:
                _prepare(place, shell, fence)
                output = shell.run(shlex.join([*command, name]))
                code, said = output.code, output.read()
        else:
            code, said = place.run([*command, name])
    if code:
        raise DiffersError(f"exit code {code}:\n{said}")


# Programs


def python(fence: Fence) -> None:
    """A script that must come to its end without an error."""
    if "file" in fence.options:
        ast.parse(fence.text)
    else:
        _run(fence, "example.py", "python3")


def pycon(fence: Fence) -> None:
    """A session: doctest runs it, ``...`` stands for anything."""
    if not doctest.DocTestParser().get_examples(fence.text):
        raise DiffersError("a session without a line that begins with >>>")
    _run(fence, "example.txt", "python3", "-m", "doctest", "-o", "ELLIPSIS",
         "-o", "NORMALIZE_WHITESPACE")  # fmt: skip


def javascript(fence: Fence) -> None:
    """A script: node reads it, and runs it where the page says so."""
    node = need_program("node", "nodejs")
    module = re.search(r"^\s*(import\b(?!\()|export\b)|^await\b", fence.text, re.MULTILINE)
    name = "example.mjs" if module else "example.cjs"
    if "run" in fence.options:
        _run(fence, name, node)
    else:
        _run(fence, name, node, "--check")


def need_program(program: str, package: str) -> str:
    """The path of a program; without it the test is skipped by name."""
    need(program, package)
    return str(shutil.which(program))


# Configuration


def json_text(fence: Fence) -> None:
    """One JSON value."""
    json.loads(fence.text)


def yaml_text(fence: Fence) -> None:
    """YAML documents."""
    list(yaml.safe_load_all(fence.text))


def toml_text(fence: Fence) -> None:
    """One TOML document."""
    tomllib.loads(fence.text)


def ini_text(fence: Fence) -> None:
    """Sections and settings; settings before the first section are allowed, bare words too."""
    parser = configparser.ConfigParser(strict=False, interpolation=None, allow_no_value=True)
    parser.read_string("[first]\n" + fence.text)
    for section in parser.sections():
        for key, value in parser.items(section):
            if value is None and not re.fullmatch(r"[\w.-]+", key):
                raise DiffersError(f"{key!r} is no setting")


class _Balance(HTMLParser):
    """Whether every element that is opened is closed, in order."""

    VOID = frozenset(
        "area base br col embed hr img input link meta source track wbr".split()
    )  # HTML Standard §13.1.2

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.seen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen += 1
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen += 1

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes nothing (line {self.getpos()[0]})")


def html_text(fence: Fence) -> None:
    """Markup whose elements are closed in order."""
    check_html(fence.text)


def check_html(text: str) -> None:
    """Raise DiffersError where markup has no element, or one that is not closed."""
    balance = _Balance()
    balance.feed(text)
    balance.close()
    wrong = balance.wrong + [f"<{tag}> is not closed" for tag in balance.open]
    if wrong or not balance.seen:
        raise DiffersError("; ".join(wrong) or "no element")


def nginx(fence: Fence) -> None:
    """A configuration, or the part that stands inside ``http`` or ``server``: ``nginx -t``."""
    program = need_program("nginx", "nginx-light")
    text = fence.text
    if not re.search(r"^\s*(http|events|stream)\s*\{", text, re.MULTILINE):
        if not re.search(r"^\s*(server|upstream|map)\b[^;]*\{", text, re.MULTILINE):
            text = f"server {{\n{text}\n}}"
        text = f"http {{\n{text}\n}}"
    if not re.search(r"^\s*events\s*\{", text, re.MULTILINE):
        text = f"events {{}}\n{text}"
    with _place(fence, **{"nginx.conf": text}) as place:
        code, said = place.run([program, "-t", "-q", "-p", ".", "-c", "nginx.conf", "-e", "stderr",
                                "-g", "pid nginx.pid;"])  # fmt: skip
    if code:
        raise DiffersError(said)


def check(fence: Fence) -> None:
    """What a reader might paste: the answer is there, and is well-formed."""
    from checks import classify
    from checks import page as web

    if classify(fence.text).kind == "empty":
        raise DiffersError("there is nothing in it to answer")
    check_html(web.answer(fence.text))


PROOFS: dict[str, Callable[[Fence], None]] = {
    "check": check,
    "console": console,
    "html": html_text,
    "ini": ini_text,
    "javascript": javascript,
    "js": javascript,
    "json": json_text,
    "nginx": nginx,
    "powershell": powershell,
    "pycon": pycon,
    "python": python,
    "py": python,
    "toml": toml_text,
    "yaml": yaml_text,
    "yml": yaml_text,
}


def prove(fence: Fence) -> None:
    """Run or parse a fence for this system.

    Raises:
        DiffersError: it is not as the page shows it; or nothing is known of how to
            prove it, and it does not say why that need not be.
    """
    proof = PROOFS.get(fence.language)
    if proof is None:
        if "file" in fence.options:
            return  # what uses it proves it
        raise DiffersError(
            f"a fence in {fence.language or 'no language'!r} is not run; say why in a comment above"
            ' it: <!-- fence: skip="..." -->'
        )
    try:
        proof(fence)
    except DiffersError:
        raise
    except OverdueError as error:
        raise DiffersError(str(error)) from None
    except (ValueError, SyntaxError, yaml.YAMLError, configparser.Error) as error:
        raise DiffersError(f"{type(error).__name__}: {error}") from None


def read_elsewhere(fence: Fence) -> None:
    """What can be said here of a fence for another system.

    Raises:
        DiffersError: its commands cannot be read, or its language cannot be proved there.
    """
    if fence.language == "console":
        spoken_elsewhere(fence)
    elif fence.language not in PROOFS and "file" not in fence.options:
        raise DiffersError(f"a fence in {fence.language or 'no language'!r} is run on no system")


def verdict(fence: Fence) -> str:
    """How a fence stands, for a writer."""
    try:
        if fence.skip:
            return f"skipped: {fence.skip}"
        if not fence.runs_here:
            read_elsewhere(fence)
            return f"not run here: it is for {fence.os}"
        prove(fence)
    except DiffersError as error:
        return f"differs\n{error}\n"
    except (pytest.skip.Exception, pytest.fail.Exception) as error:
        return f"not run: {error}"
    return "ok"
