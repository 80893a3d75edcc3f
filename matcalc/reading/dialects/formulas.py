"""Formulas in a dialect: signs to a reading in the language.

From tight to loose: what stands behind (ᵀ ² ' ^ .T, methods), factors side by side, * / .* @ \\ and their like from left to right, + and -.
"""

from __future__ import annotations

from itertools import pairwise

from .context import lone
from .atom_signs import BARRED, ENDS, OPERATORS
from ..grammar.joined_names import applied, compound
from .pieces import (PRIMARY, PRODUCT, SUM, Piece, axes_of, bracketed, call, is_one, is_ones, joined, one_dimensional, power,
                      product_shape, transposed, upright)
from .powers import Powers
from ...language.shape import SCALAR
from ..grammar.lexer import Sign, is_number
from ..grammar.sizes import DEEPEST, TOO_DEEP
from ..grammar.tokens import SPELT_NAMES, is_name, scripts
from . import index_sums


class Spoken(Powers):
    """Reads from left to right; every method gives a piece of the language."""

    def whole(self) -> Piece:
        """One expression, and nothing after it."""
        out = self.of_spectra(self.sum())
        self.i += self.now in (";", ".", ",") and not self.ahead(1)
        if self.now:
            raise self.unread()
        for name, at, _ in out.tokens if self.summed_over else ():
            letters = index_sums.below(name) & self.summed_over
            if letters and not self.around.knows(name):
                raise self.refuse(f"{name} is outside the sum over {min(letters)}", at, "put what is summed in brackets")
        for name in self.vectors:
            self.around.said.setdefault(name, "vector")
        return upright(out) if self.around.defines and one_dimensional(out) else self.column(out)

    # ------------------------------------------------------------ sums and products
    def sum(self) -> Piece:
        """Terms with their signs."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.refuse(TOO_DEEP[0], self.sign().start, TOO_DEEP[1]) if self.numpy else self.unread()
        parts: list[tuple[Sign | None, Piece]] = [(self.signed(), self.term())]
        while self.now in ("+", "-"):
            parts.append((self.signed(), self.term()))
        self.depth -= 1
        return self.plus(parts)

    def signed(self) -> Sign | None:
        """The signs here, as one."""
        found = None
        while self.now in ("+", "-"):
            sign = self.take()
            minus = (found is not None and found.text == "-") != (sign.text == "-")
            found = (found or sign)._replace(text="-" if minus else "+")
        return found

    def term(self, first: Piece | None = None) -> Piece:
        """Products with their operators, from left to right; factors side by side go first. `first` has been read already."""
        out = self.side_by_side(self.chain(first))
        while self.now in OPERATORS:
            sign = self.take()
            minus = self.signed()
            factors = self.chain()
            if minus is not None and minus.text == "-":
                tokens = ((minus.text, minus.start, minus.end), *bracketed(factors[0], PRODUCT))
                factors[0] = axes_of(factors[:1], Piece(tokens, SUM, factors[0].shape))
            out = self.operated(out, sign, factors)
        return out

    def operated(self, out: Piece, sign: Sign, factors: list[Piece]) -> Piece:
        """a op b c: what the shapes allow, (a op b) c or a op (b c); both are two readings."""
        if sign.text == "*" and not self.numpy:
            out, factors = self.with_ones(out, factors)
        if len(factors) == 1 or sign.text in ("*", "@", "·", ":"):
            return self.times(out, sign, self.side_by_side(factors))
        whole, first, rest = self.side_by_side(factors), factors[0], self.side_by_side(factors[1:])
        split = self.fits(sign.text, out, first)
        tight = self.fits(sign.text, out, whole) if sign.text != "⊗" else all(self.fits("*", a, b) for a, b in pairwise(factors))
        if sign.text in (".*", "./") and "scalar" in (out.kind, first.kind):
            tight = tight and sign.text == "./" and first.kind == "scalar"
        closed = first.level == PRIMARY and first.tokens[-1][0] == ")" and first.head not in BARRED
        closed = closed or len(first.tokens) == 1 and is_number(first.tokens[0][0]) or rest.tokens[0][0] == "sum"      # 1/n sum_i
        closed = closed or not sign.gap and first.start == sign.end and first.kind == "scalar" and is_number(out.tokens[-1][0])  # 1/N x
        fraction = sign.text == "/" and closed and (
            rest.tokens[0][0] in BARRED or self.line.text[:rest.start].rstrip("([{")[-1:].isspace())
        if split and tight and not fraction and sign.text != "⊗":
            one = self.text(joined("*", self.times(out, sign, first), rest, 0, 0, None))
            raise self.two_readings(self.line.text[out.start:whole.end].strip(), one, self.text(self.times(out, sign, whole)), sign.start)
        if tight and not (split and fraction):
            return self.times(out, sign, whole)
        return joined("*", self.times(out, sign, first), rest, rest.start, rest.start, product_shape(out.shape, rest.shape))

    def side_by_side(self, factors: list[Piece]) -> Piece:
        """Factors without a sign between them; 𝟏ᵀx is sum(x), A 𝟏 is rowsum(A), as the pages write them."""
        factors = self.sums_behind(factors)
        if len(factors) > 1 and is_ones(factors[-1]):
            kinds = [p.kind for p in factors[:-1]]
            front = is_ones(factors[0], True)
            rest = factors[front:-1]
            if front and rest and kinds[-1] == "matrix":
                return call("sum", [self.side_by_side(rest)], SCALAR, factors[0].start, factors[0].end)
            if not front and len(rest) == 1 and (kinds == ["row"] or rest[0].tokens[-1][0] == "'" and kinds == ["scalar"]):
                inner = upright(rest[0]) if kinds == ["row"] else rest[0]._replace(tokens=rest[0].tokens[:-1])
                return call("sum", [inner], SCALAR, factors[0].start, factors[0].end)
            if kinds[-1] == "matrix":
                whole = self.side_by_side(rest)
                down = len(rest) == 1 and rest[0].tokens[-1][0] == "'"
                inner = whole._replace(tokens=whole.tokens[:-1]) if down else whole
                rows = whole.shape and (whole.shape[0], SCALAR[0])
                return call("colsum" if down else "rowsum", [inner], rows, factors[0].start, factors[0].end)
        if len(factors) > 1 and is_ones(factors[0], True):
            whole = self.side_by_side(factors[1:])
            if whole.kind == "column":
                return call("sum", [whole], SCALAR, factors[0].start, factors[0].end)
        if len(factors) > 1 and is_one(factors[0]) and not self.numpy and (factors[1].kind == "row" or self.row_by_mark(factors[1])):  # 1b'
            factors[0] = self.ones(Sign("𝟏", factors[0].start, factors[0].end))
        out = factors[0]
        for p in factors[1:]:
            out, p = self.lengths(out, self.ended(out, p))
            product = joined("*", out, p, p.start, p.start, product_shape(out.shape, p.shape))
            out = axes_of((out, p), product) if self.numpy and "scalar" in (out.kind, p.kind) else product
        return out

    def chain(self, first: Piece | None = None) -> list[Piece]:
        """Factors side by side."""
        out = [first or self.factor()]
        while self.begins():
            if self.now == "1" and not self.numpy and not self.parted and (
                    out[-1].kind in ("row", "matrix") or out[-1].tokens[-1][0] == "'" or is_ones(out[-1]) or self.ahead(1) == "^^T" or
                    out[-1].kind == "scalar" and self.sign().gap and is_name(out[-1].head) or self.ahead(1)[:1] == "_" or
                    self.ahead(1) == "^" and self.ahead(2) == "T" and not self.around.knows("T")):
                out.append(self.behind(self.ones(self.take()._replace(text="𝟏"))))      # w'1: nobody writes the number behind a factor
            elif self.beside(out[-1]):
                self.no_flat_inverse(out[-1])
                out.append(self.factor())
            else:
                break
        return out

    def begins(self) -> bool:
        """Whether a factor can begin here."""
        text = self.now
        if text in ENDS or text[:2] == "^^" or text[:1] in ("_", "₊", '"') or text in ("in", "≤", "≥") or (
                text == "and" and not self.around.knows(text)):
            return False
        if text == "<" and not self.opens_inner() or text == "‖" and self.bars[-1:] == ["|"] and self.two_bars():
            return False
        return text not in self.bars[-1:]

    def beside(self, left: Piece) -> bool:
        """Whether what comes may stand beside a factor: one letter, or a name that is declared, and brackets; a number stands first."""
        sign = self.sign()
        if is_number(sign.text) or sign.text == "[" and not self.adjacent_blocks(left, sign):
            return False
        if sign.text in ("i", "j") and not sign.gap and is_number(left.tokens[-1][0]) and not self.around.knows(sign.text):
            raise self.refuse("the imaginary unit cannot be read", left.start, "the language has real numbers only")
        if is_name(sign.text) and not self.named_so(sign):
            return False
        name = left.head if len(left.tokens) == 1 else ""
        if name and not (self.around.knows(name) or lone(name) or name in ("eye", "pi", self.around.wrt)):
            return False
        if sign.text == "{" and name and not sign.gap and self.line.text[sign.start - 1] != "}":
            places = "".join(s.text for s in self.signs[self.i + 1:self.closing_of(self.i)])
            if "," in places:
                raise self.two_readings(f"{name}_{{{places}}}", f"an entry, {name}({places})", "a name of its own", sign.start)
            raise self.refuse(f"{name}{{ cannot be read", sign.start, "a*(b + c) is a product, a_1 and a_{12} are names")
        if sign.text == "(" and name:
            return self.multiplied(name, sign)
        if sign.text == "(" and not sign.gap and [t for t, _, _ in left.tokens[1:]] == ["'"] * (len(left.tokens) - 1):
            self.primed(left, [s.text for s in self.signs[self.i + 1:self.closing()]])
        return True

    def named_so(self, sign: Sign) -> bool:
        """Whether a word can be a factor beside another one: `A symmetric` is not a product."""
        name = self.around.resolve(sign.text)
        if self.around.knows(name) or lone(name) or self.function(name) or len(name) < 4 or self.ahead(1) == "(" or name in ("pi", "eye"):
            return True
        known = {*self.around.scope.shapes, *self.around.defined}
        if applied(name, {*self.around.scope.names, *self.movers}.__contains__):
            return True
        own = not name.isalpha() or name in SPELT_NAMES or self.line.text.startswith(("Δ", "δ"), sign.start)
        return own or bool(scripts(self.line.text[sign.start:sign.end]) or compound(name, known))

    def primed(self, left: Piece, inside: list[str]) -> None:
        """f'(x) for an undeclared f, or for one that is a number, which nobody transposes."""
        name, around = left.tokens[0][0], self.around
        number = not around.knows(name) or left.tokens[2:] or name in around.arguments or around.has(name) and around.shape(name) == SCALAR
        if is_name(name) and number and len(inside) == 1 and (is_name(inside[0]) or is_number(inside[0])):
            shown, of = self.text(left), inside[0]
            raise self.two_readings(f"{shown}({of})", f"the product {shown}*{of}", f"the derivative of a function {name}", left.start,
                                   f"declare the function: {name}: R -> {'R^(n,n)' if name.isupper() else 'R'}")

    def multiplied(self, name: str, sign: Sign) -> bool:
        """Whether name(...) is a product: not a function's value, and no entry of a matrix."""
        inside = [s.text for s in self.signs[self.i + 1:self.closing()]]
        plain = bool(self.around.arguments.get(name)) and not sign.gap or all(is_name(t) or t == "," for t in inside)       # f(0), f(2*x)
        if name in self.around.defined and plain and not (sign.gap and len(inside) > 1):
            raise self.two_readings(f"{name}({''.join(inside)})", f"the product of {name} and {''.join(inside)}",
                                    f"{name} applied as a function", sign.start)
        if self.around.has(name):
            place = inside in (["i"], ["j"], ["k"]) and not self.around.knows(inside[0])
            place = place or any(inside == [d.text] for d in self.around.shape(name))
            if self.around.shape(name) != SCALAR and place and not sign.gap:
                raise self.two_readings(f"{name}({inside[0]})", f"the product {name}*{inside[0]}",
                                        f"an entry, unit({inside[0]})'*{name}", sign.start)
            return True
        if not sign.gap:
            return self.seen_bare(name)
        if name[0].islower() and len(inside) == 1 and name not in self.around.scope.origins:
            raise self.two_readings(f"{name} ({inside[0]})", f"the product {name}*{inside[0]}", f"the value of a function {name}",
                                    sign.start)
        return True

    def over_an_index(self, sign: Sign) -> Piece | None:
        """A sum over an index, behind its sign or its name."""
        return index_sums.read(self, sign) if index_sums.begins(self, sign) else None

    # ------------------------------------------------------------ factors
    def factor(self) -> Piece:
        """An atom and what stands behind it."""
        return self.with_dot(self.behind(self.atom()))

    def behind(self, p: Piece) -> Piece:
        """Transposes, powers, methods, indices."""
        while True:
            sign = self.sign()
            text = sign.text
            if text == "'":
                self.i += 1
                p = transposed(p, sign.start, sign.end)
            elif text[:2] == "^^":
                self.i += 1
                p = self.upper(p, text[2:], sign)
            elif text == ".*" and (self.ahead(1)[:2] == "^^" or self.ahead(1) == "^") and self.signs[self.i + 1].start == sign.end:
                self.i += 2
                mark = self.signs[self.i - 1]
                k = self.exponent() if mark.text == "^" else self.number(mark.text[2:], mark)
                p = power(".^", p, k, sign.start, sign.end)
            elif text in ("^", ".^"):
                self.i += 1
                p = self.exponentiated(p, sign)
            elif text == "**":
                self.i += 1
                k = self.starred()
                p = self.of_e(p, k, "**") or self.raised(p, k, sign.start, sign.end)
            elif text == "." and self.ahead(1) == "'":
                self.i += 2
                p = transposed(p, sign.start, self.signs[self.i - 1].end)
            elif text == "(" and self.is_entry(p, sign) or text[:1] == "_" and self.placed_below(p):
                p = self.entry(p)
            elif text in (".", "[", "_", "₊"):
                begun, p = self.i, self.following(p)
                if self.i == begun:
                    return p
            else:
                return p

    def following(self, p: Piece) -> Piece:
        """Python's .T and .I, methods and indices; where none stands, nothing is taken."""
        sign = self.sign()
        if sign.text == "[":
            return p if self.adjacent_blocks(p, sign) else self.indexed(p)
        if sign.text in ("_", "₊"):
            return self.positive_part(p)
        if p.head == "size" or (len(p.tokens) == 1 and is_number(p.tokens[0][0])):
            return p
        if self.ahead(1) in ("T", "mT", "H", "I") and self.ahead(2) != "(":        # .I of SymPy
            self.i += 2
            return self.upper(p, "-1" if self.ahead(-1) == "I" else "T", sign._replace(end=self.signs[self.i - 1].end))
        return self.method(p) or p

    def indexed(self, p: Piece) -> Piece:
        """x[:, None] and x[None, :]; anything else is an entry."""
        at, begun = self.sign().start, self.i
        end = self.closing()
        inside = ["None" if s.text in ("newaxis",) else s.text for s in self.signs[self.i + 1:end] if s.text not in ("np", ".")]
        self.i = end + 1
        p = self.upright_letter(p) if self.numpy and "None" in inside else p
        if inside in ([":", ",", "None"], [",", "None"], ["None", ",", ":"], ["None"]) and one_dimensional(p):
            p = upright(p)
            return (transposed(p, at, at) if inside[0] == "None" else p)._replace(flat=False, transposed=False)
        if "None" in inside:
            raise self.refuse("a new axis can be added only to a vector", at)
        if (p.head, inside) == ("eigvals", ["-", "1"]):
            return self.meaning("max", [p], {}, p.start, p.end, True)
        if len(p.tokens) == 1 and not self.around.has(p.head) and p.head != self.around.wrt and ":" not in inside:
            raise self.refuse(f"{p.head}[..] cannot be read: an expectation, or an entry of an undeclared name", at)
        self.i = begun
        return self.entry(p)
