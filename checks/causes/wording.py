"""The sentences of causes: a rule's sentence filled in, and the verdict on a text with an error."""

from __future__ import annotations

from checks.findings import wording

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from checks.causes.base import Cause
    from checks.causes.situation import Situation


def filled(sentence: str, situation: Situation) -> str:
    """Return a rule's sentence with the fields of a situation in it."""
    return sentence.format(
        at=wording.clip(situation.at),
        host=wording.clip(situation.host),
        port=situation.port,
        service=service(situation) or "The server",
        client=client(situation) or "the client",
    )


def service(situation: Situation) -> str:
    """What mostly listens on the port: ``PostgreSQL``; "" where no table tells."""
    endpoint = situation.endpoint
    if endpoint is None or endpoint.port is None or not endpoint.port.number:
        return ""
    uses = endpoint.port.uses
    return uses[0].name if len(uses) == 1 else ""


def client(situation: Situation) -> str:
    """The program that printed the message: ``Node.js``; "" where the text does not tell."""
    return next((name for key, name in _CLIENTS.items() if key in situation.marks), "")


_CLIENTS = {"node": "Node.js"}


def verdict(situation: Situation, causes: Sequence[Cause]) -> str:
    """Return one or two sentences: the endpoint, what happened to it, and the likeliest cause.

    Arguments:
        situation: of the text's most telling error.
        causes: of the text, the likeliest first.
    """
    said = situation.error.says
    if not causes:
        return said
    return f"{situation.at or 'The error'}: {situation.error.name}. Most likely: {causes[0].says}"
