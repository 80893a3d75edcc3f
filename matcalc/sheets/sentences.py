"""Sentences taken apart into words, stops, signs and formulas; the phrases that ask for something, claim it or set it to zero."""

from __future__ import annotations

import re

from ..records import Record
from .chinese import words

DERIVATIVE = re.compile(r"\b(?P<kind>gradient|derivative|hessian)(?: of(?: the)?(?: (?:loss|function|objective|cost))?)?$")
DIFFERENTIATES = re.compile(r"\\nabla|\\partial|\\d\b|\bd[A-Za-z]?\b")
ABOUT = re.compile(r"\b(?:gradient|derivative|hessian|jacobian|differential)\b")
SOUGHT = (r"(?:optimum|MLE|mle|maximum[ -]likelihood estimat(?:e|or)|"
          r"minimum|maximum|minimi[sz]ers?|maximi[sz]ers?|solutions?|(?:stationary|critical|optimal) points?)")
ZERO = re.compile(r"\b(?:sett?(?:ing|s)?|let(?:ting)?|put(?:ting)?|equat(?:e|es|ing))\b.*\b(?:zero|0|vanish)\b|"
                  r"\b(?:vanish(?:es|ing)?|is zero|is stationary|(?:minimi[sz]ed|maximi[sz]ed|minimal|maximal) (?:for|at|when|by))\b|"
                  rf"\bat (?:the|a|an|any) (?:\w+ )?{SOUGHT}\b|\b(?:optimality|stationarity|first-order) conditions?\b|"
                  rf"\bnormal equations?\b|\b{SOUGHT} (?:\w+ )?(?:satisf(?:y|ies)|solves?|obeys?|fulfils?|is|are)\b")
CLAIMED = re.compile(r"(?:^|\s)(?:is|equals|reads|becomes|not|be|by|to|then|thus|therefore|now|simply|just|exactly)$")
DOTTED = re.compile(r"\b(?:s\.?p\.?s\.?d|p\.s\.d|s\.p\.d|p\.d)\.", re.I)       # of structure, read as one word
ABBREVIATED = re.compile(r"\b(?:i\.i\.d|w\.r\.t|s\.t|resp|cf)\.|\b(?:e\.g|i\.e)\.(?=,|\s)")
GIVES = re.compile(r"\b(?:gives?|yields?|we (?:get|obtain|find|have|see)|implies|leads to|results in|so|hence|thus|therefore)"
                   r"(?: that| us)?(?: (?:the|an?|our|its)(?: [\w-]+){1,4})? ?:?$|[,:]$|"
                   r"\b(?:vanish(?:es)?|is (?:zero|stationary)|minimi[sz]ed|maximi[sz]ed|minimal|maximal|attained) "
                   r"(?:only |exactly )?(?:for|at|when|by|where|if)$|"
                   rf"\b{SOUGHT} (?:\w+ )?(?:is|are|reads|satisf(?:y|ies)|solves?)(?: (?:therefore|thus|then|given by))*$|"
                   rf"\bat (?:the|a|an|any) (?:\w+ )?{SOUGHT} ?,?(?: we have)?$|"
                   r"\b(?:conditions?|equations?) (?:is|are|reads?|becomes?)(?: (?:therefore|thus|then))*$")
ALONE = re.compile(r"\b(?:the|its|our) (?P<kind>gradient|derivative|hessian)(?: matrix)?(?: of(?: the)? (?:loss|function|objective|cost))?"
                   r",? ?(?:is|equals|reads|becomes)(?: (?:then|thus|therefore|now|simply|just|equal to|given by|exactly))*$")
WITH_RESPECT = re.compile(r"with respect to|w r t|wrt|in|by")
IS = re.compile(r"(?:,? ?(?:is|equals|reads|becomes)(?: (?:then|thus|therefore|now|simply|just|equal to|given by|exactly))*)$")

ITEM = re.compile(r"\$(?P<dollar>(?:[^$\\]|\\.)+)\$|\\\((?P<round>.*?)\\\)"
                  r"|(?P<stop>\\(?:sub)*(?:section|paragraph)\*?\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}|\\item\b|^[ \t]*\#+ [^\n]*"
                  r"|\n[ \t]*\n|\n[ \t]*[-*+](?=[ \t])|[.;:!?](?=\s|\}|$)|[。；：！？])"
                  r"|(?P<skip>\\(?:begin|end|label)\{[^}]*\}|\\[A-Za-z]+\*?|[{}*_`~\\])"
                  r"|(?P<word>[A-Za-z][A-Za-z'-]*|(?<![A-Za-z0-9_.])0(?![A-Za-z0-9_.]))"
                  r"|(?P<han>[\u4e00-\u9fff]+)|(?P<sign>[^\s\w])", re.S | re.M)
WIDE = str.maketrans("。；：！？，、（）", ".;:!?,,()")


class Item(Record):
    """A word, a stop, a sign, or a formula from a place to a place."""

    kind: str
    text: str
    start: int
    end: int


def items(text: str, start: int, end: int) -> list[Item]:
    """What a stretch of sentences is made of; a line that is a comment is none of it."""
    out: list[Item] = []
    blanked = re.sub(r"(?<!\\)%[^\n]*", lambda m: " " * len(m[0]), text[start:end]).replace("’", "'")
    blanked = DOTTED.sub(lambda m: m[0].replace(".", "").ljust(len(m[0])), blanked)
    blanked = ABBREVIATED.sub(lambda m: m[0].replace(".", " "), blanked)
    for m in ITEM.finditer(blanked):
        kind = m.lastgroup or ""
        if kind in ("dollar", "round"):
            out.append(Item("formula", m[kind], start + m.start(kind), start + m.end(kind)))
        elif kind == "skip":
            continue
        elif kind == "han":
            out += [Item("word" if word[0].isalpha() else "sign", word, start + m.start() + at, start + m.start() + end)
                    for word, at, end in words(m[0])]
        elif kind == "word":
            out.append(Item("word", m[0].lower(), start + m.start(), start + m.end()))
        else:
            out.append(Item("stop" if kind == "stop" else "sign", m[0].translate(WIDE), start + m.start(), start + m.end()))
    return out
