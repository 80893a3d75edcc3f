"""Phrases with a formula behind a name: the space that its argument lies in, what it stands for, what its elements are: `the diagonal
matrix with diagonal elements p_i(1 - p_i)`; inequalities against what was said."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise
import re

from ...language.shape import InputError
from ...patterns import pattern
from ...reading.latex.declarations import declaration
from ...reading.latex.spelling import EQUALS
from ...reading.latex.tensor_networks import bare
from ...reading.latex.macros import parts
from ...reading.latex.names import NAME
from ...reading.latex.tokens import GREEK, Tokens
from ..parts.formula import ZERO
from ..parts.records import Assumption, Row
from ..words.sentences import Item
from ..words.structure_words import structure, structure_from_equation
from .equalities import add_sides
from .tex_sides import in_language, single_name, spelled_tokens
from .name_structure import deny, take_back
from .rows import Statement, statements
from .sheet import Sheet

STANDS = pattern(r"(?:to )?(?:stands? for|denotes?|abbreviates?|represents?)")
PLAINLY = pattern(r"(?:(?:for (?:simplicity|short|brevity|convenience)|in what follows|below|here|where|with|and|let|now|,) ?)*")
COMPARES = frozenset(("<", ">", r"\le", r"\ge"))
CURVE = pattern(r"\(\\?[A-Za-z]+\)")
OVER = pattern(r"\b(?:on|over)(?: (?:the|all of) ?\w*)?$")
ELEMENTS = pattern(r".*\b(?:with|whose|of)(?: its| the)?(?: # (?:- ?)?(?:th|st))?(?: diagonal)? (?:elements?|entr(?:y|ies)|components?)"
                   r"(?: (?:are|is|equal to|given by|being))*")


def is_domain(sheet: Sheet, of: list[list[str]], words: str, item: Item) -> bool:
    """Take the space behind `f(X) = .. on` as that of X; whether it is one."""
    given = sheet.names.arguments.get(of[-1][0], ()) if of and of[-1] and OVER.search(words) else ()
    if len(given) != 1 or not sheet.new(given[0]):
        return False
    space = [(given[0], item.start), (r"\in", item.start), *spelled_tokens(sheet, item.start, item.end)]
    said = declaration(space, sheet.names, sheet.text, structure)
    if said is not None:
        sheet.declared(said)
    return said is not None


def oppose(sheet: Sheet, s: Statement) -> None:
    """End what an inequality is against: A = A' where A \\ne A' is said of it, c > 0 where c < 0 is."""
    last, unequal = s.sides[-1], s.sign == r"\ne"
    k = next((k for k, (t, _) in enumerate(last) if t == s.sign), 0)
    if k and (unequal or s.sign in ("<", r"\le", r"\leqslant")):
        with suppress(InputError):
            left, right = in_language(sheet, last[:k]), in_language(sheet, last[k + 1:])
            word = structure_from_equation(left, right) if unequal else (left, "positive") if ZERO.fullmatch(right) else None
            if word is not None:
                deny(sheet, *word)
                sheet.facts.denied.add(word)
            take_back(sheet, (), [j for j, a in enumerate(sheet.facts.assumed) if unequal and a.text == f"{left} = {right}"])


def listed(sheet: Sheet, source: Tokens) -> list[str]:
    """The names in `A, B`, in `A` and in `A(t)`."""
    if len(source) == 4 and (source[1][0], source[3][0]) == ("(", ")") and source[0][0] not in sheet.names.arguments:
        return [single_name(sheet, source[:1])]
    texts = [in_language(sheet, part) for part in parts(source, (",",), {}) if part]
    return [text if NAME.fullmatch(text) else "" for text in texts] if all(texts) else []


def enter_case(sheet: Sheet, s: Statement) -> None:
    """Enter what is positive where a < b, or a < b < c, of numbers."""
    tokens = s.sides[0]
    at = [k for k, (t, _) in enumerate(tokens) if t in COMPARES]
    sides, said = [tokens[a + 1:b] for a, b in pairwise([-1, *at, len(tokens)])], list[str]()
    with suppress(InputError):
        texts = [in_language(sheet, side) for side in sides] if all(sides) else []
        for k, (one, two) in zip(at if texts else (), pairwise(texts), strict=True):
            less, more = (one, two) if tokens[k][0] in ("<", r"\le") else (two, one)
            said.append(f"({more}) - ({less})" if less != "0" else more)
    if said:
        sheet.facts.cases.append(Assumption("; ".join(said), len(sheet.rows)))


def is_curve(s: Statement) -> bool:
    """Whether A = A(t) says that a name is a function of another."""
    one, two = (["".join(t for t, _ in side) for side in s.sides] if len(s.sides) == 2 else ("", ""))
    return two.startswith(f"{one}(") and CURVE.fullmatch(two, len(one)) is not None


def stands_for(sheet: Sheet, name: str, behind: Item, around: Sequence[str]) -> bool:
    """Take `$s$ stands for $1^T e$` as a definition, where nothing else is said around it; whether it is such a phrase."""
    letter = name if len(name) == 1 else f"\\{name}"
    if not STANDS.fullmatch(around[0]):
        return False
    if sheet.new(name) and all(map(PLAINLY.fullmatch, around[1:])) and (len(name) == 1 or name in GREEK):
        spelled = spelled_tokens(sheet, behind.start, behind.end)
        with suppress(InputError):
            if [len(s.sides) for s in statements(spelled, sheet.names, sheet.text)] == [1]:
                [s] = statements([(letter, behind.start), ("=", behind.start), *spelled], sheet.names, sheet.text)
                add_sides(sheet, s, Row(sheet.line_of(behind.start), "", "", ""))
                sheet.understood.append(f"{name} = {bare(sheet.names.bodies.get(name, behind.text))}")
    return True


def with_elements(sheet: Sheet, name: str, said: str, behind: Item) -> bool:
    """Take a name for the diagonal matrix of the elements that stand behind these words, or behind the = there; in a phrase of other
    elements nothing is known of it. Whether it is such a phrase."""
    if ELEMENTS.fullmatch(said) is None:
        return False
    spelled = spelled_tokens(sheet, behind.start, behind.end)
    equal = next((k + 1 for k, (t, _) in enumerate(spelled) if t in EQUALS), 0)
    diagonal = [(t, behind.start) for t in (r"\operatorname", "{", *"diag", "}", "(")]
    body = in_language(sheet, [*diagonal, *spelled[equal:], (")", behind.end)]) if "diagonal" in said else ""
    body = re.sub(r"\bones\(\?\w+\?\)", "vector(1)", body)        # its size is found with the others
    if body and (sheet.new(name) or sheet.declared_only(name, body, True)):
        sheet.promised.pop(name, None)              # its elements say how large it is
        sheet.defined(name, body, sheet.line_of(behind.start))
        sheet.understood.append(f"{name} = {bare(body)}")
    elif not equal:
        sheet.unclear.unread.setdefault(name, sheet.line_of(behind.start))
    return not equal
