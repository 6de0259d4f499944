"""Puts functions written in Python (text in, HTML out) into the pages of a static site.

A Markdown fence is rendered while the site is built; in the page the same
function answers live, in the visitor's browser, by a Python that the site hosts
itself. The plugin for MkDocs is :mod:`mkdocs_pyodide.plugin`, the Markdown
extension :mod:`mkdocs_pyodide.fence`; ``python -m mkdocs_pyodide`` adds the
runtime to a site that another generator built.
"""

__version__ = "0.1.0"
