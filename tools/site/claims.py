"""What popular articles get wrong: each claim beside what is so, and the proof.

A proof is a script. What needs no machine is run while the page is made, and its output
is what the page shows. What needs sockets is run by a test, in a network of its own, and
compared with the output that stands here: a page that is built on a train must not differ.
"""

from __future__ import annotations

import contextlib
import io
from textwrap import dedent
from typing import NamedTuple

from tools.site._claims import CLAIMS as ROWS
from tools.site.markup import fence, link, page

PATH = "reference/claims.md"


class Claim(NamedTuple):
    """One claim, and what there is against it."""

    slug: str
    claim: str
    """As articles have it, one sentence."""
    truth: str
    """What is so, as Markdown."""
    code: str
    """A Python script that shows it."""
    output: str | None
    """What it prints on Linux, where it asks a machine; None where it is run for the page."""
    treated: tuple[str, str]
    """Title and path of the page that treats the matter, relative to the page of the claims."""
    sources: tuple[tuple[str, str], ...]
    """Title and address of each."""
    needs_root: bool = False
    """Whether the script has to begin as root: to become another user, or to set the kernel."""


def all_claims() -> list[Claim]:
    """Return every claim, in the order of the page."""
    return [
        Claim(
            row["slug"],
            row["claim"],
            row["truth"],
            dedent(row["code"]).strip("\n"),
            dedent(row["output"]).strip("\n") if "output" in row else None,
            row["treated"],
            row["sources"],
            row.get("needs_root", False),
        )
        for row in ROWS
    ]


def run(code: str) -> str:
    """Run a script that asks no machine, and return what it printed.

    Arguments:
        code: of a claim without output; it is this repository's own.
    """
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, PATH, "exec"), {"__name__": "claim"})  # noqa: S102 - our own text
    return printed.getvalue().rstrip("\n")


def pages() -> dict[str, str]:
    """Return the page: path below docs to Markdown."""
    return {PATH: _page()}


def _page() -> str:
    claims = all_claims()
    ran = sum(claim.output is None for claim in claims)
    intro = (
        f"{len(claims)} wrong statements that articles on 127.0.0.1 and ports repeat, and what is"
        " true. A script that you can run proves each. "
        f"{ran} scripts open no socket and were run to make this page. A test runs the other"
        f" {len(claims) - ran} on Linux, each in a new network namespace, and compares every line"
        " of the output."
    )
    return page(
        "What popular articles get wrong",
        "Common claims about 127.0.0.1, localhost and port numbers that are wrong, each with a"
        " script that shows it and the source.",
        "\n\n".join([intro, *(_claim(claim) for claim in claims)]),
    )


def _claim(claim: Claim) -> str:
    shown = claim.output if claim.output is not None else run(claim.code)
    how = "It prints:" if claim.output is None else "On Linux it prints:"
    if claim.needs_root:
        how = "Run as root on Linux it prints:"
    where = ", ".join(link(title, url) for title, url in claim.sources)
    return "\n\n".join(
        [
            f"## “{claim.claim}” {{ #{claim.slug} }}",
            claim.truth,
            fence(claim.code, "python"),
            how,
            fence(shown, "text"),
            f"Sources: {where}. More: {link(*claim.treated)}.",
        ]
    )
