"""Powers in a dialect: raised signs, x^T, A^{-1}, x**2."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from .atom_derivatives import TURNS
from .atom_names import Named
from .atom_signs import ENDS
from ..grammar.brackets import CLOSES
from ..grammar.kinds import kind
from .pieces import POSTFIX, PRIMARY, SUM, Piece, bracketed, call, is_one, is_ones, power, transposed, unwrapped
from ...language.composites import REFUSED
from ...language.shape import SCALAR
from ..grammar.lexer import Sign, is_number
from ..grammar.tokens import GREEK_NAMES, is_name
from ...patterns import pattern


FLAT = pattern(r"(\w+|\))[-−–]$")
PSEUDO = REFUSED["pinv"]
MARKS = {"+": PSEUDO, "†": PSEUDO, "*": "the transpose is A', the adjugate adj(A)"}


class Powers(Named):
    """Reads what stands above."""

    sum: Callable[[], Piece]             # an expression
    following: Callable[[Piece], Piece]  # methods and indices

    def upper(self, p: Piece, raised: str, sign: Sign) -> Piece:
        """A raised T, -1, -T, 2."""
        if raised in ("t", "-t") and p.kind != "scalar":
            raised = raised.upper()
        if raised == "T":
            return transposed(p, sign.start, sign.end)
        if raised == "-T":
            return transposed(call("inv", [p], p.shape, p.start, p.end), sign.start, sign.end)
        return self.powered(p, self.number(raised, sign), sign)

    def adjacent_blocks(self, left: Piece, sign: Sign) -> bool:
        """Whether a square bracket is a factor, and no index: behind a number, or behind a blank where it holds rows of blocks."""
        if self.numpy or self.line.text.startswith("\\begin", sign.start):
            return not self.numpy
        inside = [s.text for s in self.signs[self.i + 1:self.closing()]]
        several = len(left.tokens) > 1 or ";" in inside or any(is_name(one) and is_name(two) for one, two in pairwise(inside)) or any(
            is_name(t) and self.around.has(t) and self.around.shape(t) != SCALAR for t in inside)       # A [x - b]
        return (len(left.tokens) == 1 and is_number(left.tokens[0][0])) or (sign.gap and several)

    def sums_behind(self, factors: list[Piece]) -> list[Piece]:
        """The factors, with 𝟏ᵀ and what it is taken of as one where numbers stand before them: c 𝟏ᵀx."""
        k = next((k for k, p in enumerate(factors) if p.kind != "scalar"), 0)
        taken = self.side_by_side(factors[k:]) if 0 < k < len(factors) - 1 and is_ones(factors[k], True) else None
        return [*factors[:k], taken] if taken is not None and taken.head == "sum" else list(factors)

    def with_ones(self, out: Piece, factors: list[Piece]) -> tuple[Piece, list[Piece]]:
        """A 1 that multiplies a row, or stands behind a name, is the vector of ones: 1'*A*1, 1*mu', x + c*1; behind a matrix it may be."""
        first = factors[0]
        if is_one(out) and len(factors) == 1 and self.now != "*" and (first.kind == "row" or self.row_by_mark(first)):
            return self.ones(Sign("𝟏", out.start, out.end)), factors
        if len(factors) > 1 or not is_one(first):
            return out, factors
        if out.kind == "matrix":
            a = self.text(out)
            raise self.two_readings(f"{a}*1", f"with the vector of ones, {a}*vector(1)", a, first.start)
        spread = len(out.tokens) == 1 and is_name(out.head) and any(
            is_name(s.text) and not self.function(s.text) and self.around.shape(s.text) != SCALAR for s in self.signs)
        ones = is_ones(out._replace(tokens=out.tokens[:5]), True) or out.kind == "row" or self.row_by_mark(out) or spread and \
            out.kind == "scalar"
        return out, [self.ones(Sign("𝟏", first.start, first.end))] if ones else factors

    def no_flat_inverse(self, one: Piece) -> None:
        """Σ−1 (x − µ), copied from a page where the −1 was raised: nobody writes a factor 1."""
        found = FLAT.search(self.line.text, 0, one.start) if [t for t, _, _ in one.tokens] == ["1"] else None
        if found is not None:
            what = f"{found[0]}1 before a factor"
            raise self.two_readings(what, f"the inverse, {found[1]}^-1", "a difference", found.start())

    def with_dot(self, p: Piece) -> Piece:
        """x·y of two columns, with no blank around the dot, is one factor: a·x / b·x."""
        sign, after = self.sign(), self.ahead(1)
        if sign.text != "·" or p.kind != "column" or not is_name(after) or sign.gap or self.signs[self.i + 1].gap or \
                kind(self.around.shape(self.around.resolve(after))) != "column" or self.ahead(2) in ("(", "[", "."):
            return p
        self.i += 1
        return self.times(p, sign, self.behind(self.atom()))

    def positive_part(self, p: Piece) -> Piece:
        """(1 - t)_+ is relu(1 - t)."""
        texts = [self.ahead(k) for k in range(1, 4)]
        length = 1 if self.now == "₊" else 2 if texts[0] == "+" else 4 if texts == ["{", "+", "}"] else 0
        if p.level != PRIMARY or not length:
            raise self.unread()
        self.i += length
        return call("relu", [unwrapped(p)], p.shape, p.start, self.signs[self.i - 1].end)._replace(flat=p.flat, transposed=p.transposed)

    def powered(self, p: Piece, k: Piece, sign: Sign) -> Piece:
        """p^k; e^x for an undeclared e."""
        if (found := self.of_e(p, k, "^")) is not None:
            if self.now == "'" or self.now[:2] == "^^" or self.now == "^" and self.signs[self.i - 1].text != "}":
                said = f"e^{self.text(k)}{self.now[:1]} .."
                raise self.two_readings(said, "exp of what stands before the sign", "exp of all of it", p.start)
            if k.kind == "matrix":
                x = self.text(unwrapped(k))
                raise self.two_readings(f"e^{x} of a matrix", f"the matrix exponential, expm({x})", f"entry by entry, exp({x})", p.start)
            return found
        if p.head == "abs" and p.kind in ("column", "row") and p.tokens[0][0] == "abs" and self.signs[self.i - 1].start > p.end - 1:
            if self.around.bars == "abs":
                return power(".^", p, k, sign.start, sign.end)
            x, self.around.measured = self.text(p)[4:-1], "" if self.spread_scalar else "^"
            raise self.two_readings(f"{self.text(p)}^{self.text(k)} of a vector", f"with its norm, norm2({x})^{self.text(k)}",
                                    f"entry by entry, abs({x}).^{self.text(k)}", p.start)
        if p.head == "d" and self.now == "/" and self.ahead(1)[:1] == "d":
            u, e = self.text(p)[2:-1], self.text(k)
            raise self.two_readings(f"{self.text(p)}^{e}/d..", f"the derivative of ({u})^{e}", f"that of {u}, raised to {e}", p.start)
        above = k.head if len(k.tokens) == 1 and not self.around.knows(k.head) else ""
        if (above in tuple("ijkl") or above in GREEK_NAMES) and any(above in s.text.partition("_")[2] for s in self.signs):
            raise self.refuse(f"the index {above} stands above and below", k.start, "a sum over an index is written sum_i")
        return power("^", p, k, sign.start, sign.end)

    def of_e(self, p: Piece, k: Piece, sign: str) -> Piece | None:
        """exp of what stands above an undeclared e; where that is a number, or e stands elsewhere too, it may be a number raised."""
        if p.head != "e" or self.around.knows("e"):
            return None
        ends = [t for s, t in zip(self.signs, [*(s.text for s in self.signs[1:]), ""], strict=True) if s.text == "e"]
        number = not any(is_name(t) for t, _, _ in k.tokens) or any(t not in ("^", "**") and t[:2] != "^^" for t in ends)
        if number and k.kind == "scalar" and self.signs[self.i - 1].text != "}":
            raise self.two_readings(f"e{sign}{self.text(k)}", f"exp({self.text(unwrapped(k))})", "a power of a number e", p.start)
        return call("exp", [unwrapped(k)], k.shape, p.start, p.end)._replace(flat=k.flat)

    def number(self, text: str, sign: Sign) -> Piece:
        """A raised number, letter or sum of them."""
        minus = text[:1] == "-"
        body = text[1:] if minus else text
        if text in MARKS:
            raise self.refuse(f"the exponent {text} cannot be read", sign.start, MARKS[text])
        if not body.isalnum() or body[0].isdigit() and not body.isdigit():
            raise self.refuse(f"the exponent {text} cannot be read", sign.start, "write it in brackets: x^(n+1)")
        tokens = [("-", sign.start, sign.end)] if minus else []
        shape = self.around.shape(body) if body.isalpha() else SCALAR
        return Piece((*tokens, (body, sign.start, sign.end)), SUM if minus and not body.isdigit() else PRIMARY, shape)

    def turned_by_t(self) -> bool:
        """Whether a vector on the line has a small t above it, which can only be its transpose."""
        return any((up.text, t.text) == ("^", "t") and kind(self.around.shape(name.text)) == "column"
                   for name, up, t in zip(self.signs, self.signs[1:], self.signs[2:], strict=False) if is_name(name.text))

    def exponentiated(self, p: Piece, sign: Sign) -> Piece:
        """^ and .^ with what stands above: T, -1, {...}, a number, an expression."""
        k = self.i
        self.one_mark(p, sign)
        self.one_letter(p)
        texts = [s.text for s in self.signs[k:k + 5]]
        opened = texts[0] if texts and texts[0] in CLOSES else ""
        inner = texts[1:] if opened else texts
        if inner[:1] == [".*"] and opened:
            self.i += 2
            value = self.sum()
            self.expect(CLOSES[opened])
            return power(".^", p, value, sign.start, sign.end)
        if sign.text == "^" and opened and inner[:2] == ["1", CLOSES[opened]] and is_name(p.head) and not self.around.knows(p.head):
            raise self.two_readings(f"{p.head}^(1)", f"the first power of {p.head}", f"a name, {p.head}_1", sign.start)
        minus = inner[:1] == ["-"]
        turn = inner[minus] if len(inner) > minus else ""
        letter = len(p.tokens) == 1 and is_name(p.head) and not self.around.knows(p.head)
        if turn == "t" and not minus and not self.around.knows("t") and (p.kind in ("column", "row") or self.turned_by_t()):
            turn = "T"              # no vector has powers
        if turn == "H" and not self.around.knows("H") and p.kind != "scalar":
            turn = "T"              # of real numbers
        exponent = self.around.knows("T") and self.around.shape("T") == SCALAR
        known = turn == "T" and (exponent or (p.kind == "scalar" and (minus or not letter)))
        if sign.text == "^" and turn in TURNS and not known and (not opened or inner[minus + 1:minus + 2] == [CLOSES[opened]]):
            self.i += 1 + minus + 2 * bool(opened)
            return self.upper(p, "-T" if minus else "T", sign)
        value = self.exponent()
        return power(".^", p, value, sign.start, sign.end) if sign.text == ".^" else self.powered(p, value, sign)

    def one_mark(self, p: Piece, sign: Sign) -> None:
        """A^+, A^† and A^*, with nothing that is raised behind the mark."""
        opened = self.now in CLOSES
        mark = self.signs[self.i + opened] if self.i + opened < len(self.signs) else sign
        behind = self.signs[self.i + opened + 1:self.i + opened + 2]
        ends = mark.text == "†" or not behind or behind[0].gap or behind[0].text in ENDS
        if mark.text in MARKS and ends and (not opened or behind and behind[0].text == CLOSES[self.now]):
            raise self.refuse(f"{self.text(p)}^{mark.text} cannot be read", mark.start, MARKS[mark.text])

    def one_letter(self, p: Piece) -> None:
        """x^Ty: in LaTeX one letter stands above, and elsewhere the T of a transpose."""
        braced = self.now in CLOSES
        at = self.i + braced + (self.ahead(braced) == "-")
        above = self.signs[at] if at < len(self.signs) else self.sign()
        name = above.text
        if len(name) < 2 or not is_name(name) or above.end - above.start != len(name) or self.around.knows(name):
            return
        transposed = name[0] == "T" and (p.kind != "scalar" or (len(p.tokens) == 1 and not self.around.knows(p.head)))
        rest = name[1:]
        seen = rest == self.around.wrt or self.around.knows(rest) or any(s.text == rest for s in self.signs)
        if transposed and (braced or (p.kind == "scalar" and not seen)):
            raise self.two_readings(self.line.text[p.start:above.end], f"{self.text(p)}'*{name[1:]}", f"the power with the exponent {name}",
                                    above.start)
        if not braced and transposed:
            cut = above.start + 1
            self.signs[at:at + 1] = [above._replace(text=name[0], end=cut), Sign(name[1:], cut, above.end)]

    def exponent(self) -> Piece:
        """A signed atom; in braces an expression."""
        sign = self.signed()
        at = self.sign()
        p = self.atom() if not is_number(at.text) else Piece(((self.take().text, at.start, at.end),), PRIMARY, SCALAR)       # A^-1'
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
