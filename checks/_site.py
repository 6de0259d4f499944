"""Where this build's site is published. Written by ``tools/stamp.py``, never by hand."""

SITE = ""
"""The root of the site, ending in a slash; empty where none is published."""
