"""A message of bind() is answered for someone who wants to listen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import situations as real
from findings.records import PORT, PYTHON, attempt, binding, findings, listener, probe

from checks import classify, diagnose
from checks.findings.intent import wants_to_listen

if TYPE_CHECKING:
    from checks.model.evidence import Probe

REFUSED = probe(attempt("refused", "::1"), listeners=(listener("127.0.0.1", PYTHON),))
IN_USE = REFUSED._replace(
    bindings=(binding("in-use", errno="EADDRINUSE", errno_reuse="EADDRINUSE"),)
)
WIDE = probe(attempt("accepted"), listeners=(listener("0.0.0.0", PYTHON),))
BOUND = probe(attempt("refused"), bindings=(binding("bound-not-listening", errno="EADDRINUSE"),))


def advised(text: str, evidence: Probe | None = None) -> set[str]:
    """The codes of the findings that say what to do."""
    return {one.finding.code for one in findings(text, evidence) if one.match.fix}


@pytest.mark.parametrize(
    ("text", "wants"),
    [
        ("Error: listen EADDRINUSE: address already in use :::3000", True),
        ("OSError: [Errno 98] Address already in use", True),
        ("listen tcp 127.0.0.1:80: bind: permission denied", True),
        ("listen tcp 192.0.2.1:80: bind: cannot assign requested address", True),
        ("dial tcp 192.0.2.1:80: connect: permission denied", False),
        ("connect ECONNREFUSED 127.0.0.1:80", False),
        ("127.0.0.1:80", False),
    ],
)
def test_the_message_tells_what_was_wanted(text: str, wants: bool) -> None:
    """Messages of bind() and listen() are told from those of connect()."""
    assert wants_to_listen(classify(text)) is wants


@pytest.mark.machine
def test_a_port_that_is_free_again_is_good_news() -> None:
    """EADDRINUSE, and nothing holds the port any more: no error is left."""
    port = real.free_port()
    report = diagnose(f"listen EADDRINUSE: address already in use 127.0.0.1:{port}")
    assert report.severity != "error"
    assert report.verdict.startswith(f"127.0.0.1:{port} is free")


@pytest.mark.machine
def test_a_port_that_is_taken_is_what_is_wrong() -> None:
    """EADDRINUSE, and a listener holds the port: it is named, as an error."""
    with real.listening_process("127.0.0.1") as (port, pid):
        report = diagnose(f"listen EADDRINUSE: address already in use 127.0.0.1:{port}")
    assert report.severity == "error"
    assert f"pid {pid}" in report.verdict
    assert [f.finding.code for f in report.findings if f.severity == "error"] == ["B402"]


@pytest.mark.machine
def test_a_refused_client_is_not_told_of_binding() -> None:
    """The near case: the same port, asked for by someone who wants to connect."""
    port = real.free_port()
    report = diagnose(f"connect ECONNREFUSED 127.0.0.1:{port}")
    assert [f.finding.code for f in report.findings if f.severity == "error"] == ["C302"]


class TestAdvice:
    """What is to be done is to the point of the text."""

    def test_someone_who_wants_to_listen(self) -> None:
        """How to connect is no help; what has the port is."""
        assert advised(f"bind [::1]:{PORT}: Address already in use", IN_USE) == {"B402"}

    def test_someone_who_wants_to_connect(self) -> None:
        """How to get the port is no help; without an error both are."""
        assert advised(f"connect ECONNREFUSED ::1:{PORT}", IN_USE) == {"C309"}
        assert advised(f"[::1]:{PORT}", IN_USE) == {"C309", "B402"}

    def test_what_is_in_the_way_of_both(self) -> None:
        """A socket that is bound and does not listen."""
        for text in ("connect ECONNREFUSED", "listen EADDRINUSE"):
            assert "B403" in advised(f"{text} 127.0.0.1:{PORT}", BOUND)

    @pytest.mark.parametrize(
        ("code", "text"),
        [("A102", "127.0.0.2"), ("A103", "0.0.0.0"), ("P203", "http://127.0.0.1:6000/"),
         ("P208", "127.0.0.1:8080")],
    )  # fmt: skip
    def test_what_only_describes(self, code: str, text: str) -> None:
        """It advises where nothing else is known: no error, and no machine that was asked."""
        assert code in advised(text)
        for other, evidence in ((text, WIDE), (f"connect ECONNREFUSED {text}", None)):
            codes = {one.finding.code for one in findings(other, evidence)}
            assert code in codes
            assert code not in advised(other, evidence)
