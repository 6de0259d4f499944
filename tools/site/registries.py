"""Reference pages of the small registries: address blocks, port ranges, blocked ports.

Every row comes from :mod:`checks.text`; what is written here is the sentence
that says how to read a table, and where the table is from.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from checks import ports
from checks.address import blocks
from checks.address._registry import SPECIAL_DATE, SPECIAL_IPV4, SPECIAL_IPV6
from tools.site import tables
from tools.site.markup import SYSTEMS, code, escape, link, page, rfc, sections, table

if TYPE_CHECKING:
    from checks.address.blocks import Block

_ASSIGNMENTS = "https://www.iana.org/assignments"


def pages() -> dict[str, str]:
    """Return the pages: path below docs to Markdown."""
    return {
        "reference/blocks.md": _blocks(),
        "reference/ranges.md": _ranges(),
        "reference/browser-blocked.md": _blocked(),
    }


# --- address blocks ------------------------------------------------------------------


def _blocks() -> str:
    special = [*tables.of_version(4), *tables.of_version(6)]
    others = [block for block in blocks.BLOCKS if block not in special]
    intro = (
        f"All {len(special)} rows of IANA's two special-purpose address registries with every"
        f" column, and {len(others)} blocks from elsewhere that mean something special too."
        " Where several rows hold an address, the longest prefix counts.\n\n"
        f"The copy is of {SPECIAL_DATE}. {rfc('RFC 6890 §2.2.1')} and {rfc('RFC 8190 §2.1')} define"
        " the five flags:\n\n"
        "- **source**: the address may be the source of a packet between two devices.\n"
        "- **destination**: it may be the destination of such a packet.\n"
        "- **forwardable**: a router may forward such a packet.\n"
        "- **globally reachable**: the packet may leave its own network.\n"
        "- **reserved by protocol**: IP itself has a rule for the address.\n\n"
        "n/a means that the registry says so or leaves the cell blank. It does not mean false."
    )
    body = sections(
        ("IPv4 at a glance", tables.expand("{{ table: blocks-ipv4 }}", "reference/blocks.md")),
        ("IPv6 at a glance", tables.expand("{{ table: blocks-ipv6 }}", "reference/blocks.md")),
        ("IPv4, block by block", _details(tables.of_version(4))),
        ("IPv6, block by block", _details(tables.of_version(6))),
        ("Blocks from elsewhere", _details(others)),
        ("Sources", _block_sources()),
    )
    return page(
        "Special-purpose address blocks",
        "Every row and column of the IANA special-purpose address registries for IPv4 and IPv6,"
        " with what each block is for.",
        f"{intro}\n\n{body}",
    )


def _details(rows: list[Block]) -> str:
    return "\n\n".join(_block(block) for block in rows)


def _block(block: Block) -> str:
    """One block as a heading, a sentence and a list: it reads well on a phone."""
    marks = zip(tables.FLAGS, tables.flags(block), strict=True)
    entries = [
        ("Defined in", ", ".join(map(rfc, block.rfcs))),
        ("Allocated", f"{block.allocated or 'n/a'}, terminated {block.terminated or 'n/a'}"),
        ("Flags", ", ".join(f"{name[0].lower()}{name[1:]} `{flag}`" for name, flag in marks)),
        ("Address space in a browser", _space(block)),
    ]
    if block.registry not in (SPECIAL_IPV4, SPECIAL_IPV6):
        entries.insert(0, ("Listed in", escape(blocks.REGISTRIES[block.registry])))
    parts = [
        f"### {code(block.prefix)} {escape(block.name)} {{ #{tables.anchor(block)} }}",
        escape(block.says) + (f" {escape(block.note)}" if block.note else ""),
        "\n".join(f"- **{title}:** {text}" for title, text in entries),
    ]
    return "\n\n".join(parts)


def _space(block: Block) -> str:
    """Where Local Network Access places the block, looked up at both ends and within."""
    first, end = block.bounds()
    spots = (first, min(first + 1, end - 1), (first + end) // 2, end - 1)
    spaces = sorted({blocks.address_space(block.version, spot) for spot in spots})
    return spaces[0] if len(spaces) == 1 else "differs from address to address"


def _block_sources() -> str:
    links = [
        (blocks.REGISTRIES[key], f"{_ASSIGNMENTS}/{key}/{key}.xhtml", "the rows of this page")
        for key in (SPECIAL_IPV4, SPECIAL_IPV6)
    ]
    more = [
        (
            "IANA IPv4 Multicast Address Space Registry",
            f"{_ASSIGNMENTS}/multicast-addresses/multicast-addresses.xhtml",
            "the IPv4 multicast blocks",
        ),
        (
            "RFC 8190",
            "https://www.rfc-editor.org/info/rfc8190",
            "the columns, and that the longest prefix counts",
        ),
        (
            "Local Network Access",
            "https://wicg.github.io/local-network-access/",
            "which addresses are loopback, local and public to a browser",
        ),
    ]
    return "\n".join(f"- {link(escape(name), url)}: {says}" for name, url, says in links + more)


# --- port ranges ---------------------------------------------------------------------


def _ranges() -> str:
    here = "reference/ranges.md"
    spans = tables.iana_spans()
    dynamic = spans["dynamic"]
    same = [
        SYSTEMS[row.system] for row in ports.EPHEMERAL.values() if (row.first, row.last) == dynamic
    ]
    intro = (
        "IANA divides the 65536 port numbers by how they are registered. Systems divide them by"
        " which ports they pick for connections and which need a privilege. The two differ:"
        f" IANA's dynamic range, {dynamic[0]}-{dynamic[1]}, is the default ephemeral range of"
        f" {_list(same)} only."
    )
    body = sections(
        ("Ranges of the registry", tables.expand("{{ table: iana-ranges }}", here)),
        (
            "Ephemeral ranges by system",
            "The default range from which a system picks a port when a program connects, or binds"
            " to port 0. Your machine may use another range. Ask it with the commands below.\n\n"
            + tables.expand("{{ table: ephemeral 62893 }}", here),
        ),
        (
            "Show and set the ephemeral range",
            "Setting the range needs administrator rights. It is lost at the next start of the"
            " system unless its configuration is changed too.\n\n"
            + tables.expand("{{ table: ephemeral commands }}", here),
        ),
        ("Privileged ports by system", tables.expand("{{ table: privileged }}", here)),
        ("Default ports of URL schemes", _schemes()),
        ("Sources", _range_sources()),
    )
    return page(
        "Port ranges",
        "The ranges of the IANA port registry, and the ephemeral and privileged ports of each"
        " operating system, with sources.",
        f"{intro}\n\n{body}",
    )


def _list(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _schemes() -> str:
    """One row for the schemes of one source that mean one port."""
    rows = []
    for source, schemes in ports.SCHEME_TABLE:
        for number, members in groupby(schemes.items(), key=lambda item: item[1]):
            rows.append((", ".join(code(name) for name, _ in members), str(number), rfc(source)))
    text = "The port that a URL means when it names none.\n\n"
    return text + table(("Scheme", "Port", "By"), rows, "lrl")


def _range_sources() -> str:
    lines = [
        f"- {link('RFC 6335, section 6', 'https://www.rfc-editor.org/info/rfc6335')}: the three"
        " ranges of the registry",
        f"- {link('RFC 6056', 'https://www.rfc-editor.org/info/rfc6056')}: how ephemeral ports"
        " are chosen",
    ]
    lines += [
        f"- {escape(row.source)}: the default of {SYSTEMS[row.system]}"
        for row in ports.EPHEMERAL.values()
    ]
    return "\n".join(lines)


# --- ports that browsers refuse ------------------------------------------------------


def _blocked() -> str:
    here = "reference/browser-blocked.md"
    every = ports.BLOCKED["fetch"]
    rows = [
        (SYSTEMS[who], str(len(blocked)), _numbers(every - blocked), _numbers(blocked - every))
        for who, blocked in ports.BLOCKED.items()
    ]
    intro = (
        f"The Fetch standard lists {len(every)} ports that a browser must not open for http and"
        " https URLs. Browsers differ a little from it. Each of the 65536 ports was tried on"
        " 127.0.0.1 in Chromium 156.0.8078.79 and in Node.js 20.20.2. The table shows which they"
        " refused."
    )
    body = sections(
        (
            "Who refuses how many",
            table(("Who", "Ports", "Lacks", "Has besides"), rows, "lrll")
            + "\n\nFirefox has its own list. It was not tested here.",
        ),
        ("Every port of the list", tables.expand("{{ table: bad-ports }}", here)),
        (
            "What it applies to",
            "URLs of the schemes http and https, in browsers and in what follows them, such as"
            " the `fetch` of Node.js. Chromium shows ERR_UNSAFE_PORT. curl, wget and other"
            " clients open these ports. The finding is"
            " [P203 browser-blocked-port](findings/browser-blocked-port.md).",
        ),
        (
            "Sources",
            "- [Fetch standard, port blocking](https://fetch.spec.whatwg.org/#port-blocking):"
            " the list, as of commit 586cd2a of 2026-07-02\n"
            "- [Chromium, net/base/port_util.cc]"
            "(https://source.chromium.org/chromium/chromium/src/+/main:net/base/port_util.cc):"
            " its list\n"
            "- [undici, lib/web/fetch/constants.js]"
            "(https://github.com/nodejs/undici/blob/main/lib/web/fetch/constants.js):"
            " the list of Node.js",
        ),
    )
    return page(
        "Ports that browsers refuse",
        "All ports that the Fetch standard blocks, and which of them Chromium and Node.js refuse"
        " when tried one by one.",
        f"{intro}\n\n{body}",
    )


def _numbers(found: frozenset[int]) -> str:
    return ", ".join(map(str, sorted(found))) or "none"
