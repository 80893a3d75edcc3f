"""The order of the folders: a file imports only from its own line or from lines above it."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "matcalc"
ORDER = ["language", "rules", "derive", "proof", "diagnose", "render", "codegen", "library", "paged", "judges", "gradients", "api", "hand",
         "checks", "jsonl", "batch", "workers", "cluster", "answers", "cli", "__main__"]
# Lazy on purpose: a notebook asks an expression for its LaTeX; the package offers the Python face.
LAZY = {("language/nodes.py", "render.latex"), ("__init__.py", "api"), ("__init__.py", "api.derive"), ("__init__.py", "api.prove"),
        ("__init__.py", "api.InputError"), ("__init__.py", "api.Unfinished")}
FILES = sorted(p.relative_to(PACKAGE).as_posix() for p in PACKAGE.rglob("*.py"))


def imports(path: str) -> set[str]:
    """The modules of the package a file imports, as dotted paths inside the package."""
    here = path.removesuffix(".py").split("/")
    out: set[str] = set()
    for node in ast.walk(ast.parse((PACKAGE / path).read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = here[: len(here) - node.level]
            module = [*base, *(node.module.split(".") if node.module else [])]
            if node.module:
                out.add(".".join(module))
            if not node.module or len(module) == 1 or (PACKAGE / "/".join(module)).is_dir():
                out |= {".".join([*module, alias.name]) for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("matcalc"):
            raise AssertionError(f"{path}: write a relative import, not {node.module}")
    return {m for m in out if m and m not in ("", "__version__")}


def line(module: str) -> int:
    return ORDER.index(module.split(".")[0])


@pytest.mark.parametrize("path", FILES)
def test_imports_only_from_above(path: str) -> None:
    own = path.removesuffix(".py").replace("/", ".")
    for module in imports(path):
        if (path, module) in LAZY or module.split(".")[0] not in ORDER:
            continue
        assert own != "__init__", f"{path} imports {module}"
        assert line(module) <= line(own), f"{path} imports {module}, which stands below it"


@pytest.mark.parametrize("path", [f for f in FILES if f.startswith("proof/")])
def test_proof_looks_again_and_knows_nothing_of_the_search(path: str) -> None:
    for module in imports(path):
        assert not module.startswith(("derive.engine", "derive.reading", "derive.tidy", "derive.differential")), module
        assert path == "proof/replay.py" or not module.startswith("rules"), f"{path} imports {module}"


def test_files_are_small() -> None:
    long = {p: n for p in FILES if (n := len((PACKAGE / p).read_text("utf-8").splitlines())) > 800}
    assert not long
