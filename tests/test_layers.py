"""The folders are the rule: who may import whom, read from the sources and seen in fresh processes."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import sts_desktop

ROOT = Path(sts_desktop.__path__[0])

# What each part of the package may import of the package. Only __main__ stands above all of them.
ALLOWED = {
    "__init__": set[str](),
    "core": {"core"},
    "cli": {"cli", "core"},
    "ui": {"ui", "core"},
    "demo": {"demo", "ui", "core"},
    "__main__": {"cli", "core", "demo", "ui"},
}

# Where each of these libraries may be imported at all, in functions too: folders end with "/".
HOMES = {
    "PySide6": ("ui/", "demo/"),
    "shiboken6": ("ui/", "demo/"),
    "boto3": (),  # what a person's own tools are; only the process that reads the demo's file back imports it
    # Its exceptions are turned into ours, its signer checks the demo's requests, and its credential provider chain is
    # itself a source of access keys.
    "botocore": (
        "core/sts/client.py",
        "core/sts/default_chain.py",
        "core/sts/faults.py",
        "core/sts/fingerprint.py",
        "core/sts/isolated_session.py",
        "core/sts/service_data.py",
        "demo/",
    ),
    "keyring": ("core/vault/",),
    "secretstorage": ("core/vault/",),
    # QtDBus cannot make the unsigned number that `Notify` asks for; see there.
    "jeepney": ("core/vault/", "core/desktop_notifications.py"),
}

# What costs a tenth of a second or more, or is not needed by every command; imported where it is used.
LATE = {"boto3", "botocore", "cryptography", "filelock", "jeepney", "keyring", "platformdirs", "secretstorage"}
QT = {"PySide6", "shiboken6"}

VAGUE_NAMES = {"base", "common", "helpers", "manager", "utils"}

IMPORT_EACH = """
import importlib, json, sys
loaded = {}
for module in json.loads(sys.argv[1]):
    before = set(sys.modules)
    importlib.import_module(module)
    loaded[module] = sorted(set(sys.modules) - before)
print(json.dumps(loaded))
"""


def sources() -> list[Path]:
    return sorted(ROOT.rglob("*.py"))


def place(source: Path) -> str:
    """Return the path of a module's file below the package, such as `core/sts/client.py`."""
    return source.relative_to(ROOT).as_posix()


def part(source: Path) -> str:
    """Return the part of the package that a module's file belongs to, a key of ALLOWED."""
    return place(source).partition("/")[0].removesuffix(".py")


def module_name(source: Path) -> str:
    names = ["sts_desktop", *source.relative_to(ROOT).with_suffix("").parts]
    return ".".join(names[:-1] if names[-1] == "__init__" else names)


def imported(source: Path) -> set[str]:
    """Return every dotted name that a file imports, at whatever depth; of `from a import b` also `a.b`."""
    package = module_name(source).split(".")
    if source.name != "__init__.py":
        package.pop()
    names: set[str] = set()
    for node in ast.walk(ast.parse(source.read_bytes())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else []
            module = ".".join([*above, *filter(None, [node.module])])
            names.update([module, *(f"{module}.{alias.name}" for alias in node.names)])
        elif isinstance(node, ast.Call):
            names.update(_imported_by_call(node))
    return names


def _imported_by_call(call: ast.Call) -> Iterator[str]:
    """Yield the name in `import_module("name")` and `__import__("name")`."""
    called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    first = call.args[0] if call.args else None
    if called in {"import_module", "__import__"} and isinstance(first, ast.Constant) and isinstance(first.value, str):
        yield first.value


def newly_loaded(modules: list[str]) -> dict[str, set[str]]:
    """Import `modules` in a fresh process, in this order; return what each of them brought along."""
    command = [sys.executable, "-c", IMPORT_EACH, json.dumps(modules)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return {module: set(names) for module, names in json.loads(result.stdout).items()}


def offences(modules: list[str], forbidden: set[str]) -> list[str]:
    return [
        f"{module} loads {wrong}"
        for module, names in newly_loaded(modules).items()
        for wrong in sorted(forbidden)
        if any(name == wrong or name.startswith(f"{wrong}.") for name in names)
    ]


def modules_of(*parts: str) -> list[str]:
    # Importing a `__main__` of a folder would start it.
    return [module_name(source) for source in sources() if part(source) in parts and source.stem != "__main__"]


def parts_without(*parts: str) -> set[str]:
    return {f"sts_desktop.{name}" for name in ("core", "cli", "ui", "demo") if name not in parts}


@pytest.mark.parametrize("source", sources(), ids=place)
def test_a_module_imports_only_parts_that_its_own_part_may_know(source: Path) -> None:
    inner = {name.split(".")[1] for name in imported(source) if name.startswith("sts_desktop.")}

    assert (inner & ALLOWED.keys()) <= ALLOWED[part(source)]


@pytest.mark.parametrize("source", sources(), ids=place)
def test_a_library_is_imported_only_where_it_belongs(source: Path) -> None:
    libraries = {name.split(".")[0] for name in imported(source)} & HOMES.keys()

    misplaced = {library for library in libraries if not any(_stands_in(source, home) for home in HOMES[library])}

    assert not misplaced


def _stands_in(source: Path, home: str) -> bool:
    return place(source).startswith(home) if home.endswith("/") else place(source) == home


@pytest.mark.parametrize("source", sources(), ids=place)
def test_a_module_is_named_after_what_it_does(source: Path) -> None:
    assert not VAGUE_NAMES & set(source.relative_to(ROOT).with_suffix("").parts)


def test_every_part_has_a_rule() -> None:
    assert {part(source) for source in sources()} <= ALLOWED.keys()


def test_core_loads_neither_qt_nor_what_is_imported_late() -> None:
    assert offences(modules_of("core"), QT | LATE | parts_without("core")) == []


def test_the_command_line_loads_neither_qt_nor_what_is_imported_late() -> None:
    assert offences(modules_of("cli"), QT | LATE | parts_without("core", "cli")) == []


def test_the_window_loads_nothing_that_its_first_paint_would_wait_for() -> None:
    assert offences(modules_of("ui"), LATE | parts_without("core", "ui")) == []


def test_the_entry_point_decides_before_anything_is_loaded() -> None:
    assert offences(["sts_desktop.__main__"], QT | LATE | parts_without("core", "cli")) == []


def test_the_embedded_sts_runs_without_qt() -> None:
    """The server half of the demo is what its own process loads."""
    server = ["sts_desktop.demo.embedded_sts", "sts_desktop.demo.__main__"]

    assert offences(server, QT | parts_without("core", "demo")) == []
