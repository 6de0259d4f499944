"""One table of situations: the finding expected and given; what each other tool said."""

from __future__ import annotations

import statistics
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest
from scenes import SCENARIOS

from benchmarks import measure, tools
from benchmarks.judge import MARKS, RULES, Judgement, is_best, judge
from benchmarks.saying import READERS, Said
from benchmarks.table import markdown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scenes import Scenario, Scene


LONGEST = 10.0
"""Seconds that one tool may take."""

OURS = "checks"
SHORT = "checks --no-identify"
"""Ours, without asking what speaks there: as much as the other tools do. Only its time is shown."""


class Asked(NamedTuple):
    """One tool in one situation."""

    said: Said
    judgement: Judgement
    milliseconds: float


class Line(NamedTuple):
    """One situation, with everyone's answer."""

    scenario: Scenario
    answers: dict[str, Asked]
    codes: tuple[tuple[str, ...], ...] = ()
    """Ours: the findings of each run."""
    skipped: str | None = None


def command(tool: str, scene: Scene) -> list[str]:
    """How a tool is asked about a port: with its own defaults, each in its best light."""
    host, port = scene.host, str(scene.port)
    six = ["-6"] if ":" in host else []
    if tool in (OURS, SHORT):
        more = tool.split()[1:]
        # The interpreter of the tests may lie where only root can go.
        python = sys.executable if scene.user is None else tools.system_python()
        return [python, "-m", "checks", "--json", *more, scene.target]
    arguments = {
        "nmap": [*six, "-n", "-Pn", "--reason", "-p", port, host],
        "ncat": ["-z", "-v", "-w", "2", host, port],
        "wait-on": ["-t", "2000", f"tcp:{scene.target}"],
        "ss": ["-Htuanp", f"sport = :{port}"],
        "lsof": ["-nP", f"-i:{port}"],
        "portwho": [port],
        "portpeek": [port],
        "kport": ["diagnose", port],
        "witr": ["--port", port],
    }
    return [*tools.find(tool).command, *arguments[tool]]


def run(tool: str, scene: Scene) -> tuple[Said, float]:
    """Ask one tool; its answer, and milliseconds from start to exit."""
    done = measure.finished(command(tool, scene), capture=True, longest=LONGEST, user=scene.user)
    text = done.stdout.decode(errors="replace")
    name = tool.partition(" ")[0]
    if name != OURS:
        text += done.stderr.decode(errors="replace")
    if done.code < 0:
        return Said("error", (), f"took longer than {LONGEST:g} s"), done.milliseconds
    said = READERS[name](text, done.code)
    rows = tuple(row for row in said.rows if row.port in (0, scene.port))
    return said._replace(rows=rows), done.milliseconds


def ask(scenario: Scenario, tool: str) -> Asked:
    """Set the situation up anew and ask one tool: none must meet what another left."""
    with scenario.make() as scene:
        said, spent = run(tool, scene)
        judgement = judge(tool.partition(" ")[0], said, scene.truth, scene.host)
        if scene.harmed() is not None:
            judgement = Judgement("HARM")
        return Asked(said, judgement, spent)


def line(scenario: Scenario, names: Sequence[str], runs: int) -> Line:
    """All tools in one situation; ours several times, for the median and to see that it is stable.

    Arguments:
        scenario: the situation.
        names: the other tools.
        runs: how often ours is asked.
    """
    try:
        ours = [ask(scenario, OURS) for _ in range(runs)]
        short = [ask(scenario, SHORT) for _ in range(runs)]
        answers = {name: ask(scenario, name) for name in names}
    except (pytest.skip.Exception, OSError) as reason:
        return Line(scenario, {}, (), str(reason))
    spent = statistics.median(one.milliseconds for one in ours)
    spent_short = statistics.median(one.milliseconds for one in short)
    worst = max(ours, key=lambda one: [*MARKS].index(one.judgement.mark))
    answers[OURS] = worst._replace(milliseconds=spent)
    answers[SHORT] = short[0]._replace(milliseconds=spent_short)
    return Line(scenario, answers, tuple(one.said.findings for one in ours))


def given(found: Line) -> str:
    """The findings of ours, those that were expected first."""
    expected = found.scenario.expected
    codes = found.codes[0]
    first = [code for code in expected if code in codes]
    return " ".join([*first, *(code for code in codes if code not in expected)])


def verdict(found: Line) -> str:
    """Whether all that was expected was given, in every run."""
    if found.skipped:
        return "not run"
    lacking = {code for codes in found.codes for code in found.scenario.expected} - {
        code for code in found.scenario.expected if all(code in codes for codes in found.codes)
    }
    return f"lacks {' '.join(sorted(lacking))}" if lacking else "as expected"


def findings_table(lines: Iterable[Line]) -> str:
    """Scenario, finding expected, finding given, milliseconds."""
    rows = [
        (one.scenario.name, " ".join(one.scenario.expected),
         one.skipped or given(one), verdict(one),
         *("" if one.skipped else one.answers[tool].milliseconds for tool in (OURS, SHORT)))
        for one in lines
    ]  # fmt: skip
    return markdown(("scenario", "expected", "given", "so", "ms", "short ms"), rows, left=4)


def tools_table(lines: Iterable[Line], names: Sequence[str]) -> str:
    """Scenario, and the mark of each tool."""
    rows = [
        (one.scenario.name, *(one.answers[n].judgement.mark for n in (OURS, *names)))
        for one in lines
        if not one.skipped
    ]
    return markdown(("scenario", OURS, *names), rows, left=len(names) + 2)


def counts_table(lines: Sequence[Line], names: Sequence[str]) -> str:
    """How often each tool got each mark, and its median time."""
    rows = []
    for name in (OURS, SHORT, *names):
        asked = [one.answers[name] for one in lines if not one.skipped]
        marks = [one.judgement.mark for one in asked]
        spent = statistics.median(one.milliseconds for one in asked)
        rows.append((name, *(marks.count(mark) for mark in MARKS), spent))
    return markdown(("tool", *MARKS, "median ms"), rows)


def said_table(lines: Iterable[Line], names: Sequence[str]) -> str:
    """What was false, and what each tool had said."""
    rows = [
        (one.scenario.name, name, one.answers[name].said.shown(),
         f"rule {one.answers[name].judgement.broken}")
        for one in lines if not one.skipped
        for name in (OURS, *names) if one.answers[name].judgement.broken
    ]  # fmt: skip
    return markdown(("scenario", "tool", "said", "false by"), rows, left=4)


def _best(lines: Sequence[Line], names: Sequence[str]) -> str:
    """In how many situations no other tool is better than ours, and where one is."""
    asked = [one for one in lines if not one.skipped]
    beaten = [
        one.scenario.name
        for one in asked
        if not is_best(one.answers[OURS].judgement.mark,
                       [one.answers[name].judgement.mark for name in names])
    ]  # fmt: skip
    where = f"; not in: {', '.join(beaten)}" if beaten else ""
    best = f"{len(asked) - len(beaten)} of {len(asked)}"
    return f"{OURS} is best, alone or with others, in {best} situations{where}."


def main(*, quick: bool = False) -> None:
    """Print the tables."""
    names = [name for name in tools.NAMES if not tools.find(name).missing]
    lines = [line(scenario, names, 1 if quick else 5) for scenario in SCENARIOS]
    print("## Scenarios: findings\n")
    print(
        "ms: whole process, median; short: with --no-identify. Most listeners here never say a"
        " word,\nwhich takes the identification its whole second. Every tool meets each situation"
        " anew.\n"
    )
    print(findings_table(lines))
    right = sum(verdict(one) == "as expected" for one in lines)
    print(f"\n{right} of {len(lines)} as expected.\n")
    print("## Scenarios: other tools\n")
    print(tools_table(lines, names))
    print(f"\n{_best(lines, names)}\n")
    for mark, meaning in MARKS.items():
        print(f"- `{mark}`: {meaning}")
    print("\nAn answer is false by one of these rules:\n")
    for number, rule in enumerate(RULES, 1):
        print(f"{number}. {', '.join(rule.tools) or 'all'}: {rule.says}")
    print()
    for reason in tools.missing():
        print(f"- {reason}")
    print()
    print(counts_table(lines, names))
    print()
    print(said_table(lines, names))
