"""What is advised about the owner of a port: it is for the real owner, and it harms nothing else.

Each kind of owner has the advice that it gets and the words that it must not get.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from typing import Any

import pytest
import situations as real
from findings.records import (
    PORT,
    PYTHON,
    TARGET,
    attempt,
    binding,
    codes,
    listener,
    machine,
    probe,
    speaks,
    the,
)
from needs import missing, need, need_root

from checks.findings import owners, reach
from checks.findings.base import Fix
from checks.model.evidence import Activation, Listener, Owner, Probe, Relay, Supervisor, Unit
from checks.probe.machine import linux

ACCEPTED = attempt("accepted")
IN_USE = binding("in-use", errno="EADDRINUSE", errno_reuse="EADDRINUSE")
PUBLISHED = "a published port of a Docker container"
PROXY = Owner(
    91,
    "docker-proxy",
    f"/usr/bin/docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port {PORT} -container-ip 172.17.0.2"
    " -container-port 80",
    "root",
    None,
    parent=50,
)
DOCKER = Unit("systemd", "docker.service")
AT_DOCKER = Relay("docker-proxy", PUBLISHED, "172.17.0.2:80", 91, "docker")
NAMED = AT_DOCKER._replace(container="web")


def published(address: str = "0.0.0.0", relay: Relay = AT_DOCKER) -> Listener:
    """The row of docker-proxy, as root sees it."""
    return listener(address, PROXY, user="root", uid=0, managed_by=DOCKER, relay=relay)


def advice(row: Listener, at: Probe | None = None) -> list[str]:
    """Every word that B402, C305 and E502 advise about a row, texts and commands."""
    evidence = at or probe(ACCEPTED, listeners=(row,), bindings=(IN_USE,))
    evidence = evidence._replace(listeners=(row,))
    full = evidence._replace(
        listeners=(row._replace(queue=2, backlog=1),), attempts=(attempt("timed-out"),),
        outcome="timed-out",
    )  # fmt: skip
    found = [the("B402", TARGET, evidence), the("C305", TARGET, full)]
    if row.reach == "any":
        found.append(the("E502", TARGET, evidence))
    return [
        word for one in found for fix in one.match.fix for word in (fix.text, fix.command or "")
    ]


def stops(row: Listener, user: str = "ann", system: str = "linux") -> list[str]:
    """The commands of :func:`owners.stop` for one system."""
    evidence = probe(listeners=(row,), at=machine(system, user=user))
    return [
        fix.command for fix in owners.stop(row, evidence)
        if fix.command is not None and fix.os in (None, system)
    ]  # fmt: skip


class TestDocker:
    """A published port: the container is stopped, never the proxy and never the daemon."""

    @pytest.mark.parametrize("relay", [None, NAMED])
    def test_the_container_is_found_and_stopped(self, relay: Relay | None) -> None:
        """By the port, and by its name where the daemon told it."""
        row = published()
        at = probe(ACCEPTED, bindings=(IN_USE,), relay=relay)
        said = advice(row, at)
        assert f"docker ps --filter publish={PORT}" in said
        if relay is None:
            assert any("`docker stop NAME`" in word for word in said)
        else:
            assert "docker stop web" in said

    @pytest.mark.parametrize("row", [published(), published("::"), published("127.0.0.1")])
    def test_nothing_that_harms_is_said(self, row: Listener) -> None:
        """No kill of the proxy, no stop of docker.service, no rule that is never asked."""
        for word in advice(row):
            assert "kill" not in word
            assert "systemctl" not in word
            assert "ufw deny" not in word
            assert "program listen on 127" not in word

    def test_others_are_kept_out_where_it_is_published(self) -> None:
        """The program inside stays where it is; the address of the publication changes."""
        said = advice(published())
        assert any(f"-p 127.0.0.1:{PORT}:80" in word for word in said)
        assert any(word.startswith("sudo iptables -I DOCKER-USER") for word in said)
        assert any(word.startswith("sudo ip6tables") for word in advice(published("::")))

    @pytest.mark.parametrize("text", [f"0.0.0.0:{PORT}", f"*:{PORT}", f"[::]:{PORT}"])
    def test_a_wildcard_target_moves_no_program_either(self, text: str) -> None:
        """What is said of the address itself does not speak against what is said of the proxy."""
        row = published("::" if text[0] == "[" else "0.0.0.0")
        at = probe(ACCEPTED, listeners=(row,), bindings=(IN_USE,))
        found = the("A103", text, at)
        assert not [fix for fix in found.match.fix if "make the program listen" in fix.text]
        bare = the("A103", text, None)
        assert [fix for fix in bare.match.fix if "make the program listen" in fix.text]

    @pytest.mark.parametrize("row", [published(), listener("0.0.0.0", PYTHON)])
    def test_root_needs_no_sudo_to_keep_others_out(self, row: Listener) -> None:
        """A small system may have none."""
        for user, told in (("ann", True), ("root", False)):
            fixes = reach.keep_out(row, probe(listeners=(row,), at=machine("linux", user=user)))
            (command,) = [fix.command for fix in fixes if fix.command and fix.os == "linux"]
            assert command.startswith("sudo ") is told

    def test_a_hidden_proxy_is_no_daemon_to_be_stopped(self) -> None:
        """A user sees only that the socket was made in docker.service."""
        relay = Relay("docker-proxy", "a port of Docker", None, None, "docker")
        row = listener("0.0.0.0", user="root", uid=0, managed_by=DOCKER, relay=relay)
        assert stops(row) == [f"docker ps --filter publish={PORT}"]
        assert not [word for word in advice(row) if "systemctl" in word or "kill" in word]

    def test_the_daemon_itself_is_not_stopped_either(self) -> None:
        """dockerd on 2375: every container would end with it."""
        dockerd = Owner(50, "dockerd", "dockerd -H tcp://0.0.0.0:2375", "root", None, parent=1)
        assert stops(listener("0.0.0.0", dockerd, user="root", uid=0, managed_by=DOCKER)) == []

    def test_a_hostile_name_is_not_put_into_a_command(self) -> None:
        """The daemon's answer is foreign text."""
        relay = AT_DOCKER._replace(container="web; rm -rf ~")
        assert not any("rm -rf" in word for word in advice(published(relay=relay)))

    def test_docker_desktop_is_asked_by_its_context(self) -> None:
        """It is a user's process, and its proxy is not to be ended either."""
        backend = Owner(7, "com.docker.backend", None, "ann", None)
        relay = Relay("docker-proxy", PUBLISHED, None, 7, "docker")
        row = listener("0.0.0.0", backend, uid=None, relay=relay)
        for system in ("macos", "windows"):
            assert stops(row, system=system) == [f"docker ps --filter publish={PORT}"]

    def test_a_user_s_own_docker_is_asked_at_its_socket(self) -> None:
        """Rootless: no sudo, and ufw does see such a port."""
        kit = Owner(7, "rootlesskit", "rootlesskit --net=slirp4netns", "ann", None)
        relay = Relay("other", "a rootless port", None, 7, "docker")
        unit = Unit("systemd", "docker.service", 1000)
        row = listener("0.0.0.0", kit, managed_by=unit, relay=relay)
        said = advice(row)
        assert f"docker -H unix:///run/user/1000/docker.sock ps --filter publish={PORT}" in said
        assert f"sudo ufw deny {PORT}/tcp" in said
        assert not any("systemctl" in word or "kill" in word for word in said)

    def test_settings_for_loopback_are_not_for_containers(self) -> None:
        """127.0.0.1 inside a container is where nothing is led to."""
        inspector = speaks("http", "Node.js inspector", None, "debug-interface")
        for row, wanted in ((published(), False), (listener("0.0.0.0", PYTHON), True)):
            evidence = probe(ACCEPTED, listeners=(row,), identity=inspector)
            fixes = [fix.text for fix in the("S605", TARGET, evidence).match.fix]
            assert any(f"--inspect=127.0.0.1:{PORT}" in text for text in fixes) is wanted

    def test_settings_that_are_so_already(self) -> None:
        """What listens on loopback is not told to listen there."""
        for product in ("Node.js inspector", "debugpy", "Delve", "Django", None):
            inspector = speaks("dap" if product is None else "http", product, None,
                               "debug-interface")  # fmt: skip
            evidence = probe(
                ACCEPTED, listeners=(listener("127.0.0.1", PYTHON),), identity=inspector
            )
            (fix,) = the("S605", TARGET, evidence).match.fix
            assert "127.0.0.1" not in fix.text

    def test_another_address_is_published_not_listened_on(self) -> None:
        """Refused on 127.0.0.1, as it is published on 127.0.0.2 only."""
        evidence = probe(attempt("refused"), listeners=(published("127.0.0.2"),))
        texts = [fix.text for fix in the("C310", TARGET, evidence).match.fix]
        assert any(f"-p 127.0.0.1:{PORT}:80" in text for text in texts)
        assert not any("let the program listen" in text for text in texts)


class TestPodman:
    """Podman's ports: of root, and of a user."""

    @pytest.mark.parametrize("name", ["rootlessport", "pasta"])
    def test_of_a_user(self, name: str) -> None:
        """Found by podman port, as that user and without sudo."""
        relay = Relay("other", "a rootless port", None, 7, "podman")
        row = listener("0.0.0.0", Owner(7, name, name, "ann", None), relay=relay)
        assert stops(row) == ["podman port --all"]
        assert not any("kill" in word for word in advice(row))

    def test_of_root(self) -> None:
        """conmon says the container's name; its NAT rules go past ufw too."""
        relay = Relay("other", "a port that Podman keeps", None, 7, "podman", "web")
        conmon = Owner(7, "conmon", "conmon -n web", "root", None)
        row = listener("0.0.0.0", conmon, user="root", uid=0, relay=relay)
        assert stops(row) == ["sudo podman stop web"]
        assert not any("ufw" in word for word in advice(row))


USERS = Unit("systemd", "ssh.service", 1000)


class TestUnits:
    """The manager that has the unit is asked: the system's, or the user's own."""

    def test_of_the_system(self) -> None:
        """The unit's own process has no kill beside it: the unit would start it again."""
        nginx = Owner(8, "nginx", "nginx: master process", "root", None, parent=1)
        unit = Unit("systemd", "nginx.service")
        row = listener("127.0.0.1", nginx, user="root", uid=0, managed_by=unit)
        assert stops(row) == ["sudo systemctl stop nginx.service"]
        assert stops(row, user="root") == ["systemctl stop nginx.service"]

    def test_a_name_that_a_user_chose_is_never_the_system_s(self) -> None:
        """ssh.service below user@1000.service is user 1000's."""
        row = listener("127.0.0.1", PYTHON, managed_by=USERS)
        assert stops(row) == ["systemctl --user stop ssh.service"]
        assert not any("sudo" in word for word in advice(row))

    def test_of_another_user(self) -> None:
        """root names the user's manager; everyone else is told whose command it is."""
        row = listener("127.0.0.1", PYTHON, managed_by=USERS)
        assert stops(row, user="root") == ["systemctl --user -M ann@ stop ssh.service"]
        (fix,) = owners.stop(row, probe(at=machine(user="bob")))
        assert fix.command == "systemctl --user stop ssh.service"
        assert "as user ann" in fix.text

    @pytest.mark.parametrize("kind", ["docker", "podman"])
    def test_container_of_a_user(self, kind: str) -> None:
        """A forged identifier can only name what that user has."""
        row = listener("127.0.0.1", PYTHON, managed_by=Unit(kind, "0123456789ab", 1000))
        (command,) = stops(row)
        assert "sudo" not in command
        assert command.endswith(" stop 0123456789ab")
        assert kind == "podman" or "/run/user/1000/docker.sock" in command

    def test_job_of_cron_is_a_process(self) -> None:
        """To stop cron.service would stop all other jobs."""
        unit = Unit("systemd", "cron.service")
        row = listener("127.0.0.1", PYTHON._replace(parent=99), managed_by=unit)
        assert stops(row) == ["kill 4242"]

    def test_pod_is_kubectls(self) -> None:
        """The kubelet would start the container again."""
        row = listener("127.0.0.1", PYTHON, managed_by=Unit("kubernetes", "0123456789ab"))
        assert stops(row) == []


class TestProcesses:
    """Where nothing else runs it, the process is ended."""

    def test_of_this_user(self) -> None:
        """Asked first."""
        assert stops(listener("127.0.0.1", PYTHON)) == ["kill 4242"]

    def test_the_first_of_a_container(self) -> None:
        """It ends with its container; systemd and launchd hold sockets for others."""
        for name, said in (("python3", True), ("systemd", False), ("launchd", False)):
            row = listener("127.0.0.1", PYTHON._replace(pid=1, name=name))
            texts = [fix.text for fix in owners.stop(row, probe())]
            assert any("stop the container" in text for text in texts) is said

    def test_of_another_user(self) -> None:
        """A user may not signal another's process."""
        assert stops(listener("127.0.0.1", PYTHON), user="bob") == ["sudo kill 4242"]
        assert stops(listener("127.0.0.1", PYTHON), user="root") == ["kill 4242"]

    def test_a_stopped_process_is_continued_to_end(self) -> None:
        """SIGTERM alone waits until it continues."""
        row = listener("127.0.0.1", PYTHON._replace(state="stopped"))
        assert stops(row) == ["kill 4242 && kill -CONT 4242"]
        assert stops(row, user="bob") == ["sudo kill 4242 && sudo kill -CONT 4242"]
        row = listener("127.0.0.1", PYTHON._replace(state="traced"))
        assert stops(row) == ["kill -KILL 4242"]
        (text, *_) = [fix.text for fix in owners.stop(row, probe())]
        assert "A debugger holds it" in text

    def test_on_windows_by_force(self) -> None:
        """A console program has no window for taskkill to close; what else ends is said."""
        row = listener("127.0.0.1", PYTHON)
        assert stops(row, system="windows") == ["taskkill /PID 4242 /T /F"]
        fixes = owners.stop(row, probe(at=machine("windows")))
        (text,) = [fix.text for fix in fixes if fix.os == "windows"]
        assert "child processes end too" in text

    @pytest.mark.parametrize(("name", "command"), [("ssh", "kill 7"), ("sshd", None)])
    def test_ssh_forward(self, name: str, command: str | None) -> None:
        """A client's is its process; that of a session is ended where ssh was started."""
        relay = Relay("ssh", "an ssh forward", "localhost:5432", 7)
        row = listener("127.0.0.1", Owner(7, name, name, "ann", None), relay=relay)
        assert stops(row) == ([command] if command else [])
        assert stops(row, user="bob") == ([f"sudo {command}"] if command else [])
        assert stops(row, user="root") == ([command] if command else [])
        assert owners.stop(row, probe())
        halted = (row.owners[0]._replace(state="stopped"),)
        if command:
            assert stops(row._replace(owners=halted)) == ["kill 7 && kill -CONT 7"]

    def test_wslrelay_is_left_alone(self) -> None:
        """It serves every port of the distribution."""
        relay = Relay("wsl", "a port that WSL passes on", None, 7)
        row = listener("127.0.0.1", Owner(7, "wslrelay.exe", None, "ann", None), relay=relay)
        assert stops(row, system="windows") == ["wsl --list --running"]


SUPERVISED = PYTHON._replace(parent=70)
WEB = Supervisor("supervisord", 70, "web", None, "root")


def under(found: Supervisor, user: str = "ann", **changes: Any) -> list[str]:
    """The commands for a process below a supervisor."""
    return stops(listener("127.0.0.1", SUPERVISED._replace(supervisor=found, **changes)), user)


class TestSupervisors:
    """What would start the process again stops it, by the name that it knows."""

    @pytest.mark.parametrize(
        ("found", "command"),
        [
            (WEB, "sudo supervisorctl stop web"),
            (WEB._replace(user="ann"), "supervisorctl stop web"),
            (WEB._replace(name="api:two"), "sudo supervisorctl stop api:two"),
            (WEB._replace(path="unix:///a.sock"), "sudo supervisorctl -s unix:///a.sock stop web"),
            (WEB._replace(path="/opt/a b.conf"), "sudo supervisorctl -c '/opt/a b.conf' stop web"),
            (Supervisor("pm2", 70, "my api", None, "ann"), "pm2 stop 'my api'"),
            (Supervisor("pm2", 70, "web", "/srv/p", "ann"), "PM2_HOME=/srv/p pm2 stop web"),
            (Supervisor("s6", 70, None, "/run/service/web", "root"),
             "sudo s6-svc -d /run/service/web"),
            (Supervisor("runit", 70, None, "/etc/sv/web", "root"), "sudo sv down /etc/sv/web"),
        ],
    )  # fmt: skip
    def test_by_its_own_command(self, found: Supervisor, command: str) -> None:
        """No signal to the process beside it."""
        assert under(found) == [command]

    @pytest.mark.parametrize(
        ("found", "command"),
        [
            (WEB._replace(name=None), "sudo supervisorctl status"),
            (WEB._replace(name="a\x1b[31m"), "sudo supervisorctl status"),
            (WEB._replace(name="-c"), "sudo supervisorctl status"),
            (WEB._replace(name=None, path="/a.conf"), "sudo supervisorctl -c /a.conf status"),
            (Supervisor("pm2", 70, None, None, "ann"), "pm2 list"),
            (Supervisor("runit", 70, None, None, "root"), "sudo sv status /etc/service/*"),
        ],
    )
    def test_an_unknown_name_is_looked_up(self, found: Supervisor, command: str) -> None:
        """By the list that has the pids; never a kill that is undone."""
        assert under(found) == [command]
        said = " ".join(advice(listener("127.0.0.1", SUPERVISED._replace(supervisor=found))))
        assert "kill" not in said
        assert "\x1b" not in said

    def test_s6_has_no_list(self) -> None:
        """Without its directory it is said in words."""
        assert under(Supervisor("s6", 70, None, None, "root")) == []

    def test_on_macos(self) -> None:
        """The commands are the same; Windows has none of these but pm2."""
        row = listener("127.0.0.1", SUPERVISED._replace(supervisor=WEB))
        assert stops(row, system="macos") == ["sudo supervisorctl stop web"]

    def test_an_unknown_kind_is_none(self) -> None:
        """A report of a newer version, or of anyone, may name one."""
        assert under(WEB._replace(kind="monit")) == ["kill 4242"]

    def test_what_a_shell_has_started_is_ended_too(self) -> None:
        """The supervisor ends the shell alone; pm2 ends all."""
        assert under(WEB, parent=71) == ["sudo supervisorctl stop web && kill 4242"]
        assert under(WEB, "bob", parent=71) == ["sudo supervisorctl stop web && sudo kill 4242"]
        assert under(Supervisor("pm2", 70, "web", None, "ann"), parent=71) == ["pm2 stop web"]
        assert under(WEB, parent=71, state="stopped") == [
            "sudo supervisorctl stop web && kill 4242 && kill -CONT 4242"
        ]

    def test_what_inherited_the_socket_is_ended_too(self) -> None:
        """Another program keeps it; a worker of the server ends with the server."""
        first = SUPERVISED._replace(supervisor=WEB, main=True)
        worker, other = (SUPERVISED._replace(pid=4243 + i, parent=4242) for i in range(2))
        row = listener("127.0.0.1", first, worker, other._replace(name="sleep"))
        assert stops(row) == ["sudo supervisorctl stop web && kill 4244"]
        assert stops(row._replace(owners=(first, worker))) == ["sudo supervisorctl stop web"]

    def test_pm2_is_its_user_s(self) -> None:
        """Root would ask its own pm2."""
        row = listener("127.0.0.1", SUPERVISED._replace(supervisor=Supervisor(
            "pm2", 70, "web", None, "ann")))  # fmt: skip
        for user in ("root", "bob"):
            for fix in owners.stop(row, probe(at=machine(user=user))):
                assert fix.command == "pm2 stop web"
                assert "as user ann" in fix.text

    def test_before_the_unit_of_the_supervisor(self) -> None:
        """To stop supervisor.service would stop its other programs."""
        owner = SUPERVISED._replace(supervisor=WEB)
        unit = Unit("systemd", "supervisor.service")
        assert stops(listener("127.0.0.1", owner, managed_by=unit)) == [
            "sudo supervisorctl stop web"
        ]

    def test_in_a_container(self) -> None:
        """There its command would have to be run."""
        owner = SUPERVISED._replace(supervisor=WEB)
        row = listener("127.0.0.1", owner, managed_by=Unit("docker", "0123456789ab"))
        assert stops(row) == ["docker stop 0123456789ab"]
        row = row._replace(managed_by=Unit("lxc", "web"))
        assert stops(row) == []
        (fix,) = owners.stop(row, probe())
        assert fix.text.endswith("Run that in its container: `sudo supervisorctl stop web`.")

    def test_a_group_that_the_supervisor_listens_for(self) -> None:
        """An fcgi-program: the socket is supervisord's, until all of the group has ended."""
        first = Owner(70, "supervisord", None, "root", None, parent=1, main=True)
        worker = SUPERVISED._replace(supervisor=WEB._replace(name="php:one"))
        row = listener("127.0.0.1", first, worker)
        assert stops(row) == ["sudo supervisorctl stop 'php:*'"]


class TestSeveral:
    """Several processes hold one socket."""

    FORKED = (PYTHON._replace(main=True), PYTHON._replace(pid=4243, parent=4242))

    def test_all_are_asked_to_end(self) -> None:
        """The parent first; a child that inherited the socket would keep the port."""
        row = listener("127.0.0.1", *self.FORKED)
        assert stops(row) == ["kill 4242 4243"]
        assert stops(row, system="windows") == ["taskkill /PID 4242 /T /F"]
        halted = (self.FORKED[0]._replace(state="stopped"), self.FORKED[1])
        assert stops(row._replace(owners=halted)) == ["kill 4242 4243 && kill -CONT 4242 4243"]

    def test_many_are_the_parent_s(self) -> None:
        """A server with many workers ends them by itself."""
        many = (self.FORKED[0], *(PYTHON._replace(pid=5000 + i) for i in range(9)))
        assert stops(listener("127.0.0.1", *many)) == ["kill 4242"]


SYSTEMD = Owner(1, "systemd", "/sbin/init", "root", None)


class TestActivation:
    """Who listens in place of a service."""

    @pytest.mark.parametrize(
        ("found", "user", "command"),
        [
            (Activation("systemd", "cups.socket", "cups.service"), "ann",
             "sudo systemctl stop cups.socket"),
            (Activation("systemd", "cups.socket", "cups.service", None, True), "ann",
             "sudo systemctl stop cups.socket cups.service"),
            (Activation("systemd", None, None), "ann", "systemctl list-sockets"),
            (Activation("systemd", "$(id).socket", None), "ann", "systemctl list-sockets"),
            (Activation("systemd", "web.socket", "web.service", 1000), "ann",
             "systemctl --user stop web.socket"),
            (Activation("systemd", "web.socket", "web.service", 1000), "root",
             "systemctl --user -M ann@ stop web.socket"),
            (Activation("systemd", None, None, 1000), "ann", "systemctl --user list-sockets"),
        ],
    )  # fmt: skip
    def test_socket_units(self, found: Activation, user: str, command: str) -> None:
        """The socket unit goes first, or its service comes back with the next connection."""
        row = listener("127.0.0.1", SYSTEMD, activation=found)
        assert stops(row, user=user) == [command]

    def test_inetd_goes_on_for_its_other_services(self) -> None:
        """The line is taken out and the configuration read again."""
        row = listener(
            "127.0.0.1", Owner(7, "inetd", "/usr/sbin/inetd", "root", None),
            activation=Activation("inetd", "finger", "/usr/sbin/in.fingerd"), uid=0, user="root",
        )  # fmt: skip
        assert stops(row) == ["sudo kill -HUP 7"]

    def test_launchd_is_never_killed(self) -> None:
        """Its property lists tell which job it is."""
        row = listener(
            "127.0.0.1", Owner(1, "launchd", None, "root", None),
            activation=Activation("launchd", None, None),
        )  # fmt: skip
        (command,) = stops(row, system="macos")
        assert command.startswith("grep -rls SockServiceName ")

    def test_systemd_socket_activate_is_a_process(self) -> None:
        """It was started by hand and is ended so."""
        row = listener(
            "127.0.0.1", Owner(7, "systemd-socket-", "systemd-socket-activate", "ann", None),
            activation=Activation("systemd-socket-activate", None, "python3"),
        )  # fmt: skip
        assert stops(row) == ["kill 7"]


# Those that stop a real owner are run in test_stop_commands.


def fixes_here(port: int) -> tuple[Fix, ...]:
    """What B402 advises about a port of this machine."""
    evidence = real.ask("127.0.0.1", port)
    return the("B402", f"127.0.0.1:{port}", evidence).match.fix


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
def test_a_real_docker_proxy_is_not_to_be_killed() -> None:
    """A process that is called so and listens: its container is what is named."""
    with real.renamed_listener("docker-proxy", "-host-port", "{port}", "-container-ip",
                               "172.17.0.2", "-container-port", "80") as (port, _):  # fmt: skip
        found = fixes_here(port)
        evidence = real.ask("127.0.0.1", port)
    commands = [fix.command for fix in found]
    assert f"docker ps --filter publish={port}" in commands
    assert not any("kill" in (fix.command or fix.text) for fix in found)
    assert evidence.listeners[0].relay is not None
    assert evidence.listeners[0].relay.engine == "docker"


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
def test_a_forged_unit_of_a_user(monkeypatch: pytest.MonkeyPatch) -> None:
    """A control group below user@UID.service, with a name of the system's: no sudo for it."""
    need_root()
    need("systemctl", "systemd-sysv")
    monkeypatch.setattr(linux, "_BOOTED", "/")  # as if systemd were process 1
    tops = ("/sys/fs/cgroup", "/sys/fs/cgroup/unified")
    top = next((each for each in tops if os.path.exists(f"{each}/cgroup.controllers")), None)
    if top is None or not os.access(f"{top}/cgroup.procs", os.W_OK):
        missing("control groups of version 2, mounted writable")
    manager = f"{top}/user@{real.NOBODY}.service"
    group = f"{manager}/ssh.service"
    os.makedirs(group)
    port = real.free_port()
    code = (
        "open(sys.argv[1] + '/cgroup.procs', 'w').write(str(os.getpid()))\n"
        f"os.setgid({real.NOBODY})\nos.setuid({real.NOBODY})\n"
        "listener = socket.create_server(('127.0.0.1', int(sys.argv[2])))\n"
        "print('ready')\nwait()\n"
    )
    try:
        with real.process(code, group, str(port)):
            fixes = fixes_here(port)
            evidence = real.ask("127.0.0.1", port)
    finally:
        os.rmdir(group)
        os.rmdir(manager)
    assert evidence.listeners[0].managed_by == Unit("systemd", "ssh.service", real.NOBODY)
    assert evidence.listeners[0].unit == "systemd user unit ssh.service"
    (command,) = [fix.command for fix in fixes if "systemctl" in (fix.command or "")]
    assert command == "systemctl --user -M nobody@ stop ssh.service"


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
def test_docker_s_chain_takes_the_rule() -> None:
    """The rule that is printed is one that iptables knows, in a namespace with that chain."""
    need("iptables", "iptables")
    (fix,) = [fix for fix in reach.keep_out(published(), probe()) if fix.command]
    assert fix.command is not None
    with real.own_network():
        run = ["iptables", "-N", "DOCKER-USER"]
        if subprocess.run(run, check=False, capture_output=True, timeout=real.PATIENCE).returncode:
            missing("iptables in a network namespace")
        subprocess.run(
            shlex.split(fix.command.removeprefix("sudo ")), check=True, timeout=real.PATIENCE
        )


def test_no_advice_to_left_alone_listeners_to_be_killed() -> None:
    """C318 names the unit and how to insist."""
    row = listener("127.0.0.1", SYSTEMD, activation=Activation("systemd", "a.socket", "a.service"))
    detail = "skipped: a connection would start a.service"
    made = attempt("skipped", detail=detail, reason="starts-service")
    evidence = probe(made, listeners=(row,), outcome="left-alone")
    found = the("C318", TARGET, evidence).match
    assert f"systemd (pid 1) listens on {TARGET} for a.socket." in found.message
    assert "a connection would start a.service" in found.message
    assert "systemctl status a.socket" in [fix.command for fix in found.fix]
    assert any("--activate" in fix.text for fix in found.fix)
    assert "C301" not in codes(TARGET, evidence)
