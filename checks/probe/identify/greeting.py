"""Servers that speak first: a greeting is waited for, read, and answered politely.

Each greeting is prescribed by its protocol, whose module says how to read it. A busy server
may greet when something else has been asked already: :func:`or_late` reads that.
"""

from __future__ import annotations

from checks.model.records import NamedTuple
from checks.probe.identify import plan, protocols
from checks.probe.identify.ask import ENOUGH, Ask, line
from checks.probe.identify.found import Found, came, details, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from checks.probe.identify.ask import Conversation, Reply

_REST = 0.2
"""Seconds for the rest of a greeting whose first byte has come."""

_PARTING = 0.5
"""Seconds for the end of a connection on which leave was taken after another question."""

PRODUCTS = {
    "exim": "Exim",
    "postfix": "Postfix",
    "sendmail": "Sendmail",
    "opensmtpd": "OpenSMTPD",
    "dovecot": "Dovecot",
    "cyrus": "Cyrus",
    "courier": "Courier",
    "vsftpd": "vsFTPd",
    "proftpd": "ProFTPD",
    "pure-ftpd": "Pure-FTPd",
    "filezilla": "FileZilla",
    "mailpit": "Mailpit",
    "mailhog": "MailHog",
}
"""How servers of mail and files name themselves in greetings, in lower case, and their own
spelling."""

_VERSION = frozenset("0123456789.")


class Greeting(NamedTuple):
    """How one protocol's greeting is read.

    Arguments:
        begins: whether bytes begin like this greeting.
        recognise: what a greeting tells, given also the port; None where it may be another's.
        whole: whether bytes that begin like it have come as far as they are needed.
        rest: seconds for the rest of it.
        ask: a conversation that goes on from the greeting, where that does not tell enough;
            it gives a result in place of ``recognise``.
        leave: the polite end, so that no log shows a broken session.
    """

    begins: Callable[[bytes], bool]
    recognise: Callable[[bytes, int], Found | None]
    whole: Callable[[bytes], bool] = line
    rest: float = _REST
    ask: Callable[[Reply, int], Generator[Ask, Reply, Found]] | None = None
    leave: Ask | None = None


def converse(reply: Reply, port: int) -> Conversation:
    """Recognise a greeting whose first bytes have come, and take leave.

    Arguments:
        reply: with the first bytes.
        port: decides between protocols whose greetings are alike.
    """
    reply = yield from _rest(reply)
    greeting = _of(reply.data)
    found = Found(None)
    if greeting is not None and greeting.ask is not None:
        found = yield from greeting.ask(reply, port)
    elif greeting is not None:
        found = greeting.recognise(reply.data, port) or found
    evidence = (came("nothing", reply), *found.evidence)
    if greeting is None or found.protocol is None:
        return Found(None, details=details(greeting=reply.data), evidence=evidence)
    if greeting.leave is not None and not reply.over:
        yield greeting.leave
    return found._replace(evidence=evidence)


def or_late(conversation: Conversation, port: int) -> Conversation:
    """Hold a conversation; what it did not understand may be a greeting that came late.

    Arguments:
        conversation: the questions of another protocol.
        port: decides between protocols whose greetings are alike.
    """
    said, reply = b"", None
    try:
        ask = next(conversation)
        while True:
            reply = yield ask
            said += reply.data
            ask = conversation.send(reply)
    except StopIteration as result:
        found: Found | None = result.value
    finally:
        conversation.close()
    if reply is None or found is None or found.protocol is not None or found.tls is not None:
        return found
    return (yield from _late(found, reply._replace(data=said), port))


def _late(found: Found, reply: Reply, port: int) -> Conversation:
    """Read a late greeting to its end, and take leave.

    The server reads now what was asked of another protocol. So nothing more is asked here: the
    suspects tell where a question is left, for a connection that waits for the greeting.

    Arguments:
        found: what came of the questions; it stands where this is no greeting.
        reply: all that has come.
        port: as above.
    """
    greeting = _of(reply.data)
    if greeting is None:
        return found
    reply = yield from _rest(reply)
    told = _unasked(greeting, reply, port)
    if told is not None and told.protocol is None:  # it only began like one
        return found
    suspects = (plan.GREETING,) if told is None or not greeting.whole(reply.data) else ()
    told = told or recognise(reply.data, port) or Found(None)
    if greeting.leave is not None and not reply.over:
        yield greeting.leave._replace(wait=min(greeting.leave.wait, _PARTING))
    return told._replace(evidence=found.evidence, suspects=suspects)


def _unasked(greeting: Greeting, reply: Reply, port: int) -> Found | None:
    """What a greeting tells without a question; None where it leaves one."""
    if greeting.ask is None:
        return greeting.recognise(reply.data, port) or Found(None)
    asking = greeting.ask(reply._replace(end=ENOUGH), port)
    try:
        next(asking)
    except StopIteration as result:
        found: Found = result.value
        return found
    asking.close()
    return None


def recognise(said: bytes, port: int) -> Found | None:
    """The protocol of a greeting; None where it is not known, or only a further step tells.

    Arguments:
        said: the greeting, or any bytes.
        port: decides between protocols whose greetings are alike.
    """
    for greeting in protocols.greetings() if said else ():
        found = greeting.recognise(said, port) if greeting.begins(said) else None
        if found is not None:
            return found
    return None


def whole(data: bytes) -> bool:
    """Whether a greeting has come as far as it is needed."""
    greeting = _of(data)
    return line(data) if greeting is None else greeting.whole(data)


def _of(said: bytes) -> Greeting | None:
    return next((each for each in protocols.greetings() if each.begins(said)), None)


def _rest(reply: Reply) -> Generator[Ask, Reply, Reply]:
    """Wait for the rest of a greeting."""
    first = reply.data
    if whole(first) or reply.over:
        return reply
    greeting = _of(first)
    seconds = _REST if greeting is None else greeting.rest
    rest = yield Ask(b"", lambda data: whole(first + data), seconds)
    return rest._replace(data=first + rest.data)


def named(protocol: str, said: bytes) -> Found:
    """The product by its own name in the greeting, with the version that follows it."""
    greeting = text(said.partition(b"\n")[0])
    words = greeting.translate({ord(mark): " " for mark in "()[],;"}).split()
    for place, word in enumerate(words):
        product = PRODUCTS.get(word.lower())
        if product is not None:
            following = words[place + 1] if place + 1 < len(words) else ""
            return Found(protocol, product, _version(following), details(greeting=greeting))
    return Found(protocol, None, None, details(greeting=greeting))


def _version(word: str) -> str | None:
    return word if word[:1].isdigit() and "." in word and set(word[:3]) <= _VERSION else None
