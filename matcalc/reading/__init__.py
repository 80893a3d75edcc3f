"""From text to expressions: tokens, grammar, shapes that were not declared, problems and their files."""

from ..lazy import lazy_modules

lazy_modules(__name__, "syntax_errors", "prose_declarations", "where_clauses", "depths", "relations", "claims", "directions", "losses")
