"""Every row by its name, the rules that are programs, and where a row holds."""

from __future__ import annotations

from functools import cache, lru_cache

from ..language.conditions import Condition
from ..language.expr import Apply, Expr, Name, apply
from ..language.operations import SMOOTH
from ..language.properties import Properties
from . import algebra, differentials, traces
from .rule import Rule
from .matching import Binding

SOURCES: dict[str, str] = {
    "MCB": "Petersen and Pedersen, The Matrix Cookbook, 2012 (equation)",
    "nndl": "Qiu, Neural Networks and Deep Learning, in Chinese",
    "Magnus": "Magnus and Neudecker, Matrix Differential Calculus, Wiley",
    "the article": "softmax and cross-entropy in matrix form, sections A.1, A.2",
    "Qiudaoshu": "Changqu Guixia, Juzhen qiudao shu (matrix differentiation), parts 1 and 2, zhihu.com, in Chinese",
    "Higham": "Functions of Matrices: Theory and Computation, SIAM, 2008",
    "Abramowitz and Stegun": "Handbook of Mathematical Functions, 1964",
    "Hendrycks and Gimpel": "Gaussian Error Linear Units (GELUs), 2016",
    "Elfwing": "Elfwing, Uchibe and Doya, Sigmoid-weighted linear units, 2018",
}

RULES: dict[str, Rule] = {r.name: r for r in (
    *differentials.DIFFERENTIALS, *differentials.ENTRYWISE.values(), differentials.STEP, *traces.TRACE, *traces.LINEAR,
    *algebra.TIDY, *algebra.AFTER, *algebra.STRUCTURE, *algebra.SCALAR, *algebra.LATE, *algebra.NAMED, *algebra.NAMED_SCALAR,
    *algebra.VECTORS, *algebra.EXPANSIONS)}
HOLDS = {rule.name: SMOOTH[name] for name, rule in differentials.ENTRYWISE.items()} | {      # where the derivative does
    differentials.STEP.name: SMOOTH["sign"]}
ENTRY_BY_ENTRY = frozenset(r.name for r in (*differentials.ENTRYWISE.values(), differentials.STEP, *algebra.SCALAR, *algebra.NAMED_SCALAR))


# What no row with two sides can say, since it takes as many terms or factors as there are. Each use is checked for its form,
# and judged at exact points with every d(..) a letter of its own.
PROGRAMS: dict[str, str] = {
    "assumption": "a = b, where the problem assumes it",
    "collect": "C_1*d(Y) + C_2*d(Y) + .. = (C_1 + C_2 + ..)*d(Y)",
    "definition": "name = body, where the problem defines it",
    "gradient": "d(f) = g'*d(x), where g is the gradient of f, which was read off",
    "numbers": "-C*(A - B) = C*(B - A), and so for any number",
    "spread": "C*(d(Y_1) + d(Y_2) + ..) = C*d(Y_1) + C*d(Y_2) + ..",
    "structure.transpose": "(A_1*A_2*..)' = ..*A_2'*A_1', and S' = S for what is symmetric, S' = -S for what is skew",
    "tidy.distribute": "A*(B_1 + B_2 + ..)*C = A*B_1*C + A*B_2*C + ..",
    "tidy.factor": "f*a_1 + f*a_2 + .. = f*(a_1 + a_2 + ..)",
    "tidy.linear": "L(a_1 + a_2 + ..) = L(a_1) + L(a_2) + .., for tr, sum, rowsum, colsum and diag",
    "tidy.repeat": "A*A*.. = A^k",
    "vec": "F = vec(F)",
}


def conditions(rule: Rule, b: Binding, right: Expr) -> tuple[Condition, ...]:
    """Where a use of a row holds: its own condition, and in a differential that each letter is positive that must be.

    A power with a constant exponent holds for any base: only the logarithm beside it needs a positive one.
    """
    out = []
    for limit in HOLDS.get(rule.name, ()):
        t = next(v for k, v in b.items() if type(k) is Name and k.name == "t")
        out.append(Condition(limit.kind, apply(limit.of, t) if limit.of else t, limit.bound))
    if rule.name.startswith("d."):
        for letter in positive_letters(rule):
            value = next(v for k, v in b.items() if type(k) is Name and k.name == letter.name)
            if not Properties({}).positive(value) and _holds(right, apply("log", value)):
                out.append(Condition("above", value))
    return tuple(out)


@cache
def positive_letters(rule: Rule) -> tuple[Name, ...]:
    """The letters of a rule that stand for what is positive."""
    return tuple(sorted((n for n in rule.lhs.names if "positive" in n.words), key=lambda n: n.name))


def _holds(e: Expr, part: Expr) -> bool:
    return e is part or isinstance(e, Apply) and part.names <= e.names and any(_holds(a, part) for a in e.args)


@lru_cache(1_024)
def sources(see: str) -> list[str]:
    """The keys of the sources that a reference names, or several references do.

    >>> sources('Magnus 8.3 (1)'), sources('MCB (37); nndl B.15')
    (['Magnus'], ['MCB', 'nndl'])
    """
    return [key for key in SOURCES if any(one.startswith(key) for one in see.split("; "))]
