"""The settings that keep servers on this machine: one for each tool of the table of ports."""

from __future__ import annotations

import re
from collections import Counter

from checks.ports import bindings, uses

ROWS = bindings.all_bindings()
_OTHERWISE = {
    "adb", "Chrome DevTools", "ChromeDriver", "Docker", "Supabase CLI", "systemd-resolved",
}  # fmt: skip
"""Kept here by an option that is left away, a file, a network or a switch, not by an address."""


def test_every_tool_of_the_port_table_has_a_row() -> None:
    """None of them is met without a word on who can reach it."""
    known = {row.name for row in ROWS}
    assert [use.name for _, _, use in uses.all_uses() if use.name not in known] == []


def test_no_server_is_there_twice() -> None:
    """One row is right, or the other."""
    counted = Counter(row.name for row in ROWS)
    assert [name for name, times in counted.items() if times > 1] == []


def test_a_tool_without_a_setting_says_why() -> None:
    """Few have none, and each of those has a reason in its place."""
    without = [row for row in ROWS if not row.setting]
    assert len(without) <= 13
    assert all(row.note for row in without)


def test_a_setting_names_a_loopback_address() -> None:
    """What is to be copied keeps the server here, and opens it to nothing else."""
    for row in ROWS:
        if row.setting and row.name not in _OTHERWISE:
            assert re.search(r"127\.0\.0\.1|127, 0, 0, 1|localhost", row.setting), row
        assert "0.0.0.0" not in row.setting.replace("127.0.0.1", ""), row


def test_a_row_has_a_default_and_a_source() -> None:
    """The source is an address, a document of the IETF or a registry."""
    for row in ROWS:
        assert row.default, row
        assert re.match(r"https://|RFC \d|IANA ", row.source) or "man " in row.source, row
