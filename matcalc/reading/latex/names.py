"""The names that a formula may hold: what is declared, which are functions, and of what."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from copy import copy
from typing import Any, Self

from ...language.shape import InputError
from ...records import Record
from .tokens import Token, Tokens, misread
from ...patterns import pattern

NAME = pattern(r"[A-Za-z_\u0370-\u03ff]\w*")
NUMBER = "1", "1"
SLOPES = pattern(r"\(*d\((\w+)\)/d\(\w+\)\)*'?|\(*d\(d\((\w+)\)/d\((\w+)\)\)/d\(\3\)\)*'?")         # of first or second order
QUOTIENT = pattern(r"\(?d\((\w+)\)/d\(\w+\)\)?'?")


class Ambiguity(Record):
    """Something with two readings, and the one that was taken; a `sure` one is only shown."""

    written: str
    reading: str
    sure: bool = False


class LetterUses(Record):
    """What a whole text uses its letters for, found before its first formula is read."""

    letters: Set[str] = frozenset()             # the capitals that stand by themselves somewhere
    parameters: Set[str] = frozenset()          # the number by which everything changes, and any of several: theta_j, theta
    pi_of: bool = False                         # whether pi with an index is not a number: pi_k, perhaps beside 2 pi
    divided_by_d: bool = False                  # whether d is a number by which the text divides
    by_sigma: bool = False                      # whether sigma is a number by which the text differentiates, and no function
    called: Mapping[str, str] = {}              # g, where a sentence calls it by the name of a function
    densities: Mapping[str, str] = {}           # phi, where it stands for Phi'
    squared: Set[str] = frozenset()             # letters of which the square is a name of its own: sigma^2, d^2
    called_e: bool = False                      # whether something is called e further down
    resized: Set[str] = frozenset()             # sizes that are called like something else
    jacobians: Mapping[str, str] = {}           # J, where a sentence says of which function it is the Jacobian
    layers: Set[str] = frozenset()              # the letters that number layers where they stand above a name
    words: Set[str] = frozenset()               # the names of several letters that a text spells out
    starred: Set[str] = frozenset()             # the letters that have a star where they stand by themselves
    primed: Set[str] = frozenset()              # the letters that have a prime as part of a name
    down: bool = False                          # whether softmax goes down the columns of a matrix
    one_is_identity: bool = False               # whether \mathbb 1 is an identity matrix, and no column of ones
    labels: Set[str] = frozenset()              # the letters below names that are part of these: k of \\mu_k and \\gamma_{nk}
    picks: Set[str] = frozenset()               # the letters that say which entry is meant: c of p_c for the class c
    points: Mapping[str, str] = {}              # the letter that a letter is applied to throughout a text
    defined_at: Set[str] = frozenset()          # those of which the text says somewhere what they are there
    summed: Set[str] = frozenset()              # the letters that sums of the text go over
    lengths: bool = False                       # whether bars around a vector are its norm
    singles: Mapping[str, str] = {}             # Wh, which is W_h
    velocities: frozenset[str] = frozenset()    # letters under a dot, which is a derivative
    variation: bool = False                     # whether a delta varies what is behind it


class Names:
    """The names that a formula may use: which are declared, defined, functions; what else is to be known of one is asked of its methods."""

    asks = False                                # whether what has two readings is refused, naming both; if not, one is chosen and told

    def __init__(self) -> None:
        self.line: Tokens = ()                  # the whole line, where something in it is refused, naming both
        self.equation = True
        self.sizes: set[str] = set()            # the names of sizes, where something is refused, naming both
        self.open: set[str] = set()             # names on lines before, which are not declared
        self.differentials = True               # whether an equation is one of differentials
        self.plain: set[str] = set()
        self.functions: dict[str, bool] = {}
        self.curves: set[str] = set()           # functions of a number
        self.arguments: dict[str, tuple[str, ...]] = {}
        self.bodies: dict[str, str] = {}
        self.uses = LetterUses()
        self.by_numbers: set[str] = set()       # x of f'(x), where f is defined by it
        self.entries: set[str] = set()
        self.opened: set[str] = set()           # functions that were written out where they are applied
        self.sets: dict[str, str] = {}          # the weights that stand for 1 where an index is in a set
        self.weighted: dict[str, str] = {}      # and how many there are
        self.triangle = ""                      # the matrix that stands for 1 where i < j
        self.thirds: dict[str, str] = {}        # the vectors that stand for a third free index

    def shape(self, text: str) -> tuple[str, str] | None:
        """The shape of an expression, in words; None where it is not known."""

    def guessed(self, text: str) -> tuple[str, str] | None:
        """The same, perhaps only by what its names are called."""

    def used(self, text: str) -> tuple[str, str] | None:
        """The shape that a name which nothing declares has where it is used."""

    def place(self, name: str, of: str) -> None:
        """Note that a name is a value of another one."""

    def same(self, one: str, two: str) -> bool:
        """Whether two expressions are known to be equal."""
        return one == two

    def body(self, name: str) -> str:
        """What a name is defined as, or assumed to be; empty where nothing says it."""
        return self.bodies.get(name, "")

    def size(self, name: str) -> bool:
        """Whether this is the name of a size."""
        return name in self.sizes

    def columns(self, text: str) -> set[str]:
        """Those among the names of a text that are columns."""
        return set()

    def variable(self, name: str) -> str | None:
        """What the gradient of a name is taken by, where nothing says it."""

    def bars(self) -> str:
        """What bars around a square matrix are, where they may be the determinant or the absolute values, and one was found to fit."""
        return ""

    def lengths(self, sign: str) -> bool:
        """Whether bars around a column are its length."""
        return False

    def by(self, name: str) -> bool:
        """Whether a question asks for the derivative by this name."""
        return False

    def law(self, name: str) -> None:
        """Define a name by what is said of any of its kind."""

    def of_line(self, tokens: list[Token], differentials: bool = True) -> list[Token]:
        """Take up the whole line that is read, and whether it is one of differentials, where it is an equation."""
        self.line, self.differentials = tuple(tokens), differentials
        return tokens

    def one_for_less(self, text: str) -> str:
        """The name of the matrix that stands for 1 where i < j, in a text that has no such letter."""
        self.triangle = self.triangle or next(n for n in ("T", "U", "M", "T_0")
                                              if not self.known(n) and not re.search(rf"(?<![A-Za-z]){n}(?![A-Za-z])", text))
        return self.triangle

    def weights(self, of: str, sizes: int, text: str) -> str:
        """The name of the weights that stand for 1 where indices are in a set, in a text that has no such letter."""
        if of not in self.sets:
            self.sets[of] = next(n for n in ("mwqe" if sizes == 1 else "MWHZ") if not self.known(n) and n not in self.sets.values() and
                                 not re.search(rf"(?<![A-Za-z]){n}(?![A-Za-z])", text))
        return self.sets[of]

    def used_as(self, **found: Any) -> None:
        """Take up what a text uses its letters for."""
        self.uses = self.uses._replace(**found)

    def declare(self, text: str) -> None:
        """The names in a declaration of the language."""
        if ":" in text and "->" in text:
            head, _, signature = text.partition(":")
            for name in head.split(","):
                source, target = signature.split("->")
                self.functions[name.strip()] = "R^" in target
                if source.strip() == "R":
                    self.curves.add(name.strip())
                self.plain.add(name.strip())
            return
        for part in re.findall(r"([\w, ]+?) in R", text):
            self.plain |= {n.strip() for n in part.split(",") if n.strip()}

    def misread(self, text: str, at: int, message: str, hint: str | None = None) -> InputError:
        """An error at a place in a text."""
        return misread(text, at, message, hint)

    def with_sizes(self, text: str) -> str:
        """A text of sizes, with other names for those that are called like something else."""
        return re.sub(r"[A-Za-z]\w*", lambda m: f"{m[0]}_size" if m[0] in self.uses.resized else m[0], text) if self.uses.resized else text

    def without(self, name: str) -> Self:
        """The names without the definition of one."""
        out = copy(self)
        out.bodies = {n: body for n, body in self.bodies.items() if n != name}
        return out

    def known(self, name: str) -> bool:
        """Whether it is declared or defined."""
        return name in self.plain

    def euler(self, name: str) -> bool:
        """Whether it is the number 2.718.."""
        return name == "e" and not self.uses.called_e and not self.known("e")

    def square(self, text: str) -> bool:
        """Whether it is a square matrix, perhaps by its letters only."""
        shape = self.shape(text) or self.guessed(text) or NUMBER
        return shape[0] == shape[1] != "1"

    def said_square(self, name: str) -> bool:
        """Whether a word that only square matrices have is said of a name."""
        return False

    def primes_of(self, name: str, x: str, primes: int) -> str:
        """f'(x) or f''(x) of a defined name, which is said of a number x: as a column or a matrix where f is one."""
        self.by_numbers.add(x)
        first = f"(d({name})/d({x}))"
        out = first if primes == 1 else f"(d{first}/d({x}))"
        rows, cols = self.shape(name) or self.guessed(name) or NUMBER
        if (rows, cols) == NUMBER or (self.shape(x) or NUMBER) != NUMBER:
            return out
        if cols == "1" and primes == 1:
            return f"(((({first}))'))"                  # in every layout
        return f"({out}')" if cols == "1" else f"unvec({out}', {rows}, {cols})"

    def resolved(self, name: str) -> bool:
        """Whether it is, perhaps without its underscore."""
        return name in self.plain or name.replace("_", "") in self.plain

    def resolve(self, name: str) -> str:
        """W_1 may have been declared as W1, and x_1 may be an entry."""
        joined = name.replace("_", "")
        if name not in self.plain and joined not in self.plain:
            self.law(name)
        return joined if name not in self.plain and joined in self.plain else self.uses.singles.get(name, name)

    def function(self, name: str) -> bool:
        """Whether it is an abstract function."""
        return name in self.functions

    def vector(self, name: str) -> bool:
        """Whether it is one with a vector for a value."""
        return self.functions.get(name, False)
