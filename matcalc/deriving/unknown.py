"""An equation solved for an unknown that occurs linearly in it: A*x = b, x*B = c, A*x*B = C, else by vec."""

from __future__ import annotations

from fractions import Fraction

from ..language.expr import SCALAR, Apply, Expr, Name, Number, T, add, apply, coefficient, div, eye, mul, num, unvec
from ..language.shape import Dim
from ..language.properties import Properties
from ..language.recognition import kron_factors
from ..records import Record
from .properties import Transposer

SEEN = Transposer()       # a symmetric letter is its own transpose


class Solved(Record):
    """left = right, linear in the unknown, its solution, the matrices that must be invertible for it to be the only one, and by what
    number the derivative is left - right; `among` is what the extremum is one among, and what else must be `positive` for it to be one;
    `among_only`: there are others elsewhere."""

    left: Expr
    right: Expr
    solution: Expr
    inverted: tuple[Expr, ...]
    times: Fraction = Fraction(1)
    among: str = ""
    positive: tuple[Expr, ...] = ()
    among_only: bool = False


def solved(x: Name, hessian: Expr, start: Expr) -> Solved:
    """H*vec(x) = -vec(start), start being the derivative at 0, as A*x, x*B or A*x*B where the second derivative is made of Kronecker
    products, else by vec."""
    k, terms = terms_of(hessian)
    if Properties({}).definite(mul(num(-1 if k > 0 else 1), hessian), True):     # what follows the number in front is not negative
        k, terms = -k, [(mul(num(-1), scale), core) for scale, core in terms]
    right = add(*(mul(num(-1 / k), scale, t) for scale, t in _signed(start)))
    return _divided(x, terms, right)._replace(times=k)


def solved_inverse(x: Name, gradient: Expr) -> Solved | None:
    """The solution of a*inv(x) + C = 0 or of a*inv(x) + inv(x)*C*inv(x) = 0, the derivatives of a*logdet(x) with tr(C*x) or with
    -tr(C*inv(x)), or of their transposes; the sign of a says which extremum it is among positive definite matrices; where it is not
    known, a must be positive.

    >>> from matcalc.reading.parse import parse
    >>> S = parse('S', ['S in R^(n,n) spd'])
    >>> solved_inverse(S, parse('inv(S) - C', ['S in R^(n,n) spd', 'C in R^(n,n)'])).solution
    <inv(C)>
    """
    if x.shape == SCALAR or x.shape[0] != x.shape[1]:
        return None
    sure = Properties({})
    for unknown, g in ((x, gradient), (T(x), gradient), (x, T(gradient)), (T(x), T(gradient))):
        by = apply("inv", x) if unknown is x else T(apply("inv", x))
        once: list[Expr] = []
        twice: list[Expr] = []
        free: list[Expr] = []
        k, terms = terms_of(g)
        for s, core in terms:
            factors = core.args if isinstance(core, Apply) and core.head == "*" else (core,)
            inner = factors[1:-1]
            if core is by:
                once.append(mul(num(k), s))
            elif len(factors) > 2 and factors[0] is by and factors[-1] is by and x not in mul(*inner).names:
                twice.append(mul(num(k), s, *inner))
            elif x not in core.names:
                free.append(mul(num(k), s, core))
            else:
                break
        else:
            a = add(*once) if once else num(0)
            if a is num(0) or x in a.names or bool(twice) == bool(free):
                continue
            number, factor = coefficient(a)
            up = -1 if sure.positive(mul(num(-1), a)) or number < 0 and not sure.positive(a) else 1
            assumed = () if sure.positive(mul(num(up), a)) else (factor,)
            c = add(*(mul(num(-1), div(t, a)) for t in twice or free))
            point = c if twice else _inverse(c)
            left, right = mul(num(up), a, unknown if twice else by), add(*(mul(num(-up), t) for t in twice or free))
            solution = point if unknown is x or sure.symmetric(point) else T(point)
            return Solved(left, right, solution, (c,), Fraction(up if twice else -up), "positive definite matrices", assumed)
    return None


def _divided(x: Name, terms: list[tuple[Expr, Expr]], right: Expr) -> Solved:
    """The solution for a second derivative of these terms."""
    m, n = x.shape
    if x.shape == SCALAR or all(core is eye(m * n) for _, core in terms):
        h = add(*(mul(s, core) if x.shape == SCALAR else s for s, core in terms))
        number = x.shape == SCALAR or not Properties({}).positive(h)           # n - 1 may be 0
        return Solved(mul(h, x), right, div(right, h), (h if number else eye(m),))
    if str(n) == "1" or str(m) == "1":
        h = add(*(mul(s, core) for s, core in terms))
        by = _inverse(h)
        return Solved(mul(h, x), right, mul(by, right), (h,)) if str(n) == "1" else Solved(
            mul(x, SEEN(h)), right, mul(right, SEEN(by)), (h,))
    parts = [(s, *_factors(core, m, n)) for s, core in terms]
    if all(b is not None and a is not None for _, b, a in parts):
        if all(b is eye(n) for _, b, _ in parts):
            a = add(*(mul(s, a) for s, _, a in parts if a is not None))
            return Solved(mul(a, x), right, mul(_inverse(a), right), (a,))
        if all(a is eye(m) for _, _, a in parts):
            b = add(*(mul(s, SEEN(b)) for s, b, _ in parts if b is not None))
            return Solved(mul(x, b), right, mul(right, _inverse(b)), (b,))
        if len(parts) == 1 and parts[0][1] is not None and parts[0][2] is not None:
            a, b = mul(parts[0][0], parts[0][2]), SEEN(parts[0][1])
            return Solved(mul(a, x, b), right, mul(apply("inv", a), right, apply("inv", b)), (a, b))
    h = add(*(mul(s, core) for s, core in terms))
    return Solved(mul(h, apply("vec", x)), apply("vec", right), unvec(mul(apply("inv", h), apply("vec", right)), m, n), (h,))


def _inverse(h: Expr) -> Expr:
    """The inverse, with the scalars of h in front where it is no sum: that of -K^2 cancels with K."""
    k, terms = terms_of(h)
    if len(terms) > 1:
        k, rest = coefficient(h)
        return mul(num(Fraction(1) / Fraction(k)), apply("inv", rest))
    return div(apply("inv", terms[0][1]), mul(num(k), terms[0][0]))


def terms_of(e: Expr) -> tuple[Fraction, list[tuple[Expr, Expr]]]:
    """A number before a sum, and its terms, each as a scalar and the rest.

    >>> from matcalc.reading.parse import parse
    >>> terms_of(parse('2*c*A + 2*B', ['c in R', 'A, B in R^(m,n)']))
    (Fraction(1, 1), [(<2>, <B>), (<2*c>, <A>)])
    """
    k, inner = Fraction(1), e
    if isinstance(e, Number) and e is not num(0):
        k, inner = Fraction(e.value), num(1)
    elif isinstance(e, Apply) and e.head == "*" and isinstance(e.args[0], Number):
        k, inner = Fraction(e.args[0].value), mul(*e.args[1:])
    out: list[tuple[Expr, Expr]] = []
    for term in _summands(inner):
        factors = term.args if isinstance(term, Apply) and term.head == "*" and term.shape != SCALAR else (term,)
        scalars = [f for f in factors if f.shape == SCALAR] if len(factors) > 1 else []
        out.append((mul(*scalars) if scalars else num(1), mul(*(f for f in factors if f not in scalars))))
    return k, out


def _signed(e: Expr) -> list[tuple[Expr, Expr]]:
    """The terms of what may be a number times a sum, each with that number."""
    if isinstance(e, Apply) and e.head == "*" and len(e.args) == 2 and isinstance(e.args[0], Number):
        inner = e.args[1]
        return [(e.args[0], t) for t in (inner.args if isinstance(inner, Apply) and inner.head == "+" else (inner,))]
    return [(num(1), t) for t in (e.args if isinstance(e, Apply) and e.head == "+" else (e,))]


def _summands(e: Expr) -> list[Expr]:
    """The terms of a sum, with scalars before it multiplied in."""
    if isinstance(e, Apply) and e.head == "+":
        return [t for a in e.args for t in _summands(a)]
    if isinstance(e, Apply) and e.head == "*":
        sums = [a for a in e.args if isinstance(a, Apply) and a.head == "+" and a.shape != SCALAR]
        rest = [a for a in e.args if a not in sums]
        if len(sums) == 1 and all(a.shape == SCALAR for a in rest):
            return [t for a in sums[0].args for t in _summands(mul(*rest, a))]
    return [e]


def _factors(core: Expr, m: Dim, n: Dim) -> tuple[Expr | None, Expr | None]:
    """B and A of kron(B, A), which takes vec(x) to vec(A*x*B') for x with m rows and n columns."""
    if [e.shape for e in kron_factors(core)] == [(n, n), (m, m)]:
        return kron_factors(core)[0], kron_factors(core)[1]
    return (eye(n), eye(m)) if core is eye(m * n) else (None, None)
