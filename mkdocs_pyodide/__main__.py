"""``python -m mkdocs_pyodide SITE_DIR``: adds the runtime to a site built by another generator."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs_pyodide import assets, offline, pages
from mkdocs_pyodide.runtime import INTEGRITY, VERSION, IntegrityError, RuntimeMissingError

if TYPE_CHECKING:
    from collections.abc import Sequence


def parser() -> argparse.ArgumentParser:
    """The arguments."""
    found = argparse.ArgumentParser(prog="python -m mkdocs_pyodide", description=__doc__)
    found.add_argument("site", type=Path, metavar="SITE_DIR", help="the built site")
    found.add_argument("--package", type=Path, required=True, help="folder of the package to ship")
    found.add_argument(
        "--function", action="append", required=True, metavar="NAME=MODULE:FUNCTION",
        help="a function of the pages; may be given again",
    )  # fmt: skip
    found.add_argument("--exclude", action="append", default=[], help="what stays at home")
    found.add_argument("--warm", type=Path, help="Python file run to see which imports happen")
    found.add_argument("--page", default="", help="page with the field, relative to the root")
    found.add_argument("--version", default=VERSION, help="of the npm package pyodide")
    found.add_argument("--integrity", default=INTEGRITY, help="sha512-... of its archive")
    found.add_argument("--runtime", default="", help="local folder or archive instead of npm")
    return found


def add(site: Path, files: dict[str, bytes], page: str) -> int:
    """Write the files and the pages' script elements, in place of those of an earlier run.

    Returns:
        how many pages there are.
    """
    for path, data in files.items():
        target = site / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    count = 0
    for target in sorted(site.rglob("*.html")):
        base = pages.relative_base(target.relative_to(site).as_posix())
        text = pages.resolve(target.read_text(encoding="utf-8"), base)
        text = pages.with_script(text, base + assets.client_of(files))
        target.write_text(text, encoding="utf-8", newline="")
        count += 1
    offline.write(site, files, page)
    return count


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; 0 done, 1 the runtime cannot be had or is not the right one, 2 wrong arguments."""
    given = parser().parse_args(arguments)
    functions = dict(each.partition("=")[::2] for each in given.function)
    if not given.site.is_dir() or not all(functions.values()):
        parser().error("SITE_DIR is a folder, --function is NAME=MODULE:FUNCTION")
    options = assets.Options(
        given.package.resolve(), functions, tuple(given.exclude), given.warm, given.version,
        given.integrity, given.runtime,
    )  # fmt: skip
    try:
        files = assets.build(options)
    except (RuntimeMissingError, IntegrityError, FileNotFoundError) as error:
        print(f"mkdocs_pyodide: {error}", file=sys.stderr)
        return 1
    count = add(given.site, files, given.page)
    folder = assets.client_of(files).rpartition("/")[0]
    print(f"{count} pages, {sum(map(len, files.values()))} bytes in {folder}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
