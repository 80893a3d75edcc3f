"""x_1 beside a declared vector x, and A_{12} beside a matrix A: their entries, where nothing on the sheet makes another thing of them."""

from __future__ import annotations

import re

from ...language.shape import SCALAR, InputError
from ...reading.declarations.declare import declarations
from ...reading.problems.shapes_of_lines import inferred
from ...reading.inference.statements import Inferred
from ..parts.definition_parts import as_text, ordered
from ..parts.formula import quotient, formula
from .sheet import Sheet
from .sheet_names import SheetNames
from ...patterns import pattern

NUMBERED = pattern(r"([A-Za-z\u0370-\u03ff]\w*?)_(\d+)(?:_(\d+))?")
MATRIX = pattern(r"(?<=inv\()\w+|(?<=det\()\w+|(?<=tr\()\w+|(?<=norm[2F]\()\w+|\b\w+(?=\)?\^\(-1\))|\b\w+(?=')|(?<=\()\w+(?=\)')")
SUBSCRIPT = pattern(r"_\s*\{?\s*\d|[\u2080-\u2089]")      # without one in the file there is nothing to look for


def entry_names(sheet: Sheet) -> tuple[dict[str, str], set[str]]:
    """The names of a sheet that mean entries, and how the language spells these, e_1 a unit vector where no number is meant; and those
    that could be entries by their spelling, and are used as vectors and matrices."""
    texts = [text for r in sheet.rows if r.why is None for text in (r.left or "", r.right)]
    texts += [body for _, body, _ in sheet.define]
    words = dict.fromkeys(w for text in texts for w in formula(text).names)
    named = {n for n, body, _ in sheet.define if quotient(body)}     # by d(f)/d(x_1) = x_2, as a new name for it
    new = {w for w in words if (not sheet.names.known(w) or w in named) and w not in sheet.names.arguments}
    found = {w: m for w in words if w in new and (m := NUMBERED.fullmatch(w)) is not None and f"{m[1]}_0" not in words}
    entries = {w: spelled for w, m in found.items() if (spelled := _entry(sheet.names, m))}
    basis = {w: f"unit({m[2]})" for w, m in found.items() if m[1] == "e" and not m[3] and not sheet.names.known("e")}
    several: set[str] = set()
    if entries:
        transposed = {w for text in texts for w in MATRIX.findall(text)}
        sizes = set(declarations(sheet.declare).origins)
        several = {found[g.name][1] for g in _inferred(sheet, False) if g.name in entries and g.shape != SCALAR and (
            g.name in transposed or g.source or sizes & {n for d in g.shape for n in d.names})}
    vectors = {g.name for g in _inferred(sheet, True) if g.shape != SCALAR} if basis else set()
    meant = {w: s for w, s in entries.items() if found[w][1] not in several} | {w: s for w, s in basis.items() if w in vectors}
    return meant, {w for w in entries if w not in meant}


def _entry(names: SheetNames, m: re.Match[str]) -> str:
    """x(1), A(1,2), also for a_{12}; empty where the base has no such entry."""
    small = len(m[1]) == 1 and m[1].islower() and not names.known(m[1])
    name = m[1].upper() if small else m[1]
    shape = names.shape(name) if names.known(name) and not names.function(name) else None
    if shape is None or shape == ("1", "1") or small and "1" in shape:
        return ""
    if "1" in shape:
        return f"{name}({m[2]})" if not m[3] and _within(m[2], shape[0] if shape[1] == "1" else shape[1]) else ""
    row, column = (m[2], m[3]) if m[3] else (m[2][:1], m[2][1:])
    inside = column and _within(row, shape[0]) and _within(column, shape[1])
    return f"{name}({row},{column})" if inside and (m[3] or len(column) == 1) else ""


def _within(number: str, size: str) -> bool:
    return int(number) > 0 and (not size.isdigit() or int(number) <= int(size))


def _inferred(sheet: Sheet, derivatives: bool) -> list[Inferred]:
    """The shapes of undeclared names; shapes of derivatives by entries say nothing of them."""
    chains: list[list[str]] = []
    for r in sheet.rows:
        if r.why is None and r.role not in ("condition", "conclusion") and (derivatives or "/d(" not in r.text):
            chains.append([side for side in (r.left, r.right) if side])
    try:
        return inferred(sheet.declare, as_text(ordered(sheet.define)), [a.text for a in sheet.facts.assumed], chains)
    except InputError:
        return []
