"""The definitions of a sheet, one by one: those that fit, and those that do not."""

from __future__ import annotations

from collections.abc import Callable
from math import inf

from ...language.expr import InputError
from ...language.operations import SQUARE_WORDS, STRUCTURE_WORDS
from ...reading.parse import problem
from ..parts.definition_parts import Definition, DefinitionParts, as_text, equation, names_in, ordered
from ..parts.formula import declared, formula
from ..parts.records import Word
from .sheet import Sheet
from ...patterns import pattern


ROOT = pattern(r"\b([A-Z]\w*)\^\(\(*-?\(*1\)*/\(*2\b")
MATRICES = pattern(r"'|\b(?:sum|norm\w+|tr|eye|inv|logdet|det)\b")


def with_words(declare: list[str], words: list[Word]) -> list[str]:
    """Declarations with more words of structure; a word that no size allows is left out."""
    out = list(declare)
    for name, word, *_ in words:
        for k, text in enumerate(out):
            found = declared(text)
            if found is None or found.name != name or word in found.words or word not in STRUCTURE_WORDS:
                continue
            longer = f"{text} {word}"
            try:
                problem([longer])
            except InputError:
                continue
            out[k] = longer
    return out


def roots_meant(sheet: Sheet) -> None:
    """Take a letter of which nothing is said as a positive definite matrix where a sheet speaks of its root, A^{1/2}; as a number
    where nothing on the sheet is a matrix for certain."""
    texts = [*(r.text for r in sheet.rows if r.why is None), *(body for _, body, _ in sheet.define)]
    for name in dict.fromkeys(name for text in texts for name in ROOT.findall(text)):
        said = any(w.name == name and w.word == "spd" for w in sheet.facts.structure)
        if said or name in sheet.names.bodies or sheet.names.shape(name) is not None:
            continue
        if not any(map(MATRICES.search, texts)):
            sheet.declared(f"{name} in R")
        else:
            sheet.facts.say(Word(name, "spd", 0))


def square(sheet: Sheet) -> list[str]:
    """That what is called symmetric, or by another word for square matrices only, has the shape of its transpose."""
    return sorted({f"{w.name} = {w.name}'" for w in sheet.facts.structure if w.word in SQUARE_WORDS and sheet.names.shape(w.name) is None})


def misfits(sheet: Sheet, define: list[Definition], assume: list[str]) -> \
        tuple[list[Definition], list[tuple[Definition, InputError]], list[str]]:
    """(the definitions that can be read together, the others with what is wrong with them, the assumptions that can be read)."""
    said = [w for w in sheet.facts.structure if not w.begins and w.ends == inf]      # of every line: a root may be of what is spd
    roots = {w.name for w in said if w.word == "spd" and sheet.declaration(w.name) is None and sheet.names.shape(w.name) is None}
    either = [sheet.declare] + ([with_words([*sheet.declare, *(f"{n} spd" for n in sorted(roots))], said)] if said else [])

    def tried(some: list[Definition], assumed: list[str]) -> InputError | None:
        wrong: InputError | None = None
        for declare in either:
            try:
                problem(declare, as_text(some), assumed)
            except InputError as e:
                wrong = wrong or e
            else:
                return None
        return wrong
    def parted(beside: Callable[[list[Definition], Definition], list[Definition]]) -> \
            tuple[list[Definition], list[tuple[Definition, InputError]]]:
        good: list[Definition] = []
        bad: list[tuple[Definition, InputError]] = []
        for entry in define:
            wrong = tried([*beside(good, entry), entry], [])
            if wrong is None:
                good.append(entry)
            elif not any(entry[0] != b[0][0] and b[0][0] in formula(entry[1]).names for b in bad):
                bad.append((entry, wrong))
        return good, bad
    if tried(define, assume) is None:
        return define, [], assume
    made = DefinitionParts(define, {})
    good, bad = parted(lambda good, entry: [g for g in good if g[0] in made.of(names_in(entry[1]))])
    if tried(good, []) is not None:       # they fit one by one, and not together
        good, bad = parted(lambda good, _: good)
    kept: list[str] = []
    for text in assume:
        if tried(good, [*kept, text]) is None:
            kept.append(text)
    return good, bad, kept


def misfitting(sheet: Sheet) -> int:
    """How many definitions and lines of a sheet cannot be read, or do not fit by their sizes."""
    good, bad, _ = misfits(sheet, ordered(sheet.define), [])
    out = len(bad) + sum(row.why is not None for row in sheet.rows)
    for row in [r for r in sheet.rows if r.why is None and r.right]:
        sides = [side for side in (row.left, row.right) if side]
        out += equation(sheet.declare, as_text(good), sides[0], sides[-1]) is None
    return out
