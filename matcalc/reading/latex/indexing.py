"""Statements with indices: which letters are indices, the order of those that are free, and what is declared by their use."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Set
from itertools import chain, combinations, count, product

from ...language.shape import InputError
from ..grammar.kinds import usual
from .whole_text import columns
from .index_scope import Scope, capital_of, Entrywise, Rows, free_letters, Indexed, Marks
from .names import Ambiguity, NAME, Names
from .evaluated import Evaluated
from .formula import Formula
from .index_letters import Side, apart, headed, limits, spelt, letters
from .tensor_networks import Factor, Network
from .products import Products, whole

MOST = 3        # names that may be samples or entries
FOUND = {"ones": "vector(1)", "eye": "eye"}
SIZES = "nmdkpqrhlvuwabcefg"
Pair = tuple[Entrywise | InputError, Entrywise | InputError]       # x_i as the rows of X, and as its columns


def entrywise(sides: tuple[Side, ...], names: Names, text: str, rows: Mapping[str, Rows], sizes: set[str], head: str,
              order: tuple[str, ...] | None) -> Entrywise | None:
    """The sides of a statement with indices; None where it has none. `head` is a name that the first side defines as it stands;
    `order` are the free indices of the chain that it goes on."""
    sides = apart(sides if names.asks else spelt(sides, names, text), names, sizes, text)
    found, said = letters(sides, names, sizes)
    if not said and not order:
        return None
    known, sizes = sizes, sizes | limits(sides, names)
    found |= set(order or ())
    label = "".join(names.uses.labels) or "\\s"
    plain, indexed = columns(re.sub(rf"_(?:\{{ ?(\w?),? ?[{label}] ?\}}|[{label}](?!\w))", lambda m: f"_{m[1]}" if m[1] else "", text))

    capitals: dict[str, None] = {}

    def tried(transposed: bool, lenient: bool = False, third: str = "", numbers: Set[str] = frozenset(),
              taken: Mapping[str, str] | None = None) -> Entrywise | InputError:
        taken = taken or {}
        scope = Scope(found, names, rows, text, (plain - taken.keys(), indexed - taken.keys()), sizes, transposed, lenient)
        scope.samples = {name for name, kind in taken.items() if kind == "sample"}
        scope.families |= scope.samples
        scope.plain = numbers
        scope.new |= {f"e_{c}": (c,) for c in names.uses.picks & found if not names.known(f"e_{c}")}
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
            capitals.update(scope.capitals)
    if order is not None and len(order) > 2:
        again = tried(False, False, order[0])
        if isinstance(again, Entrywise):
            return again
        raise again
    one, two = tried(False), tried(True)
    if capitals and isinstance(one, InputError) and isinstance(two, InputError):
        one, two = _numbers(lambda numbers: (tried(False, numbers=numbers), tried(True, numbers=numbers)), capitals) or (one, two)
    if isinstance(one, Entrywise):
        return _surely(one) if isinstance(two, InputError) else one         # the other way round the sizes do not fit
    if isinstance(two, Entrywise):
        return _surely(two)
    if order is None and isinstance(again := _one_way(lambda taken: tried(False, taken=taken), headed(sides, found, names)), Entrywise):
        return again
    misfit = tried(False, True)
    if isinstance(misfit, Entrywise) and all(r.sure for r in misfit.rows.values()):
        return misfit
    free = sorted(free_letters(sides[0], found)) if sides and order is None else []
    for third in free if len(free) == 3 else ():
        again = tried(False, False, third)
        if isinstance(again, Entrywise):
            names.thirds[third] = _fresh(names, text)
            return again
    raise one


def _numbers(tried: Callable[[Set[str]], Pair], capitals: Mapping[str, None]) -> Pair | None:
    """The readings in which as few capitals as possible are numbers: C of a norm and C times a sum of numbers, D of N D/2."""
    for few in range(1, MOST + 1):
        ways = [found for some in combinations(list(capitals), few) if any(_texts(found := tried(frozenset(some))))]
        if ways and all(_texts(one) == _texts(ways[0]) for one in ways):
            return ways[0]
        if ways:
            break
    while True:
        all_of_them = frozenset(capitals)
        found = tried(all_of_them)
        if any(_texts(found)) or all_of_them == capitals.keys():
            return found if any(_texts(found)) else None


def _texts(found: Pair) -> list[list[str]]:
    """What the sides of both readings are."""
    return [out.texts for out in found if isinstance(out, Entrywise)]


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
    doubts: list[Ambiguity] = []
    nets: list[Network] = []
    begins = order is None
    order = () if head and order is None else order
    defined = ""
    for k, side in enumerate(sides):
        reader = Formula(side, scope.names, text, doubts)
        reader.marks = Marks(scope.letters, set(order) if order is not None else free_letters(side, scope.letters))
        if k == 0 and order is None and not head:
            new = _new(reader)
            if new is not None and len(sides) > 1:
                defined = new.name
                order = tuple(a for a in new.indices if a != "(")
                continue
        if order == () and _plain(side, scope):
            nets.append(Network((Factor(whole(Products(side, scope.names, text, doubts))),)))
            continue
        nets.append(Evaluated(reader, scope, side[0][1] if side else 0).value(whole(reader)))
        if order is None:
            kept = {*nets[0].axes, *({scope.third[0]} if scope.third is not None else ())}
            order = tuple(dict.fromkeys(t for t, _ in side if t in kept))
            if scope.third is not None:
                order = (scope.third[0], *(t for t in order if t != scope.third[0]))
    assert order is not None
    nets = [_picked(net, Evaluated(reader, scope, 0), order) for net in nets]
    _summed_over(sides, nets, order, scope.names, text)
    left = order
    if scope.third is not None:
        nets, left = [Evaluated(reader, scope, 0).spent(net) for net in nets], order[1:]
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
    return _sized(texts, scope, order, doubts, defined, begins and len(order) == 1)


def _picked(net: Network, evaluated: Evaluated, order: tuple[str, ...]) -> Network:
    """A network summed with the one-hot vector of each index that only says which entry is meant: log(p)'*e_c for log p_c."""
    for c in sorted((net.axes & evaluated.names.uses.picks) - set(order)):
        name = f"e_{c}"
        evaluated.doubt(f"the index {c}", f"which entry the one-hot vector {name} has")
        net = evaluated.along(net, c, name)
    return net


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


def _new(reader: Formula) -> Indexed | None:
    """The new name that a side is, with its indices."""
    name = reader.name() or ""
    what = reader.marks.found.get(name, Indexed(name, (), 0, name)) if reader.marks is not None else None
    if reader.now or not isinstance(what, Indexed) or not NAME.fullmatch(what.name) or reader.names.known(what.name) or \
            reader.function(what.name):
        reader.i = 0
        return None
    return what


def _text(net: Network, scope: Scope, order: tuple[str, ...]) -> str:
    dims = tuple(a for a in (net.row, net.col) if a)
    row = bool(net.col and not net.row) and not order
    free = net.axes - set(dims)
    if not free <= set(order):
        raise InputError(f"the range of the index {min(free - set(order))} is not known")
    out = scope.ranges.text(net, (*order, *dims))
    return f"({out})'" if row else out


def _sized(texts: list[str], scope: Scope, order: tuple[str, ...], doubts: list[Ambiguity], defined: str, lone: bool) -> Entrywise:
    """With names for the sizes that nothing else says; of a lone index all sides of a statement have the shape."""
    ranges = scope.ranges
    taken = {*scope.sizes, *scope.letters, *scope.names.plain}
    free = [s for s in SIZES if s not in taken and s not in scope.upper.values()]

    def size(root: str) -> str:
        root = ranges.root(root)
        if root not in ranges.size:
            upper = next((u for i, u in scope.upper.items() if ranges.root(i) == root), "")
            upper = upper or next((u for i in order if ranges.root(i) == root and (u := scope.elsewhere(i, [defined, *scope.rows]))), "")
            ranges.size[root] = upper or free.pop(0)
            if upper in free:
                free.remove(upper)
        return ranges.size[root]
    declared = [f"{name} in R^({','.join(size(a) for a in axes)})" for name, axes in scope.new.items()
                if name != defined and not scope.names.known(name)]

    uppers = set(scope.upper.values())
    numbers = (name for name in sorted(scope.numbers) if len(name) == 1 and usual(name) == "vector" and not scope.names.known(name))
    declared += [f"{name} in R" for name in numbers if name not in scope.new and name not in uppers and name not in scope.letters]

    def known(root: str) -> bool:
        return ranges.root(root) in ranges.size or any(ranges.root(i) == ranges.root(root) for i in scope.upper)

    def told(root: str) -> str:
        if not known(root):
            raise InputError(f"the range of the index {root} is not known", hint=f"write \\sum_{{{root}=1}}^n")
        return size(root)
    # a size of what is not declared is found with the others
    texts = [re.sub(r"\b(ones|eye)\(\?([#\w]+)\?\)", lambda m: FOUND[m[1]] if lone and not known(m[2]) else m[0], t) for t in texts]
    texts = [re.sub(r"\?([#\w]+)\?", lambda m: told(m[1]), t) for t in texts]
    return Entrywise(texts, order, tuple(size(a) for a in order), declared, scope.rows, doubts)
