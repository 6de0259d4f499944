"""The list of formats: what is in it works, and what the program offers is in it."""

from __future__ import annotations

import inspect
import pkgutil

import pytest
import situations as real
from cli.terminal import run
from findings.records import attempt, probe
from report.formats.cases import NASTY, case, entry, listing

from checks.cli import diagnose, listen
from checks.report import formats
from checks.report.formats import Written
from checks.report.style import Style
from checks.rules.tables import TABLES

every_option = pytest.mark.parametrize("name", formats.NAMES)


def test_every_module_is_in_the_list() -> None:
    """A format that nothing leads to cannot be asked for."""
    modules = [each.name for each in pkgutil.iter_modules(formats.__path__)]
    assert sorted(modules) == sorted(each.name for each in formats.FORMATS)


def test_the_command_line_offers_what_is_in_the_list() -> None:
    """For a diagnosis and for a list of listeners, in the list's order."""
    for parser in (diagnose.parser(), listen.parser()):
        (option,) = (each for each in parser._actions if "--format" in each.option_strings)
        assert tuple(option.choices or ()) == formats.NAMES


def test_exit_codes_of_its_own_are_in_the_help() -> None:
    """For a diagnosis and for a list of listeners: each code with its word."""
    for parser in (diagnose.parser(), listen.parser()):
        shown = " ".join(parser.format_help().split())
        for each in formats.FORMATS:
            _, found, codes = shown.partition(f"--format {each.name}: ")
            assert bool(found) == bool(each.exits)
            for code, word in enumerate(each.exits):
                assert f"{code} {word}" in codes


@every_option
def test_a_format_writes_targets_and_listeners(name: str) -> None:
    """Whole lines, of nothing and of hostile text as well; its own exit code, or none."""
    module, codes = formats.load(name), range(len(formats.of(name).exits))
    for targets in ([case("127.0.0.1:80")], [case(NASTY), case("x")]):
        check(module.diagnosis(targets, Style()), codes)
    for seen in (listing(), listing(entry(), entry(NASTY))):
        check(module.listeners(seen, Style()), codes)


def check(made: Written, codes: range) -> None:
    """Hold what a format has written to what the command line does with it."""
    assert made.text == "" or made.text.endswith("\n")
    assert "\x1b" not in made.text
    assert made.code in codes if codes else made.code is None


@pytest.mark.parametrize("each", [f for f in formats.FORMATS if f.is_option and not f.at_once])
def test_a_document_says_what_could_not_be_seen(each: formats.Format) -> None:
    """Of a socket table that was not read no format makes an empty one."""
    module, asked = formats.load(each.name), case("127.0.0.1:80")

    def diagnosis(*unread: str) -> str:
        probes = {0: probe(attempt("accepted"), unread=unread)}
        report = asked.report._replace(probes=probes)
        return module.diagnosis([asked._replace(report=report)], Style()).text

    def listeners(*unread: str) -> str:
        return module.listeners(listing()._replace(unread=unread), Style()).text

    assert diagnosis() != diagnosis(*TABLES)
    assert listeners() != listeners(*TABLES)


@every_option
def test_a_format_keeps_the_order_of_its_arguments(name: str) -> None:
    """They are given by position."""
    module = formats.load(name)
    for function in (module.diagnosis, module.listeners):
        assert len(inspect.signature(function).parameters) == 2


def test_a_name_that_is_not_in_the_list_is_refused() -> None:
    """It is no module of any kind."""
    with pytest.raises(LookupError):
        formats.load("os")


@pytest.mark.machine
def test_quiet_is_quiet() -> None:
    """Nothing is printed; the exit code is that of the format."""
    closed = real.unused()
    found = run("-q", "--format", "nagios", closed)
    assert (found.returncode, found.stdout, found.stderr) == (2, "", "")
    found = run("-q", "--format", "junit", closed)
    assert (found.returncode, found.stdout, found.stderr) == (1, "", "")
