"""Indexed families of lines: `z{k} = W{k}*a{k-1} + b{k} for k = 1..12` stands for twelve definitions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from ..grammar.tokens import Line
from ...records import Record

FAMILY = r"(.*\S)\s+for\s+([A-Za-z]\w*)\s*=\s*(\S.*?)\s*\.\.\s*(\S+)\s*"
MOST = 2000


class Family(Record):
    """A line with a letter in braces, and the numbers it stands for."""

    line: Line
    text: str
    letter: str
    first: int
    last: int

    def member(self, k: int) -> Line:
        """The line for one number."""
        def number(found: re.Match[str]) -> str:
            value = k + int((found[1] or "0").replace(" ", ""))
            if value < 0:
                raise self.line.error_at(f"{found[0]} is {value} for {self.letter} = {k}; a name cannot have a number below 0",
                                         self.line.start + found.start())
            return str(value)
        return Line(re.sub(r"\{\s*" + self.letter + r"\s*([+-]\s*\d+)?\s*\}", number, self.text), self.line.number)


def family(line: Line) -> Family | None:
    """The family a line is, if it ends in `for k = 1..12`."""
    found = re.compile(FAMILY, re.DOTALL).fullmatch(line.text, line.start, line.end) if ".." in line.text else None
    if found is None:
        return None
    for k in (3, 4):
        if not re.fullmatch(r"\d{1,6}", found[k]):
            raise line.error_at(f"the range of a family is two numbers, and {found[k]} is not one", found.start(k), "such as for k = 1..12")
    first, last = int(found[3]), int(found[4])
    if not 0 <= last - first < MOST:
        why = f"the range from {first} to {last} is empty" if last < first else f"a family has at most {MOST} members"
        raise line.error_at(why, found.start(3))
    if not re.search(r"\{\s*" + found[2] + r"\b", found[1]):
        raise line.error_at(f"{found[2]} does not occur in the line: z{{{found[2]}}} = ...", found.start(2))
    no_bare_counter(line, found)
    return Family(line, found[1].lstrip(), found[2], first, last)


def no_bare_counter(line: Line, found: re.Match[str]) -> None:
    """The letter that counts stands in braces, also where its number is meant."""
    bare = re.search(rf"\b{found[2]}\b", re.sub(r"\{[^{}]*\}", lambda m: " " * len(m[0]), found[1]))
    if bare is not None:
        raise line.error_at(f"{found[2]} numbers the members of the family and needs braces here", found.start(1) + bare.start(),
                            f"write {{{found[2]}}} for the number, or use another letter for the family")


def members(lines: Sequence[Line]) -> list[Line]:
    """The lines with every family written out; families of the same numbers that follow each other take turns."""
    out: list[Line] = []
    for span, run in groupby(((family(line), line) for line in lines), lambda pair: pair[0] and (pair[0].first, pair[0].last)):
        if span is None:
            out += [line for _, line in run]
        else:
            group = [f for f, _ in run if f is not None]
            out += [f.member(k) for k in range(span[0], span[1] + 1) for f in group]
    return out


def written_out(lines: Iterable[str]) -> list[str]:
    """Families of lines written out, as text.

    >>> written_out(['z{k} = W{k}*z{k-1} for k = 1..2'])
    ['z1 = W1*z0', 'z2 = W2*z1']
    """
    texts = list(lines)
    return [line.text for line in members([Line(text) for text in texts])] if any(".." in text for text in texts) else texts
