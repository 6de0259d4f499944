"""The command line as a person or a script meets it: real processes, real terminals."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import situations as real
from needs import need_ipv6
from peers import peer

from checks import findings
from checks.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent.parent
NAME = os.path.basename(sys.executable)
SGR = re.compile(r"\x1b\[[0-9;]*m")


def found_on_path(python: str) -> str:
    """A PATH on which the interpreter is found by its name, so that the program names it so."""
    return os.pathsep.join([os.path.dirname(python), os.environ.get("PATH", os.defpath)])


def run(
    *arguments: str, stdin: str | None = None, python: str = sys.executable, **env: str
) -> subprocess.CompletedProcess[str]:
    """Run ``python -S -m checks`` in the checkout, without site-packages."""
    environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TERM")}
    environment["PATH"] = found_on_path(python)
    return subprocess.run(
        [python, "-S", "-m", "checks", *arguments],
        cwd=ROOT, input=stdin, capture_output=True, text=True, timeout=60, check=False,
        env={**environment, **env},
    )  # fmt: skip


def interpreters() -> list[str]:
    """Every CPython from 3.10 on that this machine has."""
    found = {sys.executable}
    for minor in range(10, 15):
        on_path = shutil.which(f"python3.{minor}")
        pyenv = Path.home() / ".pyenv" / "versions"
        found.update(map(str, pyenv.glob(f"3.{minor}.*/bin/python3")))
        if on_path and "shims" not in on_path:
            found.add(on_path)
    return sorted(found)


@contextmanager
def http_server(bound: str) -> Iterator[tuple[int, int]]:
    """``python3 -m http.server``, started as a person does; yields its port and pid."""
    port = real.free_port()
    python = "/usr/bin/python3" if Path("/usr/bin/python3").exists() else sys.executable
    with subprocess.Popen(
        [python, "-u", "-m", "http.server", str(port), "--bind", bound],
        cwd="/usr", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as child:  # fmt: skip
        assert child.stdout is not None
        try:
            assert select.select([child.stdout], [], [], 30)[0]
            assert child.stdout.readline()
            yield port, child.pid
        finally:
            child.terminate()


class TestServer:
    """The first command of the README, with a server started as a person starts it."""

    @pytest.mark.parametrize("python", interpreters())
    def test_a_server_is_named_and_then_missed(self, python: str) -> None:
        """On every interpreter: the process and its pid, exit 0; when it is gone, exit 1."""
        with http_server("127.0.0.1") as (port, pid):
            up = run(f"127.0.0.1:{port}", python=python)
        down = run(f"127.0.0.1:{port}", python=python)
        assert (up.returncode, up.stderr) == (0, "")
        verdict = up.stdout.partition("\n\n")[0].replace("\n", " ")
        assert f"(pid {pid}) listens there and speaks HTTP" in verdict
        assert "only this machine can reach it" in verdict
        assert (down.returncode, down.stderr) == (1, "")
        assert down.stdout.startswith(
            f"127.0.0.1:{port} refused the connection: no program listens there."
        )
        assert "Do this first" in down.stdout

    def test_what_speaks_is_not_asked_where_that_is_not_wanted(self) -> None:
        """With --no-identify the server is connected to once, and no request is made."""
        heard: list[bytes] = []

        def note(connection: socket.socket) -> None:
            heard.append(connection.recv(1))

        with peer(note) as other:
            found = run("--no-identify", f"127.0.0.1:{other.port}")
        assert heard == [b""]
        assert "S6" not in found.stdout
        assert found.returncode == 0

    @pytest.mark.parametrize("bound", ["0.0.0.0", "::"])
    def test_exposure_is_said(self, bound: str) -> None:
        """A listener on all addresses is a warning, and still exit 0."""
        need_ipv6()
        with real.listening_process(bound) as (port, _):
            found = run(f"127.0.0.1:{port}")
        assert found.returncode == 0
        assert "E502" in found.stdout
        assert "every address" in found.stdout.replace("\n", " ")

    @pytest.mark.parametrize(("bound", "code"), [("127.0.0.1", 0), ("::1", 1)])
    def test_localhost_tells_which_family_answers(self, bound: str, code: int) -> None:
        """Localhost is asked in both families; the answer names the one that has the service."""
        need_ipv6()
        with real.listening_process(bound) as (port, _):
            found = run("--json", f"localhost:{port}")
        document = json.loads(found.stdout)
        resolved = document["endpoints"][0]["probe"]["resolution"]["addresses"]
        expected = code if resolved == ["127.0.0.1"] else 0
        assert found.returncode == expected
        outcomes = {
            attempt["address"]: attempt["outcome"]
            for attempt in document["endpoints"][0]["probe"]["attempts"]
        }
        other = "::1" if bound == "127.0.0.1" else "127.0.0.1"
        assert outcomes == {bound: "accepted", other: "refused"}
        assert "C317" in {finding["code"] for finding in document["findings"]}


class TestTargets:
    """Several targets, and bad ones among them."""

    def test_a_bad_target_does_not_stop_the_others(self) -> None:
        """Each gets its answer or one line on standard error; the exit code is 2."""
        with real.listening_process("127.0.0.1") as (port, pid):
            found = run("127.0.0.1:99999", "hello world", f"127.0.0.1:{port}", "")
        assert found.returncode == 2
        assert found.stderr.splitlines() == [
            "checks: '127.0.0.1:99999': '99999' is no port; expected a number from 0 to 65535",
            "checks: 'hello world': found no address, port or known error in it;"
            " expected something like 127.0.0.1:62893",
            "checks: an empty text; expected an address, host:port, URL, port or error message",
        ]
        assert f"pid {pid}" in found.stdout

    def test_json_has_an_object_for_every_target(self) -> None:
        """Also on every failure path, one object a line, in the order of the targets."""
        texts = [real.unused(), "127.0.0.1:99999", "hello world", "", "nope.invalid:80", "\x1b[31m"]
        found = run("--json", *texts)
        documents = [json.loads(line) for line in found.stdout.splitlines()]
        assert [document["input"] for document in documents] == texts
        assert found.returncode == 2

    def test_another_machine_is_not_asked(self) -> None:
        """Without --remote nothing is sent to an address that is not this machine's."""
        found = run("192.0.2.1:80")
        assert found.returncode == 0
        assert "--remote" in found.stdout
        assert found.stdout.startswith("192.0.2.1:80 is not an address of this machine")

    def test_a_port_alone_asks_this_machine(self) -> None:
        """A bare port number is looked for on both loopback addresses."""
        with real.listening_process("127.0.0.1") as (port, pid):
            found = run(str(port))
        assert f"pid {pid}" in found.stdout

    def test_an_error_message_is_asked_about(self) -> None:
        """The endpoint in a pasted message is probed."""
        found = run(f"Error: connect ECONNREFUSED 127.0.0.1:{real.free_port()}")
        assert found.returncode == 1
        assert "111 on Linux, 61 on macOS" in found.stdout

    def test_quiet_prints_nothing(self) -> None:
        """The exit code alone is the answer."""
        found = run("-q", real.unused())
        assert (found.stdout, found.stderr, found.returncode) == ("", "", 1)


class TestUsage:
    """What happens when the arguments are no arguments."""

    @pytest.mark.parametrize(
        "arguments",
        [[], ["--nope"], ["--timeout", "0", "x"], ["--timeout", "x", "127.0.0.1:9"], ["classify"],
         ["--timeout", "1e9", "127.0.0.1:9"], ["classify", "--nope", "x"]],
    )  # fmt: skip
    def test_bad_usage_is_two_and_says_why(self, arguments: list[str]) -> None:
        """Exit code 2, the reason on standard error, nothing on standard output."""
        found = run(*arguments)
        assert (found.returncode, found.stdout) == (2, "")
        assert "Traceback" not in found.stderr
        assert found.stderr.splitlines()[-1].startswith(f"{NAME} -m checks")
        assert ": error: " in found.stderr.splitlines()[-1]

    @pytest.mark.parametrize("command", [[], ["classify"], ["explain"]])
    def test_help_fits_a_terminal(self, command: list[str]) -> None:
        """Help is at most 80 columns wide and shows examples or what - does."""
        found = run(*command, "--help", COLUMNS="80")
        assert found.returncode == 0
        assert max(map(len, found.stdout.splitlines())) <= 80

    def test_version(self) -> None:
        """The version is that of the package."""
        assert run("--version").stdout == "checks 0.1.0\n"

    @pytest.mark.parametrize(
        "arguments",
        [["explain", "--json", "C302"], ["explain", "C302", "--json"],
         ["classify", "127.0.0.1", "--json", "::1"], ["127.0.0.1", "--json", "::1"]],
    )  # fmt: skip
    def test_options_may_stand_anywhere(self, arguments: list[str]) -> None:
        """Before, between and after the targets, as people type them."""
        found = run(*arguments)
        assert found.returncode == 0
        for line in found.stdout.splitlines():
            assert json.loads(line)["schema"] == "checks/1"

    @pytest.mark.parametrize("text", ["--\x1b[2J", "--\u202ex", "--\x9b1m"], ids=ascii)
    def test_a_bad_option_is_repeated_clean(self, text: str) -> None:
        """What argparse repeats of the command line holds no control character either."""
        found = run("classify", text, "x")
        assert found.returncode == 2
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", found.stderr)

    @pytest.mark.parametrize("python", interpreters())
    def test_behind_two_dashes_everything_is_a_text(self, python: str) -> None:
        """A paste that begins with a dash can be asked about, as the page's command does."""
        done = run("classify", "--json", "--", "-x", "--json", "127.0.0.1", python=python)
        assert [json.loads(line)["input"] for line in done.stdout.splitlines()] == [
            "-x", "--json", "127.0.0.1",
        ]  # fmt: skip

    def test_an_answer_that_cannot_be_written_is_three(self) -> None:
        """A full disk and a closed stream are told in one line, and are no finding."""
        command = f"exec {sys.executable} -S -m checks 127.0.0.1"
        for where in (">/dev/full", ">&-"):
            found = subprocess.run(
                ["sh", "-c", f"{command} {where}"], cwd=ROOT, capture_output=True, text=True,
                timeout=60, check=False,
            )  # fmt: skip
            assert found.returncode == 3
            assert len(found.stderr.splitlines()) == 1

    @pytest.mark.parametrize("text", ["1_0", "٣", "nan", "inf", "-1"])
    def test_a_time_is_ascii_and_finite(self, text: str) -> None:
        """float() would take more than what people mean by a number of seconds."""
        assert run("--timeout", text, "127.0.0.1:9").returncode == 2

    def test_an_endpoint_that_is_named_twice_is_told_once(self) -> None:
        """One block, one finding, however often a message repeats the endpoint."""
        endpoint = real.unused()
        found = run(f"connect to {endpoint} failed: {endpoint} refused")
        assert found.stdout.count("C302") == 2  # the finding, and where to read on

    def test_a_name_without_a_port_is_resolved(self) -> None:
        """The addresses are shown in the order in which the system gives them."""
        document = json.loads(run("--json", "localhost").stdout)
        assert document["endpoints"][0]["probe"]["resolution"]["addresses"]

    def test_a_name_that_nobody_knows_is_an_error(self) -> None:
        """Also without a port: the resolver's answer is the finding."""
        found = run("nope.invalid")
        assert found.returncode == 1
        assert "C308" in found.stdout
        assert run("localhost").returncode == 0


class TestClassify:
    """classify: no sockets, and a stream that never ends."""

    def test_the_stream_answers_each_line_at_once(self) -> None:
        """An answer is there before the next line is written."""
        with subprocess.Popen(
            [sys.executable, "-S", "-m", "checks", "classify", "-"], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        ) as child:  # fmt: skip
            assert child.stdin is not None
            assert child.stdout is not None
            for text in ("127.0.0.1:62893", "[::1]:80", "", "connect ECONNREFUSED ::1:5432"):
                child.stdin.write(text + "\n")
                child.stdin.flush()
                assert select.select([child.stdout], [], [], 30)[0]
                assert json.loads(child.stdout.readline())["input"] == text
            child.stdin.close()
        assert child.returncode == 0

    def test_the_stream_takes_any_bytes(self) -> None:
        """Bytes that are no UTF-8, NULs and a last line without an end are answered too."""
        sent = b"127.0.0.1\r\n\xff\xfe\n\x00\n\x1b]0;x\x07\n::1"
        found = subprocess.run(
            [sys.executable, "-S", "-m", "checks", "classify", "-"], cwd=ROOT, input=sent,
            capture_output=True, timeout=60, check=True,
        )  # fmt: skip
        lines = found.stdout.decode("ascii").splitlines()
        assert [json.loads(line)["kind"] for line in lines] == [
            "address", "text", "text", "text", "address",
        ]  # fmt: skip

    def test_the_stream_keeps_no_lines(self) -> None:
        """Forty times the lines need no more memory (VmHWM of the process)."""

        def peak(lines: int) -> int:
            code = (
                "import sys; from checks.cli import main; main(['classify', '-'])\n"
                "status = open('/proc/self/status').read()\n"
                "print(status.split('VmHWM:')[1].split()[0], file=sys.stderr)"
            )
            found = subprocess.run(
                [sys.executable, "-S", "-c", code], cwd=ROOT, text=True, capture_output=True,
                input="127.0.0.1:62893 and ::1\n" * lines, timeout=120, check=True,
            )  # fmt: skip
            return int(found.stderr)

        if not os.path.exists("/proc/self/status"):
            pytest.skip("needs /proc")
        assert peak(8000) < peak(200) + 4096

    def test_it_is_never_a_failure_to_have_no_server(self) -> None:
        """Classify looks at text only; a port nobody listens on is exit 0."""
        assert run("classify", "127.0.0.1:9").returncode == 0

    def test_texts_and_stream_give_the_same(self) -> None:
        """One by one or as lines: the same objects, byte for byte."""
        texts = ["127.0.0.1", "0x7f.1", "connect ECONNREFUSED ::1:5432", "3.11.7", "a:1 a:1"]
        one_by_one = run("classify", "--json", *texts)
        stream = run("classify", "-", stdin="\n".join(texts))
        assert len(stream.stdout.splitlines()) == len(texts)
        assert one_by_one.stdout == stream.stdout


class TestExplain:
    """explain: the page of a finding, the list, or what an error means."""

    @pytest.mark.parametrize("finding", findings.CATALOGUE, ids=lambda finding: finding.code)
    def test_every_page_prints(
        self, finding: type[findings.Finding], capsys: pytest.CaptureFixture[str]
    ) -> None:
        """By code and by slug, with all its sections, within 80 columns but for addresses."""
        assert main(["explain", finding.code.lower()]) == 0
        by_code = capsys.readouterr().out
        assert main(["explain", finding.slug]) == 0
        assert capsys.readouterr().out == by_code
        for section in findings.base.SECTIONS:
            assert f"\n{section}\n" in by_code
        long = [line for line in by_code.splitlines() if len(line) > 80]
        assert all("://" in line or line.startswith("      ") for line in long), long

    def test_the_list_has_every_finding(self) -> None:
        """Without an argument there is one line a finding."""
        lines = run("explain").stdout.splitlines()
        assert [line[:4] for line in lines] == [f.code for f in findings.CATALOGUE]

    def test_an_error_text_leads_to_findings(self) -> None:
        """A pasted message is named and leads to the pages that can explain it."""
        found = run("explain", "Error: connect ECONNREFUSED 127.0.0.1:62893")
        assert found.returncode == 0
        assert "ECONNREFUSED" in found.stdout
        assert "C302" in found.stdout

    def test_an_unknown_word_is_two(self) -> None:
        """One clear line, exit code 2."""
        found = run("explain", "C999")
        assert (found.returncode, found.stdout) == (2, "")
        assert len(found.stderr.splitlines()) == 1


def on_terminal(*arguments: str, **env: str) -> str:
    """What the command writes to a terminal of 80 columns."""
    controller, terminal = pty.openpty()
    environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    with subprocess.Popen(
        [sys.executable, "-S", "-m", "checks", *arguments], cwd=ROOT, stdout=terminal,
        stderr=terminal, stdin=subprocess.DEVNULL,
        env={
            **environment, "PATH": found_on_path(sys.executable), "TERM": "xterm-256color",
            "COLUMNS": "80", **env,
        },
    ):  # fmt: skip
        os.close(terminal)
        written = b""
        while True:
            try:
                part = os.read(controller, 65536)
            except OSError:  # EIO: the other side is closed
                break
            if not part:
                break
            written += part
    os.close(controller)
    return _WAITING.sub(_without_note, written.decode("utf-8", "replace"))


_WAITING = re.compile("(waiting for [^\r]* …)\r {79}\r")
"""The note that comes where an answer takes a second, as it may on a busy machine, and goes."""


def _without_note(note: re.Match[str]) -> str:
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e]", note[1])
    return ""


class TestTerminal:
    """Colours, width, and what must never get there."""

    def test_colours_only_on_a_terminal(self) -> None:
        """A pipe gets none; a terminal does."""
        endpoint = real.unused()
        assert "\x1b[" in on_terminal(endpoint)
        assert "\x1b" not in run(endpoint).stdout

    @pytest.mark.parametrize(
        ("arguments", "env"),
        [
            (["--no-color"], {}),
            ([], {"NO_COLOR": "1"}),
            ([], {"TERM": "dumb"}),
            ([], {"TERM": ""}),
        ],
    )
    def test_colours_can_be_refused(self, arguments: list[str], env: dict[str, str]) -> None:
        """--no-color, NO_COLOR, TERM=dumb and no TERM each turn them off."""
        assert not SGR.search(on_terminal(*arguments, real.unused(), **env))

    def test_an_empty_no_color_is_not_set(self) -> None:
        """no-color.org: present and not an empty string."""
        assert SGR.search(on_terminal(real.unused(), NO_COLOR=""))

    def test_lines_fit_the_width(self) -> None:
        """Nothing but a command to copy is wider than 80 columns."""
        with real.listening_process("0.0.0.0") as (port, _):
            shown = SGR.sub("", on_terminal("--no-identify", f"127.0.0.1:{port}")).splitlines()
        assert [line for line in shown if len(line) > 80 and not line.startswith("      ")] == []

    @pytest.mark.parametrize(
        "text",
        [
            "\x1b]0;owned\x07127.0.0.1:{port}",
            "\x9b31m:{port}",
            "\u202e127.0.0.1:{port}",
            "\x7f",
            "127.0.0.1:\x1b",
        ],
        ids=ascii,
    )
    def test_no_control_character_gets_through(self, text: str) -> None:
        """Escape sequences and bidi controls in the input are shown, not obeyed."""
        target = text.format(port=real.free_port())
        shown = on_terminal("--no-color", "--", target).replace("\r\n", "\n")
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown)

    def test_a_process_title_cannot_write_to_the_terminal(self) -> None:
        """A process that calls itself an escape sequence is shown by its escapes."""
        code = (
            "import ctypes; ctypes.CDLL(None).prctl(15, b'\\x1b[2J\\x1b[31mx', 0, 0, 0)\n"
            "s = socket.socket(); s.bind(('127.0.0.1', int(sys.argv[1]))); s.listen()\n"
            "print('ready'); wait()\n"
        )
        port = real.free_port()
        with real.process(code, str(port)):
            found = run(f"127.0.0.1:{port}")
        assert "\x1b" not in found.stdout
        assert "\\x1b[2J" in found.stdout.replace("\n", "")

    def test_a_locale_without_unicode_does_no_harm(self) -> None:
        """Under an ASCII locale the report still comes, with escapes."""
        found = run("classify", "1.0.0.127.in-addr.arpa", "127.0.0.1",
                    LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")  # fmt: skip
        assert found.returncode == 0
        assert found.stdout.isascii()


class TestFault:
    """The probe itself fails: no verdict, and no success."""

    @pytest.fixture(autouse=True)
    def broken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A fault in the middle of the probe."""
        from checks.probe import sockets

        def fail(*_: object) -> None:
            raise ZeroDivisionError("a\x1b[31mb")

        monkeypatch.setattr(sockets, "on_port", fail)

    def test_it_is_said_and_is_three(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Not one word on the spelling instead, and no colour smuggled in."""
        assert main(["127.0.0.1:62893"]) == 3
        shown = capsys.readouterr().out
        first = " ".join(shown.partition("\n\n")[0].split())
        assert first.startswith("No verdict on 127.0.0.1:62893. The probe failed and is at fault")
        assert "ZeroDivisionError" in first
        assert "\x1b" not in shown

    def test_json_has_the_outcome(self, capsys: pytest.CaptureFixture[str]) -> None:
        """For the machine that reads it."""
        assert main(["--json", "127.0.0.1:62893"]) == 3
        document = json.loads(capsys.readouterr().out)
        assert document["endpoints"][0]["probe"]["outcome"] == "failed"
        assert document["verdict"].startswith("No verdict on ")

    @pytest.mark.parametrize(
        ("form", "code", "text"),
        [
            ("nagios", 3, "CHECKS UNKNOWN - No verdict on 127.0.0.1:62893."),
            ("junit", 3, 'errors="1"'),
            ("prometheus", 3, 'checks_target_ok{target="127.0.0.1:62893"} 0'),
        ],
    )
    def test_reports_for_machines_say_so(
        self, form: str, code: int, text: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Unknown, an error, not ok."""
        assert main(["--format", form, "127.0.0.1:62893"]) == code
        assert text in capsys.readouterr().out

    def test_the_other_targets_are_told(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Another machine's address is not asked, so nothing fails there."""
        assert main(["127.0.0.1:62893", "not a target at all ::::"]) == 3
        assert "No verdict on" in capsys.readouterr().out


class TestEnding:
    """Ctrl-C and closed pipes."""

    def test_an_interrupt_is_130_and_silent(self) -> None:
        """SIGINT while it waits for input: no traceback, exit code 128 + 2."""
        with subprocess.Popen(
            [sys.executable, "-S", "-m", "checks", "classify", "-"], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        ) as child:  # fmt: skip
            assert child.stdin is not None
            assert child.stdout is not None
            child.stdin.write("127.0.0.1\n")
            child.stdin.flush()
            child.stdout.readline()  # it is running
            child.send_signal(signal.SIGINT)
            _, problems = child.communicate(timeout=30)
        assert (child.returncode, problems) == (130, "")

    def test_a_closed_pipe_is_silent(self) -> None:
        """``checks classify - | head -1`` ends without a complaint."""
        code = "import sys; sys.stdin.readline()"
        with subprocess.Popen(
            [sys.executable, "-S", "-m", "checks", "classify", "-"], cwd=ROOT,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        ) as child:  # fmt: skip
            assert child.stdin is not None
            assert child.stdout is not None
            assert child.stderr is not None
            with subprocess.Popen([sys.executable, "-c", code], stdin=child.stdout) as reader:
                child.stdout.close()
                child.stdin.write(b"127.0.0.1\n")
                child.stdin.flush()
                reader.wait(timeout=30)
                try:
                    child.stdin.write(b"127.0.0.1\n" * 10000)
                    child.stdin.close()
                except BrokenPipeError:
                    pass
            assert child.stderr.read() == b""
            child.wait(timeout=30)
        assert child.returncode == 0
