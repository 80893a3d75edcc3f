"""A gradient function in NumPy or PyTorch as a sheet: its assignments are definitions, what it returns is the last line.

The function is read and never run. Names are those of the task; a name that is assigned twice is another name each time.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Container, Mapping
from types import MappingProxyType

from ..language.shape import InputError
from ..reading.parse import problem
from .numpy_lines import marked
from .program_scope import Scope, local, scope
from .reassigned import LIBRARIES, changed
from .definition_parts import as_text, ordered
from .records import Row
from .sheet import Sheet
from .task import Task, begin

SAME = frozenset(("astype", "float", "double", "copy", "detach", "clone", "contiguous", "item", "numpy", "squeeze"))
WRAPPED = frozenset(("array", "asarray", "float", "tensor", "as_tensor", "float64", "squeeze"))
WHOLE = re.compile(r"int|bool|long|short|byte")        # types that cut off what is behind the point
NOTHING: Mapping[str, str] = MappingProxyType({})
FIRST = ("grad", "gradient", "backward")
FORM = "assignments of one name, augmented ones, and a return"


def code(text: str, given: Task) -> Sheet:
    """A Python file as a sheet that follows a task."""
    if not given.asked:
        raise InputError("code is judged against the answer of a task", hint="give --task FILE with a line such as `expect d(f)/d(w)`")
    try:
        tree = ast.parse(text)
    except SyntaxError as e:
        raise InputError(f"this is not Python: {e.msg}", e.lineno, e.offset, (e.text or "").rstrip()) from None
    sheet = begin(Sheet(), given)
    sheet.text, sheet.code = text, True
    function = _function(tree)
    Code(sheet, scope(tree).inside(local(function)), text.splitlines()).function(function, given.asked)
    return sheet


def entry(text: str) -> tuple[int, list[str], str]:
    """The line, the arguments and the name of the function that is judged."""
    function = _function(ast.parse(text))
    return function.lineno, [a.arg for a in (*function.args.posonlyargs, *function.args.args)], function.name


def _function(tree: ast.Module) -> ast.FunctionDef:
    """The function that is called like a gradient, else the last one."""
    defined = {n.name: n for n in tree.body if isinstance(n, ast.FunctionDef)}
    if not defined:
        raise InputError("there is no function in this file")
    names = [n for n in defined if n.startswith(FIRST) or n.endswith(FIRST)] or list(defined)[-1:]
    return defined[names[0]]


class Code:
    """Turns the statements of a Python function into rows."""

    def __init__(self, sheet: Sheet, names: Scope, lines: list[str]) -> None:
        self.sheet, self.scope, self.lines = sheet, names, lines
        self.called: dict[str, str] = {}
        self.unfit: set[str] = set()

    def function(self, function: ast.FunctionDef, asked: str) -> None:
        """The body of the function that is judged."""
        sheet = self.sheet
        for argument in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs):
            if not sheet.names.known(argument.arg) and not sheet.size(argument.arg) and argument.arg != "self":
                raise InputError(f"{argument.arg} is not declared in the task", function.lineno, argument.col_offset + 1,
                                 self.line(function.lineno), "name the arguments as in the task")
        for node in function.body:
            if self.statement(node, asked):
                return
        raise InputError(f"{function.name} returns nothing", function.lineno, 1, self.line(function.lineno))

    def line(self, number: int) -> str:
        """A line of the file."""
        return self.lines[number - 1].strip() if 0 < number <= len(self.lines) else ""

    def statement(self, node: ast.stmt, asked: str) -> bool:
        """One statement; whether it returns."""
        if isinstance(node, (ast.Import, ast.ImportFrom, ast.Pass, ast.Assert)) or isinstance(node, ast.Expr) and (
                isinstance(node.value, ast.Constant) or isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name)
                and node.value.func.id == "print"):
            return False
        if isinstance(node, ast.Return):
            self.returned(node, asked)
            return True
        target, value = self.parts(node)
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Attribute) and value.attr == "shape" and self.shape_of(target, value):
            return False
        if not isinstance(target, ast.Name) or value is None:
            self.unread(node, f"{_called(node)} cannot be read", FORM)
            return False
        try:
            text = self.text(value)
        except InputError as e:
            self.unread(node, e.message, e.hint, target.id)
            return False
        name = self.fresh(target.id)
        self.called[target.id] = name
        self.sheet.defined(name, text, node.lineno)
        if not self.fits():
            self.unfit.add(name)
        self.sheet.rows.append(Row(node.lineno, "", name, self.line(node.lineno), defines=name))
        return False

    def fits(self) -> bool:
        """Whether the assignments so far that rest on nothing unread can be read together."""
        known = [(n, b, k) for n, b, k in self.sheet.define if n not in self.unfit and not self.rests(b)]
        try:
            problem(self.sheet.declare, as_text(ordered(known)))
        except InputError:
            return False
        return True

    def rests(self, text: str) -> bool:
        """Whether a text has a name that could not be read."""
        return bool(self.unfit | set(self.sheet.unread)) and any(
            w in self.unfit or w in self.sheet.unread for w in re.findall(r"[A-Za-z_]\w*", text))

    def parts(self, node: ast.stmt) -> tuple[ast.expr | None, ast.expr | None]:
        """The target and the value of an assignment."""
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
            if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name) and isinstance(target.slice, ast.Compare):
                base = ast.Name(target.value.id, ast.Store())
                where = ast.Attribute(ast.Name("np", ast.Load()), "where", ast.Load())
                return base, ast.Call(where, [target.slice, node.value, ast.Name(base.id, ast.Load())], [])
            return target, node.value
        if isinstance(node, ast.AnnAssign):
            return node.target, node.value
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            return node.target, ast.BinOp(ast.Name(node.target.id, ast.Load()), node.op, node.value)
        return None, None

    def shape_of(self, target: ast.Tuple, value: ast.Attribute) -> bool:
        """n, d = X.shape names sizes."""
        found = self.sheet.shape(self.text(value.value))
        if found is None or len(target.elts) != 2 or not all(isinstance(t, ast.Name) for t in target.elts):
            return False
        self.called |= {t.id: size for t, size in zip(target.elts, found, strict=True) if isinstance(t, ast.Name)}
        return True

    def unread(self, node: ast.stmt, message: str, hint: str | None, name: str = "") -> None:
        """A row that cannot be read; what rests on it is not judged."""
        line = self.line(node.lineno)
        self.sheet.rows.append(Row(node.lineno, None if self.sheet.rows else "", "", line, InputError(message, node.lineno, 1, line, hint)))
        for target in changed(node) or [name]:
            if target:
                fresh = self.called[target] = self.fresh(target)
                self.sheet.unread[fresh] = node.lineno

    def returned(self, node: ast.Return, asked: str) -> None:
        """What the function returns, as what is asked; of several things the one that is called so."""
        value = node.value
        if isinstance(value, (ast.Tuple, ast.Dict)):
            parts = value.elts if isinstance(value, ast.Tuple) else value.values
            by = asked.rpartition("d(")[2].rstrip(")' ")
            names = [n.id if isinstance(n, ast.Name) else "" for n in parts]
            if isinstance(value, ast.Dict):
                names = [str(k.value) if isinstance(k, ast.Constant) else "" for k in value.keys]
            called = (by, f"d{by}", f"grad_{by}", f"g_{by}", f"{by}_grad", f"grad{by}")
            found = [p for p, n in zip(parts, names, strict=True) if n in called]
            value = found[0] if len(found) == 1 else None
        if value is None:
            self.unread(node, f"which of these is {asked}?", "return the one that the task expects, or call it grad_w")
            return
        try:
            text = self.text(value)
        except InputError as e:
            self.unread(node, e.message, e.hint)
            return
        self.sheet.rows.append(Row(node.lineno, asked, text, self.line(node.lineno)))

    def fresh(self, name: str) -> str:
        """A name that nothing has so far."""
        out, k = name, 1
        while self.sheet.names.known(out) or self.sheet.size(out) or out in self.sheet.unread:
            k += 1
            out = f"{name}_{k}"
        return out

    def text(self, value: ast.expr) -> str:
        """An expression in the language."""
        sheet = self.sheet
        plain = ast.fix_missing_locations(Spelled(self.scope, self.called).visit(copy.deepcopy(value)))
        source = marked(ast.unparse(plain))
        if self.rests(source):
            return source
        define = [(n, b, k) for n, b, k in sheet.define if n not in self.unfit and not self.rests(b)]
        p = problem(sheet.declare, as_text(ordered(define)), prove=f"{source} == {source}")
        read = p.read[0] if p.read else ""
        return read.partition(" == ")[0] if read else source


class Spelled(ast.NodeTransformer):
    """Brings names and calls to those of the dialect."""

    def __init__(self, names: Scope, called: Mapping[str, str] = NOTHING, masks: Container[str] = ()) -> None:
        self.scope, self.called, self.masks = names, called, masks

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """A name as it is called here."""
        return ast.Name(self.scope.libraries.get(node.id, self.called.get(node.id, node.id)), ast.Load())

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """What a module holds."""
        base = node.value
        if isinstance(base, ast.Name) and base.id in LIBRARIES and base.id in self.scope.opaque:
            raise InputError(f"{base.id} is no library in this file")
        return self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        """x >= 0 is 1 also where x is 0: 1 - (0 > x)."""
        self.generic_visit(node)
        if len(node.ops) == 1 and isinstance(node.ops[0], (ast.GtE, ast.LtE)):
            return _unless(ast.Compare(node.left, [ast.Lt() if isinstance(node.ops[0], ast.GtE) else ast.Gt()], node.comparators))
        return node

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
        if method and word in SAME:
            found: ast.expr = self.visit(of)
            return found
        if word in WRAPPED and len(node.args) == 1 and not method:
            found = self.visit(node.args[0])
            return found
        if word == "where" and library and len(node.args) == 3:
            mask, one, two = (self.visit(a) for a in node.args)
            return ast.BinOp(ast.BinOp(mask, ast.Mult(), one), ast.Add(), ast.BinOp(_unless(mask), ast.Mult(), two))
        helper = self.scope.helpers.get(word) if isinstance(f, ast.Name) else None
        if isinstance(f, ast.Name) and word in self.scope.opaque:
            raise InputError(f"{word} is a function of the file that cannot be read")
        if helper is not None:
            return self.helped(helper, node)
        self.generic_visit(node)
        return node

    def helped(self, helper: ast.FunctionDef, node: ast.Call) -> ast.expr:
        """A function of the file that only returns something, with its arguments, its defaults and the numbers of the file put in."""
        body = [n for n in helper.body if not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))]
        names = [a.arg for a in helper.args.args]
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
        return out

    def is_mask(self, of: ast.expr) -> bool:
        """Whether a value is a condition, or called so."""
        return isinstance(of, ast.Compare) or isinstance(of, ast.Name) and of.id in self.masks or \
            isinstance(of, ast.UnaryOp) and self.is_mask(of.operand) or \
            isinstance(of, ast.BinOp) and isinstance(of.op, (ast.BitAnd, ast.BitOr)) and self.is_mask(of.left)


def _unless(mask: ast.expr) -> ast.expr:
    return ast.BinOp(ast.Constant(1), ast.Sub(), mask)


def _called(node: ast.stmt) -> str:
    return {"For": "a loop", "While": "a loop", "If": "a branch", "With": "a with block", "Assign": "this assignment",
            "AugAssign": "this assignment"}.get(type(node).__name__, "this statement")
