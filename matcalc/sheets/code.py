"""A gradient function in NumPy or PyTorch as a sheet: its assignments are definitions, what it returns is the last line.

The function is read and never run. Names are those of the task; a name that is assigned twice is another name each time.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from ..language.shape import InputError
from ..reading.parse import problem
from .backward_pass import Backward, all_names
from .definition_parts import as_text, ordered
from .maxima import with_maxima
from .numpy_lines import marked
from .axes import gradient_of
from .program_names import elements
from .program_scope import last, statements
from .records import Row
from .sheet import Sheet
from .task import Task, begin

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
    Code(sheet, tree).function(_function(tree), given.asked)
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
    return defined[next((n for n in defined if n.startswith(FIRST) or n.endswith(FIRST)), list(defined)[-1])]


class Code(Backward):
    """Turns the statements of a Python function into rows."""

    def __init__(self, sheet: Sheet, tree: ast.Module) -> None:
        super().__init__(tree, sheet.text.splitlines(), frozenset())
        self.sheet = sheet
        self.unfit: set[str] = set()

    def function(self, function: ast.FunctionDef, asked: str) -> None:
        """The body of the function that is judged."""
        sheet = self.sheet
        self.enters(function)
        self.defined = {n for n in all_names(function) if sheet.names.known(n) or sheet.size(n)}
        self.taken = set(sheet.names.plain) | all_names(function)
        for argument in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs):
            if argument.arg not in (*self.defined, "self"):
                raise InputError(f"{argument.arg} is not declared in the task", function.lineno, argument.col_offset + 1,
                                 self.shown(function), "name the arguments as in the task")
        body = list(statements(function.body))
        end = next((k for k, node in enumerate(body) if isinstance(node, ast.Return)), None)
        if end is None:
            raise InputError(f"{function.name} returns nothing", function.lineno, 1, self.shown(function))
        self.body(body[:end])
        self.returned(body[end], asked)

    def returned(self, end: ast.stmt, asked: str) -> None:
        """What the function returns, as what is asked; of several things the one that is called so."""
        assert isinstance(end, ast.Return)
        of, value = asked.rpartition("d(")[2].rstrip(")' "), end.value
        if isinstance(value, ast.Name) and value.id in self.kept:
            stored = self.called.get(f"{value.id}[{of!r}]", self.called.get(f"d{of}"))
            value = stored or ast.Tuple(self.kept[value.id], ast.Load())
        parts = elements(value) if value is not None else []
        if parts is not None:
            words = [getattr(k, "value", "") for k in value.keys] if isinstance(value, ast.Dict) else list(map(last, parts))
            found = [p for p, word in zip(parts, words, strict=True) if of in (word, gradient_of(str(word)))]
            value = found[0] if len(found) == 1 else None
        if value is None:
            self.refused(end, (), InputError(f"which of these is {asked}?", hint="return the one that the task expects, or call it grad_w"))
            return
        try:
            text = self.in_language(ast.unparse(self.read(value)))
        except InputError as e:
            self.refused(end, (), e)
            return
        self.sheet.rows.append(Row(end.lineno, asked, text, self.shown(end)))

    def line(self, node: ast.stmt, text: str, of: str = "") -> None:
        """A definition."""
        name, _, value = text.partition(" = ")
        try:
            value = self.in_language(with_maxima(self.sheet, node.lineno, value))
        except InputError as e:
            self.refused(node, (name,), e)
            return
        self.sheet.defined(name, value, node.lineno)
        if self.rests(value) or not self.fits():
            self.unfit.add(name)
        if not self.within:
            self.sheet.rows.append(Row(node.lineno, "", name, self.shown(node), defines=name))

    def unread(self, node: ast.stmt, names: Iterable[str], why: InputError | None = None) -> None:
        """A row that cannot be read; what rests on it is not judged."""
        fresh = {name: self.fresh(f"{name}_") for name in self.together(names)}
        self.called |= {name: ast.Name(word, ast.Load()) for name, word in fresh.items()}
        self.refused(node, fresh.values(), why or InputError(f"{_kind(node)} cannot be read", hint=FORM))

    def refused(self, node: ast.stmt, names: Iterable[str], why: InputError) -> None:
        """A row that cannot be read, with the names that it would give a value."""
        shown = self.shown(node)
        self.sheet.rows.append(Row(node.lineno, None if self.sheet.rows else "", "", shown,
                                   InputError(why.message, node.lineno, 1, shown, why.hint)))
        self.sheet.unread.update(dict.fromkeys(names, node.lineno))

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
        lost = self.unfit | set(self.sheet.unread)
        return bool(lost) and not lost.isdisjoint(re.findall(r"[A-Za-z_]\w*", text))

    def in_language(self, text: str) -> str:
        """An expression in the language."""
        source = marked(text)
        if self.rests(source):
            return source
        p = problem(self.sheet.declare, self.known_definitions(), prove=f"{source} == {source}")
        return p.read[0].partition(" == ")[0] if p.read and p.read[0] else source


def _kind(node: ast.stmt) -> str:
    return {"For": "a loop", "While": "a loop", "If": "a branch", "With": "a with block", "Assign": "this assignment",
            "AugAssign": "this assignment"}.get(type(node).__name__, "this statement")
