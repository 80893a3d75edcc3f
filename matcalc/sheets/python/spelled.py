"""The words of a Python program as the dialect has them: casts taken off, functions of one expression written out."""

from __future__ import annotations

import ast
import copy
from collections.abc import Container

from ...language.shape import InputError
from .scope import LIBRARIES, Scope, local, without_text
from ...patterns import pattern

SAME = frozenset(("astype", "float", "double", "copy", "detach", "clone", "contiguous", "item", "numpy", "squeeze"))
WRAPPED = frozenset(("array", "asarray", "float", "tensor", "as_tensor", "float64", "squeeze"))
LOGICAL = {"logical_and": ast.BitAnd(), "logical_or": ast.BitOr(), "logical_not": ast.Invert()}
LONG = 4_000        # characters of an expression
WHOLE = pattern(r"int|bool|long|short|byte")        # types that cut off what is behind the point


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
            raise InputError(f"{base.id} is no library in this file")
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

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
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
        """Casts taken off, helper functions of the file written out."""
        f = node.func
        word = f.attr if isinstance(f, ast.Attribute) else f.id if isinstance(f, ast.Name) else ""
        library = isinstance(f, ast.Attribute) and isinstance(f.value, ast.Name) and f.value.id in self.scope.libraries
        method = isinstance(f, ast.Attribute) and not library
        of = f.value if method and isinstance(f, ast.Attribute) else node.args[0] if node.args else f
        kinds = [*node.args[not method:], *(k.value for k in node.keywords if k.arg == "dtype")]
        if word in (*SAME, *WRAPPED) and any(WHOLE.search(ast.unparse(k)) for k in kinds) and not self.is_mask(of):
            raise InputError(f"{ast.unparse(node)} is no function with a gradient")
        if (inside := uncast(node, self.scope.libraries)) is not node or word in LOGICAL and library:
            found: ast.expr = self.visit(_logical(node) if inside is node else inside)
            return found
        if word == "where" and library and len(node.args) == 3:
            mask, one, two = (self.visit(a) for a in node.args)
            return ast.BinOp(ast.BinOp(mask, ast.Mult(), one), ast.Add(), ast.BinOp(unless(mask), ast.Mult(), two))
        helper = self.scope.helpers.get(word) if isinstance(f, ast.Name) else None
        if isinstance(f, ast.Name) and word in self.scope.opaque:
            raise InputError(f"{word} is a function of the file that cannot be read")
        if helper is not None:
            return self.helped(helper, node)
        self.generic_visit(node)
        return node

    def helped(self, helper: ast.FunctionDef, node: ast.Call) -> ast.expr:
        """A function of the file that only returns something, with its arguments, its defaults and the numbers of the file put in."""
        body, names = without_text(helper), [a.arg for a in helper.args.args]
        if len(body) != 1 or not isinstance(body[0], ast.Return) or body[0].value is None or len(names) < len(node.args):
            raise InputError(f"{helper.name} has more than one statement that returns: it cannot be read")
        outer, own = self.scope.outer or self.scope, local(helper)
        swap = dict(zip(names[::-1], helper.args.defaults[::-1], strict=False)) | dict(zip(names, map(self.visit, node.args), strict=False))
        swap |= {k.arg or "**": self.visit(k.value) for k in node.keywords}
        if set(swap) != set(names):
            raise InputError(f"{helper.name} is called with other arguments than it has")

        class Put(ast.NodeTransformer):
            def visit_Name(self, inner: ast.Name) -> ast.expr:
                put: ast.expr = copy.deepcopy(swap.get(inner.id, inner))
                return put
        spelled = Spelled(outer._replace(opaque=outer.opaque | {helper.name}).inside(own))
        inner: ast.expr = spelled.visit(copy.deepcopy(body[0].value))
        swap = dict(outer.numbers) | swap
        functions = {id(n.func) for n in ast.walk(inner) if isinstance(n, ast.Call)}
        for n in ast.walk(inner):
            if isinstance(n, ast.Name) and n.id not in swap and id(n) not in functions and n.id not in LIBRARIES:
                raise InputError(f"{n.id} in {helper.name} has no value")
        out: ast.expr = Put().visit(inner)
        if len(ast.unparse(out)) > LONG:
            raise InputError(f"{helper.name} is too long where it is written out")
        return out

    def is_mask(self, of: ast.expr) -> bool:
        """Whether a value is a condition, or called so."""
        of = uncast(of, self.scope.libraries)
        of = _logical(of) if isinstance(of, ast.Call) else of
        return isinstance(of, ast.Compare) or isinstance(of, ast.Name) and of.id in self.masks or \
            isinstance(of, ast.UnaryOp) and self.is_mask(of.operand) or \
            isinstance(of, ast.BinOp) and isinstance(of.op, (ast.BitAnd, ast.BitOr)) and self.is_mask(of.left) and self.is_mask(of.right)


def uncast(node: ast.expr, libraries: Container[str] = ()) -> ast.expr:
    """x of x.astype(float) and np.array(x), which has the same entries."""
    if not isinstance(node, ast.Call):
        return node
    f = node.func
    if isinstance(f, ast.Attribute) and not (isinstance(f.value, ast.Name) and f.value.id in libraries):
        return f.value if f.attr in SAME else node
    return node.args[0] if (f.attr if isinstance(f, ast.Attribute) else f.id if isinstance(f, ast.Name) else "") in WRAPPED and \
        len(node.args) == 1 else node


def _logical(node: ast.Call) -> ast.expr:
    """x & y of np.logical_and(x, y)."""
    op = LOGICAL.get(node.func.attr if isinstance(node.func, ast.Attribute) else "")
    return node if op is None else ast.UnaryOp(op, *node.args) if isinstance(op, ast.Invert) and len(node.args) == 1 else \
        ast.BinOp(node.args[0], op, node.args[1]) if isinstance(op, ast.operator) and len(node.args) == 2 else node


def unless(mask: ast.expr) -> ast.expr:
    """1 - mask; of 1 - mask the mask."""
    opposite = isinstance(mask, ast.BinOp) and isinstance(mask.op, ast.Sub) and isinstance(mask.left, ast.Constant) and mask.left.value == 1
    return mask.right if opposite and isinstance(mask, ast.BinOp) else ast.BinOp(ast.Constant(1), ast.Sub(), mask)
