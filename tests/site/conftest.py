"""Gives the tests of the site their fixtures, which :mod:`site_fixtures` holds.

This file itself is left out of mypy: ``tests/conftest.py`` has the same name there.
"""

from site_fixtures import box, browser, context, served, shared, shared_visit, site, visit

__all__ = ["box", "browser", "context", "served", "shared", "shared_visit", "site", "visit"]
