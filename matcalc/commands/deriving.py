"""The commands derive and stationary."""

from __future__ import annotations

import sys
from typing import Any

import click

from .answers import EXIT, PageOptions, print_answers
from .inputs import read
from .options import Formula, detailed, problem_options, seconds, page_options, output_options
from .pages import WRITTEN, Pages
from ..render.style import set_as
from ..render.words import in_language


@click.command(cls=Formula)
@click.argument("expr")
@click.option("--wrt", "-w", multiple=True, metavar="X[,Y..]|all",
              help="The variable, or several that share one reverse sweep; may be left out if EXPR is d/dx (...).")
@click.option("--adjoint", default="", metavar="'d{}'",
              help="Pattern for the names of gradients with respect to defined names (default delta_{}).")
@click.option("--cotangent", default="", metavar="G", help="Vector-Jacobian product: the gradient of tr(G'*f), for f of any shape.")
@click.option("--tangent", default="", metavar="V", help="Jacobian-vector product: df at dx = V.")
@click.option("--hvp", default="", metavar="V", help="Hessian-vector product: the Hessian times V.")
@click.option("--kernel", is_flag=True, help="With --format torch or jax: a torch.autograd.Function or jax.custom_vjp of EXPR.")
@problem_options
@click.option("--order", type=click.IntRange(1, 2), default=1, show_default=True,
              help="Order of the derivative: 1, or 2 for the Hessian.")
@click.option("--claim", help="Your answer, to be judged: 2*x, ∂f/∂x = 2x or df = 2x'dx.")
@page_options
def derive(expr: str, wrt: tuple[str, ...], adjoint: str, cotangent: str, tangent: str, hvp: str, kernel: bool,
           declare: tuple[str, ...], define: tuple[str, ...], assume: tuple[str, ...], order: int, claim: str | None, **page: Any) -> None:
    """Derive EXPR and show every step.

    EXPR is a formula in the language, NumPy, MATLAB or LaTeX; "-" reads it from standard input. Shapes that are not declared are inferred.

    Example: matcalc derive "norm2(A*x - b)^2" -w x -d "A in R^(m,n)"

    Exit 0: derived, and the claim, if any, holds; 1: the claim is refuted; 2: the input cannot be read; 3: no closed form, or undecided.
    """
    from ..reading.parse import variables_asked, problem
    one, several = variables_asked(",".join(wrt))
    if kernel:
        one, several = None, several or wrt
    p = problem(declare=list(declare), define=list(define), assume=list(assume), expr=read(expr), wrt=one,
                order=order, claim=claim, several=several, adjoint=adjoint, cotangent=cotangent, tangent=tangent, hvp=hvp,
                kernel=kernel)
    sys.exit(print_answers([p], PageOptions(kernel=kernel, **page)))


@click.command(cls=Formula)
@click.argument("expr")
@click.option("--wrt", "-w", default="", metavar="W",
              help="The unknown, which must stand linearly in the derivative; may be left out if EXPR is min_x f.")
@problem_options
@click.option("--format", "form", type=click.Choice(WRITTEN), default="text", show_default=True, help="Format of the answer.")
@detailed
@output_options
@seconds
def stationary(expr: str, wrt: str, declare: tuple[str, ...], define: tuple[str, ...], assume: tuple[str, ...], form: str,
               detail: str, document: bool, style: str, transpose: str, lang: str, output: str | None, seconds: float) -> None:
    """Solve for the zero of a derivative.

    The derivative of the scalar EXPR must be linear in the unknown, or in its inverse.

    Example: matcalc stationary "norm2(X*w - y)^2 + c*norm2(w)^2" -w w

    Exit 0: solved, and proved or checked; 2: the input cannot be read; 3: the equation cannot be solved, or undecided.
    """
    from .. import extrema
    out = Pages(form, output, detail, document)
    with set_as(style, transpose), in_language(lang):
        found = extrema.stationary(read(expr), wrt, declare, define, assume, seconds)
        out.show(found)
        out.close()
    sys.exit(EXIT[found.verdict.kind])
