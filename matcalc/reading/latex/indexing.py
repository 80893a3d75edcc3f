"""Statements with indices: which letters are indices, the order of those that are free, and what is declared by their use."""

from __future__ import annotations

import re
from contextlib import suppress
from collections.abc import Callable, Mapping
from itertools import chain, count, product

from ...language.shape import InputError
from ..inference.hints import usual
from .distributed import distributed
from .columns import columns
from .index_scope import Scope, capital_of
from .names import NAME
from .indexed import Indexed
from .index_conditions import free_letters, summed_letters
from .index_letters import LETTERS, Side, apart, head_of, headed, limits
from ..networks import Factor, Network
from .index_records import Entrywise, Relation, Rows
from .macros import group
from .products import Products, whole
from .names import Doubt, Names

MOST = 3        # names that may be samples or entries
SIZES = "nmdkpqrhlvuwabcefg"


def relation(sides: tuple[Side, ...], sign: str, names: Names) -> Relation | None:
    """What a statement says of two indices."""
    found = [t for side in sides for t, _ in side]
    if sign in (r"\ne", "") and len(sides) == (1 if sign else 2):
        pair = frozenset(found) - {r"\ne"}
        if len(found) == (3 if sign else 2) and len(pair) == 2 and pair <= frozenset("ijklmn") and not any(names.known(t) for t in pair):
            return Relation(pair, not sign)
    return None


def letters(sides: tuple[Side, ...], names: Names, sizes: set[str]) -> tuple[set[str], bool]:
    """The letters that are indices, and whether anything says that they are."""
    found: set[str] = set()
    said = False
    below: list[tuple[str, list[str]]] = []
    for side in sides:
        for k, (token, _) in enumerate(side):
            if token in (r"\sum", r"\delta") and k + 1 < len(side) and side[k + 1][0] == "_" and not names.known("delta"):
                part = [t for t, _ in group(side, k + 2)[0]]
                part = summed_letters(part) if token == r"\sum" else part
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
        shape = (names.shape(head) or names.guessed(head)) if names.known(head) else names.used(head)
        unsure = shape is None and (names.known(head) or head in (")", "]")) and all(t in "ijkl" for t in some)
        if unsure or shape not in (None, ("1", "1")):
            found |= set(some)
            said = True
        elif set(some) & found or said and all(t in "ijkl" for t in some):
            found |= set(some)
    shared = _shared(sides, names) - sizes
    return found | shared, said or bool(shared)


def by_entries(sides: tuple[Side, ...], names: Names) -> bool:
    """Whether a statement says what each entry of a new name is: \\lambda_i = \\exp(x_i^\\top\\beta), where a sum goes over i."""
    return bool(_shared(sides, names))


def _shared(sides: tuple[Side, ...], names: Names) -> set[str]:
    """The index of a new name that a statement begins with and of what it is equal to, where a sum of the text goes over it."""
    first = sides[0]
    k = next((k for k, (t, _) in enumerate(first) if t == "_"), 0)
    if len(sides) < 2 or not k or group(first, k + 1)[1] != len(first):
        return set()
    own = {t for t, _ in group(first, k + 1)[0]}
    head = head_of(first, k)
    if len(own) != 1 or not own <= names.summed & LETTERS or names.known(head) or names.resolved(f"{head}_{min(own)}"):
        return set()
    below = {t for side in sides[1:] for j, (b, _) in enumerate(side) if b == "_" and j for t, _ in group(side, j + 1)[0]}
    return own & below


def entrywise(sides: tuple[Side, ...], names: Names, text: str, rows: dict[str, Rows], sizes: set[str], head: str,
              order: tuple[str, ...] | None, expanded: bool = False) -> Entrywise | None:
    """The sides of a statement with indices; None where it has none. `head` is a name that the first side defines as it stands;
    `order` are the free indices of the chain that it goes on."""
    sides = apart(sides, names, sizes, text)
    found, said = letters(sides, names, sizes)
    if not said and not order:
        return None
    known, sizes = sizes, sizes | limits(sides, names)
    found |= set(order or ())
    plain, indexed = columns(text)

    capitals = False

    def tried(turned: bool, lenient: bool = False, third: str = "", numbers: bool = False,
              taken: Mapping[str, str] | None = None) -> Entrywise | InputError:
        nonlocal capitals
        taken = taken or {}
        scope = Scope(found, names, rows, text, plain - taken.keys(), indexed - taken.keys(), sizes, turned, lenient)
        scope.samples = {name for name, kind in taken.items() if kind == "sample"}
        scope.families |= scope.samples
        scope.plain = numbers
        if third:
            name = names.thirds[third] if order is not None else _fresh(names, text)
            scope.third = third, name
            if not names.known(name):
                scope.new[name] = (third,)
        try:
            out = _read(sides, scope, text, head, order)
            scope.limited(known)
            return out
        except InputError as e:
            return e
        finally:
            capitals |= scope.capitals
    if order is not None and len(order) > 2:
        again = tried(False, False, order[0])
        if isinstance(again, Entrywise):
            return again
        raise again
    one, two = tried(False), tried(True)
    if capitals and isinstance(one, InputError) and isinstance(two, InputError):
        others = tried(False, numbers=True), tried(True, numbers=True)          # C of a norm and C times a sum of numbers
        one, two = (one, two) if all(isinstance(other, InputError) for other in others) else others
    if isinstance(one, Entrywise):
        return _surely(one) if isinstance(two, InputError) else one         # the other way round the sizes do not fit
    if isinstance(two, Entrywise):
        return _surely(two)
    if order is None and isinstance(again := _one_way(lambda taken: tried(False, taken=taken), headed(sides, found, names)), Entrywise):
        return again
    misfit = tried(False, True)
    if isinstance(misfit, Entrywise) and all(r.sure for r in misfit.rows.values()):
        return misfit
    free = sorted(free_letters([t for t, _ in sides[0]], found)) if sides and order is None else []
    for third in free if len(free) == 3 else ():
        again = tried(False, False, third)
        if isinstance(again, Entrywise):
            names.thirds[third] = _fresh(names, text)
            return again
    if not expanded:
        with suppress(InputError):
            return entrywise(tuple(map(distributed, sides)), names, text, rows, sizes, head, order, True)
    raise one


def _one_way(tried: Callable[[Mapping[str, str]], Entrywise | InputError], heads: list[str]) -> Entrywise | None:
    """The only reading in which some of the names with one index are samples, columns besides the x that a function is said of, and some
    are entries of the column of all of them; None where there is none, or there are several."""
    ways = ({name: kind for name, kind in zip(heads, kinds, strict=True) if kind}
            for kinds in product(("", "sample", "entry"), repeat=len(heads)))
    readings = [out for taken in ways if taken and isinstance(out := tried(taken), Entrywise)] if 0 < len(heads) <= MOST else []
    return readings[0] if readings and all(out.texts == readings[0].texts for out in readings) else None


def _fresh(names: Names, text: str) -> str:
    """A name for a vector of any entries, that nothing else has."""
    names_of_it = chain(["u"], (f"u_{k}" for k in count(2)))
    return next(n for n in names_of_it if not names.known(n) and not re.search(rf"(?<![A-Za-z]){n}(?![A-Za-z])", text))


def _surely(found: Entrywise) -> Entrywise:
    """With no doubt left what x_i are the rows of."""
    return found._replace(rows={n: r._replace(sure=True) for n, r in found.rows.items()},
                          doubts=[d._replace(sure=True) for d in found.doubts])


def _read(sides: tuple[Side, ...], scope: Scope, text: str, head: str, order: tuple[str, ...] | None) -> Entrywise:
    doubts: list[Doubt] = []
    nets: list[Network] = []
    order = () if head and order is None else order
    defined = ""
    for k, side in enumerate(sides):
        reader = Indexed(side, scope.names, text, doubts)
        reader.scope = scope
        scope.free = set(order) if order is not None else free_letters([t for t, _ in side], scope.letters)
        if k == 0 and order is None and not head:
            name = _new(side, reader)
            if name and len(sides) > 1:
                defined = name
                free = reader.tokens and Indexed.subscripts(reader)
                order = tuple(a for a in free if a != "(") if free else ()
                continue
        if order == () and _plain(side, scope):
            nets.append(Network((Factor(whole(Products(side, scope.names, text, doubts))),)))
            continue
        nets.append(reader.terms())
        if reader.now:
            raise reader.error(f"{reader.now} cannot stand here")
        if order is None:
            kept = {*nets[0].axes, *({scope.third[0]} if scope.third is not None else ())}
            order = tuple(dict.fromkeys(t for t, _ in side if t in kept))
            if scope.third is not None:
                order = (scope.third[0], *(t for t in order if t != scope.third[0]))
    assert order is not None
    _summed_over(sides, nets, order, scope.names, text)
    left = order
    if scope.third is not None:
        nets, left = [reader.spent(net) for net in nets], order[1:]
    texts = [_text(net, scope, left) for net in nets]
    if defined:
        dims = next((True for n in nets if n.row), False)
        if dims and order:
            scope.new.pop(defined, None)
            capital = capital_of(defined)
            matrix = capital if not scope.names.known(capital) else f"{capital}_rows"
            scope.rows[defined] = Rows(matrix, False, True)
            defined = matrix
        texts.insert(0, defined)
    return _sized(texts, scope, order, doubts, defined)


def _summed_over(sides: tuple[Side, ...], nets: list[Network], order: tuple[str, ...], names: Names, text: str) -> None:
    """Refuse an index that stands twice on one side and nowhere on another: a sum that is not written."""
    for index in order:
        written = [sum(t == index for t, _ in side) for side in sides]
        if 0 in written and max(written) > 1 and any(index not in net.axes and net.axes for net in nets):
            at = next(at for side in sides for t, at in side if t == index)
            raise names.misread(text, at, f"no sum goes over {index}", f"write \\sum_{index}")


def _plain(side: Side, scope: Scope) -> bool:
    """Whether a side has no index."""
    return not any(t == r"\sum" or t in scope.letters for t, _ in side)


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
        raise InputError(f"the range of the index {min(free - set(order))} is not known")
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
    declared = [f"{name} in R^({','.join(size(a) for a in axes)})" for name, axes in scope.new.items()
                if name != defined and not scope.names.known(name)]

    uppers = set(scope.upper.values())
    numbers = (name for name in sorted(scope.numbers) if len(name) == 1 and usual(name) == "vector" and not scope.names.known(name))
    declared += [f"{name} in R" for name in numbers if name not in scope.new and name not in uppers and name not in scope.letters]

    def told(root: str) -> str:
        if ranges.root(root) not in ranges.size and not any(ranges.root(i) == ranges.root(root) for i in scope.upper):
            raise InputError(f"the range of the index {root} is not known", hint=f"write \\sum_{{{root}=1}}^n")
        return size(root)
    texts = [re.sub(r"\?([#\w]+)\?", lambda m: told(m[1]), t) for t in texts]
    return Entrywise(texts, order, tuple(size(a) for a in order), declared, scope.rows, doubts)
