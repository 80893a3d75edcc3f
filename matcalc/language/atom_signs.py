"""What stands by itself in a dialect: brackets, bars, ones, roots, fractions, derivatives and gradients."""

from __future__ import annotations

from .around import alike, lone
from .called import Called
from .phrases import POSTFIX, PRIMARY, PRODUCT, Piece, call, closed, joined, unwrapped, vector_of_ones
from .shape import SCALAR, Dim
from .signs import HALVES, Sign, is_letter, is_number

OPERATORS = frozenset(("*", "/", ".*", "./", "@", "\\", "⊗"))
ENDS = frozenset(("", ")", "]", "}", ",", "+", "-", "=", "==", ";", ":", "^", ".^", "'", "**", "⟩", ">", ".")) | OPERATORS
BARRED = frozenset(("norm1", "norm2", "normF", "abs"))
BARS = frozenset(("|", "‖"))
CLOSES = {"(": ")", "{": "}", "[": "]"}
TURNS = frozenset(("T", "^^T", "'", "⊤"))


class Atoms(Called):
    """Reads one atom."""

    def factor(self) -> Piece:
        """An atom and what stands behind it."""
        raise NotImplementedError

    def behind(self, p: Piece) -> Piece:
        """What stands behind an atom."""
        raise NotImplementedError

    def side_by_side(self, factors: list[Piece]) -> Piece:
        """Factors without a sign between them."""
        raise NotImplementedError

    def exponent(self) -> Piece:
        """What stands above."""
        raise NotImplementedError

    def number(self, text: str, sign: Sign) -> Piece:
        """A raised number."""
        raise NotImplementedError

    def signed(self) -> Sign | None:
        """The signs here, as one."""
        raise NotImplementedError

    def begins(self) -> bool:
        """Whether a factor can begin here."""
        raise NotImplementedError

    def closing(self) -> int:
        """Where the bracket that opens here is closed."""
        raise NotImplementedError

    def named(self, sign: Sign) -> Piece:
        """A name, and what begins with one."""
        raise NotImplementedError

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
            if inner.kind == "matrix" and inner.shape is not None and alike(*inner.shape):
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
        if self.now == "{" and (self.ahead(1) == "∂" or self.differentials()):
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
        self.i += 1
        self.mark()
        above = None if self.now == "}" else self.factor()
        self.expect("}")
        self.expect("{")
        slash, below = self.below()
        self.expect("}")
        return self.operator(sign, slash, below) if above is None else self.quotient(sign, above, slash, below)

    def below(self) -> tuple[Sign, Piece]:
        """∂x, d x, dx: the sign, and the variable."""
        return self.mark(), self.atom()

    def mark(self) -> Sign:
        """∂ or d, also where it begins a word: dx."""
        sign = self.sign()
        if sign.text[0:1] == "d" and len(sign.text) > 1:
            self.signs[self.i:self.i + 1] = [sign._replace(text="d", end=sign.start + 1), sign._replace(text=sign.text[1:], gap=False)]
        if self.now not in ("∂", "d"):
            raise self.unread()
        return self.take()

    def differentials(self) -> bool:
        """Whether {d..}{d..} comes, of one letter or a declared name each, and nobody declared a d."""
        end = self.closing()
        for k in (self.i + 1, end + 2):
            word = self.signs[k].text if k < len(self.signs) else ""
            if word[:1] != "d" or self.around.has("d") or self.around.has(word):
                return False
            if word[1:] and not (lone(word[1:]) or self.around.has(word[1:])) or self.ahead(k + 1 - self.i) == "(":
                return False
        return True

    def derivative(self, sign: Sign) -> Piece:
        """∂f/∂x; ∂/∂x before what is differentiated."""
        above = None if self.now == "/" else self.atom()
        if self.now != "/" or (self.ahead(1) != "∂" if sign.text == "∂" else self.ahead(1)[:1] != "d"):
            raise self.unread()
        self.i += 1
        slash, below = self.below()
        return self.operator(sign, slash, below) if above is None else self.quotient(sign, above, slash, below)

    def operator(self, sign: Sign, slash: Sign, below: Piece) -> Piece:
        """∂/∂x and ∇_x are taken of all of the product behind them; f(x)ᵀ of a scalar f is the gradient, transposed."""
        first = self.atom()
        name = first.tokens[0][0]
        own = name in self.around.defined or name in self.around.scope.functions
        turns = self.now == "'" or self.now == "^^T" or (self.now == "^" and set(TURNS).intersection((self.ahead(1), self.ahead(2))))
        if own and first.kind == "scalar" and turns:
            return self.quotient(sign, first, slash, below)
        first = self.behind(first)
        moves = own or self.text(below) in {t for t, _, _ in first.tokens}
        begun = self.i
        whole = self.term(first)
        if self.i > begun and moves and first.kind == "scalar" and whole.kind not in ("scalar", ""):
            one, other = self.quotient(sign, first, slash, below), self.quotient(sign, whole, slash, below)
            raise self.two_readings("a derivative before a product", f"{self.text(one)} times what follows", self.text(other), sign.start)
        return self.quotient(sign, whole, slash, below)._replace(head="reaching")

    def quotient(self, sign: Sign, above: Piece, slash: Sign, below: Piece) -> Piece:
        """d(f)/d(x)."""
        shape = below.shape if above.kind == "scalar" else None
        tokens = (*call("d", [unwrapped(above)], None, sign.start, sign.end).tokens, ("/", slash.start, slash.end),
                  *call("d", [below], None, below.start, below.end).tokens)
        return Piece(tokens, PRODUCT, shape, head="product")

    def gradient(self, sign: Sign) -> Piece:
        """∇f(x), ∇²f(x) of a declared function; ∇_x f."""
        second = self.now == "^^2"
        self.i += second
        if self.now[:1] == "_" and not second:
            x = self.take()
            name = self.around.resolve(x.text[1:])
            return self.operator(sign, x, Piece(((name, x.start, x.end),), PRIMARY, self.around.shape(name)))
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
