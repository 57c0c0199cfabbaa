"""Where features meet, and how long files and functions may be."""

import ast
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
MIGRATIONS = "/db/migrations/versions/"
FEATURES = "mxm.features."


def feature_of(module: str) -> str | None:
    """The feature a module belongs to."""
    return module.split(".")[2] if module.startswith(FEATURES) else None


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """All imports of the product."""
    return grimp.build_graph("mxm", cache_dir=None)


def imports(graph: grimp.ImportGraph) -> Iterator[tuple[str, str]]:
    """Importer and imported, for each import between modules."""
    for module in sorted(graph.modules):
        for imported in sorted(graph.find_modules_directly_imported_by(module)):
            yield module, imported


def test_features_meet_only_at_their_api(graph: grimp.ImportGraph) -> None:
    between = [
        (importer, imported)
        for importer, imported in imports(graph)
        if feature_of(importer) and feature_of(imported) and feature_of(importer) != feature_of(imported)
    ]
    assert len(between) > 5, "the graph is empty"
    wrong = [pair for pair in between if pair[1] != f"{FEATURES}{feature_of(pair[1])}.api"]
    assert wrong == []


def test_entrypoints_use_only_the_api_the_routes_and_the_workflows_of_features(graph: grimp.ImportGraph) -> None:
    used = [pair for pair in imports(graph) if pair[0].startswith("mxm.entrypoints") and feature_of(pair[1])]
    assert len(used) > 5
    wrong = [pair for pair in used if pair[1].split(".")[3:4] not in (["api"], ["routes"], ["workflows"])]
    assert wrong == []


def test_nothing_below_the_features_imports_one(graph: grimp.ImportGraph) -> None:
    lower = ("mxm.platform", "mxm.upstreams")
    assert [pair for pair in imports(graph) if pair[0].startswith(lower) and feature_of(pair[1])] == []


def test_every_feature_has_an_api_and_says_what_it_is_for() -> None:
    for folder in (ROOT / "src/mxm/features").iterdir():
        if folder.is_dir() and folder.name != "__pycache__":
            does_something = any((folder / part).exists() for part in ("service", "service.py", "routes", "routes.py"))
            assert (folder / "api.py").is_file() or not does_something, folder.name
            assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text())), folder.name


@pytest.mark.parametrize("root", ["src", "tests", "bench"])
def test_files_are_under_500_lines(root: str) -> None:
    found = {str(f.relative_to(ROOT)): len(f.read_text().splitlines()) for f in (ROOT / root).rglob("*.py")}
    assert {name: lines for name, lines in found.items() if lines >= 500} == {}


def functions(file: Path) -> Iterator[tuple[str, int]]:
    """Each function of a file with its length in lines, without the functions inside it."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{file.relative_to(ROOT)}:{node.name}", _length(node)


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    inner = [n for n in ast.walk(node) if n is not node and isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    own = (node.end_lineno or 0) - node.lineno + 1
    return own - sum((n.end_lineno or 0) - n.lineno + 1 for n in inner if _parent(node, n))


def _parent(outer: ast.AST, inner: ast.AST) -> bool:
    return any(child is inner for child in ast.iter_child_nodes(outer))


def test_functions_are_under_80_lines() -> None:
    """What a function defines inside itself (the routes of a feature) counts for itself; a migration is a list."""
    code = [file for file in SOURCES if MIGRATIONS not in str(file)]
    long = {name: lines for file in code for name, lines in functions(file) if lines >= 80}
    assert long == {}


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(f.relative_to(ROOT)) for f in SOURCES if f.read_text() and not ast.get_docstring(ast.parse(f.read_text()))
    ]
    assert silent == []
