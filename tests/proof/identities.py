"""Equations that hold for every size, and some that do not: (equation, declarations ..)."""

SQUARE = ("A in R^(n,n)", "B in R^(n,n)", "C in R^(n,n)")
VECTORS = ("x in R^n", "y in R^n", "z in R^n")
SCALARS = ("a in R", "b in R", "c in R")
