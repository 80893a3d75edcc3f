"""Long chains of definitions proved link by link, so the cost grows with their number and not with their product.

Every defined name is an opaque letter; so is the derivative of f with respect to it, whose value is one link of the chain
rule over the letters of the names that use it, and so is the slope of an entry-wise function. A part of the claim that equals such
a value becomes its letter. What holds with opaque letters holds when they are given their values.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...language.expr import SCALAR, Expr, Name
from .derivatives import slope
from .heads import Inconclusive
from .opaque_letters import DERIVATIVE, GUESS, Letter, Linked, PLAIN, POLYNOMIAL, SLOPE, common_factor, letters_in
from .monomial import Head, Sum, factors
from .normalform import DELTA, Algebra
from .substitution import layout, slots, variable_head

WORK = 5_000


def _by_letter(alg: Algebra, s: Sum) -> dict[int, Sum]:
    """The terms of a sum by the letters in them."""
    out: dict[int, Sum] = {}
    for m, c in s.items():
        for h in letters_in(alg, m):
            out.setdefault(h, {})[m] = c
    return out


def _polynomial(alg: Algebra, s: Sum) -> bool:
    return all(e > 0 and e % 1 == 0 and alg.heads[h].kind in ("variable", "delta", "size", "prime", "closed")
               for m in s for h, _, e in factors(m))


def chain(alg: Algebra, f: Expr, x: Name, definitions: Sequence[tuple[Name, Expr]], claim: Expr,
          where: Sequence[tuple[Name, Expr]]) -> Sum:
    """The difference of the derivative of a scalar f and the claim, over the letters of the chain."""
    if f.shape != SCALAR or x.words - {"positive"}:
        raise Inconclusive("no chain")
    used = set(f.names)
    for n, body in reversed(definitions):
        if n in used:
            used |= body.names
    entries = Linked(alg, {n: body for n, body in definitions if n not in used} | dict(where))
    names: list[tuple[Name, Letter]] = []
    for k, (n, body) in enumerate((n, body) for n, body in definitions if n in used):
        value = entries.of(body).entries
        # what is not a polynomial is replaced first: its derivative is often written in the name itself
        names.append((n, entries.learn(n, value, (POLYNOMIAL if _polynomial(alg, value) else PLAIN, -k))))
    head = variable_head(alg, x)
    last = entries.of(f).entries
    sums: dict[int, list[Sum]] = {h.id: [] for h in (head, *(letter.head for _, letter in names))}
    for by, part in _by_letter(alg, last).items():
        if by in sums:
            sums[by].append(slope(alg, part, alg.heads[by], slots(len(alg.heads[by].dims))))
    for k in range(len(names) - 1, -1, -1):
        n, letter = names[k]
        adjoint = alg.add({}, *sums.pop(letter.head.id))
        if not adjoint:
            continue
        if not entries.is_letter(adjoint) and any(letters_in(alg, m) for m in adjoint):     # what is constant is no letter
            twin = entries.learn(Name(f"d {n.name}", n.shape), adjoint, (DERIVATIVE, k))
            adjoint = alg.atom(twin.head, slots(len(twin.head.dims)))
        for by, part in _by_letter(alg, letter.body).items():
            if by in sums:
                sums[by].append(_link(entries, adjoint, n, letter.head, part, alg.heads[by], (SLOPE, k)))
    total = alg.add({}, *sums[head.id])
    entries.memo.clear()
    entries.seeking = True
    v = entries.deep(claim)
    if (v.rows, v.cols) != layout(alg, x):
        raise Inconclusive("an index of a product of sizes")
    difference, work = alg.add(total, alg.scaled(v.entries, -1)), WORK + GUESS * len(names)
    return entries.reduced(difference, work, True) and entries.reduced(difference, work)


def _link(entries: Linked, adjoint: Sum, name: Name, user: Head, body: Sum, by: Head, rank: tuple[int, int]) -> Sum:
    """adjoint * d body / d by, summed over the body's indices. The slope of an entry-wise function is a letter where it has several
    terms, so that a product of many slopes is not multiplied out."""
    alg, n, q = entries.alg, len(user.dims), len(by.dims)
    inner = slope(alg, body, by, slots(q, n))
    entry = _entrywise(inner, n) if user.dims == by.dims else {}
    written = _slope_letter(entries, name, by, entry, rank) if entry else None
    if written is not None:
        diagonal: Sum = {}
        alg.collect(diagonal, 1, [(DELTA, (-n - i - 1, -i - 1), 1) for i in range(n)], {})
        inner = alg.product(written, diagonal)
    own = {-i - 1: i for i in range(n)}
    return alg.contract(adjoint, own, inner, own | {-n - i - 1: -i - 1 for i in range(q)}, dict(enumerate(user.dims)))


def _slope_letter(entries: Linked, name: Name, by: Head, entry: Sum, rank: tuple[int, int]) -> Sum | None:
    """The slope of an entry-wise function in terms of a letter that is known, or of a new one where it has several terms."""
    shape = layout(entries.alg, name)
    known = entries.multiple(*shape, entry)
    if known is not None or len(entry) == 1:
        return known
    front, core = common_factor(entries.alg, entry)
    part = entries.multiple(*shape, core) if core is not entry else None
    if part is None:
        letter = entries.learn(Name(f"slope of {name.name} by {by.id}", name.shape), core, rank)
        if core is entry:
            return letter.written
        part = letter.written
        entries.expect(shape, Letter(letter.head, entry, rank, entries.alg.product(front, part)))
    return entries.alg.product(front, part)


def _entrywise(s: Sum, n: int) -> Sum:
    """The slope of an entry by the same entry, of what has none by others; else nothing."""
    pairs = {(DELTA, (-n - i - 1, -i - 1), 1) for i in range(n)}
    same = {-n - i - 1: -i - 1 for i in range(n)}
    out: Sum = {}
    for (free, bound), c in s.items():
        if not pairs <= set(free):
            return {}
        kept = tuple(sorted((h, tuple([same.get(a, a) for a in args]), e) for h, args, e in free if (h, args, e) not in pairs))
        parts = tuple(sorted(tuple((h, tuple([same.get(a, a) for a in args]), e) for h, args, e in part) for part in bound))
        out[kept, parts] = out.get((kept, parts), 0) + c
    return out
