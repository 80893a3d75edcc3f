"""What is known where a line stands: shapes of names that are declared and defined, functions, sizes; and what a line of NumPy shows of
names that are not declared: which are arrays, and which have two axes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Iterator, Sequence

from ..declarations.declare import Declarations
from ..grammar.brackets import ROUND, closing, opening
from ..grammar.kinds import usual
from ...language.shape import ONE, SCALAR, Dim, Shape
from ..grammar.tokens import SPELT_NAMES, Line, is_name
from ..grammar.spellings import MODULES

UNKNOWN = "?"
REDUCED = frozenset(("sum", "mean", "max", "softmax", "log_softmax", "logsumexp"))


class Context:
    """The names in force on a line. `defined` gives the shapes of definitions, each when it is asked for; `equation` says whether
    the line is one, in which d(..) may stand, `defines` whether it defines a name; `arguments` are
    those of definitions such as f(x) = ...; `wrt` is the variable that is differentiated by, where there is one, `used` are the
    names on the lines before; `said` is what the lines show of names that are not declared: that one is a matrix, or no scalar."""

    def __init__(self, scope: Declarations, defined: Mapping[str, Callable[[], Shape | None]], equation: bool = False,
                 defines: bool = False,
                 arguments: Mapping[str, tuple[str, ...]] | None = None, two_axes: Callable[[str], bool] | None = None,
                 wrt: str = "", used: Collection[str] = (), said: dict[str, str] | None = None) -> None:
        self.used, self.said = used, {} if said is None else said
        self.scope, self.defined, self.equation, self.defines, self.wrt = scope, defined, equation, defines, wrt
        self.arguments = arguments or {}
        self._two_axes = two_axes
        self.barred, self.bars = False, ""          # whether bars stand around a square matrix, and what bars are, if that is known
        self.measured = ""          # the sign behind bars around a column, or before them, which makes two readings of them

    def has(self, name: str) -> bool:
        """Whether a variable is called so."""
        return name in self.scope.shapes or name in self.defined

    def knows(self, name: str) -> bool:
        """Whether anything is called so: a variable, a function, a size."""
        return self.has(name) or name in self.scope.functions or name in self.scope.origins

    def two_axes(self, name: str) -> bool:
        """Whether this is a vector that NumPy holds in two dimensions, as its definition says."""
        return name in self.defined and self._two_axes is not None and self._two_axes(name)

    def resolve(self, name: str) -> str:
        """A subscript as it was declared: x1 or x_1."""
        if self.knows(name):
            return name
        if "_" in name:
            bare = name.replace("_", "")
            return bare if self.knows(bare) else name
        head = name.rstrip("0123456789")
        spaced = f"{head}_{name[len(head):]}"
        return spaced if head != name and self.knows(spaced) else name

    def shape(self, name: str) -> Shape:
        """The shape of a name; of one that is not declared what its letter says, with sizes that are not known."""
        found = self.scope.shapes.get(name)
        if found is None and name in self.defined:
            found = self.defined[name]()
        if found is None and (name in self.scope.origins or name == "pi"):
            return SCALAR
        if found is not None:
            return found
        kind = "matrix" if name in ("I", "eye") else self.said[name] if self.said.get(name) in ("matrix", "vector") else usual(name)
        rows, cols = Dim.of(f"{UNKNOWN}{name}0"), Dim.of(f"{UNKNOWN}{name}1")
        return SCALAR if kind == "scalar" else (rows, ONE) if kind == "vector" else (rows, cols)


def lone(name: str) -> bool:
    """Whether a name is one letter, with a number behind it or none."""
    head = name.split("_")[0].rstrip("0123456789")
    return len(head) == 1 or head in SPELT_NAMES


def numbered(name: str, known: Callable[[str], bool]) -> bool:
    """Whether a name can be nothing but a letter of its own, with a number or none: not I3, nor x1 where x_1 is known.

    >>> [numbered(name, {"x_1", "W"}.__contains__) for name in ("W1", "beta", "x1", "Wx", "I3")]
    [True, True, False, False, False]
    """
    head = name.rstrip("0123456789")
    return "_" not in name and lone(name) and not (head == "I" != name) and (head == name or not known(f"{head}_{name[len(head):]}"))


def unknown(d: Dim) -> bool:
    """Whether a size is not known."""
    return any(n[0] == UNKNOWN for n in d.names)


def alike(a: Dim, b: Dim) -> bool:
    """Whether two sizes may be one."""
    return a is b or (a is not ONE and b is not ONE and (unknown(a) or unknown(b)))


def same(a: Shape, b: Shape) -> bool:
    """Whether two shapes may be one."""
    return alike(a[0], b[0]) and alike(a[1], b[1])


def is_plain_name(line: Line, around: Context) -> bool:
    """Whether a line is a name as the language writes it."""
    name = line.shown.strip()
    return name.isascii() and name.isidentifier() and around.resolve(name) == name


def arrays(texts: Sequence[str]) -> frozenset[str]:
    """The names that are arrays on a line of NumPy, for they have methods or stand beside an @."""
    return frozenset(t for before, t, after, last in zip(["", *texts], texts, [*texts[1:], ""], [*texts[2:], "", ""], strict=False)
                     if t[:1].isalpha() and before != "." and t not in MODULES and
                     ("@" in (before, after) or (after == "." and last[:1].isalpha())))


def totalled(texts: Sequence[str], open_scalar: Callable[[str], bool]) -> Iterator[str]:
    """The names that a line of NumPy takes a total of, where every name in it is a number by its letter: np.sum((a - b)**2)."""
    end = 0
    for k in (k for k, t in enumerate(texts[:-1]) if t in ("sum", "mean") and texts[k + 1] == "("):
        if k < end:
            continue
        end = closing(texts, k + 1)
        inside = list(names_in(texts, k + 2, end))
        if all(map(open_scalar, inside)):
            yield from [t for t in inside if t not in SPELT_NAMES] or inside


def names_in(texts: Sequence[str], begun: int, end: int) -> Iterator[str]:
    """The names in a part of a line of NumPy: no functions, modules, attributes or keywords."""
    return (t for before, t, after in zip(["", *texts[begun:end]], texts[begun:end], texts[begun + 1:end + 1], strict=False)
            if is_name(t) and after not in ("(", ".", "=") and before != "." and t not in MODULES)


def tables(texts: Sequence[str], named: Callable[[str], bool]) -> Iterator[str]:
    """The names that have two axes on a line of NumPy: X.shape[1], X[:, j], and the only name in what goes along axis 1."""
    for k in range(len(texts)):
        column = texts[k:k + 3] == ["[", ":", ","] and texts[k + 3] not in ("None", "np", "newaxis")
        if column or texts[k:k + 4] == [".", "shape", "[", "1"]:
            yield texts[k - 1]
        keyword = texts[k:k + 3] in (["axis", "=", "1"], ["dim", "=", "1"])
        if not keyword and not (texts[k:k + 2] == ["1", ")"] and texts[k - 1] in ("(", ",")):
            continue
        opened = opening([*texts[:k], ")"], k, ROUND)
        if not keyword and texts[opened - 1] not in REDUCED:
            continue
        begun = opened - 3 if texts[opened - 2:opened - 1] == ["."] and texts[opened - 3] not in MODULES else opened
        begun = opening(texts, begun, ROUND) if texts[begun] == ")" else begun
        inside = [*filter(is_name, texts[begun:begun + 1]), *names_in(texts, begun, k)]
        if len(set(inside)) == 1 and named(inside[0]):
            yield inside[0]
