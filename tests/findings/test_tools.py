"""A command is printed where its tool is: a minimal system has no ss, and no sudo."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import situations as real
from findings.records import PORT, PYTHON, TARGET, binding, listener, machine, probe, the
from needs import need

from checks.findings import reach
from checks.findings.base import Fix
from checks.findings.tools import fitting
from checks.model.evidence import Unit
from checks.model.words import TOOLS
from checks.probe.machine import linux
from checks.report import conclude
from checks.text import classify

if TYPE_CHECKING:
    from pathlib import Path

IN_USE = binding("in-use", errno="EADDRINUSE", errno_reuse="EADDRINUSE")


def fitted(command: str | None, *tools: str, system: str | None = "linux") -> Fix:
    """What becomes of a step on a machine with these tools."""
    (fix,) = fitting((Fix("Do it.", command, system, "It shows."),), machine(tools=tools))
    return fix


class TestCommands:
    """What takes the place of a command whose tool is not there."""

    @pytest.mark.parametrize(
        ("command", "instead"),
        [
            (f"ss -ltnp 'sport = :{PORT}'", f"python3 -m checks listen --port {PORT} --tcp"),
            (f"ss -ltn 'sport = :{PORT}'", f"python3 -m checks listen --port {PORT} --tcp"),
            (f"sudo ss -lunp 'sport = :{PORT}'",
             f"sudo python3 -m checks listen --port {PORT} --udp"),
            ("ss -ltnp", "python3 -m checks listen --tcp"),
        ],
    )  # fmt: skip
    def test_of_ss(self, command: str, instead: str) -> None:
        """This program lists listeners, too; what to look for stays."""
        assert fitted(command, "sudo") == Fix("Do it.", instead, "linux", "It shows.")
        assert fitted(command, "sudo", "ss").command == command

    @pytest.mark.parametrize(
        "command", ["ip route get 10.0.0.1", "sudo nft list ruleset", f"ss -tanp 'sport = :{PORT}'",
                    "sudo lsof -nP | grep 'protocol: TCP'", "ss -s; cat /proc/1/stat"],
    )  # fmt: skip
    def test_of_others(self, command: str) -> None:
        """The sentence says what is missing."""
        tool = command.removeprefix("sudo ").split()[0]
        fix = fitted(command, "sudo")
        assert fix == Fix(f"Do it. That needs {tool}, which is not installed here.", None, "linux")
        assert fitted(command, *TOOLS).command == command

    def test_of_systemd(self) -> None:
        """It may be installed, and not be process 1."""
        fix = fitted("systemctl list-units", "ss")
        assert fix == Fix("Do it. That needs systemd, which does not run here.", None, "linux")

    def test_no_colon_is_left_before_a_command_that_is_left_out(self) -> None:
        """The sentence led to it."""
        (fix,) = fitting((Fix("Do it:", "nft list ruleset", "linux"),), machine(tools=()))
        assert fix.text == "Do it. That needs nft, which is not installed here."

    def test_a_firewall_that_is_not_there_is_not_advised(self) -> None:
        """Without ufw its rule is no way."""
        row = listener("0.0.0.0")
        for tools, advised in ((("ss",), False), (("ufw",), True), (None, True)):
            seen = probe(listeners=(row,))._replace(machine=machine(tools=tools))
            fixes = [fix for fix in reach.keep_out(row, seen) if fix.os == "linux"]
            assert any("ufw" in fix.text for fix in fixes) is advised

    def test_without_sudo(self) -> None:
        """What needs root says so."""
        fix = fitted("sudo kill 7 && sudo kill -CONT 7", "ss")
        assert (fix.text, fix.command) == ("Do it. It needs root.", "kill 7 && kill -CONT 7")
        (fix,) = fitting((Fix("Do it.", "sudo kill 7", "linux"),), machine(user="root", tools=()))
        assert (fix.text, fix.command) == ("Do it.", "kill 7")

    def test_what_is_everywhere(self) -> None:
        """kill is the shell's; another system's command is not judged by this one's tools."""
        for command in ("kill 7", "docker ps", None):
            assert fitted(command).command == command
        assert fitted("sudo lsof -nP", system="macos").command == "sudo lsof -nP"

    def test_tools_that_were_not_looked_for(self) -> None:
        """On the page, and in a report of an older version."""
        fix = Fix("Do it.", "ss -ltnp", "linux")
        assert fitting((fix,), machine()) == (fix,)


def test_findings_and_causes_have_them() -> None:
    """The finding of a port in use, and the step of a text that was asked about."""
    row = listener("127.0.0.1", PYTHON)
    evidence = probe(listeners=(row,), bindings=(IN_USE,), at=machine(tools=("sudo",)))
    shown = [fix.command for fix in the("B402", TARGET, evidence).match.fix]
    assert f"python3 -m checks listen --port {PORT} --tcp" in shown
    text = f"bind 127.0.0.1:{PORT}: Address already in use"
    for tools, there in ((("sudo",), False), (TOOLS, True), (None, True)):
        asked = probe(listeners=(row,), bindings=(IN_USE,), at=machine(tools=tools))
        report = conclude(classify(text), {0: asked})
        steps = [step.command or "" for cause in report.causes for step in cause.steps]
        assert any(step.startswith("ss ") for step in steps) is there


def test_a_unit_without_systemctl() -> None:
    """In a container the control group may name a unit of the machine outside."""
    row = listener("127.0.0.1", PYTHON, managed_by=Unit("systemd", "web.service"))
    for tools, command in ((("ss",), "kill 4242"), (None, "sudo systemctl stop web.service")):
        evidence = probe(listeners=(row,), bindings=(IN_USE,), at=machine(tools=tools))
        commands = [fix.command for fix in the("B402", TARGET, evidence).match.fix]
        assert command in commands


@pytest.mark.skipif(sys.platform == "win32", reason="files of Windows have no such mode")
def test_the_path_is_looked_through(tmp_path: Path) -> None:
    """A program in any folder counts; a file that cannot be run does not."""
    (tmp_path / "a").mkdir()
    for name, mode in (("ss", 0o755), ("ip", 0o644)):
        (tmp_path / "a" / name).write_text("")
        (tmp_path / "a" / name).chmod(mode)
    assert linux.tools(os.pathsep.join(("/nowhere", str(tmp_path / "a"), ""))) == ("ss",)
    assert linux.tools("") == ()


@pytest.mark.skipif(sys.platform == "win32", reason="files of Windows have no such mode")
def test_systemctl_is_a_tool_where_systemd_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A container may have the package, and another process 1."""
    (tmp_path / "systemctl").touch(0o755)
    for booted, found in ((tmp_path, ("systemctl",)), (tmp_path / "none", ())):
        monkeypatch.setattr(linux, "_BOOTED", str(booted))
        assert linux.tools(str(tmp_path)) == found


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
def test_a_minimal_system(tmp_path: Path) -> None:
    """The whole program with a PATH that has no ss: its own command is printed, and it works."""
    need("ss", "iproute2")
    with real.listening_process("127.0.0.1") as (port, pid):
        for path, command in (
            (str(tmp_path), f" -m checks listen --port {port} --tcp"),
            (os.environ["PATH"], f"ss -ltnp 'sport = :{port}'"),
        ):
            made = subprocess.run(
                [sys.executable, "-m", "checks", f"bind 127.0.0.1:{port}: Address already in use"],
                env={**os.environ, "PATH": path, "NO_COLOR": "1"}, capture_output=True, text=True,
                timeout=real.PATIENCE, check=False,
            )  # fmt: skip
            (line,) = [line for line in made.stdout.splitlines() if line.endswith(command)]
            printed = subprocess.run(
                ["sh", "-c", line.strip()], capture_output=True, text=True, check=True,
                timeout=real.PATIENCE,
            )  # fmt: skip
            assert str(pid) in printed.stdout
