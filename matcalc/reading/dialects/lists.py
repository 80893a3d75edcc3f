"""Lists on a line of NumPy: np.hstack([A, B]), np.concatenate((x, y)), np.block([[A, B], [C, D]]), np.linalg.multi_dot([A, B, x])."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from .matching import text_of
from .pieces import Piece, one_dimensional, transposed
from ...language.shape import InputError
from .lexer import Sign

if TYPE_CHECKING:
    from .entries import Entries

ROWS = frozenset(("vstack", "row_stack"))
COLUMNS = frozenset(("hstack", "column_stack"))
ENDED = {"append": "hstack", "r_": "hstack", "c_": "column_stack"}       # without a list: np.append(x, 1), np.r_[x, 1]
ALONG = frozenset(("concatenate", "concat", "cat", "stack"))       # by their axis
OF_NUMBERS = frozenset(("array", "asarray", "tensor"))
LISTED = ROWS | COLUMNS | ALONG | OF_NUMBERS | ENDED.keys() | {"block", "multi_dot"}


def combined(reader: Entries, name: str, parts: Sequence[Piece], named: Mapping[str, Piece], start: int, end: int) -> Piece:
    """What a function of a list stands for. A vector has one dimension: side by side with another it is longer, and one below another
    they are rows."""
    def refuse(why: str) -> InputError:
        return reader.refuse(f"{name} of {why} is not read", start, "write blocks: [A, B] side by side, [A; B] one below another")

    axis = next((text_of(named[key]) for key in ("axis", "dim") if key in named), "0")
    if named.keys() - {"axis", "dim"}:
        raise reader.refuse(f"{name}(..., {', '.join(f'{k}={text_of(p)}' for k, p in named.items())}) cannot be read here", start)
    if name == "multi_dot":
        out = parts[0]
        for p in parts[1:]:
            out = reader.times(out, Sign("@", p.start, p.start), p)
        return out
    if name in OF_NUMBERS:
        lines = [list(row.items) or [row] for row in parts]
        if len({len(row) for row in lines}) > 1 or any(p.kind != "scalar" or p.items for row in lines for p in row):
            raise refuse("these")
        rows = [reader.stack("hstack", row, start, end) if len(row) > 1 else row[0] for row in lines]
        return reader.stack("vstack", rows, start, end)._replace(flat=not any(row.items for row in parts))
    if name == "block":
        if any(not row.items for row in parts) or any(p.kind != "matrix" for row in parts for p in row.items):
            raise refuse("what are not rows of matrices")
        lines = [reader.stack("hstack", list(row.items), start, end) for row in parts]
        return reader.stack("vstack", lines, start, end)
    longer = ENDED.get(name, name) == "hstack" and any(p.kind != "scalar" for p in parts)       # numbers are vectors of one entry there
    if any(p.items or p.kind == "" or (p.kind == "scalar" and not longer) for p in parts):
        raise refuse("these")
    flat = [one_dimensional(p) or p.kind == "scalar" for p in parts]
    if name in ("append", "r_") and not all(flat):
        raise refuse("arrays of two axes")
    name = ENDED.get(name, name)
    rows = name in ROWS or name == "stack" and axis == "0"             # as which a vector is laid beside others
    upright = name == "column_stack" or name == "stack" and not rows
    columns = [reader.column(p) for p in parts]
    if all(flat) and not rows and not upright:
        if axis == "1" and name != "hstack":
            raise refuse("vectors, which have one axis,")
        return reader.stack("vstack", columns, start, end)._replace(flat=True)
    if not all(flat) and (name == "stack" or any(flat) and not rows and not upright):
        raise refuse("arrays of these axes")
    beside = name in COLUMNS or not rows and axis in ("1", "-1")
    laid = [transposed(p, p.start, p.start) if f and rows else p for p, f in zip(columns, flat, strict=True)]
    return reader.stack("hstack" if beside else "vstack", laid, start, end)
