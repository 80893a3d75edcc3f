"""Loops over samples and entries of arrays: what they add up is a sum over their indices, an einsum of its factors.

A value in a loop has an axis for each index that it depends on, before its own axes, of which the last is z and the one before it y.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterable

from ...language.shape import InputError
from ...records import Record
from ..python.scope import last
from ..python.spelled import unless

OWN = ("", "z", "yz")
ENTRYWISE = frozenset(("exp", "log", "log1p", "expm1", "tanh", "sqrt", "square", "abs", "sign", "sigmoid", "relu", "softplus", "sin", "cos",
                       "maximum", "minimum"))
LETTERS = "abcdefgh"


class Value(Record):
    """A product of arrays, each with the letters of its axes, and how many axes of its own it has."""

    factors: tuple[tuple[ast.expr, str], ...]
    own: int = 0
    active: str = ""         # the indices of the loops in which it was made, if it is a name's

    def letters(self) -> str:
        """Its axes, those of loops first."""
        return "".join(sorted({c for _, axes in self.factors for c in axes} - set("yz"))) + OWN[self.own]


class Loop:
    """What a loop gives to names that are not its own."""

    def __init__(self, node: ast.For, read: Callable[[ast.expr], ast.expr], mask: Callable[[ast.expr], ast.expr | None],
                 shape: Callable[[str], tuple[str, str]], size: Callable[[str], str]) -> None:
        self.read, self.mask, self.shape, self.size = read, mask, shape, size
        self.own, self.growing = given_in(node), set[str]()         # which it changes, and those that grow in the loop that is read
        self.views = set[str]()             # names of parts of arrays, which nothing may change in place
        self.env: dict[str, Value] = {}
        self.indices: dict[str, tuple[str, str]] = {}       # the letter of an index, and the size that it goes through
        self.active = ""
        self.out: dict[str, ast.expr] = {}           # what is added to a name
        self.whole: dict[str, ast.expr] = {}                # what is put in all places of a name

    def run(self, node: ast.For) -> None:
        """A loop, with those inside."""
        letter, growing = LETTERS[len(self.active)], self.growing
        self.active += letter
        given = [t for n in ast.walk(node) if isinstance(n, ast.Assign) and not _adds(n) for t in n.targets]
        set_here = {t.id for t in given if isinstance(t, ast.Name)}
        self.env = {n: v for n, v in self.env.items() if n not in set_here}       # none may have the value of the round before
        self.growing = growing | self.env.keys() & given_in(node)
        self.head(node.target, node.iter, letter)
        for each in node.body:
            self.statement(each, ())
        if node.orelse:
            raise refusal(node)
        self.active, self.growing = self.active[:-1], growing
        self.env = {n: v for n, v in self.env.items() if letter not in v.active}        # of those that the loop sets the last one remains
        self.indices = {n: v for n, v in self.indices.items() if v[0] != letter}

    def head(self, target: ast.expr, over: ast.expr, letter: str) -> None:
        """for i in range(n), for x in X, for i, x in enumerate(X), for x, y in zip(X, Y)."""
        word, args = (last(over.func), over.args) if isinstance(over, ast.Call) else ("", [])
        names = target.elts if isinstance(target, ast.Tuple) else [target]
        if word == "range" and len(args) == 1 and isinstance(target, ast.Name):
            self.indices[target.id] = letter, self.size(ast.unparse(self.read(args[0])))
            return
        if word == "enumerate" and len(args) == 1 and len(names) == 2 and isinstance(names[0], ast.Name):
            of = last(args[0].args[0]) if isinstance(args[0], ast.Call) and args[0].args else last(args[0])
            self.indices[names[0].id] = letter, self.shape(of)[0]
            self.head(names[1], args[0], letter)
            return
        arrays = args if word == "zip" else [over]
        if len(arrays) != len(names):
            raise refusal(over)
        for name, array in zip(names, arrays, strict=True):
            found = self.value(self.read(array))
            if not isinstance(name, ast.Name) or found.own == 0 or len(found.letters()) != found.own:
                raise refusal(over)
            [(e, _)] = found.factors
            self.views.add(name.id)
            self.env[name.id] = Value(((e, letter + OWN[found.own - 1]),), found.own - 1, self.active)

    def statement(self, node: ast.stmt, guards: tuple[tuple[ast.expr, str], ...]) -> None:
        """A statement in a loop, under conditions."""
        if isinstance(node, ast.For) and not guards:
            self.run(node)
        elif isinstance(node, ast.If) and not guards:
            test = self.mask(node.test)
            if test is None:
                raise refusal(node)
            mask = self.array(self.value(test))
            for each in node.body:
                self.statement(each, (mask,))
            for each in node.orelse:
                self.statement(each, ((unless(mask[0]), mask[1]),))
        elif isinstance(node, ast.Assign) and len(node.targets) == 1:
            target, value = node.targets[0], node.value
            if _adds(node) and isinstance(value, ast.BinOp):
                self.adds(target, value.right, 1, guards)
            elif isinstance(target, ast.Name) and not guards:
                self.env[target.id] = self.value(self.read(value))._replace(active=self.active)
                self.views |= {target.id} if isinstance(value, (ast.Name, ast.Subscript, ast.Attribute)) else set()
            elif isinstance(target, ast.Subscript) and not guards:
                name, axes = self.place(target)
                if name in self.out or name in self.env or set(axes) - set("yz") != set(self.active):
                    raise refusal(node)
                self.whole[name] = self.summed(self.value(self.read(value)), axes)
            else:
                raise refusal(node)
        elif isinstance(node, ast.AugAssign) and isinstance(node.op, (ast.Add, ast.Sub)) and last(node.target) not in self.views:
            self.adds(node.target, node.value, 1 if isinstance(node.op, ast.Add) else -1, guards)
        elif not isinstance(node, ast.Pass) and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            raise refusal(node)

    def adds(self, target: ast.expr, what: ast.expr, sign: int, guards: tuple[tuple[ast.expr, str], ...]) -> None:
        """g += what, g[j] += what."""
        value = self.value(self.read(what))
        value = Value((*value.factors, *guards), value.own)
        if isinstance(target, ast.Name) and (old := self.env.get(target.id)) is not None:
            inner = [c for c in self.active if c not in old.active]
            if not set(inner) <= set(value.letters()):
                raise refusal(what)
            axes = "".join(c for c in value.letters() if c not in inner)
            added = Value(((self.summed(value, axes), axes),), value.own)
            self.env[target.id] = self.sum(old, ast.Add() if sign > 0 else ast.Sub(), added)._replace(active=old.active)
            return
        name, axes = (target.id, OWN[value.own]) if isinstance(target, ast.Name) else self.place(target)
        if name in self.env or name in self.whole or set(self.active) - set(value.letters()) - set(axes):
            raise refusal(what)         # what does not depend on an index is added as often as there are numbers
        found = self.summed(value, axes)
        found = found if sign > 0 else ast.UnaryOp(ast.USub(), found)
        before = self.out.get(name)
        self.out[name] = found if before is None else ast.BinOp(before, ast.Add(), found)

    def place(self, target: ast.expr) -> tuple[str, str]:
        """The name and the axes of g[i], W[i, j], W[i] and W[:, j]."""
        if not isinstance(target, ast.Subscript) or not isinstance(target.value, ast.Name):
            raise refusal(target)
        return target.value.id, self.picked(target.slice, self.shape(target.value.id), target)

    def picked(self, inside: ast.expr, shape: tuple[str, str], node: ast.AST) -> str:
        """The letters of the axes of an array of which an index picks some."""
        parts = list(inside.elts) if isinstance(inside, ast.Tuple) else [inside]
        sizes = [s for s in shape if s != "1"]
        axes = ""
        for part, size in zip([*parts, *[ast.Slice()] * (len(sizes) - len(parts))], sizes, strict=False):
            free = isinstance(part, ast.Slice) and part.lower is part.upper is part.step is None
            letter, through = ("z", size) if free else self.indices.get(last(part) if isinstance(part, ast.Name) else "", ("", ""))
            if not letter or through != size or letter in axes:
                raise refusal(node)
            axes += letter
        if len(parts) > len(sizes):
            raise refusal(node)
        return axes if axes != "zz" else "yz"

    # ------------------------------------------------------------ values
    def value(self, node: ast.expr) -> Value:
        """An expression in a loop."""
        names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        if not names.isdisjoint(self.growing | self.own - self.env.keys() - self.indices.keys()):
            raise refusal(node)
        if names.isdisjoint({*self.env, *self.indices}):
            own = sum(s != "1" for s in self.shape(ast.unparse(node)))
            return Value(((node, OWN[own]),), own)
        if isinstance(node, ast.Name) and node.id in self.env:
            return self.env[node.id]
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
            one = self.value(node.operand)
            return one if isinstance(node.op, ast.UAdd) else Value(((ast.Constant(-1), ""), *one.factors), one.own)
        if isinstance(node, ast.Subscript):
            return self.part(node)
        if isinstance(node, ast.BinOp):
            return self.both(node.op, self.value(node.left), self.value(node.right))
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            return self.sum(self.value(node.left), node.ops[0], self.value(node.comparators[0]))
        if isinstance(node, ast.Call) and not node.keywords:
            return self.called(node)
        raise refusal(node)

    def part(self, node: ast.Subscript) -> Value:
        """X[i], A[i, j], A[:, j], A[i][j]."""
        if isinstance(node.value, ast.Name) and node.value.id not in self.env:
            axes = self.picked(node.slice, self.shape(node.value.id), node)
            return Value(((node.value, axes),), sum(c in "yz" for c in axes))
        found = self.value(node.value)
        letter, through = self.indices.get(last(node.slice) if isinstance(node.slice, ast.Name) else "", ("", ""))
        if found.own != 1 or not letter or letter in found.letters():
            raise refusal(node)
        array, axes = self.array(found)
        if self.shape(ast.unparse(array))[len(axes) - 1] != through:
            raise refusal(node)
        return Value(((array, axes.replace("z", letter)),), 0)

    def both(self, op: ast.operator, a: Value, b: Value) -> Value:
        """Two values: what is multiplied is multiplied when all is."""
        if isinstance(op, ast.Mult):
            return Value((*a.factors, *b.factors), max(a.own, b.own))
        if isinstance(op, ast.Div):
            array, axes = self.array(b)
            return Value((*a.factors, (ast.BinOp(ast.Constant(1), ast.Div(), array), axes)), max(a.own, b.own))
        if isinstance(op, ast.MatMult):
            return self.product(a, b)
        if isinstance(op, (ast.Add, ast.Sub, ast.Pow)):
            return self.sum(a, op, b)
        raise InputError(f"{type(op).__name__} in a loop cannot be read")

    def product(self, a: Value, b: Value) -> Value:
        """a @ b."""
        if not a.own or not b.own:
            raise InputError("a matrix product of a number")
        left = [(e, axes.replace("z", "w")) for e, axes in a.factors]
        right = [(e, axes.replace("z", "w") if b.own == 1 else axes.replace("y", "w")) for e, axes in b.factors]
        own = a.own + b.own - 2
        kept = "y" * (a.own == 2) + "z" * (b.own == 2)
        loops = "".join(sorted({c for _, axes in (*left, *right) for c in axes} - set("wyz")))
        return Value(((einsum([*left, *right], loops + kept), loops + OWN[own]),), own)

    def called(self, node: ast.Call) -> Value:
        """A function of values in a loop."""
        word, method = last(node.func), isinstance(node.func, ast.Attribute) and last(node.func.value) not in ("np", "torch")
        given = [*([node.func.value] if method and isinstance(node.func, ast.Attribute) else []), *node.args]
        values = [self.value(a) for a in given]
        if word in ("dot", "matmul") and len(values) == 2:
            return self.product(*values)
        if word == "outer" and [v.own for v in values] == [1, 1]:
            return Value((*((e, axes.replace("z", "y")) for e, axes in values[0].factors), *values[1].factors), 2)
        if word == "sum" and len(values) == 1:
            axes = values[0].letters()[:-values[0].own or None]
            return Value(((self.summed(values[0], axes), axes),), 0)
        if word not in ENTRYWISE or any(v.letters() != values[0].letters() and v.letters() for v in values):
            raise refusal(node)
        return Value(((ast.Call(node.func, [self.array(v)[0] for v in values], []), values[0].letters()),), values[0].own) \
            if not method else self.called(ast.Call(ast.Attribute(ast.Name("np", ast.Load()), word, ast.Load()), given, []))

    def sum(self, a: Value, op: ast.operator | ast.cmpop, b: Value) -> Value:
        """Two values added, compared, or one to the power of the other."""
        own = max(a.own, b.own)
        axes = "".join(sorted({*a.letters(), *b.letters()} - set("yz"))) + OWN[own]
        if len(axes) > 2:
            raise InputError("an array with three axes")
        one, two = (spread(*self.array(v), axes) for v in (a, b))
        made = ast.BinOp(one, op, two) if isinstance(op, ast.operator) else ast.Compare(one, [op], [two])
        return Value(((made, axes),), own)

    def array(self, v: Value) -> tuple[ast.expr, str]:
        """A value as one array, with its axes."""
        return self.summed(v, v.letters()), v.letters()

    def summed(self, v: Value, axes: str) -> ast.expr:
        """A value summed over all axes but these."""
        if not set(axes) <= set(v.letters()):
            raise InputError("a value that is the same for all of an index")
        return einsum(v.factors, axes)


def einsum(factors: Iterable[tuple[ast.expr, str]], axes: str) -> ast.expr:
    """The product of arrays, summed over all axes but these; numbers stand before it."""
    found = list(factors)
    numbers, arrays = [e for e, letters in found if not letters], [(e, letters) for e, letters in found if letters]
    if len(axes) > 2 or any(len(letters) > 2 for _, letters in arrays):
        raise InputError("an array with three axes")
    of = ",".join(letters for _, letters in arrays)
    made: ast.expr | None = None if not arrays else arrays[0][0] if of == axes else ast.Call(
        ast.parse("np.einsum", mode="eval").body, [ast.Constant(f"{of}->{axes}"), *(copy.deepcopy(e) for e, _ in arrays)], [])
    for number in reversed(numbers):
        made = number if made is None else ast.BinOp(number, ast.Mult(), made)
    return made or ast.Constant(1)


def spread(array: ast.expr, has: str, axes: str) -> ast.expr:
    """An array so that it is spread along the axes that it does not have."""
    if len(has) != 1 or len(axes) != 2:
        return array
    return ast.parse(f"({ast.unparse(array)})[{'None, :' if has == axes[1] else ':, None'}]", mode="eval").body


def refusal(node: ast.AST) -> InputError:
    """Why a loop is not read."""
    return InputError(f"this loop cannot be read: {ast.unparse(node).splitlines()[0]}")


def given_in(node: ast.For) -> set[str]:
    """The names that a loop gives a value, also in part."""
    return {last(n) for n in ast.walk(node) if isinstance(n, (ast.Name, ast.Subscript)) and isinstance(n.ctx, ast.Store)}


def _adds(node: ast.Assign) -> bool:
    """g = g + .."""
    value = node.value
    return isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add) and ast.unparse(value.left) == ast.unparse(node.targets[0])
