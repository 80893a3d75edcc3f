"""Sheets whose lines are NumPy's: there * goes entry by entry on every line that does not say otherwise."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from itertools import takewhile
import re

from ...reading.dialects.lines import LONGEST, is_numpy
from ...reading.grammar.tokens import Line
from ..python.python_text import tree_of
from ..words.clauses import clauses
from ..words.declaration_lists import STRUCTURED, in_symbols
from ..words.plain_items import plain_items
from ..words.structure_words import structure
from ...patterns import pattern

SIZE = r"\w+(?:\s*[*+]\s*\w+)*"
SIZES = pattern(rf"([^()\[\]]*?)(?:[(\[]\s*({SIZE}(?:\s*,\s*{SIZE})*)\s*,?\s*[)\]]|(?<=[\s:=])\(\s*\)|\b(?:a\s+)?scalar\b)")
NAMES = pattern(r"[A-Za-z_]\w*(?:\s*(?:,|,?\s+and\b|&)\s*[A-Za-z_]\w*)*")        # x, y and z
QUOTES = ("'", '"')
OWN = pattern(r"'|\.\*|\.\^|\./|(?<!\*)\^")       # what only the language has
PARTS = pattern(r"(?:;|(?<!\b\w)(?<!\b\w\w),)(?![^(\[]*[)\]])")           # P, Rn symmetric is one
FACTOR = pattern(r"(?<![\w./])(d\(\w+\)(?![\w/.])|(?<!d\()[A-Za-z_]\w*(?![\w(.]))")


def in_numpy(lines: list[str]) -> bool:
    """Whether one of these lines is NumPy's and not the language's."""
    return any(len(line) < LONGEST and not OWN.search(line) and is_numpy(Line(line)) for line in lines)


def is_python(line: str) -> bool:
    """Whether a line is one of a program, and no sentence."""
    return tree_of(line.strip()) is not None


def marked(side: str, shown: Callable[[Line], bool] = is_numpy) -> str:
    """A side of a line of such a sheet, so that it is read as NumPy by itself, where it does not show that."""
    if not set(side) & set("*/+-") or OWN.search(side) or shown(Line(side)):
        return side
    return FACTOR.sub(lambda m: f"np.asarray({m[1]})", side, count=1)


def said_shapes(text: str, names: Container[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The shapes that a comment gives to these names.

    >>> list(said_shapes("X: (n, d), y is (n,), b is (), c -- a scalar", {"X", "y", "a", "b", "c"}))
    [('X', ('n', 'd')), ('y', ('n',)), ('b', ()), ('c', ())]
    >>> list(said_shapes("U, V are (B, 4H) arrays", {"U", "V"}))
    [('U', ('B', '4*H')), ('V', ('B', '4*H'))]
    """
    for words, sizes in SIZES.findall(text):
        listed = ([w for w in re.findall(r"\w+", part) if w in names] for part in NAMES.findall(words))
        said = [re.sub(r"(?<=\d)(?=[A-Za-z])", "*", size) for size in re.findall(SIZE, sizes)]        # 4H
        for name in next(filter(None, listed), []):
            yield name, tuple("".join(size.split()) for size in said)


def commented(raws: Iterable[str], lines: Sequence[str]) -> \
        tuple[dict[str, tuple[str, ...]], list[tuple[str, str]]]:
    """What the comments of a program's lines say of shapes, of at most two sizes, and of structure: # Y: (n, k) one-hot."""
    code = [line for line in lines if is_python(line) and line.strip()[:1] not in QUOTES]
    names = {w for line in code for w in re.findall(r"[A-Za-z_]\w*", line.split("#")[0])}
    told = [raw.partition("#")[2] if "#" in raw or is_python(raw) and raw.strip()[:1] not in QUOTES else raw.strip(" \"'") for raw in raws]
    found = {name: sizes for text in told for name, sizes in said_shapes(text, names)}
    parts = [part for text in told for part in PARTS.split(text)]
    words = [said for part in parts for said in _structure(re.sub(r"[(\[].*?[)\]]|:", " ", part).strip(" ."), names.__contains__)]
    made = {line.partition("=")[0].strip() for line in lines}       # a size that is assigned is none
    return {name: sizes for name, sizes in found.items() if len(sizes) < 3 and made.isdisjoint(sizes)}, words


def _structure(text: str, known: Callable[[str], bool]) -> list[tuple[str, str]]:
    """What a comment says of the structure of the name in it."""
    found = plain_items(" ".join(text.split()), known)
    stated = [STRUCTURED.fullmatch(in_symbols(item.text)) for item in found if item.kind == "declaration"]
    if stated:
        return [(name, word) for m in stated if m is not None for name in re.findall(r"\w+", m[1]) for word in m[2].split()]
    names = [item for item in found if item.kind == "formula" and known(item.text)]
    if len(names) != 1:
        return []
    at = found.index(names[0])
    [said] = clauses([" ".join(item.text for item in part) for part in (found[:at], found[at + 1:])], ".").each
    if said.mood not in ("", "if") and (words := [*said.front, *said.behind]):
        return [(names[0].text, word) for word in words]
    behind = [item.text for item in takewhile(lambda item: item.kind == "word", found[at + 1:]) if item.text not in ("is", "are")]
    return [(names[0].text, word) for word in structure(behind[:1])]           # Y (n, k) one-hot actions
