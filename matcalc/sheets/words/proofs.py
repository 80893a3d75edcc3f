"""Lemmas, problems and cases of a text: what a lemma supposes, its proof may use, and the next lemma may not."""

from __future__ import annotations

from itertools import pairwise
import re

from ...patterns import pattern
from ...records import Record

MARK = r"(?:\\(?:textbf|emph|textit|textsc|paragraph\*?|(?:sub)*section\*?)\s*\{|[*_]{1,2}|\#+\s)?"
PLACE = r"(?:(?:^|\n)(?:\\noindent)?[ \t>]*|(?<=[.:}]) )"
SAID = pattern(r"\\begin\{(?:lemma|theorem|proposition|corollary|claim|fact|exercise|problem)\*?\}|"
               rf"{PLACE}{MARK}(?:Lemma|Theorem|Proposition|Corollary|Claim|Fact|Exercise|Problem)\b[^.:\n]{{0,40}}[.:}}]", re.I)
PROVED = pattern(rf"\\begin\{{(?:proof|solution)\*?\}}|(?:{PLACE}|(?<=\n)){MARK}(?:Proof|Solution)\b[^.:\n]{{0,20}}[.:}}*]")
OVER = pattern(r"\\end\{(?:proof|solution)\*?\}|\\qed\b|\\square\b|\\blacksquare\b|[□■∎]|\bq\.?e\.?d\b|\\(?:sub)*section\b|\\begin\{remark|"
               rf"\n\#+ |{PLACE}{MARK}(?:Remark|Example|Note|Proof|Solution)\b", re.I)
HEAD = r"(?:(?P<lemma>lemma|theorem|proposition|exercise|problem|question|example|(?:q|ex|p)\.?(?= ?\d))|case|corollary|claim|fact|remark)"
BEGINS = pattern(rf"\\begin\{{{HEAD}\*?\}}|"
                 rf"{PLACE}(?:[-•] |\\item\s)?{MARK}{HEAD.replace('?P<lemma>', '?P<other>')}"
                 r"(?: ?#?(?:\d[\w.]*|[A-Z]|[IVX]+)\b)?(?:\.| ?[:}*(\n—–-]|[ \t]*$)", re.I | re.M)


def regions(text: str) -> list[tuple[int, int]]:
    """Where lemmas and problems begin in a text, with 1, and cases and corollaries, which stand inside them, with 2.

    >>> regions("Problem 1. x = y\\nCase 2: x > 0.\\nProblem 2 is hard.\\n\\\\begin{lemma} x = y")
    [(0, 1), (16, 2), (51, 1)]
    """
    return [(m.start(), 1 if m["lemma"] or m["other"] else 2) for m in BEGINS.finditer(text)]


class Proof(Record):
    """Where a lemma stands in a text, and where its proof does."""

    said: tuple[int, int]
    proved: tuple[int, int]


def proofs(text: str) -> list[Proof]:
    """The lemmas of a text that a proof stands behind, before the next one.

    >>> text = "Lemma 1. If A is symmetric, f' = 2Ax.\\nProof. df = 2x'Adx. QED\\nIn general, it is not."
    >>> [(text[slice(*p.said)], text[slice(*p.proved)]) for p in proofs(text)]
    [("Lemma 1. If A is symmetric, f' = 2Ax.", "\\nProof. df = 2x'Adx. ")]
    """
    starts = [m.start() for m in SAID.finditer(text)]
    out = list[Proof]()
    for at, behind in pairwise([*starts, len(text)]):
        begun = PROVED.search(text, at, behind)
        if begun is not None:
            over = OVER.search(text, begun.end(), behind)
            out.append(Proof((at, begun.start()), (begun.start(), over.start() if over is not None else behind)))
    return out
