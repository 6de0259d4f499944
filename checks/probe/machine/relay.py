"""Which listeners serve nothing themselves, and where they pass connections on.

Told from the owner's name and command line. The name on a port is then not
the name of the service: whoever stops docker-proxy or ssh stops the way to it.
Only what the command line says, or what the program cannot but do, is said;
an ssh client, for instance, listens for nothing but forwards.
"""

from __future__ import annotations

from itertools import pairwise

from checks.model.evidence import Relay
from checks.model.words import TCP, at
from checks.rules.owners import is_docker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import ModuleType

    from checks.model.evidence import Listener, Owner
    from checks.probe.machine.docker import Container

_DOCKER = "docker-proxy"
_PUBLISHED = "a published port of a Docker container"


def find(listeners: Sequence[Listener], port: int) -> Relay | None:
    """Return what passes the connections of a port on; None for an ordinary service.

    To be asked about a port that accepts. Where no TCP listener is given,
    something outside the socket table accepts (a NAT rule, as Docker sets
    without its proxy), and Docker is asked whether it is the one.

    Arguments:
        listeners: the rows that take the connections.
        port: 1 to 65535.
    """
    rows = [row for row in listeners if row.protocol == TCP]
    for row in rows:
        for owner in row.owners:
            found = of_owner(owner, port)
            if found is not None:
                return _with_container(found, port) if found.kind == _DOCKER else found
    if not rows or any(not row.owners and is_docker(row.managed_by) for row in rows):
        return _from_docker(port)
    return None


def of_listener(row: Listener) -> Relay | None:
    """Return the relay that holds a listener, by what the socket table tells; no daemon is asked.

    Arguments:
        row: a TCP row with its owners.
    """
    found = (of_owner(owner, row.port) for owner in row.owners)
    relay = next((each for each in found if each is not None), None)
    if relay is None and not row.owners and is_docker(row.managed_by):
        return Relay(_DOCKER, "a port of Docker, most likely a published one", None, None, "docker")
    return relay


def of_owner(owner: Owner, port: int) -> Relay | None:
    """Return the relay that a process is, by its name and command line.

    Arguments:
        owner: who holds the listening socket.
        port: the port of that socket.
    """
    words = split(owner.command or "")
    names = (_program(owner.name), _program(words[0]) if words else "")
    for name in names:
        reader = _READERS.get(name)
        if reader is not None:
            found = reader(words, port)
            if found is None:
                return None
            container = _options(words).get("-n") if name == "conmon" else None
            return Relay(*found, owner.pid, _ENGINES.get(name), container)
    return _by_title(owner)


def split(command: str) -> list[str]:
    """The arguments of a command line, as far as its quotes can be read.

    A cut command line may end inside quotes; then it is split at white space.
    """
    if not any(mark in command for mark in "'\"\\"):
        return command.split()
    import shlex  # noqa: PLC0415 - 2 ms, for the few that need it

    try:
        return shlex.split(command, posix="\\" not in command)
    except ValueError:
        return command.split()


def _program(word: str) -> str:
    """The file name of a program, without the suffix that Windows gives it."""
    name = word.replace("\\", "/").rpartition("/")[2].strip('"').lower()
    return name.removesuffix(".exe")


_Read = tuple[str, str, "str | None"]
"""Kind, description and target of a relay."""

# Docker and other engines


def _with_container(found: Relay, port: int) -> Relay:
    """The same relay, with the container's name where the daemon tells it."""
    told = _from_docker(port)
    if told is None:
        return found
    return found._replace(
        description=told.description,
        target=found.target or told.target,
        container=told.container,
    )


def name_of(identity: str) -> str | None:
    """Return the name of a Docker container; None where no daemon tells it.

    Arguments:
        identity: the start of its identifier, hexadecimal.
    """
    name: str | None = _docker().named(identity)
    return name


def _docker() -> ModuleType:
    from checks.probe.machine import docker  # noqa: PLC0415 - json, only where Docker may be behind

    return docker


def _from_docker(port: int) -> Relay | None:
    container: Container | None = _docker().published(port)
    if container is None:
        return None
    image = f" (image {container.image})" if container.image else ""
    description = f"a published port of the Docker container {container.name}{image}"
    return Relay(_DOCKER, description, container.target, None, "docker", container.name)


def _docker_proxy(words: list[str], port: int) -> _Read | None:
    """``docker-proxy -proto tcp -host-port 8080 -container-ip 172.17.0.2 -container-port 80``."""
    options = _options(words)
    address, inside = options.get("-container-ip"), options.get("-container-port")
    mine = options.get("-host-port", str(port)) == str(port)
    target = at(address, inside) if address and inside and mine else None
    return _DOCKER, _PUBLISHED, target


def _conmon(words: list[str], _: int) -> _Read | None:
    """conmon keeps a published port bound for Podman, whose NAT rules take the traffic."""
    name = _options(words).get("-n")
    which = f"the container {name}" if name else "a container"
    return "other", f"a port that Podman keeps for {which}", None


def _pasta(words: list[str], port: int) -> _Read | None:
    """``pasta ... -t 127.0.0.1/8080-8080:80-80``: passt(1), --tcp-ports."""
    target = None
    for place, word in enumerate(words[:-1]):
        if word in ("-t", "--tcp-ports"):
            inside = _mapped(words[place + 1], port)
            target = f"port {inside} of that namespace" if inside else target
    return "other", "a port that pasta forwards into a network namespace", target


def _mapped(specifications: str, port: int) -> int | None:
    """The port inside for one outside, in pasta's ``[ADDRESS/]FIRST[-LAST][:FIRST[-LAST]]``."""
    for each in specifications.split(","):
        outside, _, inside = each.rpartition("/")[2].partition(":")
        first, _, last = outside.partition("-")
        start = inside.partition("-")[0] or first
        if not (_is_port(first) and _is_port(last or first) and _is_port(start)):
            continue
        if int(first) <= port <= int(last or first):
            return int(start) + port - int(first)
    return None


# Others


def _ssh(words: list[str], port: int) -> _Read | None:
    """An ssh client, which listens for forwards only."""
    from checks.probe.machine import ssh  # noqa: PLC0415 - 0.4 ms, for its own processes only

    titled = bool(words) and words[0].endswith(":")  # a master's title: "ssh: PATH [mux]"
    forward = ssh.forward([] if titled else words, port)
    through = f" through {forward.destination}" if forward.destination else ""
    if forward.kind == "dynamic":
        return "ssh", f"a SOCKS proxy of ssh (-D){through}", None
    if forward.kind == "local":
        return "ssh", f"an ssh forward (-L){through}", forward.target
    return "ssh", f"an ssh forward{through} that the command line does not show", None


def _socat(words: list[str], _: int) -> _Read | None:
    """``socat TCP-LISTEN:8080,fork TCP:127.0.0.1:80``: the address that does not listen; socat(1).

    One that runs a program (EXEC, SYSTEM) or reads standard input passes no
    connection on, and is no relay.
    """
    addresses = [word.partition(",")[0] for word in words[-2:]]
    for address in addresses if len(words) > 2 else ():
        keyword, rest = address.partition(":")[::2]
        word = keyword.upper()
        if "LISTEN" in word or word.endswith("-L"):
            continue
        if word.startswith(("TCP", "OPENSSL", "SSL", "UNIX", "VSOCK", "UDP", "SOCKS", "PROXY")):
            known = word in _SOCAT_PLAIN
            return "other", "a relay of socat", rest if known and rest else None
    return None


_SOCAT_PLAIN = frozenset(
    "TCP TCP4 TCP6 TCP-CONNECT TCP4-CONNECT TCP6-CONNECT OPENSSL OPENSSL-CONNECT SSL UNIX"
    " UNIX-CONNECT UNIX-CLIENT".split()
)
"""Addresses of socat(1) whose first parameters are a host and a port, or a path."""

_KUBECTL_VALUES = frozenset(
    "-n --namespace --context --cluster --user --address --kubeconfig --pod-running-timeout"
    " --as --as-group --server -s --token --request-timeout -v --cache-dir".split()
)


def _kubectl(words: list[str], port: int) -> _Read | None:
    """``kubectl port-forward svc/web 8080:80``, or ``kubectl proxy``."""
    plain = positional(words[1:], _KUBECTL_VALUES)
    if "proxy" in plain[:1]:
        return "other", "a proxy of kubectl to the Kubernetes API", None
    if "port-forward" not in plain[:1]:
        return None
    what, *pairs = plain[1:] or [""]
    inside = [remote for local, remote in map(_pair, pairs) if local == str(port)]
    if not inside and len(pairs) == 1 and pairs[0].startswith(":"):  # kubectl chose the port
        inside = [pairs[0][1:]]
    target = f"{what}:{inside[0]}" if what and inside else None
    return "other", "a port that kubectl forwards into a cluster", target


def _pair(word: str) -> tuple[str, str]:
    local, colon, remote = word.partition(":")
    return (local, remote) if colon else (local, local)


def _socket_proxyd(words: list[str], _: int) -> _Read | None:
    """``systemd-socket-proxyd [OPTIONS] HOST:PORT``: systemd-socket-proxyd(8)."""
    plain = positional(words[1:], frozenset(("-c", "--connections-max", "--exit-idle-time")))
    return "other", "a relay of systemd (systemd-socket-proxyd)", plain[-1] if plain else None


def _fixed(kind: str, description: str) -> Callable[[list[str], int], _Read]:
    """A program that is known for what it does, whatever its command line."""
    return lambda words, port: (kind, description, None)


_WSL = _fixed("wsl", "a port that WSL passes on into its Linux machine")
_ROOTLESS = _fixed("other", "a port that is passed on into a rootless container")
_CODE = _fixed(
    "editor",
    "a port of Visual Studio Code, which it forwards or on which one of its extensions serves",
)

_READERS: dict[str, Callable[[list[str], int], _Read | None]] = {
    "docker-proxy": _docker_proxy,
    "rootlesskit-docker-proxy": _docker_proxy,
    "com.docker.backend": _fixed(_DOCKER, _PUBLISHED),
    "com.docker.vpnkit": _fixed(_DOCKER, _PUBLISHED),
    "conmon": _conmon,
    "rootlesskit": _ROOTLESS,
    "rootlessport": _ROOTLESS,
    "containers-rootlessport": _ROOTLESS,
    "slirp4netns": _ROOTLESS,
    "pasta": _pasta,
    "pasta.avx2": _pasta,
    "ssh": _ssh,
    "socat": _socat,
    "socat1": _socat,
    "kubectl": _kubectl,
    "oc": _kubectl,
    "systemd-socket-proxyd": _socket_proxyd,
    "wslrelay": _WSL,
    "wslhost": _WSL,
    "code": _CODE,
    "code-insiders": _CODE,
    "code helper": _CODE,
    "code helper (plugin)": _CODE,
}
"""By the program's file name, in lower case."""


_ENGINES = {
    "docker-proxy": "docker",
    "rootlesskit-docker-proxy": "docker",
    "com.docker.backend": "docker",
    "com.docker.vpnkit": "docker",
    "rootlesskit": "docker",
    "conmon": "podman",
    "rootlessport": "podman",
    "containers-rootlessport": "podman",
    "slirp4netns": "podman",
    "pasta": "podman",
    "pasta.avx2": "podman",
}
"""The container engine that a relay belongs to, by the same name."""


def _by_title(owner: Owner) -> Relay | None:
    """The session of an sshd, which writes its own title: ``sshd: ann@pts/0``.

    The daemon's title is its path; that of a child before the login, a word in brackets.
    """
    title = owner.command or ""
    start = title.partition(": ")[0]
    if start not in ("sshd", "sshd-session"):
        return None
    user = title.partition(": ")[2].partition("@")[0].partition(" ")[0]
    if not user or "/" in user or user.startswith("["):
        return None
    description = f"a forward that the client of {user}'s ssh session asked for (-R, or X11)"
    return Relay("ssh", description, None, owner.pid)


def _options(words: Sequence[str]) -> dict[str, str]:
    """Each word that begins with a hyphen, and the word after it."""
    return {word: value for word, value in pairwise(words) if word.startswith("-")}


def positional(words: Sequence[str], with_value: frozenset[str]) -> list[str]:
    """Return the words that are neither options nor the values of options.

    Arguments:
        words: of a command line, without the program.
        with_value: the options whose value is the next word.
    """
    plain = []
    skip = False
    for word in words:
        if not skip and not word.startswith("-"):
            plain.append(word)
        skip = not skip and word in with_value
    return plain


def _is_port(word: str) -> bool:
    return word.isascii() and word.isdecimal() and len(word) <= 5
