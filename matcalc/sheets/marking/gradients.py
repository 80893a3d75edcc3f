"""A sheet in which d(W) may be the gradient of a loss by W, as in programs, and no differential."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ...patterns import pattern
from ...reading.latex.names import NAME
from ..parts.definition_parts import DefinitionParts
from ..parts.formula import formula, quotient
from ..parts.marks import Marked, Reason
from ..parts.records import Row
from ..parts.variables import LOSSES
from ..statements.sheet import Sheet
from .layouts import Compared

D = pattern(r"(?<![\w/])d\((\w+)\)(?!/d\()")
ALONE = pattern(r"\(?d\((\w+)\)\)?")


def free(sheet: Sheet) -> list[Row]:
    """The rows that say what d(W) is, of a W that the sheet does not define, nor binds by an equation: no differential of anything."""
    defined = {name for name, _, _ in sheet.define}
    defined |= {w for r in sheet.rows if r.why is None and r.left and not NAME.fullmatch(r.left) and not formula(r.left).differential
                for w in formula(r.left).names}
    defined = defined.union(*(formula(a.text).names for a in sheet.facts.assumed))
    found = ((r, ALONE.fullmatch(r.left or "")) for r in sheet.rows if r.why is None)
    if sheet.names.uses.velocities:             # d is what changes with time
        return []
    called = sheet.form.numpy or gradients_called_d(sheet.rows) or assigned(sheet)       # programs have no differentials
    return [r for r, m in found if m is not None and (m[1] not in defined or called)]


def assigned(sheet: Sheet) -> bool:
    """Whether each d(W) is said what it is before it is used, as in a program, and one of them without another: no differential is. That
    of what nothing else is made of may be one."""
    used_in = {w for _, body, _ in sheet.define for w in formula(body).names}
    said, alone = set[str](), False
    for r in sheet.rows:
        used = set(D.findall(f"{r.right} {'' if ALONE.fullmatch(r.left or '') else r.left or ''}")) if r.why is None else set()
        if not used <= said:
            return False
        name = ALONE.fullmatch(r.left or "")
        if name is not None and name[1] in sheet.names.bodies and name[1] not in used_in:
            return False
        if name is not None:
            said.add(name[1])
            alone = alone or not used
    return alone


def gradients_called_d(rows: Sequence[Row]) -> bool:
    """Whether a chain that begins with the derivative of a loss goes on with a differential, d(L)/d(b) = .. = d(y), or one is said to be
    the derivative by what it is of: d(h) = d(L)/d(h)."""
    start = ""
    if announced(rows):
        return True
    for r in rows:
        start = r.left if r.left is not None else start
        loss = formula(start).quotients[:1] if r.why is None else ()
        if loss and loss[0][0] in LOSSES and D.search(r.right) and not formula(r.right).quotients:
            return True
    return False


def announced(rows: Sequence[Row]) -> bool:
    """Whether a line says that d(h) is d(L)/d(h)."""
    found = ((ALONE.fullmatch(r.left or ""), quotient(r.right)) for r in rows if r.why is None)
    return any(alone is not None and of is not None and of[1] == alone[1] for alone, of in found)


def with_gradients(sheet: Sheet, size: str = "") -> Sheet | None:
    """The sheet read so; None where its differentials do not allow it. Of a mean over so many samples the gradients by what is computed
    may be those of the sum, dZ = A - Y, and the mean be taken of those by the parameters only."""
    texts = [*(r.text for r in sheet.rows), *(body for _, body, _ in sheet.define)]
    losses = list(dict.fromkeys(n for t in texts for n, _ in formula(t).quotients))
    losses = [n for n in losses if n in LOSSES] if gradients_called_d(sheet.rows) else losses
    if not free(sheet) or len(losses) > 1:
        return None
    used = {w for _, body, _ in sheet.define for w in formula(body).names}
    parts, named = DefinitionParts(sheet.define, {}), {n for t in texts for n in D.findall(t)}
    tops = [n for n, _, _ in sheet.define if n not in used and parts.below(n) & named]
    scalars = [n for n in tops if sheet.names.guessed(n) == ("1", "1") or sheet.names.shape(n) is None and n in LOSSES]
    loss = losses[0] if losses else scalars[0] if len(scalars) == 1 else "loss"
    if any(n == loss for t in texts for n in D.findall(t)) or (not losses and not scalars and sheet.names.known("loss")):
        return None

    means = {m[1] for r in sheet.rows if (m := D.fullmatch(r.left or "")) and size in DIVIDED.findall(r.right)}
    sums = {n for n, _, _ in sheet.define} | {m[1] for r in sheet.rows if (m := D.fullmatch(r.left or ""))} - means if size else set()

    known = {*sheet.names.plain, *sheet.names.bodies}.union(*(formula(D.sub("", t)).names for t in texts))
    only = dict[str, str]()         # dZ of no Z is what it is said to be

    def said(text: str) -> str:
        return D.sub(lambda m: only.get(m[1]) or (
            f"({size}*(d({loss})/d({m[1]})))" if m[1] in sums else f"(d({loss})/d({m[1]}))"), text)
    begun = set[int]()
    for k, r in enumerate(sheet.rows):
        if r.why is None and (m := ALONE.fullmatch(r.left or "")) and m[1] not in {*known, *only}:
            begun.add(k)
            only[m[1]] = f"({said(r.right)})"
    also = f", d of a defined one that of {size}*{loss}" if size else ""
    rows = [r if r.why is not None else r._replace(left="", right=said(r.right), shown=r.shown or r.written) if k in begun else
            r._replace(left=r.left and said(r.left), right=said(r.right)) for k, r in enumerate(sheet.rows)]
    return sheet.but(rows=rows, define=[(n, said(body), k) for n, body, k in sheet.define],
                     understood=[*sheet.understood, f"d of a name is the gradient of {loss} by it{also}"])


DIVIDED = pattern(r"/ ?([A-Za-z]\w*)\b(?!\()")


def decisive(sheet: Sheet) -> frozenset[int]:
    """The lines that say what d(W) is: where they are wrong of differentials, they may be meant of gradients.
    None where they are said to be."""
    return frozenset() if announced(sheet.rows) else _lines(sheet)


def _lines(sheet: Sheet) -> frozenset[int]:
    return frozenset(r.number for r in free(sheet))


def as_gradients(sheet: Sheet, now: Callable[[], Marked]) -> Iterator[Sheet]:
    """The sheet with gradients; then with those by what is computed as the gradients of a sum over samples, of which only those by
    parameters are divided by the number of samples."""
    other = with_gradients(sheet)
    if other is None:
        return
    yield other
    wrong = [m for m in now().marks if m.mark == "does not follow"]
    for size in dict.fromkeys(name for m in wrong[1:] for name in DIVIDED.findall(m.text) if sheet.names.size(name)):
        of_sums = with_gradients(sheet, size)
        if of_sums is not None:
            yield of_sums


def of_gradients(sheet: Sheet, other: Sheet, again: Marked, now: Callable[[], Marked]) -> Marked | None:
    """The marks with gradients, where that is better; of programs in any case, which have no differentials."""
    whole = all(m.mark in ("given", "follows") for m in again.marks)         # nothing is looked for in the other reading
    return again if sheet.form.numpy or whole or announced(sheet.rows) or Compared(again, now()).better(1) else None


def perhaps_gradients(sheet: Sheet, found: Marked) -> Marked:
    """The marks where neither reading is better: no line is wrong that may be meant otherwise."""
    rows = _lines(sheet)
    return found.where(lambda m: m.mark == "does not follow" and m.number in rows, mark="not judged", reason=Reason("gradient"))
