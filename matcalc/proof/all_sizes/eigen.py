"""The largest eigenvalue of a symmetric matrix and its unit vector, as atoms: dl = sum v[a]*v[b]*dM[a,b], sum v[a]^2 = 1."""

from __future__ import annotations

from fractions import Fraction

from ...language.shape import Dim
from .monomial import Head, Present, Rational, Sum, alone
from .normalform import Algebra, frozen
from .heads import Bound, Term
from .products import rest_of, without
from .words import heavy, transposed


def eigen(alg: Algebra, s: Sum, dim: Dim, vector: bool) -> Sum:
    """One of them, of the symmetric part of a template."""
    t = alg.scaled(alg.add(s, transposed(alg, s)), Fraction(1, 2))
    kind = "eigenvector" if vector else "eigenvalue"
    head = alg.head(kind, frozen(t), (dim,) if vector else (), t, dim, weight=heavy(alg, t))
    return alg.atom(head, (-1,) if vector else ())


def pair(alg: Algebra, head: Head) -> Sum:
    """v[-1]*v[-2] of an eigenvalue's atom."""
    v = eigen(alg, head.template, head.extra, True)
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
