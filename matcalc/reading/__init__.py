"""From text to expressions: tokens, grammar, shapes nobody declared, problems and their files."""
