"""Sizes and shapes: polynomials in size names, and the errors that are about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Any
from weakref import WeakValueDictionary

from .interning import Table, kept


SHOWN = 1_000       # characters


class InputError(Exception):
    """Input that cannot be read or does not fit: `message`, a place (`line`, `column`, `source`) and a `hint` what to write.

    >>> print(InputError("unmatched )", 1, 5, "x'*x)", "remove it"))
    unmatched )
      x'*x)
          ^
      hint: remove it
    """

    kind = "InputError"

    def __init__(self, message: str, line: int | None = None, column: int | None = None,
                 source: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column
        self.source, self.hint = source, hint

    def __str__(self) -> str:
        out = self.message
        if self.source is not None and self.column is not None:
            where = f"line {self.line}: " if self.line and self.line > 1 else ""
            start = max(self.column - SHOWN // 2, 0) if len(self.source) > SHOWN else 0       # of a very long line what is near
            out += f"\n  {where}{self.source[start:start + SHOWN]}\n  {' ' * (len(where) + self.column - 1 - start)}^"
        if self.hint:
            out += f"\n  hint: {self.hint}"
        return out


class ShapeError(InputError):
    """Two sizes that should agree differ."""


Monomials = tuple[tuple[tuple[str, ...], int], ...]


def term_text(term: tuple[tuple[str, ...], int], spelled: Callable[[str], str] = str) -> str:
    """A term of a size: 2*m*n."""
    names, count = term
    return "*".join([*([str(count)] if count != 1 or not names else []), *map(spelled, names)])


class Dim:
    """A size: a polynomial in size names with integer coefficients; interned, so equality is identity.

    >>> str(Dim.of("n") + Dim.of(1)), Dim.of("m") * Dim.of("n") is Dim.of("n") * Dim.of("m")
    ('n+1', True)
    """

    __slots__ = ("__weakref__", "letter", "names", "number", "scalar", "terms", "text")
    _known = Table()
    _short: WeakValueDictionary[str | int, Dim] = WeakValueDictionary()

    terms: Monomials
    names: frozenset[str]
    number: int | None
    text: str
    letter: bool        # whether it is a name by itself
    scalar: Any         # the expression it is where a scalar is meant, once it was asked for (constants.py)

    def __init__(self, terms: Monomials) -> None:
        self.terms = terms
        self.names = frozenset(n for names, _ in terms for n in names)
        self.number = (terms[0][1] if terms else 0) if not self.names else None
        self.text = "+".join(map(term_text, terms)) or "0"
        self.letter = len(terms) == 1 and len(terms[0][0]) == terms[0][1] == 1
        self.scalar = None

    @classmethod
    def _make(cls, terms: dict[tuple[str, ...], int]) -> Dim:
        key = tuple(sorted(((k, v) for k, v in terms.items() if v), key=lambda kv: (-len(kv[0]), kv[0])))
        weak = cls._known.get(key)
        found: Dim | None = None if weak is None else weak()
        return kept(cls._known, key, Dim(key)) if found is None else found

    @classmethod
    def of(cls, value: str | int | Dim) -> Dim:
        """The size called so, or that number."""
        if isinstance(value, Dim):
            return value
        found = cls._short.get(value)
        if found is None:
            found = cls._make({(): value} if isinstance(value, int) else {(value,): 1})
            cls._short[value] = found
        return found

    def __add__(self, other: Dim) -> Dim:
        out = dict(self.terms)
        for names, count in other.terms:
            out[names] = out.get(names, 0) + count
        return Dim._make(out)

    def __mul__(self, other: Dim) -> Dim:
        if self is ONE:
            return other
        if other is ONE:
            return self
        out: dict[tuple[str, ...], int] = {}
        for a, x in self.terms:
            for b, y in other.terms:
                names = tuple(sorted(a + b))
                out[names] = out.get(names, 0) + x * y
        return Dim._make(out)

    def __sub__(self, other: Dim) -> Dim:
        out = dict(self.terms)
        for names, count in other.terms:
            out[names] = out.get(names, 0) - count
        return Dim._make(out)

    def where(self, size: Callable[[str], Dim]) -> Dim:
        """This size where its names stand for others."""
        total = Dim.of(0)
        for names, count in self.terms:
            term = Dim.of(count)
            for n in names:
                term = term * size(n)
            total = total + term
        return total

    def value(self, sizes: Mapping[str, int]) -> int:
        """This size where the names have these values."""
        total = 0
        for names, count in self.terms:
            for n in names:
                count *= sizes[n]
            total += count
        return total

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Dim({self.text})"


ONE = Dim.of(1)


def at_most(a: Dim, b: Dim) -> bool | None:
    """Whether a <= b whatever the sizes, each of which is at least 1; None where it depends on them.

    >>> at_most(Dim.of("m"), Dim.of("m") + Dim.of("n")), at_most(Dim.of("n") + ONE, Dim.of("n")), at_most(Dim.of(3), Dim.of("n"))
    (True, False, None)
    >>> at_most(Dim.of("m"), Dim.of("m") * Dim.of("n"))
    True
    """
    terms = (b - a).terms
    counts = [count for names, count in terms if names]
    least = sum(count for _, count in terms)
    if any(len(names) > 1 for names, _ in terms):       # m*n - m is (m - 1)*(n - 1) + (n - 1), for sizes that begin at 0
        from_zero: dict[tuple[str, ...], int] = {}
        for names, count in terms:
            for k in range(1, len(names) + 1):
                for some in combinations(names, k):
                    from_zero[some] = from_zero.get(some, 0) + count
        counts = list(from_zero.values())
    if least >= 0 and all(count >= 0 for count in counts):
        return True
    return False if least < 0 and all(count <= 0 for count in counts) else None
Shape = tuple[Dim, Dim]
SCALAR: Shape = (ONE, ONE)


def show_shape(shape: Shape) -> str:
    """A shape in words: `m x n` or `scalar`.

    >>> show_shape((Dim.of('m'), Dim.of('n'))), show_shape(SCALAR)
    ('m x n', 'scalar')
    """
    if shape == SCALAR:
        return "scalar"
    return f"{shape[0]} x {shape[1]}"
