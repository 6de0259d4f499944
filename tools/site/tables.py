"""Tables that come from the checks' own data, for reference pages and guides alike.

A page writes ``{{ table: ephemeral }}`` on a line of its own. A guide and the code
can then not disagree: both read one table. Every table has as few columns as it
needs, because half of its readers hold a phone.
"""

from __future__ import annotations

import re
import shlex
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from checks import ports, readings
from checks.address import blocks, host, ipv6, names
from checks.address.embedded import embedded as inside
from checks.findings import CATALOGUE
from checks.findings.pages import GROUPS, index
from checks.ports import services
from checks.ports.bindings import all_bindings
from checks.ports.uses import Use, all_uses
from checks.text.errors.table import ERRORS
from tools.site.markup import (
    SYSTEMS,
    code,
    escape,
    link,
    number,
    prose,
    relative,
    rfc,
    slug,
    table,
    yes_no,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from checks.address.blocks import Block
    from checks.ports.bindings import Binding

_PLACEHOLDER = re.compile(r"\{\{\s*table:\s*(?P<name>[\w-]+):?\s*(?P<args>.*?)\s*\}\}")
_LINE = re.compile(r"^(?P<indent>[ \t]*)\{\{\s*table\b.*\}\}[ \t]*$")


class TableError(ValueError):
    """A placeholder that cannot be filled: an unknown name, or arguments that do not fit."""


def expand(markdown: str, page: str = "section/page.md") -> str:
    """Replace every ``{{ table: NAME ARGS }}`` that stands on a line of its own.

    Arguments:
        markdown: a page.
        page: its path below docs, from which links to the reference are relative.

    Returns:
        the page with Markdown tables in the place of the lines, at the same indentation.

    Raises:
        TableError: for an unknown name or arguments that do not fit; the message has
            the number and the text of the line.
    """
    lines = []
    for at, line in enumerate(markdown.split("\n"), 1):
        match = _LINE.match(line)
        if match is None:
            lines.append(line)
            continue
        try:
            text = _fill(line.strip(), page)
        except (TableError, ValueError, TypeError) as error:
            raise TableError(f"{page}:{at}: {line.strip()}: {error}") from error
        lines += [match["indent"] + one if one else "" for one in text.split("\n")]
    return "\n".join(lines)


def _fill(placeholder: str, page: str) -> str:
    match = _PLACEHOLDER.fullmatch(placeholder)
    if match is None:
        raise TableError("expected {{ table: NAME ARGUMENTS }}")
    make = TABLES.get(match["name"])
    if make is None:
        raise TableError(f"no table {match['name']!r}; there are {', '.join(sorted(TABLES))}")
    return make(shlex.split(match["args"]), page)


def _none(arguments: list[str]) -> None:
    if arguments:
        raise TableError(f"takes no arguments, got {' '.join(arguments)}")


# --- ports ---------------------------------------------------------------------------


def ephemeral(arguments: list[str], _page: str) -> str:
    """Default ephemeral ranges; with ports, whether each is in them; ``commands``: how to see."""
    if arguments == ["commands"]:
        return table(
            ("System", "Show the range", "Set it (here to the default)"),
            ((SYSTEMS[row.system], code(row.show), code(row.change)) for row in _ranges()),
        )
    asked = [_port(text) for text in arguments]
    return table(
        ("System", "First", "Last", "Ports", *(f"Holds {one}" for one in asked)),
        (
            (
                SYSTEMS[row.system],
                str(row.first),
                str(row.last),
                number(row.last - row.first + 1),
                *("yes" if row.first <= one <= row.last else "no" for one in asked),
            )
            for row in _ranges()
        ),
        "lrrr" + "l" * len(asked),
    )


def _ranges() -> list[ports.EphemeralRange]:
    return list(ports.EPHEMERAL.values())


def _port(text: str) -> int:
    found = ports.parse(text).number
    if found is None:
        raise TableError(f"{text!r} is no port")
    return found


_IANA = {
    "system": ("System Ports", "by IETF Review or IESG Approval"),
    "user": ("User Ports", "by IETF Review, IESG Approval or Expert Review"),
    "dynamic": ("Dynamic Ports", "never: for private and passing use"),
}
"""Name and assignment of each range in RFC 6335, sections 6 and 8.1.1."""


@cache
def iana_spans() -> dict[str, tuple[int, int]]:
    """Return first and last port of the three ranges, as the checks draw them."""
    found = {}
    every = (ports.Port(str(one), one) for one in range(ports.LAST + 1))
    for name, members in groupby(every, key=lambda port: port.range or ""):
        numbers = [port.number or 0 for port in members]
        found[name] = (numbers[0], numbers[-1])
    return found


def iana_ranges(arguments: list[str], _page: str) -> str:
    """The three ranges of RFC 6335, and how many of their ports have a registered service."""
    _none(arguments)
    registered = {one for row in services.all_services() for one in range(*_half_open(row.ports))}
    return table(
        ("Range", "Name", "Assigned", "With a service"),
        (
            (
                f"{first}-{last}",
                _IANA[name][0],
                _IANA[name][1],
                number(len(registered.intersection(range(first, last + 1)))),
            )
            for name, (first, last) in iana_spans().items()
        ),
        "lllr",
    )


def _half_open(span: tuple[int, int]) -> tuple[int, int]:
    return span[0], span[1] + 1


def privileged(arguments: list[str], _page: str) -> str:
    """Which systems guard ports, and by what rule."""
    _none(arguments)
    rows = [(SYSTEMS[system], escape(rule)) for system, rule in ports.PRIVILEGED.items()]
    nothing = "no privilege for any port number; excluded ranges and HTTP.sys may still refuse"
    return table(("System", "Who may listen on which port"), [*rows, (SYSTEMS["windows"], nothing)])


def bad_ports(arguments: list[str], _page: str) -> str:
    """The ports of the Fetch standard's list, and who refuses them."""
    _none(arguments)
    everyone = set(ports.BLOCKED)
    rows = []
    for one, name in ports.BAD_PORTS.items():
        refuse = {who for who, blocked in ports.BLOCKED.items() if one in blocked}
        who = "all" if refuse == everyone else ", ".join(SYSTEMS[key] for key in sorted(refuse))
        rows.append((str(one), code(name) if name else "none named", who))
    return table(("Port", "Service", "Refused by"), rows, "rll")


def uses(arguments: list[str], _page: str) -> str:
    """What developers meet on which port; with arguments, on those ports or ranges only."""
    wanted = [_span(text) for text in arguments]
    unknown = [
        text
        for text, (start, end) in zip(arguments, wanted, strict=True)
        if not any(first <= end and last >= start for first, last, _ in all_uses())
    ]
    if unknown:
        raise TableError(f"no use is known at {', '.join(unknown)}")
    rows = [
        (_dashed(first, last), link(escape(use.name), use.source), _serves(use))
        if use.source.startswith("http")
        else (_dashed(first, last), escape(use.name), f"{_serves(use)} ({_manual(use.source)})")
        for first, last, use in all_uses()
        if not wanted or any(first <= end and last >= start for start, end in wanted)
    ]
    return table(("Port", "By default of", "What it serves"), rows, "rll")


def binding_table(arguments: list[str], _page: str) -> str:
    """How each server is kept on this machine; with arguments, the servers of those groups."""
    unknown = set(arguments) - {row.group for row in all_bindings()}
    if unknown:
        raise TableError(f"no group {', '.join(sorted(unknown))}")
    return table(
        ("Server", "Listens on", "Only this machine"),
        (
            (_sourced(row.name, row.source), _wide(row.default), _kept(row))
            for row in all_bindings()
            if not arguments or row.group in arguments
        ),
    )


def _sourced(name: str, source: str) -> str:
    return link(escape(name), source) if source.startswith("http") else escape(name)


def _wide(default: str) -> str:
    first, space, rest = escape(default).partition(" ")
    return f"**{first}**{space}{rest}" if first in ("all", "all,") else f"{first}{space}{rest}"


def _kept(row: Binding) -> str:
    note = prose(row.note)
    if not row.setting:
        return f"no setting: {note}"
    return f"{code(row.setting)}; {note}" if note else code(row.setting)


def _span(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    return _port(first), _port(last or first)


def _dashed(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


def _serves(use: Use) -> str:
    limits = [SYSTEMS.get(system, system) for system in use.systems]
    if use.contested:
        limits.append("often found taken")
    return escape(use.description) + (f"; {', '.join(limits)}" if limits else "")


def _manual(source: str) -> str:
    """A source that is a manual page, or a list that begins with one."""
    return re.sub(r"https?://\S+", lambda match: f"<{match[0]}>", escape(source))


# --- addresses -----------------------------------------------------------------------

FLAGS = ("Source", "Destination", "Forwardable", "Globally reachable", "Reserved by protocol")
"""The registry's five flags, as its columns are headed."""


def flags(block: Block) -> tuple[str, ...]:
    """Return the five cells of a block, in the order of :data:`FLAGS`."""
    return tuple(
        yes_no(flag)
        for flag in (
            block.source,
            block.destination,
            block.forwardable,
            block.globally_reachable,
            block.reserved_by_protocol,
        )
    )


def of_version(version: int) -> list[Block]:
    """Return the rows of IANA's special-purpose registry for IPv4 or IPv6."""
    registry = f"iana-ipv{version}-special-registry"
    return [block for block in blocks.BLOCKS if block.registry == registry]


def anchor(block: Block) -> str:
    """Return the anchor of a block on the page of the blocks."""
    return "block-" + re.sub(r"[^0-9a-f]+", "-", block.prefix.replace("::", "-0-")).strip("-")


def _blocks(version: int) -> Callable[[list[str], str], str]:
    def make(arguments: list[str], page: str) -> str:
        _none(arguments)
        rows = of_version(version)
        target = relative("reference/blocks.md", page)
        linked = [
            link(
                code(block.prefix),
                f"{'' if page.endswith('/blocks.md') else target}#{anchor(block)}",
            )
            for block in rows
        ]
        names_ = table(
            ("Block", "Name", "Defined in", "Allocated"),
            (
                (first, escape(block.name), ", ".join(map(rfc, block.rfcs)), _months(block))
                for first, block in zip(linked, rows, strict=True)
            ),
        )
        marks = table(
            ("Block", *FLAGS),
            ((first, *flags(block)) for first, block in zip(linked, rows, strict=True)),
        )
        return f"{names_}\n\n{marks}"

    return make


def _months(block: Block) -> str:
    end = f", ended {block.terminated}" if block.terminated else ""
    return f"{block.allocated or 'n/a'}{end}"


def reading_table(arguments: list[str], _page: str) -> str:
    """What each of three readers makes of the spellings that are given."""
    if not arguments:
        raise TableError("expected the spellings to read")
    rows = []
    for text in arguments:
        found = readings(text)
        rows.append((code(text), _read(found.url), _read(found.inet_aton), _read(found.strict)))
    return table(("Spelling", "Browser (URL)", "inet_aton", "Strict"), rows)


def _read(text: str | None) -> str:
    return "rejects" if text is None else code(text)


_FORMS = (
    ("IPv4-mapped", "::ffff:127.0.0.1", "RFC 4291 §2.5.5.2"),
    ("IPv4-compatible, deprecated", "::127.0.0.1", "RFC 4291 §2.5.5.1"),
    ("IPv4-translated (SIIT)", "::ffff:0:127.0.0.1", "RFC 2765 §2.1"),
    ("NAT64, well-known prefix", "64:ff9b::127.0.0.1", "RFC 6052 §2.1"),
    ("NAT64, local prefix", "64:ff9b:1::127.0.0.1", "RFC 8215"),
    ("6to4", "2002:7f00:1::", "RFC 3056"),
    ("Teredo", "2001:0:c000:201:0:f227:80ff:fffe", "RFC 4380 §4"),
    ("ISATAP", "fe80::5efe:127.0.0.1", "RFC 5214 §6.1"),
)
"""One address of each form that carries 127.0.0.1; what it carries is computed."""


def embedded(arguments: list[str], _page: str) -> str:
    """The forms in which an IPv6 address carries an IPv4 address, each with an example."""
    _none(arguments)
    rows = []
    for name, text, source in _FORMS:
        value = ipv6.parse(text)
        found = inside(value) if value is not None else None
        if value is None or found is None:
            raise TableError(f"{text} embeds nothing")
        same = "yes" if name == "IPv4-mapped" else "no"
        rows.append((name, code(ipv6.format(value)), code(found.address), same, rfc(source)))
    return table(("Form", "Example", "Carries", "Is handled as it", "Defined in"), rows)


_LOCALHOST = (
    "localhost",
    "localhost.",
    "app.localhost",
    "localhost.localdomain",
    "localhost4",
    "localhost6",
    "ip6-localhost",
    "ip6-loopback",
)
_ALIASES = (
    "host.docker.internal",
    "gateway.docker.internal",
    "kubernetes.docker.internal",
    "host.containers.internal",
    "host.minikube.internal",
    "host.k3d.internal",
    "host.lima.internal",
    "host.rancher-desktop.internal",
    "gateway.rancher-desktop.internal",
    "host.orb.internal",
)


def name_table(arguments: list[str], _page: str) -> str:
    """The names of this machine; ``localhost`` or ``aliases`` for one half."""
    both = {"localhost": _LOCALHOST, "aliases": _ALIASES}
    if not both.keys() >= set(arguments):
        raise TableError(f"expected localhost or aliases, got {' '.join(arguments)}")
    chosen = [both[word] for word in arguments or both]
    rows = []
    for text in (text for group in chosen for text in group):
        name = names.lookup(text)
        if name is None or name.kind not in (names.LOCALHOST, names.HOST_ALIAS):
            raise TableError(f"{text} is no such name")
        secure = "yes" if host.read(text).secure_context else "no"
        rows.append((code(text), escape(name.says), rfc(name.rule), secure))
    return table(("Name", "What it is", "By", "Secure context"), rows)


# --- errors and findings -------------------------------------------------------------

ERROR_SYSTEMS = ("linux", "macos", "windows", "solaris", "chromium")
"""The columns of numbers; FreeBSD's are those of macOS."""


def errors(arguments: list[str], page: str) -> str:
    """Every error with its number on each system; with names, those errors only."""
    unknown = set(arguments) - {row.name for row in ERRORS}
    if unknown:
        raise TableError(f"no error {', '.join(sorted(unknown))}")
    here = "" if page == "reference/errors.md" else relative("reference/errors.md", page)
    return table(
        ("Error", "Linux", "macOS, BSD", "Windows", "Solaris", "Chromium"),
        (
            (
                link(code(row.name), f"{here}#{slug(row.name)}"),
                *(str(row.codes.get(system, "")) for system in ERROR_SYSTEMS),
            )
            for row in ERRORS
            if not arguments or row.name in arguments
        ),
        "lrrrrr",
    )


def finding_table(arguments: list[str], page: str) -> str:
    """The index of a group of findings, or of several: ``C``, ``A P``; of all without."""
    wanted = arguments or list(GROUPS)
    unknown = set(wanted) - set(GROUPS)
    if unknown:
        raise TableError(f"no group {', '.join(sorted(unknown))}")
    entries = [entry for letter in wanted for entry in index(CATALOGUE).get(GROUPS[letter], ())]
    return table(
        ("Code", "Finding", "Severity"),
        (
            (
                link(entry.code, relative(f"reference/findings/{entry.slug}.md", page)),
                escape(entry.title),
                entry.severity,
            )
            for entry in entries
        ),
    )


TABLES: dict[str, Callable[[list[str], str], str]] = {
    "ephemeral": ephemeral,
    "iana-ranges": iana_ranges,
    "privileged": privileged,
    "bad-ports": bad_ports,
    "blocks-ipv4": _blocks(4),
    "blocks-ipv6": _blocks(6),
    "uses": uses,
    "bindings": binding_table,
    "errors": errors,
    "readings": reading_table,
    "findings": finding_table,
    "embedded": embedded,
    "names": name_table,
}
"""Every table that a page may name; each takes the arguments and the page's path."""


def placeholders(markdown: str) -> Iterator[str]:
    """Yield the lines of a page that ask for a table."""
    return (line.strip() for line in markdown.split("\n") if _LINE.match(line))
