"""Sentences around the formulas of a text: what they declare, what they say of a name, what they claim.

A sentence is read clause by clause. A word of structure belongs to the formula that its clause is about: `a symmetric matrix $A$`,
`$A$ is symmetric`, `$A \\in ..$ be symmetric positive definite`. A clause with a negation says nothing.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..language.shape import InputError
from .declared import NOT, adjective, declaration, said_by, structure
from .rows import Statement, statements
from .sheet import NAME, Sheet, Word
from .tex import read

ITEM = re.compile(r"\$(?P<dollar>(?:[^$\\]|\\.)+)\$|\\\((?P<round>.*?)\\\)|(?P<word>[A-Za-z][A-Za-z'-]*)"
                  r"|(?P<stop>\n[ \t]*\n|[.;:!?](?=\s|$))|(?P<sign>[^\s\w])", re.S)
VERBS = frozenset(("is", "are", "be"))
JOINTS = frozenset(("and", "with", "let", "which"))
NOUNS = frozenset(("matrix", "matrices", "vector", "vectors", "tensor", "scalar", "number", "label", "labels", "distribution"))
LINKS = frozenset(("is", "are", "be", "being", "a", "an", "the", "both", "all", "assumed", "to", "real", "square", "and", "also", "with",
                   "which", "that", "invertible", "nonsingular", "non-singular", "random", "as", "regular", "some", "any", "given", "known",
                   "two", "let", "consider", "unknown", "column", "data", "weight"))
PLURAL = frozenset(("are", "be", "both", "all", "matrices", "vectors"))
SINCE = frozenset(("if", "when", "suppose", "provided", "whenever", "case"))
CLAIMS = frozenset(("then", "hence", "thus", "so", "therefore", "conclude", "follows", "consequently", "get", "obtain", "gives"))
HYPOTHESES = frozenset(("assume", "assuming", "suppose", "if", "when", "such", "subject", "provided", "constraint", "assumption"))


class Item(NamedTuple):
    """A word, a stop, a sign, or a formula from a place to a place."""

    kind: str
    text: str
    start: int
    end: int


def items(text: str, start: int, end: int) -> list[Item]:
    """What a stretch of sentences is made of; a line that is a comment is none of it."""
    out: list[Item] = []
    blanked = re.sub(r"(?<!\\)%[^\n]*", lambda m: " " * len(m[0]), text[start:end])
    for m in ITEM.finditer(blanked):
        kind = m.lastgroup or ""
        if kind in ("dollar", "round"):
            out.append(Item("formula", m[kind], start + m.start(kind), start + m.end(kind)))
        elif kind == "word":
            out.append(Item("word", m[0].lower(), start + m.start(), start + m.end()))
        else:
            out.append(Item("stop" if kind == "stop" else "sign", m[0], start + m.start(), start + m.end()))
    return out


class Prose:
    """Reads the sentences into a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    def take(self, start: int, end: int) -> None:
        """The sentences between two displays."""
        found = items(self.sheet.text, start, end)
        about: list[list[str]] = []
        for k, item in enumerate(found):
            if item.kind == "stop":
                about = []
            if item.kind != "formula":
                continue
            before = _before(found, k)
            names = self.formula(item, before, found[k - 1].text if k and found[k - 1].kind == "word" else "")
            joined = _joined(found, k)
            about = [*about, names] if joined else [names]
            self.said(found, k, about, before)

    # ------------------------------------------------------------ formulas
    def formula(self, item: Item, before: list[str], last: str) -> list[str]:
        """What a formula in a sentence is about."""
        sheet = self.sheet
        try:
            found = list(statements(sheet.spelled(item.start, item.end), sheet.names, sheet.text))
        except InputError:
            if "=" in item.text:
                self.passed(item)
            return []
        out: list[str] = []
        for s in found:
            try:
                out += self.one(s, item, before)
            except InputError:
                if len(s.sides) > 1:
                    self.passed(item)
        return out

    def passed(self, item: Item) -> None:
        """Say that a formula was not understood."""
        entry = (self.number(item), item.text)
        if entry not in self.sheet.passed:
            self.sheet.passed.append(entry)

    def number(self, item: Item) -> int:
        """The line that a formula stands in."""
        return self.sheet.text.count("\n", 0, item.start) + 1

    def one(self, s: Statement, item: Item, before: list[str]) -> list[str]:
        """A declaration, a hypothesis, a definition, a claim, or the names it speaks of."""
        sheet = self.sheet
        if len(s.sides) == 1:
            given = declaration(s.sides[0], sheet.names, sheet.text)
            if given:
                sheet.declared(given)
                return [n.strip() for n in re.split(r",", given.partition(" in ")[0].partition(":")[0])]
            if s.sign:
                if not sheet.condition(s):
                    self.passed(item)
                return []
            return [n for n in self.listed(s) if n]
        sides: list[str] = []
        heading = sheet.heading(s.sides[0])
        fresh = heading is not None
        if heading:
            sheet.calls[heading[0]] = heading[1]
            sides = [heading[0]]
        try:
            sides += [read(side, sheet.names, sheet.text) for side in s.sides[len(sides):]]
        except InputError:
            sheet.taken(s, "remark")
            return []
        left, right = sides[0], sides[1]
        word = said_by(left, right)
        if word and word[0] in sheet.names.plain and not CLAIMS & set(before[-4:]) and len(sides) == 2 and "d(" not in left + right:
            self.give(word[0], word[1], before, item)
            return [word[0]]
        if sheet.size(left):
            self.passed(item)
            return []
        moving = any(re.search(r"\bd\(|\b(?:grad|jac|hess)\(", side) for side in sides)
        if not moving and HYPOTHESES & set(before) and not (fresh or sheet.new(left)):
            sheet.assume.append(f"{left} = {right}")
            sheet.understood.append(f"{left} = {right} is assumed")
            return []
        if sheet.new(left) and (moving or fresh or NAME.fullmatch(left)):
            body = right if not re.search(r"\bd\(", right) else sheet.found(right) or right
            if len(sides) == 2:
                sheet.defined(left, body, self.number(item))
                return [left]
        sheet.taken(s, "" if moving else "remark")
        return []

    def listed(self, s: Statement) -> list[str]:
        """The names in `A, B` and in `A`."""
        out: list[str] = []
        now: list[tuple[str, int]] = []
        for token in [*s.sides[0], (",", 0)]:
            if token[0] != ",":
                now.append(token)
            elif now:
                try:
                    text = read(now, self.sheet.names, self.sheet.text)
                except InputError:
                    return []
                out.append(text if NAME.fullmatch(text) else "")
                now = []
        return out

    # ------------------------------------------------------------ what is said of them
    def said(self, found: list[Item], k: int, about: list[list[str]], before: list[str]) -> None:
        """Words of structure in front of the formula and behind it."""
        front: list[str] = []
        for item in reversed(found[:k]):
            if item.kind != "word" or item.text in ("and", "with", "let", "where", "if"):
                break
            front.insert(0, item.text)
        behind: list[str] = []
        item = found[k]
        for item in found[k + 1:]:
            if item.kind == "sign" and item.text in (",", "(") and not behind:
                continue
            if item.kind != "word" or not (item.text in LINKS or item.text in NOUNS or adjective(item.text) or item.text in NOT):
                break
            behind.append(item.text)
        after = next((item for item in found[k + 1:] if not (item.kind == "word" or item.text in (",", "("))), None)
        if behind and item.kind == "formula" and after is item and not VERBS & set(behind):
            joints = [i for i, word in enumerate(behind) if word in JOINTS]
            behind = behind[:joints[-1]] if joints else []      # what is said right before the next formula is said of that one
        words = structure(behind)
        if front and (front[-1] in NOUNS or adjective(front[-1])):
            words += structure(front)
        groups = about if set(behind) & PLURAL else about[-1:]
        for word in words:
            for name in [n for g in groups for n in g]:
                if word == "constant":
                    self.sheet.constant.add(name)
                    self.sheet.understood.append(f"{name} is constant")
                else:
                    self.give(name, word, before, found[k])

    def give(self, name: str, word: str, before: list[str], item: Item) -> None:
        """Enter a word of structure."""
        begins = len(self.sheet.rows) if SINCE & set(before) else 0
        entry = Word(name, word, begins)
        if entry not in self.sheet.structure:
            self.sheet.structure.append(entry)


def _before(found: list[Item], k: int) -> list[str]:
    """The words of the sentence up to a formula."""
    out: list[str] = []
    for item in reversed(found[:k]):
        if item.kind == "stop":
            break
        if item.kind == "word":
            out.insert(0, item.text)
    return out


def _joined(found: list[Item], k: int) -> bool:
    """Whether a formula is joined to the one before by `and` or a comma."""
    for item in reversed(found[:k]):
        if item.kind == "formula":
            return True
        if item.text not in (",", "and", "or"):
            return False
    return False
