"""The pass over /proc, on trees made up for it and on live processes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import situations
from needs import need, need_root

from checks.probe.machine import processes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")


def stat(pid: int, name: str, parent: int, ticks: int = 100) -> str:
    """A line of /proc/PID/stat."""
    return f"{pid} ({name}) S {parent} " + "0 " * 17 + f"{ticks} 0 0\n"


def add(
    root: Path,
    pid: int,
    *inodes: int,
    name: str = "server",
    parent: int = 1,
    command: bytes = b"server\0--port\x0080\0",
    group: str = "0::/\n",
) -> None:
    """Put a process that holds these sockets into a made-up /proc."""
    home = root / str(pid)
    (home / "fd").mkdir(parents=True)
    (home / "stat").write_text(stat(pid, name, parent))
    (home / "cmdline").write_bytes(command)
    (home / "status").write_text("Name:\tx\nUid:\t0\t0\t0\t0\n")
    (home / "cgroup").write_text(group)
    os.symlink("/srv", home / "cwd")
    for number, inode in enumerate(inodes):
        os.symlink(f"socket:[{inode}]", home / "fd" / str(number + 3))


def test_all_holders_of_a_socket_are_found(tmp_path: Path) -> None:
    """The pass does not stop at the first process that holds a socket."""
    for pid in (10, 20, 30):
        add(tmp_path, pid, 7, 8)
    add(tmp_path, 40, 99)
    found = processes.holders({7}, str(tmp_path))
    assert [owner.pid for owner in found.owners[7]] == [10, 20, 30]
    assert list(found.owners) == [7]
    assert (found.hidden, found.complete) == (0, True)


def test_facts_of_a_holder(tmp_path: Path) -> None:
    """Name, quoted command line, user, directory and parent come from its files."""
    add(tmp_path, 10, 7, command=b"/usr/bin/my server\0--name\0it's\0\0", name="a) (b")
    (owner,) = processes.holders({7}, str(tmp_path)).owners[7]
    assert owner.name == "a) (b"
    assert owner.command == "'/usr/bin/my server' --name 'it'\"'\"'s'"
    assert (owner.user, owner.directory, owner.parent) == ("root", "/srv", 1)


@pytest.mark.parametrize(
    ("command", "name"), [(b"/usr/bin/node\0a.js\0", "node"), (b"", "MainThread")]
)
def test_a_process_whose_first_thread_has_a_name(tmp_path: Path, command: bytes, name: str) -> None:
    """Node.js 24 is still node, also where only its name is asked."""
    add(tmp_path, 10, 7, command=command, name="MainThread")
    described, named = processes.describe(10, str(tmp_path)), processes.name(10, str(tmp_path))
    assert described is not None
    assert named is not None
    assert (described.name, named.name) == (name, name)


def test_a_process_that_writes_its_own_title(tmp_path: Path) -> None:
    """A server such as nginx replaces its command line by one text, which is shown as it stands."""
    add(tmp_path, 10, 7, command=b"nginx: master process /usr/sbin/nginx\0\0\0\0")
    (owner,) = processes.holders({7}, str(tmp_path)).owners[7]
    assert owner.command == "nginx: master process /usr/sbin/nginx"


@pytest.mark.parametrize("broken", ["", "10", "10 (x", "10 (x) S", "10 (x) S one two", "\0\0)\0"])
def test_a_process_that_cannot_be_read_is_left_out(tmp_path: Path, broken: str) -> None:
    """A process that ends while it is read is gone; the others stay."""
    add(tmp_path, 10, 7)
    add(tmp_path, 20, 7)
    (tmp_path / "10" / "stat").write_text(broken)
    assert [owner.pid for owner in processes.holders({7}, str(tmp_path)).owners[7]] == [20]


def test_a_malformed_tree_raises_nothing(tmp_path: Path) -> None:
    """Files in the place of directories, odd names and dangling links are passed over."""
    (tmp_path / "10").write_text("a file")
    (tmp_path / "20").mkdir()
    (tmp_path / "20" / "fd").write_text("a file")
    (tmp_path / "²").mkdir()
    (tmp_path / "30" / "fd").mkdir(parents=True)
    (tmp_path / "30" / "fd" / "0").write_text("no link")
    os.symlink("socket:[7]", tmp_path / "30" / "fd" / "1")
    found = processes.holders({7}, str(tmp_path))
    assert found == ({}, 0, True, True)
    assert processes.holders({7}, str(tmp_path / "nothing")).complete is False


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    """Names and arguments of any bytes become text."""
    add(tmp_path, 10, 7, command=b"\xff\xfe\0\x1b[31m\0")
    (tmp_path / "10" / "stat").write_bytes(stat(10, "X", 1).encode().replace(b"X", b"\xff\x1b"))
    (owner,) = processes.holders({7}, str(tmp_path)).owners[7]
    assert owner.name == "\ufffd\x1b"
    assert owner.command == "'\ufffd\ufffd' '\x1b[31m'"


class TestMain:
    """Which of several holders is the main one."""

    def test_is_the_one_the_others_descend_from(self, tmp_path: Path) -> None:
        """A master whose workers share its socket is marked, also over a generation."""
        add(tmp_path, 10, 7)
        add(tmp_path, 20, 7, parent=10)
        add(tmp_path, 30, 7, parent=20)
        owners = processes.holders({7}, str(tmp_path)).owners[7]
        assert [owner.main for owner in owners] == [True, False, False]

    def test_is_nobody_among_siblings(self, tmp_path: Path) -> None:
        """Where the common ancestor does not hold the socket none is marked."""
        add(tmp_path, 10, 9)
        add(tmp_path, 20, 7, parent=10)
        add(tmp_path, 30, 7, parent=10)
        assert not any(owner.main for owner in processes.holders({7}, str(tmp_path)).owners[7])

    def test_is_not_the_init_that_opened_it(self, tmp_path: Path) -> None:
        """A manager such as systemd keeps a socket it activates; the service is the main one."""
        add(tmp_path, 1, 7, name="systemd", parent=0)
        add(tmp_path, 20, 7, parent=1)
        add(tmp_path, 30, 7, parent=20)
        owners = processes.holders({7}, str(tmp_path)).owners[7]
        assert [owner.pid for owner in owners if owner.main] == [20]

    def test_a_circle_of_parents_ends(self, tmp_path: Path) -> None:
        """A tree that was read while it changed may be circular."""
        add(tmp_path, 10, 7, parent=20)
        add(tmp_path, 20, 7, parent=10)
        assert len(processes.holders({7}, str(tmp_path)).owners[7]) == 2


class TestStartedBy:
    """What started a process."""

    def test_its_unit(self, tmp_path: Path) -> None:
        """A control group that names a unit says it best."""
        add(tmp_path, 10, 7, group="0::/system.slice/nginx.service\n")
        (owner,) = processes.holders({7}, str(tmp_path)).owners[7]
        assert owner.started_by == "systemd unit nginx.service"

    @pytest.mark.parametrize(
        ("name", "says"),
        [("sshd", "ssh session"), ("-bash", "shell bash (pid 5)"), ("cron", "cron"),
         ("supervisord", "supervisor supervisord"), ("tmux: server", "tmux"), ("init", None)],
    )  # fmt: skip
    def test_its_nearest_telling_ancestor(
        self, tmp_path: Path, name: str, says: str | None
    ) -> None:
        """Without a unit the ancestors are asked; a parent that tells nothing is passed."""
        add(tmp_path, 5, name=name, parent=0)
        add(tmp_path, 6, name="make", parent=5)
        add(tmp_path, 10, 7, parent=6)
        (owner,) = processes.holders({7}, str(tmp_path)).owners[7]
        assert owner.started_by == says


def test_processes_that_may_not_be_looked_at_are_counted() -> None:
    """Hidden processes are counted, so that a missing owner is not called absent."""
    with situations.as_nobody():
        found = processes.holders({1})
    assert found.hidden > 0
    assert found.complete is True


def test_no_inode_means_no_pass() -> None:
    """Where no socket is looked for no process is looked at."""
    assert processes.holders(set(), "/nowhere") == ({}, 0, True, True)


def test_the_pass_is_bounded_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the time is up the pass ends and says that it is not complete."""
    monkeypatch.setattr(processes, "_PATIENCE", -1.0)
    assert processes.holders({1}).complete is False


def test_start_time_lies_between_before_and_after() -> None:
    """A process is said to have started when it did, to the second, and as ps has it."""
    need("ps", "procps")
    before = datetime.now(timezone.utc)
    with situations.process("print('ready')\nwait()\n") as child:
        after = datetime.now(timezone.utc)
        owner = processes.describe(child.pid)
        shown = subprocess.run(
            ["ps", "-o", "lstart=", "-p", str(child.pid)],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
        ).stdout
    assert owner is not None
    assert owner.started is not None
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", owner.started)
    started = datetime.strptime(owner.started, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    second = timedelta(seconds=1)
    assert before - second <= started <= after + second
    said = datetime.strptime(shown.strip(), "%a %b %d %H:%M:%S %Y").replace(tzinfo=timezone.utc)
    assert abs(started - said) <= second


def test_the_user_is_the_effective_one() -> None:
    """A daemon that dropped its rights is shown as the user it acts as."""
    need_root()
    code = "os.setegid(65534)\nos.seteuid(65534)\nprint('ready')\nwait()\n"
    with situations.process(code) as child:
        owner = processes.describe(child.pid)
    assert owner is not None
    assert owner.user == "nobody"


def test_a_gone_process_is_none() -> None:
    """A pid that is no process has no facts."""
    assert processes.describe(2**22 + 1) is None


_THREAD = """
import ctypes, threading
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(1)
inode = os.fstat(listener.fileno()).st_ino
ready = threading.Event()
def own():
    ctypes.CDLL(None).unshare(0x400)  # CLONE_FILES
    ready.set()
    threading.Event().wait()
threading.Thread(target=own, daemon=True).start()
ready.wait()
os.close(listener.detach())
print(inode)
wait()
os._exit(0)
"""


def test_a_descriptor_of_one_thread_alone() -> None:
    """A thread may have its own descriptors, which the process' first one has not."""
    with situations.process(_THREAD) as child:
        inode = int(child.said)
        found = processes.holders({inode})
    assert [owner.pid for owner in found.owners[inode]] == [child.pid]


def test_a_process_whose_first_thread_has_ended(tmp_path: Path) -> None:
    """What only its other threads show is found."""
    add(tmp_path, 10)
    add(tmp_path / "10" / "task", 11, 7)
    assert [owner.pid for owner in processes.holders({7}, str(tmp_path)).owners[7]] == [10]


def test_processes_that_are_left_out_are_hidden(tmp_path: Path) -> None:
    """With hidepid others' processes are not listed; process 1 is always one of them."""
    add(tmp_path, 10, 8)
    os.symlink("10", tmp_path / "self")
    assert processes.holders({7}, str(tmp_path)).hidden == 1
    add(tmp_path, 1)
    assert processes.holders({7}, str(tmp_path)).hidden == 0


def test_no_procfs(tmp_path: Path) -> None:
    """An empty directory is not a machine without processes."""
    assert processes.holders({7}, str(tmp_path)).seen is False


def test_a_name_costs_less_and_is_the_same() -> None:
    """Number, name and parent as in the full description; nothing else is claimed."""
    with situations.process("print('ready')\nwait()\n") as child:
        brief, full = processes.name(child.pid), processes.describe(child.pid)
    assert brief is not None
    assert full is not None
    assert (brief.pid, brief.name, brief.parent) == (full.pid, full.name, full.parent)
    assert (brief.command, brief.user, brief.started, brief.directory) == (None,) * 4
    assert processes.name(1 << 22) is None
