"""The names and expressions of a Python program, as its sheet has them: what is stored, taken apart, copied and cast is what it was."""

from __future__ import annotations

import ast
import copy
from collections.abc import Container, Iterable

from ...language.shape import InputError
from ..python.array_lines import gradient_of
from ..python.spelled import Spelled
from ..python.scope import HOLDERS, last, loaded, local, parameters, scope
from ...patterns import pattern

PRODUCTS = frozenset(("mm", "matmul", "bmm", "mv"))
COPIES = frozenset(("copy", "clone"))
SELF = frozenset(("contiguous", "requires_grad_"))
LIKE = frozenset(("expand_as", "view_as", "reshape_as"))
ENTRYWISE = frozenset(("log", "exp", "log1p", "sqrt", "square", "tanh"))
PICKING = frozenset(("nll_loss", "cross_entropy"))
ROWS = frozenset(("range", "arange"))
GRADIENTS = pattern(r"grad|^d$")


def elements(value: ast.expr) -> list[ast.expr] | None:
    """The elements of a tuple, a list or a dictionary that is written out."""
    return list(value.values) if isinstance(value, ast.Dict) else list(value.elts) if isinstance(value, (ast.Tuple, ast.List)) else None


def key(node: ast.AST) -> str | int | None:
    """The word or number in the brackets of a[..]."""
    inside = node.slice if isinstance(node, ast.Subscript) else None
    return inside.value if isinstance(inside, ast.Constant) and isinstance(inside.value, (str, int)) else None


class ProgramNames:
    """What the names of a program stand for."""

    def __init__(self, tree: ast.Module) -> None:
        whole = scope(tree)
        self.file = whole._replace(libraries={n: "torch" if library == "F" else library for n, library in whole.libraries.items()})
        self.libraries = self.file.libraries
        named = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
        imported = {m.partition(".")[0] for n in ast.walk(tree) for m in (
            [a.name for a in n.names] if isinstance(n, ast.Import) else [n.module or ""] if isinstance(n, ast.ImportFrom) else [])}
        self.torch = named.isdisjoint(("np", "numpy")) and ("numpy" not in imported or "torch" in imported | named)
        self.kept: dict[str, list[ast.expr]] = {}           # tuples, by their names
        self.called: dict[str, ast.expr] = {}               # what a name stands for
        self.free: dict[str, str] = {}                      # what the holder of a pass has without being given it, with its name
        self.stale = set[str]()                             # names of which no value is known
        self.all_known = frozenset[str]()                   # names of the forward pass, and of what arrives from above
        self.saved: list[ast.expr] = []                     # what is saved for the backward pass
        self.arguments: list[str] = []
        self.taken: set[str] = set()
        self.masks: dict[str, ast.expr] = {}                # conditions, by their names
        self.one_hot: dict[str, None] = {}
        self.numbers: dict[str, None] = {}                  # parameters with a number as default

    def read(self, node: ast.expr) -> ast.expr:
        """An expression in the names of the sheet."""
        copied = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in COPIES
        methods = _Methods({*self.scope.opaque, *self.scope.helpers}, self.numbers)
        found: ast.expr = _Named(self).visit(self.spelled(methods.visit(copy.deepcopy(node))))
        return ast.fix_missing_locations(ast.UnaryOp(ast.UAdd(), found) if copied else found)      # what changes the copy does not change x

    def spelled(self, node: ast.expr) -> ast.expr:
        """An expression in the words of the dialect."""
        found: ast.expr = Spelled(self.scope, masks=self.masks).visit(copy.deepcopy(node))
        return found

    def enters(self, f: ast.FunctionDef, after: ast.FunctionDef | None = None) -> None:
        """A function begins, with names of its own, of which only its parameters have a value; a script has none. After the forward pass,
        what is neither given nor of the file has no value either."""
        self.scope = self.file.inside(local(f))
        if parameters(f):
            given = {a.arg for a in ast.walk(f) if isinstance(a, ast.arg)}
            self.stale |= local(f) - given - {(a.asname or a.name).partition(".")[0] for a in ast.walk(f) if isinstance(a, ast.alias)}
        if after is not None:
            self.stale |= loaded(f) - set(parameters(f)) - self.file.known() - (loaded(after) - local(after))
        self.called = {n: v for n, v in self.called.items() if not n.isidentifier()} | self.scope.numbers

    def fresh(self, name: str) -> str:
        """A name that nothing has so far."""
        while name in self.taken:
            name += "_"
        self.taken.add(name)
        return name

    def parts(self, value: ast.expr, count: int) -> list[ast.expr] | None:
        """What a value is taken apart into."""
        if isinstance(value, ast.Attribute) and value.attr == "saved_tensors":
            return self.saved
        if isinstance(value, ast.Attribute) and value.attr == "shape":
            return [ast.Subscript(value, ast.Constant(k), ast.Load()) for k in range(count)]
        return self.kept.get(value.id) if isinstance(value, ast.Name) else elements(value)

    def place(self, node: ast.expr) -> str:
        """What is assigned to: x of x, x[:] and x[...], self.x, cache['x'], dW of grads["W"] and W.grad; none for a part."""
        if isinstance(node, ast.Name):
            return node.id
        if isinstance(node, ast.Attribute):
            return f"d{last(node.value)}" if node.attr == "grad" else f"self.{node.attr}" if last(node.value) in HOLDERS else ""
        if not isinstance(node, ast.Subscript):
            return ""
        inside, word = node.slice, key(node)
        if isinstance(inside, ast.Slice) and inside.lower is inside.upper is None or \
                isinstance(inside, ast.Constant) and inside.value is Ellipsis:
            return self.place(node.value)
        if word is not None and GRADIENTS.search(last(node.value)):
            of = self.kept.get("params", [])
            name = word if isinstance(word, str) else last(of[word]) if -len(of) <= word < len(of) else ""
            return name and (name if gradient_of(name) in self.taken else f"d{name}")
        return f"{last(node.value)}[{word!r}]" if isinstance(word, str) else ""

    def mask(self, node: ast.expr) -> ast.expr | None:
        """A condition, or the one that a name stands for, in the names of the sheet; several are multiplied."""
        if isinstance(node, (ast.Name, ast.Attribute)):
            return self.masks.get(last(node))
        return self.read(node) if Spelled(self.scope, self.masks).is_mask(node) else None

    def of_labels(self, node: ast.AST) -> str | None:
        """The one-hot rows of y, for P[range(n), y]."""
        if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Tuple) or len(node.slice.elts) != 2:
            return None
        rows, label = node.slice.elts
        if not isinstance(rows, ast.Call) or last(rows.func) not in ROWS or len(rows.args) != 1:
            return None
        every = self.read(rows.args[0])         # of all rows
        return self.labels(label) if isinstance(every, (ast.Name, ast.Subscript, ast.Attribute)) else None

    def labels(self, label: ast.expr) -> str | None:
        """The matrix with a row for each label, 1 where it is."""
        found = self.read(label) if isinstance(label, (ast.Name, ast.Attribute)) else label
        if not isinstance(found, ast.Name):
            return None
        name = f"Onehot_{found.id}"
        self.one_hot[name] = None
        return name


class _Methods(ast.NodeTransformer):
    """a.mm(b), a.t(), a.transpose(0, 1) and the like as a @ b and a.T; sizes and ones as NumPy has them."""

    def __init__(self, named: Container[str] = (), numbers: dict[str, None] | None = None) -> None:
        self.named, self.numbers = named, {} if numbers is None else numbers

    def visit_Call(self, node: ast.Call) -> ast.AST:  # noqa: N802
        """A call."""
        self.generic_visit(node)
        f, args = node.func, node.args
        word = last(f)
        if not isinstance(f, ast.Attribute):
            if word == "sum" and len(args) == 1 and "sum" not in self.named:       # of Python, which adds the rows
                return ast.parse(f"np.sum({ast.unparse(args[0])}, axis=0)", mode="eval").body
            return _shape(args[0], 0) if word == "len" and len(args) == 1 else node
        if word in PRODUCTS and args:
            left, right = args if len(args) == 2 else (f.value, args[0])
            return ast.BinOp(left, ast.MatMult(), right)
        if word == "t" or word == "transpose" and {ast.unparse(a) for a in args} in ({"0", "1"}, {"-1", "-2"}, {"1", "2"}):
            return ast.Attribute(f.value, "T", ast.Load())
        if word == "size" and len(args) == 1:
            return ast.Subscript(ast.Attribute(f.value, "shape", ast.Load()), args[0], ast.Load())
        if word in SELF:
            return f.value
        if word == "unsqueeze" and [ast.unparse(a) for a in args] in (["0"], ["1"], ["-1"]):
            return _with_axis(f.value, ast.unparse(args[0]) == "0")
        if word in LIKE and len(args) == 1:
            return ast.BinOp(f.value, ast.Add(), ast.BinOp(ast.Constant(0), ast.Mult(), args[0]))
        if word == "get" and len(args) == 2 and isinstance(args[0], ast.Constant) and isinstance(args[1], ast.Constant) and \
                isinstance(args[0].value, str) and isinstance(args[1].value, (int, float)):
            self.numbers[args[0].value] = None
            return ast.Subscript(f.value, args[0], ast.Load())
        if word in ("ones_like", "zeros_like") and len(args) == 1:
            zero = ast.BinOp(ast.Constant(0), ast.Mult(), args[0])
            return zero if word == "zeros_like" else ast.BinOp(zero, ast.Add(), ast.Constant(1))
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:  # noqa: N802
        """v[None] is a row."""
        self.generic_visit(node)
        return _with_axis(node.value, True) if ast.unparse(node.slice) in ("None", "np.newaxis") else node


class _Named(ast.NodeTransformer):
    """Brings what is stored and what is called otherwise to the names of the sheet."""

    def __init__(self, names: ProgramNames) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:  # noqa: N802
        """A name."""
        return self.found(node.id, node.id)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.expr:  # noqa: N802
        """A value that is given a name in passing."""
        raise InputError(f"{node.target.id} is assigned inside of an expression")

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:  # noqa: N802
        """In a program ^ is no power."""
        if isinstance(node.op, ast.BitXor):
            raise InputError(f"{ast.unparse(node)} is no power in Python", hint="write ** for the power")
        return self.generic_visit(node)

    def found(self, key: str, otherwise: str) -> ast.expr:
        """What a name stands for, as far as that is known."""
        if key in self.names.stale:
            raise InputError(f"the value of {key} is not known here")
        return copy.deepcopy(self.names.called.get(key, ast.Name(otherwise, ast.Load())))

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:  # noqa: N802
        """self.x, ctx.x and W.data."""
        if isinstance(node.value, ast.Name) and node.value.id in HOLDERS and node.attr != "saved_tensors":
            key, free = f"self.{node.attr}", self.names.free.get(node.attr)
            if free is None and key not in self.names.called and node.attr in self.names.all_known:
                raise InputError(f"{key} has no value here")
            return self.found(key, free or node.attr)
        if node.attr in ("data", "value") or node.attr == "values" and isinstance(node.value, ast.Call):
            found: ast.AST = self.visit(node.value)
            return found
        return self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:  # noqa: N802
        """cache["x"], cache[0], x.max(1)[0] and the entries of labels."""
        labels, word = self.names.of_labels(node), key(node)
        if labels is not None:
            return ast.parse(f"np.sum({labels} * {ast.unparse(self.visit(node.value))}, axis=1)", mode="eval").body
        if isinstance(word, str):
            places = [f"{last(node.value)}[{word!r}]"]
            if places[0] not in self.names.called:
                places = [k for k in self.names.called if k.endswith(f"[{word!r}]")] or places
            if len({ast.unparse(self.names.called[k]) for k in places if k in self.names.called}) > 1:
                raise InputError(f"{ast.unparse(node)} can be {' or '.join(places)}")
            return self.found(places[0], self.names.free.get(word, word))
        if word == 0 and self.names.torch and isinstance(node.value, ast.Call) and last(node.value.func) == "max":
            found: ast.AST = self.visit(node.value)
            return found
        parts = self.names.kept.get(last(node.value), []) if isinstance(word, int) else []
        if isinstance(word, int) and -len(parts) <= word < len(parts) and not isinstance(node.value, ast.Subscript):
            return copy.deepcopy(parts[word])
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:  # noqa: N802
        """x.var() is that of the library, the logarithm of labelled entries the labelled one of all; np.ones((x.shape[0], x.shape[1])) has
        ones where x has entries."""
        labels = self.names.of_labels(node.args[0]) if len(node.args) == 1 and not node.keywords else None
        if labels is not None and last(node.func) in ENTRYWISE:
            picked = node.args[0]
            assert isinstance(picked, ast.Subscript)
            inside = ast.unparse(self.visit(picked.value))
            return ast.parse(f"np.sum({labels} * {ast.unparse(node.func)}({inside}), axis=1)", mode="eval").body
        self.generic_visit(node)
        if last(node.func).endswith("_") or any(k.arg in ("out", "inplace", "where") for k in node.keywords):
            raise InputError(f"{ast.unparse(node)} changes an array")
        word, method = last(node.func), isinstance(node.func, ast.Attribute) and not (
            isinstance(node.func.value, ast.Name) and node.func.value.id in self.names.libraries.values())
        onehot = self.names.labels(node.args[1]) if word in PICKING and len(node.args) == 2 and not node.keywords else None
        if word == "one_hot" and node.args and (rows := self.names.labels(node.args[0])) is not None:
            return ast.Name(rows, ast.Load())
        if onehot is not None:
            scores = ast.unparse(node.args[0])
            picked = scores if word == "nll_loss" else f"torch.log_softmax({scores}, dim=-1)"
            return ast.parse(f"-np.sum({onehot} * {picked}) / ({scores}).shape[0]", mode="eval").body
        if isinstance(node.func, ast.Attribute) and method and node.func.attr in ("var", "std"):
            library = ast.Name("torch" if self.names.torch else "np", ast.Load())
            return ast.Call(ast.Attribute(library, node.func.attr, ast.Load()), [node.func.value, *node.args], node.keywords)
        if last(node.func) in ("ones", "zeros") and len(node.args) == 1:
            of = _of_shape(node.args[0])
            if of is not None:
                like = ast.Attribute(ast.Name("np", ast.Load()), f"{last(node.func)}_like", ast.Load())
                return _Methods().visit_Call(ast.Call(like, [of], []))
        return node


def _with_axis(of: ast.expr, row: bool) -> ast.expr:
    """v[None, :] or v[:, None]"""
    axes: list[ast.expr] = [ast.Constant(None), ast.Slice()]
    return ast.Subscript(of, ast.Tuple(axes if row else axes[::-1], ast.Load()), ast.Load())


def _shape(of: ast.expr, axis: int) -> ast.expr:
    return ast.Subscript(ast.Attribute(of, "shape", ast.Load()), ast.Constant(axis), ast.Load())


def _of_shape(sizes: ast.expr) -> ast.expr | None:
    """The array whose shape this is: x.shape, (x.shape[0], x.shape[1])."""
    if isinstance(sizes, ast.Attribute) and sizes.attr == "shape":
        return sizes.value
    parts: Iterable[ast.expr] = sizes.elts if isinstance(sizes, ast.Tuple) else ()
    found = [(ast.unparse(p.value), key(p)) for p in parts if isinstance(p, ast.Subscript)]
    if len(found) == 2 and [k for _, k in found] == [0, 1] and found[0][0] == found[1][0] and found[0][0].endswith(".shape"):
        return ast.parse(found[0][0].removesuffix(".shape"), mode="eval").body
    return None
