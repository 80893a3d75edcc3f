"""Run the notebooks and keep their outputs: `python tools/notebooks.py [NAME..]`. Read the difference before you commit it.

What has a Markdown output is kept without its HTML, since GitHub sets formulas in the one and strips them from the other.
"""

import re
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "notebooks"


def run(path: Path) -> Any:
    """The notebook after all its cells."""
    import nbclient
    import nbformat
    book = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(book, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(FOLDER.parent)}}).execute()
    return clean(book)


def clean(book: Any) -> Any:
    """Without what changes from run to run."""
    book.metadata = {"kernelspec": book.metadata["kernelspec"], "language_info": {"name": "python"}}
    for cell in book.cells:
        cell.metadata = {}
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "text/markdown" in data:
                for other in ("text/html", "text/latex"):
                    data.pop(other, None)
    return book


def shown(book: Any) -> list[Any]:
    """What the cells show, one item each; nothing of how often they ran."""
    return [[(o.get("text"), sorted((kind, re.sub(r" at 0x\w+", "", str(text))) for kind, text in o.get("data", {}).items()))
             for o in cell.get("outputs", [])] for cell in book.cells]


if __name__ == "__main__":
    import nbformat
    for path in sorted(FOLDER.glob("*.ipynb")):
        if not sys.argv[1:] or path.stem in sys.argv[1:]:
            nbformat.write(run(path), path)
