"""jax source: numpy's spellings under jnp, and jax's own functions where numpy has none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..language.expr import Expr, Name
from .backend import Backend
from .emit import Emitter
from .numpy import FUNCTIONS, HELPERS, SINGULAR

SPELLED = {k: v.replace("np.", "jnp.") for k, v in FUNCTIONS.items()} | {
    "sigmoid": "jax.nn.sigmoid", "softplus": "jax.nn.softplus", "relu": "jax.nn.relu", "silu": "jax.nn.silu",
    "erf": "jax.scipy.special.erf", "gelu": "jax.nn.gelu({}, approximate=False)", "softmax": "jax.nn.softmax",
    "log_softmax": "jax.nn.log_softmax", "logsumexp": "jax.scipy.special.logsumexp({}, axis=-1)",
    "expm": "jax.scipy.linalg.expm", "expm_frechet": "jax.scipy.linalg.expm_frechet({}, compute_expm=False)",
}

JAX = Backend({"jnp": "jax.numpy", "jax": "jax"}, SPELLED,
              {name: HELPERS[name].replace("np.", "jnp.").replace("_logsumexp(z)", "jax.scipy.special.logsumexp(z, axis=-1)")
               for name in ("_comm", *SINGULAR)})


def source(problem: Any, result: Expr, where: list[tuple[Name, Expr]], layout: str = "denominator", name: str = "grad") -> str:
    """A function of the problem's variables that returns the derivative, in jax."""
    return Emitter(problem, JAX, where).source(result, name)


def several(problem: Any, results: Mapping[Name, Expr], where: list[tuple[Name, Expr]]) -> str:
    """A function of the problem's variables that returns the value and a dictionary of all gradients, in jax."""
    return Emitter(problem, JAX, where).several(results)
