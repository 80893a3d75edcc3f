"""The tokens of LaTeX mathematics, and the names a file has declared."""

from __future__ import annotations

import re

from ..render.latex import WORDS

Token = tuple[str, int]
TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|[0-9]+(?:\.[0-9]+)?|[A-Za-z]|\S", re.S)
SKIPPED = frozenset((r"\,", r"\;", r"\:", r"\!", r"\ ", "~", r"\quad", r"\qquad", r"\limits", r"\displaystyle", r"\textstyle", "&",
                     r"\nonumber", r"\notag", r"\thinspace", r"\enspace", "\\\n", r"\hfill", r"\allowbreak", r"\mathstrut"))
GREEK = {word: word for word in WORDS} | {"varepsilon": "epsilon", "vartheta": "theta", "varphi": "phi", "varrho": "rho"}
SIGNS = {"−": "-", "·": r"\cdot", "⋅": r"\cdot", "×": r"\times", "⊙": r"\odot", "∘": r"\circ", "⊘": r"\oslash", "⊗": r"\otimes",
         "′": "'", "’": "'", "∂": r"\partial", "∇": r"\nabla"}


def tokens(text: str) -> list[Token]:
    """Commands, numbers, letters and signs, each with its place."""
    return [(SIGNS.get(m[0], m[0]), m.start()) for m in TOKEN.finditer(text)]


class Names:
    """What is declared: which names there are, and which are functions."""

    def __init__(self) -> None:
        self.plain: set[str] = set()
        self.functions: dict[str, bool] = {}
        self.arguments: dict[str, str] = {}

    def declare(self, text: str) -> None:
        """The names in a declaration of the language."""
        if ":" in text and "->" in text:
            head, _, signature = text.partition(":")
            for name in head.split(","):
                self.functions[name.strip()] = "R^" in signature.split("->")[1]
                self.plain.add(name.strip())
            return
        for part in re.findall(r"([\w, ]+?) in R", text):
            self.plain |= {n.strip() for n in part.split(",") if n.strip()}

    def known(self, name: str) -> bool:
        """Whether it is declared or defined."""
        return name in self.plain

    def resolved(self, name: str) -> bool:
        """Whether it is, perhaps without its underscore."""
        return name in self.plain or name.replace("_", "") in self.plain

    def resolve(self, name: str) -> str:
        """W_1 may have been declared as W1."""
        joined = name.replace("_", "")
        return joined if name not in self.plain and joined in self.plain else name

    def function(self, name: str) -> bool:
        """Whether it is an abstract function."""
        return name in self.functions

    def vector(self, name: str) -> bool:
        """Whether it is one with a vector for a value."""
        return self.functions.get(name, False)
