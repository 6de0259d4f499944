"""A real Python of Windows on a machine that has none: ``python3 -m tools.windows``.

What only Windows lacks or does is seen only there: a name that its Python does not
have, an encoding, a path. This puts CPython for Windows under wine, and runs the
tests in it that need no Linux.

Wine is not Windows where the kernel answers: it refuses a closed port at once, binds
by Linux' rules, and has no netsh. What hangs on those has tests with recorded words.
"""
