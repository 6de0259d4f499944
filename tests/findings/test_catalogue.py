"""The catalogue keeps its contract: codes, slugs, severities, and a page for each."""

from __future__ import annotations

import re

import pytest
from cases import each

from checks.findings import CATALOGUE, Finding, by_key
from checks.findings.base import SECTIONS
from checks.findings.pages import GROUPS, index, lines, page, summary

# Code, slug and severity as published. Add to it; never rename or reuse.
CONTRACT = """
A101 loopback info
A102 other-loopback-address notice
A103 unspecified-address warning
A104 private-address info
A105 link-local-address info
A106 documentation-address warning
A107 multicast-or-broadcast warning
A108 global-address info
A109 special-purpose-address info
A110 embeds-ipv4 notice
A111 ambiguous-spelling warning
A112 legacy-spelling notice
A113 invalid-address error
A114 localhost-name info
A115 host-alias-name info
A116 name-carries-address notice
P201 port-zero error
P202 privileged-port info
P203 browser-blocked-port warning
P204 ephemeral-port info
P205 dynamic-port-outside-ephemeral-range info
P206 registered-port info
P207 common-development-port info
P208 contested-port notice
P209 invalid-port error
C301 accepting ok
C302 nothing-listening error
C303 refused-despite-listener error
C304 dropped error
C305 backlog-full error
C306 rejected-by-policy error
C307 unreachable error
C308 name-not-resolved error
C309 wrong-family error
C310 wrong-loopback-address error
C311 udp-only error
C312 self-connect error
C313 client-side-port error
C314 accepts-then-closes warning
C315 accepts-silently info
C316 not-this-machine info
C317 localhost-resolves-partially notice
C318 left-alone info
C319 localhost-two-programs warning
C320 connection-not-taken error
C321 no-local-port error
C322 unix-socket-accepts ok
C323 unix-socket-stale error
C324 unix-socket-not-permitted error
C325 unix-socket-absent error
C326 unix-socket-unusable error
C327 unix-socket-not-taken error
C328 listens-on-unix-socket-only error
B401 port-free info
B402 port-in-use info
B403 bound-not-listening error
B404 time-wait notice
B405 bind-not-permitted notice
B406 address-not-available error
B407 port-reserved notice
B408 shared-listener info
E501 loopback-only ok
E502 listens-on-all-interfaces warning
E503 listens-on-network-address warning
E504 dual-stack-listener info
E505 unauthenticated-service notice
E506 relayed info
E507 owner-hidden info
S601 service-identified ok
S602 unexpected-service notice
S603 tls-mismatch warning
S604 certificate-problem warning
S605 debug-interface-open warning
S606 accepts-any-host warning
S607 open-cors warning
S608 http-error-status warning
S609 slow-answer warning
S610 busy-with-client warning
O701 owner-stopped error
O702 program-replaced notice
O703 out-of-descriptors error
O704 inherited-listener error
O705 connections-not-closed notice
O706 restarted-again error
O707 working-directory-deleted warning
N801 proxy-variable warning
N802 listens-in-other-namespace notice
"""

# What popular articles get wrong; a page may name a mistake only to correct it.
FOLKLORE = (
    r"RFC ?5735",  # obsolete since RFC 6890
    r"RFC ?6874",  # obsolete since RFC 9844
    r"ephemeral (port )?range (is|of) 49152",
    r"(cannot|can not|can't) leave .* (so|therefore).* safe",
    r"localhost (is|means|=) 127\.0\.0\.1",
    r"::1 (is identical|behaves identically)",
    r"only root can (bind|listen)",
    r"65,?536 ports",
)
PRIMARY = re.compile(
    r"rfc-editor\.org/info/rfc\d+|iana\.org/assignments|man7\.org|learn\.microsoft\.com"
    r"|docs\.docker\.com|whatwg\.org|kernel\.org|nodejs\.org|docs\.oracle\.com|docs\.djangoproject"
)

every_finding = each("finding", CATALOGUE, ids=lambda one: one.code)


def test_codes_slugs_and_severities_are_the_published_ones() -> None:
    """Reports, pages and other people's scripts rely on them."""
    have = [f"{one.code} {one.slug} {one.severity}" for one in CATALOGUE]
    assert have == CONTRACT.split("\n")[1:-1]


def test_codes_and_slugs_are_unique() -> None:
    """A key leads to one page."""
    keys = [key for one in CATALOGUE for key in (one.code, one.slug)]
    assert len(keys) == len(set(keys))


@every_finding
def test_only_what_a_machine_witnesses_needs_a_probe(finding: type[Finding]) -> None:
    """Address and port findings work in the browser, the others wait for evidence."""
    assert finding.needs_probe == (finding.code[0] in "CBESON")


@every_finding
def test_has_a_plain_title(finding: type[Finding]) -> None:
    """The title is one short line without a full stop."""
    assert finding.title
    assert len(finding.title) <= 72
    assert "\n" not in finding.title
    assert not finding.title.endswith(".")


@every_finding
def test_page_has_every_section_in_order(finding: type[Finding]) -> None:
    """Readers find the same five questions answered on each page."""
    sections = page(finding)
    assert tuple(sections) == SECTIONS
    assert all(text.strip() for text in sections.values())


@every_finding
def test_page_opens_with_one_sentence(finding: type[Finding]) -> None:
    """The first line stands alone, as in an index."""
    first = summary(finding)
    assert first.endswith(".")
    assert lines(finding)[1] == ""


@every_finding
def test_page_is_of_a_readable_size(finding: type[Finding]) -> None:
    """Neither a stub nor an essay, and no line that a terminal would break oddly."""
    text = lines(finding)
    assert 15 <= len([line for line in text if line]) <= 60
    assert max(map(len, text)) <= 100


@every_finding
def test_page_tells_what_to_do_on_each_system(finding: type[Finding]) -> None:
    """Linux, macOS and Windows are spoken of in the section that helps."""
    help_text = page(finding)["What to do"]
    assert [name for name in ("Linux", "macOS", "Windows") if name in help_text] == [
        "Linux",
        "macOS",
        "Windows",
    ]


@every_finding
def test_page_names_primary_sources(finding: type[Finding]) -> None:
    """A claim rests on an RFC, a registry, a manual or a vendor's own documents."""
    sources = page(finding)["Sources"]
    assert sources.startswith("- ")
    assert PRIMARY.search(sources)


@every_finding
def test_page_repeats_no_folklore(finding: type[Finding]) -> None:
    """What articles get wrong is not carried on."""
    text = " ".join(lines(finding))
    assert [pattern for pattern in FOLKLORE if re.search(pattern, text, re.IGNORECASE)] == []


@every_finding
def test_page_has_balanced_code_marks(finding: type[Finding]) -> None:
    """Every backtick that opens a command closes it in the same section."""
    for title, text in page(finding).items():
        assert text.count("`") % 2 == 0, title


@every_finding
@pytest.mark.parametrize("change", [str, str.lower, str.upper, lambda text: f" {text} "])
def test_key_is_found_in_any_case(finding: type[Finding], change: type[str]) -> None:
    """Code and slug lead to the finding however they are typed."""
    assert by_key(change(finding.code)) is finding
    assert by_key(change(finding.slug)) is finding


@pytest.mark.parametrize("key", ["", "C3", "C999", "nothing", "A101 loopback", "\ud800"])
def test_other_keys_are_unknown(key: str) -> None:
    """Nothing is guessed."""
    assert by_key(key) is None


def test_index_lists_all_by_group() -> None:
    """The index has every finding once, under its group's title."""
    groups = index(CATALOGUE)
    assert list(groups) == [GROUPS[letter] for letter in "APCBESON"]
    entries = [entry for group in groups.values() for entry in group]
    assert sorted(entry.code for entry in entries) == sorted(one.code for one in CATALOGUE)


@every_finding
def test_a_page_is_named_by_the_slug(finding: type[Finding]) -> None:
    """Below the root of a site, wherever that is; without a site there is no address."""
    assert finding.page() == f"reference/findings/{finding.slug}/"
    assert (
        finding.url("https://example.test/base/") == f"https://example.test/base/{finding.page()}"
    )
    assert finding.url("") is None
