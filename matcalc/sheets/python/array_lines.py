"""Lines of NumPy: the name that each gives a value, and what they do with the names of arrays.

What is added to a product of arrays is one number, or a vector for each sample.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence

from ...reading.grammar.spellings import MODULES
from ...records import Record
from .python_text import one_statement, replaced
from .scope import last
from ...patterns import pattern

OWN = ("T", "shape")       # of an array
GRADIENT = pattern(r"(?:d[A-Z]\w*?_?d_?|d(?:loss|out|cost|[jl])_?d_?|(?:grad(?:ient)?(?!ients?$|s$)|nabla)_?|"
                   r"delta_|g_|g(?=[A-Z]|[a-z]\d*$)|d_?)(\w+)|(\w+?)_(?:grad(?:ient)?|bar)")
KEEPS = frozenset(("keepdims", "keepdim"))
Assigned = tuple[str, ast.expr]


def gradient_of(name: str) -> str:
    """The name of which another is the gradient, as programs call it.

    >>> [gradient_of(n) for n in ("dx", "d_x", "grad_x", "x_grad", "dL_dx", "dLdx", "delta_x", "gX", "gx", "x")]
    ['x', 'x', 'x', 'x', 'x', 'x', 'x', 'X', 'x', '']
    """
    found = GRADIENT.fullmatch(name)
    return (found[1] or found[2]) if found is not None else ""


def assignment(line: str) -> Assigned | None:
    """The name and the value of a line that gives one name a value."""
    node = one_statement(line)
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id, node.value
    return None


class Uses(Record):
    """What lines do with names: which are called as functions, are modules, factors of matrix products, transposed, asked for an attribute,
    have entries that are summed along an axis, are bounds; which are added to what, with the target; and whether a sum keeps its axis."""

    called: frozenset[int]
    modules: frozenset[str]
    multiplied: frozenset[str]
    turned: frozenset[str]
    asked: frozenset[str]
    summed: frozenset[str]
    bounds: frozenset[str]
    added: tuple[tuple[str, str, ast.expr], ...]
    keeps: bool


def uses(parsed: Sequence[Assigned]) -> Uses:
    """What the lines do with names."""
    nodes = [node for _, value in parsed for node in ast.walk(value)]
    names = Counter(n.id for n in nodes if isinstance(n, ast.Name))
    attributes = [(of.id, n.attr) for n in nodes if isinstance(n, ast.Attribute) and isinstance(of := _array(n.value), ast.Name)]
    dotted = Counter(n.value.id for n in nodes if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name) and n.attr not in OWN)
    return Uses(
        frozenset(id(n.func) for n in nodes if isinstance(n, ast.Call)),
        frozenset(name for name, k in names.items() if name in MODULES and dotted[name] == k),      # F of F.relu(z), and not that of F @ w
        frozenset(side.id for n in nodes if is_product(n) for side in ast.iter_child_nodes(n) if isinstance(side, ast.Name)),
        frozenset(name for name, attribute in attributes if attribute in TURNS),
        frozenset(name for name, _ in attributes),
        frozenset(name for n in nodes for name in _summed(n)),
        frozenset(ast.unparse(end).lstrip("-") for n in nodes if isinstance(n, ast.Call) and last(n.func) in BOUNDED
                  for end in n.args[-2:]),
        tuple((target, name, other) for target, value in parsed for name, other in terms(value)),
        any(isinstance(n, ast.keyword) and n.arg in KEEPS for n in nodes))


def _array(node: ast.expr) -> ast.expr:
    """What has the axes of a value: x of np.sin(x)."""
    while isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords and isinstance(node.func, ast.Attribute) and \
            ast.unparse(node.func.value) in MODULES and node.func.attr not in (*SUMS, *SQUARE, "diag"):
        node = node.args[0]
    return node


def terms(value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """The names that are added to something in a value, with what they are added to."""
    for node in ast.walk(value):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            for side, other in ((node.left, node.right), (node.right, node.left)):
                if isinstance(side, ast.Name):
                    yield side.id, other


def factors(lines: Iterable[str]) -> set[str]:
    """The names that stand in products of entries."""
    parsed = (p for line in lines if (p := assignment(line)) is not None)
    return {side.id for _, value in parsed for node in ast.walk(value) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)
            for side in (node.left, node.right) if isinstance(side, ast.Name)}


def is_product(node: ast.AST) -> bool:
    """Whether this is a @ b or a.dot(b)."""
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult) or \
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in PRODUCTS


def by_samples(value: ast.expr, samples: Container[str]) -> bool:
    """Whether the rows of a value are samples: its products begin with what is called as data are, or with what has samples in its rows.

    >>> [by_samples(ast.parse(t, mode="eval").body, {"H"}) for t in ("X @ W + b", "np.tanh(H)", "W @ X")]
    [True, True, False]
    """
    products = [node for node in ast.walk(value) if is_product(node)]
    names = [_first(node) for node in products] or [n.id for n in ast.walk(value) if isinstance(n, ast.Name)]
    found = [name[:1] in ("X", "x") or name == "Phi" or name in samples for name in names if name not in MODULES]
    return any(found) and (not products or all(found))


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


def _summed(node: ast.AST) -> set[str]:
    """The names of whose entries something is summed, or exponentiated and summed, along one axis, so that they have two; the name that is
    asked for its second size."""
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "shape":
        return {node.value.value.id} if isinstance(node.value.value, ast.Name) and ast.unparse(node.slice) == "1" else set()
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return set()
    base = node.func.value
    library = isinstance(base, (ast.Name, ast.Attribute)) and ast.unparse(base).partition(".")[0] in MODULES
    operand, *others = node.args if library else [base, *node.args]
    second = isinstance(others[0], ast.Constant) and others[0].value == 1 if others and node.func.attr in SUMS else False
    if not second and {"axis", "dim", *KEEPS}.isdisjoint(k.arg or "" for k in node.keywords):
        return set()
    waiting: list[ast.AST] = [operand]
    for part in waiting:        # which grows
        if not isinstance(part, ast.BinOp) or not isinstance(part.op, ast.MatMult):
            waiting += [] if isinstance(part, (ast.Call, ast.Subscript, ast.Attribute)) else ast.iter_child_nodes(part)
    return {part.id for part in waiting if isinstance(part, ast.Name)}


def one_number(value: ast.expr, name: str) -> bool:
    """Whether a value is a sum of everything, times what is made of a name alone that is not in the sum: such is not an array."""
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


def across(parsed: Iterable[Assigned]) -> int:
    """The axis along which samples stand: that over which sums go, else the first."""
    for _, value in parsed:
        for node in ast.walk(value):
            keys = {k.arg: k.value for k in node.keywords} if isinstance(node, ast.Call) else {}
            if "keepdims" in keys and isinstance(along := keys.get("axis"), ast.Constant):
                return int(along.value == 1 and not any(isinstance(n, ast.Attribute) and n.attr == "exp" for n in ast.walk(value)))
    return 0


def with_one_axis(line: str, columns: Container[str], rows: Container[str]) -> str:
    """A line in which biases of two axes have one: b[:, None] for one that is a column, and their gradients without keepdims."""
    parsed = assignment(line) if columns or rows else None
    if parsed is None:
        return line
    target, value = parsed
    if isinstance(value, ast.Call) and (target[1:] in columns or target[1:] in rows):
        value.keywords = [k for k in value.keywords if k.arg not in KEEPS]
    names = {n.id for n in ast.walk(value) if isinstance(n, ast.Name) and n.id in columns}
    return f"{target} = {ast.unparse(replaced(value, {n: ast.parse(f'{n}[:, None]', mode='eval').body for n in names}))}"


PRODUCTS = ("dot", "matmul", "mm", "bmm", "mv")
TURNS = ("T", "t", "mT", "transpose", "swapaxes")
SUMS = ("sum", "mean", "max", "min", "std", "var", "amax", "logsumexp")
BOUNDED = ("clip", "clamp")     # between the last two
SQUARE = ("trace", "det", "slogdet", "logdet", "inv", "matrix_power", "solve")
