"""The order of questions: listen, ask what the port suggests, then a short list.

One identification is one :class:`Inquiry`. It ends at the first certain
answer. An HTTP answer is then looked at more closely, all further requests at
once.
"""

from __future__ import annotations

from checks.model.evidence import Identity
from checks.probe.connect import end_of
from checks.probe.identify import http, registry, web
from checks.probe.identify.conn import Ask, Budget, Task, resolve, run
from checks.probe.identify.found import Found, came
from checks.probe.queues import taken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from checks.probe.connect import Opened
    from checks.probe.identify.conn import Address, Conversation, Reply
    from checks.probe.identify.page import Page
    from checks.probe.identify.tls import Session

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


class Inquiry:
    """What is asked of one port, and what came of it."""

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
        self.opened = opened
        self.host = host or address.partition("%")[0]
        self.budget = budget
        self.address: Address | None = resolve(address, port)
        self.found: Found | None = None
        self.secured: Session | None = None
        self.evidence: list[str] = []
        self.traits: list[str] = []
        self.tried: dict[str, Task] = {}
        self.behaviour = "silent"
        self.far: tuple[str, int] | None = None
        if opened is not None:
            self.far = opened.far
        elif self.address is not None:
            self.far = end_of((self.address[0], self.address[1]))
        self.budget.unseen = self.far is None
        self._early = 0  # connections that ended before anything was sent
        self._unasked = False  # whether the last one did
        self._silent = 0  # connections that did not end after something was sent
        self._asked = False

    def run(self) -> None:
        """Ask until something is certain, or the budget is spent."""
        if self.address is None:
            return
        first = self._first()
        first.opened, self.opened = self.opened, None
        tasks = [first]
        tasks += [Task(name, self._conversation(name), _APART) for name in self.names[1:]]
        self._run(tasks, self._settled)
        if self.found is not None and self.found.protocol == "http":
            self._look_closer()
        elif self.behaviour == "silent" and not self.budget.bytes:
            self._judge_silence(first)

    @property
    def names(self) -> tuple[str, ...]:
        """What to ask before any answer tells more, in order."""
        return registry.order(self.port, self.owner)

    def _run(self, tasks: list[Task], settled: Callable[[Task, list[Task]], bool]) -> None:
        if tasks and self.address is not None:
            run(tasks, self.address, self.budget, settled, far=self.far)

    def _judge_silence(self, first: Task) -> None:
        """Not a byte came: was the connection never taken, was each one ended, or neither?"""
        if first.opened is not None and not first.ended and taken(first.opened) is False:
            self.behaviour = "not-taken"
        elif self.budget.ended and not self._silent:
            self.behaviour = "hangs-up"

    # The conversations

    def _first(self) -> Task:
        """The opening, with time to itself: what answers it is asked nothing else."""
        first = next(iter(self.names), None)
        return Task("opening", self._opening(first), self._patience + _ALONE)

    @property
    def _patience(self) -> float:
        return registry.patience(self.port, self.owner)

    def _opening(self, first: str | None) -> Conversation:
        """Listen for a greeting; where none comes, ask the first question on this connection."""
        greeting = yield Ask(b"", wait=self._patience)
        if greeting.data:
            from checks.probe.identify import banners  # noqa: PLC0415 - only where one greets

            self.behaviour = "spoke-first"
            return (yield from banners.converse(greeting, self.port))
        if greeting.over:
            self._ended_early(greeting)
            return Found(None, evidence=(came("nothing", greeting),))
        if first is None:
            return Found(None, evidence=("nothing was sent: printers print what arrives here",))
        self._asked = True
        return (yield from self._conversation(first))

    def _ended_early(self, reply: Reply) -> None:
        self._early += 1
        self._unasked = True
        self.behaviour = reply.end if self.budget.met else "refused"

    def _after_end(self, name: str | None, seconds: float) -> Conversation:
        """Listen first, to a peer that ended a connection: does it do so unasked? Then ask."""
        reply = yield Ask(b"", wait=seconds)
        if reply.data:
            from checks.probe.identify import banners  # noqa: PLC0415 - only where one greets

            return (yield from banners.converse(reply, self.port))
        if reply.over:
            self._early += 1
            self._unasked = True
            self.behaviour = reply.end if self._early > 1 else self.behaviour
        if reply.over or name is None:
            return Found(None, evidence=(came("nothing", reply),))
        return (yield from self._conversation(name))

    def _conversation(self, name: str) -> Conversation:
        """The questions of one protocol; its module is imported when they are asked."""
        if name == "http":
            return http.converse(http.Wish(self._authority))
        if name == "http2":
            return http.converse_http2()
        if name == "tls":
            return self._tls()
        if name == "tls-unnamed":
            return self._tls_unnamed()
        return _plain(name, self.host)

    def _tls(self) -> Conversation:
        from checks.probe.identify import tls  # noqa: PLC0415 - loads ssl

        inside = registry.inside_tls(self.port, self.owner)
        offer = tls.BOTH if inside == "http" else ()
        self.secured = tls.Session(self.host, offer)
        return (
            yield from tls.converse(self.secured, lambda session: self._inside(session, inside))
        )

    def _tls_unnamed(self) -> Conversation:
        """TLS that offers no protocol, for a server that refused those of HTTP: it may greet."""
        from checks.probe.identify import tls  # noqa: PLC0415 - loaded already

        self.secured = tls.Session(self.host, ())
        return (yield from tls.converse(self.secured, lambda _: _greeting(self.port)))

    def _inside(self, session: Session, name: str) -> Conversation:
        """What is spoken inside TLS."""
        if session.tls is not None and session.tls.alpn == "h2":
            return http.converse_http2()
        if name == "greeting":
            return _greeting(self.port)
        return self._conversation(name)

    def _inside_unknown(self, name: str) -> Conversation:
        """Ask inside TLS for something else than HTTP, which was not understood there."""
        from checks.probe.identify import tls  # noqa: PLC0415 - loaded already

        assert self.secured is not None  # noqa: S101 - as called
        self.secured.offer(())
        return (yield from tls.converse(self.secured, lambda _: _plain(name, self.host)))

    @property
    def _authority(self) -> str:
        """Host and port as a URL has them (RFC 3986 §3.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        secured = self.secured is not None and self.secured.tls is not None
        return host if self.port == (443 if secured else 80) else f"{host}:{self.port}"

    # Making sense of what ended

    def _settled(self, task: Task, waiting: list[Task]) -> bool:
        """Note what a conversation gave; True where nothing more needs to be asked."""
        name = task.name
        unasked, self._unasked = self._unasked, False
        if name == "opening":
            name = (self.names or ("opening",))[0] if self._asked else "opening"
        self.tried[name] = task
        if task.received and self.behaviour in ("silent", "closed", "reset"):
            self.behaviour = "answered"
        if task.ended and not task.received and not task.failed:
            self.budget.ended += 1
        elif not task.failed:
            self._silent += 1
        if task.failed:
            self.evidence.append(f"connect for {name}: {task.failed}")
        found = task.found
        if found is None:
            return False
        self.evidence.extend(found.evidence)
        if found.protocol in (None, "tls"):
            plain = b"" if found.tls else task.first
            found = self._late_greeting(found, found.said or plain)
        if unasked and not task.received:
            return self._again(self._first() if not self._asked else self._listener(), waiting)
        if found.protocol == "tls" and found.tls is not None and found.tls.version:
            return self._unknown_inside(found, name, waiting)
        if found.protocol is not None and "tls-only" not in found.traits:
            self.found = found
            return True
        if found.protocol is not None:
            self.found = self.found or found
        if name == "http" and task.ended and not task.received:
            self._reorder(registry.after_end(self.port), waiting)
            if waiting:
                seconds = _MOMENT if task.spent < _AT_ONCE else _ONCE_MORE
                following = waiting[0].name
                waiting[0] = Task(following, self._after_end(following, seconds), _APART)
        self._reorder(found.suspects or http.suspects(task.first), waiting)
        return self.behaviour == "spoke-first"

    def _unknown_inside(self, found: Found, name: str, waiting: list[Task]) -> bool:
        """TLS, and not known what is spoken inside: ask that, and nothing more in plain text."""
        self.found = self.found or found
        if name in ("tls", "tls-unnamed"):
            inside = registry.inside_tls(self.port, self.owner)
            others = registry.INSIDE_UNKNOWN if inside == "http" else ()
            waiting[:] = [Task(each, self._inside_unknown(each), _APART) for each in others]
        if name == "tls-unnamed":  # PostgreSQL ends such a session, and takes its own request
            waiting.insert(0, Task("postgresql", self._conversation("postgresql"), _APART))
        return not waiting

    def _late_greeting(self, found: Found, said: bytes) -> Found:
        """A greeting that came after a request was sent: still a greeting."""
        from checks.probe.identify import banners  # noqa: PLC0415 - only for answers unknown so far

        late = banners.recognise(said, self.port)
        return found if late is None else late._replace(evidence=found.evidence, tls=found.tls)

    def _again(self, task: Task, waiting: list[Task]) -> bool:
        """An early end is believed at its second time; then nothing more is asked."""
        if self._early > 1:
            return True
        waiting.insert(0, task)
        return False

    def _listener(self) -> Task:
        """Only listens."""
        return Task("listening", self._after_end(None, _ONCE_MORE), _ONCE_MORE)

    def _reorder(self, names: tuple[str, ...], waiting: list[Task]) -> None:
        """Ask these next, in this order; each protocol once."""
        for name in reversed(names):
            known = [other for other in waiting if other.name == name]
            for other in known:
                waiting.remove(other)
            if name not in self.tried:
                waiting.insert(0, known[0] if known else Task(name, self._conversation(name)))

    # HTTP: a closer look

    def _look_closer(self) -> None:
        """Name the product, then test what any web page could do to this server."""
        assert self.found is not None and self.address is not None  # noqa: PT018, S101 - as called
        page = self.found.page
        if page is None:
            page = self._first_page()
        if page is None:
            return
        self.found = _named(self.found, web.name(page))
        checks = web.checks(page, self.found, self.port)
        wishes = [http.Wish(self._authority, check.path) for check in checks]
        safety = self._safety("/") if page.good else []
        pages = self._fetch(wishes + safety, self.secured is not None and "http" not in self.tried)
        for check, wish in zip(checks, wishes, strict=True):
            if wish in pages:
                self.found = check.read(pages[wish], self.found)
        if not page.good:  # test what did answer, if anything did
            good = [wish for wish in wishes if wish in pages and pages[wish].good]
            if good:
                page, safety = pages[good[0]], self._safety(good[0].path)
                pages.update(self._fetch(safety, False))
        self._judge(page, safety, pages)

    def _first_page(self) -> Page | None:
        """The page, where HTTP/2 was all that the first conversation spoke."""
        wish = http.Wish(self._authority)
        return self._fetch([wish], False).get(wish)

    def _safety(self, path: str) -> list[http.Wish]:
        return [
            http.Wish(http.FOREIGN_HOST, path),
            http.Wish(self._authority, path, http.FOREIGN_ORIGIN),
        ]

    def _judge(self, page: Page, safety: list[http.Wish], pages: dict[http.Wish, Page]) -> None:
        for wish in safety:
            answer = pages.get(wish)
            if answer is None:
                continue
            if wish.origin is not None:
                self.traits.extend(web.cors(answer, wish.origin))
            elif web.same(page, answer):
                self.traits.append("accepts-any-host")

    def _fetch(self, wishes: list[http.Wish], plain: bool) -> dict[http.Wish, Page]:
        """Make requests at once, each on its own connection, inside TLS where the first was.

        Arguments:
            wishes: the requests.
            plain: make one in plain text as well, of a TLS port.
        """
        pages: dict[http.Wish, Page] = {}

        def settled(task: Task, _: list[Task]) -> bool:
            found = task.found
            if found is not None and task.name != "plain":
                self.evidence.extend(found.evidence[-1:])
                if found.page is not None:
                    pages[wished[id(task)]] = found.page
            elif found is not None:
                self._note_plain(found)
            return False

        tasks = [Task("http", self._request(wish), 0.0) for wish in wishes]
        wished = {id(task): wish for task, wish in zip(tasks, wishes, strict=True)}
        if plain:  # first: large pages use up the bytes that may be read
            tasks.insert(0, Task("plain", http.converse(http.Wish(self._authority)), 0.0))
        self._run(tasks, settled)
        return pages

    def _request(self, wish: http.Wish) -> Conversation:
        if self.secured is None or self.secured.tls is None:
            return _one(wish)
        from checks.probe.identify import tls  # noqa: PLC0415 - loaded already

        self.secured.offer(tls.HTTP_ONLY)
        return tls.converse(self.secured, lambda _: _one(wish))

    def _note_plain(self, found: Found) -> None:
        self.evidence.extend(found.evidence)
        if found.protocol is None or "tls-only" in found.traits:
            self.traits.append("tls-only")

    # The record

    def identity(self) -> Identity:
        """Everything as one record."""
        found = self.found or Found(None)
        traits = [*found.traits, *self.traits]
        if found.tls is None and "tls" in self.tried and found.protocol not in (None, "postgresql"):
            traits.append("plain-only")
        if found.tls is not None and found.protocol in ("http", "tls") and "http" in self.tried:
            traits.append("tls-only")
        met = self.budget.met or self.behaviour in ("refused", "not-asked")
        return Identity(
            found.protocol,
            found.product,
            found.version,
            found.details,
            found.tls,
            found.authentication,
            tuple(dict.fromkeys(traits)),
            self.behaviour if met else "refused",
            tuple(self.evidence[:_MOST_EVIDENCE]),
            round(self.budget.milliseconds, 1),
            self.budget.connections,
            self.budget.bytes,
        )


def _one(wish: http.Wish) -> Conversation:
    """One further request."""
    page, reply = yield from http.ask(wish, http.FOLLOWING)
    return Found("http" if page else None, evidence=(came(str(wish), reply),), page=page)


def _greeting(port: int) -> Conversation:
    """A greeting that comes inside TLS."""
    from checks.probe.identify import banners  # noqa: PLC0415 - only on a mail or file port

    reply = yield Ask(b"", wait=registry.LONG)
    if not reply.data:
        return None
    return (yield from banners.converse(reply, port))


def alone(name: str, host: str, port: int) -> Conversation:
    """The question of one protocol, where no other is to be asked.

    Arguments:
        name: one of :data:`checks.probe.identify.registry.NAMES` that does not greet.
        host: a name or an address.
        port: for the Host header.
    """
    if name == "echo":
        return http.converse(http.Wish(f"{host}:{port}"))
    return _plain(name, host)


def _plain(name: str, host: str) -> Conversation:
    """Import a protocol's module when its turn has come, not before."""
    if name in ("postgresql", "redis", "memcached", "text", "mongodb"):
        from checks.probe.identify.databases import PROBES  # noqa: PLC0415
    elif name in ("amqp", "mqtt"):
        from checks.probe.identify.brokers import PROBES  # noqa: PLC0415
    elif name in ("ldap", "dns"):
        from checks.probe.identify.directory import PROBES  # noqa: PLC0415
    else:
        from checks.probe.identify.desktops import PROBES  # noqa: PLC0415
    return (yield from PROBES[name](host))


def _named(found: Found, named: Found) -> Found:
    """What was found, with the product that its page names."""
    return found._replace(
        protocol=named.protocol,
        product=named.product,
        version=named.version,
        details=_merged(named.details, found.details),
        authentication=named.authentication or found.authentication,
        traits=named.traits,
    )


def _merged(
    first: tuple[tuple[str, str], ...], second: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    names = {name for name, _ in first}
    return first + tuple(pair for pair in second if pair[0] not in names)
