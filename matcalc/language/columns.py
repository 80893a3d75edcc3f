"""The columns of the operation table: of an entry-wise function, of a function of whole matrices, and of an operator."""

from __future__ import annotations

from fractions import Fraction

from ..records import Record


class RowError(LookupError):
    """A row of a table that cannot be used; said when the tables load, with the row's name."""


class Limit(Record):
    """What is asked of the argument t, or of a function of it: `above` or `from` a bound, `between` or strictly `within` -1 and 1,
    `apart` (no entry is 0), `nonzero` (as a whole), `invertible`, `simple` (its largest eigenvalue),
    `distinct` (its eigenvalues), `full` (its singular values distinct, and none of them 0)."""

    kind: str
    bound: int = 0
    of: str = ""

    def __str__(self) -> str:
        t = f"{self.of}(t)" if self.of else "t"
        return {"above": f"{t} > {self.bound}", "from": f"{t} >= {self.bound}", "between": f"-1 <= {t} <= 1",
                "within": f"-1 < {t} < 1", "invertible": f"{t} invertible",
                "simple": f"the largest eigenvalue of {t} simple", "distinct": f"the eigenvalues of {t} distinct",
                "full": f"the singular values of {t} distinct and not 0"}.get(self.kind, f"{t} != {self.bound}")


EVERYWHERE: tuple[Limit, ...] = ()
ABOVE_ZERO, FROM_ZERO = (Limit("above"),), (Limit("from"),)
APART, NONZERO, INVERTIBLE = (Limit("apart"),), (Limit("nonzero"),), (Limit("invertible"),)
SIMPLE, DISTINCT, FULL = (Limit("simple"),), (Limit("distinct"),), (Limit("full"),)
BETWEEN, WITHIN = (Limit("between", -1),), (Limit("within", -1),)


# Of its values: every entry positive, none negative, the sign of the argument, that beside zeros, nothing known.
POSITIVE, NONNEGATIVE, ALIKE, SPARSE, ANY = "positive", "nonnegative", "alike", "sparse", ""


# Of its value at -t: the negative of that at t, or the same.
ODD, EVEN = "odd", "even"


class Range(Record):
    """Between what the values lie, and whether they reach it; None where there is no bound."""

    least: int | None
    most: int | None
    reached: bool = False


UNIT_RANGE, CLOSED_RANGE = Range(-1, 1), Range(-1, 1, True)


class Elementwise(Record):
    """An entry-wise function. `edges` say where it is smooth, if that is less than where it is defined: a kink or an edge is missing there.
    `vanishing`: it goes to 0 with its argument and as fast. `values`: their range, where it is bounded. `nonzero`: where it is not 0;
    what has the sign of its argument is 0 where that is. `through`: it increases, and goes through this point. `degree`: f(c*t) is
    c^degree*f(t) for c > 0. `root`: its square is its argument. `parity`: odd or even, and a minus goes out of it (not of sign:
    1[t < 0] is relu(sign(-t))). `matrix`: what the function of a whole matrix is called that this is not. `angle`: it is
    one of an angle, and `sin x cos x` a product for every reader. `cost`: what tidying counts for one, in tenths of
    a node, and the factor by which its argument counts more.
    In code, "np.exp" is spelled alike by numpy, torch and jax."""

    name: str
    prime: str = ""
    domain: tuple[Limit, ...] = EVERYWHERE
    edges: tuple[Limit, ...] = EVERYWHERE
    law: str = ""
    sign: str = ANY
    vanishing: bool = False
    nonzero: tuple[Limit, ...] = ()
    through: tuple[int, int] | None = None
    degree: Fraction | int | None = None
    root: bool = False
    parity: str = ""
    matrix: str = ""
    angle: bool = False
    cost: tuple[int, float] = (0, 1.0)
    values: Range | None = None
    latex: str = ""
    code: str = ""
    torch: str = ""
    jax: str = ""
    sympy: str = ""
    see: str = ""


class Part(Record):
    """A value that a factorisation has beside others: the call, which of how many it is, and what is taken of it."""

    call: str
    which: int
    of: int
    taken: str = ""

    @property
    def code(self) -> str:
        """The code where nothing else of the factorisation is needed.

        >>> Part("np.linalg.eigh({})", 1, 2, "[:, -1]").code
        'np.linalg.eigh({})[1][:, -1]'
        """
        return f"{self.call}[{self.which}]{self.taken}"


class Operation(Record):
    """A function of whole matrices: its head, how it is typed, the shapes of its arguments and of its value, and what it is in words.

    `domain`, `edges`: where it is defined, and where it is smooth. `linear`: in each argument. `nonzero`: where its value is not 0.
    `commutes_with_transpose`: f(A') = f(A)'. `invertible`: its value always is, or where the limits hold of its argument.
    `requires`: the structure its argument must have, `tall`: as many rows as columns, or more.
    `degree`, `root`, `cost`: as of an entry-wise function.
    `unfinished`: why no rule gives its differential, and a hint; {y} stands for the value, {x} for the argument.
    `of_number`: its value for a 1 x 1 matrix, as entry-wise functions to apply in turn (none: the number itself) or as a number.
    `keeps`: the properties that the value inherits from its arguments: symmetric, definite, invertible, triangular, `apart` (no
    entry is 0).
    `symmetric`: its value always is. `definite`: its value is positive definite where the argument is symmetric, or positive.
    `of_definite`: its value is positive for a positive definite argument, and not negative for a semidefinite one.
    `minors`: it is made of determinants of its argument and of parts of it.
    `lines`: along which axis it goes, where it goes row by row (1) or column by column (0).
    `part`: what it is of a factorisation, which is done once for all that is needed of it; `code` is for one alone, if that is cheaper.
    `entries`: the entry (i,j) of the value, by the entries of the arguments A and B; k and l are summed over."""

    head: str
    spelling: str
    arguments: str
    result: str
    words: str
    domain: tuple[Limit, ...] = EVERYWHERE
    edges: tuple[Limit, ...] = EVERYWHERE
    linear: bool = False
    commutes_with_transpose: bool = False
    invertible: bool | tuple[Limit, ...] = False
    nonzero: tuple[Limit, ...] = ()
    degree: int | None = None
    root: bool = False
    even: bool = False
    requires: str = ""
    unfinished: tuple[str, str] = ("", "")
    of_number: tuple[str, ...] | int | None = None
    keeps: tuple[str, ...] = ()
    symmetric: bool = False
    definite: str = ""
    of_definite: bool = False
    sign: str = ANY
    vanishing: bool = False
    cost: tuple[int, float] = (0, 1.0)
    latex: str = ""
    code: str = ""
    torch: str = ""
    jax: str = ""
    sympy: str = ""
    part: Part | None = None
    lines: int | None = None
    minors: bool = False
    entries: str = ""


class Form(Record):
    """A head that is written with signs, or whose shape is not bound by its arguments' shapes. `parts`: from where to where its
    arguments are expressions, where some are sizes or an abstract function. `symmetric`: its value is its own transpose; `by_size`:
    that is the same with the two sizes exchanged; `sizes` and `result`: what its arguments are called, where they are sizes alone, and
    its shape in these letters; `definite`: as of an operation, or always."""

    head: str
    parts: tuple[int, int | None] = (0, None)
    sizes: str = ""
    result: str = ""
    linear: bool = False
    invertible: bool = False
    keeps: tuple[str, ...] = ()
    symmetric: bool = False
    definite: str = ""
    by_size: bool = False
    sign: str = ANY
    cost: tuple[int, float] = (0, 1.0)
