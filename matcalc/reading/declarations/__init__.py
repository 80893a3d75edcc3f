"""What is declared: spaces, sizes and structure, in the language, in mathematics and in prose; and the laws of the composites."""

from ...lazy import lazy_modules

lazy_modules(__name__, "prose", "relations")
