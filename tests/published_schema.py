"""The published schema of the JSON contract, and what holds documents to it."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import checks

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

SCHEMA: dict[str, Any] = json.loads(
    Path(checks.__file__).with_name("schema.json").read_text(encoding="utf-8")
)


@functools.cache
def validator() -> Draft202012Validator:
    """The schema's validator.

    The library is imported by the first test that asks: its readers of formats, where
    they are installed, take seconds to start.
    """
    import jsonschema

    return jsonschema.Draft202012Validator(SCHEMA)
