"""Lines whose sizes do not fit: with products entry by entry, or with other sizes for names that nothing declares, they may."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
import re

from ... import judges
from ...language.expr import SCALAR, InputError, ShapeError
from ...language.operations import OF_NUMBER, SPELLING
from ...language.traversal import reachable
from ...patterns import pattern
from ...reading.grammar.brackets import ROUND, closing
from ...reading.latex.letters import FUNCTIONS
from ...reading.latex.names import Ambiguity
from ...reading.latex.redeclared import introduced_below
from ..parts.definition_parts import as_text, equation
from ..parts.formula import formula, undeclared
from ..parts.marks import Mark
from ..parts.records import Row
from ..statements.by_entries import with_powers
from ..statements.sheet_names import SIZED
from .line import judged
from .repairs import columns_added, with_column
from .setting import SECONDS, Setting
from .shapes import RAISED
from .so_far import SoFar, not_judged

MOST = 4        # so many sizes are tried
HEADS = "|".join(sorted({SPELLING.get(head, head) for head in OF_NUMBER}))
# What shows that a name is not a number: it is transposed, multiplied entry by entry, or it is summed or the like.
MANY = rf"\bNAME\)*('|\.[*/^])|\.[*/]\(*NAME\b|\b({HEADS})\([^()A-Z]*\bNAME\b[^()A-Z]*\)"
JACOBIAN = pattern(r"d\(\w+\)/d\(\w+\)\)*'")        # its transpose is one of layout
INSIDE, BY = pattern(r"\bd\("), pattern(r"/d\((\w+)\)")
ROW_SUM = pattern(r"\((ones\(\w+\))'\*(.*)\)")
FACTOR = pattern(r"\((?:(?<=\.\*\()|(?=[^.]*\)\)\.\*))d\((\w+)\)/d\(\w+\)\)")


def misfit(s: Setting, so_far: SoFar, row: Row, error: InputError) -> Mark:
    """The mark of a definition whose sizes do not fit."""
    bodies = s.sheet.names.bodies
    text = row.shown or f"{row.right} = {bodies.get(row.right, '')}"
    unsure = [d for d in row.doubts if not d.sure and d not in so_far.certain]
    if unsure:
        return not_judged(row, text, "doubt", *unsure[0][:2])
    body = bodies.get(row.defines or row.right, "")
    told = any(r.defines == (row.defines or row.right) for r in s.sheet.told)
    names = (*guessed_in(s, body, told), *sorted(below := others_below(s, row, body)))
    if isinstance(error, ShapeError) and names and fits_by_itself(s, body, body, names, told or bool(below)):
        return not_judged(row, text, "sizes", *names)
    for c in columns_added(s.sheet, body) if s.sheet.form.markup else ():         # x*W + b of a row b in R^n
        if equation(undeclared(s.sheet.declare, s.sheet.implied), [], turned := with_column(body, c, "{}'"), turned) is not None:
            return not_judged(row, text, "sizes", c)
    return Mark(row.number, text, "does not follow" if isinstance(error, ShapeError) else "not read", error=error)


def guessed_in(s: Setting, text: str, used: bool = False) -> tuple[str, ...]:
    """The names in a text, definitions opened, of which neither a declaration nor (unless used) a definition says what shape they
    have."""
    bodies = {n: b for n, b, _ in s.sheet.define}
    made = set(reachable(formula(text).names, lambda n: formula(bodies.get(n, "")).names)) - bodies.keys() - FUNCTIONS - SIZED - {"d"}
    made -= s.declared | s.given.losses.keys() | s.sheet.names.plain - s.sheet.implied.keys()
    elsewhere = set() if used else {n for body in s.bodies.values() for n in formula(body).names}
    return tuple(sorted(n for n in made - elsewhere if not s.sheet.names.size(n)))


def fits_by_itself(s: Setting, left: str, right: str, names: Collection[str], otherwise: bool = True,
                   remarks: Collection[str] = ()) -> bool:
    """Whether an equation can be read, and is not false, where the sizes of these names are taken from it and from what is defined,
    whatever the other lines say, or where those in small letters are numbers, which nothing shows to be none."""
    declare = undeclared(s.sheet.declare, {*s.sheet.implied, *names})
    define = as_text(s.define)
    whole = JACOBIAN.sub("", "; ".join([left, right, *define, *(f"{r.left or ''}; {r.right}" for r in s.sheet.rows)]))
    small = [n for n in names if n[0].islower() or RAISED.search(whole)]
    numbers = [f"{n} in R" for n in small] if not any(re.search(MANY.replace("NAME", n), whole) for n in small) else []
    tried: list[tuple[list[str], dict[str, str]]] = [*([([], {})] if otherwise else []), *([(numbers, {})] if numbers else [])]
    tried += [([], same) for same in same_sizes(s)]
    tried += [([f"{x} in R^rows_{x}"], {}) for x in sorted(formula(f"{left} {right}").by & {*names}) if x[0].isupper()]
    for more, same in tried:
        def put(text: str, same: dict[str, str] = same) -> str:
            return re.sub(r"\w+", lambda m: same.get(m[0], m[0]), text)
        said = [*declare, *more], [put(d) for d in define], put(left), put(right)
        p = equation(*said, (), s.given.losses)
        layout = more and p is not None and str(p.sides[0]).startswith("unvec((d(")       # d(A*x)/d(x) = A is one of layout
        for assumed in ([], *([put(a)] for a in remarks)) if p is not None and not layout else ():
            q = equation(*said, assumed, s.given.losses)
            if q is not None and judges.equation(q.within(s.clock.within(SECONDS))).kind != "refuted":
                return True
    return False


def as_rule(s: Setting, row: Row, left: str) -> Mark | None:
    """The mark of an equality that holds for all sizes with which it fits by itself: `A : B C = B' A : C`, of names that nothing defines
    and that are declared below it if at all. Those that are declared nowhere are not differentiated, and are no columns, rows or
    square matrices there but where they are so elsewhere."""
    below = others_below(s, row, text := f"{left} == {row.right}")
    names, said = {*guessed_in(s, text, True), *below}, formula(text)
    if (said.differential or said.by) and not names <= below or names != said.names - FUNCTIONS - SIZED - {"d"}:
        return None
    p = equation(undeclared(s.sheet.declare, {*s.sheet.implied, *below}), [], left, row.right)
    def special(shape: tuple[object, object]) -> set[str]:
        rows, columns = map(str, shape)
        return {*(k for k, size in (("rows", rows), ("columns", columns)) if size == "1"), *(("square",) if rows == columns else ())}
    if p is None or any(special(p.variables[n].shape) - special(s.shapes.get(n, SCALAR)) for n in names - below if n in p.variables):
        return None
    proved = judges.equation(p.within(s.clock.within(SECONDS))).kind == "proved"
    return Mark(row.number, row.written, "follows") if proved else None


def others_below(s: Setting, row: Row, text: str) -> set[str]:
    """The names in a text that are introduced with their sizes below a row, and may be others there."""
    return {n for n in formula(text).names if introduced_below(s.sheet.text).get(n, 0) > row.number}


def same_sizes(s: Setting) -> list[dict[str, str]]:
    """The sizes that a shape was guessed with, each taken for one that the sheet declares: ones(d) where t in R^d was a guess."""
    said = undeclared(s.sheet.declare, s.sheet.implied)
    declared = {w for d in said for w in formula(d.partition(" in ")[2]).names} - {"R"}
    guessed = {w for d in s.sheet.implied.values() for w in formula(d.partition(" in ")[2]).names} - declared - {"R"}
    return [{g: d} for g in sorted(guessed) for d in sorted(declared)][:MOST]


def by_numbers(s: Setting, text: str) -> str:
    """A text with matrices for the derivatives of matrices by numbers, a row in which all entries stand."""
    for m in INSIDE.finditer(text):
        end = closing(text, m.end() - 1, ROUND) + 1
        by = BY.match(text, end)
        p = s.equation(inner := text[m.end():end - 1], inner) if by is not None and s.shapes.get(by[1]) == SCALAR else None
        if by is not None and p is not None and "1" not in (sizes := [str(d) for d in p.sides[0].shape]):
            matrix = f"unvec(({text[m.start():by.end()]})', {', '.join(sizes)})"
            return text[:m.start()] + matrix + by_numbers(s, text[by.end():])
    return text


def entrywise(s: Setting, line: str, row: Row, found: Mark) -> Mark:
    """A line that fits only with its fractions and powers, and Jacobians that are factors so, taken entry by entry; or with the
    sums of the rows, a column, beside each column of a matrix that they stand beside; or as a rule for matrices of other sizes."""
    if (rule := as_rule(s, row, line)) is not None:
        return rule
    apart = apart_by_entries(s, f"{line} {row.right}") if FACTOR.search(f"{line} {row.right}") else set()
    def diagonal(text: str) -> str:
        return FACTOR.sub(lambda m: f"diag{m[0]}" if m[1] in apart else m[0], text)
    ways = (with_powers, diagonal, lambda t: with_powers(diagonal(t)), lambda t: by_numbers(s, t), summed_as_columns)
    ways = ways if s.sheet.form.markup else ()
    for changed in (*ways, *([] if s.sheet.form.numpy else [lambda t: spread(s, t)])):
        left, right = changed(line), changed(row.right)
        if (left, right) != (line, row.right) and s.equation(left, right):
            with suppress(InputError):
                again = judged(s, left, row._replace(left=row.left and left, right=right))
                if again.error is None:
                    return again._replace(notes=again.notes._replace(entries=(Ambiguity(row.right, right, True),)))
    return found


def summed_as_columns(text: str) -> str:
    """A sum of the rows of a matrix as a column: they are written as columns elsewhere.

    >>> summed_as_columns("(ones(N)'*(d(L)/d(Y)))"), summed_as_columns("ones(N)'*x")
    ("((d(L)/d(Y)))'*ones(N)", "ones(N)'*x")
    """
    found = ROW_SUM.fullmatch(text)
    return f"({found[2]})'*{found[1]}" if found is not None and closing(text, 0, ROUND) == len(text) - 1 else text


def apart_by_entries(s: Setting, text: str) -> set[str]:
    """The names in a text whose derivatives there are diagonal matrices."""
    found = {f: f"d({f})/d({x})" for f, x in formula(text).quotients if str(s.shapes.get(f, SCALAR)[1]) == "1" and not s.is_number(f)
             and f in s.shapes}
    return {f for f, slope in found.items() if s.proved(slope, f"diag(diag({slope}))")}


def spread(s: Setting, text: str) -> str:
    """A text with X*ones(n,n) for rowsum(X), n being the columns of X."""
    head = "rowsum("
    start = text.find(head)
    if start < 0:
        return text
    end = closing(text, start + len(head) - 1, ROUND)
    inner = text[start + len(head):end]
    p = s.equation(inner, inner)
    whole = text[start:end + 1] if p is None else f"(({inner})*ones({p.sides[0].shape[1]},{p.sides[0].shape[1]}))"
    return text[:start] + whole + spread(s, text[end + 1:])
