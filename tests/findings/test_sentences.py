"""No finding hangs on a sentence that the probe writes: codes and fields decide.

Each made evidence of the tests beside this one is held to it as well, and so is each
real situation of ``tests/test_scenarios.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sentences
import situations as real
from cases import each
from findings.records import (
    NODE,
    PORT,
    PYTHON,
    TARGET,
    attempt,
    binding,
    certificate,
    findings,
    listener,
    machine,
    probe,
    resolves,
    speaks,
)

from checks import diagnose
from checks.model.evidence import Activation, Icmp, Relay

if TYPE_CHECKING:
    from checks.model.evidence import Probe

PHRASES = (
    "skipped: nc without -k takes one connection and then ends",
    "this machine has no interface no",
    "not an address of this machine; --remote asks other machines",
    "the loopback interface lo is down",
    "ICMP type 3 code 1 from 192.168.1.1",
    "ICMPv6 type 1 code 3 from fe80::1",
    "connections wait there already and are not accepted, so none was made",
    "the connection was reset right after it was accepted",
)
"""Details of attempts as the probe has written them; none of them may decide anything."""

NOTES = (
    "The processes could not be read (/proc shows none): the owner of it is unknown.",
    "No process was found that holds tcp 127.0.0.1:1: the kernel itself may.",
    "The process that holds tcp 127.0.0.1:1 is hidden from this user; it belongs to ann.",
)

MADE: dict[str, tuple[str, Probe]] = {
    "left alone": (
        TARGET,
        probe(
            attempt("skipped", detail=PHRASES[0], reason="single-use"),
            listeners=(listener("127.0.0.1", NODE),),
            outcome="left-alone",
        ),
    ),
    "would start a service": (
        TARGET,
        probe(
            attempt("skipped", detail=PHRASES[0], reason="starts-service"),
            listeners=(
                listener(
                    "127.0.0.1", activation=Activation("systemd", "a.socket", "a.service")
                ),
            ),
            outcome="left-alone",
        ),
    ),
    "no interface": (
        f"[fe80::1%no]:{PORT}",
        probe(
            attempt("skipped", "fe80::1%no", detail=PHRASES[1], reason="no-interface"),
            outcome="not-probed",
        ),
    ),
    "another machine": (
        f"8.8.8.8:{PORT}",
        probe(
            attempt("skipped", "8.8.8.8", detail=PHRASES[2], reason="other-machine"),
            listeners=(listener("0.0.0.0", PYTHON),),
            outcome="not-this-machine",
        ),
    ),
    "lo is down": (
        TARGET, probe(attempt("unreachable", detail=PHRASES[3], reason="loopback-down")),
    ),
    "a router's word": (
        f"198.51.100.9:{PORT}",
        probe(
            attempt(
                "unreachable", "198.51.100.9", "EHOSTUNREACH", PHRASES[4],
                icmp=Icmp(4, 3, 1, "192.168.1.1"),
            ),
        ),
    ),
    "a rule's word": (
        TARGET,
        probe(
            attempt(
                "rejected", errno="ECONNREFUSED", detail="ICMP type 3 code 3 from 127.0.0.1",
                icmp=Icmp(4, 3, 3, "127.0.0.1"),
            ),
        ),
    ),
    "not taken": (
        TARGET,
        probe(
            attempt("skipped", detail=PHRASES[6], reason="not-taken")._replace(
                taken=False, watched=1000.0
            ),
            listeners=(listener("127.0.0.1", PYTHON, queue=2),),
            outcome="left-alone",
        ),
    ),
    "a hidden process": (
        TARGET,
        probe(
            attempt("accepted"), listeners=(listener(no_owner="other-user"),), notes=(NOTES[2],)
        ),
    ),
    "a process that was not found": (
        TARGET,
        probe(
            attempt("accepted"), listeners=(listener(no_owner="not-found"),), notes=(NOTES[1],)
        ),
    ),
    "no list of processes": (
        TARGET,
        probe(
            attempt("accepted"), listeners=(listener(no_owner="no-processes"),), notes=(NOTES[0],)
        ),
    ),
    "route_localnet": (
        TARGET,
        probe(
            attempt("accepted"),
            listeners=(listener("127.0.0.1", PYTHON),),
            at=machine(
                surroundings=("container docker", "route_localnet on all"),
                route_localnet=("all",),
            ),
        ),
    ),
    "in use, and not seen": (
        TARGET,
        probe(
            attempt("accepted"),
            bindings=(
                binding("in-use", errno="EADDRINUSE")._replace(
                    detail="its owner is not visible: the socket table could not be read",
                    reason="unseen",
                ),
            ),
            unread=("tcp4", "tcp6"),
        ),
    ),
    "a relay": (
        TARGET,
        probe(
            attempt("accepted"),
            relay=Relay("docker-proxy", "a published port of a Docker container", None, None),
        ),
    ),
    "a certificate for another name": (
        TARGET,
        probe(
            attempt("accepted"),
            identity=speaks(
                "http",
                secured=certificate(
                    "The certificate does not name 127.0.0.1.", problem_code="other-name"
                ),
            ),
        ),
    ),
    "a handshake that failed": (
        TARGET,
        probe(
            attempt("accepted"),
            identity=speaks(
                "tls",
                secured=certificate(
                    "The handshake failed: NO_CIPHER", None, problem_code="handshake"
                ),
            ),
        ),
    ),
    "a probe that failed": (
        TARGET, probe(outcome="failed", notes=("The probe failed and is at fault itself: x",)),
    ),
    "a name": (
        f"localhost:{PORT}",
        probe(
            attempt("refused"),
            attempt("accepted", "::1", detail="this system doesn't return it for localhost"),
            resolution=resolves("127.0.0.1"),
        ),
    ),
}  # fmt: skip


def test_every_text_of_the_evidence_is_a_sentence_or_a_value() -> None:
    """A new field is put into one of the two lists, or this fails."""
    for name, record in sentences.records().items():
        texts = {key for key, kind in record.__annotations__.items() if "str" in kind}
        words, values = (
            each.get(name, frozenset()) for each in (sentences.SENTENCES, sentences.VALUES)
        )
        assert words | values == texts, name
        assert not words & values, name


@pytest.mark.parametrize("name", MADE)
def test_made_evidence_is_judged_alike_without_its_sentences(name: str) -> None:
    """Codes, severities, messages, steps and verdicts stay; only quotes of a sentence change."""
    text, evidence = MADE[name]
    assert list(sentences.said(evidence)), "there is something to replace"
    assert findings(text, evidence)  # which holds it to that


@each("name", MADE)
@each("phrase", PHRASES)
def test_a_sentence_of_another_situation_misleads_nobody(name: str, phrase: str) -> None:
    """With a detail that says something else the codes still decide."""
    text, evidence = MADE[name]
    attempts = tuple(each._replace(detail=phrase) for each in evidence.attempts)
    other = evidence._replace(attempts=attempts, notes=NOTES)
    assert [found.finding.code for found in findings(text, other)] == [
        found.finding.code for found in findings(text, evidence)
    ]


def test_a_message_may_quote_a_sentence_and_no_more() -> None:
    """What is held to be a quotation is one, or else the proof proves nothing."""
    known = "The certificate is self-signed."
    assert sentences.quotes_only("TLS: the certificate is self-signed.", "TLS: x0x.", known)
    assert sentences.quotes_only("No answer.", "No answer.", known)
    assert not sentences.quotes_only("TLS: it is for a, b.", "TLS: x0x.", known)
    assert not sentences.quotes_only("No answer.", "No route.", known)
    assert not sentences.quotes_only(
        "TLS: the certificate is self-signed. It is for a, b.", "TLS: x0x.", known
    )


@pytest.mark.machine
def test_a_real_reason_is_a_code() -> None:
    """The loopback interface of a new network namespace is down: the step follows all the same."""
    with real.own_network():
        real.loopback(up=False)
        report = diagnose("127.0.0.1:80", timeout=real.SHORT, identify=False)
    assert report.probes[0].attempts[0].detail
    sentences.hold(report.classification, report.probes)
    (found,) = [each for each in report.findings if each.finding.code == "C307"]
    commands = [(fix.command or "").removeprefix("sudo ") for fix in found.match.fix]
    assert "ip link set lo up" in commands
