"""What a sheet says of its names: declarations, definitions, which of them vary, what shape they have."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from copy import copy
from typing import Any
import re

from ...language.shape import InputError
from ...reading.declarations.declare import declarations
from ...reading.latex.whole_text import Redefined
from ...reading.latex.letters import FUNCTIONS
from ...reading.latex.names import NAME
from ..parts.definition_parts import Definition, as_text, asked
from ..parts.formula import (ZERO, Declared, constant, declared, declared_one_by_one, formula, inverted, quotient,
                             undeclared)
from ..parts.neat import neat
from ..parts.records import Row, Word
from ..parts.variables import ALONE, LOSSES
from ..words.conclusions import form
from ..words.sentences import ALONE as SPOKEN_OF, APPOSED
from .rows import Statement
from .sheet_names import SIZED, SheetNames
from .stated import Facts, Form, Gap, Indexed, Layout, Unclear
from ...patterns import pattern

QUOTIENT = pattern(r"d\((\w+)\)/d\((\w+)\)")
VARIED = pattern(r"d\((\w+)\)")


class Sheet:
    """A sheet as it is read: how it is written, what it declares and defines, what its sentences say, and its rows so far."""

    def __init__(self) -> None:
        self.text = ""
        self.form, self.layout, self.gap, self.indexed = Form(), Layout(), Gap(), Indexed()
        self.declare: list[str] = []
        self.define: list[Definition] = []
        self.names = SheetNames(self)
        self.facts, self.unclear = Facts(), Unclear()
        self.rows: list[Row] = []
        self.understood: list[str] = []     # what the reader is told
        self.given_names: set[str] = set()
        self.promised: dict[str, str] = {}
        self.implied: dict[str, str] = {}
        self.domains: dict[str, str] = {}   # words of structure that a declaration says of a function's argument
        self.afresh: list[Redefined] = []
        self.minimal: dict[str, str] = {}           # the names of what values are said to be the minima of, by how these are written
        self.redeclares = False             # whether letters that are introduced again with other sizes are others
        self.clash: set[str] = set()        # names of sizes that a sentence defines
        self.told: list[Row] = []           # definitions in sentences below the first line
        self.losses: set[str] = set()       # functions that are never applied: losses that nobody writes down
        self.parts: set[str] = set()        # undeclared names that may be parts of what is declared: A_11 beside A
        self.later: list[tuple[int, int, Statement, Row, frozenset[str]]] = []
        self.declaring: Callable[[list[str], list[str], bool], Any]   # the same file with these declarations, these functions known,
                                                                    # bars around vectors as norms

    def but(self, **changes: Any) -> Sheet:
        """Another sheet, with other rows, definitions, or what else is named."""
        out = copy(self)
        vars(out).update(changes)
        return out

    def add(self, *rows: Row) -> None:
        """Enter rows."""
        self.rows += rows

    def without_rows(self, k: int) -> list[Row]:
        """Take off the rows from one on."""
        self.rows, off = self.rows[:k], self.rows[k:]
        return off

    def kept(self) -> tuple[Any, ...]:
        """What reading a statement may change."""
        return (self.rows, list(self.declare), list(self.define), set(self.names.plain), dict(self.names.bodies),
                dict(self.unclear.unread), dict(self.names.arguments))

    def back_to(self, kept: tuple[Any, ...]) -> None:
        """Undo the reading of a statement."""
        self.rows, self.declare, self.define, *of_names = kept
        now: tuple[Any, ...] = self.names.plain, self.names.bodies, self.unclear.unread, self.names.arguments
        for held, before in zip(now, of_names, strict=True):
            held.clear()
            held.update(before)

    def written(self, text: str, **form: Any) -> None:
        """Take up the text, and how it is written."""
        self.text, self.form = text, self.form._replace(**form)

    def laid_out(self, layout: str, said: bool = True) -> None:
        """Take up the layout of derivatives."""
        self.layout = Layout(layout, said)

    def left(self, pending: str = "", broken: bool = False) -> None:
        """Take up what a line leaves to the next one."""
        self.gap = Gap(pending, broken)

    def of_indices(self, **said: Any) -> None:
        """Take up what a line with indices says."""
        self.indexed = self.indexed._replace(**said)

    def assume(self, text: str, begins: int = 0, said: str = "{} is assumed", given: str = "") -> None:
        """Enter an assumption, and tell the reader."""
        self.facts.assume(text, begins, given)
        self.understood.append(said.format(neat(text)))

    def unknown_functions(self, found: Mapping[str, str]) -> None:
        """Take f(x) as a number f, of which nothing is said but that it depends on x."""
        for f, x in found.items():
            if f not in self.names.functions and not self.names.known(f):
                self.names.arguments[f] = (x,)
                self.implied[f] = f"{f} in R"
                self.declared(self.implied[f])

    def declared(self, text: str) -> None:
        """x in R^n, A in R^(m,n) symmetric; what is declared again counts once."""
        text = " ".join(text.replace("∈", " in ").replace("ℝ", "R").split())
        if self.names.uses.resized and (declared(text) is not None or "->" in text):
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
            self.facts.structure += [Word(name, word, len(self.rows)) for word in found.words]
            return
        if found and name in self.names.bodies and name not in self.promised and (not self.rows or self.may_be(name, found.space)):
            self.promised[name] = found.space            # X = UDV' of an X in R^(n,p)
            self.facts.structure += [Word(name, word, len(self.rows)) for word in found.words]
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

    def may_be(self, name: str, space: str) -> bool:
        """Whether nothing shows that a defined name has another shape."""
        with suppress(InputError):
            said = [*self.declare, f"{name}_declared in {space}"], as_text(self.define), (), None
            return asked(*said, prove=f"{name} == {name}_declared").ill_shaped is None
        return True

    def declaration(self, name: str) -> Declared | None:
        """What is declared of a name, if anything."""
        return next((found for found in map(declared, self.declare) if found is not None and found.name == name), None)

    def defined(self, name: str, body: str, number: int) -> None:
        """Enter a definition, z = W'*x."""
        self.define.append((name, body, number))
        self.names.plain.add(name)
        self.names.bodies[name] = body
        self.unclear.unread.pop(name, None)

    def forget(self, name: str) -> None:
        """Take back the definition of a name."""
        self.define = [entry for entry in self.define if entry[0] != name]
        self.names.plain.discard(name)
        self.names.bodies.pop(name, None)
        self.names.arguments.pop(name, None)

    def another(self, name: str, body: str, start: int) -> bool:
        """Take a defined letter for another one from a place on, where it is said to be something else; whether it is one."""
        name = next((a.letter for a in self.afresh if f"{a.letter}_{a.number}" == name), name)
        used = any(name in formula(other).names for other in (body, *self.names.bodies.values()))
        if len(name) != 1 or name not in self.names.bodies or self.names.bodies[name] == body or used:
            return False
        self.afresh[:] = [a._replace(end=start) if a.letter == name and a.end > start else a for a in self.afresh]
        self.afresh.append(Redefined(name, start, len(self.text), 2 + sum(a.letter == name for a in self.afresh)))
        return True

    def line_of(self, at: int) -> int:
        """The number of the line that a place of the text is in."""
        return self.text.count("\n", 0, at) + 1

    def new(self, text: str) -> bool:
        """Whether a side is a name that has not been mentioned yet."""
        taken = text in self.names.plain or text in FUNCTIONS or text in SIZED - {"pi"}
        return bool(NAME.fullmatch(text)) and not taken and not self.moved(text)

    def unused(self, name: str) -> bool:
        """Whether no row, no definition and no assumption so far speaks of a name."""
        texts = [*(r.text for r in self.rows), *(body for _, body, _ in self.define), *(a.text for a in self.facts.assumed)]
        return not any(name in formula(text).names for text in texts)

    def sets_to_zero(self) -> bool:
        """Whether a line so far sets something to zero."""
        return any(r.role == "condition" or r.why is None and ZERO.fullmatch(r.right) is not None for r in self.rows)

    def is_value(self, name: str, body: str) -> bool:
        """Whether something is a value of what a defined function is of, made of what else stands in the function."""
        of = formula(body).names - FUNCTIONS - SIZED
        slopes = [r for r in self.rows if r.why is None and formula(r.text).quotients]
        zero = self.sets_to_zero()
        loose = {f for r in slopes for f, _ in formula(r.text).quotients if zero and not any(name in formula(t.text).by for t in slopes)}
        return bool(of) and any((name in self.names.arguments.get(f, ()) or f in loose and name in formula(made).names)       # a multiplier
                                and of <= formula(made).names - {name} for f, made in self.names.bodies.items())

    def made_later(self, name: str, body: str) -> bool:
        """Whether a variable is said to be made of what nothing above speaks of: z = W*x + b, below dL/dz."""
        of = formula(body).names - FUNCTIONS - SIZED
        free = bool(NAME.fullmatch(name)) and name not in self.names.plain | self.facts.unknown and self.differentiated_by(name)
        free = free and not (self.sets_to_zero() or self.form.markup)
        return free and len(of) > 1 and all(self.unused(n) and not self.introduced(n) for n in of)

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

    def clashes(self) -> set[str]:
        """The letters that are sizes and are defined as something else besides."""
        sizes = declarations(self.declare).origins
        return self.clash | {n for n, body in self.names.bodies.items() if n in sizes and body not in sizes and not constant(body)}

    def moved(self, name: str) -> bool:
        """Whether the lines so far take a name for a variable: by which they differentiate, or that they vary and use besides."""
        if name in self.facts.unknown:
            return True
        rows = [r.text for r in self.rows]
        if any(name in formula(text).by for text in rows):
            return True
        if any(r.why is None and r.left and ZERO.fullmatch(r.right) and name in formula(r.left).names for r in self.rows):
            return True             # an equation that was set to zero is solved for it
        return any(name in formula(text).moved for text in rows) and any(
            re.search(rf"(?<!d\()\b{name}\b", text) for text in [*rows, *(body for _, body, _ in self.define)])

    def introduced(self, name: str) -> bool:
        """Whether a name is declared, or defined, or an argument."""
        return name in self.names.plain or any(name in given for given in self.names.arguments.values())

    def stands(self, name: str) -> bool:
        """Whether a name is introduced, or in a definition."""
        return self.introduced(name) or self.made_of(name)

    def differentiated_by(self, name: str) -> bool:
        """Whether the lines differentiate by a name that nothing introduces: one between two others."""
        return not self.introduced(name) and any(name in formula(r.text).by for r in self.rows)

    def last_derivatives(self, by: Sequence[str] = ()) -> list[str]:
        """The derivatives that a sentence about zero speaks of: of what was differentiated last, or defined last, by the names it says."""
        sides = [r.left or (r.right if r.role == "start" else "") for r in self.rows if r.why is None]
        found = [m for m in map(ALONE.fullmatch, sides) if m is not None and not m[1].endswith("_at_0)")]      # by a step that is 0
        if found and not by:
            return list(dict.fromkeys(m[1] for m in found if m[2] == found[-1][2]))
        tops = [n for n, _, _ in self.define if not any(n in formula(body).names for _, body, _ in self.define)]
        tops += [m[1] for r in self.rows if r.why is None and (m := VARIED.fullmatch(r.left or "")) is not None and m[1] in tops]
        if found or not tops:
            return [f"d({found[-1][2]})/d({x})" for x in by] if found else []
        tops = [f for f in tops if f in self.names.arguments or f in LOSSES] or tops         # f(x) rather than s = a'*x
        if by:
            return [f"d({tops[-1]})/d({x})" for x in by]
        given = self.names.arguments.get(tops[-1], ())
        x = given[0] if len(given) == 1 else self.names.variable(tops[-1])
        return [f"d({tops[-1]})/d({x})"] if x is not None else []

    def derivatives_in(self, words: str, whole: bool = True) -> list[str]:
        """What `the gradient is`, `its Hessian is` speaks of, or `the trace of the Hessian is` as the `whole` of a sentence."""
        found = SPOKEN_OF.search(words) or APPOSED.search(words)
        tops = [m.groups() for m in map(QUOTIENT.fullmatch, self.last_derivatives() if found is not None else ()) if m is not None]
        out = [(form(words[:found.start("kind")].rstrip(), found["kind"], self.names.guessed(x)), self.kind_of(found["kind"], f, x))
               for f, x in tops if found is not None]
        return [spelt.format(of) for spelt, of in out if spelt == "{}" or spelt and whole]

    def made_of(self, name: str) -> bool:
        """Whether a definition speaks of a name."""
        return any(name in formula(body).names for _, body, _ in self.define)

    def kind_of(self, kind: str, f: str, x: str) -> str:
        """The derivative of a kind, of f by x; a Jacobian has the derivatives of an entry in a row."""
        first = f"d({f})/d({x})"
        row = kind == "jacobian" and self.layout.name != "numerator"
        return f"d({first})/d({x})" if kind == "hessian" else f"({first})'" if row else first
