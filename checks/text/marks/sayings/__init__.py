"""Sentences that one program alone prints, and words that lean to one cause, by operation.

Each row has its author as its source: the program that prints the words is named in what
they tell. Rows of the same key are spellings of one sentence; the first that is found counts.
"""

from __future__ import annotations

from checks.text.marks.sayings import bind, http, policy, tls

MARKS: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    *bind.MARKS,
    *tls.MARKS,
    *http.MARKS,
    *policy.MARKS,
)
"""Key, words of which one must be in the text in lower case, pattern, what it tells."""
