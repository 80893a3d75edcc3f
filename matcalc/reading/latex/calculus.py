"""Derivatives as they are written: fractions, nablas, indices to a \\partial."""

from __future__ import annotations

import re

from .calls import BARS
from .tensor_networks import bare
from .operators import Operators
from .macros import group
from .letters import OPEN
from .index_scope import SIGN
from .cursor import STYLES
from .tokens import Tokens
from ...patterns import pattern


FUNCTIONAL = pattern(r"\bfunctionals?\b|\bvariation|\bEuler|\\int(?![A-Za-z])", re.I)
ENTRY = pattern(r"\\\(unit\((\w+)\)'\*(\w+)(?:\*unit\((\w+)\))?\)")


class Calculus(Operators):
    """Reads derivatives and differentials."""

    # ------------------------------------------------------------ fractions
    def fraction(self) -> str:
        r"""Read \frac{..}{..}, which may be a derivative."""
        at = self.i
        self.i += 1
        above, below = self.group(), self.group()
        if len(above) > 1 < len(below) and above[0][0] == below[0][0] == r"\delta" and not self.names.known("delta") and \
                "_" not in (above[1][0], below[1][0]):
            if self.names.asks or FUNCTIONAL.search(self.text) or any(t in OPEN for t, _ in below):        # by x(t)
                raise self.error("a functional derivative cannot be read", at=at)
            above, below = ([(r"\partial", part[0][1]), *part[1:]] for part in (above, below))
            self.doubt(at, "a partial derivative", True)
        self.fractioned = bool(above and below) and above[0][0] == below[0][0] == "d"       # nobody writes a common factor d
        under = self.under(below)
        if under is None:
            both = len(above) > 1 < len(below) and above[0][0] == below[0][0] == r"\partial"
            if both and "^" not in (above[1][0], below[1][0]):
                raise self.error("a derivative with respect to something that is not a name cannot be read", "give it a name", at)
            return self.divided(above, below)
        second, rest = self.over(above)
        if rest is None:
            return self.divided(above, below)
        if rest:
            f = self.function_name(rest)
            v = under[0][0]
            if self.at_its_point(f) and not second and not self.names.known(v) and (own := self.direction_of(f, v)):
                return self.along(f, own, v, at)
            out = self.derivative(f, under, second, at)
            return self.value_there(out) if self.now == r"\at" else out
        place = self.i
        if self.now == r"\at":
            self.i = group(self.tokens, self.i + 2)[1]
        self.looking += 1
        f = self.reach(at, "", True)
        self.looking -= 1
        out, end = self.derivative(f, under, second, at), self.i
        if self.tokens[place][0] != r"\at":
            return self.value_there(out) if self.now == r"\at" else out
        self.i = place
        out, self.i = self.value_there(out), end
        return out

    def divided(self, above: Tokens, below: Tokens) -> str:
        """A fraction; below what is not a differential a size d is none either."""
        kept, self.divides = self.divides, self.names.uses.divided_by_d or self.names.size("d")
        under = self.inside(below)
        self.divides = kept
        return f"(({self.measured(self.inside(above), under, below)})/({under}))"

    def function_name(self, rest: Tokens) -> str:
        """What is differentiated; f(x) is f."""
        reader = self.part(rest)
        name = reader.name() if reader.now and reader.now not in OPEN else None
        if name is not None and not reader.now and self.names.function(name):
            return name
        if name is not None and not name.startswith("\\") and not self.function(name) and reader.opens() and not self.names.function(name):
            given = reader.arguments_here()
            sure = name in self.names.arguments or name in self.names.bodies or (not self.names.known(name) and name != "sigma")
            if not reader.now and sure and given is not None and all(re.fullmatch(r"\w+", g) for g in given):
                return name
        return self.inside(rest)

    def over(self, above: Tokens) -> tuple[bool, Tokens | None]:
        """(second, what is differentiated) of the upper part of a fraction; None where no d begins it."""
        first = self.sign(above)
        if not first:
            return False, None
        rest = list(above[first:])
        if rest and rest[0][0] == "^":
            part, behind = group(rest, 1)
            order = "".join(t for t, _ in part)
            if order not in ("2",):
                raise self.error(f"a derivative of order {order} cannot be read", at=self.i - 1)
            return True, rest[behind:]
        return False, rest

    def sign(self, part: Tokens) -> int:
        """How many tokens at the beginning are a d."""
        if not part:
            return 0
        if part[0][0] in (r"\partial", r"\dd"):
            return 1
        if part[0][0] == "d" and (not self.names.known("d") or len(part) > 1 and self.fractioned):
            return 1
        if part[0][0] == r"\delta" and self.names.uses.variation and len(part) > 1:
            return 1
        if part[0][0] in STYLES and len(part) > 1:
            inner, behind = group(part, 1)
            return behind if [t for t, _ in inner] == ["d"] else 0
        return 0

    def under(self, below: Tokens) -> list[tuple[str, bool]] | None:
        """The variables below, each with whether it is turned; None where this is not a derivative."""
        out: list[tuple[str, bool]] = []
        reader = self.part(below)
        while reader.now:
            first = self.sign(reader.tokens[reader.i:])
            reader.i += first
            if not first or not reader.now:
                return None
            if reader.now in OPEN or reader.now == "{":
                name = bare(reader.bracket()) if reader.now in OPEN else reader.inside(reader.group())
            else:
                start = reader.i
                found = reader.name()
                if found is None:
                    return None
                alone = found == "vec" and not reader.opens() and reader.now != "{"           # vec X, of nothing that comes behind it
                name = f"vec({reader.name()})" if alone else reader.called(found, start) if found == "vec" or \
                    found in self.names.arguments else found
            transposed = twice = False
            if name.endswith("'"):
                name, transposed = bare(name[:-1]), True
            while reader.now in ("^", "'"):
                if reader.take() == "'":
                    transposed = not transposed
                    continue
                raised = "".join(t for t, _ in reader.group() if t not in STYLES and t not in "{}")
                if raised == "2":
                    twice = True
                elif raised in ("T", r"\top", r"\trans", "t"):
                    transposed = not transposed
                elif raised == "-1" and re.fullmatch(r"\w+", name):
                    name = f"inv({name})"
                else:
                    return None
            out += [(name, transposed)] * (2 if twice else 1)
        return out or None

    def derivative(self, f: str, under: list[tuple[str, bool]], second: bool, at: int) -> str:
        """d(f)/d(x), turned where the x below is; of second order the last variable is the one of the columns."""
        if second != (len(under) == 2) or len(under) > 2 or second and any(x in self.names.uses.parameters for x, _ in under):
            raise self.error("the order of the derivative does not match its denominator", at=at)
        if second:
            (x, _), (y, transposed) = under
            if x.startswith("vec(") and y.startswith("vec("):          # its entries are in that order without it
                x, y = bare(x[3:]), bare(y[3:])
            inner = f"d({f})/d({y})" if transposed else f"d({f})/d({x})"
            if self.names.function(f):
                raise self.error("a second derivative of this function cannot be read", at=at)
            return f"(d({inner})/d({x if transposed else y}))"
        x, transposed = under[0]
        if inverse := re.fullmatch(r"inv\((\w+)\)", x):             # d(inv(X)) = -inv(X)*d(X)*inv(X)
            whole = f"(-{inverse[1]}'*{self.derivative(f, [(inverse[1], False)], False, at)}*{inverse[1]}')"
            return f"{whole}'" if transposed else whole
        if entry := ENTRY.fullmatch(x):
            whole = self.derivative(f, [(entry[2], False)], False, at)
            return f"(unit({entry[1]})'*{whole}{f'*unit({entry[3]})' if entry[3] else ''})"
        if (x in self.names.uses.parameters or x == "t" and self.names.uses.velocities) and not transposed:
            return f"d({f})"
        if self.names.function(f):      # of what it is differentiated by
            point = self.point_of(f, x.partition(SIGN)[0])
            if f in self.names.curves:
                return f"{f}'({x})"
            f = f"{f}({point})"
        vec = re.fullmatch(r"vec\((.*)\)", x)
        if vec:
            out = f"d({f})/d({vec[1]})"
            if self.shape(f) == ("1", "1"):
                out = f"vec({out})"
        else:
            out = f"d({f})/d({x})"
        return f"({out})'" if transposed else f"({out})"

    # ------------------------------------------------------------ nablas and partial signs
    def partial(self) -> str:
        """\\partial X, \\partial_x f, \\partial f/\\partial x."""
        at = self.i
        self.i += 1
        if self.now == "_":
            self.i += 1
            x = self.inside(self.group())
            return self.derivative(self.reach(at, x), [(x, False)], False, at)
        return self.quotient(at)

    def quotient(self, at: int) -> str:
        """Read d f, or d f/d x written with a slash."""
        count = len(self.doubts)
        inner = self.differential_of(at)
        if self.now == "/":
            first = self.sign(self.tokens[self.i + 1:])
            if first:
                mark = self.i
                self.i += 1 + first
                found = self.name() if self.now not in OPEN else bare(self.bracket())
                if found is not None and (found[0] != "\\" or ENTRY.fullmatch(found)):
                    if transposed := self.transposed_here():
                        self.skip()
                    del self.doubts[count:]
                    return self.derivative(inner[2:-1], [(found, transposed)], False, at)
                self.i = mark
        return inner

    def gradient(self) -> str:
        """\\nabla f(x), \\nabla^2 f(x), \\nabla_x f, \\nabla_x^2 f."""
        at = self.i
        self.i += 1
        second = False
        x = ""
        while self.now in ("_", "^"):
            behind = group(self.tokens, self.i + 1)[1]
            if self.transposed_here() and self.tokens[behind:behind + 1] and self.tokens[behind][0] != r"\nabla":      # \nabla^T f
                self.put(self.i, behind)
                self.i = at
                return f"({self.gradient()})'"
            if self.take() == "_":
                x, twice = self.variable_below(self.group())
                second = second or twice
            else:
                order = "".join(t for t, _ in self.group())
                if order != "2":
                    raise self.error(f"a nabla raised to {order} cannot be read", at=at)
                second = True
        second = self.twice(x, at) if self.now == r"\nabla" and not second else second
        start = self.i
        name = self.name() if not self.opens() and self.now not in BARS else None
        if name is not None and self.names.function(name) and not (self.names.asks and x):
            called = self.bracket() if self.opens() else ""
            if x and called and bare(called) != x:
                raise self.error("a gradient at another point cannot be read", at=at)
            if x and not called and not second and (w := self.point_of(name, x)) != x:
                return f"(d({name}({w}))/d({x}))"
            head = "hess" if second else "jac" if self.names.vector(name) else "grad"
            return f"{head}({name}){called or f'({x})'}"
        self.i = start
        if name is None and not x and not self.begins(self.now):
            raise self.error("a gradient is read as \\nabla f or \\nabla_x f", at=at)
        if name in self.names.arguments:
            self.name()
            given = self.arguments_here() if self.opens() else None
            if given is not None and given != list(self.names.arguments[name]):
                return self.gradient_there(name, given, x, second, at)
            if second and given is not None and len(given) == 1 and self.now == "[" and x in ("", given[0]):        # ∇²f(x)[h]
                slope = f"(d({name})/d({given[0]}))"
                return self.along(slope, given[0], bare(self.bracket()), at, f"(d({slope})/d({given[0]}))")
            self.i = start
        own = self.own_argument() if name is not None and not x else None
        f = self.reach(at, x)
        if not x:
            arguments = self.names.arguments.get(f)
            found = arguments[0] if arguments and len(arguments) == 1 else own if f == name and own else self.names.variable(f)
            if found is None:
                raise self.error(f"the gradient of {self.said(f)} with respect to what?", "write \\nabla_x", at)
            x = found
            if not arguments:
                self.chosen(at, f"d({f})/d({x})", True)
        if second:
            return f"(d(d({f})/d({x}))/d({x}))"
        own = self.direction_of(f, x)
        return self.along(f, own, x, at) if own else f"(d({f})/d({x}))"

    def point_of(self, f: str, x: str) -> str:
        """w of an f(w) that is differentiated by an x of which w is made; x of any other."""
        w = self.names.uses.points.get(f, x)
        return w if x in self.made_of(w) else x

    def twice(self, x: str, at: int) -> bool:
        """A second nabla, \\nabla\\nabla f or \\nabla_x\\nabla_x^\\top f, behind us: the Hessian."""
        self.i += 1
        again = x
        while self.now in ("_", "^"):
            if self.now == "^" and not self.transposed_here():
                break
            below = self.take() == "_"
            part = self.group()
            again = self.variable_below(part)[0] if below else again
        if again != x:
            raise self.error("a nabla with this index cannot be read", at=at)
        return True

    def own_argument(self) -> str | None:
        """x of f(x), of an f of which nothing is known."""
        with self.ahead_only():
            name = self.name()
            given = self.arguments_here() if self.opens() and name is not None and not self.names.known(name) else None
        return given[0] if given is not None and len(given) == 1 and self.names.known(given[0]) else None
