"""LaTeX: the tokens of a formula, and the one reader of formulas."""

from ...lazy import lazy_modules

lazy_modules(__name__, "commands")
