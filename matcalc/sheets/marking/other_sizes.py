"""Lines whose sizes do not fit, where sizes were guessed: with other sizes for undeclared names they may fit."""

from __future__ import annotations

from contextlib import suppress
from collections.abc import Collection
import re

from ... import judges
from ...diagnose.slip import Kind, Slip
from ...language.expr import SCALAR, InputError, ShapeError
from ...language.operations import OF_NUMBER, SPELLING
from ...reading.inference.statements import said
from ...reading.latex.letters import FUNCTIONS
from ...reading.latex.names import NAME
from ...language.traversal import reachable
from ..statements.by_entries import atom, with_products
from ..parts.definition_parts import as_text, DefinitionParts, equation, names_in, ordered
from .exemptions import Exemptions
from ..statements.sheet import SIZED
from ..parts.formula import formula, undeclared
from ..parts.marks import Mark, Reason
from ..parts.records import Row
from ..parts.variables import LOSSES
from ...patterns import pattern

SECONDS = 1.0
MOST = 4        # so many sizes are tried
HEADS = "|".join(sorted({SPELLING.get(head, head) for head in OF_NUMBER}))
# What shows that a name is no number: it is transposed, multiplied entry by entry, or it is summed or the like.
MANY = rf"\bNAME\)*('|\.[*/^])|\.[*/]\(*NAME\b|\b({HEADS})\([^()A-Z]*\bNAME\b[^()A-Z]*\)"
# Mistakes that no other shape or structure of a name explains: another sign, number, exponent or activation, one term too many or too few.
FIRM = frozenset((Kind.NEGATIVE, Kind.MULTIPLE, Kind.SIGN_OF_TERMS, Kind.FACTOR_OF_TERMS, Kind.NORM, Kind.FROZEN, Kind.NO_TERMS,
                  Kind.EXTRA_TERMS))
FIRM_EDITS = frozenset(("sign", "double", "power", "function"))
OF_WHOLE = pattern(r"\(*d\((.+)\)/d\((\w+)\)\)*")
JACOBIAN = pattern(r"d\(\w+\)/d\(\w+\)\)*'")        # its transpose is one of layout


class OtherSizes(Exemptions):
    """Tries other sizes for undeclared names before a line is held against the author."""

    @property
    def declared(self) -> set[str]:
        """The names that the sheet itself declares."""
        return {d.split()[0] for d in self.sheet.declare} - self.sheet.implied.keys()

    def perhaps(self, i: int, line: str, row: Row, found: Mark) -> Mark:
        """A line that would follow by what is not read, or whose sizes do not fit only as they are taken elsewhere, is not judged."""
        slips, text = found.diagnosis.slips, f"{line} == {row.right}"
        numbers = self.guessed_in(text, True) if found.error is None and self.sheet.markup else ()
        if numbers and all(n[0].islower() for n in numbers) and self.fits_by_itself(line, row.right, numbers, False):
            return Mark(row.number, found.text, "not judged", reason=Reason("sizes", numbers))
        if isinstance(found.error, ShapeError):
            apart = self.apart_by_entries(text) if self.sheet.markup else set()
            if self.sheet.markup and self.kind([], with_products(line, apart), with_products(row.right, apart)) == "proved":
                return Mark(row.number, found.text, "not judged", reason=Reason("perhaps", ("its products go entry by entry",)))
            known = bool(slips) and slips[0].what not in (Kind.ILL_SHAPED, Kind.SHAPES)
            names = self.guessed_in(text, not known or re.search(r"\bones\(\w+\)'\*", text) is not None)   # a sum says how many there are
            turned = known and slips[0].what is Kind.TRANSPOSE
            if names and not turned and self.fits_by_itself(line, row.right, names, not known, self.remarks(row, line)):
                return Mark(row.number, found.text, "not judged", reason=Reason("sizes", names))
        again = super().perhaps(i, line, row, found)
        why = self.unsaid(line, row) if again.mark == "does not follow" else None
        if self.sheet.markup and why is not None and why.kind == "tainted" and slips and firm(slips[0]) and (
                not self.differentiates(text) or self.untouched(why, text)):
            why = None                  # whatever the name stands for, it is one sign or factor away
        if again.mark == "does not follow" and why is None and self.with_primes(line, row):
            why = Reason("perhaps", ("' is a derivative",))
        return again if why is None else Mark(row.number, found.text, "not judged", reason=why)

    def apart_by_entries(self, text: str) -> set[str]:
        """The names in a text whose derivatives there are diagonal matrices."""
        found = {f: f"d({f})/d({x})" for f, x in formula(text).quotients if str(self.shapes.get(f, SCALAR)[1]) == "1" and
                 self.shapes.get(f, SCALAR) != SCALAR}
        return {f for f, slope in found.items() if self.kind([], slope, f"diag(diag({slope}))") == "proved"}

    def partially(self, line: str, row: Row, found: Mark) -> Mark | None:
        r"""The mark of a line of \partial that follows where the names which its function is made of, and which depend on what it is
        differentiated by, are held fixed: \partial\hat x/\partial x = 1/\sigma of \hat x = (x - \mu)/\sigma."""
        whole = OF_WHOLE.fullmatch(line)
        of = next(iter(formula(line).quotients), (whole[1], whole[2]) if whole is not None else None)
        if of is None or found.error is not None or not self.sheet.markup or \
                r"\partial" not in self.sheet.text.split("\n")[row.number - 1]:
            return None
        made = formula(self.bodies.get(of[0], "" if NAME.fullmatch(of[0]) else of[0])).names
        names = sorted(n for n in made if n in self.shapes and n != of[1] and of[1] in self.closure(n))
        declare = [*self.declare, *(said(n, self.shapes[n]) for n in names)]
        define = [entry for entry in self.define if entry[0] not in names]
        proved = names and self.kind([], line, row.right, declare=declare, define=define) == "proved"
        return Mark(row.number, found.text, "follows if", reason=Reason("constant", tuple(names))) if proved else None

    def with_primes(self, line: str, row: Row) -> bool:
        """Whether a line written with primes, which are read as transposes, holds where they are differentials."""
        written = self.sheet.text.split("\n")[row.number - 1:row.number + 1]
        if not self.sheet.markup or "'" not in f"{line} {row.right}" or not any("'" in w or r"\prime" in w for w in written):
            return False
        return self.kind([], varied(line), varied(row.right)) in ("proved", "checked")

    def unsaid(self, line: str, row: Row) -> Reason | None:
        """What nothing on the sheet says of the names in a line: how one depends on another, what one stands for; what it rests on that
        was not read, or not proved; or the line above it that was not read, where this is an equation in what was not defined."""
        if (taint := self.taint(f"{line} {row.right}")) is not None:
            return taint
        rests = next((m.reason for m in self.marks[::-1] if m.reason is not None and m.reason.kind == "perhaps"), None)
        if rests is not None and self.conditions:
            return rests
        text, bodies, declared = f"{line} {row.right}", self.bodies.keys(), self.declared
        for f, x in formula(text).quotients:
            if f not in bodies | declared and f != x and not (f in self.given.losses and (f in LOSSES or self.given.losses[f])):
                return Reason("depends", (f, x))
            if f in bodies and x != f and x not in self.closure(f) and x not in bodies:
                return Reason("depends", (f, x))
        i = self.sheet.rows.index(row)
        every = " ".join([*(b for _, b, _ in self.define), *(r.text for r in self.sheet.rows if r.why is None)])
        for x in formula(text).by - bodies - declared:
            if x not in formula(every).values:       # d/dt, where nothing is made of t
                return Reason("depends", (text[:text.index(f"/d({x})")].rpartition("d(")[2].strip("()"), x))
        used = {w for _, body, _ in self.define for w in names_in(body)}
        fresh = [n for n in formula(row.right).names if n in self.varied - bodies - declared - used
                 and f"d({n})/d(" not in text]
        if fresh and not self.below(line) & set(fresh):
            return Reason("solved", (fresh[0],))
        above = [r.text for r in self.sheet.rows[:i] if r.why is None]
        slope = formula(line).differential
        given = {w for n, body, number in self.define if number <= row.number for w in (n, *names_in(body))}
        known = declared | (bodies | used if slope else given) | {n for said in above for n in formula(said).names}
        unsaid = {m.reason.about[0] for m in self.marks if m.reason is not None and m.reason.kind == "unknown"} - declared - bodies
        known -= {n for n in unsaid if self.shapes.get(n) == SCALAR}        # a number stays one that nothing speaks of
        made = {self.sheet.names.triangle, *self.sheet.names.thirds.values()}
        one, two = self.below(line) - made, self.below(row.right) - made
        plain = not self.conditions and not formula(text).differential
        apart = two - one if slope or plain and not row.left else one ^ two if plain else set()
        alone = row.right.strip("() ")
        strange = [n for n in sorted(apart) if n not in known]
        if NAME.fullmatch(alone) and alone not in known | one and alone in self.shapes and not self.sheet.size(alone):
            strange.append(alone)
        if strange:
            return Reason("unknown", (strange[0],))
        last = next((r for r in self.sheet.rows[:i][::-1] if r.role != "start"), None)
        if last is not None and last.why is not None and row.left and row.left not in bodies and not formula(text).differential:
            return Reason("unread above")
        return None

    def untouched(self, taint: Reason, text: str) -> bool:
        """Whether a line that could not be read does not speak of what is differentiated by."""
        said = " ".join(r.shown for r in self.sheet.rows if str(r.number) == taint.about[1] and r.why is not None)
        by = (formula(text).by | formula(text).moved) - self.bodies.keys()
        return bool(said and by) and not any(re.search(rf"(?<![A-Za-z]){x.partition('_')[0]}(?![A-Za-z])", said) for x in by)

    def through(self, text: str) -> Reason | None:
        """A derivative by a name that the function is not made of, and that is made of the same names as the function."""
        asked = formula(text).quotients
        said = {r.left: (r.left, r.right, r.number) for r in self.sheet.rows[::-1] if r.why is None and r.left and NAME.fullmatch(r.left)} \
            if asked else {}
        made = DefinitionParts([*(entry for n, entry in said.items() if n not in self.bodies), *self.define], {}) if asked else self.made
        for f, x in asked:
            if f in made.bodies and x in made.bodies and f not in made.of([x]) and x not in made.below(f) and \
                    made.below(f) & made.below(x) - made.bodies.keys():
                return Reason("through", (f, x))
        return None

    def restated(self, through: Reason, line: str, row: Row) -> Mark | None:
        """The mark of a derivative by a name that f is made of in a line above that follows: f = r'*r."""
        f, x = through.about
        good, about = {m.number for m in self.marks if m.mark == "follows"}, ""
        for r in self.sheet.rows[:self.sheet.rows.index(row)]:
            about = about if r.left is None else r.left or r.defines
            if about == f and r.number in good and x in formula(r.right).names:
                define = ordered([(n, r.right if n == f else b, k) for n, b, k in self.define])
                with suppress(InputError), self.supposing(define=define):
                    return self.judged(line, row)
        return None

    def misfit(self, row: Row, error: InputError) -> Mark:
        """The mark of a definition whose sizes do not fit."""
        shown = row.shown or f"{row.right} = {self.sheet.names.bodies.get(row.right, '')}"
        unsure = [d for d in row.doubts if not d.sure and d not in self.certain]
        if unsure:
            return Mark(row.number, shown, "not judged", reason=Reason("doubt", unsure[0][:2]))
        body = self.sheet.names.bodies.get(row.defines or row.right, "")
        told = any(r.defines == (row.defines or row.right) for r in self.sheet.told)
        names = self.guessed_in(body, told)
        if isinstance(error, ShapeError) and names and self.fits_by_itself(body, body, names, told):
            return Mark(row.number, shown, "not judged", reason=Reason("sizes", names))
        return Mark(row.number, shown, "does not follow" if isinstance(error, ShapeError) else "not read", error=error)

    def guessed_in(self, text: str, used: bool = False) -> tuple[str, ...]:
        """The names in a text, definitions opened, of which neither a declaration nor (unless used) a definition says what shape they
        have."""
        bodies = {n: b for n, b, _ in self.sheet.define}
        made = set(reachable(formula(text).names, lambda n: formula(bodies.get(n, "")).names)) - bodies.keys() - FUNCTIONS - SIZED - {"d"}
        made -= self.declared | self.given.losses.keys() | self.sheet.names.plain - self.sheet.implied.keys()
        elsewhere = set() if used else {n for body in self.bodies.values() for n in formula(body).names}
        return tuple(sorted(n for n in made - elsewhere if not self.sheet.size(n)))

    def fits_by_itself(self, left: str, right: str, names: tuple[str, ...], otherwise: bool = True, remarks: Collection[str] = ()) -> bool:
        """Whether an equation can be read, and is not false, where the sizes of these names are taken from it and from what is defined,
        whatever the other lines say, or where those in small letters are numbers, which nothing shows to be none."""
        declare = undeclared(self.sheet.declare, self.sheet.implied)
        define = as_text(self.define)
        whole = JACOBIAN.sub("", "; ".join([left, right, *define, *(f"{r.left or ''}; {r.right}" for r in self.sheet.rows)]))
        small = [n for n in names if n[0].islower()]
        numbers = [f"{n} in R" for n in small] if not any(re.search(MANY.replace("NAME", n), whole) for n in small) else []
        tried: list[tuple[list[str], dict[str, str]]] = [*([([], {})] if otherwise else []), *([(numbers, {})] if numbers else [])]
        tried += [([], same) for same in self.same_sizes()]
        tried += [([f"{x} in R^rows_{x}"], {}) for x in sorted(formula(f"{left} {right}").by & {*names}) if x[0].isupper()]
        for more, same in tried:
            def put(text: str, same: dict[str, str] = same) -> str:
                return re.sub(r"\w+", lambda m: same.get(m[0], m[0]), text)
            p = equation([*declare, *more], [put(d) for d in define], put(left), put(right), (), self.given.losses)
            layout = more and p is not None and str(p.sides[0]).startswith("unvec((d(")       # d(A*x)/d(x) = A is one of layout
            for assumed in ([], *([put(a)] for a in remarks)) if p is not None and not layout else ():
                q = equation([*declare, *more], [put(d) for d in define], put(left), put(right), assumed, self.given.losses)
                if q is not None and judges.equation(q.within(self.within(SECONDS))).kind != "refuted":
                    return True
        return False

    def same_sizes(self) -> list[dict[str, str]]:
        """The sizes that a shape was guessed with, each taken for one that the sheet declares: ones(d) where t in R^d was a guess."""
        said = undeclared(self.sheet.declare, self.sheet.implied)
        declared = {w for d in said for w in formula(d.partition(" in ")[2]).names} - {"R"}
        guessed = {w for d in self.sheet.implied.values() for w in formula(d.partition(" in ")[2]).names} - declared - {"R"}
        return [{g: d} for g in sorted(guessed) for d in sorted(declared)][:MOST]


def firm(slip: Slip) -> bool:
    """Whether no other shape or structure of a name explains a mistake."""
    return slip.what in FIRM or slip.what is Kind.EDIT and slip.about[0] in FIRM_EDITS


def varied(text: str) -> str:
    """A text with differentials for what has a prime.

    >>> varied("(X*inv(X))' + A'*b")
    'd(X*inv(X)) + d(A)*b'
    """
    while "'" in text:
        end = text.index("'")
        start = atom(text, end)
        inner = text[start + 1:end - 1] if text[start:start + 1] == "(" else text[start:end]
        text = f"{text[:start]}d({inner}){text[end + 1:]}"
    return text
