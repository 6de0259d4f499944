"""The published schema of the JSON contract, and what holds documents to it."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import checks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema import Draft202012Validator, ValidationError

SCHEMA: dict[str, Any] = json.loads(
    Path(checks.__file__).with_name("schema.json").read_text(encoding="utf-8")
)


@functools.cache
def validator() -> Draft202012Validator:
    """The schema's validator.

    The library is imported by the first test that asks: its readers of formats, where
    they are installed, take seconds to start. Documents have much in common, a block or a
    cause with its steps; what was valid once is not gone through again.
    """
    import jsonschema

    whole = jsonschema.Draft202012Validator
    look = whole.VALIDATORS["$ref"]
    valid: set[tuple[str, str]] = set()

    def once(
        validator: Any, ref: str, instance: object, schema: object
    ) -> Iterator[ValidationError]:
        """Hold a part to its definition, unless an equal one was found valid before."""
        known = (ref, json.dumps(instance))
        if known not in valid:
            errors = [*look(validator, ref, instance, schema)]
            yield from errors
            if not errors:
                valid.add(known)

    extend: Any = jsonschema.validators.extend  # has no types of its own
    made: Draft202012Validator = extend(whole, {"$ref": once})(SCHEMA)
    return made
