"""The value of a function, f(x), told from a product with what is in brackets."""

from __future__ import annotations

import re

from .cursor import ACCENTS, STYLES
from .derivative_names import DerivativeNames
from .macros import group
from .tokens import GREEK
from ..grammar.brackets import ROUND, closing

FACTORS = frozenset(("a", "b", "c", "alpha", "beta", "gamma", "lambda", "tau"))        # nobody calls a function so

# Commands that do not begin a factor behind a name.
NO_FACTOR = (r"left|right|bigg?[lr]?|Bigg?[lr]?|in|to|colon|q?quad|circ|prime|mapsto|equiv|triangleq|stackrel|overset|end|label|tag|"
             r"[lg]eq?|neq?|text|[cl]?dots|odot|otimes|approx|sim|propto")


class FunctionValues(DerivativeNames):
    """Reads what a name is applied to where nothing declares it as a function."""

    def at_what_it_is_made_of(self, name: str) -> bool:
        """Whether nothing stands in the bracket that opens here but a name that a defined name is made of, and that is none itself."""
        inside = [t for t, _ in self.inside_here() if t not in STYLES and t not in "{}"]
        x = GREEK.get(inside[0].lstrip("\\"), inside[0]) if len(inside) == 1 else ""
        return x in self.made_of(name) and x not in self.names.bodies

    def value_alone(self, name: str, at: int) -> None:
        """o(\\|h\\|), and f(x + h) as all of a side, of an f of which nothing is known: no products."""
        inside = self.inside_here() if self.opens() else ()
        k = group(inside, 1)[1] if inside and inside[0][0] in (*STYLES, *ACCENTS) else 1
        if self.marks is not None and not self.names.known(name) and inside[k:k + 1] and inside[k][0] in ("_", "^") and \
                group(inside, k + 1)[1] == len(inside):         # one name with an index is all that stands there
            raise self.error(f"{name}({self.spelt(inside)}) is not declared; a function is {name}: R -> R" if self.names.asks else
                             f"{name}({self.spelt(inside)}) is a function that is not defined anywhere", at=at)
        texts = [*self.names.bodies.values(), *(GREEK.get(t.lstrip("\\"), t) for t, _ in inside)]
        if self.names.known(name) or not inside or name in self.names.arguments or any(re.search(rf"\b{name}\b", text) for text in texts):
            return              # or a factor there, as in p(1 - p)
        if name.removesuffix("_cal") in ("o", "O"):
            raise self.error("terms of higher order cannot be read", "leave them out, or write them out", at)
        base = name.partition("_")[0]
        if re.search(rf"\\{base}(?![A-Za-z])\s*(?:[A-Za-z]|\\(?!(?:{NO_FACTOR})(?![A-Za-z])|[,;: !]))", self.text):
            return              # a factor elsewhere in the text: \kappa A^T x beside \kappa(Ax + b)
        letter = not name.isascii() or name[:1].islower() and base not in FACTORS
        indexed = [t for t, _ in inside[1:2]] == ["_"] and len(inside) > 2 and group(inside, 2)[1] == len(inside)       # P_{k|k}(K_k)
        slope = re.search(rf"\\nabla(?:_\w|_\{{[^{{}}]*\}}|\s)*{base}(?![A-Za-z])", self.text)        # \nabla f and f(x)
        function = letter and (slope or len(self.values(name)) > 1) or name[0].isupper() and not self.gap() and self.now == "(" and (
            indexed or len(inside) == 1 and self.names.known(inside[0][0].lstrip("\\")) and self.ahead(-1) != "}")
        if not self.names.asks and (function or at == 0 and not self.nested and letter and self.i + len(inside) + 2 == len(self.tokens)):
            raise self.error(f"{name}({self.spelt(inside)}) is a function that is not defined anywhere", at=at)

    def values(self, name: str) -> set[str]:
        """The brackets behind a name, f(x + h) and f(x), where they stand behind it everywhere in this side."""
        found: set[str] = set()
        for k, (token, _) in enumerate(self.tokens):
            if GREEK.get(token.lstrip("\\"), token) == name:
                behind = [t for t, _ in self.tokens[k + 1:]]
                if behind[:1] != ["("]:
                    return set()
                found.add("".join(behind[1:closing(behind, 0, ROUND)]))
        return found

    def at_another_point(self, name: str, at: int) -> str:
        """f(x + h) of f = x^T A x, beside f(x) or as all of a side, where a text has f(x) too; empty where it may be a product."""
        alone = at == 0 and not self.nested and self.i + len(self.inside_here()) + 2 == len(self.tokens)
        said = set(re.findall(rf"(?<![A-Za-z\\]){name}\s*\(\s*\\?(\w+)\s*\)", self.text)) if alone else {
            GREEK.get(t.lstrip("\\"), t) for t in self.values(name)}
        points = {x for x in said & self.made_of(name) if x not in self.names.bodies}
        inside = "".join(GREEK.get(t.lstrip("\\"), t) for t, _ in self.inside_here())
        if len(points) > 1 or alone and not points and inside.isidentifier() and name.partition("_")[0] not in FACTORS:
            raise self.error(f"{' and '.join(f'{name}({x})' for x in sorted(points or (inside,)))} cannot be read: of what {name} is a "
                             "function is not said", f"write {name}(x) = ..", at)
        if not points:
            return ""
        (x,), (given,) = points, self.arguments_here() or [""]
        return name if given == x else f"({self.exchanged(self.names.bodies[name], {x: given})})"
