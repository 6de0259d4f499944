"""A closer look at an HTTP server: its product, and what any web page could do to it."""

from __future__ import annotations

from checks.probe.identify import web
from checks.probe.identify.protocols import http
from checks.probe.identify.task import Task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from checks.probe.identify.found import Found
    from checks.probe.identify.loop import Settled
    from checks.probe.identify.page import Page
    from checks.probe.identify.questions import Questions

_PLAIN = "plain"
"""The task that asks a TLS port in plain text."""


class CloserLook:
    """Further requests to one server, each on a connection of its own.

    Arguments:
        questions: of the endpoint.
        run: holds conversations at once, within the budget.
        found: what the first request gave.
        try_plain: whether to make one request in plain text as well, of a TLS port.
    """

    def __init__(
        self,
        questions: Questions,
        run: Callable[[list[Task], Settled], None],
        found: Found,
        *,
        try_plain: bool,
    ) -> None:
        self.found = found
        self.evidence: list[str] = []
        self.traits: list[str] = []
        self.status: int | None = None
        self._questions = questions
        self._run = run
        self._try_plain = try_plain

    def take(self) -> None:
        """Name the product, then test what other sites may do."""
        page = self.found.page or self._first_page()
        if page is None:
            return
        self.status = None if "tls-only" in self.found.traits else page.status
        self.found = _named(self.found, web.name(page))
        checks = web.checks(page, self.found, self._questions.port)
        wishes = [self._wish(check.path) for check in checks]
        safety = self._safety("/") if page.good else []
        pages = self._fetch([*wishes, *safety], try_plain=self._try_plain)
        for check, wish in zip(checks, wishes, strict=True):
            if wish in pages:
                self.found = check.read(pages[wish], self.found)
        if page.good:
            self._judge(page, safety, pages)
        else:
            self._judge_other(wishes, pages)

    def _judge_other(self, wishes: Sequence[http.Wish], pages: Mapping[http.Wish, Page]) -> None:
        """Test what did answer, if anything did, where the first page was none."""
        good = next((wish for wish in wishes if wish in pages and pages[wish].good), None)
        if good is not None:
            safety = self._safety(good.path)
            self._judge(pages[good], safety, self._fetch(safety))

    def _first_page(self) -> Page | None:
        """The page, where HTTP/2 was all that the first conversation spoke."""
        wish = self._wish()
        return self._fetch([wish]).get(wish)

    def _wish(self, path: str = "/", origin: str | None = None) -> http.Wish:
        return http.Wish(self._questions.authority, path, origin)

    def _safety(self, path: str) -> list[http.Wish]:
        """For another name, and for a page of another origin."""
        return [http.Wish(http.FOREIGN_HOST, path), self._wish(path, http.FOREIGN_ORIGIN)]

    def _judge(
        self, page: Page, safety: Sequence[http.Wish], pages: Mapping[http.Wish, Page]
    ) -> None:
        for wish in safety:
            answer = pages.get(wish)
            if answer is None:
                continue
            if wish.origin is not None:
                self.traits.extend(web.cors(answer, wish.origin))
            elif web.same(page, answer):
                self.traits.append("accepts-any-host")

    def _fetch(
        self, wishes: Sequence[http.Wish], *, try_plain: bool = False
    ) -> dict[http.Wish, Page]:
        """Make requests at once, inside TLS where the first was."""
        pages: dict[http.Wish, Page] = {}

        def settled(task: Task, _: list[Task]) -> bool:
            found = task.found
            if found is not None and task.name == _PLAIN:
                self._note_plain(found)
            elif found is not None:
                self.evidence.extend(found.evidence[-1:])
                if found.page is not None:
                    pages[wished[id(task)]] = found.page
            return False

        tasks = [Task("http", self._questions.request(wish), 0.0) for wish in wishes]
        wished = {id(task): wish for task, wish in zip(tasks, wishes, strict=True)}
        if try_plain:  # first: large pages use up the bytes that may be read
            tasks.insert(0, Task(_PLAIN, http.converse(self._wish()), 0.0))
        self._run(tasks, settled)
        return pages

    def _note_plain(self, found: Found) -> None:
        self.evidence.extend(found.evidence)
        if found.protocol is None or "tls-only" in found.traits:
            self.traits.append("tls-only")


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
