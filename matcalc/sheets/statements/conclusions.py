"""Claims in sentences about a formula: `the gradient of f is 2x`, `so the minimiser is inv(A)*b`, `differentiating again gives 2A`.

What is claimed of a formula in words that are not known is passed over by name.
"""

from __future__ import annotations

from contextlib import suppress
import re

from ...language.shape import InputError
from ...patterns import pattern
from ...reading.latex.names import NAME
from ..parts.formula import formula
from ..parts.records import Row
from ..parts.variables import ALONE
from ..words.clauses import limits
from ..words.conclusions import ASSERTED, BY, LEAST, SPOKEN_OF, form, is_value, once_more
from ..words.sentences import ABOUT, APPOSED, CLAIMED, DERIVATIVE, IS, WITH_RESPECT, ZERO as SET_TO_ZERO, ZERO_BEHIND, Item
from .plain_lines import add_equality
from .sentences import Sentences
from .sheet import QUOTIENT


QUOTIENTS = pattern(r"\s*(?:\\[dt]?frac\s*\{\s*(?:\\partial|\\delta|\\?d)\b|\\(?:partial|nabla)\b|d ?\\?[A-Za-z]+\s*(?:\(\\?\w+\))?\s*$)")


class Conclusions(Sentences):
    """Sentences with what they claim of their formulas."""

    def told(self, formulas: list[Item], said: list[str], k: int) -> bool:
        """Take `the gradient of f is 2x` as a line; whether this formula is what such a sentence says."""
        sheet, item, f, x = self.sheet, formulas[k], "", None
        by = k - 1 if k > 1 and WITH_RESPECT.fullmatch(said[k - 1]) else k
        of = DERIVATIVE.search(said[by - 1]) if by and IS.fullmatch(said[k]) else None
        named, is_ = self.definition(item) if "=" in item.text and of is not None else ("", self.side(item) if "=" not in item.text else "")
        claimed = CLAIMED.search(said[k]) is not None and any(map(ABOUT.search, said[:k + 1]))
        if "=" in item.text and not named or not claimed and ("d(" in is_ or APPOSED.search(said[k]) is None):
            return False
        last = not said[k + 1:] or not said[k + 1].startswith("of")        # and not `the gradient is 2x of f = x'x`
        if of is None and is_ and last and not (NAME.fullmatch(is_) or self.hedged) and len(
                tops := sheet.derivatives_in(said[k], k == 0 and not limits(said[1]))) == 1:
            add_equality(sheet, Row(self.number(item), "", "", ""), [tops[0], is_], False)
            return True
        if of is None and (NAME.fullmatch(is_) or ALONE.fullmatch(is_)) or is_ == "0" and re.match("(?:we )?set", said[0]):
            return False
        with suppress(InputError):
            f = self.side(formulas[by - 1]) if of is not None and is_ else ""
            x = (sheet.names.variable(f) if by == k else self.side(formulas[k - 1])) if f else None
        if of is None or self.hedged or f not in sheet.names.bodies and by == k or x is None or not NAME.fullmatch(x):
            if not named:
                self.clause = self.clause._replace(mood="")
                self.passed(item)
            return not named
        spelt = form(said[by - 1][:of.start()], of["kind"], sheet.names.guessed(x))
        if not spelt or spelt != "{}" and (named or by > 1 or limits(said[k + 1])):
            self.passed(item)
            return not named
        add_equality(sheet, Row(self.number(item), "", "", ""), [spelt.format(sheet.kind_of(of["kind"], f, x)), is_], False)
        sheet.defined(named, is_, self.number(item)) if named else None
        return True

    def concluded(self, before: list[Item], formulas: list[Item], said: list[str], k: int) -> bool:
        """Take an expression as a line where the words of the sentence before it say what it is, and no more: the value of what is sought,
        the least value of the function, the derivative of the line above once more."""
        sheet, item = self.sheet, formulas[k]
        is_ = "" if "=" in item.text or self.hedged or limits(said[k + 1]) else self.side(item)
        words, tops = " # ".join(said[:k + 1]), [*map(QUOTIENT.fullmatch, sheet.last_derivatives())]
        if not is_ or len(tops) != 1 or tops[0] is None or NAME.fullmatch(is_) and not sheet.made_of(is_):
            return False
        f, x = tops[0].groups()
        by = BY.fullmatch(words)
        if by is not None and (x := self.name(formulas[0])) in formula(sheet.names.bodies.get(f, "")).names:
            add_equality(sheet, Row(self.number(item), "", "", ""), [sheet.kind_of(by["kind"], f, x), is_], False)
            return True
        value, least = is_value(words), LEAST.fullmatch(words) is not None and sheet.new(f"{f}_min")
        last = ALONE.fullmatch(sheet.rows[-1].left or "") if once_more(words) and sheet.rows else None
        if not {self.name(of) for of in formulas[:k]} <= {f, x}:
            return False
        if last is not None and last[1] == tops[0][0]:
            left = sheet.kind_of("hessian", f, x)
        elif value or least:
            left = x if value else f"{f}_min"
            self.of_extremum(words)
            if not sheet.sets_to_zero():
                sheet.facts.unknown.add(x)
                sheet.add(Row(self.number(item), "", tops[0][0], self.shown(before), role="condition"))
        else:
            return False
        add_equality(sheet, Row(self.number(item), "", "", ""), [left, is_], False)
        return True

    def named_claim(self, item: Item, said: str) -> bool:
        """Take `the gradient is g = 2x` as a line that gives the derivative a name."""
        if "=" not in item.text or self.hedged or len(tops := self.sheet.derivatives_in(said)) != 1:
            return False
        name, is_ = self.definition(item)
        if not name or not is_:
            return False
        add_equality(self.sheet, Row(self.number(item), "", "", ""), [tops[0], is_], False)
        self.sheet.defined(name, is_, self.number(item))
        return True

    def of_number(self, words: list[Item]) -> bool:
        """Pass over `the minimum is 3`, words that claim something of a number; whether they do."""
        told = " ".join(item.text for item in words)
        claim = told[-1:].isdigit() and ASSERTED.search(told.rpartition(" ")[0]) is not None
        if claim:
            self.sheet.unclear.pass_over(self.number(words[-1]), told, True)
        return claim

    def claimed_of(self, item: Item, names: list[str], said: list[str]) -> bool:
        """Whether a formula that nothing took up stands where something is claimed of it: an expression behind a verb or a colon, a name
        where a derivative or a value is spoken of."""
        sheet, words = self.sheet, next((w for w in reversed(said) if w.strip(", ") not in ("", "and")), "")        # 2A and A'A
        if "=" in item.text or ASSERTED.search(words) is None or ALONE.fullmatch(self.side(item)) or QUOTIENTS.match(item.text):
            return False        # a derivative that is only spoken of
        if ZERO_BEHIND.search(item.text) and SET_TO_ZERO.search(f"{' '.join(said)} 0"):
            return False
        spoken = SPOKEN_OF.search(" ".join(said)) is not None
        if names:
            return spoken and len(names) == 1 and sheet.made_of(names[0])
        if words.endswith(":") and self.clause.mood in ("let", "suppose"):
            return False
        return spoken or any(sheet.stands(n) and not sheet.names.size(n) for n in self.letters(item))
