"""Group A, each finding by a spelling that yields it and near ones that do not."""

from __future__ import annotations

import pytest
from findings.records import codes, the

from checks.address.host import Host
from checks.findings import Subject
from checks.findings.address.ambiguous_spelling import AmbiguousSpelling
from checks.findings.address.invalid_address import InvalidAddress
from checks.findings.address.legacy_spelling import LegacySpelling
from checks.text import Classification, Endpoint

YIELDS = {
    "A101": ["127.0.0.1", "::1", "[::1]:80", "127.1", "127.0.0.0/8", "127.0.0.1/8", "127.1.0.0/16"],
    "A102": ["127.0.0.2", "127.0.0.53:53", "127.255.255.255", "127.0.0.0", "0x7f.2"],
    "A103": ["0.0.0.0", "0.0.0.0:8000", "::", ":::3000", "*:8080", "http://0/"],
    "A104": ["10.0.0.1", "172.31.255.255", "192.168.1.5", "fd00::1", "192.168.0.0/16"],
    "A105": ["169.254.169.254", "fe80::1", "fe80::1%eth0", "fe80::/10"],
    "A106": ["192.0.2.1", "198.51.100.9", "203.0.113.0/24", "2001:db8::1", "3fff::1"],
    "A107": ["224.0.0.251", "239.255.255.250", "ff02::fb", "255.255.255.255", "ff00::/8"],
    "A108": ["8.8.8.8", "2606:4700::1111", "4000::1"],
    "A109": [
        "100.64.0.1",
        "192.0.0.9",
        "198.18.0.1",
        "240.0.0.1",
        "0.0.0.1",
        "100::1",
        "2001::/23",
    ],
    "A110": [
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "fe80::5efe:10.0.0.1",
    ],
    "A111": ["010.0.0.1", "0127.0.0.1", "127.000.000.010"],
    "A112": ["127.1", "0x7f000001", "2130706433:80", "127.000.000.001", "127.0.0.1."],
    "A113": ["127.0.0.256", "127.0.0.08", "http://1.2.3.4.5/"],
    "A114": ["localhost", "LOCALHOST:80", "foo.localhost", "localhost."],
    "A115": ["host.docker.internal", "host.containers.internal:5432"],
    "A116": ["127.0.0.1.nip.io", "1.0.0.127.in-addr.arpa"],
}
NEAR = {
    "A101": ["127.0.0.2", "128.0.0.1", "::2", "localhost", "126.0.0.0/7", "::ffff:127.0.0.1"],
    "A102": ["127.0.0.1", "126.0.0.2", "127.0.0.0/8", "::1"],
    "A103": ["0.0.0.1", "::1", "0.0.0.0/0", "127.0.0.1"],
    "A104": ["172.32.0.1", "11.0.0.1", "192.169.0.1", "100.64.0.1", "fe80::1", "10.0.0.0/7"],
    "A105": ["169.253.0.1", "fec0::1", "fe00::1"],
    "A106": ["192.0.3.1", "2001:db9::1", "192.0.2.0/23"],
    "A107": ["223.255.255.255", "240.0.0.1", "255.255.255.254", "127.255.255.255"],
    "A108": ["10.0.0.1", "127.0.0.1", "192.0.0.9", "8.8.8.0/24"],
    "A109": ["10.0.0.1", "192.0.2.1", "127.0.0.1", "::ffff:127.0.0.1", "8.8.8.8", "224.0.0.1"],
    "A110": ["::1", "::", "2001:db8::7f00:1", "127.0.0.1", "2002::/16"],
    "A111": ["127.0.0.1", "127.1", "127.000.000.001", "[::ffff:127.0.0.1]", "localhost"],
    "A112": ["127.0.0.1", "010.0.0.1", "::1", "localhost", "fe80::1%eth0", "127.0.0.256"],
    "A113": ["127.0.0.255", "127.1", "localhost", "*:80"],
    "A114": ["localhost.example.com", "127.0.0.1", "host.docker.internal", "notlocalhost"],
    "A115": ["docker.internal.example.com", "localhost"],
    "A116": ["nip.io", "example.com", "127.0.0.1", "localhost"],
}


@pytest.mark.parametrize(("code", "text"), [(c, t) for c, ts in YIELDS.items() for t in ts])
def test_applies_to(code: str, text: str) -> None:
    """The spelling yields the finding, once."""
    assert codes(text).count(code) == 1


@pytest.mark.parametrize(("code", "text"), [(c, t) for c, ts in NEAR.items() for t in ts])
def test_does_not_apply_to(code: str, text: str) -> None:
    """The near spelling does not."""
    assert code not in codes(text)


def test_every_address_has_one_class() -> None:
    """Of the findings that say what an address is, one applies to each address."""
    kinds = {f"A10{digit}" for digit in range(1, 10)}
    texts = [text for code in sorted(kinds) for text in YIELDS[code]]
    for text in texts:
        assert len(kinds.intersection(codes(text))) == 1, text


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("::ffff:127.0.0.1", "warning"),
        ("::ffff:10.0.0.1", "warning"),
        ("64:ff9b::a9fe:a9fe", "warning"),
        ("::ffff:8.8.8.8", "notice"),
        ("64:ff9b::808:808", "notice"),
    ],
)
def test_embedded_address_is_worse_where_it_is_local(text: str, severity: str) -> None:
    """A filter that misses a loopback or private address is the dangerous one."""
    assert the("A110", text).severity == severity


def test_embedded_loopback_is_said_not_to_be_loopback() -> None:
    """To carry 127.0.0.1 is not to be it."""
    message = the("A110", "64:ff9b::7f00:1").match.message
    assert "contains 127.0.0.1" in message
    assert "not loopback itself" in message


def test_teredo_names_client_and_server() -> None:
    """Both addresses that a Teredo address holds are given."""
    message = the("A110", "2001:0:4136:e378:8000:63bf:3fff:fdd2").match.message
    assert "192.0.2.45" in message
    assert "65.54.227.120" in message


def test_ambiguous_octal_names_both_readings() -> None:
    """Browsers and Java are told apart, each with its address."""
    message = the("A111", "0127.0.0.1").match.message
    assert "browsers and inet_aton read 87.0.0.1" in message
    assert "Java reads 127.0.0.1" in message


def test_legacy_spelling_gives_the_plain_one() -> None:
    """The fix is the address as everyone reads it."""
    found = the("A112", "0x7f.1")
    assert found.match.fix[0].text == "Write 127.0.0.1, which every program parses the same way."


def _of_host(host: Host) -> Subject:
    endpoint = Endpoint(host.text, (0, len(host.text)), None, host, None)
    return Subject(Classification(host.text, "address", (endpoint,)), endpoint)


@pytest.mark.parametrize("text", ["127.0.0.1 foo", "127.1\t"])
def test_text_after_white_space_is_lenient_or_ambiguous(text: str) -> None:
    """inet_aton stops at white space; what browsers do instead decides which finding it is."""
    subject = _of_host(Host(text, "ipv4", 4, 0x7F000001))
    found = [AmbiguousSpelling.look(subject), LegacySpelling.look(subject)]
    assert sum(match is not None for match in found) == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1.2.3.4.5", "5 parts"),
        ("127.0.0.256", "over 255"),
        ("127.0.0.08", "octal"),
        ("", "empty"),
        ("a b", ""),
    ],
)
def test_invalid_host_is_explained_where_the_slip_is_plain(text: str, why: str) -> None:
    """A hint is given for the common slips and for no others."""
    match = InvalidAddress.look(_of_host(Host(text, "invalid", 0, -1)))
    assert match is not None
    assert why in match.message


def test_reverse_name_is_no_notice() -> None:
    """A reverse name is an ordinary thing; a public name that leads to loopback is not."""
    assert the("A116", "1.0.0.127.in-addr.arpa").severity == "info"
    assert the("A116", "127.0.0.1.nip.io").severity == "notice"


def test_long_spelling_is_cut_in_messages() -> None:
    """A pasted megabyte does not come back as a message."""
    text = "0" * 5000 + "127.0.0.1"
    subject = _of_host(Host(text, "invalid", 0, -1))
    match = InvalidAddress.look(subject)
    assert match is not None
    assert len(match.message) < 300


def test_link_local_without_zone_asks_for_one() -> None:
    """fe80::1 alone does not say on which link."""
    assert "has no interface" in the("A105", "fe80::1").match.message
    assert "has no interface" not in the("A105", "fe80::1%eth0").match.message


def test_registry_row_is_the_evidence() -> None:
    """What an address is comes from a registry, and the row is named."""
    (line,) = the("A104", "10.1.2.3").match.evidence
    assert line == "IANA IPv4 Special-Purpose Address Registry: 10.0.0.0/8 Private-Use (RFC 1918)"


@pytest.mark.parametrize(("text", "both"), [("[::]:80", True), ("0.0.0.0:80", False)])
def test_unspecified_ipv6_takes_ipv4_too(text: str, both: bool) -> None:
    """The usual default, and the option that changes it."""
    assert ("IPV6_V6ONLY" in the("A103", text).match.message) is both


@pytest.mark.parametrize("digit", ["\u00b2", "\u2167", "\u0661"])
def test_no_slip_is_named_in_digits_of_other_scripts(digit: str) -> None:
    """``int()`` takes some of them and refuses others; an address has neither."""
    match = InvalidAddress.look(_of_host(Host(f"300.{digit}.0.1", "invalid", 0, -1)))
    assert match is not None
    assert match.message.endswith("is neither an address nor a host name.")


def test_an_address_with_its_port_and_no_brackets_is_a_warning() -> None:
    """::1 and a port in the deprecated block; a prefix makes it an address again."""
    found = the("A109", "[::0.1.80.129]:9092")
    assert found.severity == "warning"
    assert "::1 with port 5081" in found.match.message
    assert [fix.text for fix in found.match.fix] == ["Write [::1]:5081, with brackets."]
    assert the("A109", "::1:5081/112").severity == "info"
