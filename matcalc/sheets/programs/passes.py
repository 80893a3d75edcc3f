"""Forward and backward passes in Python as lines of a sheet: a class or two functions, of NumPy, PyTorch or JAX.

A program is read and never run. Its statements become lines in NumPy; what arrives from above is a matrix G, and what the backward pass
returns is the gradient of loss = sum(G*out) with respect to the arguments.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping, Sequence

from ...language.shape import InputError
from ...records import Record
from .backward_pass import Backward, Line, all_names, entries
from ..statements.numpy_lines import commented, said_shapes
from ..python.array_lines import gradient_of
from .names import GRADIENTS, elements, key
from ..python.scope import DEFINED, HOLDERS, last, parameters, plain, statements
from ...patterns import pattern

FWD = pattern(r"(?:^|_)fwd(?:_|$)")
FORWARD, BACKWARD = re.compile(r"(?:^|_)(?:forward|fwd)(?:_|$)"), re.compile(r"(?:^|_)(?:backward|bwd)(?:_|$)")
DESCRIBES = pattern(r"[\s-]*\w+ ?(?::|is\b|of\b|has\b)")
OUTSIDE = 6         # lines above a function in which a comment may say the shapes of its arguments


class Pass(Record):
    """A forward pass and its backward pass; where one function is both there is no other. `start` is the constructor of the class, `setup`
    what keeps inputs and outputs for the backward pass."""

    forward: ast.FunctionDef
    backward: ast.FunctionDef | None = None
    start: ast.FunctionDef | None = None
    setup: ast.FunctionDef | None = None
    name: str = ""


def passes(tree: ast.Module) -> list[Pass]:
    """The forward passes of a program, each with its backward pass.

    >>> [p.backward.name for p in passes(ast.parse("def relu_forward(x): pass\\ndef relu_backward(dout, cache): pass"))]
    ['relu_backward']
    """
    out = []
    for name, body in (("", tree.body), *((n.name, n.body) for n in tree.body if isinstance(n, ast.ClassDef))):
        functions = {n.name: n for n in body if isinstance(n, ast.FunctionDef)}
        backward = {BACKWARD.sub("_", word): f for word, f in functions.items() if BACKWARD.search(word)}
        out += [Pass(f, backward[stem], functions.get("__init__"), functions.get("setup_context"), name) for word, f in functions.items()
                if FORWARD.search(word) and (stem := FORWARD.sub("_", word)) in backward]
    joined = {f.name for p in out for f in (p.forward, p.backward) if f is not None}
    whole = [Pass(f) for f in tree.body if isinstance(f, ast.FunctionDef) and f.name not in joined and _gives_gradients(f)]
    return sorted(out + whole, key=lambda p: p.forward.lineno) or [Pass(f) for f in script(tree)]


def script(tree: ast.Module) -> list[ast.FunctionDef]:
    """The statements of a program without functions as one function, which returns what is defined last before the gradients begin."""
    kinds = {type(n) for n in tree.body}
    if kinds & {ast.FunctionDef, ast.ClassDef} or not kinds & {ast.Import, ast.ImportFrom}:
        return []
    known: dict[str, None] = {}
    for node in statements(tree.body):
        if _begins_gradients(node, set(known)) and known:
            end = ast.Return(ast.Name(list(known)[-1], ast.Load()), lineno=node.lineno, end_lineno=node.lineno)
            made = ast.FunctionDef("script", ast.arguments([], [], None, [], [], None, []), [*tree.body, end], [], lineno=1, end_lineno=1)
            return [made]
        known |= dict.fromkeys(n.id for n in ast.walk(node) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load))
        known |= {n.id: known.pop(n.id, None) for n in getattr(node, "targets", ()) if isinstance(n, ast.Name)}
    return []


def _gives_gradients(f: ast.FunctionDef) -> bool:
    """Whether a function returns a value and gradients: loss, dW, or loss, grads."""
    found = next((n.value for n in reversed(f.body) if isinstance(n, ast.Return)), None)
    return isinstance(found, ast.Tuple) and len(found.elts) > 1 and not gradient_of(last(found.elts[0])) and all(
        isinstance(e, ast.Dict) or isinstance(e, ast.Name) and (gradient_of(e.id) or "grad" in e.id) for e in found.elts[1:])

HIDDEN = frozenset(("exec", "eval", "globals", "locals", "vars", "setattr"))        # may give any name another value


class Lines(Record):
    """What a pass is called, its lines, the shapes it says, the names that have the shape of another, the matrices of one-hot rows, the
    names that lie between what goes in and what comes out, what is differentiated, the arguments of which no gradient is given, the names
    within functions that are called, and what comments say of structure."""

    name: str
    lines: list[Line]
    shapes: dict[str, tuple[str, ...]]
    alike: dict[str, str]
    one_hot: tuple[str, ...]
    between: frozenset[str]
    value: str
    without: tuple[str, ...]
    inner: frozenset[str]
    said: list[tuple[str, str]]


def lines(found: Pass, tree: ast.Module, source: Sequence[str], apart: Iterable[str] = ()) -> Lines:
    """The lines of a pass: what is computed forward, and what is said to be a gradient; of the names in `apart` nothing is said."""
    reader = Reader(tree, source, frozenset(apart))
    for each in (found.forward, found.backward):
        if each is not None and not plain(each, {n.name for n in tree.body if isinstance(n, DEFINED)}):
            raise InputError(f"{each.name} is changed by a function of the file", each.lineno, 1, reader.shown(each))
        for n in ast.walk(each) if each is not None else ():
            if isinstance(n, ast.Name) and n.id in HIDDEN:
                raise InputError(f"what {n.id} does cannot be read", n.lineno, n.col_offset + 1, source[n.lineno - 1])
    for node in found.start.body if found.start is not None else ():
        parts = elements(node.value) if isinstance(node, ast.Assign) else None
        if parts is not None and isinstance(node, ast.Assign):
            reader.kept[last(node.targets[0])] = parts
    f, g = found.forward, found.backward
    reader.arguments, reader.taken = [a for a in parameters(f) if a not in HOLDERS], all_names(f)
    reader.enters(f)
    reader.holds(f)
    reader.numbers = dict.fromkeys(a.arg for a, v in zip(f.args.args[::-1], f.args.defaults[::-1], strict=False)
                                   if isinstance(v, ast.Constant) and isinstance(v.value, (int, float)))
    body, name = list(statements(f.body)), found.name or f.name
    first = next((k for k, node in enumerate(body) if g is None and _begins_gradients(node, reader.taken)), len(body))
    reader.body(body[:first])
    end = next((n for n in body if isinstance(n, ast.Return)), None)
    if end is None or end.value is None:
        raise InputError(f"{f.name} returns nothing", f.lineno, 1, reader.shown(f))
    alike: dict[str, str] = {}
    if g is None:
        reader.whole = True
        reader.value = reader.out(end, 1)[0]
        reader.backward(body[first:], end)
    else:
        reader.in_order = found.setup is not None or "ctx" in parameters(f) or FWD.search(f.name) is not None      # torch and jax
        stores = [a for a in parameters(g) if _is_store(a, g)]
        outputs = reader.out(end, store=bool(stores))
        if found.setup is not None:
            reader.keeps(found.setup, outputs)
        reader.kept |= dict.fromkeys(stores, reader.stored)
        reader.value = outputs[0]
        above = [a for a in parameters(g) if a not in (*HOLDERS, *stores) and (a not in reader.taken or gradient_of(a) in outputs)]
        reader.enters(g, f)
        reader.called |= dict.fromkeys(stores, reader.only) if reader.only is not None else {}
        alike = reader.loss(dict(zip(outputs, above, strict=False)), all_names(g))
        back = list(statements(g.body))
        reader.backward(back, next((n for n in reversed(back) if isinstance(n, ast.Return)), None))
    between = frozenset(reader.defined).difference(reader.arguments, reader.free.values())
    between = between if g is not None or f in tree.body else frozenset()       # a script says what it says
    given = {line.of for line in reader.made if line.of}
    stored = {last(n) for n in ast.walk(g or f) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)}
    held = [a for a in reader.free.values() if any(gradient_of(name) not in given for name in stored)]      # what is stored may be theirs
    without = tuple(a for a in (*reader.arguments, *held) if g is not None and a not in given)
    inner = frozenset(reader.inner)
    return Lines(name, reader.made, reader.shapes(found), alike, tuple(reader.one_hot), between, reader.value, without, inner,
                 commented(reader.about(f), reader.about(f))[1])


class Reader(Backward):
    """Turns a forward pass and what follows it into lines."""

    def holds(self, f: ast.FunctionDef) -> None:
        """What a function has without giving it a value: its arguments, and what the pass holds, under names of their own."""
        inside = (n for each in f.body for n in sorted(ast.walk(each), key=lambda n: isinstance(getattr(n, "ctx", None), ast.Store)))
        given: dict[str, bool] = {}         # whether it is used before it gets a value
        for n in inside:
            if isinstance(n, ast.Attribute) and last(n.value) in HOLDERS:
                given.setdefault(n.attr, isinstance(n.ctx, ast.Load))
        for attribute in (a for a, used in given.items() if used):
            self.free[attribute] = self.fresh(f"{attribute}_") if attribute in self.arguments else attribute
        self.defined |= {*self.arguments, *self.free.values()}

    only: ast.expr | None = None        # what is kept for the backward pass, if it is no tuple

    def out(self, end: ast.Return, most: int | None = None, store: bool = False) -> list[str]:
        """The names of what comes out, of `most` values; what is kept for the backward pass beside it, in a `store`, is remembered."""
        assert end.value is not None
        values = end.value.elts if isinstance(end.value, ast.Tuple) else [end.value]
        if store and len(values) == 2 and elements(values[1]) is None and last(values[1]) not in self.kept:
            self.only, values = self.read(values[1]), values[:1]
        beside = [v for v in values[1:] if elements(v) is not None or isinstance(v, ast.Name) and v.id in self.kept]
        for v in beside if not self.whole else ():         # gradients are stored for nobody
            made = None if isinstance(v, ast.Name) else self.read(v)
            self.stored = self.kept[v.id] if isinstance(v, ast.Name) else elements(made) or [] if made is not None else []
            self.called |= entries("cache", made) if made is not None else {}
        out = []
        for v in values[:1] if beside else values[:most]:
            value = self.read(v)
            out.append(value.id if isinstance(value, ast.Name) else self.fresh("out"))
            if not isinstance(value, ast.Name):
                self.line(end, f"{out[-1]} = {ast.unparse(value)}")
        return out

    def keeps(self, setup: ast.FunctionDef, outputs: list[str]) -> None:
        """What is saved of the arguments and of what comes out."""
        inputs, given = ([ast.Name(name, ast.Load()) for name in names] for names in (self.arguments, outputs))
        for word, values in zip(parameters(setup)[1:], (inputs, given), strict=False):
            self.kept[word] = list(values)
            if len(values) == 1 and word != parameters(setup)[1]:
                self.called[word] = values[0]
        self.body(statements(setup.body))

    def loss(self, pairs: Mapping[str, str], used: set[str]) -> dict[str, str]:
        """What is differentiated: what comes out, each with what arrives from above; which has the shape of which."""
        self.taken |= used
        letters = {out: self.fresh("G" if len(pairs) == 1 else f"G_{out}") for out in pairs}
        self.called |= {name: ast.Name(letters[out], ast.Load()) for out, name in pairs.items()}
        if letters:
            self.value = self.fresh("loss")
            self.made.append(Line(0, "", f"{self.value} = {' + '.join(f'np.sum({letter} * {out})' for out, letter in letters.items())}"))
        return {letter: out for out, letter in letters.items()}

    def about(self, f: ast.FunctionDef) -> Sequence[str]:
        """The lines of a function, and those above it, in which comments may speak of its arguments."""
        return self.source[max(0, f.lineno - OUTSIDE):f.end_lineno]

    def shapes(self, found: Pass) -> dict[str, tuple[str, ...]]:
        """The shapes that annotations, comments and docstrings say: x: Float[Tensor, "n d"], # w is (D, K). A default is a number."""
        out: dict[str, tuple[str, ...]] = {}
        for f in (found.forward, found.backward):
            for a in [] if f is None else f.args.args:
                inside = a.annotation.slice if isinstance(a.annotation, ast.Subscript) else None
                axes = inside.elts[-1] if isinstance(inside, ast.Tuple) else None
                if isinstance(axes, ast.Constant) and isinstance(axes.value, str):
                    out.setdefault(a.arg, tuple(axes.value.split()))
            for line in [] if f is None else self.about(f):
                told = line.partition("#")[2] if "#" in line else line if DESCRIBES.match(line) else ""
                for name, sizes in said_shapes(told, self.taken):
                    out.setdefault(name, sizes)
        own = {n: tuple(f"{size}_" if size in self.defined else size for size in s) for n, s in out.items()}      # E is an array here
        return {n: s for n, s in own.items() if len(s) < 3} | dict.fromkeys(self.numbers.keys() - out.keys(), ())


def _begins_gradients(node: ast.stmt, known: set[str]) -> bool:
    """Whether a statement gives a value to something that is called like the gradient of a known name."""
    return isinstance(node, ast.Assign) and any(
        gradient_of(last(t)) in known or key(t) is not None and GRADIENTS.search(last(t)) is not None for t in node.targets)


def _is_store(name: str, f: ast.FunctionDef) -> bool:
    """Whether an argument holds what the forward pass has stored: it is taken apart, or asked for a part by its name."""
    return name in ("cache", "res", "residuals") or any(
        isinstance(n, ast.Assign) and isinstance(n.value, ast.Name) and n.value.id == name and isinstance(n.targets[0], ast.Tuple)
        or isinstance(n, ast.Subscript) and isinstance(n.value, ast.Name) and n.value.id == name and key(n) is not None
        for n in ast.walk(f))
