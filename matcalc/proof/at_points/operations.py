"""What every head of an expression means, as numbers with derivatives. The table is this judge's own.

Everything entry-wise is made of exp, log, powers, sin, cos, arctan, arcsin, erf and sign.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Protocol

from ...language.expr import SCALAR, Apply, Expr, Name
from ...language.operations import require_complete
from ...language.recognition import norm_of
from ...language.signatures import called
from .jets import Jet, OutsideDomain, Singular, Unsupported, beyond
from .ring import MAPPED, Ring
from .point import Point, rational

LEAST_RATIO = 10 ** 6       # of the squares of singular values
HALF, ROOT, RECIPROCAL = Fraction(1, 2), Fraction(1, 2), Fraction(-1)
Handler = Callable[..., Jet]


class Evaluating(Protocol):
    """The evaluator as the meaning of an operation sees it."""

    ring: Ring
    point: Point
    seeds: Mapping[Name, object]

    def value(self, root: Expr) -> Jet:
        """The value of an expression."""

    def differential(self, e: Expr) -> Jet:
        """d(e)."""

    def jacobian(self, f: Expr, x: Expr) -> Jet:
        """d(f)/d(x)."""


def product_of(e: Apply) -> Handler:
    """How a product is evaluated: its chain from the right where that ends in a column, then its scalars; which are which is seen once."""
    scalars = [k for k, node in enumerate(e.args) if node.shape == SCALAR]
    first, *others = [k for k, node in enumerate(e.args) if node.shape != SCALAR] or [scalars.pop(0)]

    def product(ev: Evaluating, e: Apply, *args: Jet) -> Jet:
        ring = ev.ring
        if others and args[others[-1]].n == 1:
            out = args[others[-1]]
            for k in others[-2::-1]:
                out = ring.matmul(args[k], out)
            out = ring.matmul(args[first], out)
        else:
            out = args[first]
            for k in others:
                out = ring.matmul(out, args[k])
        for k in scalars:
            out = ring.had(args[k], out)
        return out
    return product


def _had(ev: Evaluating, e: Apply, *args: Jet) -> Jet:
    out = args[0]
    for a in args[1:]:
        out = ev.ring.had(out, a)
    return out


def power_parts(e: Apply, point: Point) -> tuple[Expr, Fraction | None, bool]:
    """The base, the exponent where it is a known number, and whether the base stands for its 2-norm.

    norm2(u)^2 is a sum of squares: no root is taken.
    """
    base, k = e.args[0], rational(e.args[1], point)
    x = norm_of(base) if k is not None and k.denominator == 1 and not k.numerator % 2 else None
    return (base, k, False) if x is None else (x, k, True)


def _power(ev: Evaluating, e: Apply, u: Jet, *exponent: Jet) -> Jet:
    ring: Ring = ev.ring
    _, k, norm = power_parts(e, ev.point)
    if norm and k is not None:
        return ring.map(k / 2, ring.sum(ring.had(u, u)))
    if e.head == "^" and e.shape != SCALAR:
        if k is None or k.denominator != 1:
            raise Unsupported("a matrix to a power that is not an integer")
        return ring.matrix_power(u, int(k))
    if k is not None:
        return ring.map(k, u)
    return ring.map("exp", ring.had(exponent[0], ring.map("log", ring.base(u, exponent[0]))))


def _unary(f: Callable[[Ring, Jet], Jet]) -> Handler:
    return lambda ev, e, u: f(ev.ring, u)


def _abs(r: Ring, u: Jet) -> Jet:
    return r.had(r.map("sign", u), u)


def _sign(ev: Evaluating, e: Apply, u: Jet) -> Jet:
    """The sign of what e is a function of; that of relu(t) is 1[t > 0], also where t is negative."""
    inner = e.args[0]
    while type(inner) is Name and inner in ev.point.bodies and inner not in ev.seeds:
        inner = ev.point.bodies[inner]
    if type(inner) is not Apply or inner.head != "relu":
        return ev.ring.map("sign", u)
    one = _sign(ev, inner, ev.value(inner.args[0]))
    return ev.ring.multiple(HALF, ev.ring.add(one, ev.ring.had(one, one)))


def _relu(ev: Evaluating, e: Apply, u: Jet) -> Jet:
    return ev.ring.multiple(HALF, ev.ring.add(u, ev.ring.had(_sign(ev, e, u), u)))


def _one(r: Ring, u: Jet) -> Jet:
    return r.constant(u.m, u.n, 1)


def _sigmoid(r: Ring, u: Jet) -> Jet:
    for x in u.parts[0]:
        r.tie(x)
    return r.map(RECIPROCAL, r.add(_one(r, u), r.map("exp", r.multiple(-1, u))))


def _softplus(r: Ring, u: Jet) -> Jet:
    for x in u.parts[0]:
        r.tie(x)
    return r.map("log", r.add(_one(r, u), r.map("exp", u)))


def _cosh(r: Ring, u: Jet, sign: int = 1) -> Jet:
    return r.multiple(HALF, r.add(r.map("exp", u), r.multiple(sign, r.map("exp", r.multiple(-1, u)))))


def _sinh(r: Ring, u: Jet) -> Jet:
    return _cosh(r, u, -1)


def _tanh(r: Ring, u: Jet) -> Jet:
    square = r.map("exp", r.multiple(2, u))
    return r.add(_one(r, u), r.multiple(-2, r.map(RECIPROCAL, r.add(_one(r, u), square))))


def _softmax_rows(r: Ring, u: Jet) -> Jet:
    e = r.map("exp", u)
    total = r.rowsum(e)
    out = r.had(e, r.spread(r.map(RECIPROCAL, total), u.n))
    for i, (x, a) in enumerate(zip(out.parts[0], u.parts[0], strict=True)):
        r.hint(x, a, -1, total.parts[0][i // u.n])
    return out


def _frechet(ev: Evaluating, e: Apply, a: Jet, direction: Jet) -> Jet:
    bit = beyond((*a.parts, *direction.parts))
    moving = Jet(a.m, a.n, {**a.parts, **{s | bit: v for s, v in direction.parts.items()}})
    return ev.ring.component(ev.ring.expm(moving), bit)


def _comm(ev: Evaluating, e: Apply) -> Jet:
    m, n = (int(rational(a, ev.point) or 0) for a in e.args)
    ev.point.shape(e)
    flat = [ev.ring.zero] * (m * n) ** 2
    for i in range(m):
        for j in range(n):
            flat[(i * n + j) * m * n + j * m + i] = ev.ring.one
    return Jet(m * n, m * n, {0: flat})


def _select(ev: Evaluating, e: Apply) -> Jet:
    """Columns of the identity."""
    first, count, n = (int(rational(a, ev.point) or 0) for a in e.args)
    ev.point.shape(e)
    if first < 1 or first + count - 1 > n:
        raise OutsideDomain(f"entry {first + count - 1} of {n}")
    flat = [ev.ring.zero] * (n * count)
    for j in range(count):
        flat[(first - 1 + j) * count + j] = ev.ring.one
    return Jet(n, count, {0: flat})


def _call(ev: Evaluating, e: Apply, x: Jet) -> Jet:
    """f: a profile. g, h, F: C*phi(B*x + t) with a profile phi, so that all their derivatives are known; F is evaluated as vec(F)."""
    ring: Ring = ev.ring
    function, _, order, kind = called(e.args[0])
    parts = ev.point.value(function)
    from . import abstract_functions
    if "B" not in parts:
        return abstract_functions.value(ring, parts["phi"], order, x)
    b, c, (m, n) = parts["B"], parts["C"], (x.m, x.n)
    x = ring.vec(x)
    s = abstract_functions.value(ring, parts["phi"], order, ring.add(ring.matmul(b, x), parts["t"]))
    if kind in ("", "prime"):
        for _ in range(order):
            s = ring.had(b, s)
        return ring.unvec(ring.matmul(c, s), *ev.point.shape(e))
    left = ring.matmul(ring.transpose(b), ring.moved(s, "diag", s.m, s.m, s.m, 1))
    if kind == "hess":
        # order 1 was counted; the Hessian wants the second derivative of phi
        second = abstract_functions.value(ring, parts["phi"], 2, ring.add(ring.matmul(b, x), parts["t"]))
        scaled = ring.had(second, ring.transpose(c))
        return ring.matmul(ring.matmul(ring.transpose(b), ring.moved(scaled, "diag", s.m, s.m, s.m, 1)), b)
    out = ring.matmul(left, ring.transpose(c))
    return ring.unvec(out, m, n) if kind == "grad" else out


def _shaped(make: Callable[[Ring, int, int], Jet]) -> Handler:
    return lambda ev, e: make(ev.ring, *ev.point.shape(e))


def _logdet(r: Ring, u: Jet) -> Jet:
    det = r.det_and_adj(u)[0]
    if not det.parts[0][0]:
        raise Singular("the logarithm of the determinant of a singular matrix")
    return r.map("log", _abs(r, det))


def _norm2(r: Ring, u: Jet) -> Jet:
    return r.map(ROOT, r.sum(r.had(u, u)))


def _eigen(r: Ring, u: Jet, part: int) -> Jet:
    """Of the symmetric part, which is all of a symmetric matrix."""
    half = r.multiple(HALF, r.add(u, r.transpose(u)))
    return (r.spectrum if part < 0 else r.eigen)(half)[part]


def _svd(r: Ring, u: Jet, part: str) -> Jet:
    """Of u'*u: its vectors are the right ones, and the roots of its eigenvalues the singular values."""
    l, v = r.spectrum(r.multiple(-1, r.matmul(r.transpose(u), u)))
    most, least = -l.parts[0][0], -l.parts[0][-1]
    if not least * LEAST_RATIO > most:
        raise Singular("a singular value that is 0")
    s = r.map(ROOT, r.multiple(-1, l))
    if part == "svdu":
        return r.matmul(r.matmul(u, v), r.moved(r.map(RECIPROCAL, s), "diag", u.n, u.n))
    return s if part == "singvals" else v


def _unvec(ev: Evaluating, e: Apply, u: Jet) -> Jet:
    ring: Ring = ev.ring
    return ring.unvec(u, *ev.point.shape(e))


HEADS: dict[str, Handler] = {
    "+": lambda ev, e, *args: ev.ring.add(*args), "*": lambda ev, e, *args: product_of(e)(ev, e, *args), ".*": _had,
    "^": _power, ".^": _power,
    "'": _unary(lambda r, u: r.transpose(u)), "sum": _unary(lambda r, u: r.sum(u)), "tr": _unary(lambda r, u: r.trace(u)),
    "det": _unary(lambda r, u: r.det_and_adj(u)[0]), "adj": _unary(lambda r, u: r.det_and_adj(u)[1]),
    "logdet": _unary(_logdet), "sqrtm": _unary(lambda r, u: r.sqrtm(u)),
    "eigmax": _unary(lambda r, u: _eigen(r, u, 0)), "eigvec": _unary(lambda r, u: _eigen(r, u, 1)),
    **{part: (lambda ev, e, u: _svd(ev.ring, u, e.head)) for part in ("singvals", "svdu", "svdv")},
    "spectrum": _unary(lambda r, u: _eigen(r, u, -2)), "eigvecs": _unary(lambda r, u: _eigen(r, u, -1)),
    "inv": _unary(lambda r, u: r.inv(u)),
    "norm1": _unary(lambda r, u: r.sum(_abs(r, u))), "norm2": _unary(_norm2),
    "diag": _unary(lambda r, u: r.moved(u, "diag", u.m, u.m)), "diagonal": _unary(lambda r, u: r.moved(u, "diagonal", u.m, 1)),
    "vec": _unary(lambda r, u: r.vec(u)), "unvec": _unvec, "kron": lambda ev, e, a, b: ev.ring.kron(a, b),
    "rowsum": _unary(lambda r, u: r.rowsum(u)), "colsum": _unary(lambda r, u: r.rowsum(r.transpose(u))),
    "expm": _unary(lambda r, u: r.expm(u)), "expm_frechet": _frechet,
    "softmax": _unary(lambda r, u: r.transpose(_softmax_rows(r, r.transpose(u)))), "softmax_rows": _unary(_softmax_rows),
    "logsumexp": _unary(lambda r, u: r.map("log", r.sum(r.map("exp", u)))),
    "logsumexp_rows": _unary(lambda r, u: r.map("log", r.rowsum(r.map("exp", u)))),
    "eye": _shaped(lambda r, m, n: r.eye(m)), "ones": _shaped(lambda r, m, n: r.constant(m, n, 1)),
    "zeros": _shaped(lambda r, m, n: r.constant(m, n, 0)), "comm": _comm, "select": _select, "pi": lambda ev, e: ev.ring.pi(),
    "apply": _call, "d": lambda ev, e: ev.differential(e.args[0]), "derivative": lambda ev, e: ev.jacobian(*e.args),
    "sqrt": _unary(lambda r, u: r.map(ROOT, u)), "abs": _unary(_abs),
    "sinh": _unary(_sinh), "cosh": _unary(_cosh), "tanh": _unary(_tanh), "sigmoid": _unary(_sigmoid),
    "softplus": _unary(_softplus), "relu": _relu,
    **{f: (lambda ev, e, u: ev.ring.map(e.head, u)) for f in MAPPED}, "sign": _sign,
}
require_complete("the judge at points", HEADS)
