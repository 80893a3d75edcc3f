"""The names of a sheet as the readers of formulas ask for them: shapes, sizes, what a gradient is taken by, laws of layers."""

from __future__ import annotations

from collections.abc import Iterator, Set
import re
from contextlib import contextmanager, suppress
from typing import Protocol

from ... import judges
from ...language.operations import SQUARE_WORDS
from ...language.shape import SCALAR, InputError
from ...language.traversal import reachable
from ...reading.declarations.declare import declarations
from ...reading.grammar.tokens import GREEK_NAMES
from ...reading.inference.statements import said
from ...reading.latex.letters import FUNCTIONS
from ...reading.latex.names import NAME, NUMBER, Names
from ...reading.parse import problem
from ..parts.definition_parts import Definition, as_text, equation, ordered
from ..parts.formula import DERIVATIVE, formula
from ..parts.records import Row
from ..parts.variables import by_convention
from ...reading.problems.held_constants import rank
from .laws import of_class, of_layer
from .stated import Facts, Form

SIZED = frozenset(("vector", "matrix", "ones", "zeros", "eye", "unit", "select", "comm", "unvec", "hstack", "vstack", "pi"))


class Stated(Protocol):
    """What a sheet states, line by line."""

    declare: list[str]
    define: list[Definition]
    facts: Facts
    form: Form
    rows: list[Row]
    text: str

    def defined(self, name: str, body: str, number: int) -> None:
        """Enter a definition."""


class SheetNames(Names):
    """The names of a sheet: what it says of them where a formula is read. What is asked again is remembered."""

    def __init__(self, sheet: Stated) -> None:
        super().__init__()
        self.sheet = sheet
        self.wanted: tuple[str, str] | None = None      # the shape of what a gradient is said to be
        self.shapes: dict[tuple[str, int, int, bool], tuple[str, str] | None] = {}
        self.settled: dict[str, tuple[str, str]] = {}       # what is defined, and a declaration of its shape
        self.inferred: set[str] = set()                     # names that were not declared where shapes were asked for

    @contextmanager
    def wanting(self, shape: tuple[str, str] | None) -> Iterator[None]:
        """While a gradient of this shape is read."""
        self.wanted = shape
        try:
            yield
        finally:
            self.wanted = None

    def law(self, name: str) -> None:
        """Define a^{l-1} by what is said of a^l, and a gradient of its kind with what it is taken by; f_1(x) by f_k(x)."""
        law, body = of_class(name, self.bodies, self.arguments)
        if law:
            self.arguments[name] = self.arguments[law]
        else:
            body = of_layer(name, self.bodies, self.plain)
        if body:
            self.sheet.defined(name, body, 0)
            for inner in formula(body).by:
                self.law(inner)

    def body(self, name: str) -> str:
        """What a name is defined as, or assumed to be; empty where nothing says it."""
        facts = self.sheet.facts
        assumed = (formula(facts.assumed[j].text).sides[1] for j in reversed(facts.values([name])))
        return self.bodies.get(name, "") or next(assumed, "")

    def size(self, text: str) -> bool:
        """Whether this is the name of a size."""
        return text in declarations(self.sheet.declare).origins

    def shape(self, text: str) -> tuple[str, str] | None:
        """The shape of an expression of declared and defined names; None where it is not sure."""
        return self.shaped(text, False)

    def guessed(self, text: str) -> tuple[str, str] | None:
        """The same, where it may be guessed."""
        return self.shaped(text, True)

    def shaped(self, text: str, guessed: bool) -> tuple[str, str] | None:
        """The shape of an expression; None where it is not sure, or, if it may be guessed, not known."""
        key = (text, len(self.sheet.declare), len(self.sheet.define), guessed)
        if key not in self.shapes:
            self.shapes[key], bodies = None, {n: b for n, b, _ in self.sheet.define}
            known = {n: d for n, (body, d) in self.settled.items() if bodies.get(n) == body}
            shape = self.of_shape(text)
            below = set(reachable(formula(shape).names, lambda n: () if n in known else formula(bodies.get(n, "")).names))
            if not guessed and not self.inferred.isdisjoint(below - bodies.keys() - self.plain):
                return None
            with suppress(InputError, RecursionError):
                define = ordered([(n, self.of_shape(bodies[n]), 0) for n in bodies if n in below and n not in known])
                p = problem([*self.sheet.declare, *(known[n] for n in sorted(below & known.keys()))], as_text(define),
                            prove=f"{shape} == {shape}")
                if p.prove is not None and (guessed or not p.inferred):
                    self.shapes[key] = (str(p.prove[0].shape[0]), str(p.prove[0].shape[1]))
                self.inferred |= {i.name for i in p.inferred_from}
                if not p.inferred:
                    self.settled |= {n.name: (bodies[n.name], said(n.name, n.shape)) for n, _ in p.definitions}
        return self.shapes[key]

    def said_square(self, name: str) -> bool:
        """Whether a word that only square matrices have is said of a name."""
        return any(w.name == name and w.word in SQUARE_WORDS for w in self.sheet.facts.structure)

    def of_shape(self, text: str) -> str:
        """A text of the same shape without gradients of losses that nobody wrote down."""
        return DERIVATIVE.sub(lambda m: m[0] if m[1] in self.bodies or m[1] in self.plain else m[2], text)

    def place(self, name: str, of: str) -> None:
        """Note that a name is a value of another one: a number, where that is one."""
        if self.guessed(of) == ("1", "1") and not any(d.split()[0] == name for d in self.sheet.declare):
            self.sheet.declare.append(f"{name} in R")

    def same(self, one: str, two: str) -> bool:
        """Whether two expressions are proved to be equal."""
        words = [w for w in self.sheet.facts.structure if w.everywhere]
        said = {d: [w.word for w in words if w.name == d.split()[0] and w.word not in d.split()] for d in self.sheet.declare}
        p = equation([" ".join([d, *dict.fromkeys(more)]) for d, more in said.items()], as_text(ordered(self.sheet.define)), one, two)
        return p is not None and judges.equation(p).kind == "proved"

    def used(self, text: str) -> tuple[str, str] | None:
        """The shape that a name which nothing declares has in the definitions so far."""
        if not NAME.fullmatch(text) or text in self.plain or not any(text in formula(body).names for _, body, _ in self.sheet.define):
            return None
        key = (text, len(self.sheet.declare), len(self.sheet.define), True)
        if key not in self.shapes:
            self.shapes[key] = None
            with suppress(InputError, RecursionError):
                p = problem(self.sheet.declare, as_text(ordered(self.sheet.define)), prove=f"{text} == {text}")
                found = (g.shape for g in p.inferred_from if g.name == text and g.shape != SCALAR)
                self.shapes[key] = next(((str(s[0]), str(s[1])) for s in found), None)
        return self.shapes[key]

    def open_shapes(self, name: str) -> dict[str, tuple[str, str]]:
        """The shapes of what nobody declared, as a defined name with all it is made of has them."""
        made = set(reachable([name], lambda n: formula(self.bodies.get(n, "")).names))
        with suppress(InputError, RecursionError):
            p = problem(self.sheet.declare, as_text([entry for entry in ordered(self.sheet.define) if entry[0] in made]),
                        prove=f"{name} == {name}")
            return {g.name: (str(g.shape[0]), str(g.shape[1])) for g in p.inferred_from}
        return {}

    def variable(self, name: str) -> str | None:
        """The variable in a gradient of a defined name."""
        bodies = self.bodies
        def names(text: str) -> Set[str]:
            return formula(re.sub(r"\^T\b", "'", text)).names           # x^T of a plain line
        made = reachable(names(bodies.get(name, "" if NAME.fullmatch(name) else name)), lambda n: names(bodies.get(n, "")))
        below = set(made) - FUNCTIONS - SIZED - self.functions.keys() - bodies.keys()
        words = {n for n in below if len(n) > 1 and n.isalpha() and n not in GREEK_NAMES and not self.known(n)}       # const
        below = below & set(self.arguments.get(name, below)) or below
        below -= {n for n in below if self.size(n)} | (words if words < below else set())
        below -= {"n", "N"} if not below <= {"n", "N"} else set()            # how many there are
        said = " ".join(r.text for r in self.sheet.rows)
        moved = below & (formula(said).by | formula(said).moved) - self.bodies.keys()
        pool = moved or below
        arrays = {n for n in pool if len(pool) > 1 and self.wanted != NUMBER != (self.shape(n) or self.used(n) or NUMBER)}
        found = by_convention(arrays if any(map(rank, arrays)) else pool)           # x in x'x + delta ||x||^2
        fitting = [n for n in sorted(pool) if self.shape(n) == self.wanted] if found is None and self.wanted is not None else []
        if found is None and not fitting and not self.sheet.form.markup:           # what a line gives the value of: S = C/N
            fitting = [n for n in sorted(pool) if re.search(rf"(?m)(?:^|[:;,>]) *{n} *=(?![=>])", self.sheet.text)]
        return fitting[0] if len(fitting) == 1 else found
