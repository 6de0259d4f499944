"""S610 busy-with-client."""

from __future__ import annotations

from checks.findings import busy, wording
from checks.findings.base import Finding, Match, Subject
from checks.findings.connection.context import context_of


class BusyWithClient(Finding):
    """The program serves one client at a time, and is busy with one now.

    What it means
    -------------
    The program accepted one connection, and accepts no other one while that is open. New clients
    connect, because the kernel accepts for it, and then wait. When the first client closes its
    connection, the next one is served.

    How it is detected
    ------------------
    The connection of the check stayed in the queue. The socket table shows connections that the
    process did accept, all of one client, and the process was not stopped. It may also hang while
    it serves that client: the table cannot tell the difference. The client is named if it runs on
    this machine. This is detected on Linux only.

    Why it happens
    --------------
    - Python's `http.server.HTTPServer`, `wsgiref`, Flask without threads, and `php -S` serve one
      request at a time. `python -m http.server` has used threads since Python 3.7.
    - Browsers open connections ahead of time and send nothing on them. A server without threads
      waits for a request there and serves no other client.
    - A debugger has stopped the request that is being served.

    What to do
    ----------
    Close that client's connection, or make the server accept several at once:
    `ThreadingHTTPServer` in Python, `threaded=True` in Flask, the variable
    `PHP_CLI_SERVER_WORKERS` for `php -S`. To see the connections of the port:

    - Linux: `ss -tanp 'sport = :62893'`
    - macOS: `sudo lsof -nP -iTCP:62893`
    - Windows: `Get-NetTCPConnection -LocalPort 62893`

    Guide
    -----
    troubleshooting/not-responding/#one-client-at-a-time

    Sources
    -------
    - Python manual, http.server, ThreadingHTTPServer:
      https://docs.python.org/3/library/http.server.html
    - PHP manual, built-in web server, PHP_CLI_SERVER_WORKERS:
      https://www.php.net/manual/en/features.commandline.webserver.php
    - accept(2): https://man7.org/linux/man-pages/man2/accept.2.html
    """

    code = "S610"
    slug = "busy-with-client"
    severity = "warning"
    title = "Busy with another client"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where a program that takes no connection has taken those of one client."""
        context = context_of(subject, "C320")
        row = context.listeners[0] if context is not None and context.listeners else None
        if context is None or row is None:
            return None
        peers = busy.connections(context.probe, row)
        if not peers:
            return None
        text = (
            f"{wording.opening(row)} has accepted a connection of {busy.client(peers)} and accepts"
            " no other one. Most likely it serves one client at a time."
        )
        fixes = context.fixes(busy.fixes(context.number))
        return Match(
            text,
            fixes,
            tuple(map(wording.peer_line, peers)),
            listeners=(row,),
            brief=f"most likely it is busy with {busy.client(peers)}.",
        )
