"""Derivatives of sums of entries, from d X[i,j]/d X[k,l] = delta[i,k]*delta[j,l] and one law for each kind of atom."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import permutations

from ...language.columns import RowError
from ...language.shape import Dim
from .atoms import atom, product_of
from .powers import exp, power
from .monomial import at, Head, Sum
from .normalform import DELTA, Algebra, frozen, number
from .heads import SPECTRAL, Inconclusive, plain
from . import eigen, matrices, sampled, size_powers, matrix_words


def slope(alg: Algebra, s: Sum, x: Head, names: tuple[int, ...]) -> Sum:
    """d s / d x[names]; the names are free indices that do not occur in s."""
    out: Sum = {}
    for m, c in s.items():
        factors, bound, top = alg.flat(m, None, 0)
        for k, (h, args, e) in enumerate(factors):
            d = head_slope(alg, alg.heads[h], x)
            if not d:
                continue
            rest = factors[:k] + factors[k + 1:]
            if e != 1:
                rest.append((h, args, plain(e - 1)))
            n = len(args)
            mapping = at(args) | {-n - i - 1: a for i, a in enumerate(names)}
            for v, f, b in alg.terms(d, mapping, rest, bound):
                alg.collect(out, plain(c * e * v), f, b)
    return out


def head_slope(alg: Algebra, head: Head, x: Head) -> Sum:
    """d head[-1, .., -n] / d x[-n-1, ..]."""
    known = head.derivatives.get(x.id)
    if known is None:
        known = head.derivatives[x.id] = _head_slope(alg, head, x)
    return known


def _head_slope(alg: Algebra, head: Head, x: Head) -> Sum:
    n = len(head.dims)
    names = tuple(-n - i - 1 for i in range(len(x.dims)))
    if head is x:
        out: Sum = {}
        alg.collect(out, 1, [(DELTA, (-n - i - 1, -i - 1), 1) for i in range(n)], {})
        return out
    kind, t = head.kind, head.template
    if not t:
        return {}
    if kind in ("inverse", "adjugate", "det", "expm", "frechet", "matrix power", "power slope", *SPECTRAL):
        return _matrix_slope(alg, head, x, names)
    if kind in ("vector function",):
        return _vector_slope(alg, head, x, names)
    inner = slope(alg, t, x, names)
    if not inner or kind == "sign":
        return {}
    own = tuple(-i - 1 for i in range(n))
    if kind not in OUTER:
        raise RowError(f"the judge for every size has no slope of {kind}: give it a row in OUTER")
    law = OUTER[kind](alg, head, own, t)
    return alg.product(law, inner)


def _law_erf(alg: Algebra, head: Head, own: tuple[int, ...], t: Sum) -> Sum:
    pi = alg.atom(alg.head("pi", None, ()), (), Fraction(-1, 2))
    return alg.scaled(alg.product(pi, exp(alg, alg.scaled(power(alg, t, 2), -1))), 2)


def _law_function(alg: Algebra, head: Head, own: tuple[int, ...], t: Sum) -> Sum:
    name, count = head.extra
    return atom(alg, "function", t, 1, (name, count + 1))


OUTER: dict[str, Callable[[Algebra, Head, tuple[int, ...], Sum], Sum]] = {
    "exp": lambda alg, head, own, t: alg.atom(head, own),
    **dict.fromkeys(("log", "log abs"), lambda alg, head, own, t: power(alg, t, -1)),
    **dict.fromkeys(("power", "floor", "closed"), lambda alg, head, own, t: number(1)),
    "integer power": lambda alg, head, own, t: product_of(alg, alg.atom(head, own), {head.extra: 1}, power(alg, t, -1)),
    "sin": lambda alg, head, own, t: atom(alg, "cos", t),
    "cos": lambda alg, head, own, t: alg.scaled(atom(alg, "sin", t), -1),
    "arctan": lambda alg, head, own, t: power(alg, alg.add(number(1), power(alg, t, 2)), -1),
    "arcsin": lambda alg, head, own, t: power(alg, alg.add(number(1), alg.scaled(power(alg, t, 2), -1)), Fraction(-1, 2)),
    "erf": _law_erf, "function": _law_function,
}


def _matrix_slope(alg: Algebra, head: Head, x: Head, names: tuple[int, ...]) -> Sum:
    """inv: -inv[r,a]*dM[a,b]*inv[b,c]; det: det*inv[b,a]*dM[a,b], or adj for det*inv; expm: Frechet[r,c,p,q]*dM[p,q]."""
    t = head.template
    if head.kind in ("frechet", "power slope"):
        if slope(alg, t, x, tuple(-2 - len(names) - i for i in range(len(names)))):
            raise Inconclusive(f"the second derivative of {'expm' if head.kind == 'frechet' else 'a power'}")
        return {}
    if head.kind in SPECTRAL:
        spread = tuple(-50 - i for i in range(len(names)))
        inner = slope(alg, t, x, spread)
        if inner and head.kind in ("eigenvector", "eigenvectors"):
            raise Inconclusive("the derivative of an eigenvector")
        return alg.contract(eigen.pair(alg, head), {-8: 0, -9: 1}, inner, {-1: 0, -2: 1} | dict(zip(spread, names, strict=True)),
                            {0: head.extra, 1: head.extra}) if inner else {}
    k = len(head.extra) if head.kind == "det" else 1 if head.kind == "matrix power" else head.extra
    dims = head.extra if head.kind == "det" else head.dims[:k]
    far = tuple(-50 - i for i in range(len(names)))
    inner = slope(alg, t, x, far)
    if not inner:
        return {}
    rows, cols = tuple(range(-1, -k - 1, -1)), tuple(range(-k - 1, -2 * k - 1, -1))
    a, b = tuple(range(k)), tuple(range(k, 2 * k))
    bound = dict(zip(a + b, dims + dims, strict=True))
    place = dict(zip(rows + cols, a + b, strict=True)) | dict(zip(far, names, strict=True))
    if head.kind == "adjugate":
        raise Inconclusive("the derivative of an adjugate")
    if head.kind == "det":
        singular = k == 1 and sampled.never_invertible(alg, t, dims)
        inv = matrices.adjugate(alg, t, dims[0]) if singular else matrices.inverse(alg, t, dims)
        out = alg.contract(inv, dict(zip(rows + cols, b + a, strict=True)), inner, place, bound)
        return out if singular else alg.product(alg.atom(head, ()), out)
    if head.kind == "inverse":
        own = matrix_words.entry(alg, head, False, k)
        half = alg.contract(own, dict(zip(cols, a, strict=True)), inner,
                            dict(zip(rows, a, strict=True)) | dict(zip(cols, (-70 - i for i in range(k)), strict=True)),
                            dict(zip(a, dims, strict=True)))
        whole = alg.contract(half, {-70 - i: i for i in range(k)}, own, dict(zip(rows, a, strict=True)),
                             dict(zip(a, dims, strict=True)))
        return alg.scaled(alg.renamed(whole, dict(zip(far, names, strict=True))), -1)
    if k != 1:
        raise Inconclusive("the derivative of expm of a Kronecker product")
    own = frechet(alg, t, dims[0]) if head.kind == "expm" else size_powers.power_slope(alg, head)
    return alg.contract(own, {-3: 0, -4: 1}, inner, {-1: 0, -2: 1} | dict(zip(far, names, strict=True)),
                        {0: dims[0], 1: dims[0]})


def frechet(alg: Algebra, s: Sum, dim: Dim) -> Sum:
    """F[-1,-2,-3,-4] with expm_frechet(M, E)[i,j] = F[i,j,p,q]*E[p,q]."""
    scalar, rest = matrix_words.beside_identity(s)
    if scalar and rest:
        return alg.product(exp(alg, scalar), frechet(alg, rest, dim))
    found, flip = matrices.oriented(alg, "expm", s, (dim,))
    same: tuple[tuple[int, ...], ...] = ((3, 2, 1, 0),)
    if found.permutations:
        same += ((2, 3, 0, 1), (1, 0, 3, 2))
    head = alg.head("frechet", found.id, found.dims + found.dims, found.template, 1, same, weight=found.weight)
    return alg.atom(head, (-3, -4, -1, -2) if flip else (-1, -2, -3, -4))


def _vector_slope(alg: Algebra, head: Head, x: Head, names: tuple[int, ...]) -> Sum:
    """g(t)[..] differentiated: one more index, contracted with dt."""
    t = head.template
    far = tuple(-50 - i for i in range(len(names)))
    inner = slope(alg, t, x, far)
    if not inner:
        return {}
    n = len(head.dims)
    name, order, source, target = head.extra
    more = vector_function(alg, name, order + 1, source, target, t)
    own = tuple(-i - 1 for i in range(n))
    if not source:
        return alg.product(alg.atom(more, own), alg.renamed(inner, dict(zip(far, names, strict=True))))
    new = tuple(-80 - i for i in range(len(source)))
    return alg.contract(alg.atom(more, new + own), {a: i for i, a in enumerate(new)}, inner,
                        {-i - 1: i for i in range(len(source))} | dict(zip(far, names, strict=True)), dict(enumerate(source)))


def vector_function(alg: Algebra, name: str, order: int, source: tuple[Dim, ...], target: tuple[Dim, ...], t: Sum) -> Head:
    """The derivative of this order of an abstract function of a vector at a template with indices -1, -2, ..: for each
    derivative the vector's indices, symmetric as a group, then the value's."""
    dims = source * order + target
    tail = tuple(range(len(dims) - len(target), len(dims)))
    k = len(source)
    same = tuple(tuple([b * k + i for b in p for i in range(k)]) + tail for p in permutations(range(order)) if k and list(p) != sorted(p))
    return alg.head("vector function", (name, order, frozen(t)), dims, t, (name, order, source, target), same)
