"""python -m checks."""

import gc

gc.disable()  # imports make no garbage, and a diagnosis ends before there is any to collect

from checks.cli import entry  # noqa: E402 - see above

if __name__ == "__main__":
    entry()
