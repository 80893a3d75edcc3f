"""An expression as array code. Columns and rows are 1-D arrays, matrices 2-D, scalars numbers."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from ..language.expr import ONE, SCALAR, Apply, Dim, Expr, Name, Number, as_dim

SUM, PRODUCT, POSTFIX = 0, 1, 2


class Backend(NamedTuple):
    """How a library spells things."""

    module: str
    header: str
    functions: Mapping[str, str]
    helpers: Mapping[str, str]
    typed: bool = False  # constants need the arguments' type, scalars must be arrays


def variable(name: str) -> str:
    """A parameter's name: a Python keyword gets an underscore."""
    return name + "_" if keyword.iskeyword(name) else name


def flat(e: Expr) -> bool:
    """Whether this is held as a 1-D array."""
    return e.shape != SCALAR and (e.shape[0] is ONE or e.shape[1] is ONE)


class Emitter:
    """Writes one function."""

    def __init__(self, problem: Any, backend: Backend) -> None:
        self.problem, self.backend, self.np = problem, backend, backend.module
        self.lines: list[str] = []
        self.names: dict[Expr, str] = {}
        self.sizes: set[str] = set()
        self.helpers: list[str] = []
        self.typed = False
        self.taken = {variable(n) for n in problem.variables} | {variable(n.name) for n, _ in problem.definitions}

    # ------------------------------------------------------------------ the function
    def source(self, result: Expr, where: list[tuple[Name, Expr]], name: str) -> str:
        """The whole source."""
        bodies = [*self.problem.definitions, *where]
        needed: set[Name] = set(result.names)
        used: list[tuple[Name, Expr]] = []
        for n, body in reversed(bodies):
            if n in needed:
                used.append((n, body))
                needed |= body.names
        used.reverse()
        counts: dict[Expr, int] = {}
        for _, body in used:
            self.count(body, counts)
        self.count(result, counts)
        for n, body in used:
            text = self.shared(body, counts)
            self.lines.append(f"{variable(n.name)} = {text}")
            self.names[body] = variable(n.name)
        final = self.shared(result, counts)
        self.lines.append(f"return {final}")
        return self.assemble(name, needed)

    def assemble(self, name: str, needed: set[Name]) -> str:
        """Header, helpers, parameters, sizes, body."""
        params = [variable(n) for n in self.problem.variables]
        start: list[str] = []
        text = {str(d).split(" in ")[0].strip() for d in self.problem.text.get("declare", []) if "^" in str(d)}
        read: dict[str, str] = {}
        for n, v in self.problem.variables.items():
            if v.kind != "variable":
                continue
            p = variable(n)
            if self.typed and "_type" not in "".join(start) and v.shape != SCALAR:
                start.append(f"_type = {p}.dtype")
            if v.shape == SCALAR:
                if self.backend.typed and v in needed:
                    start.append(f"{p} = {self.np}.as_tensor({p}, dtype={self.np}.float64)")
                if n in text and v in needed:
                    start.append(f"{p} = {self.np}.reshape({p}, (-1,))[0]")
                continue
            if flat(v):
                if len(v.shape) and (n in text and "(" in self.declared(n)) and (v in needed or self.wants(v)):
                    start.append(f"{p} = {self.np}.reshape({p}, (-1,))")
                dim = v.shape[0] if v.shape[1] is ONE else v.shape[1]
                if dim.number is None:
                    read.setdefault(dim.text, f"{p}.shape[0]")
            else:
                for i, dim in enumerate(v.shape):
                    if dim.number is None:
                        read.setdefault(dim.text, f"{p}.shape[{i}]")
        if self.typed and not any(line.startswith("_type") for line in start):
            start.append(f"_type = {self.np}.float64")
        for s in sorted(self.sizes):
            if s in read:
                start.append(f"{self.size_name(s)} = {read[s]}")
            elif self.size_name(s) not in params:
                params.append(self.size_name(s))
        body = "".join(f"    {line}\n" for line in start + self.lines)
        helpers = "".join(self.backend.helpers[h] + "\n\n\n" for h in self.helpers)
        return f"{self.backend.header}\n\n\n{helpers}def {name}({', '.join(params)}):\n{body}"

    def declared(self, name: str) -> str:
        """The declaration of a name."""
        return next((str(d) for d in self.problem.text.get("declare", []) if str(d).split(" in ")[0].strip() == name), "")

    def wants(self, v: Name) -> bool:
        """Whether a size may be read off this variable."""
        return any(n in self.sizes for d in v.shape for n in d.names)

    def size_name(self, s: str) -> str:
        """A size as a Python name; a variable of the same name wins, so the size gets another."""
        return "size_" + s if s in self.problem.variables else variable(s)

    # ------------------------------------------------------------------ shared parts
    def count(self, e: Expr, counts: dict[Expr, int]) -> None:
        """How often each part is used."""
        if isinstance(e, Apply):
            counts[e] = counts.get(e, 0) + 1
            if counts[e] == 1:
                for a in e.args:
                    self.count(a, counts)

    def shared(self, e: Expr, counts: dict[Expr, int]) -> str:
        """Code for e; what is used more than once becomes a local variable first."""
        order: list[Expr] = []
        seen: set[Expr] = set()

        def visit(part: Expr) -> None:
            if part in seen or not isinstance(part, Apply) or part in self.names:
                return
            seen.add(part)
            for a in part.args:
                visit(a)
            if counts.get(part, 0) > 1 and part.head not in ("'", "eye", "ones", "zeros", "prime", "grad", "hess", "jac", "pi") \
                    and not (part.head == "*" and len(part.args) == 2 and all(isinstance(a, Name | Number) for a in part.args)
                             and part.shape == SCALAR) and part is not e and not size_only(part):
                order.append(part)

        visit(e)
        for part in order:
            name = self.fresh()
            self.lines.append(f"{name} = {self.at(part, SUM)}")
            self.names[part] = name
        return self.at(e, SUM)

    def fresh(self) -> str:
        """A local name nobody uses."""
        k = 1
        while f"t{k}" in self.taken:
            k += 1
        self.taken.add(f"t{k}")
        return f"t{k}"

    # ------------------------------------------------------------------ expressions
    def at(self, e: Expr, strength: int) -> str:
        """Code of at least this strength."""
        text, own = self.write(e)
        return text if own >= strength else f"({text})"

    def helper(self, name: str) -> str:
        """The name of a helper function, emitted once."""
        for other in re.findall(r"\b_\w+(?=\()", self.backend.helpers[name]):
            if other != name and other in self.backend.helpers:
                self.helper(other)
        if name not in self.helpers:
            self.helpers.append(name)
        return name

    def dim(self, d: Dim) -> str:
        """A size as code."""
        if d.number is not None:
            return str(d.number)
        self.sizes |= d.names
        return " + ".join("*".join(([str(c)] if c != 1 or not ns else []) + [self.size_name(n) for n in ns]) for ns, c in d.terms)

    def number(self, v: Fraction | int) -> tuple[str, int]:
        """An exact number as code."""
        if isinstance(v, int):
            return str(v), POSTFIX if v >= 0 else PRODUCT
        if v.denominator in (2, 4, 5, 8, 10, 16, 20, 25, 40, 50, 100):
            return repr(float(v)), POSTFIX if v >= 0 else PRODUCT
        return f"{v.numerator}/{v.denominator}", PRODUCT

    def write(self, e: Expr) -> tuple[str, int]:
        """Code and its strength."""
        known = self.names.get(e)
        if known is not None:
            return known, POSTFIX
        if isinstance(e, Number):
            return self.number(e.value)
        if isinstance(e, Name):
            if e.kind == "size":
                self.sizes.add(e.name)
                return self.size_name(e.name), POSTFIX
            return variable(e.name), POSTFIX
        assert isinstance(e, Apply)
        return self.node(e)

    def node(self, e: Apply) -> tuple[str, int]:
        """Code for an application."""
        head, args, np = e.head, e.args, self.np
        if head == "+":
            return self.sum(e)
        if head == "*":
            return self.product(e)
        if head == ".*":
            return "*".join(self.at(a, POSTFIX) for a in args), PRODUCT
        if head == "'":
            inner = args[0]
            return self.write(inner) if flat(inner) else (self.at(inner, POSTFIX) + ".T", POSTFIX)
        if head in ("^", ".^"):
            return self.power(e)
        if head == "pi":
            return f"{np}.pi", POSTFIX
        if head in ("eye", "ones", "zeros"):
            kind = ", dtype=_type" if self.backend.typed else ""
            self.typed = self.typed or self.backend.typed
            if head == "eye":
                return f"{np}.eye({self.dim(e.shape[0])}{kind})", POSTFIX
            dims = self.dim(e.shape[0] if e.shape[1] is ONE else e.shape[1]) if flat(e) else \
                f"({self.dim(e.shape[0])}, {self.dim(e.shape[1])})"
            return f"{np}.{head}({dims}{kind})", POSTFIX
        if head == "comm":
            return f"{self.helper('_comm')}({self.dim(as_dim(args[0]))}, {self.dim(as_dim(args[1]))})", POSTFIX
        if head == "unvec":
            m, n = e.shape
            return f"{np}.reshape({self.at(args[0], SUM)}, ({self.dim(n)}, {self.dim(m)})).T", POSTFIX
        if head == "vec":
            return f"{np}.reshape({self.at(args[0], POSTFIX)}.T, (-1,))", POSTFIX
        if head == "apply":
            return self.call(e)
        if head == "kron":
            return self.kron(e)
        if head in ("rowsum", "colsum"):
            a = args[0]
            if flat(a):
                whole = (head == "rowsum") == (a.shape[0] is ONE)
                return (f"{np}.sum({self.at(a, SUM)})", POSTFIX) if whole else self.write(a)
            return f"{np}.sum({self.at(a, SUM)}, {1 if head == 'rowsum' else 0})", POSTFIX
        if head in ("softmax_rows", "logsumexp_rows") and flat(args[0]):
            return f"{self.helper('_' + head.split('_')[0])}({self.at(args[0], SUM)})", POSTFIX
        spelled = self.backend.functions[head]
        if self.backend.typed and e.shape == SCALAR and not e.names and size_only(args[0]):
            return spelled.replace("{}", "") .split("(")[0] + f"({np}.tensor(float({self.at(args[0], SUM)})))", POSTFIX
        if spelled.startswith("_"):
            spelled = self.helper(spelled)
            inside = ", ".join(self.at(a, SUM) for a in args)
            return f"{spelled}({inside})", POSTFIX
        if "{}" in spelled:
            return spelled.format(*(self.at(a, SUM) for a in args)), POSTFIX
        return f"{spelled}({', '.join(self.at(a, SUM) for a in args)})", POSTFIX

    def kron(self, e: Apply) -> tuple[str, int]:
        """Kronecker product: rows and columns as they are."""
        shown = []
        for a in e.args:
            text = self.at(a, POSTFIX)
            if flat(a) and not flat(e):
                text += "[:, None]" if a.shape[1] is ONE else "[None, :]"
            shown.append(text)
        kron = self.helper("_kron") if "_kron" in self.backend.helpers else f"{self.np}.kron"
        return f"{kron}({', '.join(shown)})", POSTFIX

    def call(self, e: Apply) -> tuple[str, int]:
        """An abstract function: f(x), f.d(x), f.d2(x); vectors go in as columns."""
        f, depth, head = e.args[0], 0, ""
        while isinstance(f, Apply):
            depth, head, f = depth + 1, f.head, f.args[0]
        assert isinstance(f, Name) and f.signature is not None
        x = self.at(e.args[1], SUM)
        method = {"grad": ".d", "jac": ".d", "hess": ".d2"}.get(head, ["", ".d", ".d2", ".d3"][min(depth, 3)])
        name = variable(f.name)
        if f.signature[0] is None:
            return f"{name}{method}({x})", POSTFIX
        column = f"{name}{method}({self.np}.reshape({x}, (-1, 1)))"
        if e.shape == SCALAR:
            return f"{self.np}.reshape({column}, (-1,))[0]", POSTFIX
        return (f"{self.np}.reshape({column}, (-1,))" if flat(e) else column), POSTFIX

    def sum(self, e: Apply) -> tuple[str, int]:
        """Terms with their signs."""
        out = ""
        for a in e.args:
            text = self.at(a, PRODUCT)
            if text.startswith("-"):
                out += f" - {text[1:]}" if out else text
            else:
                out += (" + " if out else "") + text
        return out, SUM

    def power(self, e: Apply) -> tuple[str, int]:
        """Powers: of scalars and entries by **, of matrices by repeated products."""
        base, k = e.args
        if e.head == "^" and e.shape != SCALAR:
            return f"{self.np}.linalg.matrix_power({self.at(base, SUM)}, {self.at(k, SUM)})", POSTFIX
        if isinstance(k, Number) and k.value == -1:
            return f"1/{self.at(base, POSTFIX)}", PRODUCT
        if isinstance(k, Number) and isinstance(k.value, int) and k.value < 0:
            return f"1/{self.at(base, POSTFIX)}**{-k.value}", PRODUCT
        return f"{self.at(base, POSTFIX)}**{self.at(k, POSTFIX)}", PRODUCT

    def product(self, e: Apply) -> tuple[str, int]:
        """Scalars times a chain; divisions last."""
        above, below = [], []
        sign = ""
        chain = [a for a in e.args if a.shape != SCALAR]
        if e.shape == SCALAR and chain:
            return self.chain(chain)
        for a in e.args[:len(e.args) - len(chain)]:
            if isinstance(a, Number) and a.value < 0:
                sign = "-"
                if a.value != -1:
                    above.append(self.at(Number(-a.value), PRODUCT))
            elif isinstance(a, Apply) and a.head == "^" and isinstance(a.args[1], Number) and a.args[1].value < 0 \
                    and a not in self.names:
                k = -a.args[1].value
                below.append(self.at(a.args[0], POSTFIX) + (f"**{self.number(k)[0]}" if k != 1 else ""))
            else:
                above.append(self.at(a, POSTFIX))
        if chain:
            text, own = self.chain(chain)
            above.append(text if own >= POSTFIX or (own == PRODUCT and not above and not sign) else f"({text})")
        text = sign + ("*".join(above) or "1")
        if below:
            text += "/" + (below[0] if len(below) == 1 and "**" not in below[0] else "(" + "*".join(below) + ")")
        return text, PRODUCT

    def chain(self, factors: list[Expr]) -> tuple[str, int]:
        """A matrix product, cheap side first; a column times a row is an outer product."""
        for i, f in enumerate(factors[:-1]):
            if f.shape[1] is ONE:
                left, right = self.chain(factors[:i + 1]), self.chain(factors[i + 1:])
                return f"{self.np}.outer({left[0]}, {right[0]})", POSTFIX
        if len(factors) == 1:
            return self.write(factors[0])
        if factors[-1].shape[1] is ONE and factors[0].shape[0] is not ONE or factors[-1].shape[1] is ONE:
            return self.right_first(factors)
        text = self.matmul(self.at(factors[0], POSTFIX), factors[0], factors[1])
        for f in factors[2:]:
            text = f"{text} @ {self.at(f, POSTFIX)}"
        return text, PRODUCT

    def right_first(self, factors: list[Expr]) -> tuple[str, int]:
        """A*(B*x): vectors stay vectors."""
        text = self.at(factors[-1], POSTFIX)
        for i, f in enumerate(reversed(factors[:-1])):
            if isinstance(f, Apply) and f.head == "diag" and f not in self.names:
                text = f"({self.at(f.args[0], POSTFIX)}*{text})"
            else:
                text = f"{self.at(f, POSTFIX)} @ {text}"
                if i < len(factors) - 2:
                    text = f"({text})"
        return text, PRODUCT

    def matmul(self, left: str, a: Expr, b: Expr) -> str:
        """Two matrices; a diagonal one scales rows or columns."""
        if isinstance(a, Apply) and a.head == "diag" and a not in self.names and not flat(b):
            return f"({self.at(a.args[0], POSTFIX)}[:, None]*{self.at(b, POSTFIX)})"
        if isinstance(b, Apply) and b.head == "diag" and b not in self.names:
            return f"({left}*{self.at(b.args[0], POSTFIX)})"
        return f"{left} @ {self.at(b, POSTFIX)}"


def size_only(e: Expr) -> bool:
    """Whether this is made of numbers and sizes only."""
    if isinstance(e, Apply):
        return e.shape == SCALAR and bool(e.args) and all(size_only(a) for a in e.args)
    return isinstance(e, Number) or (isinstance(e, Name) and e.kind == "size")
