"""Lines as problems: what is defined, assumed and asked; layers that a letter counts, undefined losses, files of problems."""

from ...lazy import lazy_modules

lazy_modules(__name__, "where_clauses", "layer_counts", "claims", "directions", "losses")
