"""The order of questions: listen, ask what the port suggests, then a short list.

One identification is one :class:`Inquiry`. It ends at the first certain answer. Each
conversation that is over changes what is asked next; :meth:`Inquiry._settled` is the
list of what may have happened, and what follows from it.
"""

from __future__ import annotations

from checks.model.evidence import Identity
from checks.probe.ask.connect import end_of
from checks.probe.identify import greeting, loop, plan
from checks.probe.identify.ask import Ask
from checks.probe.identify.closer import CloserLook
from checks.probe.identify.conduct import Conduct
from checks.probe.identify.found import Found, came
from checks.probe.identify.protocols import http
from checks.probe.identify.questions import UNNAMED, Questions
from checks.probe.identify.task import Task, resolve
from checks.rules.protocols import BY_NAME, WITHIN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.probe.ask.connect import Opened
    from checks.probe.identify.ask import Conversation
    from checks.probe.identify.budget import Budget
    from checks.probe.identify.loop import Settled
    from checks.probe.identify.task import Address

_MOST_EVIDENCE = 16
_ALONE = 0.25
"""Seconds that a first request is left alone, so that a slow server is not asked everything."""

_APART = 0.1
"""Seconds between further questions, while none before has been answered."""

_AT_ONCE = 20.0
"""Milliseconds in which a server ends a connection because of what it was asked."""

_MOMENT = 0.02
_ONCE_MORE = 0.2
"""Seconds of listening to a peer that ended a connection without a word: does it do so unasked?
A busy relay needs longer to learn that its target is away than a greeting is waited for. So one
that did not end it at once is given the longer time."""

_OPENING = "opening"


class Inquiry:
    """What is asked of one port, and what came of it.

    Arguments:
        address: an address literal, with its zone where it needs one.
        port: 1 to 65535.
        host: what the person asked for; the address where None.
        budget: what all of it may spend.
        owner: the name of the process that listens.
        opened: a connection that is open already, to be the first one.
    """

    def __init__(
        self,
        address: str,
        port: int,
        host: str | None,
        budget: Budget,
        owner: str | None = None,
        opened: Opened | None = None,
    ) -> None:
        self.port = port
        self.owner = owner
        self.budget = budget
        self.conduct = Conduct(budget)
        self.questions = Questions(host or address.partition("%")[0], port, owner)
        self.found: Found | None = None
        self.evidence: list[str] = []
        self.traits: list[str] = []
        self.tried: set[str] = set()
        self.status: int | None = None
        self.unanswered: float | None = None
        self._errs_in_http = False  # whether another question was answered with an HTTP error
        self._opened = opened
        self._address: Address | None = resolve(address, port)
        self._asked = False  # whether the opening came to a question
        self._far = self._other_end()
        self.budget.unseen = self._far is None

    def _other_end(self) -> tuple[str, int] | None:
        """Where connections have their other end, for the socket table."""
        if self._opened is not None:
            return self._opened.far
        return end_of((self._address[0], self._address[1])) if self._address else None

    def run(self) -> None:
        """Ask until something is certain, or the budget is spent."""
        if self._address is None:
            return
        first = self._first()
        first.opened, self._opened = self._opened, None
        self._run([first, *(self._task(name) for name in self.names[1:])], self._settled)
        if self.found is not None and self.found.protocol == "http":
            self._look_closer(self.found)
        else:
            self.conduct.judge_silence(first)
            self._judge_slowness()

    @property
    def names(self) -> tuple[str, ...]:
        """What to ask before any answer tells more, in order."""
        return plan.order(self.port, self.owner)

    def _run(self, tasks: list[Task], settled: Settled) -> None:
        if tasks and self._address is not None:
            loop.run(tasks, self._address, self.budget, settled, far=self._far)

    # The conversations

    def _task(self, name: str) -> Task:
        return Task(name, self.questions.conversation(name), _APART)

    def _first(self) -> Task:
        """The opening, with time to itself: what answers it is asked nothing else."""
        seconds = plan.patience(self.port, self.owner)
        first = next(iter(self.names), None)
        return Task(_OPENING, self._opening(first, seconds), seconds + _ALONE)

    def _listener(self, name: str | None, seconds: float) -> Task:
        """Listens again to a peer that ended a connection, and then asks, if anything."""
        return Task(
            name or "listening", self._listen(name, seconds), _APART if name else _ONCE_MORE
        )

    def _opening(self, name: str | None, seconds: float) -> Conversation:
        """Listen for a greeting; where none comes, ask the first question on this connection."""
        reply = yield Ask(b"", wait=seconds)
        if reply.data:
            self.conduct.behaviour = "spoke-first"
            return (yield from greeting.converse(reply, self.port))
        if reply.over:
            self.conduct.ended_early(reply, first=True)
            return Found(None, evidence=(came("nothing", reply),))
        if name is None:
            return Found(None, evidence=("nothing was sent: printers print what arrives here",))
        self._asked = True
        return (yield from self.questions.conversation(name))

    def _listen(self, name: str | None, seconds: float) -> Conversation:
        """Does it end a connection unasked? Else ask, if there is something to ask."""
        reply = yield Ask(b"", wait=seconds)
        if reply.data:
            return (yield from greeting.converse(reply, self.port))
        if reply.over:
            self.conduct.ended_early(reply, first=False)
        if reply.over or name is None:
            return Found(None, evidence=(came("nothing", reply),))
        return (yield from self.questions.conversation(name))

    # What happened, and what follows

    def _settled(self, task: Task, waiting: list[Task]) -> bool:
        """Note what a conversation gave; True where nothing more needs to be asked."""
        name = self._name_of(task)
        self.tried.add(name)
        unasked = self.conduct.note(task)
        if task.failed:
            self.evidence.append(f"connect for {name}: {task.failed}")
        if task.found is None:
            return False
        self._note_http(name, task)
        self.evidence.extend(task.found.evidence)
        if unasked:
            return self._once_more(waiting)
        return self._concluded(task, name, task.found, waiting)

    def _concluded(self, task: Task, name: str, found: Found, waiting: list[Task]) -> bool:
        """Keep what is certain, and ask next what the rest points to; as :meth:`_settled`."""
        if self._is_late_greeting(found):
            return self._greeted_late(found, waiting)
        if found.protocol == "tls" and found.tls is not None and found.tls.version:
            return self._ask_inside(found, name, waiting)
        if found.protocol is not None and "tls-only" not in found.traits:
            self.found = found
            return True
        if found.protocol is not None:
            self.found = self.found or found
        self._follow(task, name, found, waiting)
        return self.conduct.behaviour == "spoke-first"

    def _name_of(self, task: Task) -> str:
        """The protocol that a task asked for; that of the opening is the first of all."""
        return self.names[0] if task.name == _OPENING and self._asked else task.name

    def _is_late_greeting(self, found: Found) -> bool:
        """Whether a greeting came late and leaves a question, now or on a connection before."""
        is_open = found.protocol is None and plan.GREETING in self.tried
        return is_open or plan.GREETING in found.suspects

    def _greeted_late(self, found: Found, waiting: list[Task]) -> bool:
        """Wait for one more greeting, where its own question can be asked, and ask nothing else."""
        if found.protocol is not None:  # should no other greeting come
            self.found = self.found or found
        if plan.GREETING not in self.tried:
            self.tried.add(plan.GREETING)
            waiting[:] = [self._task(plan.GREETING)]
        return self.conduct.behaviour == "spoke-first"

    def _once_more(self, waiting: list[Task]) -> bool:
        """It ended before anything was sent: that is believed at its second time."""
        if not self.conduct.is_settled:
            waiting.insert(0, self._listener(None, _ONCE_MORE) if self._asked else self._first())
        return self.conduct.is_settled

    def _ask_inside(self, found: Found, name: str, waiting: list[Task]) -> bool:
        """TLS, and not known what is spoken inside: ask that, and nothing more in plain text."""
        self.found = self.found or found
        if name in ("tls", UNNAMED):
            others = plan.INSIDE_UNKNOWN if self.questions.inside == "http" else ()
            waiting[:] = [
                Task(each, self.questions.inside_unknown(each), _APART) for each in others
            ]
        if name == UNNAMED:  # PostgreSQL ends such a session, and takes its own request
            waiting.insert(0, self._task("postgresql"))
        return not waiting

    def _follow(self, task: Task, name: str, found: Found, waiting: list[Task]) -> None:
        """Nothing certain: ask next what the answer, or the end of the connection, points to."""
        if name == "http" and task.ended and not task.received:
            self._reorder(plan.after_end(self.port), waiting)
            if waiting:
                seconds = _MOMENT if task.spent < _AT_ONCE else _ONCE_MORE
                waiting[0] = self._listener(waiting[0].name, seconds)
        self._reorder(found.suspects or http.suspects(task.first), waiting)

    def _reorder(self, names: tuple[str, ...], waiting: list[Task]) -> None:
        """Ask these next, in this order; each protocol once."""
        for name in reversed(names):
            known = [other for other in waiting if other.name == name]
            for other in known:
                waiting.remove(other)
            if name not in self.tried:
                next_one = known[0] if known else Task(name, self.questions.conversation(name))
                waiting.insert(0, next_one)

    def _note_http(self, name: str, task: Task) -> None:
        """Whether a request has no answer yet, or an answer to anything else shows HTTP."""
        if name != "http":
            self._errs_in_http = self._errs_in_http or http.is_error(task.first)
        elif not (task.received or task.ended or task.failed):
            self.unanswered = task.spent

    def _judge_slowness(self) -> None:
        """A server that calls other questions bad requests, and has no answer to its own yet."""
        if self.found is None and self._errs_in_http and self.unanswered is not None:
            self.found = Found("http", traits=("slow",))

    def _look_closer(self, found: Found) -> None:
        is_first = self.questions.secured is not None and "http" not in self.tried
        look = CloserLook(self.questions, self._run, found, try_plain=is_first)
        look.take()
        self.found = look.found
        self.status = look.status
        self.evidence.extend(look.evidence)
        self.traits.extend(look.traits)

    # The record

    def identity(self) -> Identity:
        """Everything as one record."""
        found = self.found or Found(None)
        return Identity(
            protocol=found.protocol,
            product=found.product,
            version=found.version,
            details=found.details,
            tls=found.tls,
            authentication=found.authentication,
            traits=tuple(dict.fromkeys((*found.traits, *self.traits, *self._spoken_where(found)))),
            behaviour=self.conduct.told(),
            evidence=tuple(self.evidence[:_MOST_EVIDENCE]),
            milliseconds=round(self.budget.milliseconds, 1),
            connections=self.budget.connections,
            bytes=self.budget.bytes,
            status=self.status,
            unanswered=None if self.unanswered is None else round(self.unanswered, 1),
        )

    def _spoken_where(self, found: Found) -> tuple[str, ...]:
        """Whether only one of plain text and TLS is spoken, where both were tried."""
        protocol = BY_NAME.get(found.protocol or "")
        if found.tls is None:
            is_plain = "tls" in self.tried and protocol is not None and protocol.tls != WITHIN
            return ("plain-only",) if is_plain else ()
        is_secured = found.protocol in ("http", "tls") and "http" in self.tried
        return ("tls-only",) if is_secured else ()
