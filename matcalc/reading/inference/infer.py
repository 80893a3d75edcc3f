"""One table of shapes: declared, or found for undeclared names.

Statements are taken in groups: what is differentiated and defined first, a claim later. In a group sizes and shapes are unified;
what is still open then is decided by the letters. What one group has found no later group changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from .clash import Clash, Operand
from ..declarations.declare import Declarations
from .hints import ENTRYWISE, Hints, differentiated, hints, lettered, sizes_in
from ..grammar.kinds import usual
from ..grammar.functions import Code
from ...language.operations import ELEMENTWISE_NAMES
from ...language.shape import ONE, SCALAR, Dim, InputError, Shape, ShapeError
from .calls import Failed
from .letters import Letters
from .shapes import Walk
from .statements import Asked, Inferred, Statement
from ..grammar.tokens import Line
from .constraint import Bent
from .unify import Tired
from ..grammar.brackets import ROUND, closing


class Table(Letters):
    """The shapes of a problem's or a sheet's names. `missing` are those that is not declared, `identity` whether I is one of the
    constants whose size is inferred."""

    columns = True      # whether a small letter with a transpose is a column

    def __init__(self, scope: Declarations, statements: Sequence[Statement], missing: Sequence[str], identity: bool = False,
                 kinds: Mapping[str, str] | None = None, said: Mapping[str, str] | None = None) -> None:
        super().__init__(missing, scope.shapes, {*scope.origins, *scope.names, *(s.defines for s in statements)})
        self.scope, self.statements, self.said = scope, statements, said or {}
        self.constant = {"eye", "I"} if identity else {"eye"}
        self.kinds: dict[str, str] = dict.fromkeys((n for n, s in scope.shapes.items() if s == SCALAR), "number") if kinds is None \
            else dict(kinds)
        self.wholes: dict[int, Operand] = {}
        self.hints = [hints(s.line, s.code) for s in statements]
        square = [(n, s.line, at) for h, s in zip(self.hints, statements, strict=True) for n, at in h.square.items()]
        self.square = {n: (line, at) for n, line, at in reversed(square)}
        for s in statements:
            for name, place in lettered(s.line, s.code, self.taken.intersection(missing), self.kinds):
                self.square.setdefault(name, place)
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
            error = line.error("the shapes cannot be found here", 0, "declare the names: x in R^n, A in R^(m,n)", shape=True)
        except InputError as e:
            error = e
        sizes.back(mark)
        raise error

    def ask(self, given: int, claims: Sequence[int] = (), equation: int | None = None, asked: Asked | None = None) -> InputError | None:
        """The whole of a problem: the `given` first statements and what its equation differentiates, then claims or the equation.

        An equation in which nothing is differentiated is taken as a whole, unless some name would then be smaller than one side by
        itself has it. What is wrong with the shapes of a claim or an equation is returned.
        """
        first, mark = range(given), len(self.sizes.trail)
        self.asked = asked
        later, parts = list(claims), {}
        if equation is not None:
            later = [equation, equation + 1]
            inside = {k: list(differentiated(self.statements[k].code)) for k in later}
            parts = {k: found for k, codes in inside.items() if (found := [code for code in codes if code[0][2] not in self.losses])}
            if not parts and not (given and any(inside.values())):     # the definitions say what a loss is differentiated by
                try:
                    self.settle([*first, *later])
                    if not self.missing:
                        return None
                    found = self.extents()
                    self.sizes.back(mark)
                    if not any(self.smaller([*first, k], found) for k in later) and not self.squared(first, later):
                        self.settle([*first, *later])
                        return None
                except ShapeError:
                    pass
                parts = {equation: [self.statements[equation].code]}
        self.settle(first, parts)
        if later:
            self.fix(later)
        wrong: InputError | None = None
        for group in [later] if equation is not None else [[k] for k in later]:
            try:
                self.settle(group)
            except ShapeError as error:
                wrong = wrong or error
            else:
                if asked is not None and group is not later:
                    self.linked(self.wholes.get(group[0]), asked)
        return wrong

    def of_a_number(self, numbers: Iterable[int], mark: int) -> bool:
        """Take these statements in at once, where the only name there is stands for a number then: 1/(1 + exp(x)) is a line about
        f = log(1 + exp(-x)). Only where all goes entry by entry, so that no transpose can have been forgotten. Where it does not fit
        so, the table is as it was at this mark."""
        steps = [(op, data, before) for s in self.statements
                 for (op, _, data), (before, *_) in zip(s.code, [("", 0, None), *s.code], strict=False)]
        if len(self.missing) != 1 or not all(op in ENTRYWISE or op == "call" and data in ELEMENTWISE_NAMES or
                                             op == "'" and before == "derivative" for op, data, before in steps):
            return False
        self.sizes.back(mark)
        try:
            self.settle(numbers)
        except InputError:
            return False
        return True

    def linked(self, claim: Operand | None, asked: Asked) -> None:
        """A size left open takes the name that a claim of the right shape has for it; what does not fit is no matter here."""
        sizes = self.sizes
        f, x = self.wholes.get(asked.f), self.shapes.get(asked.wrt, self.scope.shapes.get(asked.wrt))
        if claim is None or f is None or x is None or claim.kind == "number":
            return
        by = sizes.settled(x)
        of = by if asked.order == 2 else sizes.settled(f.shape)
        wanted = by if of == SCALAR else (by[0] * by[1], of[0] * of[1])
        mark = len(sizes.trail)
        try:
            pairs = zip(wanted[::-1] if asked.transposed else wanted, claim.shape, strict=True)
            fits = all(sizes.same(a, b) for a, b in sorted(pairs, key=lambda p: len(p[0].names)))   # k = m before k*p = m*n
            sizes.run()
        except (Bent, Tired, InputError):
            fits = False
        if not fits:
            sizes.back(mark)

    def smaller(self, numbers: list[int], found: Mapping[str, tuple[bool, bool]]) -> bool:
        """Whether names are found smaller than these statements by themselves have them, with every name what its letter says.

        A side that is one name has no say. The table stays as it is.
        """
        mark = len(self.sizes.trail)
        code = self.statements[numbers[-1]].code
        try:
            if self.settle(numbers):
                return False
            alone = self.extents()
            return any(more and not kept for n in alone if not (len(code) == 1 and code[0][2] == n)
                       for more, kept in zip(alone[n], found[n], strict=True))
        except InputError:
            return False
        finally:
            self.sizes.back(mark)

    def squared(self, first: Iterable[int], sides: Sequence[int]) -> bool:
        """Whether a name is square only since the sides have one shape: X of X'*X*inv(X'*X) = X*inv(X'*X)*X', which is true of those
        alone. Without an inverse a counterexample says more. The table stays as it is."""
        mark = len(self.sizes.trail)
        free = set(self.missing) if any("inv" in s.line.tokens or "^ -" in " ".join(s.line.tokens) for s in self.statements) else set()
        try:
            for k in sides if free else ():
                self.settle([*first, k])
                free &= {n for n in self.missing if n in self.shapes and len({*map(self.sizes.settle, self.shapes[n]), ONE}) == 3}
                self.sizes.back(mark)
            if free:
                self.settle([*first, *sides])
            return any(len({*map(self.sizes.settle, self.shapes[n])}) == 1 for n in free)
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
            if n in self.said:
                sizes.source = None
                found = self.said[n]
                if not (sizes.column(shape) if found == "vector" else sizes.same(shape[0], ONE) and sizes.same(shape[1], ONE)
                        if found == "scalar" else sizes.no_scalar(shape) and (found != "matrix" or all(map(sizes.above_one, shape)))):
                    raise Bent
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
                    if usual(n) != "matrix" and (self.columns or n in h.totalled):
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
                if name not in self.constant and name not in ("vector", "matrix", "unit"):
                    return SCALAR
                if (number, at) not in self.constants:
                    n = sizes.fresh("~" if name == "matrix" else "")
                    shape = (n, n if name in self.constant else ONE if name in ("vector", "unit") else sizes.fresh("~"))
                    sizes.put(self.constants, (number, at), shape)
                return self.constants[number, at]
            walk = Walk(line, self.shapes, self.scope.functions, self.scope.origins, sizes, free, self.kinds)
            try:
                whole = walk.run(code)
                last = self.wholes.get(number - 1)
                if equals and last is not None and code is self.statements[number].code and "number" not in (whole.kind, last.kind) \
                        and not walk.by_number(self.statements[number - 1].code, last.shape, whole.shape) \
                        and not walk.agree(last.shape, whole.shape):
                    sides = last.shape, whole.shape
                    raise Clash(code[0][1], lambda w=walk, s=sides: (  # type: ignore[misc]
                        f"the two sides have different shapes: {w.side(s[0])} and {w.side(s[1])}" + w.whence(*s[0], *s[1]),
                        w.transposed(*s)), [(0, len(line.tokens) - 2)])
            except Clash as clash:
                raise Failed(walk, clash) from None
            if code is self.statements[number].code:
                sizes.put(self.wholes, number, whole)
            if defines:
                sizes.put(self.shapes, defines, whole.shape)
                sizes.put(self.kinds, defines, whole.kind)
        sizes.run()

    # ------------------------------------------------------------ the end
    def finish(self, loose: bool = False) -> tuple[list[Inferred], dict[tuple[int, int], Shape]]:
        """The names that were found, and the sizes of constants, which must be known unless `loose`."""
        sizes = self.sizes
        sources = {n: self.source(n) for n in self.missing if n in self.shapes}
        self.name_sizes()
        constants = {k: sizes.settled(shape) for k, shape in self.constants.items()}
        for (number, at), shape in constants.items() if not loose else ():
            if any(n[0] in "?!" for d in shape for n in d.names):
                line = self.statements[number].line
                raise line.error(f"nothing here determines the size of {line.tokens[at]}", at, "write eye(n), or declare I" if
                                 line.tokens[at] == "I" else "write unit(i,n), select(i,k,n)" if
                                 line.tokens[at] in ("unit", "select") else "write eye(n), ones(n), zeros(m,n)")
        return [Inferred(n, sizes.settled(self.shapes[n]), source, n == "I", self.scope.words.get(n, frozenset()))
                for n, source in sources.items()], constants


def _whole(line: Line, at: int) -> tuple[int, int]:
    """A call, from its name to its bracket."""
    return at, closing(line.tokens, at + 1, ROUND)
