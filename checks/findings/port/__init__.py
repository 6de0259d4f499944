"""Group P: what the port of an endpoint is, and what that means on which system."""
