"""What a text means, computed while it is read: a recursive descent over its characters that shares no line with the package.

No tree is built, so nothing can be cancelled on the way: x/x is a division. Undefined says where the text has no value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
from reference import PLAIN, _comm

TOKEN = re.compile(r"\s*(\d+(?:\.(?![*/^'])\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|[^\W\d]\w*|\.[*/^]|[-+*/^'(),⊗])")
SIZED = {"eye": lambda m: np.eye(m), "ones": lambda m, n=1: np.ones((m, n)), "zeros": lambda m, n=1: np.zeros((m, n)), "comm": _comm,
         "unit": lambda i, n: np.eye(n)[:, i - 1:i], "select": lambda i, k, n: np.eye(n)[:, i - 1:i - 1 + k]}
STACKS = {"vstack": np.vstack, "hstack": np.hstack}
POSITIVE = {"log": 0.0, "log1p": -1.0}
ROWS = ("softmax", "logsumexp")


class Undefined(Exception):
    """The text has no value at this point."""


def sure(a: Any) -> Any:
    """The array, which must be one of moderate numbers."""
    if not np.abs(a).max() <= 1e12:
        raise Undefined("not finite, or large")
    return a


@cache
def tokens(text: str) -> list[str]:
    """The tokens of a text, read once, and an empty one at the end."""
    out, end = [], 0
    while text[end:].strip():
        found = TOKEN.match(text, end)
        assert found, text[end:]
        out.append(found[1])
        end = found.end()
    return [*out, ""]


class Typed:
    """Evaluates texts at a point: `values` by name, two-dimensional, and `sizes`."""

    def __init__(self, values: Mapping[str, Any], sizes: Mapping[str, int]) -> None:
        self.values, self.sizes = dict(values), dict(sizes)

    def __call__(self, text: str) -> Any:
        self.tokens, self.i = tokens(text), 0
        with np.errstate(all="ignore"):
            out = self.sum()
        assert not self.token(), (text, self.tokens[self.i:])
        return out

    # ------------------------------------------------------------------------------------------ the grammar
    def token(self) -> str:
        return self.tokens[self.i]

    def take(self, *wanted: str) -> str:
        """The next token if it is one of these."""
        token = self.tokens[self.i]
        if token not in wanted:
            return ""
        self.i += 1
        return token

    def need(self, wanted: str) -> None:
        assert self.take(wanted), (self.tokens, self.i, wanted)

    def sum(self) -> Any:
        out = self.product()
        while op := self.take("+", "-"):
            other = self.product()
            out = sure(out + other if op == "+" else out - other)
        return out

    def product(self) -> Any:
        out = self.signed()
        while op := self.take("*", "/", ".*", "./", "⊗"):
            other = self.signed()
            if op in ("/", "./"):
                if np.abs(other).min() < 1e-9:
                    raise Undefined("division by zero")
                if op == "/" and other.size > 1:
                    raise ValueError("division by a matrix")
                out = sure(out / other)
            elif op == "⊗":
                out = sure(np.kron(out, other))
            else:
                out = sure(out * other if op == ".*" or out.size == 1 or other.size == 1 else out @ other)
        return out

    def signed(self) -> Any:
        """A minus binds less than a power."""
        if op := self.take("+", "-"):
            out = self.signed()
            return -out if op == "-" else out
        out = self.primary()
        while op := self.take("'", "^", ".^"):
            out = out.T if op == "'" else self.power(out, op, self.exponent())
        return out

    def exponent(self) -> Any:
        if op := self.take("+", "-"):
            out = self.exponent()
            return -out if op == "-" else out
        return self.primary()

    def power(self, base: Any, op: str, k: Any) -> Any:
        if op == "^" and base.size > 1:
            return sure(np.linalg.matrix_power(base if k[0, 0] >= 0 else self.inverse(base), round(abs(float(k[0, 0])))))
        whole = np.all(k == np.round(k))
        if not whole and base.min() <= 0 or k.min() <= 0 and np.abs(base).min() < 1e-9 and not np.all(k == 0):
            raise Undefined("a power of something negative, or of zero")
        return sure(base ** k)

    def inverse(self, a: Any) -> Any:
        if np.linalg.cond(a) > 1e7:
            raise Undefined("no inverse")
        return sure(np.linalg.inv(a))

    def primary(self) -> Any:
        token = self.token()
        self.i += 1
        if token == "(":
            out = self.sum()
            self.need(")")
            return out
        if token[0].isdigit() or token[0] == ".":
            return np.array([[float(token)]])
        if self.token() == "(":
            return self.call(token)
        if token in self.values:
            return self.values[token]
        return np.array([[float(self.sizes[token])]]) if token in self.sizes else np.array([[np.pi]])

    def call(self, name: str) -> Any:
        self.need("(")
        if name in SIZED:
            out = SIZED[name](*self.dimensions())
            self.need(")")
            return out
        args = [self.sum()]
        if name == "unvec":
            self.need(",")
            m, n = self.dimensions()
            args[0] = args[0].reshape(m, n, order="F")
        while self.take(","):
            args.append(self.sum())
        self.need(")")
        if name in STACKS:
            return STACKS[name](args)
        return sure(self.function(name, *args))

    def dimensions(self) -> list[int]:
        """Sizes: sums and products of whole numbers."""
        out = [self.dimension()]
        while self.take(","):
            out.append(self.dimension())
        return out

    def dimension(self) -> int:
        value = self.sum()
        assert value.size == 1
        return round(float(value[0, 0]))

    # ------------------------------------------------------------------------------------------ functions
    def function(self, name: str, a: Any, *more: Any) -> Any:
        if name == "inv":
            return self.inverse(a)
        if name in ("unvec", "scalar"):
            return a
        if name == "step":
            return np.where(a > 0, 1.0, 0.0)
        if name in POSITIVE and a.min() <= POSITIVE[name] or name == "sqrt" and a.min() < 0:
            raise Undefined(f"{name} of something negative")
        if name in ("arcsin", "arccos") and np.abs(a).max() > 1:
            raise Undefined(f"{name} of something above 1")
        if name == "logdet" and abs(np.linalg.det(a)) < 1e-9:
            raise Undefined("logdet of a singular matrix")
        if name == "normF":
            name = "norm2"
        if name == "diag" and a.shape[1] > 1:
            name = "diagonal"
        if name in ROWS and a.shape[1] > 1:
            name += "_rows"
        return PLAIN[name](a, *more)
