"""The first steps where localhost is another machine than the server's."""

from __future__ import annotations

from checks.causes import servers
from checks.causes.announced import published
from checks.causes.steps import per_system
from checks.causes.steps.connect import decide, listeners
from checks.findings.base import Fix
from checks.model.words import at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.causes.situation import Situation

_NAMES = {
    3306: "mysql", 5432: "postgres", 5672: "rabbitmq", 6379: "redis", 9092: "kafka",
    9200: "elasticsearch", 11434: "ollama", 27017: "mongo",
}  # fmt: skip
"""What people call the service in a compose file, by its default port: for an example."""

NO_SS = "If the image has no ss, read its /proc/net/tcp with cat."
"""What to do where an image is too small for the tool; this program reads that table."""


def name_the_service(situation: Situation) -> tuple[Fix, ...]:
    """Ask the other container by its name, or the host by its own."""
    port = situation.port
    written = at("localhost", port) if port else "localhost"
    example = _NAMES.get(port or 0)
    such = f", such as {example}:{port}," if example else ""
    return (
        Fix(
            f"Use the name of the service in the compose file{such} instead of {written}.",
            "docker compose ps",
            look_for="SERVICE is the name to use. The port is the one inside the container.",
        ),
        Fix(
            "For a server on the host, use host.docker.internal instead of localhost.",
            look_for="On Linux, docker run needs --add-host=host.docker.internal:host-gateway.",
        ),
        *decide(situation),
    )


def in_pod(situation: Situation) -> tuple[Fix, ...]:
    """The same in Kubernetes."""
    return (
        Fix(
            "Use the name of the Kubernetes service instead of localhost.",
            "kubectl get services",
            look_for="NAME is the host to use, and PORT(S) is its port.",
        ),
        *decide(situation),
    )


def listen_in_container(situation: Situation) -> tuple[Fix, ...]:
    """Let the program in the container listen on its network address."""
    if situation.has("jdwp"):
        first = Fix("In the container, start Java with address=*:PORT instead of address=PORT.")
    else:
        first = Fix("Make the program in the container listen on 0.0.0.0 (often --host 0.0.0.0).")
    inner = next((inside for _, inside, _ in published(situation)), situation.port)
    return (
        first,
        Fix(
            "Show on which address it listens there. Put the container's name for web.",
            "docker exec web ss -ltn",
            look_for=f"127.0.0.1:{inner or 'PORT'}: only the container can connect to it. {NO_SS}",
        ),
        *decide(situation),
    )


def publish(situation: Situation) -> tuple[Fix, ...]:
    """Publish the container's port."""
    port = situation.port or 8080
    return (
        Fix(
            f"Start the container with its port published: docker run -p 127.0.0.1:{port}:{port}.",
        ),
        Fix(
            "Show which ports are published.",
            "docker ps",
            look_for=f"PORTS must show 127.0.0.1:{port}-> or 0.0.0.0:{port}->.",
        ),
        *decide(situation),
    )


def machine_ip(situation: Situation) -> tuple[Fix, ...]:
    """Ask the virtual machine of Docker."""
    port = situation.port
    return (
        Fix(
            "Use the address of Docker's virtual machine instead of localhost.",
            "docker-machine ip",
            look_for=f"Usually {at('192.168.99.100', port) if port else '192.168.99.100'}.",
        ),
        *decide(situation),
    )


def host_listens(situation: Situation) -> tuple[Fix, ...]:
    """Make the service on the host accept connections from containers.

    Source of Docker Desktop's way: moby/vpnkit, hostnet/slirp.ml (module Localhost).
    """
    what = servers.known(situation) or "the service"
    ollama = " For Ollama: OLLAMA_HOST=0.0.0.0." if situation.port == 11434 else ""
    return (
        Fix(
            f"Make {what} on the host listen on the address of Docker's bridge, or on 0.0.0.0."
            f"{ollama}",
            look_for="On Docker Desktop this is not needed: host.docker.internal reaches the"
            " host's 127.0.0.1.",
        ),
        *listeners("On the host, show on which address it listens."),
        *decide(situation),
    )


def in_emulator(situation: Situation) -> tuple[Fix, ...]:
    """Ask the development machine from a phone or an emulator."""
    port = situation.port or _local_port(situation)
    number = port or 8080
    forward = Fix(
        f"Or forward the device's port to this machine. Put your server's port for {number}."
        if port is None
        else "Or forward the device's port to this machine.",
        f"adb reverse tcp:{number} tcp:{number}",
        look_for="Then localhost on the device leads to this machine.",
    )
    if situation.has("ios"):
        return (
            Fix("On an iPhone, use the Mac's address in the local network instead of localhost."),
            *per_system("Show the Mac's addresses.", macos="ifconfig"),
            *decide(situation),
        )
    return (
        Fix("On the Android emulator, use 10.0.2.2 instead of localhost."),
        forward,
        Fix("On a phone, use the address of this machine in the local network."),
    )


def _local_port(situation: Situation) -> int | None:
    """The only port that the text asks on loopback, where the error has the client's own."""
    own = situation.endpoint
    ports = {
        one.port.number
        for one in situation.classification.endpoints
        if one.host and one.host.loopback and one.port and one.port.number
        and one.role in (None, "target") and (own is None or one.port != own.port)
    }  # fmt: skip
    return ports.pop() if len(ports) == 1 else None


def forward_from_windows(situation: Situation) -> tuple[Fix, ...]:
    """Make Windows reach a server in WSL 2.

    Source: microsoft/WSL, src/windows/wslrelay/localhost.cpp: a row on 0.0.0.0 or 127.0.0.1
    is relayed from 127.0.0.1 of Windows, a row on :: or ::1 from [::1] only.
    """
    port = situation.port
    return (
        Fix(
            "In WSL, show on which address the server listens.",
            f"ss -ltn 'sport = :{port}'" if port else "ss -ltn",
            "linux",
            "No row: start the server. [::] or [::1]: use [::1] on Windows, or start it with"
            " --host 0.0.0.0.",
        ),
        Fix(
            "On Windows, restart WSL: its forwarding may be stuck.",
            "wsl --shutdown",
            "windows",
            "This ends every program in WSL.",
        ),
        Fix(
            "Or use WSL's address on Windows instead of localhost.",
            "hostname -I",
            "linux",
            "The first address. The server must listen on 0.0.0.0.",
        ),
    )


def ask_windows(situation: Situation) -> tuple[Fix, ...]:
    """Reach a server on Windows from WSL 2."""
    return (
        Fix(
            "In WSL, use the address of Windows instead of localhost.",
            "ip route show default",
            "linux",
            "The address after via is Windows. The server there must listen on 0.0.0.0.",
        ),
        Fix("Or set networkingMode=mirrored in .wslconfig, so that localhost is the same on both."),
        *decide(situation),
    )


def wait_until_ready(situation: Situation) -> tuple[Fix, ...]:
    """Start the client when the server is ready; in the words of Compose where the text has it."""
    if not situation.has("compose", "compose-name") and not any(
        word in situation.low for word in ("compose", "depends_on", "healthcheck")
    ):
        contained = situation.is_bridge or situation.has("docker-word", "docker-exec", "docker-run")
        return (
            Fix(
                "Check whether the server has started.",
                "docker ps -a" if contained else None,
                look_for="STATUS must be Up. Exited: read its log."
                if contained
                else "Its log says when it listens.",
            ),
            Fix("Start the client after the server, or make it retry until the server is ready."),
        )
    return (
        Fix(
            "Give the server a healthcheck, and give the client depends_on with"
            " condition: service_healthy.",
        ),
        Fix(
            "Check whether the server has started.",
            "docker compose ps --all",
            look_for="STATUS must be Up and healthy. Exited: read its log.",
        ),
        Fix("Or make the client retry until the server is ready."),
    )


def xdebug_host(_: Situation) -> tuple[Fix, ...]:
    """Tell Xdebug where the IDE is."""
    return (
        Fix("Set xdebug.client_host=host.docker.internal in the container's php.ini."),
        Fix("In the IDE, start listening for debug connections (port 9003)."),
    )
