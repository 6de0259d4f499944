"""Group P, each finding by a port that yields it and near ones that do not."""

from __future__ import annotations

import pytest
from findings.records import attempt, codes, machine, probe, the

YIELDS = {
    "P201": ["127.0.0.1:0", ":0"],
    "P202": [":1", ":80", ":1023", "http://127.0.0.1/"],
    "P203": ["http://127.0.0.1:6000/", "127.0.0.1:22", "http://localhost:10080", ":4190"],
    "P204": [":62893", ":32768", ":49152", ":65535"],
    "P205": [":62893", ":61000", ":65535"],
    "P206": [":80", ":5432", ":443"],
    "P207": [":5173", ":8888", ":9229"],
    "P208": [":5000", ":7000"],
    "P209": ["127.0.0.1:99999", "127.0.0.1:65536", "localhost:628930"],
}
NEAR = {
    "P201": [":1", "127.0.0.1", "127.0.0.1:99999"],
    "P202": [":1024", ":0", ":62893"],
    "P203": [":8080", "ssh://127.0.0.1:22", "127.0.0.1:0", ":62893"],
    "P204": [":9999", ":32767", ":0"],
    "P205": [":49151", ":60999", ":50000"],
    "P206": [":62893", ":0", ":49152"],
    "P207": [":62893", ":1"],
    "P208": [":62893", ":5001"],
    "P209": ["127.0.0.1:65535", "127.0.0.1:0", "127.0.0.1"],
}


@pytest.mark.parametrize(("code", "text"), [(c, t) for c, ts in YIELDS.items() for t in ts])
def test_applies_to(code: str, text: str) -> None:
    """The port yields the finding, once."""
    assert codes(text).count(code) == 1


@pytest.mark.parametrize(("code", "text"), [(c, t) for c, ts in NEAR.items() for t in ts])
def test_does_not_apply_to(code: str, text: str) -> None:
    """The near port does not."""
    assert code not in codes(text)


class TestEphemeral:
    """P204 and P205 go by the machine where there is one."""

    def test_defaults_name_the_systems(self) -> None:
        """Without a machine the finding says on which systems."""
        message = the("P204", ":62893").match.message
        assert "macOS, Windows, FreeBSD, NetBSD and Solaris" in message
        assert "Linux (32768-60999)" in the("P205", ":62893").match.message

    def test_stock_linux_does_not_hand_out_62893(self) -> None:
        """It is dynamic by IANA and outside this machine's range."""
        found = codes(":62893", probe(attempt("refused")), "P")
        assert "P205" in found
        assert "P204" not in found

    def test_widened_range_hands_it_out(self) -> None:
        """The range in force counts, not the default."""
        evidence = probe(attempt("refused"), at=machine(ephemeral=(1024, 65535)))
        found = codes(":62893", evidence, "P")
        assert "P204" in found
        assert "P205" not in found
        assert "1024-65535" in the("P204", ":62893", evidence).match.message

    def test_unknown_range_says_nothing(self) -> None:
        """Of a machine whose range could not be read no default is claimed."""
        evidence = probe(attempt("refused"), at=machine(ephemeral=None))
        assert not {"P204", "P205"} & set(codes(":62893", evidence))


class TestPrivileged:
    """P202 goes by the limit of the machine where it is known."""

    def test_limit_of_the_machine(self) -> None:
        """A raised limit guards more ports."""
        raised = probe(attempt("refused"), at=machine(unprivileged_start=10000))
        assert "below 10000" in the("P202", ":8080", raised).match.message

    def test_lowered_limit_frees_ports(self) -> None:
        """A lowered one is said where the default would guard the port."""
        lowered = probe(attempt("refused"), at=machine(unprivileged_start=0))
        assert "only below 0" in the("P202", ":80", lowered).match.message
        assert "P202" not in codes(":8080", lowered)

    def test_windows_has_none(self) -> None:
        """On Windows no such privilege is claimed."""
        windows = probe(attempt("refused"), at=machine("windows", unprivileged_start=None))
        assert "Windows lets every program" in the("P202", ":80", windows).match.message


class TestBlocked:
    """P203 is about web pages."""

    def test_url_is_a_warning_and_bare_port_a_notice(self) -> None:
        """With a web scheme it will fail, without one it may."""
        assert the("P203", "http://127.0.0.1:6000/").severity == "warning"
        assert the("P203", "127.0.0.1:6000").severity == "notice"

    def test_names_who_blocks(self) -> None:
        """Chromium does not block 4190, the standard and Node do."""
        assert "Chromium" in the("P203", ":6000").match.message
        assert "Chromium" not in the("P203", ":4190").match.message


class TestContested:
    """P208 counts uses of the probed machine's system."""

    def test_airplay_counts_on_macos(self) -> None:
        """On macOS port 5000 is AirPlay's."""
        mac = probe(attempt("refused"), at=machine("macos", ephemeral=(49152, 65535)))
        found = the("P208", ":5000", mac)
        assert "AirPlay" in found.match.message

    def test_airplay_does_not_count_on_linux(self) -> None:
        """On Linux it is not."""
        assert "P208" not in codes(":5000", probe(attempt("refused")))


@pytest.mark.parametrize(
    ("text", "why"), [("127.0.0.1:99999", "65535"), ("localhost:628930", "65535")]
)
def test_invalid_port_says_why(text: str, why: str) -> None:
    """The message names the rule that the text breaks."""
    assert why in the("P209", text).match.message
