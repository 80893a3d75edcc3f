"""Names for where several variables meet below a function, and links that repeat earlier ones in other letters."""

from __future__ import annotations

from typing import Any

from ..language.expr import Apply, Expr, Name, build
from ..language.composites import KEPT
from ..language.operations import ELEMENTWISE_NAMES, LINEAR, PRODUCTS, SPELLING
from ..language.traversal import arguments, folded, subexpressions
from ..reading.parse import Problem
from .naming import free, taken_by
from .engine import with_calls
from .repeated import AGAIN, letter_for, uses
from .skeletons import Skeletons
from .sweep import Link


class Layers:
    """The links answered so far, whatever their letters are called."""

    def __init__(self) -> None:
        self.answers: dict[object, tuple[int, Expr, Any, tuple[Name, ...]]] = {}
        self.images: dict[tuple[object, ...], Expr] = {}        # parts of answers in other letters, which links share

    def keep(self, number: int, link: Link, result: Expr, verdict: Any) -> None:
        """An answer, in the names of the link, that holds in other letters as well; not one whose verdict is about a point."""
        if verdict.kind in ("proved", "checked"):
            key, names = link.sweep.pattern(link)
            self.answers.setdefault(key, (number, result, verdict, names))

    def known(self, link: Link) -> tuple[int, Expr, Any] | None:
        """The number of the link that this one repeats, the answer and the verdict in the letters of this one."""
        key, names = link.sweep.pattern(link)
        found = self.answers.get(key)
        if found is None:
            return None
        number, result, verdict, first = found
        own: dict[Expr, Expr] = dict(zip(first, names, strict=True))
        parts = link.sweep.skeletons
        if verdict.needs:
            verdict = verdict._replace(needs=tuple(c._replace(of=self.image(c.of, own, parts)) for c in verdict.needs))
        return number, self.image(result, own, parts), verdict

    def image(self, e: Expr, own: dict[Expr, Expr], parts: Skeletons) -> Expr:
        """An expression in other letters and sizes."""
        if type(e) is not Apply:
            return own.get(e, e)
        bare, letters, sizes = parts(e)
        key = (bare, *[own.get(n, n) for n in letters], *[own.get(n, n) for n in sizes])
        found = self.images.get(key)
        if found is None:
            found = self.images[key] = build(e.head, [self.image(a, own, parts) for a in e.args])
        return found


CURVED = SPELLING.keys() - LINEAR - PRODUCTS | ELEMENTWISE_NAMES | {".^"}


def statistic(n: Name, typed: Problem, taken: set[str]) -> Name | None:
    """A letter for a mean, a variance or a deviation that was typed, where it stands twice or below a power or a root."""
    roots = [typed.function, *(body for _, body in typed.definitions)]
    curved = (e for e in subexpressions(roots) if isinstance(e, Apply) and (e.head in CURVED or e.head == "^") and n in e.args[0].names)
    if sum(uses(n, e) for e in roots) < 2 and next(curved, None) is None:
        return None
    text = free([KEPT[n.name.partition("(")[0]]], taken)
    taken.add(text)
    return Name(text, n.shape)


def with_intermediates(p: Problem) -> Problem:
    """The problem with these names: Z = Q*K' and P = softmax(Z) for the gradients of sum(G.*(softmax(Q*K')*V)); of one that has names,
    those of its softmaxes and below them."""
    if len(p.several) < 2 and p.depth is None or p.assumptions:
        return p
    taken = taken_by(p) | set(p.scope.origins) | {"f", "g"} | (p.depth.bases if p.depth is not None else set())
    p, _ = with_calls(p, lambda n, typed: statistic(n, typed, taken))
    live: set[Expr] = set(p.several)
    found: dict[Expr, tuple[Name, Expr]] = {}       # what is named: its name, and the tree as typed
    memo: dict[Expr, tuple[Expr, Expr]] = {}

    def named(tree: Expr, made: Expr) -> tuple[Expr, Expr]:
        if made not in found:
            name = Name(letter_for(made, taken), made.shape)
            taken.add(name.name)
            live.add(name)
            found[made] = name, tree
        return found[made][0], found[made][0]

    def again(made: Expr) -> bool:
        """Whether its differential has it twice; below a logarithm it cancels."""
        return isinstance(made, Apply) and made.head in AGAIN and not live.isdisjoint(made.names)

    def built(e: Expr) -> tuple[Expr, Expr]:
        """A tree with the names in it, and what it is built to."""
        if type(e) is not Apply or not e.args:
            return e, e
        parts = [named(*part) if again(part[1]) and e.head != "log" else part for part in (memo[a] for a in e.args)]
        if e.head in curved and len(live & parts[0][1].names) > (p.depth is None) and isinstance(parts[0][1], Apply):
            parts[0] = named(*parts[0])
        made = build(e.head, [b for _, b in parts])
        return Apply(e.head, tuple(t for t, _ in parts), e.shape), made

    def walk(e: Expr) -> tuple[Expr, Expr]:
        return folded(e, memo, lambda e: arguments(e)[::-1], built)
    typed, curved = p.as_typed(), AGAIN if p.definitions else CURVED
    own: list[tuple[tuple[Name, Expr], tuple[Name, Expr]]] = []
    for (n, body), (_, tree) in zip(p.definitions, typed.definitions, strict=True):
        if not n.name[-1].isdigit():        # layers keep to their own letters
            before = len(found)
            tree, body = walk(tree)
            own += [((z, made), (z, below)) for made, (z, below) in list(found.items())[before:]]
        live |= set() if live.isdisjoint(body.names) else {n}
        own.append(((n, body), (n, tree)))
    before = len(found)
    tree, f = walk(typed.function)
    if not found or not isinstance(f, Apply | Name):
        return p
    own += [((z, made), (z, below)) for made, (z, below) in list(found.items())[before:]]
    value = None if p.cotangent_pair is None else (p.cotangent_pair[0], walk(p.cotangent_pair[1])[1])
    made, trees = ([pair[k] for pair in own] for k in (0, 1))
    return p.replace(f=f, definitions=made, cotangent_pair=value, typed=typed.replace(f=tree, definitions=trees))
