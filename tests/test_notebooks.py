"""Every notebook runs from its first cell to its last, and shows what it showed when its outputs were kept."""

from pathlib import Path

import pytest

from tools import notebooks

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
NEEDS = {"pytorch": "torch", "newton": "numpy"}


def test_there_are_four() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["newton", "proofs", "pytorch", "softmax"]


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_runs_and_shows_what_it_showed(path: Path) -> None:
    pytest.importorskip("nbclient", reason="nbclient is not installed: nothing runs a notebook")
    nbformat = pytest.importorskip("nbformat")
    pytest.importorskip(NEEDS.get(path.stem, "matcalc"), reason=f"{path.stem}.ipynb is about {NEEDS.get(path.stem)}")
    kept = nbformat.read(path, as_version=4)
    assert all(cell.get("execution_count") for cell in kept.cells if cell.cell_type == "code"), "its outputs are not kept"
    assert notebooks.shown(notebooks.run(path)) == notebooks.shown(kept)
