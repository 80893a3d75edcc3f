"""Expressions as entries: a matrix is a sum over lists of row and column indices (so vec and kron only move indices).

The free indices of a value are -1, -2, ..: first those of its rows, then those of its columns; an index of size 1 is left out.
"""
from __future__ import annotations

from collections.abc import Callable

from ...language.expr import ONE, SCALAR, Apply, Dim, Expr, Name, Number, as_dim
from ...reading.entrywise_laws import written_out
from ...language.operations import require_complete
from .elementary import ELEMENTARY, pi
from .fitting import Value
from .monomial import Sum
from .normalform import DELTA, Algebra, number
from .heads import Inconclusive
from .operations import OF_VALUES, Operations
from .substitution import layout, rebuilt, sizes, slots, variable, variable_head
from .derivatives import slope
from . import matrix_words, selections


class Entries(Operations):
    """Reads expressions into one algebra. The name `loose` is read without its structure words."""

    def __init__(self, alg: Algebra, definitions: dict[Name, Expr], loose: Name | None = None,
                 constants: tuple[str, ...] = ()) -> None:
        super().__init__(alg)
        self.definitions, self.loose = definitions, loose
        self.memo: dict[Expr, Value] = {}
        self.constants = constants

    def of(self, e: Expr) -> Value:
        """The entries of an expression."""
        found = self.memo.get(e)
        if found is None:
            found = self.memo[e] = self._read(e)
        return found

    def _read(self, e: Expr) -> Value:
        alg = self.alg
        if type(e) is Number:
            return Value((), (), number(e.value))
        if type(e) is Name:
            return self._name(e)
        assert type(e) is Apply
        head, args = e.head, e.args
        if head in ELEMENTARY:
            v = self.of(args[0])
            return Value(v.rows, v.cols, ELEMENTARY[head](alg, v.entries))
        if head in OF_VALUES:
            return OF_VALUES[head](self, *map(self.of, args))
        law = None if head in _READERS else written_out(e)
        return self.of(law) if law is not None else _READERS[head](self, e, *args)

    # -------------------------------------------------------------------------------------------------- leaves
    def _name(self, e: Name) -> Value:
        alg = self.alg
        if e.kind == "size":
            return Value((), (), alg.size(Dim.of(e.name)))
        body = self.definitions.get(e)
        if body is not None:
            return self.of(body)
        shape = self.names[e.name] = layout(alg, e)
        return Value(*shape, variable(alg, e, self.loose is e))

    def _eye(self, e: Apply, *args: Expr) -> Value:
        n = sizes(e.shape[0])
        return Value(n, n, matrix_words.identity(len(n)) if n else number(1))

    def _comm(self, e: Apply, m: Expr, n: Expr) -> Value:
        a, b = sizes(as_dim(m)), sizes(as_dim(n))
        i, j = slots(len(a)), slots(len(b), len(a))
        k, l = slots(len(b), len(a) + len(b)), slots(len(a), len(a) + 2 * len(b))
        out: Sum = {}
        self.alg.collect(out, 1, [(DELTA, pair, 1) for pair in [*zip(i, l, strict=True), *zip(j, k, strict=True)]], {})
        return Value(a + b, b + a, out)

    def _select(self, e: Apply, first: Expr, count: Expr, n: Expr) -> Value:
        """The entry of a unit vector is 1 at its place; more columns of the identity are an atom with laws of its own."""
        rows = sizes(as_dim(n))
        out: Sum = {}
        if not rows:
            return Value((), (), number(1))
        if as_dim(count) is ONE:
            self.alg.collect(out, 1, [(DELTA, (self.alg.place(as_dim(first)), -1), 1)], {})
            return Value(rows, (), out)
        head = selections.selection(self.alg, as_dim(first), as_dim(count), as_dim(n))
        return Value(rows, sizes(as_dim(count)), self.alg.atom(head, (-1, -2)))

    # ---------------------------------------------------------------------------------------------- derivatives
    def _derivative(self, e: Apply, f: Expr, x: Expr) -> Value:
        if type(x) is not Name:
            raise Inconclusive("a derivative with respect to an expression")
        return self.derivative(f, x)

    def _differential(self, e: Apply, f: Expr) -> Value:
        """d(f): the slope in every variable times the variable's own differential."""
        alg = self.alg
        if type(f) is Name and f not in self.definitions:
            words = frozenset("symmetric" if w == "spd" else w for w in f.words - {"positive", "simplex", "orthogonal"})
            twin = Name("d " + f.name, f.shape, words)
            alg.layouts[twin.name] = self.names[f.name] = layout(alg, f)
            return Value(*layout(alg, f), variable(alg, twin, False) if f.name not in self.constants else {})
        v = self.of(f)
        n = len(v.rows) + len(v.cols)
        out: Sum = {}
        for x in sorted(_variables(f, self.definitions), key=lambda x: x.name):
            if x.name in self.constants:
                continue
            if x.words - {"positive", "symmetric", "spd", "lower", "upper", "diagonal", "skew"}:
                raise Inconclusive("the differential of a structured name")
            if x.words - {"positive"}:      # along a direction of its structure, from the derivative by free entries
                found, twin = self.derivative(f, x), self._differential(e, x)
                q, r, c = len(twin.rows + twin.cols), len(twin.rows), len(twin.cols)
                names = {-i - 1: i for i in range(q)}
                met = names if f.shape == SCALAR else {         # vec by vec, columns before rows
                    **{-c - i - 1: i for i in range(r)}, **{-i - 1: r + i for i in range(c)},
                    **{-q - len(v.cols) - i - 1: -i - 1 for i in range(len(v.rows))},
                    **{-q - i - 1: -len(v.rows) - i - 1 for i in range(len(v.cols))}}
                out = alg.add(out, alg.contract(found.entries, met, twin.entries, names, dict(enumerate(twin.rows + twin.cols))))
                continue
            head = variable_head(alg, x)
            q = len(head.dims)
            bound = dict(enumerate(head.dims))
            one = alg.contract(slope(alg, v.entries, head, slots(q, n)), {-n - i - 1: i for i in range(q)},
                               self._differential(e, x).entries, {-i - 1: i for i in range(q)}, bound)
            out = alg.add(out, one)
        return Value(v.rows, v.cols, out)

    def derivative(self, f: Expr, x: Name, order: int = 1) -> Value:
        """df/dx in the denominator layout, from entries; x is differentiated as if it had no structure, which is put back."""
        if self.loose is not None and self.loose is not x:
            raise Inconclusive("derivatives with respect to two structured names")
        alg = self.alg
        words = x.words - {"positive"}
        body = self.definitions.get(x)
        inside = self
        if words and self.loose is None or body is not None:
            inside = Entries(alg, {n: e for n, e in self.definitions.items() if n is not x}, x, self.constants)
        v = inside.of(f)
        rows, cols = layout(alg, x)
        head = variable_head(alg, x)
        n, q = len(v.rows) + len(v.cols), len(rows) + len(cols)
        out = slope(alg, v.entries, head, slots(q, n))
        if order == 2:
            if f.shape != SCALAR:
                raise Inconclusive("a second derivative of what is not scalar")
            out = slope(alg, out, head, slots(q, q))
            names = _turn(len(rows), len(cols), 0)
            names |= {k - q: a - q for k, a in names.items()}
            found = Value(cols + rows, cols + rows, alg.renamed(out, names))
        elif f.shape == SCALAR:
            found = Value(rows, cols, out)
        else:
            # X's slots follow f's; rows are vec(X): columns first; columns vec(f)
            names = {-n - i - 1: -len(cols) - i - 1 for i in range(len(rows))}
            names |= {-n - len(rows) - i - 1: -i - 1 for i in range(len(cols))}
            names |= {-i - 1: -q - len(v.cols) - i - 1 for i in range(len(v.rows))}
            names |= {-len(v.rows) - i - 1: -q - i - 1 for i in range(len(v.cols))}
            found = Value(cols + rows, v.cols + v.rows, alg.renamed(out, names))
        self.names.update(inside.names)
        if inside is self:
            return found
        own = variable(alg, x, False) if body is None else self.of(body).entries
        return found._replace(entries=rebuilt(alg, found.entries, {head.id: own}))


def _turn(rows: int, cols: int, start: int) -> dict[int, int]:
    """Row and column indices exchanged."""
    names = {-start - i - 1: -start - cols - i - 1 for i in range(rows)}
    return names | {-start - rows - i - 1: -start - i - 1 for i in range(cols)}


def _variables(e: Expr, definitions: dict[Name, Expr]) -> set[Name]:
    """The variables an expression depends on, through definitions."""
    out: set[Name] = set()
    for n in e.names:
        body = definitions.get(n)
        out |= {n} if body is None else _variables(body, definitions)
    return out


_READERS: dict[str, Callable[..., Value]] = {
    "*": Entries._product, "^": Entries._power, ".^": Entries._entry_power, "tr": Entries._trace, "unvec": Entries._unvec,
    "det": Entries._det, "logdet": Entries._det, "adj": Entries._adj, "apply": Entries._apply, "derivative": Entries._derivative,
    "d": Entries._differential, "eye": Entries._eye, "comm": Entries._comm, "select": Entries._select,
    "ones": lambda o, e, *args: Value(sizes(e.shape[0]), sizes(e.shape[1]), number(1)),
    "zeros": lambda o, e, *args: Value(sizes(e.shape[0]), sizes(e.shape[1]), {}), "pi": lambda o, e: Value((), (), pi(o.alg)),
}
require_complete("the judge for every size", {**_READERS, **OF_VALUES, **ELEMENTARY})
