"""A LaTeX document set by pdflatex, in one run."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from ..language.shape import InputError

SECONDS = 300
CHINESE = "Chinese needs packages of its own: on Debian or Ubuntu, apt install latex-cjk-chinese latex-cjk-chinese-arphic-gbsn00lp"


def write(source: str, path: str) -> None:
    """Set a document and write it to a file."""
    pdflatex = shutil.which("pdflatex")
    if pdflatex is None:
        raise InputError(f"{path} needs pdflatex, which is not installed",
                         hint="on Debian or Ubuntu: apt install texlive-latex-base; or write the source: --format latex --document")
    with TemporaryDirectory() as folder:
        Path(folder, "page.tex").write_text(source, "utf-8")
        try:
            done = subprocess.run([pdflatex, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "page.tex"], cwd=folder,
                                  capture_output=True, text=True, errors="replace", timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            raise InputError(f"pdflatex did not finish {path} in {SECONDS} s") from None
        if done.returncode:
            said = re.search(r"^! (.*)", done.stdout, re.M)
            missing = said is not None and re.search("CJKutf8|C70.gbsn", said[0])
            raise InputError(f"pdflatex could not set {path}: {said[1] if said else 'it failed'}",
                             hint=CHINESE if missing else "write the source to see where: --format latex --document")
        try:
            shutil.copyfile(Path(folder, "page.pdf"), path)
        except OSError as e:
            raise InputError(f"cannot write {path}: {(e.strerror or str(e)).lower()}") from None
