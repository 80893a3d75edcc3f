"""Text -> expression, and a whole problem: declarations, definitions, what is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from . import build as B
from .declare import declaration, greek
from .functions import ELEMENTWISE_NAMES, OPERATIONS, REFUSED
from .infer import Inference, find
from .nodes import Expr, Name, Number
from .shape import ONE, SCALAR, Dim, InputError, ShapeError, show_shape
from .tokens import Node, Reader, shorten

ARITY = {row.spelling: len(row.arguments.split()) for row in OPERATIONS} | dict.fromkeys(ELEMENTWISE_NAMES, 1)
ARITY |= {"normF": 1, "unvec": 3, "comm": 2, "d": 1, "vector": 1, "matrix": 1}
OPERATORS = {"+": "+", "-": "-", "*": "*", ".*": ".*", "./": "./", ".^": ".^", "^": "^", "/": "/"}


class Scope:
    """The names in force: variables, functions, definitions, sizes, and where each size came from."""

    def __init__(self, declarations: Iterable[str] = ()) -> None:
        self.names: dict[str, Name] = {}
        self.sizes: dict[str, str] = {}
        for line, text in enumerate(declarations, 1):
            self.declare(text, line)

    def declare(self, text: str, line: int) -> Name:
        """Enter one declaration."""
        name = declaration(text)
        if name.name in self.names:
            raise InputError(f"{name.name} is declared twice: '{text.strip()}'")
        self.names[name.name] = name
        dims = name.shape if name.kind == "variable" else [d for d in name.signature or () if d is not None]
        for d in dims:
            for n in d.names:
                self.sizes.setdefault(n, f"line {line}")
        return name

    def functions(self) -> frozenset[str]:
        """The abstract functions."""
        return frozenset(n for n, v in self.names.items() if v.kind == "function")


class Lowering:
    """A raw tree to an expression, in a scope; every shape error carries its place."""

    def __init__(self, text: str, scope: Scope, inference: Inference | None = None) -> None:
        self.text, self.scope, self.inference = text, scope, inference

    def fail(self, message: str, at: Node, hint: str | None = None, shape: bool = False) -> InputError:
        """An error with a caret under a node."""
        kind = ShapeError if shape else InputError
        return kind(message, 1, at.start + 1, shorten(self.text, at.start), hint)

    def said(self, e: Node) -> str:
        """What the user wrote there."""
        return self.text[e.start:e.end][:60]

    def origins(self, *dims: Dim) -> str:
        """Where the sizes came from."""
        names = sorted({n for d in dims for n in d.names if n in self.scope.sizes})
        return " (" + ", ".join(f"{n} from {self.scope.sizes[n]}" for n in names) + ")" if names else ""

    def lower(self, e: Node) -> Expr:
        """The expression."""
        op = e.op
        if op == "name":
            return self.name(e)
        if op == "number":
            assert not isinstance(e.value, str)
            return Number(e.value)
        if op == "call":
            return self.call(e)
        if op == "neg":
            return B.neg(self.lower(e.parts[0]))
        if op == "'":
            return B.T(self.lower(e.parts[0]))
        if op == "apply":
            return self.derivative_of_function(e)
        left, right = e.parts
        if op == "/" and self.is_d(left) and self.is_d(right):
            return B.apply("derivative", self.lower(left.parts[0]), self.lower(right.parts[0]))
        a, b = self.lower(left), self.lower(right)
        if op == "⊗":
            return B.apply("kron", a, b)
        return self.operate(e, op, a, b)

    @staticmethod
    def is_d(e: Node) -> bool:
        """Whether this is d(..)."""
        return e.op == "call" and e.value == "d" and len(e.parts) == 1

    def clash(self, e: Node, what: str, a: Expr, b: Expr, hint: str | None = None) -> InputError:
        """Two shapes that do not go together."""
        left, right = (self.said(p) for p in e.parts)
        return self.fail(f"{left}{e.op}{right}: {what}: {left} is {show_shape(a.shape)}, {right} is {show_shape(b.shape)}"
                         + self.origins(*a.shape, *b.shape), e, hint, shape=True)

    def operate(self, e: Node, op: str, a: Expr, b: Expr) -> Expr:
        """An operator on two expressions, shapes checked first."""
        one, two = a.shape == SCALAR, b.shape == SCALAR
        if op == "*":
            if not one and not two and a.shape[1] is not b.shape[0]:
                hint = "write .* for the entry-wise product" if a.shape == b.shape else \
                    "a transpose is written '" if a.shape[0] is b.shape[0] or a.shape[1] is b.shape[1] else None
                raise self.clash(e, "inner sizes differ", a, b, hint)
            return B.mul(a, b)
        if op in ("+", "-"):
            if a.shape != b.shape:
                if one:
                    a = B.mul(a, B.ones(*b.shape))
                elif two:
                    b = B.mul(b, B.ones(*a.shape))
                else:
                    raise self.clash(e, "shapes differ", a, b)
            return B.add(a, b) if op == "+" else B.sub(a, b)
        if op == "/":
            if not two:
                raise self.clash(e, "only a scalar can stand under /", a, b, "write ./ for the entry-wise quotient")
            if b is B.ZERO:
                raise self.fail(f"{self.said(e)}: division by zero", e)
            return B.div(a, b)
        if op == "^":
            if not two:
                raise self.clash(e, "the exponent must be a scalar", a, b, "write .^ for the entry-wise power")
            if not one and (a.shape[0] is not a.shape[1]):
                raise self.fail(f"{self.said(e)}: {self.said(e.parts[0])} is {show_shape(a.shape)}, not square"
                                + self.origins(*a.shape), e, "write .^ for the entry-wise power", shape=True)
            if not one and not (type(b) is Number and isinstance(b.value, int)):
                raise self.fail(f"{self.said(e)}: a matrix power needs an integer exponent", e,
                                "write .^ for the entry-wise power", shape=True)
            if isinstance(b, Number) and not -10_000 <= b.value <= 10_000:
                raise self.fail(f"{self.said(e)}: the exponent is too large", e)
            if a is B.ZERO and isinstance(b, Number) and b.value < 0:
                raise self.fail(f"{self.said(e)}: division by zero", e)
            return B.power(a, b)
        if a.shape != b.shape and not one and not two:
            raise self.clash(e, "shapes differ", a, b)
        if op == ".*":
            return B.had(a, b)
        if op == "./":
            if b is B.ZERO:
                raise self.fail(f"{self.said(e)}: division by zero", e)
            return B.hdiv(a, b)
        return B.epow(a, b)

    def name(self, e: Node) -> Expr:
        """A variable, a definition, a size, or pi."""
        name = str(e.value)
        found = self.scope.names.get(name)
        if found is not None:
            if found.kind == "function":
                raise self.fail(f"{name} is a function: write {name}(..)", e)
            return found
        if name in self.scope.sizes:
            return B.size(Dim.of(name))
        if name == "pi":
            return B.apply("pi")
        if name == "eye" and self.inference is not None:
            return B.eye(self.constant(e)[0])
        if name in ARITY:
            raise self.fail(f"{name} is a function: write {name}(..)", e)
        near = [n for n in self.scope.names if n.lower() == name.lower()]
        raise self.fail(f"unknown name {name}", e, f"declared: {', '.join(near or self.scope.names) or 'nothing'}")

    def constant(self, e: Node) -> tuple[Dim, Dim]:
        """The inferred shape of eye, vector(..), matrix(..)."""
        assert self.inference is not None
        a, b = (find(s) for s in self.inference.constants[id(e)])
        assert isinstance(a, Dim) and isinstance(b, Dim)
        return a, b

    def size(self, e: Node) -> Dim:
        """A dimension argument."""
        if e.op == "name":
            name = str(e.value)
            if name in self.scope.names:
                raise self.fail(f"{name} is a variable; a size is meant here", e)
            if name not in self.scope.sizes:
                self.scope.sizes[name] = "here"
            return Dim.of(name)
        if e.op == "number" and isinstance(e.value, int):
            if e.value < 1:
                raise self.fail("a size must be positive", e)
            return Dim.of(e.value)
        if e.op in ("+", "*"):
            a, b = (self.size(p) for p in e.parts)
            return a + b if e.op == "+" else a * b
        if e.op == "^" and e.parts[1].op == "number" and isinstance(e.parts[1].value, int) and 0 < e.parts[1].value < 9:
            a, out = self.size(e.parts[0]), ONE
            for _ in range(e.parts[1].value):
                out = out * a
            return out
        raise self.fail(f"{self.said(e)} is not a size", e, "a size is a name, an integer, n+1, m*n")

    def call(self, e: Node) -> Expr:
        """A function of the table, an abstract function, or a constant with sizes."""
        name, args = str(e.value), e.parts
        bare = name.rstrip("'")
        abstract = self.scope.names.get(bare)
        if abstract is not None:
            if abstract.kind != "function":
                raise self.fail(f"{bare} is not a function", e, f"write {bare}*(..) for a product")
            if len(args) != 1:
                raise self.fail(f"{bare} takes one argument, {len(args)} given", e)
            function: Expr = abstract
            for _ in range(len(name) - len(bare)):
                if abstract.signature != (None, None):
                    raise self.fail(f"{bare}' is for f: R -> R", e, f"write grad({bare})(x) or jac({bare})(x)")
                function = B.apply("prime", function)
            return self.guarded(e, lambda: B.call(function, self.lower(args[0])))
        if name in ("eye", "ones", "zeros"):
            if not 1 <= len(args) <= (1 if name == "eye" else 2):
                raise self.fail(f"{name} takes {'one size' if name == 'eye' else 'one or two sizes'}, {len(args)} given", e)
            sizes = [self.size(a) for a in args]
            if name == "eye":
                return B.eye(sizes[0])
            return (B.ones if name == "ones" else B.zeros)(*sizes)
        if name in REFUSED:
            raise self.fail(f"unknown function {name}: {REFUSED[name]}", e)
        if name not in ARITY:
            hint = f"write {name}*(..) for a product" if len(name) == 1 else "known: " + ", ".join(sorted(ARITY))
            raise self.fail(f"unknown function {name}", e, hint)
        if len(args) != ARITY[name]:
            raise self.fail(f"{name} takes {ARITY[name]} argument{'s' * (ARITY[name] > 1)}, {len(args)} given", e)
        if name == "comm":
            return B.comm(self.size(args[0]), self.size(args[1]))
        if name in ("vector", "matrix"):
            if self.inference is None:
                raise self.fail(f"{name}(..) needs a place that gives its size", e)
            return B.mul(self.lower(args[0]), B.ones(*self.constant(e)))
        first = self.lower(args[0])
        if name == "unvec":
            m, n = self.size(args[1]), self.size(args[2])
            return self.guarded(e, lambda: B.apply("unvec", first, B.size(m), B.size(n)))
        rest = [self.lower(a) for a in args[1:]]
        return self.guarded(e, lambda: B.apply(overload(name, first), first, *rest))

    def guarded(self, e: Node, make: object) -> Expr:
        """Give a constructor's shape error its place."""
        try:
            return make()  # type: ignore[operator,no-any-return]
        except InputError as error:
            if error.column is None:
                shown = [self.lower(p) for p in e.parts if p.op != "number"][:1]
                raise self.fail(error.message + (self.origins(*shown[0].shape) if shown else ""), e, error.hint,
                                shape=True) from None
            raise

    def derivative_of_function(self, e: Node) -> Expr:
        """grad(g)(x), hess(g)(x), jac(h)(x)."""
        head = e.parts[0]
        kind = str(head.value)
        inner = head.parts[0] if len(head.parts) == 1 else None
        f = self.scope.names.get(str(inner.value)) if inner is not None and inner.op == "name" else None
        if f is None or f.kind != "function" or len(e.parts) != 2:
            raise self.fail(f"{kind} is written {kind}(g)(x) for a declared function g", e)
        scalar = f.signature is not None and f.signature[1] is None
        if f.signature is None or f.signature[0] is None or scalar == (kind == "jac"):
            raise self.fail(f"{kind}({f.name}): {f.name} has the wrong kind of values", e,
                            "grad and hess are for g: R^m -> R, jac for h: R^m -> R^n, f' for f: R -> R")
        return self.guarded(e, lambda: B.call(B.apply(kind, f), self.lower(e.parts[1])))


def overload(name: str, first: Expr) -> str:
    """The head a spelling means for this argument."""
    if name == "normF":
        return "norm2"
    if name == "diag" and first.shape[1] is not ONE:
        return "diagonal"
    if name in ("softmax", "logsumexp") and first.shape[1] is not ONE:
        return name + "_rows"
    return name


def parse(text: str, declarations: Iterable[str] | Scope = ()) -> Expr:
    """The expression a text stands for; every name declared.

    >>> str(parse("x'*A*x", ["x in R^n", "A in R^(n,n)"]))
    "x'*A*x"
    """
    scope = declarations if isinstance(declarations, Scope) else Scope(declarations)
    return Lowering(text, scope).lower(Reader(text, scope.functions()).read())


def needs_inference(e: Node, scope: Mapping[str, Name], sizes: Mapping[str, str]) -> bool:
    """Whether a tree holds a name that is not known, or a constant without a size."""
    if e.op == "name":
        name = str(e.value)
        return name not in scope and name not in sizes and name != "pi"
    if e.op == "call" and e.value in ("vector", "matrix"):
        return True
    if e.op == "call" and e.value in ("eye", "ones", "zeros", "comm"):
        return False
    return any(needs_inference(p, scope, sizes) for p in e.parts)


__all__ = ["Lowering", "Scope", "greek", "needs_inference", "overload", "parse"]
