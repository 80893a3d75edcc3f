"""Draw the README's pictures with the project's own pages: the terminal page as SVG, the LaTeX page (with pdflatex, pdftoppm) as PNG."""

import io
import re
import subprocess
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME
from rich.text import Text

from matcalc import api
from matcalc.render.terminal import draw, trim

TOP = Path(__file__).parent.parent
NAME = "least-squares"


def terminal(path: Path) -> None:
    """What `matcalc show` draws on a terminal."""
    console = Console(record=True, width=84, file=io.StringIO(), highlight=False)
    for row in draw(api.show(NAME).story(), 80, False):
        console.print(Text.assemble(*[(text, style) for text, style in trim(row)]))
    drawn = console.export_svg(title=f"matcalc show {NAME}", theme=DEFAULT_TERMINAL_THEME, unique_id="page")
    path.write_text(re.sub(r" *@font-face \{.*?\}\n", "", drawn, flags=re.S), "utf-8")     # no font is fetched from anywhere


def latex(path: Path) -> None:
    """What pdflatex makes of `--format latex --document`."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "page.tex"
        begin = r"\begin{document}"
        source.write_text(api.show(NAME).latex(document=True).replace(begin, r"\pagestyle{empty}" + begin), "utf-8")
        subprocess.run(["pdflatex", "-interaction=nonstopmode", source.name], cwd=folder, check=True, capture_output=True)
        subprocess.run(["pdftoppm", "-r", "110", "-H", "760", "-png", "-singlefile", "page.pdf", str(path.with_suffix(""))], cwd=folder,
                       check=True)


if __name__ == "__main__":
    pictures = TOP / "docs" / "pictures"
    pictures.mkdir(exist_ok=True)
    terminal(pictures / "terminal.svg")
    latex(pictures / "latex.png")
