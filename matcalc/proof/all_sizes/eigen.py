"""The largest eigenvalue of a symmetric matrix and its unit vector, as atoms: dl = sum v[a]*v[b]*dM[a,b], sum v[a]^2 = 1."""

from __future__ import annotations

from fractions import Fraction

from ...language.shape import Dim
from .monomial import Head, Present, Rational, Sum, alone
from .normalform import Algebra, frozen, number
from .heads import Bound, Term
from .definite import sum_nonnegative
from .matrices import letter_inverse, scale
from .products import rest_of, without
from . import exponentials
from .matrix_words import beside_identity, heavy, times, transposed


def eigen(alg: Algebra, s: Sum, dim: Dim, vector: bool) -> Sum:
    """One of them, of the symmetric part of a template: a multiple of the identity is added to the value, a positive factor multiplies
    it, and a rotation turns the vector alone."""
    t = alg.scaled(alg.add(s, transposed(alg, s)), Fraction(1, 2))
    shift, rest = beside_identity(t)
    if not rest:
        return shift if not vector else _atom(alg, t, dim, True)
    front, core = scale(alg, rest)
    if not sum_nonnegative(alg, front):
        front, core = number(1), rest
    turned = exponentials.similar(alg, core, dim, letter_inverse, True)
    if turned is not None:
        left, core, _ = turned
        if vector:
            return times(alg, left, eigen(alg, core, dim, True), dim)
    out = _atom(alg, core, dim, vector)
    return out if vector else alg.add(shift, alg.product(front, out))


def _atom(alg: Algebra, t: Sum, dim: Dim, vector: bool) -> Sum:
    kind = "eigenvector" if vector else "eigenvalue"
    head = alg.head(kind, frozen(t), (dim,) if vector else (), t, dim, weight=heavy(alg, t))
    return alg.atom(head, (-1,) if vector else ())


def pair(alg: Algebra, head: Head) -> Sum:
    """v[-1]*v[-2] of an eigenvalue's atom."""
    v = _atom(alg, head.template, head.extra, True)
    return alg.product(v, alg.renamed(v, {-1: -2}))


def eigenvector_law(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...], e: Rational) -> list[Term] | None:
    """The squares of the entries sum to 1; sum M[a,b]*v[b] = l*v[a], for a symmetric M of one factor."""
    (a,) = args
    t, matrix = head.template, alone(head.template)
    if e == 1 and a in bound and matrix is not None and matrix[2] == 1 and sum(n.count(a) for _, n in present) == 2:
        for (h, other), x in present.items():
            if x == 1 and matrix[0] == h and a in other and len(set(other)) == 2:
                far = other[1 - other.index(a)]
                value = alg.product(eigen(alg, t, head.extra, False), eigen(alg, t, head.extra, True))
                return alg.terms(value, {-1: far}, rest_of(present, {(head.id, args): 1, (h, other): 1}), without(bound, {a}))
    if e != 2 or a not in bound or sum(n.count(a) for _, n in present) != 1:
        return None
    return [(1, rest_of(present, {(head.id, args): 2}), without(bound, {a}))]
