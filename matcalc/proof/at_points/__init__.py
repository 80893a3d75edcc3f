"""The judge that computes both sides at points: exactly modulo primes, in floating point, to many digits."""

from ...lazy import lazy_modules

lazy_modules(__name__, "abstract_functions", "reals", "structure", "doubtful_agreement", "high_precision", "decimals", "far_from_zero",
      "constrained")
