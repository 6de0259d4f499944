"""The records that travel between the rooms. Imports nothing else of this package."""
