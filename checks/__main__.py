"""python -m checks."""

import gc

gc.disable()  # imports make no garbage, and a diagnosis ends before there is any to collect

try:
    from checks import _start
    from checks.cli import entry
except KeyboardInterrupt:
    raise SystemExit(130) from None

if __name__ == "__main__":
    _start.hear()
    entry()
