"""Group N: what surrounds an endpoint and the reader, and changes where a request goes."""
