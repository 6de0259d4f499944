"""What a person wanted when the message came: to connect, or to listen.

"Address already in use" is the complaint of a server that wanted the port. Told
"nothing listens there" its owner learns nothing: for them a free port is the
good news, and a listener is what is wrong.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.findings.base import Finding
    from checks.text import Classification

_ALWAYS = frozenset(("EADDRINUSE",))
_WITH_WORDS = frozenset(("EACCES", "EADDRNOTAVAIL", "EPERM"))
_WORDS = ("bind", "listen")
_CONNECTING = frozenset(("connect", "send", "receive", "tls", "http", "resolve"))
"""Operations of a client."""
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


def advises(finding: type[Finding], classification: Classification, *, asked: bool) -> bool:
    """Whether what is to be done about a finding is to the point of a text.

    What an address or a port is asks for nothing where an error or a machine tells more. How to
    connect is no help to someone who wants to listen, nor the other way round; only what is bound
    and does not listen (B403) is in the way of both.

    Arguments:
        finding: one that applies.
        classification: of the text.
        asked: whether a machine was asked about the endpoint.
    """
    error = classification.error
    if finding.describes and (asked or error is not None):
        return False
    if error is None:
        return True
    group = finding.code[0]
    if wants_to_listen(classification):
        return group != "C" or finding.code in _OF_UNIX
    return error.operation not in _CONNECTING or group != "B" or finding.code == "B403"


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
