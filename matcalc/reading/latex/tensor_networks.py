"""Products of entries as tensor networks: factors with an index for each axis, some of them summed over, and the matrices they make."""

from __future__ import annotations

import re
from itertools import combinations
from collections.abc import Iterable

from ...language.shape import InputError
from ..grammar.tokens import closes
from ...records import Record

DELTA = "\\delta"


class Factor(Record):
    """A number, a column or a matrix, with the index of each axis; the text is in the language. DELTA is an identity."""

    text: str
    axes: tuple[str, ...] = ()


class Network(Record):
    """A product of factors, summed over some indices; `row` and `col` are the axes that it has as a matrix. One that is spent has been
    summed with the vector that stands for a third free index. One with terms is their sum, which has more than two indices."""

    factors: tuple[Factor, ...]
    row: str = ""
    col: str = ""
    summed: frozenset[str] = frozenset()
    spent: bool = False
    terms: tuple[tuple[str, Network], ...] = ()

    @property
    def axes(self) -> set[str]:
        """The indices that are not summed over."""
        return {a for f in self.factors for a in f.axes}.union(*(net.axes for _, net in self.terms)) - self.summed

    def renamed(self, old: str, new: str) -> Network:
        """With another index in the place of one."""
        factors = tuple(f._replace(axes=tuple(new if a == old else a for a in f.axes)) for f in self.factors)
        row, col = (new if a == old else a for a in (self.row, self.col))
        terms = tuple((sign, net.renamed(old, new)) for sign, net in self.terms)
        return Network(factors, row, col, frozenset(new if a == old else a for a in self.summed), self.spent, terms)


def bare(text: str) -> str:
    """Without the brackets around all of it."""
    while text.startswith("(") and text.endswith(")") and closes(text):
        text = text[1:-1]
    return text


def closed(text: str) -> str:
    """A text that can stand as a factor."""
    plain = re.fullmatch(r"[\w.]+'?|\w+\([^()]*\)'?", text)
    return text if plain or bare(text) != text else f"({text})"


class Ranges:
    """How far each index goes: indices of one range are known by one of them, which may have a size. A lenient one leaves it to the
    judges to say which sizes do not fit."""

    def __init__(self, lenient: bool = False) -> None:
        self.lenient = lenient
        self.parent: dict[str, str] = {}
        self.size: dict[str, str] = {}
        self.count = 0
        self.samples: set[str] = set()

    def fresh(self, size: str = "") -> str:
        """A new index."""
        self.count += 1
        index = f"#{self.count}"
        if size:
            self.size[index] = size
        return index

    def root(self, index: str) -> str:
        """The one that all indices of a range share."""
        while index in self.parent:
            index = self.parent[index]
        return index

    def same(self, one: str, two: str) -> None:
        """Two indices go over the same range."""
        one, two = self.root(one), self.root(two)
        if one == two:
            return
        size = self.size.get(one), self.size.get(two)
        if None not in size and size[0] != size[1]:
            if self.lenient:
                return
            raise InputError(f"an index goes up to {size[0]} here and up to {size[1]} there")
        self.parent[two] = one
        if size[0] is None and size[1] is not None:
            self.size[one] = size[1]

    def sized(self, index: str, size: str) -> None:
        """An index goes up to a size."""
        known = self.size.setdefault(self.root(index), size)
        if known != size and not self.lenient:
            raise InputError(f"an index goes up to {known} here and up to {size} there")

    def of(self, index: str) -> str:
        """The size of an index; a name for it where nothing says it."""
        return self.size.get(self.root(index)) or f"?{self.root(index)}?"

    # ------------------------------------------------------------ as matrices
    def contracted(self, net: Network) -> list[Factor]:
        """The factors with nothing left to sum over."""
        factors = [_on_a_diagonal(f) for f in net.factors]
        left = set(net.summed)
        for one, two in combinations(sorted(left), 2):
            whole = [f for f in factors if one in f.axes or two in f.axes]
            if whole and all(set(f.axes) == {one, two} and f.text != DELTA for f in whole):
                factors = [*(f for f in factors if f not in whole), Factor(f"sum({bare(self.matrix(whole, *whole[0].axes))})")]
                left -= {one, two}
        while left:
            index = min(left, key=lambda a: (len(_others(factors, a)), a in self.samples, a))
            left.discard(index)
            factors = self.without(factors, index)
        return factors

    def without(self, factors: list[Factor], index: str) -> list[Factor]:
        """The factors summed over one index."""
        for f in factors:
            if f.text == DELTA and index in f.axes:
                other = f.axes[1 - f.axes.index(index)]
                rest = [g for g in factors if g is not f]
                return [_on_a_diagonal(g._replace(axes=tuple(other if a == index else a for a in g.axes))) for g in rest]
        about = [f for f in factors if index in f.axes]
        rest = [f for f in factors if index not in f.axes]
        if not about:
            return [*rest, Factor(self.of(index))]
        others = sorted(_others(factors, index))
        if len(others) > 2:
            raise InputError("a sum with more than two other indices cannot be read")
        columns = [f.text for f in about if f.axes == (index,)]
        sides = [self.matrix([f for f in about if a in f.axes], a, index) for a in others]
        if not others and len(columns) == 1 and columns[0].startswith("diag(") and closes(columns[0][4:]):
            return [*rest, Factor(f"tr({columns[0][5:-1]})")]
        if not others:
            if len(columns) > 2 and columns[0].startswith("ones("):
                columns = [columns[0], ".*".join(map(closed, columns[1:]))]
            total = f"{closed(columns[0])}'*{closed(columns[1])}" if len(columns) == 2 else f"sum({'.*'.join(map(closed, columns))})"
            return [*rest, Factor(f"({total})" if len(columns) == 2 else total)]
        weights = ".*".join(map(closed, columns))
        if len(others) == 1 and not weights and self.of(index)[0] == "?":
            return [*rest, Factor(f"rowsum({bare(sides[0])})", (others[0],))]
        if len(others) == 1:
            return [*rest, Factor(f"({sides[0]}*{closed(weights) if weights else f'ones({self.of(index)})'})", (others[0],))]
        middle = f"*diag({weights})" if weights else ""
        return [*rest, Factor(f"({sides[0]}{middle}*{transposed(sides[1])})", (others[0], others[1]))]

    def matrix(self, factors: list[Factor], row: str, col: str) -> str:
        """The product entry by entry of factors with the same two indices."""
        out = [f"eye({self.of(row)})" if f.text == DELTA else closed(f.text) if f.axes == (row, col) else transposed(f.text)
               for f in factors if set(f.axes) == {row, col}]
        return out[0] if len(out) == 1 else f"({'.*'.join(out)})"

    def text(self, net: Network, order: Iterable[str]) -> str:
        """What a network is as a number, a column or a matrix with these indices."""
        order = tuple(order)
        factors = self.contracted(net)
        if net.terms or len(order) > 2 or any(set(f.axes) - set(order) for f in factors):
            raise InputError("more than two indices at once cannot be read")
        numbers = [closed(f.text) for f in factors if not f.axes and f.text != "1"]
        columns = {a: ".*".join(closed(f.text) for f in factors if f.axes == (a,)) for a in order}
        square = [f for f in factors if len(f.axes) == 2]
        if not order:
            return "*".join(numbers) or "1"
        if len(order) == 1:
            return "*".join([*numbers, closed(columns[order[0]]) if columns[order[0]] else f"ones({self.of(order[0])})"])
        row, col = order
        if not square:
            left, right = (closed(columns[a]) if columns[a] else f"ones({self.of(a)})" for a in order)
            return "*".join([*numbers, left, f"{right}'"])
        middle = self.matrix(square, row, col)
        if middle.startswith("eye(") and columns[row]:
            middle, columns[row] = f"diag({columns[row]})", ""
        left, right = (f"diag({columns[a]})" if columns[a] else "" for a in order)
        return "*".join(t for t in (*numbers, left, middle, right) if t)


def _others(factors: list[Factor], index: str) -> set[str]:
    return {a for f in factors if index in f.axes for a in f.axes} - {index}


def transposed(text: str) -> str:
    """The transpose of a text."""
    return text[:-1] if text.endswith("'") and closed(text[:-1]) == text[:-1] else f"{closed(text)}'"


def _on_a_diagonal(f: Factor) -> Factor:
    """A factor with one index twice has the diagonal of its matrix."""
    if len(f.axes) == 2 and f.axes[0] == f.axes[1]:
        return Factor("1") if f.text == DELTA else Factor(f"diag({f.text})", f.axes[:1])
    return f
