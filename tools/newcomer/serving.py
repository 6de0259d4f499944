"""Run inside a minimal system: start a server, ask it as the README does, end it with Ctrl-C.

``python3 tools/newcomer/serving.py PROGRAM [ARGUMENT...]``; exit code 0 where
the site was served, was recognised, and its port was free afterwards.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys

if sys.platform == "win32":
    raise ImportError("minimal Debian systems need Linux")

ENDPOINT = ("127.0.0.1", 62893)
QUESTION = [sys.executable, "-m", "checks", "127.0.0.1:62893"]
READY = b"The site is at"


def main(command: list[str]) -> int:
    """Print what the server and the question said; return the exit code."""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, start_new_session=True, preexec_fn=_interruptible
    ) as server:
        output = server.stdout or ()
        served = False
        for line in output:
            print(line.decode(), end="", flush=True)
            served = line.startswith(READY)
            if served:
                break
        asked = subprocess.run(QUESTION, check=False).returncode if served else None
        # A terminal sends Ctrl-C to every process of the foreground, so to make and its child.
        os.killpg(server.pid, signal.SIGINT)
        server.communicate(timeout=30)
    free = _is_free()
    print(f"served: {served}; the question's exit code: {asked}; free afterwards: {free}")
    return 0 if served and asked == 0 and free else 1


def _interruptible() -> None:
    """As in a terminal: what a script starts in the background would ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _is_free() -> bool:
    """No program accepts there, and one that starts could."""
    with socket.socket() as asked:
        if asked.connect_ex(ENDPOINT) == 0:
            return False
    with socket.socket() as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind(ENDPOINT)
        except OSError:
            return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
