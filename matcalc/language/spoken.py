"""The grammar of the dialects: signs to a reading in the language.

From tight to loose: what stands behind (ᵀ ² ' ^ .T, methods), factors side by side, * / .* @ \\ and their like from left to right, + and -.
"""

from __future__ import annotations

from .around import lone
from .atom_names import Named
from .atom_derivatives import TURNS
from .atom_signs import BARRED, BARS, CLOSES, ENDS, OPERATORS
from .phrases import (POSTFIX, PRIMARY, PRODUCT, SUM, Piece, axes_of, bracketed, call, joined, one_dimensional, power, product_shape,
                      turned, unwrapped, upright)
from .shape import SCALAR
from .signs import Sign, is_letter, is_number
from .sizes import DEEPEST


class Spoken(Named):
    """Reads from left to right; every method gives a piece of the language."""

    def whole(self) -> Piece:
        """One expression, and nothing after it."""
        out = self.sum()
        if self.now:
            raise self.unread()
        names = {t for (t, _, _), (mark, _, _) in zip(out.tokens, out.tokens[1:], strict=False) if mark == "'"}
        for name, at in self.vectors.items():
            if name not in names:
                raise self.refuse(f"{name} is a factor of a matrix product, and nobody declared it: its letter says scalar", at,
                                  f"declare it: {name} in R^n, or {name} in R^(n,m)")
        return upright(out) if self.around.defines and one_dimensional(out) else self.column(out)

    # ------------------------------------------------------------ sums and products
    def sum(self) -> Piece:
        """Terms with their signs."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.unread()
        parts: list[tuple[Sign | None, Piece]] = []
        sign = self.signed()
        parts.append((sign, self.term()))
        while self.now in ("+", "-"):
            sign = self.signed()
            parts.append((sign, self.term()))
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
        if len(factors) == 1 or sign.text in ("*", "@"):
            return self.times(out, sign, self.side_by_side(factors))
        whole = self.side_by_side(factors)
        first, rest = factors[0], self.side_by_side(factors[1:])
        tight, split = self.fits(sign.text, out, whole), self.fits(sign.text, out, first)
        if sign.text in (".*", "./") and "scalar" in (out.kind, first.kind):
            tight = tight and sign.text == "./" and first.kind == "scalar"
        number = len(first.tokens) == 1 and is_number(first.tokens[0][0])
        closed = first.level == PRIMARY and first.tokens[0][0] == "("
        barred = rest.tokens[0][0] in BARRED and (closed or (number and out.tokens[-1][0].isdigit()))
        fraction = sign.text == "/" and (barred or (rest.start > first.end and (number or closed)))
        if split and tight and not fraction and sign.text != "⊗":
            one = self.text(joined("*", self.times(out, sign, first), rest, 0, 0, None))
            raise self.two_readings(self.line.text[out.start:whole.end].strip(), one, self.text(self.times(out, sign, whole)), sign.start)
        if tight and not (split and fraction):
            return self.times(out, sign, whole)
        return joined("*", self.times(out, sign, first), rest, rest.start, rest.start, product_shape(out.shape, rest.shape))

    def side_by_side(self, factors: list[Piece]) -> Piece:
        """Factors without a sign between them; 𝟏ᵀx is sum(x), A 𝟏 is rowsum(A), as the pages write them."""
        factors = list(factors)
        if len(factors) > 1 and is_ones(factors[-1]):
            kinds = [p.kind for p in factors[:-1]]
            front = is_ones(factors[0], True)
            rest = factors[front:-1]
            if front and rest and kinds[-1] == "matrix":
                return call("sum", [self.side_by_side(rest)], SCALAR, factors[0].start, factors[0].end)
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
        out = factors[0]
        for p in factors[1:]:
            out = joined("*", out, p, p.start, p.start, product_shape(out.shape, p.shape))
        return out

    def chain(self, first: Piece | None = None) -> list[Piece]:
        """Factors side by side."""
        out = [first or self.factor()]
        while self.begins() and self.beside(out[-1]):
            out.append(self.factor())
        return out

    def begins(self) -> bool:
        """Whether a factor can begin here."""
        text = self.now
        if text in ENDS or text[:2] == "^^" or text[:1] in ("_", '"') or text == "in":
            return False
        return text not in BARS or text not in self.bars[-1:]

    def beside(self, left: Piece) -> bool:
        """Whether what comes may stand beside a factor: one letter, or a name that is declared, and brackets; a number stands first."""
        sign = self.sign()
        if is_number(sign.text) or sign.text == "[":
            return False
        name = left.head if len(left.tokens) == 1 else ""
        if name and not (self.around.knows(name) or lone(name) or name in ("eye", "pi")):
            return False
        if sign.text == "(" and name:
            return self.multiplied(name, sign)
        return True

    def multiplied(self, name: str, sign: Sign) -> bool:
        """Whether name(...) is a product: not a function's value, and no entry of a matrix."""
        inside = [s.text for s in self.signs[self.i + 1:self.closing()]]
        if name in self.around.defined and all(is_letter(t) or t == "," for t in inside) and not (sign.gap and len(inside) > 1):
            raise self.two_readings(f"{name}({''.join(inside)})", f"the product of {name} and {''.join(inside)}",
                                    f"the value of {name} as a function", sign.start)
        if self.around.has(name):
            if self.around.shape(name) != SCALAR and ("," in inside or ":" in inside or all(is_number(t) for t in inside)):
                raise self.refuse(f"{name}({''.join(inside)}): entries of a matrix are not read", sign.start)
            return True
        if not sign.gap or self.tex:
            return name[0].isupper() and sign.gap
        if name[0].islower() and len(inside) == 1 and name not in self.around.scope.origins:
            raise self.two_readings(f"{name} ({inside[0]})", f"the product {name}*{inside[0]}", f"the value of a function {name}",
                                    sign.start)
        return True

    def closing(self) -> int:
        """Where the bracket that opens here is closed."""
        depth = 0
        for k in range(self.i, len(self.signs)):
            depth += (self.signs[k].text in CLOSES) - (self.signs[k].text in CLOSES.values())
            if depth == 0:
                return k
        return len(self.signs)

    # ------------------------------------------------------------ factors
    def factor(self) -> Piece:
        """An atom and what stands behind it."""
        return self.behind(self.atom())

    def behind(self, p: Piece) -> Piece:
        """Transposes, powers, methods, indices."""
        while True:
            sign = self.sign()
            text = sign.text
            if text == "'":
                self.i += 1
                p = turned(p, sign.start, sign.end)
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
                p = self.raised(p, self.starred(), sign.start, sign.end)
            elif text == "." and self.ahead(1) == "'":
                self.i += 2
                p = turned(p, sign.start, self.signs[self.i - 1].end)
            elif text in (".", "["):
                begun, p = self.i, self.following(p)
                if self.i == begun:
                    return p
            else:
                return p

    def following(self, p: Piece) -> Piece:
        """Python's .T, methods and indices; where none stands, nothing is taken."""
        sign = self.sign()
        if sign.text == "[":
            return self.indexed(p)
        if len(p.tokens) == 1 and is_number(p.tokens[0][0]):
            return p
        if self.ahead(1) in ("T", "mT", "H") and self.ahead(2) != "(":
            self.i += 2
            return turned(p, sign.start, self.signs[self.i - 1].end)
        return self.method(p) or p

    def upper(self, p: Piece, raised: str, sign: Sign) -> Piece:
        """A raised T, -1, -T, 2."""
        if raised == "T":
            return turned(p, sign.start, sign.end)
        if raised == "-T":
            return turned(call("inv", [p], p.shape, p.start, p.end), sign.start, sign.end)
        return self.powered(p, self.number(raised, sign), sign)

    def powered(self, p: Piece, k: Piece, sign: Sign) -> Piece:
        """p^k; e^x where nobody declared e."""
        if p.head == "e" and not self.around.knows("e"):
            if not self.tex and k.kind == "scalar" and self.signs[self.i - 1].text != "}":
                raise self.two_readings("e^" + self.text(k), f"exp({self.text(unwrapped(k))})", "a power of a number e", p.start)
            if self.now == "'" or self.now[:2] == "^^":
                raise self.two_readings("e^" + self.text(k) + "' ..", "exp of what stands before the sign", "exp of all of it", p.start)
            return call("exp", [k], k.shape, p.start, p.end)
        return power("^", p, k, sign.start, sign.end)

    def number(self, text: str, sign: Sign) -> Piece:
        """A raised number, letter or sum of them."""
        minus = text[:1] == "-"
        body = text[1:] if minus else text
        if not body.isalnum():
            raise self.refuse(f"the exponent {text} is not read", sign.start, "write it in brackets: x^(n+1)")
        tokens = [("-", sign.start, sign.end)] if minus else []
        return Piece((*tokens, (body, sign.start, sign.end)), SUM if minus and not body.isdigit() else PRIMARY, SCALAR)

    def exponentiated(self, p: Piece, sign: Sign) -> Piece:
        """^ and .^ with what stands above: T, -1, {...}, a number, an expression."""
        k = self.i
        self.one_letter(p)
        texts = [s.text for s in self.signs[k:k + 5]]
        opened = texts[0] if texts and texts[0] in CLOSES else ""
        inner = texts[1:] if opened else texts
        if inner[:1] == [".*"] and opened:
            self.i += 2
            value = self.sum()
            self.expect(CLOSES[opened])
            return power(".^", p, value, sign.start, sign.end)
        minus = inner[:1] == ["-"]
        turn = inner[minus] if len(inner) > minus else ""
        known = turn == "T" and (self.around.knows("T") or (p.kind == "scalar" and not minus))
        if sign.text == "^" and turn in TURNS and not known and (not opened or inner[minus + 1:minus + 2] == [CLOSES[opened]]):
            self.i += 1 + minus + 2 * bool(opened)
            return self.upper(p, "-T" if minus else "T", sign)
        value = self.exponent()
        return power(".^", p, value, sign.start, sign.end) if sign.text == ".^" else self.powered(p, value, sign)

    def one_letter(self, p: Piece) -> None:
        """x^Ty: in LaTeX one letter stands above, and elsewhere the T of a transpose."""
        braced = self.now in CLOSES
        above = self.signs[self.i + braced] if self.i + braced < len(self.signs) else self.sign()
        name = above.text
        if len(name) < 2 or not is_letter(name) or above.end - above.start != len(name) or self.around.knows(name):
            return
        transposed = name[0] == "T" and (p.kind != "scalar" or (len(p.tokens) == 1 and not self.around.knows(p.head)))
        if transposed and (braced or (p.kind == "scalar" and not self.tex)):
            raise self.two_readings(self.line.text[p.start:above.end], f"{self.text(p)}'*{name[1:]}", f"the power with the exponent {name}",
                                    above.start)
        if not braced and (self.tex or transposed):
            at = above.start + 1
            self.signs[self.i:self.i + 1] = [above._replace(text=name[0], end=at), Sign(name[1:], at, above.end)]

    def exponent(self) -> Piece:
        """A signed atom; in braces an expression."""
        sign = self.signed()
        p = self.atom()
        while self.tex and self.now == "(" and p.head:
            raise self.unread()
        if sign is not None and sign.text == "-":
            simple = p.level == PRIMARY
            return Piece((("-", sign.start, sign.end), *bracketed(p, POSTFIX)), PRIMARY if simple else SUM, p.shape)
        return p

    def starred(self) -> Piece:
        """What stands behind **: methods bind tighter, and the next ** goes first."""
        sign = self.signed()
        p = self.atom()
        if self.now == "." and is_number(p.tokens[0][0]):
            raise self.unread()
        while self.now in (".", "["):
            before, p = self.i, self.following(p)
            if self.i == before:
                break
        if self.now == "**":
            mark = self.take()
            p = self.raised(p, self.starred(), mark.start, mark.end)
        if sign is None or sign.text == "+":
            return p
        return Piece((("-", sign.start, sign.end), *bracketed(p, POSTFIX)), PRIMARY if p.level == PRIMARY else SUM, p.shape, p.flat)

    def indexed(self, p: Piece) -> Piece:
        """x[:, None] and x[None, :]; anything else is an entry."""
        at = self.sign().start
        end = self.closing()
        inside = ["None" if s.text in ("newaxis",) else s.text for s in self.signs[self.i + 1:end] if s.text not in ("np", ".")]
        self.i = end + 1
        if inside in ([":", ",", "None"], ["None", ",", ":"]) and one_dimensional(p):
            p = upright(p)
            return (turned(p, at, at) if inside[0] == "None" else p)._replace(flat=False, turned=False)
        if p.head and not self.around.has(p.head):
            raise self.refuse(f"{p.head}[..] is not read: no expectation, and no entry", at)
        raise self.refuse("entries of a matrix are not read", at, "a row is e'*A, where e is a unit vector")


def is_ones(p: Piece, row: bool = False) -> bool:
    """Whether this is 𝟏, or 𝟏ᵀ."""
    return [t for t, _, _ in p.tokens] == ["vector", "(", "1", ")", *(["'"] if row else [])]
