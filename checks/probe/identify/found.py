"""What one conversation found, and how it is written down."""

from __future__ import annotations

from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Tls
    from checks.probe.identify.ask import Reply
    from checks.probe.identify.page import Page

LONGEST = 200
"""Characters of any text of the peer that is kept."""


class Found(NamedTuple):
    """One conversation's result.

    Arguments:
        protocol: what was recognised; None where nothing was.
        suspects: protocols that the answer points to, to be tried next; ``greeting`` where it
            was a greeting that came late, and leaves a question.
        page: for HTTP, the answer to the first request.
        rest: as in :class:`checks.model.evidence.Identity`.
    """

    protocol: str | None
    product: str | None = None
    version: str | None = None
    details: tuple[tuple[str, str], ...] = ()
    tls: Tls | None = None
    authentication: str | None = None
    traits: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    suspects: tuple[str, ...] = ()
    page: Page | None = None


def text(data: bytes | str, longest: int = LONGEST) -> str:
    """Decode a peer's text, and cut it. Control characters are left to the renderer.

    Arguments:
        data: bytes in any encoding; what is not UTF-8 becomes U+FFFD.
        longest: characters to keep.

    Returns:
        the text without surrounding white space and NULs.
    """
    if isinstance(data, bytes):
        data = data[: longest * 4].decode("utf-8", "replace")
    return data.strip(" \t\r\n\0")[:longest]


def quoted(data: bytes, longest: int = 80) -> str:
    """Return bytes as a person can check them: escapes for what is not printable ASCII."""
    cut = "..." if len(data) > longest else ""
    return '"' + repr(data[:longest])[2:-1].replace('"', '\\"') + cut + '"'


def came(sent: str, reply: Reply) -> str:
    """One line of evidence: what was sent, and what came back."""
    if reply.data:
        got = f"{quoted(reply.data)} after {reply.milliseconds:.0f} ms"
    elif reply.end == "closed":
        got = f"the end of the connection after {reply.milliseconds:.0f} ms"
    elif reply.end == "reset":
        got = f"a reset after {reply.milliseconds:.0f} ms"
    else:
        got = f"nothing in {reply.milliseconds:.0f} ms"
    return f"sent {sent}: {got}"


def details(**named: object) -> tuple[tuple[str, str], ...]:
    """Pairs of name and text, without those that have none. An underscore becomes a space."""
    return tuple(
        (name.replace("_", " "), text(value if isinstance(value, (bytes, str)) else str(value)))
        for name, value in named.items()
        if value is not None and value not in (b"", "")
    )
