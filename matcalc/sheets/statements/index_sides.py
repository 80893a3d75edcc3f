"""The sides of a statement with indices; one that cannot be read does not stop the others from being read."""

from __future__ import annotations

from collections.abc import Callable
import re

from ...language.shape import InputError
from ...reading.declarations.declare import declarations
from ...reading.latex.index_letters import Side, by_entries, head_of, paired, picked
from ...reading.latex.index_scope import Entrywise
from ...reading.latex.indexing import entrywise
from ...reading.latex.macros import group
from ...reading.latex.names import Ambiguity
from ..parts.formula import formula, undeclared
from ..parts.records import Row, Word
from .rows import Statement
from .sheet import Sheet
from .sheet_names import SheetNames
from .stated import Indexed
from ...patterns import pattern

SIZED = pattern(r"\b(?:ones|eye)\(([A-Za-z])\)")
INDEXED = pattern(r"[A-Za-z]_[ijkl](?![A-Za-z0-9])|\bdelta_[a-z]_?[a-z]\b")
SAID = r"\\(?:bar|overline)\s*\{{?[^=]{{0,12}}{}\s*\}}*\s*&?\s*:?="         # what the text itself defines
Read = Callable[[tuple[Side, ...]], Entrywise | None]


def with_indices(sheet: Sheet, s: Statement, row: Row, texts: list[str | InputError], head: str, before: set[str]) -> \
        tuple[Row, list[str | InputError]]:
    """The sides read in index notation, where they have indices that are not read otherwise."""
    order = sheet.indexed.order if s.goes_on else None
    sheet.of_indices(order=order or ())
    plain = not any(isinstance(t, InputError) or INDEXED.search(t) for t in texts) and not of_rows(sheet.indexed, s) and \
        not of_samples(sheet.names, s) and not any(speaks(s.sides, sheet.names) for speaks in (by_entries, paired, picked))
    if not order and (plain or not any(t in ("_", "^") for side in s.sides for t, _ in side)):
        return row, texts
    sides = s.sides[1:] if head else s.sides
    while True:
        try:
            sizes = {n for _, body, _ in sheet.define for n in SIZED.findall(body)} - sheet.names.plain
            sizes |= declarations(sheet.declare).origins.keys()
            found, bad = as_many_as_can(
                lambda some: entrywise(some, sheet.names, sheet.text, sheet.indexed.families, sizes, head, order),  # noqa: B023
                sides, order is not None or bool(head))
            if not bad or not column_below(sheet, sides):
                break
        except InputError as e:
            if not column_below(sheet, sides):
                return row, [e for _ in texts] if order else texts
    if found is None:
        return row, texts
    for text in found.declared:
        one = text.removesuffix(" in R")
        if text.split()[0] in bars(sheet, found) or one != text and any(re.search(rf"\^\(?{one}\b", t) for t in found.declared):
            continue                # n of 1/n, which is how many rows there are
        if text[0].isupper() and text[1:2] == " " and any(text[0] in formula(body).names for _, body, _ in sheet.define):
            continue                # C of a definition: a number or a matrix, as it is there
        name = text.split()[0]
        if sheet.names.uses.picks and re.search(rf"(?<![A-Za-z\\]){name}\}}?\s*&?\s*:?=", sheet.text):
            continue                # p of p_c, which the text defines
        if not any(name in formula(side).values for side in found.texts):
            continue                # O of d(L)/d(O), which may be defined below
        sheet.declared(text)
        sheet.implied[text.split()[0]] = text
    onehot = {f"e_{c}" for c in sheet.names.uses.picks} - {w.name for w in sheet.facts.structure}
    sheet.facts.say(*(Word(name, "simplex", 0) for name in sorted(onehot) if any(name in formula(side).names for side in found.texts)))
    sheet.of_indices(families=found.rows, order=found.order)
    sheet.names.entries.intersection_update(before)
    means = add_means(sheet, found)
    out: list[str | InputError] = [*found.texts] if sheet.indexed.relation is None else [*sheet.indexed.relation.of(found, sizes)]
    matrices, full = {r.matrix for r in found.rows.values()}, dict(sheet.indexed.in_full)
    for side, text in zip([side for k, side in enumerate(sides) if k not in bad], out, strict=True):
        full[str(text)] = full.get(str(text), set()) | matrices & {t for t, _ in side}
    sheet.of_indices(in_full=full)
    for k, alone in enumerate(texts[-len(sides):]):
        if k in bad:
            out.insert(k, alone if isinstance(alone, InputError) else bad[k])
    return row._replace(doubts=tuple(dict.fromkeys([*found.doubts, *means])), entries=True), [*([head] if head else []), *out]


def column_below(sheet: Sheet, sides: tuple[Side, ...]) -> bool:
    """Declare the columns that a name with an index is made of, z of s = softmax(z); whether there is one that nobody declared."""
    spare = [n for n in "nmkdpN" if not sheet.names.size(n) and not re.search(rf"(?<![A-Za-z\\]){n}(?![A-Za-z])", sheet.text)]
    heads = dict.fromkeys(head_of(side, k) for side in sides for k, (t, _) in enumerate(side) if t == "_" and k)
    for head in [h for h in heads if h in sheet.names.bodies]:
        columns = {n: rows for n, (rows, one) in sheet.names.open_shapes(head).items() if one == "1" != rows and n not in sheet.names.plain}
        called = dict(zip(dict.fromkeys(columns.values()), spare, strict=False))
        hot = sheet.implied.keys() & {f"e_{c}" for c in sheet.names.uses.picks} if called else set()        # whose size may be one of these
        sheet.declare = undeclared(sheet.declare, hot)
        sheet.implied = {n: text for n, text in sheet.implied.items() if n not in hot}
        for name, rows in columns.items() if len(called) == len({*columns.values()}) else ():
            sheet.implied[name] = f"{name} in R^{called[rows]}"
            sheet.declared(sheet.implied[name])
        if called and sheet.implied.keys() & columns.keys():
            return True
    return False


def of_rows(indexed: Indexed, s: Statement) -> bool:
    """Whether a statement speaks of x_i that are the rows of a matrix."""
    return any(t == "_" and k and head_of(side, k) in indexed.families for side in s.sides for k, (t, _) in enumerate(side))


def of_samples(names: SheetNames, s: Statement) -> bool:
    """Whether a statement speaks of x_i where x_1 was declared as a column."""
    heads = {head_of(side, k) for side in s.sides for k, (t, _) in enumerate(side)
             if t == "_" and k and [n for n, _ in group(side, k + 1)[0]] in (["i"], ["j"], ["n"], ["k"], ["t"])}
    samples = [f"{head}_{index}" for head in heads for index in "1inN"]
    shapes = [names.shape(name) for name in samples if names.known(name)]
    return any(shape is not None and shape[0] != "1" == shape[1] for shape in shapes)


def bars(sheet: Sheet, found: Entrywise) -> dict[str, str]:
    """The names like x_bar of which nothing is known, beside x_i that are the rows or the columns of X."""
    bars = {f"{x}_bar": x for x in found.rows if not re.search(SAID.format(x), sheet.text)}
    return {bar: x for bar, x in bars.items() if sheet.new(bar) and any(bar in formula(text).names for text in found.texts)}


def add_means(sheet: Sheet, found: Entrywise) -> list[Ambiguity]:
    """Define these as means, which they may not be."""
    out: list[Ambiguity] = []
    for bar, x in bars(sheet, found).items():
        matrix, columns, _ = found.rows[x]
        shape = sheet.names.shape(matrix)
        if shape is not None:
            body = f"(1/{shape[1]})*({matrix}*ones({shape[1]}))" if columns else f"(1/{shape[0]})*({matrix}'*ones({shape[0]}))"
            sheet.defined(bar, body, 0)
            sheet.understood.append(f"{bar} = {body}")
            out.append(Ambiguity(bar, f"the mean of {x}_i", False))
    return out


def as_many_as_can(read: Read, sides: tuple[Side, ...], goes_on: bool) -> tuple[Entrywise | None, dict[int, InputError]]:
    """What the sides are together, without those that cannot be read beside the first one; and why they cannot."""
    try:
        return read(sides), {}
    except InputError as e:
        first = () if goes_on else sides[:1]
        bad = {k: why for k in range(len(first), len(sides)) if (why := _misread(read, (*first, sides[k]))) is not None}
        if not bad or goes_on and len(bad) == len(sides):
            raise e
        return read(tuple(side for k, side in enumerate(sides) if k not in bad)), bad


def _misread(read: Read, sides: tuple[Side, ...]) -> InputError | None:
    try:
        read(sides)
    except InputError as e:
        return e
    return None
