"""python -m checks."""

from checks.cli import entry

if __name__ == "__main__":
    entry()
