"""The grammar of the dialects: signs to a reading in the language.

From tight to loose: what stands behind (ᵀ ² ' ^ .T, methods), factors side by side, * / .* @ \\ and their like from left to right, + and -.
"""

from __future__ import annotations

from .called import UNARY, Called
from .around import lone
from .names import compound
from .phrases import (
    POSTFIX,
    PRIMARY,
    PRODUCT,
    SUM,
    Piece,
    bracketed,
    call,
    closed,
    joined,
    power,
    product_shape,
    turned,
    unwrapped,
    vector_of_ones,
)
from .shape import SCALAR, Dim
from .signs import HALVES, Sign, is_letter, is_number
from .sizes import DEEPEST
from .tokens import GREEK_NAMES

OPERATORS = frozenset(("*", "/", ".*", "./", "@", "\\", "⊗"))
ENDS = frozenset(("", ")", "]", "}", ",", "+", "-", "=", "==", ";", ":", "^", ".^", "'", "**", "⟩", ">", ".")) | OPERATORS
BARRED = frozenset(("norm1", "norm2", "normF", "abs"))
BARS = frozenset(("|", "‖"))
CLOSES = {"(": ")", "{": "}", "[": "]"}
TURNS = frozenset(("T", "^^T", "'", "⊤"))


class Spoken(Called):
    """Reads from left to right; every method gives a piece of the language."""

    def whole(self) -> Piece:
        """One expression, and nothing after it."""
        out = self.sum()
        if self.now:
            raise self.unread()
        return self.column(out)

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

    def term(self) -> Piece:
        """Products with their operators, from left to right; factors side by side go first."""
        out = self.side_by_side(self.chain())
        while self.now in OPERATORS:
            sign = self.take()
            minus = self.signed()
            factors = self.chain()
            if minus is not None and minus.text == "-":
                factors[0] = Piece(((minus.text, minus.start, minus.end), *bracketed(factors[0], PRODUCT)), SUM, factors[0].shape,
                                   factors[0].flat)
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

    def chain(self) -> list[Piece]:
        """Factors side by side."""
        out = [self.factor()]
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
                p = self.raised(p, self.exponent(), sign.start, sign.end)
            elif text == "." and self.ahead(1) == "'":
                self.i += 2
                p = turned(p, sign.start, self.signs[self.i - 1].end)
            elif text == "." and self.ahead(1) in ("T", "mT", "H"):
                self.i += 2
                p = turned(p, sign.start, self.signs[self.i - 1].end)
            elif text == "." and (found := self.method(p)) is not None:
                p = found
            elif text == "[":
                p = self.indexed(p)
            else:
                return p

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

    def indexed(self, p: Piece) -> Piece:
        """x[:, None] and x[None, :]; anything else is an entry."""
        at = self.sign().start
        end = self.closing()
        inside = ["None" if s.text in ("newaxis",) else s.text for s in self.signs[self.i + 1:end] if s.text not in ("np", ".")]
        self.i = end + 1
        if inside == [":", ",", "None"] and p.kind == "column":
            return p._replace(flat=False)
        if inside == ["None", ",", ":"] and p.kind == "column":
            return turned(p, at, at)._replace(flat=False, turned=False)
        if p.head and not self.around.has(p.head):
            raise self.refuse(f"{p.head}[..] is not read: no expectation, and no entry", at)
        raise self.refuse("entries of a matrix are not read", at, "a row is e'*A, where e is a unit vector")

    # ------------------------------------------------------------ atoms
    def atom(self) -> Piece:
        """Whatever stands by itself."""
        sign = self.take()
        text = sign.text
        if not text:
            self.i -= 1
            raise self.unread()
        if is_letter(text):
            return self.named(sign)
        if is_number(text):
            return Piece(((text, sign.start, sign.end),), PRIMARY, SCALAR)
        self.i -= 1
        if text in CLOSES:
            return self.bracket()
        if text in BARS:
            return self.between()
        self.i += 1
        if text in HALVES:
            above, below = HALVES[text]
            return Piece(((above, sign.start, sign.end), ("/", sign.start, sign.end), (below, sign.start, sign.end)), PRODUCT, SCALAR)
        if text in ("𝟏", "𝟎"):
            return self.ones(sign)
        if text == "√":
            return self.root(sign)
        if text == "∂":
            return self.derivative(sign)
        if text == "∇":
            return self.gradient(sign)
        if text == "\\frac":
            return self.fraction(sign)
        if text in ("⟨", "<"):
            a = self.sum()
            self.expect(",")
            b = self.sum()
            return self.meaning("inner", [a, b], {}, sign.start, self.expect("⟩" if text == "⟨" else ">").end, False)
        if text == "∑" and self.now == "(":
            p = self.bracket()
            return call("sum", [p], SCALAR, sign.start, sign.end)
        if text == "∑":
            raise self.refuse("sums over an index are not read", sign.start, "write sum(x), or a product")
        self.i -= 1
        raise self.unread()

    def bracket(self) -> Piece:
        """(..), {..}, [..]; in square brackets no blocks."""
        opened = self.take()
        bars, self.bars = self.bars, []
        if opened.text == "[":
            inside = self.signs[self.i:self.closing_of(self.i - 1)]
            if any(s.text in (",", ";") for s in inside):
                raise self.refuse("blocks of matrices are not read", opened.start, "give the whole matrix a name")
        items = [self.sum()]
        if opened.text == "[" and items[0].head == "product" and "*" not in {s.text for s in inside}:
            raise self.two_readings(self.line.text[opened.start:self.sign().end], f"the product {self.text(items[0])}",
                                    "blocks side by side", opened.start)
        while self.now == "," and opened.text == "(":
            self.i += 1
            items.append(self.sum())
        self.bars = bars
        end = self.expect(CLOSES[opened.text]).end
        if len(items) > 1:
            return Piece(items[0].tokens, PRIMARY, None, items=tuple(items))
        return closed(items[0], opened.start, end)

    def closing_of(self, k: int) -> int:
        """Where the bracket at a place is closed."""
        here, self.i = self.i, k
        found = self.closing()
        self.i = here
        return found

    def between(self) -> Piece:
        """|..| and ‖..‖ with an index."""
        opened = self.take()
        self.bars.append(opened.text)
        inner = self.column(self.sum())
        self.bars.pop()
        end = self.expect(opened.text).end
        if opened.text == "|":
            if inner.kind == "matrix" and inner.shape is not None and inner.shape[0] is inner.shape[1]:
                text = self.text(inner)
                raise self.two_readings(f"|{text}|", f"the determinant, det({text})", f"the absolute values, abs({text})", opened.start)
            return call("abs", [inner], inner.shape, opened.start, opened.end)
        index = self.subscript()
        name = {"1": "norm1", "2": "norm2", "F": "normF"}.get(index)
        if index and name is None:
            raise self.refuse(f"the norm with index {index} is not in the language", end, "norms are 1, 2 and F")
        if inner.kind == "matrix" and name in (None, "norm2"):
            text = self.text(inner)
            raise self.two_readings(f"the norm ‖{text}‖ of a matrix", f"the Frobenius norm, normF({text})",
                                    "the spectral norm, which the language does not have", opened.start)
        return call(name or "norm2", [inner], SCALAR, opened.start, opened.end)

    def subscript(self) -> str:
        """An index, also one behind an exponent: ‖A‖_F, ‖A‖^2_F."""
        k = self.i
        if self.now == "^" or self.now[:2] == "^^":
            k += 1 if self.now[:2] == "^^" else self.closing_of(k + 1) - k + 1 if self.ahead(1) in CLOSES else 2
        text = self.signs[k].text if k < len(self.signs) else ""
        if text[:1] != "_":
            return ""
        del self.signs[k]
        if text == "_":
            words = [self.signs[k].text]
            if words[0] in CLOSES:
                end = self.closing_of(k)
                words = [s.text for s in self.signs[k + 1:end]]
                del self.signs[k:end + 1]
            else:
                del self.signs[k]
            return "".join(words)
        return text[1:]

    def ones(self, sign: Sign) -> Piece:
        """𝟏 and 𝟎, their size in a subscript or inferred."""
        if self.now[:1] == "_" and len(self.now) > 1:
            size = self.take().text[1:]
            return self.sized("ones" if sign.text == "𝟏" else "zeros", [Piece(((size, sign.start, sign.end),), PRIMARY, SCALAR)],
                              sign.start, sign.end)
        p = vector_of_ones(sign.start, sign.end)._replace(shape=(Dim.of("?1"), Dim.of("?0"))[:1] + (SCALAR[0],))
        return p if sign.text == "𝟏" else p._replace(tokens=tuple(("0" if t == "1" else t, a, b) for t, a, b in p.tokens))

    def root(self, sign: Sign) -> Piece:
        """√x, √(...)."""
        p = self.atom()
        if self.now[:2] == "^^" and self.now[2:] != "T" and p.head and not self.tex:
            raise self.two_readings(self.line.text[sign.start:self.sign().end], f"sqrt({p.head})^{self.now[2:]}",
                                    f"sqrt({p.head}^{self.now[2:]})", sign.start)
        return call("sqrt", [unwrapped(p)], p.shape, sign.start, sign.end)

    def fraction(self, sign: Sign) -> Piece:
        """\\frac{a}{b}, also of a derivative."""
        if self.now == "{" and self.ahead(1) == "∂":
            return self.fraction_of_d(sign)
        parts = []
        for _ in range(2):
            if self.now == "{":
                parts.append(unwrapped(self.bracket()))
            else:
                if not (is_letter(self.now) or is_number(self.now)):
                    raise self.unread()
                digit = self.take()
                if len(digit.text) > 1 and digit.text.isdigit():
                    self.i -= 1
                    self.signs[self.i] = Sign(digit.text[1:], digit.start + 1, digit.end)
                    digit = Sign(digit.text[0], digit.start, digit.start + 1)
                parts.append(Piece(((digit.text, digit.start, digit.end),), PRIMARY,
                                   SCALAR if is_number(digit.text) else self.around.shape(digit.text)))
        return joined("/", parts[0], parts[1], sign.start, sign.end, parts[0].shape)

    def fraction_of_d(self, sign: Sign) -> Piece:
        """\\frac{∂f}{∂x}; \\frac{∂}{∂x} before what is differentiated."""
        self.i += 2
        above = None if self.now == "}" else self.factor()
        self.expect("}")
        self.expect("{")
        slash = self.expect("∂")
        below = self.atom()
        self.expect("}")
        return self.quotient(sign, above or self.factor(), slash, below)

    def derivative(self, sign: Sign) -> Piece:
        """∂f/∂x."""
        above = self.atom()
        if self.now != "/" or self.ahead(1) != "∂":
            raise self.unread()
        slash = self.take()
        self.i += 1
        return self.quotient(sign, above, slash, self.atom())

    def quotient(self, sign: Sign, above: Piece, slash: Sign, below: Piece) -> Piece:
        """d(f)/d(x)."""
        shape = below.shape if above.kind == "scalar" else None
        tokens = (*call("d", [unwrapped(above)], None, sign.start, sign.end).tokens, ("/", slash.start, slash.end),
                  *call("d", [below], None, below.start, below.end).tokens)
        return Piece(tokens, POSTFIX, shape)

    def gradient(self, sign: Sign) -> Piece:
        """∇f(x), ∇²f(x) of a declared function; ∇_x f."""
        second = self.now == "^^2"
        self.i += second
        if self.now[:1] == "_" and not second:
            x = self.take()
            f = self.atom()
            name = self.around.resolve(x.text[1:])
            tokens = (*call("d", [unwrapped(f)], None, sign.start, sign.end).tokens, ("/", x.start, x.end),
                      *call("d", [Piece(((name, x.start, x.end),), PRIMARY, None)], None, x.start, x.end).tokens)
            return Piece(tokens, POSTFIX, self.around.shape(name))
        name = self.around.resolve(self.now)
        function = self.around.scope.functions.get(name)
        if function is None or function.signature is None or function.signature[0] is None:
            raise self.refuse("∇ is read with the variable it is taken by, or before a declared function g: R^m -> R", sign.start,
                              f"write ∂{name}/∂x or ∇_x {name}" if name else None)
        self.i += 1
        source, target = function.signature
        head = "hess" if second else "grad" if target is None else "jac"
        given, _, end = self.arguments()
        start = sign.start
        tokens = ((head, start, sign.end), ("(", start, sign.end), (name, start, sign.end), (")", start, sign.end))
        shape = None if source is None else source if head == "grad" else (source[0], source[0] if second else target or source[0])
        return Piece((*tokens, *call("", given, None, end - 1, end).tokens[1:]), PRIMARY, shape)

    # ------------------------------------------------------------ names
    def named(self, sign: Sign) -> Piece:
        """A name, a call, a function before its argument, letters that stand for a product."""
        name = self.around.resolve(sign.text)
        if name in self.bound:
            return placed(self.bound[name], sign)
        if name in ("𝟏", "𝟎"):
            return self.ones(sign)
        dotted = self.dotted(sign)
        if dotted is not None:
            return dotted
        if name in self.around.scope.functions:
            return self.abstract(name, sign)
        if self.now == "(" and not self.around.has(name):
            if name == "K_" or name == "unvec_":
                return self.indexed_call(name[:-1], sign)
            if self.function(name) or name in ("eye", "ones", "zeros", "comm", "unvec", "d", "grad", "hess", "jac"):
                return self.called(sign._replace(text=name))
            if self.signs[self.i].gap or not self.around.equation and lone(name) and self.tex:
                return Piece(((name, sign.start, sign.end),), PRIMARY, self.around.shape(name), head=name)
            return self.called(sign)
        if self.now == "(" and name == "sigma":
            raise self.two_readings("σ(..)", "the sigmoid function", "the product with the variable sigma", sign.start)
        if self.function(name) and (name in UNARY or name in ("ln", "trace", "Tr")) and (self.begins() or self.now == "-"):
            return self.before(name, sign)
        return self.variable(name, sign)

    def variable(self, name: str, sign: Sign) -> Piece:
        """A name; dX; I_n; a product written as one word."""
        own = ((name, sign.start, sign.end),)
        if not self.around.knows(name) and len(name) > 1 and name not in ("pi", "eye"):
            if (self.around.equation or self.tex) and name[0] == "d" and self.around.has(name[1:]) and not self.around.has("d"):
                x = Piece(((name[1:], sign.start + 1, sign.end),), PRIMARY, self.around.shape(name[1:]))
                return call("d", [x], x.shape, sign.start, sign.start + 1)
            head, _, tail = name.partition("_")
            if head in ("I", "eye") and tail and (tail.isdigit() or tail in self.around.scope.origins or lone(tail)):
                return self.sized("eye", [Piece(((tail, sign.start, sign.end),), PRIMARY, SCALAR)], sign.start, sign.end)
            if head[:1] == "I" and head[1:].isdigit() and not self.around.has(head):
                return self.sized("eye", [Piece(((head[1:], sign.start, sign.end),), PRIMARY, SCALAR)], sign.start, sign.end)
            known = {*self.around.scope.shapes, *self.around.defined}
            parts = [] if name in GREEK_NAMES else compound(name, known)
            if self.tex and not parts and name.isalpha() and name not in GREEK_NAMES and name not in self.around.scope.origins:
                parts = list(name)
            if parts:
                return self.product(parts, sign)
            if not self.numpy and name.isalpha() and name not in GREEK_NAMES and any(s.text in name for s in self.signs if lone(s.text)):
                raise self.refuse(f"{name} is one name, and nobody declared it", sign.start,
                                  f"write {' '.join(name)} for the product, or declare {name}")
        return Piece(own, PRIMARY, self.around.shape(name), head=name,
                     flat=self.numpy and self.around.shape(name)[1] is SCALAR[0] and self.around.shape(name) != SCALAR)

    def product(self, parts: list[str], sign: Sign) -> Piece:
        """AB where A and B are declared; what stands behind it goes with the last one."""
        pieces = []
        at = sign.start
        for part in parts:
            pieces.append(Piece(((part, at, at + len(part)),), PRIMARY, self.around.shape(part), head=part))
            at += len(part)
        return self.side_by_side([*pieces[:-1], self.behind(pieces[-1])])

    def before(self, name: str, sign: Sign) -> Piece:
        """log|det S|, tr A, exp x: a function before what it is taken of."""
        start = self.sign()
        minus = self.signed() if self.now in ("+", "-") else None
        bar = self.now == "|"
        if bar and name in ("log", "ln"):
            return self.log_of_bars(sign)
        p = self.factor()
        if minus is not None and minus.text == "-":
            p = Piece((("-", minus.start, minus.end), *bracketed(p, PRODUCT)), SUM, p.shape)
        if self.begins() or self.now in OPERATORS:
            first = self.text(call(name, [p], None, 0, 0))
            raise self.two_readings(self.line.text[sign.start:self.sign().end], f"{first} times what follows",
                                    f"{name} of all of it", sign.start)
        if name in ("log", "ln") and p.head == "det" and start.text == "det":
            return Piece((("logdet", sign.start, sign.end), *p.tokens[1:]), PRIMARY, SCALAR, head="logdet")
        return self.meaning(name, [unwrapped(p)], {}, sign.start, sign.end, False)

    def log_of_bars(self, sign: Sign) -> Piece:
        """log|det X| and log|X| of a square X are logdet(X); log|c| is log(abs(c))."""
        opened = self.take()
        self.bars.append("|")
        inner = self.sum()
        self.bars.pop()
        self.expect("|")
        if inner.head == "det":
            return Piece((("logdet", sign.start, sign.end), *inner.tokens[1:]), PRIMARY, SCALAR, head="logdet")
        if inner.kind == "matrix":
            return call("logdet", [inner], SCALAR, sign.start, sign.end)
        return call("log", [call("abs", [inner], inner.shape, opened.start, opened.end)], inner.shape, sign.start, sign.end)

    def abstract(self, name: str, sign: Sign) -> Piece:
        """f(x), f'(x)."""
        primes = []
        while self.now == "'" and self.ahead(1) in ("'", "("):
            mark = self.take()
            primes.append((mark.text, mark.start, mark.end))
        if self.now != "(":
            return Piece(((name, sign.start, sign.end), *primes), PRIMARY, None, head=name)
        given, _, end = self.arguments()
        source, target = self.around.scope.functions[name].signature or (None, None)
        shape = given[0].shape if source is None and given else (target or SCALAR[0], SCALAR[0])
        return Piece(((name, sign.start, sign.end), *primes, *call("", given, None, sign.end, end).tokens[1:]), PRIMARY, shape)

    def indexed_call(self, name: str, sign: Sign) -> Piece:
        """K_(m,n) and unvec_(m,n)(x), as the pages set them."""
        given, _, end = self.arguments()
        if name == "K":
            return call("comm", given, None, sign.start, end)
        value, _, end = self.arguments()
        shape = (Dim.of(self.text(given[0])), Dim.of(self.text(given[1]))) if len(given) == 2 else None
        return call("unvec", [*value, *given], shape, sign.start, end)


def is_ones(p: Piece, row: bool = False) -> bool:
    """Whether this is 𝟏, or 𝟏ᵀ."""
    return [t for t, _, _ in p.tokens] == ["vector", "(", "1", ")", *(["'"] if row else [])]


def placed(p: Piece, sign: Sign) -> Piece:
    """What is given, where a row's letter stands."""
    return p
