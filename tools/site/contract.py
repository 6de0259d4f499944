"""The JSON contract: each object and field of the schema, and the schema itself as a file.

The schema says what may stand where, and what it means; :mod:`tools.make_schema` takes both
from the records.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import checks
from checks import classify
from checks.report import classified
from tools.make_schema import TARGET, objects, schema
from tools.site.markup import code, fence, indent, link, page, slug

if TYPE_CHECKING:
    from collections.abc import Mapping

PATH = "reference/json.md"
SCHEMA = "reference/checks-1.schema.json"

EXAMPLE = "connect ECONNREFUSED 127.0.0.1:62893"
"""What the page shows the document of; a test validates it."""


def pages() -> dict[str, str]:
    """Return the page and the schema file: path below docs to text."""
    return {PATH: _page(), SCHEMA: TARGET.read_text(encoding="utf-8")}


def example() -> dict[str, object]:
    """Return the document that the page shows."""
    return classified(classify(EXAMPLE))


def meanings() -> dict[str, str]:
    """Return what each field means, as Markdown on one line, by ``object.field``."""
    return {
        f"{name}.{key}": value.get("description", "")
        for name, part in objects(schema())
        for key, value in part["properties"].items()
    }


def _page() -> str:
    document = json.dumps(example(), indent=1, ensure_ascii=False)
    intro = (
        "`checks --json` prints one object for each target, on one line. It has what the text is,"
        " the causes of its errors, what to do first, and the findings of this machine."
        " `checks classify --json` prints the same object without this machine.\n\n"
        "The parts of the answer have this order: `verdict` in one or two sentences, `steps` to do"
        " first, `causes` with their evidence, then `endpoints` and `findings`. A cause has a key,"
        f" which {link('All causes', 'causes.md')} explains. A finding has a code. `span` is always"
        " two indexes into `input`: the first character, and the one after the last.\n\n"
        f"The contract is `{checks.SCHEMA}`, a JSON Schema (draft 2020-12):"
        f" {link(code('checks-1.schema.json'), 'checks-1.schema.json')}. A new field keeps"
        " the name, so ignore fields that you do not know. If a field goes or changes its meaning,"
        " the name becomes `checks/2`."
    )
    shown = (
        "The command, and what it prints, here on several lines:\n\n"
        f"{fence(f'python3 -m checks classify --json {EXAMPLE!r}', 'sh')}\n\n"
        f'??? note "The document"\n\n{indent(fence(document, "json"))}'
    )
    parts = [_object(name, part) for name, part in objects(schema())]
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
        "`listen`, `scan`, `wait` and `free` also print one object on each line, with the same"
        " parts: a listener, an owner, a finding. `explain --json` prints the sections of a"
        " finding's page.\n\n"
        "If a socket table could not be read, a missing row proves nothing."
        " `listen` then prints one object before the listeners, and exits with 3:\n\n"
        f"{fence(_UNSEEN, 'json')}\n\n"
        "The objects of `scan` have `unread` then too.\n\n"
        "## Sources\n\n"
        "- [RFC 8259](https://www.rfc-editor.org/info/rfc8259): JSON\n"
        "- [JSON Schema, draft 2020-12](https://json-schema.org/draft/2020-12):"
        " the language of the schema"
    )


def _object(name: str, part: Mapping[str, Any]) -> str:
    says = part["description"] if name else "The whole document."
    required = part.get("required", ())
    entries = []
    for key, value in part["properties"].items():
        sometimes = "" if key in required else ", not always there"
        text = value.get("description", "As its name says.")
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
