"""jax source: numpy's spellings under jnp, and jax's own functions where numpy has none."""

from __future__ import annotations

from collections.abc import Mapping

from ..language.expr import Expr, Name
from ..language.operations import complete
from .backend import Backend, spellings
from .emit import Emitter
from .graph import METHODS
from . import whole
from .kernel import KernelEmitter, jax_file
from .numpy import HELPERS, MORE, SINGULAR
from ..reading.problem import Problem

SPELLED = spellings("jnp", "jax") | {k: v.replace("np.", "jnp.") for k, v in MORE.items()} | {"log_softmax": "jax.nn.log_softmax"}

JAX = Backend({"jnp": "jax.numpy", "jax": "jax"}, SPELLED,
              {name: HELPERS[name].replace("np.", "jnp.").replace("_logsumexp(z)", "jax.scipy.special.logsumexp(z, axis=-1)")
               for name in ("_check", "_comm", "_order", "_powered", *SINGULAR)}
              | {name: HELPERS[name].replace("np.", "jnp.").replace(f"    out[{at}] = a\n", f"    out = out.at[{at}].set(a)\n")
                 for name, at in (("_repeated", ":, i, :, i"), ("_blocks", "i, :, i, :"))})
complete("code for jax", {**METHODS, **JAX.functions}, ("d", "derivative"))


def source(problem: Problem, result: Expr, where: list[tuple[Name, Expr]], layout: str = "denominator", name: str = "grad") -> str:
    """A function of the problem's variables that returns the derivative, in jax."""
    return Emitter(problem, JAX, where).source(result, name)


def several(problem: Problem, results: Mapping[Name, Expr], where: list[tuple[Name, Expr]]) -> str:
    """A function of the problem's variables that returns the value and a dictionary of all gradients, in jax."""
    return Emitter(problem, JAX, where).several(results)


def kernel(problem: Problem, value: Expr, cotangent: Name, results: Mapping[Name, Expr], where: list[tuple[Name, Expr]]) -> str:
    """A jax.custom_vjp that computes a value, its backward pass the gradients that were derived."""
    emitter = KernelEmitter(problem, JAX, where)
    return jax_file(emitter, emitter.kernel(value, cotangent, results))


def file(problem: Problem, results: Mapping[Name, Expr] | Expr, where: list[tuple[Name, Expr]], verdict: str) -> str:
    """A derivative, or the gradients by their variables, in a file with what was asked, the value and a test."""
    return whole.written(problem, JAX, "jax", results, where, verdict)
