"""jax source: numpy's spellings under jnp."""

from __future__ import annotations

from typing import Any

from ..language.expr import Expr, Name
from .emit import Backend, Emitter
from .numpy import FUNCTIONS, HELPERS


def _jnp(text: str) -> str:
    return text.replace("np.", "jnp.")


JAX = Backend(
    "jnp", "import math\n\nimport jax\nimport jax.numpy as jnp",
    {k: _jnp(v) for k, v in FUNCTIONS.items()} | {"erf": "jax.scipy.special.erf"},
    {k: _jnp(v).replace("_erf(", "jax.scipy.special.erf(") for k, v in HELPERS.items() if k != "_erf"},
)


def source(problem: Any, result: Expr, where: list[tuple[Name, Expr]], layout: str = "denominator", name: str = "grad") -> str:
    """A function of the problem's variables that returns the derivative, in jax."""
    return Emitter(problem, JAX).source(result, list(where), name)
