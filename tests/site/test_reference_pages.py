"""The reference section is whole: every finding, row, option and field has its place."""

from __future__ import annotations

import functools
import json
import re
from typing import TYPE_CHECKING

import markdown
import published_schema
import pytest
import yaml
from bs4 import BeautifulSoup
from cases import each
from site_sources import made_files as made

import checks
from checks import explain
from checks.address import blocks
from checks.causes import RULES
from checks.findings import CATALOGUE
from checks.findings.pages import page
from checks.ports import services
from checks.text.errors.table import ERRORS
from tools import make_schema
from tools.site import api, causes, commands, contract, findings, glossary, pages, selfcheck
from tools.site import services as service_pages
from tools.site.docstrings import fields
from tools.site.guides import DOCS, guide, headings

if TYPE_CHECKING:
    import doctest as doctests

    from bs4 import Tag

    from checks.causes.base import Rule
    from checks.findings import Finding

EXTENSIONS = [
    "abbr",
    "admonition",
    "attr_list",
    "def_list",
    "md_in_html",
    "tables",
    "toc",
    "pymdownx.details",
    "pymdownx.inlinehilite",
    "pymdownx.superfences",
    "pymdownx.tabbed",
]
"""Those of the site that give a page its structure."""

TAGS = frozenset(
    "a blockquote code dd details div dl dt em h1 h2 h3 h4 input label li ol p pre span strong "
    "summary table tbody td th thead tr ul".split()
)
"""What the Markdown of the section may become."""

OWN_INPUTS = {"text", "radio"}

every_finding = each("finding", CATALOGUE, ids=lambda one: one.code)


@functools.cache
def body(path: str) -> str:
    """A page without its front matter."""
    return made()[path].split("\n---\n", 1)[1]


@functools.cache
def rendered(path: str) -> BeautifulSoup:
    """A page as HTML."""
    return BeautifulSoup(markdown.markdown(body(path), extensions=EXTENSIONS), "html.parser")


def markdown_paths() -> list[str]:
    """The pages, without the files for programs."""
    return [path for path in made() if path.endswith(".md")]


def rows(table: Tag) -> list[list[str]]:
    """The cells of a table's body, as text."""
    return [[cell.get_text() for cell in row.find_all("td")] for row in table.select("tbody tr")]


class TestSection:
    """All pages together."""

    def test_is_made_the_same_each_time(self) -> None:
        """Nothing depends on the hour or on the order of a set."""
        assert pages.generated() == made()

    def test_nav_has_every_page_once(self) -> None:
        """A page that is in no menu is found by nobody."""
        assert sorted(_paths(pages.nav())) == sorted(markdown_paths())

    @each("path", markdown_paths)
    def test_front_matter_is_for_people_and_search_engines(self, path: str) -> None:
        """A title that fits a tab, a description that fits a result, and the title as H1."""
        front = yaml.safe_load(made()[path].split("---\n")[1])
        assert 3 <= len(front["title"]) <= 72
        assert 60 <= len(front["description"]) <= 170
        heading = rendered(path).h1
        assert heading is not None
        assert heading.get_text() == front["title"]

    @each("path", markdown_paths)
    def test_has_no_markup_but_its_own(self, path: str) -> None:
        """What stands in the data stays text, whatever characters it has."""
        found = rendered(path)
        assert {tag.name for tag in found.find_all()} <= TAGS
        for tag in found.find_all():
            assert not [key for key in tag.attrs if key.startswith("on")], tag
            if tag.name == "input":
                assert tag["type"] in OWN_INPUTS

    @each("path", markdown_paths)
    def test_links_inside_the_section_lead_somewhere(self, path: str) -> None:
        """Pages and anchors of the reference exist; the build sees to the others."""
        for link in rendered(path).find_all("a", href=True):
            href = str(link["href"])
            if "://" in href:
                continue
            target, _, anchor = href.partition("#")
            resolved = _resolve(path, target)
            if not resolved.startswith("reference/"):
                continue
            assert resolved in made(), href
            if anchor and resolved.endswith(".md"):
                assert rendered(resolved).find(id=anchor) is not None, href

    def test_tables_have_at_most_six_columns(self) -> None:
        """More do not fit a phone."""
        for path in markdown_paths():
            for table in rendered(path).find_all("table"):
                assert len(table.select("thead th")) <= 6, path


def _paths(nav: pages.Nav) -> list[str]:
    found = []
    for entry in nav:
        for value in entry.values() if isinstance(entry, dict) else [entry]:
            found += [value] if isinstance(value, str) else _paths(value)
    return found


def _resolve(page_path: str, target: str) -> str:
    parts = page_path.split("/")[:-1]
    for part in target.split("/") if target else [page_path.split("/")[-1]]:
        parts = parts[:-1] if part == ".." else [*parts, part]
    return "/".join(parts)


class TestFindings:
    """A page for each finding."""

    @every_finding
    def test_has_its_page(self, finding: type[Finding]) -> None:
        """Title, code, slug and severity, and the sections of the docstring."""
        text = body(findings.path(finding))
        for wanted in (f"`{finding.code}`", f"**{finding.severity}**", f"`{finding.slug}`"):
            assert wanted in text
        headings = [tag.get_text() for tag in rendered(findings.path(finding)).find_all("h2")]
        assert [title for title in page(finding) if title not in {*headings, "Guide"}] == []

    @every_finding
    def test_leads_to_its_guide(self, finding: type[Finding]) -> None:
        """The first link of What to do is a section that exists, in the words of its page."""
        (heading,) = [
            tag
            for tag in rendered(findings.path(finding)).find_all("h2")
            if tag.get_text() == "What to do"
        ]
        lead = heading.find_next_sibling("p")
        assert lead is not None
        assert lead.get_text().startswith("Guide: ")
        assert lead.a is not None
        target, _, anchor = str(lead.a["href"]).partition("#")
        path = _resolve(findings.path(finding), target)
        shown = headings((DOCS / path).read_text(encoding="utf-8"))
        words = [next(iter(shown.values())), *([shown[anchor]] if anchor else [])]
        assert lead.a.get_text() == ": ".join(words)

    @pytest.mark.parametrize("address", ["ports/none/", "ports/#none", "none/"])
    def test_a_guide_that_is_not_there_fails_the_build(self, address: str) -> None:
        """A page or a heading that went away is seen where the page is made."""
        with pytest.raises(ValueError, match="no guide"):
            guide(address, "reference/causes.md")

    @every_finding
    def test_says_what_the_docstring_says(self, finding: type[Finding]) -> None:
        """Word for word, commands included; only marks of Markdown may differ."""
        shown = _words(rendered(findings.path(finding)).get_text())
        for title in ("What it means", "How it is detected", "Why it happens"):
            for word in _words(page(finding)[title].replace("`", "")):
                assert word in shown, (title, word)

    @every_finding
    def test_every_command_of_what_to_do_is_there(self, finding: type[Finding]) -> None:
        """A command is not lost between the tabs."""
        shown = rendered(findings.path(finding)).get_text()
        for command in re.findall(r"`([^`]+)`", page(finding)["What to do"]):
            assert " ".join(command.split()) in " ".join(shown.split())

    def test_lists_by_system_become_tabs(self) -> None:
        """Three systems, three tabs, in one order everywhere."""
        labels = re.findall(r'^=== "(\w+)"$', body("reference/findings/port-in-use.md"), re.M)
        assert labels == ["Linux", "macOS", "Windows"]

    def test_same_command_is_repeated_where_the_other_tab_is_hidden(self) -> None:
        """Words that point to another tab would point to what the reader does not see."""
        text = "- Linux: `a`\n- macOS: the same command\n- Windows: `b`"
        assert findings.what_to_do(text).count("    ```sh\n    a\n") == 2

    def test_prose_between_is_kept(self) -> None:
        """Only the list becomes tabs."""
        text = findings.what_to_do("First.\n\n- Linux: `a`\n- Windows: `b`\n\nLast.")
        assert text.startswith("First.\n\n=== ")
        assert text.endswith("\n\nLast.")

    @pytest.mark.parametrize("code", [one.code for one in CATALOGUE if not one.needs_probe])
    def test_example_yields_the_finding(self, code: str) -> None:
        """What the page shows is an example of what it explains."""
        (example,) = [one.example for one in CATALOGUE if one.code == code]
        assert example is not None
        found = [one.finding.code for one in explain(example).findings]
        assert found.count(code) == 1

    @every_finding
    def test_related_are_others(self, finding: type[Finding]) -> None:
        """Somewhere to go on, and not to the page itself."""
        related = findings.related(finding)
        assert finding not in related
        assert 1 <= len(related) <= 12

    def test_index_has_all(self) -> None:
        """One row each."""
        tables = rendered("reference/findings/index.md").find_all("table")
        shown = [row[0] for table in tables for row in rows(table)]
        assert sorted(shown) == sorted(one.code for one in CATALOGUE)


def _words(text: str) -> list[str]:
    return re.findall(r"\w[\w./:()-]*", text)


class TestCauses:
    """One page with every cause."""

    @each("rule", {rule.key: rule for rule in reversed(RULES)}.values(), ids=lambda rule: rule.key)
    def test_has_its_entry(self, rule: Rule) -> None:
        """Under its key stand what speaks for it, its steps with every command, and its guide."""
        heading = rendered(causes.PATH).find(id=rule.key)
        assert heading is not None
        assert heading.get_text() == rule.key
        entry = heading.find_next_sibling("dl")
        assert entry is not None
        shown = _words(entry.get_text())
        for fix in rule.steps(causes.example(rule))[:1]:
            assert set(_words(f"{fix.text} {fix.command or ''}".replace("`", ""))) <= set(shown)
        assert f"../{rule.page.partition('#')[0].strip('/')}" in str(entry)
        assert rule.finding is None or f"{rule.finding} " in entry.get_text()

    def test_what_speaks_for_a_cause_is_read_from_its_rule(self) -> None:
        """Marks of the table, of the function that looks, and its own words, each once."""
        found = {rule.key: causes.clauses(rule) for rule in RULES}
        assert (
            "docker compose puts this prefix before a container's output"
            in (found["client-in-container"])
        )
        assert any("::1" in clause for clause in found["client-in-container"])
        assert "the IPv6 address of localhost" in found["localhost-is-ipv6"]
        assert "this port is published by Docker" not in found["localhost-is-ipv6"]
        untold = [key for key, clauses in found.items() if not clauses]
        assert len(untold) <= len(RULES) / 20, untold

    def test_commands_of_one_step_stand_together(self) -> None:
        """The systems of a step are one number of the list."""
        (rule,) = (rule for rule in RULES if rule.key == "stale-process")
        entry = rendered(causes.PATH).find(id=rule.key).find_next_sibling("dl")  # type: ignore[union-attr]
        steps = entry.select("ol > li")  # type: ignore[union-attr]
        assert 2 <= len(steps) <= 3
        for system in ("Linux: ss", "macOS: sudo lsof", "Windows: Get-"):
            assert system in steps[0].get_text()


class TestRegistries:
    """Rows of tables."""

    def test_every_block_has_every_column(self) -> None:
        """Name, RFCs, months and five flags, in the words of the registry."""
        text = rendered("reference/blocks.md")
        for block in blocks.BLOCKS:
            heading = text.find("h3", string=None, id=_anchor(block.prefix))
            assert heading is not None, block.prefix
            assert heading.get_text() == f"{block.prefix} {block.name}"
            listed = heading.find_next("ul")
            assert listed is not None
            shown = listed.get_text().replace("\u00a0", " ")
            for rfc in block.rfcs:
                assert rfc in shown
            assert f"{block.allocated or 'n/a'}, terminated {block.terminated or 'n/a'}" in shown
            flags = [
                block.source,
                block.destination,
                block.forwardable,
                block.globally_reachable,
                block.reserved_by_protocol,
            ]
            words = re.findall(r"\b(true|false|n/a)\b", shown.split("Flags:")[1].split("\n")[0])
            assert words == [{None: "n/a", True: "true", False: "false"}[flag] for flag in flags]

    def test_every_service_has_its_row(self) -> None:
        """All of them, in order, their descriptions character for character."""
        shown = []
        for part in service_pages.PARTS:
            page = rendered(part.path)
            titles = [one.text for one in page.find_all("h2")]
            for title, table in zip(titles, page.find_all("table"), strict=False):
                first, last = map(int, title.split("-"))
                assert all(first <= int(one[0].split("-")[0]) <= last for one in rows(table))
                shown += rows(table)
            assert titles[-1] == "Sources"
        expected = []
        for row in services.all_services():
            first, last = row.ports
            told = row.description or ""
            transports = ", ".join(row.transports)
            suffix = f"({transports})" if told and transports else transports
            expected.append(
                [
                    str(first) if first == last else f"{first}-{last}",
                    row.name,
                    " ".join(f"{told} {suffix}".split()),
                ]
            )
        assert [[one[0], one[1], " ".join(one[2].split())] for one in shown] == expected

    def test_services_json_has_the_same_rows(self) -> None:
        """Compact, and whole."""
        document = json.loads(made()[service_pages.JSON])
        assert document["columns"] == ["first", "last", "name", "transports", "description"]
        assert len(document["rows"]) == sum(1 for _ in services.all_services())
        assert [5432, 5432, "postgresql", "tu", "PostgreSQL Database"] in document["rows"]

    def test_giant_tables_stay_out_of_the_search(self) -> None:
        """The index of the search would be larger than the site."""
        for part in service_pages.PARTS:
            front = yaml.safe_load(made()[part.path].split("---\n")[1])
            assert front["search"] is False

    def test_every_error_has_its_section(self) -> None:
        """Symbol, numbers, words, and where to go."""
        text = rendered("reference/errors.md")
        for row in ERRORS:
            heading = text.find("h3", id=row.name.lower())
            assert heading is not None, row.name
            listed = heading.find_next("ul")
            assert listed is not None
            shown = listed.get_text()
            for number in row.codes.values():
                assert str(number) in shown
            for words in (*row.symbols, *row.wordings, *row.linux, *row.macos, *row.windows):
                assert words.strip("|@") in shown
            for code in row.leads_to:
                assert code in shown


def _anchor(prefix: str) -> str:
    return "block-" + re.sub(r"[^0-9a-f]+", "-", prefix.replace("::", "-0-")).strip("-")


class TestCommandLine:
    """From the parsers."""

    @pytest.mark.parametrize("command", commands.all_commands(), ids=lambda one: one.heading)
    def test_every_option_is_there(self, command: commands.Command) -> None:
        """By its spellings and with its help."""
        text = body(commands.PATH)
        part = text.split(f"{{ #{command.name or 'diagnose'} }}")[1].split("\n## ")[0]
        for action in command.parser._actions:
            for spelling in action.option_strings:
                assert re.search(rf"`{spelling}[` ]", part), spelling
        shown = rendered(commands.PATH).get_text()
        assert all(
            " ".join((action.help or "").split()) in shown for action in command.parser._actions
        )

    def test_help_does_not_depend_on_the_terminal(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A build in a narrow window gives the same page."""
        monkeypatch.setenv("COLUMNS", "40")
        assert commands.pages()[commands.PATH] == made()[commands.PATH]

    @pytest.mark.parametrize("command", commands.all_commands(), ids=lambda one: one.heading)
    def test_examples_and_exit_codes_are_there(self, command: commands.Command) -> None:
        """What stands below the options in the help."""
        shown = " ".join(rendered(commands.PATH).get_text().split())
        for text in (command.parser.description, command.parser.epilog):
            assert " ".join((text or "").split()) in shown


class TestApi:
    """From the docstrings."""

    def test_every_exported_name_is_there(self) -> None:
        """What ``__all__`` says, the page explains or names."""
        text = body(api.PATH)
        assert [name for name in checks.__all__ if f"`{name}`" not in text] == []

    @pytest.mark.parametrize("record", api.records(), ids=lambda one: one.__name__)
    def test_every_field_means_something(self, record: type) -> None:
        """No field stands without a word on what it is."""
        names = list(getattr(record, "_fields", ()))
        told = {field.name: api.meaning(record, field) for field in fields(record)}
        assert [name for name in names if not told.get(name)] == []
        assert [name for name, meaning in told.items() if not meaning] == []

    @pytest.mark.parametrize("example", list(api.examples()), ids=lambda one: one.name)
    def test_example_is_true(self, example: doctests.DocTest) -> None:
        """Run as it stands on the page."""
        import doctest

        failed = doctest.DocTestRunner(verbose=False).run(example).failed
        assert failed == 0
        assert example.docstring is not None
        assert example.docstring in body(api.PATH)


class TestContract:
    """The JSON contract."""

    def test_every_field_of_the_schema_is_there(self) -> None:
        """Each with its type and its meaning."""
        text = body(contract.PATH)
        for name, part in make_schema.objects(make_schema.schema()):
            anchor = name.replace(".", "-") or "document"
            section = text.split(f"{{ #{anchor} }}")[1].split("\n### ")[0].split("\n## ")[0]
            for key, value in part["properties"].items():
                assert re.search(rf"^`{key}`: .+\n:   \S", section, re.MULTILINE), (name, key)
                assert value["description"] in section, (name, key)

    def test_objects_are_found_at_any_depth(self) -> None:
        """None of the definitions with fields is left out."""
        whole = make_schema.schema()
        names = [name for name, _ in make_schema.objects(whole)]
        with_fields = [name for name, part in whole["$defs"].items() if "properties" in part]
        assert [name for name in with_fields if name not in names] == []
        told = {"step", "cause", "because", "banner", "table", "row", "asked"}
        assert told <= set(names)

    def test_schema_is_published_as_it_is(self) -> None:
        """The file beside the page is the one that the tests validate with."""
        assert json.loads(made()[contract.SCHEMA]) == make_schema.schema()

    def test_example_is_valid(self) -> None:
        """The document on the page keeps the contract, and is what the command prints."""
        document = contract.example()
        assert make_schema.schema() == published_schema.SCHEMA
        published_schema.validator().validate(document)
        fence = re.search(r"```json\n(.*?)\n    ```", body(contract.PATH), re.DOTALL)
        assert fence is not None
        assert json.loads(fence[1]) == json.loads(json.dumps(document))


class TestGlossary:
    """The words."""

    def test_is_sorted_and_without_doubles(self) -> None:
        """A reader finds a term where the alphabet has it."""
        names = [term.name.lower() for term in glossary.terms()]
        assert names == sorted(set(names))

    @each("term", glossary.terms(), ids=lambda one: one.name)
    def test_term_has_meaning_source_and_anchor(self, term: glossary.Term) -> None:
        """One to three sentences, and a document that defines the word."""
        assert 1 <= len(re.findall(r"[.:](?: |$)", term.meaning)) <= 4
        assert term.meaning.endswith(".")
        if term.source != glossary.OWN:
            assert glossary.source(term.source).startswith("["), term.source
        assert rendered(glossary.PATH).find(id=glossary.anchor(term)) is not None


class TestSelfCheck:
    """The numbers that the site says about itself."""

    def test_numbers_are_counted(self) -> None:
        """The page has what the tables have."""
        fresh = markdown.markdown(selfcheck.pages()[selfcheck.PATH], extensions=EXTENSIONS)
        (table, *_) = BeautifulSoup(fresh, "html.parser").find_all("table")
        shown = {row[0]: int(row[1].replace(",", "")) for row in rows(table)}
        assert shown == dict(selfcheck.counts())
        assert shown["findings, each with a page"] == len(CATALOGUE)
        assert min(shown.values()) > 0
