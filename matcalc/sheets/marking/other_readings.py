"""Other readings of a whole sheet: dW may be the gradient of a loss, and a definition may be a conclusion.

Both readings are marked, and the one that says more is kept. As a gradient dW is d(f)/d(W) of the loss.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy

from contextlib import suppress

from ...language.shape import InputError
from ...reading.latex.names import NAME
from .certainty import A_COLUMN, A_FACTOR, A_ROW
from ..parts.definition_parts import DefinitionParts
from ..parts.formula import formula
from .in_layout import InLayout
from .consequences import ONE_CHANGE
from ..parts.marks import Marked, Reason
from ..parts.records import Row
from ..statements.sheet import Sheet
from ..parts.variables import LOSSES
from ...patterns import pattern

D = pattern(r"(?<![\w/])d\((\w+)\)(?!/d\()")
ALONE = pattern(r"\(?d\((\w+)\)\)?")


def free(sheet: Sheet) -> list[Row]:
    """The rows that say what d(W) is, of a W that the sheet does not define, nor binds by an equation: no differential of anything."""
    defined = {name for name, _, _ in sheet.define}
    defined |= {w for r in sheet.rows if r.why is None and r.left and not NAME.fullmatch(r.left) and not formula(r.left).differential
                for w in formula(r.left).names}
    found = ((r, ALONE.fullmatch(r.left or "")) for r in sheet.rows if r.why is None)
    called = sheet.numpy or gradients_called_d(sheet) or assigned(sheet)       # programs have no differentials
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


def gradients_called_d(sheet: Sheet) -> bool:
    """Whether a chain that begins with the derivative of a loss goes on with a differential: d(L)/d(b) = .. = d(y)."""
    start = ""
    for r in sheet.rows:
        start = r.left if r.left is not None else start
        loss = formula(start).quotients[:1] if r.why is None else ()
        if loss and loss[0][0] in LOSSES and D.search(r.right) and not formula(r.right).quotients:
            return True
    return False


def with_gradients(sheet: Sheet, size: str = "") -> Sheet | None:
    """The sheet read so; None where its differentials do not allow it. Of a mean over so many samples the gradients by what is computed
    may be those of the sum, dZ = A - Y, and the mean be taken of those by the parameters only."""
    texts = [*(r.text for r in sheet.rows), *(body for _, body, _ in sheet.define)]
    losses = list(dict.fromkeys(n for t in texts for n, _ in formula(t).quotients))
    losses = [n for n in losses if n in LOSSES] if gradients_called_d(sheet) else losses
    if not free(sheet) or len(losses) > 1:
        return None
    used = {w for _, body, _ in sheet.define for w in formula(body).names}
    parts, named = DefinitionParts(sheet.define, {}), {n for t in texts for n in D.findall(t)}
    tops = [n for n, _, _ in sheet.define if n not in used and parts.below(n) & named]
    scalars = [n for n in tops if sheet.shape(n, True) == ("1", "1") or sheet.shape(n) is None and n in LOSSES]
    loss = losses[0] if losses else scalars[0] if len(scalars) == 1 else "loss"
    if any(n == loss for t in texts for n in D.findall(t)) or (not losses and not scalars and sheet.names.known("loss")):
        return None

    means = {m[1] for r in sheet.rows if (m := D.fullmatch(r.left or "")) and size in DIVIDED.findall(r.right)}
    sums = {n for n, _, _ in sheet.define} | {m[1] for r in sheet.rows if (m := D.fullmatch(r.left or ""))} - means if size else set()

    def said(text: str) -> str:
        return D.sub(lambda m: f"({size}*(d({loss})/d({m[1]})))" if m[1] in sums else f"(d({loss})/d({m[1]}))", text)
    out = copy(sheet)
    out.rows = [r if r.why is not None else r._replace(left=r.left and said(r.left), right=said(r.right)) for r in sheet.rows]
    out.define = [(n, said(body), k) for n, body, k in sheet.define]
    also = f", d of a defined one that of {size}*{loss}" if size else ""
    out.understood = [*sheet.understood, f"d of a name is the gradient of {loss} by it{also}"]
    return out


DIVIDED = pattern(r"/ ?([A-Za-z]\w*)\b(?!\()")


class AsGradients(InLayout):
    """Marks a sheet whose dW may be a differential or the gradient of a loss, by the reading that fits."""

    until: frozenset[int] = frozenset()      # the lines that end a first look when they do not follow

    def otherwise(self) -> Marked:
        """The marks, or those of the sheet with numbers for what was read as rows, functions for what was read as factors, and norms of
        vectors for what was read as absolute values, where so read more of it is judged."""
        found = self._of_gradients()
        chosen = sorted({text for m in found.marks for text in m.chosen})
        factors = [n for t in chosen if t.endswith(A_FACTOR) for n in (t.removesuffix(A_FACTOR).strip(),) if n.islower()]
        more = [f"{t.split()[0]} in R" for t in chosen if t.endswith((A_ROW, A_COLUMN))]
        more += [f"{n}: R -> R" for n in factors if n not in self.sheet.calls]
        known = [n for n in factors if n in self.sheet.calls and n in self.sheet.names.bodies]
        lengths = any(m.reason is not None and m.reason.kind == "doubt" and m.reason.about[-1].startswith("abs(") for m in found.marks)
        if more or known or lengths:
            with suppress(InputError):
                again = self.of(self.sheet.declaring(more, known, lengths))._of_gradients()
                wrong = [sum(m.mark == "does not follow" for m in one.marks) for one in (again, found)]
                if open_marks(again) < open_marks(found) and wrong[0] <= wrong[1]:
                    return again
        return found

    def _of_gradients(self) -> Marked:
        """The marks of the sheet with dW for the gradient by W, where more follows so; neither is a line wrong that may be meant so."""
        rows = {r.number for r in free(self.sheet)}
        if not rows:
            return self._in_layout()
        first = copy(self)
        first.until, first.explains = frozenset(rows), False
        found = first._in_layout()
        if not any(m.mark == "does not follow" for m in found.marks):
            return found
        other = with_gradients(self.sheet) if any(m.mark == "does not follow" and m.number in rows for m in found.marks) else None
        again = self.of(other)._in_layout() if other is not None else None
        if again is not None and (by_sums := self.of_sums(again)) is not None:
            return by_sums
        follow = -1
        if again is not None:
            mended = [m for m in again.marks if m.number in rows and m.diagnosis.slips and m.diagnosis.slips[0].what in ONE_CHANGE]
            follow = again.totals["follows"] + len(mended)
            if self.sheet.numpy or follow >= sum(m.mark != "given" for m in again.marks):       # programs have no differentials
                return again
        first.until = frozenset()
        found = first._in_layout()
        if again is not None and follow > found.totals["follows"]:
            return again
        if any(m.mark == "does not follow" and m.number not in rows for m in found.marks):
            found = self._in_layout()
        marks = tuple(m._replace(mark="not judged", reason=Reason("gradient")) if m.mark == "does not follow" and m.number in rows else m
                      for m in found.marks)
        return found._replace(marks=marks)

    def of_sums(self, found: Marked) -> Marked | None:
        """The marks where gradients by what is computed are those of a sum over samples, and only those by parameters are divided by
        the number of samples; None where no fewer lines are wrong so."""
        wrong = [m for m in found.marks if m.mark == "does not follow"]
        for size in dict.fromkeys(name for m in wrong[1:] for name in DIVIDED.findall(m.text) if self.sheet.size(name)):
            other = with_gradients(self.sheet, size)
            again = self.of(other)._in_layout() if other is not None else None
            if again is not None and sum(m.mark == "does not follow" for m in again.marks) < min(len(wrong), 2):
                return again
        return None


def open_marks(found: Marked) -> int:
    """How many lines neither follow nor certainly do not."""
    return sum(m.mark in ("not judged", "not read", "undecided") or bool(m.chosen) for m in found.marks)


def without_conclusions(sheet: Sheet) -> Iterator[Sheet]:
    """The sheet, for each name that is used above the line that defines it and nowhere below, with that line as a conclusion."""
    for i, row in enumerate(sheet.rows):
        name = row.defines
        if not name or row.left != "" or row.role or row.why is not None:
            continue
        below = sheet.rows[i + 1:]
        goes_on = bool(below) and below[0].left is None
        bodies = [(n, body, number) for n, body, number in sheet.define if n != name]
        lines = [(k > i, r.text) for k, r in enumerate(sheet.rows) if k != i and r.why is None]
        lines += [(number > row.number, body) for _, body, number in bodies if number != row.number]
        if goes_on or {later for later, text in lines if name in formula(text).names} != {False}:
            continue
        other = copy(sheet)
        other.names = copy(sheet.names)
        other.names.bodies = {n: body for n, body in sheet.names.bodies.items() if n != name}
        other.define = bodies
        body = sheet.names.bodies.get(name, "")
        other.rows = [*sheet.rows[:i], row._replace(left=name, right=body, defines="", role="conclusion"), *below]
        yield other
