"""A token: some characters of the input that may be an endpoint, and where they are."""

from __future__ import annotations

from checks.model.records import NamedTuple
from checks.text.endpoint import Endpoint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from checks.address.host import Host
    from checks.ports import Port

    WordReading: TypeAlias = tuple[str, tuple[Endpoint, ...]]
    """The kind of a word (``address``, ``url``, ``port``, ...) and its endpoints."""


class Token(NamedTuple):
    """A token, as it is written and as it is meant.

    Arguments:
        text: as written.
        start: its index in the input.
        plain: the same, refanged; what is read.
        form: ``plain`` or ``defanged``.
    """

    text: str
    start: int
    plain: str
    form: str = "plain"

    def endpoint(
        self, host: Host | None, port: Port | None, form: str, scheme: str | None = None
    ) -> Endpoint:
        """The endpoint that the whole of the token is."""
        span = (self.start, self.start + len(self.text))
        return Endpoint(text=self.text, span=span, scheme=scheme, host=host, port=port, form=form)


def token_at(text: str, start: int) -> Token:
    """The token of these characters, refanged where they are defanged."""
    plain = _refang(text)
    return Token(text, start, plain, "plain" if plain == text else "defanged")


def _refang(text: str) -> str:
    """Undo the defanging of threat reports: ``hxxp://127[.]0[.]0[.]1`` and spellings like it."""
    if "[" not in text and "(" not in text and text[:2].lower() != "hx":
        return text
    for fanged, plain in (
        ("[.]", "."),
        ("(.)", "."),
        ("[dot]", "."),
        ("(dot)", "."),
        ("[:]", ":"),
        ("[://]", "://"),
        ("[/]", "/"),
    ):
        text = text.replace(fanged, plain)
    return "http" + text[4:] if text[:4].lower() == "hxxp" else text
