"""The raw trees of a problem: every line is read, in its dialect, before any is shaped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache, partial

from ..dialects.context import Context
from ..declarations.declare import Declarations
from ..inference.statements import Asked, Inferred, Statement
from ..inference.hints import moves, powers
from ..grammar.kinds import usual
from ..inference.doubtful_names import asked_back, no_cross
from ..inference.undeclared import enter, to_be_found
from ..grammar.reader import Reader
from ..grammar.functions import Code
from ...language.nodes import Name
from ...language.shape import SCALAR, InputError, Shape, ShapeError
from ..grammar.tokens import Line, is_name, written
from ..dialects import lines as dialects
from ..inference import infer
from .doubtful_lines import slopes, suspicious, trees, twofold
from ...records import Record
from ..grammar import syntax_errors
from ...patterns import pattern

MOVING = pattern(r"(?:/ ?(?:d|∂)\(?|∇_) ?([A-Za-z]\w*?)(?:_[ijkl]{1,2})?\b")        # the x of df/dx, ∂f/∂x, ∇_x
Read = tuple[Reader, list[Code]]
Text = tuple[str, int | None, int, int]        # of a line, with its number and where it begins and ends
Constants = dict[tuple[int, int], Shape]
Shaped = tuple[list[Inferred], Constants, InputError | None]       # what was found, and why a claim or an equation does not fit


class Wanted(Record):
    """How many statements are given, which ones are claims or the left side of an equation, and by what is differentiated."""

    given: int
    claims: Sequence[int]
    equation: int | None
    wrt: str
    asked: Asked | None = None


class Assembly:
    """The raw trees of a problem: all are read first, then shaped together, then lowered. `wrt` is the variable asked for, if there
    is one; `moving` is what an equation differentiates by."""

    def __init__(self, scope: Declarations, wrt: str = "", moving: str = "") -> None:
        self.scope, self.wrt, self.moving, self.known = scope, wrt, moving, 0      # so many statements are known by their names
        self.statements: list[Statement] = []
        self.readers: list[Reader] = []
        self.defined: set[str] = set()
        self.used: dict[str, Reader] = {}       # each name, with the line that used it first
        self.readings: list[str] = []
        self.arguments: dict[str, tuple[str, ...]] = {}
        self.shapes: dict[str, Shape | None] = {}       # of what is defined in a dialect, each read once
        self.flat: dict[str, bool] = {}
        self.lines: dict[str, Line] = {}
        self.shapers: dict[str, Callable[[], Shape | None]] = {}
        self.said: dict[str, str] = {}

    def copy(self) -> Assembly:
        """A copy to read more into."""
        out = Assembly(self.scope.copy(), self.wrt, self.moving)
        out.known, out.statements, out.readers, out.readings = self.known, [*self.statements], [*self.readers], [*self.readings]
        out.defined, out.used, out.arguments, out.said = {*self.defined}, {**self.used}, {**self.arguments}, {**self.said}
        out.shapes, out.flat, out.lines = {**self.shapes}, {**self.flat}, {**self.lines}
        out.shapers = {name: partial(out.shape, name, line) for name, line in self.lines.items()}
        return out

    def around(self, equation: bool = False, defines: bool = False) -> Context:
        """What is known where the next line stands."""
        for s in (s for s in self.statements[self.known:] if s.defines):
            self.lines[s.defines], self.shapers[s.defines] = s.line, partial(self.shape, s.defines, s.line)
        self.known = len(self.statements)
        return Context(self.scope, self.shapers, equation, defines, self.arguments, lambda name: self.two_axes(name, self.lines[name]),
                      self.wrt or (self.moving if defines else ""), self.used, self.said)

    def knows(self, name: str) -> bool:
        """Whether a name is declared or defined, or is a size."""
        return name in self.scope.names or name in self.scope.origins or name in self.defined

    def shape(self, name: str, line: Line) -> Shape | None:
        """The shape of what a line defines."""
        if name not in self.shapes:
            self.shapes[name] = dialects.shape(line, self.around())
        return self.shapes[name]

    def two_axes(self, name: str, line: Line) -> bool:
        """Whether what a line defines is a vector that NumPy holds in two dimensions."""
        if name not in self.flat:
            self.flat[name] = dialects.apart(line, self.around())
        return self.flat[name]

    def read(self, line: Line, reading: Callable[[Line], Read], equation: bool = False, defines: bool = False) -> Read:
        """A line in the language; where that fails, or a name stands for a product or a transpose, as its dialect reads it."""
        try:
            found = reading(line)
        except InputError as error:
            if line.read is not None:
                raise
            other = dialects.read(line, self.around(equation, defines), error)
            found = reading(other)
        else:
            if line.read is not None or not suspicious(*found, self):
                return found
            try:
                other = dialects.read(line, self.around(equation, defines), None)
                again = reading(other) if other is not line else found
            except InputError:
                if twofold(*found, self):
                    raise
                return found
            if trees(*found) == trees(*again) or slopes(*found) - slopes(*again):     # d(L)/d(V) is none of d*L, even where d is declared
                return found
            found = again
        if other.read is not None and other.read != written(line.tokens[:-1]):
            self.readings.append(other.read)
        return found

    def expression(self, line: Line, side: bool = False) -> int:
        """A whole line as one expression, or a side of an equation; its number."""
        reader, codes = self.read(line, self.whole, side)
        return self.keep(reader, codes[0])

    def whole(self, line: Line, start: int = 0) -> Read:
        """The reader of a line from a token on, and what it reads."""
        reader = Reader(line, self.scope.functions, start)
        return reader, [reader.whole()]

    def keep(self, reader: Reader, code: Code, defines: str = "", equals: bool = False) -> int:
        """Enter a raw tree."""
        self.statements.append(Statement(reader.line, code, defines, equals))
        self.defined.add(defines)
        for name in reader.used:
            self.used.setdefault(name, reader)
        if not self.readers or self.readers[-1] is not reader:
            self.readers.append(reader)
        return len(self.statements) - 1

    def equation(self, line: Line, what: str, signs: tuple[str, ...] = ("==",)) -> int:
        """lhs == rhs; the number of its left side, the right one is next."""
        def sides(line: Line) -> Read:
            reader = Reader(line, self.scope.functions)
            left = reader.expression()
            token = reader.tokens[reader.i]
            if token not in signs and (token != "==" or line.read is None):
                raise (reader.error(f"{what} needs an equation: lhs {signs[0]} rhs") if token in ("", "=")
                       else syntax_errors.unexpected_token(reader))
            reader.i += 1
            return reader, [left, reader.whole()]
        reader, codes = self.read(line, sides, True)
        first = self.keep(reader, codes[0])
        self.keep(reader, codes[1], equals=True)
        return first

    def named(self, line: Line) -> Line:
        """A definition of a name that the language writes otherwise: z₁ = ..., f(x) = ..."""
        try:
            found = dialects.read(line, self.around(defines=True), None)
        except InputError:
            return line
        if found.read is not None:
            self.readings.append(found.read)
            self.arguments[found.tokens[0]] = dialects.arguments(line, self.around(defines=True))
        return found

    def definition(self, line: Line) -> int:
        """z = W'*x + b."""
        if line.tokens[1:2] not in ([], ["="]) or not line.tokens[0].isascii():
            line = self.named(line)
        tokens = line.tokens
        if not (is_name(tokens[0]) and tokens[0].isascii() and tokens[1] == "="):
            raise line.error("a definition has the form name = expression", 0 if not is_name(tokens[0]) else 1, "for example z = W'*x + b")
        name = tokens[0]
        if name in self.scope.origins:
            raise line.error(f"{name} is a size, from {self.scope.origins[name]}; a size cannot be defined", 0,
                             "declare it as in x in R^3, A in R^(n,n)")
        if name in self.scope.names:
            raise line.error(f"{name} is already declared; a definition needs another name", 0)
        if name in self.defined:
            raise line.error(f"{name} is defined twice", 0)
        if (r := self.used.get(name)) is not None:
            raise r.line.error(f"{name} is used before it is defined", r.tokens.index(name, 1), "put its definition first")
        reader, codes = self.read(line, partial(self.whole, start=2), defines=True)
        if name in reader.used:
            raise reader.line.error(f"{name} is defined in terms of itself", reader.tokens.index(name, 1))
        return self.keep(reader, codes[0], defines=name)

    def infer(self, wanted: Wanted, numbers: set[str]) -> Shaped:
        """The shapes of undeclared names and the sizes of constants; `numbers` are the declared scalars."""
        sized = {name for r in self.readers for name in r.sizes}
        for s in self.statements:
            if s.defines and s.defines in sized:
                raise s.line.error(f"{s.defines} is used as a size; a size cannot be defined", 0, "declare it as in x in R^3, A in R^(n,n)")
        for r in self.readers:
            no_cross(r, self.scope)
        missing = to_be_found(self.readers, self.statements, self.scope, wanted.wrt)
        if missing is None:
            return [], {}, None
        small = {n for n in missing if self.said.get(n) == "number"}
        try:
            found = self.found([n for n in missing if n not in small], wanted, numbers | small)
        except ShapeError:
            asked_back([Inferred(n, SCALAR, "") for n in missing], self.readers, self.scope, True, wanted.wrt)
            raise
        found = [*found[0], *(Inferred(n, SCALAR, "") for n in missing if n in small)], *found[1:]
        enter(found[0], self.scope)
        asked_back(found[0], self.readers, self.scope, found[2] is not None, wanted.wrt)
        return found

    def found(self, missing: Sequence[str], wanted: Wanted, numbers: set[str]) -> Shaped:
        """The same of these names; where no shapes fit, what is raised to a power and called like a scalar is a number: x.^2 + c^2."""
        try:
            out = self.fitted(missing, wanted, numbers)
            if out[2] is None:
                return out
            wrong = out[2]
        except ShapeError as error:
            out, wrong = None, error
        raised = {n for s in self.statements for n in powers(s.code) if n in missing and n != wanted.wrt and usual(n) == "scalar"}
        second = None
        with suppress(ShapeError):
            second = self.fitted([n for n in missing if n not in raised], wanted, numbers | raised) if raised else None
        if second is not None and second[2] is None:
            return [*second[0], *(Inferred(n, SCALAR, "", False) for n in raised)], *second[1:]
        if out is None:
            raise wrong
        return out

    def fitted(self, missing: Sequence[str], wanted: Wanted, numbers: set[str]) -> Shaped:
        """The same, with I the identity where it can be, and else a name like any other."""
        found = None
        if "I" in missing and wanted.wrt != "I" and not any(moves(s.code, "I") for s in self.statements):
            with suppress(ShapeError):
                found = self.shaped([n for n in missing if n != "I"], True, wanted, numbers)
        if found is None or found[2] is not None and "I" in missing:
            try:
                plain = self.shaped(missing, False, wanted, numbers)
                found = plain if found is None or plain[2] is None else found
            except InputError:
                if found is None:
                    raise
        return found

    def shaped(self, missing: Sequence[str], identity: bool, wanted: Wanted, numbers: set[str]) -> Shaped:
        """The same, with I the identity or a name."""
        timed = "t" in missing and wanted.equation is not None and any(moves(s.code, "t") for s in self.statements)
        for said in ({**self.said, "t": "scalar"}, self.said) if timed else (self.said,):       # d/dt is by a time, where that fits
            table = infer.Table(self.scope, self.statements, missing, identity, dict.fromkeys(numbers, "number"), said)
            try:
                wrong = table.ask(wanted.given, wanted.claims, wanted.equation, wanted.asked)
            except ShapeError:
                if said is self.said:
                    raise
                continue
            if said is self.said or wrong is None and not table.is_last("t"):
                break
        return *table.finish(), wrong

    def no_differential(self, number: int) -> None:
        """d(..) is for rules and claims."""
        line, code, _, _ = self.statements[number]
        if ats := [at for op, at, _ in code if op in ("d", "derivative")]:
            raise line.error("d(...) belongs in equations and claims; write the function itself here", ats[0])


@lru_cache(maxsize=64)      # a sheet asks much about the same definitions
def _kept(scope: Declarations, wrt: str, moving: str, define: tuple[Text, ...], assume: tuple[Text, ...]) -> Assembly:
    if assume:
        made = _kept(scope, wrt, moving, define, ()).copy()
        for text in assume:
            made.equation(Line(*text), "assume", ("=", "=="))
        return made
    made = _begun(scope, wrt, moving)
    for text in define:
        made.definition(Line(*text))
    return made


def _begun(scope: Declarations, wrt: str, moving: str) -> Assembly:
    made = Assembly(scope.copy(), wrt, moving)
    for name in [name for name in scope.names.values() if name.shape == SCALAR and "skew" in name.words]:
        made.scope.names[name.name] = Name(name.name, SCALAR, name.words - {"skew"})        # it is zero
    return made


def given(scope: Declarations, define: Sequence[Line], assume: Sequence[Line], wrt: str = "", equation: str = "") -> Assembly:
    """What is defined and assumed, read once, to read more into; `equation` is what is judged. The declarations must not change."""
    found = MOVING.search(equation) if equation else None
    moving = found[1] if found is not None else ""
    if not define and not assume:
        return _begun(scope, wrt, moving)
    lines = (tuple((line.text, line.number, line.start, line.end) for line in lines) for lines in (define, assume))
    return _kept(scope, wrt, moving, *lines).copy()
