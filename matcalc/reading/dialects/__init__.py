"""Unicode pages, NumPy, MATLAB, LaTeX and everyday notation, read as the language."""

from ...lazy import lazy_modules

lazy_modules(__name__, "lines", "index_sums", "latex_lines")
