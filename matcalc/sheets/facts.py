"""What a sheet says of its names: declarations, definitions, which of them vary, what shape they have."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from .. import judges
from ..reading.declare import declarations
from ..reading.inference.statements import said
from ..reading.parse import problem
from ..language.shape import SCALAR, InputError
from ..language.traversal import reachable
from .definition_parts import WORDS, Definition, as_text, equation, ordered
from .exercises import Redefined
from .records import Assumption, Row, Word
from ..reading.latex.index_scope import Relation, Rows
from .rows import Statement
from ..reading.latex.macros import Macros
from ..reading.tokens import GREEK_NAMES
from .function_sentences import Spoken
from ..reading.latex.letters import FUNCTIONS
from .variables import ALONE, BY, D_OF_NAME, by_convention
from ..reading.latex.names import NAME, QUOTIENT, Names

SIZED = frozenset(("vector", "matrix", "ones", "zeros", "eye", "unit", "select", "comm", "unvec", "hstack", "vstack", "pi"))
COMMA = re.compile(r",(?![^()]*\))")
INVERSE = re.compile(r"inv\((\w+)\)|\(*(\w+)\)*\^\(-1\)")
ZERO = re.compile(r"\(*(?:0(?:\*(?:ones|vector)\([^()]*\))?|zeros\([^()]*\))\)*")
DERIVATIVE = re.compile(r"\bd\((\w+)\)/d\((\w+)\)")
MEMBER = re.compile(r"(.+?) in (R\S*)(.*)", re.S)


def unbracketed(text: str) -> str:
    """The text without brackets around a name that is all of it, or all that is differentiated.

    >>> unbracketed("(L)"), unbracketed("d((L))/d(W)")
    ('L', 'd(L)/d(W)')
    """
    return re.sub(r"^\((\w+)\)$|(?<=\bd\()\((\w+)\)(?=\))", lambda m: m[1] or m[2], text)


def constant(text: str) -> bool:
    """Whether a text contains no name."""
    rest = re.sub(r"\b(?:zeros|ones|eye|vector)\b(?:\([^()]*\))?", "", text)
    return all(word in FUNCTIONS | {"hstack", "vstack"} for word in re.findall(r"[A-Za-z_]\w*", rest))


class Facts:
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
        self.names.size = self.size
        self.names.guessed = lambda text: self.shape(text, True)
        self.calls = self.names.arguments
        self.words: set[str] = set()
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
        self.waiting: dict[int, Statement] = {}
        self.shapes: dict[tuple[str, int, int, bool], tuple[str, str] | None] = {}
        self.declaring: Callable[[list[str], list[str], bool], Any]   # the same file with these declarations, these functions known,
                                                                    # bars around vectors as norms
        self.settled: dict[str, tuple[str, str]] = {}       # what is defined, and a declaration of its shape

    def declared(self, text: str) -> None:
        """x in R^n, A in R^(m,n) symmetric; what is declared again counts once."""
        text = " ".join(text.replace("∈", " in ").replace("ℝ", "R").split())
        found = MEMBER.fullmatch(text)
        if self.names.resized and (found is not None or "->" in text):
            text = re.sub(r"(?<=R\^)(?:\([^()]*\)|\w+)", lambda m: self.names.with_sizes(m[0]), text)
            found = MEMBER.fullmatch(text)
        if found and (single := _one_by_one(text)) != [text]:
            for one in single:
                self.declared(one)
            return
        if found and found[1].strip() in self.names.plain and any(MEMBER.fullmatch(d.replace("∈", " in ")) and
                                                                  d.split()[0] == found[1].strip() for d in self.declare):
            self.structure += [Word(found[1].strip(), word, len(self.rows)) for word in found[3].split()]
            return
        name = found[1].strip() if found else ""
        if found and name in self.names.bodies and name not in self.promised and not self.rows:      # X = UDV' of an X in R^(n,p)
            self.promised[name] = found[2]
            self.structure += [Word(name, word, 0) for word in found[3].split()]
            return
        inverted = INVERSE.fullmatch(self.names.bodies.get(name, "")) if not self.rows else None
        other = (inverted[1] or inverted[2]) if inverted is not None else ""
        if other and other not in self.names.plain:         # P = Sigma^-1 before P is declared: Sigma is what is defined by it
            self.define = [entry for entry in self.define if entry[0] != name]
            del self.names.bodies[name]
            self.names.plain.discard(name)
            self.declare.append(text)
            self.names.declare(text)
            self.defined(other, f"inv({name})", 0)
            return
        if ":" in text and (text.partition(":")[0].strip() in self.losses or text in self.declare):
            return
        self.declare.append(text)
        self.names.declare(text.replace("∈", " in ").replace("→", "->"))

    def defined(self, name: str, body: str, number: int) -> None:
        """Enter a definition, z = W'*x."""
        self.define.append((name, body, number))
        self.names.plain.add(name)
        self.names.bodies[name] = body
        self.unread.pop(name, None)

    def new(self, text: str) -> bool:
        """Whether a side is a name that has not been mentioned yet."""
        taken = text in self.names.plain or text in FUNCTIONS or text in SIZED - {"pi"}
        return bool(NAME.fullmatch(text)) and not taken and not self.moved(text)

    def unused(self, name: str) -> bool:
        """Whether no row, no definition and no assumption so far speaks of a name."""
        texts = [*(f"{r.left or ''} {r.right}" for r in self.rows), *(body for _, body, _ in self.define), *(a.text for a in self.assumed)]
        return not any(re.search(rf"\b{name}\b", text) for text in texts)

    def names_derivative(self, left: str, right: str) -> bool:
        """Whether d(f)/d(x) = g gives a name to the derivative of what is defined: nothing else has been said of g."""
        found = QUOTIENT.fullmatch(left)
        return found is not None and found[1] in self.names.bodies and self.new(right) and self.unused(right)

    def declared_only(self, name: str, body: str, entries: bool = False) -> bool:
        """Take a name as defined where nothing but its shape has been said so far, or where its entries are given; the shape is kept in
        `promised`."""
        declared = (MEMBER.fullmatch(d.replace("∈", " in ")) for d in self.declare)
        found = next((m for m in declared if m is not None and m[1].strip() == name), None)
        if found is None or found[3].strip() or re.search(rf"\b{name}\b", body):
            return False
        if self.moved(name) or not entries and (not self.unused(name) or constant(body) and found[2] != "R"):
            return False
        self.declare = [d for d in self.declare if MEMBER.fullmatch(d.replace("∈", " in ")) is None or d.split()[0] != name]
        self.promised[name] = found[2]
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
        rows = [f"{r.left or ''} {r.right}" for r in self.rows]
        if any(name in BY.findall(text) for text in rows):
            return True
        if any(r.why is None and r.left and ZERO.fullmatch(r.right) and re.search(rf"\b{name}\b", r.left) for r in self.rows):
            return True             # an equation that was set to zero is solved for it
        return any(name in D_OF_NAME.findall(text) for text in rows) and any(
            re.search(rf"(?<!d\()\b{name}\b", text) for text in [*rows, *(body for _, body, _ in self.define)])

    def unsaid_so_far(self, name: str) -> bool:
        """Whether no line so far speaks of a name."""
        return not any(name in WORDS.findall(f"{r.left or ''} {r.right}") for r in self.rows)

    def differentiated_by(self, name: str) -> bool:
        """Whether the lines differentiate by a name that is no argument and that nothing defines or declares: one between two others."""
        given = {n for names in self.calls.values() for n in names}
        known = name in self.names.plain or name in self.names.bodies or name in given
        return not known and any(name in BY.findall(f"{r.left or ''} {r.right}") for r in self.rows)

    def shape(self, text: str, guessed: bool = False) -> tuple[str, str] | None:
        """The shape of an expression of declared and defined names; None where it is not sure, or, if it may be guessed, not known."""
        key = (text, len(self.declare), len(self.define), guessed)
        if key not in self.shapes:
            self.shapes[key], bodies = None, {n: b for n, b, _ in self.define}
            known = {n: declared for n, (body, declared) in self.settled.items() if bodies.get(n) == body}
            below = set(reachable(WORDS.findall(text), lambda n: () if n in known else WORDS.findall(bodies.get(n, ""))))
            with suppress(InputError, RecursionError):
                define = ordered([(n, self.of_shape(bodies[n]), 0) for n in bodies if n in below and n not in known])
                p = problem([*self.declare, *(known[n] for n in sorted(below & known.keys()))], as_text(define),
                            prove=f"{self.of_shape(text)} == {self.of_shape(text)}")
                if p.prove is not None and (guessed or not p.inferred):
                    self.shapes[key] = (str(p.prove[0].shape[0]), str(p.prove[0].shape[1]))
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
        if not NAME.fullmatch(name) or name in self.names.plain or not any(re.search(rf"\b{name}\b", body) for _, body, _ in self.define):
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
        below, waiting, seen = set(), [self.names.bodies.get(name, "" if NAME.fullmatch(name) else name)], {name}
        while waiting:
            for word in re.findall(r"[A-Za-z_\u0370-\u03ff]\w*", waiting.pop()):
                if word in self.names.bodies and word not in seen:
                    seen.add(word)
                    waiting.append(self.names.bodies[word])
                elif word not in FUNCTIONS | SIZED and word not in self.names.functions and word not in self.names.bodies:
                    below.add(word)
        words = {n for n in below if len(n) > 1 and n.isalpha() and n not in GREEK_NAMES and not self.names.known(n)}       # const
        below = below & set(self.calls.get(name, below)) or below
        below -= {n for n in below if self.size(n)} | (words if words < below else set())
        said = " ".join(f"{r.left or ''} {r.right}" for r in self.rows)
        moved = below & ({*BY.findall(said), *D_OF_NAME.findall(said)} - set(self.names.bodies))
        found = next(iter(moved)) if len(moved) == 1 else by_convention(moved or below)
        wanted = self.names.wanted
        fitting = [n for n in sorted(moved or below) if self.shape(n) == wanted] if found is None and wanted is not None else []
        return fitting[0] if len(fitting) == 1 else found

    def last_derivatives(self, by: Sequence[str] = ()) -> list[str]:
        """The derivatives that a sentence about zero speaks of: those of the function that was differentiated last, or that of what
        was defined last, by the names that it says."""
        sides = [r.left or (r.right if r.role == "start" else "") for r in self.rows if r.why is None]
        found = [m for m in map(ALONE.fullmatch, sides) if m is not None]
        if found and not by:
            return list(dict.fromkeys(m[1] for m in found if m[2] == found[-1][2]))
        tops = [n for n, _, _ in self.define if not any(re.search(rf"\b{n}\b", body) for _, body, _ in self.define)]
        if found or not tops:
            return [f"d({found[-1][2]})/d({x})" for x in by] if found else []
        if by:
            return [f"d({tops[-1]})/d({x})" for x in by]
        given = self.calls.get(tops[-1], ())
        x = given[0] if len(given) == 1 else self.names.variable(tops[-1])
        return [f"d({tops[-1]})/d({x})"] if x is not None else []


def _one_by_one(text: str) -> list[str]:
    """A, B in R^(n,n) symmetric, x in R^n as a declaration of each name."""
    if ":" in text:
        return [text]
    out: list[str] = []
    names: list[str] = []
    for part in COMMA.split(text):
        found = MEMBER.fullmatch(part.strip())
        name = part.strip() if found is None else found[1].strip()
        (names if found or not name or NAME.fullmatch(name) else out).append(name)
        if found is not None:
            out += [f"{name} in {found[2]}{found[3]}" for name in names]
            names = []
    return out if not names else [text]
