"""A derivation as a story: headings, sentences and aligned lines. The prose is written here; the media choose no words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from ..deriving.derivation import Derivation, Step
from ..deriving.naming import gradient_of, letter, unused
from ..deriving.order import Orders
from ..deriving.repeated import in_letters
from ..language.expr import Expr, Name, T, apply, mul, node_count, vec
from ..language.operations import SYMMETRY_WORDS
from ..proof.verdict import Verdict
from ..rulebook.book import SOURCES, sources
from .inferred import inferred, listed_domains
from .lines import Line, lines_of, named, without_detour
from .naming import page_of, spread
from .notes import as_trace, by_entries, by_its_value, by_vectors, notes, read_from, said_first, size_and_layout
from .opening import rearranged, same_text
from .pieces import Domain, Piece, Relation, Size, text, titled
from .verdict_words import KINDS, said, sentence, where
from .words import say
from ..records import Record
from ..reading.problems.problem import Problem, paired

LONG = 24       # nodes from which a formula is not said twice
TITLES = {"gradient": "The gradient", "jacobian": "The Jacobian", "derivative": "The derivative", "hessian": "The Hessian",
          "tangent": "The differential", "product": "The Hessian times a direction,", "hessian 1 x 1": "The second derivative"}
GAP = "   "
TURNED = ("structure.symmetric", "structure.transpose")


class Block(Record):
    """A labelled paragraph (`words`), or a run of aligned lines, or one displayed result (a line with its note)."""

    # "given", "read", "assume", "where", "lines", "result", "note", "entries" (ends a result), "verdict", "details" (of it), "sources"
    kind: str
    label: str = ""
    pieces: tuple[Piece, ...] = ()
    lines: tuple[Line, ...] = ()
    mark: str = ""      # of a verdict its kind, of a result its layout, of how many layers there are `layers`, of what is
    # differentiated once more `again`
    about: tuple[Piece, ...] = ()   # what aligned lines are about, above them


class Story(Record):
    """A page; `needs` is where its result holds."""

    heading: tuple[Piece, ...]
    source: str
    blocks: tuple[Block, ...]
    needs: tuple[Piece, ...] = ()
    orders: Mapping[Expr, tuple[Expr, ...]] = MappingProxyType({})      # of the terms of sums, where they are not shown sorted
    layers: Mapping[str, tuple[str, str]] = MappingProxyType({})        # names of layers: z and k-1 for z4
    opposites: Mapping[Expr, Expr] = MappingProxyType({})       # sums as they were typed, by what has the other sign

    @property
    def title(self) -> str:
        """The heading, formulas as one would type them."""
        return text(self.heading)

    @property
    def definite(self) -> frozenset[str]:
        """The matrices that are declared positive definite."""
        return frozenset(p.name.name for b in self.blocks for p in b.pieces if type(p) is Domain and "spd" in p.name.words)


def story(d: Derivation, detail: str = "normal") -> Story:
    """The page of a derivation: `brief` without its steps, `full` with every small one and all the judges found."""
    if detail == "brief":
        return brief(d)
    f, blocks = _chapters(d, full=detail == "full")
    blocks += [Block("note", say("Note") if i == 0 else "", note) for i, note in enumerate(notes(d, f))]
    return _page(d, f, blocks, detail == "full", True)


def unfinished(d: Derivation, why: str) -> Story:
    """The page of a derivation that stopped: the steps so far, and why there are no more."""
    f, blocks = _chapters(d, False)
    blocks.append(Block("verdict", say("Unfinished"), (why,), mark="Unfinished"))
    return Story(_heading(d, f), say(str(d.problem.source)), tuple(blocks), orders=d.orders)


def brief(d: Derivation, late: float = 0) -> Story:
    """The page without its steps, because nobody asked for them or because they could not be drawn in so many seconds."""
    p = d.problem
    f = letter(p, p.function)
    g = again(d, f) if d.earlier else None
    left = apply("d", f) if d.reading == "tangent" else apply("derivative", f if g is None else g.left, p.variable)
    blocks = [*given(p, d.typed), *function(p, f, d.typed)]
    found = d.lettered
    if found is d.shown[0] and not late:
        found = [found, *(line.right for line in [*by_vectors(d, f, found)] or by_its_value(d, f, found))][-1]
    size = size_and_layout(d) if d.reading == "tangent" else (Size(d.result.shape), say(f", {d.layout} layout"))
    blocks.append(Block("result", say("The result"), size, (Line(left, spread(found)),), d.layout))
    blocks += _along_symmetric(d, f)
    where = [*([] if g is None else [g]), *(Relation(n, body) for n, body in (d.shown[1] if d.lettered is d.shown[0] else ()))]
    blocks += [Block("where", say("where") if k == 0 else "", (r,)) for k, r in enumerate(where)]
    blocks += [Block("note", say("Note"), (text,)) for text in by_entries(p.as_typed().function)]
    blocks += [Block("note", say("Note"), (say("The steps were not drawn in {} s.", f"{late:g}"),))] if late else []
    return _page(d, f, blocks, False, False, {} if late else d.result_orders)


def _page(d: Derivation, f: Expr, blocks: list[Block], full: bool, foot: bool, orders: Orders | None = None) -> Story:
    """Title, what was found, and what the judges say of it."""
    needs: tuple[Piece, ...] = ()
    if d.verdict is not None:
        lines = sum(len(b.lines) for b in blocks)
        v = d.verdict
        if foot and d.named:
            v = v._replace(needs=tuple(dict.fromkeys(c._replace(of=in_letters(c.of, d.named)) for c in v.needs)))
        blocks = [*blocks, *judged(v, sentence(v, foot and not full and lines < len(d.steps)), full)]
        needs = where(v)
    blocks += explained(blocks, str(d.problem.source)) if foot else []
    return Story(_heading(d, f), say(str(d.problem.source)), tuple(blocks), needs,
                 d.orders if orders is None else orders, opposites=d.opposites)


def judged(v: Verdict, words: tuple[Piece, ...], full: bool) -> Iterable[Block]:
    """The verdict, and everything the judges found."""
    yield Block("verdict", say(KINDS[v.kind]), words, mark=KINDS[v.kind])
    if full and words != (said(v),):
        yield Block("details", say("Judges"), (said(v),))


def explained(blocks: Iterable[Block], source: str) -> Iterable[Block]:
    """What the references of a page stand for."""
    found = {key for b in blocks for line in b.lines for key in sources(line.see)} | set(sources(source))
    for i, key in enumerate(k for k in SOURCES if k in found):
        yield Block("sources", "" if i else say("Sources"), (f"{say(key)}: {say(SOURCES[key])}",))


def function(p: Problem, f: Expr, typed: Problem | None = None) -> Iterable[Block]:
    """What f is, where it has no name."""
    if f is not p.f and f not in dict(p.definitions):
        yield Block("given", say("Function"), (Relation(f, (typed or p.as_typed()).function), GAP, Size(p.function.shape)))


def _chapters(d: Derivation, ends: bool = True, full: bool = False) -> tuple[Expr, list[Block]]:
    """What f is called; what is given, and each differentiation."""
    p = d.problem
    first = d.earlier or d
    f = letter(p, p.function)
    blocks = [*given(p, d.typed), *function(p, f, d.typed)]
    blocks += [Block("given", "" if i else say("Write"), (Relation(n, body), GAP, Size(body.shape)))
               for i, (n, body) in enumerate(said_first(first))]
    if not d.earlier:
        return f, [*blocks, *chapter(d, f, d.steps, ends, full)]
    g = again(d, f)
    words: tuple[Piece, ...] = (say("; its gradient is the Hessian times "), p.hvp) if p.hvp is not None else (
        say("; its derivative is the Hessian"),
        *((say("; until the end the entries of "), p.variable, say(" vary freely")) if p.variable.words & SYMMETRY_WORDS else ()))
    blocks += chapter(first, f, first.steps, full=full)
    blocks.append(Block("note", say("Again"), (g, *words), mark="again"))
    return f, [*blocks, *chapter(d, g.left, d.steps[len(first.steps):], ends, full, f)]


def again(d: Derivation, f: Expr) -> Relation:
    """What is differentiated the second time, and what it is called."""
    p = d.problem
    first = apply("derivative", f, p.variable)
    if p.hvp is not None:
        return Relation(Name(unused(p, ("phi", "psi"), str(f))), paired(p.hvp, first, transposed=p.layout == "numerator"))
    return Relation(gradient_of(p, f), vec(first))


def _heading(d: Derivation, f: Expr) -> tuple[Piece, ...]:
    reading = d.reading + " 1 x 1" * (d.reading == "hessian" and d.shape == ("1", "1"))
    asked = f"{TITLES.get(reading, 'The derivative')} of {{}} with respect to {{}}"
    return titled(d.problem.title, asked, (f,), (d.problem.variable,))


def given(p: Problem, typed: Problem | None = None) -> Iterable[Block]:
    """How lines in a dialect were read; what is declared, inferred, defined and assumed."""
    for i, line in enumerate(p.read):
        yield Block("read", "" if i else say("Read as"), (line,))
    sizes = [i for i in p.inferred_from if not i.words]         # structure is never inferred
    found = {n.name for n, _ in p.definitions} | {i.name for i in sizes}
    names = [v for v in p.variables.values() if isinstance(v, Name) and v.kind != "size" and v.name not in found]
    if names:
        yield Block("given", say("Given"), tuple(listed_domains([Domain(v) for v in names])))
    if sizes:
        yield Block("given", say("Inferred"), tuple(inferred(sorted(sizes, key=lambda i: [*p.variables].index(i.name)), p.scope)))
    for i, (n, body) in enumerate((typed or p.as_typed()).definitions):
        label = say("Define" if "define 0" in p.places else "Write")
        yield Block("given", "" if i else label, (Relation(n, body), GAP, Size(body.shape)))
    for left, right in p.as_typed().assumptions:
        yield Block("assume", say("Assume"), (Relation(left, right),))


def chapter(d: Derivation, f: Expr, steps: list[Step], ends: bool = True, full: bool = False, of: Expr | None = None) -> list[Block]:
    """One differentiation: f, or the gradient of something, tidied, its differential, the reading, the result tidied, if it changed."""
    with page_of(d):    # where parts stand as they were typed
        return _chapter(d, f, steps, ends, full, of or f)


def _chapter(d: Derivation, f: Expr, steps: list[Step], ends: bool, full: bool, of: Expr) -> list[Block]:
    out: list[Block] = []
    start, stop = moving(steps)
    before, middle, after = steps[:start], steps[start:stop], steps[stop:]
    wrt: Name = d.problem.variable
    opening = lines_of(f, before, d.deadline, full)
    written = d.named and all(named(s) for s in before)      # in the letters that were said above
    if opening and not written and not same_text(before[0].before, opening[-1].right):
        out.append(Block("lines", "", (), tuple(opening)))
    if middle:
        start_line = middle[0].before
        left = apply("d", f)
        turn = next((i for i, s in enumerate(middle) if s.rule == "vec"), len(middle))
        head = [] if start_line is left else beginning(d, left, start_line)
        drawn = without_detour(head + lines_of(None if head else left, middle[:turn], d.deadline, full, left))
        if d.reading == "gradient" and turn == len(middle):
            drawn += as_trace(drawn[-1].right, wrt)
        out.append(Block("lines", "", (), tuple(drawn)))
        if turn < len(middle):
            out.append(Block("lines", "", (), tuple(lines_of(vec(left), middle[turn:], d.deadline, full))))
    if not ends:
        return out
    asked = apply("derivative", f, wrt) if d.reading != "tangent" else apply("d", f)
    read = [Line(asked, after[0].before), *lines_of(None, after, d.deadline, full)] if after else []
    if len(read) > 1 and after[0].rule in TURNED and not full:
        read[:2] = [read[1]._replace(left=asked, before=None)]      # A'x is read off as Ax, and a row as the column it is
    lettered = d.lettered is not d.shown[0]       # f and its gradient are on the page: a book writes the Hessian with them
    found = d.lettered if lettered else read_from(d)
    if not read and d.named and d.tidied is not found:
        read.append(Line(asked, d.tidied))
    if read and same_text(read[-1].right, found):
        read[-1] = read[-1]._replace(right=found)
    vectors = list(by_vectors(d, of, d.tidied if d.named and not d.shown[1] else found)) if not lettered else []
    if vectors:
        read += [*(() if read else (Line(asked, found),)), *vectors]
    elif not read or read[-1].right is not found:
        opened = () if d.shown[1] else tuple(n for n, _ in d.named if n in d.tidied.names and not n.of)
        if not (read and opened and node_count(found) > LONG):      # a letter that was said above stands for what is long
            read.append(Line(None if read else asked, found, say("definition of") if opened else "", about=opened))
    read += by_its_value(d, of, found) if not lettered and not vectors else ()
    read = [line._replace(right=spread(line.right)) for line in read]
    out.append(Block("result", say("Read off"), size_and_layout(d), tuple(read), d.layout))
    out += _structured(d, f, of)
    pieces: list[Piece] = []
    for n, body in () if lettered else d.shown[1]:
        if n not in dict(said_first(d)):
            pieces += ["; " if pieces else "", Relation(n, body)]
    if pieces:
        out.append(Block("where", say("where"), tuple(pieces)))
    return out


def moving(steps: list[Step]) -> tuple[int, int]:
    """From where to where lines have differentials."""
    spots = [i for i, s in enumerate(steps) if s.drawn or s.before.has_d or s.after.has_d]     # only a differential is drawn term by term
    return (spots[0], spots[-1] + 1) if spots else (len(steps), len(steps))


def beginning(d: Derivation, left: Expr, line: Expr) -> list[Line]:
    """The differential of what was typed, and of what it is built to, where that is not the same to read."""
    p = d.problem
    typed = p.as_typed().f
    why = rearranged(typed, p.function) if typed is not None and line is apply("d", p.function) else ""
    if not why or typed is None:
        return [Line(left, line)]
    return [Line(left, apply("d", typed)), Line(None, line, say(why), before=apply("d", typed))]


def _along_symmetric(d: Derivation, f: Expr) -> Iterable[Block]:
    """The second differential for symmetric directions, where the Hessian by a symmetric variable is shorter as a form on them."""
    dx = apply("d", d.problem.variable)
    if d.reading == "hessian" and d.problem.variable.words & (SYMMETRY_WORDS - {"diagonal"}) and not d.shown[1]:
        from ..deriving import other_forms
        along = other_forms.on_symmetric_directions(d)
        if along is not d.result:
            yield Block("entries", "", (say("for symmetric "), dx, say(": "),
                                        Relation(apply("d", apply("d", f)), mul(T(vec(dx)), along, vec(dx)))))


def _structured(d: Derivation, f: Expr, of: Expr) -> Iterable[Block]:
    """What the gradient means for a variable with structure: its symmetric part, and the derivative by independent entries."""
    x: Name = d.problem.variable
    asked = d.problem.structured
    yield from _along_symmetric(d, of)
    first = (d.reading, d.problem.order) == ("gradient", 1)
    if not first or not x.words & SYMMETRY_WORDS or (not asked and (d.shown[1] or d.layout == "numerator")):
        return
    word = "diagonal" if "diagonal" in x.words else "symmetric"
    yield Block("note", "", (say(f"for unconstrained entries, taken at a {word} "), x))
    if asked:
        yield Block("entries", "", (say("with respect to the independent entries of "), x, say(": "), d.result))
        return
    from ..deriving import other_forms
    half = d.result if word == "diagonal" else other_forms.symmetric_part(d)
    if half is not d.result:
        yield Block("given", "", (say("its symmetric part: "), half))
    whole = other_forms.by_independent_entries(d)
    if word == "diagonal" or node_count(whole) <= LONG:
        yield Block("given", "", (say("with respect to the independent entries of "), x, say(": "), whole))
        return
    g = Name(unused(d.problem, "GMNQ"), x.shape)
    yield Block("given", "", (say("with respect to the independent entries of "), x, say(": "), other_forms.counted_twice(g), ", ",
                              Relation(g, apply("derivative", f, x)) if half is d.result else Relation(g, half)))
