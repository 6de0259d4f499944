"""Causes of an answer that is not the expected one: of a proxy, a container, a wrong path."""

from __future__ import annotations

from checks.causes.base import Clue, Rule
from checks.causes.steps import http as steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from checks.causes.situation import Situation

_ANSWERED = ("", "HTTP_403")
_FEW = 20
"""So many endpoints are looked through for two ports of one host."""
_NO_CONNECTION = (
    "ECONNREFUSED",
    "ETIMEDOUT",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "EADDRINUSE",
    "EACCES",
    "ENOTFOUND",
)


def _answered(situation: Situation, key: str, points: int) -> Iterator[Clue]:
    """A mark of an answer counts where the connection itself came about."""
    mark = situation.marks.get(key)
    if mark and situation.error.name not in _NO_CONNECTION:
        logged = '"' in mark.text  # one request of many in a server's log
        yield from situation.marked({key: points // 2 if logged else points})


def _wrong_path(situation: Situation) -> Iterator[Clue]:
    if not situation.has("airtunes") and not situation.has("proxy-answered"):
        yield from _answered(situation, "not-found", 70)


def _wrong_method(situation: Situation) -> Iterator[Clue]:
    yield from _answered(situation, "wrong-method", 70)


def _websocket(situation: Situation) -> Iterator[Clue]:
    yield from _answered(situation, "websocket-answer", 75)


def _upstream(situation: Situation) -> Iterator[Clue]:
    yield from _answered(situation, "bad-gateway", 45)
    yield from _answered(situation, "unavailable", 45 if situation.has("own-gateway") else 15)
    if situation.has("bad-gateway") and situation.has("own-gateway"):
        yield from situation.marked({"own-gateway": 30})


def _shared_cookies(situation: Situation) -> Iterator[Clue]:
    if situation.error.name in _ANSWERED and situation.has("session-lost"):
        ports: dict[str, set[int]] = {}
        for one in situation.classification.endpoints[:_FEW]:
            if one.port and one.port.number:
                host = one.host.text.lower() if one.host and not one.host.loopback else ""
                ports.setdefault(host, set()).add(one.port.number)
        if any(len(several) > 1 for several in ports.values()):
            yield from situation.marked({"session-lost": 65})


def _named(points: int, says: str, *names: str) -> Callable[[Situation], Iterator[Clue]]:
    """Look for errors that only one thing explains."""

    def look(situation: Situation) -> Iterator[Clue]:
        if situation.error.name in names:
            yield Clue(points, situation.at_error(says))

    return look


def _denied(situation: Situation) -> Iterator[Clue]:
    """An answer of 403 that nothing else explains."""
    if situation.error.name == "HTTP_403" and not situation.has("airtunes", "proxy-answered"):
        yield Clue(30, situation.at_error("the server answered and denied the request"))


RULES: tuple[Rule, ...] = (
    Rule(
        key="wrong-path",
        says="The server answers, but it has nothing at this path.",
        page="troubleshooting/not-responding/#it-answers-with-404",
        steps=steps.right_path,
        look=_wrong_path,
        finding="S601",
    ),
    Rule(
        key="wrong-method",
        says="The server answers, but the path does not accept this method.",
        page="troubleshooting/not-responding/#it-answers-with-404",
        steps=steps.right_method,
        look=_wrong_method,
        finding="S601",
    ),
    Rule(
        key="websocket-not-served",
        says="The server answers on this path with HTTP, not WebSocket.",
        page="uses/web/#hot-reload-fails-behind-the-proxy",
        steps=steps.websocket,
        look=_websocket,
    ),
    Rule(
        key="upstream-down",
        says="The server behind the proxy did not answer.",
        page="uses/web/#a-proxy-in-front-of-it-502",
        steps=steps.upstream,
        look=_upstream,
    ),
    Rule(
        key="other-protocol",
        says="The program that answers on this port does not speak HTTP.",
        page="troubleshooting/not-responding/#it-answers-in-another-language",
        steps=steps.other_protocol,
        marks={"other-protocol": 65},
        finding="S602",
        confirmed_by=("S602",),
    ),
    Rule(
        key="cookies-shared-across-ports",
        says="The two programs share cookies, because a cookie belongs to a host, not to a port.",
        page="uses/web/#two-ports-are-two-origins",
        steps=steps.cookies,
        look=_shared_cookies,
    ),
    Rule(
        key="access-denied",
        says="The server answers, but its rules deny this request.",
        page="troubleshooting/not-responding/#it-answers-with-404",
        steps=steps.allow_access,
        look=_denied,
    ),
    Rule(
        key="peer-closed",
        says="The other end closed the connection before this end had finished.",
        page="troubleshooting/not-responding/#it-answers-and-hangs-up",
        steps=steps.other_side,
        look=_named(40, "the other end closed the connection", "EPIPE", "ECONNABORTED", "ENOTCONN"),
    ),
    Rule(
        key="answer-cut-off",
        says="The server, or a proxy in between, ended the answer too early.",
        page="troubleshooting/browser-errors/#it-connected-and-could-not-use-the-answer",
        steps=steps.whole_answer,
        look=_named(
            60,
            "the answer is shorter than announced",
            "ERR_INCOMPLETE_CHUNKED_ENCODING",
            "ERR_HTTP2_PROTOCOL_ERROR",
        ),
    ),
    Rule(
        key="redis-protected-mode",
        says="Redis has no password, so it answers only its own machine (protected mode).",
        page="uses/databases/#redis",
        steps=steps.redis_password,
        look=_named(95, "Redis prints this in protected mode", "REDIS_DENIED"),
    ),
    Rule(
        key="pg-hba-no-entry",
        says="No line of the server's pg_hba.conf allows this client, user and database.",
        page="uses/databases/#postgresql",
        steps=steps.pg_hba,
        look=_named(95, "PostgreSQL prints this", "PG_HBA_NO_ENTRY"),
    ),
    Rule(
        key="redirect-loop",
        says="The server's redirects form a loop.",
        page="troubleshooting/browser-errors/#it-connected-and-could-not-use-the-answer",
        steps=steps.redirect_loop,
        marks={"redirect-loop": 80},
    ),
    Rule(
        key="redirect-uri-mismatch",
        says="This redirect address is not registered with the provider.",
        page="uses/oauth/#when-it-breaks",
        steps=steps.redirect_uri,
        marks={"redirect-uri": 90},
    ),
)
