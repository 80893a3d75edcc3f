"""The order of the folders: a file imports only from its own line or from lines above it."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest


PACKAGE = Path(__file__).parent.parent / "matcalc"
ORDER = ["lazy", "records", "patterns", "language", "reading", "rulebook", "deriving", "proof", "diagnose", "index_form", "render",
         "codegen", "library", "outputs", "judges", "diagnosed", "gradients", "least_layers", "layered", "tracing", "from_sympy",
         "answer", "notebook_display", "api", "equation", "extrema", "notebook", "book", "sheets", "batches", "commands", "__main__"]
FILES = sorted(p.relative_to(PACKAGE).as_posix() for p in PACKAGE.rglob("*.py"))


# What begins a line, here or in a block: parsing the whole of every file takes twenty times as long.
IMPORT = re.compile(r"^[ \t]*((?:from[ \t]+\S+[ \t]+)?import[ \t]+(?:\([^)]*\)|[^\n(]+))", re.M)


@cache
def imports(path: str) -> set[str]:
    """The modules of the package a file imports, as dotted paths inside the package."""
    here = path.removesuffix(".py").split("/")
    out: set[str] = set()
    text = (PACKAGE / path).read_text("utf-8")
    assert "__import__" not in text, f"{path}: write a relative import, not __import__"
    for node in (ast.parse(m[1]).body[0] for m in IMPORT.finditer(text)):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = here[: len(here) - node.level]
            module = [*base, *(node.module.split(".") if node.module else [])]
            if node.module:
                out.add(".".join(module))
            if not node.module or len(module) == 1 or (PACKAGE / "/".join(module)).is_dir():
                out |= {".".join([*module, alias.name]) for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("matcalc"):
            raise AssertionError(f"{path}: write a relative import, not {node.module}")
        elif isinstance(node, ast.Import) and any(alias.name.split(".")[0] == "matcalc" for alias in node.names):
            raise AssertionError(f"{path}: write a relative import, not import matcalc")
    return {m for m in out if m and m not in ("", "__version__")}


def line(module: str) -> int:
    return ORDER.index(module.split(".")[0])


def test_imports_only_from_above() -> None:
    for path in FILES:
        own = path.removesuffix(".py").replace("/", ".")
        for module in imports(path) if path != "__init__.py" else ():
            if module.split(".")[0] not in ORDER:
                continue
            assert own != "__init__", f"{path} imports {module}"
            assert line(module) <= line(own), f"{path} imports {module}, which stands below it"


# The folders of a folder, from above; its files stand where they are named, the others below them all.
ROOMS = {"reading": ["grammar", "latex", "declarations", "inference", "expressions", "dialects", "problems"],
         "sheets": ["parts", "words", "python", "statements", "marking", "task", "programs"]}


@pytest.mark.parametrize("folder", ROOMS)
def test_the_folders_of_a_folder_stand_one_below_the_other(folder: str) -> None:
    rooms = ROOMS[folder]
    for path in FILES:
        own = path.removesuffix(".py").split("/")
        for module in imports(path) if own[0] == folder else ():
            there = module.split(".")
            if there[0] == folder and len(there) > 1:
                above, here = (rooms.index(m) if m in rooms else len(rooms) for m in (there[1], own[1]))
                assert above <= here, f"{path} imports {module}, which stands below it"


def test_every_folder_has_its_place() -> None:
    for folder, rooms in ROOMS.items():
        assert {p.split("/")[1] for p in FILES if p.startswith(f"{folder}/") and p.count("/") > 1} <= {*rooms}


def test_proof_looks_again_and_knows_nothing_of_the_search() -> None:
    for path in FILES:
        for module in imports(path) if path.startswith("proof/") else ():
            assert not module.startswith(("deriving.engine", "deriving.sweep", "deriving.tidy", "deriving.differential")), \
                f"{path} imports {module}"
            assert path == "proof/replay.py" or not module.startswith("rules"), f"{path} imports {module}"


# Where to look for a kink (proof/kinks.py) is asked of the normal form; what stands there is computed at points.
JUDGES = ("at_points", "all_sizes", "by_sympy")


def test_a_judge_knows_no_other() -> None:
    for path in (f for f in FILES if f.startswith(tuple(f"proof/{judge}/" for judge in JUDGES))):
        own = path.split("/")[1]
        others = tuple(f"proof.{judge}." for judge in JUDGES if judge != own)
        assert not [m for m in imports(path) if m.startswith(others)], path


def test_no_circle_of_files() -> None:
    known = {p.removesuffix(".py").replace("/", "."): p for p in FILES}
    above = {p: [known[m] for m in imports(p) if m in known] for p in FILES if p != "__init__.py"}
    left = dict(above)
    while free := [p for p, needs in left.items() if not any(n in left for n in needs)]:
        for p in free:
            del left[p]
    assert not left


def test_nothing_is_imported_by_another_way() -> None:
    """A module of the package is named by importlib where the folder says that it is lazy: a judge, a library, a table."""
    found = {p for p in FILES if "import_module(" in (PACKAGE / p).read_text("utf-8")}
    assert found == {"__init__.py", "lazy.py", "judges.py", "outputs.py", "batches/cluster.py"}


# Rows of a table.
LONG = {"reading/grammar/spellings.py"}


def test_files_are_small() -> None:
    assert {p for p in FILES if len((PACKAGE / p).read_text("utf-8").splitlines()) > 300} <= LONG
