"""What one question costs from the start of the process to its exit."""

from __future__ import annotations

import shutil
import socket
import sys
import threading

from benchmarks import measure
from benchmarks.table import markdown


def accepting() -> tuple[socket.socket, int]:
    """A listener that accepts and closes, on a port of its own."""
    server = socket.create_server(("127.0.0.1", 0), backlog=128)

    def serve() -> None:
        while True:
            try:
                peer, _ = server.accept()
            except OSError:
                return
            peer.close()

    threading.Thread(target=serve, daemon=True).start()
    return server, server.getsockname()[1]


def main(*, quick: bool = False) -> None:
    """Print the table."""
    runs = measure.runs(quick=quick)
    server, port = accepting()
    interpreter = sys.executable
    commands = {
        "python3 -c pass": [interpreter, "-c", "pass"],
        "python3 -m checks --no-identify 127.0.0.1:PORT":
            [interpreter, "-m", "checks", "--no-identify", f"127.0.0.1:{port}"],
        "python3 -m checks 127.0.0.1:PORT": [interpreter, "-m", "checks", f"127.0.0.1:{port}"],
        "python3 -m checks --json 127.0.0.1:PORT":
            [interpreter, "-m", "checks", "--json", f"127.0.0.1:{port}"],
        "nmap -n -Pn -p PORT 127.0.0.1": ["nmap", "-n", "-Pn", "-p", str(port), "127.0.0.1"],
        "lsof -nP -iTCP:PORT": ["lsof", "-nP", f"-iTCP:{port}"],
    }  # fmt: skip
    commands = {name: argv for name, argv in commands.items() if shutil.which(argv[0])}
    times = measure.processes(commands, runs)
    server.close()
    bare = times["python3 -c pass"]
    print(f"## Whole process on an accepting port, median of {runs}\n")
    rows = [(f"`{name}`", value, value / bare) for name, value in times.items()]
    print(markdown(("command", "ms", "to the interpreter"), rows))
