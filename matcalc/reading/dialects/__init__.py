"""Unicode pages, NumPy, MATLAB, LaTeX and everyday notation, read as the language."""
