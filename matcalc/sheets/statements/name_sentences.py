"""What the sentences of a sheet say about its names: words of structure, labels, P the softmax of Z."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from math import inf

from ...language.operations import SQUARE_WORDS
from ...language.shape import InputError
from ..words.clauses import Clause
from ...reading.networks import bare
from ...reading.latex.letters import FUNCTIONS
from ...reading.latex.declarations import declaration, sizes
from ...reading.latex.macros import parts
from ...reading.latex.names import NAME
from ..parts.formula import constant, formula, inverted
from ..parts.records import Assumption, Row, Word
from .rows import statements
from ...reading.latex.whole_text import Redefined
from ..words.sentences import ALONE, DIFFERENTIATES, Item
from .sheet import Sheet
from ..words.structure_words import structure
from ...reading.latex.spelling import EQUALS
from ...reading.latex.tokens import GREEK, Tokens
from ..words.function_sentences import Spoken, applied, sized

RESPECT = re.compile(r"\b(?:with respect to|w r t|wrt)(?: (?:the|both|each of|a|vector|matrix|parameters?|weights?|variables?))*$")
ADDED = re.compile(r"(?: (?:,|and|or|then))+")
STANDS = re.compile(r"(?:to )?(?:stands? for|denotes?|abbreviates?|represents?)")
PLAINLY = re.compile(r"(?:(?:for (?:simplicity|short|brevity|convenience)|in what follows|below|here|where|with|and|let|now|,) ?)*")
OVER = re.compile(r"\b(?:on|over)(?: (?:the|all of) ?\w*)?$")
FIRST_ONE = re.compile(r"d\(\w+\)/d\((\w+)\)")


class NameSentences:
    """Enters into a sheet what a sentence says about a name: its structure, its shape, what it stands for."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.clause = Clause("", (), (), False, None, False)
        self.hedged = self.claims = self.where = self.leads = False
        self.begun = 0              # the first row of the sentence
        self.display = 0            # the first row of the display above
        self.behind = False         # whether a clause is said of it: `if A is symmetric` behind a display
        self.structure: list[int] = []
        self.assumed: list[int] = []

    def differentiated(self, item: Item) -> list[tuple[str, int]]:
        """What a sentence differentiates, or by what: f of f(x) = .., and x of x \\in .., which the formula defines or declares."""
        found = self.sheet.spelled(item.start, item.end)
        sign = next((k for k, (t, _) in enumerate(found) if t in EQUALS or t == r"\in"), len(found))
        return found[:sign]

    def passed(self, item: Item, text: str = "") -> None:
        """Say that a formula, or what is said of its names, was not understood."""
        entry = (self.number(item), text or item.text)
        if not text and "=" in item.text:
            with suppress(InputError):
                self.sheet.entry_of(self.differentiated(item), entry[0])
        self.sheet.open |= not text and (not self.clause.mood or DIFFERENTIATES.search(item.text) is not None)
        if entry not in self.sheet.passed:
            self.sheet.passed.append(entry)

    def number(self, item: Item) -> int:
        """The line that a formula stands in."""
        return self.sheet.line_of(item.start)

    def said(self, about: list[list[str]], words: list[str], item: Item) -> None:
        """Enter words of structure: of all names of the clause where it is plural, or where it may be and they all may be so; of the
        last ones otherwise."""
        for word in words:
            several, last = [n for names in about for n in names], about[-1]
            several = [n for n in several if self.clause.plural and self.fits(n, word)] or several
            names = several if self.clause.plural or (self.clause.plural is None and all(self.fits(n, word) for n in several)) else last
            if word == "simplex" and self.clause.mood and all(self.matrix(n) for n in names):
                self.labelled(names, item)
            elif self.clause.mood and names and all(self.fits(n, word) for n in names):
                for name in names:
                    self.give(name, word)
            elif names:
                self.passed(item, f"{', '.join(names)}: {word}")
                if not self.hedged and word not in ("constant", "scalar"):
                    self.sheet.maybe += [Word(name, word, 0) for name in names if self.fits(name, word)]

    def matrix(self, name: str) -> bool:
        """Whether a name is declared as a matrix."""
        shape = self.sheet.names.shape(name)
        return shape is not None and "1" not in shape

    def labelled(self, names: list[str], item: Item) -> None:
        """One-hot labels as the rows or the columns of a matrix; where a sentence does not say as which, nothing rests on it."""
        text = self.sheet.text
        begin, end = text.rfind(". ", 0, item.start) + 1, text.find(". ", item.end)
        words = {w.rstrip("s") for w in re.findall(r"\b(?:rows?|columns?)\b", text[begin:end if end > 0 else None])}
        for name in names:
            m, n = self.sheet.names.shape(name) or ("", "")
            said = {"row": f"rowsum({name}) = ones({m})", "column": f"colsum({name}) = ones({n})"}
            if len(words) == 1:
                self.sheet.assumed.append(Assumption(said[words.pop()], 0))
                self.sheet.understood.append(f"{self.sheet.assumed[-1].text} is assumed")
            else:
                self.sheet.hoped += said.values()
                self.sheet.labels.append(name)

    def unsaid(self, names: list[str], word: str, item: Item) -> None:
        """Words of structure in a clause that is not read: nothing rests on them, and what would is not judged."""
        for name in names:
            if word == "simplex" and self.matrix(name) and not self.hedged:
                m, n = self.sheet.names.shape(name) or ("", "")
                self.sheet.hoped += [f"rowsum({name}) = ones({m})", f"colsum({name}) = ones({n})"]
            if self.fits(name, word):
                self.passed(item, f"{name}: {word}")
                if not self.hedged and word not in ("constant", "scalar"):
                    self.sheet.maybe.append(Word(name, word, 0))

    def fits(self, name: str, word: str) -> bool:
        """Whether a name can be so, for all that is known of its shape."""
        shape = self.sheet.names.shape(name)
        if shape is None or word in ("constant", "positive"):
            return True
        if word == "scalar":
            return shape == ("1", "1")
        return (shape[0] == shape[1] and shape[0] != "1") if word in SQUARE_WORDS else (shape[1] == "1" or word != "simplex")

    def give(self, name: str, word: str) -> None:
        """Enter a word of structure."""
        sheet, mood = self.sheet, self.clause.mood
        while NAME.fullmatch(body := sheet.names.bodies.get(name, "")):        # S of S = Sigma
            name = body
        if word in ("symmetric", "spd", "diagonal", "orthogonal"):
            name = inverted(body) or name                               # and P of P = Sigma^{-1}
        if word == "constant":
            sheet.constant.add(name)
            sheet.understood.append(f"{name} is constant")
            return
        if word == "scalar":
            if sheet.new(name):
                sheet.declared(f"{name} in R")
            return
        begins = self.display if self.behind else len(sheet.rows)
        entry = Word(name, word, 0 if mood == "fact" else begins, inf if mood != "if" else -1)
        if mood == "if":
            self.structure.append(len(sheet.structure))
            sheet.structure.append(entry)
        elif entry not in sheet.structure:
            sheet.structure.append(entry)

    def spoken(self, names: list[str], said: str, behind: Item, around: Sequence[str]) -> None:
        """P the row-wise softmax of Z: a definition of a new P; in other words, P is made of Z in a way that is not known. A letter stands
        for something where nothing is said around that."""
        if len(names) == 1 and STANDS.fullmatch(said):
            if not self.hedged and self.sheet.new(names[0]) and all(map(PLAINLY.fullmatch, around)):
                self.stands_for(names[0], behind)
            return
        function = applied(said) if len(names) == 1 and names[0] not in self.sheet.names.bodies else None
        if function is None or self.hedged:
            return
        inner = ""
        with suppress(InputError):
            inner = self.sheet.in_language(self.differentiated(behind))
        if not inner:
            return
        if function and self.sheet.new(names[0]):
            self.sheet.defined(names[0], f"{function}({inner})", self.number(behind))
            self.sheet.understood.append(f"{names[0]} = {function}({inner})")
        else:
            of = tuple(w for w in re.findall(r"[A-Za-z]\w*", inner) if w not in FUNCTIONS)
            self.sheet.spoken.append(Spoken(names[0], of, said))

    def stands_for(self, name: str, behind: Item) -> None:
        """Take `$s$ stands for $1^T e$` as a definition."""
        sheet, letter = self.sheet, name if len(name) == 1 else f"\\{name}"
        spelled = sheet.spelled(behind.start, behind.end)
        with suppress(InputError):
            if [len(s.sides) for s in statements(spelled, sheet.names, sheet.text)] == [1] and (len(name) == 1 or name in GREEK):
                [s] = statements([(letter, behind.start), ("=", behind.start), *spelled], sheet.names, sheet.text)
                sheet.sides(s, Row(self.number(behind), "", "", ""))
                sheet.understood.append(f"{name} = {bare(sheet.names.bodies.get(name, behind.text))}")

    def limited(self, each: tuple[Clause, ...], formulas: list[Item], k: int) -> Clause:
        """The clause of a formula; `for symmetric A` limits what a derivative in front is said to be, and is a fact of a definition."""
        if each[k].mood != "for":
            return each[k]
        return each[k]._replace(mood="if" if k and DIFFERENTIATES.search(formulas[k - 1].text) else "fact")

    def ahead(self, each: tuple[Clause, ...], formulas: list[Item], k: int) -> None:
        """Enter a condition that stands behind the formula that holds under it."""
        kept, self.clause = self.clause, self.limited(each, formulas, k)
        with suppress(InputError):
            name = self.sheet.single(self.differentiated(formulas[k])) if "=" not in formulas[k].text else ""
            for word in (*self.clause.front, *self.clause.behind) if name else ():
                if self.fits(name, word):
                    self.give(name, word)
        self.clause = kept

    def domain(self, of: list[list[str]], words: str, item: Item) -> bool:
        """Take the space behind `f(X) = .. on` as that of X; whether it is one."""
        given = self.sheet.calls.get(of[-1][0], ()) if of and of[-1] and OVER.search(words) else ()
        if len(given) != 1 or not self.sheet.new(given[0]):
            return False
        space = [(given[0], item.start), (r"\in", item.start), *self.sheet.spelled(item.start, item.end)]
        said = declaration(space, self.sheet.names, self.sheet.text, structure)
        if said is not None:
            self.sheet.declared(said)
        return said is not None

    def sizes(self, found: list[Item]) -> None:
        """Declare the names of which a sentence gives the size."""
        for item, size in sized(found):
            with suppress(InputError):
                name = self.sheet.single(self.differentiated(item))
                said = sizes(self.sheet.spelled(size.start, size.end)) if self.sheet.new(name) and "=" not in item.text else ""
                if said and self.sheet.names.used(name) is None:
                    self.sheet.declared(f"{name} in R{said}")

    def respected(self, found: list[Item]) -> list[str]:
        """The names with respect to which a sentence differentiates."""
        out: list[str] = []
        words = ""
        for item in found:
            words = f"{words} {item.text}" if item.kind != "formula" else words
            if item.kind == "formula" and (out and ADDED.fullmatch(words) or RESPECT.search(words)):
                out += [n for n in [self.sheet.single(self.differentiated(item))] if n and self.sheet.stands(n)]
                words = ""
            elif item.kind == "formula":
                words = ""
        return out

    def spoken_of(self, said: str) -> list[str]:
        """The derivatives that `the gradient is`, `its Hessian is` speaks of."""
        found, tops = ALONE.search(said), self.sheet.last_derivatives()
        if found is None or found["kind"] != "hessian":
            return tops
        firsts = [m for m in (FIRST_ONE.fullmatch(t) for t in tops) if m is not None]
        return [f"d({m[0]})/d({m[1]})" for m in firsts]

    def named_claim(self, item: Item, said: str) -> bool:
        """Take `the gradient is g = 2x` as a line that gives the derivative a name."""
        sheet = self.sheet
        if "=" not in item.text or self.hedged or not ALONE.search(said) or len(tops := self.spoken_of(said)) != 1:
            return False
        found = []
        with suppress(InputError):
            found = list(statements(sheet.spelled(item.start, item.end), sheet.names, sheet.text))
        if len(found) != 1 or len(found[0].sides) != 2 or not sheet.new(name := sheet.single(found[0].sides[0])) or \
                not (is_ := sheet.in_language(found[0].sides[1])):
            return False
        sheet.equality(Row(self.number(item), "", "", ""), [tops[0], is_], False)
        sheet.defined(name, is_, self.number(item))
        return True

    def another(self, name: str, body: str, start: int) -> bool:
        """Take a defined letter for another one from a place on, where it is said to be something else; whether it is one."""
        sheet = self.sheet
        name = next((a.letter for a in sheet.afresh if f"{a.letter}_{a.number}" == name), name)
        used = any(name in formula(other).names for other in (body, *sheet.names.bodies.values()))
        if len(name) != 1 or name not in sheet.names.bodies or sheet.names.bodies[name] == body or used:
            return False
        sheet.afresh = [a._replace(end=start) if a.letter == name and a.end > start else a for a in sheet.afresh]
        sheet.afresh.append(Redefined(name, start, len(sheet.text), 2 + sum(a.letter == name for a in sheet.afresh)))
        return True

    def two_values(self, name: str, value: str, item: Item) -> bool:
        """Whether a name of a number is given another one, `Let c = 3` where f was made with c = 2; what rests on it is not judged."""
        given = self.sheet.names.bodies.get(name, name)
        if given in (name, value) or not constant(given) or not constant(value):
            return False
        self.sheet.unread.setdefault(name, self.number(item))
        self.passed(item)
        return True

    def independent(self, found: list[Item], formulas: list[Item], stretches: list[list[str]]) -> None:
        """Take another y in a sentence that says `with y independent of x`, below y = A x."""
        for one, two, words in zip(formulas, formulas[1:], stretches[1:], strict=False):
            name = self.sheet.single(self.differentiated(one)) if words[-2:] == ["independent", "of"] else ""
            if name and re.search(rf"\b{re.escape(two.text)}\b", self.sheet.names.bodies.get(name, "")):
                self.another(name, "", found[0].start)

    def listed(self, source: Tokens) -> list[str]:
        """The names in `A, B` and in `A`."""
        texts = [self.sheet.in_language(part) for part in parts(source, (",",), {}) if part]
        return [text if NAME.fullmatch(text) else "" for text in texts] if all(texts) else []
