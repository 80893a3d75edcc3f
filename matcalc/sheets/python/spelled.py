"""The words of a Python program as the dialect has them: casts taken off, methods as the operations that they are."""

from __future__ import annotations

import ast
from collections.abc import Container

from ...language.shape import InputError
from .scope import LIBRARIES, Scope, last
from ...patterns import pattern

SAME = frozenset(("astype", "float", "double", "copy", "detach", "clone", "contiguous", "item", "numpy", "squeeze", "requires_grad_"))
WRAPPED = frozenset(("array", "asarray", "float", "tensor", "as_tensor", "float64", "squeeze"))
LOGICAL = {"logical_and": ast.BitAnd(), "logical_or": ast.BitOr(), "logical_not": ast.Invert()}
WHOLE = pattern(r"int|bool|long|short|byte")        # types that cut off what is behind the point
LIKE = frozenset(("expand_as", "view_as", "reshape_as"))
ROWS: dict[tuple[str, ...], bool] = {       # of a vector, and whether it is a row
    ("unsqueeze", "0"): True, ("unsqueeze", "1"): False, ("unsqueeze", "-1"): False, ("reshape", "-1", "1"): False,
    ("reshape", "1", "-1"): True, ("view", "-1", "1"): False, ("view", "1", "-1"): True}
TWO_AXES = ({"-1", "-2"}, {"1", "2"})


class Spelled(ast.NodeTransformer):
    """Brings names and calls to those of the dialect."""

    def __init__(self, names: Scope, masks: Container[str] = ()) -> None:
        self.scope, self.masks = names, masks

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """A name as it is called here."""
        return ast.Name(self.scope.libraries.get(node.id, node.id), ast.Load())

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """What a module holds."""
        base = node.value
        if isinstance(base, ast.Name) and base.id in LIBRARIES and base.id in self.scope.opaque:
            raise InputError(f"{base.id} is not a library in this file")
        return self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        """x >= 0 is 1 also where x is 0: 1 - (0 > x); x == 0 is 1 where neither x > 0 nor 0 > x."""
        self.generic_visit(node)
        if len(node.ops) == 1 and isinstance(node.ops[0], (ast.Eq, ast.NotEq)):
            more, less = (unless(ast.Compare(node.left, [op], node.comparators)) for op in (ast.Gt(), ast.Lt()))
            equal = ast.BinOp(more, ast.Mult(), less)
            return equal if isinstance(node.ops[0], ast.Eq) else unless(equal)
        if len(node.ops) == 1 and isinstance(node.ops[0], (ast.GtE, ast.LtE)):
            return unless(ast.Compare(node.left, [ast.Lt() if isinstance(node.ops[0], ast.GtE) else ast.Gt()], node.comparators))
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """The product of conditions is where both hold."""
        both = isinstance(node.op, (ast.BitAnd, ast.BitOr)) and self.is_mask(node)
        self.generic_visit(node)
        if both and isinstance(node.op, ast.BitOr):
            return unless(ast.BinOp(unless(node.left), ast.Mult(), unless(node.right)))
        return ast.BinOp(node.left, ast.Mult(), node.right) if both else node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        """Where a condition does not hold."""
        other = isinstance(node.op, ast.Invert) and self.is_mask(node.operand)
        self.generic_visit(node)
        return unless(node.operand) if other else node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Casts taken off; a.mm(b), a.t(), a.transpose(0, 1) and the like as a @ b and a.T; sizes and ones as NumPy has them."""
        f, word = node.func, last(node.func)
        library = isinstance(f, ast.Attribute) and isinstance(f.value, ast.Name) and f.value.id in self.scope.libraries
        method = isinstance(f, ast.Attribute) and not library
        of = f.value if method and isinstance(f, ast.Attribute) else node.args[0] if node.args else f
        kinds = [*node.args[not method:], *(k.value for k in node.keywords if k.arg == "dtype")]
        if word in (*SAME, *WRAPPED) and any(WHOLE.search(ast.unparse(k)) for k in kinds) and not self.is_mask(of):
            raise InputError(f"{ast.unparse(node)} is not a function with a gradient")
        if (inside := uncast(node, self.scope.libraries)) is not node or word in LOGICAL and library:
            found: ast.expr = self.visit(_logical(node) if inside is node else inside)
            return found
        if word == "where" and library and len(node.args) == 3:
            mask, one, two = (self.visit(a) for a in node.args)
            return ast.BinOp(ast.BinOp(mask, ast.Mult(), one), ast.Add(), ast.BinOp(unless(mask), ast.Mult(), two))
        if isinstance(f, ast.Name) and word in self.scope.opaque:
            raise InputError(f"{word} is a function of the file that cannot be read")
        self.generic_visit(node)
        return self.method(node, word)

    def method(self, node: ast.Call, word: str) -> ast.AST:
        """A call, its parts read, as an operation."""
        f, args = node.func, node.args
        said = [ast.unparse(a) for a in args]
        if not isinstance(f, ast.Attribute):
            if word == "sum" and len(args) == 1:       # of Python, which adds the rows
                return ast.parse(f"np.sum({said[0]}, axis=0)", mode="eval").body
            return _size(args[0], ast.Constant(0)) if word == "len" and len(args) == 1 else node
        if word == "size" and len(args) == 1:
            return ast.Attribute(args[0], "size", ast.Load()) if self.in_library(f) else _size(f.value, args[0])
        turned = ROWS.get((word, *said))
        if turned is not None:
            axes: list[ast.expr] = [ast.Constant(None), ast.Slice()]
            return ast.Subscript(f.value, ast.Tuple(axes if turned else axes[::-1], ast.Load()), ast.Load())
        if word in ("transpose", "swapaxes") and set(said[-2:]) in TWO_AXES:
            return ast.Attribute(args[0] if self.in_library(f) else f.value, "T", ast.Load())
        if word in LIKE and len(args) == 1:
            return ast.BinOp(f.value, ast.Add(), ast.BinOp(ast.Constant(0), ast.Mult(), args[0]))
        return node

    def in_library(self, function: ast.Attribute) -> bool:
        """Whether this is np.f, read already, and no method."""
        return isinstance(function.value, ast.Name) and function.value.id in self.scope.libraries.values()

    def is_mask(self, of: ast.expr) -> bool:
        """Whether a value is a condition, or called so."""
        of = uncast(of, self.scope.libraries)
        of = _logical(of) if isinstance(of, ast.Call) else of
        return isinstance(of, ast.Compare) or isinstance(of, ast.Name) and of.id in self.masks or \
            isinstance(of, ast.UnaryOp) and self.is_mask(of.operand) or \
            isinstance(of, ast.BinOp) and isinstance(of.op, (ast.BitAnd, ast.BitOr)) and self.is_mask(of.left) and self.is_mask(of.right)


def uncast(node: ast.expr, libraries: Container[str] = ()) -> ast.expr:
    """x of x.astype(float) and np.array(x), which has the same entries."""
    f = node.func if isinstance(node, ast.Call) else node
    if isinstance(f, ast.Attribute) and not (isinstance(f.value, ast.Name) and f.value.id in libraries):
        return f.value if isinstance(node, ast.Call) and f.attr in SAME else node
    return node.args[0] if isinstance(node, ast.Call) and last(f) in WRAPPED and len(node.args) == 1 else node


def _logical(node: ast.Call) -> ast.expr:
    """x & y of np.logical_and(x, y)."""
    op = LOGICAL.get(last(node.func) if isinstance(node.func, ast.Attribute) else "")
    return node if op is None else ast.UnaryOp(op, *node.args) if isinstance(op, ast.Invert) and len(node.args) == 1 else \
        ast.BinOp(node.args[0], op, node.args[1]) if isinstance(op, ast.operator) and len(node.args) == 2 else node


def unless(mask: ast.expr) -> ast.expr:
    """1 - mask; of 1 - mask the mask."""
    opposite = isinstance(mask, ast.BinOp) and isinstance(mask.op, ast.Sub) and isinstance(mask.left, ast.Constant) and mask.left.value == 1
    return mask.right if opposite and isinstance(mask, ast.BinOp) else ast.BinOp(ast.Constant(1), ast.Sub(), mask)


def by_rows(value: ast.expr, rows: ast.expr) -> ast.expr:
    """The product of rows with a number, or with one for each of them.

    >>> [ast.unparse(by_rows(ast.parse(v, mode="eval").body, ast.Name("Y"))) for v in ("-1", "g")]
    ['-1 * Y', '(Y.T * g).T']
    """
    if not any(isinstance(n, ast.Name) for n in ast.walk(value)):
        return ast.BinOp(value, ast.Mult(), rows)
    return ast.Attribute(ast.BinOp(ast.Attribute(rows, "T", ast.Load()), ast.Mult(), value), "T", ast.Load())


def _size(of: ast.expr, axis: ast.expr) -> ast.expr:
    """x.shape[0]"""
    return ast.Subscript(ast.Attribute(of, "shape", ast.Load()), axis, ast.Load())
