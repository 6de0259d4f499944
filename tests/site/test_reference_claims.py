"""Each claim that the site refutes: its script is run, on real sockets where it opens some."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from needs import need, need_root
from situations import PATIENCE, own_network

from tools.site import claims

if TYPE_CHECKING:
    from tools.site.claims import Claim

ROOT = Path(__file__).parents[2]
ALL = claims.all_claims()


def run(claim: Claim, folder: Path) -> str:
    """Run a claim's script as a reader would, and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", claim.code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.rstrip("\n")


@pytest.mark.parametrize("claim", [one for one in ALL if one.output], ids=lambda one: one.slug)
def test_script_prints_what_the_page_shows(claim: Claim, tmp_path: Path) -> None:
    """In a network of its own: fresh settings, every port free, real sockets."""
    if claim.needs_root:
        need_root()
    if "unshare" in claim.code:
        need("unshare", "util-linux")
    with own_network():
        assert run(claim, tmp_path) == claim.output


@pytest.mark.parametrize("claim", [one for one in ALL if not one.output], ids=lambda one: one.slug)
def test_script_without_sockets_prints_the_same_in_a_process(claim: Claim, tmp_path: Path) -> None:
    """What is run for the page is what a reader gets who runs it."""
    shown = claims.run(claim.code)
    assert shown
    assert run(claim, tmp_path) == shown
    assert shown in claims.pages()[claims.PATH]


@pytest.mark.parametrize("claim", ALL, ids=lambda one: one.slug)
def test_claim_is_whole(claim: Claim) -> None:
    """A sentence, what is so, a proof, a primary source, and a page to go on to."""
    assert claim.truth.endswith(".")
    assert "print(" in claim.code
    assert claim.sources
    assert all(address.startswith("https://") for _, address in claim.sources)
    assert claim.treated[1].endswith(".md")
    assert "socket" not in claim.code or claim.output


def test_slugs_are_unique() -> None:
    """They are anchors."""
    assert len({claim.slug for claim in ALL}) == len(ALL)
