"""Group A: what the host of an endpoint is, told from its spelling alone."""
