"""Units and containers, by the paths that their managers give control groups."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
import situations
from needs import missing, need_root
from situations import ask

from checks.model.evidence import Unit
from checks.probe.machine import cgroups

IDENTITY = "0123456789abcdef" * 4

PATHS = {
    "/": None,
    "": None,
    "/system.slice/nginx.service": "systemd unit nginx.service",
    "/system.slice/system-getty.slice/getty@tty1.service": "systemd unit getty@tty1.service",
    "/system.slice/system-postgresql.slice/postgresql@15-main.service": (
        "systemd unit postgresql@15-main.service"
    ),
    r"/system.slice/my\x2dapp.service": "systemd unit my-app.service",
    r"/system.slice/odd\xzz\x2.service": r"systemd unit odd\xzz\x2.service",
    f"/system.slice/x-{IDENTITY[:-1]}.service": f"systemd unit x-{IDENTITY[:-1]}.service",
    "/user.slice/user-1000.slice/session-3.scope": None,
    "/user.slice/user-1000.slice/user@1000.service": None,
    "/user.slice/user-1000.slice/user@1000.service/app.slice/vite.service": (
        "systemd user unit vite.service"
    ),
    "/user.slice/user-1000.slice/user@1000.service/app.slice/app-code-42.scope": (
        "systemd user unit app-code-42.scope"
    ),
    "/init.scope": None,
    "/user.slice/user-1000.slice/user@1000.service/init.scope": None,
    "/system.slice/cups.socket": "systemd unit cups.socket",
    # Below user@UID.service that user chooses the names, and below a unit whoever it is
    # delegated to: no such name is a unit or container of the system.
    "/user.slice/user-1000.slice/user@1000.service/ssh.service": "systemd user unit ssh.service",
    "/user.slice/user-1000.slice/user@1000.service/system.slice/ssh.service": (
        "systemd user unit ssh.service"
    ),
    "/user.slice/user-1000.slice/user@1000.service/user@0.service/ssh.service": None,
    f"/user.slice/user-1000.slice/user@1000.service/user.slice/docker-{IDENTITY}.scope": (
        "rootless Docker container 0123456789ab"
    ),
    f"/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-{IDENTITY}.scope/container": (
        "rootless Podman container 0123456789ab"
    ),
    "/system.slice/ci.service/ssh.service": "systemd unit ci.service",
    f"/system.slice/ci.service/docker-{IDENTITY}.scope": "systemd unit ci.service",
    "/user.slice/user-1000.slice/session-3.scope/ssh.service": None,
    "/user.slice/user@x.service/ssh.service": None,
    "/system.slice/__odd.service": "systemd unit _odd.service",
    f"/docker/{IDENTITY}": "Docker container 0123456789ab",
    f"/system.slice/docker-{IDENTITY}.scope": "Docker container 0123456789ab",
    f"/system.slice/docker-{IDENTITY}.scope/init": "Docker container 0123456789ab",
    f"/machine.slice/libpod-{IDENTITY}.scope": "Podman container 0123456789ab",
    f"/machine.slice/libpod-{IDENTITY}.scope/container": "Podman container 0123456789ab",
    f"/kubepods.slice/kubepods-pod1.slice/cri-containerd-{IDENTITY}.scope": (
        "Kubernetes container 0123456789ab"
    ),
    f"/kubepods/besteffort/pod1f/{IDENTITY}": "Kubernetes container 0123456789ab",
    f"/kubepods.slice/crio-{IDENTITY}.scope": "Kubernetes container 0123456789ab",
    f"/weird/{IDENTITY}": "container 0123456789ab",
    "/lxc.payload.web/system.slice/nginx.service": "LXC container web",
    "/lxc/web": "LXC container web",
    r"/machine.slice/machine-debian\x2d12.scope": "systemd machine debian-12",
}  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_paths(path: str) -> None:
    """Each manager's path names its unit or container, a login session's names none."""
    assert cgroups.describe(path) == PATHS[path]


@pytest.mark.parametrize(
    ("path", "unit"),
    [
        ("/system.slice/nginx.service", Unit("systemd", "nginx.service")),
        (r"/system.slice/my\x2dapp.service", Unit("systemd", r"my\x2dapp.service")),
        ("/init.scope", Unit("systemd", "init.scope")),
        ("/user.slice/user-7.slice/user@7.service/init.scope", Unit("systemd", "init.scope", 7)),
        (
            "/user.slice/user-7.slice/user@7.service/app.slice/vite.service",
            Unit("systemd", "vite.service", 7),
        ),
        (f"/user.slice/user@7.service/docker-{IDENTITY}.scope", Unit("docker", IDENTITY[:12], 7)),
        (f"/system.slice/docker-{IDENTITY}.scope", Unit("docker", IDENTITY[:12])),
        ("/user.slice/user-7.slice/user@7.service", None),
    ],
)
def test_fields_are_as_systemctl_takes_them(path: str, unit: Unit | None) -> None:
    """The name is not unescaped, and a user's is marked with the user."""
    assert cgroups.parse(path) == unit


def test_a_process_in_both_hierarchies(tmp_path: Path) -> None:
    """With version 1 beside version 2 the hierarchy that tells something is heard."""
    (tmp_path / "9").mkdir()
    file = tmp_path / "9" / "cgroup"
    file.write_text("4:memory:/\n1:name=systemd:/system.slice/a.service\n0::/\n")
    assert cgroups.of_process(9, str(tmp_path)) == "systemd unit a.service"
    file.write_text("2:cpu:/\n0::/system.slice/b:c.service\n")
    assert cgroups.of_process(9, str(tmp_path)) == "systemd unit b:c.service"
    file.write_bytes(b"\xff\xff\n::\n\0")
    assert cgroups.of_process(9, str(tmp_path)) is None
    assert cgroups.of_process(10, str(tmp_path)) is None


def test_a_number_is_found_in_the_tree(tmp_path: Path) -> None:
    """The number of a socket's control group is the inode of its directory."""
    home = tmp_path / "system.slice" / "redis.service"
    home.mkdir(parents=True)
    (tmp_path / "cgroup.controllers").write_text("")
    number = home.stat().st_ino
    found = cgroups.unit_of_number(number, ("/nowhere", str(tmp_path)))
    assert cgroups.text(found) == "systemd unit redis.service"
    assert cgroups.unit_of_number(1, (str(tmp_path),)) is None
    assert cgroups.unit_of_number(number, ("/nowhere",)) is None


def test_the_search_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tree of very many groups is given up, not walked to its end."""
    (tmp_path / "cgroup.controllers").write_text("")
    home = tmp_path / "a" / "b" / "x.service"
    home.mkdir(parents=True)
    monkeypatch.setattr(cgroups, "_MOST_GROUPS", 1)
    assert cgroups.unit_of_number(home.stat().st_ino, (str(tmp_path),)) is None


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
def test_the_unit_of_a_hidden_process() -> None:
    """Who may not see the process is still told its unit, by the socket's own control group."""
    need_root()
    root = next(
        (each for each in cgroups._ROOTS if os.access(f"{each}/cgroup.procs", os.W_OK)), None
    )
    if root is None or not os.path.exists(f"{root}/cgroup.controllers"):
        missing("control groups of version 2, mounted writable")
    home = f"{root}/checks-test-{os.getpid()}.service"
    os.mkdir(home)
    code = (
        "open(sys.argv[1] + '/cgroup.procs', 'w').write(str(os.getpid()))\n"
        "listener = socket.create_server(('127.0.0.1', int(sys.argv[2])))\n"
        "print('ready')\nwait()\n"
    )
    port = situations.free_port()
    try:
        with situations.process(code, home, str(port)):
            seen = ask("127.0.0.1", port)
            with situations.as_nobody():
                hidden = ask("127.0.0.1", port)
    finally:
        os.rmdir(home)
    name = f"systemd unit {os.path.basename(home)}"
    assert (seen.listeners[0].unit, seen.listeners[0].owners[0].started_by) == (name, name)
    assert (hidden.listeners[0].unit, hidden.listeners[0].owners) == (name, ())
