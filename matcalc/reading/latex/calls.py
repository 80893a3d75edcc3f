"""Names in a formula and their arguments: functions with and without brackets, bold ones, functions of the sheet."""

from __future__ import annotations

from collections.abc import Callable
import re

from .tensor_networks import bare
from ..grammar.tokens import TOKEN, closes
from ...language.operations import ANGLES, ELEMENTWISE, ELEMENTWISE_NAMES, MATRIX_FUNCTIONS
from ..grammar.spellings import rows
from ..grammar.functions import TAKES
from .ambiguities import WHOLE
from .macros import group, parts
from .function_values import FunctionValues
from .letters import FUNCTIONS, OPEN
from .names import NUMBER
from ..grammar.brackets import BRACES, ROUND, depths
from ...patterns import pattern

PRIMES = {row.name: row.prime for row in ELEMENTWISE}
ENTRYWISE = {"*": ".*", "/": " ./", "^": ".^"}
FENCES = {"|": "|", r"\lvert": r"\rvert", r"\|": r"\|", r"\lVert": r"\rVert"}
TYPESET = pattern(r"\\[,;: ]|~")
BARS = FENCES.keys() | {r"\langle"}

class Calls(FunctionValues):
    """Reads names, and functions with their arguments."""

    def called(self, name: str, at: int) -> str:
        """Read a name: a call where it is a function, otherwise the name itself."""
        if name == "\\d" or (name == "d" and not self.names.known("d") and not self.divides and self.differential()):
            return self.differential_of(at)
        if name in ("\\1", "\\0"):
            return self.ones(name[1:], at)
        if name.startswith("\\unvec "):
            return f"unvec({self.bracket()[1:-1]}, {name[7:]})"
        if name.startswith("\\") or self.marked(name):
            return name.removeprefix("\\")
        if name == "vech":
            raise self.error("vech cannot be read", at=at)
        if name in self.names.uses.points and not self.opens() and not self.raised_by_primes() and (
                name in self.names.uses.jacobians or self.names.vector(name)):
            x = self.names.uses.points[name]         # r beside r(x), and its Jacobian J beside J(x)
            return f"{name}({x})" if self.names.vector(name) else f"((jac({self.names.uses.jacobians[name]})({x}))')"
        if name in self.names.uses.called and (self.opens() or self.raised_by_primes()):
            return self.function_called(self.names.uses.called[name], at)
        if self.names.function(name) or name == "expm_frechet" or self.function(name):
            return self.function_called(name, at)
        if name in ("I", "Id") and not self.names.known(name):
            return "eye"
        if name == "sigma" and not self.names.known("sigma") and not self.names.uses.by_sigma and (self.opens() or self.raised_by_primes()):
            return self.function_called("sigmoid", at)
        if self.names.asks and name == "sigma" and not self.names.known("sigma") and self.now == "^":
            part, behind = group(self.tokens, self.i + 1)
            if behind < len(self.tokens) and self.tokens[behind][0] in OPEN and "".join(t for t, _ in part).isdigit():
                self.refuse("σ²(..)", "the square of the sigmoid function", "the product with the square of the variable sigma", at)
        if (found := self.named_derivative(name, at)) is not None:
            return found
        if self.styled and name == self.styled and not self.names.known(name) and (self.opens() or self.tokens[at][0] == r"\operatorname"):
            raise self.error(f"{name} cannot be read", "a function of the language, or a name", at)
        if (self.names.uses.parameters or name in self.names.uses.velocities) and self.of_the_parameter(name):
            return name
        if name in self.names.arguments:
            return self.function_of_the_sheet(name, at)
        if name in self.names.bodies and self.now in ("'", "^") and (slope := self.primed(name)):
            return slope
        if name in self.names.uses.jacobians and self.opens():
            return self.jacobian(self.names.uses.jacobians[name], at)
        if name in self.names.uses.defined_at and name not in self.names.bodies and self.opens() and (
                name in self.names.uses.points or "," in [t for t, _ in self.inside_here()]):
            self.arguments_here()           # A(\theta), of which it is said further down what it is
            return name
        if not self.names.asks and name in self.names.bodies and self.now == "(":
            if len(self.values(name)) < 2 and not self.gap() and self.at_what_it_is_made_of(name):
                self.arguments_here()           # g(x) of g = A x
                return name
            if moved := self.at_another_point(name, at):
                return moved
        if name in self.names.uses.summed and not self.names.asks and not self.names.known(name):
            raise self.error(f"an index used as a number cannot be read: {name}", at=at)
        self.value_alone(name, at)
        self.product_or_value(name, at)
        return name

    def raised_by_primes(self) -> bool:
        """Whether the next token is a prime."""
        return self.now == "'" or bool(above := set(self.script("^"))) and above <= {"'", r"\prime"}

    def of_the_parameter(self, name: str) -> bool:
        """Whether (t) comes now, behind us, of a number t by which everything changes."""
        by = self.names.uses.parameters or {"t", self.names.uses.points.get(name, "t")}        # beside \\dot x the time
        found = self.now == "(" and self.ahead().lstrip("\\") in by and self.ahead(2) == ")"
        self.i += 3 if found else 0
        return found

    def primes(self) -> int:
        """The primes that come now, behind us."""
        count = 0
        while self.raised_by_primes():
            count += 1 if self.take() == "'" else len(self.group())
        return count

    def function_called(self, name: str, at: int) -> str:
        """A function of the language or a declared one, its primes, its power, its argument."""
        primes = self.primes()
        whole = self.logarithm(at) if name == "log" and not primes else None
        if whole is not None:
            return whole
        if self.now == "^" and not self.names.function(name):
            part, behind = group(self.tokens, self.i + 1)
            power = "".join(t for t, _ in part)
            if power.isdigit():
                self.i = behind
                out = self.applied(name, at)
                shape = self.shape(out)
                return f"({out}){'^' if shape == ('1', '1') else '.^'}({power})"
            if power == "-1" or power in (r"\top", "T"):
                if self.names.asks and power == "-1":
                    self.i = behind
                    raised = self.said(f"({self.applied(name, at)})^(-1)")
                    self.refuse(f"\\{name}^(-1)", f"the inverse function of {name}", f"the power {raised}", at)
                raise self.error(f"{name} raised to {power} cannot be read")
        if primes and not self.names.function(name):
            if primes > 1 or name not in ELEMENTWISE_NAMES:
                raise self.error(f"{name} with {'a prime' if primes == 1 else 'primes'} cannot be read", at=at)
            return self.slope(name, at)
        if primes == 1 and self.names.vector(name) and name not in self.names.curves:
            return self.jacobian(name, at)
        return self.applied(name + "'" * primes, at)

    def slope(self, name: str, at: int) -> str:
        """f'(x) of a function of the language, entry by entry."""
        inner = self.argument(name, at)
        return f"{name}'({inner})" if self.marked(inner) else slope_of(name, inner, self.shape(inner) == ("1", "1"))

    def arguments_here(self) -> list[str] | None:
        """The arguments in the bracket that opens here, as texts."""
        if not self.opens():
            return None
        opened, inside = self.i, self.inside_here()
        bar = ["|"] if [t for t, _ in inside].count("|") == 1 else []         # that of p(x | y)
        self.i += len(inside) + 1
        self.expect(OPEN[self.tokens[opened][0]], opened)
        return [self.inside(part) for part in parts(inside, [",", ";", r"\mid", *bar], OPEN | BRACES)]

    # ------------------------------------------------------------ arguments
    def applied(self, name: str, at: int) -> str:
        """f(...), or \\log x without brackets."""
        direct = name == "log" and not self.opens()
        self.logged = name == "log" and self.now in BARS
        kept, self.on_diagonal = self.on_diagonal, name == "diag"
        inner = self.argument(name, at)
        self.logged, self.on_diagonal = False, kept
        if direct:
            for form in (r"abs\(det\((.*)\)\)", r"det\((.*)\)", r"abs\(logdet\((.*)\)\)"):
                found = re.fullmatch(form, inner, flags=re.S)
                if found and closes(f"({found[1]})"):
                    return f"logdet({found[1]})"
        if not self.names.known(name) and name not in FUNCTIONS and name not in TAKES and (found := rows(name)):
            return self.everyday(found, inner, at)
        applied, bracket, behind = inner.partition("(")
        traced = name == "tr" and applied in MATRIX_FUNCTIONS and closes(bracket + behind)
        if traced and self.names.asks:
            self.refuse(self.since(at), f"of the matrix, tr({MATRIX_FUNCTIONS[applied]}({behind})", f"entry by entry, tr({inner})", at)
        if not self.names.asks and (traced or name == "exp" and self.square(inner)):
            self.chosen(at, f"{name}({inner})")          # entry by entry, and not the function of a matrix
        if self.names.uses.down and name in ("softmax", "log_softmax") and "1" not in (self.shape(inner) or NUMBER):
            return f"({name}(({inner})')')"
        return f"{name}({inner})"

    def argument(self, name: str, at: int) -> str:
        """What a function is applied to, without brackets around it."""
        if not self.now:
            raise self.error(f"{name} has no argument", at=at)
        if self.opens():
            start, inner = self.i, bare(self.bracket())
            if name == "tr" and not self.names.asks and self.no_trace(inner):
                self.i = start
                inner = self.spread(name, at)
                self.chosen(at, f"tr({inner})", True)
            elif name == "tr" and self.now == "^" and not self.transposed_here():
                power = "".join(self.script("^"))
                if self.names.asks and power[:1] == "-":
                    self.refuse(f"{self.since(at)}^({power})", self.said(f"(tr({inner}))^({power})"),
                                self.said(f"tr(({inner})^({power}))"), at)
                if power[:1] == "-" or not inner.isidentifier():
                    self.doubt(at, f"(tr({inner}))^..")
            elif self.now == "^" and name in ELEMENTWISE_NAMES and name not in ("sigmoid",) and not self.transposed_here():
                self.doubt(at, f"({name}({inner}))^..")
            return inner
        if self.now in FENCES:
            inner = self.atom()
            if self.now == "^" and self.names.asks and inner.startswith(("abs(", "det(")):
                said = self.said(f"{name}({inner})")
                self.refuse(self.since(at), f"{said}^..", f"{name} of the power", at)
            return self.raised(inner)
        if self.now in ("-", "+") and name not in WHOLE:
            sign = self.take()
            return ("-" if sign == "-" else "") + self.spread(name, at)
        return self.spread(name, at)

    def no_trace(self, inner: str) -> bool:
        """Whether the bracket behind tr is only the first factor: tr (dX)'A, tr (A + B) dX, or what is not square."""
        if self.now == "'" or self.transposed_here():
            return True
        shape = (known := self.shape(inner)) or self.guessed(inner) or ("", "")
        varied = self.now in ("d", r"\dd") or [t for t, _ in self.tokens[self.i:self.i + 4]] == [r"\mathrm", "{", "d", "}"]
        if varied and known is not None and known[0] == known[1]:
            self.chosen(self.begun, f"tr({inner})")         # tr(X) dX may be a number times dX, and the trace of X dX
            return False
        return varied or shape[0] != shape[1] and self.begins(self.now)

    def spread(self, name: str, at: int) -> str:
        """An argument without brackets: all factors side by side, up to the next sign or function."""
        self.defined_here()
        self.begun_at = at
        if self.now.isdigit() and name not in WHOLE | ANGLES and self.i + 1 < len(self.tokens) and TYPESET.search(
                self.text[self.tokens[self.i][1]:self.tokens[self.i + 1][1]]):
            number = self.take()        # \ln 2\, x
            self.chosen(at, f"{name}({number})")
            return number
        inner = self.product(name)
        self.ends_there(name, inner, self.begun_at)
        if self.names.asks and joined(inner) and name not in ("tr", "vec", "diag", "sum") and not re.match(r"[\d.]+\*pi\b", inner):
            self.refuse(self.since(self.begun_at), f"{name} of what stands next, times what follows", f"{name}({inner}), of all of it",
                        self.begun_at)
        if joined(inner) and name not in ("tr", "vec", "diag", "sum") and re.search(r"[A-Za-z]", inner.replace("pi", "")):
            self.chosen(at, f"{name}({inner})", re.fullmatch(r"\d+\*\w+", inner) is not None)
        return inner

    def logarithm(self, at: int) -> str | None:
        """log p(x), where the sheet defines that and not p."""
        mark = self.mark()
        whole = f"log_{self.name()}"
        if whole in self.names.bodies:
            return self.function_of_the_sheet(whole, at) if whole in self.names.arguments else whole
        self.back(mark)
        return None

    def defined_here(self) -> None:
        """Refuse p(x) of a p and an x that nothing is said of: a function, and no product."""
        mark = self.mark()
        name = self.name()
        if name is not None and not name.startswith("\\") and self.opens() and not self.function(name) and not self.names.known(name) and \
                not self.names.function(name) and name not in self.names.arguments and name not in ("sigma", "d", "e"):
            given = self.arguments_here()
            if given and all(re.fullmatch(r"[A-Za-z]\w*", g) for g in given):
                raise self.error(f"{name}({', '.join(given)}) is a function that is not defined anywhere", at=mark[0])
        self.back(mark)

    # ------------------------------------------------------------ differentials
    ones: Callable[[str, int], str]        # a bold 1 or 0
    differential: Callable[[], bool]       # whether a letter d stands before something it can be the differential of
    differential_of: Callable[[int], str]  # the differential of what comes now


def slope_of(name: str, inner: str, number: bool) -> str:
    """f'(x) of a text of the language."""
    row = TOKEN.findall(PRIMES[name])
    return f"({''.join(f'({inner})' if t == 't' else t if number or t not in '*/^' else ENTRYWISE[t] for t in row)})"


def joined(text: str) -> bool:
    """Whether this is a product at its outside."""
    return any(c == "*" and not depth for c, depth in zip(text, depths(text, ROUND), strict=True))
