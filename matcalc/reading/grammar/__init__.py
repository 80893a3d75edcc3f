"""A line of the language as postfix code: signs and tokens, names, sizes, calls, precedence, and what is said where it cannot be read."""

from ...lazy import lazy_modules

lazy_modules(__name__, "syntax_errors")
