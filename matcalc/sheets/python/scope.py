"""What the names of a Python file mean: a name that is given a value more than once, or by what is not read, means nothing here."""

from __future__ import annotations

import ast
import builtins
import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence

from ...reading.grammar.spellings import MODULES as KNOWN
from ...records import Record

HOLDERS = frozenset(("self", "cls", "ctx"))
LIBRARIES = frozenset(("np", "numpy", "torch", "jnp", "F"))
MODULES = {"numpy": "np", "torch": "torch", "jax.numpy": "np", "torch.nn.functional": "torch", "autograd.numpy": "np", "cupy": "np"}
ITSELF = frozenset(("detach", "requires_grad_", "numpy"))       # gives the array itself
VIEWS = frozenset((     # or may give it
    "contiguous", "squeeze", "unsqueeze", "view", "reshape", "ravel", "flatten", "expand_as", "view_as", "reshape_as", "expand", "t",
    "transpose", "swapaxes", "moveaxis", "permute", "diagonal", "diag", "real", "asarray", "asanyarray", "ascontiguousarray", "array",
    "atleast_1d", "atleast_2d", "broadcast_to", "expand_dims", "astype", "float", "double", "to", "type", "from_numpy", "as_tensor",
    "chunk", "split", "array_split", "hsplit", "vsplit", "select", "narrow"))
TYPES = frozenset(("float", "bool"))       # of entries
DEFINED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Scope(Record):
    """The functions that are defined once and are what they seem, the numbers, what libraries and what is imported under another name are
    called in the dialect, what else has a value, the functions of libraries and methods that are called, whether the library is
    PyTorch, and the names of the rows that something is added at: idx of np.add.at(dE, idx, dh)."""

    helpers: dict[str, ast.FunctionDef]
    numbers: dict[str, ast.expr]
    libraries: dict[str, str]
    opaque: frozenset[str] = frozenset()
    methods: frozenset[str] = frozenset()
    torch: bool = False
    rows: frozenset[str] = frozenset()

    def known(self) -> set[str]:
        """All names that have a value in every function."""
        return {*self.helpers, *self.numbers, *self.libraries, *self.opaque, *KNOWN, *dir(builtins)}

    def globals_of(self, name: str) -> set[str]:
        """What a function of the file uses that is not its own, and what the functions that it calls use.

        >>> sorted(scope(ast.parse("def f(x): return g(x)*w\\n\\ndef g(x): return x + v")).globals_of("f"))
        ['g', 'v', 'w']
        """
        out, more = set[str](), {name}
        while more:
            used = {n.id for each in more if (f := self.helpers.get(each)) is not None for n in ast.walk(f)
                    if isinstance(n, ast.Name) and n.id not in local(f)}
            out, more = out | used, used - out
        return out

    def inside(self, local: Iterable[str]) -> Scope:
        """The scope of a function with names of its own."""
        own = frozenset(local)
        return Scope({n: f for n, f in self.helpers.items() if n not in own}, {n: v for n, v in self.numbers.items() if n not in own},
                     {n: v for n, v in self.libraries.items() if n not in own}, self.opaque | own, self.methods, self.torch, self.rows)


def scope(tree: ast.Module) -> Scope:
    """The names of a file.

    >>> s = scope(ast.parse("import numpy as np\\na = 2\\nb = 3\\nb += 1\\ndef f(x): return x"))
    >>> list(s.helpers), list(s.numbers), s.libraries["np"], sorted(s.opaque)
    (['f'], ['a'], 'np', ['b'])
    """
    given = bound(tree.body)
    given.update(name for n in ast.walk(tree) if isinstance(n, ast.Global) for name in n.names)
    made = {n.name for n in tree.body if isinstance(n, DEFINED)}
    helpers = {n.name: n for n in tree.body if isinstance(n, ast.FunctionDef) and given[n.name] == 1 and plain(n, made)}
    numbers: dict[str, ast.expr] = {
        n.targets[0].id: n.value for n in tree.body if isinstance(n, ast.Assign) and isinstance(n.targets[0], ast.Name) and
        given[n.targets[0].id] == 1 and isinstance(n.value, ast.Constant) and isinstance(n.value.value, (int, float))}
    libraries = {"np": "np", "numpy": "np", "jnp": "np", "torch": "torch", "F": "torch"}
    renamed: dict[str, str] = {}
    named, imported = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}, set[str]()
    for node in ast.walk(tree):
        for a in node.names if isinstance(node, (ast.Import, ast.ImportFrom)) else ():
            imported.add((a.name if isinstance(node, ast.Import) else node.module or "").partition(".")[0])     # type: ignore[attr-defined]
            name, of = a.asname or a.name, f"{node.module}.{a.name}" if isinstance(node, ast.ImportFrom) else a.name
            if of in MODULES or isinstance(node, ast.Import) and a.asname is None and of.partition(".")[0] in MODULES:
                name = name.partition(".")[0]
                libraries[name] = MODULES[of if a.asname or of in MODULES else name]
                given[name] -= 1
            elif isinstance(node, ast.ImportFrom):
                given[name] -= 1
                renamed |= {name: a.name} if name != a.name else {}
    known = {n: library for n, library in {**libraries, **renamed}.items() if given[n] <= 0}
    torch = named.isdisjoint(("np", "numpy")) and ("numpy" not in imported or "torch" in imported | named)
    methods = frozenset(n.func.attr for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute))
    opaque = frozenset(n for n, k in given.items() if k > 0 and n not in helpers and n not in numbers)
    calls = (call for n in ast.walk(tree) if (call := _adds_at(n)) is not None)
    return Scope(helpers, numbers, known, opaque, methods, torch, frozenset(last(call.args[1]) for call in calls) - {""})


def plain(f: ast.FunctionDef, made: Iterable[str]) -> bool:
    """Whether nothing that the file defines itself makes another function of this one."""
    return not any(isinstance(n, ast.Name) and n.id in made for d in f.decorator_list for n in ast.walk(d))


def bound(body: Iterable[ast.AST]) -> Counter[str]:
    """How often each name is given a value, what is inside of functions and classes aside."""
    out, waiting = Counter[str](), list(body)
    for node in waiting:        # which grows
        if isinstance(node, DEFINED):
            out[node.name] += 1
        elif isinstance(node, ast.alias):
            out[(node.asname or node.name).partition(".")[0]] += 1
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            out[node.id] += 1
        waiting += [] if isinstance(node, (*DEFINED, ast.Lambda, ast.comprehension)) else ast.iter_child_nodes(node)
    return out


def local(f: ast.FunctionDef) -> set[str]:
    """The names that are the function's own: its parameters, and what it gives a value; a library is what it imports, an array F is none.

    >>> sorted(local(ast.parse("def f(x):\\n  import numpy as np\\n  F = np.exp(x)\\n  return F").body[0]))
    ['F', 'x']
    """
    a = f.args
    own = {p.arg for p in (*a.posonlyargs, *a.args, *a.kwonlyargs, *(v for v in (a.vararg, a.kwarg) if v is not None))}
    put = {n.id for n in ast.walk(f) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
    others = {name for n in ast.walk(f) if isinstance(n, ast.Global) for name in n.names}
    return (own | set(bound(f.body))) - others - (LIBRARIES - own - put)


def rests_on(body: Sequence[ast.stmt], value: ast.AST) -> set[str]:
    """The names that a value is made of, directly or by what these statements give to them.

    >>> sorted(rests_on(ast.parse("d = a - p\\nl = d @ d\\ndl = 2 * d").body, ast.parse("l")))
    ['a', 'd', 'l', 'p']
    """
    out = loaded(value)
    for node in reversed(body):
        out |= loaded(node) if not out.isdisjoint(changed(node)) else set()
    return out


def loaded(f: ast.AST) -> set[str]:
    """The names that a function or its body uses, those of functions aside."""
    called = {id(n.func) for n in ast.walk(f) if isinstance(n, ast.Call)}
    return {n.id for n in ast.walk(f) if isinstance(n, ast.Name) and id(n) not in called and n.id not in HOLDERS}


def all_names(f: ast.FunctionDef) -> set[str]:
    """All names of a function, those of what its holder keeps among them."""
    return {n.id for n in ast.walk(f) if isinstance(n, ast.Name)} | {a.arg for a in ast.walk(f) if isinstance(a, ast.arg)} | {
        n.attr for n in ast.walk(f) if isinstance(n, ast.Attribute) and last(n.value) in HOLDERS}


def parameters(f: ast.FunctionDef) -> list[str]:
    """The names of the parameters."""
    return [a.arg for a in (*f.args.posonlyargs, *f.args.args)]


def without_text(f: ast.FunctionDef) -> list[ast.stmt]:
    """The statements of a function without its docstring."""
    return [n for n in f.body if not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))]


def statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a body to the first return, those under `with` and under a test of what is needed or given among them."""
    for node in body:
        inner = node.body if isinstance(node, ast.With) or isinstance(node, ast.If) and not node.orelse and (
            "needs_input_grad" in ast.unparse(node.test) or ast.unparse(node.test).endswith("is not None")) and not any(
                isinstance(n, (ast.Call, ast.NamedExpr)) for n in ast.walk(node.test)) else None
        for each in (node,) if inner is None else statements(inner):
            yield each
            if isinstance(each, ast.Return):
                return


def added_at(node: ast.stmt) -> ast.AugAssign | None:
    """P[i] += v of np.add.at(P, i, v): the same where no place is named twice, as for labelled rows; for the rows that one name says
    P += eye[i].T @ v, which is right for rows that are named twice too."""
    call = _adds_at(node.value) if isinstance(node, ast.Expr) else None
    if call is None:
        return None
    target, at, value = call.args
    if last(at) and not isinstance(at, ast.Subscript):
        value = ast.BinOp(ast.Attribute(picked_rows(at), "T", ast.Load()), ast.MatMult(), value)
    else:
        target = ast.Subscript(target, at, ast.Store())
    op = ast.Add() if ".add." in ast.unparse(call.func) else ast.Sub()
    return ast.fix_missing_locations(ast.copy_location(ast.AugAssign(target, op, value), node))         # type: ignore[arg-type]


def _adds_at(node: ast.AST) -> ast.Call | None:
    """The call np.add.at(P, i, v)."""
    call = node if isinstance(node, ast.Call) and len(node.args) == 3 else None
    return call if call is not None and re.fullmatch(r"\w+\.(add|subtract)\.at", ast.unparse(call.func)) else None


def picked_rows(at: ast.expr) -> ast.expr:
    """The matrix that picks the rows that a name says."""
    return ast.Subscript(ast.parse("np.eye(0)", mode="eval").body, at, ast.Load())


def changed(node: ast.stmt) -> list[str]:
    """The names that a statement may give another value: those assigned to, also in part, and those in calls whose value is not used."""
    out: dict[str, None] = {}
    for n in ast.walk(node):
        inside = n.targets if isinstance(n, ast.Assign) else [n.target] if isinstance(n, (ast.AugAssign, ast.AnnAssign, ast.For)) else \
            [n] if isinstance(n, (ast.Expr, ast.NamedExpr)) else [n.value] if isinstance(n, ast.keyword) and n.arg == "out" else \
            [n] if isinstance(n, ast.Call) and (ast.unparse(n.func).endswith("_") or any(k.arg == "inplace" for k in n.keywords)) else []
        for part in inside:
            while isinstance(part, (ast.Subscript, ast.Attribute)) and not _held(part):
                part = part.value
            out |= dict.fromkeys(m.id for m in ast.walk(part) if isinstance(m, ast.Name))
            out |= dict.fromkeys(f"self.{m.attr}" for m in ast.walk(part) if _held(m) and isinstance(m, ast.Attribute))
    return list(out)


def run_through(node: ast.stmt) -> list[str]:
    """The names whose parts have another name in a loop, which may change them."""
    loops = (n.iter for n in ast.walk(node) if isinstance(n, (ast.For, ast.comprehension)) and "range(" not in ast.unparse(n.iter))
    return [m.id for each in loops for m in ast.walk(each) if isinstance(m, ast.Name)]


def _held(node: ast.AST) -> bool:
    """Whether this is self.x or ctx.x."""
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in HOLDERS


def is_size(value: ast.expr) -> bool:
    """x.shape[0]"""
    return isinstance(value, ast.Subscript) and isinstance(value.value, ast.Attribute) and value.value.attr == "shape"


def last(node: ast.expr) -> str:
    """The last name of an expression: x of self.x and of x[0]."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else \
        last(node.value) if isinstance(node, ast.Subscript) else ""


def memory(node: ast.expr, helpers: Container[str] = ()) -> Iterator[tuple[ast.expr, bool]]:
    """The arrays that may share memory with a value, and whether each is the value itself: x of x.detach(), perhaps that of x.T."""
    if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
        yield node, True
    inside: list[ast.expr] = []
    if isinstance(node, (ast.Attribute, ast.Subscript)):
        inside = [node.value]
    elif isinstance(node, ast.Call):
        word = last(node.func)
        if isinstance(node.func, ast.Attribute) and word in ITSELF:
            yield from memory(node.func.value, helpers)
        elif word in VIEWS or word in helpers:
            inside = [*node.args, *([node.func.value] if isinstance(node.func, ast.Attribute) else [])]
    elif isinstance(node, ast.IfExp):
        inside = [node.body, node.orelse]
    for part in inside:
        yield from ((shared, False) for shared, _ in memory(part, helpers))


def word(place: str) -> str:
    """The name itself of a place: x of x, self.x and cache['x'].

    >>> [word(p) for p in ("x", "self.x", "cache['x']")]
    ['x', 'x', 'x']
    """
    return re.split(r"[.\['\]]+", place.rstrip("']"))[-1]
