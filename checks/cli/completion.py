"""checks completion: what a shell offers after Tab, written from the parsers.

By hand and not by a library: the words are few, and what a shell sources
should be short enough to be read first.
"""

from __future__ import annotations

from checks.cli import commands
from checks.cli.parser import Parser
from checks.model.exits import OK
from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

DESCRIPTION = """\
Print a script that completes the commands and options of "checks".
"""

EPILOG = """\
  bash  eval "$(checks completion bash)"
  zsh   checks completion zsh > "${fpath[1]}/_checks"
  fish  checks completion fish > ~/.config/fish/completions/checks.fish

It completes the installed program, checks, and not a module that Python runs.
"""

SHELLS = ("bash", "zsh", "fish")


class Option(NamedTuple):
    """One option of a command.

    Arguments:
        names: ``-q`` and ``--quiet``.
        says: its help, one line.
        takes: the name of its value; "" where it takes none.
        choices: the values to choose from; empty for any.
        optional: whether the value may be left out.
    """

    names: tuple[str, ...]
    says: str
    takes: str
    choices: tuple[str, ...]
    optional: bool


class Command(NamedTuple):
    """One command: its name ("" for the diagnosis), what it does, its options.

    ``words`` are the values of its first argument, where those are few.
    """

    name: str
    says: str
    options: tuple[Option, ...]
    words: tuple[str, ...]


class Options(NamedTuple):
    """The arguments, by the names that the parser gives them."""

    shell: str


def parser() -> Parser:
    """Return the parser of the arguments."""
    made = Parser("completion", "SHELL", DESCRIPTION, EPILOG)
    made.add_argument("shell", choices=SHELLS, metavar="SHELL", help="bash, zsh or fish")
    return made


def read(argv: Sequence[str]) -> Options:
    """Read the arguments."""
    return Options(**parser().read(argv))


def run(options: Options) -> int:
    """Print the script."""
    write = {"bash": bash, "zsh": zsh, "fish": fish}[options.shell]
    print("\n".join(write(everything())))
    return OK


def everything() -> tuple[Command, ...]:
    """Every command, the diagnosis first, as the parsers have it."""
    return tuple(_command(each.name, each.load().parser()) for each in commands.COMMANDS)


def _command(name: str, made: argparse.ArgumentParser) -> Command:
    options: list[Option] = []
    words: tuple[str, ...] = ()
    for action in made._actions:  # argparse has no public list of them
        if action.option_strings:
            options.append(_option(action))
        elif action.choices and tuple(action.choices) != (name,):
            words = tuple(map(str, action.choices))
    text = " ".join((made.description or "").split())
    ends = [at for mark in (".", ":") if (at := text.find(mark)) > 0]
    return Command(name, text[: min(ends, default=None)], tuple(options), words)


def _option(action: argparse.Action) -> Option:
    takes = ""
    if action.nargs != 0:
        takes = str(action.metavar or action.dest)
    return Option(
        tuple(action.option_strings),
        (action.help or "").replace("%(default)s", str(action.default)),
        takes,
        tuple(map(str, action.choices or ())),
        action.nargs == "?",
    )


def bash(found: tuple[Command, ...]) -> Iterator[str]:
    """Yield the script for bash: a function that fills COMPREPLY."""
    names = " ".join(each.name for each in found if each.name)
    yield '# bash completion of checks: eval "$(checks completion bash)"'
    yield "_checks() {"
    yield '    local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}"'
    yield '    local command="" options="" words="" at'
    yield "    COMPREPLY=()"
    # After -- come the words of the command that wait runs.
    yield "    for ((at = 1; at < COMP_CWORD; at++)); do"
    yield '        [[ "${COMP_WORDS[at]}" == -- ]] && return'
    yield "    done"
    yield f'    (( COMP_CWORD > 1 )) && case " {names} " in'
    yield '        *" ${COMP_WORDS[1]} "*) command="${COMP_WORDS[1]}" ;;'
    yield "    esac"
    yield '    case "$command" in'
    for each in found:
        yield f"        {each.name or chr(34) * 2})"
        yield f'            options="{" ".join(n for o in each.options for n in o.names)}"'
        words = each.words or (tuple(names.split()) if not each.name else ())
        yield f'            words="{" ".join(words)}"'
        yield '            case "$before" in'
        for option in each.options:
            if option.takes and not option.optional:
                yield f"                {'|'.join(option.names)})"
                yield f"                    COMPREPLY=({_reply(option)}); return ;;"
        yield "            esac ;;"
    yield "    esac"
    yield '    (( COMP_CWORD > 1 )) && [[ -z "$command" ]] && words=""'
    yield '    [[ "$word" == -* ]] && words="$options"'
    yield '    COMPREPLY=($(compgen -W "$words" -- "$word"))'
    yield "}"
    yield "complete -o bashdefault -F _checks checks"


def _reply(option: Option) -> str:
    return f'$(compgen -W "{" ".join(option.choices)}" -- "$word")' if option.choices else ""


def zsh(found: tuple[Command, ...]) -> Iterator[str]:
    """Yield the script for zsh: a function for compsys."""
    yield "#compdef checks"
    yield "# zsh completion of checks: a file named _checks in a directory of $fpath"
    yield "_checks() {"
    yield "    local -a names"
    yield "    names=("
    for each in found:
        if each.name:
            yield f"        {_quoted(f'{each.name}:{each.says}')}"
    yield "    )"
    yield "    case ${words[2]} in"
    for each in found:
        if each.name:
            yield f"        {each.name})"
            yield "            shift words; (( CURRENT-- ))"
            yield "            _arguments -s \\"
            yield from (f"                {text} \\" for text in _zsh_options(each))
            words = f":word:({' '.join(each.words)})" if each.words else ":target:_hosts"
            yield f"                {_quoted(f'*:{words}')} ;;"
    yield "        *)"
    yield "            if (( CURRENT == 2 )); then _describe -t commands command names; fi"
    yield "            _arguments -s \\"
    yield from (f"                {text} \\" for text in _zsh_options(found[0]))
    yield "                '*:target:_hosts' ;;"
    yield "    esac"
    yield "}"
    yield 'if [ "${funcstack[1]}" = "_checks" ]; then _checks "$@"; else compdef _checks checks; fi'


def _zsh_options(each: Command) -> Iterator[str]:
    for option in each.options:
        says = option.says.replace("[", "(").replace("]", ")").replace(":", ",")
        value = ""
        if option.takes:
            choices = f"({' '.join(option.choices)})" if option.choices else " "
            value = f"{'::' if option.optional else ':'}{option.takes}:{choices}"
        for name in option.names:
            yield _quoted(f"{name}[{says}]{value}")


def fish(found: tuple[Command, ...]) -> Iterator[str]:
    """Yield the script for fish: a line for each word and option."""
    names = " ".join(each.name for each in found if each.name)
    yield "# fish completion of checks"
    yield "complete -c checks -f"
    for each in found:
        if each.name:
            said = f"-a {each.name} -d {_quoted(each.says)}"
            yield f"complete -c checks -n __fish_use_subcommand {said}"
    for each in found:
        seen = f"__fish_seen_subcommand_from {each.name or names}"
        when = _quoted(seen if each.name else f"not {seen}")
        if each.words:
            yield f"complete -c checks -n {when} -a {_quoted(' '.join(each.words))}"
        for option in each.options:
            yield f"complete -c checks -n {when} {_fish_option(option)}"


def _fish_option(option: Option) -> str:
    parts = [f"-l {n[2:]}" if n.startswith("--") else f"-s {n[1:]}" for n in option.names]
    if option.takes and not option.optional:
        parts.append("-x")
    if option.choices:
        parts.append(f"-a {_quoted(' '.join(option.choices))}")
    return f"{' '.join(parts)} -d {_quoted(option.says)}"


def _quoted(text: str) -> str:
    """Text in single quotes, as all three shells read it."""
    return "'" + text.replace("'", "’") + "'"
