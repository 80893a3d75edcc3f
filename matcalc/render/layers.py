"""The gradients of every number of layers as one page: the top, one layer for all, and what is said of them; and as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Protocol

from ..deriving.order import as_typed
from ..deriving.naming import letter
from ..language.expr import SCALAR, Apply, Expr, Name, Number, apply, num
from ..reading.problems.layer_counts import Depth
from ..reading.parse import Problem
from . import index_page, gradients_page
from .data import verdict
from .layer_names import in_braces
from .sweep_parts import Layer, Part, Shared
from .pieces import Domain, Piece, Relation, Size, listed, titled
from .verdict_words import KINDS, where as needs, WordedVerdict
from .inferred import inferred
from .story import Block, explained, function, GAP, judged as verdict_blocks, Story
from .words import say


class Layered(Protocol):
    """Gradients of every number of layers."""

    problem: Problem
    depth: Depth
    parts: list[Part]
    layers: list[Layer]
    shared: list[Shared]
    single: list[Part]
    together: WordedVerdict
    least: int

    @property
    def every(self) -> list[Layer]: ...
    @property
    def labels(self) -> Mapping[str, tuple[str, str]]: ...
    @property
    def verdict(self) -> WordedVerdict: ...
    @property
    def detail(self) -> str: ...
    def written_of(self, e: Expr) -> str: ...


def story(found: Layered, detail: str = "normal") -> Story:
    """The page of all layers."""
    p, full = found.problem, detail == "full"
    f = letter(p, p.function)
    blocks = [*given(found), *function(p, f), Block("note", say("Chain"), gradients_page.chained(f, p.scope))]
    order = {q.wrt: k for k, q in enumerate(found.parts)}
    shown: list[tuple[int, Iterable[Block]]] = [(order[q.wrt], gradients_page.shown(q, f, detail != "brief", full)) for q in found.single]
    shown += [(order[last(found, layer)], of_layers(found, layer, f, detail)) for layer in found.layers]
    shown += [(order[s.wrt], summed(found, s, f, detail)) for s in found.shared]
    blocks += [b for _, some in sorted(shown, key=lambda pair: pair[0]) for b in some]
    judged = found.verdict
    blocks += verdict_blocks(judged, verdict_lines(found), full)
    blocks += explained(blocks, p.source or "") if detail != "brief" else []
    heading = titled(p.title, "The gradients of {} through {} layers", (f,), (Name(found.depth.letter, kind="size"),))
    return Story(heading, say(p.source), tuple(blocks), needs(judged), as_typed(p), found.labels)


def of_layers(found: Layered, layer: Layer, f: Expr, detail: str) -> Iterable[Block]:
    """One link, said of many layers: above its lines, or where it has none beside the result."""
    reach, said = (say(", for "), *span(found, layer.high, layer.low)), False
    for b in gradients_page.shown(layer.part, f, detail != "brief", detail == "full"):
        if b.about:
            b, said = b._replace(about=(*b.about, *reach)), True
        elif b.kind == "result" and not said:
            b, said = b._replace(pieces=(*b.pieces, *reach)), True
        yield b


def last(found: Layered, layer: Layer) -> Name:
    """The first of these layers that the sweep comes to."""
    base = found.depth.number(layer.part.wrt.name)
    assert base is not None
    return next(q.wrt for q in found.parts if q.wrt.name == f"{base[0]}{layer.high}")


def given(found: Layered) -> Iterable[Block]:
    """What is declared, inferred and defined: of the layers the one that stands for all."""
    p, depth = found.problem, found.depth
    defined = {n.name for n, _ in p.definitions}
    names = [v for v in p.variables.values() if v.kind != "size" and v.name not in defined and meant(found, v)]
    named = {i.name: i for i in p.inferred_from if not i.words}
    pieces: list[Piece] = []
    for v in names:
        if v.name not in named:
            pieces += [", "] * bool(pieces) + [Domain(v)]
    if pieces:
        yield Block("given", say("Given"), tuple(pieces))
    known = {n.name for n in names}
    if sizes := [i._replace(source="") for i in named.values() if i.name in known]:
        yield Block("given", say("Inferred"), tuple(inferred(sizes)))
    first = True
    for n, body in p.as_typed().definitions:
        if meant(found, n):
            yield Block("given", say("Define") if first else "", (Relation(n, body), GAP, Size(body.shape)))
            first = False
    yield Block("given", say("Layers"), span(found, depth.first, depth.last), mark="layers")


def meant(found: Layered, n: Name) -> bool:
    """Whether a name is of no layer, of the layer that stands for all, or before the first one."""
    at = found.depth.number(n.name)
    return at is None or at[1] == found.depth.middle or at[1] < found.depth.first


def layer_of(found: Layered, k: int) -> Expr:
    """The number of a layer: that of the last ones in the letter."""
    depth = found.depth
    if k < depth.middle:
        return num(k)
    end = Name(depth.letter, kind="size")
    return end if k == depth.last else Apply("+", (end, num(k - depth.last)), SCALAR)


def span(found: Layered, first: int, last: int) -> tuple[Piece, ...]:
    """k = 1, ..., L, in either order."""
    return (Relation(Name(found.depth.counter, kind="size"), layer_of(found, first)), ", ..., ", layer_of(found, last))


def summed(found: Layered, s: Shared, f: Expr, detail: str) -> Iterable[Block]:
    """The gradient with respect to a variable that all layers share: what each layer gives, and the sum."""
    for layer in s.layers:
        for b in of_layers(found, layer, f, detail):
            yield b._replace(label=say("Each gives")) if b.kind == "result" else b
    for q in s.beside:
        yield from gradients_page.shown(q, f, detail != "brief", detail == "full")
    terms: list[tuple[Piece, ...]] = [(layer.part.result, say(" over "), *span(found, layer.low, layer.high)) for layer in s.layers]
    terms += [(q.result,) for q in s.beside]
    yield Block("note", say("Together"), (apply("derivative", f, s.wrt), say(" is the sum of "), *listed(terms, True)))


def verdict_lines(found: Layered) -> tuple[Piece, ...]:
    """The verdict on all layers, in words."""
    depth, judged = found.depth, found.verdict
    beside = (q for s in found.shared for q in s.beside)
    count = Counter(q.verdict.kind for q in (*found.single, *beside, *(layer.part for layer in found.every)))
    kinds = say(", ").join(say(f"{{}} {kind}", count[kind]) for kind in KINDS if count.get(kind))
    every = Relation(Name(depth.letter, kind="size"), Number(found.least), ">=")
    links_hold = say("by induction: each link holds whatever the layers above it give ({})", kinds)
    together = (say("; with {} layers all together agree with the function along random directions", depth.last - depth.first + 1),)
    together = together if found.together.kind == "checked" else ()
    return gradients_page.verdict_lines(judged, say("for every "), every, ", ", links_hold, *together)


def data(found: Layered) -> dict[str, object]:
    """Problem, gradients and verdict, the names of the layers with their letters in braces."""
    p, depth = found.problem, found.depth
    define = [f"{found.written_of(n)} = {found.written_of(body)}" for n, body in p.as_typed().definitions if meant(found, n)]
    return {"problem": {"define": define, "expr": found.written_of(p.as_typed().function)},
            "layers": {"letter": depth.letter, "counter": depth.counter, "first": depth.first, "least": found.least},
            "gradients": list(results(found)),
            "verdict": {**(verdict(found.verdict) or {}), "conditions": conditions(found), "detail": found.detail}}


def index(found: Layered) -> Iterable[str]:
    """The gradients entry by entry; of layers with what they are said for, and sums over them."""
    depth = found.depth
    others = {depth.letter, depth.counter, *depth.bases}

    def lines(q: Part, name: Name | None) -> list[str]:
        made = index_page.of_several(found.problem, [(q.wrt, name, q.result)], q.where, others)
        return [in_braces(line, found.labels) for line in made]
    out = list(dict.fromkeys(line for q in found.single for line in lines(q, q.name)))
    for a in found.layers:
        f, *more = lines(a.part, a.part.name)
        if f not in out:
            out.insert(0, f)
        out += [f"{line}  for {reach(found, a)}" for line in more]
    for s in found.shared:
        terms = [(lines(a.part, None), f"sum({reach(found, a)}, {{}})") for a in s.layers] + [(lines(q, None), "{}") for q in s.beside]
        left = next(line for line in terms[0][0] if line.startswith("∂")).split(" = ")[0]
        rights = [pattern.format(line.split(" = ", 1)[1]) for own, pattern in terms for line in own if line.startswith("∂")]
        out.append(f"{left} = {' + '.join(rights).replace('+ -', '- ')}")
    return out


def reach(found: Layered, layer: Layer) -> str:
    """k = 1..L."""
    ends = [str(layer_of(found, k)).replace(" ", "") for k in (layer.low, layer.high)]
    return f"{found.depth.counter} = {'..'.join(ends)}"


def conditions(found: Layered) -> list[str]:
    """Where it holds, the names of layers with their letters in braces."""
    return list(dict.fromkeys(in_braces(c, found.labels) for c in found.verdict.conditions))


def results(found: Layered) -> Iterable[dict[str, object]]:
    """Each gradient: with respect to what, what it is called and is, for which layers; or the sum of what."""
    def by(n: Name) -> dict[str, object]:
        return {"wrt": found.written_of(n)}

    def one(q: Part) -> dict[str, object]:
        where = [f"{n} = {found.written_of(body)}" for n, body in q.where]
        return {"result": found.written_of(q.result), **({"name": found.written_of(q.name)} if q.name is not None else {}),
                **({"where": where} if where else {})}

    yield from (by(q.wrt) | one(q) for q in found.single)
    yield from (by(layer.part.wrt) | one(layer.part) | {"for": reach(found, layer)} for layer in found.layers)
    for s in found.shared:
        yield by(s.wrt) | {"sum": [*(one(a.part) | {"for": reach(found, a)} for a in s.layers), *map(one, s.beside)]}
