"""The home page shows what the checks say of the site's own server: here the two are run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import fence_run
import situations
from site_build import ROOT, Site

from tools import serve

HOME = (ROOT / "docs/index.md").read_text(encoding="utf-8")


def test_the_site_is_diagnosed_as_its_home_page_shows(site: Site) -> None:
    """The server of ``make serve``, on the site's own address, in a network of its own."""
    block = re.search(r"```console\n\$ (.+)\n((?s:.*?))```", HOME)
    assert block is not None
    with situations.own_network():
        child = subprocess.Popen(
            [str(Path(sys.executable).with_name("python")), "-m", "tools.serve", str(site.root)],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        with child:
            assert child.stdout is not None
            assert "http://127.0.0.1:62893/" in child.stdout.readline()
            command = [sys.executable, *block[1].split()[1:]]
            asked = subprocess.run(
                command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
            )
            child.terminate()
    assert asked.returncode == 0
    assert f"(pid {child.pid})" in asked.stdout
    assert fence_run.matches(block[2], asked.stdout), asked.stdout
    assert "S606" not in asked.stdout


def test_the_address_of_make_serve_is_the_one_that_the_build_believes_in() -> None:
    """Without SITE_URL the pages name themselves by the address at which they are served."""
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert f'site_url: !ENV [SITE_URL, "http://{serve.HOST}:{serve.PORT}/"]' in config
