"""Statements about a matrix that is written out with dots, as statements about each of its entries."""

from __future__ import annotations

from ..reading.latex.cursor import ACCENTS, STYLES
from ..reading.latex.index_records import Rows
from ..reading.latex.layouts import SIGNS
from ..reading.latex.letters import TURNED
from ..reading.latex.macros import group
from ..reading.latex.names import NAME
from ..reading.latex.tokens import Token, Tokens
from .dotted import Cell, Dotted, bare_cell, dotted, own_entries
from .equalities import Equalities
from .rows import Statement


class InEntries(Equalities):
    """Reads them into statements with indices."""

    entries_of: tuple[str, ...] = ()

    def in_entries(self, s: Statement) -> Statement | None:
        """The statement about each entry, where a side of it is a matrix with dots; None where it says no more than how a name, a gradient
        or a Jacobian is written out."""
        if len(s.sides) == 2 and not s.goes_on and (sizes := own_entries(s.sides[1], self.single(s.sides[0]))):
            name = self.single(s.sides[0])
            if self.new(name):
                self.declared(f"{name} in R^({','.join(sizes)})")
            return None
        found = [dotted(side, self.text) for side in s.sides]
        known = [f for f in found if f is not None]
        if not known:
            if self.entries_of and s.goes_on and not any(t == r"\begin" for side in s.sides for t, _ in side):
                return s._replace(sides=tuple(_entry(side, self.entries_of) for side in s.sides))
            self.entries_of = self.entries_of if s.goes_on else ()
            return s
        one = known[0]
        if any((f.indices, f.diagonal, f.rows) != (one.indices, one.diagonal, one.rows) for f in known):
            return s
        if not s.goes_on and len(s.sides) == 2 and found[0] is None and (self.own(s.sides[0], one) or
                                                                         self.slopes(s.sides[0], one)):
            return None
        if one.from_zero or one.diagonal or one.rows:
            return s
        self.entries_of = one.indices
        each = (_entry(side, one.indices) if f is None else tuple((t, side[-1 if k else 0][1]) for k, t in enumerate(f.cell))
                for side, f in zip(s.sides, found, strict=True))
        return s._replace(sides=tuple(each))

    def own(self, side: Tokens, f: Dotted) -> bool:
        """Take x for the column of the x_i, X for the matrix of the x_ij or for the one with the rows x_i^T: whether this is it."""
        name = self.single(side)
        said = [t.lstrip("\\") for t in f.cell if t not in "{}()"]
        turned = said[-2:-1] == ["^"] and said[-1] in {t.lstrip("\\") for t in TURNED}
        base, label = (said[0] if said else ""), said[1:-2] if turned else said[1:]
        if not name or label not in (["_", *f.indices], ["^", *f.indices]):
            return False
        sizes = [f"{upper}+1" if f.from_zero else upper for upper in f.uppers]
        if f.diagonal:
            return False
        if turned or f.rows and name != base:
            self.families[base] = Rows(name, not turned, True)
            return True
        if name.lower() != base.lower() or f.rows and not self.names.known(name):
            return False
        if self.new(name) and NAME.fullmatch(name):
            self.declared(f"{name} in R^({','.join(sizes)})" if len(sizes) > 1 else f"{name} in R^({sizes[0]})")
        return True

    def slopes(self, side: Tokens, f: Dotted) -> bool:
        """Whether the entries of a derivative are written out; where the derivative is of a vector, its layout is said so."""
        cell, whole = _quotient(f.cell), _quotient(bare_cell(side))
        if cell is None:
            return False
        above, below = ([t for t in part if t not in ("{", "}")] for part in cell)
        up, down = ([i for i in f.indices if i in part] for part in (above, below))
        if whole is None:
            return bare_cell(side)[:1] == (r"\nabla",) and not up and bool(down)
        if [t for t in above if t not in (*up, "_")] != [t for t in whole[0] if t not in ("{", "}")] or \
                [t for t in below if t not in (*down, "_")] != [t for t in whole[1] if t not in ("{", "}")]:
            return False
        if len(up) == len(down) == 1 and len(f.indices) == 2 and self.layout == "denominator":
            self.layout = "mixed" if up == [f.indices[0]] else "denominator"
        return bool(down)


def _quotient(cell: Cell) -> tuple[Cell, Cell] | None:
    """What is differentiated, and by what."""
    tokens = [(t, k) for k, t in enumerate(cell)]
    if not tokens or tokens[0][0] != r"\frac":
        return None
    above, middle = group(tokens, 1)
    below, end = group(tokens, middle)
    signs = (r"\partial", "d", r"\dd")
    if end != len(tokens) or not above or not below or above[0][0] not in signs or below[0][0] not in signs:
        return None
    return tuple(t for t, _ in above[1:]), tuple(t for t, _ in below[1:])


def _entry(side: Tokens, indices: tuple[str, ...]) -> tuple[Token, ...]:
    """[..]_{ij}."""
    if not side or any(t in SIGNS for t, _ in side):
        return tuple(side)
    first, last = side[0][1], side[-1][1]
    if len(side) == 1 or side[0][0] in (*STYLES, *ACCENTS) and group(side, 1)[1] == len(side):
        return (*side, ("_", last), ("{", last), *((i, last) for i in indices), ("}", last))
    return (("[", first), *side, ("]", last), ("_", last), ("{", last), *((i, last) for i in indices), ("}", last))
