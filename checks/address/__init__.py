"""Addresses: every spelling, and what it names. Pure."""
