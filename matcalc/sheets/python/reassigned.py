"""Sheets in NumPy: a name that is assigned again, or changed in place, is another name each time.

The last value of a name keeps it, as `dz` beside `z = z - z.mean()` is the gradient there. The first does of what is updated by its own
gradient, and of the gradient at h = tanh(z) that is multiplied by something: `dh *= 1 - h**2` makes one at z of it.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Container, Iterator, Sequence

from ...reading.grammar.functions import FUNCTIONS
from ...reading.problems.losses import made_of
from ...records import Record
from .program_memory import Memory
from .scope import LIBRARIES, Scope, changed, last, memory
from .spelled import Spelled, unless
from .python_text import one_statement, tree_of
from ...patterns import pattern


OPENS = pattern(r"(?:for|while|if|elif|else|try|except|finally|with)\b.*:$")
OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@", ast.Pow: "**"}
IN_PLACE = pattern(r"sort|fill|resize|put|partition|copyto|place|putmask|fill_diagonal|shuffle|at|\w+_")
HARMLESS = frozenset((*dir(builtins), *FUNCTIONS))
SPELLED = Spelled(Scope({}, {}, {name: name for name in LIBRARIES}))
CALLED = pattern(r"\w\((?<!dot\()(?<!matmul\()|\*\*|[<>]")
WORD = pattern(r"(?<![\w.])[A-Za-z_]\w*")


class Stored(Record):
    """A value that a line gives a name: the operator of `z *= 2` or `z = z*2` and its other side, or the value, whether it is given in
    place, whether it is an update by the name's own gradient, and whether it cannot be read."""

    name: str
    sign: str = ""
    value: str = ""
    in_place: bool = False
    update: bool = False
    unread: bool = False


def one_by_one(line: str) -> list[str]:
    """The statements of a line of a program, each with its indent.

    >>> one_by_one("  dz = G.copy(); dz[h <= 0] = 0")
    ['  dz = G.copy()', '  dz[h <= 0] = 0']
    """
    tree = tree_of(line.strip()) if ";" in line.split("#", 1)[0] else None
    indent = line[:len(line) - len(line.lstrip())]
    return [indent + (ast.get_source_segment(line.strip(), node) or "") for node in (tree.body if tree is not None else ())] or [line]


def each_once(raw: Sequence[str]) -> tuple[list[str], dict[int, list[str]]]:
    """The lines, without comments, and by the place of those that cannot be read the names that they change.

    >>> each_once(["z = X @ w", "z *= 2", "L = np.sum(z**2)"])
    (['earlier_z = X @ w', 'z = earlier_z * (2)', 'L = np.sum(z**2)'], {})
    >>> each_once(["h = X @ w", "h[0] = 1", "L = np.sum(h)"])
    (['earlier_h = X @ w', 'h[0] = 1', 'L = np.sum(h)'], {1: ['h']})
    >>> each_once(["h = z", "h *= 2", "L = np.sum(h)"])[1], each_once(["h = z", "h *= 2", "L = np.sum(h * z)"])[1]
    ({}, {1: ['h', 'z']})
    >>> each_once(["h = np.maximum(0, z)", "dh = dy @ W.T", "dh[h <= 0] = 0", "dX = dh @ V.T"])[0][1:]
    ['dh = dy @ W.T', 'later_dh = dh * (h > 0)', 'dX = later_dh @ V.T']
    """
    lines = [line.split("#", 1)[0] for line in raw]
    stored = list(_stored(lines))
    lines = [line.strip() for line in lines]
    values: dict[str, list[Stored]] = {}
    for _, s in stored:
        values.setdefault(s.name, []).append(s)
    keeps = {name: _kept(name, found, values.get(name[1:], ())) for name, found in values.items()}
    made: dict[str, int] = {}
    faults: dict[int, list[str]] = {}

    def called(name: str) -> str:
        k = made.get(name, 0)
        away = k - keeps[name]
        return name if not k or not away else f"{'later' if away > 0 else 'earlier'}{'' if abs(away) == 1 else abs(away)}_{name}"
    for k, line in enumerate(lines):
        here = [s for at, s in stored if at == k]
        names = {name: called(name) for name in made}

        def renamed(text: str, names: dict[str, str] = names) -> str:
            return WORD.sub(lambda m: names.get(m[0], m[0]), text)
        for s in here:
            made[s.name] = made.get(s.name, 0) + 1
        if any(s.unread for s in here):
            faults[k] = [called(s.name) for s in here]
        elif here and (here[0].sign or len(values[here[0].name]) > 1 or renamed(line) != line):
            [s] = here
            value = f"{renamed(s.name)} {s.sign} ({renamed(s.value)})" if s.sign else renamed(s.value)
            lines[k] = f"{called(s.name)} = {value}"
        elif not here:
            lines[k] = renamed(line)
    return lines, faults


def _kept(name: str, found: Sequence[Stored], of: Sequence[Stored]) -> int:
    """Which value of a name keeps it: the last, the first of what is updated by its own gradient, and of the gradient at h = tanh(z) the
    one before it is multiplied by what h is made of, as in `dh *= 1 - h**2`; none where a factor such as 1/n comes behind that."""
    if any(s.update for s in found):
        return 1
    about = {name[1:]}.union(*(WORD.findall(s.value) for s in of)) - LIBRARIES
    if name[0] != "d" or not any(CALLED.search(s.value) for s in of):
        return len(found)
    chain = [s.sign == "*" and not about.isdisjoint(WORD.findall(s.value)) for s in found[1:]]
    return 1 + chain.index(True) if True in chain and all(chain[chain.index(True):]) else 0 if True in chain else len(found)


def _stored(lines: Sequence[str]) -> Iterator[tuple[int, Stored]]:
    """What the lines give to names, with their places; a line that says again what a name is gives it nothing."""
    bodies: dict[str, set[str]] = {}
    held = Memory()
    block: int | None = None
    for k, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        block = None if line.strip() and block is not None and indent <= block else block
        opens = OPENS.match(line.strip()) is not None
        node = one_statement(f"{line.strip()} pass" if opens else line)
        for found in _changes(node, line.strip(), bodies):
            words = set(WORD.findall(found.value))
            again = found.name in bodies
            claim = again and not found.sign and not found.unread and found.name not in made_of(words, bodies) | words
            update = not words.isdisjoint({f"d{found.name}", f"grad_{found.name}", f"{found.name}_grad"})
            if not claim and (again or found.in_place or not found.sign):
                others = sorted(held.near.get(found.name, frozenset()) - {found.name}) if found.in_place else []
                others = [name for name in others if any(name in WORD.findall(below) for below in lines[k + 1:])]
                yield k, found._replace(update=update, unread=found.unread or block is not None or bool(others))
                yield from ((k, Stored(name, unread=True)) for name in others)
                bodies.setdefault(found.name, set()).update(words - {found.name})
        for target, value in _given(node):
            held.shares(target, [(name, False) for name in value])
        block = indent if opens and block is None else block


def _given(node: ast.stmt | None) -> Iterator[tuple[str, list[str]]]:
    """The names that a statement gives a value, and those with which that may share memory."""
    if isinstance(node, (ast.Assign, ast.For)):
        over = node.iter if isinstance(node, ast.For) else node.value
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            each = target.elts if isinstance(target, ast.Tuple) else [target]
            for one in each:
                parts = over.elts if isinstance(over, (ast.Tuple, ast.List)) else [over]
                if isinstance(one, ast.Name):
                    yield one.id, [name for part in parts for array, _ in memory(part) if (name := last(array))]


def _changes(node: ast.stmt | None, line: str, known: Container[str]) -> Iterator[Stored]:
    """What a line does to the values of names; a function that is called by itself may change what it is given of the `known`."""
    own = set[str]()
    if isinstance(node, ast.Assign) and len(node.targets) == 1 or isinstance(node, ast.AugAssign):
        target, value = node.targets[0] if isinstance(node, ast.Assign) else node.target, node.value
        own = {name.id for name in ast.walk(target) if isinstance(name, ast.Name)} if not isinstance(target, ast.Tuple) else own
        said = ast.get_source_segment(line, value) or ""
        if isinstance(target, ast.Name) and isinstance(node, ast.AugAssign):
            sign = OPERATORS.get(type(node.op), "")
            yield Stored(target.id, sign, said, True, unread=not sign)
        elif isinstance(target, ast.Name):
            sign = OPERATORS.get(type(value.op), "") if isinstance(value, ast.BinOp) else ""
            both = [(value.left, value.right), (value.right, value.left)] if isinstance(value, ast.BinOp) else []
            both = both if sign in ("+", "*") else both[:1] if sign in ("-", "/") else []
            other = next((b for a, b in both if isinstance(a, ast.Name) and a.id == target.id), None)
            yield Stored(target.id, "", said) if other is None else Stored(target.id, sign, ast.get_source_segment(line, other) or "")
        elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name) and isinstance(node, ast.Assign) and \
                SPELLED.is_mask(target.slice) and isinstance(value, ast.Constant) and value.value == 0:
            yield Stored(target.value.id, "*", ast.unparse(unless(SPELLED.visit(target.slice))), True)
        elif isinstance(target, (ast.Subscript, ast.Attribute)):
            yield from (Stored(name, in_place=True, unread=True) for name in changed(node))
    walrus = (n.target.id for n in ast.walk(node) if isinstance(n, ast.NamedExpr)) if node is not None else ()
    yield from (Stored(name, in_place=True, unread=True) for name in walrus)
    calls = [n for n in ast.walk(node) if isinstance(n, ast.Call)] if node is not None else []
    for call in calls:
        base = call.func.value if isinstance(call.func, ast.Attribute) else call
        root = last(base) if not isinstance(base, ast.Call) else ""
        alone = isinstance(node, ast.Expr) and node.value is call and IN_PLACE.fullmatch(last(call.func))
        into = [call.args[0] if root in LIBRARIES or last(call.func) == "at" else base] if alone and (call.args or root) else []
        into += [k.value for k in call.keywords if k.arg == "out"]
        names = {last(part) for part in into} - own - LIBRARIES - {""}
        if isinstance(node, ast.Expr) and node.value is call and isinstance(call.func, ast.Name) and call.func.id not in HARMLESS:
            names |= {name for part in call.args if (name := last(part)) in known}
        yield from (Stored(name, in_place=True, unread=True) for name in sorted(names))
