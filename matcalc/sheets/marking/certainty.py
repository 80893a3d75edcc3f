"""A denial needs a certain reading, or a mistake that was found: what was chosen in reading a line that does not follow."""

from __future__ import annotations

from contextlib import suppress
from collections.abc import Iterable
from functools import lru_cache
import re

from ...diagnose.slip import Kind, Slip
from ...language.shape import InputError
from ...language.expr import SCALAR
from ..parts.formula import DERIVATIVE, ZERO, formula
from ..parts.marks import Mark, Marked, Reason
from .other_sizes import OtherSizes, firm
from ..parts.records import Row, Word
from ..statements.definitions import with_words
from .exemptions import equated
from ..words.structure_words import structure
from ..parts.variables import FUNCTION, NUMBERS, SYMMETRIC
from ...reading.brackets import ROUND, closing
from ...reading.latex.tokens import GREEK
from ...patterns import pattern

NAMELESS = pattern(r"\bsymmetric(?:al)? matri(?:x|ces)\b(?!,? (?:\$|\\\()\\?\w+(?:\$|\\\)))")      # the identity for symmetric matrices
HYPOTHESIS = pattern(r"=|^[\w, ]+: \w+$")        # an equation, or a word of structure
# What says no more than that two expressions differ: no change of one place was confirmed that makes the line right.
NO_MISTAKE = frozenset((Kind.ILL_SHAPED, Kind.SHAPES, Kind.UNKNOWN, Kind.SOME_TERMS, Kind.SIZE_ONE, Kind.RIGHT_IF))
LEIBNIZ = pattern(r"d(?!elta|im|iag)[A-Za-z]\w*")
LETTERS = pattern(r"[^\W_]")
OF_ROWS = pattern(r"ones\(\w+\)'\*\(d\(")
PLAIN = pattern(r"\b[a-z]{3,}\b(?!\()")
DERIVED = pattern(r"\bd\w+ ?/ ?d\w|\b[gG]rad \w|[∇∂]|\bd[A-Z]\b")
FACTOR = r"\b{0}\)*\s*\.?[*^]|\*\s*\(*{0}\b(?!'*\()"
BEFORE = r"\b{0}\*\(\w+\)"
GRAD = pattern(r"\\(?:operatorname|mathrm|text)\*?\s*\{\s*grad\s*\}|\\grad\b")
# What stands before a bracket in a formula.
FORMULA = pattern(r"\$\$(.+?)\$\$|\$([^$]+)\$|\\\[(.+?)\\\]|\\\((.+?)\\\)|\\begin\{(\w+\*?)\}(.+?)\\end\{\5\}", re.S)
INDEX = r"(?:\s*[_^]\s*(?:\{[^{}]*\}|\\?\w+|\*)|'|\\prime)*"
RAISED = pattern(r"\^\s*(?!\{?\s*\()")         # A^{-1}, x^T, and not a layer's f^{(l)}
OCCURRENCE = pattern(r"(\\[A-Za-z]+|(?<![A-Za-z\\{])[A-Za-z](?![A-Za-z]))(" + INDEX + r")\s*(?:\\(?:left|[bB]igg?l?)\s*)?(\(?)")
LETTER = pattern(r"(?:\\[A-Za-z]+|[A-Za-z])(?:_\w|_\{[^{}]*\})?")
BARE = pattern(r"\s*\\?[A-Za-z]+\s*")
A_ROW, A_COLUMN, A_FACTOR = "as a row", "as a column", "as a factor"


class Certainty(OtherSizes):
    """Leaves a line unjudged that does not follow as it was read, where its reading was a choice that may be what is wrong."""

    def certainly(self, line: str, row: Row, found: Mark) -> Mark:
        """A line that does not follow, with what was chosen in its reading and may be what is wrong."""
        if found.mark != "does not follow":
            return found
        found = self.mistaken_even_so(line, row, found)
        slip = self.mistake(found)
        text = f"{line} == {row.right}"
        made = self.below(text) | formula(text).names
        if not self.sheet.markup:
            sure = self.sheet.numpy or slip is not None and firm(slip)
            bars = self.sheet.text if not self.sheet.numpy and re.search(r"(?<!\|)\|(?!\|)", self.sheet.text) else ""
            texts = [text, *(b for n, b, _ in self.define if n in made)] if bars else []
            inside = [n for t in texts for n in re.findall(r"\|(\w+)\||\babs\((\w+)\)", t)]
            norms = [f"|{a or b}| as absolute values" for a, b in inside if self.shapes.get(a or b, SCALAR)[0] != SCALAR[0] and
                     self.shapes[a or b][1] == SCALAR[1]]
            norms += [f"{n} as a name" for n in sorted(made & self.shapes.keys() - self.declared) if LEIBNIZ.fullmatch(n)
                      ] if not (self.sheet.numpy or self.sheet.code) else []
            return found if sure and not norms else found._replace(chosen=(*self.sentences(made), *norms[:1]))
        if slip is not None and firm(slip):
            touched = formula(" ".join(map(str, slip.about))).names
            return found._replace(chosen=self.applied(set(touched) & (made | self.made.of(made)), text))
        chosen = (*self.applied(made | self.made.of(made), text), *self.lying(made), *self.dotted(row, found, slip), *self.projected(text))
        if slip is None:
            chosen = (*chosen, *self.supposed(made), *self.chosen(line, row, found, made))
        return found._replace(chosen=tuple(dict.fromkeys(chosen))[:2])

    def perhaps_symmetric(self, line: str, row: Row) -> list[str]:
        """The names in a line that are not declared and by convention are no general matrices."""
        said = self.declared | {self.sheet.names.triangle}
        said |= {w.name for w in (*self.sheet.structure, *self.sheet.maybe, *equated(self.sheet.rows, row))}
        around = "\n".join(self.sheet.text.split("\n")[max(row.number - 2, 0):row.number])
        spoken = NAMELESS.search(around) is not None and "symmetric" in structure(re.findall(r"[a-z]+(?:-[a-z]+)*", around.lower()))
        return [n for n in sorted(self.below(f"{line} {row.right}") - said) if self.sheet.markup and (spoken or SYMMETRIC.match(n))
                and (shape := self.shapes.get(n, SCALAR)) != SCALAR and shape[0] == shape[1]]

    def if_symmetric(self, line: str, row: Row, found: Mark) -> Mark | None:
        """The mark of a line that follows if names are symmetric which are not declared and by convention are no general matrices."""
        names = self.perhaps_symmetric(line, row)
        kept = names
        for left_out in ("", *names) if names else ():
            some = [n for n in kept if n != left_out]
            with self.supposing(declare=self.symmetric(some)):
                there = self.at_solution(line, row) if self.conditions else None
                if self.kind([], line, row.right) in ("proved", "checked") or there is not None and there.mark != "does not follow":
                    kept = some
                elif not left_out:
                    kept = []
                    break
        self.declare = self.symmetric(kept)         # so it is meant from here on
        why = Reason("structure", tuple(f"{n} is symmetric" for n in kept))
        return Mark(row.number, found.text, "follows if", reason=why) if kept else None

    def symmetric(self, names: Iterable[str]) -> list[str]:
        """The declarations with these names symmetric."""
        return with_words(self.declare, [Word(n, "symmetric", 0) for n in names])

    def mistaken_even_so(self, line: str, row: Row, found: Mark) -> Mark:
        """The mark with the mistake that is found where such names are symmetric, if none is found where they are not."""
        names = self.perhaps_symmetric(line, row) if self.mistake(found) is None else []
        with suppress(InputError), self.supposing(declare=self.symmetric(names)):
            again = self.judged(line, row) if names else found
            slip = self.mistake(again) if again.mark == found.mark else None
            found = again if slip is not None and firm(slip) else found
        return found

    def mistake(self, found: Mark) -> Slip | None:
        """The one change that was confirmed to make a line right."""
        first = found.diagnosis.slips[0] if found.diagnosis.slips else None
        if first is None or first.what in (Kind.NO_TERMS, Kind.EXTRA_TERMS) and len(first.about[0]) > 1:
            return None
        return first if first.what not in NO_MISTAKE or first.what is Kind.ILL_SHAPED and first.about else None

    def applied(self, names: set[str], text: str) -> tuple[str, ...]:
        """The names that were read as factors, in a text or in what it is made of, and may be functions."""
        found, out = applied(self.sheet.text), list[str]()
        texts = [text, *(b for n, b, _ in self.define if n in names)]
        for n in sorted(names - self.declared):
            own = ",".join(self.sheet.calls.get(n, ()))
            inside = [t for t in found.get(n.partition("_")[0], ()) if t.replace("\\", "") != own]
            factor = BEFORE if all(map(LETTER.fullmatch, inside)) else FACTOR if n in self.sheet.calls or FUNCTION.match(n) else ""
            if inside and factor and any(re.search(factor.format(re.escape(n)), t) for t in texts):
                out.append(f"{n} {A_FACTOR}")
        return tuple(out)

    def lying(self, names: set[str]) -> tuple[str, ...]:
        """The names of which nothing but a product says that they are rows, or columns where they are numbers by convention."""
        guessed = [g for g in self.inferred if g.name in names - self.given.losses.keys() and g.name[0].islower() and g.shape != SCALAR]
        rows = [f"{g.name} {A_ROW}" for g in guessed if str(g.shape[0]) == "1"]
        above = {w for m in self.marks if m.mark == "follows" for w in formula(m.text).names}      # with it they follow
        return (*rows, *(f"{g.name} {A_COLUMN}" for g in guessed if str(g.shape[0]) != "1" and g.name not in above
                         and g.name.partition("_")[0] in NUMBERS))

    def dotted(self, row: Row, found: Mark, slip: Slip | None) -> tuple[str, ...]:
        """A dot between two columns, which may be their inner product; a derivative by a row, which may be meant as a column."""
        of, by = zip(*DERIVATIVE.findall(row.right), strict=True) if not LETTERS.search(DERIVATIVE.sub("", row.right)) else ((), ())
        if found.error is not None and len(of) > 1 and of[1:] == by[:-1]:           # the chain rule by its form
            return ("a product of Jacobians as one of matrices",)
        if row.entries and found.error is not None and OF_ROWS.search(row.right):
            return ("a derivative by a row as a row",)
        turned = str(slip.about[1]) if slip is not None and slip.what is Kind.EDIT and slip.about[0] == "turn" else ""
        p = self.equation(turned, turned) if turned else None
        column = slip is None or p is not None and str(p.sides[0].shape[1]) == "1"
        return (r"\cdot as the product of matrices",) if column and found.error is not None and r"\cdot" in self.source(row) else ()

    def projected(self, text: str) -> tuple[str, ...]:
        """A gradient in words on a sheet that has a nabla besides: one of the two may be that along a manifold."""
        both = r"\nabla" in self.sheet.text and GRAD.search(self.sheet.text) is not None
        return (r"grad as \nabla",) if both and formula(text).by else ()

    def sentences(self, names: set[str]) -> tuple[str, ...]:
        """The plain sentences that state an equation about names, with no derivative in them, and could not be read."""
        texts = [r.shown for r in self.sheet.rows if r.why is not None] + [m.text for m in self.marks if m.mark == "not read"]
        unread = [t for t in texts if "=" in t and len(PLAIN.findall(t)) > 1 and not DERIVED.search(t)]
        return tuple(f"“{said}”" for said in unread if self.mentions(said, names))[:1]

    def supposed(self, names: set[str]) -> tuple[str, ...]:
        """The equations and words of structure in sentences that were not understood."""
        return tuple(said for _, said in self.sheet.passed if HYPOTHESIS.search(said) and self.mentions(said, names))

    def chosen(self, line: str, row: Row, found: Mark, made: set[str]) -> tuple[str, ...]:
        """What else was chosen in reading a line in which no mistake was found, in words of the sheet; nothing where all was said."""
        text = f"{line} == {row.right}"
        before = [f"{n} {b}" for n, b, number in self.define if number <= row.number and n not in (row.left, row.right)]
        known = self.declared | formula(" ".join(before)).names
        unread = [r.shown for r in self.sheet.rows if r.why is not None and self.mentions(r.shown, made)]
        unread += [m.text for m in self.marks if m.mark == "not read" and self.mentions(m.text, made)]
        said = f"{line if row.left == '' else row.left or ''} {row.right}"
        bound = formula(said).names - known if formula(text).by or not formula(text).differential else set[str]()
        bound &= self.shapes.keys()
        unread += [m.text for m in self.marks if m.mark == "not judged" and bound & formula(m.text).names]
        zero = [f"{row.right} as an identity"] if ZERO.fullmatch(row.right) and not formula(line).differential else []
        given = [f"{n} as any matrix" for m in self.marks if m.reason is not None and m.reason.kind == "structure"
                 for n in formula(" ".join(m.reason.about)).names if n in made]
        if found.error is not None and not row.doubts and self.identity(text):         # a sum says over how many entries it goes
            given += [f"{g.name} as any {g.shape[0]} x {g.shape[1]}" for g in self.inferred if g.name in made]
        if found.error is not None:         # sizes that nothing but a sum over an index in this very line gives a name
            above = known | {w for m in self.marks for w in formula(m.text).names}
            given += [f"{n} in {text.partition(' in ')[2]}" for n, text in self.sheet.implied.items() if n in made - above]
        return (*zero, *unread, *given)

    def identity(self, text: str) -> bool:
        """Whether a line is an equation between names that nothing defines, on a sheet that differentiates nothing."""
        plain = not formula(text).differential and not self.conditions and not self.sought
        return plain and not self.bodies.keys() & formula(text).names

    def source(self, row: Row) -> str:
        """The line of the file that a row stands in."""
        return self.sheet.text.split("\n")[row.number - 1] if self.sheet.markup else ""

    def misfit(self, row: Row, error: InputError) -> Mark:
        """The mark of a definition whose sizes do not fit."""
        body = self.sheet.names.bodies.get(row.defines or row.right, "")
        return self.certainly(body, row, super().misfit(row, error))

    def mentions(self, said: str, names: set[str]) -> bool:
        """Whether a text that was not understood speaks of a name."""
        return any(re.search(rf"(?<![A-Za-z]){re.escape(n.partition('_')[0])}(?![A-Za-z])", said) for n in names)


def forgiven(found: Marked) -> Marked:
    """The marks with those lines not judged that are wrong only as they were read."""
    marks, freed = list[Mark](), set[int]()
    for m in found.marks:
        if m.mark == "does not follow" and m.chosen:
            freed.add(m.number)
            m = Mark(m.number, m.text, "not judged", reason=Reason("reading", m.chosen))
        marks.append(m._replace(through=None, after=m.through) if m.through in freed else m)
    return found._replace(marks=tuple(marks))


@lru_cache(8)
def applied(text: str) -> dict[str, frozenset[str]]:
    """The letters that stand before a bracket wherever they stand in a formula, or before a letter in brackets, as no factor does, each
    with what stands in the brackets; a letter that is all of a formula is only spoken of."""
    inside, alone = dict[str, set[str]](), set[str]()
    for m in FORMULA.finditer(text):
        formula = next(part for part in (m[1], m[2], m[3], m[4], m[6]) if part)
        if BARE.fullmatch(formula):
            continue
        for one in OCCURRENCE.finditer(formula):
            name = GREEK.get(one[1].lstrip("\\"), one[1].lstrip("\\"))
            if one[3] and ("'" in one[2] or "prime" in one[2]):
                continue                # a derivative, of which a bracket says nothing
            if one[3] and not RAISED.search(one[2]):
                end = closing(formula, one.end() - 1, ROUND)
                inside.setdefault(name, set()).add("".join(formula[one.end():end].split()))
            else:
                alone.add(name)
    return {name: frozenset(filter(LETTER.fullmatch, found) if name in alone else found) for name, found in inside.items()}
