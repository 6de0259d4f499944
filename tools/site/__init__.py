"""What the site is made of besides text: reference pages and tables, from the checks' own data.

The way out of the theme. Material for MkDocs ends in May 2027, and MkDocs 1 is not developed
further. What is ours does not depend on them: pages are Markdown, this package makes Markdown
from code, ``mkdocs_pyodide`` adds its files to any built site (``python -m mkdocs_pyodide
SITE_DIR``), the card's style sheet uses its own variables. A test builds the same tree with
ProperDocs, the maintained fork; Zensical reads ``mkdocs.yml`` but runs no hooks, so there
``hooks.py`` would become a step before the build. The search is Pagefind's, over the text of
the pages. Only ``docs/templates/``, ``assets/js/search.mjs`` and parts of ``site.css`` and
``search.css`` know Material; its scripts and sheets are as it ships them.
"""
