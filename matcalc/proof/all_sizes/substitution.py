"""Variables as atoms, and sums built again with a variable replaced or under an assumption."""

from __future__ import annotations

from collections.abc import Callable

from ...language.expr import ONE, Dim, Name
from .atoms import atom, pointwise
from .powers import exp, power, sign, size_power
from .elementary import ELEMENTARY, arcsin, arctan, cosine, sine
from .monomial import at, Head, Sum, factors
from .normalform import DELTA, Algebra
from .heads import Inconclusive
from .derivatives import frechet, vector_function
from . import determinants, logarithms, matrices, size_powers, eigen

Dims = tuple[Dim, ...]


def sizes(dim: Dim) -> Dims:
    """The indices of one side: none when its size is 1."""
    return () if dim is ONE else (dim,)


def slots(count: int, start: int = 0) -> tuple[int, ...]:
    """The free indices start .. start + count - 1 of a value."""
    return tuple(-i - 1 for i in range(start, start + count))


def layout(alg: Algebra, e: Name) -> tuple[Dims, Dims]:
    """The sizes of the row and column indices of a variable."""
    return alg.layouts.get(e.name) or (sizes(e.shape[0]), sizes(e.shape[1]))


def variable(alg: Algebra, e: Name, loose: bool) -> Sum:
    """The entry of a variable; a diagonal matrix is delta times a vector. Loose: without its structure words."""
    words = e.words & {"positive"} if loose else e.words
    rows, cols = layout(alg, e)
    dims = rows + cols
    if "diagonal" in words and len(dims) == 2:
        head = alg.head("variable", (e.name, "diagonal", *sorted(words)), dims[:1], extra=tuple(sorted(words & {"positive"})))
        head.nonnegative = bool(words & {"positive", "spd"})
        out: Sum = {}
        alg.collect(out, 1, [(DELTA, (-2, -1), 1), (head.id, (-1,), 1)], {})
        return out
    square, k = len(dims) == 2, len(rows)
    swap = tuple(range(k, 2 * k)) + tuple(range(k))
    head = alg.head("variable", (e.name, *sorted(words)), dims, extra=tuple(sorted(words)),
                    permutations=(swap,) if k and rows == cols and words & {"symmetric", "spd"} else (), skew=square and "skew" in words)
    head.nonnegative = bool(words & {"positive", "simplex"}) or (not square and "spd" in words)
    return alg.atom(head, slots(len(dims)))


def variable_head(alg: Algebra, e: Name) -> Head:
    """The atom of a variable without its structure words."""
    ((m, _),) = variable(alg, e, True).items()
    return alg.heads[next(factors(m))[0]]


def function_of(alg: Algebra, name: str, primes: int, s: Sum) -> Sum:
    """An abstract entry-wise function."""
    return pointwise(alg, lambda a, t: atom(a, "function", t, 1, (name, primes)), s)


SIMPLE = {"exp": exp, "log": ELEMENTARY["log"], "sign": sign, "sin": sine, "cos": cosine, "arctan": arctan,
          "arcsin": arcsin, "erf": ELEMENTARY["erf"]}


def remade(alg: Algebra, head: Head, t: Sum) -> Sum:
    """The atom of this kind at another template, by the laws of its kind."""
    if head.kind in SIMPLE:
        return SIMPLE[head.kind](alg, t)
    if head.kind not in REMADE:
        raise Inconclusive(f"{head.kind} made again")
    return REMADE[head.kind](alg, head, t)


def _vector_function(alg: Algebra, head: Head, t: Sum) -> Sum:
    name, order, source, target = head.extra
    found = vector_function(alg, name, order, source, target, t)
    return alg.atom(found, slots(len(found.dims)))


def _inverse(alg: Algebra, head: Head, t: Sum) -> Sum:
    found = matrices.inverse(alg, t, head.dims[:head.extra])
    if not head.skew and any(alg.heads[h].skew and alg.heads[h].kind == "inverse" for m in found for h, _, _ in factors(m)):
        raise Inconclusive("a skew matrix of odd size has no inverse")
    return found


REMADE: dict[str, Callable[[Algebra, Head, Sum], Sum]] = {
    "log abs": lambda alg, head, t: logarithms.log_abs(alg, t), **dict.fromkeys(("power", "floor", "closed"), lambda alg, head, t: t),
    "integer power": lambda alg, head, t: size_power(alg, t, head.extra), "vector function": _vector_function, "inverse": _inverse,
    "function": lambda alg, head, t: function_of(alg, head.extra[0], head.extra[1], t),
    "frechet": lambda alg, head, t: frechet(alg, t, head.dims[0]),
    "adjugate": lambda alg, head, t: matrices.adjugate(alg, t, head.dims[0]),
    "det": lambda alg, head, t: determinants.det(alg, t, head.extra),
    "expm": lambda alg, head, t: matrices.expm(alg, t, head.dims[:head.extra]),
    **dict.fromkeys(("eigenvalue", "eigenvector", "eigenvalues", "eigenvectors"),
                    lambda alg, head, t: eigen.eigen(alg, t, head.extra, head.kind)),
    "matrix power": lambda alg, head, t: size_powers.size_power(alg, t, head.extra, head.dims[0])}


class _Rebuilding:
    def __init__(self, alg: Algebra, replaced: dict[int, Sum]) -> None:
        self.alg = alg
        self.known: dict[int, Sum | None] = dict(replaced)
        self.templates: dict[int, Sum] = {}

    def atom(self, head: Head) -> Sum | None:
        """The atom's new value over its slots; None when nothing changes."""
        if head.id not in self.known:
            self.known[head.id] = None
            if head.template:
                t = self.templates[head.id] = self.sum(head.template)
                if t != head.template:
                    self.known[head.id] = remade(self.alg, head, t)
        return self.known[head.id]

    def sum(self, s: Sum) -> Sum:
        """A sum made again, atom by atom."""
        alg = self.alg
        out: Sum = {}
        for m, c in s.items():
            factors, bound, _ = alg.flat(m, None, 0)
            kept = []
            changed: list[tuple[Sum, tuple[int, ...]]] = []
            for h, args, e in factors:
                head = alg.heads[h]
                value = self.atom(head)
                if value is None:
                    kept.append((h, args, e))
                else:
                    base = self.templates[h] if head.kind in ("power", "floor") else value
                    changed.append((power(alg, base, e), args))
            terms = [(c, kept, bound)]
            for value, args in changed:
                terms = alg.further(terms, value, at(args))
                alg.step(len(terms))
            for v, f, b in terms:
                alg.collect(out, v, f, b)
        return out


def rebuilt(alg: Algebra, s: Sum, replaced: dict[int, Sum]) -> Sum:
    """A sum with atoms replaced everywhere, templates included; every atom that changes is made again under its laws."""
    return _Rebuilding(alg, replaced).sum(s)
