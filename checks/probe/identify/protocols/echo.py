"""The echo protocol (RFC 862): the server gives back what it gets, an HTTP request too."""

from __future__ import annotations


def gives_back(sent: bytes, got: bytes, least: int) -> bool:
    """Whether an answer is the beginning of what was sent.

    No server begins an answer with a request, so this is the client's own.

    Arguments:
        sent: the request.
        got: the answer.
        least: bytes that are needed to be sure.
    """
    return len(got) > least and sent.startswith(got)
