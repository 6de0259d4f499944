"""Group C: what became of the connection, and why."""
