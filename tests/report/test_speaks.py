"""What speaks on a port, as rows of the report and as JSON."""

from __future__ import annotations

import json

import published_schema
import pytest
from findings.records import PORT, PYTHON, TARGET, attempt, certificate, listener, probe, speaks

import checks
from checks.model.evidence import Identity, Probe, Relay
from checks.report import Report, conclude
from checks.report.formats import text
from checks.report.style import Style
from checks.text import classify

RELAY = Relay("docker-proxy", "a published port of a Docker container", "172.17.0.2:80", 7)
EVIL = "\x1b]0;owned\x07\u202egnp.exe\x9b2J\ud800"


def report(identity: Identity | None, relay: Relay | None = None) -> Report:
    """The report on a service of this machine."""
    rows = (listener("127.0.0.1", PYTHON),)
    evidence: dict[int, Probe] = {
        0: probe(attempt("accepted"), listeners=rows, identity=identity, relay=relay)
    }
    return conclude(classify(TARGET), evidence)


def shown(identity: Identity | None, relay: Relay | None = None) -> str:
    """The report on one line for each row."""
    return text.render(report(identity, relay), Style(100))


@pytest.mark.parametrize(
    ("identity", "row"),
    [
        (
            speaks("http", "nginx", "1.22.1", details=(("title", "Welcome to nginx!"),)),
            'Speaks       HTTP (nginx 1.22.1), title "Welcome to nginx!"\n',
        ),
        (speaks("redis", "Redis", "7.0.15"), "Speaks       Redis 7.0.15\n"),
        (
            speaks("http", "nginx", secured=certificate()),
            "Speaks       HTTP over TLS (nginx)\n"
            "               TLS: TLSv1.3, http/1.1, certificate CN=localhost,"
            " valid until 2027-01-01, issued by\n               CN=Local CA\n",
        ),
        (speaks(None, behaviour="silent"), "Speaks       nothing: no byte came back\n"),
        (speaks(None, behaviour="reset"), "Speaks       nothing: connections are reset at once\n"),
        (
            speaks(None, behaviour="not-asked"),
            "Speaks       not tested: no question was sent\n",
        ),
        (speaks(None), "Speaks       a protocol that was not recognised\n"),
    ],
)
def test_row_says_what_speaks(identity: Identity, row: str) -> None:
    """Protocol, product, version and title; the certificate below."""
    assert row in shown(identity)


def test_row_of_a_relay() -> None:
    """Where connections go on to."""
    row = "Relay        a published port of a Docker container, on to 172.17.0.2:80\n"
    assert row in shown(None, RELAY)


def test_nothing_is_shown_where_nobody_asked() -> None:
    """No empty rows."""
    assert "Speaks" not in shown(None)
    assert "Relay" not in shown(None)


def test_identified_service_is_told_once() -> None:
    """The row tells it; the finding is listed by its code."""
    out = shown(speaks("redis", "Redis", "7.0.15"))
    assert "S601 service-identified" in out
    assert f"{TARGET} speaks" not in out


def test_nothing_from_outside_reaches_the_terminal_raw() -> None:
    """A banner, a title, a certificate and a command line may hold anything."""
    secured = certificate(f"The certificate does not name {EVIL}.", names=(EVIL,))
    secured = secured._replace(subject=EVIL, issuer=EVIL, alpn=EVIL)
    identity = speaks(
        "http", EVIL, EVIL, "accepts-any-host", "open-cors", "debug-interface", secured=secured,
        authentication="none", details=(("title", EVIL),), evidence=(EVIL,),
    )  # fmt: skip
    out = shown(identity, Relay("other", EVIL, EVIL, 7))
    assert out.replace("\n", "").isprintable()


@pytest.mark.parametrize(
    ("identity", "relay"),
    [
        (None, None),
        (None, RELAY),
        (speaks("http", "nginx", "1", "accepts-any-host", secured=certificate("x.")), None),
        (speaks("redis", authentication="none"), RELAY),
        (speaks(None, behaviour="not-asked"), None),
    ],
)
def test_json_validates(identity: Identity | None, relay: Relay | None) -> None:
    """Identity, TLS and relay are part of the published schema."""
    document = json.loads(json.dumps(report(identity, relay).to_dict()))
    published_schema.validator().validate(document)
    assert document["endpoints"][0]["probe"]["identity"] == (
        None if identity is None else json.loads(json.dumps(checks.report.plain(identity)))
    )
    assert document["endpoints"][0]["port"]["number"] == PORT


def test_schema_refuses_what_it_does_not_know() -> None:
    """A new behaviour or trait has to be described before it is given out."""
    validator = published_schema.validator()
    for identity in (speaks("http", None, None, "new"), speaks("http", behaviour="new")):
        assert not validator.is_valid(json.loads(json.dumps(report(identity).to_dict())))
