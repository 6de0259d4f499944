"""The card of seven kinds of text, as pictures to look at: ``.cache/cards/KIND-WIDTH-PALETTE.png``.

What a picture shows is for a person; that nothing is wider than the page, and that verdict and
first command are there, is for the test.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from boxes import ANSWER, ask
from site_browser import Visit
from test_accessibility import NARROW, WIDE, choose

PICTURES = Path(__file__).parent.parent.parent / ".cache" / "cards"

TEXTS = {
    "address": "127.0.0.1:62893",
    "refused": "Error: connect ECONNREFUSED 127.0.0.1:62893",
    "in-use": "Error: listen EADDRINUSE: address already in use :::4000",
    "stack-trace": (
        "Traceback (most recent call last):\n"
        '  File "/srv/shop/store.py", line 41, in connect\n'
        'psycopg.OperationalError: connection to server at "localhost" (::1), port 5433 failed:'
        " Connection refused\n"
        "\tIs the server running on that host and accepting TCP/IP connections?"
    ),
    "netstat": (
        "  Proto  Local Address          Foreign Address        State           PID\n"
        "  TCP    0.0.0.0:135            0.0.0.0:0              LISTENING       1288\n"
        "  TCP    127.0.0.1:49731        127.0.0.1:49732        ESTABLISHED     5212\n"
        "  TCP    127.0.0.1:62893        0.0.0.0:0              LISTENING       9016"
    ),
    "docker": "docker run -d --name cache -p 6380:6379 redis:7",
    "log": (
        "2026-11-29T09:14:02.113Z WARN gateway: connect ECONNREFUSED 127.0.0.1:8081\n"
        "2026-11-29T09:14:02.380Z ERROR worker: connection to 127.0.0.1:6379 timed out\n"
        "2026-11-29T09:14:03.001Z ERROR metrics: bind() to 0.0.0.0:9100 failed"
        " (98: Address already in use)"
    ),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_a_card_is_drawn(visit: Visit, kind: str) -> None:
    """Wide and on a phone, light and dark."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page = visit.go("classify/")
    ask(page, TEXTS[kind])
    for palette in ("default", "slate"):
        page.set_viewport_size(WIDE)
        choose(visit, palette)
        for name, size in (("wide", WIDE), ("phone", NARROW)):
            page.set_viewport_size(size)
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
            assert page.locator(f"{ANSWER} .answer-verdict").inner_text()
            assert page.locator(f"{ANSWER} .answer-command:visible").count()
            light = "light" if palette == "default" else "dark"
            page.locator("form#classifier").screenshot(path=PICTURES / f"{kind}-{name}-{light}.png")
    page.set_viewport_size(WIDE)
    assert visit.problems() == []
