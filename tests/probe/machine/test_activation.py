"""Listeners that are held for a service: known before anything is connected to, and left alone."""

from __future__ import annotations

import contextlib
import io
import json
import os
import select
import sys
from typing import TYPE_CHECKING, Any

import activators
import pytest
import situations as real
from needs import need_root

from checks.cli import scan as scanning
from checks.model.evidence import Activation, Listener, Owner, Unit
from checks.probe import fragile, machine, system, targets
from checks.probe import wait as waiting
from checks.probe.machine import activation, inetd, socket_units

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from checks.probe.machine.socket_units import SocketUnit

PORT = 62893
BY_1 = Owner(1, "systemd", "/sbin/init", "root", None)
SERVICE = Owner(50, "cupsd", "/usr/sbin/cupsd -l", "root", None)


def row(
    *owners: Owner,
    address: str = "127.0.0.1",
    port: int = PORT,
    uid: int | None = 0,
    unit: Unit | None = None,
) -> Listener:
    """A row of the socket table."""
    return Listener(
        "tcp", address, port, None, 0, 5, uid, "root", 1, None, owners, "host", managed_by=unit,
    )  # fmt: skip


def mark(listener: Listener, root: Path) -> Activation | None:
    """What one row is held for."""
    (found,) = activation.mark([listener], str(root))
    return found.activation


def write(root: Path, path: str, text: str) -> None:
    """A file below a root."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def exe(root: Path, pid: int, program: str) -> None:
    """What /proc says a process runs."""
    write(root, program, "")
    home = root / f"proc/{pid}"
    home.mkdir(parents=True)
    (home / "exe").symlink_to(root / program)


@pytest.fixture
def machine_root(tmp_path: Path) -> Path:
    """A machine that systemd runs, with one socket unit that is wanted."""
    (tmp_path / "run/systemd/system").mkdir(parents=True)
    write(tmp_path, "lib/systemd/system/cups.socket",
          f"[Unit]\n[Socket]\nListenStream=/run/cups.sock\nListenStream=127.0.0.1:{PORT}\n",
          )  # fmt: skip
    write(tmp_path, "etc/systemd/system/sockets.target.wants/cups.socket", "")
    return tmp_path


# The unit files


@pytest.mark.parametrize(
    ("stream", "place"),
    [
        ("631", ("", 631)),
        ("127.0.0.1:631", ("127.0.0.1", 631)),
        ("0.0.0.0:631", ("0.0.0.0", 631)),
        ("[::1]:631", ("::1", 631)),
        ("[::]:631", ("::", 631)),
        ("[fe80::1]:631%eth0", ("fe80::1", 631)),
        ("/run/cups.sock", None),
        ("@cups", None),
        ("vsock:2:631", None),
        ("0", None),
        ("65536", None),
        ("", None),
        ("localhost:631", None),
    ],
)
def test_listen_stream(stream: str, place: tuple[str, int] | None) -> None:
    """The spellings of systemd.socket(5)."""
    assert socket_units.parse(stream) == place


def units(root: Path) -> dict[str, list[tuple[str, int]]]:
    """Where each unit listens."""
    found: dict[str, list[tuple[str, int]]] = {}
    for unit in socket_units.read(str(root)):
        if unit.port:
            found.setdefault(unit.name, []).append((unit.address, unit.port))
    return found


def test_a_path_is_an_address_without_a_port(machine_root: Path) -> None:
    """A Unix socket of a unit, however it writes /run."""
    write(machine_root, "lib/systemd/system/x.socket", "[Socket]\nListenStream=/var/run/x.sock\n")
    write(machine_root, "etc/systemd/system/sockets.target.wants/x.socket", "")
    read = socket_units.read(str(machine_root))
    for path, name in (("/run/cups.sock", "cups.socket"), ("/run/x.sock", "x.socket")):
        unit = socket_units.on(read, path, 0)
        assert unit is not None
        assert (unit.name, unit.enabled) == (name, True)
    assert socket_units.on(read, "/run/y.sock", 0) is None


class TestFiles:
    """Unit files, their drop-ins and their precedence, as systemd.unit(5) has them."""

    def test_a_file_in_etc_hides_the_vendor_s(self, machine_root: Path) -> None:
        """The first directory that has the name counts."""
        write(machine_root, "etc/systemd/system/cups.socket", "[Socket]\nListenStream=1001\n")
        assert units(machine_root) == {"cups.socket": [("", 1001)]}

    def test_drop_ins_add_and_reset(self, machine_root: Path) -> None:
        """An empty value forgets what stood before it, here and in a generator's file."""
        write(machine_root, "etc/systemd/system/cups.socket.d/10.conf",
              "[Socket]\n; no\nListenStream=1002\n")  # fmt: skip
        found = units(machine_root)["cups.socket"]
        assert found == [("127.0.0.1", PORT), ("", 1002)]
        write(machine_root, "run/systemd/generator/cups.socket.d/20.conf",
              "[Socket]\nListenStream=\nListenStream= \\\n 1003\n")  # fmt: skip
        assert units(machine_root)["cups.socket"] == [("", 1003)]

    def test_masked_and_other_sections(self, machine_root: Path) -> None:
        """A link to /dev/null is no file, and only [Socket] counts."""
        (machine_root / "etc/systemd/system/cups.socket").symlink_to("/dev/null")
        write(machine_root, "etc/systemd/system/x.socket", "[Install]\nListenStream=5\n")
        assert units(machine_root) == {}

    def test_instances_of_a_template(self, machine_root: Path) -> None:
        """web@8080.socket has its port from its name."""
        write(machine_root, "etc/systemd/system/web@.socket",
              "[Socket]\nListenStream=127.0.0.1:%i\n")  # fmt: skip
        wants = "etc/systemd/system/sockets.target.wants/web@8080.socket"
        write(machine_root, wants, "")
        assert units(machine_root)["web@8080.socket"] == [("127.0.0.1", 8080)]
        assert "web@.socket" not in units(machine_root)

    @pytest.mark.parametrize(
        ("text", "starts"),
        [
            ("", "a.service"),
            ("Accept=no\n", "a.service"),
            ("Accept=yes\n", "a@.service"),
            ("Service=b.service\n", "b.service"),
        ],
    )
    def test_what_is_started(self, tmp_path: Path, text: str, starts: str) -> None:
        """By its own name, by a template for each connection, or by Service=."""
        write(tmp_path, "etc/systemd/system/a.socket", f"[Socket]\nListenStream=5\n{text}")
        (unit,) = socket_units.read(str(tmp_path))
        assert unit.starts == starts

    def test_a_pipe_does_not_block(self, tmp_path: Path) -> None:
        """A user may put anything below his own directory."""
        home = tmp_path / "etc/systemd/system"
        home.mkdir(parents=True)
        os.mkfifo(home / "a.socket")
        assert socket_units.read(str(tmp_path)) == ()

    def test_of_two_units_the_enabled_one(self, machine_root: Path) -> None:
        """A vendor's file for the same port may lie there unused."""
        write(machine_root, "lib/systemd/system/a.socket",
              f"[Socket]\nListenStream=127.0.0.1:{PORT}\n")  # fmt: skip
        found = socket_units.on(socket_units.read(str(machine_root)), "127.0.0.1", PORT)
        assert found is not None
        assert found.name == "cups.socket"

    def test_of_a_user(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Below the home directory and below /run/user."""
        monkeypatch.setattr(system, "home_of", lambda _: "/home/ann")
        write(tmp_path, "home/ann/.config/systemd/user/a.socket", "[Socket]\nListenStream=5\n")
        write(tmp_path, "run/user/7/systemd/transient/b.socket", "[Socket]\nListenStream=6\n")
        found = socket_units.read(str(tmp_path), 7)
        assert [unit.name for unit in found] == ["a.socket", "b.socket"]


# Who holds the socket


CUPS = Activation("systemd", "cups.socket", "cups.service")


def test_process_1_holds_it_for_a_unit(machine_root: Path) -> None:
    """The service does not hold it yet: a connection would start it."""
    exe(machine_root, 1, "usr/lib/systemd/systemd")
    assert mark(row(BY_1), machine_root) == CUPS


def test_the_service_holds_it_too(machine_root: Path) -> None:
    """Then a connection is as to any other server."""
    assert mark(row(BY_1, SERVICE), machine_root) == CUPS._replace(running=True)
    (target,) = targets.choose([targets.LOOPBACKS[0]], PORT, (), False)
    (found,) = activation.mark([row(BY_1, SERVICE)], str(machine_root))
    assert fragile.find(target, [found]) is None


def test_a_unit_that_no_file_names(tmp_path: Path) -> None:
    """It is left alone all the same; systemctl list-sockets tells which it is."""
    assert mark(row(BY_1), tmp_path) == Activation("systemd", None, None)
    unit = Unit("systemd", "odd.socket")
    assert mark(row(BY_1, unit=unit), tmp_path) == Activation("systemd", "odd.socket", None)


@pytest.mark.parametrize(
    "owner",
    [
        Owner(1, "node", "node server.js", "root", None),
        Owner(1, "tini", "tini -- app", "root", None),
        Owner(4242, "systemd", "systemd --user", "ann", None),
        Owner(4242, "launchd", "launchd", "ann", None),
        Owner(4242, "systemd-socket-", "/usr/lib/systemd/systemd-socket-proxyd x:1", "ann", None),
        Owner(4242, "busybox", "busybox httpd -p 80", "root", None),
        Owner(4242, "tcpsvd", "tcpsvd 0 80 httpd -i", "root", None),
        Owner(4242, "python3", "python3 inetd", "ann", None),
    ],
)
def test_ordinary_servers_are_connected_to(owner: Owner, machine_root: Path) -> None:
    """Process 1 of a container, a process that calls itself systemd, servers that fork."""
    assert mark(row(owner), machine_root) is None


def test_process_1_that_only_has_the_name(machine_root: Path) -> None:
    """The program of a container may be called so."""
    exe(machine_root, 1, "app/systemd")
    assert mark(row(BY_1), machine_root) is None


def test_a_user_s_manager_runs_root_s_program(
    machine_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy of it that is the user's own is not believed."""
    need_root()
    owner = Owner(4242, "systemd", "/usr/lib/systemd/systemd --user", "ann", None)
    exe(machine_root, 4242, "usr/lib/systemd/systemd")
    assert mark(row(owner, uid=7), machine_root) == Activation("systemd", None, None, 7)
    os.chown(machine_root / "usr/lib/systemd/systemd", real.NOBODY, real.NOBODY)
    assert mark(row(owner, uid=7), machine_root) is None


class TestHidden:
    """Who may not see process 1 is told by the socket's group, or by what is enabled."""

    @pytest.mark.parametrize("name", ["init.scope", "cups.socket"])
    def test_by_its_control_group(self, machine_root: Path, name: str) -> None:
        """systemd makes the socket in its own group or in the unit's."""
        assert mark(row(unit=Unit("systemd", name)), machine_root) == CUPS

    def test_a_service_s_own_socket(self, machine_root: Path) -> None:
        """A socket that the service made is served, whatever unit files lie there."""
        assert mark(row(unit=Unit("systemd", "cups.service")), machine_root) is None

    def test_of_another_user_s_manager(self, machine_root: Path) -> None:
        """Below user@UID.service, unit unknown."""
        found = mark(row(unit=Unit("systemd", "init.scope", 7), uid=7), machine_root)
        assert found == Activation("systemd", None, None, 7)

    def test_by_the_enabled_unit(self, machine_root: Path) -> None:
        """No group is known: the port of an enabled unit, made by root."""
        assert mark(row(), machine_root) == CUPS
        assert mark(row(uid=1000), machine_root) is None
        assert mark(row(port=PORT - 1), machine_root) is None
        assert mark(row(address="127.0.0.2"), machine_root) is None

    def test_a_file_that_nothing_wants(self, machine_root: Path) -> None:
        """Debian ships ssh.socket beside ssh.service, and does not enable it."""
        (machine_root / "etc/systemd/system/sockets.target.wants/cups.socket").unlink()
        assert mark(row(), machine_root) is None
        (machine_root / "sys/fs/cgroup/system.slice/cups.socket").mkdir(parents=True)
        assert mark(row(), machine_root) == CUPS

    def test_where_systemd_does_not_run(self, machine_root: Path) -> None:
        """Unit files in an image of a container mean nothing."""
        (machine_root / "run/systemd/system").rmdir()
        assert mark(row(), machine_root) is None

    @pytest.mark.parametrize("accept", ["no", "yes"])
    def test_the_service_runs(self, machine_root: Path, accept: str) -> None:
        """Its control group has a process; instances are started for each connection anew."""
        write(machine_root, "sys/fs/cgroup/system.slice/cups.service/cgroup.events",
              "populated 1\nfrozen 0\n")  # fmt: skip
        write(machine_root, "etc/systemd/system/cups.socket.d/a.conf",
              f"[Socket]\nAccept={accept}\n")  # fmt: skip
        found = mark(row(), machine_root)
        assert found is not None
        assert found.running is (accept == "no")


def test_files_are_read_once_for_all_rows(
    machine_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list of listeners costs one reading, and none where nobody is in question."""
    count = 0
    read = socket_units.read

    def counted(root: str = "", uid: int | None = None) -> tuple[SocketUnit, ...]:
        nonlocal count
        count += 1
        return read(root, uid)

    monkeypatch.setattr(socket_units, "read", counted)
    activation.mark([row(BY_1, port=port) for port in range(1, 500)], str(machine_root))
    assert count == 1
    activation.mark([row(SERVICE), row(unit=Unit("systemd", "a.service"))], str(machine_root))
    assert count == 1


# Super-servers

INETD = Owner(7, "inetd", "/usr/sbin/inetd -R 0 /x/inetd.conf", "root", None)
XINETD = Owner(7, "xinetd", "/usr/sbin/xinetd -pidfile /run/x.pid -f /x/xinetd.conf", "root", None)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("62893 stream tcp nowait root /bin/cat cat", inetd.Service("62893", "/bin/cat")),
        ("127.0.0.1:62893 stream tcp6 wait root /bin/cat cat", inetd.Service("62893", "/bin/cat")),
        ("62893 stream tcp nowait root /sbin/tcpd /bin/cat", inetd.Service("62893", "/bin/cat")),
        ("62893 stream tcp nowait root internal", inetd.Service("62893", "")),
        ("62893 dgram udp wait root /bin/cat cat", None),
        ("#62893 stream tcp nowait root /bin/cat cat", None),
        ("1 stream tcp nowait root /bin/cat cat", None),
        ("62893 stream", None),
    ],
)  # fmt: skip
def test_line_of_inetd(tmp_path: Path, line: str, found: inetd.Service | None) -> None:
    """Service, or where a line has none for the port nothing."""
    write(tmp_path, "x/inetd.conf", f"# comment\n{line}\n")
    assert inetd.of_inetd(INETD, PORT, str(tmp_path)) == found


def test_inetd_answers_some_by_itself(tmp_path: Path) -> None:
    """echo and daytime start nothing, so they are connected to."""
    write(tmp_path, "x/inetd.conf", "62893 stream tcp nowait root internal\n")
    assert mark(row(INETD), tmp_path) is None
    write(tmp_path, "x/inetd.conf", "")
    assert mark(row(INETD), tmp_path) == Activation("inetd", None, None)


def test_xinetd_s_own_files(tmp_path: Path) -> None:
    """The main file includes a directory; what is disabled is not it."""
    write(tmp_path, "x/xinetd.conf", "defaults\n{\n}\nincludedir /x/xinetd.d\n")
    block = "service {}\n{{\n  disable = {}\n  port = 62893\n  server = {}\n  type = {}\n}}\n"
    write(tmp_path, "x/xinetd.d/a", block.format("old", "yes", "/bin/old", "UNLISTED"))
    write(tmp_path, "x/xinetd.d/b", block.format("web", "no", "/bin/web", "UNLISTED"))
    assert mark(row(XINETD), tmp_path) == Activation("xinetd", "web", "/bin/web")
    write(tmp_path, "x/xinetd.d/b", block.format("web", "no", "/bin/web", "INTERNAL UNLISTED"))
    assert mark(row(XINETD), tmp_path) is None


@pytest.mark.parametrize(
    ("name", "command", "kind"),
    [
        ("inetutils-inetd", "/usr/sbin/inetutils-inetd", "inetd"),
        ("rlinetd", "/usr/sbin/rlinetd", "rlinetd"),
        ("busybox", "busybox inetd -f", "inetd"),
        ("inetd", "/bin/busybox inetd", "inetd"),
    ],
)
def test_kinds_of_inetd(tmp_path: Path, name: str, command: str, kind: str) -> None:
    """Whatever its configuration says, to connect would start something."""
    found = mark(row(Owner(7, name, command, "root", None)), tmp_path)
    assert found == Activation(kind, None, None)


def test_launchd(tmp_path: Path) -> None:
    """macOS has one, process 1; a job that runs holds the socket too."""
    launchd = Owner(1, "launchd", None, "root", None)
    assert mark(row(launchd), tmp_path) == Activation("launchd", None, None)
    assert mark(row(launchd, SERVICE), tmp_path) == Activation("launchd", None, None, None, True)


# Real ones


def scan(port: int, *options: str) -> dict[str, Any]:
    """What a scan of one port prints as JSON."""
    words = ["-p", str(port), "--json", *options]
    with contextlib.redirect_stdout(io.StringIO()) as out:
        scanning.run(scanning.read(words))
    document: dict[str, Any] = json.loads(out.getvalue())
    return document


def look(port: int, condition: str, *, activate: bool = False) -> waiting.Look:
    """One look of a wait."""
    return waiting.look(
        real.endpoint("127.0.0.1", port), waiting.Wanted(condition), 1.0, machine.facts(),
        remote=False, activate=activate,
    )  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
@pytest.mark.parametrize("options", [(), ("--accept", "--inetd")])
class TestSocketActivate:
    """systemd-socket-activate, once for all clients and once for each."""

    def test_nothing_starts_the_service(self, tmp_path: Path, options: tuple[str, ...]) -> None:
        """Diagnosis, scan and wait, twice each; then --activate does."""
        started = tmp_path / "started"
        with activators.socket_activate(started, *options) as (port, pid):
            for _ in range(2):
                found = real.ask("127.0.0.1", port)
                assert found.outcome == "left-alone"
                assert found.listeners[0].owners[0].pid == pid
                assert scan(port)["outcome"] == "left-alone"
                assert look(port, "open").held
                assert not look(port, "closed").held
                assert "--activate" in look(port, "http").why
            assert not started.exists()
            assert real.ask("127.0.0.1", port, activate=True).outcome == "accepted"
            self.wait_until(started)

    @staticmethod
    def wait_until(started: Path) -> None:
        """The service was started by the connection."""
        clock = select.poll()
        for _ in range(int(real.PATIENCE * 100)):
            if started.exists():
                return
            clock.poll(10)
        raise AssertionError("--activate did not start the service")


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
def test_scan_and_wait_insist_too(tmp_path: Path) -> None:
    """The option is theirs as well."""
    with activators.socket_activate(tmp_path / "scanned") as (port, _):
        assert scan(port, "--activate")["outcome"] == "accepted"
        TestSocketActivate.wait_until(tmp_path / "scanned")
    with activators.socket_activate(tmp_path / "waited") as (port, _):
        assert look(port, "open", activate=True).probe.outcome == "accepted"
        TestSocketActivate.wait_until(tmp_path / "waited")


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
def test_what_only_calls_itself_so() -> None:
    """A process of this user with systemd's name is a server like any other."""
    for name in ("systemd", "inetd", "launchd"):
        with real.renamed_listener(name, "--user") as (port, _):
            found = real.ask("127.0.0.1", port)
            assert found.listeners[0].owners[0].name == name
            assert (found.outcome, found.listeners[0].activation) == ("accepted", None)


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
def test_real_inetd(tmp_path: Path) -> None:
    """Its service is named and not started; what it answers by itself is asked."""
    started = tmp_path / "started"
    with real.own_network(), activators.inetd(started, tmp_path) as (port, within):
        for _ in range(2):
            found = real.ask("127.0.0.1", port)
            assert found.outcome == "left-alone"
            assert found.listeners[0].activation == Activation("inetd", str(port), "/bin/sh")
            assert scan(port)["outcome"] == "left-alone"
        assert not started.exists()
        assert real.ask("127.0.0.1", within).outcome == "accepted"
        assert real.ask("127.0.0.1", port, activate=True).outcome == "accepted"
        TestSocketActivate.wait_until(started)


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[activators.Booted]:
    """A system of its own, with a socket unit whose service has not been started."""
    server = tmp_path / "server.py"
    server.write_text(activators.SERVER)
    text = f"[Socket]\nListenStream=127.0.0.1:{PORT}\n"
    service = f"[Service]\nExecStart={sys.executable} {server}\n"
    with activators.booted({"demo.socket": text, "demo.service": service}, tmp_path) as system:
        yield system


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
def test_real_systemd(systemd: activators.Booted) -> None:
    """Seen by root and by a user, before the service runs and after it."""
    target = f"127.0.0.1:{PORT}"
    users = (None, real.NOBODY)
    for user in users:
        (endpoint,) = json.loads(systemd.checks("--json", target, user=user))["endpoints"]
        probe = endpoint["probe"]
        assert probe["outcome"] == "left-alone"
        assert probe["listeners"][0]["activation"] == {
            "kind": "systemd", "unit": "demo.socket", "starts": "demo.service", "uid": None,
            "running": False,
        }  # fmt: skip
        assert "skipped" in systemd.checks("scan", "-p", str(PORT), user=user)
        assert systemd.checks("wait", target, "--timeout", "5", user=user).startswith("open")
    assert systemd.is_active("demo.service") == "inactive"
    systemd.checks("--activate", "--no-identify", target)
    assert systemd.is_active("demo.service") == "active"
    for user in users:
        (endpoint,) = json.loads(systemd.checks("--json", target, user=user))["endpoints"]
        assert endpoint["probe"]["outcome"] == "accepted"
        assert endpoint["probe"]["listeners"][0]["activation"]["running"] is True
    fixes = json.loads(systemd.checks("--json", target))["findings"]
    commands = [fix["command"] for found in fixes for fix in found["fix"] if fix["command"]]
    (stop,) = [command for command in commands if " stop " in command]
    systemd.run(*stop.split(), check=True)
    assert systemd.is_active("demo.socket") == systemd.is_active("demo.service") == "inactive"
    assert systemd.checks(target).startswith(
        f"{target} refused the connection: no program listens there."
    )
