"""The eigenvalues of a symmetric matrix and its unit vectors, or the largest alone: dl = sum v[a]*v[b]*dM[a,b], sum v[a]^2 = 1."""

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


def eigen(alg: Algebra, s: Sum, dim: Dim, kind: str) -> Sum:
    """One of them, of the symmetric part of a template: a multiple of the identity is added to the values, a positive factor multiplies
    them, and a rotation turns the vector alone."""
    t = alg.scaled(alg.add(s, transposed(alg, s)), Fraction(1, 2))
    vector = kind in ("eigenvector", "eigenvectors")
    shift, rest = beside_identity(t)
    if not rest:
        return shift if not vector else _atom(alg, t, dim, kind)
    front, core = scale(alg, rest)
    if not sum_nonnegative(alg, front):
        front, core = number(1), rest
    turned = exponentials.similar(alg, core, dim, letter_inverse, True) if kind != "eigenvectors" else None
    if turned is not None:
        left, core, _ = turned
        if vector:
            return times(alg, left, eigen(alg, core, dim, kind), dim)
    out = _atom(alg, core, dim, kind)
    return out if vector else alg.add(shift, alg.product(front, out))


def _atom(alg: Algebra, t: Sum, dim: Dim, kind: str) -> Sum:
    dims = {"eigenvalue": (), "eigenvectors": (dim, dim)}.get(kind, (dim,))
    head = alg.head(kind, frozen(t), dims, t, dim, weight=heavy(alg, t))
    return alg.atom(head, tuple(-i - 1 for i in range(len(dims))))


def pair(alg: Algebra, head: Head) -> Sum:
    """v[-8]*v[-9] of an eigenvalue's atom, V[-8,k]*V[-9,k] of one of all eigenvalues."""
    if head.kind == "eigenvalue":
        v = _atom(alg, head.template, head.extra, "eigenvector")
        return alg.product(alg.renamed(v, {-1: -8}), alg.renamed(v, {-1: -9}))
    v = _atom(alg, head.template, head.extra, "eigenvectors")
    return alg.product(alg.renamed(v, {-1: -8, -2: -1}), alg.renamed(v, {-1: -9, -2: -1}))


def eigenvector_law(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...], e: Rational) -> list[Term] | None:
    """The squares of the entries sum to 1; sum M[a,b]*v[b] = l*v[a], for a symmetric M of one factor."""
    (a,) = args
    t, matrix = head.template, alone(head.template)
    if e == 1 and a in bound and matrix is not None and matrix[2] == 1 and sum(n.count(a) for _, n in present) == 2:
        for (h, other), x in present.items():
            if x == 1 and matrix[0] == h and a in other and len(set(other)) == 2:
                far = other[1 - other.index(a)]
                value = alg.product(eigen(alg, t, head.extra, "eigenvalue"), eigen(alg, t, head.extra, "eigenvector"))
                return alg.terms(value, {-1: far}, rest_of(present, {(head.id, args): 1, (h, other): 1}), without(bound, {a}))
    if e != 2 or a not in bound or sum(n.count(a) for _, n in present) != 1:
        return None
    return [(1, rest_of(present, {(head.id, args): 2}), without(bound, {a}))]
