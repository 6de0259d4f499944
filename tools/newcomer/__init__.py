"""Runs the README's commands where nothing is prepared: ``python3 -m tools.newcomer``.

A machine that is used for development has what the project needs, so a step
that the set-up forgets is not seen there. This makes new minimal Debian systems
and runs the README's commands in them, as root and as a user without rights.
"""
