"""Traces, inverses, Kronecker products and every other head, by the rules of their shapes."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

from .arithmetic import T, add, inverse, mul, power
from .constants import eye, ones, size, zeros
from .operations import ELEMENTWISE_NAMES, FUNCTIONALS, LINEAR, LINES, OF_NUMBER, SPELLING, SUMS
from .nodes import Apply, Expr, Number
from .recognition import is_identity
from .inspection import HALF, UNIT, ZERO, as_dim, is_unit, is_zero, node_count, root_and_exponent, scalar_part
from .shape import ONE, SCALAR, ShapeError, show_shape
from .signatures import call, derivative_shape, operation_shape

LINEAR_HEADS = LINEAR & SPELLING.keys()      # built with their scalars in front


def of_row_or_column(head: str, e: Expr) -> Expr:
    """An operation that goes row by row or column by column, of one row or one column: that of a column, or its numbers one by one.

    >>> from matcalc.reading.parse import parse
    >>> x = parse('x', ['x in R^n'])
    >>> of_row_or_column('colsum', x), of_row_or_column('rowsum', x), of_row_or_column('logsumexp_rows', T(x))
    (<sum(x)>, <x>, <logsumexp(x)>)
    """
    if e.shape[1 - LINES[head]] is ONE:
        return apply("sum", e) if head in SUMS else T(apply(SPELLING[head], T(e)))
    made = OF_NUMBER[head]
    return ones(*e.shape) if made == 1 else T(e) if e.shape[0] is ONE else e


def tr(e: Expr) -> Expr:
    """The trace; scalars in front, a rank-one product closed, the cycle turned to its first form; of ones times a differential, its sum.

    >>> from matcalc.reading.parse import parse
    >>> tr(parse('2*A*B', ['A in R^(n,m)', 'B in R^(m,n)'])), tr(parse("x*y'", ['x, y in R^n']))
    (<2*tr(A*B)>, <x'*y>)
    """
    if e.shape[0] is not e.shape[1]:
        raise ShapeError(f"tr({e}): {e} is {show_shape(e.shape)}, not square")
    if e.shape == SCALAR:
        return e
    if type(e) is Apply:
        if e.head == "'":
            return tr(e.args[0])
        if is_identity(e):
            return size(e.shape[0])
        if is_zero(e):
            return ZERO
        if e.head == "*":
            split = next(i for i, a in enumerate(e.args) if a.shape != SCALAR)
            chain = list(e.args[split:])
            for i, f in enumerate(chain):
                if f.shape[0] is ONE:
                    return mul(*e.args[:split], *chain[i:], *chain[:i])
            if split:
                return mul(*e.args[:split], tr(chain[0] if len(chain) == 1 else Apply("*", tuple(chain), e.shape)))
            if not e.has_d:
                return _turned(chain)
            of = chain[-1]
            if len(chain) == 2 and is_unit(chain[0]) and type(of) is Apply and (
                    of.head != "d" or type(of.args[0]) is Apply):       # of dX itself the trace is what a gradient is read from
                return apply("sum", of)
    return Apply("tr", (e,), SCALAR)


def _turned(chain: list[Expr]) -> Expr:
    """The trace of a product, of its turns and its transpose's the first one: the shortest, then by the factors' text."""
    if len(chain) > 1 and chain[0].shape[0] is chain[0].shape[1] and chain[0].shape == chain[-1].shape:
        a, p = root_and_exponent(chain[0])
        b, q = root_and_exponent(chain[-1])
        if a is b:
            return tr(mul(power(a, add(p, q)), *chain[1:-1]))
    back = [T(f) for f in reversed(chain)]
    least = min((_first_turn(c) for c in _shortest(chain, back)), key=lambda c: [f.text + "*" for f in c])
    shape = (least[0].shape[0], least[-1].shape[1])
    return Apply("tr", (least[0] if len(least) == 1 else Apply("*", tuple(least), shape),), SCALAR)


def _shortest(*chains: list[Expr]) -> list[list[Expr]]:
    counts = [sum(map(node_count, c)) for c in chains]
    return [c for c, k in zip(chains, counts, strict=True) if k == min(counts)]


def _first_turn(chain: list[Expr]) -> list[Expr]:
    texts = [f.text + "*" for f in chain]
    first = min(texts)
    i = min((i for i, t in enumerate(texts) if t == first), key=lambda i: texts[i:] + texts[:i])
    return chain[i:] + chain[:i]


def _kron(a: Expr, b: Expr) -> Expr:
    """The Kronecker product; a product where one of them is a scalar or they are a column and a row."""
    if a.shape == SCALAR or b.shape == SCALAR:
        return mul(a, b)
    if a.shape[1] is ONE and b.shape[0] is ONE:
        return mul(a, b)
    if a.shape[0] is ONE and b.shape[1] is ONE:
        return mul(b, a)
    if is_identity(a) and is_identity(b):
        return eye(a.shape[0] * b.shape[0])
    if is_zero(a) or is_zero(b):
        return zeros(a.shape[0] * b.shape[0], a.shape[1] * b.shape[1])
    left, a = scalar_part(a)
    right, b = scalar_part(b)
    if left or right:
        return mul(*left, *right, _kron(a, b))
    return Apply("kron", (a, b), operation_shape("kron", (a, b)))


def _unvec(e: Expr, *sizes: Expr) -> Expr:
    m, n = map(as_dim, sizes)
    if e.shape != (m * n, ONE):
        raise ShapeError(f"unvec({e}, {m}, {n}): {e} is {show_shape(e.shape)}, not {m * n} x 1")
    if n is ONE or m is ONE:
        return e if n is ONE else T(e)
    scalars, e = scalar_part(e)
    return mul(*scalars, Apply("unvec", (e, *sizes), (m, n)))


def _frechet(a: Expr, direction: Expr) -> Expr:
    if a.shape == SCALAR:
        return mul(apply("exp", a), direction)
    return direction if is_zero(direction) else Apply("expm_frechet", (a, direction), operation_shape("expm_frechet", (a, direction)))


def _vec(e: Expr) -> Expr:
    return e if e.shape[1] is ONE else T(e) if e.shape[0] is ONE else Apply("vec", (e,), operation_shape("vec", (e,)))


Maker = Callable[..., Expr]
# Heads that are made in their own way; those in front of whose arguments scalars and zeros are settled first; and what two are together.
OWN: dict[str, Maker] = {
    "d": lambda e: Apply("d", (e,), e.shape), "unvec": _unvec, "apply": call, "pi": lambda: Apply("pi", (), SCALAR), "inv": inverse,
    "derivative": lambda f, x: Apply("derivative", (f, x), derivative_shape(f.shape, x.shape))}
THEN: dict[str, Maker] = {"kron": _kron, "expm_frechet": _frechet, "vec": _vec, "tr": tr}
TOGETHER: dict[tuple[str, str], Maker] = {
    ("diagonal", "diag"): lambda x: x, ("sqrtm", "eye"): lambda n: eye(as_dim(n)),
    ("det", "sqrtm"): lambda a: apply("sqrt", apply("det", a)), ("logdet", "sqrtm"): lambda a: mul(HALF, apply("logdet", a))}


def apply(head: str, *args: Expr) -> Expr:
    """A node of any head that is written as a function."""
    e = args[0] if args else UNIT
    if head in ELEMENTWISE_NAMES:
        return Apply(head, args, e.shape)
    if head in OWN:
        return OWN[head](*args)
    if head in FUNCTIONALS:
        return Apply(head, args, SCALAR)
    if e.shape == SCALAR and head in OF_NUMBER:
        made = OF_NUMBER[head]
        return Number(made) if isinstance(made, int) else reduce(lambda inner, f: apply(f, inner), made, e)
    if type(e) is Apply and (head, e.head) in TOGETHER:
        return TOGETHER[head, e.head](*e.args)
    if ONE in e.shape and head in LINES:
        return of_row_or_column(head, e)
    if head in LINEAR_HEADS:
        for i, a in enumerate(args):
            scalars, rest = scalar_part(a)
            if scalars:
                return mul(*scalars, apply(head, *args[:i], rest, *args[i + 1:]))
            if is_zero(a):
                return zeros(*operation_shape(head, args))
    return THEN[head](*args) if head in THEN else Apply(head, args, operation_shape(head, args))
