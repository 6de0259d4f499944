"""Findings about what surrounds an endpoint on its machine."""
