"""Group S: what speaks on the port, and what it lets anyone do."""
