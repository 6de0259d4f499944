"""Modules that become themselves when somebody looks into them: here, and in the real runtime."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from needs import need
from toy_site import write_toy

from mkdocs_pyodide import assets
from mkdocs_pyodide.runtime import program

if TYPE_CHECKING:
    from types import ModuleType

    from mkdocs_pyodide.runtime import Runtime

LATE = """import sys
sys.late_ran = getattr(sys, "late_ran", 0) + 1
from .part import value
__all__ = ["answer"]
answer = 42
hidden = 1
def __getattr__(name):
    if name == "old":
        return "kept for a while"
    raise AttributeError(name)
"""

ASK = """
import { readFileSync } from "node:fs";
const [folder, lock] = process.argv.slice(2);
const { loadPyodide } = await import(`file://${folder}/pyodide.mjs`);
const python = await loadPyodide({
  indexURL: `${folder}/`, packageBaseUrl: `${folder}/`, stdLibURL: `${folder}/stdlib.zip`,
  lockFileContents: { info: JSON.parse(lock), packages: {} }, stdin: () => null,
}).catch((error) => { console.log(String(error.message).slice(-500)); process.exit(1); });
python.FS.writeFile("/package.zip", readFileSync(`${folder}/package.zip`));
python.runPython("import sys; sys.path.insert(0, '/package.zip')");
const live = python.pyimport("_pyodide_live");
const late = () => python.runPython(`sorted(name for name, module in sys.modules.items()
    if type(module) is type(sys) and "_deferred" in vars(module))`).toJs();
live.function("toy.web:loud")("x");
const called = late();
let said = "";
const code = "import asyncio\\nprint(asyncio.run.__wrapped__.__name__)";
live.run(code, (text) => { said += text; }, 1000);
console.log(JSON.stringify({ called, run: late(), said }));
"""


@pytest.fixture
def late(trim: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A package of which one module is deferred, imported."""
    folder = tmp_path / "late_package"
    folder.mkdir()
    code = trim.bytecode(LATE.encode(), "late_package/__init__.py", 2)
    (folder / "__init__.pyc").write_bytes(trim.deferred(code, "late_package/__init__.py"))
    (folder / "part.py").write_text("value = 'of the part'\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "late_ran", 0, raising=False)
    for name in ("late_package", "late_package.part"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return importlib.import_module("late_package")


def test_it_runs_once_and_when_it_is_looked_into(late: ModuleType) -> None:
    """Importing it, or a module in it, does not run it."""
    importlib.import_module("late_package.part")
    assert vars(sys)["late_ran"] == 0
    assert late.answer == 42
    assert late.value == "of the part"
    assert vars(sys)["late_ran"] == 1
    assert "_deferred" not in vars(late)


def test_names_it_has_not(late: ModuleType) -> None:
    """Its own ``__getattr__`` decides, where it has one."""
    assert late.old == "kept for a while"
    assert not hasattr(late, "nothing")
    assert vars(sys)["late_ran"] == 1


def test_everything_of_it(late: ModuleType) -> None:
    """``from ... import *`` takes what the module says."""
    space: dict[str, object] = {}
    exec(f"from {late.__name__} import *", space)  # noqa: S102  # the package above
    assert space["answer"] == 42
    assert "hidden" not in space


def test_in_the_runtime(trim: ModuleType, runtime: Runtime, tmp_path: Path) -> None:
    """A call looks into none of them, code of a visitor finds them all as they are anywhere."""
    need("node", "nodejs")
    toy = assets.Options(write_toy(tmp_path), {"loud": "toy.web:loud"}, ("private",))
    for path, data in assets.build(toy).items():
        (tmp_path / Path(path).name).write_bytes(data)
    with zipfile.ZipFile(tmp_path / "toy.zip") as outer:  # the browser unpacks it
        (tmp_path / trim.WHOLE).write_bytes(outer.read(trim.WHOLE))
    script = tmp_path / "ask.mjs"
    script.write_text(ASK)
    done = subprocess.run(
        [program("node"), script, str(tmp_path), json.dumps(runtime.lock)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-1000:]
    found = json.loads(done.stdout)
    assert found["called"] == sorted(trim.DEFERRED)
    assert found["run"] == []
    assert found["said"] == "run\n"
