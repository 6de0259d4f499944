"""Group S: each finding with evidence that yields it, and with a near one that does not."""

from __future__ import annotations

import pytest
from findings.records import (
    NODE,
    PORT,
    PYTHON,
    TARGET,
    attempt,
    certificate,
    codes,
    listener,
    probe,
    speaks,
    the,
)

from checks.findings import settings, verdict
from checks.model.evidence import Identity, Listener, Probe
from checks.text import classify

LOOPBACK = (listener("127.0.0.1", PYTHON),)
EVERYWHERE = (listener("0.0.0.0", PYTHON),)


def met(identity: Identity | None, rows: tuple[Listener, ...] = LOOPBACK) -> Probe:
    """An endpoint that accepted, and what spoke there."""
    return probe(attempt("accepted"), listeners=rows, identity=identity)


CASES: dict[str, tuple[str, str, Identity, Identity]] = {
    # Name: code, target, identity that yields it, near one that does not
    "identified": ("S601", TARGET, speaks("ssh", "OpenSSH", "9.2p1"), speaks(None)),
    "TLS alone is identified": (
        "S601",
        TARGET,
        speaks("tls", secured=certificate()),
        speaks(None, behaviour="silent"),
    ),
    "not the port's protocol": ("S602", "127.0.0.1:5432", speaks("http"), speaks("postgresql")),
    "not the URL's protocol": (
        "S602",
        f"redis://127.0.0.1:{PORT}",
        speaks("http", "nginx"),
        speaks("redis", "Valkey"),
    ),
    "unknown is no contradiction": ("S602", "127.0.0.1:22", speaks("smtp"), speaks(None)),
    "TLS may hide it": (
        "S602",
        "127.0.0.1:5432",
        speaks("http", secured=certificate()),
        speaks("tls", secured=certificate()),
    ),
    "https to plain": (
        "S603",
        f"https://127.0.0.1:{PORT}",
        speaks("http", "nginx", None, "plain-only"),
        speaks("http", "nginx", None, "tls-only", secured=certificate()),
    ),
    "http to TLS": (
        "S603",
        f"http://127.0.0.1:{PORT}",
        speaks("http", "nginx", None, "tls-only", secured=certificate()),
        speaks("http", "nginx", None, secured=certificate()),  # may speak both
    ),
    "plain on 443": ("S603", "127.0.0.1:443", speaks("http"), speaks("ssh", "OpenSSH")),
    "TLS on 80": (
        "S603",
        "127.0.0.1:80",
        speaks("http", None, None, "tls-only", secured=certificate()),
        speaks("http"),
    ),
    "redis to TLS": (
        "S603",
        f"redis://127.0.0.1:{PORT}",
        speaks("redis", "Redis", "7.0", secured=certificate()),
        speaks("redis", "Redis", "7.0"),
    ),
    "expired": (
        "S604",
        TARGET,
        speaks("http", secured=certificate("The certificate expired on 2026-01-01T00:00:00Z.")),
        speaks("http", secured=certificate()),
    ),
    "no handshake, no certificate": (
        "S604",
        TARGET,
        speaks("tls", secured=certificate("The certificate is self-signed.")),
        speaks("tls", secured=certificate("The handshake failed: NO_CIPHER", version=None)),
    ),
    "debugger": (
        "S605",
        TARGET,
        speaks("http", "Node.js inspector", "20.1", "debug-interface", authentication="none"),
        speaks("http", "Jupyter Server", "2.0", authentication="required"),
    ),
    "any host": (
        "S606",
        TARGET,
        speaks("http", "Vite", None, "accepts-any-host"),
        speaks("http", "Vite", None),
    ),
    "any host over TLS": (
        "S606",
        TARGET,
        speaks("http", "nginx", None, "accepts-any-host"),
        speaks("http", "nginx", None, "accepts-any-host", secured=certificate()),
    ),
    "CORS with credentials": (
        "S607",
        TARGET,
        speaks("http", None, None, "open-cors"),
        speaks("http"),
    ),
}


@pytest.mark.parametrize(("code", "target", "yes", "no"), CASES.values(), ids=list(CASES))
def test_applies_to_the_one_and_not_to_its_neighbour(
    code: str, target: str, yes: Identity, no: Identity
) -> None:
    """Each rule has an edge, and both sides of it are shown."""
    assert codes(target, met(yes), "S").count(code) == 1
    assert code not in codes(target, met(no))


def test_nothing_is_said_where_nobody_asked() -> None:
    """Without an identification the group is silent."""
    assert codes(TARGET, met(None), "S") == []


def test_nothing_is_said_of_a_port_that_does_not_accept() -> None:
    """What speaks somewhere else is no matter of this endpoint."""
    evidence = probe(attempt("refused"), identity=speaks("redis", authentication="none"))
    assert [code for code in codes(TARGET, evidence) if code[0] == "S" or code == "E505"] == []


@pytest.mark.parametrize("port", [8080, 8000, 3000, 5000, 9200, 6006, 115, 33060, 49152])
def test_contested_ports_are_never_judged(port: int) -> None:
    """A port that nobody clearly owns may speak whatever it likes."""
    for protocol in ("ssh", "http", "redis", "mysql"):
        assert "S602" not in codes(f"127.0.0.1:{port}", met(speaks(protocol)))


@pytest.mark.parametrize(
    ("port", "protocol"),
    [
        (21, "ftp"), (22, "ssh"), (25, "smtp"), (53, None), (80, "http"), (110, "pop3"),
        (143, "imap"), (389, "ldap"), (443, "http"), (587, "smtp"), (636, "ldap"), (993, "imap"),
        (1883, "mqtt"), (2375, "http"), (3306, "mysql"), (3389, "rdp"), (4222, "nats"),
        (5432, "postgresql"), (5672, "amqp"), (5900, "vnc"), (6379, "redis"), (8883, "mqtt"),
        (11211, "memcached"), (27017, "mongodb"), (8222, None), (15672, None),
    ],
)  # fmt: skip
def test_ports_with_one_owner(port: int, protocol: str | None) -> None:
    """The port's protocol is no contradiction, and any other is one."""
    other = "rsync"
    assert ("S602" in codes(f"127.0.0.1:{port}", met(speaks(other)))) == (protocol is not None)
    if protocol:
        assert "S602" not in codes(f"127.0.0.1:{port}", met(speaks(protocol)))


def test_url_outranks_the_port() -> None:
    """Who writes http://host:5432 wants HTTP, and gets it."""
    assert "S602" not in codes("http://127.0.0.1:5432", met(speaks("http")))
    found = the("S602", "http://127.0.0.1:5432", met(speaks("postgresql", "PostgreSQL")))
    assert found.severity == "warning"
    assert found.match.message == (
        "127.0.0.1:5432 speaks PostgreSQL, not HTTP, although the URL has http."
    )


def test_plain_answer_to_https_says_whether_tls_was_tried() -> None:
    """No claim goes beyond what was asked."""
    target = f"https://127.0.0.1:{PORT}"
    tried = the("S603", target, met(speaks("http", None, None, "plain-only"))).match
    untried = the("S603", target, met(speaks("http"))).match
    assert tried.message.endswith("answers plain HTTP, and TLS failed.")
    assert untried.message.endswith("answers plain HTTP.")
    assert untried.fix[0].text.startswith("Use http:// in the URL")


@pytest.mark.parametrize("protocol", ["postgresql", "mysql"])
def test_tls_within_a_protocol_is_no_mismatch(protocol: str) -> None:
    """PostgreSQL begins in plain text and changes over; its clients need not verify."""
    secured = certificate("The certificate is self-signed.")
    evidence = met(speaks(protocol, secured=secured))
    assert "S603" not in codes(TARGET, evidence)
    assert the("S604", TARGET, evidence).severity == "notice"


def test_certificate_for_another_name_lists_its_names() -> None:
    """What the certificate is for helps more than that it is wrong."""
    secured = certificate(
        "The certificate does not name 127.0.0.1.",
        names=tuple("abcdefg"),
        problem_code="other-name",
    )
    found = the("S604", TARGET, met(speaks("http", secured=secured)))
    assert found.match.message == (
        f"TLS on {TARGET}: the certificate does not name 127.0.0.1. It is for a, b, c, d, e and 2"
        " more."
    )


@pytest.mark.parametrize(
    ("traits", "rows", "severity"),
    [
        (("debug-interface",), LOOPBACK, "warning"),
        (("debug-interface",), EVERYWHERE, "error"),
        (("debug-pages",), LOOPBACK, "notice"),
        (("debug-pages",), EVERYWHERE, "warning"),
    ],
)
def test_debuggers_are_worse_where_others_reach_them(
    traits: tuple[str, ...], rows: tuple[Listener, ...], severity: str
) -> None:
    """Severity follows from what it lets do, and whom."""
    identity = speaks("http", "Django", None, *traits)
    assert the("S605", TARGET, met(identity, rows)).severity == severity


@pytest.mark.parametrize(
    ("traits", "authentication", "severity"),
    [
        (("open-cors",), None, "warning"),
        (("any-origin",), None, "notice"),
        (("any-origin",), "required", "notice"),
        (("any-origin",), "none", "warning"),
    ],
)
def test_cors_is_as_bad_as_what_it_opens(
    traits: tuple[str, ...], authentication: str | None, severity: str
) -> None:
    """A star gives away what anyone sees; that is everything where no password is asked for."""
    identity = speaks("http", "Ollama", None, *traits, authentication=authentication)
    assert the("S607", TARGET, met(identity)).severity == severity


@pytest.mark.parametrize(
    ("code", "identity", "word"),
    [
        ("S605", speaks("jdwp", None, None, "debug-interface"), "-agentlib:jdwp"),
        ("S605", speaks("http", "Werkzeug", "3", "debug-interface"), "debug=False"),
        ("S605", speaks("http", "Jupyter Server", "2", "debug-interface"), "IdentityProvider"),
        ("S605", speaks("http", "Chrome DevTools", "1", "debug-interface"), "remote-debugging"),
        ("S606", speaks("http", "Vite", None, "accepts-any-host"), "server.allowedHosts"),
        ("S606", speaks("http", "webpack-dev-server", None, "accepts-any-host"), "allowedHosts"),
        ("S606", speaks("http", "Django", None, "accepts-any-host"), "ALLOWED_HOSTS"),
        ("S606", speaks("http", "mystery", None, "accepts-any-host"), "Host header"),
        ("S607", speaks("http", "Ollama", None, "open-cors"), "OLLAMA_ORIGINS"),
    ],
)
def test_advice_names_the_setting_of_the_product(code: str, identity: Identity, word: str) -> None:
    """A setting that can be typed, not "secure your server"."""
    assert word in " ".join(fix.text for fix in the(code, TARGET, met(identity)).match.fix)


@pytest.mark.parametrize(
    "table", [settings.PASSWORD, settings.DEBUG, settings.HOSTS, settings.CORS]
)
def test_settings_are_found_by_what_identification_gives(table: dict[str, str]) -> None:
    """Keys are in lower case, lines are sentences."""
    for key, text in table.items():
        assert key == key.lower()
        assert text[0].isupper()
        assert text.endswith(".")


def test_redirects_of_the_answer_are_in_the_evidence() -> None:
    """Question and answer of the identification are shown, and what it cost."""
    found = the("S601", TARGET, met(speaks("redis", "Redis", "7.0.15")))
    assert found.match.evidence[-2:] == (
        'sent PING: "+PONG\\r\\n" after 1 ms',
        "identification: 2 connections, 345 bytes, 12 ms",
    )


def test_jdwp_says_that_it_was_not_asked() -> None:
    """A debugger known by its command line is not claimed to have answered."""
    identity = speaks("jdwp", None, None, "debug-interface", behaviour="not-asked")
    message = the("S601", TARGET, met(identity)).match.message
    assert message == (
        f"{TARGET} speaks JDWP, Java's debugger, by the command line of its process. Nothing was"
        " sent to it."
    )


NGINX = speaks("http", "nginx", "1.22.1", details=(("title", "Welcome to  nginx!\n"),))
REDIS = speaks("redis", "Redis", "7.0.15", authentication="none")
ENDING = "; only this machine can reach it."
SENTENCES: dict[str, tuple[str, Identity, tuple[Listener, ...], str]] = {
    "a database": (
        TARGET,
        REDIS,
        LOOPBACK,
        f"{TARGET} answers: python3 (pid 4242) listens there and speaks Redis 7.0.15 without a"
        f" password{ENDING}",
    ),
    "a web server": (
        TARGET,
        NGINX,
        LOOPBACK,
        f"{TARGET} answers: python3 (pid 4242) listens there and speaks HTTP (nginx"
        f" 1.22.1){ENDING}",
    ),
    "open to all": (
        TARGET,
        REDIS,
        EVERYWHERE,
        f"{TARGET} answers: python3 (pid 4242) listens on every address of this machine and speaks"
        " Redis 7.0.15 without a password, so other machines may reach it too.",
    ),
    "the wrong one": (
        "127.0.0.1:5432",
        NGINX,
        (listener("127.0.0.1", NODE, port=5432),),
        "127.0.0.1:5432 answers: node (pid 99) listens there and speaks HTTP (nginx 1.22.1), not"
        f" PostgreSQL{ENDING}",
    ),
    "the wrong one, and open": (
        "127.0.0.1:5432",
        REDIS,
        (listener("127.0.0.1", NODE, port=5432),),
        "127.0.0.1:5432 answers: node (pid 99) listens there and speaks Redis 7.0.15, not"
        f" PostgreSQL, without a password{ENDING}",
    ),
    "plain for https": (
        f"https://127.0.0.1:{PORT}/",
        NGINX,
        LOOPBACK,
        f"{TARGET} answers: python3 (pid 4242) listens there and speaks HTTP (nginx 1.22.1), not"
        f" TLS{ENDING}",
    ),
    "a debugger": (
        TARGET,
        speaks("http", "Node.js inspector", "20.1", "debug-interface", authentication="none"),
        LOOPBACK,
        f"{TARGET} answers: python3 (pid 4242) listens there and speaks HTTP (Node.js inspector"
        f" 20.1), which lets any client run code{ENDING}",
    ),
    "nobody in the table": (
        TARGET,
        NGINX,
        (),
        f"{TARGET} answers and speaks HTTP (nginx 1.22.1), but no listener of this machine"
        " accepts it: a NAT rule or a relay answers.",
    ),
    "not recognised": (
        TARGET,
        speaks(None),
        LOOPBACK,
        f"{TARGET} answers: python3 (pid 4242) listens there and speaks a protocol that was not"
        f" recognised{ENDING}",
    ),
}


@pytest.mark.parametrize(
    ("target", "identity", "rows", "words"), SENTENCES.values(), ids=list(SENTENCES)
)
def test_verdict_says_what_speaks_there(
    target: str, identity: Identity, rows: tuple[Listener, ...], words: str
) -> None:
    """One sentence: that it answers, who listens, what it speaks, who can reach it."""
    assert verdict(classify(target), {0: met(identity, rows)}) == words
