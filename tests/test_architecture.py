"""The house's shape: floors, rooms, slices without cycles, and the size budget."""

import ast
import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

from selfos.edge.registry import TOOLS

ROOT = Path(__file__).parent.parent
LINES_PER_FILE = 400
LINES_PER_FUNCTION = 50
OPEN_ROOMS = {"service", "schemas", "events"}
GENERATED = {ROOT / "web/src/lib/api/schema.d.ts"}


def python_files() -> list[Path]:
    folders = ("src", "tests", "tools", "bench")
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def web_files() -> list[Path]:
    suffixes = ("*.ts", "*.svelte", "*.css")
    found = (path for suffix in suffixes for path in (ROOT / "web/src").rglob(suffix))
    return sorted(path for path in found if path not in GENERATED)


def line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def slice_imports() -> Iterator[tuple[str, str]]:
    """Yields (importer, imported) for every import that crosses from one slice into another."""
    graph = grimp.build_graph("selfos", cache_dir=None)
    for importer in graph.modules:
        for imported in graph.find_modules_directly_imported_by(importer):
            ours, theirs = importer.split("."), imported.split(".")
            both_in_slices = ours[1:2] == theirs[1:2] == ["features"]
            if both_in_slices and len(ours) > 2 and len(theirs) > 2 and ours[2] != theirs[2]:
                yield importer, imported


def test_floors_and_rooms_import_downward_and_nothing_is_cyclic() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    command = [lint, "--no-logo", "--no-cache"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_slice_is_entered_by_its_service_schemas_or_events() -> None:
    trespasses = [
        f"{importer} imports {imported}"
        for importer, imported in slice_imports()
        if not OPEN_ROOMS.intersection(imported.split(".")[3:4])
    ]
    assert trespasses == []


def test_no_cycle_between_slices() -> None:
    needs: dict[str, set[str]] = defaultdict(set)
    for importer, imported in slice_imports():
        needs[importer.split(".")[2]].add(imported.split(".")[2])
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        pytest.fail(f"slices import each other: {' -> '.join(error.args[1])}")


def test_no_file_is_longer_than_the_budget() -> None:
    files = [*python_files(), *web_files()]
    sizes = {str(path.relative_to(ROOT)): line_count(path) for path in files}
    assert {name: size for name, size in sizes.items() if size > LINES_PER_FILE} == {}


def test_no_function_is_longer_than_the_budget() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{name}": size
        for path in python_files()
        for name, size in functions(path)
        if size > LINES_PER_FUNCTION
    }
    assert long == {}


def test_every_tool_stands_in_the_reference() -> None:
    page = (ROOT / "docs/reference/tools.md").read_text(encoding="utf-8")
    assert [tool.name for tool in TOOLS if f"| `{tool.name}` |" not in page] == []


def test_locks_hold_hashes_and_no_address() -> None:
    locks = [*ROOT.glob("requirements*.lock"), *(ROOT / "tools/locks").glob("*.lock")]
    for lock in locks:
        text = lock.read_text(encoding="utf-8")
        packages = re.findall(r"^[a-z0-9][^\n]*==[^\n]*\\\n    --hash=sha256:", text, re.MULTILINE)
        pins = re.findall(r"^[a-z0-9][^\n]*==", text, re.MULTILINE)
        assert "://" not in text, lock.name
        assert len(packages) == len(pins) > 0, lock.name
    web = json.loads((ROOT / "web/package-lock.json").read_text(encoding="utf-8"))
    assert [name for name, package in web["packages"].items() if "resolved" in package] == []
