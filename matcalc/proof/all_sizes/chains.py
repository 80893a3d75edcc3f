"""Long chains of definitions proved link by link, so the cost grows with their number and not with their product.

Every defined name is an opaque letter; so is the derivative of f with respect to it, whose value is one link of the chain
rule over the letters of the names that use it, and so is the slope of an entry-wise function. A part of the claim that equals such
a value becomes its letter. What holds with opaque letters holds when they are given their values.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...language.expr import SCALAR, Expr, Name
from .derivatives import slope
from .fitting import Value
from .heads import Inconclusive
from .opaque_letters import DERIVATIVE, GUESS, Letter, Linked, PLAIN, POLYNOMIAL, SLOPE, common_factor, letters_in
from .monomial import Head, Sum, factors
from .normalform import DELTA, Algebra, number
from .nested_functions import staged
from .substitution import Dims, layout, slots, variable_head

WORK = 5_000
AGAIN = 1_000_000     # letters of a derivative of a derivative are replaced before those of the derivative


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


class Chain(Linked):
    """Takes derivatives backwards, or forwards, from letter to letter; what they learn on the way is further letters, so that a
    derivative may be differentiated again."""

    sweeps = 0       # how often a derivative was taken

    def derivative(self, f: Expr, x: Name, order: int = 1) -> Value:
        """df/dx of a scalar f, over letters."""
        if f.shape != SCALAR or x.words - {"positive"} or order != 1:
            raise Inconclusive("no chain")
        return Value(*layout(self.alg, x), self.backwards(self.of(f).entries, variable_head(self.alg, x)))

    def backwards(self, last: Sum, head: Head) -> Sum:
        """The derivative of a sum with respect to a variable or a letter, through the letters, the last one first."""
        alg, self.sweeps = self.alg, self.sweeps + 1
        letters = [letter for letter in self.letters.values() if letter.head is not head]
        sums: dict[int, list[Sum]] = {h.id: [] for h in (head, *(letter.head for letter in letters))}
        for by, part in _by_letter(alg, last).items():
            if by in sums:
                sums[by].append(slope(alg, part, alg.heads[by], slots(len(alg.heads[by].dims))))
        for k in range(len(letters) - 1, -1, -1):
            letter, place = letters[k], k - AGAIN * self.sweeps
            adjoint = alg.add({}, *sums.pop(letter.head.id))
            if not adjoint:
                continue
            adjoint, dims = self.as_letter(letter, adjoint, place), letter.head.dims
            own = {-i - 1: i for i in range(len(dims))}
            for by, part in _by_letter(alg, letter.body).items():
                if by in sums:
                    inner, q = self.slope(letter.name, dims, part, alg.heads[by], place), len(alg.heads[by].dims)
                    turned = own | {-len(dims) - i - 1: -i - 1 for i in range(q)}
                    sums[by].append(alg.contract(adjoint, own, inner, turned, dict(enumerate(dims))))
        return alg.add({}, *sums[head.id])

    def forwards(self, f: Expr, x: Name) -> Value:
        """df/dx by a scalar x, through the letters, the first one first."""
        moving: dict[int, Sum] = {variable_head(self.alg, x).id: number(1)}
        for k, letter in enumerate(list(self.letters.values())):
            moved = self.moved(letter.name, letter.head.dims, letter.body, moving, -k)
            if moved:
                moving[letter.head.id] = self.as_letter(letter, moved, -k)
        value = self.of(f)
        return value._replace(entries=self.moved(Name("f", f.shape), value.rows + value.cols, value.entries, moving, 0))

    def moved(self, name: Name, dims: Dims, body: Sum, moving: dict[int, Sum], place: int) -> Sum:
        """How what a name stands for moves with the letters in it."""
        alg, n, parts = self.alg, len(dims), list[Sum]()
        for by, part in _by_letter(alg, body).items():
            if by in moving:
                inner, names = self.slope(name, dims, part, alg.heads[by], place), range(len(alg.heads[by].dims))
                parts.append(alg.contract(inner, {-n - i - 1: i for i in names}, moving[by], {-i - 1: i for i in names},
                                          dict(enumerate(alg.heads[by].dims))))
        return alg.add({}, *parts)

    def as_letter(self, of: Letter, value: Sum, place: int) -> Sum:
        """A derivative that belongs to a letter as a letter of its own; what is constant is none."""
        if self.is_letter(value) or not any(letters_in(self.alg, m) for m in value):
            return value
        return self.learn(Name(f"d{self.sweeps} {of.name}", of.name.shape), value, (DERIVATIVE, place)).written

    def slope(self, name: Name, dims: Dims, body: Sum, by: Head, place: int) -> Sum:
        """How what a name stands for depends on a letter. The slope of an entry-wise function is a letter where it has several terms,
        so that a product of many slopes is not multiplied out."""
        alg, n = self.alg, len(dims)
        inner = slope(alg, body, by, slots(len(by.dims), n))
        entry = _entrywise(inner, n) if dims == by.dims else {}
        written = _slope_letter(self, name, by, entry, (SLOPE, place)) if entry else None
        if written is None:
            return inner
        diagonal: Sum = {}
        alg.collect(diagonal, 1, [(DELTA, (-n - i - 1, -i - 1), 1) for i in range(n)], {})
        return alg.product(written, diagonal)


def chain(alg: Algebra, f: Expr, x: Name, definitions: Sequence[tuple[Name, Expr]], claim: Expr,
          where: Sequence[tuple[Name, Expr]]) -> Sum:
    """The difference of the derivative of f, which or whose variable is scalar, and the claim, over the letters of the chain."""
    if any(n.words - {"positive"} for n in (x, *dict(definitions))):
        raise Inconclusive("no chain")
    work = WORK + GUESS * len(definitions)
    definitions, f = staged(definitions, f)
    used = set(f.names)
    for n, body in reversed(definitions):
        if n in used:
            used |= body.names
    entries = Chain(alg, {n: body for n, body in definitions if n not in used} | dict(where))
    for k, (n, body) in enumerate((n, body) for n, body in definitions if n in used):
        value = entries.of(body).entries
        # what is not a polynomial is replaced first: its derivative is often written in the name itself
        entries.learn(n, value, (POLYNOMIAL if _polynomial(alg, value) else PLAIN, -k))
    total = entries.derivative(f, x) if f.shape == SCALAR else entries.forwards(f, x)
    entries.memo.clear()
    entries.seeking = True
    v = entries.deep(claim)
    if (v.rows, v.cols) != (total.rows, total.cols):
        raise Inconclusive("an index of a product of sizes")
    difference = alg.add(total.entries, alg.scaled(v.entries, -1))
    if entries.sampled.differs(total.rows + total.cols, difference):
        return difference
    return entries.reduced(difference, work, True) and entries.reduced(difference, work)


def _slope_letter(entries: Linked, name: Name, by: Head, entry: Sum, rank: tuple[int, int]) -> Sum | None:
    """The slope of an entry-wise function in terms of a letter that is known, or of a new one where it has several terms."""
    shape = layout(entries.alg, name)
    known = entries.multiple(*shape, entry)
    if known is not None or len(entry) == 1:
        return known
    front, core = common_factor(entries.alg, entry)
    part = entries.multiple(*shape, core) if core is not entry else None
    if part is None:
        letter = entries.learn(Name(f"slope of {name} by {by.id}", name.shape), core, rank)
        if core is entry:
            return letter.written
        part = letter.written
        entries.expect(shape, Letter(name, letter.head, entry, rank, entries.alg.product(front, part)))
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
