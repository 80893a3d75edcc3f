"""German words as English ones, for texts that are written in German."""

from __future__ import annotations

from functools import lru_cache
import re

from ...patterns import pattern

ENDINGS = ("", "e", "en", "er", "es", "em")
LEXICON = {
    "let": "sei seien betrachte betrachten gegeben setze definiere",
    "where": "wobei",
    "with": "mit",
    "and": "und sowie",
    "assume": "angenommen",
    "if": "falls wenn",
    "since": "da weil",
    "hence": "also somit daher folglich damit",
    "gives": "liefert ergibt erhalten folgt folgen",
    "is": "ist lautet",
    "are": "sind",
    "for": "für",
    "of": "von",
    "under": "unter",
    "a": "ein eine einen einem einer",
    "the": "der die das den dem des",
    "not": "nicht",
    "no": "kein keine",
    "or": "oder",
    "only": "nur",
    "definite": "definit definite definiten definiter definites definitem",
    "semidefinite": "semidefinit semidefinite semidefiniten semidefiniter semidefinites semidefinitem",
    "positive": "positiv positive positiven",
    "invertible": "invertierbar invertierbare invertierbaren regulär reguläre regulären",
    "constant": "konstant konstante konstanten fest feste festen",
    "matrices": "matrizen",
    "diagonal matrix": "diagonalmatrix",
    "covariance matrix": "kovarianzmatrix",
    "vector": "vektor spaltenvektor",
    "vectors": "vektoren",
    "scalar": "skalar",
    "function": "funktion",
    "derivative": "ableitung",
    "gradient": "gradienten",
    "hessian": "hesse-matrix hessematrix",
    "constraint": "nebenbedingung",
    "minimize": "minimiere minimieren",
    "maximize": "maximiere maximieren",
    "setting": "setzen setzt",
    "zero": "null",
    "setting zero": "nullsetzen",
}
WORDS = {word: english for english, listed in LEXICON.items() for word in listed.split()}
ADJECTIVES = {"symmetrisch": "symmetric", "orthogonal": "orthogonal", "diagonal": "diagonal"}
WORDS |= {f"{stem}{end}": english for stem, english in ADJECTIVES.items() for end in ENDINGS}
MARKS = pattern(r"\b(?:und|sei|seien|ist|wir|wobei|für|f\\\x22ur|gilt|der|mit|von|eine)\b", re.I)
LEAST = 3           # so many different ones of them


@lru_cache(8)
def is_german(text: str) -> bool:
    """Whether a text is written in German."""
    return len({word.lower() for word in MARKS.findall(text)}) >= LEAST


def english(word: str, begun: bool) -> str:
    """The English for a German word; one that is not listed stays as it is. `sei` behind other words is a verb that says what they are.

    >>> english('symmetrischer', True), english('sei', False), english('sei', True), english('Hund', True)
    ('symmetric', 'let', 'be', 'hund')
    """
    word = re.sub(r'\\"([aou])', lambda m: "äöü"["aou".index(m[1])], word.lower())
    return "be" if begun and word in ("sei", "seien") else WORDS.get(word, word)
