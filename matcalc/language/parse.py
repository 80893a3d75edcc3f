"""Reading: an expression, a problem, a file of problems."""

from .lower import Scope, parse
from .problem import LAYOUTS, Problem, parse_file, problem

__all__ = ["LAYOUTS", "Problem", "Scope", "parse", "parse_file", "problem"]
