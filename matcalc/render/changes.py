"""Which parts changed from one line to the next, so that only those are highlighted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ..language.expr import Apply, Expr, Name, Number
from .naming import entries, opposite, terms

Path = tuple[int, ...]
BAGS = ("+", ".*")      # the order of their arguments means nothing


def set_off(before: Expr | None, after: Expr) -> tuple[Expr, frozenset[Expr]]:
    """A line with a node of its own at every part that is new, and these nodes; none where all of it is new."""
    paths = list(changed(before, after, ())) if before is not None else []
    if not paths or () in paths:
        return after, frozenset()
    marks: set[Expr] = set()
    return _copied(after, paths, marks), frozenset(marks)


def changed(before: Expr, after: Expr, path: Path) -> Iterable[Path]:
    """Where the smallest parts stand that the line before did not have."""
    if before is after:
        return
    if isinstance(before, Apply) and isinstance(after, Apply) and before.head == after.head:
        old, new = _unmatched(before, after)
        pairs = [(before.args[i], after.args[j], j) for i, j in zip(old, new, strict=False)]
        if len(old) == len(new) and (len(new) == 1 or all(_alike(a, b) for a, b, _ in pairs)):
            for a, b, j in pairs:
                yield from changed(a, b, (*path, j)) if a is not b else [(*path, j)]      # one that moved
            return
        if after.head in ("*", *BAGS) and len(new) < len(after.args):
            yield from ((*path, j) for j in new)
            return
    yield path


def _unmatched(before: Apply, after: Apply) -> tuple[list[int], list[int]]:
    """The arguments that have no equal on the other side."""
    a, b = before.args, after.args
    if after.head in BAGS:
        return _without(a, b), _without(b, a)
    first, last, shorter = 0, 0, min(len(a), len(b))
    while first < shorter and a[first] is b[first]:
        first += 1
    while last < shorter - first and a[-1 - last] is b[-1 - last]:
        last += 1
    old, new = set(range(first, len(a) - last)), set(range(first, len(b) - last))
    if old and new:
        from difflib import SequenceMatcher     # slow to import, and wanted only here
        matcher = SequenceMatcher(None, a[first:len(a) - last], b[first:len(b) - last], autojunk=False)
        for start, at, count in matcher.get_matching_blocks():
            old -= set(range(first + start, first + start + count))
            new -= set(range(first + at, first + at + count))
    return sorted(old), sorted(new)


def _without(some: Iterable[Expr], others: Iterable[Expr]) -> list[int]:
    left = Counter(others)
    out: list[int] = []
    for i, e in enumerate(some):
        if left[e]:
            left[e] -= 1
        else:
            out.append(i)
    return out


def _alike(a: Expr, b: Expr) -> bool:
    return type(a) is type(b) is Number or isinstance(a, Apply) and isinstance(b, Apply) and a.head == b.head


def _copied(e: Expr, paths: list[Path], marks: set[Expr]) -> Expr:
    """The expression with nodes of its own along the paths, its terms as they stand on the page; a sum of the other sign than typed and a
    trace in another order stay what they are, so that they are known, and are new as a whole."""
    head = e.head if isinstance(e, Apply) else ""
    kept = opposite(e) if head == "+" else e if isinstance(e, Apply) and head == "tr" and terms(e) != e.args else None
    if kept is not None:
        marks.add(kept)
        return e
    out = object.__new__(type(e))
    for slot in ("shape", "names", "height", "has_d", "cost"):
        setattr(out, slot, getattr(e, slot))
    out._written = out.count = None
    if () in paths:
        marks.add(out)
    if isinstance(e, Apply):
        assert isinstance(out, Apply)
        inner: dict[int, list[Path]] = {}
        for p in paths:
            if p:
                inner.setdefault(p[0], []).append(p[1:])
        args = {i: _copied(a, inner[i], marks) if i in inner else a for i, a in enumerate(e.args)}
        places = {a: i for i, a in enumerate(e.args)}
        page = terms(e) if e.head == "+" else entries(e) if e.head == ".*" else e.args
        order = [places[t] for t in page] if len(places) == len(args) else list(args)
        out.head, out.args = e.head, tuple(args[i] for i in order)
    elif isinstance(e, Name):
        assert isinstance(out, Name)
        out.name, out.kind, out.words, out.signature, out.of = e.name, e.kind, e.words, e.signature, e.of
    elif isinstance(e, Number):
        assert isinstance(out, Number)
        out.value = e.value
    return out


def by_parts(e: Expr, marks: frozenset[Expr], heads: tuple[str, ...]) -> tuple[Expr, frozenset[Expr]]:
    """A line of which no mark is around the whole of what these heads join: its parts are marked instead, each a node of its own, so that
    the same letters elsewhere in the line are not set off."""
    paths = list(_parts(e, marks, heads, False, ()))
    if not paths:
        return e, marks
    found: set[Expr] = set()
    return _copied(e, paths, found), frozenset(found)


def _parts(e: Expr, marks: frozenset[Expr], heads: tuple[str, ...], marked: bool, path: Path) -> Iterable[Path]:
    """Where the marked parts stand, of what is cut those inside it."""
    marked = marked or e in marks
    cut = isinstance(e, Apply) and e.head in heads and (e.head != "'" or isinstance(e.args[0], Apply) and e.args[0].head == "+")
    if marked and not cut:
        yield path
    elif isinstance(e, Apply):
        for k, a in enumerate(e.args):
            yield from _parts(a, marks, heads if cut and e.head != "+" else (), marked, (*path, k))
