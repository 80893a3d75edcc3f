"""A gradient function in NumPy or PyTorch as a sheet: its assignments are definitions, what it returns is the last line.

The function is read and never run. Names are those of the task; a name that is assigned twice is another name each time.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence

from ...language.shape import InputError
from ...reading.parse import problem
from ..parts.definition_parts import as_text, ordered
from ..statements.maxima import with_maxima
from ..statements.numpy_lines import marked
from ..python.array_lines import gradient_of
from .loops import Loop, given_in
from ..python.program_memory import elements
from .statements import Statements
from ..python.scope import all_names, last, local, parameters, scope, statements, word
from ..parts.records import Row
from ..statements.sheet import Sheet
from ..task import Task, begin

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
    except (ValueError, RecursionError, MemoryError):
        raise InputError("Python cannot read this file", hint="it has a NUL byte, or is nested too deeply") from None
    sheet = begin(Sheet(), given)
    sheet.written(text, code=True)
    Code(sheet, tree, one_hot(sheet.declare, given.text)).function(_function(tree), given.asked)
    return sheet


def entry(text: str) -> tuple[int, list[str], str]:
    """The line, the arguments and the name of the function that is judged."""
    function = _function(ast.parse(text))
    return function.lineno, [a.arg for a in (*function.args.posonlyargs, *function.args.args)], function.name


def _function(tree: ast.Module) -> ast.FunctionDef:
    """The function that is called like a gradient, else the last one; where there are only classes, a method that is so called."""
    methods = (n for c in tree.body if isinstance(c, ast.ClassDef) for n in c.body if isinstance(n, ast.FunctionDef))
    layers = [n for n in methods if n.name.endswith(FIRST)]
    defined = {n.name: n for n in tree.body if isinstance(n, ast.FunctionDef)} or {n.name: n for n in layers[:1]}
    if not defined:
        raise InputError("there is no function in this file")
    return defined[next((n for n in defined if n.startswith(FIRST) or n.endswith(FIRST)), list(defined)[-1])]


def one_hot(declare: Sequence[str], text: str) -> list[str]:
    """The matrices of a task that are said to have one-hot rows."""
    return [n for d in declare if (n := d.split()[0]) and re.search(rf"\b{n}\b(?:[^,;(]|\([^()]*\))*one[- ]?hot", text)]


class Code:
    """Turns the statements of a Python function into rows."""

    def __init__(self, sheet: Sheet, tree: ast.Module, labelled: Sequence[str] = ()) -> None:
        self.at = Statements(scope(tree), sheet.text.splitlines(), self)
        self.sheet, self.tree, self.labelled = sheet, tree, labelled
        self.unfit: set[str] = set()
        self.inputs: set[str] | None = None         # what the layer is given whose gradients are judged

    def function(self, function: ast.FunctionDef, asked: str) -> None:
        """The body of the function that is judged."""
        sheet, at, given = self.sheet, self.at, parameters(function)
        before = self.before(function)
        at.defined = {n for f in (*before, function) for n in all_names(f) if sheet.names.known(n) or sheet.names.size(n)}
        at.taken = set(sheet.names.plain).union(*map(all_names, (*before, function)))
        found: dict[str, ast.expr] = {}
        for f in before:
            at.enters(f)
            at.body(self.executed(f))
            found = {n: v for n, v in at.memory.called.items() if n in given and n not in at.defined}
        at.enters(function)
        at.memory.called |= found
        for argument in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs):
            if argument.arg in (*at.defined, *at.memory.called, *at.memory.kept, "self"):
                continue
            if not self.rows_of(argument.arg):
                raise InputError(f"{argument.arg} is not declared in the task", function.lineno, argument.col_offset + 1,
                                 at.shown(function), "name the arguments as in the task")
            at.memory.stale.add(argument.arg)        # labels have no value in the language
        body = list(statements(function.body))
        end = next((k for k, node in enumerate(body) if isinstance(node, ast.Return)), None)
        if end is None and "self" not in given:
            raise InputError(f"{function.name} returns nothing", function.lineno, 1, at.shown(function))
        at.body(body[:end])
        self.inputs = {n for f in before for n in parameters(f)} if "self" in given else None
        self.returned(body[-1 if end is None else end], asked)

    def before(self, function: ast.FunctionDef) -> list[ast.FunctionDef]:
        """The forward pass that is needed: that of the class, or the only function that gives values to what the task does not declare."""
        own = next((c.body for c in self.tree.body if isinstance(c, ast.ClassDef) and function in c.body), None)
        others = [n for n in own or self.tree.body if isinstance(n, ast.FunctionDef) and n is not function]
        if own is not None:
            return [f for name in ("__init__", "forward", "__call__") for f in others if f.name == name]
        names = self.sheet.names
        missing = {a for a in parameters(function) if not names.known(a) and not names.size(a) and not self.rows_of(a)}
        found = [f for f in others if missing and missing <= local(f) - set(parameters(f))]
        return found if len(found) == 1 else []

    def executed(self, f: ast.FunctionDef) -> list[ast.stmt]:
        """The statements before what is returned; of a constructor those that keep what the task does not declare."""
        body = [n for n in statements(f.body) if not isinstance(n, ast.Return)]
        return body if f.name != "__init__" else [n for n in body if isinstance(n, ast.Assign) and isinstance(n.value, ast.Constant)]

    def rows_of(self, name: str) -> str:
        """The matrix of the task that has a one-hot row for each of the labels of this name: Y for y, else the only one."""
        alike = [n for n in self.labelled if n.lower() == name.lower()] or self.labelled
        return alike[0] if len(alike) == 1 else ""

    def labels(self, label: ast.expr) -> str | None:
        """The matrix with a row for each label: of argmax(Y, axis=1) it is Y."""
        found = self.at.memory.called.get(label.id, label) if isinstance(label, ast.Name) else label
        name = largest(found) if isinstance(found, ast.Call) else self.rows_of(last(found))
        if name not in self.labelled:
            raise InputError(f"no matrix of the task has a one-hot row for each of {ast.unparse(label)}",
                             hint="declare it in the task: Y in R^(n,k) one-hot")
        return name

    def loop(self, node: ast.stmt) -> bool:
        """A loop that can be written as sums."""
        if not isinstance(node, ast.For):
            return False
        at, own = self.at, given_in(node)
        begun, at.memory = at.memory, at.memory.copied()
        at.memory.called = {n: v for n, v in begun.called.items() if n not in own}
        at.memory.stale -= own
        loop = Loop(node, at.read, at.mask, self.shape, self.in_language)
        try:
            loop.run(node)
        finally:
            at.memory = begun
        if any(len(of.get(n, ())) > 1 for n in (*loop.out, *loop.whole) for of in (begun.same, begun.near)):
            raise InputError("this loop changes an array that has another name")
        added = {n: self.old(n, v) for n, v in loop.out.items()}
        for name, value in (added | loop.whole).items():
            at.gives(node, name, value, False)
        at.memory.stale |= own - added.keys() - loop.whole.keys()
        return True

    def said(self, node: ast.stmt, name: str, names: Sequence[str], others: frozenset[str], value: ast.expr) -> None:
        """Every value is a line."""

    def old(self, name: str, added: ast.expr) -> ast.expr:
        """The sum of what a name stands for and of what is added to it."""
        if name not in self.at.memory.called:
            raise InputError(f"the value of {name} is not known here")
        found = self.at.memory.value(name, name)
        body = self.sheet.names.bodies.get(found.id, "") if isinstance(found, ast.Name) else ""
        return added if re.fullmatch(r"0(?:\.0*)?", body) else ast.BinOp(found, ast.Add(), added)

    def shape(self, text: str) -> tuple[str, str]:
        """The shape of an expression that is known."""
        found = None if self.rests(text) else self.sheet.names.shape(self.in_language(text))
        if found is None:
            raise InputError(f"the shape of {text} is not known here")
        return found

    def returned(self, end: ast.stmt, asked: str) -> None:
        """What the function returns, as what is asked; of several things the one that is called so."""
        of, value = asked.rpartition("d(")[2].rstrip(")' "), end.value if isinstance(end, ast.Return) else None
        called, kept = self.at.memory.called, self.at.memory.kept
        if isinstance(value, ast.Name) and value.id in kept:
            value = called.get(f"{value.id}[{of!r}]", called.get(f"d{of}")) or ast.Tuple(kept[value.id], ast.Load())
        if self.inputs is not None:         # a layer keeps the gradients of what it holds, and returns those of what it is given
            held = [n for n in called if gradient_of(word(n)) == of]
            value = self.at.found(held[-1]) if held else value if of in self.inputs else None
        parts = elements(value) if value is not None else []
        if parts is not None:
            said = [getattr(k, "value", "") for k in value.keys] if isinstance(value, ast.Dict) else list(map(last, parts))
            found = [p for p, name in zip(parts, said, strict=True) if of in (name, gradient_of(str(name)))]
            value = found[0] if len(found) == 1 else None
        if value is None:
            self.refused(end, (), InputError(f"which of these is {asked}?", hint="return the one that the task expects, or call it grad_w"))
            return
        try:
            text = self.in_language(ast.unparse(self.at.read(value)))
        except InputError as e:
            self.refused(end, (), e)
            return
        self.sheet.add(Row(end.lineno, asked, text, self.at.shown(end)))

    def line(self, node: ast.stmt, name: str, value: str) -> None:
        """A definition."""
        try:
            value = self.in_language(with_maxima(self.sheet, node.lineno, value))
        except InputError as e:
            self.refused(node, (name,), e)
            return
        self.sheet.defined(name, value, node.lineno)
        if self.rests(value) or not self.fits():
            self.unfit.add(name)
        if not self.at.within:
            self.sheet.add(Row(node.lineno, "", name, self.at.shown(node), defines=name))

    def unread(self, node: ast.stmt, names: set[str], why: InputError | None = None) -> None:
        """A row that cannot be read; what rests on it is not judged."""
        fresh = {name: self.at.fresh(f"{name}_") for name in names}
        self.at.memory.called |= {name: ast.Name(word, ast.Load()) for name, word in fresh.items()}
        self.refused(node, fresh.values(), why or InputError(f"{_kind(node)} cannot be read", hint=FORM))

    def refused(self, node: ast.stmt, names: Iterable[str], why: InputError) -> None:
        """A row that cannot be read, with the names that it would give a value."""
        shown = self.at.shown(node)
        self.sheet.add(Row(node.lineno, None if self.sheet.rows else "", "", shown,
                                   InputError(why.message, node.lineno, 1, shown, why.hint)))
        self.sheet.unclear.unread.update(dict.fromkeys(names, node.lineno))

    def fits(self) -> bool:
        """Whether the assignments so far that rest on nothing unread can be read together."""
        try:
            problem(self.sheet.declare, self.known_definitions())
        except InputError:
            return False
        return True

    def known_definitions(self) -> list[str]:
        """The definitions that rest on nothing unread."""
        return as_text(ordered([(n, b, k) for n, b, k in self.sheet.define if n not in self.unfit and not self.rests(b)]))

    def rests(self, text: str) -> bool:
        """Whether a text has a name that could not be read."""
        lost = self.unfit | set(self.sheet.unclear.unread)
        return bool(lost) and not lost.isdisjoint(re.findall(r"[A-Za-z_]\w*", text))

    def in_language(self, text: str) -> str:
        """An expression in the language."""
        source = marked(text)
        if self.rests(source):
            return source
        p = problem(self.sheet.declare, self.known_definitions(), prove=f"{source} == {source}")
        if p.inferred:
            raise InputError(f"{str(p.inferred[0]).split()[0]} is not declared in the task", hint="name the arguments as in the task")
        return next((said.partition(" == ")[0] for said in p.read if " == " in said), source)


def largest(node: ast.Call) -> str:
    """Y of np.argmax(Y, axis=1) and Y.argmax(1).

    >>> [largest(ast.parse(t, mode="eval").body) for t in ("np.argmax(Y, axis=1)", "Y.argmax(-1)", "Y.argmax()")]
    ['Y', 'Y', '']
    """
    f = node.func
    given = [f.value, *node.args] if isinstance(f, ast.Attribute) and len(node.args) + len(node.keywords) < 2 else node.args
    along = [*given[1:], *(k.value for k in node.keywords if k.arg in ("axis", "dim"))]
    return last(given[0]) if last(f) == "argmax" and [ast.unparse(a) for a in along] in (["1"], ["-1"]) else ""


def _kind(node: ast.stmt) -> str:
    return {"For": "a loop", "While": "a loop", "If": "a branch", "With": "a with block", "Assign": "this assignment",
            "AugAssign": "this assignment"}.get(type(node).__name__, "this statement")
