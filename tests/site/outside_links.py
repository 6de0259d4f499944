"""Every link that leads out of the site, for a check now and then.

Other people's sites come and go, so no test asks them: ``python
tests/site/outside_links.py`` lists the addresses with their pages, and with
``--check`` asks each one and tells which are gone.
"""

from __future__ import annotations

import argparse
import sys
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

WORKERS = 8
TIMEOUT = 20.0
"""Seconds for one address."""
_THERE = frozenset({401, 403, 405, 406, 418, 429, 999})
"""Refusals of a program, by hosts that would answer a person: the page may well be there."""


def collect() -> dict[str, list[str]]:
    """Addresses without their fragment, and the pages that link to each."""
    import site_sources

    found: dict[str, set[str]] = defaultdict(set)
    for page in [*site_sources.typed(), *site_sources.generated()]:
        for link in page.links:
            if link.target.startswith(("http://", "https://")):
                found[link.target.partition("#")[0]].add(page.path)
    return {address: sorted(pages) for address, pages in sorted(found.items())}


def ask(address: str) -> str:
    """Why an address is gone; empty where it answers."""
    headers = {"User-Agent": "Mozilla/5.0 (link check)"}
    request = urllib.request.Request(address, headers=headers)  # noqa: S310, from our own pages
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT):  # noqa: S310
            return ""
    except urllib.error.HTTPError as error:
        return "" if error.code in _THERE else f"{error.code} {error.reason}"
    except (OSError, ValueError) as error:
        return str(getattr(error, "reason", error)) or type(error).__name__


def gone(addresses: Mapping[str, list[str]]) -> dict[str, str]:
    """The addresses that do not answer, and why."""
    with ThreadPoolExecutor(WORKERS) as pool:
        answers = dict(zip(addresses, pool.map(ask, addresses), strict=True))
    return {address: why for address, why in answers.items() if why}


def main(arguments: list[str] | None = None) -> int:
    """List the addresses, or tell which are gone; then the exit code is 1."""
    root = Path(__file__).resolve().parents[2]
    sys.path.insert(0, str(root))
    parser = argparse.ArgumentParser(description="Links that lead out of the site.")
    parser.add_argument("--check", action="store_true", help="ask each one")
    options = parser.parse_args(arguments)
    found = collect()
    if not options.check:
        for address, pages in found.items():
            print(address, *pages)
        return 0
    missing = gone(found)
    for address, why in missing.items():
        print(f"{address}: {why}; on {', '.join(found[address])}")
    print(f"{len(found)} addresses asked, {len(missing)} gone")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
