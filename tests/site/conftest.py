"""The built site, a server for it, and a browser."""

from __future__ import annotations
