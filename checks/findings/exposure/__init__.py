"""Group E: who can connect to what listens on the port."""
