"""Values over lists of indices: split into finer ones, fitted to each other, multiplied, turned and summed."""

from __future__ import annotations

from collections.abc import Callable

from ...language.nodes import Expr
from ...language.shape import ONE, Dim
from .monomial import PLACE, Sum
from .normalform import DELTA, Algebra
from .heads import NeedsFinerIndices, Inconclusive
from .substitution import Dims, slots
from ...records import Record


class Value(Record):
    """The entries of a matrix: sizes of its row indices and column indices, and the sum over -1, -2, .."""

    rows: Dims
    cols: Dims
    entries: Sum


def common(a: Dims, b: Dims) -> Dims:
    """The coarsest list of sizes both lists can be split into."""
    if a == b:
        return a
    left, right = list(a), list(b)
    out: list[Dim] = []
    while left or right:
        if not left or not right:
            raise Inconclusive("an index of a product of sizes")
        x, y = left[0], right[0]
        if x is y:
            out.append(x)
            left.pop(0)
            right.pop(0)
            continue
        for whole, parts in ((left, right), (right, left)):
            done, k = ONE, 0
            while k < len(parts) and done is not whole[0]:
                done = done * parts[k]
                k += 1
            if done is whole[0]:
                out += parts[:k]
                del parts[:k]
                whole.pop(0)
                break
        else:
            raise Inconclusive("an index of a product of sizes split in two ways")
    return tuple(out)


def _groups(v: Value, rows: Dims, cols: Dims) -> list[tuple[int, ...]]:
    """For each index of a value the finer indices it becomes."""
    new = rows + cols
    groups: list[tuple[int, ...]] = []
    at = 0
    for side, finer in ((v.rows, rows), (v.cols, cols)):
        stop = at + len(finer)
        for d in side:
            start, done = at, ONE
            while at < stop and done is not d:
                done = done * new[at]
                at += 1
            if done is not d:
                raise Inconclusive("an index of a product of sizes")
            groups.append(slots(at - start, start))
    return groups


class Fitting:
    """Splits, transposes, multiplies and sums values over lists of indices."""

    def __init__(self, alg: Algebra) -> None:
        self.alg = alg
        self.names: dict[str, tuple[Dims, Dims]] = {}

    of: Callable[[Expr], Value]  # the entries of an expression

    def split(self, v: Value, rows: Dims, cols: Dims) -> Value:
        """The same value over finer indices."""
        if v.rows == rows and v.cols == cols:
            return v
        rows, cols = self._linked(v, rows, cols)
        new = rows + cols
        groups = _groups(v, rows, cols)
        names = {-i - 1: g[0] for i, g in enumerate(groups) if len(g) == 1}
        parts = {-i - 1: g for i, g in enumerate(groups) if len(g) != 1}
        out: Sum = {}
        for m, c in v.entries.items():
            factors, bound, _ = self.alg.flat(m, None, 0)
            at = {high: low for h, args, _ in factors if h == DELTA for low, high in [args] if low <= PLACE}
            finer = []
            for h, args, x in factors:
                args = args if h == DELTA else tuple([at.get(a, a) for a in args])
                if not any(a in parts for a in args):
                    finer.append((h, tuple([names.get(a, a) for a in args]), x))
                elif h == DELTA:
                    a, b = (parts.get(k) or self._placed(k, [new[-s - 1] for s in parts[other]]) for k, other in (args, args[::-1]))
                    if len(a) != len(b) or any(min(s, t) > PLACE and new[-s - 1] is not new[-t - 1] for s, t in zip(a, b, strict=True)):
                        raise Inconclusive("an identity split in two ways")
                    finer += [(DELTA, pair, 1) for pair in zip(a, b, strict=True)]
                else:
                    self._ask(h, args, {a: tuple(new[-s - 1] for s in g) for a, g in parts.items()})
            self.alg.collect(out, c, finer, bound)
        return Value(rows, cols, out)

    def _placed(self, at: int, dims: list[Dim]) -> tuple[int, ...]:
        """A place by those of finer indices, the last of which goes round fastest; nothing where that depends on sizes."""
        place, out = self.alg.place_of(at), list[int]()
        left = 0 if place is None else place.number or 0
        for d in reversed(dims if left and all(d.number is not None for d in dims) else []):
            left, k = divmod(left - 1, d.number or 1)
            out.append(self.alg.place(Dim.of(k + 1)))
            left += 1
        return tuple(reversed(out))

    def _linked(self, v: Value, rows: Dims, cols: Dims) -> tuple[Dims, Dims]:
        """Where a delta joins an index that is split with one that is not, both are split."""
        for _ in range(4):
            new = rows + cols
            groups = _groups(v, rows, cols)
            wanted: dict[int, Dims] = {}
            for m in v.entries:
                for h, args, _e in m[0]:
                    if h == DELTA and min(args) > PLACE:
                        a, b = (groups[-k - 1] for k in args)
                        if len(a) != len(b):
                            long, short = (a, args[1]) if len(a) > len(b) else (b, args[0])
                            if len(groups[-short - 1]) == 1:
                                wanted[-short - 1] = tuple(new[-s - 1] for s in long)
            if not wanted:
                return rows, cols
            sides = [[d for k in range(len(groups)) if (k < len(v.rows)) == side
                      for d in wanted.get(k, tuple(new[-s - 1] for s in groups[k]))] for side in (True, False)]
            rows, cols = tuple(sides[0]), tuple(sides[1])
        return rows, cols

    def _ask(self, h: int, args: tuple[int, ...], parts: dict[int, Dims]) -> None:
        """A variable whose index is split is split from the start."""
        alg = self.alg
        head = alg.heads[h]
        if head.kind == "vector function":
            name, order, source, target = head.extra
            dims = [parts.get(a, (d,)) for a, d in zip(args, head.dims, strict=True)]
            blocks = [dims[i * len(source):(i + 1) * len(source)] for i in range(order)]
            rows = next((tuple(d for g in b for d in g) for b in blocks if any(len(g) > 1 for g in b)), source)
            raise NeedsFinerIndices(name, rows, tuple(d for g in dims[order * len(source):] for d in g))
        mirrored = bool(head.permutations) and {"symmetric", "spd"}.issuperset(head.extra or ("?",))
        if head.kind == "variable" and (mirrored or not head.permutations and not head.skew and not head.extra):
            name = next(key[1][0] for key, found in alg.known.items() if found is head).removeprefix("d ")
            shape = self.names.get(name)
            if shape is not None:
                rows, cols = shape
                dims = [parts.get(a, (d,)) for a, d in zip(args, head.dims, strict=True)]
                count = len(rows)
                rows, cols = tuple(d for g in dims[:count] for d in g), tuple(d for g in dims[count:] for d in g)
                if mirrored:        # both sides are split alike
                    rows = cols = max(rows, cols, key=len)
                raise NeedsFinerIndices(name, rows, cols)
        raise Inconclusive("an index of a product of sizes")

    def fitted(self, values: list[Value]) -> list[Value]:
        """Values of one shape over one list of indices."""
        for _ in range(4):
            rows, cols = values[0].rows, values[0].cols
            for v in values[1:]:
                rows, cols = common(rows, v.rows), common(cols, v.cols)
            if all(v.rows == rows and v.cols == cols for v in values):
                return values
            values = [self.split(v, rows, cols) for v in values]
        raise Inconclusive("indices split in two ways")

    def times(self, a: Value, b: Value) -> Value:
        """The matrix product."""
        for _ in range(4):
            if a.cols == b.rows:
                break
            middle = common(a.cols, b.rows)
            a, b = self.split(a, a.rows, middle), self.split(b, middle, b.cols)
        middle = a.cols
        r, m, c = len(a.rows), len(middle), len(b.cols)
        bound = dict(zip(range(m), middle, strict=True))
        left = {-r - i - 1: i for i in range(m)}
        right = {-i - 1: i for i in range(m)} | {-m - i - 1: -r - i - 1 for i in range(c)}
        return Value(a.rows, b.cols, self.alg.contract(a.entries, left, b.entries, right, bound))

    def transposed(self, v: Value) -> Value:
        """The transpose."""
        r, c = len(v.rows), len(v.cols)
        names = {-i - 1: -c - i - 1 for i in range(r)} | {-r - i - 1: -i - 1 for i in range(c)}
        return Value(v.cols, v.rows, self.alg.renamed(v.entries, names))

    def summed(self, v: Value, rows: bool, cols: bool) -> Value:
        """Summed over rows, columns or both."""
        r, c = len(v.rows), len(v.cols)
        bound: dict[int, Dim] = {}
        names: dict[int, int] = {}
        if rows:
            names |= {-i - 1: i for i in range(r)}
            bound |= dict(zip(range(r), v.rows, strict=True))
        if cols:
            names |= {-r - i - 1: r + i for i in range(c)}
            bound |= dict(zip(range(r, r + c), v.cols, strict=True))
        elif rows:
            names |= {-r - i - 1: -i - 1 for i in range(c)}
        return Value(() if rows else v.rows, () if cols else v.cols, self.alg.renamed(v.entries, names, bound))

    def square(self, v: Value) -> Value:
        """A square matrix over equal lists of indices."""
        for _ in range(4):
            if v.rows == v.cols:
                return v
            both = common(v.rows, v.cols)
            v = self.split(v, both, both)
        raise Inconclusive("indices split in two ways")

    def vec(self, v: Value) -> Value:
        """Columns stacked: the column index is the slow one."""
        w = self.transposed(v)
        return Value(w.rows + w.cols, (), w.entries)
