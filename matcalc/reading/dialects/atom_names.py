"""Names in a dialect: calls, functions before their argument, dX, products written as one word."""

from __future__ import annotations


from .context import UNKNOWN, alike, lone
from ..grammar.kinds import COUNTS, kind
from .atom_signs import OPERATORS
from .atom_words import Words
from .calls import INFINITY, UNARY
from ..grammar.brackets import CLOSES
from ..grammar.joined_names import applied, compound, letters
from .pieces import PRIMARY, PRODUCT, SUM, Piece, bracketed, call, power, unwrapped
from ...language.operations import ANGLES, ELEMENTWISE
from ...language.shape import ONE, SCALAR, Dim
from .respelled import ENTRYWISE
from ..grammar.lexer import Sign, is_number
from ..grammar.spellings import Row
from ..grammar.tokens import ANNOUNCING, SPELT_NAMES, TOKEN, scripts
from ...patterns import pattern


BEFORE = OPERATORS | {"", "(", "[", "{", "+", "-", "=", "==", ",", "½", "the"}       # where a first factor begins
PRIMES = {row.name: row.prime for row in ELEMENTWISE}
INDEXED = pattern(r"[A-Za-z]_[ijkl]{1,2}")


class Named(Words):
    """Reads what begins with a name."""

    # ------------------------------------------------------------ names
    def named(self, sign: Sign) -> Piece:
        """A name, a call, a function before its argument, letters that stand for a product."""
        name = self.around.resolve(sign.text)
        if name[:1] == "𝐞":
            plain = self.around.resolve("e" + name[1:])
            return self.variable(plain, sign) if self.around.has(plain) else self.unit(sign)
        if name in self.bound:
            return self.bound[name]
        if self.now == "{" and self.ahead(2) == "}" and self.around.knows(member := name + self.ahead(1)):        # z{3} of a family
            self.i += 3
            return self.variable(member, sign)
        return self.derivative_named(name, sign) or self.standing(name, sign) or self.applied_name(name, sign) or self.bare_name(name, sign)

    def derivative_named(self, name: str, sign: Sign) -> Piece | None:
        """A derivative, a differential or a gradient that begins with this name."""
        apart = name == "d" and (self.now == "/" or self.now[:1] == "^" or self.sign().gap and self.now != "(") and not self.around.has("d")
        if self.around.equation and name == "d" and (apart and bool(self.over()) or self.now == "/" and self.ahead(1)[:1] == "d"):
            self.no_factor(sign)
            return self.derivative(sign)
        if self.around.equation and name == "d" and self.now == "(" and (
                kind(self.around.shape(name)) == "scalar" or self.ahead(2) == ")"):
            if self.signs[self.i].gap:
                self.no_factor(sign)
            return self.called(sign._replace(text=name))        # as in the language itself, whoever declared a d
        if name == "d" and (found := self.differential(sign)) is not None:
            return found
        if name[:5] == "grad_" and self.around.equation and not self.around.knows(name):
            self.signs.insert(self.i, sign._replace(text=name[4:]))
            return self.gradient(sign)
        if name in ("grad", "gradient") and self.around.equation and not self.around.knows(name) and self.of_what_follows():
            return self.gradient(sign)      # grad f
        if name[0] == "d" and self.varies_itself(name):
            self.signs.insert(self.i, Sign(name[1:], sign.start + 1, sign.end, False))
            return self.derivative(sign._replace(text="d", end=sign.start + 1))
        return None

    def standing(self, name: str, sign: Sign) -> Piece | None:
        """What the signs behind a name, or its letters, make of it: a sum over an index, a function with a prime or a power, a column."""
        if name in ("sum", "Sum") and (total := self.over_an_index(sign)) is not None:
            return total
        dotted = self.dotted(sign)
        if dotted is not None:
            return dotted
        if name in self.around.scope.functions:
            return self.abstract(name, sign)
        if not (self.numpy or self.around.knows(name)) and (found := self.taken_of(name)):
            return self.glued(*found, sign)
        if "_" in name and self.around.equation and not self.around.knows(name):
            self.no_derivative(name, sign)
        if (self.now not in CLOSES or "_" in name) and not self.around.knows(name) and self.begins():
            self.no_extremum(name, sign)
        if [self.now, self.ahead(1)] == ["'", "("] and (entrywise := self.entrywise_of(name)):
            return self.slope(entrywise, sign)
        if (self.now in ("^", ".^") or self.now[:2] == "^^") and self.function(name) and name in UNARY:
            return self.raised_function(name, sign)
        if self.now == "'" and (found := self.derived(name, sign)) is not None:
            return found
        if [self.now, self.ahead(1), self.ahead(2)] == ["(", ":", ")"]:
            p = self.variable(name, sign)
            self.i += 3
            return p if p.kind == "column" else call("vec", [p], None, sign.start, self.signs[self.i - 1].end)
        if name in ("I", "I_") and self.now in ("(", "{") and (self.ahead(1), self.ahead(2)) == (":", ",") and not self.around.has("I"):
            return self.columns(sign)
        if self.now == "(" and self.around.arguments.get(name):
            inside = tuple(s.text for s in self.signs[self.i + 1:self.closing()])
            if inside[::2] == self.around.arguments[name]:
                self.i = self.closing() + 1
                return self.variable(name, sign)
        if self.now in ("{", "[") and not self.around.has(name) and self.function(name):
            self.braced()
        if name in INFINITY and not self.around.knows(name):
            return Piece((("∞", sign.start, sign.end),), PRIMARY, SCALAR, head="∞")
        if name[0] == "d" and self.around.equation and not (self.around.knows(name) or self.function(name)) and (
                applied(name[1:], self.around.has) or self.now == "(" and self.function(name[1:])):         # dlogx, dσ(w'x)
            self.signs.insert(self.i, Sign(name[1:], sign.start + 1, sign.end, True))
            return self.named(sign._replace(text="d", end=sign.start + 1))
        return None

    def applied_name(self, name: str, sign: Sign) -> Piece | None:
        """A name before a bracket: a function with its argument, or a factor."""
        if self.now != "(" or self.around.has(name) or name == self.around.wrt and self.entries_follow():
            return None
        if name == "K_" or name == "unvec_":
            return self.indexed_call(name[:-1], sign)
        if name in ("grad", "hess", "jac") and self.ahead(1) in self.around.scope.functions and \
                [self.ahead(2), self.ahead(3)] == [")", "("]:
            self.i += 3
            return self.of_function(name, self.ahead(-2), sign)
        if self.function(name) or name in ("eye", "ones", "zeros", "comm", "unvec", "d", "grad", "hess", "jac"):
            return self.called(sign._replace(text=name))
        if self.signs[self.i].gap or self.seen_bare(name):
            return self.variable(name, sign)
        if ends := self.ending(name):
            cut = sign.end - len(ends)
            self.signs[self.i:self.i] = [Sign(ends, cut, sign.end)]
            return self.variable(name.removesuffix(ends), sign._replace(end=cut))
        if self.line.text.startswith("Σ", sign.start):
            raise self.two_readings("Σ(..)", "the sum, sum(..)", "a product with the variable Sigma", sign.start)
        return self.called(sign)

    def bare_name(self, name: str, sign: Sign) -> Piece:
        """A variable, or a function before an argument without brackets."""
        if name == "sigma" and self.now in ("^", "^^2") and not self.around.has(name):
            self.squared_sigma(sign)
        if self.now == "(" and name == "sigma":
            raise self.two_readings("σ(..)", "the sigmoid function", "the product with the variable sigma", sign.start)
        if name == "the" and (self.function(self.now) or self.now == "squared" or self.phrase()) and not self.around.knows(name):
            return self.factor()
        if name == "squared" and self.phrase() and self.ahead(-2) in BEFORE and not self.around.knows(name):
            p, two = self.factor(), Piece((("2", sign.start, sign.end),), PRIMARY, SCALAR)
            return power("^" if p.kind == "scalar" else ".^", p, two, sign.start, sign.end)
        if called := self.phrase(name):
            return self.of_all(called, sign)
        negative = self.now == "-" and self.sign().gap and not any(s.gap for s in self.signs[self.i + 1:self.i + 2])        # exp -x
        if self.function(name) and name in UNARY and (self.begins() or negative):
            return self.before(name, sign)
        spelled_out = len(name) > 3 and name.islower() and name not in SPELT_NAMES | ANNOUNCING
        if spelled_out and self.function(name) and not self.around.knows(name):
            raise self.refuse(f"{name} is a function: write {name}(...)", sign.start)
        return self.variable(name, sign)

    def slope(self, name: str, sign: Sign) -> Piece:
        """σ'(x): the derivative, entry by entry."""
        self.i += 1
        given, named, end = self.arguments()
        if len(given) != 1 or named:
            raise self.unread()
        p = self.column(given[0])
        prime = PRIMES[name] if p.kind == "scalar" else "".join(ENTRYWISE.get(t, t) for t in TOKEN.findall(PRIMES[name]))
        return self.expanded(Row(name, ("t",), (), prime), [p], {}, sign.start, end)

    def variable(self, name: str, sign: Sign) -> Piece:
        """A name; dX; I_n; a product written as one word."""
        own = ((name, sign.start, sign.end),)
        if not self.around.knows(name) and len(name) > 1 and name not in ("pi", "eye"):
            if rest := self.varied(name):
                x = Piece(((rest, sign.start + 1, sign.end),), PRIMARY, self.around.shape(rest))
                return self.differential_of(x, sign)
            head, _, tail = name.partition("_")
            if head in ("I", "eye") and tail and (tail.isdigit() or tail in self.around.scope.origins or lone(tail)):
                return self.sized("eye", [Piece(((tail, sign.start, sign.end),), PRIMARY, SCALAR)], sign.start, sign.end)
            if head[:1] == "I" and head[1:].isdigit() and not self.around.has(head):
                return self.sized("eye", [Piece(((head[1:], sign.start, sign.end),), PRIMARY, SCALAR)], sign.start, sign.end)
            known = {*self.around.scope.shapes, *self.around.defined}
            known |= {f"d{n}" for n in known if self.around.equation and not self.around.has("d")}        # Adx
            if name.isupper():
                known |= self.capitals
            parts = [] if name in SPELT_NAMES else scripts(self.line.text[sign.start:sign.end]) or compound(name, known) or next(
                filter(None, (letters(name, x, self.bare_names) for x in self.movers)), self.pair(name))
            if self.ahead(-2) == "/" and len(name) == 2 and name[0].isupper() and name[1].islower() and parts:      # x'x/Nx
                raise self.two_readings(name, f"the product {'*'.join(parts)}", f"a number {name}", sign.start, f"declare {name}")
            if "T" in parts[1:] and not self.around.knows("T"):
                transposed = " ".join(parts).replace(" T", "'")
                raise self.two_readings(name, f"the product {'*'.join(parts)} with a factor T", f"a transpose, {transposed}", sign.start)
            if parts:
                return self.product(parts, sign)
            product = name[0].isupper() and len(name) == 2 and name[1].islower()
            if not self.numpy and name.isalpha() and name not in SPELT_NAMES and not self.line.text.startswith(("Δ", "δ"), sign.start) and (
                    product or any(s.text in name for s in self.signs if lone(s.text))):
                raise self.refuse(f"{name} is not declared", sign.start,
                                  f"write {' '.join(name)} for the product, or declare {name}")
        if (name == "Sigma" or name[:6] == "Sigma_" and self.begins()) and not self.around.knows(name) and \
                self.line.text[sign.start] == "Σ" and any(s.text[1:] == name[5:] if name[5:] else INDEXED.fullmatch(s.text)
                                                          for s in self.signs if not self.around.knows(s.text)):
            one = f"a sum over {name[6:]}" if name[5:] else "a sum whose index is not given"
            raise self.two_readings(self.line.text[sign.start:sign.end], one, f"the variable {name}", sign.start,
                                    f"write sum{name[5:] or '_i'}, or {name}*")
        shape = self.around.shape(name)
        if name in COUNTS and not self.around.knows(name):
            before = (s.text for s in self.signs[:self.i - 1][::-1] if s.text not in ("(", "*") and not is_number(s.text))
            shape = SCALAR if next(before, "") == "/" else shape       # np.sum(r**2) / (2*m)
        if name in self.arrays and shape == SCALAR and not self.around.knows(name):
            self.vectors.setdefault(name, sign.start)
            shape = (Dim.of(f"{UNKNOWN}{name}0"), ONE)
        flat = self.numpy and kind(shape) == "column" and not self.around.two_axes(name)
        return Piece(own, PRIMARY, shape, head=name, flat=flat)

    def product(self, parts: list[str], sign: Sign) -> Piece:
        """AB where A and B are declared; what stands behind it goes with the last one."""
        signs = []
        at = sign.start
        for part in parts:
            end = at + (len(part) if self.line.text.startswith(part, at) else 1)
            signs.append(sign._replace(text=part, start=at, end=end))
            at = end
        if self.ahead(-2) == "/" and self.around.shape(parts[0]) == SCALAR:        # c/yz like c/y z
            self.signs[self.i:self.i] = [s._replace(gap=False) for s in signs[1:]]
            return self.variable(parts[0], signs[0])
        pieces = [self.variable(s.text, s) for s in signs]
        return self.side_by_side([*pieces[:-1], self.behind(pieces[-1])])

    def before(self, name: str, sign: Sign) -> Piece:
        """log|det S|, tr A, exp x: a function before what it is taken of."""
        start = self.sign()
        minus = self.signed() if self.now in ("+", "-") else None
        bar = self.now == "|"
        if bar and name in ("log", "ln"):
            return self.log_of_bars(sign)
        p = self.factor()
        if is_number(p.tokens[0][0]) and (self.now == "pi" or self.line.text.startswith("π", self.sign().start)):      # log 2πσ²
            p = self.side_by_side(self.chain(p))
        elif is_number(p.tokens[0][0]) and len(p.tokens) == 1 and not self.sign().gap and self.begins():      # sin 2x
            p = self.side_by_side([p, self.factor()])
        if minus is not None and minus.text == "-":
            p = Piece((("-", minus.start, minus.end), *bracketed(p, PRODUCT)), SUM, p.shape)
        below = self.now == "/" and (self.ahead(1) == "∂" or self.around.equation and self.varied(self.ahead(1)))
        kindred = ANGLES if name in ANGLES else (name,)
        again = below or self.now in kindred or self.now in OPERATORS and self.ahead(1) in kindred
        again = again or start.text == "det" and p.tokens[-1][0] == ")" and self.now == "/" and is_number(self.ahead(1))    # log det(A)/2
        more = (self.begins() or self.now in OPERATORS) and not again
        if more and name in ("tr", "det", "logdet") and p.shape is not None and not alike(*p.shape) and self.declared(p):
            p, more = self.term(p), False       # tr X'X: the trace of X' alone does not exist
        if more:
            first = self.text(call(name, [p], None, 0, 0))
            raise self.two_readings(self.line.text[sign.start:self.sign().end], f"{first} times what follows",
                                    f"{name} of all of it", sign.start)
        if name in ("log", "ln") and p.head == "det" and start.text == "det":
            return Piece((("logdet", sign.start, sign.end), *p.tokens[1:]), PRIMARY, SCALAR, head="logdet")
        return self.meaning(name, [unwrapped(p)], {}, sign.start, sign.end, False)

    def raised_function(self, name: str, sign: Sign) -> Piece:
        """tanh²(x) is the square of tanh(x), entry by entry."""
        mark = self.take()
        k = self.number(mark.text[2:], mark) if mark.text[:2] == "^^" else self.exponent()
        if self.now != "(" and not self.begins():
            raise self.unread()
        p = self.called(sign._replace(text=name)) if self.now == "(" else self.before(name, sign)
        raised = power("^" if p.kind == "scalar" else ".^", p, k, mark.start, mark.end)
        if k.tokens[0][0] == "-" or (k.tokens[0][0] == "(" and k.tokens[1][0] == "-"):
            raise self.two_readings(self.line.text[sign.start:mark.end] + self.text(k), f"the inverse function of {name}",
                                    f"the power {self.text(raised)}", sign.start)
        return raised

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
        shape = given[0].shape if source is None and target is None and given else target or SCALAR
        tokens = ((name, sign.start, sign.end), *primes, *call("", given, None, sign.end, end).tokens[1:])
        return self.settled(Piece(tokens, PRIMARY, shape), given)

    def indexed_call(self, name: str, sign: Sign) -> Piece:
        """K_(m,n) and unvec_(m,n)(x), as the pages set them."""
        given, _, end = self.arguments()
        if name == "K":
            return call("comm", given, None, sign.start, end)
        value, _, end = self.arguments()
        shape = (Dim.of(self.text(given[0])), Dim.of(self.text(given[1]))) if len(given) == 2 else None
        return call("unvec", [*value, *given], shape, sign.start, end)
