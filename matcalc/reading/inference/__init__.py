"""The shapes of undeclared names."""

from ...lazy import lazy_modules

lazy_modules(__name__, "infer")
