"""beanstalkd's work queue: asked for its statistics (beanstalkd, doc/protocol.txt, "stats")."""

from __future__ import annotations

from checks.probe.identify.ask import WAIT, Ask
from checks.probe.identify.found import Found, came, details, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.probe.identify.ask import Conversation


def converse(_: str) -> Conversation:
    """``stats``, answered by ``OK <bytes>`` and a YAML dictionary, then ``quit``.

    The command only reads, and creates no tube. There is no login: a client
    that can ask this can take jobs out of the queue.
    """
    reply = yield Ask(b"stats\r\n", _is_whole, WAIT)
    evidence = (came('"stats"', reply),)
    fields = _fields(reply.data)
    if "current-tubes" not in fields:
        return Found(None, evidence=evidence)
    yield Ask(b"quit\r\n", wait=0.0)
    return Found(
        "beanstalkd",
        "beanstalkd",
        fields.get("version"),
        details(jobs_ready=fields.get("current-jobs-ready"), tubes=fields["current-tubes"]),
        authentication="none",
        evidence=evidence,
    )


def _is_whole(data: bytes) -> bool:
    """A line with the number of bytes, and as many; or another line."""
    head, end, body = data.partition(b"\r\n")
    size = head.removeprefix(b"OK ")
    if not end or size == head or not size.isdigit() or len(size) > 6:
        return bool(end)
    return len(body) >= int(size) + len(b"\r\n")


def _fields(data: bytes) -> dict[str, str]:
    """The ``name: value`` lines of the answer; a text is in quotation marks."""
    if not data.startswith(b"OK "):
        return {}
    pairs = (entry.partition(b": ") for entry in data.split(b"\n") if b": " in entry)
    return {text(name, 40): text(value, 80).strip('"') for name, _, value in pairs}
