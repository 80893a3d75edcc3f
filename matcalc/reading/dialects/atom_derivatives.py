"""Derivatives in a dialect: ∂f/∂x, d/dx and ∇_x before a product, gradients of declared functions."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from .context import lone
from ..grammar.functions import FUNCTIONS
from ..grammar.kinds import kind
from .calls import Called
from ..grammar.joined_names import letters
from .pieces import PRIMARY, PRODUCT, Piece, call, transposed, unwrapped
from ..grammar.lexer import Sign
from ..grammar.tokens import is_name
from ...language.signatures import derivative_shape, value_shape

TURNS = frozenset(("T", "^^T", "'", "⊤"))


class Derivatives(Called):
    """Reads derivatives; the rest of the grammar comes with the classes made of this one."""

    factor: Callable[[], Piece]                   # an atom and what stands behind it
    behind: Callable[[Piece], Piece]              # what stands behind an atom
    side_by_side: Callable[[list[Piece]], Piece]  # factors without a sign between them
    exponent: Callable[[], Piece]                 # what stands above
    number: Callable[[str, Sign], Piece]          # a raised number
    signed: Callable[[], Sign | None]             # the signs here, as one
    chain: Callable[..., list[Piece]]             # factors side by side
    bracket: Callable[..., Piece]                 # what stands in brackets
    atom: Callable[[], Piece]                     # whatever stands by itself
    term: Callable[..., Piece]                    # a product
    begins: Callable[[], bool]                    # whether a factor can begin here
    named: Callable[[Sign], Piece]                # a name, and what begins with one
    variable: Callable[[str, Sign], Piece]        # a name that is not a function

    # ------------------------------------------------------------ derivatives
    def twice(self) -> bool:
        """Whether a 2 is raised here, which is behind us then."""
        k = 1 if self.now == "^^2" else 2 if [self.now, self.ahead(1)] == ["^", "2"] else 0
        self.i += k
        return k > 0

    def below(self, second: bool) -> tuple[Sign, Piece]:
        """∂x, d x, dx, and ∂x² and ∂x∂xᵀ of a second derivative: the sign, and the variable."""
        sign = self.mark()
        named = is_name(self.now) and self.ahead(1) == "("         # d/dx(x'x): no value of a function x
        x = self.variable(self.around.resolve(self.now), self.take()) if named else self.atom()
        if second and self.now[:1] in ("∂", "d"):
            self.mark()
            if self.text(self.atom()) != self.text(x):
                raise self.refuse("a derivative with respect to two variables cannot be read", sign.start, "take one at a time")
            self.i += 2 if [self.now, self.ahead(1)] == ["^", "T"] else self.now in ("'", "^^T")
            return sign, x
        if second and self.twice():
            return sign, x
        end = self.closing() if self.now == "[" else 0
        if end and end + 1 < len(self.signs) and self.signs[end + 1].text == "}":       # an entry by x[i] is one of that by x
            self.signs[self.i:end + 2] = [self.signs[end + 1], *self.signs[self.i:end + 1]]
        turned = 1 if self.now in ("'", "^^T") else 2 if [self.now, self.ahead(1)] == ["^", "T"] else 0
        self.i += turned
        if turned and x.kind == "column" and not second:        # the Jacobian, in numerator layout
            return sign, x._replace(head="turned")
        if turned or self.now in ("^", "'") or self.now[:2] == "^^":
            self.i -= turned
            raise self.refuse(f"a derivative with respect to {self.text(x)}{self.line.text[self.sign().start]}.. cannot be read",
                              sign.start, f"differentiate with respect to {self.text(x)} and transpose the result")
        return sign, x

    def mark(self) -> Sign:
        """∂ or d, also where it begins a word: dx."""
        sign = self.sign()
        if sign.text[0:1] == "d" and len(sign.text) > 1:
            self.signs[self.i:self.i + 1] = [sign._replace(text="d", end=sign.start + 1), sign._replace(text=sign.text[1:], gap=False)]
        if self.now not in ("∂", "d"):
            raise self.unread()
        return self.take()

    def no_factor(self, sign: Sign) -> None:
        """Where somebody declared a d, a d before something else may be a factor."""
        if self.around.has("d"):
            raise self.two_readings(f"{self.line.text[sign.start:self.signs[self.i].end]}..", "a differential or a derivative",
                                    "a product with the declared d", sign.start)

    def derivative(self, sign: Sign) -> Piece:
        """∂f/∂x; ∂/∂x before what is differentiated; ∂²f/∂x²."""
        second = self.twice()
        above = None if self.now == "/" else self.side_by_side(self.chain())
        if self.now != "/" or (self.ahead(1) != "∂" if sign.text == "∂" else self.ahead(1)[:1] != "d"):
            raise self.unread()
        self.i += 1
        slash, below = self.below(second)
        out = self.reaching(sign, slash, below) if above is None else self.quotient(sign, above, slash, below)
        return self.quotient(sign, out, slash, below)._replace(head=out.head) if second else out

    def reaching(self, sign: Sign, slash: Sign, below: Piece) -> Piece:
        """∂/∂x[i] of what is behind it is the entry of all of that."""
        place = self.signs[self.i:self.closing() + 1] if self.now == "[" else []
        place = place if all(s.text in "ijkl" and not self.around.knows(s.text) for s in place[1:-1:2]) else []
        del self.signs[self.i:self.i + len(place)]
        out = self.operator(sign, slash, below)
        self.signs[self.i:self.i] = place
        return out

    def operator(self, sign: Sign, slash: Sign, below: Piece) -> Piece:
        """∂/∂x and ∇_x are taken of all of the product behind them; f(x)ᵀ of a scalar f is the gradient, transposed."""
        first = self.bracket(True) if self.now == "[" else self.atom()
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
        shape = None if above.shape is None or below.shape is None else derivative_shape(above.shape, below.shape)
        tokens = (*call("d", [unwrapped(above)], None, sign.start, sign.end).tokens, ("/", slash.start, slash.end),
                  *call("d", [below], None, below.start, below.end).tokens)
        out = Piece(tokens, PRODUCT, shape, flat=above.kind == "scalar" and below.flat, head="derivative")
        return transposed(out, below.end, below.end) if below.head == "turned" else out

    def differential(self, sign: Sign) -> Piece | None:
        """d log det X, and d x, in an equation of differentials; d² is refused there."""
        if self.around.equation and not self.around.has("d") and self.of_differentials() and self.twice():
            raise self.refuse("a second differential cannot be read", sign.start, "write the Hessian, d(d(f)/d(x))/d(x), or declare d")
        if not self.around.equation or self.around.has("d"):
            return None
        if is_name(self.now) and not self.function(self.now) and (rest := self.varied(f"d{self.around.resolve(self.now)}")):
            return self.apart(rest, sign)
        if not (self.now in ("|", "‖") or self.function(self.now)):
            return None
        p = self.factor()
        whole = call("d", [p], p.shape, sign.start, sign.end)
        if not self.of_differentials():
            text = self.line.text[sign.start:self.signs[self.i - 1].end]
            raise self.two_readings(text, f"the differential {self.text(whole)}", "a product with d", sign.start)
        return whole

    def apart(self, rest: str, sign: Sign) -> Piece | None:
        """d x with a blank, on a line that begins with a d, or has a dx; where a d stands alone it is a name."""
        texts = [*(s.text for s in self.signs), ""]
        if any(t == "d" and not (is_name(after) or after in ("(", "|", "‖")) for t, after in pairwise(texts)):
            return None
        if texts[0] != "d" and not any(t[:1] == "d" and self.around.has(t[1:]) for t in texts):
            raise self.two_readings(f"d {rest}", f"the differential d({rest})", f"the product d*{rest}", sign.start)
        at = self.take()
        turned = self.now in TURNS or self.now == "^" and TURNS & {self.ahead(1), self.ahead(2)}
        if sign is self.signs[0] and (turned or self.begins()):
            raise self.two_readings(f"d {rest} ..", f"d({rest}) times what follows", "d of all of it", sign.start)
        return self.differential_of(Piece(((rest, at.start, at.end),), PRIMARY, self.around.shape(rest)), sign)

    def of_differentials(self) -> bool:
        """Whether this is an equation of differentials: dX stands in it, or d on both sides."""
        texts = [s.text for s in self.signs]
        sides = next((k for k, t in enumerate(texts) if t in ("=", "==")), len(texts))
        return ("d" in texts[:sides] and "d" in texts[sides:]) or any(
            t[:1] == "d" and t[1:] and (lone(t[1:]) or self.around.has(t[1:])) and not self.around.has(t) for t in texts)

    def varied(self, name: str) -> str:
        """The x of dx in an equation, where x is declared or stands on the line; nothing where this is a name like any other."""
        rest = name[1:]
        if name[0] != "d" or not rest or not self.around.equation:
            return ""
        if self.around.has("d"):
            if self.around.equation and (self.around.has(rest) or lone(rest)):
                at = next(s for s in self.signs if s.text == name)
                raise self.two_readings(name, f"the differential d({rest})", f"the product d*{rest}", at.start)
            return ""
        if self.around.has(rest):
            return rest
        if not self.around.equation or not lone(rest):
            return ""
        if self.around.wrt and name == self.signs[0].text:       # of a claim, df/dx = ..
            return rest
        words = [s.text for s in self.signs if is_name(s.text)]
        if rest in words or rest in self.around.used or any(letters(w, rest, lambda: words) for w in words if w != name):
            return rest
        if any(w[0] == "d" and w != name and (self.around.has(w[1:]) or w[1:] in words) for w in words if len(w) > 1):
            at = next(s.start for s in self.signs if s.text == name)
            raise self.refuse(f"{name} is a differential, and {rest} is not defined anywhere", at, f"define it: {rest} = ..")
        return ""

    def differential_of(self, x: Piece, sign: Sign) -> Piece:
        """dX; dX^{-1} is that of the inverse, and of other powers it is refused, naming both."""
        raised = self.now[:2] == "^^" or self.now in ("^", ".^")
        begun, p = self.i, self.behind(x) if raised else x
        plain = call("d", [x], x.shape, sign.start, sign.start + 1)
        if not raised or "'" in {t for t, _, _ in p.tokens[len(x.tokens):len(x.tokens) + 1]}:
            self.i = begun
            return plain
        whole = call("d", [p], p.shape, sign.start, sign.start + 1)
        if not {"-", "inv"}.intersection(t for t, _, _ in p.tokens):
            end = self.signs[self.i - 1].end
            raise self.two_readings(self.line.text[sign.start:end], self.text(whole), f"the power of {self.text(plain)}", sign.start)
        return whole

    def derived(self, name: str, sign: Sign) -> Piece | None:
        """f'(x) and f''(x) of a defined scalar f, which nobody transposes."""
        k = 1 + (self.ahead(1) == "'")
        x = self.around.resolve(self.ahead(k + 1))
        of = self.around.equation and name in self.around.defined and kind(self.around.shape(name)) == "scalar"
        if not of or self.ahead(k) != "(" or self.ahead(k + 2) != ")" or not is_name(x) or \
                self.around.arguments.get(name, (x,)) != (x,):
            return None
        below = self.variable(x, self.signs[self.i + k + 1])
        f = self.variable(name, sign)
        self.i += k + 3
        out = self.quotient(sign, f, sign, below)
        return self.quotient(sign, out, sign, below) if k == 2 else out

    def gradient(self, sign: Sign) -> Piece:
        """∇f(x), ∇²f(x) of a declared function; ∇_x f."""
        second = self.now == "^^2"
        self.i += second
        if self.now[:1] == "_":
            x = self.take()
            if x.text == "_":
                raise self.unread()
            name = self.around.resolve(x.text[1:])
            below = Piece(((name, x.start, x.end),), PRIMARY, self.around.shape(name))
            second = second or self.twice()
            out = self.operator(sign, x, below)
            return self.quotient(sign, out, x, below)._replace(head=out.head) if second else out
        name = self.around.resolve(self.now)
        function = self.around.scope.functions.get(name)
        by = self.only_vector() if function is None and self.around.equation else ""
        if by and not (second and is_name(self.now) and self.now not in self.around.defined):
            x = Piece(((by, sign.start, sign.end),), PRIMARY, self.around.shape(by))
            out = self.operator(sign, sign, x)
            return self.quotient(sign, out, sign, x)._replace(head=out.head) if second else out
        if function is None or function.signature is None or function.signature[0] is None:
            hint = f"write ∂{name}/∂x or ∇_x {name}" if is_name(name) else "say by what: ∇_x (..), or .. with respect to x"
            raise self.refuse("∇ needs the variable of differentiation, or a declared function g: R^m -> R behind it", sign.start,
                              hint if name else None)
        self.i += 1
        target = function.signature[1]
        return self.of_function("hess" if second else "grad" if target is None else "jac", name, sign)

    def only_vector(self) -> str:
        """What ∇ is taken by where nothing says it: the variable that is asked for, or the only vector in the brackets behind it, or the
        only name."""
        if self.around.wrt or self.now in self.around.defined:
            own = self.around.arguments.get(self.now, ())
            shown = {s.text for s in self.signs if kind(self.around.shape(s.text)) == "column" and self.around.has(s.text)}
            shown -= set(self.around.defined)           # s of grad f = s, where s = 2*x, is not a variable of f
            return self.around.wrt or (own[0] if len(own) == 1 else shown.pop() if len(shown) == 1 and not own else "")
        if self.now != "(":
            return ""
        kept = self.signs, self.i
        self.signs = list(self.signs)
        names = {t for t, _, _ in self.bracket().tokens if is_name(t) and t not in FUNCTIONS}
        found = {t for t in names if kind(self.around.shape(t)) == "column"} or names
        self.signs, self.i = kept
        return found.pop() if len(found) == 1 else ""

    def of_function(self, head: str, name: str, sign: Sign) -> Piece:
        """grad(g)(x), hess(g)(x), jac(h)(x), behind the function's name."""
        signature = self.around.scope.functions[name].signature
        source, target = signature or (None, None)
        given, _, end = self.arguments()
        start = sign.start
        tokens = ((head, start, sign.end), ("(", start, sign.end), (name, start, sign.end), (")", start, sign.end))
        shape = value_shape(head, source, target) if source is not None else None
        return Piece((*tokens, *call("", given, None, end - 1, end).tokens[1:]), PRIMARY, shape)
