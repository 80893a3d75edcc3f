"""Random expressions of the language, typed by their shapes: a grammar says how each shape can be written, Random draws from it.

A shape is a word of size letters, "mn" for a matrix, "n1" for a column, "11" for a scalar. A way to write it is text with holes:
{ir} is an operand of that shape. In a row for "ij", i and j are the sizes asked for, whichever they are, I and J any but 1; r, s, t, u
are sizes drawn freely, the same all over the way. A hole {mn:0} is filled with a leaf, <i> is written as the size itself, and {#0}
repeats the operand number 0. A shape that begins with @ is only a name, of a choice of functions for one.

    >>> grammar = Grammar("n1 | x\\nmn | A\\nmm | S", "m1 | ({mr})*({r1})  S*({m1})\\nij | ({ij}) + ({ij})", "n")
    >>> Random(grammar, random.Random(5)).text("m1", 2)
    '((A)*(x)) + (S*((A)*(x)))'

A way may have other spellings, after a tilde, where {0}, {1} are the same operands by number. What a random tree means is the meaning
of its first spelling.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

HOLE = re.compile(r"\{(#?)([^{}:#]*)(?::(\d))?\}")
NUMBERED = re.compile(r"\{(\d+)\}")
WANTED, FREE = "ijIJ", "rstu"


class Hole(NamedTuple):
    """An operand of a shape, at most so deep if that is said."""

    shape: str
    depth: int | None


class Way(NamedTuple):
    """One way to write a shape: its holes, and each spelling with the holes by number."""

    holes: tuple[Hole, ...]
    spellings: tuple[str, ...]


class Tree(NamedTuple):
    """An expression: the spellings of its head, and its operands."""

    shape: str
    spellings: tuple[str, ...]
    parts: tuple[Tree, ...] = ()

    def text(self, spelling: int = 0, dressed: Callable[[str], str] = str) -> str:
        """In one of the spellings (the only one where there are no others); `dressed` may put brackets around an operand."""
        form = self.spellings[spelling if len(self.spellings) > 1 else 0]
        return NUMBERED.sub(lambda m: dressed(self.parts[int(m[1])].text(spelling, dressed)), form)


Rows = list[tuple[str, Way]]

# What every grammar of the language may have, with a choice of functions @f.
COMMON = """
ij | ({ij}) + ({ij})  ({ij}) - ({ij})  ({ij}).*({ij})  ({11})*({ij})  {@f}({ij})  ({ij})./(2 + ({ij}).^2)  ({ij}).^2
11 | ({r1})'*({r1})  sum({r1})  sum({rs})  tr({rr})  norm2({r1})  norm2({rs})  norm1({r1})  logsumexp({r1})  -({11})  ({11})^2
   ({11})/(2 + ({11})^2)
I1 | ({ir})*({r1})  softmax({i1})  diag({ii})  rowsum({ir})  colsum({ri})
IJ | ({ir})*({rj})  ({i1})*({j1})'  softmax({ij})  ({ji})'
II | diag({i1})  ({ii})*({ii})
"""


def way(text: str) -> Way:
    """A way as it is written in a grammar."""
    first, *others = (s.strip() for s in text.split("~"))
    holes = [Hole(m[2], int(m[3]) if m[3] else None) for m in HOLE.finditer(first) if not m[1]]
    numbers = iter(range(len(holes)))
    return Way(tuple(holes), (HOLE.sub(lambda m: f"{{{m[2] if m[1] else next(numbers)}}}", first), *others))


def rows(text: str) -> Rows:
    """The rows of a grammar: a shape, a bar, and ways with two blanks or an end of line between them; a line without a bar goes on."""
    out: Rows = []
    shape = ""
    for line in text.strip("\n").splitlines():
        name, bar, rest = line.partition("|")
        shape, rest = (name.strip(), rest) if bar else (shape, line)
        out += [(shape, way(part)) for part in re.split(r"\s{2,}", rest.strip()) if part]
    return out


def bound(pattern: str, shape: str) -> dict[str, str] | None:
    """The sizes the letters of a row stand for where a shape is wanted; None where the row has none of this shape."""
    if "@" in (pattern + shape):
        return {} if pattern == shape else None
    if len(pattern) != len(shape):
        return None
    found: dict[str, str] = {}
    for letter, size in zip(pattern, shape, strict=True):
        if letter not in WANTED:
            if letter != size:
                return None
        elif found.setdefault(letter.lower(), size) != size or letter.isupper() and size == "1":
            return None
    return found


class Grammar:
    """How every shape can be written: leaves, and what is made of operands.

    `names` is what stands at the ends, `forms` the rest. `early` is how often a leaf stands where there could be more, `longer` what
    may take the place of an expression of a shape, {=} standing for that expression itself, in brackets where it is more
    than a name, with the chance `rate`; `stray` how often
    an operand has another shape than its hole asks for, one of `astray`, unless a leaf must stand there; the reader must notice.
    """

    def __init__(self, names: str, forms: str, sizes: str = "", *, written: dict[str, str] | None = None, early: float = 0.12,
                 longer: str = "", rate: float = 0.35, stray: float = 0.0, astray: tuple[str, ...] = ()) -> None:
        self.names, self.forms, self.sizes, self.early = rows(names), rows(forms), sizes.split(), early
        self.longer, self.rate, self.stray, self.astray = rows(longer), rate, stray, astray
        self.written = written or {}

    @cached_property
    def _found(self) -> dict[tuple[int, str], list[tuple[Way, dict[str, str]]]]:
        return {}

    def ways(self, table: int, shape: str) -> list[tuple[Way, dict[str, str]]]:
        """The leaves (0), the forms (1) or the longer ways (2) of a shape, each with the sizes of its letters."""
        known = self._found
        if (table, shape) not in known:
            found = ((w, bound(pattern, shape)) for pattern, w in (self.names, self.forms, self.longer)[table])
            known[table, shape] = [(w, sizes) for w, sizes in found if sizes is not None]
        return known[table, shape]


class Random:
    """Draws expressions from a grammar."""

    def __init__(self, grammar: Grammar, rng: random.Random) -> None:
        self.grammar, self.rng = grammar, rng

    def text(self, shape: str, depth: int) -> str:
        """The text of a tree."""
        return self.tree(shape, depth).text()

    def tree(self, shape: str, depth: int) -> Tree:
        """An expression of this shape, with operands inside of operands at most so deep."""
        g, rng = self.grammar, self.rng
        leaves, forms = g.ways(0, shape), g.ways(1, shape)
        ends = not forms or leaves and (depth <= 0 or rng.random() < g.early)
        assert leaves or depth > -9, f"nothing ends {shape}"
        made = self._filled(shape, *rng.choice(leaves if ends else forms), depth - 1)
        longer = g.ways(2, shape)
        if longer and rng.random() < g.rate:
            return self._filled(shape, *rng.choice(longer), depth - 1, made)
        return made

    def _filled(self, shape: str, form: Way, sizes: dict[str, str], depth: int, itself: Tree | None = None) -> Tree:
        g, rng = self.grammar, self.rng
        sizes = {**sizes, **{letter: rng.choice(g.sizes) for letter in FREE if g.sizes}}
        parts = []
        for hole in form.holes:
            if hole.shape == "=":
                assert itself is not None
                parts.append(itself if itself.text().isalnum() else Tree(shape, ("({0})",), (itself,)))
                continue
            wanted = hole.shape if hole.shape.startswith("@") else "".join(sizes.get(c, c) for c in hole.shape)
            if g.stray and hole.shape[:1] != "@" and hole.depth is None and rng.random() < g.stray:
                wanted = rng.choice(g.astray)
            parts.append(self.tree(wanted, depth if hole.depth is None else min(depth, hole.depth)))
        spellings = tuple(re.sub(r"<(\w)>", lambda m: g.written.get(s := sizes.get(m[1], m[1]), s), s) for s in form.spellings)
        return Tree(shape, spellings, tuple(parts))

