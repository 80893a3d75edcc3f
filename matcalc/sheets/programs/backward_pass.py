"""The lines of a pass: forward each statement is a definition, backward only what is a gradient, with everything between written out,
whatever it is called and however often it is assigned.

What arrives from above is a matrix G, and what is returned is the gradient of loss = sum(G*out) with respect to the arguments.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from ...language.shape import InputError
from ...records import Record
from ..python.program_memory import elements, entries
from .drawn import Shape, about, shapes_said, sizes_said
from .passes import FWD, Pass, begins_gradients, gradient_by, is_data, is_gradient, is_hessian, is_store, returned, updates
from .statements import Statements
from ..python.array_lines import gradient_of
from ..python.scope import HOLDERS, LIBRARIES, all_names, bound, changed, last, parameters, rests_on, scope, statements, word
from ...patterns import pattern

USED = pattern(r"(?<![\w.])[A-Za-z_]\w*(?!\w|\s*\()")        # a name, and no function
OUTPUTS = ("output", "outputs", "out")          # what a forward pass that returns nothing keeps for the next layer
OPTIONS = ("axis", "dim", "keepdims", "keepdim", "True", "False", "None")


class Line(Record):
    """A line of the sheet: where it stands in the program, what stands there, how it reads, and the name whose gradient it says."""

    number: int
    shown: str
    text: str
    of: str = ""


class Reader:
    """Turns a forward pass and what follows it into lines."""

    def __init__(self, found: Pass, tree: ast.Module, source: Sequence[str], apart: frozenset[str]) -> None:
        self.found, self.source, self.apart = found, source, apart
        self.at = at = Statements(scope(tree), source, self)
        self.made, self.one_hot = list[Line](), dict[str, None]()
        self.stored: list[ast.expr] = []            # what is kept for the backward pass
        self.only: ast.expr | None = None           # the same, if it is not a tuple
        self.value, self.outputs = "", set[str]()   # what is differentiated; what comes out
        self.gradients: dict[str, str] = {}         # names of values that are returned, and whose gradients they are
        self.lasting: dict[str, int] = {}           # the statement that gives a name its last value
        self.returned = self.known = frozenset[str]()       # whose gradients are returned; of which a name like dz says the gradient
        # whether it is known which values last, gradients follow the arguments' order, something that is returned is not judged
        self.certain = self.in_order = self.partly = False
        self.begun, self.alike = dict[str, Shape](), dict[str, str]()        # what the constructor makes; self.V = self.W, two names
        self.helpers, self.lost = dict[str, int](), 0       # the lines of other values of the backward pass
        for node in found.start.body if found.start is not None else ():
            parts = elements(node.value) if isinstance(node, ast.Assign) else None
            if parts is not None and isinstance(node, ast.Assign):
                at.memory.kept[last(node.targets[0])] = parts
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Attribute) and last(node.value.value) in HOLDERS:
                self.alike[last(node.targets[0])] = last(node.value)
            elif isinstance(node, ast.Assign) and not isinstance(node.targets[0], ast.Subscript) and (shape := at.drawn.shape(node.value)):
                self.begun[last(node.targets[0])] = shape
        f = found.forward
        at.arguments, at.taken = [a for a in parameters(f) if a not in HOLDERS], all_names(f)
        self.gradients |= updates(f) | dict(found.called)
        given = (last(t) for each in (f, found.backward) if each is not None for n in ast.walk(each) if isinstance(n, ast.Assign)
                 for t in n.targets)
        at.drawn.varied = {self.gradients.get(name) or gradient_of(name) for name in given} | {
            name for n in f.body if isinstance(n, ast.Nonlocal) for name in n.names}
        at.drawn.constants = set(at.arguments) - at.drawn.varied if any(isinstance(n, ast.Nonlocal) for n in f.body) else set()
        at.enters(f)
        self.holds(f)
        at.numbers = dict.fromkeys(a.arg for a, v in zip(f.args.args[::-1], f.args.defaults[::-1], strict=False)
                                   if isinstance(v, ast.Constant) and isinstance(v.value, (int, float)))

    # ------------------------------------------------------------ what statements say
    def line(self, node: ast.stmt, name: str, value: str, of: str = "") -> None:
        """One line of the sheet."""
        self.made.append(Line(node.lineno, self.at.shown(node), f"{name} = {value}", of))

    def labels(self, label: ast.expr) -> str | None:
        """The matrix with a row for each label, 1 where it is."""
        found = self.at.read(label) if isinstance(label, (ast.Name, ast.Attribute)) else label
        if not isinstance(found, ast.Name):
            return None
        name = f"Onehot_{found.id}"
        self.one_hot[name] = None
        return name

    def loop(self, node: ast.stmt) -> bool:
        """No loop is read."""
        return False

    def said(self, node: ast.stmt, name: str, names: Sequence[str], others: frozenset[str], value: ast.expr) -> None:
        """A value in a backward pass; the last one that is called like a gradient is a line."""
        self.lasting |= dict.fromkeys(others, -1)
        text = ast.unparse(value)
        if name == self.value:
            self.line(node, name, text)
            return
        for each in names:
            if not self.at.memory.gives(each, value):
                continue
            gradient = gradient_of(word(each))
            of = self.gradients.get(each, "") or (gradient if gradient in self.known else "")
            if of and of not in self.apart:
                if not self.certain:
                    self.lasting[each] = self.at.at
                elif self.lasting.get(each) == self.at.at and self.claims(node, of, text):
                    self.at.memory.called[each] = ast.Name(f"d{of}", ast.Load())
            elif not of:
                self.helpers[each] = node.lineno

    def unread(self, node: ast.stmt, names: set[str], why: InputError | None = None) -> None:
        """A row that says that it is not read."""
        self.lasting |= dict.fromkeys(names, -1)
        self.lost += 1
        lost = f"lost{self.lost}"
        self.at.all_known |= {lost}         # what rests on it is not judged
        self.at.memory.called |= {name: ast.Name(lost, ast.Load()) for name in names}
        self.at.memory.stale -= names
        self.line(node, f"{lost}[0]", "1")

    def claims(self, node: ast.stmt, of: str, text: str) -> bool:
        """A line that says a gradient; whether all its names are those of the forward pass and of what arrives from above."""
        known = self.at.all_known | self.one_hot.keys()
        if all(w in known or w[0] == "d" and w[1:] in known for w in set(USED.findall(text)) - LIBRARIES):
            self.line(node, f"d{of}", text, of)
            return True
        self.at.unread(node, [name for name, gradient in self.gradients.items() if gradient == of] or [f"d{of}"])
        return False

    def whole(self) -> dict[str, str]:
        """One function that has both passes."""
        body, end, made = list(statements(self.found.forward.body)), self.end(self.found.forward), self.found.made
        if isinstance(end.value, ast.Tuple):
            end = ast.copy_location(ast.Return(ast.Tuple(sorted(end.value.elts, key=is_gradient), ast.Load())), end)
        loss = rests_on(body, end.value.elts[0] if isinstance(end.value, ast.Tuple) and end.value.elts else end)
        given = returned(end, self.at.arguments) - loss | self.gradients.keys()
        first = next((k for k, node in enumerate(body) if k >= made and begins_gradients(node, self.at.taken, loss, given)), len(body))
        self.helpers |= {n: node.lineno for node in body[:first] for n in bound([node]) if n not in loss}
        self.at.body(body[:first])
        self.value = self.out(end, 1)[0]
        self.backward(body[first:], end)
        return {}

    def both(self, g: ast.FunctionDef) -> dict[str, str]:
        """A forward pass and its backward pass; which names have the shape of which."""
        f, setup, at = self.found.forward, self.found.setup, self.at
        at.body(statements(f.body))
        self.in_order = setup is not None or "ctx" in parameters(f) or FWD.search(f.name) is not None      # torch and jax
        stores = [a for a in parameters(g) if is_store(a, g)]
        outputs = self.out(self.end(f), store=bool(stores))
        if setup is not None:
            self.keeps(setup, outputs)
        at.memory.kept |= dict.fromkeys(stores, self.stored)
        self.value, self.outputs = outputs[0], set(outputs)
        above = [a for a in parameters(g) if a not in (*HOLDERS, *stores) and (a not in at.taken or gradient_of(a) in outputs)]
        data = next((a for a in above if not self.in_order and gradient_of(a) == "" and is_data(a, g)), "")
        if data:
            raise InputError(f"nothing says which loss {g.name} gives the gradient of", g.lineno, 1, at.shown(g),
                             f"compute the loss in a function of what {f.name} returns and of {data}")
        at.enters(g, f)
        at.memory.called |= dict.fromkeys(stores, self.only) if self.only is not None else {}
        alike = self.loss(dict(zip(outputs, above, strict=False)), all_names(g))
        back = list(statements(g.body))
        self.backward(back, next((n for n in reversed(back) if isinstance(n, ast.Return)), None))
        return alike

    def end(self, f: ast.FunctionDef) -> ast.Return:
        """The statement that returns something."""
        end = next((n for n in statements(f.body) if isinstance(n, ast.Return)), None)
        stored = [n.targets[0] for n in statements(f.body) if isinstance(n, ast.Assign) and last(n.targets[0]) in OUTPUTS]
        if (end is None or end.value is None) and stored:           # self.output = ..
            return ast.copy_location(ast.Return(ast.Attribute(ast.Name("self", ast.Load()), last(stored[-1]), ast.Load())), f.body[-1])
        if end is None or end.value is None:
            raise InputError(f"{f.name} returns nothing", f.lineno, 1, self.at.shown(f))
        return end

    def backward(self, nodes: Sequence[ast.stmt], end: ast.Return | None) -> None:
        """What follows the forward pass; what is returned are the gradients with respect to the arguments."""
        at, whole = self.at, self.found.backward is None
        known = {w for line in self.made for w in USED.findall(line.text)} | set(at.arguments)
        values = [] if end is None or end.value is None else list(end.value.elts) if isinstance(end.value, ast.Tuple) else [end.value]
        if whole or len(values) == 1:           # a dictionary that has a name; what is put into an empty one is said there
            made = {last(n.targets[0]): n.value for n in nodes if isinstance(n, ast.Assign) and isinstance(n.value, ast.Dict)}
            values = [made.get(last(v), v) for v in values]
            values = [v for v in values if not isinstance(v, ast.Dict) or v.keys]
        local, found = {name for node in nodes for name in changed(node)}, list(self.matched(values, end))
        self.gradients = {v.id: name for v, name in found if isinstance(v, ast.Name) and v.id in local} | self.gradients
        self.returned = frozenset(name for _, name in found)
        given = self.returned if whole else at.arguments if found else ()        # which are said by what is returned
        at.inlined, self.known = True, frozenset(known.difference(given))
        sizes = sizes_said({**self.shapes(), **at.drawn.shapes})
        at.all_known = frozenset({*known, *OPTIONS, *self.one_hot, *at.drawn.shapes, *at.drawn.sizes, *sizes})
        begun, made, lost = at.memory.copied(), list(self.made), self.lost
        at.body(nodes)                            # once to see which values last
        at.memory, self.made, self.lost, self.certain = begun, made, lost, True
        at.body(nodes)
        said = {line.of for line in self.made}
        for value, name in found:
            none = isinstance(value, ast.Constant) and value.value is None or isinstance(value, ast.Name) and value.id in at.empty
            if end is not None and name not in said and not none:
                try:
                    self.claims(end, name, ast.unparse(at.read(value)))
                except InputError:
                    at.unread(end, ())
        if self.partly and end is not None:
            at.unread(end, ())

    def matched(self, values: Sequence[ast.expr], end: ast.Return | None) -> Iterator[tuple[ast.expr, str]]:
        """What is returned, with the argument whose gradient it is: by its name where all names say so and no library
        asks for an order, else in order."""
        arguments, whole = self.at.arguments, self.found.backward is None
        if whole:
            self.partly = any(map(is_hessian, values))
            values = [v for v in values[1:] if not is_hessian(v)]         # without the loss itself
            values = values if not any(isinstance(v, ast.Name) and v.id in self.at.memory.kept for v in values) else []
        if len(values) == 1 and isinstance(values[0], ast.Dict):
            words = (str(k.value) if isinstance(k, ast.Constant) else "" for k in values[0].keys)
            yield from ((v, gradient_of(w) or w) for v, w in zip(values[0].values, words, strict=True))
            return
        said = [gradient_by(v, arguments, self.at.taken) for v in values]
        moved = any(n in arguments and arguments[k:k + 1] != [n] for k, n in enumerate(said)) and self.outputs.isdisjoint(said)
        by_name = not self.in_order and len(set(said)) == len(said) and set(said) <= (self.at.taken if whole or moved else set(arguments))
        if whole and not by_name and len(values) == 1 and self.found.of and not isinstance(values[0], ast.Dict):
            yield values[0], self.found.of[0]
            return
        if moved and not self.in_order and not by_name:         # in no order, and some without a name
            values = [v for v, n in zip(values, said, strict=True) if n in arguments]
            said, by_name, self.partly = [n for n in said if n in arguments], True, True
        unnamed = whole and not by_name and len(values) != len(arguments)       # a line `grad = ..` says by which it can be
        refused = self.in_order and any(not isinstance(v, ast.Constant) for v in values[len(arguments):])      # more than the library takes
        if unnamed or refused:
            if end is not None and (refused or not all(last(v).startswith("grad") for v in values)):
                self.at.unread(end, ())
            return
        yield from zip(values, said if by_name else arguments, strict=False)

    def holds(self, f: ast.FunctionDef) -> None:
        """What a function has without giving it a value: its arguments, and what the pass holds, under names of their own."""
        inside = (n for each in f.body for n in sorted(ast.walk(each), key=lambda n: isinstance(getattr(n, "ctx", None), ast.Store)))
        given: dict[str, bool] = {}         # whether it is used before it gets a value
        for n in inside:
            if isinstance(n, ast.Attribute) and last(n.value) in HOLDERS:
                given.setdefault(n.attr, isinstance(n.ctx, ast.Load))
        for attribute in (a for a, used in given.items() if used):
            self.at.free[attribute] = self.at.fresh(f"{attribute}_") if attribute in self.at.arguments else attribute
        self.at.free |= {name: self.at.free.get(of, of) for name, of in self.alike.items() if name in self.at.free}
        self.at.defined |= {*self.at.arguments, *self.at.free.values()}

    def out(self, end: ast.Return, most: int | None = None, store: bool = False) -> list[str]:
        """The names of what comes out, of `most` values; what is kept for the backward pass beside it, in a `store`, is remembered."""
        assert end.value is not None
        at = self.at
        values = end.value.elts if isinstance(end.value, ast.Tuple) else [end.value]
        if store and len(values) == 2 and at.memory.tuple(values[1]) is None:
            self.only, values = at.read(values[1]), values[:1]
        beside = [v for v in values[1:] if elements(v) is not None or isinstance(v, ast.Name) and v.id in at.memory.kept]
        for v in beside if most is None else ():         # gradients are stored for nobody
            made = at.read(v) if elements(v) is not None else None
            self.stored = elements(made) or at.memory.kept.get(last(v), [])
            at.memory.called |= entries("cache", made) if made is not None else {}
        out = []
        for v in [v for v in values if v not in beside][:most]:
            value = at.read(v)
            out.append(value.id if isinstance(value, ast.Name) else at.fresh("out"))
            if not isinstance(value, ast.Name):
                self.line(end, out[-1], ast.unparse(value))
        return out

    def keeps(self, setup: ast.FunctionDef, outputs: list[str]) -> None:
        """What is saved of the arguments and of what comes out."""
        for parameter, names in zip(parameters(setup)[1:], (self.at.arguments, outputs), strict=False):
            values: list[ast.expr] = [ast.Name(name, ast.Load()) for name in names]
            self.at.memory.kept[parameter] = values
            if len(values) == 1 and names is outputs:
                self.at.memory.called[parameter] = values[0]
        self.at.body(statements(setup.body))

    def loss(self, pairs: Mapping[str, str], used: set[str]) -> dict[str, str]:
        """What is differentiated: what comes out, each with what arrives from above; which has the shape of which."""
        self.at.taken |= used
        letters = {out: self.at.fresh("G" if len(pairs) == 1 else f"G_{out}") for out in pairs}
        self.at.memory.called |= {name: ast.Name(letters[out], ast.Load()) for out, name in pairs.items()}
        if letters:
            self.value = self.at.fresh("loss")
            self.made.append(Line(0, "", f"{self.value} = {' + '.join(f'np.sum({letter} * {out})' for out, letter in letters.items())}"))
        return {letter: out for out, letter in letters.items()}

    def shapes(self) -> dict[str, tuple[str, ...] | str]:
        """The shapes that annotations, comments and docstrings say: x: Float[Tensor, "n d"], # w is (D, K). A default is a number. What is
        drawn has the shape that the call says, or that of another array."""
        drawn = {n: s for n, s in self.at.drawn.shapes.items() if isinstance(s, tuple) or s is not None and s not in self.at.drawn.shapes}
        drawn |= {n: s for n, s in self.at.drawn.said.items() if n in self.at.arguments}
        drawn |= {n: s for held, s in self.begun.items() if isinstance(s, tuple) and (n := self.at.free.get(held)) is not None}
        out: dict[str, tuple[str, ...]] = {}
        for f in filter(None, (self.found.forward, self.found.backward)):
            out = {**dict(shapes_said(f, about(f, self.source), self.at.taken)), **out}
        every = drawn | {n: s for n, s in out.items() if len(s) < 3} | dict.fromkeys(self.at.numbers.keys() - out.keys(), ())
        own = self.at.defined           # E is an array here
        return {n: s if isinstance(s, str) else tuple(f"{size}_" if size in own else size for size in s) for n, s in every.items()}
