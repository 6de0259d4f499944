"""Which container a published port leads to, as Docker's own API says.

The ``docker`` command does the same in forty times the time, and its Python
library would be the only dependency of the package. One read-only request
through the daemon's unix socket is enough: Docker Engine API, "List containers".
"""

from __future__ import annotations

import json
import os
import socket
from time import monotonic

from checks.model.records import NamedTuple
from checks.model.words import at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_PATIENCE = 0.3  # seconds for everything
_MOST = 1 << 18  # bytes; an answer for one port is a few kilobytes
_LONGEST = 200  # characters of a name that are kept


class Container(NamedTuple):
    """A container that has published the port.

    Arguments:
        name: as ``docker ps`` shows it; the start of the identifier where it has none.
        image: what it was made from; None where that is not told.
        target: address and port inside, as ``172.17.0.2:80``; None where the
            container has no address of its own (host network, or no network).
    """

    name: str
    image: str | None
    target: str | None


def published(port: int, patience: float = _PATIENCE) -> Container | None:
    """Return the container that has published a TCP port of this machine.

    Arguments:
        port: 1 to 65535.
        patience: seconds for everything.

    Returns:
        the container; None where no daemon can be asked, it does not answer in
        time, or it knows no such port. Nothing is raised.
    """
    deadline = monotonic() + patience
    for path in sockets():
        answer = _get(path, _request("publish", str(port)), deadline)
        found = parse(answer, port) if answer else None
        if found is not None:
            return found
    return None


def named(identity: str, patience: float = _PATIENCE) -> str | None:
    """Return the name of a container; None where no daemon tells it.

    Arguments:
        identity: the start of its identifier, hexadecimal.
        patience: seconds for everything.
    """
    deadline = monotonic() + patience
    for path in sockets():
        for each in _listed(_get(path, _request("id", identity), deadline)):
            names = each.get("Names")
            first = _text(names[0]) if isinstance(names, list) and names else None
            if first and str(each.get("Id")).startswith(identity):
                return first.lstrip("/")
    return None


def sockets() -> tuple[str, ...]:
    """The daemons' sockets that this user may write to: DOCKER_HOST's, or the system's and its own.

    A DOCKER_HOST that is no unix socket is another machine, which is not asked.
    """
    chosen = os.environ.get("DOCKER_HOST", "")
    if chosen:
        paths = [chosen.removeprefix("unix://")] if chosen.startswith("unix://") else []
    else:
        own = os.environ.get("XDG_RUNTIME_DIR", "")
        paths = ["/var/run/docker.sock", *([f"{own}/docker.sock"] if own else [])]
    if not hasattr(socket, "AF_UNIX"):
        return ()
    return tuple(path for path in paths if os.access(path, os.W_OK))


def _request(key: str, value: str) -> bytes:
    """HTTP/1.0, so that the answer comes unchunked and ends with the connection.

    Arguments:
        key: of the filter, as the API has it.
        value: letters and digits.
    """
    filters = f"%7B%22{key}%22%3A%5B%22{value}%22%5D%7D"  # {"publish":["8080"]}
    return f"GET /containers/json?filters={filters} HTTP/1.0\r\nHost: docker\r\n\r\n".encode()


def _get(path: str, request: bytes, deadline: float) -> bytes:
    """The whole answer of a daemon; empty where it fails or is late, and on Windows."""
    if not hasattr(socket, "AF_UNIX"):
        return b""  # Python has no Unix sockets there
    parts: list[bytes] = []
    taken = 0
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(max(0.001, deadline - monotonic()))
            connection.connect(path)
            connection.sendall(request)
            while taken < _MOST:
                connection.settimeout(max(0.001, deadline - monotonic()))
                part = connection.recv(1 << 16)
                if not part:
                    return b"".join(parts)
                parts.append(part)
                taken += len(part)
                if monotonic() > deadline:
                    break
    except (OSError, ValueError):
        pass
    return b""


def parse(answer: bytes, port: int) -> Container | None:
    """Find the port in the daemon's answer.

    Arguments:
        answer: an HTTP message, or any bytes.
        port: the published port.
    """
    for each in _listed(answer):
        for published in _dicts(each.get("Ports")):
            if published.get("PublicPort") == port and published.get("Type", "tcp") == "tcp":
                return _container(each, published.get("PrivatePort"))
    return None


def _listed(answer: bytes) -> Iterator[dict[str, object]]:
    """The containers of an answer; none where it is no such list."""
    head, _, body = answer.partition(b"\r\n\r\n")
    if b" 200" not in head.partition(b"\r\n")[0]:
        return
    try:
        listed = json.loads(body.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return
    yield from _dicts(listed)


def _container(said: dict[str, object], inside: object) -> Container:
    names = said.get("Names")
    first = names[0] if isinstance(names, list) and names else said.get("Id")
    name = _text(first) or "unnamed"
    address = _address(said)
    target = None
    if address and isinstance(inside, int):
        target = at(address, inside)
    return Container(name.lstrip("/") if names else name[:12], _text(said.get("Image")), target)


def _address(said: dict[str, object]) -> str | None:
    """The container's address in the first of its networks that gave it one."""
    settings = said.get("NetworkSettings")
    networks = settings.get("Networks") if isinstance(settings, dict) else None
    for network in networks.values() if isinstance(networks, dict) else ():
        if isinstance(network, dict):
            found = _text(network.get("IPAddress")) or _text(network.get("GlobalIPv6Address"))
            if found:
                return found
    return None


def _dicts(value: object) -> Iterator[dict[str, object]]:
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, dict))


def _text(value: object) -> str | None:
    return value[:_LONGEST] if isinstance(value, str) and value else None
