"""The judge that proves an identity for every size, in index notation."""

from ...lazy import lazy_modules

lazy_modules(__name__, "definite", "matrices", "sampled", "size_powers", "eigen", "matrix_words", "logarithms", "selections", "explicit",
             "chains", "nested_functions", "hypotheses", "vanishing", "matrix_laws", "squares", "exponentials", "abstract_functions",
             "determinants")
