"""What a person wanted when the message came: to connect, or to listen.

"Address already in use" is the complaint of a server that wanted the port. Told
"nothing listens there" its owner learns nothing: for them a free port is the
good news, and a listener is what is wrong.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.text import Classification

_ALWAYS = frozenset(("EADDRINUSE",))
_WITH_WORDS = frozenset(("EACCES", "EADDRNOTAVAIL", "EPERM"))
_WORDS = ("bind", "listen")
_OF_UNIX = frozenset(("C322", "C323", "C324", "C325", "C326", "C327"))


def wants_to_listen(classification: Classification) -> bool:
    """Whether the text is a message of bind() or listen(), by its error and words."""
    error = classification.error
    if error is None:
        return False
    if error.name in _ALWAYS:
        return True
    text = classification.input[:4096].lower()
    return error.name in _WITH_WORDS and any(word in text for word in _WORDS)


def severity(code: str, usual: str) -> str:
    """The severity of a finding for someone who wants to listen.

    Arguments:
        code: of the finding.
        usual: its severity for someone who wants to connect.
    """
    if code in _OF_UNIX:
        return usual  # the findings on a Unix socket know what the text wanted
    if code[0] == "C":
        return "info"  # whether something answers is not the question
    if code == "B401":
        return "ok"
    return "error" if code in ("B402", "B405") else usual
