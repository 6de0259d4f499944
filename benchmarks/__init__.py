"""Speed beside that of other tools, measured in one run on one machine."""
