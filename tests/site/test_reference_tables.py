"""Tables in pages: each name works, a wrong one says where, and data never becomes markup."""

from __future__ import annotations

import markdown
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from checks import ports
from checks.address import blocks
from tools.site import markup, tables

ARGUMENTS = {"readings": "0x7f.1 '127.0.0.1 foo'", "findings": "C"}


def table_of(text: str) -> list[list[str]]:
    """The cells of the last table of a Markdown text, head included."""
    html = markdown.markdown(text, extensions=["tables", "attr_list"])
    found = BeautifulSoup(html, "html.parser").find_all("table")[-1]
    return [
        [cell.get_text() for cell in row.find_all(["th", "td"])] for row in found.find_all("tr")
    ]


class TestExpand:
    """Placeholders."""

    @pytest.mark.parametrize("name", sorted(tables.TABLES))
    def test_every_name_makes_a_table(self, name: str) -> None:
        """With its head and at least one row, and no wider than a phone bears."""
        text = tables.expand(f"{{{{ table: {name} {ARGUMENTS.get(name, '')} }}}}")
        found = table_of(text)
        assert len(found) >= 2
        assert all(1 < len(row) <= 6 for row in found)

    def test_names_are_the_published_ones(self) -> None:
        """Writers rely on them."""
        assert sorted(tables.TABLES) == [
            "bad-ports", "bindings", "blocks-ipv4", "blocks-ipv6", "embedded", "ephemeral",
            "errors", "findings", "iana-ranges", "names", "privileged", "readings", "uses",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("line", "why"),
        [
            ("{{ table: nothing }}", "no table 'nothing'"),
            ("{{ table }}", "expected"),
            ("{{ table: readings }}", "spellings"),
            ("{{ table: findings Q }}", "no group Q"),
            ("{{ table: ephemeral 99999 }}", "'99999' is no port"),
            ("{{ table: errors ENOSUCH }}", "ENOSUCH"),
            ("{{ table: bad-ports 80 }}", "takes no arguments"),
            ("{{ table: readings '127.1 }}", "quotation"),
            ("{{ table: uses 62893 }}", "no use"),
            ("{{ table: uses 5005 62893 }}", "no use is known at 62893"),
            ("{{ table: bindings Nothing }}", "no group Nothing"),
            ("{{ table: names others }}", "others"),
        ],
    )
    def test_what_cannot_be_filled_says_where(self, line: str, why: str) -> None:
        """Page, number of the line, the line and the reason."""
        with pytest.raises(tables.TableError) as raised:
            tables.expand(f"# Title\n\n{line}\n", "loopback/index.md")
        message = str(raised.value)
        assert message.startswith(f"loopback/index.md:3: {line}: ")
        assert why in message

    def test_text_around_stays(self) -> None:
        """Only the line itself is replaced."""
        text = tables.expand("Before.\n\n{{ table: privileged }}\n\nAfter.")
        assert text.startswith("Before.\n\n| System |")
        assert text.endswith("|\n\nAfter.")

    def test_placeholder_in_a_sentence_is_text(self) -> None:
        """A page may speak of placeholders."""
        text = "Write `{{ table: ephemeral }}` on a line."
        assert tables.expand(text) == text

    def test_indentation_is_kept(self) -> None:
        """Inside a tab or an admonition a table belongs to it."""
        text = tables.expand("!!! note\n\n    {{ table: privileged }}")
        assert all(line.startswith("    |") for line in text.split("\n")[2:])

    def test_colon_after_the_name_may_stand_or_not(self) -> None:
        """Both are natural to write."""
        assert tables.expand("{{ table: findings: C }}") == tables.expand("{{ table: findings C }}")

    @pytest.mark.parametrize(
        ("page", "link"),
        [
            ("loopback/index.md", "(../reference/findings/accepting.md)"),
            ("index.md", "(reference/findings/accepting.md)"),
            ("reference/cli.md", "(findings/accepting.md)"),
            ("reference/findings/index.md", "(accepting.md)"),
        ],
    )
    def test_links_are_relative_to_the_page(self, page: str, link: str) -> None:
        """The same table works on any page."""
        assert link in tables.expand("{{ table: findings C }}", page)


class TestRows:
    """What the tables say."""

    def test_ephemeral_knows_whether_it_holds_a_port(self) -> None:
        """62893: not Linux, not OpenBSD."""
        found = table_of(tables.expand("{{ table: ephemeral 62893 }}"))
        assert found[0][-1] == "Holds 62893"
        assert {row[0] for row in found[1:] if row[-1] == "no"} == {"Linux", "OpenBSD"}

    def test_iana_ranges_are_those_of_the_rfc(self) -> None:
        """RFC 6335, section 6."""
        found = table_of(tables.expand("{{ table: iana-ranges }}"))
        assert [row[0] for row in found[1:]] == ["0-1023", "1024-49151", "49152-65535"]
        assert found[3][3] == "0"

    def test_bad_ports_say_who_differs(self) -> None:
        """4190 is open in Chromium, 0 in Node.js."""
        found = {row[0]: row[2] for row in table_of(tables.expand("{{ table: bad-ports }}"))[1:]}
        assert len(found) == len(ports.BAD_PORTS)
        assert found["4190"] == "Fetch standard, Node.js"
        assert found["0"] == "Chromium, Fetch standard"
        assert found["6000"] == "all"

    @pytest.mark.parametrize("version", [4, 6])
    def test_blocks_have_every_row_and_flag(self, version: int) -> None:
        """Rows of the registry, in its order; n/a where it is silent."""
        found = table_of(tables.expand(f"{{{{ table: blocks-ipv{version} }}}}"))[1:]
        wanted = [
            block for block in blocks.BLOCKS if block.registry.startswith(f"iana-ipv{version}")
        ]
        assert [row[0] for row in found] == [block.prefix for block in wanted]
        for row, block in zip(found, wanted, strict=True):
            assert tuple(row[1:]) == tables.flags(block)

    def test_readings_are_computed(self) -> None:
        """What a reader rejects is said so."""
        found = table_of(tables.expand("{{ table: readings 0177.0.0.1 127.0.0.08 }}"))
        assert found[1] == ["0177.0.0.1", "127.0.0.1", "127.0.0.1", "rejects"]
        assert found[2] == ["127.0.0.08", "rejects", "rejects", "rejects"]

    def test_uses_can_be_narrowed(self) -> None:
        """To ports and to ranges."""
        found = table_of(tables.expand("{{ table: uses 5173 9229-9230 }}"))[1:]
        assert {row[0] for row in found} >= {"5173", "9229"}
        assert all(row[0] in ("5173", "9229", "9230", "9229-9230") for row in found)


class TestEscape:
    """Text out of data."""

    @given(st.text(alphabet=st.characters(codec="ascii", exclude_categories=["Cc"])))
    def test_text_comes_out_as_it_went_in(self, text: str) -> None:
        """Whatever it has of Markdown, HTML or attribute lists."""
        shown = table_of(markup.table(("Head", "Other"), [(markup.escape(f"x{text}x"), "y")]))[1][0]
        assert " ".join(shown.split()) == " ".join(f"x{text}x".split())

    @given(st.text(alphabet=st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1))
    def test_code_comes_out_as_it_went_in(self, text: str) -> None:
        """Backticks too."""
        html = markdown.markdown(f"a {markup.code(f'x{text}x')} b", extensions=["attr_list"])
        (shown,) = BeautifulSoup(html, "html.parser").find_all("code")
        assert " ".join(shown.get_text().split()) == " ".join(f"x{text}x".split())

    @pytest.mark.parametrize(
        "text",
        ["# no heading", "- no list", "+ no list", "1. no list", "    no code", "> no quote"],
    )
    def test_start_of_a_line_starts_nothing(self, text: str) -> None:
        """A description that begins with a hash is a description."""
        html = markdown.markdown(markup.escape(text.strip()))
        assert BeautifulSoup(html, "html.parser").get_text() == text.strip()
        assert html.startswith("<p>")

    @pytest.mark.parametrize("text", ["<script>alert(1)</script>", "<b>", "&lt;", "a&amp;b"])
    def test_html_stays_text(self, text: str) -> None:
        """Entities as well."""
        html = markdown.markdown(markup.escape(text))
        soup = BeautifulSoup(html, "html.parser")
        assert soup.get_text() == text
        assert [tag.name for tag in soup.find_all()] == ["p"]

    def test_rows_of_different_width_are_an_error(self) -> None:
        """A cell too many would be lost without a word."""
        with pytest.raises(ValueError, match="different width"):
            markup.table(("a", "b"), [("1", "2", "3")])
