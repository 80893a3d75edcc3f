"""Numbers, sizes, names and helpers in one library's spelling."""

from __future__ import annotations

import re
from functools import partial
from collections.abc import Iterable

from ..language.expr import ONE, Dim, InputError, Shape
from ..language.shape import term_text
from .backend import Backend, Spelling, size_names
from .nodes import Node, Rational

SUM, PRODUCT, MATRIX, POWER, ATOM = range(5)
SHORT = {n for n in range(1, 101) if 1000 % n == 0}
Written = tuple[str, int]


class Sizes:
    """Sizes as the code writes them; those that it uses are noted."""

    def __init__(self, names: Iterable[str], shapes: Iterable[Shape]) -> None:
        self.spelled = Spelling(names)
        self.size_names = size_names(self.spelled, shapes)
        self.sizes: set[str] = set()

    def size(self, d: Dim) -> Written:
        """A size."""
        if d.number is not None:
            return str(d.number), ATOM
        self.sizes |= d.names
        terms = [term_text(t, self.size_name) for t in d.terms]
        return signed(terms), SUM if len(terms) > 1 else PRODUCT if "*" in terms[0] else ATOM

    def size_name(self, s: str) -> str:
        """A size as a Python name; a variable of the same name wins, so the size gets another."""
        if s not in self.size_names:
            self.size_names[s] = self.spelled.fresh(s)
        return self.size_names[s]


class Pieces(Sizes):
    """What is written by now, and the small parts it is made of."""

    def __init__(self, backend: Backend, names: Iterable[str], shapes: Iterable[Shape]) -> None:
        super().__init__(names, shapes)
        self.backend = backend
        self.text: dict[Node, Written] = {}
        self.uses: dict[Node, int] = {}
        self.chains: dict[Node, tuple[list[Node], Written]] = {}        # the factors of products, and how these are written
        self.solved: set[Node] = set()      # inverses that only meet a few vectors
        self.lengths: set[Node] = set()
        self.factorised: set[Node] = set()  # and those of which a factorisation is kept for all of them
        self.together: dict[Node, tuple[Node, ...]] = {}     # what belongs to a factorisation of which several parts are needed
        self.parts: dict[tuple[Node, ...], list[str]] = {}
        self.helpers: list[str] = []
        self.like = False
        self.rename()
        self.same = self.spelled.fresh("like")

    def rename(self) -> None:
        """Where a variable is called like a module or a helper, that gets underscores."""
        b, taken = self.backend, self.spelled.taken
        names = {m: self.spelled.fresh("_" + m) for m in b.modules if m in taken}
        names |= {h: self.spelled.fresh(h) for h in b.helpers if h in taken}
        self.renamed = names
        if names:
            pattern = re.compile(r"(?<![\w.])(" + "|".join(map(re.escape, names)) + r")\b")
            swap = partial(pattern.sub, lambda m: names[m[1]])
            self.backend = b._replace(
                modules={names.get(k, k): v for k, v in b.modules.items()}, functions={k: swap(v) for k, v in b.functions.items()},
                helpers={names.get(k, k): swap(v) for k, v in b.helpers.items()}, copied=swap(b.copied), scalars=swap(b.scalars))
        self.np = next(iter(self.backend.modules))
        self.math = names.get("math", "math")

    def at(self, node: Node, strength: int) -> str:
        """Code of at least this strength."""
        text, own = self.text[node]
        return text if own >= strength else f"({text})"

    def number(self, v: Rational) -> Written:
        """An exact number: decimal where that is short, a quotient where it is not."""
        if v.denominator == 1:
            return whole(v.numerator), ATOM if v >= 0 else PRODUCT
        if v.denominator in SHORT and -1000 < v < 1000:
            return repr(float(v)), ATOM if v >= 0 else PRODUCT
        return f"{whole(v.numerator)}/{whole(v.denominator)}", PRODUCT

    def span(self, first: Dim, count: Dim, n: Dim) -> str:
        """Places counted from 1 as an index or a slice counted from 0."""
        if count is ONE:
            return self.before(first)
        end = first + count
        start = "" if first is ONE else self.before(first)
        return f"{start}:{'' if end is n + ONE else self.before(end)}"

    def before(self, d: Dim) -> str:
        """A size less 1."""
        less = d - ONE
        return self.size(less)[0] if all(c > 0 for _, c in less.terms) else f"{self.size(d)[0]} - 1"

    def kind(self) -> str:
        """What a constant is made like."""
        self.like = self.like or self.backend.like
        return f", **{self.same}" if self.backend.like else ""

    def helper(self, name: str) -> str:
        """The name of a helper function; it is defined once, after those it calls."""
        name = self.renamed.get(name, name)
        if name not in self.helpers:
            for other in re.findall(r"\b_\w+(?=\()", self.backend.helpers[name]):
                if other != name and other in self.backend.helpers:
                    self.helper(other)
            self.helpers.append(name)
        return name


def signed(terms: Iterable[str]) -> str:
    """Terms with the signs between them.

    >>> signed(["a", "-b", "c"])
    'a - b + c'
    """
    return " + ".join(terms).replace(" + -", " - ")


def whole(n: int) -> str:
    """An integer as the libraries take it: one of more than 64 bits is written as a float.

    >>> whole(12), whole(2**70)
    ('12', '1.1805916207174113e+21')
    """
    if abs(n) < 2 ** 63:
        return str(n)
    try:
        return repr(float(n))
    except OverflowError:
        raise InputError(f"a number of {len(str(abs(n)))} digits is too large for floating point") from None
