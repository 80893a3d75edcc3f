"""From text to expressions: tokens, grammar, shapes that were not declared, problems and their files."""
