"""Sheets in NumPy: a name that is assigned again, or changed in place, is another name each time.

The last value of a name keeps it, as `dz` beside `z = z - z.mean()` is the gradient there. The first does of what is updated by its own
gradient, and of the gradient at h = tanh(z) that is multiplied by something: `dh *= 1 - h**2` makes one at z of it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from ..reading.losses import made_of
from ..records import Record
from .python_text import one_statement, tree_of


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


HOLDERS = frozenset(("self", "cls", "ctx"))
OPENS = re.compile(r"(?:for|while|if|elif|else|try|except|finally|with)\b.*:$")
OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@", ast.Pow: "**"}
OPPOSITE = {ast.Lt: ">=", ast.LtE: ">", ast.Gt: "<=", ast.GtE: "<"}
IN_PLACE = re.compile(r"sort|fill|resize|put|partition|\w+_")
CALLED = re.compile(r"\w\((?<!dot\()(?<!matmul\()|\*\*|[<>]")
LIBRARIES = frozenset(("np", "numpy", "torch", "jnp", "F"))
WORD = re.compile(r"(?<![\w.])[A-Za-z_]\w*")


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
    shared: dict[str, set[str]] = {}
    block: int | None = None
    for k, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        block = None if line.strip() and block is not None and indent <= block else block
        found = _change(line.strip())
        if found is not None:
            words = set(WORD.findall(found.value))
            again = found.name in bodies
            claim = again and not found.sign and not found.unread and found.name not in made_of(words, bodies) | words
            update = not words.isdisjoint({f"d{found.name}", f"grad_{found.name}", f"{found.name}_grad"})
            if not claim and (again or found.in_place or not found.sign):
                others = sorted(shared.get(found.name, {found.name}) - {found.name}) if found.in_place else []
                others = [name for name in others if any(name in WORD.findall(below) for below in lines[k + 1:])]
                unread = found.unread or block is not None or bool(others)
                yield k, found._replace(update=update, unread=unread)
                yield from ((k, Stored(name, unread=True)) for name in others)
                bodies.setdefault(found.name, set()).update(words - {found.name})
                if found.value.isidentifier() and not found.in_place:
                    both = shared.setdefault(found.value, {found.value}) | {found.name}
                    shared.update(dict.fromkeys(both, both))
        if OPENS.match(line.strip()) and block is None:
            block = indent


def _change(line: str) -> Stored | None:
    """What a line does to the value of a name."""
    node = one_statement(line)
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target, value = node.targets[0], node.value
        if isinstance(target, ast.Name):
            sign = OPERATORS.get(type(value.op), "") if isinstance(value, ast.BinOp) else ""
            if isinstance(value, ast.BinOp) and sign in ("+", "-", "*", "/"):
                both = [(value.left, value.right), (value.right, value.left)]
                for own, other in both if sign in ("+", "*") else both[:1]:
                    if isinstance(own, ast.Name) and own.id == target.id:
                        return Stored(target.id, sign, ast.get_source_segment(line, other) or "")
            return Stored(target.id, "", ast.get_source_segment(line, value) or "")
        if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
            mask, sign = target.slice, ""
            if isinstance(mask, ast.Compare) and len(mask.ops) == 1 and isinstance(value, ast.Constant) and value.value == 0:
                sign = OPPOSITE.get(type(mask.ops[0]), "")
            if sign and isinstance(mask, ast.Compare):
                return Stored(target.value.id, "*", f"{ast.unparse(mask.left)} {sign} {ast.unparse(mask.comparators[0])}", True)
            return Stored(target.value.id, in_place=True, unread=True)
    if isinstance(node, ast.AugAssign):
        sign, base = OPERATORS.get(type(node.op), ""), node.target
        while isinstance(base, (ast.Subscript, ast.Attribute)):
            base = base.value
        if isinstance(base, ast.Name):
            return Stored(base.id, sign, ast.get_source_segment(line, node.value) or "", True,
                          unread=base is not node.target or not sign)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Attribute):
        base = node.value.func.value
        if isinstance(base, ast.Name) and IN_PLACE.fullmatch(node.value.func.attr):
            return Stored(base.id, in_place=True, unread=True)
    return None
