"""Sentences around the formulas of a text: what they declare, what they say of a name, what they claim.

What a clause says of a name is read by the grammar of clauses. What stands under a condition counts up to the end of its sentence.
"""

from __future__ import annotations

from contextlib import suppress
import re

from ...language.shape import InputError
from ...reading.latex.declarations import declaration
from ...reading.latex.formula import read
from ...reading.latex.index_letters import by_entries, paired, relation
from ...reading.latex.names import NAME
from ..parts.formula import ZERO, constant, formula, unbracketed
from ..parts.records import Assumption, Row, Word
from ..words.clauses import clauses
from ..words.declaration_lists import SIZES
from ..words.function_sentences import SIZE
from ..words.sentences import ABOUT, ALONE, CLAIMED, DERIVATIVE, GIVES, IS, WITH_RESPECT, Item, items, ZERO as SET_TO_ZERO
from ..words.structure_words import structure_from_equation, structure
from .display_rows import add_statement, in_a_space, last_of_chain, structure_meant, without_list, spread_of, distribution
from .equalities import composed, new_heading, in_language, excerpt, single_name, spelled_tokens, unwritten
from .index_sides import of_rows, of_samples
from .models import model
from .name_sentences import NameSentences
from .plain_lines import add_equality, plain_statement
from .rows import Statement, statements

LETTER = r"[A-Za-z\u0370-\u03ff][\w\u2080-\u2089]*"
UNMARKED = re.compile(rf"(?<![\w.]){LETTER}(?: ?, ?{LETTER})* ?∈ ?(?P<space>ℝ[^\s,.;]*)|"
                      rf"(?<![\w.])(?P<name>{LETTER}) = [^=,;]*?(?=[,;](?:\s|$)|\.(?:\s|$)| where | with | and | for |$)", re.M)
CLAIMS = re.compile(r"\s*(?:then|hence|thus|therefore|consequently|so|it follows that|we (?:conclude|deduce) that)\b")
LEADS = re.compile(r"\b(?:hence|thus|so|therefore|consequently|gives?|get|obtain|yields?|finally|find)\b")
ZERO_BEHIND = re.compile(r"^\s*0\s*$|=[\s{}]*(?:\\(?:mathbf|boldsymbol|bm|vec)\b)?[\s{]*0[\s}.]*$")
DIFFERENTIATING = re.compile(r"\b(?:differentiat(?:e|ing|ion)|derivatives?)\b")
DENIED = re.compile(r"[$)\\]*(?:[^$.\\]|\$[^$=.]*\$)*\b(?:only if|iff|false|wrong|incorrect|untrue|"
                    r"(?:not|never) (?:hold|true|valid|correct)|fails)\b")
AND = re.compile(r"[,;() ]*(?:and|but|then|or|so)\b|;")


class Prose(NameSentences):
    """Enters into a sheet what its sentences declare, assume and claim."""

    def take(self, start: int, end: int) -> None:
        """The sentences between two displays; one that a display stands in goes on behind it."""
        self.unmarked(start, end)
        found = items(self.sheet.text, start, end)
        self.behind = bool(found) and self.goes_on(start, found[0])
        if found and not self.behind:
            self.ended()
        while found:
            stop = next((k for k, item in enumerate(found) if item.kind == "stop" and item.text != ":"), len(found))
            blank = stop < len(found) and not found[stop].text.strip()
            last = all(item.kind == "stop" and not item.text.strip() for item in found[stop:])
            self.sentence(found[:stop], found[stop].text if stop < len(found) else "")
            self.behind = False
            if last and stop:
                self.sought(found[:stop])
            if stop < len(found) and not (blank and last and stop):
                self.ended()
            found = found[stop + 1:]
        self.behind, self.display = False, len(self.sheet.rows)

    def unmarked(self, start: int, end: int) -> None:
        """Declarations and definitions in a sentence without dollars: x ∈ ℝⁿ, s = exp(x)/sum(exp(x))."""
        sheet, at = self.sheet, start
        for line in sheet.text[start:end].splitlines(keepends=True):
            number = sheet.line_of(at)
            at += len(line)
            said = "∈" in line or "=" in line or SIZES.search(line) is not None
            if "$" in line or "\\" in line or not said or line.lstrip().startswith(("%", "#")):
                continue
            sized = list(SIZES.finditer(line)) if "×" in line else []
            for m in [*sized, *UNMARKED.finditer(SIZES.sub(" ", line) if sized else line)]:
                text = m[0].strip().rstrip(".")
                name = m.groupdict().get("name") or ""
                try:
                    if not name or sheet.new(name):
                        plain_statement(sheet, number, text)
                except InputError:
                    if name:
                        sheet.unread.setdefault(name, number)

    def goes_on(self, start: int, first: Item) -> bool:
        """Whether a sentence goes on behind the display above."""
        above = re.sub(r"(?:\s|\$\$|\\\]|\\end\{[^}]*\}|```|~~~)+$", "", self.sheet.text[:start])
        return not above.endswith(".") and not self.sheet.text[first.start].isupper() and first.kind != "stop"

    def ended(self) -> None:
        """End the conditions of a sentence: what was assumed under them is no longer in force."""
        rows = len(self.sheet.rows)
        for k in self.structure:
            self.sheet.structure[k] = self.sheet.structure[k]._replace(ends=rows)
        for k in self.assumed:
            self.sheet.assumed[k] = self.sheet.assumed[k]._replace(ends=rows)
        self.structure, self.assumed, self.hedged, self.sheet.relation = [], [], False, None

    def sentence(self, found: list[Item], end: str) -> None:
        """Read one sentence: its formulas in order, and what it says of them."""
        formulas = [item for item in found if item.kind == "formula" and not SIZE.fullmatch(item.text)]
        stretches: list[list[str]] = [[]]
        for item in found:
            if item in formulas:
                stretches.append([])
            else:
                stretches[-1].append(item.text if item.kind != "formula" else "#")
        self.independent(found, formulas, stretches)
        self.sizes(found)
        self.where = " ".join(stretches[0]) in ("where", "with")
        self.claims = CLAIMS.match(" ".join(stretches[0])) is not None
        read = clauses([" ".join(s) for s in stretches], end, self.hedged, any(r"\in" in f.text for f in formulas[:1]))
        self.hedged = read.hedged
        rows = self.begun = len(self.sheet.rows)
        about: list[list[str]] = []
        for k, item in enumerate(formulas):
            self.clause = self.limited(read.each, formulas, k)
            if k + 1 < len(formulas) and AND.match(" ".join(stretches[k + 1])) is None and \
                    self.limited(read.each, formulas, k + 1).mood == "if" != self.clause.mood:
                self.ahead(read.each, formulas, k + 1)      # `.. = 2Ax if A is symmetric`
            self.behind &= not k
            behind = found[:found.index(item)]
            self.leads = LEADS.search(" ".join(stretches[k])) is not None
            if GIVES.search(" ".join(stretches[k])) and not any(r.role == "condition" for r in self.sheet.rows[rows:]):
                self.sought(behind, ZERO_BEHIND.search(item.text) is not None)
            if self.told(formulas, stretches, k) or self.domain(about, " ".join(stretches[k]), item):
                continue
            names = self.formula(item)
            if k + 1 < len(formulas):
                around = [" ".join(words) for words in (stretches[k], stretches[k + 2])]
                self.spoken(names, " ".join(stretches[k + 1]).strip(), formulas[k + 1], around)
            about = [*about, names] if self.clause.joined else [names]
            front = [w for j in range(k - len(about) + 1, k + 1) if j == k or read.each[j].spread for w in read.each[j].front]
            self.said([names], front, item)
            own = self.clause.plural is None and not self.clause.verb and all(r"\in" in f.text for f in formulas[k - len(about) + 1:k + 1])
            self.said([names] if own else about, list(self.clause.behind), item)      # `A in .., B in .. symmetric`: B is, A may be
            for word in self.clause.behind if own else ():
                self.unsaid([n for earlier in about[:-1] for n in earlier], word, item)
            for word in read.passed.get(k, ()):
                self.unsaid(names, word, item)

    def sought(self, found: list[Item], zero: bool = False) -> None:
        """A condition in words right before a display, or a formula that ends in a zero: what stands there holds where a derivative is
        zero."""
        said = any(item.kind == "formula" and re.search(r"=\s*0\s*$", item.text) for item in found)
        text = " ".join("#" if item.kind == "formula" and not ZERO_BEHIND.search(item.text) else item.text
                        for item in found if item.kind in ("word", "formula"))
        if not self.hedged and not said and (SET_TO_ZERO.search(text) or zero and DIFFERENTIATING.search(text)):
            sheet = self.sheet
            of = "; ".join(sheet.last_derivatives(self.respected(found)))
            sheet.unknown |= formula(of).by
            sheet.rows.append(Row(self.number(found[0]), "", of, excerpt(sheet, found[0].start, found[-1].end), role="condition"))

    # ------------------------------------------------------------ formulas
    def told(self, formulas: list[Item], stretches: list[list[str]], k: int) -> bool:
        """Take `the gradient of f is 2x` as a line; whether this formula is what such a sentence says."""
        sheet, item, said = self.sheet, formulas[k], [" ".join(s) for s in stretches]
        if self.named_claim(item, said[k]):
            return True
        if "=" in item.text or not CLAIMED.search(said[k]) or not any(ABOUT.search(s) for s in said[:k + 1]):
            return False
        by = k - 1 if k > 1 and WITH_RESPECT.fullmatch(said[k - 1]) else k
        of = DERIVATIVE.search(said[by - 1]) if by and IS.fullmatch(said[k]) else None
        is_ = ""
        with suppress(InputError):
            is_ = in_language(sheet, spelled_tokens(sheet, item.start, item.end))
        if of is None and is_ and not NAME.fullmatch(is_) and not self.hedged and ALONE.search(said[k]) and \
                len(tops := self.spoken_of(said[k])) == 1:
            add_equality(sheet, Row(self.number(item), "", "", ""), [tops[0], is_], False)
            return True
        if NAME.fullmatch(is_) and of is None:
            return False
        f, x = "", None
        with suppress(InputError):
            f = in_language(sheet, self.differentiated(formulas[by - 1])) if of is not None and is_ else ""
            x = (sheet.names.variable(f) if by == k else in_language(sheet, self.differentiated(formulas[k - 1]))) if f else None
        if of is None or self.hedged or f not in sheet.names.bodies and by == k or not NAME.fullmatch(x or ""):
            self.clause = self.clause._replace(mood="")
            self.passed(item)
            return True
        first = f"d(d({f})/d({x}))/d({x})" if of["kind"] == "hessian" else f"d({f})/d({x})"
        add_equality(sheet, Row(self.number(item), "", "", ""), [first, is_], False)
        return True

    def formula(self, item: Item) -> list[str]:
        """What a formula in a sentence is about."""
        sheet = self.sheet
        try:
            source = spelled_tokens(sheet, item.start, item.end)
            found = list(statements(source, sheet.names, sheet.text))
        except InputError:
            if "=" in item.text:
                self.passed(item)
            return []
        if [(len(s.sides), s.sign) for s in found] == [(1, "")]:
            found = [found[0]._replace(sides=(tuple(source),))]         # all of `A, B`
        out: list[str] = []
        for s in found:
            try:
                out += self.one(s, item)
            except InputError:
                self.passed(item) if len(s.sides) > 1 else None
        return out

    def one(self, s: Statement, item: Item) -> list[str]:
        """A declaration, a hypothesis, a definition, a claim, or the names it speaks of."""
        sheet = self.sheet
        of_entries = without_list(sheet, in_a_space(sheet, s))
        if of_entries is None:
            return [n for n in [single_name(sheet, s.sides[0])] if n]
        s = of_entries
        if spread := spread_of(sheet, s):
            sheet.structure.append(Word(*spread, 0))
            return [spread[0]]
        related = relation(s.sides, s.sign, sheet.names)
        if related is not None:
            sheet.relation = related
        if related is not None or len(s.sides) > 1 and distribution(s.sides[-1]) or composed(sheet, s) or unwritten(sheet, s):
            return []
        if len(s.sides) == 1:
            given = declaration(s.sides[0], sheet.names, sheet.text, structure)
            if given:
                sheet.declared(given)
                return [n.strip() for n in re.split(r",", given.partition(" in ")[0].partition(":")[0])]
            if s.sign:
                if (meant := structure_meant(sheet, s)) is None:
                    self.passed(item)
                else:
                    self.said([[meant[0]]], [meant[1]], item)
                return []
            return [n for n in self.listed(s.sides[0]) if n]
        above = [*sheet.rows[:self.begun][-1:], *sheet.rows[self.begun:]]
        solution = any(r.role == "condition" or ZERO.fullmatch(r.right) for r in above) and not self.hedged
        derivative = any(t in (r"\partial", r"\nabla") for side in s.sides for t, _ in side)
        if of_rows(sheet, s) or of_samples(sheet, s) or by_entries(s.sides, sheet.names) or paired(s.sides, sheet.names):
            add_statement(sheet, s, "" if derivative or solution else "remark")
            return []
        heading = new_heading(sheet, s.sides[0])
        fresh, sides = heading is not None, [heading[0]] if heading else []
        if heading:
            sheet.calls[heading[0]] = heading[1]
        try:
            sides += [unbracketed(read(side, sheet.names, sheet.text)) for side in s.sides[len(sides):]]
        except InputError:
            add_statement(sheet, s, "" if derivative and self.clause.mood not in ("suppose", "if") else "remark")
            return []
        left, right = sides[:2]
        if len(sides) == 2 and len({re.sub(r"\((\w+)\)", r"\1", side) for side in sides}) == 1:
            return []               # what A:B means
        word = structure_from_equation(left, right)
        square = word is None or self.fits(word[0], word[1])      # V'*V = I of a V that is not square is an equation
        meant = self.clause.mood or word and word[0] not in sheet.names.bodies and not self.hedged
        if word and square and meant and len(sides) == 2 and not formula(left + right).differential:
            self.said([[word[0]]], [word[1]], item)
            return [word[0]]
        if sheet.size(left):
            sheet.clash |= set() if constant(right) else {left}
            self.passed(item)
            return []
        moving = any(re.search(r"\bd\(|\b(?:grad|jac|hess)\(", side) for side in sides)
        bound = self.clause.mood and constant(right) and not constant(left)
        met = not sheet.new(left) or self.clause.mood == "if" and not sheet.unused(left)
        assumed = not moving and (bound or not square or self.clause.mood in ("suppose", "if")
                                  or self.clause.mood == "let" and "*" in left) and not fresh and met
        named = self.clause.mood == "let" and not (moving or fresh or solution or sheet.new(left))
        if (assumed or named) and self.another(left, right, item.start):    # `For Y = X^2 we have`, `Now let Y = X^2`, below another Y
            found = list(statements(spelled_tokens(sheet, item.start, item.end), sheet.names, sheet.text))
            return self.one(found[0], item) if len(found) == 1 else []
        if assumed and self.two_values(left, right, item):
            return [left]
        if assumed and not (solution and ZERO.fullmatch(right)):
            self.assumed += [len(sheet.assumed)] if self.clause.mood == "if" else []
            sheet.assumed.append(Assumption(f"{left} = {right}", len(sheet.rows)))
            sheet.understood.append(f"{left} = {right} is assumed")
            return []
        if len(sides) == 2 and not fresh and model(sheet, left, right) is not None:
            add_statement(sheet, s)
            return [left]
        later = self.where and NAME.fullmatch(left) and sheet.differentiated_by(left) and left not in formula(right).names
        if later and len(sides) == 2 and not moving:
            sheet.defined(left, right, self.number(item))
            return [left]
        concluded = self.leads and len(sides) == 2 and not fresh and NAME.fullmatch(left) is not None and not sheet.unsaid_so_far(left)
        concluded |= solution and len(sides) == 2 and not moving
        if sheet.new(left) and not concluded and (moving or fresh or NAME.fullmatch(left)):
            body = right if not formula(right).differential else last_of_chain(sheet, right) or right
            if len(sides) == 2:
                if sheet.rows and not moving and self.clause.mood not in ("if", "let"):
                    sheet.told.append(Row(self.number(item), "", left, excerpt(sheet, item.start, item.end), defines=left))
                sheet.defined(left, body, self.number(item))
                return [left]
        derived = self.claims and not self.hedged and bool(sheet.names.bodies.keys() & formula(f"{left} {right}").names)
        applied = left in sheet.calls and any(t == "(" for t, _ in s.sides[0]) and not self.hedged      # f(x) = .. says what f is
        denied = DENIED.match(sheet.text, item.end) is not None
        add_statement(sheet, s, "" if (moving or solution or derived or applied) and not denied else "remark")
        return []
