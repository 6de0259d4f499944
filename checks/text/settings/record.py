"""A setting: a piece of a command line or of a configuration that makes a program listen."""

from __future__ import annotations

from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.text.endpoint import Endpoint

EVERY = "*"
"""The address of a program that listens on every address of the machine."""
LOOPBACK = "127.0.0.1"
LOCALHOST = "localhost"

HERE = "here"
SERVER = "server"
"""The other machine that an ssh client is logged in to."""
CONTAINER = "container"
DEVICE = "device"
"""The phone or emulator behind adb."""
INTERNET = "internet"
"""A public name, such as ngrok's."""


class Setting(NamedTuple):
    """What a command or a configuration makes listen.

    Arguments:
        tool: as people know it: ``docker run``, ``ssh -L``, ``nginx``.
        key: what kind of setting it is, stable: ``docker-publish``, ``ssh-local``.
        span: where it is in the text.
        endpoint: the end that listens, as the text has it; None where the text names
            neither a host nor a port of it.
        address: where it listens, by the text or by the tool's default; ``*`` for every
            address, "" where neither tells.
        port: on which; None where neither tells, or where the system picks one.
        given: whether the text names the address.
        far: where connections are passed on to; None where there is no such end.
        into: the port behind it, in a container or a cluster; None where there is none.
        name: what is behind it: ``svc/web``; "" where the text does not tell.
        protocol: ``tcp`` or ``udp``.
        at: on which machine it listens: ``here``, ``server``, ``container``, ``device`` or
            ``internet``.
    """

    tool: str
    key: str
    span: tuple[int, int]
    endpoint: Endpoint | None
    address: str = ""
    port: int | None = None
    given: bool = False
    far: Endpoint | None = None
    into: int | None = None
    name: str = ""
    protocol: str = "tcp"
    at: str = HERE

    def to_dict(self) -> dict[str, object]:
        """The setting as the JSON contract has it; its ends by their text."""
        return {
            "tool": self.tool,
            "key": self.key,
            "span": list(self.span),
            "endpoint": self.endpoint.text if self.endpoint else None,
            "address": self.address,
            "port": self.port,
            "given": self.given,
            "far": self.far.text if self.far else None,
            "into": self.into,
            "name": self.name,
            "protocol": self.protocol,
            "at": self.at,
        }
