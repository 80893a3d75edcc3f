"""Calls: functions by name and number of arguments, matrices of given sizes, stacks in brackets, abstract functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from ...language.shape import ONE, Dim, InputError
from .sizes import SizeReader
from .tokens import Line
from ...language import composites
from ...language.operations import ELEMENTWISE_NAMES, OPERATIONS

Step = tuple[str, int, Any]
Code = list[Step]
T = TypeVar("T")
ARITY = (dict.fromkeys((*ELEMENTWISE_NAMES, "d", "normF", "vector", "matrix", "scalar"), 1)
         | {row.spelling: len(row.arguments.split()) for row in OPERATIONS})
SIZED = {"eye": (1, 1), "ones": (1, 2), "zeros": (1, 2), "comm": (2, 2), "unit": (1, 2), "select": (2, 3)}
STACKS = frozenset({"vstack", "hstack"})        # one below another, side by side
WRAPPERS = frozenset({"grad", "hess", "jac"})
TAKES = ARITY | composites.ARITY
FUNCTIONS = frozenset(ARITY) | frozenset(SIZED) | WRAPPERS | STACKS | {"unvec"}


def count(op: str, data: Any) -> int:
    """How many operands an instruction takes off the stack."""
    if op in ("name", "number", "sized", "unit"):
        return 0
    if op == "+":
        return len(data)
    if op in ("*", ".*", "kron"):
        return len(data) + 1
    if op == "stack":
        return len(data) - 1
    if op in ("^", ".^", "derivative"):
        return 2
    return TAKES[str(data)] if op == "call" else 1


def fold(code: Iterable[Step], make: Callable[[str, int, Any, list[T]], T]) -> T:
    """What a postfix code is, from the inside out: of each instruction what is made of it and of its operands."""
    stack: list[T] = []
    for op, at, data in code:
        start = len(stack) - (count(op, data) if op != "name" else 0)
        parts = stack[start:]
        del stack[start:]
        stack.append(make(op, at, data, parts))
    return stack[0]


class FunctionReader(SizeReader):
    """Reads f(x, y), [A, B], ones(m, n), grad(f)(x); a subclass reads the sums that are arguments."""

    __slots__ = ("code", "free", "functions", "later")

    def __init__(self, line: Line, functions: Iterable[str], start: int) -> None:
        super().__init__(line, start)
        self.functions = functions
        self.code: Code = []
        self.free = False
        self.later: InputError | None = None

    sum: Callable[[], None]  # a sum: what may be an argument

    def call(self, name: str, at: int) -> None:
        """name( ... ): a function of the language, or an abstract one."""
        wanted = TAKES.get(name)
        if wanted is not None and (name == "d" or name not in self.functions):
            self.taking(wanted, name, at)
            kind = "d" if name == "d" else "free" if name in ("vector", "matrix") else "call"
            self.free = self.free or kind == "free"
            self.code.append((kind, at, name))
        elif name in self.functions:
            self.abstract(name, at)
        elif name in SIZED:
            self.sized(name, at)
        elif name in STACKS:
            self.stacked(name, at)
        elif name == "unvec":
            self.deeper()
            self.sum()
            dims: list[Dim] = []
            while self.tokens[self.i] == "," and len(dims) < 2:
                self.i += 1
                dims.append(self.dimension())
            if self.tokens[self.i] == "," or (len(dims) < 2 and self.tokens[self.i] == ")"):
                raise self.error("unvec takes a vector and two sizes: unvec(x, m, n)", at=at)
            self.close(at + 1)
            self.code.append(("unvec", at, tuple(dims)))
        elif name in WRAPPERS:
            self.wrapped(name, at)
        else:
            self.arguments()
            from . import syntax_errors
            self.later = self.later or syntax_errors.unknown_function(self, name, FUNCTIONS | set(TAKES) | set(self.functions), at)

    def count(self, name: str, wanted: str, number: int, given: int, at: int) -> None:
        """A wrong number of arguments."""
        self.later = self.later or self.error(f"{name} takes {wanted} argument{'' if number == 1 else 's'}, {given} given", at=at)

    def taking(self, wanted: int, name: str, at: int) -> None:
        """( a, b, ... ), so many of them."""
        given = len(self.arguments())
        if given != wanted:
            self.count(name, str(wanted), wanted, given, at)

    def arguments(self) -> list[Step]:
        """( a, b, ... ): the last step of each."""
        opened = self.i
        self.deeper()
        last: list[Step] = []
        while self.tokens[self.i] == "," if last else self.tokens[self.i] != ")":
            self.i += bool(last)
            self.sum()
            last.append(self.code[-1] if self.code else ("", 0, ()))
        self.close(opened)
        return last

    def stacked(self, name: str, at: int) -> None:
        """vstack(A, B, ...) and hstack(A, B, ...), of each part whether it is made of several blocks itself."""
        parts = self.arguments()
        if not parts:
            self.count(name, "1 or more", 2, 0, at)
        self.code.append(("stack", at, (name, *(op == "stack" and len(data) > 2 for op, _, data in parts))))

    def abstract(self, name: str, at: int) -> None:
        """f(x), f'(x), f''(x)."""
        while self.tokens[self.i] == "'":
            self.i += 1
        if self.tokens[self.i] != "(":
            self.i = at + 1
            self.code.append(("name", at, name))
            self.later = self.later or self.error(f"{name} is a function: write {name}(...)", at=at)
            return
        primes = self.i - at - 1
        self.taking(1, name, at)
        self.code.append(("apply", at, (name, primes, "")))

    def wrapped(self, kind: str, at: int) -> None:
        """grad(g)(x), hess(g)(x), jac(h)(x)."""
        t, i = self.tokens, self.i
        if t[i + 1] not in self.functions or t[i + 2:i + 4] != [")", "("]:
            raise self.error(f"{kind} is written {kind}(g)(x), for a declared function g",
                             "declare it: h: R^m -> R^n" if kind == "jac" else
                             f"declare it: g: R^m -> R; of a formula it is {'hessian' if kind == 'hess' else 'gradient'}(f, x)", at)
        self.i += 3
        self.taking(1, f"{kind}({t[i + 1]})", at)
        self.code.append(("apply", at, (t[i + 1], 0, kind)))

    def sized(self, name: str, at: int) -> None:
        """eye(n), ones(m,n), zeros(n), comm(m,n), unit(i,n), select(i,k,n); unit(i) and select(i,k) of an inferred size."""
        low, high = SIZED[name]
        self.deeper()
        dims = [] if self.tokens[self.i] == ")" else [self.dimension()]
        while self.tokens[self.i] == ",":
            self.i += 1
            dims.append(self.dimension())
        if self.tokens[self.i] not in (")", ""):
            from . import syntax_errors
            raise self.error(f"{self.tokens[self.i]} cannot stand in a size", syntax_errors.SIZES)
        self.close(at + 1)
        if not low <= len(dims) <= high:
            self.count(name, str(low) if low == high else f"{low} or {high}", high, len(dims), at)
        if name in ("unit", "select") and low <= len(dims) <= high:
            place = (dims[0], ONE) if name == "unit" else tuple(dims[:2])
            rest = dims[1:] if name == "unit" else dims[2:]
            self.free = self.free or not rest
            self.code.append(("sized", at, ("select", *place, *rest)) if rest else ("unit", at, place))
            return
        self.code.append(("sized", at, (name, *dims) if len(dims) != 1 or name == "eye" else (name, *dims, ONE)))
