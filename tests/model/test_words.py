"""The words that the rooms share: severities, systems, endpoints, command lines, exit codes."""

from __future__ import annotations

import shlex
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks import classify, ports
from checks.model import exits, shell, words
from checks.text.errors.table import ERRORS


def test_the_two_orders_of_severities_have_the_same_words() -> None:
    """One by rank, one for a reader; the worst is first to be read."""
    assert sorted(words.SEVERITIES) == sorted(words.READING_ORDER)
    assert words.worst(words.READING_ORDER) == words.READING_ORDER[0] == "error"
    assert words.worst([]) == "ok"


def test_every_system_of_the_tables_has_its_name() -> None:
    """A row of a table never shows the key."""
    keys = {row.system for row in ports.EPHEMERAL.values()} | set(ports.PRIVILEGED)
    keys |= {system for row in ERRORS for system in row.codes}
    assert keys <= set(words.SYSTEMS)


@pytest.mark.parametrize(
    ("platform", "key"),
    [
        ("linux", "linux"), ("darwin", "macos"), ("win32", "windows"), ("freebsd14", "freebsd"),
        ("sunos5", "solaris"), ("aix", "aix"),
    ],
)  # fmt: skip
def test_a_platform_has_its_key(platform: str, key: str) -> None:
    """Versions in the platform's name are left out."""
    assert words.system_of(platform) == key
    assert words.system_of(sys.platform) in words.SYSTEMS


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "fe80::1%eth0"])
def test_an_endpoint_reads_as_what_it_was_made_from(address: str) -> None:
    """It can be pasted again."""
    (endpoint,) = classify(words.at(address, 62893)).endpoints
    assert endpoint.host is not None
    assert endpoint.port is not None
    assert endpoint.host.address == address.partition("%")[0]
    assert endpoint.port.number == 62893


@given(st.lists(st.text(min_size=0, max_size=20), max_size=4))
def test_a_command_line_is_taken_apart_into_its_words(line: list[str]) -> None:
    """What shlex makes of it, and the same text that shlex would have made."""
    made = shell.joined(line)
    assert shlex.split(made) == line
    assert made == shlex.join(line)


def test_exit_codes_differ() -> None:
    """A script can tell them apart."""
    codes = [value for name, value in vars(exits).items() if name.isupper() and name[0] != "_"]
    known = [code for code in codes if isinstance(code, int)]
    assert len(known) == len(set(known)) > 5
