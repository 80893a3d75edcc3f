"""The formulas of sentences in LaTeX as they stand: where, in what, and what their sides are in the language."""

from __future__ import annotations

from contextlib import suppress

from ...language.shape import InputError
from ...reading.latex.spelling import EQUALS
from ...reading.latex.tokens import GREEK
from ..words.sentences import DIFFERENTIATES, Item
from .equalities import unread_name
from .rows import statements
from .conclusions import Conclusions
from .tex_sides import excerpt, in_language, single_name, spelled_tokens


class TexItems(Conclusions):
    """Sentences whose formulas are in LaTeX."""

    def number(self, item: Item) -> int:
        """The line that an item stands in."""
        return self.sheet.line_of(item.start)

    def around(self, item: Item) -> str:
        """The text of the sentence that an item stands in."""
        text = self.sheet.text
        end = text.find(". ", item.end)
        return text[text.rfind(". ", 0, item.start) + 1:end if end > 0 else None]

    def shown(self, found: list[Item]) -> str:
        """What is shown for these items."""
        return excerpt(self.sheet.text, found[0].start, found[-1].end)

    def head(self, item: Item) -> list[tuple[str, int]]:
        """f(x) of f(x) = .., and x of x \\in .., which the formula defines or declares; else all of it."""
        found = spelled_tokens(self.sheet, item.start, item.end)
        return found[:next((k for k, (t, _) in enumerate(found) if t in EQUALS or t == r"\in"), len(found))]

    def side(self, item: Item) -> str:
        """The formula in the language, of an equality its left side; empty where it cannot be read."""
        with suppress(InputError):
            return in_language(self.sheet, self.head(item))
        return ""

    def letters(self, item: Item) -> set[str]:
        """The letters of a formula."""
        return {GREEK.get(t[1:], t[1:]) if t[0] == "\\" else t for t, _ in spelled_tokens(self.sheet, item.start, item.end)}

    def definition(self, item: Item) -> tuple[str, str]:
        """The new name that an equation defines, and what it is; empty where it defines none."""
        with suppress(InputError):
            found = list(statements(spelled_tokens(self.sheet, item.start, item.end), self.sheet.names, self.sheet.text))
            if len(found) == 1 and len(found[0].sides) == 2 and self.sheet.new(name := single_name(self.sheet, found[0].sides[0])):
                return name, in_language(self.sheet, found[0].sides[1])
        return "", ""

    def passed(self, item: Item, text: str = "") -> None:
        """Say that a formula, or what is said of its names, was not understood."""
        entry = (self.number(item), text or item.text)
        if not text and "=" in item.text:
            with suppress(InputError):
                unread_name(self.sheet, self.head(item), entry[0])
        self.sheet.unclear.pass_over(*entry, not text and (not self.clause.mood or DIFFERENTIATES.search(item.text) is not None))
