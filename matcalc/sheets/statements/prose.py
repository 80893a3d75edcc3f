"""Sentences between the displays of a text."""

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise
import re

from ...language.shape import InputError
from ...reading.latex.declarations import sizes
from ..words.declaration_lists import SIZES
from ..words.function_sentences import SIZE, sized
from ..words.sentences import Item, items
from .tex_sides import spelled_tokens
from .hypotheses import Hypotheses
from .inline_formulas import InlineFormulas
from .plain_lines import plain_statement
from .sheet import Sheet
from ...patterns import pattern

LETTER = r"[A-Za-z\u0370-\u03ff][\w\u2080-\u2089]*"
UNMARKED = pattern(rf"(?<![\w.]){LETTER}(?: ?, ?{LETTER})* ?∈ ?(?P<space>ℝ[^\s,.;]*)|"
                      rf"(?<![\w.])(?P<name>{LETTER}) = [^=,;]*?(?=[,;](?:\s|$)|\.(?:\s|$)| where | with | and | for |$)", re.M)


class Prose:
    """Reads the sentences of a text from one display to the next; what a lemma supposes counts in its proof."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.of, self.hypotheses = sheet, InlineFormulas(sheet), Hypotheses(sheet)
        self.place = 0                      # where the sentence begins

    def take(self, start: int, end: int) -> None:
        """The sentences between two displays; one that a display stands in goes on behind it."""
        sheet, of, begun = self.sheet, self.of, start
        found = items(sheet.text, start, end)
        of.behind = bool(found) and goes_on(sheet.text, start, found[0])
        if found and not of.behind:
            self.ended()
        while found:
            stop = next((k for k, item in enumerate(found) if item.kind == "stop" and item.text != ":"), len(found))
            blank = stop < len(found) and not found[stop].text.strip()
            last = all(item.kind == "stop" and not item.text.strip() for item in found[stop:])
            self.place = found[0].start if stop else self.place
            self.hypotheses.at(self.place)
            if stop:
                begun = unmarked(sheet, begun, sheet.text.find("\n", found[stop - 1].end, end) + 1 or end)
            read_ahead(of, found[:stop])
            of.sentence(found[:stop], found[stop].text if stop < len(found) else "")
            of.behind = False
            if last and stop:
                of.sought(found[:stop])
            if stop < len(found) and not (blank and last and stop):
                self.ended()
            found = found[stop + 1:]
        unmarked(sheet, begun, end)
        self.hypotheses.at(end)
        of.behind, of.display = False, len(sheet.rows)

    def ended(self) -> None:
        """End the conditions of a sentence."""
        self.hypotheses.keep(self.place, self.of.limited, self.of.assumed)
        self.of.ended()


def read_ahead(of: InlineFormulas, found: list[Item]) -> None:
    """Take another y in a sentence that says `with y independent of x`, below y = A x; declare the names of which it gives the size."""
    sheet = of.sheet
    spoken = [item for item in found if item.kind != "formula" or not SIZE.fullmatch(item.text)]
    for one, words, two in zip(spoken, pairwise(spoken[1:]), spoken[3:], strict=False):
        name = of.name(one) if [w.text for w in words] == ["independent", "of"] and one.kind == two.kind == "formula" else ""
        if name and re.search(rf"\b{re.escape(two.text)}\b", sheet.names.bodies.get(name, "")):
            sheet.another(name, "", found[0].start)
    for item, size in sized(found):
        with suppress(InputError):
            name = of.name(item)
            said = sizes(spelled_tokens(sheet, size.start, size.end)) if sheet.new(name) and "=" not in item.text else ""
            if said and sheet.names.used(name) is None:
                sheet.declared(f"{name} in R{said}")


def unmarked(sheet: Sheet, start: int, end: int) -> int:
    """Declarations and definitions in a sentence without dollars: x ∈ ℝⁿ, s = exp(x)/sum(exp(x)). Where they end."""
    at = start
    for line in sheet.text[start:end].splitlines(keepends=True):
        number = sheet.line_of(at)
        at += len(line)
        said = "∈" in line or "=" in line or SIZES.search(line) is not None
        if "$" in line or "\\" in line or not said or line.lstrip().startswith(("%", "#")):
            continue
        sized_names = list(SIZES.finditer(line)) if "×" in line else []
        for m in [*sized_names, *UNMARKED.finditer(SIZES.sub(" ", line) if sized_names else line)]:
            name = m.groupdict().get("name") or ""
            try:
                if not name or sheet.new(name):
                    plain_statement(sheet, number, m[0].strip().rstrip("."))
            except InputError:
                if name:
                    sheet.unclear.unread.setdefault(name, number)
    return max(start, end)


def goes_on(text: str, start: int, first: Item) -> bool:
    """Whether a sentence goes on behind the display above."""
    above = re.sub(r"(?:\s|\$\$|\\\]|\\end\{[^}]*\}|```|~~~)+$", "", text[:start])
    return not above.endswith(".") and not text[first.start].isupper() and first.kind != "stop"
