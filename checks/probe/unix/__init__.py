"""Unix sockets of this machine: their table, a connection, and what keeps a user from one."""
