"""The plugin for MkDocs and for its fork ProperDocs, with any theme."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mkdocs.config import config_options as c
from mkdocs.config.base import Config
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import File

from mkdocs_pyodide import assets, offline, pages
from mkdocs_pyodide.fence import LABEL, PyodideExtension
from mkdocs_pyodide.runtime import INTEGRITY, VERSION, IntegrityError, RuntimeMissingError

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

log = get_plugin_logger("pyodide")


class PyodideConfig(Config):  # type: ignore[no-untyped-call]
    """The options in ``mkdocs.yml``; README.md describes them."""

    package = c.Dir(exists=True)
    exclude = c.ListOfItems(c.Type(str), default=[])
    functions = c.DictOfItems(c.Type(str))
    fences = c.DictOfItems(c.Type(str), default={})
    inline = c.Type(str, default="")
    page = c.Type(str, default="")
    label = c.Type(str, default=LABEL)
    warm = c.Optional(c.File(exists=True))
    docstrings = c.Type(bool, default=True)
    version = c.Type(str, default=VERSION)
    integrity = c.Type(str, default=INTEGRITY)
    runtime = c.Type(str, default="")


class PyodidePlugin(BasePlugin[PyodideConfig]):  # type: ignore[no-untyped-call]
    """Renders the fences, adds the runtime's files, and its script to every page."""

    def __init__(self) -> None:
        self.assets: dict[str, bytes] = {}

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Make the functions importable, and Markdown know the fences."""
        parent = str(Path(self.config.package).parent)
        if parent not in sys.path:
            sys.path.insert(0, parent)
        names = ("functions", "fences", "inline", "page", "label")
        try:
            extension = PyodideExtension(**{name: self.config[name] for name in names})
        except (ImportError, AttributeError, KeyError) as error:
            raise PluginError(f"pyodide: a fence's function cannot be had: {error}") from error
        config.markdown_extensions.append(extension)  # type: ignore[arg-type]  # as Markdown takes it
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the folder of the runtime."""
        self.assets = self._assets(config)
        for path, data in self.assets.items():
            files.append(File.generated(config, path, content=data))
        return files

    def _assets(self, config: MkDocsConfig) -> dict[str, bytes]:
        own = self.config
        root = Path(config.config_file_path or ".").parent
        options = assets.Options(
            package=Path(own.package),
            functions=own.functions,
            exclude=tuple(own.exclude),
            warm=Path(own.warm) if own.warm else None,
            docstrings=own.docstrings,
            version=own.version,
            integrity=own.integrity,
            runtime=str(root / own.runtime) if own.runtime else "",
        )
        try:
            return assets.build(options)
        except RuntimeMissingError as error:
            log.warning("pages have rendered answers only, no live ones: %s", error)
            return {}
        except (IntegrityError, FileNotFoundError) as error:
            raise PluginError(f"pyodide: {error}") from error

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Make addresses in answers relative to the page, and say which lead nowhere."""
        known = {"", *(file.dest_uri for file in files)}
        for path in sorted(set(pages.addresses(html))):
            target = path + "index.html" if path.endswith("/") else path
            if target not in known:
                level = config.validation.links.not_found
                log.log(
                    level,
                    '%s: an answer links to "%s", which is not there',
                    page.file.src_uri,
                    path,
                )
        return pages.resolve(html, pages.relative_base(page.file.dest_uri))

    @event_priority(50)
    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Add the script, and resolve what a template rendered."""
        return self._finish(output, pages.relative_base(page.file.dest_uri))

    def on_post_template(self, output: str, *, template_name: str, config: MkDocsConfig) -> str:
        """The 404 page is served at any path, so its addresses are absolute."""
        if template_name != "404.html":
            return output
        return self._finish(output, urlsplit(config.site_url or "/").path.rstrip("/") + "/")

    def _finish(self, output: str, base: str) -> str:
        output = pages.resolve(output, base)
        if not self.assets:
            return output
        return pages.with_script(output, base + assets.client_of(self.assets))

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write the service worker, whose version stands for the whole site."""
        offline.write(Path(config.site_dir), self.assets, self.config.page)
