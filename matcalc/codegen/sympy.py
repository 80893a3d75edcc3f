"""sympy source: the derivative as a matrix expression of symbolic size. SymPy itself is imported by the source only."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from ..language.expr import ONE, SCALAR, Apply, Dim, Expr, Name, Number, Rational, as_dim, at_most
from ..language.operations import ELEMENTWISE_NAMES
from ..language.recognition import is_inverse, under_bar
from ..language.shape import InputError
from ..language.signatures import called
from .pieces import ATOM, POWER, PRODUCT, SUM, Sizes, Written, signed
from .parameters import about, where_it_holds
from .symbolic import ENTRYWISE, HELPERS, MATRICES, SYMPY
from ..reading.problems.problem import Problem
from ..language.traversal import subexpressions

LONG = 100


class Script(Sizes):
    """Writes one script: symbols, definitions, the derivative."""

    def __init__(self, problem: Problem, definitions: Mapping[Name, Expr]) -> None:
        self.problem, self.definitions = problem, definitions
        self.bodies = bodies = {n.name: body for n, body in definitions.items()}
        super().__init__((*problem.variables, *bodies), (p.shape for p in (*problem.variables.values(), *bodies.values())))
        self.imports: dict[str, str] = {}
        self.helpers: dict[str, str] = {}
        self.aliases: dict[str, str] = {}
        self.point = ""

    def source(self, results: Sequence[Expr], names: Sequence[str] = ()) -> str:
        """The whole script; with names the first result is the value, the others are a dictionary by these."""
        name, value = self.spelled.fresh("grads" if names else "grad"), self.spelled.fresh("value") if names else ""
        needed = set[str]().union(*map(self.needed, results))
        lines = [f"{self.spelled(n)} = {self.write(body)[0]}" for n, body in self.bodies.items() if n in needed]
        text = about(self.problem)
        lines += [f"# {line}" for line in (text, where_it_holds(self.problem, results, self.definitions)) if line]
        written = [self.write(e)[0] if not isinstance(e, Number) else self.exact(e.value) for e in results]
        lines.append(f"{value or name} = {written[0]}")
        if names:
            lines += [f"{name} = {{", *(f'    "{n}": {text},' for n, text in zip(names, written[1:], strict=True)), "}"]
        symbols = self.symbols(needed)
        groups = ["\n".join(group) for group in (self.imported(), symbols, lines) if group]
        if self.helpers:
            groups[:1] = ["\n\n\n".join([groups[0], *self.helpers.values()]) + "\n"]
        return "\n\n".join(groups) + "\n"

    def imported(self) -> list[str]:
        """The lines that import what the source uses of SymPy."""
        said = sorted((n if n == alias else f"{n} as {alias}" for n, alias in self.imports.items()), key=lambda n: (n[0].islower(), n))
        return wrapped("from sympy import ", said) if said else []

    def needed(self, result: Expr) -> set[str]:
        """The names the result stands on."""
        names = {n.name for n in result.names} | _functions(result)
        for n, body in reversed(list(self.bodies.items())):
            if n in names:
                names |= {v.name for v in body.names} | _functions(body)
        return names

    def symbols(self, needed: set[str]) -> list[str]:
        """The declarations of what is used."""
        out: list[str] = []
        for n, v in self.problem.variables.items():
            p = self.spelled(n)
            if n not in needed:
                continue
            if v.kind == "function":
                out.append(f'{p} = {self.use("Function")}("{n}")')
            elif v.shape == SCALAR:
                out.append(f'{p} = {self.use("symbols")}("{n}", {"positive" if "positive" in v.words else "real"}=True)')
            else:
                out.append(f'{p} = {self.use("MatrixSymbol")}("{n}", {self.size(v.shape[0])[0]}, {self.size(v.shape[1])[0]})')
        if self.point:
            out.append(f'{self.point} = {self.use("symbols")}("{self.point}")')
        if self.sizes:
            sizes, symbols = sorted(self.sizes), self.use("symbols")
            out.insert(0, f'{", ".join(map(self.size_name, sizes))} = {symbols}("{" ".join(sizes)}", integer=True, positive=True)')
        return out

    # ------------------------------------------------------------------ words
    def use(self, name: str) -> str:
        """A name of SymPy; where the user has a variable called so, with an underscore."""
        if name not in self.imports:
            self.imports[name] = self.spelled.fresh(name)
        return self.imports[name]

    def helper(self, name: str) -> str:
        """The name of a helper function; it is defined once, after those it calls."""
        if name not in self.helpers:
            alias = self.aliases[name] = self.spelled.fresh(name)
            def spelled(match: re.Match[str]) -> str:
                word = match[0]
                return self.use(word) if word in SYMPY else self.helper(word) if word in HELPERS else word
            text = re.sub(r"(?<![\w.])[A-Za-z_]\w*", spelled, HELPERS[name])
            self.helpers[name] = f"def {alias}{text}"
        return self.aliases[name]

    def named(self, name: str) -> str:
        """A function by SymPy's name or a helper's."""
        return self.helper(name) if name in HELPERS else self.use(name)

    # ------------------------------------------------------------------ expressions
    def at(self, e: Expr, strength: int) -> str:
        """Code of at least this strength."""
        text, own = self.write(e)
        return text if own >= strength else f"({text})"

    def write(self, e: Expr) -> Written:
        """Code and its strength."""
        self.problem.deadline.check()
        if isinstance(e, Number):
            return self.number(e.value)
        if isinstance(e, Name):
            return self.size(Dim.of(e.name)) if e.kind == "size" else (self.spelled(e.name), ATOM)
        assert isinstance(e, Apply)
        head, args = e.head, e.args
        if head in OWN:
            return OWN[head](self, e)
        if head in ELEMENTWISE_NAMES:
            name = self.named(ENTRYWISE[head])
            return f"{name}({self.at(args[0], SUM)})" if e.shape == SCALAR else f"{self.at(args[0], ATOM)}.applyfunc({name})", ATOM
        if is_inverse(e):
            return self.at(args[0], ATOM) + ".I", ATOM
        if head not in MATRICES:
            raise InputError(f"there is no SymPy form of {head} for a matrix of symbolic size",
                             hint="--format numpy, torch and jax have it")
        return f"{self.named(MATRICES[head])}({', '.join(self.at(a, SUM) for a in args)})", ATOM

    def power(self, e: Apply) -> Written:
        """A power, entry by entry or of a matrix."""
        base, k = e.args
        if e.head == ".^" and e.shape != SCALAR:
            return self.raised(base, k)
        if isinstance(k, Number) and k.value == Fraction(1, 2):
            return self.called("sqrt", base), ATOM
        return f"{self.at(base, ATOM)}**{self.at(k, ATOM)}", POWER

    def selection(self, e: Apply) -> Written:
        """Columns of the identity."""
        first, end = as_dim(e.args[0]), as_dim(e.args[0]) + e.shape[1]
        start = self.size(first - ONE)[0] if at_most(ONE + ONE, first) else "0" if first is ONE else f"{self.size(first)[0]} - 1"
        last = self.size(first)[0] if e.shape[1] is ONE else self.size(end - ONE)[0]
        return f"{self.use('Identity')}({self.size(e.shape[0])[0]})[:, {start}:{last}]", ATOM

    def sized(self, name: str, *sizes: Dim, first: str = "") -> Written:
        """A matrix made of sizes, or of something and sizes."""
        return f"{name}({', '.join([*([first] if first else []), *(self.size(d)[0] for d in sizes)])})", ATOM

    def exact(self, v: Rational) -> str:
        """A number that is SymPy's, not Python's."""
        return f"{self.use('Integer')}({v})" if v.denominator == 1 else self.number(v)[0]

    def number(self, v: Rational) -> Written:
        """An exact number."""
        if v.denominator == 1:
            return str(v.numerator), ATOM if v >= 0 else PRODUCT
        return f"{self.use('Rational')}({v.numerator}, {v.denominator})", ATOM

    def called(self, function: str, *args: Expr) -> str:
        """A function of SymPy's."""
        return f"{self.use(function)}({', '.join(self.at(a, SUM) for a in args)})"

    def raised(self, base: Expr, k: Expr) -> Written:
        """An entry-wise power. SymPy transposes HadamardPower(A, B) without its B, so that is written exp(B.*log(A))."""
        if k.shape == SCALAR:
            return self.called("HadamardPower", base, k), ATOM
        if base.shape == SCALAR:
            return f"({self.called('log', base)}*{self.at(k, POWER)}).applyfunc({self.use('exp')})", ATOM
        return f"{self.helper('_power')}({self.at(base, SUM)}, {self.at(k, SUM)})", ATOM

    def call(self, e: Apply) -> Written:
        """An abstract function of numbers and its derivatives; SymPy has none of vectors."""
        f, signature, depth, _ = called(e.args[0])
        if signature != (None, None):
            of = "whose value is a matrix" if signature[0] is None else "of vectors"
            raise InputError(f"SymPy has no functions {of}, and {f.name} is one", hint="--format numpy, torch and jax call it")
        name, a = self.spelled(f.name), e.args[1]
        if depth == 0:
            return f"{name}({self.at(a, SUM)})" if a.shape == SCALAR else f"{self.at(a, ATOM)}.applyfunc({name})", ATOM
        if not self.point:
            self.point = self.spelled.fresh(next((p for p in "tuv" if p not in self.spelled.taken), "t"))
        times = f", {depth}" if depth > 1 else ""
        slope = f"{self.use('Subs')}({name}({self.point}).diff({self.point}{times}), {self.point}, "
        if a.shape == SCALAR:
            return f"{slope}{self.at(a, SUM)})", ATOM
        entry = "entry" if "entry" not in self.spelled.known else "entry_"
        return f"{self.at(a, ATOM)}.applyfunc(lambda {entry}: {slope}{entry}))", ATOM

    def sum(self, e: Apply) -> Written:
        """Terms with their signs."""
        return signed(self.at(a, PRODUCT) for a in e.args), SUM

    def product(self, e: Apply) -> Written:
        """A number, scalars, a chain of matrices; divisions last."""
        chain = [a for a in e.args if a.shape != SCALAR]
        if e.shape == SCALAR and chain:
            return f"{self.use('Trace')}({'*'.join(self.at(a, POWER) for a in chain)})", ATOM
        number = Fraction(1)
        above: list[str] = []
        below: list[str] = []
        for a in e.args:
            if isinstance(a, Number):
                number *= a.value
            elif (bar := under_bar(a)) is not None:
                base, k = bar
                below.append(self.at(base, POWER) if k == 1 else f"{self.at(base, ATOM)}**{self.at(Number(k), ATOM)}")
            else:
                above.append(self.at(a, POWER))
        if abs(number.numerator) != 1 or not above:
            above.insert(0, str(abs(number.numerator)))
        if number.denominator != 1:
            below.insert(0, str(number.denominator))
        text = ("-" if number < 0 else "") + "*".join(above)
        if below:
            text += "/" + (below[0] if len(below) == 1 else "(" + "*".join(below) + ")")
        return text, PRODUCT


def wrapped(start: str, words: list[str]) -> list[str]:
    """A list of words on lines of a bearable length."""
    if len(start + ", ".join(words)) <= LONG:
        return [start + ", ".join(words)]
    return [start + "(", *textwrap.wrap(", ".join(words), LONG, initial_indent="    ", subsequent_indent="    ",
                                              break_long_words=False), ")"]


def _functions(e: Expr) -> set[str]:
    """The abstract functions in an expression."""
    return {part.name for part in subexpressions([e]) if isinstance(part, Name) and part.kind == "function"}


# Heads that are written in their own way.
OWN: dict[str, Callable[[Script, Apply], Written]] = {
    "+": Script.sum, "*": Script.product, "^": Script.power, ".^": Script.power,
    ".*": lambda s, e: (s.called("HadamardProduct", *e.args), ATOM), "'": lambda s, e: (s.at(e.args[0], ATOM) + ".T", ATOM),
    "select": Script.selection, "apply": Script.call, "pi": lambda s, e: (s.use("pi"), ATOM),
    "kron": lambda s, e: (s.called("KroneckerProduct", *e.args), ATOM),
    "eye": lambda s, e: s.sized(s.use("Identity"), e.shape[0]), "ones": lambda s, e: s.sized(s.use("OneMatrix"), *e.shape),
    "zeros": lambda s, e: s.sized(s.use("ZeroMatrix"), *e.shape),
    "comm": lambda s, e: s.sized(s.helper("_comm"), *map(as_dim, e.args)),
    "unvec": lambda s, e: s.sized(s.helper("_unvec"), *e.shape, first=s.at(e.args[0], SUM))}


def source(problem: Problem, result: Expr, where: list[tuple[Name, Expr]]) -> str:
    """A script that declares the symbols and writes the derivative as a SymPy expression."""
    return Script(problem, dict((*problem.definitions, *where))).source([result])


def several(problem: Problem, gradients: Mapping[Name, Expr], where: list[tuple[Name, Expr]]) -> str:
    """A script that writes the value, and several gradients as a dictionary, as SymPy expressions."""
    script = Script(problem, dict((*problem.definitions, *where)))
    return script.source([problem.function, *gradients.values()], [n.name for n in gradients])
