"""The doors of the house (the table in README, "How it is built"): which room may import which, and what stands in one room only."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HOUSE = ROOT / "verify"

_WORDS = {"model", "tags", "errors", "terminal"}
DOORS = {
    "model": {"tags", "errors"},
    "tags": {"model", "errors"},
    "errors": set(),
    "terminal": set(),
    "readers": _WORDS,
    "claims": _WORDS,
    "evidence": _WORDS,
    "reports": {*_WORDS, "__init__"},
    "sources": {*_WORDS, "readers", "__init__"},
    "store": {"model", "errors", "terminal"},
    "settings": {"errors", "terminal"},
    "workflows": {*_WORDS, "readers", "claims", "evidence", "sources", "store"},
    "cli": {*_WORDS, "readers", "workflows", "store", "reports", "settings", "__init__"},
    "__main__": {"cli"},
    "__init__": set(),
}
"""Room -> the rooms that it may import."""

ONLY_HERE = {
    "sqlalchemy": {"store"},
    "alembic": {"store"},
    "sqlite3": {"store"},
    "click": {"cli"},
    "rich": {"cli"},
    "jinja2": {"reports"},
    "sentencex": {"claims"},
    "rapidfuzz": {"claims", "evidence"},
    "selectolax": {"sources", "readers"},
    "charset_normalizer": {"readers"},
    "pypdfium2": {"readers"},
    "markdown_it": {"readers"},
    "httpx2": {"sources"},
    "httpcore2": {"sources"},
    "warcio": {"sources"},
    "onnxruntime": {"evidence"},
    "tokenizers": {"evidence"},
    "numpy": {"evidence"},
    "socket": {"sources"},
    "urllib.request": {"nowhere"},
    "http": {"nowhere"},
}
"""Library -> the rooms that may import it."""

PURE = {"model", "tags", "errors", "terminal", "readers", "claims", "evidence", "reports"}
CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter"}
VAGUE = {"utils", "util", "helpers", "helper", "manager", "base", "misc", "common"}

LONGEST_FILE, LONGEST_FUNCTION = 500, 60


def sources() -> Iterator[Path]:
    yield from sorted(p for p in (*HOUSE.rglob("*.py"), *(ROOT / "migrations").rglob("*.py")) if "__pycache__" not in p.parts)


def room_of(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every module that a file imports, wherever in it, by its full name."""
    package = [*path.relative_to(ROOT).with_suffix("").parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = [*package[: len(package) - node.level + 1]] if node.level else []
            module = ".".join([*start, *([node.module] if node.module else [])])
            yield node.lineno, module
            if module == "verify" or (node.level and not node.module):
                yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_every_room_is_on_the_plan():
    assert {room_of(p) for p in HOUSE.rglob("*.py")} == set(DOORS)


def test_rooms_import_only_through_their_doors():
    wrong = []
    for path in HOUSE.rglob("*.py"):
        room = room_of(path)
        for line, module in imports(path):
            parts = module.split(".")
            if parts[0] != "verify" or len(parts) == 1:
                continue
            other = "__init__" if parts[1] == "__version__" else parts[1]
            if other != room and other not in DOORS[room]:
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {module}")

    assert wrong == []


def test_libraries_stay_in_their_rooms():
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in HOUSE.rglob("*.py")
        for line, module in imports(path)
        for library, rooms in ONLY_HERE.items()
        if (module == library or module.startswith(f"{library}.")) and room_of(path) not in rooms
    ]

    assert wrong == []


def test_one_file_opens_sockets():
    opening = {
        path.name
        for path in HOUSE.rglob("*.py")
        for _, module in imports(path)
        if module.split(".")[0] in ("socket", "httpx2", "httpcore2")
    }

    assert opening == {"fetch.py"}


def test_pure_rooms_have_no_clock():
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno} reads a clock"
        for path in HOUSE.rglob("*.py")
        if room_of(path) in PURE
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS
    ]

    assert wrong == []


def test_no_import_cycle_between_rooms():
    seen: list[str] = []

    def visit(room: str, path: tuple[str, ...]) -> None:
        assert room not in path, f"cycle: {' -> '.join((*path, room))}"
        for other in DOORS[room] - {"model", "tags"}:  # these two are one room in two files
            visit(other, (*path, room))
        seen.append(room)

    for room in DOORS:
        visit(room, ())


@pytest.mark.parametrize("path", [*sources()], ids=lambda p: str(p.relative_to(ROOT)))
def test_files_and_functions_stay_small(path):
    text = path.read_text(encoding="utf-8")
    long = [f"{f.name}: {f.end_lineno - f.lineno + 1} lines" for f in functions(path) if f.end_lineno - f.lineno + 1 > LONGEST_FUNCTION]

    assert long == []
    assert text.count("\n") <= LONGEST_FILE
    assert path.stem not in VAGUE


@pytest.mark.parametrize("path", [*sources()], ids=lambda p: str(p.relative_to(ROOT)))
def test_modules_and_public_functions_say_what_they_are_for(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nested = {inner for f in functions(path) for inner in ast.walk(f) if inner is not f}
    silent = [
        f.name
        for f in functions(path)
        if f not in nested and not f.name.startswith("_") and not ast.get_docstring(f) and f.end_lineno - f.lineno > 4
    ]
    if path.is_relative_to(ROOT / "migrations"):
        silent = [name for name in silent if name not in ("upgrade", "downgrade")]

    assert ast.get_docstring(tree), "no module docstring"
    assert silent == []


def test_the_house_is_calm():
    lengths = sorted(f.end_lineno - f.lineno + 1 for path in sources() for f in functions(path))

    assert lengths[len(lengths) // 2] <= 9
    assert lengths[int(len(lengths) * 0.9)] <= 30
