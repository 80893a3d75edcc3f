"""Forward and backward passes in Python: a class or two functions, of NumPy, PyTorch or JAX; one function that has both, or a script."""

from __future__ import annotations

import ast
import copy
from collections.abc import Collection, Container, Sequence
import re

from ...records import Record
from ..python.program_memory import key
from .drawn import READ, SCRIPT
from .statements import GRADIENTS
from ..python.array_lines import gradient_of
from ..python.scope import HOLDERS, bound, changed, last, loaded, parameters, rests_on, statements
from ...patterns import pattern
from .pairs import COSTS, DERIVATIVE, Joined, apart, chained, likeliest, pairs, unstacked, with_cost

PLAIN = ("g", "grad", "gradient")
LOOPS = (ast.For, ast.While)
FWD = pattern(r"(?:^|_)fwd(?:_|$)")
FORWARD, BACKWARD = re.compile(r"(?:^|_)(?:forward|fwd)(?:_|$)"), re.compile(r"(?:^|_)(?:backward|bwd)(?:_|$)")


class Pass(Record):
    """A forward pass and its backward pass; where one function is both there is no other. `start` is the constructor of the class, `setup`
    what keeps inputs and outputs for the backward pass; `made` so many statements make the loss, where others than the names say so, and
    `of` are the arguments of which a gradient without a name may be one; `called` says of which values other names are the gradients. A
    `script` says what it says."""

    forward: ast.FunctionDef
    backward: ast.FunctionDef | None = None
    start: ast.FunctionDef | None = None
    setup: ast.FunctionDef | None = None
    name: str = ""
    made: int = 0
    of: tuple[str, ...] = ()
    script: bool = False
    called: tuple[tuple[str, str], ...] = ()


def passes(tree: ast.Module) -> list[Pass]:
    """The forward passes of a program, each with its backward pass.

    >>> [p.backward.name for p in passes(ast.parse("def relu_forward(x): pass\\ndef relu_backward(dout, cache): pass"))]
    ['relu_backward']
    """
    out = []
    for name, body in (("", tree.body), *((n.name, n.body) for n in tree.body if isinstance(n, ast.ClassDef))):
        functions = {n.name: n for n in body if isinstance(n, ast.FunctionDef)}
        start, others = functions.get("__init__"), list(functions.values())
        if "forward" not in functions and "backward" in functions and "__call__" in functions:
            functions["forward"] = functions.pop("__call__")
        backward = {BACKWARD.sub("_", word): f for word, f in functions.items() if BACKWARD.search(word)}
        used = set[ast.FunctionDef]()

        def whole(joined: Joined, start: ast.FunctionDef | None = start, name: str = name) -> Pass:
            return Pass(joined.function, None, start, None, name, joined.made, joined.of)
        for word, f in functions.items():
            if FORWARD.search(word) and (g := backward.get(FORWARD.sub("_", word))) is not None:
                used |= {f, g}
                if not chained(f, g):
                    joined = with_cost(f, g, others)
                    two = unstacked(f, g)
                    out.append(Pass(*two, start, functions.get("setup_context"), name) if joined is None else whole(joined))
        for f in others:
            if f not in used and _gives_gradients(f):
                used.add(f)
                f = unpacked(f)
                out.append(Pass(f, None, start, None, name, 0, likeliest(parameters(f))))
        out += [whole(joined) for g, joined in pairs(others, None, tree) if g not in used]
        out += [whole(joined) for f in others for _, joined in pairs(f.body, f)]
    ends = {f.end_lineno for p in out for f in (p.forward, p.backward) if f is not None}
    scripts = [f for f in script(tree) if not out or f.end_lineno not in ends and _computes(f)]
    return sorted(out, key=lambda p: p.forward.lineno) + [Pass(f, script=True) for f in scripts]


def _computes(f: ast.FunctionDef) -> bool:
    """Whether something that is called like a gradient is computed here, and not only asked of a layer or a library."""
    return any(isinstance(n, ast.Assign) and any(gradient_of(last(t)) or last(t) in PLAIN for t in n.targets) and all(
        last(c.func) in READ for c in ast.walk(n.value) if isinstance(c, ast.Call)) and any(
        isinstance(c, (ast.BinOp, ast.Call)) for c in ast.walk(n.value)) for n in ast.walk(f))


def unpacked(f: ast.FunctionDef) -> ast.FunctionDef:
    """A function whose arguments are the parts of one that it only takes apart: W and b of W, b = params; of what a backward pass is given
    besides a gradient the parts are those that the forward pass kept.

    >>> [a.arg for a in unpacked(ast.parse("def loss(params, X):\\n  W, b = params\\n  return W @ X + b").body[0]).args.args]
    ['W', 'b', 'X']
    """
    names = [n.id for n in ast.walk(f) if isinstance(n, ast.Name)]
    if any(gradient_of(a.arg) for a in f.args.args):
        return f
    for k, a in enumerate(f.args.args[:len(f.args.args) - len(f.args.defaults)]):
        found = next((n for n in f.body if isinstance(n, ast.Assign) and len(n.targets) == 1 and isinstance(n.targets[0], ast.Tuple)
                      and isinstance(n.value, ast.Name) and n.value.id == a.arg), None)
        parts = [last(e) for e in found.targets[0].elts] if found is not None else []       # type: ignore[attr-defined]
        if found is not None and names.count(a.arg) == 1 and all(map(str.isidentifier, parts)) and not {*parts} & {*parameters(f)}:
            out = copy.copy(f)
            out.args = copy.copy(f.args)
            out.args.args = [*f.args.args[:k], *(ast.arg(name) for name in parts), *f.args.args[k + 1:]]
            out.body = [n for n in f.body if n is not found]
            return out
    return f


def unjudged(tree: ast.Module, judged: Sequence[Pass]) -> list[ast.FunctionDef]:
    """The functions that by their names give a derivative, or are a backward pass, and are in none of these; but for those that are called
    in the file, are given gradients or a function, or run through layers.

    >>> tree = ast.parse("def loss(w, X): return w @ X @ w\\ndef grad(w, X): return 2 * X @ w\\ndef hessian(w, X): return X")
    >>> [f.name for f in unjudged(tree, passes(tree))]
    ['hessian']
    """
    ends = {f.end_lineno for p in judged for f in (p.forward, p.backward) if f is not None}
    called = {last(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    out = list[ast.FunctionDef]()
    for body in (tree.body, *(n.body for n in tree.body if isinstance(n, ast.ClassDef))):
        functions = [n for n in body if isinstance(n, ast.FunctionDef)]
        for f in functions:
            given = set(parameters(f))
            value = any(isinstance(n, ast.Return) and n.value is not None for n in ast.walk(f))
            backward = BACKWARD.search(f.name) is not None and not any(chained(g, f) for g in functions)
            slope = (DERIVATIVE.search(apart(f.name)) is not None or "hess" in f.name) and f.name not in called and not any(
                gradient_of(a) or "grad" in a or a in called for a in given)
            if value and f.end_lineno not in ends and (backward or slope):
                out.append(f)
    return out


def script(tree: ast.Module) -> list[ast.FunctionDef]:
    """The statements of a program outside of functions as one function, which returns what is defined last before the gradients begin; else
    the functions and methods that have both, in a loop or before they update what the gradients are of."""
    kinds = {type(n) for n in tree.body}
    if not kinds & {ast.Import, ast.ImportFrom}:
        return []
    whole = [n for n in statements(tree.body) if not isinstance(n, (ast.FunctionDef, ast.ClassDef))]
    alone = ast.FunctionDef(SCRIPT, ast.arguments([], [], None, [], [], None, []), whole, [], lineno=1,
                            end_lineno=tree.body[-1].end_lineno)
    bodies = [tree.body, *(n.body for n in tree.body if isinstance(n, ast.ClassDef))]
    functions = [n for body in bodies for n in body if isinstance(n, ast.FunctionDef) and any(
        isinstance(each, LOOPS) or _steps(each) for each in n.body)]
    return [made for f in (alone, *functions) if (made := _with_loss(f)) is not None]


def _steps(node: ast.stmt) -> bool:
    """Whether a name is changed by its gradient: W -= lr * dW."""
    if not isinstance(node, (ast.Assign, ast.AugAssign)):
        return False
    target = last(node.target if isinstance(node, ast.AugAssign) else node.targets[0])
    return any(gradient_of(n) == target for n in loaded(node.value))


def _with_loss(f: ast.FunctionDef) -> ast.FunctionDef | None:
    """A function that ends before the gradients begin, of a loop only one round; it returns what is defined last, or what is called a loss
    and is no more than said below."""
    body, known = one_round(f.body, dict.fromkeys(a.arg for a in f.args.args)), dict.fromkeys(a.arg for a in f.args.args)
    given = len(known)
    costs = [n for node in body for n in bound([node]) if n in COSTS]
    rest = rests_on(body, ast.Name(costs[-1], ast.Load())) if costs else set[str]()
    for k, node in enumerate(body):
        if begins_gradients(node, set(known), rest) and len(known) > given:
            loss = next((n for n in body[k:] if isinstance(n, ast.Assign) and last(n.targets[0]) in COSTS - set(known)), None)
            said = [name for name in known if name in COSTS]
            value = said[-1] if said else list(known)[-1] if loss is None else last(loss.targets[0])
            body = body if loss is None or value in known else [*body[:k], loss, *(n for n in body[k:] if n is not loss)]
            end = ast.Return(ast.Name(value, ast.Load()), lineno=node.lineno, end_lineno=node.lineno)
            return ast.FunctionDef(f.name, f.args, [*(n for n in body if not isinstance(n, ast.Return)), end], [],
                                   lineno=f.lineno, end_lineno=f.end_lineno)
        known |= dict.fromkeys(last(n) for n in ast.walk(node) if not isinstance(getattr(n, "ctx", ast.Load()), ast.Load) and (
            isinstance(n, ast.Name) or isinstance(n, ast.Attribute) and last(n.value) in HOLDERS))
        known |= {n.id: known.pop(n.id, None) for n in getattr(node, "targets", ()) if isinstance(n, ast.Name)}
    return None


def one_round(body: Sequence[ast.stmt], given: Collection[str]) -> list[ast.stmt]:
    """The statements up to one round of the loop in which gradients begin; `nonlocal` says what has any value when it begins."""
    for k, node in enumerate(body):
        if isinstance(node, LOOPS) and not node.orelse and _has_gradients(node):
            before = {*(n for each in body[:k] for n in changed(each)), *given}
            marker = ast.Nonlocal(list(dict.fromkeys(n for each in node.body for n in changed(each) if n in before)))
            drawn = ast.Call(ast.Attribute(ast.Constant(0), "turn", ast.Load()), [node.iter] if isinstance(node, ast.For) else [], [])
            asked = isinstance(node, ast.For) and not loaded(ast.Module(node.body, [])).isdisjoint(bound([node.target]))
            turn = [ast.Assign([node.target], drawn)] if isinstance(node, ast.For) and asked else []
            for each in (*turn, marker):
                each.lineno = each.end_lineno = node.lineno
            return [*body[:k], *turn, marker, *one_round(node.body, before)]
    return list(body)


def _has_gradients(node: ast.stmt) -> bool:
    """Whether something in a loop is called like the gradient of a name that is used there."""
    used = {last(n) for n in ast.walk(node) if isinstance(n, ast.Name) or isinstance(n, ast.Attribute) and last(n.value) in HOLDERS}
    return any(begins_gradients(n, used) for n in ast.walk(node) if isinstance(n, ast.stmt))


def _gives_gradients(f: ast.FunctionDef) -> bool:
    """Whether a function returns a value and gradients: loss, dW, or loss, grads, or two things where it is called after gradients."""
    found = next((n.value for n in reversed(f.body) if isinstance(n, ast.Return)), None)
    loops = any(isinstance(n, LOOPS) for n in f.body)
    cost = isinstance(found, ast.Tuple) and last(found.elts[0]) in COSTS
    others = [is_gradient(e) or cost and (last(e) in PLAIN or is_hessian(e)) for e in found.elts].count(False) if isinstance(
        found, ast.Tuple) else 0
    return isinstance(found, ast.Tuple) and len(found.elts) > 1 and (
        others == 1 or others == len(found.elts) == 2 and DERIVATIVE.search(f.name) is not None and not loops)


def is_gradient(node: ast.expr) -> bool:
    """Whether something that is returned is a gradient, or has gradients."""
    return isinstance(node, ast.Dict) or isinstance(node, ast.Name) and (gradient_of(node.id) != "" or "grad" in node.id)


def is_hessian(node: ast.expr) -> bool:
    """Whether something that is returned is called a Hessian."""
    return last(node).lower() in ("h", "hess", "hessian")


def gradient_by(node: ast.expr, arguments: Sequence[str], taken: Container[str]) -> str:
    """The name of which something that is returned is called the gradient; gradV is that of an argument v where there is no V.

    >>> gradient_by(ast.Name("gradV"), ["v", "U"], {"v", "U", "x"}), gradient_by(ast.Name("gradU"), ["v", "U"], {"v", "U", "x"})
    ('v', 'U')
    """
    name = gradient_of(node.id) if isinstance(node, ast.Name) else ""
    return name if name in taken else next((a for a in arguments if a.lower() == name.lower()), name)


def returned(end: ast.Return, arguments: Sequence[str]) -> set[str]:
    """The names of gradients that are returned behind a loss, by arguments or in the order of them."""
    values = end.value.elts[1:] if isinstance(end.value, ast.Tuple) else []
    return {last(v) for v in values if is_gradient(v) and (len(values) == len(arguments) or gradient_by(v, arguments, ()) in arguments)}


def begins_gradients(node: ast.stmt, known: set[str], loss: Container[str] = (), said: Container[str] = ()) -> bool:
    """Whether a statement gives a value to something that is called like the gradient of a known name, or is said to be one, or is a
    dictionary of such; what the loss is made of is none."""
    filled = isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict) and node.value.keys != []
    return isinstance(node, ast.Assign) and any(
        last(t) in said or gradient_of(last(t)) in known and last(t) not in loss or last(t) in PLAIN and not known.isdisjoint(COSTS) or
        (filled or key(t) is not None) and GRADIENTS.search(last(t)) is not None for t in node.targets)


def is_store(name: str, f: ast.FunctionDef) -> bool:
    """Whether an argument holds what the forward pass has stored: it is taken apart, or asked for a part by its name."""
    return name in ("cache", "res", "residuals") or any(
        isinstance(n, ast.Assign) and isinstance(n.value, ast.Name) and n.value.id == name and isinstance(n.targets[0], ast.Tuple)
        or isinstance(n, ast.Subscript) and isinstance(n.value, ast.Name) and n.value.id == name and key(n) is not None
        for n in ast.walk(f))


def is_data(name: str, f: ast.FunctionDef) -> bool:
    """Whether an argument is added to something or taken from it, or picks entries, as what arrives from above is not: p - y. What is
    called a gradient may be, where the other side is made of it too: g - p*sum(g*p), which is linear in g.

    >>> body = "def f(y, g, p):\\n  s = np.sum(g * p)\\n  return p*np.sum(y) - y, g - s"
    >>> [is_data(name, ast.parse(body).body[0]) for name in ("y", "g")], is_data("g", ast.parse("def f(g, p): return p - g").body[0])
    ([True, False], True)
    """
    made = {name}
    for n in statements(f.body):
        made |= {*bound([n])} if isinstance(n, ast.Assign) and not made.isdisjoint(loaded(n.value)) else set()
    sides = [two for n in ast.walk(f) if isinstance(n, ast.BinOp) and isinstance(n.op, (ast.Add, ast.Sub))
             for two in ((n.left, n.right), (n.right, n.left))]
    picks = [side for n in ast.walk(f) if isinstance(n, ast.Subscript) for side in ast.walk(n.slice)]
    return any(isinstance(side, ast.Name) and side.id == name for side in (
        *(one for one, other in sides if name not in PLAIN or made.isdisjoint(loaded(other))), *picks))


def updates(f: ast.FunctionDef) -> dict[str, str]:
    """The names that say no more than that they are a gradient, with what they update: w of w -= lr*grad, w = w - lr*grad.

    >>> updates(ast.parse("def fit(w):\\n  w = w - lr * grad").body[0])
    {'grad': 'w'}
    """
    out: dict[str, str] = {}
    for n in ast.walk(f):
        step, of = (n.value, n.target) if isinstance(n, ast.AugAssign) and isinstance(n.op, ast.Sub) else (None, None)
        if isinstance(n, ast.Assign) and isinstance(n.value, ast.BinOp) and isinstance(n.value.op, ast.Sub) and \
                ast.unparse(n.value.left) == ast.unparse(n.targets[0]):
            step, of = n.value.right, n.targets[0]
        parts = [step.left, step.right] if isinstance(step, ast.BinOp) and isinstance(step.op, ast.Mult) else []
        out |= {p.id: last(of) for p in parts if isinstance(p, ast.Name) and p.id in PLAIN and of is not None}
    return out
