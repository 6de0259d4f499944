"""How sure a wording makes of an error, and what a word of a wording is."""

from __future__ import annotations

import re

EXACT, NUMBERED, HINTED, VAGUE = 3, 2, 1, 0
"""The ranks that the docstring of :mod:`checks.text.errors` explains."""

# ASCII words of a text in lower case; the table is cut by the same rule.
words_of = re.compile(r"[a-z_][a-z0-9_]*").findall
