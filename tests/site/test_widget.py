"""The box: it answers as one types, with the build's own answers, and keeps what people expect."""

from __future__ import annotations

import json
import socket
from urllib.parse import quote

import pytest
import site_browser
import vector_files
from boxes import ANSWER, FIELD, START, ask, built, copied, shown, wait_for_answer
from playwright.sync_api import Browser, BrowserContext, expect
from site_browser import Visit, open_tab
from site_build import URL, Site
from site_server import Server

from checks import diagnose
from checks import page as web
from checks.report import json as report_json

SPY = """async () => {
    const { runtime } = await import(document.querySelector("script[data-pyodide-client]").src);
    const call = runtime.call.bind(runtime);
    const answer = document.querySelector("#classifier-answer");
    window.asked = [];
    runtime.call = async (name, text) => {
        const busy = answer.hasAttribute("aria-busy");
        if (name === answer.closest("form").dataset.function) window.asked.push([text, busy]);
        if (busy) await new Promise((resolve) => setTimeout(resolve, 300));
        return call(name, text);
    };
}"""
"""Notes each text that is to be answered, and whether somebody waits; who waits, does so longer."""


class TestAnswers:
    def test_without_script_the_answer_is_there(self, browser: Browser) -> None:
        """The build rendered it into the page."""
        with browser.new_context(java_script_enabled=False) as context:
            page = site_browser.visit(context).page
            page.goto(URL)
            assert page.get_attribute(ANSWER, "data-state") == "rendered"
            assert "never leaves this machine" in page.inner_text(ANSWER)

    @pytest.mark.parametrize(
        "text",
        [
            "127.0.0.1:62893", "0x7f.1:62893", "http://[::ffff:127.0.0.1]:6000/", "localhost:5000",
            "Error: connect ECONNREFUSED ::1:5432\n  at <b>x</b>", "münchen.example:80", "",
            "ERR_UNSAFE_PORT",
        ],
    )  # fmt: skip
    def test_live_and_built_are_the_same(self, box: Visit, text: str) -> None:
        """To the byte, once both have gone through the browser's parser."""
        ask(box.page, text)
        assert shown(box.page) == built(box.page, text)

    def test_the_page_of_its_own_has_links_from_where_it_stands(self, visit: Visit) -> None:
        """The way to the root is the page's."""
        page = visit.go("classify/")
        ask(page, "127.0.0.1:6000")
        assert shown(page) == built(page, "127.0.0.1:6000")
        page.click(f"{ANSWER} a.answer-code >> nth=0")
        page.wait_for_url("**/reference/findings/**")
        assert visit.problems() == []

    def test_every_fence_is_a_box(self, visit: Visit) -> None:
        """The fences of a guide answer something else too."""
        page = visit.go("loopback/spellings/")
        form = page.locator("form.pyodide").first
        form.locator("textarea").fill("[::1]:80")
        answer = form.locator(".pyodide-answer")
        expect(answer).to_have_attribute("data-state", "live", timeout=START)
        expect(answer).to_contain_text("::1 is loopback")
        assert visit.problems() == []

    def test_the_newest_text_wins(self, box: Visit) -> None:
        """Typed key by key without a pause, the last answer is that of the whole text."""
        text = "connect to 127.0.0.1:5432 and [::1]:6379 failed"
        box.page.fill(FIELD, "")
        box.page.type(FIELD, text, delay=0)
        wait_for_answer(box.page)
        assert shown(box.page) == built(box.page, text)

    def test_python_practises_while_nobody_types(self, visit: Visit) -> None:
        """After an answer it reads other texts, which are never shown; a key comes first."""
        page = visit.go("classify/")
        page.evaluate(SPY)
        ask(page, "::1")
        page.wait_for_function("() => window.asked.length > 9")
        page.type(FIELD, ":80", delay=0)
        wait_for_answer(page)
        assert shown(page) == built(page, "::1:80")
        page.wait_for_function("() => window.asked.length > 39")
        assert shown(page) == built(page, "::1:80")
        asked: list[tuple[str, bool]] = page.evaluate("window.asked")
        typed = {text for text, busy in asked if busy}
        assert {"::1", "::1:80"} <= typed <= {"::1", "::1:", "::1:8", "::1:80"}
        assert not typed & {text for text, busy in asked if not busy}

    def test_a_log_is_listed_with_its_endpoints_marked(self, box: Visit) -> None:
        """Each span in the text, each endpoint below."""
        ask(
            box.page,
            "GET http://127.0.0.1:3000/ 200\nredis 127.0.0.1:6379 lost\n10:22:01 nothing here",
        )
        script = "all => all.map(one => one.firstChild.data)"
        assert box.page.locator(f"{ANSWER} pre mark").evaluate_all(script) == [
            "http", "127.0.0.1", "3000", "127.0.0.1", "6379", "10:22:01",
        ]  # fmt: skip
        assert box.page.locator(f"{ANSWER} .answer-endpoint code").count() == 2

    def test_a_report_of_the_command_line_is_explained_with_its_evidence(self, box: Visit) -> None:
        """What another machine saw, pasted as JSON."""
        with socket.create_server(("127.0.0.1", 0)) as listening:
            report = diagnose(f"127.0.0.1:{listening.getsockname()[1]}", identify=False)
        ask(box.page, report_json.line(report.to_dict()))
        assert report.verdict in box.page.inner_text(ANSWER)
        assert "Listener" in box.page.inner_text(ANSWER)

    def test_the_browsers_own_reading_stands_beside_the_standards(self, box: Visit) -> None:
        """The visitor's URL parser is asked; where it differs the page says so."""
        ask(box.page, "0x7f.1:62893")
        said = box.page.locator(".lb-browser").first
        expect(said).to_contain_text("0x7f.1 in your browser: 127.0.0.1, as in the standard")
        expect(said).to_contain_text("this page is one")
        ask(box.page, "http://[::ffff:0177.0.0.1]:80/")
        expect(said).to_contain_text("[::ffff:0177.0.0.1] in your browser")
        script = """() => {
            try { return new URL("http://[::ffff:0177.0.0.1]").hostname } catch { return null }
        }"""
        refused = box.page.evaluate(script) is None
        expect(said).to_contain_text("as the standard has it" if refused else "It differs")

    def test_a_reading_that_changes_nothing_is_not_told(self, box: Visit) -> None:
        """A host that the browser reads as it is written; what follows it is seen first."""
        ask(box.page, "0x7f.1:62893")
        said = box.page.locator(".lb-browser p")
        expect(said).to_have_count(1)
        ask(box.page, "http://127.0.0.1:62893/ http://0x7f.1/")
        expect(said).to_have_count(1)
        expect(said).to_contain_text("0x7f.1 in your browser")
        ask(box.page, "127.0.0.1:62893")
        expect(said).to_have_count(0)


def can_be_sent(text: str) -> bool:
    """Lone surrogates cannot be given to a browser from here."""
    return text == text.encode("utf-8", "replace").decode()


class TestVectors:
    def test_every_vector_gives_its_document(self, box: Visit) -> None:
        """The runtime in the browser and the command line agree to the byte."""
        vectors = vector_files.load()
        assert len(vectors) >= 500
        asked = [vector for vector in vectors if can_be_sent(vector.input)]
        assert len(asked) > 0.95 * len(vectors)
        script = """async inputs => {
            const client = document.querySelector("script[data-pyodide-client]").src;
            const { runtime } = await import(client);
            const found = [];
            for (const text of inputs) found.push(await runtime.call("document", text));
            return found;
        }"""
        found = box.page.evaluate(script, [vector.input for vector in asked])
        assert [v.id for v, got in zip(asked, found, strict=True) if got != v.expected_json] == []

    def test_one_of_each_family_goes_through_the_field(self, box: Visit) -> None:
        """Typed, answered and shown as the build would have it."""
        first = {
            v.family: v
            for v in vector_files.load()
            if "\r" not in v.input and v.input.isprintable()
        }
        for vector in first.values():
            ask(box.page, vector.input)
            assert shown(box.page) == built(box.page, vector.input), vector.id


class TestPeople:
    def test_the_address_follows_and_leads_back(self, visit: Visit) -> None:
        """Typing changes it, Enter makes a step, back and forward go along the steps."""
        page = visit.go()
        ask(page, "10.0.0.1:80")
        page.press(FIELD, "Enter")
        ask(page, "[::1]:443 & more")
        page.press(FIELD, "Enter")
        page.wait_for_url(f"**/#q={quote('[::1]:443 & more', safe='')}")
        page.go_back()
        expect(page.locator(FIELD)).to_have_value("10.0.0.1:80")
        expect(page.locator(ANSWER)).to_contain_text("10.0.0.1 is an address of a private network")
        page.go_forward()
        expect(page.locator(FIELD)).to_have_value("[::1]:443 & more")

    def test_an_address_that_asks_is_answered_on_load(self, visit: Visit) -> None:
        """Someone was sent the link."""
        page = visit.go("classify/#q=0x7f.1%3A80")
        wait_for_answer(page)
        assert page.input_value(FIELD) == "0x7f.1:80"
        assert shown(page) == built(page, "0x7f.1:80")

    def test_an_address_in_a_guide_leads_to_its_answer(self, visit: Visit) -> None:
        """The inline form of the fence."""
        page = visit.go("classify/")
        page.click("a.pyodide-link >> text=2130706433")
        wait_for_answer(page)
        assert page.input_value(FIELD) == "2130706433"
        assert "127.0.0.1" in page.inner_text(ANSWER)

    def test_what_can_be_copied(self, context: BrowserContext, visit: Visit) -> None:
        """The command, a link that gives the same answer, and the command line's JSON."""
        context.grant_permissions(
            ["clipboard-read", "clipboard-write"], origin="http://127.0.0.1:62893"
        )
        page = visit.go()
        text = "connect to it's [::1]:80"
        ask(page, text)
        command, document, link = (
            copied(page.locator(f"form#classifier [data-does={work}]"))
            for work in ("command", "document", "link")
        )
        expect(page.locator("text=Copied")).to_have_count(0)
        assert command == web.command(text)
        assert document == web.document(text)
        assert json.loads(web.document(text))["endpoints"]
        asked = quote(text, safe="'")
        assert link == f"{URL}classify/#q={asked}"
        page.goto(link)
        wait_for_answer(page)
        assert page.input_value(FIELD) == text

    def test_keys(self, box: Visit) -> None:
        """A slash leads to the field, Escape empties it and then leaves it."""
        page = box.page
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "classifier-input"
        page.keyboard.type("::1")
        wait_for_answer(page)
        page.keyboard.press("Escape")
        assert page.input_value(FIELD) == ""
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.id") != "classifier-input"
        page.click("text=Clear")
        assert page.evaluate("document.activeElement.id") == "classifier-input"

    def test_a_screen_reader_is_told_the_verdict_once(self, box: Visit) -> None:
        """Not the whole answer at each key: a status, after a pause."""
        page = box.page
        ask(page, "0.0.0.0:8080")
        expect(page.locator("form#classifier .lb-status")).to_have_text(
            page.inner_text(f"{ANSWER} .answer-verdict")
        )
        assert page.get_attribute(ANSWER, "aria-live") == "off"


class TestRuntime:
    def test_nothing_is_fetched_until_somebody_asks(self, visit: Visit) -> None:
        """Reading a page costs no runtime."""
        visit.go()
        assert not [url for url in visit.requests if url.endswith((".wasm", ".zip"))]

    def test_the_states_come_in_order(self, visit: Visit) -> None:
        """Rendered, loading with its progress, live; what was typed meanwhile is kept."""
        page = visit.go()
        page.evaluate(
            """() => {
                const answer = document.querySelector("#classifier-answer");
                window.__states = [answer.dataset.state];
                new MutationObserver(() => window.__states.push(
                    answer.dataset.state + (answer.hasAttribute("aria-busy") ? " busy" : "")
                )).observe(answer, { attributes: true });
            }"""
        )
        page.focus(FIELD)
        page.keyboard.press("End")
        page.keyboard.type("4")
        wait_for_answer(page)
        states: list[str] = page.evaluate("window.__states")
        assert states[0] == "rendered"
        assert states[-1] == "live"
        assert [one for one in states if one.startswith("loading")]
        assert "loading busy" in states
        assert page.input_value(FIELD) == "127.0.0.1:628934"

    def test_a_runtime_that_cannot_be_fetched_is_said_and_can_be_tried_again(
        self, context: BrowserContext, visit: Visit
    ) -> None:
        """The text stays, the first answer stays, and one click tries anew."""
        context.route("**/*.wasm", lambda route: route.abort())
        page = visit.go()
        page.fill(FIELD, "192.168.0.1:80")
        page.wait_for_selector(f"{ANSWER}[data-state=failed]")
        assert page.input_value(FIELD) == "192.168.0.1:80"
        assert "never leaves this machine" in page.inner_text(ANSWER)
        context.unroute("**/*.wasm")
        page.click("text=Try again")
        wait_for_answer(page)
        assert "192.168.0.1" in page.inner_text(ANSWER)

    def test_one_worker_serves_the_whole_visit(self, visit: Visit, served: Server) -> None:
        """Pages change in place; Python is neither fetched nor started again."""
        visit.page.add_init_script(
            """window.__started = [];
            window.Worker = class extends Worker {
                constructor(url, options) {
                    super(url, options);
                    window.__started.push(options?.name ?? "");
                }
            };"""
        )
        page = visit.go()
        ask(page, "127.0.0.2")
        for title in ("Loopback", "Ports", "Classify"):
            open_tab(page, title)
        ask(page, "127.0.0.3")
        assert page.evaluate("window.__started").count("python") == 1
        assert len([url for url in visit.requests if url.endswith(".wasm")]) == 1
        assert visit.problems() == []


def test_the_site_has_one_main_box_a_page(site: Site) -> None:
    """The hooks for scripts are where they are promised."""
    for address in ("", "classify/"):
        page = site.by_address[address]
        ids = [one.get("id") for one in page.elements]
        assert ids.count("classifier-input") == ids.count("classifier-answer") == 1
