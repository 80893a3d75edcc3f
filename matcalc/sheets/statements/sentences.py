"""Sentences: what they say of the names in them, what they claim, and what they set to zero, whatever their formulas are written in.

A sentence is words, signs and formulas; LaTeX and plain lines have classes of their own. What stands under a condition ends with it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import suppress
from functools import partial
import re

from ...language.shape import InputError
from ...reading.latex.letters import FUNCTIONS
from ...reading.latex.names import NAME
from ..parts.formula import formula
from ..parts.records import Row
from ..words.clause import Clause, Clauses, limited
from ..words.clauses import clauses, limits
from ..words.function_sentences import ONES_BEFORE, ONES_BEHIND, SIZE, Spoken, applied
from ..words.hedges import left_open
from ..words.sentences import (
    ADDED, AND, AT, BESIDES, CLAIMS, DIFFERENTIATING, GIVES, INSTEAD, LEADS, EXTREMUM, OPENS, OPTIMUM,
    OR_ALSO, RESPECT, STATES, WITH, ZERO_BEHIND, Item, between, ZERO as SET_TO_ZERO)
from ..words.structure_words import ANY, ELSEWHERE, IN_A_CASE
from .name_structure import (
    deny, fits, forget, give, is_matrix, label, of_another_case, of_ones, perhaps, said_before, sums_of_labels, supersede, take_back)
from .plain_clauses import enter_words
from .sheet import Sheet

STATIONARY = "a minimum or a maximum is judged as a point where the gradient is 0"
FAR = 200           # words and formulas before one


class Sentences(ABC):
    """Enters into a sheet what sentences say; `lasting` is whether what they state as a fact holds above them too."""

    lasting = False

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.clause = Clause("", (), (), False, None, False)
        self.hedged = self.plainly = self.claims = self.where = self.leads = self.states = self.posed = self.from_here = False
        self.at_point = self.placed = False         # whether a formula says at which point something is so, and whether one before it does
        self.left_open = frozenset[str]()           # words of structure that a sentence leaves open, though it denies or doubts
        self.further = self.elsewhere = self.met = False        # whether something is supposed besides, in another problem, at a zero
        self.begun = self.display = 0       # the first row of the sentence, and of the display above
        self.behind = False                 # whether a clause is said of it: `if A is symmetric` behind a display
        self.limited, self.assumed = list[int](), list[int]()       # words of structure and assumptions that end with the sentence
        self.supposed: set[int] = set()     # words of structure, and equations, that are supposed until another case is spoken of
        self.hoped: set[int] = set()

    @abstractmethod
    def number(self, item: Item) -> int:
        """The line that an item stands in."""

    @abstractmethod
    def around(self, item: Item) -> str:
        """The text of the sentence that an item stands in."""

    @abstractmethod
    def shown(self, found: list[Item]) -> str:
        """What is shown for these items."""

    @abstractmethod
    def side(self, item: Item) -> str:
        """The formula in the language, of an equality or a declaration its left side; empty where it cannot be read."""

    @abstractmethod
    def letters(self, item: Item) -> set[str]:
        """The letters and names that stand in a formula."""

    @abstractmethod
    def definition(self, item: Item) -> tuple[str, str]:
        """The new name that an equation defines, and what it is; empty where it defines none."""

    def name(self, item: Item) -> str:
        """The name that a formula is, or that it defines or declares; empty where it is none."""
        with suppress(InputError):
            return text if NAME.fullmatch(text := self.side(item)) else ""
        return ""

    @abstractmethod
    def enter(self, item: Item, words: str, about: list[list[str]]) -> list[str]:
        """Enter what a formula says behind these words; the names that it is about."""

    def phrase(self, name: str, after: list[Item], around: list[str]) -> bool:
        """Take `s stands for 1^T e` as a definition; whether it is such a phrase."""
        return False

    @abstractmethod
    def passed(self, item: Item, text: str = "") -> None:
        """Say that a formula, or what is said of its names, was not understood."""

    @abstractmethod
    def told(self, formulas: list[Item], said: list[str], k: int) -> bool:
        """Take a formula for what a sentence says it is, as a line; whether it does."""

    @abstractmethod
    def concluded(self, before: list[Item], formulas: list[Item], said: list[str], k: int) -> bool:
        """Take an expression as a line where the words before it say what it is; whether they do."""

    @abstractmethod
    def claimed_of(self, item: Item, names: list[str], said: list[str]) -> bool:
        """Whether a formula that nothing took up stands where something is claimed of it."""

    @abstractmethod
    def named_claim(self, item: Item, said: str) -> bool:
        """Take `the gradient is g = 2x` as a line that gives the derivative a name."""

    def entered(self) -> tuple[object, ...]:
        """How much is known."""
        sheet, facts = self.sheet, self.sheet.facts
        return (tuple(facts.structure), *(len(held) for held in (
            sheet.unclear.maybe, sheet.unclear.passed, facts.constant, facts.assumed, sheet.rows, sheet.define, sheet.declare)))

    def ended(self) -> None:
        """End the conditions of a sentence: what was assumed under them is no longer in force."""
        self.sheet.facts.end(self.limited, self.assumed, len(self.sheet.rows), True)
        self.sheet.facts.assumed = [a._replace(near=min(a.near, len(self.sheet.rows))) for a in self.sheet.facts.assumed]
        self.sheet.of_indices(relation=None)
        self.limited, self.assumed, self.hedged = [], [], False

    def sentence(self, found: list[Item], end: str) -> None:
        """Read one sentence: its formulas in order, and what it says of them."""
        places = [at for at, item in enumerate(found) if item.kind == "formula" and not SIZE.fullmatch(item.text)]
        formulas = [found[at] for at in places]
        stretches, texts = between(found, places), [f.text for f in formulas]
        stretches[0] = "so" if self.behind and OR_ALSO.match(stretches[0]) else stretches[0]
        self.where, self.claims, self.placed = stretches[0] in ("where", "with"), CLAIMS.match(stretches[0]) is not None, False
        self.from_here = OPENS.match(stretches[0]) is not None and not self.behind
        read = clauses(stretches, end, self.hedged, any(r"\in" in f.text for f in formulas[:1]))
        self.hedged, self.plainly = read.hedged, not end.startswith("?") and IN_A_CASE.search(" ".join(stretches)) is None
        self.further, self.left_open = BESIDES.search(text := " ".join(stretches)) is not None, left_open(text)
        of_another_case(self.sheet, text, self.supposed, self.hoped)
        rows = self.begun = len(self.sheet.rows)
        about, told, each = list[list[str]](), any(r.left for r in self.sheet.rows), dict[int, list[str]]()
        for k, item in enumerate(formulas):
            self.clause = limited(read.each, texts, k)
            if k + 1 < len(formulas) and AND.match(stretches[k + 1]) is None and \
                    limited(read.each, texts, k + 1).mood == "if" != self.clause.mood:
                self.ahead(limited(read.each, texts, k + 1), formulas[k + 1])      # `.. = 2Ax if A is symmetric`
            self.behind &= not (k and self.lasting)
            self.at_point = AT.search(stretches[k]) is not None and not self.hedged
            self.leads, self.states = (said.search(stretches[k]) is not None for said in (LEADS, STATES))
            of_spaces = "=" not in "".join(texts[:k]) and WITH.search(stretches[k])        # Let A in .. with A B = B A
            self.posed = k > 0 and not self.hedged and read.each[0].mood in ("let", "suppose") and (
                bool(of_spaces) or stretches[k] in ((":", ",", "and", ", and") if self.posed else (":",)))
            self.elsewhere = any(ELSEWHERE.search(said) for said in stretches[k:k + 2])
            before = found[max(0, places[k] - FAR):places[k]]
            of = f"d({self.name(formulas[0])})/" if k == 1 and stretches[0].endswith(" of") else "="         # the minimiser of f is
            opened = " # ".join(stretches[:2]) if any(d.startswith(of) for d in self.sheet.last_derivatives()) else stretches[k]
            self.met = GIVES.search(opened) is not None and not any(r.role == "condition" for r in self.sheet.rows[rows:]) and \
                self.sought(before, ZERO_BEHIND.search(item.text) is not None)
            if self.named_claim(item, stretches[k]) or self.concluded(before, formulas, stretches, k) or self.told(formulas, stretches, k):
                told = True
                continue
            begun, before_it = len(self.sheet.rows), self.entered()
            names = self.enter(item, stretches[k], about)
            if self.entered() == before_it and not end.startswith("?") and self.claimed_of(item, names, stretches[:k + 1]):
                self.clause = self.clause._replace(mood="")
                self.passed(item)
            if self.met and k == opened.count(" # ") and OPTIMUM.fullmatch(opened) and not limits(stretches[k + 1]):
                self.sheet.facts.optima.update(r.defines for r in self.sheet.rows[begun:])
            if not names and told and "=" not in item.text and INSTEAD.search(stretches[k]):
                self.passed(item)
                self.sheet.unclear.open = True
            if (ones := ONES_BEHIND.match(stretches[k + 1]) or ONES_BEFORE.match(stretches[k])) and not self.hedged:
                of_ones(self.sheet, names, "matri" in ones["what"], self.number(item))
            if k + 1 < len(formulas):
                self.spoken(names, formulas[k + 1:k + 3], stretches[k:k + 4])
            if names == [item.text] and not (self.clause.mood or self.hedged):           # Restoring c
                take_back(self.sheet, (), self.sheet.facts.values(names))
            if self.clause.mood == "let" and (r"\in" in item.text or stretches[k + 1].startswith("be ")):      # another A
                take_back(self.sheet, said_before(self.sheet, names), self.sheet.facts.values(names))
            # `A, B in .., B symmetric` says nothing of A
            about = [*about, names] if self.clause.joined and {*names}.isdisjoint(n for of in about for n in of) else [names]
            self.said_of(about, read, formulas, k)
            each[k] = names
        enter_words(self.sheet, formulas, stretches, each)

    def said_of(self, about: list[list[str]], read: Clauses, formulas: list[Item], k: int) -> None:
        """Enter what the clause of a formula says of it, and of those that it is joined to."""
        item, names = formulas[k], about[-1]
        self.said([names], [w for j in range(k - len(about) + 1, k + 1) if j == k or read.each[j].spread for w in read.each[j].front], item)
        joined = formulas[k - len(about) + 1:k + 1]
        own = self.clause.plural is None and not self.clause.verb and any(r"\in" in f.text for f in joined[:-1])
        if any("=" not in f.text for f in joined):        # `M = A B, A and B symmetric` says nothing of M
            about = [of for of, f in zip(about, joined, strict=True) if f is item or "=" not in f.text]
        self.said([names] if own else about, list(self.clause.behind), item)      # `A in .., B in .. symmetric`: B is, A may be
        for of, words in ((sum(about[:-1], []), self.clause.behind if own else ()), (names, read.each[k].passed)):
            for word in words:
                self.unsaid(of, word, item)

    def said(self, about: list[list[str]], words: list[str], item: Item) -> None:
        """Enter words of structure: of all names of the clause where it is plural, or where it may be and they all may be so; of the
        last ones otherwise."""
        sheet = self.sheet
        for word in words:
            several, can = [n for names in about for n in names], partial(fits, sheet.names, word=word)
            if word != "orthogonal":                # x and y are orthogonal
                several = [n for n in several if self.clause.plural and can(n)] or several
            names = several if self.clause.plural or (self.clause.plural is None and all(map(can, several))) else about[-1]
            if word == "simplex" and self.clause.mood and all(is_matrix(sheet.names, n) for n in names):
                label(sheet, names, self.around(item))
            elif self.clause.mood and all(map(can, names)):
                for name in names:
                    self.give(name, word)
            elif names:
                self.passed(item, f"{', '.join(names)}: {word}")
                perhaps(sheet, names if not self.hedged or word in self.left_open else (), word)

    def unsaid(self, names: list[str], word: str, item: Item) -> list[str]:
        """Words of structure in a clause that is not read: nothing rests on them, and what would is not judged. The names."""
        if word == ANY and not self.hedged:
            forget(self.sheet, names)
        for name in names if word != ANY else ():
            if word == "simplex" and is_matrix(self.sheet.names, name) and not self.hedged:
                self.sheet.unclear.hoped.extend(sums_of_labels(self.sheet.names, name).values())
            if fits(self.sheet.names, name, word):
                self.passed(item, f"{name}: {word}")
                perhaps(self.sheet, [name] if not self.hedged or word in self.left_open else (), word)
                if self.hedged and word not in self.left_open:
                    deny(self.sheet, name, word, self.plainly)
                    self.sheet.facts.denied.update([(name, word)] if self.plainly else ())
        return names

    def give(self, name: str, word: str) -> None:
        """Enter a word of structure."""
        begins = self.display if self.behind else len(self.sheet.rows)
        known = len(self.sheet.facts.structure)
        lasting = self.clause.mood == "fact" and self.lasting and not self.from_here
        if (name, word) in self.sheet.facts.denied and self.clause.mood == "fact":
            perhaps(self.sheet, [name], word)
            return
        give(self.sheet, name, word, 0 if lasting else begins, self.clause.mood == "if")
        supersede(self.sheet, known, self.clause.mood in ("let", "suppose") and not self.further)
        self.limited += range(known, len(self.sheet.facts.structure)) if self.clause.mood == "if" else ()
        self.supposed |= {*range(known, len(self.sheet.facts.structure))} if self.clause.mood == "suppose" else set()

    def ahead(self, clause: Clause, item: Item) -> None:
        """Enter a condition that stands behind the formula that holds under it."""
        kept, self.clause = self.clause, clause
        name = self.name(item) if "=" not in item.text else ""
        for word in (*clause.front, *clause.behind) if name else ():
            if fits(self.sheet.names, name, word):
                self.give(name, word)
        self.clause = kept

    def spoken(self, names: list[str], after: list[Item], around: list[str]) -> None:
        """P the row-wise softmax of Z: a definition of a new P; in other words, P is made of Z in a way that is not known."""
        said, behind = around[1].strip(), after[0]
        if len(names) != 1 or self.hedged or self.phrase(names[0], after, around):
            return
        function = applied(said) if names[0] not in self.sheet.names.bodies else None
        inner = self.side(behind) if function is not None else ""
        if not inner:
            return
        if function and self.sheet.new(names[0]):
            self.sheet.defined(names[0], f"{function}({inner})", self.number(behind))
            self.sheet.understood.append(f"{names[0]} = {function}({inner})")
        else:
            of = tuple(w for w in re.findall(r"[A-Za-z]\w*", inner) if w not in FUNCTIONS)
            self.sheet.facts.spoken.append(Spoken(names[0], of, said))

    # ------------------------------------------------------------ what is set to zero
    def sought(self, found: list[Item], zero: bool = False) -> bool:
        """A condition in words right before a display, or a formula that ends in a zero: what stands there holds where a derivative is
        zero. Whether there is one."""
        said = any(item.kind == "formula" and re.search(r"=\s*0\s*$", item.text) for item in found)
        text = " ".join("#" if item.kind == "formula" and not ZERO_BEHIND.search(item.text) else item.text
                        for item in found if item.kind in ("word", "formula"))
        if self.hedged or said or not (SET_TO_ZERO.search(text) or zero and DIFFERENTIATING.search(text)):
            return False
        self.of_extremum(text)
        of = "; ".join(self.sheet.last_derivatives(self.respected(found)))
        self.sheet.facts.unknown.update(formula(of).by)
        row = Row(self.number(found[0]), "", of, self.shown(found), role="condition")
        self.sheet.add(*(() if any((r.number, r.right, r.role) == (row.number, of, row.role) for r in self.sheet.rows) else (row,)))
        return True

    def of_extremum(self, words: str) -> None:
        """Say that no more than a gradient of zero is judged of what words call a minimum or a maximum."""
        if EXTREMUM.search(words) and STATIONARY not in self.sheet.understood:
            self.sheet.understood.append(STATIONARY)

    def respected(self, found: list[Item]) -> list[str]:
        """The names with respect to which a sentence differentiates."""
        out, words = list[str](), ""
        for item in found:
            words = f"{words} {item.text}" if item.kind != "formula" else words
            if item.kind == "formula":
                if out and ADDED.fullmatch(words) or RESPECT.search(words):
                    out += [n for n in [self.name(item)] if n and self.sheet.stands(n)]
                words = ""
        return out
