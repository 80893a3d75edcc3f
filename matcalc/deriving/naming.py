"""Names for subexpressions that a result repeats."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from bisect import insort
from itertools import count

from ..language.expr import ONE, Apply, Expr, Name, is_selection, neg, node_count, vec
from ..language.build import with_args
from ..language.inspection import heads_in
from ..language.traversal import operands
from ..reading.parse import Problem

MANY = 50       # more names than these are no help
FLOOR = 60      # nodes of a result that is short enough as it stands
SPECTRAL = {"eigvec": "v", "eigvecs": "V", "spectrum": "lambda", "svdu": "U", "svdv": "V", "singvals": "s"}
LETTERS = 6     # with each number


def name_repeats(e: Expr, problem: Problem, floor: int = FLOOR,
                 given: Sequence[tuple[Name, Expr]] = ()) -> tuple[Expr, list[tuple[Name, Expr]]]:
    """e with long repeated parts named, where that shortens a long result; the names in order of use, the given ones among them."""
    where = list(given)
    taken = taken_by(problem) | {n.name for n in e.names} | {n.name for n, _ in given}
    e, where = _vectors_named(e, where, taken)
    while len(where) < MANY and node_count(e) + sum(node_count(b) for _, b in where) > floor:
        counts: dict[Expr, int] = {}
        count_parts(e, counts)
        for _, body in where:
            count_parts(body, counts)
        best, gain = None, 0
        for part, k in counts.items():
            k += 0 if _opposite(part) is part else counts.get(_opposite(part), 0)
            saved = (k - 1) * (node_count(part) - 1) - 1
            if k > 1 and saved > gain and node_count(part) > 3:
                best, gain = part, saved
        if best is None:
            break
        name = Name(fresh(best, taken), best.shape)
        taken.add(name.name)
        memo: dict[Expr, Expr] = {_opposite(best): neg(name), best: name}
        e = swap_parts(e, memo)
        where = [(n, swap_parts(b, memo)) for n, b in where]
        where.append((name, best))
    return e, in_order_of_use(where)


def _opposite(part: Expr) -> Expr:
    """The negative of a sum, which is -T where the sum is T; of others themselves."""
    return neg(part) if isinstance(part, Apply) and part.head == "+" else part


def in_order_of_use(where: list[tuple[Name, Expr]]) -> list[tuple[Name, Expr]]:
    """Each after the names in what it stands for, the first ones first."""
    names = {n for n, _ in where}
    missing = [len(b.names & names) for _, b in where]
    users: dict[Expr, list[int]] = {}
    for i, (_, b) in enumerate(where):
        for n in b.names & names:
            users.setdefault(n, []).append(i)
    ready = [i for i, k in enumerate(missing) if not k]
    out: list[tuple[Name, Expr]] = []
    while ready:
        i = ready.pop(0)
        out.append(where[i])
        for j in users.get(where[i][0], ()):
            missing[j] -= 1
            if not missing[j]:
                insort(ready, j)
    return out


def _vectors_named(e: Expr, where: list[tuple[Name, Expr]], taken: set[str]) -> tuple[Expr, list[tuple[Name, Expr]]]:
    """Eigenvectors, singular vectors and all their values have a name whatever the length: v*v' with v = eigvec(A)."""
    counts: dict[Expr, int] = {}
    if not SPECTRAL.keys().isdisjoint(heads_in(e)):
        count_parts(e, counts)
    for part in [p for p in counts if isinstance(p, Apply) and p.head in SPECTRAL]:
        usual = SPECTRAL[part.head]
        name = Name(usual if usual not in taken else fresh(part, taken), part.shape)
        taken.add(name.name)
        e = swap_parts(e, {part: name})
        where = [*where, (name, part)]
    return e, where


def letter(p: Problem, f: Expr) -> Expr:
    """What f is called: its own name, if that is what was typed, or a letter nobody uses."""
    return f if isinstance(f, Name) and (f is not p.f or p.as_typed().f is f) else Name(unused(p, ("f", "F", "phi", "Phi")), f.shape)


def gradient_of(p: Problem, f: Expr) -> Name:
    """What the gradient of f is called where it is differentiated again, a column."""
    return Name(unused(p, "gqhruv", str(f)), vec(p.variable).shape)


def unused(p: Problem, wishes: Iterable[str], besides: str = "") -> str:
    """The first of these letters that the problem does not use, for a variable, a function, a definition or a size; else one numbered."""
    taken = {n.name for n, _ in p.definitions} | set(p.variables) | set(p.scope.origins) | {besides}
    letters = list(wishes)
    return next(n for n in (*letters, *(f"{letters[0]}_{k}" for k in range(len(taken) + 1))) if n not in taken)


def taken_by(problem: Problem) -> set[str]:
    """The names a problem uses."""
    return set(problem.variables) | {n.name for n, _ in problem.definitions} | problem.taken


def count_parts(e: Expr, counts: dict[Expr, int]) -> None:
    if isinstance(e, Apply):
        counts[e] = counts.get(e, 0) + (not any(map(is_selection, e.args)))     # x(1) has a name, and [a; b] has no part e_1*a
        for a in operands(e):
            count_parts(a, counts)


def swap_parts(e: Expr, memo: dict[Expr, Expr]) -> Expr:
    found = memo.get(e)
    if found is None:
        found = e
        if isinstance(e, Apply) and e.args:
            inner = operands(e)
            found = with_args(e, [swap_parts(a, memo) if a in inner else a for a in e.args]) if inner else e
        memo[e] = found
    return found


def fresh(part: Expr, taken: set[str], start: int = 0) -> str:
    """A letter that is not taken, capital for a matrix; numbered from `start` on."""
    return free("tuvwrq" if ONE in part.shape else "TUVWRQ", taken, start)


def free(wishes: Sequence[str], taken: set[str], start: int = 0) -> str:
    """The first of these names that is not taken, else the first of them with a number."""
    return next(n for k in count(start) for n in (w + (str(k) if k else "") for w in wishes) if n not in taken)
