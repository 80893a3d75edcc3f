"""The names that a formula may hold: what is declared, which are functions, and of what."""

from __future__ import annotations

import re
from collections.abc import Callable

from ...language.shape import InputError
from ...records import Record
from .tokens import Tokens, misread
from ...patterns import pattern

NAME = pattern(r"[A-Za-z_\u0370-\u03ff]\w*")
NUMBER = "1", "1"
QUOTIENT = pattern(r"\(?d\((\w+)\)/d\(\w+\)\)?'?")


class Ambiguity(Record):
    """Something with two readings, and the one that was taken; a `sure` one is only shown."""

    written: str
    reading: str
    sure: bool = False


class Names:
    """The names that a formula may use: their shapes, which are functions and of what."""

    def __init__(self) -> None:
        self.asks = False                       # whether what has two readings is refused, naming both; if not, one is chosen and told
        self.line: Tokens = ()                  # the whole line, where something in it is refused, naming both
        self.equation = True
        self.wrt = ""                           # the variable that a question asks for
        self.sizes: set[str] = set()            # the names of sizes, where something is refused, naming both
        self.open: set[str] = set()             # names on lines before, which are not declared
        self.differentials = True               # whether an equation is one of differentials
        self.plain: set[str] = set()
        self.functions: dict[str, bool] = {}
        self.curves: set[str] = set()       # functions of a number
        self.arguments: dict[str, tuple[str, ...]] = {}
        self.bodies: dict[str, str] = {}
        self.letters: set[str] = set()
        self.parameter = ""                     # the number by which everything changes: derivatives by it are differentials
        self.pi_of = False                      # whether pi with an index is no number: pi_k, perhaps beside 2 pi
        self.divided_by_d = False               # whether d is a number by which the text divides
        self.by_sigma = False                   # whether sigma is a number by which the text differentiates, and no function
        self.densities: dict[str, str] = {}     # phi, where it stands for Phi'
        self.squared: set[str] = set()          # letters of which the square is a name of its own: sigma^2, d^2
        self.called_e = False                   # whether something is called e further down
        self.by_numbers: set[str] = set()       # x of f'(x), where f is defined by it
        self.resized: set[str] = set()          # sizes that are called like something else
        self.jacobians: dict[str, str] = {}     # J, where a sentence says of which function it is the Jacobian
        self.layers: set[str] = set()           # the letters that number layers where they stand above a name
        self.words: set[str] = set()            # the names of several letters that a text spells out
        self.starred: set[str] = set()          # the letters that have a star where they stand by themselves
        self.primed: set[str] = set()           # the letters that have a prime as part of a name
        self.down = False                       # whether softmax goes down the columns of a matrix
        self.one_is_identity = False            # whether \mathbb 1 is an identity matrix, and no column of ones
        self.labels: set[str] = set()           # the letters below names that are part of these: k of \\mu_k and \\gamma_{nk}
        self.picks: set[str] = set()            # the letters that say which entry is meant: c of p_c for the class c
        self.points: dict[str, str] = {}        # the letter that a letter is applied to throughout a text
        self.defined_at: set[str] = set()       # those of which the text says somewhere what they are there
        self.summed: set[str] = set()           # the letters that sums of the text go over
        self.entries: set[str] = set()
        self.opened: set[str] = set()           # functions that were written out where they are applied
        self.lengths = False                    # whether bars around a vector are its norm
        self.triangle = ""                      # the matrix that stands for 1 where i < j
        self.thirds: dict[str, str] = {}        # the vectors that stand for a third free index
        self.singles: dict[str, str] = {}
        self.wanted: tuple[str, str] | None = None      # the shape of what a gradient is said to be
        self.variation = False
        self.shape: Callable[[str], tuple[str, str] | None] = lambda text: None
        self.same: Callable[[str, str], bool] = lambda one, two: one == two
        self.size: Callable[[str], bool] = lambda name: False
        self.used: Callable[[str], tuple[str, str] | None] = lambda name: None
        self.guessed: Callable[[str], tuple[str, str] | None] = lambda text: None
        self.columns: Callable[[str], set[str]] = lambda text: set()      # those among the names of a text
        self.variable: Callable[[str], str | None] = lambda name: None
        self.law: Callable[[str], None] = lambda name: None             # defines a name by what is said of any of its kind

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
        return re.sub(r"[A-Za-z]\w*", lambda m: f"{m[0]}_size" if m[0] in self.resized else m[0], text) if self.resized else text

    def known(self, name: str) -> bool:
        """Whether it is declared or defined."""
        return name in self.plain

    def euler(self, name: str) -> bool:
        """Whether it is the number 2.718.."""
        return name == "e" and not self.called_e and not self.known("e")

    def square(self, text: str) -> bool:
        """Whether it is a square matrix, perhaps by its letters only."""
        shape = self.shape(text) or self.guessed(text) or NUMBER
        return shape[0] == shape[1] != "1"

    def primes_of(self, name: str, x: str, primes: int) -> str:
        """f'(x) or f''(x) of a defined name, which is said of a number x: as a column or a matrix where f is one."""
        self.by_numbers.add(x)
        first = f"(d({name})/d({x}))"
        out = first if primes == 1 else f"(d{first}/d({x}))"
        rows, cols = self.shape(name) or self.guessed(name) or NUMBER
        if (rows, cols) == NUMBER or (self.shape(x) or NUMBER) != NUMBER:
            return out
        return f"({out}')" if cols == "1" else f"unvec({out}', {rows}, {cols})"

    def resolved(self, name: str) -> bool:
        """Whether it is, perhaps without its underscore."""
        return name in self.plain or name.replace("_", "") in self.plain

    def resolve(self, name: str) -> str:
        """W_1 may have been declared as W1, and x_1 may be an entry."""
        joined = name.replace("_", "")
        if name not in self.plain and joined not in self.plain:
            self.law(name)
        return joined if name not in self.plain and joined in self.plain else self.singles.get(name, name)

    def function(self, name: str) -> bool:
        """Whether it is an abstract function."""
        return name in self.functions

    def vector(self, name: str) -> bool:
        """Whether it is one with a vector for a value."""
        return self.functions.get(name, False)
