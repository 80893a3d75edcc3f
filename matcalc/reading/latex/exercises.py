r"""Lists of exercises: each item says anew what f is, and what its gradient is.

\item f(x) = a^\top x, \nabla f(x) = a  \item f(x) = \|x\|^2, \nabla f(x) = 2x: the second f is another function. That is so where an
item begins with its f and differentiates it, and so did the items before, or what stands above them all; an item that goes on with
an f of which nothing was concluded yet is a step. Below a heading the f may stand behind any words.
"""

from __future__ import annotations

import re

from ...records import Record
from .tokens import Token
from ...patterns import pattern

ITEM = pattern(r"\\item\b(?:\[[^\]]*\])?|^[ \t]*(?:[-*+]|\d{1,2}[.)]|\([a-z\d]\)|[a-z]\))[ \t]+|"
                  r"^[ \t]*(?:#+[ \t][^\n]*|\\(?:sub)*section\*?\{[^\n]*)\n|"
                  r"^[ \t]*\*\*[^*\n]*\d[^*\n]*\*\*[ \t]*", re.M)
STYLE = r"(?:\\(?:mathcal|mathscr)\s*\{?\s*)?"
OPENS = r"(?:\$\$?|\\\(|\\\[|\\begin\{(?:equation|align)\*?\})"
HEAD = rf"{OPENS}\s*{STYLE}(?P<f>[A-Za-z]|\\ell(?![A-Za-z]))\}}?\s*(?P<of>(?:\\left\s*)?\([^()=]*\)\s*)?&?\s*:?="
ABOVE = pattern(HEAD)
BELOW = pattern(rf"[^$\\]*{HEAD}")
FIRST = pattern(rf"[\s:]*(?:(?:let|(?P<claims>we have)|consider|define|for|given|suppose|take|put|the function)\s+)?{HEAD}", re.I)
DIFFERENTIATED = (rf"\\nabla(?:_\{{?[^{{}}\s]+\}}?|\s|\^2|\^\{{2\}})*\s*{STYLE}%(f)s(?![A-Za-z])|"
                  rf"\\partial\s*\{{?\s*{STYLE}%(f)s(?![A-Za-z])|"
                  r"\\frac\s*\{\s*(?:\\partial|d)\s*\}|\bd\s*%(f)s(?![A-Za-z])|(?<![A-Za-z])%(f)s\s*'")


class Redefined(Record):
    """A letter that is defined anew at some place of a text; claimed where that may be said of the first one instead."""

    letter: str
    start: int
    end: int
    number: int
    claimed: bool = False


def redefined_letters(text: str) -> list[Redefined]:
    """The letters that items of a text define anew."""
    starts = [m.end() for m in ITEM.finditer(text)]
    out: list[Redefined] = []
    last: dict[str, tuple[int, bool]] = {m["f"]: (1, False) for m in ABOVE.finditer(text, 0, starts[0] if starts else 0)}
    for start, end in zip(starts, [*starts, len(text)][1:], strict=False):
        plain = FIRST.match(text, start, end)
        found = plain or (BELOW.match(text, start, end) if text[start - 1] == "\n" else None)
        if found is None:
            last.update({f: (k, done or _differentiates(text[start:end], f)) for f, (k, done) in last.items()})
            continue
        f = found["f"]
        done = _differentiates(text[start:end], f)
        count, before = last.get(f, (0, False))
        if count and before and done:
            out = [a._replace(end=start) if a.letter == f and a.end > start else a for a in out]
            out.append(Redefined(f, start, len(text), count + 1, plain is None or bool(plain["claims"]) or not plain["of"]))
            last[f] = (count + 1, True)
        else:
            last[f] = (max(count, 1), done)
    return out


def _differentiates(text: str, f: str) -> bool:
    return re.search(DIFFERENTIATED % {"f": re.escape(f)}, text) is not None


def renamed(tokens: list[Token], others: list[Redefined]) -> list[Token]:
    """Tokens with f_2 for the second f."""
    out: list[Token] = []
    for k, (token, at) in enumerate(tokens):
        out.append((token, at))
        found = next((a for a in others if a.letter == token and a.start <= at < a.end), None)
        if found is not None and (k + 1 == len(tokens) or tokens[k + 1][0] != "_"):
            out += [(t, at) for t in ("_", "{", str(found.number), "}")]
    return out
