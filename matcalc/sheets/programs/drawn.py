"""What a program makes of no array: data that it loads, random numbers, and parameters as they are when a round of a loop begins.

Such a value is an array of any entries; its shape is what the call says. A size that is a number there has a name of its own.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

from ...language.shape import InputError
from ...reading.grammar.functions import FUNCTIONS
from ..python.array_table import GIVES
from ..python.python_text import tree_of
from ..python.scope import DEFINED, Scope, is_size, last
from ..python.program_memory import Memory, key
from ..statements.numpy_lines import said_shapes
from ...patterns import pattern

DESCRIBES = pattern(r"[\s\"'`*-]*\w+(?:(?: ?,| and\b) ?\w+)* ?(?::|--|is\b|are\b|of\b|has\b|have\b)")
READ = frozenset((*FUNCTIONS, *GIVES, *dir(builtins), "full", "arange", "linspace", "zeros_like", "ones_like", "full_like", "array",
                  "tensor", "append", "one_hot"))       # what depends on no array there is a constant
SCRIPT = "script"        # what the statements outside of functions are called
OUTSIDE = 6         # lines above a function in which a comment may say the shapes of its arguments
SHAPES = ("shape", "size", "ndim", "dtype", "device")
TURN = "0 .turn"          # what a loop goes on with, as a call
LIKE = frozenset(("rand_like", "randn_like", "randint_like", "empty_like"))
EACH = frozenset(("rand", "randn"))             # of NumPy and PyTorch, which take sizes one by one
PLACES = {"integers": 2, "randint": 2, "normal": 2, "uniform": 2, "binomial": 2, "choice": 1}       # where the sizes stand
FIRST = frozenset(("zeros", "ones", "empty", "standard_normal", "random", "random_sample", "full"))
Shape = tuple[str, ...] | str | None           # the sizes, or the array that has the same


class Drawn:
    """The arrays that are drawn, with their shapes. `varied` are names of which not even a constant value is kept, `constants` are given
    and there is no gradient of them; `fresh` makes a name."""

    def __init__(self, file: Scope, fresh: Callable[[str], str]) -> None:
        self.file, self.fresh = file, fresh
        self.memory, self.defined = Memory(), set[str]()
        self.varied, self.constants = set[str](), set[str]()
        self.shapes: dict[str, Shape] = {}
        self.sizes = set[str]()             # names of parts of sizes: d // 2
        self.said: dict[str, tuple[str, ...]] = {}      # shapes that have been taken apart: n, d = X.shape
        self.rows: dict[str, str] = {}          # how many rows an index picks
        self.counts = set[str]()                # names in the sizes of what is drawn

    def scan(self, f: ast.FunctionDef) -> None:
        """Take up what the sizes of arrays in a function are made of; a number there has a name of its own."""
        calls = (n for n in ast.walk(f) if isinstance(n, ast.Call) and last(n.func) in {*EACH, *FIRST, *PLACES})
        self.counts |= {n.id for call in calls for a in call.args for n in ast.walk(a) if isinstance(n, ast.Name)}

    def known(self, name: str) -> bool:
        """Whether a name stands for a number, a size, a library, a function of the file, or an array that nothing varies."""
        found = self.memory.called.get(name)
        if isinstance(found, ast.Constant) or found is not None and is_size(found):
            return True
        drawn = found.id if isinstance(found, ast.Name) else name
        if name in self.constants:
            return True
        if drawn in self.shapes:
            return self.varied.isdisjoint((drawn, name))
        return found is None and name not in self.memory.stale and name not in self.defined and name in self.file.known()

    def begins(self, names: Iterable[str], memory: Memory) -> None:
        """A round of a loop begins: what the rounds before have changed has any value."""
        for name in names:
            found = memory.called.get(name)
            if found is not None and not (isinstance(found, ast.Name) and found.id in self.shapes):
                fresh = self.fresh(name)
                self.shapes[fresh] = () if isinstance(found, ast.Constant) else None
                memory.called[name] = ast.Name(fresh, ast.Load())

    def put(self, value: ast.expr, target: ast.expr) -> ast.expr:
        """A value with names for what is drawn in it, called as the target is."""
        word = last(target)
        if isinstance(value, ast.Call) and ast.unparse(value.func) == TURN and not self.independent(value):
            raise InputError(f"a loop over parts of {ast.unparse(value.args[0])}, which is varied, cannot be read")
        if isinstance(value, ast.Dict) and all(isinstance(k, ast.Constant) for k in value.keys):
            inside = [self.put(v, ast.Name(str(getattr(k, "value", "")), ast.Load())) if word not in self.varied else
                      self.drawn(v, str(getattr(k, "value", ""))) or v for k, v in zip(value.keys, value.values, strict=True)]
            return ast.Dict(value.keys, inside)
        if isinstance(target, (ast.Tuple, ast.List)):
            parts = value.elts if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts) else None
            if parts is None and not self.draws(value):
                return value
            return ast.Tuple([self.put(v, t) for v, t in zip(parts or [value] * len(target.elts), target.elts, strict=True)], ast.Load())
        if isinstance(value, ast.List) and not value.elts:
            return value
        if self.draws(value) or word in self.varied:
            return self.drawn(value, word) or value
        return _Parts(self).put(value) if any(map(self.draws, ast.walk(value))) else value

    def drawn(self, value: ast.expr, word: str) -> ast.expr | None:
        """A name for a value that depends on no array."""
        if not self.independent(value):
            return None
        name = self.fresh(word)
        self.memory.stale.discard(name)
        shape = self.shape(value)
        self.shapes[name] = self.shapes.get(shape, shape) if isinstance(shape, str) else shape
        return ast.Name(name, ast.Load())

    def draws(self, node: ast.AST) -> bool:
        """Whether a value depends on no array that is varied, and calls or picks what is not read."""
        return isinstance(node, ast.expr) and self.independent(node) and any(
            isinstance(n, ast.Call) and last(n.func) not in READ or self.picks(n) for n in ast.walk(node))

    def picks(self, node: ast.AST) -> bool:
        """Whether this is X[rows], X[i:i + size] of an array that is drawn."""
        return isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and any(
            isinstance(n, ast.Name) for n in ast.walk(node.slice))

    def independent(self, node: ast.AST) -> bool:
        """Whether a value depends on arrays by their shapes only."""
        if isinstance(node, ast.Name):
            return self.known(node.id)
        if isinstance(node, ast.Attribute):
            return node.attr in SHAPES or self.independent(node.value)
        if isinstance(node, ast.Call):
            word = last(node.func)
            args = [] if word == "len" else node.args[word in LIKE:]
            function = node.func.value if isinstance(node.func, ast.Attribute) else node.func
            if isinstance(function, ast.Name) and not all(map(self.known, self.file.globals_of(function.id))):
                return False            # it may use an array that is varied
            return all(map(self.independent, [function, *args, *(k.value for k in node.keywords)]))
        return not isinstance(node, (ast.Lambda, ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp, ast.NamedExpr, ast.Dict)) and \
            all(map(self.independent, (n for n in ast.iter_child_nodes(node) if isinstance(n, ast.expr))))

    # ------------------------------------------------------------ shapes
    def shape(self, value: ast.expr) -> Shape:
        """The shape that a call in a value says; that of a number where there is no call."""
        if isinstance(value, ast.Subscript) and self.picks(value):
            of = self.shapes.get(last(value.value))
            rows = isinstance(of, tuple) and of != () and not isinstance(value.slice, ast.Tuple)
            return (self.rows.setdefault(ast.unparse(value.slice), f"batch{len(self.rows) or ''}"), *of[1:]) if of and rows else None
        calls = [n for n in ast.walk(value) if isinstance(n, ast.Call)]
        found = [shape for n in calls if (shape := self.asked(n)) is not None]
        return found[0] if found else None if calls else ()

    def asked(self, node: ast.Call) -> Shape:
        """The shape that a call says."""
        word, args = last(node.func), node.args
        keys = {k.arg: k.value for k in node.keywords}
        if word in LIKE and args:
            return last(args[0]) or None
        sizes = keys.get("size", keys.get("shape"))
        place = PLACES.get(word, 0 if word in FIRST else -1)
        if sizes is None and word in EACH and args:
            sizes = args[0] if len(args) == 1 else ast.Tuple(args, ast.Load())
        elif sizes is None and 0 <= place < len(args):
            sizes = args[place] if word != "zeros" or len(args) == 1 else ast.Tuple(args, ast.Load())
        elif sizes is None:
            sizes = next((a for a in args if isinstance(a, (ast.Tuple, ast.List))), None)
        sizes = sizes.value if isinstance(sizes, ast.Starred) else sizes
        if isinstance(sizes, ast.Attribute) and sizes.attr == "shape":
            return last(sizes.value) or None
        if sizes is None:
            return () if word in ("random", "rand", "normal", "uniform") and not args and not keys else None
        parts = sizes.elts if isinstance(sizes, (ast.Tuple, ast.List)) else [sizes]
        named = [self.one(p) for p in parts]
        return tuple(n for n in named if n is not None) if None not in named and len(named) < 3 else None

    def one(self, node: ast.expr) -> str | None:
        """A size: that of an axis of an array whose shape is known, else how it is called; one that is a number is a letter from here."""
        if isinstance(node, ast.Constant) and isinstance(node.value, int):
            return str(node.value) if node.value == 1 else f"n{node.value}"
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            sides = self.one(node.left), self.one(node.right)
            return f"{sides[0]}*{sides[1]}" if None not in sides else None
        if is_size(node) and isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute):
            of = last(node.value.value)
            axes, place = self.shapes.get(of, self.said.get(of)), key(node)
            return axes[place] if isinstance(axes, tuple) and isinstance(place, int) and place < len(axes) else None
        found = self.memory.called.get(node.id) if isinstance(node, ast.Name) else None
        if not isinstance(node, ast.Name) or isinstance(found, ast.Constant) and found.value == 1 or node.id in self.defined:
            return "1" if isinstance(found, ast.Constant) else None
        if found is not None and is_size(found):
            return self.one(found)
        self.memory.called.pop(node.id, None)
        return node.id


class _Parts(ast.NodeTransformer):
    """Puts names for what is drawn inside of a value."""

    def __init__(self, drawn: Drawn) -> None:
        self.drawn = drawn

    def visit(self, node: ast.AST) -> ast.AST:
        """A part of a value."""
        found = self.drawn.drawn(node, "drawn") if isinstance(node, ast.expr) and self.drawn.draws(node) else None
        return self.generic_visit(node) if found is None else found

    def put(self, value: ast.expr) -> ast.expr:
        """A value with such names."""
        found: ast.expr = self.visit(value)         # type: ignore[assignment]
        return found


def sizes_said(shapes: Mapping[str, Shape]) -> set[str]:
    """The names of sizes in shapes."""
    sizes = {size for shape in shapes.values() if isinstance(shape, tuple) for size in shape}
    return {name for size in sizes for name in size.split("*") if not name.isdigit()}


def about(f: ast.FunctionDef, source: Sequence[str]) -> Sequence[str]:
    """The lines of a function, and those above it, in which comments may speak of its arguments; of a script those outside of functions."""
    if f.name != SCRIPT:
        return source[max(0, f.lineno - OUTSIDE):f.end_lineno]
    tree = tree_of("\n".join(source))
    inside = {k for n in (tree.body if tree is not None else ()) if isinstance(n, DEFINED)
              for k in range(n.lineno, (n.end_lineno or 0) + 1)}
    return [line for k, line in enumerate(source, 1) if k not in inside]


def shapes_said(f: ast.FunctionDef, lines: Sequence[str], taken: Container[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The shapes that annotations, the docstring and comments about a function say; what is said first comes last."""
    inside = [line.strip() for line in (ast.get_docstring(f) or "").splitlines()]
    for line in reversed(lines):
        text = DESCRIBES.match(line) or line.strip().strip("'\"") in inside
        told = line.partition("#")[2] if "#" in line else line if text else ""
        yield from reversed([*said_shapes(told, taken)])
    for a in f.args.args:
        part = a.annotation.slice if isinstance(a.annotation, ast.Subscript) else None
        axes = part.elts[-1] if isinstance(part, ast.Tuple) else None
        if isinstance(axes, ast.Constant) and isinstance(axes.value, str):
            yield a.arg, tuple(axes.value.split())
