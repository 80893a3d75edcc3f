"""Copies of the package with changes in a few files: a process that runs one starts as fast as any, since the others are links."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "matcalc"


def changed_copy(top: Path, changes: Mapping[str, Callable[[str], str]]) -> dict[str, str]:
    """Put a copy of the package into a folder, with some of its files changed; the environment in which it is the one that is imported, and
    in which nothing is compiled into the folders that are linked."""
    folders = {folder for path in changes for folder in Path(path).parents}
    for folder in sorted(folders):
        (top / "matcalc" / folder).mkdir()
        for entry in (PACKAGE / folder).iterdir():
            within = entry.relative_to(PACKAGE)
            if within not in folders and str(within) not in changes:
                (top / "matcalc" / within).symlink_to(entry)
    for path, change in changes.items():
        (top / "matcalc" / path).write_text(change((PACKAGE / path).read_text("utf-8")), encoding="utf-8")
    found_in = map(str, (top, PACKAGE.parent, PACKAGE.parent / "tests"))
    return {"PYTHONPATH": os.pathsep.join(found_in), "PYTHONDONTWRITEBYTECODE": "1", "PATH": ""}
