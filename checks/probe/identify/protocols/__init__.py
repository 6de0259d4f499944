"""One module a protocol, named as in :data:`checks.rules.protocols.PROTOCOLS`.

Where the client asks, the module has ``converse(host)``, the questions. Where the server
greets, it has ``GREETING``, how that is read. This is the door to them: a module is
loaded when its protocol is asked for, as most identifications need two or three.
"""

from __future__ import annotations

from importlib import import_module

from checks.rules.protocols import PROTOCOLS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from checks.probe.identify.ask import Conversation
    from checks.probe.identify.greeting import Greeting
    from checks.probe.identify.protocols.tls import Session

_GREETERS = (*(each.name for each in PROTOCOLS if each.speaks_first), "http")
"""HTTP/2 is the last of them: a server that knows its client may send its settings first."""


def load(name: str) -> ModuleType:
    """The module of one protocol."""
    return import_module(f"{__name__}.{name}")


def ask(name: str, host: str) -> Conversation:
    """The questions of one protocol, which is loaded when the first is due.

    Arguments:
        name: of a protocol in which the client speaks first.
        host: a name or an address, as it was asked for.
    """
    conversation: Conversation = load(name).converse(host)
    return (yield from conversation)


def greetings() -> Iterator[Greeting]:
    """How servers greet, in the order of the list; each is loaded when it is looked at."""
    for name in _GREETERS:
        yield load(name).GREETING


def session(host: str, offer: tuple[str, ...] = ()) -> Session:
    """What is kept between TLS connections to one port.

    Arguments:
        host: a name or an address, as it was asked for.
        offer: protocols to be named in the handshake (RFC 7301).
    """
    from checks.probe.identify.protocols.tls import Session  # noqa: PLC0415 - ssl takes 20 ms

    return Session(host, offer)
