"""The Content-Security-Policy of each page, as a meta element in its head.

A static host may set no headers, so the policy travels in the page. It allows
the page's own files, the theme's inline scripts by their hashes, and the
compilation of WebAssembly; nothing from another host, no inline style, no
handler in an attribute. See CSP Level 3: https://www.w3.org/TR/CSP3/
"""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

_CHARSET = re.compile(r"<meta charset=[^>]*>", re.IGNORECASE)
_RUNNING = ("", "module", "text/javascript", "application/javascript")
"""Values of ``type`` that a browser runs; any other makes a data block (HTML §4.12.1)."""

_DIRECTIVES = {
    "default-src": "'none'",
    "connect-src": "'self'",
    "font-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'self'",
    "img-src": "'self' data:",  # the theme's icons are data URLs of its style sheet
    "manifest-src": "'self'",
    "style-src": "'self'",
    "worker-src": "'self'",
}


def inline_scripts(page: str) -> list[str]:
    """Return the text of every script element that a browser would run from the page itself."""
    parser = _Scripts()
    parser.feed(page)
    parser.close()
    return parser.found


def policy(page: str) -> str:
    """Return the policy for a page: the same for all, but for the hashes of its inline scripts."""
    hashes = dict.fromkeys(map(digest, inline_scripts(page)))
    scripts = " ".join(["'self'", "'wasm-unsafe-eval'", *(f"'{each}'" for each in hashes)])
    directives = {**_DIRECTIVES, "script-src": scripts}
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def digest(script: str) -> str:
    """Return the hash source of a script (CSP3 §2.3.1)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def protect(page: str) -> str:
    """Return the page with its policy, before anything that the policy governs."""
    element = f'<meta http-equiv="Content-Security-Policy" content="{policy(page)}">'
    return _CHARSET.sub(lambda found: found.group() + element, page, count=1)


class _Scripts(HTMLParser):
    """Collects inline scripts; their text is raw, so it is what the browser hashes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []
        self._text: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            named = dict(attrs)
            runs = (named.get("type") or "") in _RUNNING and "src" not in named
            self._text = [] if runs else None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._text is not None:
            self.found.append("".join(self._text))
            self._text = None
