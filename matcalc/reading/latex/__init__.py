"""LaTeX: the tokens of a formula, and the one reader of formulas."""
