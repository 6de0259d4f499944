"""Cuts the standard library to what a package imports; runs inside the runtime, at build time.

Inside, because only the runtime's own Python writes bytecode that it reads, and
because its zlib gives the same archive on every machine.
"""

from __future__ import annotations

import importlib.util
import marshal
import os
import zipfile
from types import CodeType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

STDLIB = 2
"""``optimize`` for the standard library: no docstrings, no assertions."""

PACKAGE = 0
"""``optimize`` for a package that may depend on its assertions and docstrings."""

WHOLE = "package.zip"
"""The one member of the package's archive; in it the modules are stored."""

DEFERRED = frozenset({
    "_colorize", "asyncio", "bz2", "codeop", "compression.zstd", "linecache", "lzma", "pyodide",
    "threading", "warnings",
})  # fmt: skip
"""Modules that the runtime imports while it starts, and that no call of a function looks into.

With what they import themselves they are a fifth of its start. None may be one whose import
changes another module: such a change would come late.
"""

STUB = """
def __getattr__(name):
    import marshal
    import sys
    space = globals()
    del space["__getattr__"]
    exec(marshal.loads(space.pop("_deferred")), space)
    return getattr(sys.modules[__name__], name)
"""
"""A module that becomes itself when somebody first looks for a name in it (PEP 562)."""


def bytecode(source: bytes, name: str, optimize: int, lines: bool = True) -> bytes:
    """A ``.pyc`` that is never compared with its source: no time, no path of the build."""
    code = compile(source, name, "exec", dont_inherit=True, optimize=optimize)
    code = code if lines else without_lines(code)
    unchecked = (0b01).to_bytes(4, "little")  # PEP 552
    head = importlib.util.MAGIC_NUMBER + unchecked + importlib.util.source_hash(source)
    return head + marshal.dumps(code)


def without_lines(code: CodeType) -> CodeType:
    """Code whose instructions all have the first line of their function.

    Where each begins is a tenth of a compressed package. In a location table an entry is of
    at most eight code units; 13 is the kind without columns, and then comes how many lines
    further it is: CPython, InternalDocs/code_objects.md.
    """
    units = len(code.co_code) // 2
    table = b"".join(
        bytes((0x80 | 13 << 3 | min(8, units - at) - 1, 0)) for at in range(0, units, 8)
    )
    inner = (without_lines(one) if isinstance(one, CodeType) else one for one in code.co_consts)
    return code.replace(co_linetable=table, co_consts=tuple(inner))


def deferred(module: bytes, name: str) -> bytes:
    """A ``.pyc`` whose code is run when somebody first looks into the module.

    ``_pyodide_live.settle`` ends that for all of them, before code of a visitor runs.
    """
    head, code = module[:16], module[16:]
    return head + marshal.dumps(compile(f"{STUB}_deferred = {code!r}\n", name, "exec"))


def archive(files: dict[str, bytes], path: str, method: int = zipfile.ZIP_DEFLATED) -> None:
    """Write a zip whose bytes depend on the contents alone."""
    with zipfile.ZipFile(path, "w") as target:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.external_attr = 0o644 << 16
            info.create_system = 3
            target.writestr(info, files[name], method, compresslevel=9)


def module_of(name: str) -> str:
    """``json/__init__.py`` is the module ``json``."""
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def cut(stock: str, keep: list[str], target: str) -> list[str]:
    """Write the standard library with the modules *keep* only.

    Returns:
        the modules left out.
    """
    kept, files, left = set(keep), {}, []
    with zipfile.ZipFile(stock) as source:
        for name in source.namelist():
            if not name.endswith(".py") or name.startswith("site-packages/"):
                continue
            module = module_of(name)
            if module in kept:
                code = bytecode(source.read(name), name, STDLIB)
                files[name + "c"] = deferred(code, name) if module in DEFERRED else code
            else:
                left.append(module)
    archive(files, target)
    return sorted(left)


def walk(folder: str) -> Iterator[tuple[str, bytes]]:
    """Every file below a folder: its relative path and its bytes."""
    for top, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(top, name)
            with open(path, "rb") as file:
                yield os.path.relpath(path, folder), file.read()


def pack(folder: str, left: list[str], target: str, docstrings: bool) -> None:
    """Write the package, its modules compiled, and a module with the names *left*.

    Without its docstrings it has no assertions either, and no lines but the first of each function.
    """
    optimize = PACKAGE if docstrings else STDLIB
    names = f"NAMES = {' '.join(left)!r}\n".encode()
    files = {"_pyodide_left.pyc": bytecode(names, "_pyodide_left.py", optimize)}
    for name, data in walk(folder):
        if name.endswith(".py"):
            files[name + "c"] = bytecode(data, name, optimize, lines=docstrings)
        else:
            files[name] = data
    archive(files, target, zipfile.ZIP_STORED)


def wrap(source: str, target: str) -> None:
    """Compress an archive as a whole: modules repeat each other's words and bytecode.

    A fifth to a quarter smaller than modules that are compressed one by one. The worker
    has it unpacked by the browser.
    """
    with open(source, "rb") as file:
        archive({WHOLE: file.read()}, target)
