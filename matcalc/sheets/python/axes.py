"""Sizes of axes that must be equal, and how NumPy broadcasts and sums over them.

What is added to a product of arrays is one number, or a vector for each sample.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence

from ...reading.dialects.spellings import MODULES
from .python_text import one_statement
from ...patterns import pattern

OWN = ("T", "shape")       # of an array
GRADIENT = pattern(r"(?:d[A-Z]\w*?_?d_?|d(?:loss|out)_?d_?|grad_?|delta_|g_|g(?=[A-Z])|d_?)(\w+)|(\w+?)_(?:grad|bar)")
COLUMN, ROW = 3, 4      # of two axes, a bias with one place along the samples


def gradient_of(name: str) -> str:
    """The name of which another is the gradient, as programs call it.

    >>> [gradient_of(n) for n in ("dx", "d_x", "grad_x", "x_grad", "dL_dx", "dLdx", "delta_x", "gX", "x")]
    ['x', 'x', 'x', 'x', 'x', 'x', 'x', 'X', '']
    """
    found = GRADIENT.fullmatch(name)
    return (found[1] or found[2]) if found is not None else ""


def as_modules(values: Iterable[ast.expr]) -> set[str]:
    """The names of modules that stand only before a dot: F of F.relu(z), and not that of F @ w or F.T."""
    nodes = [node for value in values for node in ast.walk(value)]
    dotted = Counter(n.value.id for n in nodes if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name) and n.attr not in OWN)
    return {name for name, k in Counter(n.id for n in nodes if isinstance(n, ast.Name)).items() if name in MODULES and dotted[name] == k}


def terms(value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """The names that are added to something in a value, with what they are added to."""
    for node in ast.walk(value):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            for side, other in ((node.left, node.right), (node.right, node.left)):
                if isinstance(side, ast.Name):
                    yield side.id, other


def is_product(node: ast.AST) -> bool:
    """Whether this is a @ b or a.dot(b)."""
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult) or \
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("dot", "matmul")


def by_samples(value: ast.expr, samples: Container[str]) -> bool:
    """Whether the rows of a value are samples: its products begin with what is called as data are, or with what has samples in its rows.

    >>> [by_samples(ast.parse(t, mode="eval").body, {"H"}) for t in ("X @ W + b", "np.tanh(H)", "W @ X")]
    [True, True, False]
    """
    products = [node for node in ast.walk(value) if is_product(node)]
    names = [_first(node) for node in products] or [n.id for n in ast.walk(value) if isinstance(n, ast.Name)]
    found = [name[:1] in ("X", "x") or name == "Phi" or name in samples for name in names if name not in MODULES]
    return any(found) and (not products or all(found))


def is_called(value: ast.expr, name: ast.Name) -> bool:
    """Whether a name is that of a function in a value."""
    return any(isinstance(node, ast.Call) and node.func is name for node in ast.walk(value))


def summed(node: ast.AST) -> set[str]:
    """The names of whose entries something is summed, or exponentiated and summed, along one axis, so that they have two."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return set()
    base = node.func.value
    library = isinstance(base, (ast.Name, ast.Attribute)) and ast.unparse(base).partition(".")[0] in MODULES
    operand, *others = node.args if library else [base, *node.args]
    second = isinstance(others[0], ast.Constant) and others[0].value == 1 if others and node.func.attr in SUMS else False
    if not second and {"axis", "dim", "keepdims", "keepdim"}.isdisjoint(k.arg or "" for k in node.keywords):
        return set()
    waiting: list[ast.AST] = [operand]
    for part in waiting:        # which grows
        if not isinstance(part, ast.BinOp) or not isinstance(part.op, ast.MatMult):
            waiting += [] if isinstance(part, (ast.Call, ast.Subscript, ast.Attribute)) else ast.iter_child_nodes(part)
    return {part.id for part in waiting if isinstance(part, ast.Name)}


def one_number(value: ast.expr, name: str) -> bool:
    """Whether a value is a sum of everything, times what is made of a name alone that is not in the sum: such is no array."""
    factors, sums = [value], 0
    for part in factors:        # which grows
        if isinstance(part, ast.BinOp) and isinstance(part.op, (ast.Mult, ast.Div)):
            factors += [part.left, part.right]
        elif isinstance(part, ast.UnaryOp):
            factors.append(part.operand)
        else:
            inside = {n.id for n in ast.walk(part) if isinstance(n, ast.Name)} - {*MODULES}
            call = isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute) and part.func.attr == "sum" and not part.keywords
            whole = call and len(part.args) == (ast.unparse(part.func.value) in MODULES) and name not in inside   # type: ignore[attr-defined]
            sums += whole
            if not whole and not inside <= {name}:
                return False
    return sums > 0


def is_multiplied(name: str, parsed: Sequence[tuple[str, ast.expr]]) -> bool:
    """Whether a name is a factor of a matrix product."""
    products = (node for _, value in parsed for node in ast.walk(value) if is_product(node))
    return any(isinstance(side, ast.Name) and side.id == name for node in products for side in ast.iter_child_nodes(node))


def is_softmax(value: ast.expr) -> bool:
    """Whether exponentials stand in a value."""
    return any(isinstance(node, ast.Attribute) and node.attr == "exp" for node in ast.walk(value))


def _first(node: ast.AST) -> str:
    """The first name of a product."""
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.BinOp):
            node = node.left
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            library = isinstance(node.func.value, ast.Name) and node.func.value.id in MODULES
            node = node.args[0] if library and node.args else node.func.value
        elif isinstance(node, ast.Attribute):
            node = node.value
        else:
            return ""
    return node.id


Axis = int | str        # a size that is known, or the name of one that is not


SUMS = ("sum", "mean", "max", "min", "std", "var", "amax", "logsumexp")


class SizeMismatch(Exception):
    """Two sizes that cannot be equal."""


class Axes:
    """Sizes of axes known to be equal, as a union-find structure that can go back to an earlier state."""

    def __init__(self) -> None:
        self.parent: dict[str, Axis] = {}
        self.trail: list[str] = []
        self.apart: set[Axis] = set()       # sizes that what follows makes equal to no other one
        self.own: set[Axis] = set()         # sizes that have a name of their own
        self.many = 0

    def fresh(self) -> Axis:
        """A new size of which nothing is known."""
        self.many += 1
        return f"?{self.many}"

    def root(self, axis: Axis) -> Axis:
        """The representative of a size."""
        while isinstance(axis, str) and axis in self.parent:
            axis = self.parent[axis]
        return axis

    def join(self, a: Axis, b: Axis) -> None:
        """Make two sizes equal; SizeMismatch where they cannot be."""
        a, b = self.root(a), self.root(b)
        if a == b:
            return
        if a in self.apart and b in self.apart or (a in self.own or isinstance(a, int)) and (b in self.own or isinstance(b, int)):
            raise SizeMismatch
        key, value = (a, b) if isinstance(a, str) and a not in self.own else (b, a)
        assert isinstance(key, str)
        self.parent[key] = value
        self.trail.append(key)

    def same(self, one: Sequence[Axis], two: Sequence[Axis]) -> None:
        """Make two shapes one; no size of samples becomes 1 so."""
        if len(one) != len(two) or any((self.root(a) == 1) != (self.root(b) == 1) for a, b in zip(one, two, strict=True)):
            raise SizeMismatch
        for a, b in zip(one, two, strict=True):
            self.join(a, b)

    def mark(self) -> int:
        """A state to which `back` returns."""
        return len(self.trail)

    def back(self, mark: int) -> None:
        """Take back what was made one since."""
        while len(self.trail) > mark:
            del self.parent[self.trail.pop()]


def spread(axes: Axes, shapes: Sequence[tuple[Axis, ...] | None]) -> tuple[Axis, ...] | None:
    """The shape of arrays that are combined entry by entry."""
    if None in shapes:
        return None
    known = [s for s in shapes if s is not None]
    out: list[Axis] = []
    for k in range(1, max(map(len, known)) + 1):
        sizes = [axes.root(s[-k]) for s in known if len(s) >= k]
        wide = [s for s in sizes if s != 1]
        for size in wide[1:]:
            axes.join(wide[0], size)
        out.insert(0, wide[0] if wide else 1)
    return tuple(out)


def reduced(axes: Axes, shape: tuple[Axis, ...] | None, node: ast.Call, given: Sequence[ast.expr]) -> tuple[Axis, ...] | None:
    """The shape of a sum, a mean or a maximum of the first of what is given, along the axis that a keyword or the second names."""
    if shape is None:
        return None
    keys = {k.arg: k.value for k in node.keywords}
    along, kept = keys.get("axis", keys.get("dim", given[1] if len(given) > 1 else None)), keys.get("keepdims", keys.get("keepdim"))
    try:
        axis, keep = (None if n is None else ast.literal_eval(n) for n in (along, kept))
    except ValueError:
        return None
    if axis is None:
        return ()
    if not isinstance(axis, int) or not -len(shape) <= axis < len(shape) or keep and len(shape) < 2:
        raise SizeMismatch
    axis %= len(shape)
    return tuple(1 if k == axis else s for k, s in enumerate(shape) if k != axis or keep)


class Thin(ast.NodeTransformer):
    """Writes b[:, None] for a bias that stands along the samples as a column, and takes its gradient's keepdims off."""

    def __init__(self, columns: set[str]) -> None:
        self.columns = columns

    def visit_Name(self, node: ast.Name) -> ast.expr:  # noqa: N802
        """A name that is used."""
        if node.id not in self.columns or not isinstance(node.ctx, ast.Load):
            return node
        return ast.parse(f"{node.id}[:, None]", mode="eval").body


def with_one_axis(line: str, thin: dict[str, int]) -> str:
    """A line in which biases of two axes have one."""
    parsed = assignment(line) if thin else None
    if parsed is None:
        return line
    target, value = parsed
    if target[1:] in thin and isinstance(value, ast.Call):
        value.keywords = [k for k in value.keywords if k.arg not in ("keepdims", "keepdim")]
    made = Thin({n for n, axes in thin.items() if axes == COLUMN}).visit(value)
    return f"{target} = {ast.unparse(made)}"


def assignment(line: str) -> tuple[str, ast.expr] | None:
    """The name and the value of a line that gives one name a value."""
    node = one_statement(line)
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id, node.value
    return None
