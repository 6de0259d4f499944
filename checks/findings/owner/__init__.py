"""Group O: the program that listens: whether it can do its work, or is itself what is wrong."""
