"""What plain sentences say about the structure of names, and how far it reaches: `if S is symmetric, ..`, `S is symmetric`."""

from __future__ import annotations

from functools import partial
from math import inf
import re

from ...language.operations import STRUCTURE_WORDS
from ...language.shape import InputError
from ...reading.declare import declarations
from ...reading.latex.letters import FUNCTIONS
from ...reading.latex.names import NAME
from ..parts.definition_parts import names_in
from ..parts.formula import constant, split
from ..parts.records import Assumption, Word
from ..words.declaration_lists import DECLARED, STRUCTURED, Said, in_symbols, spoken
from ..words.structure_words import structure_from_equation
from ..words.surrounding_words import SYMBOLS, split_words
from .plain_sides import plain_side
from .sheet import Sheet
from ...patterns import pattern

SUPPOSED = pattern(rf"(?:(?P<condition>if|when|for)|since|because|as|with)\s+"
                      rf"(?:(?P<name>{NAME.pattern}) (?:is |are )?(?P<words>{'|'.join(STRUCTURE_WORDS)})|"
                      rf"(?:a )?(?P<front>{'|'.join(STRUCTURE_WORDS)}) (?P<of>{NAME.pattern}))(?:(?:\s*[,:]|\s+then\b)+|$)\s*(?P<rest>.*)",
                      re.I)
RELATED = pattern(r"(?:if|when|for|assuming|provided)(?: that)? (?P<body>[^,:]*?)(?:(?:\s*[,:]|\s+then\b)+|(?<= > 0)$)"
                     r"\s*(?P<rest>.*)", re.I)
RELATION = pattern(r"[=<>≤≥≠∈≻]|\b\w\s+in\b")
CONDITION = pattern(r"(?:if|when|provided|assuming|for)\b(?: that\b)?\s*")
REASON = pattern(r"[,;]? \(?(?:by|since|because|as) .*")


def supposed(sheet: Sheet, number: int, line: str) -> str:
    """What stands behind `if S is symmetric,` or `if c > 0,` in a line, which counts as a condition; the line where it has none."""
    found, related = SUPPOSED.match(line), RELATED.match(line)
    if found is not None:
        name, word = (found["name"], found["words"]) if found["name"] else (found["of"], found["front"])
        said, rest, limited = [(name, word.lower())], found["rest"], bool(found["condition"])
    elif related is not None and RELATION.search(body := related["body"]) and not DECLARED.match(in_symbols(body)) \
            and not sheet.new(body.partition("=")[0].strip()):
        each = [equated(part) for part in re.split(r"\band\b", body)]
        said, rest, limited = [pair for pair in each if pair is not None], related["rest"], True
        if None in each:
            raise InputError("the condition before this cannot be read", number, line.find(body) + 1, line)
    else:
        return line
    for pair in said:
        sheet.limited += [(len(sheet.structure), len(sheet.rows) - bool(rest))] if limited else []
        sheet.structure.append(Word(*pair, len(sheet.rows)))
    return rest


def told_behind(sheet: Sheet, number: int, line: str, words: str) -> bool:
    """Take what a clause behind a line says of structure, from that line's row on, or for that line alone; whether it says anything.
    A line with a condition behind it that is not read is not read either."""
    condition, rows = CONDITION.match(words), len(sheet.rows)
    body = words[condition.end():] if condition else words
    words_above = re.findall(r"\w+", line[:line.rfind(words)])
    above = {w for w in words_above if len(w) == 1 or not w.islower()}          # A is no article where it stands in the formula
    said, perhaps = spoken(body, lambda name: sheet.names.known(name) or name in above) if not SYMBOLS.search(body) else ([], [])
    if condition and RELATION.search(body) and not DECLARED.match(in_symbols(body)):
        found = equated(body)
        if re.fullmatch(r"(?:all |any |every )?[^=<>!≠]+(?:≠|!=)[^=<>!≠]+", body):         # it leaves hardly anything out
            return True
        if found is None:
            raise InputError("the condition after this cannot be read", number, line.rfind(words) + 1, line)
        said = [found]
    elif (found := equated(body.partition(" ")[2])) is not None:         # since A = A'
        said = [found]
    for pair in said:
        sheet.limited += [(len(sheet.structure), rows)] if condition and pair[1] in STRUCTURE_WORDS else []
        say(sheet, [pair], rows)
    sheet.maybe += [Word(name, word, 0) for name, word in perhaps]
    return bool(said or perhaps)


def end_conditions(sheet: Sheet, line: str) -> None:
    """A condition counts for the equality behind it and the lines that go on with it, and no longer."""
    if line.startswith("="):
        return
    rows = len(sheet.rows)
    for k, at in sheet.limited:
        sheet.structure[k] = sheet.structure[k]._replace(ends=rows if rows > at else inf)
    sheet.limited = [(k, at) for k, at in sheet.limited if rows <= at]


def is_bound(sheet: Sheet, text: str) -> bool:
    """Whether an equality defines nothing, differentiates nothing and is about nothing that is defined: beside a declaration it is a
    condition."""
    said = split_words(text, sheet.names.known)
    first, *rest = map(partial(plain_side, sheet), split(said.formula))
    head = re.match(r"([A-Za-z]\w*)\*?(?:\([^()]*\))?$", first)
    fits = (head is None or head[1] in FUNCTIONS) and sheet.names.bodies.keys().isdisjoint(re.findall(r"[A-Za-z]\w*", said.formula))
    return bool(rest) and fits and said.words in ("", "with", "where") and not re.search(
        r"\bd\(|[gG]rad|[hH]ess|jac|[∇∂]|/ ?d|'$", first)


def assume_bound(sheet: Sheet, word: str, start: int) -> None:
    """Assume what the one row from here on says behind `where` of names that nothing defines: \\sum_i y_i = 1."""
    row = sheet.rows[start] if word.lower() in ("where", "with") and len(sheet.rows) == start + 1 else None
    left = row.left or "" if row is not None and row.why is None else ""
    free = sheet.names.bodies.keys().isdisjoint(set(names_in(left)) - FUNCTIONS) and not constant(left) and "d(" not in left
    if row is not None and left and constant(row.right) and free:
        sheet.assumed.append(Assumption(f"{left} = {row.right}", start))
        sheet.rows[start] = row._replace(left="", right="", shown=row.shown or f"{left} = {row.right}", role="model")


def told_in_words(sheet: Sheet, number: int, line: str) -> bool:
    """Take what a sentence says of the structure of names, and what it may say; whether it says anything."""
    symbols = in_symbols(line)
    if DECLARED.match(symbols) or STRUCTURED.fullmatch(symbols):
        return False
    said, perhaps = spoken(REASON.sub("", line), sheet.names.known)
    say(sheet, said, len(sheet.rows))
    sheet.maybe += [Word(name, word, 0) for name, word in perhaps]
    sheet.passed += [(number, line)] if perhaps and not said else []
    return bool(said or perhaps)


def declare_line(sheet: Sheet, number: int, text: str) -> None:
    """A declaration, if it can be read."""
    try:
        declarations((" ".join(text.replace("∈", " in ").replace("ℝ", "R").split()),))
    except InputError as e:
        raise InputError(e.message, number, 1, text, e.hint) from None
    sheet.declared(text)


def say(sheet: Sheet, said: Said, begins: int) -> None:
    """Enter the structure of names from a row on, or that they are constant."""
    sheet.constant |= {name for name, word in said if word not in STRUCTURE_WORDS}
    sheet.structure += [Word(name, word, begins) for name, word in said if word in STRUCTURE_WORDS]


def equated(text: str) -> tuple[str, str] | None:
    """What an equation, or being more than 0, says of structure.

    >>> equated("S = S'"), equated("c > 0"), equated("n = 1")
    (('S', 'symmetric'), ('c', 'positive'), None)
    """
    if positive := re.fullmatch(r"(\w+) *> *0", text.strip()):
        return positive[1], "positive"
    left, _, right = re.sub(r"\^T\b|ᵀ", "'", text).replace(" ", "").partition("=")
    return structure_from_equation(left, right.lstrip("="))
