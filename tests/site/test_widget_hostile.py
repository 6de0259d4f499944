"""Whatever is pasted into the box stays text: no node, request, handler or dialog comes of it."""

from __future__ import annotations

from typing import Any

from boxes import ANSWER, FIELD, ask, wait_for_answer
from playwright.sync_api import Dialog
from site_browser import Visit
from site_build import URL

TAGS = set(
    "a button code dd details div dl dt input label li mark ol p pre span summary ul".split()
)
NAMES = set(
    "aria-label class data-likelihood data-os data-row data-severity data-system data-systems"
    " data-token href name open role tabindex title type value".split()
)

PIECES = """\
<script>window.__hit=1</script>
<img src=x onerror=window.__hit=1>
<svg/onload=window.__hit=1>
"><script>window.__hit=1</script>
'><img src=//example.invalid/x>
javascript:window.__hit=1
<iframe srcdoc='<script>parent.__hit=1</script>'>
<a href=javascript:window.__hit=1>x</a>
&lt;script&gt;window.__hit=1&lt;/script&gt;
&#60;img src=x onerror=alert(1)&#62;
<!--
-->
]]>
<style>*{background:url(//example.invalid/)}</style>
<link rel=stylesheet href=//example.invalid/>
<base href=//example.invalid/>
<meta http-equiv=refresh content=0;url=//example.invalid/>
<form action=//example.invalid/>
<math><mi xlink:href=javascript:alert(1)>
<template>
</textarea><b>
</div></form><h1>x</h1>
<video src=//example.invalid/ autoplay>
href="site:x"
<plaintext>
<%00script>""".splitlines()
PIECES += ["\u202e127.0.0.1\u2066", "\x00<b>\x00", "\u2028<script>\u2029", "\ufeff<script>"]
FRAMES = """\
{}
http://{}@127.0.0.1:80/
http://127.0.0.1:80/{}
[{}]:80
{}:62893
connect ECONNREFUSED {}:1
fe80::1%{}
{}.localhost:3000
dial tcp 127.0.0.1:1: {}
Error: {} ECONNREFUSED ::1:80""".splitlines()
FRAMES += ["a\n{}\n127.0.0.1:80"]


def test_nothing_pasted_becomes_markup(box: Visit) -> None:
    """A few hundred hostile texts: no node, no handler, no request, no dialog."""
    texts = [frame.format(piece) for frame in FRAMES for piece in PIECES]
    assert len(texts) > 300
    dialogs: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    box.page.on("dialog", dismiss)
    before = len(box.requests)
    found: list[Any] = box.page.evaluate(
        """async texts => {
            const field = document.querySelector("#classifier-input");
            const answer = document.querySelector("#classifier-answer");
            const busy = () => answer.hasAttribute("aria-busy");
            const idle = () => new Promise(resolve => {
                const look = () => busy() ? setTimeout(look, 0) : resolve();
                look();
            });
            const found = [];
            for (const text of texts) {
                field.value = text;
                field.dispatchEvent(new InputEvent("input", { bubbles: true }));
                await idle();
                const elements = [...answer.querySelectorAll("*")];
                found.push({
                    state: answer.dataset.state,
                    tags: [...new Set(elements.map(one => one.localName))],
                    names: [...new Set(elements.flatMap(one => one.getAttributeNames()))],
                    links: elements.filter(one => one.href).map(one => one.href),
                });
            }
            return found;
        }""",
        texts,
    )
    for text, each in zip(texts, found, strict=True):
        assert each["state"] == "live", text
        assert set(each["tags"]) <= TAGS, text
        assert set(each["names"]) <= NAMES, text
        assert all(link.startswith(URL) for link in each["links"]), text
    assert box.page.evaluate("window.__hit") is None
    assert dialogs == []
    # The icon is asked for again when an address changes.
    assert set(box.requests[before:]) <= {f"{URL}assets/img/mark.svg"}


def test_a_megabyte_is_answered(box: Visit) -> None:
    """A long paste is read; the page stays usable, its address does not grow."""
    text = "127.0.0.1:80 refused\n" * 50_000
    box.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    box.page.evaluate("text => navigator.clipboard.writeText(text)", text)
    box.page.focus(FIELD)
    box.page.keyboard.press("Control+A")
    box.page.keyboard.press("Control+V")
    wait_for_answer(box.page)
    assert box.page.input_value(FIELD) == text
    assert "more characters" in box.page.inner_text(ANSWER)
    assert len(box.page.url) < 200
    ask(box.page, "127.0.0.1")


def test_html_that_is_no_card_is_not_let_in(box: Visit) -> None:
    """Were the checks' escaping ever broken, the page would still refuse."""
    bad = [
        "<img src=x>",
        '<a href="javascript:alert(1)">x</a>',
        '<p onclick="x()">',
        '<a href="//e.invalid">',
        '<a href="site:a/#B">x</a>',
        "<button>x</button>",
        '<button type="submit">x</button>',
        '<input type="text">',
        "<input>",
    ]
    script = """async bad => {
        const ours = one => one.src.includes("assets/js/main.mjs");
        const source = [...document.scripts].find(ours).src;
        const { trusted } = await import(new URL("trusted.mjs", source));
        const tried = html => {
            try { trusted(html, ""); return "let in"; } catch { return "refused"; }
        };
        return bad.map(tried);
    }"""
    assert box.page.evaluate(script, bad) == ["refused"] * len(bad)
    # The handler was refused by the policy as well, which is all that has gone wrong.
    assert [one for one in box.console if "inline event handler" not in one] == []
    box.forget()
    box.page.evaluate("window.__violations = []")
