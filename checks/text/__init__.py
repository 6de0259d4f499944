"""Text in, classification out: what an address, endpoint, URL, port or message is.

Pure: no socket, no file, no clock, no look at the platform. The same code
answers in the terminal and in the browser, on every supported Python, to the
byte.
"""

from __future__ import annotations

from checks.address import ipv4
from checks.address.host import IPV4, Host
from checks.model.records import NamedTuple
from checks.model.words import SCHEMA
from checks.text.endpoint import Endpoint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

    from checks.text.banners import Banner
    from checks.text.errors import ErrorMessage
    from checks.text.settings import Setting
    from checks.text.tables import Table

__all__ = ["Classification", "Endpoint", "classify"]


class Classification(NamedTuple):
    """What a text is.

    Arguments:
        input: the text as it was given.
        kind: ``address``, ``network``, ``endpoint``, ``url``, ``port``,
            ``name``, ``unix`` (a Unix socket), ``text`` (a message or log line) or ``empty``.
        endpoints: in the order of the text.
        errors: the errors that the text names, the most telling first, the
            others in the order of the text; each with its endpoint.
        banner: the line of a known tool that the text is or contains, or None.
        tables: the tables of known tools, such as netstat's, that the text holds.
        settings: what its commands and configuration make listen.
    """

    input: str
    kind: str
    endpoints: tuple[Endpoint, ...]
    errors: tuple[ErrorMessage, ...] = ()
    banner: Banner | None = None
    tables: tuple[Table, ...] = ()
    settings: tuple[Setting, ...] = ()

    @property
    def error(self) -> ErrorMessage | None:
        """The most telling error of the text; None if it names none."""
        return self.errors[0] if self.errors else None

    def to_dict(self) -> dict[str, object]:
        """The classification as the JSON contract has it, without findings."""
        return {
            "schema": SCHEMA,
            "input": self.input,
            "kind": self.kind,
            "endpoints": [endpoint.to_dict() for endpoint in self.endpoints],
            "error": self.error.to_dict() if self.error else None,
            "errors": [error.to_dict() for error in self.errors],
            "banner": self.banner.to_dict() if self.banner else None,
            "tables": [table.to_dict() for table in self.tables],
            "settings": [setting.to_dict() for setting in self.settings],
        }


def classify(text: str) -> Classification:
    """Say what a pasted text is.

    Arguments:
        text: any text: an address in any spelling, an endpoint, a URL, a
            port, a name, an error message, whole log lines.

    Returns:
        the classification; never raises for any str, and takes time in
        proportion to the length of the text.
    """
    value = ipv4.parse(text)
    if value is not None:  # by far the most common input of a stream
        host = Host(text, IPV4, 4, value)
        return Classification(text, "address", (Endpoint(text, (0, len(text)), None, host, None),))
    return Classification(text, *_paste().read(text))


def classify_plain(text: str) -> Classification:
    """Return the same of a text that has no control sequences, or has none that count.

    Arguments:
        text: what :func:`checks.text.coloured.uncoloured` left.
    """
    return Classification(text, *_paste().read_plain(text))


def _paste() -> ModuleType:
    from checks.text import paste  # noqa: PLC0415 - 1 ms, which plain addresses do without

    return paste
