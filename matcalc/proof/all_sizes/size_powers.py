"""A square matrix to a power k that is a size or a large number, or 1/2 of a positive definite one, and its derivative, as atoms.

P[i,j] = (M^k)[i,j] and F[i,j,p,q] = sum_r (M^r)[i,p]*(M^(k-1-r))[q,j], which is d P[i,j]/d M[p,q].
"""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby

from ...language.expr import SCALAR, Apply, Expr, Number, mul, power
from ...language.inspection import root_and_exponent
from ...language.shape import ONE, Dim
from .definite import sum_nonnegative
from .matrices import inverse, letter_inverse, scale
from .monomial import Head, Present, Rational, Sum, alone
from .normalform import Algebra, frozen, number
from .heads import Bound, Term
from .products import rest_of, without
from . import exponentials
from .matrix_words import entry, heavy, identity, one_way, raised, spread_over_identity, times, transposed, word


WRITTEN = 64        # a power up to which the factors are multiplied out
Exponent = Dim | Fraction


def repeated(e: Expr) -> tuple[Expr, int]:
    """A matrix, and how many times over it is the factor of a product that its powers of powers are, its inverses counted against."""
    times = 1
    while type(e) is Apply:
        base, k = root_and_exponent(e)
        if base is e or type(k) is not Number or not isinstance(k.value, int):
            break
        e, times = base, times*k.value
    return e, times


def joined(factors: list[Expr]) -> list[Expr]:
    """Neighbours that are powers of one matrix as one power, where that is too high to be multiplied out."""
    out: list[Expr] = []
    for base, run in groupby(factors, key=lambda e: repeated(e)[0]):
        found = list(run)
        times = [repeated(e)[1] for e in found]
        out += [power(base, Number(sum(times)))] if len(found) > 1 and sum(k for k in times if k > 0) > WRITTEN else found
    return out


def cycle_joined(e: Expr) -> Expr:
    """A product under a trace; where its two ends are powers of one matrix too high to be multiplied out, the last comes first."""
    if type(e) is not Apply or e.head != "*":
        return e
    ends = [i for i, a in enumerate(e.args) if a.shape != SCALAR]
    if len(ends) < 2 or len(joined([e.args[ends[-1]], e.args[ends[0]]])) > 1:
        return e
    return mul(e.args[ends[-1]], *[a for i, a in enumerate(e.args) if i != ends[-1]])


def _oriented(alg: Algebra, kind: str, s: Sum, k: Exponent, dims: tuple[Dim, ...],
              same: tuple[tuple[int, ...], ...] = ()) -> tuple[Head, bool]:
    """The atom of a template or of its transpose, and which."""
    t, flip, symmetric = one_way(alg, s)
    return alg.head(kind, (frozen(t), str(k)), dims, t, k, same if symmetric else (), weight=heavy(alg, s)), flip


def size_power(alg: Algebra, s: Sum, k: Exponent, dim: Dim) -> Sum:
    """A matrix template to this power."""
    if isinstance(k, Fraction) and k.denominator == 1:
        return size_power(alg, s, Dim.of(k.numerator), dim) if k >= 0 else inverse(alg, size_power(alg, s, -k, dim), (dim,))
    whole = isinstance(k, Dim)
    if isinstance(k, Dim) and k.number is not None and k.number <= WRITTEN:
        out = identity() if k.number == 0 else s
        for _ in range(k.number - 1):
            out = times(alg, out, s, dim)
        return out
    spread = spread_over_identity(alg, s)
    if spread is not None:
        return alg.product(identity(), raised(alg, spread[1], k))
    front, core = scale(alg, s)
    if not whole and not sum_nonnegative(alg, front):       # of a matrix without negative eigenvalues
        front, core = number(1), s
    similar = exponentials.similar(alg, core, dim, letter_inverse, not whole)
    inner, below = taken_apart(alg, core), taken_apart(alg, core, "inverse")
    if similar is not None:
        left, middle, right = similar
        out = times(alg, times(alg, left, size_power(alg, middle, k, dim), dim), right, dim)
    elif isinstance(k, Dim) and inner is not None and isinstance(inner[1], Dim):
        out = size_power(alg, inner[0], inner[1] * k, dim)
    elif (letters := _repeated_letter(alg, core)) is not None:
        out = size_power(alg, alg.atom(letters[0], (-1, -2)), Dim.of(letters[1]) * k if isinstance(k, Dim) else letters[1] * k, dim)
    elif below is not None:
        out = inverse(alg, size_power(alg, below[0], k, dim), (dim,))
    else:
        out = entry(alg, *_oriented(alg, "matrix power", core, k, (dim, dim), ((1, 0),)))
    return alg.product(raised(alg, front, k), out)


def _repeated_letter(alg: Algebra, s: Sum) -> tuple[Head, int] | None:
    """The letter of a template that is a power of one symmetric letter, and how often it is a factor."""
    letters = word(alg, next(iter(s))) if list(s.values()) == [1] else None
    if not letters or len(letters) < 2 or not letters[0][0].permutations:
        return None
    head = letters[0][0]
    return (head, len(letters)) if all(other is head and not scaling for other, _, scaling in letters) else None


def taken_apart(alg: Algebra, s: Sum, kind: str = "matrix power") -> tuple[Sum, Exponent] | None:
    """The template and the size where a matrix is a power and no more; the template of an inverse."""
    found = alone(s)
    if found is None or found[2] != 1 or alg.heads[found[0]].kind != kind:
        return None
    head, args = alg.heads[found[0]], found[1]
    if len(args) != 2 or head.skew:
        return None
    extra: Exponent = head.extra if kind == "matrix power" else ONE
    return (head.template if args == (-1, -2) else transposed(alg, head.template)), extra


def power_slope(alg: Algebra, head: Head) -> Sum:
    """F[-1,-2,-3,-4] of the atom of a power."""
    found, flip = _oriented(alg, "power slope", head.template, head.extra, head.dims + head.dims)
    return alg.atom(found, (-3, -4, -1, -2) if flip else (-1, -2, -3, -4))


def size_power_law(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...], e: Rational) -> list[Term] | None:
    """M^k*M = M*M^k = M^(k+1) and M^k*M^j = M^(k+j), for a template M of one factor; inv(M) is M^(-1) beside a root."""
    matrix = alone(head.template)
    if e != 1 or matrix is None or matrix[2] != 1 or args[0] == args[1]:
        return None
    key, (h, own, _) = (head.id, args), matrix
    symmetric = bool(head.permutations)
    for other, x in present.items():
        second = alg.heads[other[0]]
        below = second.kind == "inverse" and isinstance(head.extra, Fraction)
        power = (below or second.kind == "matrix power") and frozen(second.template) == frozen(head.template)
        if x != 1 or other == key or not (power or other[0] == h) or len(other[1]) != 2:
            continue
        more = Fraction(-1) if below and power else second.extra if power else Fraction(1) if isinstance(head.extra, Fraction) else ONE
        if isinstance(more, Fraction) != isinstance(head.extra, Fraction):
            continue
        a, b = other[1] if power or own == (-1, -2) else other[1][::-1]
        for i, j, p, q in ((*args, a, b), (*args, b, a)) if symmetric else ((*args, a, b),):
            for joint, row, col in ((j, i, q), (i, p, j)):
                meets = (j == p) if joint == j else (i == q)
                if meets and joint in bound and sum(n.count(joint) for _, n in present) == 2:
                    whole = size_power(alg, head.template, head.extra + more, head.dims[0])
                    return alg.terms(whole, {-1: row, -2: col}, rest_of(present, {key: 1, other: 1}), without(bound, {joint}))
    return None


def power_slope_law(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...], e: Rational) -> list[Term] | None:
    """Traced, sum_i F[i,i,p,q] = k*(M^(k-1))[q,p]."""
    i, j, p, q = args
    if e != 1 or i != j or i not in bound or sum(n.count(i) for _, n in present) != 2:
        return None
    k = head.extra
    front = number(k) if isinstance(k, Fraction) else alg.size(k)
    value = alg.product(front, size_power(alg, head.template, k - 1 if isinstance(k, Fraction) else k - ONE, head.dims[0]))
    return alg.terms(value, {-1: q, -2: p}, rest_of(present, {(head.id, args): 1}), without(bound, {i}))
