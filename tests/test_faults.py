"""Whatever goes wrong ends in one line and an exit code: no traceback reaches a user."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import situations as real
from needs import missing

from checks import cli
from checks.cli import commands
from checks.probe.ask import resolve

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parent.parent
COMMANDS = [each.name for each in commands.COMMANDS]
WITH_VERSION = ["", "classify", "explain"]
PROGRAM = [sys.executable, "-S", "-m", "checks"]

ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""}
PIPES = {
    "cp932": {"PYTHONIOENCODING": "cp932"},
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "C": ASCII,
    "unbuffered": {**ASCII, "PYTHONUNBUFFERED": "1"},
}


def environment(**env: str) -> dict[str, str]:
    """This process' environment, without what would change the answer."""
    kept = {k: v for k, v in os.environ.items() if k not in ("CHECKS_SITE", "CHECKS_DEBUG")}
    return {**kept, **env}


def run(
    command: Sequence[str | bytes], *, stdin: bytes = b"", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run a command to its end."""
    return subprocess.run(
        command, cwd=ROOT, input=stdin, capture_output=True, timeout=120, check=False,
        env=environment(**(env or {})),
    )  # fmt: skip


def shell(line: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    """Run a line of a shell, where ``$CHECKS`` is the program."""
    if os.name != "posix":
        missing("a POSIX shell")
    return run(["sh", "-c", line.replace("$CHECKS", " ".join(PROGRAM))], env=env)


def broken(statement: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    """Run the program with a statement in place of all that it does."""
    code = (
        f"from checks import cli\ndef fail(argv):\n    {statement}\ncli._main = fail\ncli.entry()"
    )
    return run([sys.executable, "-S", "-c", code], env=env)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("pipe", PIPES.values(), ids=PIPES)
def test_help_comes_through_any_pipe(command: str, pipe: dict[str, str]) -> None:
    """What the encoding lacks is escaped before the parser prints."""
    done = run([*PROGRAM, *filter(None, [command]), "--help"], env=pipe)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"usage: ")


@pytest.mark.parametrize("option", ["--help", "--version", "--nope"])
@pytest.mark.parametrize("env", [{}, {"PYTHONUNBUFFERED": "1"}], ids=["buffered", "unbuffered"])
def test_help_that_cannot_be_written_is_three(option: str, env: dict[str, str]) -> None:
    """A full disk takes neither help nor usage; argparse itself would say nothing."""
    if not os.path.exists("/dev/full"):
        missing("/dev/full")
    to = "2>/dev/full" if option == "--nope" else ">/dev/full"
    for command in WITH_VERSION if option == "--version" else COMMANDS:
        done = shell(f"$CHECKS {command} {option} {to}", **env)
        assert (done.returncode, done.stdout) == (3, b""), command
        assert len(done.stderr.splitlines()) == (0 if option == "--nope" else 1)


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("$CHECKS classify - <&-", 3, b"checks: standard input cannot be read: Bad file"),
        ("$CHECKS classify --json ::1 <&-", 0, b""),
        ("$CHECKS $UNUSED >&-", 3, b"checks: the answer could not be written: Bad file"),
        ("$CHECKS --help >&-", 3, b"checks: the answer could not be written: Bad file"),
        ("$CHECKS wait $UNUSED --timeout 0.05 2>&-", 124, b""),
        ("$CHECKS -q $UNUSED 2>&-", 1, b""),
        ("$CHECKS --nope 2>&-", 2, b""),
        ("$CHECKS classify - <&- 2>&-", 3, b""),
        ("$CHECKS free <&- >&- 2>&-", 3, b""),
    ],
)
def test_a_closed_stream_is_told_where_it_is_needed(line: str, code: int, said: bytes) -> None:
    """One line, as far as there is something to write it to."""
    done = shell(line, UNUSED=real.unused())
    assert done.returncode == code
    assert done.stderr.startswith(said)
    assert len(done.stderr.splitlines()) == bool(said)


def test_no_socket_takes_the_place_of_a_closed_stream() -> None:
    """A command that is run afterwards would write its errors into it."""
    with real.listening("127.0.0.1") as port:
        found = shell(
            f"$CHECKS wait {port} -- {sys.executable} -c"
            " 'import os; print(*(os.readlink(f\"/proc/self/fd/{n}\") for n in (0, 2)))' <&- 2>&-"
        )
    assert found.stdout.split() == [b"/dev/null", b"/dev/null"]


@pytest.mark.parametrize("word", ["", "/", "/nonexistent", ".", "no such program"])
def test_a_command_that_is_none_is_said_in_one_line(word: str) -> None:
    """Also the empty word, which exec refuses by another error."""
    with real.listening("127.0.0.1") as port:
        done = run([*PROGRAM, "wait", str(port), "--", word])
    assert done.returncode in (126, 127)
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"checks: '{word}' cannot be run: ".encode())


class TestNoThread:
    """A user who may have no more threads gets the same answers."""

    @pytest.fixture(autouse=True)
    def exhausted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """What pthread_create() refuses."""

        def refuse(*_: object, **__: object) -> None:
            raise RuntimeError("can't start new thread")

        monkeypatch.setattr("_thread.start_new_thread", refuse)
        monkeypatch.setattr("threading._start_new_thread", refuse, raising=False)
        monkeypatch.setattr("threading._start_joinable_thread", refuse, raising=False)

    def test_names_are_resolved(self) -> None:
        """In the one thread that there is."""
        answer, found = resolve.addresses("localhost", 5.0)
        assert answer.error is None
        assert found

    def test_the_note_on_a_terminal_is_left_out(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The answer does not hang on it."""
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
        assert cli.main(["--no-identify", f"127.0.0.1:{real.free_port()}"]) == 1
        assert capsys.readouterr().err == ""


class TestFault:
    """A fault of the program itself."""

    @pytest.mark.parametrize(
        "statement",
        ["1 / 0", "raise RecursionError", "raise MemoryError", "assert False, 'x\\x1b[2J\\ny' * 99",
         "raise UnicodeError('\\ud800')", "print('x', file=None); raise ValueError", "import nope"],
    )  # fmt: skip
    def test_it_is_one_line_and_three(self, statement: str) -> None:
        """Clean, with its kind, and with how to see more."""
        done = broken(statement)
        assert done.returncode == 3
        (line,) = done.stderr.decode().splitlines()
        assert line.startswith("checks: an error in this program: ")
        assert line.endswith(" (CHECKS_DEBUG=1 shows where)")
        assert line.isprintable()

    def test_the_traceback_can_be_had(self) -> None:
        """For a report of the fault."""
        done = broken("1 / 0", CHECKS_DEBUG="1")
        assert done.returncode == 3
        assert done.stderr.startswith(b"Traceback (most recent call last)")
        assert b"ZeroDivisionError" in done.stderr.splitlines()[-1]

    @pytest.mark.parametrize("encoding", ["undefined", "punycode", "utf-16", "utf-7"])
    def test_no_encoding_is_too_odd(self, encoding: str) -> None:
        """Where nothing can be written as text the line still is."""
        done = run([*PROGRAM, "classify", "127.0.0.1"], env={"PYTHONIOENCODING": encoding})
        assert done.returncode in (0, 3)
        assert b"Traceback" not in done.stderr


class TestInterrupt:
    """Ctrl-C ends every command, without a word."""

    def ended(self, *arguments: str, ready: bytes = b"") -> tuple[int, bytes]:
        """Start, interrupt once it is under way, and return exit code and errors."""
        with subprocess.Popen(
            [*PROGRAM, *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=environment(PYTHONUNBUFFERED="1"),
        ) as child:  # fmt: skip
            assert child.stdout is not None
            if ready:
                assert child.stdout.readline().startswith(ready)
            child.send_signal(signal.SIGINT)
            _, errors = child.communicate(timeout=60)
        return child.returncode, errors

    def test_while_it_watches(self) -> None:
        """After the first rows."""
        with real.listening("127.0.0.1") as port:
            assert self.ended("listen", "--watch", "--port", str(port), ready=b"=") == (130, b"")

    def test_at_any_moment_of_the_program(self) -> None:
        """From its first line on; before that it is Python's."""
        done = broken("import os, signal; os.kill(os.getpid(), signal.SIGINT); input()")
        assert (done.returncode, done.stderr) == (130, b"")

    def test_while_it_starts(self) -> None:
        """As soon as the package is being imported."""
        code = (
            "import runpy, sys\n"
            "class Finder:\n"
            "    def find_spec(self, name, *_):\n"
            "        if name == 'checks.cli': raise KeyboardInterrupt\n"
            "sys.meta_path.insert(0, Finder())\n"
            "runpy.run_module('checks', run_name='__main__')"
        )
        done = run([sys.executable, "-S", "-c", code])
        assert (done.returncode, done.stderr) == (130, b"")


WORDS: tuple[str | bytes, ...] = (
    "", " ", "-", "--", "---", "-x", "--=", "--json=1", "--json", "-q", "-qq", "-jq", "--no-color",
    "--help", "-h", "--version", "--format", "--format=", "nagios", "junit", "prometheus", "xml",
    "--timeout=nan", "--timeout=1e400", "--timeout=-1", "--timeout=0.01", "--timeout", "0x10",
    "1_0", "٣", b"\xff\xfe", "\x1b[2J", "\u202e", "\u2028", "127.0.0.1:9", "[::1]:9", "62893",
    "127.0.0.1:99999999999", "localhost:9", "a" * 5000, "9" * 5000, "%s%(prog)s{}", "%", "@x",
    "nope.invalid:1", "\u0130.invalid:1", "C302", "c999", "explain", "help", "0.0.0.0:0", "::",
    "http://[::1/", "http://127.0.0.1:9/\x00".replace("\x00", "%00"), "-p", "-p9", "9-1", "1-", "-",
    "--range", "3000-3001", "--bind", "127.0.0.1", "-n", "3", "-n=0", "--port", "9,,9", "--exposed",
    "--tcp", "--udp", "--fail-on", "exposed", "--no-identify", "bash", "zsh", "fish", "}", "\n",
    "connect ECONNREFUSED ::1:9", "bind: Address already in use 127.0.0.1:9", "fe80::1%lo", "1.2.3",
)  # fmt: skip
SURROUNDINGS = (
    {}, *PIPES.values(), {"PYTHONIOENCODING": "utf-16"}, {"COLUMNS": "0"}, {"COLUMNS": "x"},
    {"PATH": ""}, {"HOME": "/nonexistent", "TERM": ""}, {"LANG": "tr_TR.UTF-8"}, {"TZ": "x"},
    {"PYTHONOPTIMIZE": "2"}, {"CHECKS_SITE": "\x1b"}, {"CHECKS_SITE": "https://x.test"},
)  # fmt: skip
ENDS = frozenset((0, 1, 2, 3, 124, 126, 127))


def odd(seed: int, count: int) -> list[tuple[list[str | bytes], dict[str, str]]]:
    """Argument vectors of words that mean something, in any order, each in odd surroundings."""
    chance = random.Random(seed)  # noqa: S311 - the same each time
    found = []
    for _ in range(count):
        command = chance.choice(COMMANDS)
        words: list[str | bytes] = [command] if command else []
        words += chance.choices(WORDS, k=chance.randrange(5))
        if command == "wait":  # which would wait half a minute, or for ever
            words = [each for each in words if not str(each).startswith("--timeout")]
            words.insert(1, "--timeout=0.01")
        found.append((words, chance.choice(SURROUNDINGS)))
    return found


def asked(words: list[str | bytes], env: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    """One run, with something odd on standard input."""
    return run([*PROGRAM, *words], stdin=b"\xff\n::1", env=env)


@pytest.mark.parametrize("seed", range(4))
def test_no_arguments_give_a_traceback(seed: int) -> None:
    """Each run ends by itself, with an exit code that is documented, and says why in words."""
    vectors = odd(seed, 30)
    with ThreadPoolExecutor(2) as pool:
        ran = pool.map(lambda each: asked(*each), vectors)
        for (words, env), done in zip(vectors, ran, strict=True):
            about = (words, env, done.stderr[-2000:])
            assert b"Traceback" not in done.stderr, about
            assert b"an error in this program" not in done.stderr, about
            assert done.returncode in ENDS, about
