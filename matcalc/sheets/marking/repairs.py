"""What makes definitions fit that do not: declarations of single letters of which nothing is known, or other bodies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
import re

from ...language.expr import SCALAR, InputError
from ...patterns import pattern
from ...reading.grammar.brackets import terms
from ...reading.problems.shapes_of_lines import inferred
from ...reading.latex.letters import FUNCTIONS
from ...reading.latex.names import NAME
from ...records import Record
from ..parts.definition_parts import Definition, as_text, equation, ordered
from ..parts.formula import formula
from ..parts.records import chains
from ..statements.by_entries import with_powers
from ..statements.sheet import Sheet
from .setting import Setting

BARE = pattern(r"\b(eye)\b(?!\()|\bvector\(1\)")
NO_NUMBERS = pattern(r"'|\b(?:sum|norm\w+|tr|ones|softmax)\(")
Definitions = list[Definition]
OUTER = pattern(r"\*\s*(?:\w+|\([^()]*\))'$")         # delta*x', the derivative by a matrix


class Repair(Record):
    """Declarations, other bodies by name, and what is told of them."""

    declare: list[str] = []
    bodies: dict[str, str] = {}
    told: list[str] = []


def letters_declared(s: Setting, good: Definitions, bad: Definitions) -> Repair:
    """Letters of which nothing is known declared as numbers, or one as a matrix."""
    sheet = s.sheet
    outer = {x for r in sheet.rows if r.why is None and r.left and OUTER.search(r.right) for x in formula(r.left).by} - sheet.names.plain
    def the_only(space: str, fits: Callable[[Definition, str], bool]) -> list[str]:
        each = [[d for n in (*letters(sheet, entry), *sorted(outer & formula(entry[1]).names))
                 if fits(entry, d := f"{n} in {space.format(n)}")] for entry in bad]
        each = [[d for d in found if d.split()[0] in sheet.names.by_numbers] or found for found in each]
        return list(dict.fromkeys(found[0] for found in each if len(found) == 1))
    return Repair([] if sheet.form.numpy else
                  the_only("R", lambda entry, d: is_scalar(sheet.declare, [*good, entry], entry[0], d)) or
                  the_only("R^({0}_m,{0}_n)", lambda entry, d: (f"({d.split()[0]})'" in entry[1] or d.split()[0] in outer) and
                           fit(sheet.declare, (*good, entry), [d])) or
                  only_numbers(sheet, good, bad))


def letters(sheet: Sheet, entry: Definition) -> list[str]:
    """The small names in a definition of which nothing is known; t of g'(t) is one."""
    free = sheet.names.by_numbers - sheet.names.plain
    return [n for n in formula(entry[1]).names if n.islower() and (n in free or sheet.new(n))]


def fit(declare: Sequence[str], define: Iterable[Definition], more: Iterable[str] = ()) -> bool:
    """Whether definitions fit with more declarations."""
    return equation([*declare, *more], as_text(ordered([*define])), "1", "1") is not None


def is_scalar(declare: Sequence[str], define: Definitions, name: str, declared: str) -> bool:
    """Whether a definition fits with one more declaration, and is a scalar, not all of its names being numbers: y of (1 - y*w'*x)^2."""
    p = equation([*declare, declared], as_text(define), name, name)
    others = [g for g in p.inferred_from if not declared.startswith(f"{g.name} ")] if p is not None else []
    return p is not None and p.sides[0].shape == SCALAR and (not others or any(g.shape != SCALAR for g in others))


def only_numbers(sheet: Sheet, good: Definitions, bad: Definitions) -> list[str]:
    """All letters of definitions as numbers where these fit then, and nothing on the sheet is transposed, summed or has a norm:
    t*log(q) + (1 - t)*log(1 - q)."""
    said = " ".join([*(r.text for r in sheet.rows), *(b for _, b, _ in (*good, *bad))])
    free = sheet.facts.unknown | {n for _, b, _ in bad for n in formula(b).names - FUNCTIONS - sheet.names.plain
                                  if sheet.new(n) or sheet.moved(n)}
    names = dict.fromkeys(n for _, b, _ in bad for n in formula(b).names if n in free)
    declared = [f"{n} in R" for n in names]
    small = not NO_NUMBERS.search(said) and not any(n[0].isupper() for n in names)
    return declared if small and fit(sheet.declare, (*good, *bad), declared) else []


def columns_added(sheet: Sheet, body: str) -> list[str]:
    """The declared columns that are terms of a sum."""
    shapes = {c: sheet.names.shape(c) for _, term in terms(body) if NAME.fullmatch(c := term.strip())}
    return [c for c, shape in shapes.items() if shape is not None and shape[1] == "1" != shape[0]]


def with_column(body: str, c: str, way: str) -> str:
    """A sum with a term in another way."""
    return re.sub(rf"(?<![\w.*]){c}(?![\w.*'])", way.format(c), body)


def bodies_by_entries(s: Setting, good: Definitions, bad: Definitions) -> Repair:
    """Definitions of LaTeX that fit only where their powers and fractions go entry by entry, sqrt(1 + r^2) of a column r, or where a
    column stands beside each row or column of a matrix, X*W + b; else those as diag(A) of a matrix with which others fit only where
    that is the diagonal matrix, w'*D*w, and not the column."""
    sheet = s.sheet
    if not sheet.form.markup:
        return Repair()
    out: dict[str, str] = {}
    for name, body, k in bad:
        others = [(n, out.get(n, b), k) for n, b, k in bad if n != name]
        spread = [with_powers(body)]
        for c in [t.strip() for _, t in terms(body) if NAME.fullmatch(t.strip())]:
            if (shape := sheet.names.shape(c)) is not None and shape[1] == "1" != shape[0]:
                alone = re.compile(rf"(?<![\w.*]){c}(?![\w.*'])")
                spread += [alone.sub(f"vector(1)*{c}'", body), alone.sub(f"{c}*vector(1)'", body), alone.sub(f"{c}'", body)]
        fits = next((b for b in spread if b != body and (
            fit(sheet.declare, (*good, *others, (name, b, k))) or fit(sheet.declare, (*good, (name, b, k))))), "")
        out |= {name: fits} if fits else {}
    if out:
        return Repair([], out, [f"{n} = {b}" for n, b in out.items() if "vector(1)" in b])
    diagonal = {n: f"diag({m[0]})" for n, b, _ in good if (m := re.fullmatch(r"\(*diag\(.*\)", b, re.S)) is not None}
    define = [(n, diagonal.get(n, b), k) for n, b, k in (*good, *bad)]
    for declare in ([], *([f"{n} in R"] for entry in bad for n in letters(sheet, entry))) if diagonal else ():
        if fit(sheet.declare, define, declare):
            return Repair(declare, diagonal, [f"{n} = {b}" for n, b in diagonal.items()])
    return Repair()


def sized_by_lines(s: Setting, good: Definitions, bad: Definitions) -> Repair:
    """Definitions that do not say how large an I or a 1 is, with the size that the lines give them: C of C = I - 1*1'/n."""
    bare = [entry for entry in bad if BARE.search(entry[1])]
    try:
        found = inferred(s.declare, as_text(good), [], chains(s.sheet.rows), s.given.losses) if bare else []
    except InputError:
        return Repair()
    sizes = {g.name: str(g.shape[0]) for g in found if g.shape[0] == g.shape[1] and g.shape != SCALAR}
    return Repair([], {n: BARE.sub(lambda m, n=n: f"{m[1] or 'ones'}({sizes[n]})", b) for n, b, _ in bare if n in sizes})  # type: ignore[misc]
