"""Index notation: every entry of an expression as sums of products of entries, in the language: sum(j, A[i,j]*x[j]).

What an operation is entry by entry stands in the operation table; one without such a column is shown with its place: inv(A)[i,j]. An index
of a Kronecker product or of a vec is a pair, the outer and the inner one. Where a pair has no meaning, one letter stands for both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction

from ..language.expr import ONE, SCALAR, Apply, Dim, Expr, Name, Number
from ..language.inspection import is_unit, is_zero
from ..language.operations import ELEMENTWISE_NAMES, ENTRIES
from ..language.recognition import as_derivative, is_identity, on_diagonal, step_of
from ..language.shape import InputError
from .terms import ENTRY, LETTERS, MARK, OVER, OVER_MARKS, Index, NoPair, Term, end_of, bare, closed, marks, quotient

POWERS = 3      # so high powers of a matrix are written as products


class Entries:
    """Writes out expressions; letters are marks until a whole line is there. `paired` says whether an index may be a pair."""

    def __init__(self, paired: bool) -> None:
        self.paired = paired
        self.sizes: dict[str, Dim] = {}

    def letter(self, size: Dim) -> str:
        """A new index that goes up to a size."""
        mark = f"‹{len(self.sizes)}›"
        self.sizes[mark] = size
        return mark

    def index(self, size: Dim, *parts: tuple[Expr, int]) -> Index:
        """A new index of an axis of these expressions."""
        if size is ONE:
            return ""
        split = next((s for e, along in parts if (s := self.split(e, along)) is not None), None) if self.paired else None
        return self.letter(size) if split is None else (self.letter(split[0]), self.letter(split[1]))

    def split(self, e: Expr, along: int) -> tuple[Dim, Dim] | None:
        """The outer and the inner size of an axis, where both are there."""
        if type(e) is not Apply:
            return None
        inner: Sequence[tuple[Expr, int]] = ()
        found: tuple[Dim, Dim] | None = None
        if e.head == "'":
            inner = [(e.args[0], 1 - along)]
        elif e.head == "*":
            chain = [a for a in e.args if a.shape != SCALAR]
            inner = [(chain[-along], along)] if chain else []
        elif e.head in ("+", ".*", ".^"):
            inner = [(a, along) for a in e.args if a.shape == e.shape]
        elif e.head == "kron":
            found = e.args[0].shape[along], e.args[1].shape[along]
        elif e.head == "vec" and along == 0:
            found = e.args[0].shape[1], e.args[0].shape[0]
        elif e.head == "comm":
            m, n = (a.name if isinstance(a, Name) else str(a) for a in e.args)
            found = (Dim.of(m), Dim.of(n)) if along == 0 else (Dim.of(n), Dim.of(m))
        found = found or next((s for a, k in inner if (s := self.split(a, k)) is not None), None)
        return None if found is None or ONE in found else found

    # ------------------------------------------------------------ entries
    def of(self, e: Expr, row: Index = "", col: Index = "") -> list[Term]:
        """An entry as a sum of terms."""
        if isinstance(e, Number):
            return [Term(number=e.value)] if e.value else []
        if type(e) is not Apply:
            return [Term(above=(self.placed(str(e), row, col),))]
        if e.head == "+":
            return [t for a in e.args for t in self.of(a, row, col)]
        if e.head == "'":
            return self.of(e.args[0], col, row)
        if e.head == "*":
            return self.product(e.args, row, col)
        if e.head == ".*":
            return self.times(*(self.of(a, row, col) for a in e.args))
        if e.head in ("^", ".^"):
            return self.power(e, row, col)
        if is_identity(e):
            return self.equal(row, col)
        if is_unit(e) or is_zero(e):
            return [Term()] if is_unit(e) else []
        if e.head == "comm" and isinstance(row, tuple) and isinstance(col, tuple):
            return self.times(self.equal(row[0], col[1]), self.equal(row[1], col[0]))
        if e.head == "unvec":
            return self.of(e.args[0], (col, row)) if row and col and self.paired else [self.opaque(e, row, col)]
        if e.head == "kron":
            (a, c), (b, d) = (self.apart(e.args[0].shape[k], e.args[1].shape[k], index) for k, index in enumerate((row, col)))
            return self.times(self.of(e.args[0], a, b), self.of(e.args[1], c, d)) if self.paired else [self.opaque(e, row, col)]
        if (x := on_diagonal(e)) is not None:
            return self.times(self.equal(row, col), self.of(x, row))
        if e.head == "vec" and isinstance(row, tuple):
            return self.of(e.args[0], row[1], row[0])
        if e.head in ELEMENTWISE_NAMES:
            below = step_of(e)
            head, inner = (e.head, e.args[0]) if below is None else ("step", below)
            return [Term(above=(f"{head}({self.text(self.of(inner, row, col))})",))]
        if e.head == "apply" and e.args[1].shape == e.shape and e.text.endswith(f"({e.args[1]})") and e.args[0].shape == SCALAR \
                and _entrywise(e.args[0]):
            function = e.text[:-len(str(e.args[1])) - 2]
            return [Term(above=(f"{function}({self.text(self.of(e.args[1], row, col))})",))]
        return self.by_table(e, row, col) if e.head in ENTRIES else [self.opaque(e, row, col)]

    def apart(self, outer: Dim, inner: Dim, index: Index) -> tuple[Index, Index]:
        """The index of each factor of a Kronecker product along one axis."""
        if isinstance(index, tuple):
            return index
        if outer is not ONE is not inner and self.paired:
            raise NoPair
        return ("", index) if outer is ONE else (index, "")

    def product(self, args: Sequence[Expr], row: Index, col: Index) -> list[Term]:
        """A product of matrices and numbers."""
        chain = [a for a in args if a.shape != SCALAR]
        inner = [self.index(a.shape[1], (a, 1), (b, 0)) for a, b in zip(chain, chain[1:], strict=False)]
        ends = [row, *inner, col]
        return self.times(*(self.of(a) for a in args if a.shape == SCALAR),
                          *(self.of(a, ends[k], ends[k + 1]) for k, a in enumerate(chain)), over=tuple(t for i in inner for t in marks(i)))

    def times(self, *parts: list[Term], over: tuple[str, ...] = ()) -> list[Term]:
        """A product of sums: of several terms in brackets, but for those that hold where two indices are equal only."""
        out = [Term(over)]
        for terms in parts:
            if len(terms) > 1 and not any(t.deltas for t in terms):
                terms = [Term(above=(f"({self.text(terms)})",))]
            out = [Term((*a.over, *b.over), (*a.above, *b.above), (*a.below, *b.below), (*a.deltas, *b.deltas), a.number * b.number)
                   for a in out for b in terms]
        return out

    def equal(self, one: Index, two: Index) -> list[Term]:
        """1 where two indices are equal, else 0."""
        if isinstance(one, tuple) and isinstance(two, tuple):
            return self.times(self.equal(one[0], two[0]), self.equal(one[1], two[1]))
        if isinstance(one, tuple) or isinstance(two, tuple):
            raise NoPair
        return [Term(deltas=((one, two),))] if one and two else [Term()]

    def power(self, e: Apply, row: Index, col: Index) -> list[Term]:
        """A power of a number, of every entry, or of a matrix."""
        base, k = e.args
        if e.head == "^" and base.shape != SCALAR:
            whole = isinstance(k, Number) and k.value in range(2, POWERS + 1)
            return self.product([base] * int(k.value), row, col) if whole and isinstance(k, Number) else [self.opaque(e, row, col)]
        text = closed(self.text(self.of(base, row, col)))
        if not isinstance(k, Number):
            return [Term(above=(f"{text}^({self.text(self.of(k, *((row, col) if k.shape == e.shape != SCALAR else ())))})",))]
        n = abs(Fraction(k.value))
        if text.startswith("sqrt(") and n % 2 == 0:
            text, n = closed(bare(text[4:])), n / 2
        raised = text if n == 1 else f"sqrt({bare(text)})" if n == Fraction(1, 2) else f"{text}^{n}" if n == int(n) else f"{text}^({n})"
        return [Term(below=(raised,)) if k.value < 0 else Term(above=(raised,))]

    def by_table(self, e: Apply, row: Index, col: Index) -> list[Term]:
        """An operation as its row says."""
        law = ENTRIES[e.head]
        known: dict[str, Index] = {"i": row, "j": col}
        sizes = {m[k]: (e.args["AB".index(m[1])], k - 2) for m in ENTRY.finditer(law) for k in (2, 3) if m[k]}
        for name, (a, along) in sizes.items():
            if name not in known:
                known[name] = self.index(a.shape[along], (a, along))
        head = OVER.fullmatch(law)
        over = head[1].rstrip(", ").split(", ") if head and "sum(" not in head[2] else []
        body = head[2] if head is not None and over else law

        def entry(m: re.Match[str]) -> str:
            a = e.args["AB".index(m[1])]
            return closed(self.text(self.of(a, known[m[2]], known[m[3]] if m[3] else "")))
        alone = ENTRY.fullmatch(body)
        bound = tuple(t for name in over for t in marks(known[name]))
        if alone is not None:
            a = e.args["AB".index(alone[1])]
            return self.times(self.of(a, known[alone[2]], known[alone[3]] if alone[3] else ""), over=bound)
        text = ENTRY.sub(entry, body)
        text = re.sub(r"\bsum\(((?:\w, )+)", lambda m: self.summing(m[1], known), text)
        return [Term(over=bound, above=(closed(text),))]

    def summing(self, names: str, known: dict[str, Index]) -> str:
        """The beginning of a sum over letters."""
        over = [t for name in names.rstrip(", ").split(", ") for t in marks(known[name])]
        return f"sum({', '.join(over)}, " if over else "("

    def opaque(self, e: Expr, row: Index, col: Index) -> Term:
        """An operation with its place."""
        called = type(e) is Apply and e.head.isidentifier() and as_derivative(e) is None
        text = str(e)
        return Term(above=(self.placed(text if called else f"({text})", row, col),))

    def placed(self, text: str, row: Index, col: Index) -> str:
        """A text with its place."""
        if isinstance(row, tuple) or isinstance(col, tuple):
            raise NoPair
        place = ",".join(k for k in (row, col) if k)
        text = text if re.fullmatch(r"\w+|\w*\(.*\)", text) else f"({text})"
        return f"{text}[{place}]" if place else text

    # ------------------------------------------------------------ text
    def text(self, terms: Sequence[Term]) -> str:
        """A sum of terms."""
        out = ""
        for t in map(self.contracted, terms):
            sign = "-" if t.number < 0 else "+"
            one = self.written(t)
            out = f"{out} {sign} {one}" if out else f"-{one}" if sign == "-" else one
        return out or "0"

    def contracted(self, t: Term) -> Term:
        """A term without a sum over an index that must equal another one."""
        for one, two in t.deltas:
            rest = tuple(d for d in t.deltas if d != (one, two))
            if one == two:
                return self.contracted(t._replace(deltas=rest))
            gone, kept = (one, two) if one in t.over else (two, one)
            if gone in t.over:
                def put(text: str, gone: str = gone, kept: str = kept) -> str:
                    return text.replace(gone, kept)
                return self.contracted(Term(tuple(o for o in t.over if o != gone), tuple(map(put, t.above)), tuple(map(put, t.below)),
                                            tuple((put(a), put(b)) for a, b in rest), t.number))
        return t._replace(deltas=(), above=(*t.above, *(f"eye({self.sizes[a]})[{a},{b}]" for a, b in t.deltas)))

    def written(self, t: Term) -> str:
        """A term without its sign; what has no letter of the sum stands before it."""
        counts = [closed(str(self.sizes[o])) for o in t.over if not any(o in text for text in (*t.above, *t.below))]
        over = [o for o in t.over if any(o in text for text in (*t.above, *t.below))]
        n = abs(t.number)
        top, bottom = (n.numerator, n.denominator) if isinstance(n, Fraction) else (n, 1)
        inside = [[f for f in part if any(o in f for o in over)] for part in (t.above, t.below)]
        outside = [[f for f in part if not any(o in f for o in over)] for part in (t.above, t.below)]
        above = [*([str(top)] if top != 1 else []), *counts, *outside[0]]
        if over:
            above.append(f"sum({', '.join(over)}, {bare(quotient(*inside))})")
        return quotient(above, [*([str(bottom)] if bottom != 1 else []), *outside[1]])


def _entrywise(function: Expr) -> bool:
    while type(function) is Apply:
        function = function.args[0]
    return isinstance(function, Name) and function.signature == (None, None)


def lettered(text: str, taken: Iterable[str]) -> str:
    """A line with letters for its marks, in their order; those of a sum are free again behind it."""
    free = [c for c in LETTERS if c not in set(taken)]
    names: dict[str, str] = {}
    ends: list[tuple[int, list[str]]] = []
    out, done = "", 0
    for m in MARK.finditer(text):
        while ends and ends[-1][0] < m.start():
            free = sorted([*free, *(names.pop(mark) for mark in ends.pop()[1])], key=LETTERS.index)
        begun = OVER_MARKS.search(text, 0, m.end())
        if m[0] not in names:
            if not free:
                raise InputError("this needs more index letters than are available")
            names[m[0]] = free.pop(0)
            if begun is not None:
                ends.append((end_of(text, begun.start() + 3), [m[0]]))
        out += text[done:m.start()] + names[m[0]]
        done = m.end()
    return out + text[done:]
