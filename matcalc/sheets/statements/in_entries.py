"""Statements about a matrix that is written out with dots, as statements about each of its entries.

A column of c_1, \\dots, c_n has the entries c_i; a row (x_1, \\dots, x_n) is the list of the entries of x.
"""

from __future__ import annotations

from collections.abc import Sequence
import re

from ...reading.grammar.brackets import closing
from ...reading.latex.blocks import CELL, NEXT_ROW, SIGNS
from ...reading.latex.cursor import ACCENTS, STYLES
from ...reading.latex.index_scope import Rows
from ...reading.latex.letters import TURNED, OPEN
from ...reading.latex.macros import grid, group, parts
from ...reading.latex.names import NAME
from ...reading.latex.tokens import Token, Tokens
from ...records import Record
from .tex_sides import single_name
from .rows import Statement
from .sheet import Sheet
from ...patterns import pattern

ENTRIES = pattern(r"[(\[] [A-Za-z] _ [a-z] [a-z] [)\]](?: _ .*)?")

Cell = tuple[str, ...]
DOTS = r"\dots"
RULES = frozenset(("-", "—", "–", r"\to", r"\longleftarrow", r"\leftarrow", r"\rule"))       # around a row that is written as a whole
DIGITS = pattern(r"\d{2,}")
LETTERS = "ijklpqrs"


class Dotted(Record):
    """What each entry of a matrix is, by one index or two; how far these go; and whether only its diagonal is written."""

    cell: Cell
    indices: tuple[str, ...]
    uppers: tuple[str, ...]
    from_zero: bool = False
    diagonal: bool = False
    rows: bool = False


def dotted(side: Tokens, text: str) -> Dotted | None:
    """What a side that is a matrix with dots says of its entries; None where it is none, or where its entries follow no pattern."""
    transposed = len(side) > 2 and side[-2][0] == "^" and side[-1][0] in TURNED
    grid = _grid(side[:-2] if transposed else side) if DOTS in (t for t, _ in side) else []
    if transposed:
        grid = [list(row) for row in zip(*grid, strict=False)]
    grid = [row for row in grid if any(cell not in ((DOTS,), ()) for cell in row)]
    if not grid or len({len(row) for row in grid}) > 1:
        return None
    columns = [c for c in zip(*grid, strict=True) if any(cell not in ((DOTS,), ()) for cell in c)]
    return _pattern([list(row) for row in zip(*columns, strict=True)], text)


def own_entries(side: Tokens, name: str) -> tuple[str, ...]:
    """The sizes of a matrix of which all entries are written, each by its own name: (a_{11}, a_{12}; a_{21}, a_{22}) of A."""
    grid = _grid(side) if name else []
    high, wide = len(grid), len(grid[0]) if grid else 0
    for i, row in enumerate(grid, 1):
        for k, cell in enumerate(row, 1):
            said = [t.lstrip("\\") for t in cell if t not in "{}"]
            if len(row) != wide or said[:1] not in ([name], [name.lower()]) or said[1:] != ["_", str(i), *([str(k)] if wide > 1 else [])]:
                return ()
    sizes = (str(high), str(wide)) if wide > 1 else (str(high),)
    return sizes if high * wide > 1 else ()


def _grid(side: Tokens) -> list[list[Cell]]:
    """The cells of a side that is a matrix, without braces around one token, the digits of an index each for itself; none of any other."""
    part = side[1:-1] if len(side) > 2 and OPEN.get(side[0][0]) == side[-1][0] else side
    if not part or part[0][0] != r"\begin" or [t for t, _ in part].count(r"\begin") != 1:
        return []
    kind, start = group(part, 1)
    start = group(part, start)[1] if "array" in "".join(t for t, _ in kind) else start
    end = max((k for k, (t, _) in enumerate(part) if t == r"\end"), default=len(part))
    if group(part, end + 1)[1] != len(part):
        return []
    return [[bare_cell(cell) for cell in row] for row in grid(part[start:end], CELL, NEXT_ROW)]


def bare_cell(part: Tokens) -> Cell:
    """Tokens without their places, braces around one token of an index, and rules at the ends."""
    out: list[str] = []
    i = 0
    while i < len(part):
        token = part[i][0]
        out.append(token)
        i += 1
        if token in ("_", "^") and i < len(part):
            inner, i = group(part, i)
            said = [d for t, _ in inner if t not in (",", "{", "}") for d in (t if DIGITS.fullmatch(t) else [t])]
            out += said if len(said) == 1 else ["{", *said, "}"]
    while out and out[0] in RULES and out[-1] in RULES:
        out = out[1:-1]
    return tuple(out)


def _pattern(grid: list[list[Cell]], text: str) -> Dotted | None:
    """The cell with letters for what counts."""
    letters = [c for c in LETTERS if not re.search(rf"(?<![A-Za-z\\]){c}(?![A-Za-z])", text)] or [""]
    high, wide = len(grid), len(grid[0])
    if high == wide > 1 and all(grid[i][k] == ("0",) for i in range(high) for k in range(wide) if i != k):
        inside = _pattern([[grid[i][i]] for i in range(high)], text)
        return inside._replace(diagonal=True) if inside is not None else None
    down = _counted([row[0] for row in grid]) if high > 1 else None
    along = _counted(grid[0]) if wide > 1 else None
    if (high > 1 and down is None) or (wide > 1 and along is None) or (down is None and along is None) or len(letters) < 2:
        return None
    counts = [c for c in (down, along) if c is not None]
    if len(counts) == 2 and (set(counts[0][0]) & set(counts[1][0]) or counts[0][2] != counts[1][2]):
        return None
    cell, indices = list(grid[0][0]), letters[:len(counts)]
    for (places, *_), letter in zip(counts, indices, strict=True):
        for k in places:
            cell[k] = letter
    for i, row in enumerate(grid):
        for k, found in enumerate(row):
            values = [c[3][place] for c, place in ((down, i), (along, k)) if c is not None]
            put = dict(zip(indices, values, strict=True))
            if tuple(put.get(t, t) for t in cell) != found:
                return None
    return Dotted(tuple(cell), tuple(indices), tuple(c[1] for c in counts), counts[0][2], False, down is None)


def _counted(cells: Sequence[Cell]) -> tuple[tuple[int, ...], str, bool, tuple[str, ...]] | None:
    """Where cells differ by 1, 2, .. and a letter; the letter; whether they begin with 0; and the values."""
    first, last = cells[0], cells[-1]
    if len(first) != len(last):
        return None
    places = tuple(k for k, (a, b) in enumerate(zip(first, last, strict=True)) if a != b)
    if not places or len({first[k] for k in places}) > 1 or len({last[k] for k in places}) > 1:
        return None
    one, upper = first[places[0]], last[places[0]]
    if one not in ("0", "1") or not upper.isalpha() or upper in STYLES:
        return None
    values = [str(int(one) + k) for k in range(len(cells) - 1)] + [upper]
    return places, upper, one == "0", tuple(values)


def each_entry(sheet: Sheet, s: Statement) -> Statement | None:
    """The statement about each entry, where a side of it is a matrix with dots; None where it says no more than how a name, a gradient
    or a Jacobian is written out."""
    if len(s.sides) == 2 and not s.goes_on and (sizes := own_entries(s.sides[1], single_name(sheet, s.sides[0]))):
        name = single_name(sheet, s.sides[0])
        if sheet.new(name):
            sheet.declared(f"{name} in R^({','.join(sizes)})")
        return None
    found = [dotted(side, sheet.text) for side in s.sides]
    known = [f for f in found if f is not None]
    if not known:
        if sheet.indexed.entries_of and s.goes_on and not any(t == r"\begin" for side in s.sides for t, _ in side):
            return s._replace(sides=tuple(_entry(side, sheet.indexed.entries_of) for side in s.sides))
        sheet.of_indices(entries_of=sheet.indexed.entries_of if s.goes_on else ())
        return s
    one = known[0]
    if any((f.indices, f.diagonal, f.rows) != (one.indices, one.diagonal, one.rows) for f in known):
        return s
    if not s.goes_on and len(s.sides) == 2 and found[0] is None and (is_own(sheet, s.sides[0], one) or
                                                                     writes_slopes(sheet, s.sides[0], one)):
        return None
    if one.from_zero or one.diagonal or one.rows:
        return s
    sheet.of_indices(entries_of=one.indices)
    each = (_entry(side, one.indices) if f is None else tuple((t, side[-1 if k else 0][1]) for k, t in enumerate(f.cell))
            for side, f in zip(s.sides, found, strict=True))
    return s._replace(sides=tuple(each))


def is_own(sheet: Sheet, side: Tokens, f: Dotted) -> bool:
    """Take x for the column of the x_i, X for the matrix of the x_ij or for the one with the rows x_i^T: whether this is it."""
    name = single_name(sheet, side)
    said = [t.lstrip("\\") for t in f.cell if t not in "{}()"]
    transposed = said[-2:-1] == ["^"] and said[-1] in {t.lstrip("\\") for t in TURNED}
    base, label = (said[0] if said else ""), said[1:-2] if transposed else said[1:]
    if not name or label not in (["_", *f.indices], ["^", *f.indices]):
        return False
    sizes = [f"{upper}+1" if f.from_zero else upper for upper in f.uppers]
    if f.diagonal:
        return False
    if transposed or f.rows and name != base:
        sheet.of_indices(families={**sheet.indexed.families, base: Rows(name, not transposed, True)})
        return True
    if name.lower() != base.lower() or f.rows and not sheet.names.known(name):
        return False
    if sheet.new(name) and NAME.fullmatch(name):
        sheet.declared(f"{name} in R^({','.join(sizes)})" if len(sizes) > 1 else f"{name} in R^({sizes[0]})")
    return True


def writes_slopes(sheet: Sheet, side: Tokens, f: Dotted) -> bool:
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
    if len(up) == len(down) == 1 and len(f.indices) == 2 and sheet.layout.name == "denominator":
        sheet.laid_out("mixed" if up == [f.indices[0]] else "denominator", sheet.layout.said)
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


class Listed(Record):
    """The name of the entries, how far they go, where the list stands in a side, and whether it is transposed."""

    base: tuple[Token, ...]
    upper: str
    start: int
    end: int
    transposed: bool


def listed(side: Tokens) -> Listed | None:
    """The list with dots in a side: (x_1, .., x_n)^T is x, diag(w_1, .., w_n) is diag(w), [x_1, .., x_n] has these columns."""
    for k in [k for k, (token, _) in enumerate(side) if token in OPEN]:
        end = min(closing([t for t, _ in side], k, OPEN), len(side) - 1)
        found = [part for part in ([t for t in p if t[0] != r"\quad"] for p in parts(side[k + 1:end], (",", ";", "&"))) if part]
        cells = [bare_cell(part) for part in found]
        if cells.count((DOTS,)) != 1 or len(cells) < 3 or cells[-2] != (DOTS,):
            continue
        entries = cells[:-2] + cells[-1:]
        base, upper = entries[0][:-1], entries[-1][-1]
        if base[-1:] != ("_",) or [*entries] != [(*base, str(j)) for j in range(1, len(entries))] + [(*base, upper)] or not upper.isalpha():
            continue
        turned, behind = group(side, end + 2) if end + 1 < len(side) and side[end + 1][0] == "^" else ([], end + 1)
        prime = end + 1 < len(side) and side[end + 1][0] == "'"
        if turned and "".join(t for t, _ in turned) not in TURNED:
            return None
        name = found[0][:next(j for j, (t, _) in enumerate(found[0]) if t == "_")]
        return Listed(tuple(name), upper, k, behind + prime, bool(turned) or prime)
    return None


def of_its_entries(one: Tokens, two: Tokens) -> bool:
    """Whether two sides are A and (a_ij), or [A_ij]: a letter with two indices in brackets."""
    name, entries = ([t for t, _ in side if t not in STYLES and t not in "{},"] for side in (one, two))
    return len(name) == 1 and name[0].isupper() and ENTRIES.fullmatch(" ".join(entries)) is not None
