"""The program names itself as it was started, and its pages where they are."""

from __future__ import annotations

import compileall
import json
import os
import shlex
import shutil
import subprocess
import sys
import zipapp
import zipfile
from pathlib import Path
from typing import Any

import pytest

from checks.model.shell import quoted
from checks.report.style import PROGRAM, spoken
from tools import stamp

ROOT = Path(__file__).parent.parent.parent
PYTHON = sys.executable
NAME = os.path.basename(PYTHON)
SITE = "https://docs.example.test/base/"
MESSAGE = "connect ECONNREFUSED 127.0.0.1:62893"

posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")


def environment(path: str | None = None, **env: str) -> dict[str, str]:
    """This process' environment, with another PATH and without a site."""
    kept = {k: v for k, v in os.environ.items() if k not in ("CHECKS_SITE", "SITE_URL")}
    known = os.pathsep.join([os.path.dirname(PYTHON), kept.get("PATH", os.defpath)])
    return {**kept, "PATH": path or known, **env}


def run(
    *command: str, cwd: Path = ROOT, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, timeout=60, check=False,
        env=env or environment(),
    )  # fmt: skip


def more(printed: str) -> str:
    """The command that a report ends with."""
    (line,) = [line for line in printed.splitlines() if line.startswith("More: ")]
    return line.removeprefix("More: ")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as one file, with what is compiled: each run would compile it anew."""
    top = tmp_path_factory.mktemp("archive")
    unwanted = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "checks", top / "package/checks", ignore=unwanted)
    compileall.compile_dir(top / "package", quiet=2, legacy=True)
    zipapp.create_archive(top / "package", top / "checks.pyz", main="checks.cli:entry")
    return top / "checks.pyz"


def installed(folder: Path) -> Path:
    """A script as pip writes one."""
    script = folder / "checks"
    script.write_text(
        f"#!{PYTHON}\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        "from checks.cli import entry\nsys.exit(entry())\n"
    )
    script.chmod(0o755)
    return script


@posix
class TestName:
    """In usage, examples, errors and the line that leads further."""

    def test_a_module_is_named_with_the_interpreter_that_was_typed(self) -> None:
        """``python3 -m checks`` stays that."""
        printed = run(NAME, "-S", "-m", "checks", "classify", MESSAGE).stdout
        assert more(printed) == f"{NAME} -m checks explain C302"

    def test_an_interpreter_that_the_path_does_not_have_is_named_in_full(self) -> None:
        """Another one of that name would be found; a link to it is another one, too."""
        env = environment("/usr/bin:/bin")
        printed = run(PYTHON, "-S", "-m", "checks", "classify", MESSAGE, env=env).stdout
        assert more(printed) == f"{quoted(PYTHON)} -m checks explain C302"

    def test_an_installed_script_is_named_alone_where_the_path_has_it(self, tmp_path: Path) -> None:
        """Its name; its path where a shell would not find it."""
        script = installed(tmp_path)
        env = environment(os.pathsep.join([str(tmp_path), os.environ["PATH"]]))
        assert more(run("checks", "classify", MESSAGE, env=env).stdout) == "checks explain C302"
        assert run("checks", "--help", env=env).stdout.startswith("usage: checks [OPTION...]")
        assert run("checks", "wait", env=env).stderr.splitlines()[-1].startswith("checks wait: ")
        printed = run(str(script), "classify", MESSAGE).stdout
        assert more(printed) == f"{script} explain C302"

    def test_a_zip_file_is_named_as_it_was_typed(self, archive: Path) -> None:
        """The file, behind the interpreter."""
        printed = run(NAME, "checks.pyz", "classify", MESSAGE, cwd=archive.parent).stdout
        assert more(printed) == f"{NAME} checks.pyz explain C302"

    @pytest.mark.parametrize(
        "folder", ["a b", "it's", "$(touch x)", "`x`;#", "ü", '"', "-x", "~", "100%", "a\nb"]
    )
    def test_what_is_printed_can_be_typed(self, folder: str, archive: Path, tmp_path: Path) -> None:
        """Whatever the path holds, a shell runs the line, and nothing else is run."""
        there = tmp_path / folder
        there.mkdir()
        (there / "checks.pyz").write_bytes(archive.read_bytes())
        path = os.path.join(folder, "checks.pyz") if folder != "-x" else "./-x/checks.pyz"
        command = more(run(NAME, path, "classify", MESSAGE, cwd=tmp_path).stdout)
        typed = run("sh", "-c", command, cwd=tmp_path)
        if folder in ("100%", "a\nb"):  # which no line can hold: the documented form
            assert command == f"{PROGRAM} explain C302"
        else:
            assert shlex.split(command)[:2] == [NAME, path]
            assert typed.stdout.startswith("C302 nothing-listening")
        assert [each.name for each in tmp_path.iterdir()] == [folder]

    def test_other_code_that_calls_it_gets_the_documented_form(self) -> None:
        """The name of a test runner or of ``-c`` would lead nowhere."""
        code = f"from checks.cli import main; main(['classify', {MESSAGE!r}])"
        assert more(run(PYTHON, "-c", code).stdout) == f"{PROGRAM} explain C302"

    def test_json_is_the_same_however_it_was_started(self, archive: Path, tmp_path: Path) -> None:
        """To the byte: a document is read elsewhere."""
        arguments = ("classify", "--json", MESSAGE, "http://127.0.0.1:6000/")
        script = str(installed(tmp_path))
        first, *others = (
            run(*command, *arguments).stdout
            for command in ((NAME, "-m", "checks"), (NAME, str(archive)), (script,))
        )
        assert first.count("\n") == 2
        assert others == [first, first]


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        (f"{PROGRAM} free", "checks free"),
        (f"sudo {PROGRAM} 9", "sudo checks 9"),
        (PROGRAM, "checks"),
        (f"{PROGRAM}x", f"{PROGRAM}x"),
        (f"echo '{PROGRAM} x'", f"echo '{PROGRAM} x'"),
    ],
)
def test_only_commands_of_this_program_are_renamed(command: str, shown: str) -> None:
    """What another command repeats is left as it is."""
    assert spoken(command, "checks") == shown


class TestSite:
    """Links lead to a site that is there, or are not shown."""

    def test_without_a_site_there_are_no_links(self) -> None:
        """The page's name stands in JSON, the command in the text."""
        printed = run(NAME, "-S", "-m", "checks", "classify", MESSAGE).stdout
        assert "http" not in printed
        assert "http://127" not in run(NAME, "-S", "-m", "checks", "explain", "C302").stdout[-200:]
        (finding,) = self.found(environment())[:1]
        assert finding["url"] is None
        assert finding["page"] == f"reference/findings/{finding['slug']}/"

    @staticmethod
    def found(env: dict[str, str]) -> list[dict[str, Any]]:
        """The findings of a classification."""
        done = run(NAME, "-S", "-m", "checks", "classify", "--json", "127.0.0.1:62893", env=env)
        findings: list[dict[str, Any]] = json.loads(done.stdout)["findings"]
        return findings

    @pytest.mark.parametrize("given", [SITE, SITE.rstrip("/"), "http://[::1]:8000/x"])
    def test_the_environment_names_one(self, given: str) -> None:
        """With and without the last slash, in text, JSON, pages and the list."""
        env = environment(CHECKS_SITE=given)
        page = f"{given.rstrip('/')}/reference/findings/nothing-listening/"
        shown = run(NAME, "-S", "-m", "checks", "classify", MESSAGE, env=env).stdout
        assert shown.splitlines()[-1] == f"      {page}"
        explained = run(NAME, "-S", "-m", "checks", "explain", "C302", env=env).stdout
        assert explained.splitlines()[-1] == f"This page: {page}"
        listed = run(NAME, "-S", "-m", "checks", "explain", "--json", "C302", env=env).stdout
        assert json.loads(listed)["url"] == page
        assert all(one["url"].startswith(given.rstrip("/")) for one in self.found(env))

    @pytest.mark.parametrize(
        "given",
        ["docs", "ftp://x/", "https://", "https:///x", "http://x:99999/", "http://[::1/",
         "https://x/\x1b[31m", "https://x/\n", "https://x/ y", "https://x/?a", "https://x/#a",
         "https://u:p@x/", "javascript:alert(1)", "https://ü.test/", "https://x/'"],
    )  # fmt: skip
    @pytest.mark.parametrize("command", [["127.0.0.1:9"], ["free"], ["classify", "::1"]])
    def test_what_is_no_site_is_two(self, given: str, command: list[str]) -> None:
        """One clean line, and no answer with a bad link in it."""
        done = run(NAME, "-S", "-m", "checks", *command, env=environment(CHECKS_SITE=given))
        assert (done.returncode, done.stdout) == (2, "")
        (line,) = done.stderr.splitlines()
        assert line.startswith("checks: CHECKS_SITE is '")
        assert line.isprintable()

    def test_help_does_not_need_one(self) -> None:
        """Where the meaning of the variable is to be read, its value does no harm."""
        done = run(NAME, "-S", "-m", "checks", "--help", env=environment(CHECKS_SITE="docs"))
        assert done.returncode == 0
        assert "CHECKS_SITE" in done.stdout

    @pytest.mark.parametrize(("site", "given"), [("", ""), (SITE, SITE), (SITE, SITE[:-1])])
    def test_a_wheel_is_stamped_where_it_is_published(
        self, site: str, given: str, tmp_path: Path
    ) -> None:
        """The build takes the site from SITE_URL; the checkout stays as it is."""
        before = stamp.MODULE.read_bytes()
        env = environment(SITE_URL=given)
        done = run(PYTHON, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path), env=env)
        assert done.returncode == 0, done.stderr
        assert stamp.MODULE.read_bytes() == before
        (wheel,) = tmp_path.glob("*.whl")
        with zipfile.ZipFile(wheel) as packed:
            assert packed.namelist().count("checks/_site.py") == 1
        code = "from checks.cli import entry; entry()"
        env = environment(PYTHONPATH=str(wheel))
        shown = run(PYTHON, "-c", code, "classify", MESSAGE, cwd=tmp_path, env=env).stdout
        page = "reference/findings/nothing-listening/"
        assert shown.splitlines()[-1] == (
            f"      {site}{page}" if site else f"More: {PROGRAM} explain C302"
        )
        document = run(PYTHON, "-c", code, "explain", "--json", "C302", cwd=tmp_path, env=env)
        assert json.loads(document.stdout)["url"] == (f"{site}{page}" if site else None)

    def test_the_checkout_is_stamped_with_the_project_s_own(self) -> None:
        """What [project.urls] has is what the module has."""
        assert stamp.main(["--check"]) == 0
        assert stamp.declared(f'[project.urls]\nSource = "x"\nDocumentation = "{SITE}"\n') == SITE
        assert stamp.declared('[project]\nname = "x"\n\n[tool.x]\nDocumentation = "y"\n') == ""

    @pytest.mark.parametrize("address", ["http://127.0.0.1:62893/", "https://localhost/", "x"])
    def test_a_site_of_one_machine_is_not_stamped(self, address: str) -> None:
        """A published program must not lead its readers to their own machine."""
        with pytest.raises(ValueError, match=address):
            stamp.stamped(address)
