"""A loss and its gradient in two functions, and a forward pass, a cost and a backward pass in three, as one function that has all."""

from __future__ import annotations

import ast
import copy
from collections.abc import Collection, Iterable, Iterator, Sequence

from ..parts.variables import LOSSES
from ...reading.problems.held_constants import rank
from ..python.array_lines import SQUARE, SUMS, gradient_of, is_product
from ..python.python_text import replaced
from ..python.scope import HOLDERS, bound, last, loaded, local, parameters, without_text
from ...patterns import pattern
from ...records import Record

COSTS = frozenset((*LOSSES, "cost", "nll", "obj", "objective", "error", "mse"))
COST = pattern(r"(?:^|_)(?:loss(?:es)?|cost|objective|nll|error|mse|bce|entropy|criterion)(?:_|$)")
DERIVATIVE = pattern(r"(?:^|_)(?:grads?|gradients?|jac|prime|deriv(?:ative)?|nabla|d)(?:_|$)|^d(?=loss|cost|[A-Z]|f$)")
NUMBER = pattern(r"(?<=[a-z])(?=\d)")
PASSED = ("jac", "fprime", "grad", "gradient")       # minimize(f, x0, jac=g)
BY = pattern(r"\b(?:w\.?r\.?t\b\.?|with respect to) ?(?:the )?[`*$]*(\w+)")
VALUE = "loss"


class Joined(Record):
    """Two functions as one, which returns the loss before the gradients; how many of its statements make the loss, and the arguments of
    which a gradient without a name may be one, the likeliest first."""

    function: ast.FunctionDef
    made: int
    of: tuple[str, ...]


def pairs(body: Sequence[ast.stmt], outer: ast.FunctionDef | None = None, tree: ast.AST | None = None) -> \
        Iterator[tuple[ast.FunctionDef, Joined]]:
    """The functions of a body that give a gradient, each with the one that gives its loss: the one with which it is passed on, the only one
    with the same parameters, or the one that is called so.

    >>> tree = ast.parse("def loss(w, X): return w @ X @ w\\ndef grad(w, X): return 2 * X @ w")
    >>> [(g.name, joined.of) for g, joined in pairs(tree.body)]
    [('grad', ('w',))]
    >>> tree = ast.parse("\\n".join(f"def {f}(w, X): return w @ X @ w" for f in ("loss", "grad", "loss2", "grad2")))
    >>> [(g.name, joined.function.lineno) for g, joined in pairs(tree.body)]
    [('grad', 1), ('grad2', 3)]
    """
    functions = [n for n in body if isinstance(n, ast.FunctionDef)]
    calls = [n for n in ast.walk(outer or tree or ast.Module([], [])) if isinstance(n, ast.Call) and n.args]
    passed = {ast.unparse(k.value): ast.unparse(n.args[0]) for n in calls for k in n.keywords if k.arg in PASSED}
    for g in functions:
        f = next((f for f in functions if f.name == passed.get(g.name) and set(_own(f)) == set(_own(g))), None)
        if f is not None and (joined := join(f, g, outer)) is not None:
            yield g, joined
            continue
        if not DERIVATIVE.search(apart(g.name)):
            continue
        alike = [f for f in functions if set(_own(f)) == set(_own(g)) and not (DERIVATIVE.search(apart(f.name)) or "hess" in f.name) and
                 (len(_own(f)) > 1 or any(map(_reduces, ast.walk(f))))]
        called = {last(n.func) for f in alike for n in ast.walk(f) if isinstance(n, ast.Call)}
        alike = [f for f in alike if f.name not in called]          # a part of the loss
        by = meant(g)
        words = [w for w in DERIVATIVE.sub("_", apart(g.name)).split("_") if w and not (by and by in (w, gradient_of(w)))]
        named = [f for f in alike if words and set(words) <= set(apart(f.name).split("_")) or not words and COST.search(apart(f.name))]
        found = alike if len(alike) == 1 else [f for f in named if words or not COST.sub("_", apart(f.name)).strip("_")] or named
        if len(found) == 1 and (joined := join(found[0], g, outer)) is not None:
            yield g, joined._replace(of=(by,)) if by else joined


def meant(g: ast.FunctionDef) -> str:
    """The parameter by which a function is the gradient as its name or its docstring says; none where they say none, or more than one.

    >>> [meant(f) for f in ast.parse("def grad_b(w, b): 0\\ndef dloss_dw(w, b): 0\\n"
    ...                              "def grad(w, b):\\n  'The gradient w.r.t. `b`.'\\ndef grad(w, b): 0").body]
    ['b', 'w', 'b', '']
    """
    for words in (apart(g.name).split("_"), BY.findall(ast.get_docstring(g) or "")):
        found = {name for word in words for name in (word, gradient_of(word)) if name in _own(g)}
        if found:
            return found.pop() if len(found) == 1 else ""
    return ""


def apart(name: str) -> str:
    """A name with its number as a word of its own: grad_2 of grad2."""
    return NUMBER.sub("_", name)


def join(f: ast.FunctionDef, g: ast.FunctionDef, outer: ast.FunctionDef | None = None) -> Joined | None:
    """A function for a loss and one for gradients, one after the other, inside of another function; none where the first gives
    another value to what the second is given."""
    end, given = f.body[-1], dict.fromkeys(_own(g))
    if not isinstance(end, ast.Return) or end.value is None or not set(bound(f.body)).isdisjoint(given) or \
            not (loaded(g) - local(g)).isdisjoint(local(f) - set(given)):
        return None
    value = end.value.elts[0] if isinstance(end.value, ast.Tuple) and end.value.elts else end.value
    before: list[ast.stmt] = [*without_text(f)[:-1], ast.copy_location(ast.Assign([ast.Name(VALUE, ast.Store())], value), end)]
    if outer is not None:
        inner, times = loaded(f) | loaded(g), bound(outer.body)
        inner -= local(f) & local(g)
        once = [n for n in outer.body if isinstance(n, ast.Assign) and n.lineno < f.lineno and set(bound([n])) <= inner and
                all(times[name] == 1 for name in bound([n])) and set(bound([n])).isdisjoint(parameters(outer))]
        before = [*once, *before]
        given |= dict.fromkeys(a for a in (*parameters(outer), *times) if a in inner | loaded(ast.Module(before, [])) - set(bound(once)))
    return _whole(f, g, before, given)


def _whole(f: ast.FunctionDef, g: ast.FunctionDef, before: Sequence[ast.stmt], given: Iterable[str]) -> Joined | None:
    """One function with these statements and those of the last, which returns the loss before the gradients."""
    body = without_text(g)
    if any(isinstance(n, ast.Return) for n in body[:-1]) or not body:
        return None
    end = body[-1]
    returned = end.value if isinstance(end, ast.Return) else None
    values = list(returned.elts) if isinstance(returned, ast.Tuple) else [returned] if returned is not None else []
    body = body[:-1] if isinstance(end, ast.Return) else body
    value = ast.copy_location(ast.Return(ast.Tuple([ast.Name(VALUE, ast.Load()), *values], ast.Load())), end)
    holder = [a for a in parameters(g) if a in HOLDERS]
    arguments = ast.arguments([], [ast.arg(a) for a in (*holder, *given)], None, [], [], None, _defaults(f, list(given)))
    whole = ast.FunctionDef(g.name, arguments, [*copy.deepcopy(before), *copy.deepcopy(body), value], [], lineno=f.lineno,
                            end_lineno=g.end_lineno)
    return Joined(ast.fix_missing_locations(whole), len(before), likeliest(list(given)))


def with_cost(forward: ast.FunctionDef, g: ast.FunctionDef, others: Sequence[ast.FunctionDef]) -> Joined | None:
    """A forward pass, the cost of what it returns, and a backward pass that is given data in place of what arrives from above."""
    end = forward.body[-1]
    known = {*local(forward), *HOLDERS}
    unknown = [a for a in parameters(g) if a not in known]
    if not unknown or not isinstance(end, ast.Return) or end.value is None or any(map(gradient_of, unknown)):
        return None
    values = list(end.value.elts) if isinstance(end.value, ast.Tuple) else [end.value]
    for cost in others:
        own = _own(cost)
        out = [a for a in own if a not in parameters(g) or a in {v.id for v in values if isinstance(v, ast.Name)}]
        stop = cost.body[-1]
        if not COST.search(cost.name) or len(out) != 1 or not set(unknown) <= set(own) or not isinstance(stop, ast.Return) or \
                stop.value is None or not (loaded(cost) - local(cost)).isdisjoint(local(forward)):
            continue
        value = next((v for v in values if isinstance(v, ast.Name) and v.id == out[0]), values[0])
        named = [] if isinstance(value, ast.Name) else [ast.copy_location(ast.Assign([ast.Name(out[0], ast.Store())], value), end)]
        called = {out[0]: value} if isinstance(value, ast.Name) else {}
        made = ast.copy_location(ast.Assign([ast.Name(VALUE, ast.Store())], stop.value), stop)
        before = [*without_text(forward)[:-1], *named, *(replaced(n, called) for n in (*without_text(cost)[:-1], made))]
        given = dict.fromkeys((*_own(forward), *(a for a in own if a not in (*out, *known))))
        return _whole(forward, g, before, given)
    return None


def chained(f: ast.FunctionDef, g: ast.FunctionDef) -> bool:
    """Whether a forward pass only runs through layers, and its backward pass through the same ones in the reverse order: by the chain rule
    it is right where each of them is.

    >>> f, g = ast.parse("def forward(self, x):\\n  for l in self.layers:\\n    x = l.forward(x)\\n  return x\\n"
    ...                  "def backward(self, g):\\n  for l in reversed(self.layers):\\n    g = l.backward(g)\\n  return g").body
    >>> chained(f, g), chained(f, f)
    (True, False)
    """
    there, back = _run(f, ("forward", "__call__", "")), _run(g, ("backward",))
    return there is not None and back is not None and back in (f"reversed({there})", f"{there}[::-1]")


def _run(f: ast.FunctionDef, methods: Sequence[str]) -> str | None:
    """What a function runs through, if it gives its only argument to one method after another and returns what comes out."""
    body, names = without_text(f), _own(f)[:1]
    if body and isinstance(body[0], ast.Assign) and names and ast.unparse(body[0].value) == names[0]:
        names, body = [ast.unparse(body[0].targets[0])], body[1:]
    if not body or not isinstance(loop := body[0], ast.For) or len(_own(f)) != 1 or len(loop.body) != 1 or loop.orelse or \
            [ast.unparse(n) for n in body[1:]] not in ([], [f"return {names[0]}"]):
        return None
    step = ast.unparse(loop.body[0])
    calls = [f"{names[0]} = {ast.unparse(loop.target)}{'.' if word else ''}{word}({names[0]})" for word in methods]
    return ast.unparse(loop.iter) if step in calls else None


def unstacked(f: ast.FunctionDef, g: ast.FunctionDef) -> tuple[ast.FunctionDef, ast.FunctionDef]:
    """Two passes in which what the one puts on a stack and the other takes from it is kept as itself: cache.append(v), cache.pop()."""
    every = [n for h in (f, g) for n in ast.walk(h)]
    put = [n for n in every if _stack(n, "append")]
    taken = [n for n in every if _stack(n, "pop")]
    names = {_stack(n, "append") for n in put} & {_stack(n, "pop") for n in taken}
    uses = [ast.unparse(n) for n in every if isinstance(n, (ast.Name, ast.Attribute))]
    once = {name for name in names if uses.count(name) == 2}
    return (_Unstacked(once).visit(copy.deepcopy(f)), _Unstacked(once).visit(copy.deepcopy(g))) if once else (f, g)


def _stack(node: ast.AST, method: str) -> str:
    """The name of what an append or a pop is called on, with a value or none."""
    call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method and \
        len(node.args) == (method == "append")
    return ast.unparse(node.func.value) if call else ""         # type: ignore[attr-defined]


class _Unstacked(ast.NodeTransformer):
    """Gives a stack that has one value the value itself."""

    def __init__(self, names: Collection[str]) -> None:
        self.names = names

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        """cache.append(v)"""
        if _stack(node.value, "append") not in self.names or not isinstance(node.value, ast.Call):
            return self.generic_visit(node)
        target = copy.deepcopy(node.value.func.value)           # type: ignore[attr-defined]
        target.ctx = ast.Store()
        return ast.copy_location(ast.Assign([target], node.value.args[0]), node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """cache.pop()"""
        return node.func.value if _stack(node, "pop") in self.names else self.generic_visit(node)      # type: ignore[attr-defined]


def likeliest(names: Sequence[str]) -> tuple[str, ...]:
    """Arguments with respect to which a gradient may be one that says of none: the first, and those that are called like parameters, or
    like data where none is.

    >>> likeliest(["w", "X", "y"]), likeliest(["x", "A"])
    (('w',), ('x',))
    """
    most = max(map(rank, names), default=0)
    return tuple(n for k, n in enumerate(names) if not k or rank(n) == most)


def _reduces(node: ast.AST) -> bool:
    """Whether this makes a number of an array; where nothing does, a derivative may be given the value in place of the argument."""
    return is_product(node) or isinstance(node, ast.Call) and last(node.func) in (*SUMS, *SQUARE, "norm", "inner")


def _own(f: ast.FunctionDef) -> list[str]:
    """The parameters but the one that holds the others."""
    return [a for a in parameters(f) if a not in HOLDERS]


def _defaults(f: ast.FunctionDef, order: Sequence[str]) -> list[ast.expr]:
    """The defaults of the last parameters, where these have them in the same order."""
    defaults = dict(zip(parameters(f)[::-1], f.args.defaults[::-1], strict=False))
    k = len(order)
    while k and order[k - 1] in defaults:
        k -= 1
    return [defaults[n] for n in order[k:]]
