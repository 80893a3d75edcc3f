"""Sheets whose lines are NumPy's: there * goes entry by entry on every line that does not say otherwise."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
import re

from ..words.declaration_lists import Said, spoken
from ..python.python_text import tree_of
from ...reading.dialects.lines import LONGEST, is_numpy
from ...reading.tokens import Line

SIZES = re.compile(r"([^()\[\]]*?)(?:[(\[]\s*(\w+(?:\s*,\s*\w+)*)\s*,?\s*[)\]]|(?<=[\s:=])\(\s*\)|\b(?:a\s+)?scalar\b)")
OWN = re.compile(r"'|\.\*|\.\^|\./|(?<!\*)\^")       # what only the language has
FACTOR = re.compile(r"(?<![\w./])(d\(\w+\)(?![\w/.])|(?<!d\()[A-Za-z_]\w*(?![\w(.]))")


def in_numpy(lines: list[str]) -> bool:
    """Whether one of these lines is NumPy's and not the language's."""
    return any(len(line) < LONGEST and not OWN.search(line) and is_numpy(Line(line)) for line in lines)


def is_python(line: str) -> bool:
    """Whether a line is one of a program, and no sentence."""
    return tree_of(line.strip()) is not None


def marked(side: str) -> str:
    """A side of a line of such a sheet, so that it is read as NumPy by itself."""
    if not set(side) & set("*/+-") or OWN.search(side) or is_numpy(Line(side)):
        return side
    return FACTOR.sub(lambda m: f"np.asarray({m[1]})", side, count=1)


def said_shapes(text: str, names: Container[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The shapes that a comment gives to these names.

    >>> list(said_shapes("X: (n, d), y is (n,), b is (), c -- a scalar", {"X", "y", "a", "b", "c"}))
    [('X', ('n', 'd')), ('y', ('n',)), ('b', ()), ('c', ())]
    """
    for words, sizes in SIZES.findall(text):
        for name in [w for w in re.findall(r"\w+", words) if w in names][:1]:
            yield name, tuple(re.findall(r"\w+", sizes))


def commented(raws: Iterable[str], lines: Sequence[str]) -> tuple[dict[str, tuple[str, ...]], Said]:
    """What the comments of a program's lines say of shapes, of at most two sizes, and of structure: # Y: (n, k) one-hot."""
    names = {w for line in lines if is_python(line) for w in re.findall(r"[A-Za-z_]\w*", line)}
    told = [raw.partition("#")[2] if "#" in raw or is_python(raw) else raw for raw in raws]
    found = {name: sizes for text in told for name, sizes in said_shapes(text, names)}
    parts = [part for text in told for part in re.split(r"[,;](?![^(\[]*[)\]])", text)]
    words = [said for part in parts for said in spoken(re.sub(r"[(\[].*?[)\]]|:", " ", part), names.__contains__)[0]]
    made = {line.partition("=")[0].strip() for line in lines}       # a size that is assigned is none
    return {name: sizes for name, sizes in found.items() if len(sizes) < 3 and made.isdisjoint(sizes)}, words
