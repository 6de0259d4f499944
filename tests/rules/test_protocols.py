"""The list of protocols: each name means one of them, and a mistyped one is understood."""

from __future__ import annotations

import pytest

from checks.rules.protocols import (
    BY_NAME,
    BY_SCHEME,
    PROTOCOLS,
    Protocol,
    similar,
    with_tls,
    without_tls,
)


def test_each_name_means_one_protocol() -> None:
    """No two have the same name, scheme, process or product."""
    for names in (
        [each.name for each in PROTOCOLS],
        [name for each in PROTOCOLS for name in (*each.schemes, *each.tls_schemes)],
        [name for each in PROTOCOLS for name in each.products],
        [name for each in PROTOCOLS for name in {*each.owners} if name != "dovecot"],
    ):
        assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda protocol: protocol.name)
def test_a_record_can_be_used(protocol: Protocol) -> None:
    """Ports are ports, names in lower case, process names as Linux cuts them, advice sentences."""
    assert all(0 < port < 65536 for port in (*protocol.ports, *protocol.tls_ports))
    names = (protocol.name, *protocol.schemes, *protocol.tls_schemes)
    assert all(name == name.lower() for name in names)
    assert all(len(owner) <= 15 for owner in protocol.owners)
    assert protocol.lock == "" or protocol.lock.endswith(".")
    assert bool(protocol.stop) is bool(protocol.keep)
    assert not protocol.stop.endswith(".")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("postgers", "postgresql"),
        ("postgres", "postgresql"),
        ("valkey", "redis"),
        ("redsi", "redis"),
        ("sshd", "ssh"),
        ("mariadb", "mysql"),
        ("memcache", "memcached"),
        ("kafka", None),
        ("", None),
    ],
)
def test_a_mistyped_name_is_understood(name: str, meant: str | None) -> None:
    """By a scheme of the protocol, or by its first letters."""
    assert similar(name) == meant


@pytest.mark.parametrize(
    ("plain", "secure"), [("http", "https"), ("valkey", "valkeys"), ("pop3", "pop3s")]
)
def test_schemes_come_in_pairs(plain: str, secure: str) -> None:
    """The same in plain text and inside TLS."""
    protocol = BY_SCHEME[plain]
    assert with_tls(protocol, plain) == secure
    assert without_tls(protocol, secure) == plain


@pytest.mark.parametrize("scheme", ["nats", "postgresql", "docker", "https"])
def test_a_scheme_without_a_pair_has_none(scheme: str) -> None:
    """TLS is within the protocol, on the same port, or the scheme has it already."""
    assert with_tls(BY_SCHEME[scheme], scheme) is None


def test_a_scheme_of_tls_only_has_no_plain_one() -> None:
    """``secure-mqtt`` is a name of the port registry."""
    assert without_tls(BY_NAME["mqtt"], "secure-mqtt") is None
