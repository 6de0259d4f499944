"""The sockets of this machine and who holds them: a file for each way to read their table."""
