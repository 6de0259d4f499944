"""The JSON contract: each object and field of the schema, and the schema itself as a file.

The schema says what may stand where; what a field means is said once, in the docstring
of the record that it is made from. The page joins the two.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import checks
from checks import classify
from checks.address import blocks, embedded, names
from checks.findings import Fix, Found
from checks.model import evidence
from checks.ports import _port_uses, services
from checks.report import classified
from checks.text import errors
from tools.site.docstrings import fields, one_line
from tools.site.markup import code, escape, fence, indent, link, page, slug

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PATH = "reference/json.md"
SCHEMA = "reference/checks-1.schema.json"
SOURCE = Path(checks.__file__).with_name("schema.json")

EXAMPLE = "connect ECONNREFUSED 127.0.0.1:62893"
"""What the page shows the document of; a test validates it."""

_RECORDS: dict[str, type] = {
    "endpoint": checks.Endpoint,
    "host": checks.Host,
    "readings": checks.Readings,
    "embedded": embedded.Embedded,
    "block": blocks.Block,
    "name": names.Name,
    "port": checks.Port,
    "service": services.Service,
    "use": _port_uses.Use,
    "error": errors.ErrorMessage,
    "finding": Found,
    "finding.fix": Fix,
    "probe": evidence.Probe,
    "answer": evidence.Answer,
    "icmp": evidence.Icmp,
    "attempt": evidence.Attempt,
    "owner": evidence.Owner,
    "unit": evidence.Unit,
    "activation": evidence.Activation,
    "listener": evidence.Listener,
    "peer": evidence.Peer,
    "binding": evidence.Binding,
    "interface": evidence.Interface,
    "machine": evidence.Machine,
    "relay": evidence.Relay,
    "tls": evidence.Tls,
    "identity": evidence.Identity,
}
"""The record behind each object of the schema."""

_SAYS = {
    "": "The whole document.",
    "endpoint": "One endpoint of the text.",
    "host": "A host as it was written, and what follows from it.",
    "finding": "One thing that there is to say.",
    "finding.fix": "One thing to do about it.",
    "embedded.alternatives": "Another reading that the same bits allow.",
}
"""What an object is, where its record's first sentence does not fit."""

MEANS = {
    ".schema": "name and version of the contract.",
    ".input": "the text as it was given.",
    ".kind": "what the text is.",
    ".verdict": "one sentence, the answer; only where a machine was asked.",
    ".endpoints": "in the order of the text.",
    ".error": "the error message that the text is or contains.",
    ".findings": "worst first.",
    "endpoint.probe": "what this machine witnessed; only where it was asked.",
    "use.name": "the product or tool.",
    "finding.code": "a letter and three digits, never used for anything else.",
    "finding.slug": "the finding's name, which ends the address of its page.",
    "finding.title": "the finding in one line.",
    "finding.message": "one or two sentences about this very input.",
    "finding.fix": "what to do.",
    "finding.evidence": "the witnesses, one line each.",
    "finding.url": "the address of the finding's page; null where no site is known.",
    "finding.page": "the same below the root of the site, whichever that is.",
    "attempt.outcome": "what became of it; the values are explained in the Python API.",
    "attempt.milliseconds": "how long it took.",
    "attempt.attempts": "how often it was tried.",
    "owner.pid": "the process.",
    "owner.name": "its short name.",
    "owner.user": "whose it is.",
    "owner.directory": "its working directory.",
    "owner.parent": "the process that started it.",
    "listener.port": "the bound port.",
    "listener.uid": "the user that made the socket, as a number.",
    "listener.user": "the same, as a name.",
    "listener.inode": "the kernel's number of the socket.",
    "peer.protocol": "`tcp` or `udp`.",
    "peer.remote": "address and port of the other side.",
    "peer.owners": "the processes that hold the socket.",
    "binding.address": "where it was tried.",
    "binding.port": "which port was tried.",
    "binding.outcome": "what came of it; the values are explained in the Python API.",
    "interface.name": "the interface.",
    "interface.address": "its address.",
    "interface.prefix_length": "bits of the network part.",
    "machine.user": "who asked.",
    "machine.interfaces": "the addresses of the machine.",
    "probe.attempts": "each connect() that was made, in order.",
    "probe.machine": "the system that was asked.",
    "tls.issuer": "who signed the certificate.",
    "tls.not_after": "UTC in RFC 3339 form.",
    "identity.version": "as the server tells it.",
    "identity.tls": "what a TLS handshake showed.",
    "identity.milliseconds": "how long the questions took.",
    "embedded.alternatives.form": "as above.",
    "embedded.alternatives.address": "as above.",
    "embedded.alternatives.prefix": "as above.",
}
"""Meaning of the fields that no docstring explains."""


def pages() -> dict[str, str]:
    """Return the page and the schema file: path below docs to text."""
    return {PATH: _page(), SCHEMA: SOURCE.read_text(encoding="utf-8")}


def schema() -> dict[str, Any]:
    """Return the schema, read."""
    return cast("dict[str, Any]", json.loads(SOURCE.read_text(encoding="utf-8")))


def example() -> dict[str, object]:
    """Return the document that the page shows."""
    return classified(classify(EXAMPLE))


def objects(whole: Mapping[str, Any] | None = None) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every object of the schema, nested ones too: its path and its schema.

    Arguments:
        whole: the schema; the published one where none is given.
    """
    found = whole if whole is not None else schema()
    yield from _objects("", found)
    for name, part in found["$defs"].items():
        yield from _objects(name, part)


def _objects(name: str, part: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if "properties" in part:
        yield name, part
    for key, value in part.get("properties", {}).items():
        for choice in (value, *value.get("anyOf", ())):
            inner = choice.get("items", choice)
            if "properties" in inner:
                yield from _objects(f"{name}.{key}", inner)


def meaning(name: str, key: str, part: Mapping[str, Any]) -> str:
    """Return what a field means: from the schema, from this module, or from its record."""
    told = part.get("description")
    if told:
        return escape(str(told))
    if f"{name}.{key}" in MEANS:
        return MEANS[f"{name}.{key}"]
    record = _RECORDS.get(name)
    said = {field.name: field.meaning for field in fields(record)} if record else {}
    return _as_json(said.get(key, ""))


def _as_json(text: str) -> str:
    """The words of Python as JSON has them."""
    for python, words in (("None", "null"), ("True", "true"), ("False", "false")):
        text = re.sub(rf"\b{python}\b", words, text)
    return text


def _page() -> str:
    document = json.dumps(example(), indent=1, ensure_ascii=False)
    intro = (
        "`checks --json` prints one object a target, on one line: what the text is, and where"
        " the machine was asked, what it witnessed. `checks classify --json` and the page's own"
        " answers are the same object without the witnesses.\n\n"
        f"The contract is `{checks.SCHEMA}`, a JSON Schema (draft 2020-12):"
        f" {link(code('checks-1.schema.json'), 'checks-1.schema.json')}. What is added to it keeps"
        " the name; a removal or a change of meaning makes `checks/2`. So a reader ignores the"
        " fields that it does not know."
    )
    shown = (
        "The command, and what it prints, here on several lines:\n\n"
        f"{fence(f'python3 -m checks classify --json {EXAMPLE!r}', 'sh')}\n\n"
        f'??? note "The document"\n\n{indent(fence(document, "json"))}'
    )
    parts = [_object(name, part) for name, part in objects()]
    return page(
        "JSON contract",
        "The JSON that checks prints: every object and field with type and meaning, the JSON"
        " Schema, and an example.",
        "\n\n".join([intro, f"## Example\n\n{shown}", "## Objects", *parts, _other()]),
    )


_UNSEEN = (
    '{"schema": "checks/1", "unread": ["tcp4", "tcp6", "udp4", "udp6"],'
    ' "says": "what closes them, and how to see them"}'
)


def _other() -> str:
    return (
        "## Other commands\n\n"
        "`listen`, `scan`, `wait` and `free` print one object a line too, made of the same"
        " parts: a listener, an owner, a finding. `explain --json` prints the sections of a"
        " finding's page.\n\n"
        "Where a socket table could not be read, a row that is missing is unknown, not absent."
        " `listen` then prints one object before the listeners, and exits with 3:\n\n"
        f"{fence(_UNSEEN, 'json')}\n\n"
        "The objects of `scan` have `unread` then too.\n\n"
        "## Sources\n\n"
        "- [RFC 8259](https://www.rfc-editor.org/info/rfc8259): JSON\n"
        "- [JSON Schema, draft 2020-12](https://json-schema.org/draft/2020-12):"
        " the language of the schema"
    )


def _object(name: str, part: Mapping[str, Any]) -> str:
    record = _RECORDS.get(name)
    first = (record.__doc__ or "").split("\n\n")[0] if record else ""
    says = _SAYS.get(name, _as_json(one_line(first)))
    required = part.get("required", ())
    entries = []
    for key, value in part["properties"].items():
        sometimes = "" if key in required else ", not always there"
        text = meaning(name, key, value) or "as its name says."
        text = text[0].upper() + text[1:] if text[0].islower() else text
        entries.append(f"{code(key)}: {kind(value, f'{name}.{key}')}{sometimes}\n:   {text}")
    title = code(name) if name else "The document"
    return "\n\n".join([f"### {title} {{ #{_anchor(name)} }}", says, *entries])


def _anchor(name: str) -> str:
    return slug(name.replace(".", " ")) or "document"


def kind(part: Mapping[str, Any], path: str) -> str:
    """Write the type of a field in words, with links to the objects of the page."""
    if "$ref" in part:
        name = part["$ref"].rpartition("/")[2]
        if name == "span":
            return "array of two integers"
        return link(name, f"#{_anchor(name)}")
    if "anyOf" in part:
        return " or ".join(kind(choice, path) for choice in part["anyOf"])
    if "const" in part:
        return code(json.dumps(part["const"]))
    if "enum" in part:
        return "one of " + ", ".join(code(json.dumps(value)) for value in part["enum"])
    if "properties" in part:
        return link("object", f"#{_anchor(path)}")
    types = part["type"] if isinstance(part.get("type"), list) else [part.get("type", "any")]
    words = [_array(part, path) if one == "array" else str(one) for one in types]
    return " or ".join(words)


def _array(part: Mapping[str, Any], path: str) -> str:
    if "items" not in part:
        return "array"
    return f"array of {kind(part['items'], path)}"
