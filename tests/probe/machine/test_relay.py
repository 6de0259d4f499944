"""Relays, by command lines as the programs have them, and by the programs themselves."""

from __future__ import annotations

import getpass
import socket
import threading
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

import forwards
import pytest
import situations as real
from forwards import running
from hypothesis import given
from hypothesis import strategies as st
from needs import need, need_linux

from checks.model.evidence import Listener, Owner, Relay, Unit
from checks.probe import sockets
from checks.probe.machine import docker, relay

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PORT = 8080


def owner(command: str | None, name: str | None = None) -> Owner:
    """A process, named after the first word of its command line."""
    if name is None:
        name = (command or "").split()[0].rpartition("/")[2]
    return Owner(7, name, command, "ann", None)


def row(*owners: Owner, unit: Unit | None = None, protocol: str = "tcp") -> Listener:
    """A listener of these processes."""
    return Listener(
        protocol, "127.0.0.1", PORT, None, 0, 5, 0, "root", 1, None, owners, "host",
        managed_by=unit,
    )  # fmt: skip


SSH = {
    "-L 8080:db.internal:5432 gate": ("an ssh forward (-L) through gate", "db.internal:5432"),
    "-N -L 127.0.0.1:8080:localhost:80 ann@gate": (
        "an ssh forward (-L) through ann@gate",
        "localhost:80",
    ),
    "-fNTL 8080:localhost:80 gate": ("an ssh forward (-L) through gate", "localhost:80"),
    "-NL8080:localhost:80 gate": ("an ssh forward (-L) through gate", "localhost:80"),
    "gate -L 8080:localhost:80 -N": ("an ssh forward (-L) through gate", "localhost:80"),
    "-L [::1]:8080:[2001:db8::7]:443 gate": (
        "an ssh forward (-L) through gate",
        "[2001:db8::7]:443",
    ),
    "-L 8080:/run/app.sock gate": ("an ssh forward (-L) through gate", "/run/app.sock"),
    "-L '*:8080:web:80' -i key -p 2222 gate": ("an ssh forward (-L) through gate", "web:80"),
    "-L 9090:a:1 -L 8080:b:2 gate": ("an ssh forward (-L) through gate", "b:2"),
    "-o 'LocalForward 8080 web:80' gate": ("an ssh forward (-L) through gate", "web:80"),
    "-oLocalForward=8080' 'web:80 gate": ("an ssh forward (-L) through gate", "web:80"),
    "-o LocalForward='127.0.0.1:8080 web:80' gate": ("an ssh forward (-L) through gate", "web:80"),
    "-D 8080 gate": ("a SOCKS proxy of ssh (-D) through gate", None),
    "-qCND 127.0.0.1:8080 gate": ("a SOCKS proxy of ssh (-D) through gate", None),
    "gate": ("an ssh forward through gate that the command line does not show", None),
    "-N -L 9090:a:1 gate": (
        "an ssh forward through gate that the command line does not show",
        None,
    ),
    "-R 8080:localhost:80 gate": (
        "an ssh forward through gate that the command line does not show",
        None,
    ),
    "gate echo -L 8080:x:1": (
        "an ssh forward through gate that the command line does not show",
        None,
    ),
    "-L": ("an ssh forward that the command line does not show", None),
}


@pytest.mark.parametrize(("arguments", "expected"), SSH.items(), ids=list(SSH))
def test_ssh(arguments: str, expected: tuple[str, str | None]) -> None:
    """Each way in which ssh(1) takes a forward, and what is none of the port."""
    found = relay.of_owner(owner(f"/usr/bin/ssh {arguments}"), PORT)
    assert found == Relay("ssh", *expected, 7)


def test_ssh_master_has_a_title_instead_of_arguments() -> None:
    """``ControlPersist`` leaves ``ssh: PATH [mux]``."""
    found = relay.of_owner(owner("ssh: /home/ann/.ssh/gate [mux]", "ssh"), PORT)
    assert found == Relay("ssh", "an ssh forward that the command line does not show", None, 7)


PROXY = (
    "/usr/bin/docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 8080 -container-ip 172.17.0.2"
    " -container-port 80"
)
CODE = "a port of Visual Studio Code, which it forwards or on which one of its extensions serves"
OTHERS: dict[str, tuple[str, str, str, str | None]] = {
    # Title: command line, kind, description, target
    "docker-proxy": (
        PROXY, "docker-proxy", "a published port of a Docker container", "172.17.0.2:80",
    ),
    "docker-proxy with a listening descriptor": (
        f"{PROXY} -use-listen-fd",
        "docker-proxy", "a published port of a Docker container", "172.17.0.2:80",
    ),
    "docker-proxy by IPv6": (
        "docker-proxy -proto tcp -host-ip :: -host-port 8080 -container-ip fd00::2"
        " -container-port 80",
        "docker-proxy", "a published port of a Docker container", "[fd00::2]:80",
    ),
    "docker-proxy that is cut": (
        "docker-proxy -proto tcp -host-ip",
        "docker-proxy", "a published port of a Docker container", None,
    ),
    "socat": (
        "socat TCP-LISTEN:8080,fork,reuseaddr TCP:127.0.0.1:80",
        "other", "a relay of socat", "127.0.0.1:80",
    ),
    "socat the other way round": (
        "socat -d -d TCP4:10.0.0.2:22,nodelay TCP4-LISTEN:8080,fork",
        "other", "a relay of socat", "10.0.0.2:22",
    ),
    "socat to a unix socket": (
        "socat TCP6-L:8080,fork UNIX-CONNECT:/run/docker.sock",
        "other", "a relay of socat", "/run/docker.sock",
    ),
    "socat through a proxy": (
        "socat TCP-LISTEN:8080 PROXY:proxy:example.com:22,proxyport=3128",
        "other", "a relay of socat", None,
    ),
    "kubectl": (
        "kubectl -n shop port-forward svc/web 8080:80",
        "other", "a port that kubectl forwards into a cluster", "svc/web:80",
    ),
    "kubectl with several ports": (
        "kubectl port-forward --address 0.0.0.0 pod/db-0 5432 8080:http --namespace shop",
        "other", "a port that kubectl forwards into a cluster", "pod/db-0:http",
    ),
    "kubectl that chose the port": (
        "kubectl port-forward deploy/web :80",
        "other", "a port that kubectl forwards into a cluster", "deploy/web:80",
    ),
    "kubectl of another port": (
        "kubectl port-forward deploy/web 9090:80",
        "other", "a port that kubectl forwards into a cluster", None,
    ),
    "kubectl proxy": (
        "kubectl proxy --port=8080", "other", "a proxy of kubectl to the Kubernetes API", None,
    ),
    "systemd": (
        "/usr/lib/systemd/systemd-socket-proxyd --exit-idle-time=5min 10.0.0.2:80",
        "other", "a relay of systemd (systemd-socket-proxyd)", "10.0.0.2:80",
    ),
    "rootless Podman": (
        "/usr/bin/rootlessport", "other", "a port that is passed on into a rootless container",
        None,
    ),
    "pasta": (
        "/usr/bin/pasta --config-net -t 127.0.0.1/8000-8090:1000-1090 -u none --netns /run/n",
        "other", "a port that pasta forwards into a network namespace",
        "port 1080 of that namespace",
    ),
    "pasta of all ports": (
        "/usr/bin/pasta.avx2 -t auto", "other",
        "a port that pasta forwards into a network namespace", None,
    ),
    "conmon": (
        "/usr/bin/conmon --api-version 1 -c 0123 -n web --exit-dir /run",
        "other", "a port that Podman keeps for the container web", None,
    ),
    "WSL": (
        '"C:\\Program Files\\WSL\\wslrelay.exe" --mode 2',
        "wsl", "a port that WSL passes on into its Linux machine", None,
    ),
    "Visual Studio Code": (
        "/usr/share/code/code --type=utility --utility-sub-type=node.mojom.NodeService",
        "editor", CODE, None,
    ),
    "a session of sshd": (
        "sshd: ann@notty",
        "ssh", "a forward that the client of ann's ssh session asked for (-R, or X11)", None,
    ),
    "a session of newer sshd": (
        "sshd-session: ann@pts/3",
        "ssh", "a forward that the client of ann's ssh session asked for (-R, or X11)", None,
    ),
}  # fmt: skip

ENGINES: dict[str, tuple[str, str | None]] = {
    "docker-proxy": ("docker", None),
    "docker-proxy with a listening descriptor": ("docker", None),
    "docker-proxy by IPv6": ("docker", None),
    "docker-proxy that is cut": ("docker", None),
    "rootless Podman": ("podman", None),
    "pasta": ("podman", None),
    "pasta of all ports": ("podman", None),
    "conmon": ("podman", "web"),
}
"""Engine and container, for those that belong to one."""

NAMES = {"WSL": "wslrelay.exe", "systemd": "systemd-socket-", "a session of sshd": "sshd"}


@pytest.mark.parametrize("title", OTHERS)
def test_other_relays(title: str) -> None:
    """Command lines as the programs are started with."""
    command, kind, description, target = OTHERS[title]
    found = relay.of_owner(owner(command, NAMES.get(title)), PORT)
    engine, container = ENGINES.get(title, (None, None))
    assert found == Relay(kind, description, target, 7, engine, container)


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups", "sshd"),
        ("/usr/sbin/sshd -D", "sshd"),
        ("sshd: [accepted]", "sshd"),
        ("ssh-agent", "ssh-agent"),
        ("nginx: master process /usr/sbin/nginx", "nginx"),
        ("node /home/ann/.vscode-server/bin/0/out/server-main.js --port=0", "node"),
        ("/usr/lib/code-server/lib/node /usr/lib/code-server", "code-server"),
        ("node server.js", "node"),
        ("socat TCP-LISTEN:8080,fork EXEC:/bin/cat", "socat"),
        ("socat TCP-LISTEN:8080 -", "socat"),
        ("kubectl get pods", "kubectl"),
        ("python3 docker-proxy.py", "python3"),
        ("", ""),
        (None, "nginx"),
    ],
)
def test_services_of_their_own_are_no_relays(command: str | None, name: str) -> None:
    """Near names, and near command lines."""
    assert relay.of_owner(owner(command, name), PORT) is None


@given(st.text(max_size=80), st.sampled_from([*relay._READERS, "sshd", "x"]))
def test_any_command_line_can_be_read(arguments: str, name: str) -> None:
    """Processes choose their own command line; nothing of it may raise."""
    found = relay.of_owner(owner(f"{name} {arguments}", name), PORT)
    assert found is None or found.pid == 7


def test_every_owner_is_looked_at() -> None:
    """systemd keeps its own descriptor of a socket that it activates."""
    rows = (row(owner("/sbin/init", "systemd"), owner(OTHERS["systemd"][0])),)
    found = relay.find(rows, PORT)
    assert found is not None
    assert found.target == "10.0.0.2:80"


def test_udp_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A relay for UDP says nothing about TCP."""
    monkeypatch.setenv("DOCKER_HOST", "unix:///nonexistent/docker.sock")
    assert relay.find((row(owner(PROXY), protocol="udp"),), PORT) is None


# Docker, by a daemon that answers as Docker's does

LISTED = (
    b'[{"Id":"8dfafdbc3a40f00ba4","Names":["/web"],"Image":"nginx:1.25","Ports":[{"IP":"0.0.0.0",'
    b'"PrivatePort":80,"PublicPort":8080,"Type":"tcp"}],"NetworkSettings":{"Networks":{"bridge":'
    b'{"IPAddress":"172.17.0.2","GlobalIPv6Address":""}}}}]\n'
)
OK = b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n"
WEB = docker.Container("web", "nginx:1.25", "172.17.0.2:80")


@contextmanager
def daemon(path: Path, answer: bytes, *, ends: bool = True) -> Iterator[list[bytes]]:
    """A daemon on a unix socket that gives one answer; yields what it was asked."""
    asked: list[bytes] = []
    over = threading.Event()

    def serve(listening: socket.socket) -> None:
        with suppress(OSError), listening.accept()[0] as connection:
            asked.append(connection.recv(4096))
            connection.sendall(answer)
            if not ends:
                over.wait(real.PATIENCE)

    with ExitStack() as stack:
        listening = stack.enter_context(socket.socket(socket.AF_UNIX))
        listening.settimeout(real.PATIENCE)
        listening.bind(str(path))
        listening.listen()
        thread = threading.Thread(target=serve, args=(listening,))
        thread.start()
        try:
            yield asked
        finally:
            over.set()
            with socket.socket(socket.AF_UNIX) as last:  # wakes a daemon that nobody asked
                last.connect_ex(str(path))
            thread.join()


@pytest.fixture
def docker_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where DOCKER_HOST leads to; its daemon has time, however busy the machine is."""
    monkeypatch.setattr(docker.published, "__defaults__", (real.PATIENCE,))
    path = tmp_path / "docker.sock"
    monkeypatch.setenv("DOCKER_HOST", f"unix://{path}")
    return path


class TestDocker:
    """Docker is asked when its proxy holds the port, or nobody does."""

    def test_proxy_gets_the_name_of_its_container(self, docker_socket: Path) -> None:
        """The command line has an address, the daemon has a name."""
        with daemon(docker_socket, OK + LISTED) as asked:
            found = relay.find((row(owner(PROXY)),), PORT)
        assert found == Relay(
            "docker-proxy",
            "a published port of the Docker container web (image nginx:1.25)",
            "172.17.0.2:80",
            7,
            "docker",
            "web",
        )
        path = asked[0].split()[1]
        assert path == b"/containers/json?filters=%7B%22publish%22%3A%5B%228080%22%5D%7D"

    def test_port_without_a_row_may_be_dockers(self, docker_socket: Path) -> None:
        """With its proxy switched off Docker redirects by NAT rules alone."""
        with daemon(docker_socket, OK + LISTED):
            found = relay.find((), PORT)
        assert found is not None
        assert (found.target, found.pid) == ("172.17.0.2:80", None)

    def test_hidden_owner_in_dockers_unit_may_be_its_proxy(self, docker_socket: Path) -> None:
        """A user of the group docker does not see root's processes."""
        with daemon(docker_socket, OK + LISTED):
            found = relay.find((row(unit=Unit("systemd", "docker.service")),), PORT)
        assert found is not None
        assert found.kind == "docker-proxy"

    @pytest.mark.parametrize(
        "rows",
        [
            (row(owner("nginx")),),
            (row(unit=Unit("systemd", "x.service")),),
            (row(unit=Unit("systemd", "docker.service", 1000)),),
        ],
    )
    def test_ordinary_service_does_not_ask(
        self, docker_socket: Path, rows: tuple[Listener, ...]
    ) -> None:
        """No question without a reason."""
        with daemon(docker_socket, OK + LISTED) as asked:
            assert relay.find(rows, PORT) is None
            assert asked == []

    def test_a_container_has_its_name_by_its_identifier(self, docker_socket: Path) -> None:
        """A control group has the identifier alone."""
        with daemon(docker_socket, OK + LISTED) as asked:
            assert docker.named("8dfafdbc3a40", real.PATIENCE) == "web"
        path = asked[0].split()[1]
        assert path == b"/containers/json?filters=%7B%22id%22%3A%5B%228dfafdbc3a40%22%5D%7D"

    def test_another_container_is_not_meant(self, docker_socket: Path) -> None:
        """A daemon that knows no filter lists all of them."""
        with daemon(docker_socket, OK + LISTED):
            assert docker.named("dbc3a40f00ba", real.PATIENCE) is None

    @pytest.mark.parametrize(
        "answer",
        [
            b"", b"HTTP/1.0 500 no\r\n\r\n[]", OK, OK + b"[", OK + b"{}", OK + b"[1, null]",
            OK + b'[{"Ports": 1}]', OK + b"[" * 9999, b"\0" * 4096,
            OK + LISTED.replace(b"8080", b"8081"), OK + LISTED.replace(b"tcp", b"udp"),
        ],
    )  # fmt: skip
    def test_unfit_answers_give_nothing(self, docker_socket: Path, answer: bytes) -> None:
        """A daemon that fails, rambles or speaks of other ports leaves the relay as it was."""
        with daemon(docker_socket, answer):
            assert docker.published(PORT) is None

    def test_daemon_that_does_not_end_is_not_waited_for(self, docker_socket: Path) -> None:
        """The time is bounded, however slowly it answers."""
        with daemon(docker_socket, OK + LISTED, ends=False):
            assert docker.published(PORT, 0.05) is None

    @pytest.mark.parametrize(
        ("listed", "expected"),
        [
            (LISTED, WEB),
            (LISTED.replace(b'"/web"', b""), WEB._replace(name="8dfafdbc3a40")),
            (LISTED.replace(b"172.17.0.2", b""), WEB._replace(target=None)),
            (
                LISTED.replace(b"172.17.0.2", b"").replace(b'Address":""}', b'Address":"fd00::2"}'),
                WEB._replace(target="[fd00::2]:80"),
            ),
        ],
    )
    def test_answers_are_read(self, listed: bytes, expected: docker.Container) -> None:
        """Name, image and address, as far as they are given."""
        assert docker.parse(OK + listed, PORT) == expected

    @pytest.mark.parametrize("host", ["tcp://127.0.0.1:2375", "ssh://gate", "npipe:////./x"])
    def test_other_machines_daemons_are_not_asked(
        self, host: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """DOCKER_HOST may lead elsewhere; a diagnosis stays here."""
        monkeypatch.setenv("DOCKER_HOST", host)
        assert docker.sockets() == ()


# The programs themselves


def found_on(port: int) -> Relay | None:
    """What the socket table of this machine gives the relay to work on."""
    return relay.find(sockets.on_port(port, ()).listeners, port)


def test_socat_is_recognised() -> None:
    """A running socat, by what the kernel and procfs tell of it."""
    need_linux()
    need("socat", "socat")
    port = real.free_port()
    listen = f"TCP4-LISTEN:{port},bind=127.0.0.1,fork"
    with running("socat", listen, "TCP4:127.0.0.1:9", ports=(port,)) as pid:
        assert found_on(port) == Relay("other", "a relay of socat", "127.0.0.1:9", pid)


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[list[str]]:
    """An sshd of our own; yields the ssh command line that reaches it."""
    with forwards.gate(tmp_path) as command:
        yield command


def test_ssh_forwards_are_recognised(gate: list[str]) -> None:
    """-L and -D of a running ssh, which hold two ports of one process."""
    local, dynamic = real.free_port(), real.free_port()
    options = ["-L", f"127.0.0.1:{local}:localhost:9", "-D", f"127.0.0.1:{dynamic}"]
    with running(*gate, *options, "127.0.0.1", ports=(local, dynamic)) as pid:
        assert found_on(local) == Relay(
            "ssh", "an ssh forward (-L) through 127.0.0.1", "localhost:9", pid
        )
        assert found_on(dynamic) == Relay(
            "ssh", "a SOCKS proxy of ssh (-D) through 127.0.0.1", None, pid
        )


def test_remote_forward_is_the_sshds(gate: list[str]) -> None:
    """-R makes the session of the sshd listen; the daemon itself is none."""
    port = real.free_port()
    with running(*gate, "-R", f"127.0.0.1:{port}:localhost:9", "127.0.0.1", ports=(port,)):
        found = found_on(port)
        assert found is not None
        assert found.kind == "ssh"
        assert f"of {getpass.getuser()}'s ssh session" in found.description
        daemon_port = int(gate[gate.index("-p") + 1])
        assert found_on(daemon_port) is None
