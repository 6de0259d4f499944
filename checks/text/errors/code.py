"""Names of errors in a program's code, which say that the error is handled, not that it happened.

``except ConnectionRefusedError:``, ``err.code === 'EADDRINUSE'``, ``case ECONNRESET:``,
``rescue Errno::ECONNREFUSED => e``, ``errors.Is(err, syscall.EPIPE)``, ``#define ETIMEDOUT``.
"""

from __future__ import annotations

import re

from checks.model.patterns import has_any

_MARKS = (
    "except", "rescue", "catch", "case ", "==", "!=", "instanceof", "#define", "#if", "errors.is(",
    "raises", "tobe(", "tothrow", "toequal(", "errno in", "errorkind::", "includes(",
    "import ", "raise ", "throw ", "isinstance(", "errno.", "syscall.",
)  # fmt: skip
"""One of them is in each text that has such code, in lower case."""

_BEFORE = re.compile(
    r"(?:\b(?:except|rescue|instanceof|case)[ (][\w.:, (|]{0,80}"
    r"|\bcatch ?\((?:final )?[\w.|: ]{0,80}"
    r"|\b(?:code|errno|err|error|name|e)\)? ?(?:===?|!==?) ?['\"]?(?:[\w.]{1,20}(?:\.|::))?"
    r"|\b(?:import|raise|throw(?: new)?|isinstance\(\w{1,20},) [\w., (]{0,80}"
    r"|\b(?:errno|syscall|unix)\.(?:wsa)?"
    r"|#(?:define|ifn?def) (?:wsa)?|\berrors\.is\(\w{1,20}, ?(?:[\w.]{1,20}\.)?"
    r"|\b(?:assert)?_?raises(?:_error|_with_message)?[ (]['\"]?(?:[\w.]{1,20}(?:\.|::))?"
    r"|\b(?:tobe|toequal|tothrow\w{0,5}|includes)\(['\"]?|\berrno in [(\[{][\w., ]{0,80})\Z",
    re.ASCII,
)
_ARM = re.compile(r"\)?[ ,|]{0,3}[\w:| ]{0,60}=>", re.ASCII)
"""Behind a name: an arm of Rust's match, ``Some(ErrorKind::ConnectionRefused) =>``."""
_REACH = 120


def may_have_code(low: str) -> bool:
    """Whether a text in lower case has anything of such code."""
    return has_any(low, _MARKS)


def is_handled(low: str, start: int, end: int) -> bool:
    """Whether the words between two places are the name of an error in code.

    Arguments:
        low: the text in lower case.
        start: where the name begins.
        end: where it ends.
    """
    if " " in low[start:end]:
        return False
    first = max(low.rfind("\n", 0, start) + 1, start - _REACH)
    if _BEFORE.search(low, first, start):
        return True
    return low.endswith("errorkind::", first, start) and _ARM.match(low, end) is not None
