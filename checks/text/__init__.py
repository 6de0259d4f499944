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
    from checks.text.errors import ErrorMessage

__all__ = ["Classification", "Endpoint", "classify"]


class Classification(NamedTuple):
    """What a text is.

    Arguments:
        input: the text as it was given.
        kind: ``address``, ``network``, ``endpoint``, ``url``, ``port``,
            ``name``, ``text`` (a message or log line) or ``empty``.
        endpoints: in the order of the text.
        error: the error message that the text is or contains, or None.
    """

    input: str
    kind: str
    endpoints: tuple[Endpoint, ...]
    error: ErrorMessage | None = None

    def to_dict(self) -> dict[str, object]:
        """The classification as the JSON contract has it, without findings."""
        return {
            "schema": SCHEMA,
            "input": self.input,
            "kind": self.kind,
            "endpoints": [endpoint.to_dict() for endpoint in self.endpoints],
            "error": self.error.to_dict() if self.error else None,
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
    from checks.text import paste  # noqa: PLC0415 - 1 ms, which plain addresses do without

    kind, endpoints, error = paste.read(text)
    return Classification(text, kind, endpoints, error)
