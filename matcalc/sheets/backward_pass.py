"""The statements of a forward and a backward pass as lines: forward each a definition, backward only what is a gradient, with everything
between written out, whatever it is called and however often it is assigned."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterable, Iterator, Sequence

from ..language.shape import InputError
from ..records import Record
from .program_names import ProgramNames, elements, gradient_of, last, parameters, unwrapped
from .program_words import Renamed
from .reassigned import LIBRARIES, OPPOSITE, changed


SILENT = (ast.Pass, ast.Assert, ast.Import, ast.ImportFrom, ast.Raise)
QUIET = frozenset(("print", "append", "__init__", "debug", "info", "warn", "warning"))     # calls that change no array
LONG = 4_000        # characters of a line


class Line(Record):
    """A line of the sheet: where it stands in the program, what stands there, how it reads, and the name whose gradient it says."""

    number: int
    shown: str
    text: str
    of: str = ""


class Backward(ProgramNames):
    """Reads statements one after another."""

    def __init__(self, tree: ast.Module, source: Sequence[str], apart: frozenset[str]) -> None:
        super().__init__(tree)
        self.source, self.apart = source, apart
        self.made: list[Line] = []
        self.stored: list[ast.expr] = []            # what is kept for the backward pass
        self.value = ""                             # what is differentiated
        self.inlined = False                        # whether assignments are remembered, and are no lines
        self.gradients: dict[str, str] = {}         # names of values that are returned, and whose gradients they are
        self.lasting: dict[str, int] = {}           # the statement that gives a name its last value
        self.same: dict[str, frozenset[str]] = {}   # names of one array
        self.defined = set[str]()                   # the names that lines define
        self.empty = set[str]()                     # names of None
        self.within: list[str] = []                 # functions of the file that are being written out
        self.at = self.lost = 0

    # ------------------------------------------------------------ passes
    def body(self, nodes: Iterable[ast.stmt]) -> None:
        """Statement by statement, to the last return."""
        for self.at, node in enumerate(nodes):
            if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
                try:
                    self.assigned(node)
                except InputError as e:
                    self.unread(node, changed(node), e)
            elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and last(node.value.func) == "save_for_backward":
                self.saved += [self.read(a) for a in node.value.args]
            elif not isinstance(node, (ast.Return, *SILENT)) and (not isinstance(node, ast.Expr) or _may_change(node)):
                self.unread(node, changed(node))

    def backward(self, nodes: Sequence[ast.stmt], end: ast.Return | None) -> None:
        """What follows the forward pass; what is returned are the gradients with respect to the arguments."""
        known = {w for line in self.made for w in re.findall(r"[A-Za-z_]\w*", line.text)} | set(self.arguments)
        values = [] if end is None or end.value is None else list(end.value.elts) if isinstance(end.value, ast.Tuple) else [end.value]
        local, returned = {name for node in nodes for name in changed(node)}, list(self.matched(values))
        for value, name in returned:
            if isinstance(value, ast.Name) and value.id in local and value.id not in self.gradients:
                self.gradients[value.id] = name
        given = {name for _, name in returned} if self.whole else self.arguments        # which are said by what is returned
        self.inlined, self.known = True, frozenset(known.difference(given))
        self.all_known = frozenset({*known, "axis", "dim", "keepdims", "keepdim", "True", "False", *self.one_hot})
        begun = dict(self.called), dict(self.kept), dict(self.masks), dict(self.same), list(self.made), self.lost
        self.body(nodes)                            # once to see which values last
        self.called, self.kept, self.masks, self.same, self.made, self.lost = begun
        self.certain = True
        self.body(nodes)
        said = {line.of for line in self.made}
        for value, name in returned:
            none = isinstance(value, ast.Constant) and value.value is None or isinstance(value, ast.Name) and value.id in self.empty
            if end is not None and name not in said and not none:
                self.claims(end, name, ast.unparse(self.read(value)))

    known: frozenset[str] = frozenset()         # of these a name like dz says the gradient
    all_known: frozenset[str] = frozenset()     # names of the forward pass, and of what arrives from above
    whole = False                               # whether one function has both passes
    certain = False                             # whether it is known which values last
    in_order = False                            # whether gradients are returned in the order of the arguments

    def matched(self, values: Sequence[ast.expr]) -> Iterator[tuple[ast.expr, str]]:
        """What is returned, with the argument whose gradient it is: by its name where all names say so and no library
        asks for an order, else in order."""
        if self.value in (last(v) for v in values[:1]):
            values = values[1:]         # the loss itself
            values = values if not any(isinstance(v, ast.Name) and v.id in self.kept for v in values) else []
        if len(values) == 1 and isinstance(values[0], ast.Dict):
            words = (str(k.value) if isinstance(k, ast.Constant) else "" for k in values[0].keys)
            yield from ((v, gradient_of(w) or w) for v, w in zip(values[0].values, words, strict=True))
            return
        said = [gradient_of(v.id) if isinstance(v, ast.Name) else "" for v in values]
        by_name = not self.in_order and len(set(said)) == len(said) and set(said) <= set(self.arguments)
        yield from zip(values, said if by_name else self.arguments, strict=False)

    def read(self, node: ast.expr) -> ast.expr:
        """An expression in the names of the sheet; functions of the file that take several statements are written out before it."""
        return super().read(WrittenOut(self).visit(copy.deepcopy(node)))

    def written_out(self, helper: ast.FunctionDef, call: ast.Call) -> ast.expr | None:
        """What a function of the file returns, its statements read under other names; None where they are not all assignments."""
        body, names = [n for n in helper.body if not _is_text(n)], parameters(helper)
        values = dict(zip(names, call.args, strict=False)) | {k.arg: k.value for k in call.keywords if k.arg in names}
        defaults = dict(zip(names[::-1], helper.args.defaults[::-1], strict=False))
        end = body[-1] if body else None
        fits = len(call.args) <= len(names) and set(names) <= (values | defaults).keys() and helper.name not in self.within
        if not fits or len(body) == 1 or not isinstance(end, ast.Return) or end.value is None or not all(
                isinstance(n, (ast.Assign, ast.AugAssign)) for n in body[:-1]):
            return None
        own = {name: ast.Name(self.fresh(f"{name}_of_{helper.name}"), ast.Load()) for name in all_names(helper, ast.Store) | set(names)}
        self.within.append(helper.name)
        for name in names:
            value = self.read(values.get(name, defaults.get(name, end.value)))
            at = ast.Assign([own[name]], value, lineno=call.lineno, end_lineno=call.end_lineno)
            self.gets(at, own[name], value, False, self.place(unwrapped(values[name])) if name in values else "")
        renamed = Renamed(own, call)
        for node in body[:-1]:
            self.assigned(renamed.visit(copy.deepcopy(node)))
        out = self.read(renamed.visit(copy.deepcopy(end.value)))
        self.within.pop()
        return out

    # ------------------------------------------------------------ statements
    def assigned(self, node: ast.Assign | ast.AugAssign | ast.AnnAssign) -> None:
        """An assignment, of several names also, of parts, and in place."""
        if node.value is None:
            return
        value, mask = self.read(node.value), self.mask(node.value)
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if mask is not None:
                self.masks[last(target)] = mask
            if isinstance(target, (ast.Tuple, ast.List)):
                parts = self.parts(value, len(target.elts))
                if parts is None:
                    self.unread(node, changed(node))
                written = elements(node.value) or []
                for k, (one, part) in enumerate(zip(target.elts, parts or (), strict=False)):
                    self.gets(node, one, part, True, self.place(unwrapped(written[k])) if k < len(written) else "")
            elif mask is not None and self.place(target) and not isinstance(node, ast.AugAssign):
                self.called[self.place(target)] = value
            elif isinstance(node, ast.AugAssign):
                labels, name = self.of_labels(target), self.place(target)
                if labels is not None:
                    value = ast.BinOp(value, ast.Mult(), ast.Name(labels, ast.Load()))
                    name = self.place(target.value) if isinstance(target, ast.Subscript) else ""
                if name:
                    self.gives(node, name, ast.BinOp(self.read(ast.Name(name, ast.Load())), node.op, value), True)
                else:
                    self.unread(node, changed(node))
            else:
                self.gets(node, target, value, of=self.place(unwrapped(node.value)))

    def gets(self, node: ast.stmt, target: ast.expr, value: ast.expr, apart: bool = False, of: str = "") -> None:
        """One name or part that gets a value, `apart` of one that was taken apart, or the array `of` another name; a tuple, a size and
        another name of an argument are only remembered."""
        parts, name = elements(value), self.place(target)
        if name:
            self.same = {n: others - {name} for n, others in self.same.items()}
            of = value.id if apart and not of and isinstance(value, ast.Name) else of
            both = self.same.get(of, frozenset((of,))) | {name} if of else frozenset((name,))
            self.same |= dict.fromkeys(both, both)
        if parts is not None and name:
            self.kept[name] = parts
            if isinstance(value, ast.Dict):
                self.called |= {f"{name}[{k.value!r}]": v for k, v in zip(value.keys, parts, strict=True) if isinstance(k, ast.Constant)}
            return
        if isinstance(value, ast.Constant) and value.value is None:
            self.empty |= {name}
            return
        self.empty -= {name}
        mask = self.mask(target.slice) if isinstance(target, ast.Subscript) else None
        base = self.place(target.value) if isinstance(target, ast.Subscript) else ""
        if mask is not None and base and isinstance(mask, ast.Compare) and len(mask.ops) == 1 and type(mask.ops[0]) in OPPOSITE:
            left, sign, right = ast.unparse(mask.left), OPPOSITE[type(mask.ops[0])], ast.unparse(mask.comparators[0])
            other = ast.parse(f"({left}) {sign} ({right})", mode="eval").body
            kept = ast.BinOp(self.read(ast.Name(base, ast.Load())), ast.Mult(), self.spelled(other))
            zero = isinstance(value, ast.Constant) and value.value == 0
            self.gives(node, base, kept if zero else ast.BinOp(kept, ast.Add(), ast.BinOp(self.spelled(mask), ast.Mult(), value)), True)
        elif not name:
            self.unread(node, changed(node))
        elif isinstance(value, ast.Name) and (apart or not self.inlined and value.id in self.arguments) or _is_size(value):
            self.called[name] = value
        elif not (isinstance(value, ast.Name) and value.id == name):
            self.gives(node, name, value, False)

    def gives(self, node: ast.stmt, name: str, value: ast.expr, in_place: bool) -> None:
        """A name gets a value: a line, or what it stands for from here on. In place all names of the array get it."""
        text = ast.unparse(value)
        if len(text) > LONG:
            self.unread(node, [name])
            return
        names = sorted(self.same.get(name, frozenset((name,)))) if in_place else [name]
        if not self.inlined:
            fresh = name if name not in self.defined else self.fresh(f"{name}_")
            self.defined.add(fresh)
            self.line(node, f"{fresh} = {text}")
            value = ast.Name(fresh, ast.Load())
        elif name == self.value:
            self.line(node, f"{name} = {text}")
            return
        for each in names:
            of = self.gradients.get(each, "") or (gradient_of(each) if gradient_of(each) in self.known else "")
            self.called[each] = value
            if self.inlined and of and of not in self.apart:
                if not self.certain:
                    self.lasting[each] = self.at
                elif self.lasting.get(each) == self.at and self.claims(node, of, text):
                    self.called[each] = ast.Name(f"d{of}", ast.Load())

    def claims(self, node: ast.stmt, of: str, text: str) -> bool:
        """A line that says a gradient; whether all its names are those of the forward pass and of what arrives from above."""
        words = set(re.findall(r"(?<![\w.])[A-Za-z_]\w*(?!\w|\s*\()", text)) - LIBRARIES
        if all(w in self.all_known or w[0] == "d" and w[1:] in self.all_known for w in words):
            self.line(node, f"d{of} = {text}", of)
            return True
        self.unread(node, [name for name, gradient in self.gradients.items() if gradient == of] or [f"d{of}"])
        return False

    def unread(self, node: ast.stmt, names: Iterable[str], why: InputError | None = None) -> None:
        """What cannot be followed, and `why`: a row that says so, and names of which nothing is known."""
        self.lost += 1
        word = f"lost{self.lost}"
        self.called |= {name: ast.Name(word, ast.Load()) for name in self.together(names)}
        self.line(node, f"{word}[0] = 1")

    def together(self, names: Iterable[str]) -> set[str]:
        """These names, and all other names of their arrays."""
        return {each for name in names for each in self.same.get(name, {name})} - self.libraries.keys()

    def line(self, node: ast.stmt, text: str, of: str = "") -> None:
        """One line of the sheet."""
        self.made.append(Line(node.lineno if of or not self.within else 0, self.shown(node), text, of))

    def shown(self, node: ast.stmt) -> str:
        """A statement as it stands in the file, in one line; of a block its first one."""
        last_line = node.lineno if hasattr(node, "body") else node.end_lineno
        return " ".join(line.split("#")[0].strip() for line in self.source[node.lineno - 1:last_line])


class WrittenOut(ast.NodeTransformer):
    """Writes out the functions of the file that are called."""

    def __init__(self, reader: Backward) -> None:
        self.reader = reader

    def visit_Call(self, node: ast.Call) -> ast.expr:  # noqa: N802
        """A call."""
        self.generic_visit(node)
        helper = self.reader.helpers.get(node.func.id) if isinstance(node.func, ast.Name) else None
        return (self.reader.written_out(helper, node) if helper is not None else None) or node


def all_names(f: ast.FunctionDef, kind: type[ast.expr_context] = ast.expr_context) -> set[str]:
    """The names of a function, of its arguments too, or only those that are stored."""
    return {n.id for n in ast.walk(f) if isinstance(n, ast.Name) and isinstance(n.ctx, kind)} | {
        a.arg for a in ast.walk(f) if isinstance(a, ast.arg)}


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_size(value: ast.expr) -> bool:
    """x.shape[0]"""
    return isinstance(value, ast.Subscript) and isinstance(value.value, ast.Attribute) and value.value.attr == "shape"


def _may_change(node: ast.Expr) -> bool:
    """Whether a statement is a call that may change an array."""
    if not isinstance(node.value, ast.Call):
        return False
    word = last(node.value.func)
    return word not in QUIET and not word.startswith(("assert", "check", "mark_", "set_"))
