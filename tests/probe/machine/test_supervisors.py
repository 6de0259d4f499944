"""Which supervisor runs a process, and by which name: on trees made up, and on live ones."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from checks.model.evidence import Supervisor
from checks.probe.machine import processes

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")

WEB = "SUPERVISOR_ENABLED=1\0SUPERVISOR_PROCESS_NAME=web\0SUPERVISOR_GROUP_NAME=web\0"


class Tree:
    """A made-up /proc."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def add(
        self,
        pid: int,
        name: str,
        parent: int,
        *command: str,
        environ: str = "",
        terminal: int = 0,
        cwd: str | None = None,
    ) -> None:
        """Put a process into it."""
        home = self.root / str(pid)
        (home / "task" / str(pid)).mkdir(parents=True)
        fields = f"S {parent} 0 0 {terminal} " + "0 " * 14 + "100 0 0"
        (home / "stat").write_text(f"{pid} ({name}) {fields}\n")
        (home / "cmdline").write_text("\0".join((*(command or (name,)), "")))
        (home / "environ").write_text(environ)
        (home / "status").write_text("Uid:\t0\t0\t0\t0\n")
        if cwd is not None:
            (home / "cwd").symlink_to(cwd)

    def of(self, pid: int) -> Supervisor | None:
        """The supervisor of a process of it."""
        owner = processes.describe(pid, str(self.root))
        assert owner is not None
        return owner.supervisor


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """An empty one."""
    return Tree(tmp_path)


def supervised(tree: Tree, *command: str, environ: str = WEB, cwd: str = "/srv") -> None:
    """Put a supervisord into a tree, with a shell and, below it, the process 10."""
    tree.add(5, "supervisord", 1, *(command or ("python3", "/usr/bin/supervisord")), cwd=cwd)
    tree.add(6, "sh", 5, "sh", "-c", "server; true", environ=environ)
    tree.add(10, "server", 6, environ="")


class TestSupervisord:
    """The name is in the environment, the configuration in the command line."""

    @pytest.mark.parametrize(
        ("environ", "name"),
        [
            (WEB, "web"),
            (WEB.replace("GROUP_NAME=web", "GROUP_NAME=api"), "api:web"),
            ("PATH=/bin\0", None),
            (WEB.replace("=web", "=\x1b[31m"), None),
            (WEB.replace("=web", "=--all"), None),
        ],
    )
    def test_the_name(self, tree: Tree, environ: str, name: str | None) -> None:
        """Alone where the group is called so too; none where none can be typed."""
        supervised(tree, environ=environ)
        found = tree.of(10)
        assert found is not None
        assert (found.kind, found.pid, found.name, found.user) == ("supervisord", 5, name, "root")

    @pytest.mark.parametrize(
        ("options", "path"),
        [
            (("-n", "-c", "/opt/my/sup.conf"), "/opt/my/sup.conf"),
            (("-nc", "conf/sup.conf"), "/srv/conf/sup.conf"),
            (("-c../sup.conf",), "/sup.conf"),
            (("--configuration=/opt/a b.conf",), "/opt/a b.conf"),
            (("--configuration", "/opt/a.conf", "-n"), "/opt/a.conf"),
            (("-n",), None),
            (("-c",), None),
        ],
    )
    def test_the_configuration(self, tree: Tree, options: tuple[str, ...], path: str) -> None:
        """A relative path is read from where supervisord works."""
        supervised(tree, "/usr/bin/python3", "/usr/bin/supervisord", *options)
        found = tree.of(10)
        assert found is not None
        assert found.path == path

    @pytest.mark.parametrize(
        ("options", "cwd", "path"),
        [
            (("-c", "conf/sup.conf"), None, "unix:///srv/s.sock"),
            (("-c", "conf/sup.conf"), "/srv", "/srv/conf/sup.conf"),
            (("-c", "/srv/sup.conf"), None, "/srv/sup.conf"),
        ],
    )
    def test_a_configuration_that_another_user_cannot_find(
        self, tree: Tree, options: tuple[str, ...], cwd: str | None, path: str
    ) -> None:
        """The working directory of root's process is not told; then its server is named."""
        tree.add(5, "supervisord", 1, "python3", "/usr/bin/supervisord", *options, cwd=cwd)
        tree.add(10, "server", 5, environ=f"{WEB}SUPERVISOR_SERVER_URL=unix:///srv/s.sock\0")
        found = tree.of(10)
        assert found is not None
        assert found.path == path

    def test_a_configuration_beside_it(self, tree: Tree, tmp_path: Path) -> None:
        """Without -c it finds one where it works, and another shell would not."""
        (tmp_path / "supervisord.conf").write_text("")
        supervised(tree, cwd=str(tmp_path))
        found = tree.of(10)
        assert found is not None
        assert found.path == str(tmp_path / "supervisord.conf")

    def test_the_program_by_its_interpreter(self, tree: Tree) -> None:
        """``python3 -m supervisor.supervisord`` is called python3; another script is none."""
        tree.add(5, "python3", 1, "python3", "-m", "supervisor.supervisord", cwd="/")
        tree.add(10, "server", 5, environ=WEB)
        assert tree.of(10) is not None
        tree.add(7, "python3", 1, "/usr/bin/python3", "-u", "/opt/bin/supervisord", cwd="/")
        tree.add(12, "server", 7, environ=WEB)
        assert tree.of(12) is not None
        tree.add(25, "python3", 1, "python3", "manage.py", "supervisord", cwd="/")
        tree.add(30, "server", 25, environ=WEB)
        assert tree.of(30) is None


class TestPm2:
    """The name, or the number where pm2 would take the name for one."""

    @pytest.mark.parametrize(
        ("environ", "name"),
        [
            ("name=my api\0pm_id=3\0", "my api"),
            ("name=8080\0pm_id=3\0", "3"),
            ("name=\x1b]0;x\0pm_id=3\0", "3"),
            ("name=\x1b]0;x\0pm_id=all\0", None),
            ("", None),
        ],
    )
    def test_the_name(self, tree: Tree, environ: str, name: str | None) -> None:
        """Of the nearest below the daemon."""
        tree.add(5, "PM2 v7.0.4: God", 1, "PM2 v7.0.4: God Daemon (/srv/pm2)")
        tree.add(10, "node /srv/a.js", 5, environ=environ)
        assert tree.of(10) == Supervisor("pm2", 5, name, "/srv/pm2", "root")

    def test_the_usual_home(self, tree: Tree) -> None:
        """pm2 finds it by itself."""
        tree.add(5, "PM2 v7.0.4: God", 1, environ="PM2_HOME=/root/.pm2\0")
        tree.add(10, "python3", 5, environ="name=web\0")
        assert tree.of(10) == Supervisor("pm2", 5, "web", None, "root")

    @pytest.mark.parametrize(("second", "name"), [("web", "web"), ("api", None)])
    def test_a_cluster(self, tree: Tree, second: str, name: str | None) -> None:
        """The daemon listens for its workers; where these are of two programs, it is open."""
        tree.add(5, "PM2 v7.0.4: God", 1)
        for pid, called in ((10, "web"), (11, second)):
            told = f'{{"name": "{called}", "pm_id": {pid}, "exec_mode": "cluster_mode"}}'
            tree.add(pid, "node", 5, environ=f"pm2_env={told}\0")
        tree.add(12, "node", 5, environ="exec_mode=fork_mode\0name=other\0")
        (tree.root / "5" / "task" / "5" / "children").write_text("10 11 12 ")
        found = tree.of(5)
        assert found is not None
        assert (found.pid, found.name) == (5, name)
        worker = tree.of(11)
        assert worker is not None
        assert worker.name == second

    @pytest.mark.parametrize("told", ["", "{", "[]", "7", '{"name": {"a": 1}}', "[" * 100_000])
    def test_an_environment_that_is_none(self, tree: Tree, told: str) -> None:
        """A process may have any; the daemon is named all the same."""
        tree.add(5, "PM2 v7.0.4: God", 1)
        tree.add(10, "node", 5, environ=f"pm2_env={told}\0")
        found = tree.of(10)
        assert found is not None
        assert found.pid == 5


@pytest.mark.parametrize(("name", "kind"), [("runsv", "runit"), ("s6-supervise", "s6")])
class TestServices:
    """runit and s6 have one process a service, in its directory."""

    def test_the_directory(self, tree: Tree, name: str, kind: str) -> None:
        """As the process has it."""
        tree.add(5, name, 1, name, "web", cwd="/etc/sv/web")
        tree.add(10, "server", 5)
        assert tree.of(10) == Supervisor(kind, 5, None, "/etc/sv/web", "root")

    @pytest.mark.parametrize(("top", "path"), [("/run/service", "/run/service/web"), ("x", None)])
    def test_the_directory_of_another_user(
        self, tree: Tree, name: str, kind: str, top: str, path: str | None
    ) -> None:
        """The working directory is not told; the argument and that of the parent are."""
        tree.add(4, "scan", 1, "scan", "-P", top)
        tree.add(5, name, 4, name, "web")
        tree.add(10, "server", 5)
        assert tree.of(10) == Supervisor(kind, 5, None, path, "root")


@pytest.mark.parametrize("between", ["sshd", "tmux: server", "cron"])
def test_a_session_below_a_supervisor(tree: Tree, between: str) -> None:
    """What a person starts is not started again, though the way to it was."""
    tree.add(5, "supervisord", 1)
    tree.add(6, between, 5, environ=WEB)
    tree.add(10, "server", 6, environ=WEB)
    assert tree.of(10) is None


@pytest.mark.parametrize(("own", "there"), [(0, True), (3, True), (4, False)])
def test_another_terminal(tree: Tree, own: int, there: bool) -> None:
    """A server in a terminal that a supervised program opened was started by hand."""
    tree.add(5, "supervisord", 1, terminal=3)
    tree.add(10, "server", 5, environ=WEB, terminal=own)
    assert (tree.of(10) is not None) is there


def test_the_nearest_one_counts(tree: Tree) -> None:
    """supervisord may be a service of runit itself."""
    tree.add(4, "runsv", 1, "runsv", "sup", cwd="/etc/sv/sup")
    tree.add(5, "supervisord", 4)
    tree.add(10, "server", 5, environ=WEB)
    found = tree.of(10)
    assert found is not None
    assert found.kind == "supervisord"
    tree.add(20, "server", 4)
    second = tree.of(20)
    assert second is not None
    assert second.path == "/etc/sv/sup"


def test_no_supervisor(tree: Tree) -> None:
    """A name in the environment alone proves nothing: it is inherited and may be written."""
    tree.add(6, "sh", 1, environ=WEB)
    tree.add(10, "server", 6, environ=WEB)
    assert tree.of(10) is None
