"""Group B: can a program listen on the endpoint, and if not, why."""
