"""Parts of a plain sheet that give a name of an earlier part to something else: exercises (a), (b), ..; l(mu) and then l(S)."""

from __future__ import annotations

from collections.abc import Sequence
import re

from ...reading.latex.letters import FUNCTIONS
from ...patterns import pattern

HEAD = pattern(r"\s*(?P<label>\(?(?:[a-z]|[ivx]+|\d{1,2})[.)]|(?:Problem|Exercise|Part|Task|Question) \w+[.:)]?)?\s*"
               r"(?P<name>[A-Za-z])(?:\((?P<of>\w+)\))? = (?P<body>[^=]+)(?P<more>=.*)?")
TITLE = pattern(r"\s*(?:(?:Problem|Exercise|Part|Task|Question|Example|Case)\b[^=]*|\(?\w{1,2}[.)])?\s*")
WORDS = pattern(r"[A-Za-z\u0370-\u03ff]+\d*")


def with_own_names(lines: Sequence[str]) -> list[str]:
    """Lines in which what is defined once more has a name of its own. It is, where a label or an empty line stands before it and it is made
    of other letters, or where it is said to be of another letter of which it was made before.

    >>> with_own_names(["(a) f(x) = a'x", "grad f = a", "(b) f(x) = x'Ax", "grad f = (A + A')x"])[2:]
    ["(b) f_2(x) = x'Ax", "grad f_2 = (A + A')x"]
    >>> with_own_names(["f(x) = x'x", "df = 2x'dx", "f(y) = y'y"])[2:]
    ["f(y) = y'y"]
    """
    out, first, count = list(lines), dict[str, re.Match[str]](), dict[str, int]()
    for k, line in enumerate(lines):
        found = HEAD.fullmatch(line)
        if found is None or found["more"] or not found["of"] and not (found["label"] and found["name"] in "fghFJL"):
            continue            # x = .. is the value of an x
        name, before = found["name"], first.get(found["name"])
        if before is None:
            first[name] = found
            continue
        made, now = ({c for w in WORDS.findall(m["body"]) if w not in FUNCTIONS for c in w} for m in (before, found))
        begins = bool(found["label"]) and k + 1 < len(lines) and HEAD.fullmatch(lines[k + 1]) is None or \
            TITLE.fullmatch(lines[k - 1]) is not None
        another = found["of"] and before["of"] and found["of"] != before["of"]
        if (another and found["of"] in re.findall(r"\w+", before["body"])) or begins and made != now and not (
                another and made - {before["of"]} == now - {found["of"]}):
            first[name] = found
            count[name] = count.get(name, 1) + 1
            old = rf"(?<![A-Za-z0-9_])(d ?)?{name}(?:_{count[name] - 1})?(?![A-Za-z0-9_])"
            out[k:] = [re.sub(old, rf"\g<1>{name}_{count[name]}", later) for later in out[k:]]
    return out
