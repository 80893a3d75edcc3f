"""Small SymPy parts that components.py stands on: signs, abstract functions, determinants. Imported only when asked."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import cache
from itertools import permutations
from math import comb, prod

import sympy
from sympy import Matrix, Rational

LARGEST_DET = 4
LONGEST = 3000
MOST_WORK = 60_000
MOST_TERMS = 5_000


class Inconclusive(Exception):
    """The judge cannot decide entry by entry: why, and whether other sizes may help."""

    def __init__(self, why: str, sizes: bool = False) -> None:
        super().__init__(why)
        self.sizes = sizes


class Degenerate(Exception):
    """A determinant that is identically zero at these sizes."""


class Sign(sympy.Function):  # type: ignore[misc]
    """The sign of a real number: odd, multiplicative, with derivative zero."""

    @classmethod
    def eval(cls, u: sympy.Expr) -> sympy.Expr | None:
        if u.is_positive:
            return sympy.Integer(1)
        if u.is_negative:
            return sympy.Integer(-1)
        if u.is_Mul:
            return sympy.Mul(*(cls(a) for a in u.args))
        if u.could_extract_minus_sign():
            return -cls(-u)
        c, of = u.as_two_terms() if u.is_Add and len(u.args) == 2 else (u, u)
        return u / (2 * abs(c)) if c.is_Number and isinstance(of / c, cls) or c.is_Number and isinstance(-of / c, cls) else None

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        return sympy.Integer(0)


class Abstract(sympy.Function):  # type: ignore[misc]
    """An abstract function of numbers; the subclasses are made by `abstract`."""

    label = ""
    component = 0
    orders: tuple[int, ...] = ()

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        return abstract(self.label, self.component, tuple(sorted((*self.orders, argindex))))(*self.args)


@cache
def abstract(label: str, component: int, orders: tuple[int, ...]) -> type[Abstract]:
    """The component-th output of the function called label, differentiated along those arguments."""
    name = f"{label}_{component}" + "".join(f"_{k}" for k in orders)
    return type(name, (Abstract,), {"label": label, "component": component, "orders": orders})


def length(root: sympy.Basic, memo: dict[sympy.Basic, int] | None = None) -> int:
    """The number of nodes of an expression; shared parts are counted each time but looked at once."""
    memo = {} if memo is None else memo
    found = memo.get(root)
    if found is None:
        found = memo[root] = 1 + sum(length(a, memo) for a in root.args)
    return found


def terms(root: sympy.Basic) -> int:
    """So many terms an expression has at most once it is multiplied out, denominators too.

    >>> x, y, z = sympy.symbols("x y z")
    >>> terms((x + y)**3*(y + z)), terms(z/(x + y)**2)
    (8, 3)
    """
    if root.is_Add:
        return sum(map(terms, root.args))
    if root.is_Mul:
        return prod(map(terms, root.args))
    if root.is_Pow and root.exp.is_Integer and (count := terms(root.base)) > 1:
        return comb(min(count + abs(int(root.exp)), MOST_WORK) - 1, count - 1)
    return 1


def differentiable(values: Iterable[sympy.Expr], symbols: int) -> None:
    """Refuse what SymPy would differentiate for minutes."""
    memo: dict[sympy.Basic, int] = {}
    if sum(length(v, memo) for v in values) * symbols > MOST_WORK:
        raise Inconclusive("the derivative is too long to write out", sizes=True)


def rational(value: Fraction | int) -> Rational:
    """An exact number."""
    return Rational(value.numerator, value.denominator)


def stacked(u: Matrix) -> list[sympy.Expr]:
    """The entries column by column."""
    return [u[i, j] for j in range(u.cols) for i in range(u.rows)]


def determinant(u: Matrix) -> sympy.Expr:
    """The determinant by Leibniz's formula, a sum over all permutations."""
    n = u.rows
    if n > LARGEST_DET:
        raise Inconclusive(f"a determinant of {n} x {n} is too long to write out", sizes=True)
    terms = []
    for p in permutations(range(n)):
        sign = (-1) ** sum(p[i] > p[j] for i in range(n) for j in range(i + 1, n))
        terms.append(sympy.Mul(sign, *(u[i, p[i]] for i in range(n))))
    return sympy.Add(*terms)


def adjugate(u: Matrix) -> Matrix:
    """The transposed matrix of cofactors."""
    n = u.rows
    if n == 1:
        return Matrix([[1]])
    return Matrix(n, n, lambda i, j: (-1) ** (i + j) * determinant(u.minor_submatrix(j, i)))


def inverse(u: Matrix) -> Matrix:
    """The inverse by Cramer's rule; Degenerate where the determinant is 0 for all entries."""
    det = determinant(u)
    if det == 0:
        raise Degenerate("a matrix without an inverse")
    if length(det) > LONGEST:
        raise Inconclusive("an inverse is too long to write out", sizes=True)
    return adjugate(u) / det
