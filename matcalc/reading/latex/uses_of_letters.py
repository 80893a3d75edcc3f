"""What a whole text uses its letters for, found in its formulas before the first one is read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from .cursor import STYLES
from .index_scope import summed_letters
from .macros import group
from .operators import varies
from .spelt_names import BEGINS, EQUAL, NAME, defined_at, labels, numbered, pi_of, picks, points, primed, said, squares, words
from .tokens import GREEK, Tokens
from .velocities import velocities
from .whole_text import BY_SIGMA, called_e, divided_by_d, layers, parameters, squared
from ...patterns import pattern

DOWN = pattern(r"\bcolumn-?\s?wise\b|\b(?:of|to|over|along|down) (?:each|every|the) columns?\b", re.I)
KRONECKER = frozenset("ijkl")      # what is below a delta goes over entries, as if there were a sum
LESS = pattern(r"(?<!\S)(?:([a-z]+) - \1|([a-z]+)(?= \^ \* - \2(?! \^))) \^ \*")         # x - x^*: no column less its own adjoint


def uses_of_letters(text: str, sources: Sequence[Tokens]) -> dict[str, Any]:
    """What a text with these formulas says of its letters: fields of LetterUses."""
    deltas: list[tuple[str, bool]] = []
    starred, summed, letters = set[str](), set[str](), set[str]()
    for source in sources:
        found = [t for t, _ in source]
        alone = [t.lstrip("\\") for t in found if t not in STYLES and t not in "{}$"]
        starred |= {GREEK.get(alone[0], alone[0])} if alone[1:] == ["^", "*"] else set()       # the minimiser $w^*$
        starred |= {GREEK.get(m[1] or m[2], m[1] or m[2]) for m in LESS.finditer(" ".join(alone))}
        for k, token in enumerate(found):
            before = found[max(k - 2, 0):k]
            if token == "\\sum" and found[k + 1:k + 2] == ["_"]:
                summed |= set(summed_letters([t for t, _ in group(source, k + 2)[0]]))
            pair = [t for t, _ in group(source, k + 2)[0] if t != ","] if token == "\\delta" and found[k + 1:k + 2] == ["_"] else []
            summed |= {*pair} if len(pair) == 2 and KRONECKER.issuperset(pair) else set()
            if len(token) == 1 and token.isupper() and not (before and (before[-1] in ("\\mathcal", "\\mathscr") or before[-2:] in (
                    ["\\mathcal", "{"], ["\\mathscr", "{"]))):
                letters.add(token)
            if token == "\\delta":
                deltas.append(("".join(found[k + 1:k + 2]), not before or before[-1] in ("\\\\", "}", "]", "\\[", "$", "(", "\\left")))
    return {"starred": starred, "summed": summed, "letters": letters, "labels": labels(sources, summed), "pi_of": pi_of(sources),
            "picks": picks(text, sources, summed), "points": points(sources), "defined_at": defined_at(sources),
            "variation": varies(deltas),
            "squared": squares(sources) | ({"sigma"} if squared(text) else set()),
            "words": words(sources) | numbered(sources) | invariants(sources),
            "primed": primed(sources), "parameters": parameters(sources), "velocities": velocities(sources), "layers": layers(text),
            "called_e": called_e(text),
            "divided_by_d": divided_by_d(text), "down": DOWN.search(text) is not None, "by_sigma": BY_SIGMA.search(text) is not None}


def invariants(pieces: Sequence[Tokens]) -> set[str]:
    """The I_1, I_2 that a text says what they are: no identity matrices, but the invariants of a tensor."""
    text = "\n".join(map(said, pieces))
    return {f"I_{k}" for k in re.findall(rf"{BEGINS}I _ (?:\{{ )?(\d)(?: \}})? (?:\( {NAME} \) )?{EQUAL}", text, re.M)}
