"""Lines whose sizes do not fit, where the sizes are guessed: by other sizes of what nobody declared they may fit."""

from __future__ import annotations

import re

from ..diagnose.slip import Is
from ..language.expr import InputError, ShapeError
from ..reading.parse import problem
from ..reading.latex.letters import FUNCTIONS
from .definition_parts import WORDS
from .doubtful import Doubtful
from .facts import SIZED
from .marks import Mark, Reason
from .records import Row
from .varied import DIFFERENTIAL

JACOBIAN = re.compile(r"d\(\w+\)/d\(\w+\)\)*'")        # its transpose is one of layout


class Guesses(Doubtful):
    """Does not hold sizes that nobody said against a line."""

    def perhaps(self, i: int, line: str, row: Row, found: Mark) -> Mark:
        """A line that would follow by what is not read, or whose sizes do not fit only as they are taken elsewhere, is not judged."""
        slips = found.diagnosis.slips
        if isinstance(found.error, ShapeError) and (not slips or slips[0].what in (Is.ILL_SHAPED, Is.SHAPES)):
            names = self.guessed_in(f"{line} {row.right}")
            if names and self.fits_by_itself(f"{line} == {row.right}", names):
                return Mark(row.number, found.text, "not judged", reason=Reason("sizes", names))
        again = super().perhaps(i, line, row, found)
        why = self.unsaid(i, line, row) if again.mark == "does not follow" else None
        return again if why is None else Mark(row.number, found.text, "not judged", reason=why)

    def unsaid(self, i: int, line: str, row: Row) -> Reason | None:
        """What nothing on the sheet says of the names in a line: how one depends on another, what one stands for; or the line above it
        that was not read, where this is an equation in what was not defined."""
        text, bodies = f"{line} {row.right}", {n for n, _, _ in self.define}
        declared = {d.split()[0] for d in self.sheet.declare} - self.sheet.implied.keys()
        for f, x in re.findall(r"\bd\((\w+)\)/d\((\w+)\)", text):
            if not {f, x} & (bodies | declared) and f != x and f not in self.given.losses and not f.isdigit():
                return Reason("depends", (f, x))
        used = {w for _, body, _ in self.define for w in WORDS.findall(body)}
        fresh = [n for n in dict.fromkeys(WORDS.findall(row.right)) if n in self.varied - bodies - declared - used
                 and f"d({n})/d(" not in text]
        if fresh and not self.below(line) & set(fresh):
            return Reason("solved", (fresh[0],))
        above = next((r for r in self.sheet.rows[:i][::-1] if r.role != "start"), None)
        if above is not None and above.why is not None and row.left and row.left not in bodies and not DIFFERENTIAL.search(text):
            return Reason("unread above")
        return None

    def misfit(self, row: Row, error: InputError) -> Mark:
        """The mark of a definition whose sizes do not fit."""
        shown = row.shown or f"{row.right} = {self.sheet.names.bodies.get(row.right, '')}"
        unsure = [d for d in row.doubts if not d.sure and d not in self.certain]
        if unsure:
            return Mark(row.number, shown, "not judged", reason=Reason("doubt", unsure[0][:2]))
        body = self.sheet.names.bodies.get(row.defines, "")
        names = self.guessed_in(body)
        if isinstance(error, ShapeError) and names and self.fits_by_itself(f"{body} == {body}", names, False):
            return Mark(row.number, shown, "not judged", reason=Reason("sizes", names))
        return Mark(row.number, shown, "does not follow" if isinstance(error, ShapeError) else "not read", error=error)

    def guessed_in(self, text: str) -> tuple[str, ...]:
        """The names in a text, definitions opened, of which neither a declaration nor a definition says what shape they have."""
        said = {d.split()[0] for d in self.sheet.declare} - self.sheet.implied.keys()
        bodies = {n: b for n, b, _ in self.sheet.define}
        waiting, out = WORDS.findall(text), dict[str, None]()
        while waiting:
            name = waiting.pop()
            if name in bodies:
                waiting += WORDS.findall(bodies.pop(name))
            elif name not in {"d", *SIZED, *said, *self.given.losses} and not self.sheet.size(name) and name not in FUNCTIONS and \
                    (name in self.sheet.implied or name not in self.sheet.names.plain):
                out[name] = None
        return tuple(sorted(n for n in out if not any(re.search(rf"\b{n}\b", body) for _, body, _ in self.define)))

    def fits_by_itself(self, text: str, names: tuple[str, ...], otherwise: bool = True) -> bool:
        """Whether an equation can be read where the sizes of these names are taken from it and from what is defined, whatever the other
        lines say, or where those in small letters are numbers, none of which is transposed anywhere."""
        declare = [d for d in self.sheet.declare if d.split()[0] not in self.sheet.implied]
        define = [f"{n} = {b}" for n, b, _ in self.define]
        whole = JACOBIAN.sub("", "; ".join([text, *define, *(f"{r.left or ''}; {r.right}" for r in self.sheet.rows)]))
        small = [n for n in names if n[0].islower()]
        numbers = [f"{n} in R" for n in small] if not any(re.search(rf"\b{n}\)*'|norm2\(", whole) for n in small) else []
        tried: list[list[str]] = [*([[]] if otherwise else []), *([numbers] if numbers else [])]
        for more in tried:
            try:
                p = problem([*declare, *more], define, losses=self.given.losses, prove=text)
            except InputError:
                continue
            if p.ill_shaped is None:
                return True
        return False
