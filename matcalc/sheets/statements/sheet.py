"""What a sheet says of its names: declarations, definitions, which of them vary, what shape they have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any
import re

from ... import judges
from ...language.shape import SCALAR, InputError
from ...language.traversal import reachable
from ...reading.declare import declarations
from ...reading.inference.statements import said
from ...reading.latex.whole_text import Redefined
from ...reading.latex.index_scope import Relation, Rows
from ...reading.latex.letters import FUNCTIONS
from ...reading.latex.macros import Macros
from ...reading.latex.names import NAME, NUMBER, Names
from ...reading.parse import problem
from ...reading.tokens import GREEK_NAMES
from ..parts.definition_parts import Definition, as_text, equation, ordered
from ..parts.formula import (DERIVATIVE, ZERO, Declared, constant, declared, declared_one_by_one, formula, inverted, quotient,
                             undeclared)
from ..parts.records import Assumption, Row, Word
from ..parts.variables import ALONE, by_convention, rank
from ..words.function_sentences import Spoken
from .laws import of_class, of_layer
from .rows import Statement
from ...patterns import pattern

VARIED = pattern(r"d\((\w+)\)")
SIZED = frozenset(("vector", "matrix", "ones", "zeros", "eye", "unit", "select", "comm", "unvec", "hstack", "vstack", "pi"))


class Sheet:
    """What is known of the names of a sheet, and the rows read so far."""

    def __init__(self) -> None:
        self.declare: list[str] = []
        self.define: list[Definition] = []
        self.assumed: list[Assumption] = []
        self.wrt: list[str] = []
        self.rows: list[Row] = []
        self.given_names: set[str] = set()
        self.promised: dict[str, str] = {}
        self.names = Names()
        self.names.shape, self.names.variable = self.shape, self.variable
        self.names.used, self.names.same = self.used, self.same
        self.names.size, self.names.law = self.size, self.by_law
        self.names.guessed = lambda text: self.shape(text, True)
        self.calls = self.names.arguments
        self.words: set[str] = set()
        self.below_d: set[str] = set()        # the names of several letters that something is differentiated by: Wh of dL/dWh
        self.text = ""
        self.macros: Macros = {}
        self.layout = "denominator"
        self.layout_said = False        # one that is not said may be another
        self.markup = False
        self.afresh: list[Redefined] = []
        self.code = False
        self.numpy = self.mixed = False
        self.structure: list[Word] = []
        self.maybe: list[Word] = []
        self.clash: set[str] = set()        # names of sizes that a sentence defines
        self.told: list[Row] = []           # definitions in sentences below the first line
        self.hoped: list[str] = []          # equations that may be meant
        self.labels: list[str] = []         # matrices of one-hot labels, of which no sentence says where they stand
        self.spoken: list[Spoken] = []      # what sentences say that names are made of, in words that are not read
        self.open = False
        self.constant: set[str] = set()
        self.unknown: set[str] = set()
        self.understood: list[str] = []
        self.passed: list[tuple[int, str]] = []
        self.unread: dict[str, int] = {}
        self.families: dict[str, Rows] = {}
        self.in_full: dict[str, set[str]] = {}      # sides with indices, and the matrices that are named in them besides their rows
        self.order: tuple[str, ...] = ()
        self.losses: set[str] = set()       # functions that are never applied: losses that nobody writes down
        self.parts: set[str] = set()        # undeclared names that may be parts of what is declared: A_11 beside A
        self.implied: dict[str, str] = {}
        self.relation: Relation | None = None
        self.domains: dict[str, str] = {}                   # words of structure that a declaration says of a function's argument
        self.pending = ""
        self.broken = False
        self.later: list[tuple[int, int, Statement, Row, frozenset[str]]] = []
        self.shapes: dict[tuple[str, int, int, bool], tuple[str, str] | None] = {}
        self.declaring: Callable[[list[str], list[str], bool], Any]   # the same file with these declarations, these functions known,
                                                                    # bars around vectors as norms
        self.limited: list[tuple[int, int]] = []        # words of structure under a condition, and the row it must get past to end
        self.entries_of, self.apart = tuple[str, ...](), False
        self.settled: dict[str, tuple[str, str]] = {}       # what is defined, and a declaration of its shape
        self.inferred: set[str] = set()     # names that were not declared where shapes were asked for

    def declared(self, text: str) -> None:
        """x in R^n, A in R^(m,n) symmetric; what is declared again counts once."""
        text = " ".join(text.replace("∈", " in ").replace("ℝ", "R").split())
        if self.names.resized and (declared(text) is not None or "->" in text):
            text = re.sub(r"(?<=R\^)(?:\([^()]*\)|\w+)", lambda m: self.names.with_sizes(m[0]), text)
        found = declared(text)
        if found and (single := declared_one_by_one(text)) != [text]:
            for one in single:
                self.declared(one)
            return
        name = found.name if found else ""
        if found and name == "eye" and re.fullmatch(r"R\^\((\w+),\s*\1\)", found.space):        # I \in R^{n x n}
            return
        if found and name in self.names.plain and self.declaration(name) is not None:
            self.structure += [Word(name, word, len(self.rows)) for word in found.words]
            return
        if found and name in self.names.bodies and name not in self.promised and not self.rows:      # X = UDV' of an X in R^(n,p)
            self.promised[name] = found.space
            self.structure += [Word(name, word, 0) for word in found.words]
            return
        other = inverted(self.names.bodies.get(name, "")) if not self.rows else ""
        if other and other not in self.names.plain:         # P = Sigma^-1 before P is declared: Sigma is what is defined by it
            self.forget(name)
            self.declare.append(text)
            self.names.declare(text)
            self.defined(other, f"inv({name})", 0)
            return
        if ":" in text and (text.partition(":")[0].strip() in self.losses or text in self.declare):
            return
        self.declare.append(text)
        self.names.declare(text.replace("∈", " in ").replace("→", "->"))

    def declaration(self, name: str) -> Declared | None:
        """What is declared of a name, if anything."""
        return next((found for found in map(declared, self.declare) if found is not None and found.name == name), None)

    def defined(self, name: str, body: str, number: int) -> None:
        """Enter a definition, z = W'*x."""
        self.define.append((name, body, number))
        self.names.plain.add(name)
        self.names.bodies[name] = body
        self.unread.pop(name, None)

    def by_law(self, name: str) -> None:
        """Define a^{l-1} by what is said of a^l, and a gradient of its kind with what it is taken by; f_1(x) by f_k(x)."""
        law, body = of_class(name, self.names.bodies, self.calls)
        if law:
            self.calls[name] = self.calls[law]
        else:
            body = of_layer(name, self.names.bodies, self.names.plain)
        if body:
            self.defined(name, body, 0)
            for inner in formula(body).by:
                self.by_law(inner)

    def forget(self, name: str) -> None:
        """Take back the definition of a name."""
        self.define = [entry for entry in self.define if entry[0] != name]
        self.names.plain.discard(name)
        self.names.bodies.pop(name, None)
        self.calls.pop(name, None)

    def line_of(self, at: int) -> int:
        """The number of the line that a place of the text is in."""
        return self.text.count("\n", 0, at) + 1

    def new(self, text: str) -> bool:
        """Whether a side is a name that has not been mentioned yet."""
        taken = text in self.names.plain or text in FUNCTIONS or text in SIZED - {"pi"}
        return bool(NAME.fullmatch(text)) and not taken and not self.moved(text)

    def unused(self, name: str) -> bool:
        """Whether no row, no definition and no assumption so far speaks of a name."""
        texts = [*(r.text for r in self.rows), *(body for _, body, _ in self.define), *(a.text for a in self.assumed)]
        return not any(name in formula(text).names for text in texts)

    def names_derivative(self, left: str, right: str) -> bool:
        """Whether d(f)/d(x) = g gives a name to the derivative of what is defined: nothing else has been said of g."""
        found = quotient(left.replace("'", ""))
        return found is not None and found[0] in self.names.bodies and self.new(right) and self.unused(right)

    def declared_only(self, name: str, body: str, entries: bool = False, stated: bool = False) -> bool:
        """Take a name as defined where nothing but its shape has been said so far, where its entries are given, or where a definition of
        what has indices above is stated; the shape is kept in `promised`."""
        found = self.declaration(name)
        if found is None or found.words or name in formula(body).names:
            return False
        used = not (stated and name in self.implied) and not self.unused(name)
        if self.moved(name) or not entries and (used or constant(body) and found.space != "R"):
            return False
        self.declare = undeclared(self.declare, {name})
        self.promised[name] = found.space
        return True

    def size(self, text: str) -> bool:
        """Whether this is the name of a size."""
        return text in declarations(self.declare).origins

    def clashes(self) -> set[str]:
        """The letters that are sizes and are defined as something else besides."""
        sizes = declarations(self.declare).origins
        return self.clash | {n for n, body in self.names.bodies.items() if n in sizes and body not in sizes and not constant(body)}

    def moved(self, name: str) -> bool:
        """Whether the lines so far take a name for a variable: by which they differentiate, or that they vary and use besides."""
        if name in self.unknown:
            return True
        rows = [r.text for r in self.rows]
        if any(name in formula(text).by for text in rows):
            return True
        if any(r.why is None and r.left and ZERO.fullmatch(r.right) and name in formula(r.left).names for r in self.rows):
            return True             # an equation that was set to zero is solved for it
        return any(name in formula(text).moved for text in rows) and any(
            re.search(rf"(?<!d\()\b{name}\b", text) for text in [*rows, *(body for _, body, _ in self.define)])

    def unsaid_so_far(self, name: str) -> bool:
        """Whether no line so far speaks of a name."""
        return not any(name in formula(r.text).names for r in self.rows)

    def introduced(self, name: str) -> bool:
        """Whether a name is declared, or defined, or an argument."""
        return name in self.names.plain or any(name in given for given in self.calls.values())

    def stands(self, name: str) -> bool:
        """Whether a name is introduced, or in a definition."""
        return self.introduced(name) or any(name in formula(body).names for _, body, _ in self.define)

    def differentiated_by(self, name: str) -> bool:
        """Whether the lines differentiate by a name that nothing introduces: one between two others."""
        return not self.introduced(name) and any(name in formula(r.text).by for r in self.rows)

    def shape(self, text: str, guessed: bool = False) -> tuple[str, str] | None:
        """The shape of an expression of declared and defined names; None where it is not sure, or, if it may be guessed, not known."""
        key = (text, len(self.declare), len(self.define), guessed)
        if key not in self.shapes:
            self.shapes[key], bodies = None, {n: b for n, b, _ in self.define}
            known = {n: d for n, (body, d) in self.settled.items() if bodies.get(n) == body}
            below = set(reachable(formula(text).names, lambda n: () if n in known else formula(bodies.get(n, "")).names))
            if not guessed and not self.inferred.isdisjoint(below - bodies.keys() - self.names.plain):
                return None
            with suppress(InputError, RecursionError):
                define = ordered([(n, self.of_shape(bodies[n]), 0) for n in bodies if n in below and n not in known])
                p = problem([*self.declare, *(known[n] for n in sorted(below & known.keys()))], as_text(define),
                            prove=f"{self.of_shape(text)} == {self.of_shape(text)}")
                if p.prove is not None and (guessed or not p.inferred):
                    self.shapes[key] = (str(p.prove[0].shape[0]), str(p.prove[0].shape[1]))
                self.inferred |= {i.name for i in p.inferred_from}
                if not p.inferred:
                    self.settled |= {n.name: (bodies[n.name], said(n.name, n.shape)) for n, _ in p.definitions}
        return self.shapes[key]

    def of_shape(self, text: str) -> str:
        """A text of the same shape without gradients of losses that nobody wrote down."""
        return DERIVATIVE.sub(lambda m: m[0] if m[1] in self.names.bodies or m[1] in self.names.plain else m[2], text)

    def same(self, one: str, two: str) -> bool:
        """Whether two expressions are proved to be equal."""
        words = [w for w in self.structure if w.everywhere]
        said = {d: [w.word for w in words if w.name == d.split()[0] and w.word not in d.split()] for d in self.declare}
        p = equation([" ".join([d, *dict.fromkeys(more)]) for d, more in said.items()], as_text(ordered(self.define)), one, two)
        return p is not None and judges.equation(p).kind == "proved"

    def used(self, name: str) -> tuple[str, str] | None:
        """The shape that a name which nothing declares has in the definitions so far."""
        if not NAME.fullmatch(name) or name in self.names.plain or not any(name in formula(body).names for _, body, _ in self.define):
            return None
        key = (name, len(self.declare), len(self.define), True)
        if key not in self.shapes:
            self.shapes[key] = None
            with suppress(InputError, RecursionError):
                p = problem(self.declare, as_text(ordered(self.define)), prove=f"{name} == {name}")
                found = (g.shape for g in p.inferred_from if g.name == name and g.shape != SCALAR)
                self.shapes[key] = next(((str(s[0]), str(s[1])) for s in found), None)
        return self.shapes[key]

    def variable(self, name: str) -> str | None:
        """The variable in a gradient of a defined name."""
        bodies = self.names.bodies
        made = reachable(formula(bodies.get(name, "" if NAME.fullmatch(name) else name)).names, lambda n: formula(bodies.get(n, "")).names)
        below = set(made) - FUNCTIONS - SIZED - self.names.functions.keys() - bodies.keys()
        words = {n for n in below if len(n) > 1 and n.isalpha() and n not in GREEK_NAMES and not self.names.known(n)}       # const
        below = below & set(self.calls.get(name, below)) or below
        below -= {n for n in below if self.size(n)} | (words if words < below else set())
        said = " ".join(r.text for r in self.rows)
        moved = below & (formula(said).by | formula(said).moved) - self.names.bodies.keys()
        wanted, pool = self.names.wanted, moved or below
        arrays = {n for n in pool if len(pool) > 1 and wanted != NUMBER != (self.shape(n) or self.used(n) or NUMBER)}
        found = by_convention(arrays if any(map(rank, arrays)) else pool)           # x in x'x + delta ||x||^2
        fitting = [n for n in sorted(pool) if self.shape(n) == wanted] if found is None and wanted is not None else []
        return fitting[0] if len(fitting) == 1 else found

    def last_derivatives(self, by: Sequence[str] = ()) -> list[str]:
        """The derivatives that a sentence about zero speaks of: of what was differentiated last, or defined last, by the names it says."""
        sides = [r.left or (r.right if r.role == "start" else "") for r in self.rows if r.why is None]
        found = [m for m in map(ALONE.fullmatch, sides) if m is not None]
        if found and not by:
            return list(dict.fromkeys(m[1] for m in found if m[2] == found[-1][2]))
        tops = [n for n, _, _ in self.define if not any(n in formula(body).names for _, body, _ in self.define)]
        tops += [m[1] for r in self.rows if r.why is None and (m := VARIED.fullmatch(r.left or "")) is not None and m[1] in tops]
        if found or not tops:
            return [f"d({found[-1][2]})/d({x})" for x in by] if found else []
        if by:
            return [f"d({tops[-1]})/d({x})" for x in by]
        given = self.calls.get(tops[-1], ())
        x = given[0] if len(given) == 1 else self.names.variable(tops[-1])
        return [f"d({tops[-1]})/d({x})"] if x is not None else []
