"""The convention for letters where nothing else decides, and the message where shapes do not fit.

Capitals are matrices, h to z vectors, a to g and Greek names scalars (matrixcalculus.org's convention), except that what ends a
product behind a matrix or a row is a column. A name that cannot be what its letter says is a scalar, where that is the only way;
two ways to mend one place are a choice left to the user.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, count

from .calls import Failed
from .clash import Operand
from .hints import fronts
from ..grammar.kinds import ARRAYS, COUNTS, usual
from ...language.operations import ELEMENTWISE_NAMES
from ...language.shape import ONE, Dim, Shape, ShapeError
from .statements import Asked, Statement
from ..grammar.tokens import Line, is_name
from .constraint import Bent, Source
from .unify import Sizes, maybe_one

PASSES = ((0, 0), (1, 0), (0, 1), (2, 0), (0, 2), (1, 2), (2, 2))       # capitals first; at last nothing stays open
KINDS = {"matrix": ("matrix", "scalar"), "vector": ("vector", "scalar", "matrix"), "scalar": ("scalar", "vector", "matrix")}
PLURAL = {"matrix": "matrices", "vector": "vectors", "scalar": "scalars"}
MOST_TOLD = 6


class Unclear(ShapeError):
    """What does not fit, and the kinds the names in it were taken for."""

    kinds: Mapping[str, str] = {}


class Letters:
    """Open names and the search for their kinds."""

    statements: Sequence[Statement]
    wholes: dict[int, Operand]
    square: dict[str, tuple[Line, int]]
    asked: Asked | None = None

    def __init__(self, missing: Sequence[str], shapes: Mapping[str, Shape], taken: Iterable[str]) -> None:
        self.missing, self.taken = missing, frozenset(taken) | frozenset(missing)
        self.sizes = Sizes()
        self.shapes: dict[str, Shape] = dict(shapes)
        self.starts: dict[str, Shape] = {}
        self.ended: dict[str, Source] = {}
        self.constants: dict[tuple[int, int], Shape] = {}

    def decide(self, names: list[str]) -> list[str]:
        """Give every open name a kind; the names that are not what their letters say."""
        ranks = {n: ("matrix", "vector", "scalar").index(usual(n)) for n in names}
        ranked = [[n for n in names if ranks[n] == rank] for rank in range(3)]
        order = [(n, turn) for rank, turn in PASSES for n in ranked[rank]]
        mark = len(self.sizes.trail)
        bent, error = self.search(order, {})
        if bent is None:
            raise error or Bent
        if any(map(self.is_column, ranked[0])):
            bent = self.with_a_number(order, [n for n in ranked[1] if self.multiplies_numbers(n)], mark, self.whole_capitals(order)) or bent
        if not self.of_numbers():
            bent = self.with_a_number(order, self.perhaps_numbers(names), mark, self.of_numbers) or bent
        for n, near in list(bent.items()):
            if usual(n) == "vector" and self.sizes.scalar(self.shapes[n]) and self.is_last(n):
                raise error or Bent         # x*A*x: a transpose is missing, and x is not a scalar
            for m in [m for m, _ in order[:order.index((n, 0))]] if self.sizes.scalar(self.shapes[n]) else ():
                if m in near and m not in bent and usual(m) == usual(n):
                    self.sizes.back(mark)
                    if self.search(order, {m: ("scalar",), n: (usual(n),)})[0] is not None:
                        if error is not None:
                            error.hint = self.convention({m, n, *near}, error.kinds, m)
                        raise error or Bent
                    self.sizes.back(mark)
                    self.search(order, {})
        numbers = [self.shapes[n] for n in names if self.sizes.scalar(self.shapes[n])]
        capitals = [self.shapes[n] for n in bent if usual(n) == "matrix"]
        if any(left in capitals and left in numbers and right in numbers for left, right, _ in self.sizes.ends):
            raise error or Bent         # y*log(X*w): a product entry by entry is meant, and X*w is none of numbers
        self.sizes.pair_sums()
        self.settle_constants()
        return list(bent)

    def with_a_number(self, order: list[tuple[str, int]], names: Iterable[str], mark: int,
                      better: Callable[[], bool]) -> dict[str, frozenset[str]] | None:
        """The same with one name that is usually none for a number that multiplies one, if that is better."""
        for m in names:
            self.sizes.back(mark)
            found = self.search(order, {m: ("scalar",)})[0]
            if found is not None and better():
                line = next(s.line for s in self.statements if m in s.line.tokens)
                self.sizes.put(self.ended, m, (line, 0, len(line.tokens) - 2))
                return found
        self.sizes.back(mark)
        self.search(order, {})
        return None

    def whole_capitals(self, order: list[tuple[str, int]]) -> Callable[[], bool]:
        """Whether every capital letter is a matrix: with a number l in w'*S*w - l*(w'*w - 1)."""
        return lambda: not any(self.sizes.settle(d) is ONE for n, _ in order if usual(n) == "matrix" for d in self.shapes[n])

    def of_numbers(self) -> bool:
        """Whether everything that is differentiated is a number."""
        asked = [self.wholes[self.asked.f].shape] if self.asked is not None and self.asked.f in self.wholes else []
        return all(self.sizes.scalar(shape) is not False for shape in [*self.sizes.functions, *asked])

    def perhaps_numbers(self, names: Iterable[str]) -> list[str]:
        """Names that may be numbers though their letters say otherwise: N of N/2*logdet(S), t of t*x'*x, and y of log(1 + exp(-y*w'*x)),
        where a column would stand in a function that goes entry by entry."""
        calls = any(op == "call" and data in ELEMENTWISE_NAMES for s in self.statements for op, _, data in s.code)
        leading = fronts(s.code for s in self.statements) - {self.asked.wrt if self.asked is not None else ""}
        return [n for n in names if n in COUNTS and self.multiplies_numbers(n) or usual(n) == "vector" and n in leading and
                (calls or n not in ARRAYS)]

    def multiplies_numbers(self, name: str) -> bool:
        """Whether a name stands in front of a number in a product, and ends none."""
        return not self.is_last(name) and any(left == self.shapes[name] and self.sizes.scalar(right) for left, right, _ in self.sizes.ends)

    def extents(self) -> dict[str, tuple[bool, bool]]:
        """Of every name found, whether its rows and its columns are more than one."""
        settle = self.sizes.settle
        return {n: (settle(rows) is not ONE, settle(cols) is not ONE) for n in self.missing if n in self.shapes
                for rows, cols in (self.shapes[n],)}

    def is_column(self, name: str) -> bool:
        """Whether a name is a column of more than one entry, as far as is known."""
        rows, cols = map(self.sizes.settle, self.shapes[name])
        return cols is ONE and rows is not ONE

    def settle_constants(self) -> None:
        """Of the unit vectors of one line with one letter those that nothing else sizes are as long as the others, delta_ij beside x_i; an
        eye or a vector(1) is no 1 where it need not be."""
        sizes, lettered = self.sizes, dict[tuple[str, str], list[Dim]]()
        known = {sizes.settle(d) for shape in self.shapes.values() for d in shape}
        for (number, at), shape in self.constants.items():
            line = self.statements[number].line
            if line.tokens[at] == "unit" and line.tokens[at + 2].isalpha():
                lettered.setdefault((line.text, line.tokens[at + 2]), []).append(shape[0])
        for found in lettered.values():
            long = next((d for d in found if sizes.settle(d) in known), ONE)
            for d in found if long is not ONE else ():
                if sizes.settle(d) not in known:
                    sizes.same(d, long)
        for shape in self.constants.values():
            mark = len(sizes.trail)
            try:
                if not all(sizes.above_one(d) for d in shape):
                    raise Bent
                sizes.run()
            except (Failed, Bent):
                sizes.back(mark)

    def is_last(self, name: str) -> bool:
        """Whether a name ends a product behind a matrix or a row: a scalar is written in front."""
        return any(right == self.shapes[name] and self.sizes.scalar(left) is False and self.sizes.settle(left[1]) is not ONE
                   for left, right, _ in self.sizes.ends)

    def wishes(self, name: str, turn: int) -> tuple[str, ...]:
        """The kinds to be tried for a name, first the one its letter says, or its place at the end of a product; later a matrix is
        a column or a row only if it has to be."""
        sizes, shape = self.sizes, self.sizes.settled(self.shapes[name])
        rows, cols = map(maybe_one, shape)
        if not (rows or cols):
            return ("",)
        if turn and not (rows and cols and sizes.scalar(shape) is None):
            return ("whole", "") if turn == 1 else ("whole", "vector", "row", "scalar")
        kinds = KINDS[usual(name)]
        for left, right, source in sizes.ends if kinds[0] == "scalar" else ():
            if sizes.settled(right) == shape and sizes.scalar(left) is False and sizes.settle(left[1]) is not ONE:
                sizes.put(self.ended, name, source)
                kinds = KINDS["vector"]
                break
        return kinds if sizes.scalar(shape) is None else tuple(k for k in kinds if k != "scalar")

    def make(self, name: str, kind: str) -> None:
        """Let a name be a scalar, a vector or a matrix."""
        sizes, shape = self.sizes, self.shapes[name]
        sizes.source = None
        if kind == "matrix":
            fits = sizes.above_one(shape[0]) if sizes.settle(shape[0]) is not ONE else sizes.no_scalar(shape)
        elif kind == "whole":
            fits = all(sizes.above_one(d) for d in shape if sizes.settle(d) is not ONE)
        elif kind == "vector":
            fits = sizes.column(shape)
        elif kind == "row":
            fits = sizes.column((shape[1], shape[0]))
        else:
            fits = sizes.same(shape[0], ONE) and sizes.same(shape[1], ONE)
        if not fits:
            raise Bent
        sizes.run()

    def search(self, order: list[tuple[str, int]],
               forced: Mapping[str, tuple[str, ...]]) -> tuple[dict[str, frozenset[str]] | None, Unclear | None]:
        """Kinds with which all is well: the names whose first wish was not fulfilled, with the names at that place; and the first clash."""
        sizes = self.sizes
        stack: list[tuple[int, int, int]] = []
        bent: dict[str, frozenset[str]] = {}
        error: Unclear | None = None
        i = k = 0
        while i < len(order):
            (n, turn), mark = order[i], len(sizes.trail)
            kinds = (not turn and forced.get(n)) or self.wishes(n, turn)
            near: frozenset[str] = frozenset()
            where: Source = None
            while k < len(kinds):
                try:
                    if kinds[k]:
                        self.make(n, kinds[k])
                    break
                except Failed as failed:
                    if error is None:
                        error = self.explained(failed)
                    clash = failed.clash
                    if not near and clash.spans:
                        where = failed.walk.line, min(a for a, _ in clash.spans), max(b for _, b in clash.spans)
                        near = frozenset(t for a, b in clash.spans for t in failed.walk.tokens[a:b + 1] if is_name(t))
                except Bent:
                    pass
                sizes.back(mark)
                k += 1
            if k < len(kinds):
                if k and not turn:
                    bent[n] = near
                    sizes.put(self.ended, n, where)
                stack.append((i, k, mark))
                i, k = i + 1, 0
                continue
            if not stack:
                return None, error
            i, k, mark = stack.pop()
            sizes.back(mark)
            if order[i][1] == 0:
                bent.pop(order[i][0], None)
            k += 1
        return bent, error

    # ------------------------------------------------------------ what is said
    def explained(self, failed: Failed) -> Unclear:
        """A clash as an error, and what the convention makes of the names in it."""
        sizes, walk, clash = self.sizes, failed.walk, failed.clash
        mark = len(sizes.trail)
        kinds = {}
        for n in self.missing:
            if n in self.shapes:
                scalar, cols = sizes.scalar(self.shapes[n]), sizes.settle(self.shapes[n][1])
                kinds[n] = "scalar" if scalar else "vector" if cols is ONE else usual(n) if maybe_one(cols) else "matrix"
                if maybe_one(cols) and kinds[n] != "matrix":
                    sizes.put(sizes.known, cols.text, ONE) if cols.text in cols.names else None
        self.name_sizes()
        found = walk.error(clash)
        sizes.back(mark)
        near = {t for first, last in clash.spans for t in walk.tokens[first:last + 1]}
        error = Unclear(found.message, found.line, found.column, found.source, found.hint)
        error.kinds = kinds
        if any(n in near and n in self.starts for n in kinds):
            own = self.convention(near, kinds)
            error.hint = f"{error.hint}; {own}" if error.hint else own
        return error

    def convention(self, near: Iterable[str], kinds: Mapping[str, str], scalar: str = "") -> str:
        """x is not declared and is taken as a vector by convention; declare, for example, x in R^n"""
        told = [n for n in self.missing if n in near and n in self.shapes][:MOST_TOLD]
        first = scalar or told[0]
        example = f"{first} in R" if scalar else f"{first} in R^n" if kinds[first] != "matrix" else f"{first} in R^(m,n)"
        are = "is" if len(told) == 1 else "are"
        alike = len(told) > 1 and len({kinds[n] for n in told}) == 1
        taken = PLURAL[kinds[told[0]]] if alike else listed([f"a {kinds[n]}" for n in told])
        return f"{listed(told)} {are} not declared and {are} taken as {taken} by convention; declare, for example, {example}"

    def name_sizes(self) -> None:
        """Give the sizes that stayed open their names."""
        sizes = self.sizes
        letters = (c for c in chain("nmkpqrstuvl", (f"n{i}" for i in count(1))) if c not in self.taken)
        for name in self.missing:
            for d in self.shapes.get(name, ()):
                for n in sorted(sizes.settle(d).names):
                    if n[0] in "?!":
                        sizes.put(sizes.known, n, Dim.of(next(letters)))

    def source(self, name: str) -> str:
        """The expression that settled a name; none where it is what its letter says, or what is said of it."""
        if name not in self.starts:
            return ""
        rows, cols = self.sizes.settled(self.shapes[name])
        kind = "matrix" if cols is not ONE else "vector" if rows is not ONE else "scalar"
        if kind == usual(name) and name not in self.square:
            return ""
        start = self.starts[name]
        found = self.ended.get(name) or self.sizes.why.get(start[1].text) or self.sizes.why.get(start[0].text)
        return "" if found is None else found[0].span(found[1], found[2])


def listed(items: Sequence[str]) -> str:
    """
    >>> listed(["A", "x", "y"])
    'A, x and y'
    """
    return " and ".join([*[", ".join(items[:-1])][:len(items) - 1], *items[-1:]])
