"""Write ``checks/schema.json``: the JSON contract, made of the records that it describes.

A field is written once, in its record: name and type as an annotation, its meaning below
it. From there this tool adds new fields to the schema, with their types, and keeps every
description. What a record cannot say is written by hand in the schema and kept: the values
of an ``enum``, patterns and limits, and what is said of objects and fields that no record
has (the document itself, a finding).

``--check`` writes nothing and exits with 1 when the file is out of date.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import checks  # noqa: E402
from checks.address import blocks, embedded, names  # noqa: E402
from checks.causes import base as causes  # noqa: E402
from checks.findings import Fix, compare  # noqa: E402
from checks.model import evidence  # noqa: E402
from checks.ports import services, uses  # noqa: E402
from checks.text import banners, errors, settings, tables  # noqa: E402
from tools.site.docstrings import Field, fields, one_line  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TARGET = ROOT / "checks" / "schema.json"

EVIDENCE: dict[str, type] = {
    name.lower(): record
    for name, record in vars(evidence).items()
    if isinstance(record, type) and hasattr(record, "_fields")
}
"""What a machine said, in records whose fields are all in their objects, each in its order."""

READ: dict[str, type] = {
    "because": causes.Because,
    "cause": causes.Cause,
    "step": Fix,
    "comparison": compare.Comparison,
    "banner": banners.Banner,
    "row": tables.Row,
    "table": tables.Table,
    "setting": settings.Setting,
}
"""What is read in a text and follows from it, in records of the same kind."""

WHOLE = {**EVIDENCE, **READ}

CLASSIFICATION: dict[str, type] = {
    "endpoint": checks.Endpoint,
    "host": checks.Host,
    "readings": checks.Readings,
    "embedded": embedded.Embedded,
    "block": blocks.Block,
    "name": names.Name,
    "port": checks.Port,
    "service": services.Service,
    "use": uses.Use,
    "error": errors.ErrorMessage,
}
"""Records whose ``to_dict()`` chooses what is in the object: fields, and properties."""

RECORDS = {**CLASSIFICATION, **WHOLE}

OWN_WORDS = frozenset(("endpoint", "host"))
"""Objects of which the schema says what they are: the record's own sentence does not fit."""

_PLAIN = {
    "str": "string", "int": "integer", "float": "number", "bool": "boolean", "Endpoint": "string",
}  # fmt: skip
"""Types of JSON; an endpoint that is part of a row stands there by its text."""

_NAMES = {"Fix": "step"}
"""Records whose objects have a name of their own."""


def schema() -> dict[str, Any]:
    """Return the schema as it is."""
    found: dict[str, Any] = json.loads(TARGET.read_text(encoding="utf-8"))
    return found


def render() -> str:
    """Return the schema as the records have it.

    Raises:
        RuntimeError: where Python runs without docstrings, which are the descriptions.
    """
    if sys.flags.optimize > 1:
        raise RuntimeError("the descriptions are docstrings, which -OO leaves out")
    whole = schema()
    for name in WHOLE:
        whole["$defs"].setdefault(name, {"type": "object", "properties": {}})
    for name, part in objects(whole):
        record = RECORDS.get(name)
        if record is not None:
            _update(name, part, record)
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def objects(whole: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every object of a schema, nested ones too: its path and its schema."""
    yield from _objects("", whole)
    for name, part in whole["$defs"].items():
        yield from _objects(name, part)


def _objects(name: str, part: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if "properties" in part:
        yield name, part
    for key, value in part.get("properties", {}).items():
        for choice in (value, *value.get("anyOf", ())):
            inner = choice.get("items", choice)
            if "properties" in inner:
                yield from _objects(f"{name}.{key}", inner)


def _update(name: str, part: dict[str, Any], record: type) -> None:
    known = {field.name: field for field in fields(record)}
    if name not in OWN_WORDS:
        first = (record.__doc__ or "").split("\n\n")[0]
        part["description"] = described(one_line(first))
    if name in WHOLE:
        _update_fields(part, [field for field in known.values() if not field.is_property])
    for key, value in part["properties"].items():
        if key in known and known[key].meaning:
            value["description"] = described(known[key].meaning)


def _update_fields(part: dict[str, Any], wanted: list[Field]) -> None:
    """Have the fields of the record and no others, in its order."""
    before = part["properties"]
    part["properties"] = {
        field.name: before[field.name]
        if field.name in before and shape(before[field.name]) == shape(typed(field.annotation))
        else typed(field.annotation)
        for field in wanted
    }
    part["required"] = [field.name for field in wanted]
    part["additionalProperties"] = False


def typed(annotation: str) -> dict[str, Any]:
    """Return the schema of a type, as an annotation has it.

    Raises:
        LookupError: where no JSON is known for it.
    """
    if annotation.endswith(" | None"):
        return _or_null(typed(annotation.removesuffix(" | None")))
    if annotation in _PLAIN:
        return {"type": _PLAIN[annotation]}
    name = _NAMES.get(annotation, annotation.lower())
    if name in WHOLE:
        return {"$ref": f"#/$defs/{name}"}
    inside = re.fullmatch(r"tuple\[(.+)\]", annotation)
    if inside is None:
        raise LookupError(annotation)
    if inside[1].endswith(", ..."):
        return {"type": "array", "items": typed(inside[1].removesuffix(", ..."))}
    parts = inside[1].split(", ")
    return {
        "type": "array", "items": typed(parts[0]), "minItems": len(parts), "maxItems": len(parts),
    }  # fmt: skip


def _or_null(part: dict[str, Any]) -> dict[str, Any]:
    if part.get("type") in _PLAIN.values():
        return {**part, "type": [part["type"], "null"]}
    return {"anyOf": [part, {"type": "null"}]}


def shape(part: Mapping[str, Any]) -> frozenset[str]:
    """Return what kinds of value a schema takes, whatever else it asks of them."""
    if "anyOf" in part:
        return frozenset[str]().union(*map(shape, part["anyOf"]))
    if "$ref" in part:
        return frozenset((part["$ref"],))
    if "enum" in part:
        return frozenset(_kind(value) for value in part["enum"])
    if part.get("type") == "array":
        return frozenset((f"array of {sorted(shape(part['items']))}",))
    kinds = part["type"]
    return frozenset([kinds] if isinstance(kinds, str) else kinds)


def _kind(value: object) -> str:
    if value is None:
        return "null"
    return _PLAIN[type(value).__name__]


def described(text: str) -> str:
    """Return what a docstring says as a sentence of the schema, in the words of JSON."""
    for python, words in (("None", "null"), ("True", "true"), ("False", "false")):
        text = re.sub(rf"\b{python}\b", words, text)
    return text[:1].upper() + text[1:]


def main() -> int:
    """Write the file, or say whether it is up to date."""
    made = render()
    if "--check" in sys.argv[1:]:
        return int(made != TARGET.read_text(encoding="utf-8"))
    TARGET.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
