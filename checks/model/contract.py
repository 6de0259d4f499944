"""The JSON contract: its name and version."""

from __future__ import annotations

SCHEMA = "checks/1"
"""What every document says of itself under ``schema``."""
