"""Words in a dialect: several names, or a function and its argument, that are written as one; what no name can stand for."""

from __future__ import annotations

from itertools import pairwise, takewhile

from ..grammar.joined_names import applied, compound
from ...language.composites import REFUSED
from ...language.operations import ELEMENTWISE_NAMES
from ...language.shape import SCALAR
from .atom_derivatives import TURNS
from .atom_signs import ENDS, Atoms, outer
from .calls import UNARY
from ..grammar.functions import FUNCTIONS
from ..grammar.kinds import kind
from ..grammar.lexer import Sign, is_number, signs
from .pieces import Piece, unwrapped
from ..grammar.spellings import rows
from ..grammar.tokens import is_name

SIGNS = frozenset(("*", "/", ".*", "./", "@", "·"))
DERIVED = frozenset(("D", "H", "J", "Hess", "Jac"))
EXTREMA = frozenset(("min", "max", "minimize", "maximize", "minimise", "maximise"))


class Words(Atoms):
    """Takes words apart."""

    def seen_bare(self, name: str) -> bool:
        """Whether a name is not a function: P of (A x)'P(A x), a weight of norms, a capital or the variable that stands elsewhere without
        brackets, as in X(X'X)X'."""
        inside = self.signs[self.i + 1:self.closing()]
        around = [s.text for s in self.signs[max(self.i - len(inside) - 4, 0):self.i - 1]]
        if around in (["(", *(s.text for s in inside), ")", mark] for mark in ("'", "^^T")):        # (A x)'P(A x)
            return True
        terms = [after.text for sign, after in zip([None, *inside], inside, strict=False) if sign is None or sign.text == "+"]
        if len(terms) > 1 and set(terms) == {"‖"}:          # λ(‖U‖² + ‖V‖²)
            return True
        if name == "lambda" and any(s.text in ("+", "-") for s in outer(inside[1:])):        # a multiplier: λ(x'x - 1)
            return True
        if not (name == self.around.wrt or len(name) == 1 and name.isupper()) or len(inside) < 2 or any(s.text == "," for s in inside):
            return False
        texts = [*(s.text for s in self.signs), "", ""]
        return any(t == name and after != "(" and [after, last] != ["'", "("] for t, after, last in
                   zip(texts, texts[1:], texts[2:], strict=False))

    def entrywise_of(self, name: str) -> str:
        """The function of the language, entry by entry, that this name is; nothing where it is none."""
        if self.around.knows(name) or name in ELEMENTWISE_NAMES:
            return "" if self.around.knows(name) else name
        return next((r.renamed for r in rows(name) if r.renamed in ELEMENTWISE_NAMES), "")

    def ending(self, name: str) -> str:
        """The function that Xdiag(v) ends in, behind what is known."""
        known = {*self.around.scope.names, *self.movers} if name not in REFUSED else set()
        heads = (name[:k] for k in range(1, len(name) - 1) if name[k:] in UNARY)
        return next((name[len(h):] for h in heads if h in known or compound(h, known)), "")

    def taken_of(self, name: str) -> tuple[str, str] | None:
        """The function of lnx, and the factors and the function of xsinx and of xe before a power."""
        known = {*self.around.scope.names, *self.movers}.__contains__
        if name[-1] == "e" and self.now[:1] == "^" and len(name) > 1 and (known(name[:-1]) or all(map(known, name[:-1]))):
            return name[:-1], ""
        heads = ((name[:k], applied(name[k:], known)) for k in range(len(name)) if not k or known(name[:k]))
        return next((found for found in heads if found[1]), None)

    def glued(self, factor: str, head: str, sign: Sign) -> Piece:
        """lnx, sin2x, trAX: a function and what it is taken of, written as one word; xsinx, xe^x."""
        if factor:
            cut = sign.start + len(factor)
            self.signs.insert(self.i, Sign(sign.text[len(factor):], cut, sign.end))
            return self.side_by_side([self.variable(factor, sign._replace(end=cut)), self.factor()])
        name = sign.text
        turned = self.now in ("'", "^^T") and head in ("tr", "det", "logdet") and self.ahead(1) in ENDS         # trXX'
        if not turned and (self.now in ("^", "'", "(") or self.now[:2] == "^^"):
            raise self.two_readings(name + self.now, f"of {head}({name[len(head):]})", f"of {name[len(head):]} alone", sign.start)
        inside = (s._replace(start=s.start + sign.start, end=s.end + sign.start) for s in signs(name, len(head)))
        close = Sign(")", sign.end, sign.end)
        self.signs[self.i:self.i + turned] = [close._replace(text="("), *inside, *self.signs[self.i:self.i + turned], close]
        return self.called(sign._replace(text=head))

    def no_derivative(self, name: str, sign: Sign) -> None:
        """D_x f and H_f of a defined f: a derivative whose layout is not said."""
        head, _, below = name.partition("_")
        if head in DERIVED and (below in self.around.defined or head == "D" and self.around.has(below) and self.begins()):
            raise self.refuse(f"{name} may be a derivative, and it is not declared", sign.start,
                              f"write d(f)/d(x) or ∇_x f, in denominator layout, or declare {name}")

    def no_extremum(self, name: str, sign: Sign) -> None:
        """min_x f, argmax_x f, max_i x_i: refused by name."""
        word, _, below = name.partition("_")
        if word.removeprefix("arg") in EXTREMA and (self.around.knows(below) or below in self.movers or len(word) > 3 or not below):
            raise self.refuse(f"{name} asks for an extremum: the function itself is differentiated", sign.start,
                              "leave the word out; `matcalc stationary` sets the derivative to zero")
        if below and word in REFUSED:
            raise self.refuse(f"{word} is not supported: {REFUSED[word]}", sign.start)

    def pair(self, name: str) -> list[str]:
        """The factors of Qx where x stands on the line or Q is declared, of ab where a' and b stand, and of cI in a sum."""
        beside = {self.now, self.ahead(-2)}
        if len(name) == 2 and name[1] == "I" and name[0].islower() and name[0] != "d" and not self.around.has("I") and beside & {"+", "-"}:
            return list(name)
        if not (len(name) == 2 and name.isalpha() and name[1].islower() and name[0] != "d" and (self.around.equation or any(self.movers))):
            return []
        texts = [*(s.text for s in self.signs), "", ""]
        if name[0].isupper():
            return list(name) if name[1] in texts or self.around.has(name[0]) and name[1] != "t" else []
        turned = {t for t, after, last in zip(texts, texts[1:], texts[2:], strict=False)
                  if after in ("'", "^^T") or after == "^" and last[:1] in TURNS}
        seen = {*texts, *(t[1] for t in texts if len(t) == 2 and t[0].isupper())}
        return list(name) if seen.issuperset(name) and turned.intersection((*name, name)) else []

    def bare_names(self) -> list[str]:
        """The names of the line that stand behind no ∂ and no d."""
        return [s.text for before, s in zip([None, *self.signs], self.signs, strict=False)
                if before is None or before.text not in ("∂", "d") or s.gap]

    def braced(self) -> None:
        """max{0, x}, tr{A} b, log[x] y: braces around several arguments, and brackets close to the name, are those of a call."""
        stop = self.closing_of(self.i)
        listed, close = any(s.text in (",", ";") for s in outer(self.signs[self.i + 1:stop])), not self.sign().gap
        if stop < len(self.signs) and (listed or close if self.now == "{" else close and not listed):
            for k, text in ((self.i, "("), (stop, ")")):
                self.signs[k] = self.signs[k]._replace(text=text)

    def squared_sigma(self, sign: Sign) -> None:
        """σ²(x)."""
        k = 1 if self.now == "^^2" else 2 if is_number(self.ahead(1)) else 4 if self.ahead(1) == "{" and is_number(self.ahead(2)) else 0
        if k and self.ahead(k) == "(":
            raise self.two_readings("σ²(..)", "the square of the sigmoid function", "the product with the square of the variable sigma",
                                    sign.start)

    def of_what_follows(self) -> bool:
        """Whether a name follows, or a bracket with one formula which is not a function's name."""
        inside = [s.text for s in self.signs[self.i + 1:self.closing()]] if self.now == "(" else []
        return is_name(self.now) or bool(inside) and "," not in inside and inside[0] not in self.around.scope.functions

    def over(self) -> list[str]:
        """The signs from here to the differential that they stand over, that one last: d²f/dx², d x'Ax/dx; nothing where there is none."""
        term = list(takewhile(lambda t: t not in ("+", "-", "=", "=="), (s.text for s in outer(self.signs[self.i:]))))
        at = next((k for k, (t, below) in enumerate(pairwise(term)) if t == "/" and below[:1] == "d"), None)
        return [] if at is None else [*term[:at], term[at + 1]]

    def varies_itself(self, name: str) -> bool:
        """Whether dx'Ax/dx begins here, the derivative of a product: nothing is divided by the differential of a vector."""
        rest = name[1:]
        if not rest or not self.around.equation or self.around.has("d") or self.around.knows(name) or self.function(name):
            return False
        *above, differential = self.over() or [""]
        below = differential[1:] if not any(t[0] == "d" and not self.around.has(t) for t in above) else ""        # dx' df/dx
        known = {*self.around.scope.shapes, *self.around.defined, *self.movers, below}
        names = {rest, *above}
        factors = {f for n in names if is_name(n) for f in compound(n, known)}
        alone = not above and not compound(rest, known)         # df/dx
        return bool(below) and not alone and below in names | factors and kind(self.around.shape(below)) != "scalar"

    def phrase(self, name: str = "") -> str:
        """The function of `trace of` or `square root of`, its first word read already where that is a name; nothing where none is here."""
        words = [name] if name else []
        words += takewhile(lambda t: is_name(t) and t != "of", (s.text for s in self.signs[self.i:self.i + 3]))
        if self.ahead(len(words) - bool(name)) != "of" or any(map(self.around.knows, (*words, "of"))):
            return ""
        called = "_".join(words)
        several = len(words) > 1        # the cross_entropy of the language has its arguments in another order than people say them in
        return next((c for c in (called, called.lower()) if (rows(c) if several else self.function(c))), "")

    def of_all(self, name: str, sign: Sign) -> Piece:
        """trace of A*X, determinant of AB, inner product of x and b: a function of the product behind it; a sum may be meant in part, and
        of what is not linear a product that is typed with a sign, or a power."""
        while self.take().text != "of":
            pass
        begun = self.i
        given = [unwrapped(self.term())]
        if self.now == "and" and not self.around.knows("and") and not is_number(self.ahead(1)):
            self.i += 1
            given.append(unwrapped(self.term()))
        out = self.meaning(name, given, {}, sign.start, sign.end, False)
        inside = list(outer(self.signs[begun:self.i]))
        signed = not SIGNS.isdisjoint(s.text for s in inside) and out.tokens[0][0] not in ("tr", "sum")
        signed = signed or any(s.text == "^" and s.end - s.start > 1 for s in inside)        # of x squared
        if not signed and len(given) == 1 and self.now in ("+", "-") and self.declared(out) and out.shape == SCALAR:
            stop, rest = self.i, []
            while self.now in ("+", "-"):
                self.signed()
                rest.append(self.term())
            if all(map(self.declared, rest)) and given[0].shape != SCALAR:
                heads = {t for t, _, _ in out.tokens if t in FUNCTIONS} - {t for t, _, _ in given[0].tokens}
                if all(p.shape == SCALAR and not heads.isdisjoint(t for t, _, _ in p.tokens) for p in rest):        # norm of x + norm of b
                    self.i = stop
                    return out
                if all(p.shape == given[0].shape for p in rest):        # norm of A x - b
                    self.i = begun
                    return self.meaning(name, [self.sum()], {}, sign.start, sign.end, False)
            self.i = stop
        if signed or self.now in ("+", "-"):
            raise self.two_readings(f"{name} of ..", f"{name} of what stands next", f"{name} of all of it", sign.start)
        return out
