"""Sheets in which dW may be the gradient of a loss: both readings are marked, and the one that says more is kept."""

from __future__ import annotations

import re
from copy import copy

from .adjoints import free, with_gradients
from .in_layout import InLayout
from .gradient_candidates import ONE_CHANGE
from .marked import Marked
from .marks import Reason

DIVIDED = re.compile(r"/ ?([A-Za-z]\w*)\b(?!\()")


class AsGradients(InLayout):
    """Marks a sheet by the reading of its d that fits."""

    until: frozenset[int] = frozenset()      # the lines that end a first look when they do not follow

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
