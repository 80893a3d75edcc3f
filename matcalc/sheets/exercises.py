r"""Lists of exercises: each item says anew what f is, and what its gradient is.

\item f(x) = a^\top x, \nabla f(x) = a  \item f(x) = \|x\|^2, \nabla f(x) = 2x: the second f is another function. That is so where both
items begin with their f and differentiate it; an item that goes on with an f of which nothing was concluded yet is a step.
"""

from __future__ import annotations

import re

from ..records import Record
from ..reading.latex.words import Token

ITEM = re.compile(r"\\item\b(?:\[[^\]]*\])?|^[ \t]*(?:[-*+]|\d{1,2}[.)]|\([a-z\d]\)|[a-z]\))[ \t]+|"
                  r"^[ \t]*(?:#+[ \t][^\n]*|\\(?:sub)*section\*?\{[^\n]*)\n|"
                  r"^[ \t]*\*\*[^*\n]*\d[^*\n]*\*\*[ \t]*", re.M)
FIRST = re.compile(r"[\s:]*(?:(?:let|consider|define|for|given|suppose|take|put|the function)\s+)?"
                   r"(?:\$\$?|\\\(|\\\[)\s*(?P<f>[A-Za-z])\s*(?:\\left\s*)?\([^()=]*\)\s*&?\s*:?=", re.I)
DIFFERENTIATED = (r"\\nabla(?:_\{?[^{}\s]+\}?|\s|\^2|\^\{2\})*\s*%(f)s(?![A-Za-z])|\\partial\s*\{?\s*%(f)s(?![A-Za-z])|"
                  r"\bd\s*%(f)s(?![A-Za-z])|(?<![A-Za-z])%(f)s\s*'")


class Afresh(Record):
    """A letter that is another function from one place of a text to another."""

    letter: str
    start: int
    end: int
    number: int


def afresh(text: str) -> list[Afresh]:
    """The letters that items of a text define anew."""
    starts = [m.end() for m in ITEM.finditer(text)]
    out: list[Afresh] = []
    last: dict[str, tuple[int, bool]] = {}
    for start, end in zip(starts, [*starts, len(text)][1:], strict=False):
        found = FIRST.match(text, start, end)
        if found is None:
            continue
        f = found["f"]
        done = re.search(DIFFERENTIATED % {"f": f}, text[start:end]) is not None
        count, before = last.get(f, (0, False))
        if count and before and done:
            out = [a._replace(end=start) if a.letter == f and a.end > start else a for a in out]
            out.append(Afresh(f, start, len(text), count + 1))
            last[f] = (count + 1, True)
        else:
            last[f] = (max(count, 1), done)
    return out


def renamed(tokens: list[Token], others: list[Afresh]) -> list[Token]:
    """Tokens with f_2 for the second f."""
    out: list[Token] = []
    for k, (token, at) in enumerate(tokens):
        out.append((token, at))
        found = next((a for a in others if a.letter == token and a.start <= at < a.end), None)
        if found is not None and (k + 1 == len(tokens) or tokens[k + 1][0] != "_"):
            out += [(t, at) for t in ("_", "{", str(found.number), "}")]
    return out
