"""What a person started that started a process."""

from __future__ import annotations

import pytest

from checks.probe.machine import launchers

TASKS = {
    "npm run dev": ["npm", "run", "dev"],
    "npm start": ["node", "/usr/lib/node_modules/npm/bin/npm-cli.js", "start"],
    "yarn dev": ["/usr/bin/node", "--no-warnings", "/usr/share/yarn/bin/yarn.js", "dev"],
    "pnpm dev": ["node", "/opt/pnpm/bin/pnpm.cjs", "--filter", "web", "dev"],
    "make serve": ["make", "-C", "web", "serve", "TOKEN=secret"],
    "make": ["/usr/bin/make", "-j8", "all"],
    "uv run uvicorn app:api": ["uv", "run", "uvicorn", "app:api", "--reload"],
    "cargo watch": ["/home/ann/.cargo/bin/cargo", "watch", "-x", "run"],
    "go run ./cmd/web": ["go", "run", "./cmd/web", "--password", "x"],
    "docker compose up": ["docker", "compose", "up", "-d"],
    "pytest": ["/usr/bin/python3.11", "-m", "pytest", "-n", "4", "tests"],
    "poetry run web": ["python3", "/usr/bin/poetry", "run", "web"],
    "gradlew bootRun": ["/bin/sh", "./gradlew", "bootRun"],
}


@pytest.mark.parametrize(("task", "words"), TASKS.items(), ids=list(TASKS))
def test_a_task_is_named_as_a_person_types_it(task: str, words: list[str]) -> None:
    """Without interpreter, folders, options and what may be secret."""
    assert launchers.task(words) == task


@pytest.mark.parametrize(
    "words",
    [[], ["node", "server.js"], ["node", "-e", "npm"], ["bash"], ["sh", "-c", "make serve"],
     ["docker", "run", "-p", "80:80", "web"], ["/opt/make/bin/web", "run"], ["python3"],
     ["vim", "make"]],
)  # fmt: skip
def test_other_programs_are_no_launchers(words: list[str]) -> None:
    """The server itself, a shell, a program with such a name in its path or arguments."""
    assert launchers.task(words) is None


EDITORS = [
    ("node", ["/home/ann/.vscode-server/bin/abc/node", "out/server-main.js"], "VS Code"),
    ("code", ["/usr/share/code/code", "--type=zygote"], "VS Code"),
    ("cursor", ["/opt/cursor/cursor"], "Cursor"),
    ("pycharm", ["/opt/pycharm/bin/pycharm"], "PyCharm"),
    ("java", ["/opt/idea/jbr/bin/java", "-Didea.paths.selector=GoLand2025.1"], "GoLand"),
    ("java", ["/opt/x/jbr/bin/java", "-Didea.paths.selector=Writerside1"], "a JetBrains IDE"),
    ("idea64", [], "IntelliJ IDEA"),
    ("java", ["java", "-jar", "web.jar"], None),
    ("node", ["node", "code"], None),
]


@pytest.mark.parametrize(("name", "words", "editor"), EDITORS)
def test_an_editor_is_known(name: str, words: list[str], editor: str | None) -> None:
    """By its process, the folder of its server, or the options of its Java."""
    assert launchers.editor(name, words) == editor
