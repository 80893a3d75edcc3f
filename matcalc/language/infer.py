"""One table of shapes: declared, or found for names that nobody declared.

Statements are taken in groups: what is differentiated and defined first, a claim later. In a group sizes and shapes are unified;
what is still open then is decided by matrixcalculus.org's convention (a to g and Greek names scalars, h to z vectors, capitals
matrices), capitals first, except that what ends a product behind a matrix or a row is a column. A name that cannot be what its
letter says is a scalar, where that is the only way; two ways to mend one place are a choice left to the user. What one group has
found no later group changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, count
from typing import NamedTuple

from .clash import Clash, Operand
from .declare import Declarations
from .hints import Hints, differentiated, hints, sizes_in, usual
from .reader import Code
from .shape import ONE, SCALAR, Dim, InputError, Shape, ShapeError
from .shapes import Failed, Walk
from .tokens import Line, is_name
from .unify import Bent, Sizes, Source, Tired, maybe_one

PASSES = ((0, 0), (1, 0), (0, 1), (2, 0), (0, 2), (1, 2), (2, 2))       # capitals first; at last nothing stays open
KINDS = {"matrix": ("matrix", "scalar"), "vector": ("vector", "scalar", "matrix"), "scalar": ("scalar", "vector", "matrix")}


class Statement(NamedTuple):
    """A raw tree, the line it stands on, the name it defines, and whether its shape equals that of the one before."""

    line: Line
    code: Code
    defines: str = ""
    equals: bool = False


class Inferred(NamedTuple):
    """A name nobody declared, its shape, and the expression that settled it; none where its letter did.

    `plain` is an I that does not fit as the identity.
    """

    name: str
    shape: Shape
    source: str
    plain: bool = False

    def __str__(self) -> str:
        return said(self.name, self.shape)


def said(name: str, shape: Shape) -> str:
    """`A in R^(m,n)`."""
    rows, cols = shape
    if cols is not ONE:
        return f"{name} in R^({rows},{cols})"
    if rows is ONE:
        return f"{name} in R"
    return f"{name} in R^{rows}" if str(rows).isalnum() else f"{name} in R^({rows})"


class Table:
    """The shapes of a problem's or a sheet's names. `missing` are those that nobody declared, `identity` whether I is one of the
    constants whose size is inferred."""

    def __init__(self, scope: Declarations, statements: Sequence[Statement], missing: Sequence[str], identity: bool = False,
                 kinds: Mapping[str, str] | None = None) -> None:
        self.scope, self.statements, self.missing = scope, statements, missing
        self.constant = {"eye", "I"} if identity else {"eye"}
        self.sizes = Sizes()
        self.shapes: dict[str, Shape] = dict(scope.shapes)
        self.kinds: dict[str, str] = dict.fromkeys((n for n, s in scope.shapes.items() if s == SCALAR), "number") if kinds is None \
            else dict(kinds)
        self.starts: dict[str, Shape] = {}
        self.ended: dict[str, Source] = {}
        self.constants: dict[tuple[int, int], Shape] = {}
        self.wholes: dict[int, Operand] = {}
        self.hints = [hints(s.line, s.code) for s in statements]
        square = [(n, s.line, at) for h, s in zip(self.hints, statements, strict=True) for n, at in h.square.items()]
        self.square = {n: (line, at) for n, line, at in reversed(square)}
        self.losses = {n for h in self.hints for n in h.losses} - {n for h in self.hints for n in h.others}

    # ------------------------------------------------------------ groups
    def settle(self, numbers: Iterable[int], parts: Mapping[int, Iterable[Code]] | None = None) -> list[str]:
        """Take these statements in (of those in `parts` only these parts): the names that are not what their letters say.

        ShapeError where it cannot be, and the table is as before.
        """
        sizes = self.sizes
        mark = len(sizes.trail)
        found: list[tuple[int, Code]] = []
        for number in sorted({*numbers, *(parts or ())}):
            found += [(number, code) for code in (parts or {}).get(number, (self.statements[number].code,))]
        present = {data for _, code in found for op, _, data in code if op == "name"}
        names = [n for n in self.missing if n in present and n not in self.shapes]
        try:
            for n in names:
                sizes.put(self.shapes, n, sizes.open())
                sizes.put(self.starts, n, self.shapes[n])
            self.no_transpose(found)
            self.hinted(names, [hints(self.statements[number].line, code) if parts and number in parts else self.hints[number]
                                for number, code in found], [self.statements[number].line for number, _ in found])
            self.walk(found)
            return self.decide(names)
        except Failed as failed:
            error: InputError = self.explained(failed)
        except (Bent, Tired):
            line = self.statements[found[-1][0]].line
            error = line.error("the shapes here are not clear", 0, "declare the names: x in R^n, A in R^(m,n)", shape=True)
        except InputError as e:
            error = e
        sizes.back(mark)
        raise error

    def ask(self, given: int, claims: Sequence[int] = (), equation: int | None = None) -> InputError | None:
        """The whole of a problem: the `given` first statements and what its equation differentiates, then claims or the equation.

        An equation in which nothing is differentiated is taken as a whole, unless some name would then not be what its letter says
        though either side allows it. What is wrong with the shapes of a claim or an equation is returned.
        """
        first, mark = range(given), len(self.sizes.trail)
        later, parts = list(claims), {}
        if equation is not None:
            later = [equation, equation + 1]
            parts = {k: found for k in later if (found := [code for code in differentiated(self.statements[k].code)
                                                           if code[0][2] not in self.losses])}
            if not parts:
                try:
                    bent = self.settle([*first, *later])
                    if not bent:
                        return None
                    self.sizes.back(mark)
                    if not (self.fits([*first, equation]) and self.fits([*first, equation + 1])):
                        self.settle([*first, *later])
                        return None
                except ShapeError:
                    pass
                parts = {equation: [self.statements[equation].code]}
        self.settle(first, parts)
        self.fix(later)
        wrong: InputError | None = None
        for group in [later] if equation is not None else [[k] for k in later]:
            try:
                self.settle(group)
            except ShapeError as error:
                wrong = wrong or error
        return wrong

    def fits(self, numbers: Iterable[int]) -> bool:
        """Whether statements can be taken in with every name what its letter says; the table stays as it is."""
        mark = len(self.sizes.trail)
        try:
            return not self.settle(numbers)
        except InputError:
            return False
        finally:
            self.sizes.back(mark)

    def fix(self, later: Iterable[int] = ()) -> None:
        """What is found so far stays; a size left open may only take the name that a later statement gives it."""
        sizes = self.sizes
        for n in self.missing:
            for d in self.shapes.get(n, ()):
                for unknown in sorted(sizes.settle(d).names):
                    if unknown[0] == "?":
                        sizes.bind(unknown, Dim.of("!" + unknown[1:].rstrip("~")))
        sizes.run()
        taken = {n for s in self.shapes.values() for d in s for n in sizes.settle(d).names}
        for number in later:
            for n in sizes_in(self.statements[number].code):
                if n not in taken:
                    sizes.put(sizes.names, n, True)

    # ------------------------------------------------------------ what is certain
    def no_transpose(self, found: list[tuple[int, Code]]) -> None:
        """A^T with an undeclared T is meant as a transpose."""
        for number, code in found if "T" in self.missing else ():
            for (op, at, data), (power, place, _) in zip(code, code[1:], strict=False):
                if power == "^" and op == "name" and data == "T":
                    raise self.statements[number].line.error("T is not declared", at, "write A' for the transpose" if place else None)

    def hinted(self, names: list[str], said: list[Hints], lines: list[Line]) -> None:
        """What the way the names are written says."""
        sizes = self.sizes
        for n in names:
            shape = self.shapes[n]
            if n in self.losses:
                sizes.source = None
                sizes.same(shape[0], ONE)
                sizes.same(shape[1], ONE)
            elif n in self.square:
                line, at = self.square[n]
                sizes.source = (line, *_whole(line, at))
                sizes.same(*shape)
                sizes.above_one(shape[0])
            for h, line in zip(said, lines, strict=True) if n not in self.square and n not in self.losses else ():
                if n in h.totalled or n in h.transposed:
                    sizes.source = None if usual(n) != "scalar" else (line, *_whole(line, h.totalled[n])) if n in h.totalled else \
                        (line, h.transposed[n], h.transposed[n] + 1)
                    if usual(n) != "matrix":
                        sizes.column(shape)
                    elif not sizes.no_scalar(shape):
                        raise Bent
        sizes.run()

    def walk(self, found: list[tuple[int, Code]]) -> None:
        """Unify what the statements ask."""
        sizes = self.sizes
        for number, code in found:
            line, _, defines, equals = self.statements[number]

            def free(at: int, name: str, number: int = number) -> Shape:
                if name not in self.constant and name not in ("vector", "matrix"):
                    return SCALAR
                if (number, at) not in self.constants:
                    n = sizes.fresh("~" if name == "matrix" else "")
                    shape = (n, n if name in self.constant else ONE if name == "vector" else sizes.fresh("~"))
                    sizes.put(self.constants, (number, at), shape)
                return self.constants[number, at]
            walk = Walk(line, self.shapes, self.scope.functions, self.scope.origins, sizes, free, self.kinds)
            try:
                whole = walk.run(code)
                last = self.wholes.get(number - 1)
                if equals and last is not None and code is self.statements[number].code and "number" not in (whole.kind, last.kind) \
                        and not walk.agree(last.shape, whole.shape):
                    sides = last.shape, whole.shape
                    raise Clash(code[0][1], lambda w=walk, s=sides: (  # type: ignore[misc]
                        f"the two sides have different shapes: {w.side(s[0])} and {w.side(s[1])}" + w.whence(*s[0], *s[1]),
                        w.turned(*s)), [(0, len(line.tokens) - 2)])
            except Clash as clash:
                raise Failed(walk, clash) from None
            if code is self.statements[number].code:
                sizes.put(self.wholes, number, whole)
            if defines:
                sizes.put(self.shapes, defines, whole.shape)
                sizes.put(self.kinds, defines, whole.kind)
        sizes.run()

    # ------------------------------------------------------------ what the letters decide
    def decide(self, names: list[str]) -> list[str]:
        """Give every open name a kind; the names that are not what their letters say."""
        ranks = {n: ("matrix", "vector", "scalar").index(usual(n)) for n in names}
        order = [(n, turn) for rank, turn in PASSES for n in names if ranks[n] == rank]
        mark = len(self.sizes.trail)
        bent, error = self.search(order, {})
        if bent is None:
            assert error is not None
            raise error
        for n, near in list(bent.items()):
            if usual(n) == "vector" and self.sizes.scalar(self.shapes[n]) and self.is_last(n):
                assert error is not None
                raise error             # x*A*x: a transpose is missing, and x is no scalar
            for m in [m for m, _ in order[:order.index((n, 0))]] if self.sizes.scalar(self.shapes[n]) else ():
                if m in near and m not in bent and usual(m) == usual(n):
                    self.sizes.back(mark)
                    if self.search(order, {m: ("scalar",), n: (usual(n),)})[0] is not None:
                        assert error is not None
                        error.hint = self.convention([m, n], dict.fromkeys((m, n)) | dict.fromkeys(near), error.kinds, m)
                        raise error
                    self.sizes.back(mark)
                    self.search(order, {})
        self.settle_constants()
        return list(bent)

    def settle_constants(self) -> None:
        """An eye or a vector(1) is no 1 where it need not be."""
        sizes = self.sizes
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
                return None, error or Unclear("the shapes here are not clear", hint="declare the names: x in R^n, A in R^(m,n)")
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
        told = [n for n in kinds if n in near and n in self.starts]
        if told:
            own = self.convention(told, dict.fromkeys(near), kinds)
            error.hint = f"{error.hint}; {own}" if error.hint else own
        return error

    def convention(self, told: list[str], near: Iterable[str], kinds: Mapping[str, str], scalar: str = "") -> str:
        """nobody declared x, so x for a vector by convention; declare, for example, x in R^n"""
        told = [n for n in self.missing if n in near and n in self.shapes]
        first = scalar or told[0]
        example = f"{first} in R" if scalar else f"{first} in R^n" if kinds[first] != "matrix" else f"{first} in R^(m,n)"
        return f"nobody declared {' and '.join(told)}, so {', '.join(f'{n} for a {kinds[n]}' for n in told)} by convention; " \
               f"declare, for example, {example}"

    # ------------------------------------------------------------ the end
    def name_sizes(self) -> None:
        """Give the sizes that stayed open their names."""
        sizes = self.sizes
        taken = set(self.scope.origins) | set(self.scope.names) | set(self.missing) | {s.defines for s in self.statements}
        letters = (c for c in chain("nmkpqrstuvl", (f"n{i}" for i in count(1))) if c not in taken)
        for name in self.missing:
            for d in self.shapes.get(name, ()):
                for n in sorted(sizes.settle(d).names):
                    if n[0] in "?!":
                        sizes.put(sizes.known, n, Dim.of(next(letters)))

    def finish(self, loose: bool = False) -> tuple[list[Inferred], dict[tuple[int, int], Shape]]:
        """The names that were found, and the sizes of constants, which must be known unless `loose`."""
        sizes = self.sizes
        sources = {n: self.source(n) for n in self.missing if n in self.shapes}
        self.name_sizes()
        constants = {k: sizes.settled(shape) for k, shape in self.constants.items()}
        for (number, at), shape in constants.items() if not loose else ():
            if any(n[0] == "?" for d in shape for n in d.names):
                line = self.statements[number].line
                raise line.error(f"nothing here says what size {line.tokens[at]} has", at, "write eye(n), ones(n), zeros(m,n)")
        return [Inferred(n, sizes.settled(self.shapes[n]), source, n == "I") for n, source in sources.items()], constants

    def source(self, name: str) -> str:
        """The expression that settled a name; none where it is what its letter says."""
        rows, cols = self.sizes.settled(self.shapes[name])
        kind = "matrix" if cols is not ONE else "vector" if rows is not ONE else "scalar"
        if kind == usual(name) and name not in self.square:
            return ""
        start = self.starts[name]
        found = self.ended.get(name) or self.sizes.why.get(start[1].text) or self.sizes.why.get(start[0].text)
        return "" if found is None else found[0].span(found[1], found[2])


class Unclear(ShapeError):
    """What does not fit, and the kinds the names in it were taken for."""

    kinds: Mapping[str, str] = {}


def _closing(line: Line, opened: int) -> int:
    """The token of the bracket that closes this one."""
    depth = 0
    for i in range(opened, len(line.tokens)):
        depth += (line.tokens[i] == "(") - (line.tokens[i] == ")")
        if depth == 0:
            return i
    return opened


def _whole(line: Line, at: int) -> tuple[int, int]:
    """A call, from its name to its bracket."""
    return at, _closing(line, at + 1)
