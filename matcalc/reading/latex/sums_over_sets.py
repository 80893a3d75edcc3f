r"""Sums over the indices in a set of which nothing more is said, \sum_{(i,j)\in\Omega}: over all of them, with weights for 1 and 0."""

from __future__ import annotations

from collections.abc import Sequence
import re

from ...patterns import pattern

SET = pattern(r"(\\mathcal (?:\{ )?[A-Z](?: \})?|\\[A-Z][a-z]+|[A-Z])(?: _ (?:\{ )?([a-z])(?: \})?)?")
BELOW = r"\\sum\s*(?:\\(?:no)?limits\s*)?_\s*\{{[^{{}}$]*\\in\s*{}(?![A-Za-z])"


def among(part: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...], str] | None:
    r"""The letters of a sum over some indices of a set, the indices that are in it, and its name; None of any other sum.

    >>> among([*"j:(i,j)", r"\in", r"\Omega"]), among(["i", r"\in", *"C_k"]), among([*"i=1"])
    ((('j',), ('i', 'j'), '\\Omega'), (('i',), ('i', 'k'), 'C'), None)
    """
    k = part.index(r"\in") if r"\in" in part else len(part)
    found = SET.fullmatch(" ".join(part[k + 1:]))
    cut = next((j for j, t in enumerate(part[:k]) if t in (":", r"\mid", "|")), -1)
    each = [[t for t in piece if t not in ("(", ")", ",")] for piece in (part[:cut] if cut > 0 else part[:k], part[cut + 1:k])]
    if found is None or not all(each) or any(len(t) > 1 or not t.isalpha() for piece in each for t in piece):
        return None
    pair = (*each[1], *([found[2]] if found[2] else []))
    return (tuple(each[0]), pair, found[1]) if len(set(pair)) == len(pair) < 3 and {*each[0]} <= {*pair} else None


def spelled(name: str) -> str:
    """A pattern for the name of a set, however its tokens stand."""
    return r"\s*".join(map(re.escape, name.split()))


def number_of_indices(name: str, text: str) -> int:
    r"""How many indices a set has, by the first sum over it in a text; 0 where there is none.

    >>> number_of_indices("S", r"\sum_{i \in S} x_i"), number_of_indices(r"\Omega", r"\sum_{(i,j)\in\Omega} A_{ij}")
    (1, 2)
    """
    found = re.search(BELOW.format(spelled(name)), text)
    return 0 if found is None else 2 if re.search(r"\)\s*\\in\s*\S+$", found[0]) or text[found.end():].lstrip().startswith("_") else 1


def spoken_of(name: str, text: str) -> bool:
    r"""Whether a text speaks of a set, but to say what it is or how large, or that a sum goes over it: `for i \in S` is about some alone.

    >>> spoken_of("S", r"Let $S$ be a set, $f = \sum_{i \in S} x_i/|S|$"), spoken_of("S", r"$f = \sum_{i\in S} x_i$ and for $i\in S$")
    (False, True)
    """
    said = spelled(name)
    known = rf"{BELOW.format(said)}|\$\s*{said}\s*(?:\$|=\s*\\\{{[^$]*\\text\b|\\subset(?:eq)?\b)|\|\s*{said}\s*\|"
    return re.search(rf"(?<![A-Za-z\\]){said}(?![A-Za-z])", re.sub(known, "", text)) is not None
