"""Statements with indices: which letters are indices, the order of those that are free, and what is declared by their use."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..language.shape import InputError
from .entries import Scope
from .facts import NAME
from .indexed import Indexed
from .networks import Network
from .records import Rows
from .spelling import group
from .tape import STYLES
from .words import Doubt, Names, Token, Tokens

LETTERS = frozenset("ijklmnpqrstuabc")
SIZES = "nmdkpqrhlvuwabcefg"
Side = tuple[Token, ...]


class Entrywise(NamedTuple):
    """The sides as matrices, the free indices in their order, declarations, what x_i are the rows of, and how it was read."""

    texts: list[str]
    order: tuple[str, ...]
    declared: list[str]
    rows: dict[str, Rows]
    doubts: list[Doubt]


def letters(sides: tuple[Side, ...], names: Names, sizes: set[str]) -> tuple[set[str], bool]:
    """The letters that are indices, and whether anything says that they are."""
    found: set[str] = set()
    said = False
    below: list[tuple[str, list[str]]] = []
    for side in sides:
        for k, (token, _) in enumerate(side):
            if token in (r"\sum", r"\delta") and k + 1 < len(side) and side[k + 1][0] == "_" and not names.known("delta"):
                part = [t for t, _ in group(side, k + 2)[0]]
                part = part[:part.index("=")] if "=" in part else part
                real = [t for t in part if t in LETTERS and not names.known(t) and t not in sizes]
                if len(real) == len([t for t in part if t != ","]) and (token == r"\sum" or len(real) == 2):
                    found |= set(real)
                    said = True
            elif token == "_" and k:
                part = [t for t, _ in group(side, k + 1)[0]]
                if part and all(t in LETTERS or t in (",", ":") for t in part):
                    below.append((head_of(side, k), [t for t in part if t in LETTERS]))
    for head, some in below:
        free = [t for t in some if not names.known(t) and t not in sizes]
        if len(free) != len(some) or names.resolved(f"{head}_{'_'.join(some)}") and not set(some) & found:
            continue
        shape = names.shape(head) if names.known(head) else None
        if shape not in (None, ("1", "1")) or head in (")", "]") and all(t in "ijkl" for t in some):
            found |= set(some)
            said = True
        elif set(some) & found or said and all(t in "ijkl" for t in some):
            found |= set(some)
    return found, said


def head_of(side: Side, k: int) -> str:
    """The name, or the bracket, that an index at k belongs to."""
    token = side[k - 1][0]
    if token == "}":
        depth = 0
        for j in range(k - 1, -1, -1):
            depth += (side[j][0] == "}") - (side[j][0] == "{")
            if not depth:
                inner = [t for t, _ in side[j + 1:k - 1]]
                accent = side[j - 1][0] if j else ""
                word = "".join(t.lstrip("\\") for t in inner)
                return word if accent in STYLES else f"{word}_{accent.lstrip(chr(92))}"
    if k > 1 and side[k - 2][0] in (r"\hat", r"\bar", r"\tilde"):
        return f"{token.lstrip(chr(92))}_{side[k - 2][0][1:]}"
    return token.lstrip("\\")


def vectors(text: str) -> set[str]:
    """The names that a text transposes, or writes behind what it transposes, or sets in bold: lower-case ones are columns."""
    turned = re.findall(r"([a-z]|\\[a-z]+)\}?(?:_\w|_\{\w+\})?(?:\^\{?\(\w\)\}?)?\s*\^\s*\{?\s*(?:T|\\top|\\intercal)\b", text)
    turned += re.findall(r"\(([a-z])\^\{\(\w\)\}\)\s*\^\s*\{?\s*(?:T|\\top)\b", text)
    behind = re.findall(r"\^\s*\{?\s*(?:T|\\top|\\intercal)\s*\}?\s*(?:\\mathbf\s*\{?)?\s*([a-z]|\\[a-z]+)", text)
    for inner in re.findall(r"\(([^()]*)\)\s*\}?\s*\^\s*\{?\s*(?:T|\\top|\\intercal)\b", text.replace(r"\left(", "(").replace(r"\right)", ")")):
        behind += re.findall(r"(?:^|[-+])\s*([a-z]|\\[a-z]+)(?![A-Za-z{])", inner)
    bold = re.findall(r"\\(?:mathbf|boldsymbol|bm|vec)\s*\{?\s*([a-z]|\\[a-z]+)", text)
    return {t.lstrip("\\") for t in (*turned, *behind, *bold)}


def entrywise(sides: tuple[Side, ...], names: Names, text: str, rows: dict[str, Rows], sizes: set[str], head: str,
              order: tuple[str, ...] | None) -> Entrywise | None:
    """The sides of a statement with indices; None where it has none. `head` is a name that the first side defines as it stands;
    `order` are the free indices of the chain that it goes on."""
    found, said = letters(sides, names, sizes)
    if not said and not order:
        return None
    found |= set(order or ())
    out: list[Entrywise] = []
    failed: InputError | None = None
    for turned in (False, True):
        scope = Scope(found, names, rows, text, vectors(text), sizes, turned)
        try:
            out.append(_read(sides, scope, text, head, order))
        except InputError as e:
            failed = failed or e
        unsure = {n for n, r in scope.rows.items() if not r.sure and not names.known(r.matrix) or r.sure}
        if len(unsure) == len(scope.rows):
            break
    if not out:
        assert failed is not None
        raise failed
    best = out[0]
    if failed is not None and len(out) == 1 and len(unsure) < len(scope.rows):      # the other way round the sizes do not fit
        best = best._replace(rows={n: r._replace(sure=True) for n, r in best.rows.items()},
                             doubts=[d._replace(sure=True) for d in best.doubts])
    return best


def _read(sides: tuple[Side, ...], scope: Scope, text: str, head: str, order: tuple[str, ...] | None) -> Entrywise:
    doubts: list[Doubt] = []
    nets: list[Network] = []
    defined = ""
    for k, side in enumerate(sides):
        reader = Indexed(side, scope.names, text, doubts)
        reader.scope = scope
        if k == 0 and order is None and not head:
            name = _new(side, reader)
            if name and len(sides) > 1:
                defined = name
                free = reader.tokens and Indexed.subscripts(reader)
                order = tuple(a for a in free if a != "(") if free else ()
                continue
        nets.append(reader.terms())
        if reader.now:
            raise reader.error(f"{reader.now} cannot stand here")
        if order is None:
            seen = [t for t, _ in side if t in nets[0].axes]
            order = () if head else tuple(dict.fromkeys(seen))
    assert order is not None
    texts = [_text(net, scope, order) for net in nets]
    if defined:
        dims = next((True for n in nets if n.row), False)
        if dims and order:
            scope.new.pop(defined, None)
            matrix = defined.upper() if len(defined) == 1 and not scope.names.known(defined.upper()) else f"{defined}_rows"
            scope.rows[defined] = Rows(matrix, False, True)
            defined = matrix
        texts.insert(0, defined)
    return _sized(texts, scope, order, doubts, defined)


def _new(side: Side, reader: Indexed) -> str:
    """The new name that a side is, with its indices still ahead."""
    name = reader.name()
    if name is None or not NAME.fullmatch(name) or reader.names.known(name) or reader.function(name):
        reader.i = 0
        return ""
    at = reader.i
    reader.subscripts()
    alone = not reader.now
    reader.i = at if alone else 0
    return name if alone else ""


def _text(net: Network, scope: Scope, order: tuple[str, ...]) -> str:
    dims = tuple(a for a in (net.row, net.col) if a)
    row = bool(net.col and not net.row) and not order
    free = net.axes - set(dims)
    if not free <= set(order):
        raise InputError(f"nothing says what the index {min(free - set(order))} is")
    out = scope.ranges.text(net, (*order, *dims))
    return f"({out})'" if row else out


def _sized(texts: list[str], scope: Scope, order: tuple[str, ...], doubts: list[Doubt], defined: str) -> Entrywise:
    """With names for the sizes that nothing else says."""
    ranges = scope.ranges
    taken = {*scope.sizes, *scope.letters, *scope.names.plain}
    free = [s for s in SIZES if s not in taken and s not in scope.upper.values()]

    def size(root: str) -> str:
        root = ranges.root(root)
        if root not in ranges.size:
            upper = next((u for i, u in scope.upper.items() if ranges.root(i) == root), "")
            ranges.size[root] = upper or free.pop(0)
        return ranges.size[root]
    declared = [f"{name} in R^({','.join(size(a) for a in axes)})" for name, axes in scope.new.items() if name != defined]
    texts = [re.sub(r"\?([#\w]+)\?", lambda m: size(m[1]), t) for t in texts]
    return Entrywise(texts, order, declared, scope.rows, doubts)
