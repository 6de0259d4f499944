"""The theme's script has less to do: as it comes, it has every style computed seven times.

While it starts it changes what each rule of the style sheets may depend on (classes of
the root, the addresses of the sheets, the attributes of the palette, the place of every
table), and mostly to what it was already, or to what the page could have said at once.
The pages say it (``docs/templates/partials``, :func:`boxed`), and :func:`quicken` has
the script look before it writes. A theme that is written otherwise keeps those lines.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LONG = 12
"""Rows; a shorter table is seen at a glance, a longer one gets a place for a filter."""

_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
_BOX = '{}<div class="md-typeset__scrollwrap"><div class="md-typeset__table">{}</div></div>'
FILTER = '<div class="lb-filterbar"></div>'
"""The place of a field that hides rows: of the table after it, or, where a page itself says it, of
all its tables."""

_CODE = re.compile(r"<pre><span></span>(?=<code)")
_COPY = (
    '<div class="md-code__nav"><button type="button" class="md-code__button"'
    ' title="Copy to clipboard" data-md-type="copy"></button></div>'
)

_FIELD = re.compile(r'<form class="pyodide" id="([^"]*)".*?</textarea>', re.DOTALL)
_MAIN = "classifier"
_TOOLS = """
<div class="pyodide-tools"{}><button type="button" class="lb-button" data-does="command"\
 title="The command line that asks your own machine about this">Copy command</button>\
<button type="button" class="lb-button" data-does="link">Copy link</button>\
<button type="button" class="lb-button" data-does="document">Copy JSON</button>\
<button type="button" class="lb-button" data-does="clear">Clear</button></div>"""
"""Below a field; the site's script gives the buttons their work. Only those of a page's own box
are seen before somebody goes there."""


_PARTS = re.compile(r'\.\.\.([\w$]+\("[\w-]+"\))\.map\(')


def _apart(found: re.Match[str]) -> str:
    """Each part of the page starts in a task of its own."""
    return _PARTS.sub(r"...apart(\1)(", found.group())


CHANGES = {
    # Relative addresses are made absolute before the first navigation needs it, not at the start;
    # in place, where a style sheet would be read again for it.
    r"\$\(document\)\.subscribe\((\w+)\);(let .{0,500}?)history\.pushState\(": (
        r"\2\1(document),history.pushState("
    ),
    r'(\(\w+\)\{for\(let \w+ of \w+\("\[href\])(, \[src\]")': r"\1:not([rel=stylesheet])\2",
    # So a sheet of the next page is known by what it is, not by how the page writes it.
    r"(\w+)\.set\((\w+)\.outerHTML,\2\)": (
        r'\1.set(\2.rel==="stylesheet"?\2.href:\2.outerHTML,\2)'
    ),
    # Transitions are held while the colours change. At the start they do not.
    r'if\((document\.body\.setAttribute\("data-md-color-switching",""\)),(\w+)\.color\.media': (
        r"if(Object.entries(\2.color).some(([name,value])=>"
        r'document.body.getAttribute("data-md-color-"+name)!==value)&&\1,\2.color.media'
    ),
    r'(\w+\("meta",\{name:"color-scheme"\}\));document\.head\.appendChild\(\w+\)': (
        r'document.head.querySelector("meta[name=color-scheme]")||document.head.appendChild(\1)'
    ),
    r"(\w+)\.content=(\w+)\.colorScheme": (
        r"\1.content!==\2.colorScheme&&(\1.content=\2.colorScheme)"
    ),
    # The place in a page is noted for who comes back to it, a tenth of a second after it was moved:
    # not while that page is on its way, when what is seen, and moves, is the one before it.
    r'let (\w+=\w+\.pipe\([\w$]+\("pathname"\),.{0,90}?,)([\w$]+)\(([\w$]+)\)(,[\w$]+\(\)\);'
    r'return .{0,700}?\(\{offset:(\w+)\}\)=>\{)(history\.replaceState\(\5,""\)\})': (
        r"let shown=location.pathname,\1\2(one=>(shown=location.pathname,\3(one)))\4"
        r"location.pathname===shown&&\6"
    ),
    # Each table is put into a box that scrolls, unless the page has put it there.
    r'"table:not\(\[class\]\)"': '":not(.md-typeset__table) > table:not([class])"',
    # A search begins when its field is opened, as the theme has it for pages that are files: then
    # the index is fetched, and the worker started that sorts it.
    # So does the marking of what was found, on a page that was found.
    r'([\w$]+)\(location\.protocol!=="file:"\)(,\w+\("search"\)\)\.pipe\(\w+\(\w+=>\w+\),)([\w$]+)\('
    r'(.*?)([\w$]+)\(\[(\w+),(\w+\.pipe\(.{0,60}?searchParams\.get\("h"\)\))\)\]\)': (
        r"\1(!1)\2\3(\4\7,\3(one=>\5([\6,\1(one)])))"
    ),
    r"(\w+)=new Worker\((\w+)\)\)\{": (
        r"\1=(url=>{let worker,late=new EventTarget;late.postMessage=data=>{if(!worker){"
        r"worker=new Worker(url);worker.onmessage=event=>"
        r'late.dispatchEvent(new MessageEvent("message",{data:event.data}))}'
        r"worker.postMessage(data)};return late})(\2)){"
    ),
    # Whether there is a clipboard: every browser has one, and to be told so has styles computed.
    r"&&!!document\.queryCommandSupported\(\w+\)": "",
    # Going on without reloading asks for the map of the site, and each entry of a menu is watched
    # for whether it is cut: neither before the page may be used.
    r'([\w$]+\("navigation\.instant"\)&&)([\w$]+\(\{sitemap\$:[^}]*\}\)\.subscribe\(\w+\))': (
        r"\1setTimeout(()=>\2)"
    ),
    r"([\w$]+\(\{viewport\$:\w+,document\$:\w+\}\))(?=;[\w$]+\(\{document\$:\w+,tablet\$)": (
        r"setTimeout(()=>\1)"
    ),
}
"""What is looked for in the script, and what stands there instead."""

SLICES: dict[str, str | Callable[[re.Match[str]], str]] = {
    r'^"use strict";\(\(\)=>\{': (
        r'"use strict";(async()=>{const later=()=>new Promise(done=>setTimeout(done));'
    ),
    # The site's own script asks for this one before the theme's has come to its end.
    r'(classList\.add\("js"\);)var ([\w$]+)=([\w$]+\(\)),': (
        r"\1var \2=window.document$=\3;await later();var "
    ),
    r'(?<=;)[\w$]+\.pipe\([^;]{0,50}==="global"\)\)'
    r'\.subscribe\(\w+=>\{switch\(\w+\.type\)\{case"p"': r"await later();\g<0>",
    r"([\w$]+)\(\w+=>([\w$]+)\(\w+\)\.pipe\(([\w$]+)\(\w+\?400:100\)\)\)"
    r'.*?(?=var [\w$]+=[\w$]+\([\w$]+\("header"\))': (
        r"\g<0>await later();const apart=found=>mount=>"
        r"found.map(one=>\2(0).pipe(\3(0),\1(()=>mount(one))));"
    ),
    r'\.\.\.([\w$]+\("palette"\)\.map)': r"...await later()||\1",
    r'\.\.\.([\w$]+\("search"\)\.map)': r"...await later()||\1",
    r'=>[\w$]+\(\.\.\.[\w$]+\("announce"\).*\.\.\.[\w$]+\("top"\)\.map\(': _apart,
    # Each example, too: how wide it is, is asked of it.
    r'\.\.\.([\w$]+\("pre:not\(\.mermaid\) > code",\w+\))\.map\(': r"...apart(\1)(",
    r"(?<=;)[\w$]+\.subscribe\(\);window\.document\$=": r"await later();\g<0>",
}
"""Places where the script goes on in another task, for the page may be used in between: as it
comes it is one. They stand and fall together."""


def boxed(output: str) -> str:
    """Return a page with what the theme's script would add to it, and the site's own.

    Copy buttons on examples, the buttons below the field, a box for each table to scroll in, and
    before a long table the place of its filter.
    """
    output = _FIELD.sub(_equipped, output)
    filtered = FILTER in output
    output = _TABLE.sub(lambda found: _boxed(found.group(), filtered=filtered), output)
    return _CODE.sub(rf"\g<0>{_COPY}", output)


def _equipped(found: re.Match[str]) -> str:
    return found.group() + _TOOLS.format("" if found[1] == _MAIN else " hidden")


def _boxed(table: str, *, filtered: bool) -> str:
    rows = table.count("<tr") - table.partition("</thead>")[0].count("<tr")
    return _BOX.format("" if filtered or rows < LONG else FILTER, table)


def quicken(site: Path) -> list[str]:
    """Change the theme's script, line by line.

    Arguments:
        site: the folder of the built site.

    Returns:
        what was not found exactly once, and was left alone.
    """
    left = []
    for path in (site / "assets/javascripts").glob("bundle.*.js"):
        text = path.read_text(encoding="utf-8")
        for pattern, line in CHANGES.items():
            if _once(pattern, text):
                text = re.sub(pattern, line, text)
            else:
                left.append(pattern)
        missed = [pattern for pattern in SLICES if not _once(pattern, text)]
        if not missed:
            for pattern, instead in SLICES.items():
                text = re.sub(pattern, instead, text)
        path.write_text(text, encoding="utf-8")
        left += missed
    return left


def _once(pattern: str, text: str) -> bool:
    return len(re.findall(pattern, text)) == 1
