"""Python functions of arrays as expressions: the function is called once with symbols that record, as NumPy calls, what is done to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from inspect import Parameter, signature
from math import e, isfinite, pi
from numbers import Number

from .language.shape import InputError
from .reading.grammar.tokens import is_name

Space = str | int | Sequence[object]
SMALL = 16          # numbers that are written out
FORGOTTEN = "a symbol has no values"


class Symbol:
    """A name for formulas written in Python: operators, `.T` and NumPy functions of symbols are symbols again.

    Arguments: name: a name of the language. space: its shape, such as "R^n" or "R^(m,n) symmetric"; without one it is inferred.
    Raises: InputError where the name is not valid, and where a formula needs values: `if x > 0`, `float(x)`, `list(x)`.

    As with NumPy, a vector has one dimension, `*` goes entry by entry and `@` is the matrix product.

    >>> W, x = Symbol("W", "R^(d,k)"), Symbol("x", "R^d")
    >>> str(W.T @ x + 1)
    'np.add(np.matmul(W.T, x), 1)'
    >>> from matcalc import derive
    >>> derive(x @ x, "x").result
    <2*x>
    """

    __slots__ = ("spaces", "text")
    __array_priority__ = 1000

    def __init__(self, name: str, space: Space = "", spaces: Mapping[str, Space] | None = None) -> None:
        if spaces is None and not is_name(name):
            raise InputError(f"{name} is not a valid name")
        self.text = name
        self.spaces: dict[str, Space] = dict(spaces or {}) | ({name: space} if space != "" else {})

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<{self.text}>"

    # ------------------------------------------------------------ operators
    def __add__(self, other: object) -> Symbol:
        return called("add", self, other)

    def __radd__(self, other: object) -> Symbol:
        return called("add", other, self)

    def __sub__(self, other: object) -> Symbol:
        return called("subtract", self, other)

    def __rsub__(self, other: object) -> Symbol:
        return called("subtract", other, self)

    def __mul__(self, other: object) -> Symbol:
        return called("multiply", self, other)

    def __rmul__(self, other: object) -> Symbol:
        return called("multiply", other, self)

    def __truediv__(self, other: object) -> Symbol:
        return called("divide", self, other)

    def __rtruediv__(self, other: object) -> Symbol:
        return called("divide", other, self)

    def __matmul__(self, other: object) -> Symbol:
        return called("matmul", self, other)

    def __rmatmul__(self, other: object) -> Symbol:
        return called("matmul", other, self)

    def __pow__(self, other: object) -> Symbol:
        return called("power", self, other)

    def __rpow__(self, other: object) -> Symbol:
        return called("exp", self) if other == e else called("power", other, self)

    def __neg__(self) -> Symbol:
        return called("negative", self)

    def __pos__(self) -> Symbol:
        return self

    def __abs__(self) -> Symbol:
        return called("abs", self)

    # ------------------------------------------------------------ what arrays have
    @property
    def T(self) -> Symbol:
        """The transpose."""
        return Symbol(self.text + ".T", spaces=self.spaces)

    mT = T

    @property
    def shape(self) -> Sizes:
        """Its sizes: x.shape[0]."""
        return Sizes(self)

    @property
    def size(self) -> Size:
        """The number of its entries."""
        return Size(f"{self.text}.size", spaces=self.spaces)

    def __getattr__(self, name: str) -> Callable[..., Symbol]:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *args, **options: called(name, self, *args, **options)

    def __getitem__(self, key: object) -> Symbol:
        return Symbol(f"{self.text}[{', '.join(map(place, key if isinstance(key, tuple) else (key,)))}]", spaces=self.spaces)

    @property
    def logabsdet(self) -> Symbol:
        """Of np.linalg.slogdet(A)."""
        return self[1]

    def __bool__(self) -> bool:
        raise InputError(f"{FORGOTTEN}: {self.text} cannot decide an if", hint="np.maximum(x, 0) and np.abs(x) are read")

    def __iter__(self) -> Iterator[Symbol]:
        if self.text.startswith("np.linalg.slogdet("):
            return iter((self[0], self[1]))
        raise InputError(f"{FORGOTTEN}: {self.text} cannot be taken apart", hint="write the sum over its entries as np.sum or a product")

    def __len__(self) -> int:
        raise InputError(f"{FORGOTTEN}: the size of {self.text} is not a number", hint=f"write {self.text}.shape[0]")

    def __float__(self) -> float:
        raise InputError(f"{FORGOTTEN}: {self.text} is not a number", hint="use NumPy's functions, not those of math")

    # ------------------------------------------------------------ conditions, which are 1 where they hold
    def __lt__(self, other: object) -> Symbol:
        return compared(self, "<", other)

    def __le__(self, other: object) -> Symbol:
        return compared(self, "<=", other)

    def __gt__(self, other: object) -> Symbol:
        return compared(self, ">", other)

    def __ge__(self, other: object) -> Symbol:
        return compared(self, ">=", other)

    def __eq__(self, other: object) -> bool:
        if self is other or other is None:
            return self is other
        raise InputError(f"{FORGOTTEN}: whether it is equal cannot be decided", hint=f'write a text: prove("{self.text} == ..")')

    def __hash__(self) -> int:
        return id(self)

    # ------------------------------------------------------------ NumPy's protocols
    def __array_ufunc__(self, function: Callable[..., object], method: str, *args: object, **options: object) -> Symbol:
        if method != "__call__":
            raise InputError(f"np.{function.__name__}.{method} cannot be read")
        return called(UFUNCS.get(function.__name__, function.__name__), *args, **options)

    def __array_function__(self, function: Callable[..., object], types: object, args: Iterable[object],
                           options: Mapping[str, object]) -> Symbol:
        inside = function.__module__.partition(".")[2]
        return called(f"{inside}.{function.__name__}" if inside == "linalg" else function.__name__, *args, **options)


class Size(Symbol):
    """x.size of NumPy, and x.size(0) of PyTorch."""

    def __call__(self, axis: int) -> Symbol:
        return Symbol(f"{self.text.removesuffix('.size')}.shape[{axis}]", spaces=self.spaces)


class Sizes:
    """The shape of a symbol."""

    __slots__ = ("of",)

    def __init__(self, of: Symbol) -> None:
        self.of = of

    def __getitem__(self, k: int) -> Symbol:
        return Symbol(f"{self.of}.shape[{k}]", spaces=self.of.spaces)


CONSTANTS: dict[object, str] = {pi: "np.pi", 2 * pi: "(2*np.pi)", pi / 2: "(np.pi/2)", e: "np.e"}
UFUNCS = {"true_divide": "divide", "absolute": "abs", "float_power": "power"}


def compared(one: Symbol, relation: str, other: object) -> Symbol:
    """A condition, written down."""
    spaces = one.spaces | (other.spaces if isinstance(other, Symbol) else {})
    return Symbol(f"({one} {relation} {written(other)})", spaces=spaces)


def called(function: str, *args: object, **options: object) -> Symbol:
    """A call of NumPy's, written down."""
    spaces: dict[str, Space] = {}
    waiting: list[object] = [*args, *options.values()]
    while waiting:
        a = waiting.pop(0)
        if isinstance(a, Symbol):
            spaces |= a.spaces
        elif isinstance(a, list | tuple):
            waiting += a
    placed = [int(a) if isinstance(a, bool) else a for a in args]
    given = [*map(written, placed)] + [f"{name}={written(a)}" for name, a in options.items() if name != "dtype"]
    return Symbol(f"np.{function}({', '.join(given)})", spaces=spaces)


def written(a: object) -> str:
    """An argument as NumPy's source has it."""
    if isinstance(a, Symbol):
        return a.text
    if isinstance(a, Fraction):
        return f"({a.numerator}/{a.denominator})"
    if isinstance(a, float) and a in CONSTANTS:
        return CONSTANTS[a]
    if isinstance(a, float) and not isfinite(a):
        if a != a:
            raise InputError("nan is not a number of the language")
        return "np.inf" if a > 0 else "-np.inf"
    if a is None or isinstance(a, str | Number):
        return repr(getattr(a, "item", lambda: a)())
    if isinstance(a, tuple):
        return f"({', '.join(map(written, a))})"
    if isinstance(a, list):
        return f"[{', '.join(map(written, a))}]"
    if hasattr(a, "tolist") and (constant := _constant(a.tolist())):
        return constant
    raise InputError(f"the function uses a value of type {type(a).__name__}",
                     hint="give it a name: mc.symbol(\"y\", \"R^n\"), or make it a parameter")


def _constant(values: object) -> str:
    """An array of numbers, if it is small or all alike or the identity; nothing otherwise."""
    rows = values if isinstance(values, list) else []
    wide = bool(rows) and all(isinstance(r, list) and len(r) == len(rows[0]) > 0 for r in rows)
    flat = [v for r in rows for v in r] if wide else rows
    if not flat or not all(isinstance(v, Number) for v in flat):
        return ""
    if any(isinstance(v, float) and not isfinite(v) for v in flat):
        raise InputError("an array with nan or inf in it cannot be read")
    if wide and len(rows) > 1 and all(v == (i == j) for i, r in enumerate(rows) for j, v in enumerate(r)) and len(rows) == len(rows[0]):
        return f"np.eye({len(rows)})"
    if all(v == flat[0] for v in flat):
        ones = f"np.ones(({len(rows)}, {len(rows[0])}))" if wide else f"np.ones({len(rows)})"
        return ones if flat[0] == 1 else f"({flat[0]!r}*{ones})"
    if len(flat) > SMALL:
        return ""
    return f"np.array({rows!r})"


def declaration(name: str, space: Space) -> str:
    """A name with its space, its sizes in words or as a shape.

    >>> declaration("A", "R^(m,n)"), declaration("A", "n x n"), declaration("x", ("n",)), declaration("x", 3)
    ('A in R^(m,n)', 'A: n x n', 'x: (n,)', 'x: (3,)')
    """
    if isinstance(space, str):
        return f"{name} in {space}" if space[:1] in "Rℝ\\" else f"{name}: {space}"
    sizes = [space] if isinstance(space, int) else list(space)
    return f"{name}: ({', '.join(map(str, sizes))}{',' * (len(sizes) == 1)})" if sizes else f"{name} in R"


def place(key: object) -> str:
    """What stands in square brackets.

    >>> place(slice(1, None)), place(None), place(0)
    ('1:', 'None', '0')
    """
    if isinstance(key, slice):
        if key.step is not None:
            raise InputError("a slice with a step cannot be read")
        return ":".join("" if k is None else written(k) for k in (key.start, key.stop))
    return written(key)


def traced(function: Callable[..., object], spaces: Mapping[str, Space]) -> tuple[str, list[str], list[str]]:
    """The expression that a function computes, the declarations of its names, and the names in the order of its parameters.

    >>> traced(lambda A, x: x @ A @ x, {"A": "R^(n,n)"})
    ('np.matmul(np.matmul(x, A), x)', ['A in R^(n,n)'], ['A', 'x'])
    """
    names = [p.name for p in signature(function).parameters.values() if p.kind not in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
             and (p.name in spaces or not isinstance(p.default, Number))]
    for name in spaces:
        if name not in names:
            raise InputError(f"{name} is declared but is not a parameter of the function", hint=f"its parameters are {', '.join(names)}")
    out = function(**{name: Symbol(name, spaces.get(name, "")) for name in names})
    if not isinstance(out, Symbol):
        raise InputError(f"the function returns {type(out).__name__}, which does not depend on its parameters")
    return out.text, [declaration(name, space) for name, space in out.spaces.items()], names
