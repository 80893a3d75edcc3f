"""What sentences deny, doubt or only report."""

from __future__ import annotations

import re

from .structure_words import HEDGES, REPORTS, UNLIKE, structure
from .vocabulary import SAYING, besides
from ...patterns import pattern

INDEPENDENT = pattern(r"\b(?:do|does) not depend on\b")
WITHOUT = pattern(rf"\bwithout (?:(?:the|an?|any|further|of) )*"
                     rf"(?!(?:{SAYING}|assum\w*|requir\w*|suppos\w*|being)\b)[a-z-]+(?: of generality)?")
ZERO_IFF = pattern(r"\b(?:vanish(?:es)?|is (?:zero|0|stationary)) (?:exactly |precisely )?(?:iff|if and only if)\b")     # sets it to zero
PARTED = pattern(r"[,;:()]|\bbut\b|\band\b")
INSERTED = pattern(r"\b(not|never|necessarily) , [^,]* ,")           # `is not, in general, symmetric`
VERDICTS = frozenset(("wrong", "false", "untrue", "incorrect", "impossible", "mistake", "contradiction"))
SAID_HERE = pattern(r"\b(?:as|we|i) (?:(?:we|i) )?(?:have |had )?(?:already |just |also )?(?:said|argued|asserted|claimed)\b", re.I)


def is_hedged(words: list[str], end: str) -> bool:
    """Whether a sentence denies, doubts or asks."""
    return end.startswith("?") or bool(hedges(words))


def hedges(words: list[str]) -> list[str]:
    """The words of a sentence that deny or doubt.

    >>> hedges("it is false that A is not symmetric".split())
    ['false', 'not']
    """
    text = SAID_HERE.sub("", ZERO_IFF.sub("", WITHOUT.sub("", INDEPENDENT.sub("", besides(" ".join(words))))))
    return [w for w in text.split() if w in HEDGES or w.endswith("n't")]


def reported(words: list[str]) -> bool:
    """Whether a sentence says what others say, and denies nothing.

    >>> reported("the student said that A is symmetric".split()), reported("he said that A is not".split())
    (True, False)
    """
    found = hedges(words)
    return bool(found) and REPORTS.issuperset(found)


def left_open(text: str) -> frozenset[str]:
    """The words of structure of a sentence that denies or doubts which may yet be so: it only reports, denies twice, or denies others; what
    it denies stands behind the denial in the same part of it; a verdict is on all of it.

    >>> left_open("is not just square , it is symmetric"), left_open("is not symmetric"), left_open("not diagonal , but symmetric")
    (frozenset({'symmetric'}), frozenset(), frozenset({'symmetric'}))
    """
    found = hedges(text.split())
    if not found:
        return frozenset()
    every, denied = set[str](), set[str]()
    for part in PARTED.split(INSERTED.sub(r"\1", text)):
        words = part.split()
        said = structure([w for w in UNLIKE.sub("", part).split() if w not in HEDGES])
        last = max((k for k, w in enumerate(words) if structure([UNLIKE.sub("", w)])), default=-1)
        every.update(said)
        denied.update(said if hedges(words[:last + 1]) or not VERDICTS.isdisjoint(found) else ())
    denied.update(("spd", "diagonal") if "symmetric" in denied else ())
    twice = sum(w not in ("or", "nor", "neither", "necessarily") for w in found) > 1
    return frozenset(every if twice or REPORTS.issuperset(found) else every - denied)
